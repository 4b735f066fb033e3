"""How many rows and cells a text can have at most, told from its line ends and separators."""

from __future__ import annotations

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds.limits import LARGEST_AREA, MOST_ROWS

_SEPARATORS = b",;\t|<"
_NEITHER = bytes(set(range(256)) - set(_SEPARATORS + b"\r\n"))
MOST_LINES = 2 * MOST_ROWS
"""Lines that a text may have; more are refused before they are read."""


def check_text(data: bytes) -> None:
    """Raises UnreadableError for more rows than any workbook has, or more cells than one may span."""
    if len(data) <= MOST_LINES:
        return
    marks = data.translate(None, _NEITHER)
    lines = max(marks.count(b"\n"), marks.count(b"\r"))
    cells = lines + max(marks.count(mark) for mark in _SEPARATORS)
    if lines > MOST_LINES or cells > LARGEST_AREA:
        raise UnreadableError("intake.many_lines", most=MOST_ROWS)
