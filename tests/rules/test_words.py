"""The sentence names what fired, with her numbers and the limits; the step up it promises is true."""

from __future__ import annotations

import re
from random import Random

import pytest

from sheetkit.messages import LANGS, Lang
from sheetkit.rules.rulebook import rulebook
from sheetkit.rules.words import StepFinder, show, why
from tests.rules.shops import Row, Shop, contact, shop, trade
from tests.rules.test_classes import visits

CUSTOMER = rulebook().dimensions["customer_class"]
CROWD = [trade(f"crowd {at}", 300) for at in range(10)]
"""So few deals that a dear trade is one of twice their median, 60 yuan."""
PEOPLE: dict[str, tuple[list[Row], list[Row]]] = {
    "loyal": (visits("loyal", 40, 80, 120, 160), []),
    "active": (visits("active", 80, 100), []),
    "new": (visits("new", 12), []),
    "dear": (visits("dear", 200, yuan=88.5), []),
    "wishing": ([], [contact("wishing", 10, "wish"), contact("wishing", 10, "wish")]),
    "dear and wishing": (
        visits("dear and wishing", 200, yuan=1200),
        [contact("dear and wishing", 3, "wish")],
    ),
    "asking": ([], [contact("asking", 5, "enquiry")]),
    "quiet": (visits("quiet", 200), []),
    "silent": ([], [contact("silent", 200, "chat")]),
    "case": (visits("case", 40, 80, 120), [contact("case", 5, "after_sale")]),
    "case and complaints": ([], [contact("case and complaints", ago, "complaint") for ago in (5, 9)]),
    "refunds": ([*visits("refunds", 20), *visits("refunds", 50, 60, state="refunded")], []),
    "marked": (visits("marked", 20), []),
}
SAID: dict[str, tuple[str, str]] = {
    "loyal": (
        "忠诚客户:成交 4 次(≥3),最近成交在 40 天前(≤365),中差评占比 0%(≤20%)",
        "Loyal: 4 visits (≥3), last trade 40 days ago (≤365), poor ratings 0% (≤20%)",
    ),
    "active": (
        "活跃客户:近期成交 2 次(≥2),最近成交在 80 天前(≤90)",
        "Active: 2 recent visits (≥2), last trade 80 days ago (≤90)",
    ),
    "new": (
        "新客户:成交 1 次(≥1,≤2),最近成交在 12 天前(≤60)",
        "New: 1 visit (≥1, ≤2), last trade 12 days ago (≤60)",
    ),
    "dear": (
        "潜力客户:成交 1 次(≥1),最近成交在 200 天前(≤365),最高单笔 ¥88.50(≥¥60)",
        "Potential: 1 visit (≥1), last trade 200 days ago (≤365), dearest trade ¥88.50 (≥¥60)",
    ),
    "wishing": (
        "潜力客户:有 2 条求购还有效(≥1),成交 0 次(=0),10 天前来问过(≤30)",
        "Potential: 2 wishes open (≥1), 0 visits (=0), asked 10 days ago (≤30)",
    ),
    "dear and wishing": (
        "潜力客户:成交 1 次(≥1),最近成交在 200 天前(≤365),最高单笔 ¥1,200(≥¥60),有 1 条求购还有效(≥1)",
        (
            "Potential: 1 visit (≥1), last trade 200 days ago (≤365), dearest trade ¥1,200 (≥¥60), "
            "1 wish open (≥1)"
        ),
    ),
    "asking": (
        "潜力客户:成交 0 次(=0),5 天前来问过(≤30)",
        "Potential: 0 visits (=0), asked 5 days ago (≤30)",
    ),
    "quiet": (
        "低活跃客户:成交 1 次,最近成交在 200 天前,最高单笔 ¥30,没有达到前面各类的线",
        "Quiet: 1 visit, last trade 200 days ago, dearest trade ¥30, none of the other lines is reached",
    ),
    "silent": (
        "低活跃客户:成交 0 次,没有「距今天数」,没有「最高单笔」,没有达到前面各类的线",
        "Quiet: 0 visits, no Days since last trade, no Dearest trade, none of the other lines is reached",
    ),
    "case": ("问题客户:还有 1 件售后/投诉没处理完(≥1)", "Problem: 1 after-sale case open (≥1)"),
    "case and complaints": (
        "问题客户:还有 2 件售后/投诉没处理完(≥1),一年内投诉 2 次(≥2)",
        "Problem: 2 after-sale cases open (≥1), 2 complaints in a year (≥2)",
    ),
    "refunds": (
        "问题客户:一年内退款 2 次(≥2),退款占订单 67%(≥50%)",
        "Problem: 2 refunds in a year (≥2), refunds are 67% of orders (≥50%)",
    ),
    "marked": ("问题客户:标了风险", "Problem: marked as a risk"),
}


