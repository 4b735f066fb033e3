"""Tables drawn in a test, so that a reader sees the sheet."""

from __future__ import annotations

from datetime import date

from sheetkit.model.days import to_day


def day(iso: str) -> int:
    """The day number of ``2026-03-05``."""
    return to_day(date.fromisoformat(iso))


def drawn(table: str) -> list[dict[str, str]]:
    """The rows of a table drawn with ``|``, by its headings."""
    lines = [line.strip() for line in table.strip().split("\n")]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]
