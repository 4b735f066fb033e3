"""Ranges of cells as files write them, and how they grow when rows are added below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sheetkit.opc.putting import column_number, letters

_RANGE = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?::(\$?)([A-Za-z]{1,3})(\$?)(\d+))?\Z")


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, rows and columns counted from 0, its ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def meets(self, other: Area) -> bool:
        """Whether they share a cell."""
        rows = self.first_row <= other.last_row and other.first_row <= self.last_row
        return rows and self.first_column <= other.last_column and other.first_column <= self.last_column

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def __str__(self) -> str:
        first = f"{letters(self.first_column)}{self.first_row + 1}"
        last = f"{letters(self.last_column)}{self.last_row + 1}"
        return first if first == last else f"{first}:{last}"


Growth = Callable[[Area], int]
"""The last row of a range once the new rows are in, which is its own where it does not grow."""


def area_of(reference: str) -> Area | None:
    """The rectangle of ``B2:C9`` or ``$B$2``; None for whole columns, rows, and what is no range."""
    found = _RANGE.match(reference.strip())
    if found is None:
        return None
    first, last = column_number(found[2]), column_number(found[6] or found[2])
    return Area(int(found[4]) - 1, first, int(found[8] or found[4]) - 1, last)


def grown(reference: str, growth: Growth) -> str:
    """The range as it is with the new rows, dollar signs where they were; unchanged where it stays."""
    found, area = _RANGE.match(reference), area_of(reference)
    last_row = growth(area) if area else -1
    if found is None or area is None or last_row <= area.last_row:
        return reference
    column_sign, row_sign = (found[5], found[7]) if found[6] else (found[1], found[3])
    first = f"{found[1]}{found[2]}{found[3]}{found[4]}"
    return f"{first}:{column_sign}{found[6] or found[2]}{row_sign}{last_row + 1}"


def all_grown(references: str, growth: Growth) -> str:
    """The same for several ranges with blanks between."""
    return " ".join(grown(one, growth) for one in references.split())


def around(area: Area, places: Iterable[tuple[int, int]]) -> Area:
    """The smallest rectangle that holds an area and these cells."""
    for row, column in places:
        area = Area(
            min(area.first_row, row),
            min(area.first_column, column),
            max(area.last_row, row),
            max(area.last_column, column),
        )
    return area
