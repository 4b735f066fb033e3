"""A row a customer: who she is, why, what would take her a step up, and her figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sheetkit.model.book import Column
from sheetkit.rules.rulebook import Dimension
from sheetkit.writing.look import ROW_HEIGHT, TEXT, Format, fitting_width
from sheetkit.writing.look import Kind as LookKind
from sheetkit.writing.report import words
from sheetkit.writing.report.bulk import Block, Kind, write_plain, write_scaffold
from sheetkit.writing.report.page import HEADER_ROW, Report, clip, quoted
from sheetkit.writing.sheet import Area, Sheet

TABLE_NAME = "sheetkit_segments"
BULK_ROWS = 500
"""Above so many customers the rows are rendered in bulk."""
NAME_WIDTH, WHY_WIDTH, STEP_WIDTH = 20.0, 46.0, 30.0
LINES_AT_MOST = 4
BAR = "#A9CFC9"
PAGE_WIDTH_PX = 950
"""What A4 across shows at 100 %, with a little to spare."""


@dataclass(frozen=True)
class Col:
    """One column: its values in the order of the customers, None where there is nothing."""

    header: str
    values: Column
    kind: LookKind
    width: float
    wraps: bool = False

    @property
    def holds(self) -> Kind:
        """What its cells hold."""
        return "text" if self.kind == "text" else "date" if self.kind == "date" else "number"


def write_segments(report: Report) -> Block | None:
    """The sheet ``segments``; its rows as a Block where they are too many and are filled in later."""
    sheet = report.sheet("segments")
    columns = _columns(report)
    order = _order(report)
    rows = Block(
        top=HEADER_ROW + 1,
        kinds=[one.holds for one in columns],
        columns=[[one.values[at] for at in order] for one in columns],
        heights=_heights(columns, order),
    )
    formats = [_format(report, one) for one in columns]
    for at, column in enumerate(columns):
        sheet.column(at, column.width)
    about = report.say("report.segments_about", day=report.as_of(), count=words.count(len(order)))
    report.head(sheet, "segments", about)
    report.onward(sheet, "segments", (0, 1, 3, 5))
    bulk = len(rows) > BULK_ROWS
    _table(report, sheet, columns, 1 if bulk else len(rows))
    _marks(report, sheet, columns, len(rows))
    _print(sheet, columns)
    sheet.numbers_as_text(Area(rows.top, 0, rows.top + len(rows), 0))
    if not bulk:
        write_plain(sheet, rows, formats)
        return None
    write_scaffold(sheet, rows, formats)
    return rows


def _columns(report: Report) -> list[Col]:
    customers, dimensions = report.analysis.customers, report.dimensions()
    columns = [Col(report.say("report.customer"), list(map(clip, customers["name"])), "text", NAME_WIDTH)]
    columns += [_class_column(report, one) for one in dimensions]
    columns.append(_overruled(report))
    if dimensions:
        columns += _reasons(report, dimensions[0])
    for one in dimensions[1:]:
        columns += _reasons(report, one, f"{one.labels[report.lang]} · ")
    for metric in (report.rules.metrics[key] for key in report.analysis.blueprint.shown):
        if metric.key in customers:
            header = metric.labels[report.lang]
            values = _IN_CELL.get(metric.unit, list)(customers[metric.key])
            width = 12.5 if metric.unit in ("date", "money") else fitting_width([header], least=10, most=15)
            columns.append(Col(header, values, metric.unit, width))
    columns += _tags(report)
    blank: Column = [None] * report.analysis.customer_count
    left_out = [value or None for value in customers.get("rows_left_out", blank)]
    columns.append(Col(report.say("report.rows_left_out"), left_out, "count", 12))
    why = [clip(value or "") for value in customers.get("left_out_why", blank)]
    columns.append(Col(report.say("report.left_out_why"), why, "text", 28, wraps=True))
    return _distinct(columns)


def _tags(report: Report) -> list[Col]:
    """Tags, how far she has come, and profit and margin where any cost is filled."""
    customers = report.analysis.customers
    if "tags" not in customers:
        return []
    found = [
        Col(report.say("report.tags"), list(map(clip, customers["tags"])), "text", 20, wraps=True),
        Col(report.say("report.stage"), customers["progress"], "text", 13),
    ]
    if any(one is not None for one in customers["profit"]):
        found.append(Col(report.say("report.profit"), _money(customers["profit"]), "money", 14))
        found.append(Col(report.say("report.margin"), customers["margin"], "percent", 10))
    return found


def _money(values: Column) -> Column:
    return [None if value is None else value / 100 for value in values]


_IN_CELL: dict[str, Callable[[Column], Column]] = {"money": _money}


def _distinct(columns: list[Col]) -> list[Col]:
    """The columns with no two headers alike, as a table needs them."""
    seen: dict[str, int] = {}
    result = []
    for one in columns:
        name = one.header.casefold()
        seen[name] = seen.get(name, 0) + 1
        header = one.header if seen[name] == 1 else f"{one.header} {seen[name]}"
        result.append(Col(header, one.values, one.kind, one.width, one.wraps))
    return result


def _class_column(report: Report, dimension: Dimension) -> Col:
    labels = {one.key: one.labels[report.lang] for one in dimension.classes}
    header = dimension.labels[report.lang]
    values = [labels.get(key, key) for key in report.analysis.customers[dimension.key]]
    return Col(header, values, "text", fitting_width([f"{header}  ", *labels.values()], least=11, most=18))


def _overruled(report: Report) -> Col:
    """For customers the seller put into a class herself: the class the rules would give, and her reason."""
    customers, dimensions = report.analysis.customers, report.dimensions()
    none: Column = [None] * report.analysis.customer_count
    values: list[str] = []
    parts = (customers.get(key, none) for key in ("overruled", "auto_class", "manual_reason"))
    for overruled, auto, reason in zip(*parts, strict=True):
        if not overruled:
            values.append("")
            continue
        label = report.class_label(dimensions[0], auto) if dimensions and auto else ""
        values.append(clip(report.say("report.overruled", label=label) + (f" · {reason}" if reason else "")))
    return Col(report.say("report.overruled_header"), values, "text", 18, wraps=True)


def _reasons(report: Report, dimension: Dimension, before: str = "") -> list[Col]:
    reasons = report.analysis.reasons.get(dimension.key)
    if reasons is None:
        return []
    why = [clip(one.why) for one in reasons]
    step = [clip(one.step_up) for one in reasons]
    return [
        Col(before + report.say("report.why"), why, "text", WHY_WIDTH, wraps=True),
        Col(before + report.say("report.step_up"), step, "text", STEP_WIDTH, wraps=True),
    ]


def _order(report: Report) -> list[int]:
    """Customers by class, as the rulebook orders them, the largest revenue first in each."""
    customers, dimensions = report.analysis.customers, report.dimensions()
    count = report.analysis.customer_count
    place = {one.key: at for at, one in enumerate(dimensions[0].classes)} if dimensions else {}
    classes = customers[dimensions[0].key] if dimensions else [""] * count
    revenue = customers.get("revenue", [0] * count)
    return sorted(range(count), key=lambda at: (place.get(classes[at], len(place)), -(revenue[at] or 0), at))


def _heights(columns: Sequence[Col], order: Sequence[int]) -> list[float]:
    """Heights that fit the wrapped texts, by their bytes: a Chinese character has three and is two wide."""
    lines = [1] * len(order)
    for one in columns:
        if one.wraps:
            room = one.width - 2
            for row, at in enumerate(order):
                value = one.values[at]
                if value and len(value) * 2 > room:
                    needed = int((len(value.encode("utf-8", "replace")) + len(value)) / 2 / room) + 1
                    if needed > lines[row]:
                        lines[row] = needed
    fits = [max(ROW_HEIGHT, many * TEXT * 1.65 + 3) for many in range(LINES_AT_MOST + 1)]
    return [fits[min(many, LINES_AT_MOST)] for many in lines]


def _format(report: Report, column: Col) -> Format:
    if column.kind == "text":
        return report.reported(text_wrap=column.wraps)
    return report.look("reported", column.kind)


def _table(report: Report, sheet: Sheet, columns: Sequence[Col], count: int) -> None:
    sheet.row(HEADER_ROW, 34)
    options = {
        "name": TABLE_NAME,
        "style": None,
        "columns": [
            {"header": one.header, "header_format": report.heading(number=one.kind not in ("text", "date"))}
            for one in columns
        ],
    }
    last = HEADER_ROW + max(count, 1)
    if sheet.raw.add_table(HEADER_ROW, 0, last, len(columns) - 1, options):
        raise ValueError("the table of customers could not be made")
    sheet.freeze(HEADER_ROW + 1, 1)


def _marks(report: Report, sheet: Sheet, columns: Sequence[Col], count: int) -> None:
    """Class names in their colours, and one bar: revenue."""
    dimensions = report.dimensions()
    last = HEADER_ROW + max(count, 1)
    if dimensions:
        for one in dimensions[0].classes:
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": quoted(one.labels[report.lang]),
                "format": report.look.rule(font_color=one.color, bold=True),
            }
            sheet.raw.conditional_format(HEADER_ROW + 1, 1, last, 1, rule)
    revenue = report.rules.metrics.get("revenue")
    for at, column in enumerate(columns):
        if revenue is not None and column.header == revenue.labels[report.lang]:
            bar = {"type": "data_bar", "bar_color": BAR, "min_type": "num", "min_value": 0}
            sheet.raw.conditional_format(HEADER_ROW + 1, at, last, at, bar)


def _print(sheet: Sheet, columns: Sequence[Col]) -> None:
    """Two pages wide: classes and reasons on the first, figures on the second, the name on both."""
    sheet.page(fit_width=False)
    sheet.raw.repeat_rows(HEADER_ROW)
    sheet.raw.repeat_columns(0)
    sheet.raw.print_across()
    widths = [one.width * 7 + 5 for one in columns]
    figures = next((at for at, one in enumerate(columns) if one.holds == "number"), len(columns))
    widest = max(sum(widths[:figures]), widths[0] + sum(widths[figures:]))
    sheet.raw.set_print_scale(max(40, min(100, int(100 * PAGE_WIDTH_PX / widest))))
    if figures < len(columns):
        sheet.raw.set_v_pagebreaks([figures])
