"""The log of cells that were mended: when, where, what stood there, what stands there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheetkit.model.report import FIX_COLUMNS
from sheetkit.writing.look import wrap_height
from sheetkit.writing.report.page import HEADER_ROW, Report, clip
from sheetkit.writing.sheet import Area


def write_fixes(report: Report, rows: Sequence[Mapping[str, str]]) -> None:
    """The sheet ``fixes``, {column key: text} a row, in the order in which they were mended."""
    sheet = report.sheet("fixes")
    for at, column in enumerate(FIX_COLUMNS):
        sheet.column(at, column.width)
        sheet.write(HEADER_ROW, at, column.labels[report.lang], report.heading())
    report.head(sheet, "fixes", report.say("report.fixes_about", day=report.as_of(), count=len(rows)))
    report.onward(sheet, "fixes", (0, 1, 2, 3))
    sheet.freeze(HEADER_ROW + 1, 0)
    sheet.page()
    sheet.raw.repeat_rows(HEADER_ROW)
    for row, line in enumerate(rows, HEADER_ROW + 1):
        height = 0.0
        for at, column in enumerate(FIX_COLUMNS):
            text = clip(line.get(column.key, ""))
            sheet.write(row, at, text, report.reported(text_wrap=True, valign="top"))
            height = max(height, wrap_height(text, column.width - 1))
        sheet.row(row, min(height, 400))
    last = HEADER_ROW + max(len(rows), 1)
    sheet.filter(Area(HEADER_ROW, 0, last, len(FIX_COLUMNS) - 1))
    sheet.numbers_as_text(Area(HEADER_ROW + 1, 0, last, len(FIX_COLUMNS) - 1))
