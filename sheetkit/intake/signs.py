"""The currency of a file that does not say it, guessed from the signs at its amounts and headings; and
amounts that are shown as of another currency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sheetkit.intake.cells import Cell, is_blank, letters
from sheetkit.intake.headers import Layout
from sheetkit.intake.source import Grid, Source
from sheetkit.model.currencies import formatted_in, known_as, named_in
from sheetkit.model.fields import fields
from sheetkit.model.findings import Finding
from sheetkit.opc.moneyformats import cells_in

_SEEN_ROWS, _SEEN_BYTES = 300, 1 << 20
_LONGEST_UNIT = 30
_IN_HEADING = re.compile(r"[(（\[/,]\s*([^\d()（）]+?)\s*[)）\]]?$")
Codes = tuple[str, ...]


class Signs:
    """What the sheets of a file count in, as far as signs tell."""

    def __init__(self, source: Source) -> None:
        self._source = source
        shown = {style: formatted_in(*said) for style, said in source.formats.items()}
        self._formats: Mapping[int, Codes] = {style: codes for style, codes in shown.items() if codes}
        self._named = Counter[str]()
        self._bare = 0

    def see(self, grid: Grid, layout: Layout) -> None:
        """A sheet: the headings of its amounts, and their first rows."""
        first = layout.row + 1
        rows = grid.rows[first : first + _SEEN_ROWS]
        shown = cells_in(self._sheet(grid), self._formats, _SEEN_BYTES) if self._formats else {}
        for column in _amounts(layout):
            said = named_in(_unit(layout.headers[column]))
            for at, cell in _filled(rows, column):
                style = shown.get((first + at, column), -1)
                named = named_in(cell) if isinstance(cell, str) else self._formats.get(style, ())
                self._take(named or said)

    def guess(self) -> str:
        """The currency that most amounts name; "" where as many name none."""
        if not self._named:
            return ""
        code, count = self._named.most_common(1)[0]
        return code if count > self._bare else ""

    def shown_otherwise(self, grid: Grid, layout: Layout, currency: str) -> list[Finding]:
        """A finding for numbers that a cell format shows as of another currency: they are counted all the
        same, as formulas cannot see it."""
        other = {style: codes[0] for style, codes in self._formats.items() if currency not in codes}
        if not other:
            return []
        columns, found = set(_amounts(layout)), list[tuple[int, int, int]]()
        for (row, column), style in cells_in(self._sheet(grid), other).items():
            is_amount = column in columns and layout.row < row < len(grid.rows)
            cells = grid.rows[row] if is_amount else []
            if column < len(cells) and isinstance(cells[column], int | float):
                found.append((row, column, style))
        if not found:
            return []
        row, column, style = min(found)
        params: dict[str, str | int | float] = {
            "count": len(found),
            "other": known_as(other[style]).label,
            "currency": known_as(currency).label,
        }
        place = grid.name, f"{letters(column)}{row + 1}"
        return [Finding("amounts_shown_otherwise", "warning", *place, params=params)]

    def _sheet(self, grid: Grid) -> bytes:
        return self._source.parts.get(grid.name, b"")

    def _take(self, named: Sequence[str]) -> None:
        if named:
            self._named[named[0]] += 1
        else:
            self._bare += 1


def _amounts(layout: Layout) -> list[int]:
    """The columns of amounts."""
    known = fields(layout.table)
    return [match.column for key, match in layout.matches.items() if known[key].kind == "money"]


def _unit(heading: str) -> str:
    """What stands behind a heading: Total (USD), 金额/元."""
    found = _IN_HEADING.search(heading[-_LONGEST_UNIT:])
    return found[1] if found else ""


def _filled(rows: Sequence[Sequence[Cell]], column: int) -> Iterator[tuple[int, Cell]]:
    cells = ((at, row[column]) for at, row in enumerate(rows) if column < len(row))
    return ((at, cell) for at, cell in cells if not is_blank(cell))
