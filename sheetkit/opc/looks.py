"""How a cell has to look that takes a value: as it did, as the one above it, and a day as a day."""

from __future__ import annotations

from sheetkit.opc.numberformats import GENERAL, SHORT_DATE, NumberFormats
from sheetkit.opc.putting import Cell
from sheetkit.opc.sheetfacts import SheetFacts

_ROWS_LOOKED_AT = 1_000
"""How far above or below a cell another is looked for that shows how it has to look."""


class Looks:
    """The styles of the cells of one sheet, found by looking at their neighbours."""

    def __init__(self, facts: SheetFacts, formats: NumberFormats, header: int) -> None:
        self._facts, self._formats, self._header = facts, formats, header
        self._above: dict[tuple[int, int], int | None] = {}
        self._alike: dict[tuple[int, int, bool], int] = {}

    def above(self, row: int, column: int) -> int | None:
        """The style of the nearest cell from this row up, below the headings; else that of the column."""
        if (row, column) not in self._above:
            self._above[row, column] = self._found_above(row, column)
        return self._above[row, column]

    def _found_above(self, row: int, column: int) -> int | None:
        for one in range(row, max(self._header, row - _ROWS_LOOKED_AT, -1), -1):
            held = self._facts.row(one).get(column)
            if held is not None:
                return held.style
        return self._facts.column_styles.get(column)

    def for_number(self, style: int | None, row: int, column: int, *, is_date: bool) -> int | None:
        """The style, or the like of it where it would show a day as a mere number, a number as text."""
        if self._formats.shows_date(style) if is_date else not self._formats.is_text(style):
            return style
        key = (row // _ROWS_LOOKED_AT, column, is_date)
        number = self._alike.get(key)
        if number is None:
            number = self._alike[key] = self._number_near(row, column, is_date=is_date)
        return self._formats.with_number_format(style, number)

    def _number_near(self, row: int, column: int, *, is_date: bool) -> int:
        """How the nearest number of the column is shown that is, or is not, a day."""
        for step in range(1, _ROWS_LOOKED_AT):
            for other in (row - step, row + step):
                held = self._facts.row(other).get(column)
                if held is not None and self._shows_like(held, is_date=is_date):
                    return self._formats.of(held.style)
        return SHORT_DATE if is_date else GENERAL

    def _shows_like(self, held: Cell, *, is_date: bool) -> bool:
        """Whether it is a number that is shown as a day, or as a number."""
        if not held.is_number or self._formats.is_text(held.style):
            return False
        return self._formats.shows_date(held.style) == is_date
