"""The pages 市场细分, 负责人与部门 and 节日与生日, counted by hand in a shop of four; days of festivals."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from sheetkit.analysis import festivals
from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.festivals import coming, next_birthday
from sheetkit.analysis.lint import lint
from sheetkit.analysis.page import Page, Section
from sheetkit.analysis.pages.market import first_part
from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_day
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, templates_folder

AS_OF = date(2026, 5, 20)
TODAY = to_day(AS_OF)


def table(rows: list[dict[str, object]]) -> Table:
    keys = dict.fromkeys(key for row in rows for key in row)
    count = len(rows)
    columns = {key: [row.get(key) for row in rows] for key in keys}
    return Table(columns, {}, ["s"] * count, list(range(2, count + 2)), [True] * count, [False] * count)


@cache
def shop(lang: Lang = "zh") -> dict[str, Page]:
    """安 and 宝 buy, 菜 is typed, 丁 asked; the first three are looked after."""
    book = Book.empty("ecommerce", lang)
    yes = lists()["yes"].code("yes")
    monthly = lists()["order_frequency"].code("monthly")
    book.tables["customers"] = table(
        [
            {"nickname": "安", "owner": "何", "department": "线上", "market_segment": "家庭",
             "address": "广东省深圳市南山区", "birthday": to_day(date(1990, 5, 30))},
            {"nickname": "宝", "owner": "何", "market_segment": "家庭", "address": "上海 徐汇",
             "birthday": to_day(date(1992, 6, 3)), "do_not_contact": yes},
            {"nickname": "菜", "owner": "孟", "department": "大客户", "market_segment": "企业采购",
             "region": "上海", "address": "北京 朝阳", "last_purchase": TODAY - 10, "average_order": 30000,
             "order_frequency": monthly, "birthday": to_day(date(1980, 6, 4))},
            {"nickname": "丁"},
        ]
    )  # fmt: skip
    sale = {"state": lists()["trade_state"].code("completed"), "line_kind": 1}
    book.tables["trades"] = table(
        [
            {"nickname": "安", "date": TODAY - 20, "amount": 10000, **sale},
            {"nickname": "安", "date": TODAY - 60, "amount": 10000, **sale},
            {"nickname": "宝", "date": TODAY - 400, "amount": 25000, **sale},
        ]
    )
    return {page.key: page for page in analyse(book, Clock(TODAY, TODAY)).pages}


def rows(section: Section, *columns: int) -> list[tuple[object, ...]]:
    return [tuple(row[at] for at in columns) for row in section.rows]


def test_segments_say_who_is_worth_what() -> None:
    """Known spend: 安 200, 宝 250 within two years, 菜 two orders of 300 at least."""
    own, region, age, habit = shop()["market"].sections
    assert rows(own, 0, 1, 3, 6) == [
        ("企业采购", 1, 60000, "菜"),
        ("家庭", 2, 45000, "宝、安"),
        ("(没填)", 1, 0, "丁"),
    ]
    assert own.says == "「企业采购」占客户的 25%,占消费的 57%"
    assert rows(region, 0, 1) == [("上海", 2), ("广东省", 1), ("(没填)", 1)]
    assert rows(age, 0, 1) == [("年龄未知", 4)]
    assert age.says == text("market.none", "zh")
    assert sum(row[1] for row in habit.rows) == 4  # type: ignore[misc]  # counts
    assert own.chart is not None
    assert own.columns[own.chart.values[0]].kind == "percent"


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("广东省深圳市南山区", "广东省"),
        ("广西壮族自治区南宁市", "广西壮族自治区"),
        ("上海市徐汇区", "上海市"),
        ("上海 徐汇", "上海"),
        ("浙江,杭州", "浙江"),
        ("Santa Fe, NM", "Santa Fe"),
        ("Leeds", "Leeds"),
    ],
)
def test_the_first_part_of_an_address(address: str, first: str) -> None:
    assert first_part(address) == first


def test_departments_and_people() -> None:
    """Customers, who bought, who sleeps or is lost, sales of the last year."""
    department, owner, due = shop()["team"].sections
    assert rows(department, 0, 1, 2, 3, 4) == [
        ("大客户", 1, 1, 0, 0),
        ("线上", 1, 1, 0, 20000),
        ("(没人管)", 2, 1, 1, 0),
    ]
    assert rows(owner, 0, 1, 2, 3, 4) == [
        ("何", 2, 2, 1, 20000),
        ("孟", 1, 1, 0, 0),
        ("(没人管)", 1, 0, 0, 0),
    ]
    assert (owner.says, department.says) == ("4 位客户里有 1 位还没写", "4 位客户里有 2 位还没写")
    assert sum(row[5] for row in owner.rows) == len(due.rows) > 0  # type: ignore[misc]  # counts


def test_nobody_is_responsible_so_no_page() -> None:
    book = Book.empty("ecommerce", "zh")
    book.tables["customers"] = table([{"nickname": "丁"}])
    assert {page.key for page in analyse(book, Clock(TODAY, TODAY)).pages} == {"market", "festivals"}
    plain = replace(book, template="xianyu")
    assert [page.key for page in analyse(plain, Clock(TODAY, TODAY)).pages if page.key in shop()] == []


@pytest.mark.parametrize("lang", LANGS)
def test_birthdays_within_two_weeks(lang: Lang) -> None:
    """30 May and 3 June are near, 4 June is a day too far."""
    (birthdays, _) = shop(lang)["festivals"].sections
    assert rows(birthdays, 0, 1, 2) == [
        ("安", to_day(date(2026, 5, 30)), 10),
        ("宝", to_day(date(2026, 6, 3)), 14),
    ]
    greeting, silent = (row[-1] for row in birthdays.rows)
    assert (greeting, silent) == (
        text("festivals.greeting", lang, name="安"),
        text("festivals.silent", lang),
    )
    assert lint(str(greeting), "taobao") == []


def test_the_page_lists_what_this_kind_of_shop_has_ahead() -> None:
    (_, ahead) = shop()["festivals"].sections
    listed = {str(row[0]): row for row in ahead.rows}
    assert listed["端午"][1:6] == (
        to_day(date(2026, 6, 19)), None, 30, to_day(date(2026, 6, 7)), to_day(date(2026, 6, 15)),
    )  # fmt: skip
    assert "毕业季" not in listed, "second-hand only"
    assert listed["中元"][4] is None
    days = [row[1] for row in ahead.rows]
    assert days == sorted(days)  # type: ignore[type-var]  # day numbers
    assert max(days) <= TODAY + 120  # type: ignore[type-var, operator]  # day numbers


ANCHORS = {
    # of domain tables, not of the library: known dates of the lunar calendar, of weekdays and a solar term
    "spring_festival": (date(2026, 2, 17), date(2027, 2, 6)),
    "new_year_eve": (date(2027, 2, 5), date(2028, 1, 25)),  # of the lunar year that ends then
    "lantern": (date(2026, 3, 3), date(2027, 2, 20)),
    "dragon_boat": (date(2026, 6, 19), date(2027, 6, 9)),
    "seventh_night": (date(2026, 8, 19), date(2027, 8, 8)),
    "mid_autumn": (date(2026, 9, 25), date(2027, 9, 15)),
    "mother": (date(2026, 5, 10), date(2027, 5, 9)),
    "father": (date(2026, 6, 21), date(2027, 6, 20)),
    "black_friday": (date(2026, 11, 27), date(2027, 11, 26)),
    "qingming": (date(2026, 4, 5), date(2027, 4, 5)),
    "say_love": (date(2026, 5, 20), date(2027, 5, 20)),
}


@pytest.mark.parametrize("key", ANCHORS)
def test_the_day_of_a_festival(key: str) -> None:
    (found,) = (one for one in festivals.festivals() if one.key == key)
    assert (found.day(2026), found.day(2027)) == ANCHORS[key]


def test_the_last_lunar_day_is_new_years_eve_whatever_its_number() -> None:
    """The last month of 2025 has 29 days, that of 2023 30: the day before the first month either way."""
    known = {one.key: one for one in festivals.festivals()}
    eve, first = known["new_year_eve"], known["spring_festival"]
    for year in range(2020, 2035):
        assert (first.day(year + 1) - eve.day(year)).days == 1


def test_every_kind_of_shop_has_festivals_and_preparation_comes_first() -> None:
    for kind in lists()["shop_kind"].meanings:
        year = coming(AS_OF, kind, 365)
        assert len({one.festival.key for one in year}) >= 10
        for one in year:
            assert one.prepare_from <= one.first <= one.last
            assert one.ship_by is None or one.prepare_from <= one.ship_by <= one.last


@pytest.mark.parametrize(
    ("born", "today", "kept"),
    [
        (date(1996, 2, 29), date(2027, 2, 1), date(2027, 2, 28)),
        (date(1996, 2, 29), date(2028, 2, 28), date(2028, 2, 29)),
        (date(1990, 5, 19), AS_OF, date(2027, 5, 19)),
        (date(1990, 5, 20), AS_OF, AS_OF),
    ],
)
def test_the_next_birthday(born: date, today: date, kept: date) -> None:
    assert next_birthday(born, today) == kept


MISTAKES = [
    ("lunar = [5, 5]", "lunar = [13, 5]", "dragon_boat.lunar"),
    ("lunar = [5, 5]", "lunnar = [5, 5]", "dragon_boat"),
    ('term = "清明"', 'term = "清朗"', "qingming.term"),
    ('purpose = "greet"', 'purpose = "great"', "purpose"),
    ('kinds = ["clothing", "beauty"]', 'kinds = ["cloths", "beauty"]', "women.kinds"),
    ("prepare = 35", 'prepare = "35"', "prepare"),
]


@pytest.mark.parametrize(("right", "wrong", "where"), MISTAKES)
def test_a_mistake_in_the_calendar_is_named(
    right: str, wrong: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = (templates_folder() / "festivals.toml").read_text("utf-8")
    assert right in plain
    changed = plain.replace(right, wrong, 1)
    monkeypatch.setattr(festivals, "read", lambda name: Node(name, "", tomllib.loads(changed)))
    with pytest.raises(TemplateError) as caught:
        festivals.festivals.__wrapped__()
    assert where in str(caught.value.params)
