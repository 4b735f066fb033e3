"""merge: several people's copies of one workbook in, one workbook out; where they differ is listed in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from sheetkit.edits.asides import Asides, asides
from sheetkit.edits.copies import Copy, copy_of
from sheetkit.edits.merging import TableMerge, merge_table
from sheetkit.edits.present import present
from sheetkit.edits.standing import HeldList
from sheetkit.errors import Permit, SheetkitError, UnreadableError, UsageError
from sheetkit.intake import read_book, read_self
from sheetkit.intake.cells import Row, display, is_blank, tidy
from sheetkit.intake.exports import read_export
from sheetkit.intake.meta import Meta, sheet_names
from sheetkit.messages import Lang, listed
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import fold
from sheetkit.model.report import MERGE_SHEET, META_SHEET, RUN_LABEL, RUN_SHEET
from sheetkit.opc import Surgery
from sheetkit.opc.names import clip, unused_sheet_name
from sheetkit.pipeline.analyze import NOT_A_PACKAGE
from sheetkit.pipeline.mergeput import Putting
from sheetkit.pipeline.opening import open_host

_SHEET_NAME = 31
_ROOM_FOR_NAME = 14


@dataclass(frozen=True)
class Named:
    """A file's bytes, and the name it goes by in what is said: another one for each file."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Brought:
    """A sheet of another copy that came as values. ``differs``: the base has one of that name, with other
    content; ``table``: which table it holds, "" for none."""

    copy: int
    sheet: str
    now: str
    rows: Sequence[Row]
    differs: bool = False
    table: TableKey = ""


@dataclass(frozen=True)
class Merge:
    """What merging made. ``rows``: {table: how many rows the result has, read anew from its bytes}.

    ``sheet``: the name of the sheet that lists it all. ``three_way``: whether a common ancestor was given.
    """

    workbook: bytes
    lang: Lang
    copies: Sequence[Copy]
    tables: Mapping[TableKey, TableMerge]
    asides: Asides
    putting: Putting
    brought: Sequence[Brought]
    rows: Mapping[TableKey, int]
    sheet: str
    three_way: bool


@dataclass(frozen=True)
class _Opened:
    copy: Copy
    meta: Meta
    lists: Mapping[str, HeldList]
    lists_sheet: str


def merge_files(
    files: Sequence[Named],
    *,
    base: Named | None = None,
    lang: Lang | None = None,
    permits: Collection[Permit] = (),
) -> Merge:
    """Everybody's rows in the first file. ``base``: the file that all of them came from, where it is known.

    Raises UsageError for fewer than two files and for one without a table, UnreadableError.
    """
    if len(files) < 2:
        raise UsageError("merge.one_file")
    host = _host(files[0], permits)
    opened = [_open(one, lang, host if at == 0 else None) for at, one in enumerate(files)]
    _hold_one_currency([one.copy for one in opened])
    ancestor = _open(base, lang, None).copy if base else None
    with opened[0].copy.book.at_hand():
        return _merged(host, opened, ancestor)


def _hold_one_currency(copies: Sequence[Copy]) -> None:
    """Refuses copies of which each says for itself what it counts in, and not the same."""
    said = {one.name: one.book.currency for one in copies if one.book.currency_from == "settings"}
    if len(set(said.values())) > 1:
        raise UsageError("merge.currencies", said=listed(f"{name}: {code}" for name, code in said.items()))


def _host(first: Named, permits: Collection[Permit]) -> Surgery:
    try:
        return open_host(first.data, permits, verified=True)  # read_book inflates every part
    except UnreadableError as problem:
        if problem.key in NOT_A_PACKAGE:
            raise UsageError("merge.first_kind", name=first.name) from problem
        raise


def _open(file: Named, lang: Lang | None, host: Surgery | None) -> _Opened:
    if read_export(file.data, file.name, lang=lang) is not None:
        raise UsageError("merge.export", name=file.name)
    source, meta, _ = read_self(file.data, file.name, lang=lang)
    book = read_book(file.data, file.name, lang=lang)
    if not book.places:
        raise UsageError("merge.no_table", name=file.name)
    package = host
    if package is None:
        with suppress(UnreadableError):  # a text file, an old workbook: it says no day and has no lists
            package = Surgery(file.data, allow_signed=True, allow_locked=True, verified=True)
    with book.at_hand():
        copy = copy_of(file.name, package.saved_on if package else "", book, source)
    if package is None:
        return _Opened(copy, meta, {}, "")
    there = present(source, meta, book, package.defined_names)
    return _Opened(copy, meta, there.lists, there.sheets.get("lists", ""))


