"""The live sheet dashboard."""

from __future__ import annotations

from sheetkit.writing.live.live import Live
from sheetkit.writing.sheet import Sheet


def write_dashboard(sheet: Sheet, live: Live) -> None:
    """Writes the sheet."""
    sheet.write(0, 0, live.blueprint.sheet("dashboard").labels[live.lang])
