"""A large text whose lines are all alike → its columns, by where delimiters and line ends stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy

from sheetkit.intake.bulk import EDGE_LINES, Bulk
from sheetkit.intake.cells import Cell, Row
from sheetkit.intake.lines_alike import alike, rows_of
from sheetkit.intake.slices import PADDING, Slices
from sheetkit.intake.words import Places


def cut(data: bytes, mark: str) -> Bulk | None:
    """The columns of a text in UTF-8; None where a line unlike the others stands in its midst, or the text is
    otherwise to be looked at closely.
    """
    if b"\0" in data:
        return None
    found = _head(data, mark)
    if found is None:
        return None
    head, start = found
    fields = alike(data, start, mark)
    if fields is None:
        return None
    tail = rows_of(data[fields.end :].decode(), mark)
    if tail is None:
        return None
    extra, width = _Extra(PADDING + len(data)), fields.width
    over, under = (list(zip_longest(*rows, fillvalue="")) for rows in (head, tail))
    columns = []
    for above, at, below in zip_longest(over, range(width), under):
        middle = _blank(fields.lines) if at is None else fields.column(at, PADDING)
        if at is not None:
            extra.put(fields.odd.get(at, {}), middle)
        edges = [extra.places(cells, len(rows)) for cells, rows in ((above, head), (below, tail))]
        columns.append([numpy.concatenate(parts) for parts in zip(edges[0], middle, edges[1], strict=True)])
    text = numpy.frombuffer(b"".join([bytes(PADDING), data, *extra.cells, bytes(PADDING)]), numpy.uint8)
    return Bulk(head, tail, [Slices(text, starts, lengths) for starts, lengths in columns], width)


def _head(data: bytes, mark: str) -> tuple[list[Row], int] | None:
    """The first rows and where they end, not in the midst of a quote; None where there are not as many."""
    at = 0
    for line in range(2 * EDGE_LINES):
        at = data.find(b"\n", at) + 1
        if not at:
            return None
        if line < EDGE_LINES - 1:
            continue
        rows = rows_of(data[:at].decode("utf-8-sig"), mark)
        if rows is not None:
            return rows, at
    return None


class _Extra:
    """Cells that stand nowhere in the text as they are read, to be put behind it."""

    def __init__(self, start: int) -> None:
        self.cells: list[bytes] = []
        self._end = start

    def add(self, cell: Cell) -> tuple[int, int]:
        """Its place and length."""
        self.cells.append(str(cell).encode())
        self._end += len(self.cells[-1])
        return self._end - len(self.cells[-1]), len(self.cells[-1])

    def put(self, cells: dict[int, str], column: tuple[Places, Places]) -> None:
        """Let these rows of a column be read as these texts."""
        for row, cell in cells.items():
            column[0][row], column[1][row] = self.add(cell)

    def places(self, cells: Sequence[Cell] | None, rows: int) -> tuple[Places, Places]:
        """The places and lengths of a column's cells; blanks for a column that is not there."""
        if not cells:
            return _blank(rows)
        found = numpy.array([self.add(cell) for cell in cells], numpy.int32)
        return found[:, 0], found[:, 1]


def _blank(rows: int) -> tuple[Places, Places]:
    return numpy.full(rows, PADDING, numpy.int32), numpy.zeros(rows, numpy.int32)


