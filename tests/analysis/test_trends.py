"""Months, weekdays, goods and figures over ledgers small enough to count by hand."""

from __future__ import annotations

import pytest

from sheetkit.analysis import trends
from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.result import Kpi, Month
from sheetkit.messages import LANGS, text
from sheetkit.model.days import to_date
from tests.analysis.drawing import day, drawn


def ledger(table: str, before: frozenset[int] = frozenset()) -> Ledger:
    """``what`` holds letters: s sale, v opens a visit, r refund, p placed, + rated good, - rated not good."""
    rows = drawn(table)

    def flag(letters: str) -> list[int]:
        return [int(any(letter in row["what"] for letter in letters)) for row in rows]

    def texts(key: str) -> list[str | None]:
        return [row.get(key) or None for row in rows]

    return Ledger(
        [day(row["day"]) for row in rows],
        [int(row["who"]) for row in rows],
        [int(row["net"]) for row in rows],
        flag("s"), flag("v"), flag("+"), flag("+-"), flag("r"), flag("p"),
        texts("category"), texts("item"), before,
    )  # fmt: skip


EMPTY = ledger("day|who|net|what")
# 1 comes in January, pays postage next day, and comes again in April; 2 comes once; then one unnamed.
SHOP = """
    day        | who | net  | what  | category | item
    2026-01-05 | 1   | 1000 | svp+  | 家电     | 微波炉
    2026-01-06 | 1   | 100  | sp    |          | 邮费
    2026-04-06 | 1   | 3000 | svp-  | 家电     | 冰箱
    2026-04-07 | 2   | 500  | svp   | 书       | 微波炉
    2026-04-12 | 0   | 700  | sp    | 书       |
    2026-04-12 | 2   | -200 | r     | 书       | 微波炉
    2026-06-01 | 2   | 0    |       | 书       | 沙发
"""


def test_months_have_no_gap_and_know_who_came_back() -> None:
    january = 2026 * 12
    assert trends.months(ledger(SHOP)) == [
        Month(january, visits=1, revenue_cents=1100, returning_cents=0, new_customers=1),
        Month(january + 1, 0, 0, 0, 0),
        Month(january + 2, 0, 0, 0, 0),
        Month(january + 3, visits=2, revenue_cents=4000, returning_cents=3000, new_customers=1),
    ]


def test_the_order_of_rows_changes_nothing() -> None:
    head, *rows = SHOP.strip().split("\n")
    turned = "\n".join([head, *reversed(rows)])
    assert trends.months(ledger(turned)) == trends.months(ledger(SHOP))


def test_who_traded_before_the_book_returns_with_her_first_visit() -> None:
    months = trends.months(ledger(SHOP, before=frozenset({2, 99})))
    assert (months[-1].returning_cents, months[-1].new_customers) == (3000 + 500 - 200, 0)


def test_three_years_at_most() -> None:
    months = trends.months(ledger("day|who|net|what\n2020-01-05|1|100|sv\n2026-03-01|1|100|sv"))
    assert len(months) == trends.MOST_MONTHS == 36
    assert (months[0].month, months[-1].month) == (2023 * 12 + 3, 2026 * 12 + 2)
    assert sum(one.new_customers for one in months) == 0
    assert months[-1].returning_cents == 100


def test_weekdays_begin_on_monday() -> None:
    assert to_date(day("2026-01-05")).weekday() == 0
    assert trends.weekdays(ledger(SHOP)) == [
        (2, 4000),
        (1, 600),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 500),
    ]


def test_goods_are_ranked_by_money_and_one_however_they_are_spelt() -> None:
    assert trends.categories(ledger(SHOP)) == [("家电", 2, 4000), ("书", 2, 1000)]
    assert trends.top_items(ledger(SHOP)) == [("冰箱", 1, 3000), ("微波炉", 2, 1300), ("邮费", 1, 100)]
    assert trends.top_items(ledger(SHOP), most=1) == [("冰箱", 1, 3000)]
    spelt = "day|who|net|what|item\n2026-01-05|1|10|sv|TV\n2026-01-05|2|20|sv|ＴＶ\n2026-01-06|3|5|sv|tv"
    assert trends.top_items(ledger(spelt)) == [("TV", 3, 35)]


def test_nothing_gives_nothing() -> None:
    assert trends.months(EMPTY) == trends.categories(EMPTY) == trends.top_items(EMPTY) == []
    assert trends.weekdays(EMPTY) == [(0, 0)] * 7
    found = kpis(EMPTY, {"visits": [], "first_day": [], "activity": []}, "2026-05-10")
    assert found["customers"].value == found["revenue"].value == found["month_sales"].value == 0
    assert {key for key, one in found.items() if one.value is None} == {
        "average_visit", "repeat_share", "good_share", "returning_share", "refund_share", "lost_share",
        "last_month_sales",
    }  # fmt: skip


def kpis(
    book: Ledger, customers: dict[str, list[object]], as_of: str, goals: dict[str, float] | None = None
) -> dict[str, Kpi]:
    return {one.key: one for one in trends.kpis(book, customers, day(as_of), goals or {})}


def people(
    count: int, visits: int = 1, first: str = "2025-01-01", activity: str = "active"
) -> dict[str, list[object]]:
    return {"visits": [visits] * count, "first_day": [day(first)] * count, "activity": [activity] * count}