def _merged(host: Surgery, opened: Sequence[_Opened], ancestor: Copy | None) -> Merge:
    copies = [one.copy for one in opened]
    base, lang = copies[0], copies[0].book.lang
    tables = {
        table: merge_table(
            table,
            [copy.lines.get(table, []) for copy in copies],
            ancestor.lines.get(table, []) if ancestor else None,
        )
        for table in base.held
    }
    beside = asides(copies, [one.lists for one in opened], opened[0].lists_sheet)
    putting = Putting(host, copies)
    for table, merged in tables.items():
        putting.put_table(table, merged)
    for sheet, values in beside.puts.items():
        putting.put(sheet, values)
    from sheetkit.pipeline.merged import merge_page  # they know of each other
    from sheetkit.writing.merged import merge_workbook

    name = unused_sheet_name(MERGE_SHEET[lang], host.sheet_names)
    brought = _brought(host, opened, name)
    found = Merge(b"", lang, copies, tables, beside, putting, brought, {}, name, ancestor is not None)
    sheets = {one.now: one.rows for one in brought}
    host.graft(merge_workbook(name, merge_page(found), sheets))
    workbook = host.to_bytes()
    again = read_book(workbook, base.name, lang=lang)
    found = replace(found, workbook=workbook, rows={key: len(rows) for key, rows in again.tables.items()})
    for table, merged in tables.items():
        if found.rows[table] != len(merged.rows):
            sheet, now = base.held[table][0].sheet, found.rows[table]
            raise SheetkitError("merge.does_not_close", sheet=sheet, now=now, expected=len(merged.rows))
    return found


# Sheets of the other copies


def _brought(host: Surgery, opened: Sequence[_Opened], taken: str) -> list[Brought]:
    """The other copies' own sheets that the base lacks or has otherwise, and tables it does not have."""
    base, found = opened[0].copy, list[Brought]()
    mine = {fold(name): name for name in base.source.sheets}
    used = [*host.sheet_names, taken]
    for at, one in enumerate(opened[1:], 1):
        tables = {held.sheet: table for table, some in one.copy.held.items() for held in some}
        for sheet in _own_sheets(one):
            table = tables.get(sheet, "")
            rows = one.copy.source.grid(sheet).rows
            if table in base.held or not any(not is_blank(cell) for row in rows for cell in row):
                continue
            same = mine.get(fold(sheet), "")
            earlier: list[Sequence[Row]] = [base.source.grid(same).rows] if same else []
            earlier += [each.rows for each in found if fold(each.sheet) == fold(sheet)]
            if any(_plain(other) == _plain(rows) for other in earlier):
                continue
            now = unused_sheet_name(_name(sheet, one.copy.name) if earlier else sheet, used)
            used.append(now)
            found.append(Brought(at, sheet, now, rows, differs=bool(earlier), table=table))
    return found


def _own_sheets(one: _Opened) -> list[str]:
    names = sheet_names(one.meta)
    never = names.never | set(map(fold, (META_SHEET, RUN_SHEET, one.copy.source.added.get(RUN_LABEL, ""))))
    return [name for name, hidden in one.copy.source.sheets.items() if not hidden and fold(name) not in never]


def _name(sheet: str, file: str) -> str:
    """``我的账 (妻子)``: the sheet's name and whose it is."""
    whose = clip(file.rpartition(".")[0] or file, _ROOM_FOR_NAME)
    for sign in "[]:*?/\\'":
        whose = whose.replace(sign, " ")
    return f"{clip(sheet, _SHEET_NAME - len(whose) - 3)} ({whose.strip()})"


def _plain(rows: Sequence[Row]) -> list[list[str]]:
    """What a sheet says, however far its blank cells reach."""
    said = [[tidy(display(cell)) for cell in row] for row in rows]
    for row in said:
        while row and not row[-1]:
            row.pop()
    while said and not said[-1]:
        said.pop()
    return said
