"""A chart of ``charts`` drawn natively: its data stand on the sheet, its marks carry their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sheetkit.writing.look import FAINT, FONT, INK, LINE, Look
from sheetkit.writing.report.charts import Chart, Series
from sheetkit.writing.report.page import Report
from sheetkit.writing.sheet import Area, Sheet

MAX_ALT = 1000
_TYPES: dict[str, dict[str, str]] = {
    "bar": {"type": "bar"},
    "column": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
}


def write_data(sheet: Sheet, look: Look, chart: Chart, row: int, column: int) -> int:
    """The chart's data as a small table with its title; returns the row below it."""
    sheet.write(row, column, chart.title, look("section"))
    for at in range(len(chart.series)):
        sheet.write(row, column + 1 + at, None, look("section"))
    sheet.write(row + 1, column, chart.category_name, look("heading"))
    for at, series in enumerate(chart.series):
        sheet.write(row + 1, column + 1 + at, series.name, look("heading", align="right"))
    for line, category in enumerate(chart.categories):
        sheet.write(row + 2 + line, column, category, look("reported"))
        for at, series in enumerate(chart.series):
            value = series.values[line]
            fmt = look("reported", "number", num_format=chart.number_format)
            sheet.write(row + 2 + line, column + 1 + at, value, fmt)
    return row + 2 + len(chart.categories)


def draw(report: Report, sheet: Sheet, chart: Chart, data: tuple[int, int], size: tuple[int, int]) -> Any:
    """The native chart over the data written at ``data``, ``size`` pixels wide and high; to be inserted."""
    native = report.book.add_chart(_TYPES[chart.kind])
    row, column = data
    last = row + 1 + len(chart.categories)
    categories = Area(row + 2, column, last, column)
    for at, series in enumerate(chart.series):
        values = Area(row + 2, column + 1 + at, last, column + 1 + at)
        native.add_series(
            {
                "name": f"={sheet.at(row + 1, column + 1 + at)}",
                "categories": f"={sheet.area(categories)}",
                "values": f"={sheet.area(values)}",
                "fill": {"color": series.color},
                "points": [{"fill": {"color": one}} for one in series.point_colors] or None,
                "gap": 45,
                "overlap": 100 if chart.kind == "stacked" else -5,
                **_labels(chart, series),
            }
        )
    native.set_title(
        {"name": chart.title, "overlay": False, "name_font": {**_font(11, INK), "bold": True}, "layout": None}
    )
    _axes(native, chart)
    native.set_legend(
        {"position": "bottom", "font": _font(9, INK)} if len(chart.series) > 1 else {"none": True}
    )
    native.set_size({"width": size[0], "height": size[1]})
    native.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
    return native


def insert(sheet: Sheet, native: Any, chart: Chart, row: int, column: int) -> None:
    """Put a drawn chart's top left corner on a cell, with its alt text."""
    alt = chart.alt if len(chart.alt) <= MAX_ALT else chart.alt[: MAX_ALT - 1] + "…"
    code = sheet.raw.insert_chart(row, column, native, {"description": alt, "object_position": 1})
    if code:
        raise ValueError(f"the chart {chart.title!r} cannot stand at row {row}")


def _labels(chart: Chart, series: Series) -> dict[str, Any]:
    """Values on the marks, but on stacks of many months, where they would cover one another."""
    if chart.kind == "stacked":
        return {}
    return {
        "data_labels": {
            "value": True,
            "num_format": chart.number_format,
            "position": "outside_end",
            "font": _font(9, INK),
        }
    }


def _axes(native: Any, chart: Chart) -> None:
    """Categories and values named by what they count in; bars read from the top down."""
    category = {
        "name": chart.category_name,
        "name_font": _font(9, FAINT),
        "num_font": _font(9, INK),
        "line": {"color": LINE},
        "major_tick_mark": "none",
    }
    value: dict[str, Any] = {
        "name": chart.value_name,
        "name_font": _font(9, FAINT),
        "num_font": _font(9, FAINT),
        "num_format": chart.number_format,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
        "major_tick_mark": "none",
    }
    if chart.kind != "stacked" and all(one >= 0 for series in chart.series for one in series.values):
        value["min"] = 0
    if chart.kind == "bar":
        native.set_y_axis({**category, "name": None, "reverse": True, "crossing": "max"})
        native.set_x_axis(value)
    else:
        native.set_x_axis(category)
        native.set_y_axis(value)


def _font(size: int, color: str) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": color, "bold": False}


def widest(charts: Sequence[Chart]) -> int:
    """How many columns of values the largest data table has."""
    return max((len(one.series) for one in charts), default=1)
