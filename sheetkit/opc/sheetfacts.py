"""What stands in a worksheet, asked row by row, so that a tall sheet is not read whole."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from sheetkit.opc.formula import lower
from sheetkit.opc.putting import Cell, cells_between, row_places, rows_of
from sheetkit.opc.ranges import Area, area_of
from sheetkit.opc.splice import elements, root_of

_ARRAY = re.compile(rb"<(?:[\w.-]+:)?f\s[^>]*?\bt\s*=\s*[\"'](?:array|dataTable)[\"'][^>]*>")
_REFERENCE = re.compile(rb"\sref\s*=\s*[\"']([^\"']*)[\"']")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col\s[^>]*>")
_ENDS = re.compile(rb"\s(min|max|style)\s*=\s*[\"'](\d+)[\"']")
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']+)")
_HEADER_WITHIN, _MOST_COLUMNS = 50, 16_384


class SheetFacts:
    """A worksheet's bytes (UTF-8).

    ``tables``: the rectangles of its tables; ``closed``: of those that end with a row of totals.
    """

    def __init__(self, sheet: bytes, tables: Iterable[Area] = (), closed: Iterable[Area] = ()) -> None:
        self.sheet, self.tables, self.closed = sheet, list(tables), list(closed)
        self._places = row_places(sheet)
        self._known: dict[int, dict[int, Cell]] = {}

    def row(self, row: int) -> dict[int, Cell]:
        """The cells of a row, by column."""
        if row not in self._known:
            place = self._places.get(row)
            self._known[row] = cells_between(self.sheet, *place) if place else {}
        return self._known[row]

    def has_row(self, row: int) -> bool:
        """Whether the file has a row there, with or without cells."""
        return row in self._places

    def last_row(self, columns: Collection[int]) -> int:
        """The last row, from 0, that has something in one of these columns; -1 where none has."""
        for row in sorted(self._places, reverse=True):
            if any(column in columns and not cell.is_blank for column, cell in self.row(row).items()):
                return row
        return -1

    @cached_property
    def signs(self) -> str:
        """The encoding in which text goes into it: one in which other signs than ASCII are references,
        unless it is UTF-8."""
        declared = _DECLARED.match(self.sheet)
        plain = declared is None or declared[1].upper() in (b"UTF-8", b"UTF-16")
        return "utf-8" if plain else "ascii"

    @cached_property
    def heights(self) -> dict[int, bytes]:
        """{row: what its tag says of its height}."""
        return rows_of(self.sheet)

    @cached_property
    def header(self) -> int:
        """The first row of a table or filter, else the first with several cells, where they are all texts.

        -1 where there is none to be seen.
        """
        filters = self._stated("autoFilter")
        stated = [area.first_row for area in (*self.tables, *self.closed, *filters)]
        if stated:
            return min(stated)
        for row in sorted(self._places)[:_HEADER_WITHIN]:
            filled = [cell for cell in self.row(row).values() if not cell.is_blank]
            if len(filled) > 1:
                return -1 if any(one.is_number or one.formula is not None for one in filled) else row
        return -1

    def meets_table(self, area: Area) -> bool:
        """Whether a table has a cell there."""
        return any(one.meets(area) for one in (*self.tables, *self.closed))

    def _stated(self, name: str) -> list[Area]:
        _, inside = root_of(self.sheet)
        spans = [one for one in elements(self.sheet, inside, len(self.sheet)) if one.name == name]
        return list(_areas(self.sheet[one.start : one.inner] for one in spans))

    @cached_property
    def arrays(self) -> list[Area]:
        """What formulas fill that stand in one cell and answer in several."""
        return list(_areas(_ARRAY.findall(self.sheet)))

    def is_computed(self, row: int, column: int) -> bool:
        """Whether a formula says what stands in a cell."""
        held = self.row(row).get(column)
        return (held is not None and held.formula is not None) or self._in_array(row, column)

    def _in_array(self, row: int, column: int) -> bool:
        return any(area.holds(row, column) for area in self.arrays)

    @cached_property
    def column_styles(self) -> dict[int, int]:
        """{column: style} of the columns that have one."""
        head = self.sheet[: self.sheet.find(b"sheetData")]
        styles: dict[int, int] = {}
        for tag in _COLUMN.findall(head):
            said = {key: int(value) for key, value in _ENDS.findall(tag)}
            if b"style" in said:
                columns = range(said.get(b"min", 1) - 1, min(said.get(b"max", 1), _MOST_COLUMNS))
                styles |= dict.fromkeys(columns, said[b"style"])
        return styles

    def filled_down(self, row: int, column: int) -> str | None:
        """The formula of a cell that goes on below: of a table's column, or the same as that above it."""
        formula = self._formula(row, column)
        if not formula or self._in_array(row, column) or self.signs != "utf-8":
            return None
        if any(area.holds(row, column) and area.last_row == row for area in self.tables):
            return formula
        before = self._formula(row - 1, column) if row - 1 > self.header else None
        return formula if before and lower(before, 1) == formula else None

    def _formula(self, row: int, column: int) -> str | None:
        """The words of a formula, also of one that is stated in a cell above."""
        held = self.row(row).get(column)
        if held is None or held.formula or not held.group:
            return held.formula if held else None
        for above in range(row - 1, -1, -1):
            other = self.row(above).get(column)
            if other is not None and other.formula and other.group == held.group:
                return lower(other.formula, row - above)
        return None


def _areas(tags: Iterable[bytes]) -> Iterator[Area]:
    for tag in tags:
        found = _REFERENCE.search(tag)
        area = area_of(found[1].decode("ascii", "replace")) if found else None
        if area is not None:
            yield area
