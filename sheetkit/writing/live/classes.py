"""The live sheet classes."""

from __future__ import annotations

from sheetkit.writing.live.live import Live
from sheetkit.writing.sheet import Sheet, define_name


def write_classes(sheet: Sheet, live: Live) -> None:
    """Writes the sheet."""
    sheet.write(0, 0, live.blueprint.sheet("classes").labels[live.lang])
    sheet.write(1, 0, 1)
    define_name(sheet.book, "classes_order", f"={sheet.at(1, 0)}")
