"""电商客户管理分类表: stages, potential, habit and age reasoned by hand, from typed cells and from orders.

Kind of shop «other»: usual gap 60 days, sleeping after max(90, 2.5 gaps), lost after max(365, 4 gaps), loyal
from four purchases.
"""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from sheetkit.analysis.lint import lint
from sheetkit.errors import TemplateError
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.lists import lists
from sheetkit.model.source import read, templates_folder
from sheetkit.pipeline.new import chosen_template
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.playbook import GAP, Play
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from tests.rules.shops import TODAY, Row, Shop, contact, shop, trade

TEMPLATE = blueprint("ecommerce")
RULES = rules_for(TEMPLATE).book
AS_OF = date(2026, 5, 20)
ORDERS: dict[Lang, str] = {"zh": "每月", "en": "Every month"}
COMMON = {one.text("key") for one in read("plays/common.toml").items("plays")}

HEADINGS = (
    "编号 客户名称 联系人 联系方式 邮箱 地址 购买频率 最近一次购买日期 平均订单价值 反馈评价 沟通记录 "
    "市场细分 生命周期阶段 服务需求 销售潜力"
)  # fmt: skip


def orders(*days_ago: int, yuan: float = 100, **more: object) -> list[Row]:
    return [trade("she", ago, yuan, **more) for ago in days_ago]


CROWD = [trade(f"crowd {at}", 200 + at % 50, 100 if at < 600 else 200) for at in range(1000)]
"""Each bought once, six in ten for 100 yuan, four for 200: a usual order is 100, the lines above are 200."""

