"""购买与互动 and 资料补全: small shops whose every line is counted by hand."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.page import Page, Section
from sheetkit.messages import text
from sheetkit.model.book import Book
from tests.rules.shops import TODAY, Row, contact, table_of, trade

FRUIT, NUTS, RICE = "水果", "坚果零食", "粮油"


def pages(
    trades: Sequence[Row],
    contacts: Sequence[Row] = (),
    customers: Sequence[Row] = (),
    template: str = "private-domain",
) -> dict[str, Page]:
    """The further sheets of a shop by key."""
    book = Book.empty(template, "zh")
    for table, rows in (("trades", trades), ("contacts", contacts), ("customers", customers)):
        book.tables[table] = table_of(table, rows)
    return {one.key: one for one in analyse(book, Clock(TODAY, TODAY)).pages}


def section(key: str, *rows: Sequence[Row]) -> Section:
    """The section titled by a key of the catalogue, of its page."""
    made = pages(*rows)[key.split(".")[0]]
    return next(one for one in made.sections if one.title == text(key, "zh"))


def came(name: str, *days_ago: int, **more: object) -> list[Row]:
    return [trade(name, ago, **more) for ago in days_ago]


# Ever more rarely

RARER: list[tuple[str, tuple[int, ...], tuple[float, float] | None]] = [
    # gaps before 10 10 10, of late 10 15 20: 15 is 1.5 times 10
    ("to the digit", (5, 25, 40, 50, 60, 70, 80), (10, 15)),
    ("a day less", (5, 24, 39, 49, 59, 69, 79), None),
    ("two gaps before are enough", (5, 25, 45, 65, 75, 85), (10, 20)),
    ("five visits are too few", (5, 65, 125, 185, 195), None),
    ("older gaps do not count", (5, 25, 45, 65, 85, 105, 125, 126, 127), None),
    ("faster", (5, 15, 25, 35, 65, 95, 125), None),
]


def test_who_comes_more_rarely() -> None:
    found = section("habits.slower", [row for why, days_ago, _ in RARER for row in came(why, *days_ago)])
    expected = {
        why: ("高频", len(days_ago), *means, 5, 3000 * len(days_ago))
        for why, days_ago, means in RARER
        if means is not None
    }
    assert {row[0]: tuple(row[1:]) for row in found.rows} == expected
    assert found.says.startswith("2 位客户")
    assert "共 5 位" in found.says, "all but the one who came five times"


def test_the_widest_change_stands_first_and_classes_are_counted() -> None:
    far = came("far", 300, 340, 380, 382, 384, 386)  # no visit in a year but two: low
    found = section("habits.slower", [*came("she", 5, 25, 45, 65, 75, 85), *far])
    assert [row[0] for row in found.rows] == ["far", "she"], "from 2 to 28 days, and from 10 to 20"
    assert "高频 1" in found.says
    assert "低频 1" in found.says


# What sells


def sold(ago: int, *kinds: str) -> list[Row]:
    return [trade(f"c{at}", ago, 10, category=kind or None) for at, kind in enumerate(kinds)]


def test_shares_of_categories_by_period() -> None:
    now, before = sold(89, *[FRUIT] * 6, *[NUTS] * 3, ""), sold(90, *[FRUIT] * 2, *[NUTS] * 8)
    found = section("habits.categories", [*now, *before, *sold(180, *[RICE] * 9)])
    assert [one.header for one in found.columns] == ["品类", "180–90 天前", "最近 90 天"]
    assert found.rows == [(FRUIT, 0.2, 0.6), (NUTS, 0.8, 0.3), ("没写品类", 0, 0.1), (RICE, 0, 0)]
    assert found.says == "变化最大的是坚果零食:从 80% 到 30%"


def test_one_period_has_no_change_and_too_few_say_nothing() -> None:
    one = section("habits.categories", sold(5, *[FRUIT] * 6, *[NUTS] * 4))
    assert one.says == "近 90 天卖得最多的是水果,占 60%"
    found = section("habits.categories", sold(5, *[FRUIT] * 9))
    assert (found.columns, found.chart) == ((), None)


# Whose taste changed

TASTES: list[tuple[str, tuple[str, ...], tuple[str, str] | None]] = [
    # from the oldest visit to the newest
    ("three and three", (FRUIT, FRUIT, FRUIT, NUTS, NUTS, NUTS), (FRUIT, NUTS)),
    ("two of three each", (FRUIT, RICE, FRUIT, NUTS, NUTS, "茶饮"), (FRUIT, NUTS)),
    ("she still buys the old", (FRUIT, FRUIT, FRUIT, NUTS, FRUIT, NUTS), None),
    ("she bought the new before", (FRUIT, NUTS, FRUIT, NUTS, NUTS, NUTS), None),
    ("blanks are passed over", (FRUIT, "", FRUIT, FRUIT, NUTS, "", NUTS, NUTS), (FRUIT, NUTS)),
    ("five are too few", (FRUIT, FRUIT, NUTS, NUTS, NUTS), None),
    ("the same", (FRUIT,) * 6, None),
]


def test_who_changed_her_taste() -> None:
    trades = [
        trade(why, 200 - 10 * at, category=kind or None)
        for why, kinds, _ in TASTES
        for at, kind in enumerate(kinds)
    ]
    basket = "of a visit the commonest category counts"
    trades += [trade(basket, 200 - 10 * at, category=FRUIT) for at in range(3)]
    for at in range(3, 6):
        trades += [trade(basket, 200 - 10 * at, category=kind) for kind in (FRUIT, NUTS, NUTS)]
    found = {str(row[0]): tuple(row[1:3]) for row in section("habits.turned", trades).rows}
    assert found == {basket: (FRUIT, NUTS), **{why: said for why, _, said in TASTES if said}}


# Contact


def test_contact_is_silent_below_a_fifth_of_the_buyers() -> None:
    trades = [trade(f"c{at}", 5) for at in range(10)]
    one = [contact("c0", 90, "chat", direction="inbound")]
    few = section("habits.touch", trades, one)
    assert (few.rows, few.columns) == ((), ())
    assert "不到 20%" in few.says
    enough = section("habits.touch", trades, [*one, contact("c1", 1, "care", direction="outbound")])
    assert enough.rows == [("低频", 10, 2, 0.2, 2, 0.2, 0.5)]
    old = section("habits.touch", trades, [*one, contact("c1", 91, "chat")])
    assert old.rows == (), "91 days ago is too long"


def test_late_follow_ups() -> None:
    asked = {"content": "补一箱", "due": TODAY - 1}
    contacts = [
        contact("late", 9, "after_sale", **asked),
        contact("today", 9, "after_sale", content="x", due=TODAY),
        contact("done", 9, "after_sale", **asked, followed_on=TODAY - 2),
        contact("later", 20, "after_sale", content="更早的", due=TODAY - 8),
        {**contact("closed", 9, "after_sale", **asked), "status": "closed"},
    ]
    found = section("habits.follow", came("she", 5), contacts)
    later = ("later", "更早的", TODAY - 20, TODAY - 8, 8)
    assert found.rows == [later, ("late", "补一箱", TODAY - 9, TODAY - 1, 1)]


# Details

KNOWN = {"phone": "1", "wechat": "w", "address": "杭州", "birthday": 40000}


def test_the_most_valuable_gaps_come_first() -> None:
    trades = [trade(f"c{at}", 5, 100 + at) for at in range(12)]
    known = {"whole": 900, "old": 800, "never": 700, "no phone": 600}
    trades += [trade(name, 5, yuan) for name, yuan in known.items()]
    customers = [
        {"nickname": "whole", **KNOWN, "last_checked": TODAY - 365},
        {"nickname": "old", **KNOWN, "last_checked": TODAY - 366},
        {"nickname": "never", **KNOWN},
        {"nickname": "no phone", **KNOWN, "phone": None, "last_checked": TODAY},
        {"nickname": "asked only"},
    ]
    found = section("details.worth", trades, (), customers)
    assert found.rows[:3] == [
        ("old", "低频", 80000, "", TODAY - 366, "超过一年没核对"),
        ("never", "低频", 70000, "", None, "没写核对日"),
        ("no phone", "低频", 60000, "手机号", TODAY, "一年内核对过"),
    ]
    assert [row[0] for row in found.rows[3:]] == [f"c{at}" for at in range(11, 4, -1)]
    assert found.rows[3][3] == "手机号、微信号、地址、生日"
    assert "16 位买过的客户里,15 位" in found.says
    whole = section("details.complete", trades, (), customers)
    assert whole.rows == [
        ("手机号", 3, 13, 3 / 16),
        ("微信号", 4, 12, 4 / 16),
        ("地址", 4, 12, 4 / 16),
        ("生日", 4, 12, 4 / 16),
        ("365 天内核对过", 2, 14, 2 / 16),
    ]


def test_other_templates_and_an_empty_shop_have_neither_page() -> None:
    rows = came("she", 5, 25, 45, 65, 75, 85)
    both = {"habits", "details"}
    assert not both & pages(rows, template="xianyu").keys()
    assert not both & pages((), (), [{"nickname": "she"}]).keys()
    assert both <= pages(rows).keys()
