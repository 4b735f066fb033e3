"""A large text file whose lines are all alike → its columns, in a few passes over the whole text.

The first and the last lines may be otherwise (a preamble, totals): they are read one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import TypeVar, overload

from sheetkit.intake.cells import Cell, Row

Text = TypeVar("Text", str, bytes)

LARGE = 1 << 18
"""Characters from which on a text is worth it."""
EDGE_LINES = 40
_CHUNK = 1 << 20


class Bulk(Sequence[Row]):
    """Rows held by column. ``head`` and ``tail`` are rows as they are; ``body`` are columns of text."""

    def __init__(self, head: list[Row], body: list[list[str]], tail: list[Row]) -> None:
        self.head, self.body, self.tail = head, body, tail
        self._long = len(head) + len(body[0])

    def __len__(self) -> int:
        return self._long + len(self.tail)

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
        found += (column[at - len(self.head)] for column in self.body)
        return found

    def below(self, start: int) -> list[Sequence[Cell]]:
        """The columns of all rows from this one of the head on, as long as each other."""
        above, below = _columns(self.head[start:]), _columns(self.tail)
        length = len(self.body[0])
        found: list[Sequence[Cell]] = []
        for over, column, under in zip_longest(above, self.body, below):
            found.append(
                [
                    *(over or [""] * len(self.head[start:])),
                    *(column or [""] * length),
                    *(under or [""] * len(self.tail)),
                ]
            )
        return found


def _columns(rows: list[Row]) -> list[list[Cell]]:
    return [list(column) for column in zip_longest(*rows, fillvalue="")]


def bulk(text: str, utf8: bytes, mark: str, rows_of: Callable[[str], list[Row]]) -> Bulk | None:
    """The text as columns; None where a quote, or a line unlike the others, stands in its midst.

    ``utf8``: the same text as bytes. ``rows_of`` reads the lines at the edges.
    """
    if '"' in text or text.count("\r", 0, _CHUNK) != text.count("\r\n", 0, _CHUNK):
        return None
    if "\r" in text:
        text, utf8 = text.replace("\r\n", "\n"), utf8.replace(b"\r\n", b"\n")
        if "\r" in text:
            return None
    start, end = _after(text, EDGE_LINES, "\n"), _before(text, EDGE_LINES, "\n")
    separators = utf8.translate(None, bytes(set(range(256)) - {ord(mark), 10}))
    first, last = (edge(separators, EDGE_LINES, b"\n") for edge in (_after, _before))
    if not 0 < start < end or not 0 < first < last:
        return None
    line = separators[first : separators.index(b"\n", first) + 1]
    lines = (last - first) // len(line)
    if len(line) < 2 or separators[first:last] != line * lines:
        return None
    return Bulk(rows_of(text[:start]), _split(text, start, end, mark, len(line)), rows_of(text[end:]))


def _split(text: str, start: int, end: int, mark: str, width: int) -> list[list[str]]:
    """The columns of lines that all have as many fields; ``end`` is behind a line break."""
    columns: list[list[str]] = [[] for _ in range(width)]
    while start < end:
        stop = text.find("\n", min(start + _CHUNK, end - 1), end)
        parts = text[start:stop].replace("\n", mark).split(mark)
        for at, column in enumerate(columns):
            column += parts[at::width]
        start = stop + 1
    return columns


def _after(text: Text, lines: int, end: Text) -> int:
    """Where the first so many lines end; 0 where there are not as many."""
    at = 0
    for _ in range(lines):
        at = text.find(end, at) + 1
        if not at:
            return 0
    return at


def _before(text: Text, lines: int, end: Text) -> int:
    """Where the last so many lines begin; 0 where there are not as many."""
    at = len(text)
    for _ in range(lines + 1):
        at = text.rfind(end, 0, at)
        if at < 0:
            return 0
    return at + 1