CASES: list[tuple[str, str, list[Row], list[Row], Row]] = [
    # dimension and class, why, her orders, what was said, what is typed about her
    ("stage new", "one order", orders(20), [], {}),
    ("stage new", "one order, the usual 2.5 gaps ago to the day", orders(150), [], {}),
    ("stage sleeping", "a day longer", orders(151), [], {}),
    ("stage sleeping", "two orders, the last at the lost line", orders(365, 400), [], {}),
    ("stage lost", "a day longer", orders(366, 400), [], {}),
    ("stage lost", "lost comes first: five orders long ago", orders(400, 430, 460, 490, 520), [], {}),
    ("stage growing", "two orders", orders(20, 60), [], {}),
    ("stage growing", "three orders", orders(20, 60, 100), [], {}),
    ("stage loyal", "four orders", orders(20, 60, 100, 140), [], {}),
    ("stage loyal", "two here, two before the book", orders(20, 60), [], {"trades_before": 2}),
    # her own gap from four orders on: (last − first) ÷ 3
    ("stage loyal", "every 80 days: sleeping only after 200", orders(200, 280, 360, 440), [], {}),
    ("stage sleeping", "a day longer", orders(201, 281, 361, 441), [], {}),
    ("stage loyal", "every 10 days: never before the 90 of the shop", orders(90, 100, 110, 120), [], {}),
    ("stage sleeping", "a day longer", orders(91, 101, 111, 121), [], {}),
    ("stage sleeping", "every 100 days: lost only after 400", orders(400, 500, 600, 700), [], {}),
    ("stage lost", "a day longer", orders(401, 501, 601, 701), [], {}),
    # typed beside the name, no orders
    ("stage new", "typed: bought once, 20 days ago", [], [], {"last_purchase": TODAY - 20}),
    ("stage new", "typed: only once", [], [], {"last_purchase": TODAY - 20, "order_frequency": "seldom"}),
    ("stage growing", "typed: every month", [], [],
     {"last_purchase": TODAY - 75, "order_frequency": "monthly"}),
    ("stage sleeping", "2.5 months and a day", [], [],
     {"last_purchase": TODAY - 76, "order_frequency": "monthly"}),
    ("stage growing", "typed: every week, 17 days ago", [], [],
     {"last_purchase": TODAY - 17, "order_frequency": "weekly"}),
    ("stage sleeping", "2.5 weeks are over", [], [],
     {"last_purchase": TODAY - 18, "order_frequency": "weekly"}),
    ("stage growing", "typed: every year, two years ago", [], [],
     {"last_purchase": TODAY - 730, "order_frequency": "yearly"}),
    ("stage sleeping", "typed: every year, three years ago", [], [],
     {"last_purchase": TODAY - 1095, "order_frequency": "yearly"}),
    ("stage lost", "four years and a day", [], [],
     {"last_purchase": TODAY - 1461, "order_frequency": "yearly"}),
    ("stage loyal", "typed: ten times before", [], [],
     {"last_purchase": TODAY - 20, "order_frequency": "monthly", "trades_before": 10}),
    ("stage sleeping", "orders win over a typed date", orders(160), [], {"last_purchase": TODAY - 1}),
    ("stage sleeping", "under four orders a typed rhythm is taken", orders(18, 60), [],
     {"order_frequency": "weekly"}),
    ("stage loyal", "from four orders on it is not", orders(80, 120, 160, 200), [],
     {"order_frequency": "weekly"}),
    # never bought
    ("stage new", "asked 90 days ago", [], [contact("she", 90, "enquiry")], {}),
    ("stage lost", "asked 91 days ago", [], [contact("she", 91, "enquiry")], {}),
    ("stage lost", "known for long, by hand", [], [], {"met_on": TODAY - 91}),
    ("stage new", "on the list and nothing else", [], [], {"sales_potential": ""}),
    ("stage new", "her one order was refunded", orders(20, state="refunded"), [], {}),
    # potential
    ("potential high", "among the fifth that spent most, still buying", orders(20, 60), [], {}),
    ("potential mid", "a cent less", orders(20, yuan=99.99) + orders(60), [], {}),
    ("potential high", "an open wish", [], [contact("she", 5, "wish")], {}),
    ("potential mid", "one dear order", orders(20, yuan=200), [], {}),
    ("potential low", "one order, less dear", orders(20, yuan=199.99), [], {}),
    ("potential low", "asleep, whatever she spent before", orders(160, 200, yuan=190), [], {}),
    ("potential low", "by her own word", orders(20, 60), [], {"sales_potential": "low"}),
    ("potential high", "by her own word", [], [], {"sales_potential": "high"}),
    ("potential mid", "by her own word", orders(20, 60), [], {"sales_potential": "mid"}),
    ("potential high", "typed: twice at least, at 100 yuan", [], [],
     {"last_purchase": TODAY - 20, "order_frequency": "monthly", "average_order": 10000}),
    # habit
    ("habit not_yet", "never bought", [], [contact("she", 5, "chat")], {}),
    ("habit often_large", "every 60 days, 1.5 usual orders", orders(20, 80, yuan=150), [], {}),
    ("habit often_small", "smaller", orders(20, 80, yuan=149.99), [], {}),
    ("habit seldom_large", "every 61 days", orders(20, 81, yuan=150), [], {}),
    ("habit seldom_small", "once", orders(20), [], {}),
    ("habit seldom_large", "once, large", orders(20, yuan=150), [], {}),
    ("habit often_small", "typed: every month", [], [],
     {"last_purchase": TODAY - 20, "order_frequency": "monthly", "average_order": 3000}),
    # age
    ("age_band unknown", "not typed", orders(20), [], {}),
    ("age_band under_25", "an age", [], [], {"age": 24}),
    ("age_band from_25", "an age", [], [], {"age": 25}),
    ("age_band from_25", "an age in the column of the year", [], [], {"birth_year": 25}),
    ("age_band from_25", "a birth year, 33 or 34", [], [], {"birth_year": 1992}),
    ("age_band from_35", "the birth year wins", [], [], {"birth_year": 1990, "age": 20}),
    ("age_band from_50", "a birth year", [], [], {"birth_year": 1960}),
]  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Shop:
    """Everyone above in one shop: customer «she 7» is case 7."""

    def of(at: int, rows: list[Row]) -> list[Row]:
        return [{**row, "nickname": f"she {at}"} for row in rows]

    trades = [row for at, case in enumerate(CASES) for row in of(at, case[2])]
    contacts = [row for at, case in enumerate(CASES) for row in of(at, case[3])]
    typed = [{"nickname": f"she {at}", **case[4]} for at, case in enumerate(CASES)]
    return shop([*CROWD, *trades], contacts, typed, kind="other")


@pytest.mark.parametrize("at", range(len(CASES)), ids=[f"{one[0]}: {one[1]}" for one in CASES])
def test_class(town: Shop, at: int) -> None:
    dimension, expected = CASES[at][0].split()
    assert town.value(f"she {at}", dimension) == expected


def test_the_cases_reach_every_class() -> None:
    reached = {tuple(one[0].split()) for one in CASES}
    assert reached == {(key, one.key) for key in TEMPLATE.dimensions for one in RULES.dimensions[key].classes}