@pytest.fixture(scope="module")
def town() -> Shop:
    trades = [row for rows, _ in PEOPLE.values() for row in rows]
    contacts = [row for _, rows in PEOPLE.values() for row in rows]
    return shop([*CROWD, *trades], contacts, [{"nickname": "marked", "risk": "risky"}])


def said(told: Shop, name: str, lang: Lang) -> str:
    return why(CUSTOMER.cls(told.value(name, CUSTOMER.key)), told.person(name), lang)


@pytest.mark.parametrize("name", SAID)
def test_the_sentence(town: Shop, name: str) -> None:
    assert tuple(said(town, name, lang) for lang in LANGS) == SAID[name]


def test_a_step_up_that_is_promised_comes_true() -> None:
    """What everyone is told is done (trades added, or cases closed), and her class is the promised one."""
    random = Random(11)
    trades, contacts = list(CROWD), []
    names = [f"she {at}" for at in range(60)]
    for name in names:
        day = random.choice((20, 40, 70, 100, 200, 400))
        for _ in range(random.randrange(4)):
            trades.append(
                trade(name, day, **random.choice(({}, {}, {"state": "refunded"}, {"rating": "bad"})))
            )
            day += random.choice((2, 20, 100))
        if random.random() < 0.3:
            contacts.append(contact(name, 50, random.choice(("after_sale", "chat"))))
    told = shop(trades, contacts)
    promised: dict[str, tuple[int, str]] = {}
    finder = StepFinder(CUSTOMER, rulebook().metrics, told.measured.figures, told.thresholds)
    label = {one.labels["zh"]: one for one in CUSTOMER.classes}
    for name in (one for one in names if one in told.names):
        now = CUSTOMER.cls(told.value(name, CUSTOMER.key))
        hers = {key: [value] for key, value in told.person(name).metrics.items()}
        (step,), (in_english,) = (finder.nearest(now, hers, 1, lang) for lang in LANGS)
        assert bool(step) == bool(in_english)
        found = re.fullmatch(r"再成交 (\d+) 次即为「(.+)」|把没完的售后/投诉处理好,就回到「(.+)」", step)
        assert bool(found) == bool(step)
        if found:
            times, better, mended = found.groups()
            promised[name] = (int(times or 0), better or mended)
            assert label[better or mended].rank > now.rank
    assert {times for times, _ in promised.values()} >= {0, 1, 2}
    later = list(trades)
    for name, (times, _) in promised.items():
        later += [trade(name, 5 * at) for at in range(times)]
    closed = {name for name, (times, _) in promised.items() if times == 0}
    after = shop(
        later, [{**row, "status": "closed"} if row["nickname"] in closed else row for row in contacts]
    )
    fewer = shop(
        [*trades, *(trade(name, 5 * at) for name, (times, _) in promised.items() for at in range(times - 1))],
        contacts,
    )
    for name, (times, better) in promised.items():
        assert CUSTOMER.cls(after.value(name, CUSTOMER.key)).labels["zh"] == better, name
        if times > 1:
            assert fewer.value(name, CUSTOMER.key) == told.value(name, CUSTOMER.key), (
                f"{name}: a smaller step would do"
            )


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "days", "—"), (120000, "money", "¥1,200"), (-105, "money", "-¥1.05"), (0.2, "percent", "20%"),
        (30.5, "days", "30.5"), (46162, "date", "2026-05-20"), (3.0, "count", "3"),
    ],
)  # fmt: skip
def test_how_a_value_is_shown(value: float | None, unit: str, shown: str) -> None:
    assert show(value, unit) == shown  # type: ignore[arg-type]  # a unit
