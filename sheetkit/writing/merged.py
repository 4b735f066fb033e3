"""What merging adds to a workbook: the sheet of the differences, and other people's sheets as values."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sheetkit.analysis.page import Link, Page, PageColumn, Section, Value
from sheetkit.intake.cells import Bad, Cell, display, is_blank, number
from sheetkit.writing.look import Format, Look, fitting_width, wrap_height
from sheetkit.writing.report.page import ABOUT_ROW, LINKS_ROW, TITLE_ROW, clip, internal
from sheetkit.writing.sheet import Sheet, new_book

LEAST_WIDTH, MOST_WIDTH = 11.0, 40.0
LEAST_HEIGHT, MOST_HEIGHT = 18.0, 96.0


def merge_workbook(name: str, page: Page, brought: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook to graft: the sheet of differences under a name, and sheets of values, {name: rows}."""
    target = io.BytesIO()
    book = new_book(target)
    look = Look(book)
    for title, rows in brought.items():
        _values(Sheet(book, title), look, rows)
    _Writer(Sheet(book, name), look).page(name, page)
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, sheet: Sheet, look: Look) -> None:
        self.sheet, self.look = sheet, look
        self.widths: list[float] = []

    def page(self, name: str, page: Page) -> None:
        """Title, sentence, sections."""
        self.sheet.raw.hide_gridlines(2)
        self.widths = _widths(page.sections)
        for at, width in enumerate(self.widths):
            self.sheet.column(at, width)
        self.sheet.row(TITLE_ROW, 32)
        self.sheet.write(TITLE_ROW, 0, name, self.look("title"))
        self.sheet.write(ABOUT_ROW, 0, page.about, self.look("hint", text_wrap=False))
        row = LINKS_ROW + 1
        for section in page.sections:
            row = self.section(section, row) + 1
        self.sheet.page(repeat_rows=0)

    def section(self, section: Section, row: int) -> int:
        """A section from ``row`` on; returns the row below it."""
        for col in range(len(self.widths)):
            self.sheet.write(row, col, section.title if col == 0 else None, self.look("section"))
        self.sheet.row(row, 24)
        for sentence in filter(None, section.says.split("\n")):
            row += 1
            self.sheet.write(row, 0, clip(sentence), self.look("hint", text_wrap=False))
        if not section.rows:
            return row + 1
        row += 1
        for col, column in enumerate(section.columns):
            align = "left" if column.kind == "text" else "right"
            self.sheet.write(row, col, clip(column.header), self.look("heading", align=align))
        headers = (wrap_height(one.header, self.widths[at]) for at, one in enumerate(section.columns))
        self.sheet.row(row, max(LEAST_HEIGHT, *headers))
        for values in section.rows:
            row += 1
            self.line(section.columns, values, row)
        return row + 1

    def line(self, columns: Sequence[PageColumn], values: Sequence[Value], row: int) -> None:
        """One row, as high as its longest text needs."""
        height = LEAST_HEIGHT
        for col, value in enumerate(values):
            if isinstance(value, Link):
                self.sheet.link(row, col, internal(value.sheet, value.cell), value.text, self.look("link"))
            elif isinstance(value, int | float):
                self.sheet.write(row, col, value, self.look("reported", "number", num_format="#,##0"))
            else:
                shown = clip(value or "")
                self.sheet.write(row, col, shown, self.look("reported", "text", text_wrap=True, valign="top"))
                height = max(height, min(wrap_height(shown, self.widths[col]), MOST_HEIGHT))
        self.sheet.row(row, height)


def _widths(sections: Sequence[Section]) -> list[float]:
    widths = [LEAST_WIDTH] * max((len(one.columns) for one in sections), default=1)
    for section in sections:
        for at, column in enumerate(section.columns if section.rows else ()):
            cells = (row[at] for row in section.rows)
            texts = [
                one.text if isinstance(one, Link) else one if isinstance(one, str) else "" for one in cells
            ]
            widths[at] = max(
                widths[at], min(fitting_width([column.header, *texts], least=LEAST_WIDTH), MOST_WIDTH)
            )
    return widths


def _values(sheet: Sheet, look: Look, rows: Sequence[Sequence[Cell]]) -> None:
    """Somebody's sheet as values; days and times look like days and times."""
    shown: dict[int, list[str]] = {}
    for at, row in enumerate(rows):
        for col, cell in enumerate(row):
            if not is_blank(cell):
                sheet.write(at, col, *_written(cell, look))
                shown.setdefault(col, []).append(display(cell)[:200])
    for col, texts in shown.items():
        sheet.column(col, min(fitting_width(texts, least=LEAST_WIDTH), MOST_WIDTH))


def _written(cell: Cell, look: Look) -> tuple[str | float | bool, Format]:
    if isinstance(cell, bool):
        return cell, look()
    if isinstance(cell, str | Bad):
        return clip(display(cell)), look("plain", "text")
    value = number(cell)
    if value is None:
        return display(cell), look("plain", "text")
    if isinstance(cell, datetime) and cell.time() != time():
        return value, look("plain", "date", num_format="yyyy-mm-dd hh:mm")
    if isinstance(cell, date):
        return value, look("plain", "date")
    return value, look("plain", "time") if isinstance(cell, time | timedelta) else look("plain", "number")
