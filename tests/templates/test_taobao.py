"""淘宝客户管理方案: value, membership, points, satisfaction and who is leaving, counted by hand.

Clothes: often is three visits a year, large is 1.5 times the middle customer's average; sleeping after 90
days, gone after 365, and a warning only for those who came twice.
"""

from __future__ import annotations

import re

import pytest

from sheetkit.analysis.lint import lint
from sheetkit.messages import LANGS, Lang
from sheetkit.model.lists import lists
from sheetkit.model.source import read
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.playbook import GAP
from tests.templates.taobao import TEMPLATE, analysed, of, sold, table

RULES = rules_for(TEMPLATE)
OWN = {one.text("key") for one in read("plays/taobao.toml").items("plays")}
DRAFTS = [
    pytest.param(lang, draft, id=f"{play.key}-{lang}-{at}")
    for play in RULES.plays.plays
    if play.key in OWN
    for lang in LANGS
    for at, draft in enumerate(play.drafts[lang])
]

VALUE = analysed(
    {
        "trades": sold(
            rich=[(10, 300), (60, 300), (120, 300)],
            often=[(20, 50), (50, 50), (365, 50)],
            nearly=[(20, 50), (50, 50), (366, 50)],
            large=[(300, 150)],
            almost=[(300, 149)],
            old=[(366, 9000)],
            twice=[(30, 100), (31, 100)],  # a day apart: one visit
            a=[(5, 90)],
            b=[(6, 110)],
        ),
        "contacts": table("contacts", "nickname|date|type\nasks|5|咨询"),
    }
)
"""Averages within a year: 50 50 90 110 149 150 200 300: the 4th of 8 is 110, so large begins at 165."""


def test_the_large_line_is_one_and_a_half_times_the_middle_average() -> None:
    assert VALUE.shop["median_order"] == 110_00
    assert VALUE.shop["large_line"] == 165_00


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rich", "high"),
        ("often", "mid_often"),
        ("nearly", "low"),
        ("large", "low"),
        ("twice", "mid_large"),
        ("old", "low"),
        ("a", "low"),
        ("asks", "unpaid"),
    ],
)
def test_value_goes_by_how_often_and_how_large(name: str, value: str) -> None:
    assert of(VALUE, "customer_value")[name] == value


LEVELS = analysed(
    {
        "trades": sold(
            five=[(10, 50), (30, 50), (50, 50), (70, 50), (700, 50)],
            high=[(10, 600), (60, 600), (120, 600)],
            two=[(10, 50), (30, 50)],
            dear=[(10, 500)],
            once=[(10, 249)],
            named=[(10, 50)],
            demoted=[(10, 600), (60, 600), (120, 600)],
        ),
        "customers": table("customers", "nickname|member_level\nnamed|钻卡\ndemoted|普通"),
    }
)
"""Revenues: 50 100 249 250 500 1800 1800: the middle is 250, so silver's line is 500."""


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("five", "gold"),
        ("high", "gold"),
        ("two", "silver"),
        ("dear", "silver"),
        ("once", "ordinary"),
        ("named", "diamond"),
        ("demoted", "ordinary"),
    ],
)
def test_diamond_needs_the_sellers_word_and_her_word_wins(name: str, level: str) -> None:
    assert of(LEVELS, "membership")[name] == level


def test_the_sellers_own_class_wins_and_its_reason_is_told() -> None:
    customers = table("customers", "nickname|manual_class|manual_reason\nonce|高价值|介绍了三个客户")
    found = analysed({"trades": sold(once=[(10, 50)], other=[(10, 50)]), "customers": customers})
    assert of(found, "customer_value") == {"once": "high", "other": "low"}
    assert of(found, "auto_class") == {"once": "low", "other": "low"}
    assert "介绍了三个客户" in found.reasons["customer_value"][0].why


def test_diamond_is_proposed_for_three_in_a_hundred_from_thirty_buyers_on() -> None:
    few = sold(**{f"n{at}": [(10, 100.0 + at)] for at in range(29)})
    assert sum(of(analysed({"trades": few}), "diamond_due").values()) == 0  # type: ignore[arg-type]
    more = of(analysed({"trades": [*few, *sold(n29=[(10, 500)], n30=[(10, 400)])]}), "diamond_due")
    # of 31, the ⌈0.97 · 31⌉ = 31st: the dearest alone
    assert [name for name, due in more.items() if due] == ["n29"]


SCORED = analysed(
    {
        "trades": sold(
            fine=[(10, 50), (40, 50)], cross=[(10, 50), (40, 50)], healed=[(10, 50), (40, 50)],
            waits=[(10, 50), (40, 50)], once=[(10, 50)],
        ),
        "surveys": table(
            "surveys",
            """nickname|date|score
               fine|5|5
               fine|60|2
               cross|90|2
               healed|91|1
               once|3|1
               fine|2|9""",
        ),
        "cases": table(
            "cases",
            """nickname|date|kind|status|closed_on
               waits|20|投诉||
               waits|50|换货|待处理|
               fine|30|投诉|已完成|26
               fine|60|换货|已完成|50
               fine|70|换货|已完成|80""",
        ),
        "benefits": table(
            "benefits",
            """nickname|date|points|due
               fine|365|100|
               fine|366|900|
               fine|500|40|0
               fine|500|70|1
               fine|10|-30|""",
        ),
    }
)  # fmt: skip


