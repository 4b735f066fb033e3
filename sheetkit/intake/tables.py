"""One sheet → rows of a table: which lines are rows, which rows count, and what is said about the others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, zip_longest
from typing import Any

from sheetkit.intake.bulk import Bulk
from sheetkit.intake.cells import LONGEST_TEXT, Cell, display, is_blank, letters
from sheetkit.intake.coded import Known, different, only
from sheetkit.intake.columns import Cleaned, Reading, clean
from sheetkit.intake.headers import Layout
from sheetkit.intake.problems import Problem
from sheetkit.intake.source import Grid
from sheetkit.model.fields import Field, TableKey, fields
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold

_CORE_KINDS = ("name", "text", "id", "date")
_FILLED_KINDS = ("name", "id", "date")
_SERIAL_SHIFT_1904 = 1462


@dataclass
class Part:
    """The rows of one sheet, read but not yet judged. ``raw`` keeps the cells, by field key."""

    sheet: str
    layout: Layout
    raw: dict[str, Sequence[Cell]]
    cleaned: dict[str, Cleaned]
    extras: dict[str, Sequence[str]]
    row: Sequence[int]
    first: Sequence[Cell]
    used: list[bool] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _distinct: dict[str, Collection[Cell]] = field(default_factory=dict)

    @property
    def table(self) -> TableKey:
        """Which table the rows belong to."""
        return self.layout.table

    def __len__(self) -> int:
        return len(self.row)

    def distinct(self, key: str) -> Collection[Cell]:
        """The different cells of a field's column."""
        if key not in self._distinct:
            self._distinct[key] = set(different(self.raw[key]))
        return self._distinct[key]

    def values(self, key: str) -> Sequence[Any]:
        """The typed values of a field; blanks where the sheet has no such column."""
        return self.cleaned[key].values if key in self.cleaned else [None] * len(self)

    def problems(self, key: str) -> dict[int, Problem]:
        """What is wrong with a field's cells, by position."""
        return self.cleaned[key].problems if key in self.cleaned else {}

    def cell(self, key: str, at: int) -> str:
        """The A1 reference of a field's cell; the row's first cell where there is no such column."""
        match = self.layout.matches.get(key)
        return f"{letters(match.column if match else 0)}{self.row[at]}"

    def shown(self, key: str, at: int) -> str:
        """The cell's text as a person sees it."""
        return display(self.raw[key][at]) if key in self.raw else ""


def read_part(grid: Grid, layout: Layout, how: Reading, own: frozenset[str], date1904: bool) -> Part:
    """The rows below the header, typed. ``own``: headers of sheetkit's computed columns."""
    known = fields(layout.table)
    written = _written(grid, layout)
    filled = _fill_merged(grid, layout, known) if how.repair else {}
    row, columns = _lines(grid, layout, written)
    columns += [[""] * len(row)] * (len(layout.headers) - len(columns))
    missing = _no_rows(columns, layout, known)
    skipped = 0
    if missing:
        skipped = _half_empty(columns, layout, missing)
        exists = [True] * len(row)
        for at in missing:
            exists[at] = False
        row = list(compress(row, exists))
        columns = [only(column, exists) for column in columns]
    raw = {key: columns[match.column] for key, match in layout.matches.items()}
    if date1904:
        raw = {key: _shifted(cells) if known[key].kind == "date" else cells for key, cells in raw.items()}
    cleaned = {key: clean(cells, known[key], how) for key, cells in raw.items()}
    for key, rows in filled.items():
        _note_filled(cleaned[key], [at for at, line in enumerate(row) if line in rows], raw[key])
    part = Part(grid.name, layout, raw, cleaned, _extras(columns, layout, own), row, columns[0])
    part._distinct |= {key: one.known for key, one in cleaned.items() if one.known is not None}
    part.findings += _cut(grid.name, part.extras, columns, row)
    if skipped:
        part.findings.append(Finding("rows_without_core", "info", grid.name, params={"count": skipped}))
    return part


def _written(grid: Grid, layout: Layout) -> list[bool]:
    """Which lines below the header hold anything, before what is merged is spread over them."""
    return [] if isinstance(grid.rows, Bulk) else list(map(any, grid.rows[layout.row + 1 :]))


def _lines(grid: Grid, layout: Layout, written: list[bool]) -> tuple[Sequence[int], list[Sequence[Cell]]]:
    """The numbers of the lines below the header that hold anything, and their columns."""
    if isinstance(grid.rows, Bulk):
        return range(layout.row + 2, len(grid.rows) + 1), grid.rows.below(layout.row + 1)
    below = compress(grid.rows[layout.row + 1 :], written)
    return list(compress(count(layout.row + 2), written)), list(zip_longest(*below, fillvalue=""))


