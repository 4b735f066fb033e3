"""How far the sheets of an .xlsb reach and how much text they show, told from their records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sheetkit.intake.bounds.limits import refuse_far

_ROW, _BLANK, _SHARED, _LAST_CELL, _TEXT = 0, 1, 7, 11, 19


@dataclass
class Extent:
    """The last row and column (from 1) of filled cells, and how many of them show a shared text."""

    row: int = 0
    column: int = 0
    shared: int = 0

    def reach(self, row: int, column: int) -> None:
        """A filled cell stands here."""
        self.row, self.column = max(self.row, row), max(self.column, column)


def binary_sheet_extent(sheet: bytes, part: str) -> Extent:
    """Walks the records of an .xlsb sheet: a row's header holds its number, a cell its column."""
    extent, row = Extent(), 0
    for kind, start, size in _binary_records(sheet):
        if kind <= _LAST_CELL and size >= 4:
            position = int.from_bytes(sheet[start : start + 4], "little")
            if kind == _ROW:
                row = position + 1
            elif kind != _BLANK:
                extent.reach(row, position + 1)
                extent.shared += kind == _SHARED
    refuse_far(extent.row, extent.column, part)
    return extent


def longest_binary_text(shared: bytes) -> int:
    """The bytes of the longest shared text of an .xlsb."""
    return max((size for kind, _, size in _binary_records(shared) if kind == _TEXT), default=0)


def _binary_records(data: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at < len(data):
        kind, at = _variable(data, at, 2)
        size, at = _variable(data, at, 4)
        yield kind, at, size
        at += size


def _variable(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of up to ``longest`` bytes of seven bits each, and where it ends."""
    value = 0
    for shift in range(longest):
        byte = data[at + shift] if at + shift < len(data) else 0
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, at + shift + 1
    return value, at + longest
