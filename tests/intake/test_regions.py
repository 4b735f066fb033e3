"""Headers of two rows, headers again, several tables in one sheet: each row under its own names."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from sheetkit.intake import read_book
from sheetkit.pipeline.analyze import analyze_file
from tests.intake.tables import TODAY, codes, read, rows
from tests.tools import make_book

HEAD = "| 日期 | 昵称 | 成交价 |"
ONE = "| 2024-03-05 | 小李 | 100 |"
TWO_ROWS = [
    "| 客户 | | 成交 | |\n| 昵称 | 电话 | 日期 | 成交价 |\n| 小李 | 1 | 2024-03-05 | 100 |",
    "| 日期 | 客户 | | 金额 |\n| | 昵称 | 电话 | 成交价 |\n| 2024-03-05 | 小李 | 1 | 100 |",
    "| 账本 | | | |\n| 日期 | 谁 | | 金额 |\n| | 昵称 | 电话 | |\n| 2024-03-05 | 小李 | 1 | 100 |",
]


@pytest.mark.parametrize("lines", TWO_ROWS)
def test_a_header_of_two_rows(lines: str) -> None:
    book = read(f"## 交易记录\n{lines}")
    assert rows(book, "trades", "date", "nickname", "amount") == [(45356, "小李", 10000)]
    assert [one.severity for one in book.findings if one.severity != "info"] == []


def test_a_header_of_two_rows_that_stands_on_every_page() -> None:
    head = "| 日期 | 客户 | | 金额 |\n| | 昵称 | 电话 | |"
    book = read(
        f"## 交易记录\n{head}\n| 2024-03-05 | 小李 | 1 | 100 |\n{head}\n| 2024-03-06 | 小红 | 2 | 50 |"
    )
    assert rows(book, "trades", "date", "nickname", "amount") == [
        (45356, "小李", 10000),
        (45357, "小红", 5000),
    ]
    (total,) = [one for one in book.totals if one.table == "trades"]
    assert (total.rows_read, total.rows_set_aside, total.cents_set_aside) == (4, 2, 0)


def test_a_first_row_of_words_is_no_second_header() -> None:
    book = read(f"## 交易记录\n{HEAD}\n| 昨天 | 小李 | 面议 |\n{ONE}")
    assert book.tables["trades"].row == [2, 3]


def test_a_header_with_line_breaks_is_known_again() -> None:
    head = "| 日\\n期 | 昵称 | 成交价 |"
    book = read(f"## 交易记录\n{head}\n{ONE}\n{head}\n{ONE}")
    assert [one for one in codes(book) if one != "header_guessed"] == ["header_repeated"]


BELOW = f"{HEAD}\n{ONE}\n| | | |\n| 客户名单 | | |\n| 昵称 | 手机号 | 备注 |\n| 小红 | 13800001111 | 甲 |"
BESIDE = "| 日期 | 昵称 | 成交价 | | 昵称 | 手机号 |\n| 2024-03-05 | 小李 | 100 | | 小红 | 13800001111 |"


@pytest.mark.parametrize(("lines", "place"), [(BELOW, "表!A5"), (BESIDE, "表!E1")])
def test_trades_and_customers_in_one_sheet(lines: str, place: str) -> None:
    book = read(f"## 表\n{lines}")
    assert rows(book, "trades", "date", "nickname", "amount") == [(45356, "小李", 10000)]
    assert rows(book, "customers", "nickname", "phone") == [("小红", "13800001111")]
    assert [(one.code, one.where) for one in book.findings] == [("table_in_sheet", place)]
    assert book.tables["trades"].extras == {}


def test_months_side_by_side() -> None:
    book = read(
        f"## 表\n{HEAD}{HEAD}\n{ONE}| 2024-04-05 | 小红 | 50 |\n| | | || 2024-04-06 | 小红 | 7 |".replace(
            "||", "|"
        )
    )
    assert rows(book, "trades", "date", "amount") == [(45356, 10000), (45387, 5000), (45388, 700)]
    assert [(one.code, one.where) for one in book.findings] == [("table_in_sheet", "表!D1")]


def test_the_same_table_again_in_another_order() -> None:
    book = read(f"## 表\n{HEAD}\n{ONE}\n| 昵称 | 成交价 | 日期 |\n| 小红 | 50 | 2024-03-06 |")
    assert rows(book, "trades", "date", "nickname", "amount") == [
        (45356, "小李", 10000),
        (45357, "小红", 5000),
    ]
    assert book.tables["trades"].row == [2, 4]


def test_a_second_table_far_down_keeps_its_rows_and_merged_cells() -> None:
    lines = "\n".join([ONE] * 60)
    drawing = (
        f"## 表\n{HEAD}\n{lines}\n| 昵称 | 成交价 | 日期 |\n| 小红 | 50 | 2024-03-06 |\n| | 7 | 2024-03-07 |"
    )
    workbook = load_workbook(io.BytesIO(make_book(drawing)))
    workbook.active.merge_cells("A63:A64")
    target = io.BytesIO()
    workbook.save(target)
    book = read_book(target.getvalue(), "x.xlsx", as_of=TODAY)
    assert book.tables["trades"].row[-2:] == [63, 64]
    assert rows(book, "trades", "nickname", "amount")[-2:] == [("小红", 5000), ("小红", 700)]


def test_what_the_formulas_see_is_one_table() -> None:
    live = read(
        f"## 交易记录\n{HEAD}\n{ONE}\n| 昵称 | 成交价 | 日期 |\n| 小红 | 50 | 2024-03-06 |", repair=False
    )
    assert live.tables["trades"].used == [True, False, False]


KEPT = [
    # one table, although it looks like two
    ("| 日期 | 昵称 | 成交价 | | 状态 | 备注 |\n| 2024-03-05 | 小李 | 100 | | 交易成功 | 甲 |", []),
    ("| 日期 | 成交价 | | 昵称 | 手机号 |\n| 2024-03-05 | 100 | | 小李 | 1 |", []),
    ("| 日期 | 昵称 | 成交价 | 金额 |\n| 2024-03-05 | 小李 | 100 | 90 |", ["header_duplicate"]),
    (f"{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| | 昵称 | |", ["date_missing", "amount_missing"]),
]


@pytest.mark.parametrize(("lines", "told"), KEPT)
def test_one_table_stays_one(lines: str, told: list[str]) -> None:
    book = read(f"## 表\n{lines}")
    assert rows(book, "trades", "date", "nickname", "amount") == [(45356, "小李", 10000)]
    assert codes(book) == told


MISSING = [
    (
        "交易记录",
        "| 日期 | 昵称 | 物品 |\n| 2024-03-05 | 小李 | 壶 |\n| 2024-03-06 | 小红 | 桌 |",
        "成交价",
        "C1",
    ),
    ("交易记录", "| 昵称 | 物品 | 成交价 |\n| 小李 | 壶 | 5 |\n| 小红 | 桌 | 6 |", "日期", "D1"),
    (
        "Sheet1",
        "| 日期 | 昵称 | 物品 | 订单号 |\n| 2024-03-05 | 小李 | 壶 | 1 |\n| 2024-03-06 | 小红 | 桌 | 2 |",
        "成交价",
        "E1",
    ),
]


@pytest.mark.parametrize(("sheet", "lines", "column", "place"), MISSING)
def test_trades_without_a_column_they_need_are_no_customers(
    sheet: str, lines: str, column: str, place: str
) -> None:
    book = read(f"## {sheet}\n{lines}")
    assert (book.tables["trades"].used, len(book.tables["customers"])) == ([False, False], 0)
    (found,) = book.findings
    assert (found.code, found.severity, found.params["field"], found.params["count"]) == (
        "column_missing",
        "error",
        column,
        2,
    )
    assert column in found.sentence("zh")


HEADERS = [
    "| 📅日期 | 👤 昵称 | 💰成交价 |",
    "| 日\u200b期 | \ufeff昵称 | 成交价\u00a0 |",
    "| 日\\n期 | 昵\\n称 | 成交价\\n(元) |",
]


@pytest.mark.parametrize("head", HEADERS)
def test_headers_with_pictures_breaks_and_invisible_characters(head: str) -> None:
    assert rows(read(f"## 表\n{head}\n{ONE}"), "trades", "date", "nickname", "amount") == [
        (45356, "小李", 10000)
    ]


def test_a_page_of_two_tables_becomes_a_workbook_with_both() -> None:
    text = "日期,昵称,成交价\n2024-03-05,小李,100\n昵称,成交价,日期\n小红,50,2024-03-06\n"
    outcome = analyze_file(text.encode(), "x.csv")
    again = read_book(outcome.workbook, "x.xlsx", as_of=TODAY)
    assert rows(again, "trades", "date", "nickname", "amount") == [
        (45356, "小李", 10000),
        (45357, "小红", 5000),
    ]
