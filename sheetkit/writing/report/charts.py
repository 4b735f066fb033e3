"""What the overview draws: each chart with its data and the sentence that says what it shows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sheetkit.analysis.result import Month
from sheetkit.model.currencies import now
from sheetkit.model.days import month_index, month_label, to_date
from sheetkit.rules.rulebook import Dimension
from sheetkit.writing.look import CHART_COLORS
from sheetkit.writing.report import words
from sheetkit.writing.report.page import Report

MONTHS_SHOWN = 12
CATEGORIES_SHOWN = 6
WEEKDAY_LEAST_VISITS = 100
CHI_SQUARE_6_5_PERCENT = 12.592
"""Above it, seven counts differ by more than chance (6 degrees of freedom, 5 %)."""


@dataclass(frozen=True)
class Series:
    """One row of marks. ``point_colors`` gives each mark its own colour instead of ``color``."""

    name: str
    values: Sequence[float]
    color: str
    point_colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """One chart: ``title`` says what it shows, the two names what its axes count in."""

    kind: Literal["bar", "column", "stacked"]
    title: str
    category_name: str
    value_name: str
    categories: Sequence[str]
    series: Sequence[Series]
    number_format: str

    @property
    def alt(self) -> str:
        """The chart in words, for who cannot see it."""
        rows = []
        for at, category in enumerate(self.categories):
            values = ", ".join(self._said(one.values[at]) for one in self.series)
            rows.append(f"{category}: {values}")
        names = " / ".join(one.name for one in self.series)
        return f"{self.title} ({names}) {'; '.join(rows)}"

    def _said(self, value: float) -> str:
        return words.share(value) if self.number_format.endswith("%") else words.count(value)


Drawn = Chart | str
"""A chart, or the sentence that says why there is none."""


def charts(report: Report) -> list[Drawn]:
    """Every chart of the overview, in its order."""
    makers: list[Callable[[Report], Drawn]] = [
        class_shares, monthly_revenue, new_customers, tier_revenue, weekdays, categories,
    ]  # fmt: skip
    return [make(report) for make in makers]


def class_shares(report: Report) -> Drawn:
    """How many customers are in each class, the largest first."""
    dimensions = report.dimensions()
    total = report.analysis.customer_count
    if not dimensions or not total:
        return report.say("report.none_classes")
    dimension = dimensions[0]
    counts = report.analysis.segment_counts(dimension.key)
    ranked = sorted(
        (one for one in dimension.classes if counts.get(one.key)), key=lambda one: -counts[one.key]
    )
    title = report.say(
        "report.chart_classes",
        total=words.count(total),
        label=ranked[0].labels[report.lang],
        count=words.count(counts[ranked[0].key]),
        share=words.share(counts[ranked[0].key] / total),
    )
    unit = report.say("report.customers")
    colors = tuple(one.color for one in ranked)
    if len(set(colors)) > len(CHART_COLORS):
        colors = ()
    series = Series(unit, [counts[one.key] for one in ranked], CHART_COLORS[0], colors)
    labels = [one.labels[report.lang] for one in ranked]
    return Chart("bar", title, dimension.labels[report.lang], unit, labels, [series], "#,##0")


def _shown_months(report: Report) -> list[Month]:
    return sorted(report.analysis.months, key=lambda one: one.month)[-MONTHS_SHOWN:]


def _month_axis(report: Report, months: Sequence[Month]) -> str:
    """What the month axis is called; it says so where the last month is not over."""
    today = to_date(report.analysis.as_of)
    tomorrow = to_date(report.analysis.as_of + 1)
    if months[-1].month == month_index(report.analysis.as_of) and tomorrow.month == today.month:
        return report.say("report.month_running", day=today.day)
    return report.say("report.month")


def monthly_revenue(report: Report) -> Drawn:
    """Revenue by month, from returning and from new customers."""
    months = _shown_months(report)
    total = sum(one.revenue_cents for one in months)
    if len(months) < 2 or total <= 0:
        return report.say("report.none_revenue")
    returning = sum(one.returning_cents for one in months)
    title = report.say(
        "report.chart_revenue",
        share=words.share(min(max(returning / total, 0), 1)),
        months=len(months),
        total=words.money(total),
    )
    again = [one.returning_cents / 100 for one in months]
    first = [(one.revenue_cents - one.returning_cents) / 100 for one in months]
    series = [
        Series(report.say("report.returning", sign=now().sign), again, CHART_COLORS[0]),
        Series(report.say("report.new", sign=now().sign), first, CHART_COLORS[1]),
    ]
    labels = [month_label(one.month)[2:] for one in months]
    axis, name = _month_axis(report, months), report.say("report.sales_money", sign=now().sign)
    return Chart("stacked", title, axis, name, labels, series, "#,##0")


def new_customers(report: Report) -> Drawn:
    """How many bought for the first time, by month."""
    months = _shown_months(report)
    total = sum(one.new_customers for one in months)
    if len(months) < 2 or not total:
        return report.say("report.none_new")
    best = max(months, key=lambda one: one.new_customers)
    title = report.say(
        "report.chart_new",
        months=len(months),
        total=words.count(total),
        month=month_label(best.month),
        count=words.count(best.new_customers),
    )
    unit = report.say("report.new_customers")
    series = Series(unit, [one.new_customers for one in months], CHART_COLORS[1])
    labels = [month_label(one.month)[2:] for one in months]
    return Chart("column", title, _month_axis(report, months), unit, labels, [series], "#,##0")


def tier_revenue(report: Report) -> Drawn:
    """What share of customers and of revenue each value tier has; each class, where there are no tiers."""
    dimensions = report.dimensions()
    dimension = next((one for one in dimensions if "value" in one.key), dimensions[0])
    revenue = report.analysis.customers.get("revenue")
    if revenue is None or sum(value or 0 for value in revenue) <= 0:
        return report.say("report.none_tiers")
    people, cents = _by_class(report, dimension, revenue)
    ranked = sorted((one for one in dimension.classes if people.get(one.key)), key=lambda one: -one.rank)
    total, money = sum(people.values()), sum(cents.values())
    title = report.say(
        "report.chart_tiers",
        label=ranked[0].labels[report.lang],
        people=words.share(people[ranked[0].key] / total),
        money=words.share(cents[ranked[0].key] / money),
    )
    labels = [one.labels[report.lang] for one in ranked]
    of_people = [people[one.key] / total for one in ranked]
    of_money = [cents[one.key] / money for one in ranked]
    series = [
        Series(report.say("report.share_people"), of_people, CHART_COLORS[5]),
        Series(report.say("report.share_money"), of_money, CHART_COLORS[0]),
    ]
    name = dimension.labels[report.lang]
    return Chart("bar", title, name, report.say("report.share"), labels, series, "0%")


def _by_class(
    report: Report, dimension: Dimension, revenue: Sequence[int | None]
) -> tuple[dict[str, int], dict[str, int]]:
    people: dict[str, int] = {}
    cents: dict[str, int] = {}
    for key, value in zip(report.analysis.customers[dimension.key], revenue, strict=True):
        people[key] = people.get(key, 0) + 1
        cents[key] = cents.get(key, 0) + (value or 0)
    return people, cents


def weekdays(report: Report) -> Drawn:
    """Visits by day of the week; silent where chance alone would look the same."""
    visits = [one[0] for one in report.analysis.weekdays]
    total = sum(visits)
    if len(visits) != 7 or total < WEEKDAY_LEAST_VISITS:
        return report.say("report.none_weekdays", count=words.count(total), least=WEEKDAY_LEAST_VISITS)
    expected = total / 7
    uneven = sum((one - expected) ** 2 / expected for one in visits) > CHI_SQUARE_6_5_PERCENT
    names = report.say("report.weekdays").split()
    best = max(range(7), key=lambda at: visits[at])
    if uneven:
        title = report.say("report.chart_weekdays", day=names[best], share=words.share(visits[best] / total))
    else:
        title = report.say("report.chart_weekdays_even", count=words.count(total))
    series = Series(report.say("report.visits"), visits, CHART_COLORS[0])
    return Chart("column", title, report.say("report.weekday"), series.name, names, [series], "#,##0")


def categories(report: Report) -> Drawn:
    """What sells: the largest categories by revenue."""
    total = sum(cents for _, _, cents in report.analysis.categories)
    ranked = sorted(report.analysis.categories, key=lambda one: -one[2])[:CATEGORIES_SHOWN]
    if not ranked or total <= 0:
        return report.say("report.none_categories")
    best = min(ranked[0][2] / total, 1)
    title = report.say("report.chart_categories", label=ranked[0][0], share=words.share(best))
    name = report.say("report.sales_money", sign=now().sign)
    series = Series(name, [cents / 100 for _, _, cents in ranked], CHART_COLORS[0])
    labels = [label for label, _, _ in ranked]
    return Chart("bar", title, report.say("report.category"), name, labels, [series], "#,##0")
