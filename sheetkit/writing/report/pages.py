"""A page of the analysis as a sheet: title, links, then each section's sentence, table and chart."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.analysis.page import Link, Page, PageColumn, Section, Value
from sheetkit.writing.look import display_width, fitting_width, wrap_height
from sheetkit.writing.report import words
from sheetkit.writing.report.page import LINKS_ROW, Report, clip, typed_heading
from sheetkit.writing.report.page_charts import CHART_ROWS, insert_chart
from sheetkit.writing.sheet import Area, Help, Sheet

LEAST, MOST = 11.0, 46.0
"""Widths of columns, in characters."""
LEAST_HEIGHT, MOST_HEIGHT = 18.0, 96.0
FIRST_ROW = LINKS_ROW + 2
LINKS = 4
"""To how many other sheets a page leads."""


def write_page(report: Report, page: Page) -> None:
    """The sheet of a page."""
    sheet, widths = report.sheet(page.key), _widths(page)
    for at, width in enumerate(widths):
        sheet.column(at, width)
    report.head(sheet, page.key, page.about)
    report.onward(sheet, page.key, _places_of_links(report, page.key, widths))
    writer, row = _Writer(report, sheet, widths), FIRST_ROW
    for section in page.sections:
        row = writer.section(section, row) + 1
    sheet.page(repeat_rows=0)


def _widths(page: Page) -> list[float]:
    """As wide as the widest content that stands there in any section, within reason."""
    widths = [LEAST] * max((len(one.columns) for one in page.sections), default=1)
    for section in page.sections:
        for at, column in enumerate(section.columns):
            shown = [column.header, *(said for row in section.rows if (said := _said(row[at])))]
            widths[at] = max(widths[at], column.width or min(fitting_width(shown, least=LEAST), MOST))
    return widths or [MOST]


def _places_of_links(report: Report, key: str, widths: Sequence[float]) -> list[int]:
    """The columns that the links to other sheets begin in, so that none runs into the next."""
    others = [f"→ {name}" for one, name in report.names.items() if one != key]
    places: list[int] = []
    free = begin = 0.0
    for at, width in enumerate(widths):
        if begin >= free and len(places) < min(LINKS, len(others)):
            free = begin + display_width(others[len(places)]) + 1
            places.append(at)
        begin += width
    return places


def _said(value: Value) -> str:
    """The text of a cell that holds one."""
    return value.text if isinstance(value, Link) else value if isinstance(value, str) else ""


class _Writer:
    def __init__(self, report: Report, sheet: Sheet, widths: Sequence[float]) -> None:
        self.report, self.sheet, self.widths = report, sheet, widths

    def section(self, section: Section, row: int) -> int:
        """Writes a section from ``row`` on; returns the row below it."""
        sheet, look = self.sheet, self.report.look
        for col in range(len(self.widths)):
            sheet.write(row, col, section.title if col == 0 else None, look("section"))
        sheet.row(row, 24)
        if section.says:
            row += 1
            sheet.write(row, 0, clip(section.says), look("hint", text_wrap=False))
        if not section.columns:
            return row + 1
        head = row + 1
        self.headings(section.columns, head)
        for at, values in enumerate(section.rows, head + 1):
            self.line(section.columns, values, at)
        self.dropdowns(section, head)
        below = head + len(section.rows) + 1
        if section.chart is None or not section.rows:
            return below
        insert_chart(self.report, sheet, section, section.chart, head)
        return below + CHART_ROWS

    def dropdowns(self, section: Section, head: int) -> None:
        """What may be chosen in the columns that are hers to fill."""
        for col, column in enumerate(section.columns):
            if column.choices and section.rows:
                area = Area(head + 1, col, head + len(section.rows), col)
                self.sheet.choices(area, column.choices, Help(column.header, column.help))

    def headings(self, columns: Sequence[PageColumn], row: int) -> None:
        """The headings of a table."""
        heights = [LEAST_HEIGHT]
        for col, column in enumerate(columns):
            fmt = self.report.heading(number=column.kind != "text")
            if column.choices:
                fmt = self.report.look("heading", **typed_heading())
            self.sheet.write(row, col, column.header, fmt)
            heights.append(wrap_height(column.header, self.widths[col]))
        self.sheet.row(row, max(heights))

    def line(self, columns: Sequence[PageColumn], values: Sequence[Value], row: int) -> None:
        """One row of a table, as high as its longest text needs."""
        height = LEAST_HEIGHT
        for col, (column, value) in enumerate(zip(columns, values, strict=True)):
            if isinstance(value, Link):
                self.link(row, col, value)
            elif column.choices:
                fmt = self.report.look("entry", "text", valign="top", indent=1)
                self.sheet.write(row, col, clip(str(value or "")), fmt)
            elif column.kind == "text":
                shown = clip("" if value is None else str(value))
                self.sheet.write(row, col, shown, self.report.reported(text_wrap=True, valign="top"))
                height = max(height, min(wrap_height(shown, self.widths[col]), MOST_HEIGHT))
            else:
                self.number(row, col, column, value)
        self.sheet.row(row, height)

    def link(self, row: int, col: int, value: Link) -> None:
        """A text that leads to a cell of her workbook; where that cell stands in another file, the text."""
        if self.report.origin:
            self.sheet.write(row, col, value.text, self.report.reported(text_wrap=True, valign="top"))
        else:
            target = self.report.links(value.sheet, value.cell)
            self.sheet.link(row, col, target, value.text, self.report.look("link", valign="top"))

    def number(self, row: int, col: int, column: PageColumn, value: str | float | None) -> None:
        """A cell that holds a number; or a word in its place, or nothing."""
        look, lang = self.report.look, self.report.lang
        if value is None or isinstance(value, str):
            self.sheet.write(row, col, value or None, look("reported", "text", align="right", valign="top"))
        elif column.kind == "date":
            self.sheet.write(row, col, value, look("reported", "date", valign="top"))
        else:
            shows = "#,##0.0" if column.kind == "number" else words.cell_format(column.kind, lang)
            fmt = look("reported", "number", num_format=shows, valign="top")
            self.sheet.write(row, col, words.in_cell(value, column.kind), fmt)
