"""Where the cells of a long text stand whose lines all have as many, in quotes or not."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import numpy
from numpy.typing import NDArray

from sheetkit.intake.bounds import LARGEST_AREA, MOST_LINES
from sheetkit.intake.bulk import EDGE_LINES
from sheetkit.intake.cells import Row
from sheetkit.intake.words import Bytes, Places

_CHUNK = 1 << 17
"""Bytes looked at in one go: as many as stay close to the processor."""
_LINE, _RETURN, _QUOTE = b'\n\r"'
_LONGEST_CELL = 1_000_000


@dataclass
class Fields:
    """The cells of lines that are all alike. ``starts``/``ends``: a row a line, quotes left out.

    ``end``: where the last of these lines ends. ``odd``: {column: {line: text}} of the cells in which quotes
    make it another text than what stands there.
    """

    starts: Places
    ends: Places
    end: int
    odd: dict[int, dict[int, str]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many cells a line has."""
        return int(self.ends.shape[1])

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.ends)

    def column(self, at: int, shift: int) -> tuple[Places, Places]:
        """The places and lengths of a column's cells."""
        return self.starts[:, at] + shift, self.ends[:, at] - self.starts[:, at]


def rows_of(text: str, mark: str) -> list[Row] | None:
    """The rows of a text; None where a quote is still open at its end."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)]
    except csv.Error:
        return None


def alike(data: bytes, start: int, mark: str) -> Fields | None:
    """The cells from ``start`` on but for the last lines; None where lines are unlike each other."""
    text = numpy.frombuffer(data, numpy.uint8)
    has_quotes = data.find(b'"', start) >= 0
    marks = _marks(text, start, ord(mark), has_quotes)
    if marks is None:
        return None
    kinds = text[marks]
    lines = numpy.flatnonzero(kinds == _LINE)
    if len(lines) <= EDGE_LINES or len(lines) > MOST_LINES:
        return None
    width, marks = int(lines[0]) + 1, marks[: lines[-EDGE_LINES - 1] + 1]
    if width < 2 or len(marks) % width:
        return None
    if kinds[: len(marks)].tobytes() != (mark.encode() * (width - 1) + b"\n") * (len(marks) // width):
        return None
    starts = numpy.empty_like(marks)
    starts[0], starts[1:] = start, marks[:-1]
    starts[1:] += 1
    found = Fields(starts.reshape(-1, width), marks.reshape(-1, width), int(marks[-1]) + 1)
    if data.find(b"\r", start, found.end) >= 0 and not _ends_of_windows(found, text, start, has_quotes):
        return None
    if has_quotes and not _without_quotes(found, data, text, mark):
        return None
    return found


def _marks(text: Bytes, start: int, mark: int, has_quotes: bool) -> Places | None:
    """Where delimiters and line ends stand that are in no quotes; None for more than may be."""
    found: list[Places] = []
    many, inside = 0, False  # places are below the 2 GB that no file here has
    for at in range(start, len(text), _CHUNK):
        piece = text[at : at + _CHUNK]
        here = piece == mark
        here |= piece == _LINE
        if has_quotes:
            quoted = _quoted(piece, inside)
            inside = bool(quoted[-1])
            here &= ~quoted
        found.append((numpy.flatnonzero(here) + at).astype(numpy.int32))
        many += len(found[-1])
        if many > LARGEST_AREA:
            return None
    return numpy.concatenate(found) if found and not inside else None


def _quoted(piece: Bytes, inside: bool) -> NDArray[numpy.bool_]:
    """Which bytes stand behind an odd number of quotes."""
    quotes = piece == _QUOTE
    quotes[0] ^= inside
    return numpy.logical_xor.accumulate(quotes)


def _ends_of_windows(found: Fields, text: Bytes, start: int, has_quotes: bool) -> bool:
    """Takes the return from the end of every line; False where one stands elsewhere, unless in quotes."""
    ends, many, inside = found.ends[:, -1], 0, False
    for at in range(start, found.end, _CHUNK):
        piece = text[at : min(at + _CHUNK, found.end)]
        here = piece == _RETURN
        if has_quotes:
            quoted = _quoted(piece, inside)
            inside = bool(quoted[-1])
            here &= ~quoted
        many += int(numpy.count_nonzero(here))
    if many and (many != found.lines or not bool((text[ends - 1] == _RETURN).all())):
        return False
    if many:
        found.ends = found.ends.copy()
        found.ends[:, -1] -= 1
    return True


def _without_quotes(found: Fields, data: bytes, text: Bytes, mark: str) -> bool:
    """Takes the quotes from the cells that stand in them; False where that leaves a cell unclear.

    Every cell ends outside of quotes, so that it has an even number of them. Where all that stand in quotes
    have two, and no other has any, nothing is to be looked at closely.
    """
    starts, ends = found.starts.reshape(-1), found.ends.reshape(-1)
    quoted = (text[starts] == _QUOTE) & (ends > starts)
    odd = quoted & ((text[ends - 1] != _QUOTE) | (ends - starts < 2))
    begin = int(starts[0])
    if data.count(b'"', begin, found.end) != 2 * int(quoted.sum()) or bool(odd.any()):
        quotes = numpy.flatnonzero(text[begin : found.end] == _QUOTE) + begin
        odd |= numpy.bincount(numpy.searchsorted(ends, quotes), minlength=len(ends)) != 2 * quoted
    for number in numpy.flatnonzero(odd).tolist():
        rows = rows_leniently(data[starts[number] : ends[number]].decode(), mark)
        if len(rows) != 1 or len(rows[0]) != 1:
            return False
        line, column = divmod(number, found.width)
        found.odd.setdefault(column, {})[line] = rows[0][0]
    found.starts = (starts + quoted).reshape(found.starts.shape)
    found.ends = numpy.maximum(ends - quoted, starts + quoted).reshape(found.ends.shape)
    return True


def rows_leniently(cell: str, mark: str) -> list[list[str]]:
    """What a text says as a file of its own."""
    try:
        return list(csv.reader(io.StringIO(cell, newline=""), delimiter=mark))
    except csv.Error:
        return []
