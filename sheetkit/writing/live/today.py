"""The live sheet today."""

from __future__ import annotations

from sheetkit.writing.live.live import Live
from sheetkit.writing.sheet import Sheet, define_name


def write_today(sheet: Sheet, live: Live) -> None:
    """Writes the sheet."""
    sheet.write(0, 0, live.blueprint.sheet("today").labels[live.lang])
    sheet.write(1, 0, live.as_of)
    define_name(sheet.book, "analysis_date", f"={sheet.at(1, 0)}")
