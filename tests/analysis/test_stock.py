"""商品与求购 and 活动效果: who waits for what is here, what stands too long, what a campaign brought."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.page import Page
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.days import to_day
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.writing.blank import Plan, bare_workbook

AS_OF = date(2026, 3, 31)
NAMES = {"zh": ("商品与求购", "活动效果"), "en": ("Stock and wishes", "Campaign effect")}


def day(ago: int) -> date:
    return AS_OF - timedelta(days=ago)


def piece(item: str, category: str = "家电", **more: object) -> dict[str, object]:
    return {"item": item, "category": category, "listed_on": day(10), "list_price": 300, **more}


def sold(days: int, **more: object) -> dict[str, object]:
    return piece("卖掉的", sold_on=day(5), listed_on=day(5 + days), state="已售", sold_price=200, **more)


def pages(lang: Lang = "zh", **rows: object) -> dict[str, Page]:
    shop = blueprint("xianyu", ("campaigns",))
    data = bare_workbook(Plan(shop, lang, AS_OF, rows=rows))  # type: ignore[arg-type]
    book = read_book(data, "店.xlsx", as_of=to_day(AS_OF))
    return {one.key: one for one in analyse(book, Clock(to_day(AS_OF), to_day(AS_OF))).pages}


def wish(name: str, item: str | None, **more: object) -> dict[str, object]:
    return {"date": day(5), "nickname": name, "item": item, **more}


PAIRS = [
    (wish("甲", "小冰箱,90 升以下"), piece("海尔冰箱 8成新"), "都说到「冰箱」"),
    (wish("甲", "冰箱", category="家电"), piece("冰箱"), "同是「家电」;都说到「冰箱」"),
    (wish("甲", "冰箱", category="家具"), piece("冰箱模型", "家电"), None),
    (wish("甲", "8成新的书桌"), piece("微波炉 8成新"), None),
    (wish("甲", None, category="家电"), piece("微波炉"), "同是「家电」"),
    (wish("甲", None), piece("微波炉"), None),
    (
        wish("甲", "冰箱", budget=250),
        piece("冰箱", floor_price=250),
        "都说到「冰箱」;预算 ¥250 不低于底价 ¥250",
    ),
    (wish("甲", "冰箱", budget=249), piece("冰箱", floor_price=250), None),
    (wish("甲", "冰箱", budget=300), piece("冰箱"), "都说到「冰箱」;预算 ¥300 不低于挂牌价 ¥300"),
    (wish("甲", "冰箱", budget=299), piece("冰箱"), None),
    (wish("甲", "冰箱", condition="9成新"), piece("冰箱", condition="8成新"), None),
    (wish("甲", "冰箱", condition="8成新"), piece("冰箱", condition="9成新"), "都说到「冰箱」"),
    (wish("甲", "冰箱", condition="不限"), piece("冰箱", condition="有瑕疵"), "都说到「冰箱」"),
    (wish("甲", "冰箱", status="已完成"), piece("冰箱"), None),
    (wish("甲", "冰箱", due=day(1)), piece("冰箱"), None),
    (wish("甲", "冰箱", date=day(61)), piece("冰箱"), None),
    (wish("甲", "冰箱"), piece("冰箱", state="已订"), None),
    (wish("甲", "冰箱"), piece("冰箱", state="已售"), None),
]
"""What is wished for, a piece, and why it fits; None where it does not."""


@pytest.fixture(scope="module")
def reasons() -> dict[tuple[str, str], str]:
    """All pairs in one shop: {(customer, item): why}. Numbers in a text are nothing two texts share."""
    wishes = [{**asked, "nickname": f"客{at}"} for at, (asked, _, _) in enumerate(PAIRS)]
    goods = [{**given, "item": f"{given['item']} {at}"} for at, (_, given, _) in enumerate(PAIRS)]
    found = pages(wishes=wishes, goods=goods)["stock"].sections[1]
    return {(str(row[0]), str(row[2])): str(row[-1]) for row in found.rows}


@pytest.mark.parametrize("at", range(len(PAIRS)))
def test_a_wish_and_a_piece(reasons: dict[tuple[str, str], str], at: int) -> None:
    _, given, reason = PAIRS[at]
    assert reasons.get((f"客{at}", f"{given['item']} {at}")) == reason


def test_a_wish_among_the_contacts_and_who_asked_are_matched_but_nobody_with_a_problem() -> None:
    contacts = [
        {"date": day(3), "nickname": "乙", "type": "求购", "content": "想要台灯"},
        {"date": day(3), "nickname": "丙", "type": "求购", "content": "台灯"},
        {"date": day(3), "nickname": "丙", "type": "投诉", "content": "坏了"},
        {"date": day(3), "nickname": "丁", "type": "求购", "content": "台灯"},
    ]
    goods = [piece("旧台灯", asked="戊、乙;丙")]
    customers = [{"nickname": "丁", "do_not_contact": "是"}]
    waiting = pages(contacts=contacts, goods=goods, customers=customers)["stock"].sections[1]
    found = [(row[0], row[-1]) for row in waiting.rows]
    assert found == [("乙", "都说到「台灯」"), ("戊", "「谁问过」里记着她")]
    assert waiting.says.startswith("2 位客户对得上 2 件")


def test_what_stands_too_long_is_held_to_its_own_kind() -> None:
    quick = [sold(days) for days in (2, 4, 6, 8, 30)]
    slow = [{**sold(days), "category": "家具"} for days in (40, 50, 60, 70, 80)]
    here = [
        piece("压着的", listed_on=day(13), floor_price=250),
        piece("刚够两倍", listed_on=day(12)),
        piece("家具里不算久", "家具", listed_on=day(100)),
        piece("别的", "数码", listed_on=day(90)),
    ]
    stock = pages(goods=[*quick, *slow, *here])["stock"]
    # by hand: the median of 2 4 6 8 30 is 6, of all ten 30, so more than 12 and more than 60 days
    assert [row[:2] + row[4:6] for row in stock.sections[2].rows] == [
        ("别的", "数码", 90, 30),
        ("压着的", "家电", 13, 6),
    ]
    assert stock.sections[2].rows[1][-1] == "离底价还有 ¥50 的余地:降一次价,再问问出过价的人"


def test_profit_counts_only_what_has_a_cost_and_few_are_said_to_be_few() -> None:
    goods = [sold(3, cost=150), sold(5, cost=260), sold(7), sold(9, floor_price=201)]
    sections = pages(goods=goods)["stock"].sections
    # by hand: 200 − 150 and 200 − 260 of a turnover of 400
    assert list(sections[3].rows) == [("家电", 4, "太少", 2, -1000, -0.025, 1)]
    assert sections[2].says.startswith("有上架日和卖出日的才 4 件")


def test_a_book_without_goods_or_campaigns_has_no_such_page() -> None:
    assert {"stock", "campaign_effect"} & {*pages(wishes=[wish("甲", "冰箱")])} == set()


def trades(first: int, last: int, a_day: int) -> list[dict[str, object]]:
    """So many visits of different people a day, from so many days ago to so many days ago."""
    return [
        {"date": day(ago), "nickname": f"客{ago}-{at}", "item": "书", "amount": 10}
        for ago in range(first, last - 1, -1)
        for at in range(a_day)
    ]


CAMPAIGN = {"item": "周末包邮", "date": day(40), "until": day(36), "offer": "包邮", "cost": 25}


def test_a_campaign_against_the_plain_days_around_it() -> None:
    other = {"item": "清仓", "date": day(30), "until": day(21)}
    # one a day on plain days, four in the campaign's five days, ten in the other's ten
    spans = [(80, 41, 1), (40, 36, 4), (35, 31, 1), (30, 21, 10), (20, 0, 1)]
    rows = [row for span in spans for row in trades(*span)]
    found = pages(trades=rows, campaigns=[CAMPAIGN, other])["campaign_effect"].sections[0].rows
    assert [row[0] for row in found] == ["清仓", "周末包邮"], "the latest first"
    # plain days: the 28 before, and of the 28 after those 18 on which 清仓 did not run
    assert found[1][5:10] == (20, 4.0, 1.0, 4000.0, 1000.0)
    assert found[1][10] == "每天成交比平时多 300%"


def test_a_campaign_of_few_visits_or_of_chance_is_said_to_tell_nothing() -> None:
    few = [*trades(45, 41, 1), *trades(40, 36, 4), *trades(35, 32, 1)]
    (row,) = pages(trades=few, campaigns=[CAMPAIGN])["campaign_effect"].sections[0].rows
    assert row[6:] == (None, None, None, None, "看不出:连同前后才 29 次成交,不到 30 次")
    even = [*trades(80, 0, 1), *trades(38, 38, 2)]
    (row,) = pages(trades=even, campaigns=[CAMPAIGN])["campaign_effect"].sections[0].rows
    assert row[10] == "和平时差不多:差别在碰巧的范围里"


@pytest.mark.parametrize("lang", LANGS)
def test_both_pages_stand_in_the_workbook_that_comes_back(lang: Lang) -> None:
    shop = blueprint("xianyu", ("campaigns",))
    rows = {
        "trades": trades(45, 0, 1),
        "goods": [sold(3, cost=150), piece("冰箱")],
        "wishes": [wish("甲", "冰箱")],
        "campaigns": [CAMPAIGN],
    }
    data = bare_workbook(Plan(shop, lang, AS_OF, rows=rows))  # type: ignore[arg-type]
    done = openpyxl.load_workbook(io.BytesIO(analyze_file(data, "店.xlsx", as_of=AS_OF).workbook))
    assert set(NAMES[lang]) <= set(done.sheetnames)
    shown = [cell for row in done[NAMES[lang][0]].iter_rows(values_only=True) for cell in row if cell]
    assert {"甲", "冰箱"} <= set(shown)