def test_points_are_a_ledger_and_what_is_past_its_day_is_void() -> None:
    assert of(SCORED, "points_balance")["fine"] == 100 + 40 - 30
    assert of(SCORED, "points_worth")["fine"] == 110  # cents: 100 points to the yuan


def test_scores_are_the_last_and_the_mean_of_those_between_one_and_five() -> None:
    assert (of(SCORED, "last_score")["fine"], of(SCORED, "mean_score")["fine"]) == (5, 3.5)
    assert (of(SCORED, "last_score")["waits"], of(SCORED, "answers")["waits"]) == (None, 0)


def test_days_to_close_leave_out_open_cases_and_impossible_days() -> None:
    assert of(SCORED, "close_days_mean")["fine"] == (4 + 10) / 2
    assert of(SCORED, "close_days_mean")["waits"] is None
    assert of(SCORED, "complaints_365")["waits"] == 1


FORTNIGHTS = [(at, 50.0) for at in range(63, 120, 14)]  # 63, 77 … 119: five visits, a gap of 14 days
LEAVING = analysed(
    {
        "trades": sold(
            gone=[(366, 50), (400, 50)],
            sleeps=[(91, 50), (200, 50)],
            ends=[(365, 50), (400, 50)],
            once=[(500, 50)],
            late=FORTNIGHTS,
            intime=[(35, 50), (49, 50), (63, 50), (77, 50)],
            few=FORTNIGHTS[:3],
            wrote=[(366, 50), (400, 50)],
            looked=[(366, 50), (400, 50)],
        ),
        "contacts": table("contacts", "nickname|date|type\nwrote|10|咨询"),
        "browsing": table("browsing", "nickname|date\nlooked|10"),
    }
)


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("gone", "left"),
        ("sleeps", "sleeping"),
        ("ends", "sleeping"),
        ("once", "outside"),
        ("late", "late"),  # 63 > 2.5 · 14
        ("intime", "calm"),  # 35 = 2.5 · 14 is not beyond it
        ("few", "calm"),
        ("wrote", "calm"),
        ("looked", "sleeping"),
    ],
)
def test_who_came_twice_is_warned_of_by_her_own_rhythm(name: str, warning: str) -> None:
    assert of(LEAVING, "churn_warning")[name] == warning


@pytest.mark.parametrize(
    ("name", "warning"), [("cross", "unhappy"), ("waits", "unhappy"), ("healed", "calm"), ("once", "outside")]
)
def test_a_low_score_or_an_open_case_is_a_warning(name: str, warning: str) -> None:
    assert of(SCORED, "churn_warning")[name] == warning


REASONS = {
    "价格": "搭配着卖更划算",
    "质量": "让她看到改了什么",
    "物流": "换一家快递",
    "服务": "店主本人道歉",
    "": "先问原因再谈优惠",
}


def test_the_measure_follows_the_reason() -> None:
    typed = [
        *((reason, reason, "") for reason in [*REASONS, "不需要了", "款式"]),
        ("tried", "价格", "没回音"),
    ]
    names = [f"c {name}" for name, _, _ in typed]
    lines = [f"{name}|{reason}|{result}" for name, (_, reason, result) in zip(names, typed, strict=True)]
    customers = table("customers", "\n".join(["nickname|lost_reason|winback_result", *lines]))
    trades = sold(**{name: [(400, 50), (430, 60)] for name in names})
    found = {one.customer: one.action for one in analysed({"trades": trades, "customers": customers}).tasks}
    said = {name.removeprefix("c").strip(): action for name, action in found.items()}
    assert said.keys() == REASONS.keys(), "no need, no piece of her kind yet, already tried: left alone"
    assert [name for name, start in REASONS.items() if not said[name].startswith(start)] == []


def test_a_birthday_is_told_a_week_ahead_to_members() -> None:
    trades = sold(soon=[(10, 50), (40, 50)], later=[(10, 50), (40, 50)], guest=[(10, 50)])
    # born 358 days ago: the next birthday is in 7 days
    customers = table("customers", "nickname|birthday\nsoon|358\nlater|357\nguest|358")
    told = [one for one in analysed({"trades": trades, "customers": customers}).tasks if "生日" in one.action]
    assert [(one.customer, one.why[:6]) for one in told] == [("soon", "7 天后过生日"[:6])]


@pytest.mark.parametrize(("lang", "draft"), DRAFTS)
def test_a_draft_may_be_said_on_taobao(lang: Lang, draft: str) -> None:
    for kind in lists()["shop_kind"].meanings:
        assert lint(draft, RULES.plays.platform, kind) == []
    assert bool(re.search("[\u3400-\u9fff]", GAP.sub("", draft))) == (lang == "zh")
    assert lang == "en" or not re.search("[,?;:!]", draft)
    assert len(draft) <= (60 if lang == "zh" else 140)


def test_no_draft_stands_twice() -> None:
    said = [case.values[1] for case in DRAFTS]
    assert len(said) == len(set(said)) > 150
