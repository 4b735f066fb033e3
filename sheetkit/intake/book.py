"""read_book: a file's bytes → a Book."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from sheetkit.intake.cells import column_of
from sheetkit.intake.columns import Reading
from sheetkit.intake.headers import HeaderFinder, Layout
from sheetkit.intake.judging import judge, repaired_rows, total
from sheetkit.intake.labels import OwnLists, label_readers, listed, read_list_sheet
from sheetkit.intake.meta import Meta, read_pairs, sheet_names
from sheetkit.intake.own import own_template_of
from sheetkit.intake.plan import read_checked, read_fixes, read_history, read_plan
from sheetkit.intake.regions import regions
from sheetkit.intake.same import read_ticks
from sheetkit.intake.settings import SHOP_KIND, read_analysis_date, read_results, read_settings
from sheetkit.intake.sheets import choose, further_table, header_findings, ignored_finding, place
from sheetkit.intake.signs import Signs
from sheetkit.intake.source import Grid, Source, open_source
from sheetkit.intake.tables import Part, read_part
from sheetkit.intake.written import foreign_rows
from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.book import Book, Columns, Table
from sheetkit.model.days import to_day
from sheetkit.model.fields import CORE_TABLES, TableKey, fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.overlay import using
from sheetkit.model.report import IMPORT_LABEL, IMPORT_SHEET, META_SHEET, RUN_LABEL, RUN_SHEET

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def read_book(
    data: bytes, name: str, *, repair: bool = True, lang: Lang | None = None, as_of: int | None = None
) -> Book:
    """Everything a file holds, typed.

    ``name`` is the file's name, for messages and for the sheet name of a text file. ``repair`` False reads
    cells as the live formulas do; True adds what a careful person would mean, each time with a finding.
    ``lang`` serves where the file does not say its language. ``as_of``: the analysis date where the call
    gives one; suggestions stay close to it. No date is too late here: ``analysis.horizon`` decides that.

    Raises UnreadableError where the file is no table at all.
    """
    return read_for_mending(data, name, repair=repair, lang=lang, as_of=as_of)[0]


def read_for_mending(
    data: bytes, name: str, *, repair: bool = True, lang: Lang | None = None, as_of: int | None = None
) -> tuple[Book, Reading]:
    """As `read_book`, and how its cells were read, so that a further one can be read so."""
    opened = _Opened.open(data, name, lang)
    with using(opened.meta.own):
        return _read(_Desk(opened), repair, as_of)


def _read(desk: _Desk, repair: bool, as_of: int | None) -> tuple[Book, Reading]:
    book = desk.book()
    near = as_of or book.as_of_cell or to_day(date.today())
    if book.currency_from == "language" and (guessed := desk.currency()):
        book.currency, book.currency_from = guessed, "signs"
    how = Reading(repair, desk.labels, near, desk.source.text is not None, desk.lang, book.currency)
    parts: dict[TableKey, list[Part]] = {table: [] for table in tables()}
    for part in desk.parts(book, how):
        judge(part, how)
        parts[part.table].append(part)
    for table, some in parts.items():
        book.tables[table] = _joined(some)
        book.findings += _in_order(finding for part in some for finding in part.findings)
        if table in CORE_TABLES or any(map(len, some)):
            book.totals.append(total(table, some))
    usual = blueprint(book.template)
    book.more = tuple(
        table for table, some in parts.items() if (some or table in desk.meta.more) and not usual.has(table)
    )
    return book, how


def read_added(data: bytes, name: str, *, lang: Lang | None = None) -> Book:
    """As `read_book`, but only what the file says about itself and what stands in the sheets a run added."""
    opened = _Opened.open(data, name, lang)
    with using(opened.meta.own):
        return _Desk(opened).book()


def read_self(data: bytes, name: str, *, lang: Lang | None = None) -> tuple[Source, Meta, Lang]:
    """The open file, what it says about itself, and its language."""
    opened = _Opened.open(data, name, lang)
    return opened.source, opened.meta, opened.lang


@dataclass(frozen=True)
class _Opened:
    """An open file and what it says about itself. ``findings``: what is the matter with what it says."""

    source: Source
    meta: Meta
    lang: Lang
    findings: list[Finding]

    @classmethod
    def open(cls, data: bytes, name: str, lang: Lang | None) -> _Opened:
        """The file opened, its hidden sheets read."""
        source = open_source(data, name)
        hidden = source.written.get("meta", META_SHEET), source.added.get(RUN_LABEL, RUN_SHEET)
        rows = [source.grid(one).rows if one in source.sheets else [] for one in hidden]
        written, run = map(read_pairs, rows)
        meta = Meta(hidden[0] in source.sheets, written, run, source.added, source.written)
        said = meta.lang or lang or _language(source)
        own, findings = own_template_of(rows[0], written, said)
        return cls(source, replace(meta, own=own), said, findings)


class _Desk:
    """An open file, its own template in force: how its sheets and labels are recognised."""

    def __init__(self, opened: _Opened) -> None:
        self.source, self.meta, self.lang = opened.source, opened.meta, opened.lang
        self.findings = opened.findings
        self.finder = HeaderFinder(self.meta.written_headers())
        self.names = sheet_names(self.meta)
        own: OwnLists | None = None
        for key, sheet in self.own_sheets():
            if key == "lists":
                own = read_list_sheet(self.source.grid(sheet).rows)
        self.signs = Signs(self.source)
        self._layouts: dict[str, Layout | None] = {}
        self.labels = label_readers(own, self.lang)
        self.listed = listed(own or {})

    def book(self) -> Book:
        """A book without rows, with what the file says about itself and what a run added."""
        book = Book.empty(self.meta.template, self.lang)
        book.marked = self.source.marked_sheets()
        book.findings += self.findings
        self.read_own_sheets(book)
        return book

    def own_sheets(self) -> Iterable[tuple[str, str]]:
        """(key, name) of sheetkit's own sheets in this file."""
        for sheet in self.source.sheets:
            key = self.names.built_in.get(fold(sheet))
            if key:
                yield key, sheet

    def read_own_sheets(self, book: Book) -> None:
        """Settings, goals, the analysis date, and what was typed into the sheets of an earlier run."""
        book.listed = self.listed
        book.run, book.kept = self.meta.run, self.meta.kept_sheets()
        for key, sheet in self.own_sheets():
            rows = self.source.grid(sheet).rows
            if key == "settings":
                read_settings(book, sheet, rows, self.labels[SHOP_KIND])
            elif key == "today":
                book.as_of_cell = read_analysis_date(rows)
                book.results = read_results(rows)
        for key, sheet in self.meta.added_sheets().items():
            if sheet not in self.source.sheets:
                continue
            book.added[key] = sheet
            grid = self.source.grid(sheet)
            self.source.mark_bad(grid)
            written = foreign_rows(key, grid.rows, self.meta.run.get(f"rows:{key}", ""))
            if written and f"rows:{key}" in self.meta.run:
                book.written_in[key] = written
            if key == "plan":
                book.plan = read_plan(grid.rows)
            elif key == "history":
                book.plan_history = read_history(grid.rows)
            elif key == "checks":
                book.checked = read_checked(grid.rows)
            elif key == "fixes":
                book.fixes = read_fixes(grid.rows)
            elif key == "same":
                book.same = read_ticks(grid.rows)

    def currency(self) -> str:
        """What the amounts are in by their signs, "" where these do not tell."""
        signs = self.signs
        for sheet in self._sheets():
            grid = self.source.grid(sheet)
            layout = self._layout(grid)
            if layout is not None:
                signs.see(grid, layout)
        return signs.guess()

    def _layout(self, grid: Grid) -> Layout | None:
        """The table a sheet holds, looked for once."""
        if grid.name not in self._layouts:
            self._layouts[grid.name] = choose(grid, self.names, self.finder)
        return self._layouts[grid.name]

    def _sheets(self) -> Iterable[str]:
        """The sheets that may be a table of hers."""
        hidden = [META_SHEET, RUN_SHEET, self.source.added.get(RUN_LABEL, "")]
        hidden += [IMPORT_SHEET, self.source.written.get(IMPORT_LABEL, "")]
        never = self.names.never | set(map(fold, hidden))
        return (sheet for sheet in self.source.sheets if fold(sheet) not in never)

    def parts(self, book: Book, how: Reading) -> Iterable[Part]:
        """Every sheet that is a table; the others become findings."""
        for sheet in self._sheets():
            grid = self.source.grid(sheet)
            layout = self._layout(grid)
            if layout is None:
                ignored = ignored_finding(grid)
                book.findings += [ignored] if ignored else []
                continue
            self.source.mark_bad(grid)
            book.findings += self.signs.shown_otherwise(grid, layout, how.currency) if how.repair else []
            own = self.finder.own(layout.table)
            for at, (part, said) in enumerate(self._tables(grid, layout, how.repair)):
                book.places.append(place(part, said))
                book.findings += header_findings(part, said, self.lang)
                if at:
                    book.findings.append(further_table(part, said, self.lang))
                yield read_part(part, said, how, own, self.source.date1904)

    def _tables(self, grid: Grid, layout: Layout, repair: bool) -> Iterable[tuple[Grid, Layout]]:
        """The tables of a sheet; as typed there is but one: the formulas look at one set of columns."""
        if not repair:
            return [(grid, layout)]
        parts = regions(grid, layout, self.finder)
        if len(parts) == 1:
            return [(grid, layout)]
        found = ((part, choose(part, self.names, self.finder)) for part in parts)
        return [(part, said) for part, said in found if said is not None]


