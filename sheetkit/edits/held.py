"""What a workbook holds, cell by cell, as an import has to see it: what is typed, what is computed, and where
there is room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from sheetkit.edits.wording import Wording, wordings
from sheetkit.intake.cells import Row, column_of, display, is_blank, letters, tidy
from sheetkit.intake.labels import OwnLists, read_list_sheet
from sheetkit.intake.meta import Meta, sheet_names
from sheetkit.intake.source import Source
from sheetkit.model.book import Book, SheetPlace, Table
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import fold

Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""


@dataclass(frozen=True)
class HeldTable:
    """The rows of one kind. ``columns``: {sheet: {field key: column from 0}}. ``grids``: the cells, {sheet:
    rows}. ``formulas``: the computed cells of each sheet. ``target``: the sheet that new rows go to, "" where
    there is none; ``free_row``: the first below all that is typed there, from 0; ``header_row``, from 0.
    ``reach``: the last row (from 0) that the workbook's own formulas read, None where there are none.
    ``clocks``: the sheets whose times are times of day to a spreadsheet, not texts.
    """

    table: TableKey
    rows: Table
    columns: Mapping[str, Mapping[str, int]]
    grids: Mapping[str, Sequence[Row]]
    formulas: Mapping[str, frozenset[Place]]
    target: str = ""
    free_row: int = 0
    header_row: int = 0
    reach: int | None = None
    clocks: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows)

    def value(self, at: int, key: str) -> Any:
        """What was read from a cell of a row; None for nothing."""
        column = self.rows.columns.get(key)
        return column[at] if column else None

    def place(self, at: int, key: str) -> Place | None:
        """Where a row's cell stands; None where its sheet has no such column."""
        column = self.columns[self.rows.sheet[at]].get(key)
        return None if column is None else (self.rows.row[at] - 1, column)

    def shown(self, at: int, key: str) -> str:
        """The text of a row's cell."""
        place = self.place(at, key)
        if place is None:
            return ""
        rows = self.grids[self.rows.sheet[at]]
        row = rows[place[0]] if place[0] < len(rows) else []
        return tidy(display(row[place[1]])) if place[1] < len(row) else ""

    def is_blank(self, at: int, key: str) -> bool:
        """Whether nothing is in a row's cell, and nothing is meant by a merged one above it."""
        if self.shown(at, key):
            return False
        coded = fields(self.table)[key].coded
        return coded or self.value(at, key) is None

    def computed(self, sheet: str, place: Place) -> bool:
        """Whether a formula stands in a cell."""
        return place in self.formulas.get(sheet, frozenset())

    def content(self, at: int, key: str) -> object:
        """What stands in a row's cell, by which it is seen whether it changed: a list's label as chosen."""
        value = self.value(at, key)
        return self.shown(at, key) if value is None or fields(self.table)[key].kind == "list" else value

    @property
    def target_columns(self) -> Mapping[str, int]:
        """{field key: column} of the sheet that new rows go to."""
        return self.columns.get(self.target, {})


@dataclass(frozen=True)
class Held:
    """A workbook: ``book`` as read, its tables, and how it words the choices of each list."""

    book: Book
    tables: Mapping[TableKey, HeldTable]
    wording: Mapping[str, Wording]


def held(
    book: Book,
    source: Source,
    meta: Meta,
    formulas: Callable[[str], frozenset[Place]],
) -> Held:
    """``formulas``: of a sheet, the cells that hold one."""
    tables = {table: _table(table, book, source, meta, formulas) for table in ("trades", "customers")}
    return Held(book, tables, wordings(_own_lists(source, meta), tables.values(), book.lang))


def _own_lists(source: Source, meta: Meta) -> OwnLists | None:
    names = sheet_names(meta).built_in
    for sheet in source.sheets:
        if names.get(fold(sheet)) == "lists":
            return read_list_sheet(source.grid(sheet).rows)
    return None


def _table(
    table: TableKey,
    book: Book,
    source: Source,
    meta: Meta,
    formulas: Callable[[str], frozenset[Place]],
) -> HeldTable:
    places = [one for one in book.places if one.table == table]
    rows = book.tables[table]
    columns = {
        one.sheet: {key: column_of(f"{letter}1")[1] for key, letter in one.letters.items()} for one in places
    }
    grids = {one.sheet: source.grid(one.sheet).rows for one in places}
    computed = {one.sheet: formulas(one.sheet) for one in places}
    made = meta.written_sheets().get(table, "")
    clocks = frozenset(
        sheet
        for sheet, at in columns.items()
        if "time" in at and (sheet == made or _is_clock(grids[sheet], at["time"]))
    )
    target = _target(places, rows, made)
    if target is None:
        return HeldTable(table, rows, columns, grids, computed)
    header = target.header_row - 1
    free = max(header, _last_typed(grids[target.sheet], computed[target.sheet])) + 1
    said = meta.values.get(f"capacity:{table}", "")
    reach = int(said) if said.isdecimal() and target.sheet == made else None
    return HeldTable(table, rows, columns, grids, computed, target.sheet, free, header, reach, clocks)


def _is_clock(rows: Sequence[Row], column: int) -> bool:
    return any(isinstance(row[column], time) for row in rows if column < len(row))


def _target(places: Sequence[SheetPlace], rows: Table, made: str) -> SheetPlace | None:
    """The sheet that was made for such rows, else the one with the latest of them, else the last."""
    latest = {one.sheet: 0 for one in places}
    for sheet, day in zip(rows.sheet, rows.column("date"), strict=True):
        if day is not None and sheet in latest:
            latest[sheet] = max(latest[sheet], day)
    ranked = sorted(enumerate(places), key=lambda one: (one[1].sheet == made, latest[one[1].sheet], one[0]))
    return ranked[-1][1] if ranked else None


def _last_typed(rows: Sequence[Row], computed: frozenset[Place]) -> int:
    """The last row, from 0, with a cell that somebody typed; formulas that wait for rows do not count."""
    for at in range(len(rows) - 1, -1, -1):
        for column, cell in enumerate(rows[at]):
            if not is_blank(cell) and (at, column) not in computed:
                return at
    return -1


def reference(place: Place) -> str:
    """``B7`` of a place."""
    return f"{letters(place[1])}{place[0] + 1}"
