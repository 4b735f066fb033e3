"""How a cell has to look that takes a value: as it did, as the one above it, and a day as a day."""

from __future__ import annotations

from sheetkit.opc.numberformats import USUAL, NumberFormats, Shown
from sheetkit.opc.putting import Cell
from sheetkit.opc.sheetfacts import SheetFacts

_ROWS_LOOKED_AT = 1_000
"""How far above or below a cell another is looked for that shows how it has to look."""


class Looks:
    """The styles of the cells of one sheet, found by looking at their neighbours."""

    def __init__(self, facts: SheetFacts, formats: NumberFormats, header: int) -> None:
        self._facts, self._formats, self._header = facts, formats, header
        self._above: dict[tuple[int, int], int | None] = {}
        self._alike: dict[tuple[int, int, Shown], int] = {}

    def above(self, row: int, column: int) -> int | None:
        """The style of the nearest cell from this row up, below the headings; else that of the column."""
        passed, style = [], self._facts.column_styles.get(column)
        for one in range(row, max(self._header, row - _ROWS_LOOKED_AT, -1), -1):
            if (one, column) in self._above:
                style = self._above[one, column]
                break
            passed.append(one)
            held = self._facts.row(one).get(column)
            if held is not None:
                style = held.style
                break
        self._above |= {(one, column): style for one in passed}
        return style

    def for_number(self, style: int | None, row: int, column: int, shown: Shown) -> int | None:
        """The style, or the like of it where it would show a day as a mere number, a number as text."""
        if self._formats.shows(style, shown):
            return style
        key = (row // _ROWS_LOOKED_AT, column, shown)
        number = self._alike.get(key)
        if number is None:
            number = self._alike[key] = self._number_near(row, column, shown)
        return self._formats.with_number_format(style, number)

    def _number_near(self, row: int, column: int, shown: Shown) -> int:
        """How the nearest number of the column is shown that is the like."""
        for step in range(1, _ROWS_LOOKED_AT):
            for other in (row - step, row + step):
                held = self._facts.row(other).get(column)
                if held is not None and self._shows_like(held, shown):
                    return self._formats.of(held.style)
        return USUAL[shown]

    def _shows_like(self, held: Cell, shown: Shown) -> bool:
        """Whether it holds a number that is seen as such."""
        if not held.is_number or self._formats.is_text(held.style):
            return False
        return self._formats.kind(held.style) == shown
