"""How many rows and cells a text can have at most, told from its line ends and separators."""

from __future__ import annotations

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds.limits import LARGEST_AREA, MOST_ROWS

_SEPARATORS = (",", ";", "\t", "|", "<")
_MOST_LINES = 2 * MOST_ROWS


def check_text(text: str) -> None:
    """Raises UnreadableError for more rows than any workbook has, or more cells than one may span."""
    lines = max(text.count("\n"), text.count("\r"))
    cells = lines + max(text.count(mark) for mark in _SEPARATORS)
    if lines > _MOST_LINES or cells > LARGEST_AREA:
        raise UnreadableError("intake.many_lines", most=MOST_ROWS)
