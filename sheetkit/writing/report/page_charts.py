"""A chart over the cells of a section's own table."""

from __future__ import annotations

from typing import Any

from sheetkit.analysis.page import PageChart, Section
from sheetkit.writing.look import CHART_COLORS, FAINT, FONT, INK, LINE
from sheetkit.writing.report.page import Report
from sheetkit.writing.sheet import Area, Sheet

CHART_ROWS = 17
"""Rows that a chart takes below its table."""
_WIDTH_PX, _HEIGHT_PX = 640, 300


def insert_chart(report: Report, sheet: Sheet, section: Section, chart: PageChart, head: int) -> None:
    """Put the chart below the table whose headings stand in row ``head``."""
    last = head + len(section.rows)
    native = report.book.add_chart({"type": chart.kind})
    labels = sheet.area(Area(head + 1, chart.labels, last, chart.labels))
    for at, column in enumerate(chart.values):
        values = sheet.area(Area(head + 1, column, last, column))
        series = {"name": f"={sheet.at(head, column)}", "categories": f"={labels}", "values": f"={values}"}
        native.add_series({**series, "gap": 45, **_marks(chart, at, len(section.rows))})
    native.set_title({"name": chart.title, "overlay": False, "name_font": _font(11, INK, bold=True)})
    several = len(chart.values) > 1
    native.set_legend({"position": "bottom", "font": _font(9, INK)} if several else {"none": True})
    if chart.kind != "pie":
        _axes(native, section, chart)
    native.set_size({"width": _WIDTH_PX, "height": _HEIGHT_PX})
    native.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    said = {"description": chart.title, "object_position": 1, "y_offset": 6}
    if sheet.raw.insert_chart(last + 1, 0, native, said):
        raise ValueError(f"the chart {chart.title!r} cannot stand at row {last + 1}")


def _marks(chart: PageChart, at: int, count: int) -> dict[str, Any]:
    """How the marks of a series look; their values stand on them."""
    color = CHART_COLORS[at % len(CHART_COLORS)]
    shown: dict[str, Any] = {"value": True, "font": _font(9, INK)}
    if chart.kind == "line":
        return {"line": {"color": color, "width": 2}, "marker": {"type": "circle", "size": 4}}
    if chart.kind == "pie":
        points = [{"fill": {"color": CHART_COLORS[one % len(CHART_COLORS)]}} for one in range(count)]
        return {"points": points, "data_labels": {**shown, "category": True, "position": "outside_end"}}
    return {"fill": {"color": color}, "data_labels": {**shown, "position": "outside_end"}}


def _axes(native: Any, section: Section, chart: PageChart) -> None:
    """Categories and values named by their columns; bars read from the top down."""
    category = {"name": section.columns[chart.labels].header, "name_font": _font(9, FAINT)}
    value = {"name": section.columns[chart.values[0]].header, "name_font": _font(9, FAINT)}
    category |= {"num_font": _font(9, INK), "line": {"color": LINE}, "major_tick_mark": "none"}
    value |= {"num_font": _font(9, FAINT), "line": {"none": True}, "major_tick_mark": "none"}
    if section.columns[chart.values[0]].kind == "percent":
        value["num_format"] = "0%"
    value["major_gridlines"] = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    if chart.kind == "bar":
        native.set_y_axis({**category, "name": None, "reverse": True, "crossing": "max"})
        native.set_x_axis(value)
    else:
        native.set_x_axis(category)
        native.set_y_axis(value)


def _font(size: int, color: str, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": color, "bold": bold}
