"""What a shop worked by hand shows of its customers' needs, and the days its buyers wait for."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.page import Page, Section
from sheetkit.analysis.tastes import stands_out
from sheetkit.analysis.weekend import Week
from sheetkit.intake import read_book
from sheetkit.messages import Lang
from sheetkit.model.days import to_day
from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.langs import ENGLISH_IN_PROOF
from tests.pipeline.shop import once
from tests.tools import make_book

AS_OF = to_day(date(2026, 3, 15))
# Five went from lamps on to tables; 己 has bought a lamp only, 庚 has bought both already.
TRADES = "\n".join(
    ["| 日期 | 昵称 | 商品 | 成交价 | 品类 | 评价 | 备注 |"]
    + [f"| 2026-01-0{at} | {name} | 台灯 | 50 | 灯具 | | |" for at, name in enumerate("甲乙丙丁戊庚", 1)]
    + [f"| 2026-02-0{at} | {name} | 书桌 | 300 | 家具 | | |" for at, name in enumerate("甲乙丙丁戊", 1)]
    + [
        "| 2026-01-20 | 庚 | 书桌 | 300 | 家具 | | |",
        "| 2026-02-20 | 庚 | 台灯 | 50 | 灯具 | | |",
        "| 2026-02-21 | 己 | 台灯 | 60 | 灯具 | 差评 | 灯罩裂了 |",
    ]
)
BOOK = f"""
## 交易记录
{TRADES}
## 基本信息
| 昵称 | 偏好 | 痛点 |
| 甲 | 北欧风 | 怕送货慢 |
## 沟通记录
| 日期 | 昵称 | 类型 | 内容 | 到期日 | 状态 | 方向 |
| 2026-01-25 | 甲 | 投诉 | 灯罩开裂,客服态度很差 | | 已完结 | 她来 |
| 2026-02-02 | 乙 | 咨询 | 快递一点都不慢 | | | 她来 |
| 2026-02-03 | 乙 | 回访 | 问她物流慢不慢 | | | 我去 |
| 2026-03-01 | 丙 | 求购 | 想要一张小床 | 2026-04-01 | | 她来 |
| 2025-03-01 | 丁 | 求购 | 老早的求购 | 2025-04-01 | | 她来 |
"""


@pytest.fixture(scope="module")
def page() -> Page:
    book = read_book(make_book(BOOK), "店.xlsx", lang="zh", as_of=AS_OF)
    (found,) = (one for one in analyse(book, Clock(AS_OF, AS_OF)).pages if one.key == "needs")
    return found


def rows(section: Section) -> dict[object, dict[str, object]]:
    """{first cell: {heading: value}}."""
    headings = [one.header for one in section.columns]
    return {row[0]: dict(zip(headings, row, strict=True)) for row in section.rows}


def test_each_customer(page: Page) -> None:
    people = rows(page.sections[0])
    assert people["甲"]["偏好"] == "北欧风"
    assert people["甲"]["痛点"] == "怕送货慢", "what she typed herself wins"
    assert people["甲"]["依据的词"] == "开裂、态度很差"
    assert people["甲"]["买过的品类"] == "家具 50% (1)、灯具 50% (1)"
    assert people["甲"]["价位"] == "¥50–¥300"
    assert people["乙"]["痛点"] == ""
    assert people["乙"]["偏好"] == "家具", "one of each, and lamps are what most buy here"
    assert people["丙"]["可能还要什么"] == "求购:想要一张小床"
    assert people["丁"]["可能还要什么"] == "", "that wish is over"
    assert (people["己"]["痛点"], people["己"]["依据的词"]) == ("质量、中差评", "裂了、差")
    # six went from lamps on to tables: the five, and 庚
    assert people["己"]["可能还要什么"] == "买过「灯具」的客户里,6 位接着买了「家具」"
    assert people["庚"]["可能还要什么"] == "", "she has bought both"


def test_the_shop(page: Page) -> None:
    tags = rows(page.sections[1])
    assert {key: (one["提到几次"], one["几位客户"]) for key, one in tags.items()} == {
        "质量": (2, 2),
        "客服": (1, 1),
        "中差评": (1, 1),
    }
    about = {(row[0], row[1]): (row[2], row[5]) for row in page.sections[2].rows}
    assert about == {
        ("灯具", "质量"): (2, "值得记一条改进"),  # 甲 had bought a lamp by then, and no table yet
        ("灯具", "客服"): (1, ""),
        ("灯具", "中差评"): (1, ""),
    }


def test_a_day_of_her_own() -> None:
    """Four of four on a Saturday: 7 x (1/7)^4 = 0.3 %; three of three 2 %, which one customer in 50 has."""
    assert stands_out(Counter({5: 4}), 7) == 5
    assert stands_out(Counter({5: 3}), 7) is None
    assert stands_out(Counter({0: 10, 1: 9, 2: 9, 3: 11}), 7) is None
    assert stands_out(Counter(), 7) is None


def test_the_week() -> None:
    even = Week([15] * 7, [15] * 7, [5] * 7)
    assert (even.uneven, even.weekend_is_cheaper) == (False, False)
    # 6 x 10 and once 50: expected 110/7 each; (6 x 5.71^2 + 34.29^2) / 15.71 = 87.3, far above 12.59
    assert Week([10] * 5 + [50, 10], [0] * 7, [0] * 7).uneven
    assert not Week([4] * 5 + [20, 4], [0] * 7, [0] * 7).uneven, "44 visits are too few"
    # at the weekend 40 of 60 below the list price, else 10 of 60: chi-square 30.9, above 3.84
    assert Week([12] * 5 + [30, 30], [12] * 5 + [30, 30], [2] * 5 + [20, 20]).weekend_is_cheaper
    # the other way round the weekend is dearer
    assert not Week([12] * 5 + [30, 30], [12] * 5 + [30, 30], [10] * 5 + [5, 5]).weekend_is_cheaper


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_clothing_brand_learns_of_its_weekends(lang: Lang) -> None:
    """Its buyers love the weekend discount, and the analysis finds the weekday."""
    when = date(2026, 3, 15)
    data = new_workbook("xianyu", lang, when, capacity=Capacity(120, 300, 100), story="clothing")
    found = analyse(read_book(data, "x.xlsx", lang=lang, as_of=AS_OF), Clock(AS_OF, AS_OF))
    sections = [one for page in found.pages if page.key == "needs" for one in page.sections]
    week = sections[-1]
    best = max(week.rows, key=lambda row: int(str(row[1])))
    assert best[0] in ("周六", "Sat")
    assert str(best[0]) in week.says
    assert week.says.endswith({"zh": "周末的折扣有人等", "en": "buyers wait for the weekend discount"}[lang])


def test_where_days_say_nothing_there_is_no_section() -> None:
    """The appliance shop: no weekday stands out."""
    titles = [one.title for page in once("zh").analysis.pages if page.key == "needs" for one in page.sections]
    assert titles == ["每位客户的需求", "大家嫌什么", "嫌的是哪类商品"]
