"""The rows of a large text file, held by column.

The first and the last lines may be otherwise (a preamble, totals): they are read one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from sheetkit.intake.cells import Cell, Row

if TYPE_CHECKING:
    from sheetkit.intake.slices import Slices

LARGE = 1 << 21
"""Bytes from which on a text is worth the import of numpy."""
EDGE_LINES = 48
"""More than are searched for a header."""


class Bulk(Sequence[Row]):
    """``head`` and ``tail`` are rows as they are; ``columns`` hold all rows, those at the edges as well.

    ``width``: how many cells every line has that is not at an edge.
    """

    def __init__(self, head: list[Row], tail: list[Row], columns: list[Slices], width: int) -> None:
        self.head, self.tail, self.columns, self.width = head, tail, columns, width
        self._long = len(columns[0]) - len(tail)

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        if at < len(self.head):
            return self.head[at]
        if at >= self._long:
            return self.tail[at - self._long]
        found: Row = []
        found += (column[at] for column in self.columns[: self.width])
        return found

    def body(self, column: int) -> Sequence[Cell]:
        """A column without the lines at the edges."""
        return self.columns[column].between(len(self.head), self._long)

    def below(self, start: int) -> list[Sequence[Cell]]:
        """The columns of all rows from this one of the head on, as long as each other."""
        wide = max(map(len, [*self.head[start:], *self.tail]), default=0)
        columns = self.columns[: max(wide, self.width)]
        return [column.between(start, len(self)) for column in columns]
