"""Tags beside the classes, how far a customer has come, and what she brought beyond its cost."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import python_calamine

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.result import Analysis
from sheetkit.analysis.tags import TAG_COLUMNS
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint, blueprint_names
from sheetkit.model.days import to_day
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.blank import Plan, bare_workbook
from sheetkit.writing.report.workbook import report_workbook

AS_OF = date(2026, 3, 31)


def trade(name: str, ago: int, amount: float, **more: object) -> dict[str, object]:
    return {"date": AS_OF - timedelta(ago), "nickname": name, "amount": amount, **more}


TRADES = [
    # two unpaid orders within a year: a no-show
    *(trade("鸽", ago, 50, state="未付款关闭") for ago in (20, 40)),
    # bargained: 20 % and 15 % off; the lower middle value is 15 %
    *(trade("刀", ago, paid, list_price=100) for ago, paid in ((10, 80), (30, 85))),
    # bargained once only, and once at the asking price
    trade("一刀", 10, 50, list_price=100),
    trade("一刀", 30, 100, list_price=100),
    # 10 % and 20 % off: the lower middle value is 10 %
    *(trade("小刀", ago, paid, list_price=100) for ago, paid in ((10, 90), (30, 80))),
    # three visits, the last more than a year ago
    *(trade("老", ago, 60) for ago in (500, 600, 700)),
    trade("单", 500, 60),
    trade("等", 3, 60, state="待付款"),
    # profit: (100 − 60) + (80 − 20 − 90) of sales of 160; the third has no cost, the fourth was refunded
    trade("利", 9, 100, cost=60),
    trade("利", 5, 80, cost=90, refund_amount=20),
    trade("利", 4, 500),
    trade("利", 3, 500, cost=1, state="全额退款"),
]
CONTACTS = [
    {"date": AS_OF - timedelta(2), "nickname": "蹲", "type": "求购", "content": "台灯"},
    {"date": AS_OF - timedelta(2), "nickname": "单", "type": "咨询", "content": "还有吗"},
]


@pytest.fixture(scope="module")
def found() -> Analysis:
    rows = {"trades": TRADES, "contacts": CONTACTS, "customers": [{"nickname": "同", "identity": "同行"}]}
    data = bare_workbook(Plan(blueprint("xianyu"), "zh", AS_OF, rows=rows))  # type: ignore[arg-type]
    book = read_book(data, "店.xlsx", as_of=to_day(AS_OF))
    return analyse(book, Clock(to_day(AS_OF), to_day(AS_OF)))


@pytest.mark.parametrize(
    ("name", "tags", "progress"),
    [
        ("鸽", "鸽子", "拍下未付"),
        ("刀", "刀客、回头", "成交"),
        ("一刀", "回头", "成交"),
        ("小刀", "回头", "成交"),
        ("老", "曾忠诚", "成交"),
        ("单", "一次性", "成交"),
        ("等", "", "拍下未付"),
        ("蹲", "蹲货", "意向"),
        ("同", "同行/供货", "意向"),
    ],
)
def test_tags_and_how_far_she_came(found: Analysis, name: str, tags: str, progress: str) -> None:
    at = found.customers["name"].index(name)
    assert (found.customers["tags"][at], found.customers["progress"][at]) == (tags, progress)


@pytest.mark.parametrize("template", blueprint_names())
def test_no_template_measures_what_is_called_as_a_tag_column(template: str) -> None:
    chosen = blueprint(template)
    rules = rules_for(chosen).book
    measured = {*rules.metrics, *rules.dimensions, *chosen.dimensions}
    assert len(measured) > 20
    assert measured & set(TAG_COLUMNS) == set()


def test_profit_counts_only_trades_with_a_cost(found: Analysis) -> None:
    at = found.customers["name"].index("利")
    assert found.customers["profit"][at] == (40 - 30) * 100
    assert found.customers["margin"][at] == pytest.approx(10 / 160)
    assert [one for one in found.customers["profit"] if one is not None] == [1000]


def test_who_asked_and_bought_is_a_figure_that_rests_on_its_count(found: Analysis) -> None:
    (asked,) = (one for one in found.kpis if one.key == "asked_share")
    assert (asked.n, asked.value) == (2, None), "two are too few for a share"


@pytest.mark.parametrize("lang", LANGS)
def test_profit_is_shown_only_where_a_cost_is_filled(found: Analysis, lang: Lang) -> None:
    def headings(analysis: Analysis) -> set[object]:
        made = report_workbook(analysis, plan_typed={}, plan_history=[]).workbook
        sheet = python_calamine.load_workbook(io.BytesIO(made)).get_sheet_by_index(1)
        return {cell for row in sheet.to_python() for cell in row}

    words = {"zh": ("标签", "走到哪一步", "利润率"), "en": ("Tags", "How far", "Margin")}[lang]
    shown = headings(replace(found, lang=lang))
    assert set(words) <= shown
    nothing = [None] * found.customer_count
    bare = replace(found, lang=lang, customers={**found.customers, "profit": nothing, "margin": nothing})
    assert set(words[:2]) <= headings(bare)
    assert words[2] not in headings(bare)
