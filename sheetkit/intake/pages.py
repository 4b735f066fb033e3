"""A web page → the rows of its tables: many shops export one under the name of an .xls."""

from __future__ import annotations

from html.parser import HTMLParser

from sheetkit.intake.bounds import refuse_many_cells
from sheetkit.intake.cells import Row

Merged = list[tuple[tuple[int, int], tuple[int, int]]]

_WIDEST, _HIGHEST = 1000, 1000
"""Columns and rows that one cell of a page is believed to cover."""


class _Tables(HTMLParser):
    """Collects the rows of the tables of a page, cells that span others left blank but for the first."""

    def __init__(self, part: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self.merged: Merged = []
        self._part = part
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._covered: dict[int, int] = {}
        self._coming: dict[int, int] = {}
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a table, a row or a cell."""
        if tag == "table":
            self._end_row()
            self._covered, self._coming = {}, {}
        elif tag == "tr":
            self._end_row()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._close()
            self._cell = []
            said = dict(attrs)
            self._span = _whole(said.get("colspan"), _WIDEST), _whole(said.get("rowspan"), _HIGHEST)
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes a cell."""
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self._cell is not None:
            self._cell.append(data)

    def finish(self) -> None:
        """Ends what is still open."""
        self.close()
        self._close()
        self._end_row()

    def _close(self) -> None:
        if self._cell is None:
            return
        row, (wide, high) = self.rows[-1], self._span
        self._under_others(row)
        at = len(row)
        row.append("".join(self._cell).strip())
        row += [""] * (wide - 1)
        self._cells += wide
        refuse_many_cells(self._cells, self._part)
        if high > 1:
            self._coming |= dict.fromkeys(range(at, at + wide), high)
        if high > 1 or wide > 1:
            here = len(self.rows) - 1
            self.merged.append(((here, at), (here + high - 1, at + wide - 1)))
        self._cell = None

    def _under_others(self, row: Row) -> None:
        """Blank cells where a cell of a row above reaches down."""
        while self._covered.get(len(row), 0) > 0:
            row.append("")

    def _end_row(self) -> None:
        """The row is complete: cells that reach down have one row less to go."""
        self._close()
        if not self.rows:
            return
        row, last = self.rows[-1], max(self._covered, default=-1)
        row += [""] * (last + 1 - len(row))
        covered = self._covered | self._coming
        self._covered, self._coming = {column: left - 1 for column, left in covered.items() if left > 1}, {}


def _whole(said: str | None, most: int) -> int:
    return min(int(said), most) or 1 if said and said.isdecimal() and len(said) < 12 else 1


def parse_page(text: str, part: str) -> tuple[list[Row], Merged]:
    """The rows of a page's tables, one below the other, and which of their cells are merged."""
    reader = _Tables(part)
    reader.feed(text)
    reader.finish()
    last = len(reader.rows) - 1
    return reader.rows, [(first, (min(end[0], last), end[1])) for first, end in reader.merged]
