"""Who is in which class, reasoned by hand: a shop of second-hand goods where most things cost 30 yuan."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from sheetkit.model.blueprint import blueprint
from sheetkit.rules.rulebook import rulebook
from tests.rules.shops import Row, Shop, contact, shop, trade


def visits(name: str, first: int, *more: int, yuan: float = 30, **fields: object) -> list[Row]:
    return [trade(name, ago, yuan, **fields) for ago in (first, *more)]


CROWD = [trade(f"crowd {at}", 300 + at % 50, 30 if at < 600 else 60) for at in range(1000)]
"""Each bought once, six in ten for 30 yuan, four for 60: so the medians are 30, the upper lines 60."""


CLASSES: list[tuple[str, str, list[Row], list[Row], Row]] = [
    # what she is, what she did, what was said, what is typed about her
    ("loyal", "eight trades, never rated", visits("she", *range(30, 270, 30)), [], {}),
    ("loyal", "three visits, the last at the limit", visits("she", 365, 400, 500), [], {}),
    ("quiet", "three visits, the last a day beyond it", visits("she", 366, 400, 500), [], {}),
    ("loyal", "two visits before the book, one in it", visits("she", 300), [], {"trades_before": 2}),
    (
        "loyal",
        "one bad rating of five in a year",
        [*visits("she", 100, 130, 160, 190), trade("she", 220, rating="bad")],
        [],
        {},
    ),
    (
        "active",
        "one of four is more than a fifth",
        [*visits("she", 80, 130, 160), trade("she", 190, rating="bad")],
        [],
        {},
    ),
    (
        "active",
        "eight trades, but she is in the trade",
        visits("she", *range(30, 270, 30)),
        [],
        {"identity": "trade"},
    ),
    ("active", "two visits, the last at the limit", visits("she", 90, 180), [], {}),
    ("new", "the second visit a day outside the span", visits("she", 50, 181), [], {}),
    ("new", "five books in two days are one visit", visits("she", 20, 20, 20, 19, 19), [], {}),
    ("active", "four days apart are two visits", visits("she", 20, 24), [], {}),
    ("new", "three days apart are one", visits("she", 20, 23), [], {}),
    (
        "new",
        "postage and deposit are no visit",
        [trade("she", 20), trade("she", 10, 8, line_kind="extra"), trade("she", 40, 8, line_kind="extra")],
        [],
        {},
    ),
    ("new", "one visit, at the limit", visits("she", 60), [], {}),
    ("quiet", "one visit, a day beyond it", visits("she", 61), [], {}),
    (
        "new",
        "a refund of 30 yuan to one who bought once is no reason to fear her",
        [trade("she", 20), trade("she", 18, -30)],
        [],
        {},
    ),
    (
        "quiet",
        "one order, refunded: no trade, and no problem either",
        [trade("she", 20, state="refunded")],
        [],
        {},
    ),
    ("potential", "one dear trade", visits("she", 200, yuan=60), [], {}),
    ("quiet", "a little less dear", visits("she", 200, yuan=59.99), [], {}),
    ("potential", "an open wish, no trade", [], [contact("she", 60, "wish")], {}),
    ("quiet", "a wish a day too old", [], [contact("she", 61, "wish")], {}),
    ("potential", "an old wish until today", [], [contact("she", 300, "wish", due=46162)], {}),
    (
        "quiet",
        "a wish that ended yesterday",
        [],
        [contact("she", 10, "wish", due=46161), contact("she", 40, "chat")],
        {"trades_before": 1},
    ),
    ("potential", "asked, never bought", [], [contact("she", 30, "enquiry")], {}),
    ("quiet", "asked a day too long ago", [], [contact("she", 31, "enquiry")], {}),
    (
        "quiet",
        "asked, but bought before the book began",
        [],
        [contact("she", 5, "enquiry")],
        {"trades_before": 1},
    ),
    ("quiet", "the seller asked her", [], [contact("she", 5, "enquiry", direction="outbound")], {}),
    ("quiet", "on the list and nothing else", [], [], {"risk": ""}),
    ("problem", "marked", visits("she", *range(30, 270, 30)), [], {"risk": "risky"}),
    (
        "problem",
        "an after-sale case open",
        visits("she", *range(30, 270, 30)),
        [contact("she", 400, "after_sale")],
        {},
    ),
    (
        "loyal",
        "the case closed",
        visits("she", *range(30, 270, 30)),
        [contact("she", 9, "after_sale", status="closed")],
        {},
    ),
    (
        "problem",
        "a poor rating 90 days ago",
        [*visits("she", *range(30, 270, 30)), trade("she", 90, rating="neutral")],
        [],
        {},
    ),
    (
        "loyal",
        "a poor rating 91 days ago",
        [*visits("she", *range(30, 270, 30)), trade("she", 91, rating="neutral")],
        [],
        {},
    ),
    (
        "problem",
        "two complaints within a year",
        visits("she", 20),
        [contact("she", ago, "complaint", status="closed") for ago in (5, 365)],
        {},
    ),
    (
        "new",
        "one of them a day older",
        visits("she", 20),
        [contact("she", ago, "complaint", status="closed") for ago in (5, 366)],
        {},
    ),
    (
        "problem",
        "let down twice",
        visits("she", 20, state="lapsed") + visits("she", 10, 5, state="lapsed"),
        [],
        {},
    ),
    ("new", "let down once", [*visits("she", 20), trade("she", 10, state="lapsed")], [], {}),
    (
        "problem",
        "two refunds by her fault are two let-downs",
        [*visits("she", 20, 30, 40), *visits("she", 50, 60, state="refunded", fault="buyer")],
        [],
        {},
    ),
    (
        "problem",
        "two of four orders refunded",
        [*visits("she", 20, 30), *visits("she", 50, 60, state="refunded")],
        [],
        {},
    ),
    (
        "loyal",
        "two of five orders refunded",
        [*visits("she", 20, 30, 40), *visits("she", 50, 60, state="refunded")],
        [],
        {},
    ),
]


OTHERS: list[tuple[str, str, list[Row], list[Row], Row]] = [
    ("value_tier unpaid", "never bought", [], [contact("she", 5, "chat")], {}),
    ("value_tier high", "twice the median sum", visits("she", 20, yuan=60), [], {}),
    ("value_tier mid", "a cent less", visits("she", 20, yuan=59.99), [], {}),
    ("value_tier mid", "the median sum", visits("she", 20), [], {}),
    ("value_tier low", "a cent less than the median", visits("she", 20, yuan=29.99), [], {}),
    (
        "value_tier mid",
        "dear, but part of it came back",
        visits("she", 20, yuan=60, refund_amount=100),
        [],
        {},
    ),
    ("value_tier low", "dear, but longer ago than counts", visits("she", 731, yuan=900), [], {}),
    ("activity active", "a trade at the limit", visits("she", 90), [], {}),
    ("activity sleeping", "a day beyond", visits("she", 91), [], {}),
    (
        "activity active",
        "a word of hers at the limit",
        visits("she", 300, 400),
        [contact("she", 30, "chat")],
        {},
    ),
    (
        "activity sleeping",
        "a word of hers a day beyond",
        visits("she", 400, 500),
        [contact("she", 31, "chat")],
        {},
    ),
    (
        "activity lost",
        "two visits, long gone, only the seller wrote",
        visits("she", 400, 500),
        [contact("she", 5, "care")],
        {},
    ),
    ("activity lost", "two visits, long gone", visits("she", 366, 500), [], {}),
    ("activity sleeping", "two visits, a year ago", visits("she", 365, 500), [], {}),
    ("activity lost", "never bought, never wrote", [], [], {"risk": ""}),
    ("activity one_off", "one visit long ago is not lost", visits("she", 366), [], {}),
    (
        "activity sleeping",
        "one visit long ago, but she wrote",
        visits("she", 366),
        [contact("she", 180, "chat")],
        {},
    ),
    ("rfm_segment no_trade", "never bought", [], [contact("she", 5, "wish")], {}),
    ("rfm_segment high_value", "often, much, lately", visits("she", 90, 120, yuan=22.5), [], {}),
    ("rfm_segment value", "often, little, lately", visits("she", 90, 120, yuan=22.49), [], {}),
    ("rfm_segment high_develop", "once, much, lately", visits("she", 90, yuan=45), [], {}),
    ("rfm_segment develop", "once, little, lately", visits("she", 90, yuan=44.99), [], {}),
    ("rfm_segment high_keep", "often, much, away", visits("she", 91, 120, yuan=22.5), [], {}),
    ("rfm_segment keep", "often, little, away", visits("she", 91, 120, yuan=22.49), [], {}),
    ("rfm_segment high_win_back", "once, much, away", visits("she", 91, yuan=45), [], {}),
    ("rfm_segment win_back", "once, little, away", visits("she", 91, yuan=44.99), [], {}),
]


EXAMPLES = [(f"customer_class {one[0]}", *one[1:]) for one in CLASSES] + OTHERS


@pytest.fixture(scope="module")
def town() -> Shop:
    """Everyone of the tables above in one shop, named by number."""
    rows: dict[str, list[Row]] = {"trades": list(CROWD), "contacts": [], "customers": []}
    for at, (_, _, trades, contacts, customer) in enumerate(EXAMPLES):
        rows["trades"] += [{**row, "nickname": f"she {at}"} for row in trades]
        rows["contacts"] += [{**row, "nickname": f"she {at}"} for row in contacts]
        rows["customers"] += [{"nickname": f"she {at}", **customer}] if customer else []
    told = shop(rows["trades"], rows["contacts"], rows["customers"])
    lines = {
        key: told.measured.figures[key] for key in ("ticket_line", "high_line", "mid_line", "median_revenue")
    }
    assert lines == {"ticket_line": 6000, "high_line": 6000, "mid_line": 3000, "median_revenue": 3000}
    return told


@pytest.mark.parametrize(
    "at", range(len(EXAMPLES)), ids=[f"{one[0].split()[0]}: {one[1]}" for one in EXAMPLES]
)
def test_class(town: Shop, at: int) -> None:
    dimension, expected = EXAMPLES[at][0].split()
    assert town.value(f"she {at}", dimension) == expected


def test_a_small_shop_measures_by_multiples_of_its_median_deal() -> None:
    rows = [row for at in range(10) for row in visits(f"crowd {at}", 300, 330)]
    rows += [
        trade("dear", 200, 60),
        trade("nearly", 200, 59.99),
        trade("high", 200, 90),
        trade("mid", 200, 89.99),
    ]
    told = shop([*rows, trade("least", 200, 30), trade("low", 200, 29.99)])
    assert told.measured.figures["median_spend"] == 6000, "of what each paid, which no line is drawn by here"
    assert told.measured.figures["ticket_line"] == 6000
    assert [told.value(name, "customer_class") for name in ("dear", "nearly")] == ["potential", "quiet"]
    tiers = {name: told.value(name, "value_tier") for name in ("high", "mid", "least", "low")}
    assert tiers == {"high": "high", "mid": "mid", "least": "mid", "low": "low"}


def test_the_tables_above_reach_every_class() -> None:
    reached = {tuple(one[0].split()) for one in EXAMPLES}
    rules = [rulebook().dimensions[key] for key in blueprint("xianyu").dimensions]
    assert reached == {(dimension.key, one.key) for dimension in rules for one in dimension.classes}


def test_a_trade_without_a_name_counts_for_the_shop_and_for_nobody() -> None:
    told = shop([trade("she", 20), {**trade("", 10, 500), "nickname": None}])
    assert told.names == ["she"]
    assert told.measured.figures["deals"] == 2
    assert told.value("she", "revenue") == 3000


@pytest.mark.parametrize("seed", range(3))
def test_everyone_has_one_class_and_the_score_of_her_rank(seed: int) -> None:
    """score = 1 + 5 · (customers strictly worse) // n, ties included, once there are customers enough."""
    random = Random(seed)
    rows: list[Row] = []
    for at in range(random.choice((100, 101, 117, 144))):
        spread, last = random.choice((4, 9, 30)), random.randrange(0, 400, random.choice((1, 10, 40)))
        for visit in range(1 + at % 5):
            rows.append(trade(f"c{at}", last + visit * spread, random.choice((10, 20, 20.5, 33, 60))))
    rows.append(trade("refunded", 5, state="refunded"))
    told = shop(rows)
    people, figures = told.measured.customers, told.measured.figures
    for dimension in rulebook().dimensions.values():
        assert set(people[dimension.key]) <= {one.key for one in dimension.classes}
    for score, metric, sign in (("r", "recency_days", -1), ("f", "visits", 1), ("m", "revenue", 1)):
        values = [
            None if day is None else sign * value
            for day, value in zip(people["last_day"], people[metric], strict=True)
        ]
        known = [value for value in values if value is not None]
        common = max(Counter(known).values()) / len(known)
        assert figures[f"{score}_mode"] == common
        assert (figures[f"{score}_cut_1"] == figures[f"{score}_quintile_1"]) == (common <= 0.4)
        if common <= 0.4:
            expected = [
                0 if one is None else 1 + 5 * sum(other < one for other in known) // len(known)
                for one in values
            ]
            assert people[f"{score}_score"] == expected
            assert len(set(expected)) > 4
    assert told.value("refunded", "r_score") == 0


@pytest.mark.parametrize(("buyers", "own"), [(99, False), (100, True)])
def test_too_few_customers_are_scored_by_fixed_lines(buyers: int, own: bool) -> None:
    told = shop([trade(f"c{at}", at * 3, 10 + at) for at in range(buyers)])
    figures = told.measured.figures
    assert (figures["r_cut_1"] == 30) != own
    assert (figures["m_cut_2"] == figures["median_revenue"]) != own
    assert figures["f_cut_4"] == 5, "one number of visits holds more than 40 %"
    for name, score in (("c9", 5), ("c10", 4), ("c30", 3), ("c60", 2)):
        assert own or told.value(name, "r_score") == score
