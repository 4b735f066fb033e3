"""The overview: what it is and as of when, where to go next, the figures as cards, and the charts."""

from __future__ import annotations

from sheetkit.analysis.result import Kpi
from sheetkit.model.currencies import known_as
from sheetkit.writing.look import LARGE, display_width, fitting_width
from sheetkit.writing.report import words
from sheetkit.writing.report.charts import Chart, charts
from sheetkit.writing.report.drawing import draw, insert, widest, write_data
from sheetkit.writing.report.page import Report, internal
from sheetkit.writing.sheet import Sheet

CARD_KEYS = (
    "customers", "buyers", "revenue_year", "repeat_share", "good_share", "last_month_sales", "month_sales",
)  # fmt: skip
CARDS = 6
CARD_WIDTH, GUTTER_WIDTH = 22.0, 1.5
NEXT_ROW, CARD_ROW, CHART_ROW = 2, 7, 12
CHART_ROWS, CHART_HEIGHT_PX, CHART_WIDTH_PX = 13, 12 * 24, 3 * 159 + 2 * 16
"""Charts end exactly where a column and a row do, so that they follow when a font makes columns wider."""
SECOND_CHART_COLUMN = 6
LAST_COLUMN = 2 * CARDS - 2
DATA_COLUMN = LAST_COLUMN + 2
PRINT_SCALE = 92
LARGE_ROOM = 11
"""Characters of a card's value that stand in the large size."""


def write_overview(report: Report) -> None:
    """The sheet ``overview``."""
    sheet = report.sheet("overview")
    for column in range(LAST_COLUMN + 1):
        sheet.column(column, GUTTER_WIDTH if column % 2 else CARD_WIDTH)
    _top(report, sheet)
    for at, kpi in enumerate(chosen(report.analysis.kpis)):
        _card(report, sheet, 2 * at, kpi)
    drawn = charts(report)
    below = _charts(report, sheet, [one for one in drawn if isinstance(one, Chart)])
    for at, reason in enumerate(one for one in drawn if isinstance(one, str)):
        sheet.write(below + at, 0, reason, report.look("hint", text_wrap=False))
    sheet.page(repeat_rows=0, fit_width=False)
    sheet.raw.set_print_scale(PRINT_SCALE)
    sheet.raw.print_area(0, 0, below + len(drawn), LAST_COLUMN)


def _top(report: Report, sheet: Sheet) -> None:
    analysis = report.analysis
    about = report.say("report.overview_about", day=report.as_of())
    report.head(sheet, "overview", f"{about} · {_counted_in(report)}")
    today = sum(1 for one in analysis.tasks if one.priority == 1)
    errors = sum(1 for one in analysis.findings if one.severity == "error")
    lines = [
        ("plan", report.say("report.next_plan", count=len(analysis.tasks), today=today)),
        ("segments", report.say("report.next_segments", count=words.count(analysis.customer_count))),
        ("checks", report.say("report.next_checks", count=len(analysis.findings), errors=errors)),
    ]
    if "history" in report.names:
        lines.append(("history", report.say("report.next_history")))
    for at, (key, line) in enumerate(lines):
        target = internal(report.names[key], "A1")
        sheet.link(NEXT_ROW + at, 0, target, f"→ {report.names[key]}: {line}", report.look("link"))
    trades = next((one for one in analysis.totals if one.table == "trades" and one.rows_repaired), None)
    if trades is not None:
        money = words.quantity(trades.cents_repaired, "money", report.lang)
        params = {"count": trades.rows_repaired, "money": money, "checks": report.names["checks"]}
        line = report.say("report.repaired", **params)
        sheet.write(CARD_ROW - 1, 0, line, report.look("hint", text_wrap=False))


def _counted_in(report: Report) -> str:
    """The currency of every sum in the report, and whether it is a guess."""
    sure = report.analysis.currency_from in ("settings", "exports")
    about = known_as(report.analysis.currency)
    params = {"currency": about.label, "name": about.labels[report.lang]}
    return report.say("report.counted_in" if sure else "report.counted_guess", **params)


