"""Months, weekdays, goods and the figures of the overview, counted so that each says what it rests on.

A share without enough behind it is None: the floors below. A customer *returns* from her second visit on;
what she pays between the first and the second (postage, a second book next day) belongs to the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import compress

from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.result import Kpi, Month
from sheetkit.model.book import Column
from sheetkit.model.days import month_index
from sheetkit.model.labels import fold

MOST_MONTHS = 36
YEAR_DAYS = 365
MATURE_DAYS = 90
"""A customer younger than this has not had the time to come back."""

FLOOR_VISITS = 5
"""Visits an average rests on."""
FLOOR_RATED = 10
"""Ratings a share of good ones rests on."""
FLOOR_CUSTOMERS = 20
"""Customers a share of returning or lost ones rests on."""
FLOOR_ORDERS = 20
"""Orders a share of refunds, and visits a share of returning revenue, rest on."""


def months(ledger: Ledger) -> list[Month]:
    """Every month from the first with a trade to the last, gaps as zeros; the last 36 at most."""
    days = ledger.days
    index = {day: month_index(day) for day in days.cents}
    present = {month for day, month in index.items() if days.sales[day] or days.cents[day]}
    if not present:
        return []
    end = max(present)
    start = max(min(present), end - MOST_MONTHS + 1)
    visits, revenue, returning, new = ([0] * (end - start + 1) for _ in range(4))
    newcomers = Counter(ledger.came[0])
    for day, month in index.items():
        if start <= month <= end:
            at = month - start
            visits[at] += days.visits[day]
            revenue[at] += days.cents[day]
            returning[at] += days.returning[day]
            new[at] += newcomers[day]
    columns = zip(visits, revenue, returning, new, strict=True)
    return [Month(start + at, *figures) for at, figures in enumerate(columns)]


def weekdays(ledger: Ledger) -> list[tuple[int, int]]:
    """(visits, cents) of Monday to Sunday."""
    visits, cents = [0] * 7, [0] * 7
    for day, net in ledger.days.cents.items():
        at = (day + 5) % 7  # day 2 is 1900-01-01, a Monday
        visits[at] += ledger.days.visits[day]
        cents[at] += net
    return list(zip(visits, cents, strict=True))


def categories(ledger: Ledger) -> list[tuple[str, int, int]]:
    """(category, sales, cents), the largest first; sales without one are left out."""
    return _ranked(ledger, ledger.category)


def top_items(ledger: Ledger, most: int = 20) -> list[tuple[str, int, int]]:
    """(item, sales, cents), the largest first."""
    return _ranked(ledger, ledger.item)[:most]


def _ranked(ledger: Ledger, column: list[str | None]) -> list[tuple[str, int, int]]:
    """Labels that differ by case, width or spaces only are one, shown as first typed."""
    money: dict[str | None, int] = dict.fromkeys(column, 0)
    for label, net in zip(column, ledger.net, strict=True):
        money[label] += net
    sales = Counter(compress(column, ledger.sale))
    shown: dict[str, str] = {}
    lines: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for label, net in money.items():
        key = fold(label or "")
        if key and (net or sales[label]):
            shown.setdefault(key, label or "")
            lines[key] += sales[label]
            cents[key] += net
    ranked = sorted(shown, key=lambda key: (-cents[key], -lines[key], key))
    return [(shown[key], lines[key], cents[key]) for key in ranked]


def kpis(
    ledger: Ledger,
    customers: Mapping[str, Column],
    as_of: int,
    goals: Mapping[str, float],
    mature_days: int = MATURE_DAYS,
) -> list[Kpi]:
    """The figures of the overview, in the order to show them; ``kpi.KEY`` in the catalogue names each.

    ``customers``: as in ``Analysis.customers`` (visits, first_day, activity).
    ``goals``: as typed, money in whole units of the currency.
    """
    mature = [
        visits
        for visits, first in zip(customers["visits"], customers["first_day"], strict=True)
        if visits and first is not None and as_of - first >= mature_days
    ]
    again = sum(visits >= 2 for visits in mature)
    rated = sum(ledger.rated)
    return [
        *_totals(ledger, customers, as_of),
        *_asked(customers),
        _share("repeat_share", again, len(mature), FLOOR_CUSTOMERS, goals.get("goal_repeat_share")),
        _share("good_share", sum(ledger.praised), rated, FLOOR_RATED, goals.get("goal_good_share")),
        *_year_shares(ledger, as_of),
        _lost(customers),
        *_month_sales(ledger, as_of, goals),
    ]


def _asked(customers: Mapping[str, Column]) -> list[Kpi]:
    """Of those who asked for something, how many have bought; nothing where no enquiry is noted."""
    asked = [at for at, day in enumerate(customers.get("asked_day", ())) if day is not None]
    bought = sum(1 for at in asked if customers["visits"][at])
    return [_share("asked_share", bought, len(asked), FLOOR_CUSTOMERS)] if asked else []


def _totals(ledger: Ledger, customers: Mapping[str, Column], as_of: int) -> list[Kpi]:
    days = ledger.days
    year = _year(ledger, as_of)
    total, visits = len(customers["visits"]), days.visits.total()
    buyers = sum(1 for one in customers["visits"] if one)
    average = sum(days.named.values()) / visits if visits >= FLOOR_VISITS else None
    return [
        Kpi("customers", total, "count", total),
        Kpi("buyers", buyers, "count", total),
        Kpi("visits", visits, "count", visits),
        Kpi("revenue", sum(days.cents.values()), "money", days.sales.total()),
        Kpi("revenue_year", sum(days.cents[at] for at in year), "money", sum(days.sales[at] for at in year)),
        Kpi("average_visit", average, "money", visits),
    ]


def _year(ledger: Ledger, as_of: int) -> list[int]:
    """The days of the ledger in the year that ends with the analysis date."""
    return [day for day in ledger.days.cents if as_of - YEAR_DAYS < day <= as_of]


def _share(key: str, part: int, n: int, floor: int, goal: float | None = None) -> Kpi:
    return Kpi(key, min(part / n, 1.0) if n >= floor else None, "percent", n, goal)


def _year_shares(ledger: Ledger, as_of: int) -> list[Kpi]:
    """Of the last year: the part of the revenue with a name that returning customers brought; refunds."""
    days, year = ledger.days, _year(ledger, as_of)
    returning, named = (sum(sums[day] for day in year) for sums in (days.returning, days.named))
    visits, refunds, placed = (
        sum(counts[day] for day in year) for counts in (days.visits, days.refunds, days.placed)
    )
    share = min(max(returning / named, 0.0), 1.0) if visits >= FLOOR_ORDERS and named > 0 else None
    return [
        Kpi("returning_share", share, "percent", visits),
        _share("refund_share", refunds, placed, FLOOR_ORDERS),
    ]


def _lost(customers: Mapping[str, Column]) -> Kpi:
    """Lost customers among those with two visits or more; who came once was never won."""
    activity = customers.get("activity") or customers.get("stage") or [""] * len(customers["visits"])
    regulars = [state for visits, state in zip(customers["visits"], activity, strict=True) if visits >= 2]
    return _share("lost_share", regulars.count("lost"), len(regulars), FLOOR_CUSTOMERS)


def _month_sales(ledger: Ledger, as_of: int, goals: Mapping[str, float]) -> list[Kpi]:
    """This month so far, and the last whole one where the ledger began before its end."""
    days, goal = ledger.days, goals.get("goal_month_sales")
    index = {day: month_index(day) for day in days.cents}
    this = month_index(as_of)
    money, sales = Counter({this: 0}), Counter({this: 0})
    for day, month in index.items():
        if day <= as_of:
            money[month] += days.cents[day]
            sales[month] += days.sales[day]
    covered = min(index.values(), default=this) < this
    last = float(money[this - 1]) if covered else None
    return [
        Kpi("month_sales", money[this], "money", sales[this]),
        Kpi("last_month_sales", last, "money", sales[this - 1], None if goal is None else goal * 100),
    ]
