"""The live sheet 看板: cards with the goals, and charts over figures that stand beside them, all formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sheetkit.analysis.trends import FLOOR_CUSTOMERS, FLOOR_RATED, MATURE_DAYS
from sheetkit.messages import text
from sheetkit.model.currencies import currencies, now
from sheetkit.writing.live.birthday_lines import write_birthdays
from sheetkit.writing.live.birthdays import reminds
from sheetkit.writing.live.board import Block, part_of
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.sentence import Said, choose, count, literal, money, sentence, share
from sheetkit.writing.live.shop import day_text, outside_line, rows_outside, sheet_name
from sheetkit.writing.live.tables import Tables
from sheetkit.writing.look import AMBER, AMBER_INK, CHART_COLORS, FAINT, FONT, INK, LINE, ROW_HEIGHT
from sheetkit.writing.report import words
from sheetkit.writing.settings import CURRENCY_SIGN
from sheetkit.writing.sheet import Area, Sheet, cell

TITLE, ABOUT, STATE, CARD, CHARTS = 0, 1, 2, 4, 9
CARDS = 6
CARD_WIDTH, GUTTER_WIDTH = 22.0, 1.5
LAST = 2 * CARDS - 2
SECOND, DATA = CARDS, LAST + 2
"""Columns: where the right-hand charts begin, and the figures."""
CHART_ROWS, CHART_WIDTH_PX = 13, 3 * 159 + 2 * 16
CHART_HEIGHT_PX = 12 * 24 - 2
"""Charts end exactly where a column and a row do."""
AMOUNTS = '[>=100000]#,##0,"k";[=0]"";#,##0'
COUNTS = "#,##0;-#,##0;"
SHARES = "0%;-0%;"
"""How the marks carry their values: none of nothing, so that an empty shop's chart stays clean."""
_AXES = {AMOUNTS: "[=0]0;[>=1]#,##0;General", COUNTS: '[=0]0;[<1]"";#,##0', SHARES: "0%"}
"""The same for the axes, which would show a half as 1."""


