"""How much of each thing there may be, and the refusals."""

from __future__ import annotations

from sheetkit.errors import UnreadableError
from sheetkit.intake.cells import letters

MOST_ROWS = 1_048_576
LARGEST_AREA = 26 * MOST_ROWS
"""Cells of the rectangle a sheet may span: all of columns A to Z. A cell takes 32 bytes while it is read."""
LARGEST_TOTAL = 4 * LARGEST_AREA
"""Cells of the rectangles of all sheets that are read one after the other."""
MOST_TEXT = 512 << 20
"""Bytes of text in all cells together, each text counted as often as it is shown."""
LONGEST_STRETCH = 4 << 20
"""Bytes without any markup: a cell's text has at most 32,767 letters."""


def refuse_far(row: int, column: int, part: str) -> None:
    """Raises UnreadableError where the rectangle up to this cell (from 1) is too large."""
    if row * column > LARGEST_AREA:
        raise UnreadableError("intake.far_cell", cell=f"{letters(column - 1)}{row}", part=part)


def refuse_many_cells(area: int, part: str, *, most: int = LARGEST_AREA) -> None:
    """Raises UnreadableError where the rectangles of all sheets together are too large."""
    if area > most:
        raise UnreadableError("intake.many_cells", part=part)


def refuse_much_text(text_bytes: int, part: str) -> None:
    """Raises UnreadableError where the cells show more text than a machine should hold."""
    if text_bytes > MOST_TEXT:
        raise UnreadableError("intake.much_text", part=part)