def _language(source: Source) -> Lang:
    """Chinese where a sheet's name or first rows hold a Chinese character."""
    for sheet in source.sheets:
        head = [cell for row in source.grid(sheet).rows[:40] for cell in row if isinstance(cell, str)]
        if _CHINESE.search(" ".join([sheet, *head])):
            return "zh"
    return "en"


def _joined(parts: list[Part]) -> Table:
    """The rows of several sheets, one after the other; a column one of them lacks is blank there."""
    if len(parts) == 1:
        (only,) = parts
        columns = Columns({key: cleaned.values for key, cleaned in only.cleaned.items()})
        sheet = [only.sheet] * len(only)
        return Table(
            columns, Columns(only.extras), sheet, list(only.row), only.used, repaired_rows(only)
        )
    table = Table()
    for part in parts:
        here = len(part)
        table.row += part.row
        table.sheet += [part.sheet] * here
        table.used += part.used
        table.repaired += repaired_rows(part)
    for key in dict.fromkeys(key for part in parts for key in part.cleaned):
        blank = _blank(parts[0].table, key)
        table.columns[key] = [
            value
            for part in parts
            for value in (part.values(key) if key in part.cleaned else [blank] * len(part))
        ]
    for header in dict.fromkeys(header for part in parts for header in part.extras):
        table.extras[header] = [text for part in parts for text in part.extras.get(header, [""] * len(part))]
    return table


def _blank(table: TableKey, key: str) -> int | None:
    column = fields(table)[key]
    return lists()[column.list_key].blank_code if column.coded else None


@cache
def _place(letters: str) -> int:
    return column_of(f"{letters}1")[1]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one table's sheets in the order of rows and columns, those about a whole sheet first."""
    found = list(findings)
    sheets = {sheet: at for at, sheet in enumerate(dict.fromkeys(one.sheet for one in found))}

    def place_of(one: Finding) -> tuple[int, int, int]:
        letters = one.cell.rstrip("0123456789")
        row = int(one.cell[len(letters) :] or 0) if letters.isalpha() else 0
        return sheets[one.sheet], row, _place(letters) if row else -1

    return sorted(found, key=place_of)