def joined(*groups: dict[str, list[object]]) -> dict[str, list[object]]:
    return {key: [value for group in groups for value in group[key]] for key in groups[0]}


def test_totals() -> None:
    found = kpis(ledger(SHOP), joined(people(2), people(1, visits=0)), "2027-01-05")
    assert (found["customers"].value, found["buyers"].value, found["buyers"].n) == (3, 2, 3)
    assert (found["visits"].value, found["revenue"].value, found["revenue"].n) == (3, 5100, 5)
    # 365 days that end with 2027-01-05 begin on 2026-01-06
    assert (found["revenue_year"].value, found["revenue_year"].n) == (4100, 4)
    assert found["average_visit"] == Kpi("average_visit", None, "money", 3)


def test_an_average_leaves_out_sales_without_a_name() -> None:
    rows = "\n".join(f"2026-01-0{at}|{at}|100|svp" for at in range(1, 6))
    found = kpis(ledger(f"day|who|net|what\n{rows}\n2026-01-06|0|900|sp"), people(5), "2026-02-01")
    assert found["average_visit"] == Kpi("average_visit", 100, "money", 5)
    assert found["revenue"].value == 1400


@pytest.mark.parametrize(
    ("groups", "value", "n"),
    [
        # 15 once, 5 twice, all first seen long ago; the young and the never-bought do not count
        ((people(15), people(5, visits=2), people(9, first="2026-03-01"), people(7, visits=0)), 0.25, 20),
        ((people(14), people(5, visits=2)), None, 19),
        # first visit 90 days ago counts, 89 does not
        ((people(20, first="2026-02-01"),), 0.0, 20),
        ((people(20, first="2026-02-02"),), None, 0),
    ],
)
def test_returning_customers_among_those_who_had_the_time(
    groups: tuple[dict[str, list[object]], ...], value: float | None, n: int
) -> None:
    found = kpis(EMPTY, joined(*groups), "2026-05-02", {"goal_repeat_share": 0.3})
    assert found["repeat_share"] == Kpi("repeat_share", value, "percent", n, 0.3)


@pytest.mark.parametrize(("lost", "kept", "value"), [(5, 15, 0.25), (5, 14, None), (0, 20, 0.0)])
def test_lost_counts_only_who_came_twice(lost: int, kept: int, value: float | None) -> None:
    strangers = people(40, visits=1, activity="lost")
    customers = joined(people(lost, 2, activity="lost"), people(kept, 3), strangers)
    found = kpis(EMPTY, customers, "2026-05-02")["lost_share"]
    assert found == Kpi("lost_share", value, "percent", lost + kept)


@pytest.mark.parametrize(("good", "other", "value"), [(8, 2, 0.8), (8, 1, None)])
def test_good_ratings_of_those_rated(good: int, other: int, value: float | None) -> None:
    rows = ["2026-01-05|1|100|s+"] * good + ["2026-01-05|1|100|s-"] * other + ["2026-01-05|1|100|s"] * 30
    book = ledger("\n".join(["day|who|net|what", *rows]))
    found = kpis(book, people(1), "2026-02-01", {"goal_good_share": 0.9})
    assert found["good_share"] == Kpi("good_share", value, "percent", good + other, 0.9)


JANUARY, MARCH = "2026-01-05|{}|100|svp", "2026-03-05|{}|300|svp"


@pytest.mark.parametrize(
    ("rows", "refunds", "returning"),
    [
        # ten customers, twice each: 10 × 300 of 4000 from second visits; one refund in 20 orders
        ([*[JANUARY] * 10, *[MARCH] * 9, MARCH + "r"], 0.05, 0.75),
        # one order and one visit fewer: too little to say
        ([*[JANUARY] * 10, *[MARCH] * 9], None, None),
        # the same a year and a day earlier: not of this year
        (["2024-01-05|{}|100|svp"] * 10 + ["2025-03-05|{}|300|svpr"] * 10, None, None),
    ],
)
def test_shares_of_the_year(rows: list[str], refunds: float | None, returning: float | None) -> None:
    named = [row.format(at % 10 + 1) for at, row in enumerate(rows)]
    found = kpis(ledger("\n".join(["day|who|net|what", *named])), people(10, 2), "2026-04-01")
    assert found["refund_share"].value == refunds
    assert found["returning_share"].value == returning


def test_this_month_and_the_last_whole_one() -> None:
    goals = {"goal_month_sales": 50.0}
    found = kpis(ledger(SHOP), people(2), "2026-05-10", goals)
    assert found["month_sales"] == Kpi("month_sales", 0, "money", 0)
    assert found["last_month_sales"] == Kpi("last_month_sales", 4000, "money", 3, 5000)
    # on 10 April the month is not over, and what comes after the 10th has not been
    found = kpis(ledger(SHOP), people(2), "2026-04-10")
    assert (found["month_sales"].value, found["last_month_sales"].value) == (3500, 0)
    # in its first month a shop has no whole month behind it
    assert kpis(ledger(SHOP), people(2), "2026-01-31")["last_month_sales"].value is None


def test_every_figure_has_a_name() -> None:
    for one in trends.kpis(ledger(SHOP), people(2), day("2026-05-10"), {}):
        assert all(text(f"kpi.{one.key}", lang) for lang in LANGS)
