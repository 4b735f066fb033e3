"""The currency of a file that does not say it, guessed from the signs at its amounts and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from sheetkit.intake.cells import Cell, is_blank
from sheetkit.intake.headers import Layout
from sheetkit.intake.source import Grid
from sheetkit.model.currencies import named_in
from sheetkit.model.fields import fields

_SEEN_ROWS = 300
_IN_HEADING = re.compile(r"[(（\[/,]\s*([^\d()（）]+?)\s*[)）\]]?$")


class Signs:
    """What the sheets seen so far count in."""

    def __init__(self) -> None:
        self._named = Counter[str]()
        self._bare = 0

    def see(self, grid: Grid, layout: Layout) -> None:
        """A sheet: the headings of its amounts, and their first rows."""
        known = fields(layout.table)
        columns = [match.column for key, match in layout.matches.items() if known[key].kind == "money"]
        rows = grid.rows[layout.row + 1 : layout.row + 1 + _SEEN_ROWS]
        for column in columns:
            said = named_in(_unit(layout.headers[column]))
            for cell in _filled(rows, column):
                named = named_in(cell) if isinstance(cell, str) else ()
                self._take(named or said)

    def _take(self, named: Sequence[str]) -> None:
        if named:
            self._named[named[0]] += 1
        else:
            self._bare += 1

    def guess(self) -> str:
        """The currency that most amounts name; "" where as many name none."""
        if not self._named:
            return ""
        code, count = self._named.most_common(1)[0]
        return code if count > self._bare else ""


def _unit(heading: str) -> str:
    """What stands behind a heading: Total (USD), 金额/元."""
    found = _IN_HEADING.search(heading)
    return found[1] if found else ""


def _filled(rows: Sequence[Sequence[Cell]], column: int) -> Iterator[Cell]:
    return (row[column] for row in rows if column < len(row) and not is_blank(row[column]))
