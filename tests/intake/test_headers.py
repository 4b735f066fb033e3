"""Sheets and columns are found by what they mean, wherever they stand and whatever they are called."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sheetkit.intake import read_book
from sheetkit.model.book import Book
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold
from tests.intake.tables import TODAY, codes, read, rows
from tests.tools import make_book

RENAMED = [
    ("昵称(必填)", "nickname"),
    ("昵称（必填）", "nickname"),
    ("买家 昵称", "nickname"),
    ("*昵称", "nickname"),
    ("客户昵称:", "nickname"),
    ("成交价（元）", "amount"),
    ("成交价/元", "amount"),
    ("成交价格", "amount"),
    ("Order_Date", "date"),
    ("交易日期 ", "date"),
    ("ORDER DATE", "date"),
    ("订单编号", "order_id"),
]


@pytest.mark.parametrize(("header", "key"), RENAMED)
def test_a_mildly_renamed_header_is_recognised(header: str, key: str) -> None:
    row = {"date": ("日期", "2024-03-05"), "nickname": ("昵称", "小李"), "amount": ("成交价", "120")}
    row[key] = (header, row.get(key, ("", "77"))[1])
    heads, cells = zip(*row.values(), strict=True)
    book = read(f"## 交易记录\n| {' | '.join(heads)} |\n| {' | '.join(cells)} |")
    assert key in book.places[0].letters
    assert rows(book, "trades", "nickname", "amount") == [("小李", 12000)]
    assert set(codes(book)) <= {"header_guessed"}


@pytest.mark.parametrize(
    "header", ["买家应付货款", "物流单号", "店铺名称", "昵称颜色", "发货时间", "备用", "成交"]
)
def test_another_header_is_the_sellers_own(header: str) -> None:
    book = read(f"## 交易记录\n| 日期 | 昵称 | 成交价 | {header} |\n| 2024-03-05 | 小李 | 120 | 甲 |")
    assert book.tables["trades"].extras == {header: ["甲"]}


def test_a_guess_is_marked_as_a_guess() -> None:
    book = read("## 交易记录\n| 日期 | 昵称(必填) | 成交价 |\n| 2024-03-05 | 小李 | 120 |")
    (found,) = book.findings
    assert (found.code, found.severity, found.where) == ("header_guessed", "info", "交易记录!B1")
    assert "昵称(必填)" in found.sentence("zh")
    assert "昵称" in found.sentence("en")


def test_of_two_headers_for_one_field_the_surer_wins_and_the_other_is_kept() -> None:
    book = read("## 交易记录\n| 姓名 | 日期 | 昵称 | 金额 | 实付 |\n| 李丽 | 2024-03-05 | 小李 | 120 | 110 |")
    table = book.tables["trades"]
    assert (table.columns["nickname"], table.columns["amount"]) == (["小李"], [12000])
    assert table.extras == {"姓名": ["李丽"], "实付": ["110"]}
    assert [(one.code, one.cell) for one in book.findings] == [
        ("header_duplicate", "A1"),
        ("header_duplicate", "E1"),
    ]


def test_the_header_need_not_stand_in_the_first_row() -> None:
    book = read(
        """
        ## 我的账
        | 2024 年小店账本 |    |       |     |
        |                 |    |       |     |
        |                 | 日期 | 客户 | 金额 |
        | 1               | 2024-03-05 | 小李 | 120 |
        | 2               | 昨天       | 小红 | 80  |
        """
    )
    assert [(one.sheet, one.header_row, one.letters) for one in book.places] == [
        ("我的账", 3, {"date": "B", "nickname": "C", "amount": "D"})
    ]
    assert book.tables["trades"].row == [4, 5]
    assert book.findings[-1].where == "我的账!B5"


def test_columns_to_the_right_of_nothing_keep_their_letters() -> None:
    book = read("## 表\n|  |  | 日期 | 客户 | 金额 |\n|  |  | 2024-03-05 | 小李 | '约3 |")
    assert book.findings[-1].where == "表!E2"


SHEETS = [
    ("订单", "| 时间 | 买家 | 实付金额 |", "trades"),
    ("Sheet1", "| 日期 | 金额 |", "trades"),
    ("客户", "| 日期 | 金额 | 昵称 |", "trades"),
    ("客户", "| 姓名 | 电话 |", "customers"),
    ("Sheet1", "| 昵称 |", "customers"),
    ("Sheet1", "| name | email address | phone |", "customers"),
    ("clients", "| name |", "customers"),
    ("沟通记录", "| 日期 | 昵称 | 内容 |", "contacts"),
    ("Sheet1", "| 日期 | 客户 | 类型 | 沟通内容 |", "contacts"),
    ("跟进记录", "| 日期 | 客户 | 类型 | 内容 | 出价 |", "contacts"),
    ("客户信息 (2)", "| 客户名称 |", "customers"),
    ("库存", "| 编号 | 品类 | 成色 | 挂牌价 |", None),
    ("Sheet1", "| name |", None),
    ("Sheet1", "| 说明 |", None),
]


@pytest.mark.parametrize(("name", "header", "table"), SHEETS)
def test_which_table_a_sheet_is(name: str, header: str, table: str | None) -> None:
    filled = "| " + " | ".join(["x"] * (header.count("|") - 1)) + " |"
    book = read(f"## {name}\n{header}\n{filled}")
    assert [one.table for one in book.places] == ([table] if table else [])
    assert (codes(book) == ["sheet_ignored"]) == (table is None)


def test_a_file_without_buyers_says_so() -> None:
    book = read("## Sheet1\n| 日期 | 金额 |\n| 2024-03-05 | 12 |")
    assert codes(book) == ["no_customer_column"]
    assert rows(book, "trades", "date", "amount", "nickname") == [(45356, 1200, None)]


def test_sheets_of_one_kind_are_joined() -> None:
    book = read(
        """
        ## 三月
        | 日期 | 昵称 | 金额 | 状态 | 颜色 |
        | 2024-03-05 | 小李 | 1 | 买家取消 | 红 |
        ## 四月
        | 金额 | 日期 | 昵称 | 尺码 |
        | 2 | 2024-04-05 | 小红 | 大 |
        """
    )
    table = book.tables["trades"]
    assert (table.sheet, table.row) == (["三月", "四月"], [2, 2])
    assert table.columns["amount"] == [100, 200]
    assert table.columns["state"] == [3, 1]
    assert table.extras == {"颜色": ["红", ""], "尺码": ["", "大"]}


def test_a_hidden_sheet_of_a_strange_name_is_no_data() -> None:
    sheet = "| 日期 | 金额 |\n| 2024-03-05 | 1 |"
    workbook = load_workbook(io.BytesIO(make_book(f"## 交易记录\n{sheet}\n## 旧\n{sheet}")))
    workbook["旧"].sheet_state = "hidden"
    target = io.BytesIO()
    workbook.save(target)
    book = read_book(target.getvalue(), "x.xlsx")
    assert book.tables["trades"].sheet == ["交易记录"]
    assert "sheet_ignored" in codes(book)


def test_headers_as_sheetkit_wrote_them_win() -> None:
    book = read(
        """
        ## _sheetkit
        | template | xianyu |
        | lang | zh |
        | sheet:trades | 流水 |
        | column:trades:date | 哪天 |
        | column:trades:amount | 收了多少 |
        | column:trades:echo | 回声 |
        ## 流水
        | 哪天 | 昵称 | 收了多少 | 金额 | 回声 | 这位客户 |
        | 2024-03-05 | 小李 | 12 | 99 | 新面孔 | 新面孔 |
        """
    )
    table = book.tables["trades"]
    assert table.columns["amount"] == [1200]
    assert table.extras == {"金额": ["99"]}


def test_sheetkits_own_sheets_are_never_data() -> None:
    drawing = """
        ## _sheetkit
        | template | xianyu |
        | lang | zh |
        ## 交易记录
        | 日期 | 昵称 | 成交价 |
        | 2024-03-05 | 小李 | 12 |
        """
    for name in (
        "今天",
        "客户分类",
        "客户档案",
        "看板",
        "参数设置",
        "选项",
        "计算",
        "客户分群",
        "行动方案",
        "Classes",
    ):
        drawing += f"\n        ## {name}\n        | 日期 | 昵称 | 成交价 |\n        | 2024-03-05 | 小红 | 1 |"
    book = read(drawing)
    assert book.tables["trades"].columns["nickname"] == ["小李"]
    assert codes(book) == []


CELLS: dict[str, list[str]] = {
    "date": ["2024-03-05", "2024.3.6", "3月5日"],
    "nickname": ["小李", "小红", ""],
    "item": ["冰箱", "", "壶"],
    "amount": ["120", "'¥80", "约3"],
    "state": ["交易成功", "成交", "不知道"],
    "rating": ["好评", "", "差评"],
    "cost": ["60", "", "x"],
    "order_id": ["007", "8", ""],
    "note": ["一", "", "二"],
}


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """The same table with its columns in any order, under any of their names, with strange ones between."""
    keys = draw(st.permutations(list(CELLS)))
    known = fields("trades")
    named = {}
    for key in keys:
        others = {header for one in known.values() if one.key != key for header in one.headers()}
        names = [*known[key].labels.all(), *known[key].synonyms]
        named[key] = draw(st.sampled_from([one for one in names if fold(one) not in others]))
    columns: list[list[str]] = [[named[key], *CELLS[key]] for key in keys]
    for at in range(draw(st.integers(0, 3))):
        columns.insert(draw(st.integers(0, len(columns))), [f"我的列{at}", "甲", "", "乙"])
    blank = draw(st.integers(0, 3))
    lines = ["| 账本 |"] * blank + ["| " + " | ".join(line) + " |" for line in zip(*columns, strict=True)]
    return "## 交易记录\n" + "\n".join(lines), named


def essence(book: Book) -> Any:
    table = book.tables["trades"]
    kept = {key: table.columns[key] for key in CELLS}
    told = sorted(one.code for one in book.findings if not one.code.startswith("header"))
    return kept, table.used, table.repaired, book.totals, told


PLAIN = "## 交易记录\n" + "\n".join(
    "| " + " | ".join(line) + " |"
    for line in zip(*([fields("trades")[key].labels.zh, *cells] for key, cells in CELLS.items()), strict=True)
)


@settings(max_examples=60)
@given(shuffled())
def test_order_names_and_strange_columns_change_nothing(drawn: tuple[str, dict[str, str]]) -> None:
    drawing, _ = drawn
    assert essence(read(drawing, as_of=TODAY, lang="zh")) == essence(read(PLAIN, as_of=TODAY, lang="zh"))