def _no_rows(columns: list[Sequence[Cell]], layout: Layout, known: dict[str, Field]) -> list[int]:
    """Which lines are no rows: those with nothing in any column that is typed by hand row for row.

    An amount of 0 alone is a formula copied down.
    """
    missing: Sequence[int] = range(len(columns[0]))

    def is_nothing(cell: Cell) -> bool:
        return (not cell or type(cell) is str) and (is_blank(cell) or (cell == 0 and kind == "money"))

    for key, match in layout.matches.items():
        kind, cells = known[key].kind, columns[match.column]
        if known[key].required or kind in _CORE_KINDS:
            if _all_written(cells):
                return []
            if isinstance(cells, Known):
                nothing = cells.where(is_nothing)
                missing = nothing if len(missing) == len(cells) else sorted({*missing} & {*nothing})
            else:
                here = zip(missing, map(cells.__getitem__, missing), strict=True)
                missing = [at for at, cell in here if is_nothing(cell)]
    return list(missing)


def _all_written(cells: Sequence[Cell]) -> bool:
    """Whether every cell is a text with something in it."""
    if isinstance(cells, Known) and cells.are_digits:
        return True
    try:
        return all(map(str.strip, different(cells)))
    except TypeError:
        return False


def _half_empty(columns: list[Sequence[Cell]], layout: Layout, missing: list[int]) -> int:
    """How many of these lines hold something in a mapped column (a formula copied down, say)."""
    cells = [columns[match.column] for match in layout.matches.values()]
    return sum(any(not (one[at] == 0 or is_blank(one[at])) for one in cells) for at in missing)


def _fill_merged(grid: Grid, layout: Layout, known: dict[str, Field]) -> dict[str, set[int]]:
    """Spread a merged name, date or id over its rows; returns {field: 1-based rows filled}."""
    kinds = {match.column: key for key, match in layout.matches.items() if known[key].kind in _FILLED_KINDS}
    filled: dict[str, set[int]] = {}
    for (first, left), (last, right) in grid.merged:
        if left not in kinds or left != right or first <= layout.row or is_blank(grid.rows[first][left]):
            continue
        for at in range(first + 1, min(last, len(grid.rows) - 1) + 1):
            if is_blank(grid.rows[at][left]):
                grid.rows[at][left] = grid.rows[first][left]
                filled.setdefault(kinds[left], set()).add(at + 1)
    return filled


def _note_filled(cleaned: Cleaned, positions: list[int], cells: Sequence[Cell]) -> None:
    for at in positions:
        if cleaned.values[at] is not None and at not in cleaned.problems:
            cleaned.problems[at] = Problem("merged_filled", "warning", display(cells[at]))


def _shifted(cells: Sequence[Cell]) -> list[Cell]:
    """Plain numbers of a workbook that counts from 1904, as days from 1899-12-30."""
    return [cell + _SERIAL_SHIFT_1904 if type(cell) in (int, float) else cell for cell in cells]  # type: ignore[operator]


def _extras(columns: list[Sequence[Cell]], layout: Layout, own: frozenset[str]) -> dict[str, Sequence[str]]:
    """The seller's own columns as texts, by header; those without a header by their letters."""
    taken = {match.column for match in layout.matches.values()}
    result: dict[str, Sequence[str]] = {}
    for at, column in enumerate(columns):
        header = layout.headers[at] if at < len(layout.headers) else ""
        if at in taken or fold(header) in own:
            continue
        texts = _texts(column)
        if not _any(texts):
            continue
        name, copy = header or letters(at), 1
        while name in result:
            copy += 1
            name = f"{header or letters(at)} ({copy})"
        result[name] = texts
    return result


def _cut(
    sheet: str, extras: dict[str, Sequence[str]], columns: list[Sequence[Cell]], row: Sequence[int]
) -> list[Finding]:
    """Texts of the seller's own columns that no cell can hold."""
    long = (texts for texts in extras.values() if not (isinstance(texts, Known) and texts.are_digits))
    if not any(len(text) == LONGEST_TEXT for texts in long for text in set(different(texts))):
        return []
    return [
        Finding("text_cut", "warning", sheet, f"{letters(at)}{line}")
        for at, column in enumerate(columns)
        for line, cell in zip(row, column, strict=True)
        if isinstance(cell, str) and len(cell) > LONGEST_TEXT
    ]


def _any(texts: Sequence[str]) -> bool:
    return (isinstance(texts, Known) and texts.are_digits) or any(different(texts))


def _texts(column: Sequence[Cell]) -> Sequence[str]:
    if isinstance(column, Known):
        shorter = [text.strip()[:LONGEST_TEXT] for text in column.kinds] if not column.are_digits else []
        return column.read_as(shorter) if shorter else column
    shown = {cell: display(cell).strip()[:LONGEST_TEXT] for cell in set(column) if not isinstance(cell, bool)}
    return [shown[cell] if type(cell) is not bool else display(cell) for cell in column]