@dataclass(frozen=True)
class Series:
    """A row of marks: a column of a block, counted from its labels; ``colors`` gives each mark its own."""

    column: int
    color: str
    colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart over a block; ``name`` is what it is called, ``title`` the cell that says what it shows."""

    kind: Literal["bar", "column", "line", "pie"]
    name: str
    title: Said
    block: Block
    series: tuple[Series, ...]
    shown: str
    axis: str = ""
    least: int | None = 0
    unit: str = ""


def write_dashboard(sheet: Sheet, live: Live) -> None:
    """Writes the sheet."""
    writer = _Writer(sheet, live)
    writer.head()
    writer.cards()
    below = writer.charts(writer.chosen())
    if reminds(live.layout):
        below = write_birthdays(sheet, live, below, range(0, 9, 2), LAST + 1)
    writer.page(below)


class _Writer:
    def __init__(self, sheet: Sheet, live: Live) -> None:
        self.sheet, self.live, self.look, self.lang = sheet, live, live.look, live.lang
        sheet.raw.set_default_row(ROW_HEIGHT)
        for col in range(LAST + 1):
            sheet.column(col, GUTTER_WIDTH if col % 2 else CARD_WIDTH)
        sheet.column(LAST + 1, 4)
        self.board = Tables(sheet, live, CHARTS, DATA)
        self.facts = self.board.figures()

    def head(self) -> None:
        """What the sheet is, as of when, the ways on; and a line where there is nothing yet, or too much."""
        live, sheet, look = self.live, self.sheet, self.look
        sheet.write(TITLE, 0, live.blueprint.sheet("dashboard").labels[self.lang], look("title"))
        sheet.row(TITLE, 32)
        links = {2: "classes", 4: "settings", 6: "today"}
        for col, key in links.items():
            name = live.blueprint.sheet(key).labels[self.lang]
            sheet.link(TITLE, col, f"internal:{live.layout.sheet(key)}!A1", f"→ {name}", look("link"))
        settings = sheet_name(live, "settings")
        about = sentence("dashboard.about", self.lang, day=day_text(live), settings=settings)
        hint = look("hint", text_wrap=False)
        sheet.formula(ABOUT, 0, f"={about.formula}", about.value, hint)
        blank = sentence("dashboard.blank", self.lang, trades=sheet_name(live, "trades"))
        buyers = self.facts["buyers"]
        none = Said(f"{buyers.formula}=0", buyers.number == 0)
        state = choose(none, blank, outside_line(live, rows_outside(live)))
        sheet.formula(STATE, 0, f"={state.formula}", state.value, look("hint", text_wrap=False, bold=True))
        amber = look.rule(bg_color=AMBER, font_color=AMBER_INK)
        area = Area(STATE, 0, STATE, LAST)
        sheet.highlight(area, f'={cell(STATE, 0, fixed=True)}<>""', amber)

    # Cards

    def cards(self) -> None:
        """Six figures: what each is, its value, what it rests on, and how far the goal is."""
        facts, say = self.facts, self._say
        days = Said(str(MATURE_DAYS), str(MATURE_DAYS))
        self._card(0, "customers", facts["customers"], say("dashboard.rests_customers"))
        part = share(part_of(facts["buyers"], facts["customers"]))
        self._card(1, "buyers", facts["buyers"], say("dashboard.rests_buyers", share=part))
        again, mature = facts["again"], facts["mature"]
        rests = say("dashboard.rests_repeat", part=count(again), n=count(mature), days=days)
        self._share_card(2, "repeat_share", (again, mature), FLOOR_CUSTOMERS, rests)
        praised, rated = facts["praised"], facts["rated"]
        rests = say("dashboard.rests_rated", part=count(praised), n=count(rated))
        self._share_card(3, "good_share", (praised, rated), FLOOR_RATED, rests)
        rests = say("dashboard.rests_sales", n=count(facts["year_sales"]))
        self._card(4, "revenue_year", facts["year_money"], rests, unit="money")
        before = facts["before"]
        covered = Said(f"{before.formula}>0", before.number > 0)
        value = choose(covered, facts["month_money"], Said('"—"', "—"))
        rests = say("dashboard.rests_month", month=self.board.last_month(), n=count(facts["month_sales"]))
        rests = choose(covered, rests, say("dashboard.no_month"))
        self._card(5, "last_month_sales", value, rests, unit="money", goal="goal_month_sales")

    def _say(self, key: str, **parts: Said) -> Said:
        return sentence(key, self.lang, **parts)

    def _share_card(self, at: int, key: str, parts: tuple[Said, Said], least: int, rests: Said) -> None:
        enough = Said(f"{parts[1].formula}>={least}", parts[1].number >= least)
        value = choose(enough, part_of(*parts), Said('"—"', "—"))
        few = self._say("dashboard.too_few", n=count(parts[1]), least=Said(literal(str(least)), str(least)))
        self._card(at, key, value, choose(enough, rests, few), unit="percent", goal=f"goal_{key}")

    def _card(self, at: int, key: str, value: Said, rests: Said, unit: str = "count", goal: str = "") -> None:
        sheet, look, col = self.sheet, self.look, 2 * at
        sheet.write(CARD, col, words.kpi_label(key, self.lang), look("card_label", text_wrap=True, indent=1))
        fmt = words.cell_format(unit, self.lang)
        shown = look("card_value", "number", num_format=fmt, indent=1, shrink=True)
        sheet.formula(CARD + 1, col, f"={value.formula}", value.value, shown)
        if unit == "money":
            self._follow_the_currency(Area(CARD + 1, col, CARD + 1, col))
        note = look("card_note", text_wrap=True, indent=1, num_format="General")
        sheet.formula(CARD + 2, col, f"={rests.formula}", rests.value, note)
        if not goal:
            sheet.write(CARD + 3, col, None, note)
        else:
            said = self._goal(goal, cell(CARD + 1, col), unit)
            sheet.formula(CARD + 3, col, f"={said.formula}", said.value, note)
        for row, height in enumerate((28, 34, 28, 28), CARD):
            sheet.row(row, height)

    def _follow_the_currency(self, area: Area) -> None:
        """The sign of a sum is that of the currency set by now, not of the one the workbook was made in."""
        for one in currencies().values():
            if one != now():
                mark = self.look.rule(num_format=one.whole_format)
                self.sheet.highlight(area, f'={CURRENCY_SIGN}="{one.sign}"', mark)

    def _goal(self, name: str, here: str, unit: str) -> Said:
        """How far the goal is. A new workbook has none, so what it says now is where to set one."""
        if unit == "percent":
            aim, left = f'TEXT({name},"0%")', f"{name}-{here}"
            gap = f'TEXT(MAX(({left})*100,0.1),IF({left}>=0.01,"0","0.0"))'
            short = self._say("report.goal_points", goal=Said(aim, ""), points=Said(gap, ""))
        else:
            aim, gap = (money(Said(one, 0)).formula for one in (name, f"({name}-{here})"))
            short = self._say("report.goal_short", goal=Said(aim, ""), gap=Said(gap, ""))
        reached = self._say("report.goal_reached", goal=Said(aim, "")).formula
        only = self._say("report.goal", goal=Said(aim, "")).formula
        none = self._say("dashboard.no_goal", settings=sheet_name(self.live, "settings"))
        judged = f"IF(ISNUMBER({here}),IF({here}>={name},{reached},{short.formula}),{only})"
        return Said(f"IF(ISNUMBER({name}),{judged},{none.formula})", none.value)

    # Charts

    def chosen(self) -> list[Chart]:
        """The charts in their order, their figures written."""
        board, dimensions = self.board, self.live.blueprint.dimensions
        template = self.live.blueprint
        made = [self._classes(dimensions[0], template.chart("classes") == "pie")]
        months = board.months()
        names = [text(key, self.lang) for key in ("dashboard.months", "dashboard.newcomers")]
        series = [Series(1, CHART_COLORS[0]), Series(2, CHART_COLORS[1])]
        titles = board.month_titles(months)
        axis = board.month_axis
        kind: Literal["line", "column"] = "line" if template.chart("sales") == "line" else "column"
        made.append(Chart(kind, names[0], titles[0], months, (series[0],), AMOUNTS, axis, None))
        if "value_tier" in dimensions[1:]:
            made.append(self._tiers("value_tier"))
        made.append(Chart("column", names[1], titles[1], months, (series[1],), COUNTS, axis))
        if "activity" in dimensions[1:]:
            made.append(self._classes("activity"))
        days = board.weekdays()
        axis, name = text("report.weekday", self.lang), text("dashboard.weekdays", self.lang)
        made.append(Chart("column", name, board.weekday_title(days), days, (series[0],), COUNTS, axis))
        return made

    def _classes(self, key: str, pie: bool = False) -> Chart:
        block = self.board.classes(key)
        dimension = self.live.rulebook.dimensions[key]
        colors = tuple(one.color for one in dimension.classes)
        one_each = colors if len(set(colors)) == len(colors) <= len(CHART_COLORS) else ()
        title = self.board.class_title(key, block)
        name = dimension.labels[self.lang]
        series = (Series(1, CHART_COLORS[0], one_each or colors if pie else one_each),)
        return Chart("pie" if pie else "bar", name, title, block, series, COUNTS)

    def _tiers(self, key: str) -> Chart:
        block = self.board.tiers(key)
        series = Series(2, CHART_COLORS[5]), Series(4, CHART_COLORS[0])
        name = self.live.rulebook.dimensions[key].labels[self.lang]
        title, unit = self.board.tier_title(key, block), text("report.share", self.lang)
        return Chart("bar", name, title, block, series, SHARES, unit=unit)

    def charts(self, drawn: Sequence[Chart]) -> int:
        """Charts two a row; returns the row below the last."""
        for at, chart in enumerate(drawn):
            row, col = CHARTS + at // 2 * CHART_ROWS, SECOND if at % 2 else 0
            alt = text("dashboard.alt", self.lang, name=chart.name)
            options = {"description": alt, "object_position": 1, "y_offset": 2}
            if self.sheet.raw.insert_chart(row, col, self._native(chart), options):
                raise ValueError(f"the chart {chart.name!r} cannot stand at row {row}")
        return CHARTS + (len(drawn) + 1) // 2 * CHART_ROWS

    def _native(self, chart: Chart) -> Any:
        native = self.sheet.book.add_chart({"type": chart.kind})
        for one in chart.series:
            native.add_series(
                {
                    "name": f"={self.sheet.at(chart.block.head, DATA + one.column)}",
                    "categories": f"={self.sheet.area(chart.block.column(0))}",
                    "values": f"={self.sheet.area(chart.block.column(one.column))}",
                    "points": [{"fill": {"color": color}} for color in one.colors] or None,
                    **_marks(chart, one),
                }
            )
        bold = {**_font(11, INK), "bold": True}
        title = f"={self.sheet.quoted}!{chart.title.formula}"
        native.set_title({"name": title, "overlay": False, "name_font": bold})
        if chart.kind != "pie":
            self._axes(native, chart)
        legend = {"position": "bottom", "font": _font(9, INK)} if len(chart.series) > 1 else {"none": True}
        native.set_legend(legend)
        native.set_size({"width": CHART_WIDTH_PX, "height": CHART_HEIGHT_PX})
        native.set_chartarea({"border": {"color": LINE}, "fill": {"color": "#FFFFFF"}})
        return native

    def _axes(self, native: Any, chart: Chart) -> None:
        """Categories and values named by what they count in; bars read from the top down."""
        category: dict[str, Any] = {
            "num_font": _font(9, INK),
            "line": {"color": LINE},
            "major_tick_mark": "none",
        }
        value: dict[str, Any] = {
            "name": chart.unit or chart.block.units[chart.series[0].column],
            "name_font": _font(9, FAINT),
            "num_font": _font(9, FAINT),
            "num_format": _AXES[chart.shown],
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
            "major_tick_mark": "none",
            "min": chart.least,
        }
        if chart.kind == "bar":
            native.set_y_axis({**category, "reverse": True, "crossing": "max"})
            native.set_x_axis(value)
        else:
            name = {"name": chart.axis, "name_font": _font(9, FAINT), "label_position": "low"}
            native.set_x_axis({**category, **name})
            native.set_y_axis(value)

    def page(self, below: int) -> None:
        """A4 across; the figures beside the charts stay off the paper."""
        self.sheet.page(repeat_rows=0)
        self.sheet.raw.print_area(0, 0, below, LAST)
        self.sheet.raw.set_h_pagebreaks([CHARTS + CHART_ROWS])
        self.sheet.raw.hide_gridlines(2)
        self.sheet.protect(sorting=False)


def _marks(chart: Chart, series: Series) -> dict[str, Any]:
    """How the marks of a series look; each says its value, a slice also whose it is."""
    said: dict[str, Any] = {"value": True, "num_format": chart.shown, "font": _font(9, INK)}
    match chart.kind:
        case "pie":
            named = {"category": True, "value": False, "percentage": True, "separator": " "}
            place = {"num_format": "0%", "position": "outside_end", "leader_lines": True}
            return {"data_labels": {**said, **named, **place}}
        case "line":
            marker = {"type": "circle", "size": 5, "fill": {"color": series.color}}
            line = {"color": series.color, "width": 2.25}
            return {"line": line, "marker": marker, "data_labels": {**said, "position": "above"}}
    look = {"fill": {"color": series.color}, "gap": 45, "overlap": -5}
    return {**look, "data_labels": {**said, "position": "outside_end"}}


def _font(size: int, color: str) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": color, "bold": False}