def test_a_small_shop_without_orders_goes_by_what_is_typed() -> None:
    """The middle of the typed orders is 40: three of them are much, two of them one dear order."""
    typed = [
        {"nickname": f"she {at}", "last_purchase": TODAY - 20, "average_order": 100 * yuan, **more}
        for at, (yuan, more) in enumerate(
            [(30, {}), (40, {}), (40, {}), (60, {"order_frequency": "monthly"}), (80, {})]
        )
    ]
    told = shop(customers=typed, kind="other")
    assert told.measured.figures["usual_order"] == 4000
    assert told.measured.figures["worth_line"] == 12000
    assert [told.value(f"she {at}", "potential") for at in range(5)] == ["low", "low", "low", "high", "mid"]
    assert [told.value(f"she {at}", "known_worth") for at in range(5)] == [3000, 4000, 4000, 12000, 8000]


# The blueprint


def test_the_table_begins_with_the_fifteen_headings() -> None:
    spec = TEMPLATE.sheet("customers")
    assert [one.labels["zh"] for one in spec.columns[: spec.front]] == HEADINGS.split()
    assert len({one.labels["en"] for one in spec.columns}) == len(spec.columns)


@pytest.mark.parametrize("lang", LANGS)
def test_its_own_headings_are_recognised(lang: Lang) -> None:
    """In the workbook itself, and in a plain sheet of the seller's own under the same fifteen headings."""
    rows = {"customers": [{"nickname": "阿明", "customer_id": "K1", "order_frequency": ORDERS[lang]}]}
    data = template_workbook(Plan(TEMPLATE, lang, AS_OF, Capacity(10, 10, 10), rows))
    for given in (data, _plain_copy(data, TEMPLATE.sheet("customers").labels[lang])):
        table = read_book(given, "book.xlsx", as_of=TODAY).tables["customers"]
        assert table.columns["nickname"] == ["阿明"]
        assert table.columns["customer_id"] == ["K1"]
        assert table.columns["order_frequency"] == [lists()["order_frequency"].code("monthly")]
        fifteen = {one.key for one in TEMPLATE.sheet("customers").columns[:15]}
        assert fifteen <= set(table.columns)


def _plain_copy(data: bytes, name: str) -> bytes:
    """The sheet's two first rows in a workbook that says nothing about itself."""
    book = Workbook()
    for row in load_workbook(io.BytesIO(data))[name].iter_rows(max_row=2, max_col=15, values_only=True):
        book.active.append(row)
    book.active.title = name
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


MISTAKES = [
    ('nickname = { zh = "客户名称"', 'nikname = { zh = "客户名称"', "nickname"),
    ('phone = { zh = "联系方式", en = "Phone" }', 'phone = { zh = "邮箱", en = "Phone" }', "邮箱"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_a_mistake_in_the_headings_is_named(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    shipped = (templates_folder() / "blueprints/ecommerce.toml").read_text("utf-8")
    sheets = shipped[shipped.index("[[sheets]]") :]
    assert right in sheets
    head = 'key = "mine"\nbased_on = "ecommerce"\nzh = "我的"\nen = "Mine"\n'
    file = tmp_path / "mine.toml"
    file.write_text(head + sheets.replace(right, wrong, 1), "utf-8")
    with pytest.raises(TemplateError) as caught:
        chosen_template(str(file))
    assert said in str(caught.value.params)


# The plays

PLAYS = [one for one in rules_for(TEMPLATE).plays.plays if one.key not in COMMON]
DRAFTS = [(play, lang, draft) for play in PLAYS for lang in LANGS for draft in play.drafts[lang]]


@pytest.mark.parametrize(("play", "lang", "draft"), DRAFTS, ids=[f"{one[0].key}-{one[1]}" for one in DRAFTS])
def test_a_draft_may_be_said(play: Play, lang: Lang, draft: str) -> None:
    for kind in lists()["shop_kind"].meanings:
        for channel in (rules_for(TEMPLATE).plays.platform, play.channel.key):
            assert lint(draft, channel, kind) == []
    assert bool(re.search("[\u3400-\u9fff]", GAP.sub("", draft))) == (lang == "zh")
    assert lang == "en" or not re.search("[,?;:!]", draft)
    assert len(draft) <= (60 if lang == "zh" else 140)


def test_no_draft_stands_twice_and_every_stage_has_a_play() -> None:
    assert len(DRAFTS) == len({draft for _, _, draft in DRAFTS}) > 60
    stages = {one.key for one in RULES.dimensions["stage"].classes}
    assert {key for play in PLAYS for key in play.classes.get("stage", ())} == stages