def chosen(kpis: list[Kpi]) -> list[Kpi]:
    """At most six figures: those a seller asks first, then whatever else there is, in its order."""
    by_key = {one.key: one for one in kpis}
    first = [by_key[key] for key in CARD_KEYS if key in by_key]
    return [*first, *(one for one in kpis if one not in first)][:CARDS]


def _card(report: Report, sheet: Sheet, column: int, kpi: Kpi) -> None:
    look, lang = report.look, report.lang
    label = look("card_label", text_wrap=True, indent=1)
    sheet.write(CARD_ROW, column, words.kpi_label(kpi.key, lang), label)
    sheet.row(CARD_ROW, 28)
    sheet.row(CARD_ROW + 3, 28)
    sheet.row(CARD_ROW + 1, 34)
    if kpi.value is None:
        unknown = report.say("report.too_little")
        sheet.write(CARD_ROW + 1, column, unknown, look("card_value", font_size=12, bold=False, indent=1))
    else:
        shown = words.quantity(kpi.value, kpi.unit, lang)
        size = LARGE if display_width(shown) <= LARGE_ROOM else 12
        shows = words.cell_format(kpi.unit, lang)
        fmt = look("card_value", "number", num_format=shows, indent=1, font_size=size)
        sheet.write(CARD_ROW + 1, column, words.in_cell(kpi.value, kpi.unit), fmt)
    rests_on = "" if kpi.value == kpi.n else report.say("report.rests_on", count=words.count(kpi.n))
    sheet.write(CARD_ROW + 2, column, rests_on, look("card_note", text_wrap=False, indent=1))
    sheet.write(CARD_ROW + 3, column, _goal(report, kpi), look("card_note", valign="top", indent=1))


def _goal(report: Report, kpi: Kpi) -> str:
    if kpi.goal is None:
        return ""
    goal = words.quantity(kpi.goal, kpi.unit, report.lang)
    if kpi.value is None:
        return report.say("report.goal", goal=goal)
    if kpi.value >= kpi.goal:
        return report.say("report.goal_reached", goal=goal)
    if kpi.unit == "percent":
        points = f"{max((kpi.goal - kpi.value) * 100, 0.1):.{0 if kpi.goal - kpi.value >= 0.01 else 1}f}"
        return report.say("report.goal_points", goal=goal, points=points)
    return report.say(
        "report.goal_short", goal=goal, gap=words.quantity(kpi.goal - kpi.value, kpi.unit, report.lang)
    )


def _charts(report: Report, sheet: Sheet, drawn: list[Chart]) -> int:
    """Charts two a row, their data to the right; returns the row below the last."""
    look = report.look
    title = report.say("report.chart_data")
    sheet.write(0, DATA_COLUMN, title, look("title"))
    sheet.write(1, DATA_COLUMN, report.say("report.chart_data_about"), look("hint", text_wrap=False))
    sheet.column(DATA_COLUMN - 1, 4)
    labels = [label for one in drawn for label in (*one.categories, one.category_name)]
    sheet.column(DATA_COLUMN, fitting_width(labels, least=14))
    for at in range(widest(drawn)):
        sheet.column(DATA_COLUMN + 1 + at, 16)
    data_row = CHART_ROW
    breaks = []
    for at, chart in enumerate(drawn):
        row = CHART_ROW + at // 2 * CHART_ROWS
        column = SECOND_CHART_COLUMN if at % 2 else 0
        below = write_data(sheet, look, chart, data_row, DATA_COLUMN)
        native = draw(report, sheet, chart, (data_row, DATA_COLUMN), (CHART_WIDTH_PX, CHART_HEIGHT_PX))
        insert(sheet, native, chart, row, column)
        data_row = below + 1
        if at % 4 == 2:  # one pair of charts fits below the cards, two on each further page
            breaks.append(row)
    sheet.raw.set_h_pagebreaks(breaks)
    return CHART_ROW + (len(drawn) + 1) // 2 * CHART_ROWS
