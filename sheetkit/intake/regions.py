"""Several tables in one sheet, below each other or side by side: each becomes a grid of its own.

The rest of such a grid is blank, so that every cell keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sheetkit.intake.bulk import Bulk
from sheetkit.intake.cells import Row, is_blank
from sheetkit.intake.coded import different
from sheetkit.intake.headers import HeaderFinder, Layout, header_text
from sheetkit.intake.sheets import holds
from sheetkit.intake.source import Grid
from sheetkit.model.fields import CORE_TABLES
from sheetkit.model.labels import fold

_KEYS = ("date", "nickname", "amount")
_LEAST_HEADERS = 2


def regions(grid: Grid, layout: Layout, finder: HeaderFinder) -> list[Grid]:
    """The grids of the tables in a sheet, the one that was found first; that alone where there is one."""
    found: list[Grid] = []
    for part in _side_by_side(grid, layout):
        first = layout if not found else _first(part, finder)
        if first is not None:
            found += _below(part, first, finder)
    return found or [grid]


def _first(grid: Grid, finder: HeaderFinder) -> Layout | None:
    layouts = (finder.best(grid.rows, table) for table in CORE_TABLES)
    return next((one for one in layouts if one is not None and holds(one)), None)


def _side_by_side(grid: Grid, layout: Layout) -> Iterator[Grid]:
    """The grid cut before a column whose header, and with it a whole table, stands there once more."""
    start = 0
    for cut in _cuts(grid, layout):
        yield _columns(grid, start, cut)
        start = cut
    yield _columns(grid, start, None) if start else grid


def _cuts(grid: Grid, layout: Layout) -> Iterator[int]:
    headers, start = [fold(one) for one in layout.headers], 0
    for column in sorted(layout.rivals):
        if column <= start + 1:
            continue
        here = [one for one in headers[start:column] if one]
        gap = next((at for at in range(column - 1, start, -1) if not headers[at]), None)
        again = [one for one in headers[column : column + len(here)] if one]
        if gap is not None and _is_empty(grid.rows[layout.row + 1 :], gap) and len(headers) > column + 1:
            start = gap + 1
            yield start
        elif len(here) >= _LEAST_HEADERS and again == here:
            start = column
            yield start


def _is_empty(rows: Sequence[Row], column: int) -> bool:
    return all(len(row) <= column or is_blank(row[column]) for row in rows)


def _columns(grid: Grid, start: int, stop: int | None) -> Grid:
    """The grid with nothing outside these columns."""
    rows = [[""] * min(start, len(row)) + row[start:stop] for row in grid.rows]
    last = stop or 1 << 20
    merged = [one for one in grid.merged if start <= one[0][1] and one[1][1] < last]
    return replace(grid, rows=rows, merged=merged)


def _below(grid: Grid, layout: Layout, finder: HeaderFinder) -> Iterator[Grid]:
    """The grid cut above every row that is the header of another table, or of the same in another order."""
    start, cuts = 0, list(_header_rows(grid, layout, finder))
    for cut in cuts:
        while cut - 1 > start and _is_title(grid.rows[cut - 1]):
            cut -= 1  # the line above names the table
        yield _rows(grid, start, cut)
        start = cut
    yield _rows(grid, start, None) if start else grid


def _header_rows(grid: Grid, layout: Layout, finder: HeaderFinder) -> Iterator[int]:
    columns = [layout.matches[key].column for key in _KEYS if key in layout.matches]
    now = layout
    for at in _candidates(grid, layout.row + 1, columns, finder.words):
        found = None if _stands_above(grid.rows[at], now) else _header(grid, at, finder)
        if found is None or _is_entry(grid.rows[at], found, now, finder.words):
            continue
        if _places(found) != _places(now) and at + 1 < len(grid.rows):
            now = found
            columns = [*{*columns, *(match.column for match in found.matches.values())}]
            yield at


def _is_entry(row: Row, found: Layout, now: Layout, words: frozenset[str]) -> bool:
    """Whether a row says headings where they stand already, and where another one should stand something that
    is none: 日期 | 小李 | 成交价."""
    mine, theirs = _places(found), _places(now)
    if mine == theirs or not mine.items() < theirs.items():
        return False
    other = [row[column] for key, column in theirs.items() if key not in mine and column < len(row)]
    return all(isinstance(cell, str) and cell.strip() and cell.strip() not in words for cell in other)


def _stands_above(row: Row, layout: Layout) -> bool:
    """Whether a row is one line of the header that holds already."""
    lines = [line for line in (layout.headers, layout.above) if line]
    said = {at: header_text(cell) for at, cell in enumerate(row) if not is_blank(cell)}
    return any(all(at < len(line) and line[at] == text for at, text in said.items()) for line in lines)


def _candidates(grid: Grid, start: int, columns: list[int], words: frozenset[str]) -> Iterator[int]:
    if isinstance(grid.rows, Bulk):
        body = (grid.rows.body(column) for column in columns[:2] if column < grid.rows.width)
        if all(words.isdisjoint(different(column)) for column in body):
            return
    for at in range(start, len(grid.rows)):
        row = grid.rows[at]
        for column in columns:
            cell = row[column] if column < len(row) else ""
            if type(cell) is str and cell and cell.strip() in words:
                yield at
                break


def _header(grid: Grid, at: int, finder: HeaderFinder) -> Layout | None:
    """What a row says as a header of a whole table, nearly all in known words; None where it is none."""
    row = grid.rows[at]
    texts = [cell for cell in row if not is_blank(cell)]
    if len(texts) < _LEAST_HEADERS or not all(isinstance(cell, str) for cell in texts):
        return None
    for table in CORE_TABLES:
        found = finder.exactly(row, at, table)
        unknown = len(texts) - len(found.matches)
        if len(found.matches) >= _LEAST_HEADERS and 3 * unknown < len(texts) and holds(found):
            return found
    return None


def _places(layout: Layout) -> dict[str, int]:
    return {key: match.column for key, match in layout.matches.items() if key in _KEYS}


def _is_title(row: Row) -> bool:
    texts = [cell for cell in row if not is_blank(cell)]
    return len(texts) == 1 and isinstance(texts[0], str)


def _rows(grid: Grid, start: int, stop: int | None) -> Grid:
    rows: list[Row] = [[] for _ in range(start)]
    last = stop or 1 << 21
    merged = [one for one in grid.merged if start <= one[0][0] and one[1][0] < last]
    return replace(grid, rows=[*rows, *grid.rows[start:stop]], merged=merged)
