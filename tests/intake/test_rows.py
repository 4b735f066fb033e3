"""Which lines are rows, which rows count, and that nothing is dropped in silence."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sheetkit.intake import read_book
from tests.intake.tables import TODAY, codes, read, rows
from tests.tools import make_book

HEAD = "| 日期 | 昵称 | 成交价 |"


def test_findings_name_the_true_cell() -> None:
    book = read(
        """
        ## 交易记录
        | 日期  | 昵称 | 成交价 | 状态 |
        |       |      |        |      |
        | 昨天  | 小李 | 120    |      |
        |       |      |        |      |
        | 2024-03-05 | 小李 | 约3 | 瞎 |
        """
    )
    assert [one.where for one in book.findings] == ["交易记录!A3", "交易记录!C5", "交易记录!D5"]
    assert book.tables["trades"].row == [3, 5]


def test_blank_lines_are_no_rows() -> None:
    book = read(f'## 交易记录\n{HEAD}\n| | | |\n| " " | | |\n| 2024-03-05 | 小李 | 1 |\n| | | |')
    assert book.tables["trades"].row == [4]
    assert codes(book) == []


def test_lines_of_formulas_or_choices_only_are_no_rows_and_told_once() -> None:
    book = read(
        """
        ## 交易记录
        | 序号 | 日期       | 昵称 | 成交价   | 状态     | 成本 |
        | 1    | 2024-03-05 | 小李 | 1        | 交易成功 | 0    |
        | 2    |            |      |          | 交易成功 | 0    |
        | 3    |            |      | =0 -> 0  |          | 0    |
        | 4    |            |      |          |          |      |
        """
    )
    assert book.tables["trades"].row == [2]
    assert [(one.code, one.severity, one.params) for one in book.findings] == [
        ("rows_without_core", "info", {"count": 1})
    ]


TOTALS = [
    ("| 合计 | | 300 |", ["total_row"]),
    ("| | 总计: | 300 |", ["total_row"]),
    ("| | | 300 |", ["total_row"]),
    ("| 小计 | | 310 |", ["total_row_wrong"]),
    ("| 3月合计 | | |", ["total_row"]),
    ("| Total | | 300 |", ["total_row"]),
    ("| 2024-03-31 | 合计 | 300 |", ["total_row"]),
]


@pytest.mark.parametrize(("line", "told"), TOTALS)
def test_a_line_of_totals_is_no_trade(line: str, told: list[str]) -> None:
    book = read(f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| 2024-03-06 | 小红 | 200 |\n{line}")
    assert book.tables["trades"].used == [True, True, False]
    assert book.tables["trades"].columns["nickname"][2] is None
    assert codes(book) == told
    (total,) = [one for one in book.totals if one.table == "trades"]
    assert (total.rows_read, total.rows_used, total.rows_set_aside, total.cents_used) == (3, 2, 1, 30000)


@pytest.mark.parametrize("line", ["| | 小李 | 300 |", "| | | 301 |", "| 昨天 | 小李 | 300 |"])
def test_a_trade_without_a_date_is_no_total(line: str) -> None:
    book = read(f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| 2024-03-06 | 小红 | 200 |\n{line}")
    assert book.tables["trades"].used == [True, True, False]
    assert book.findings[0].code.startswith("date_")


def test_a_total_over_rows_that_do_not_count_is_a_total_all_the_same() -> None:
    lines = "| 2024-03-05 | 小李 | 100 |\n| 昨天 | 小红 | 200 |\n| 合计 | | 300 |"
    book = read(f"## 交易记录\n{HEAD}\n{lines}")
    assert codes(book) == ["date_relative", "total_row"]
    assert rows(book, "trades", "amount") == [(10000,)]


def test_hidden_and_filtered_rows_and_columns_are_data() -> None:
    drawing = f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| 2024-03-06 | 小红 | 200 |"
    workbook = load_workbook(io.BytesIO(make_book(drawing)))
    sheet = workbook.active
    sheet.auto_filter.ref = "A1:C3"
    sheet.auto_filter.add_filter_column(1, ["小李"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    target = io.BytesIO()
    workbook.save(target)
    assert rows(read_book(target.getvalue(), "x.xlsx"), "trades", "amount") == [(10000,), (20000,)]


def test_subtotals_and_a_total() -> None:
    book = read(
        f"""
        ## 交易记录
        {HEAD}
        | 2024-03-05 | 小李 | 100 |
        | 2024-03-06 | 小红 | 200 |
        | 小计       |      | 300 |
        | 2024-04-05 | 小李 | 50  |
        | 小计       |      | 50  |
        | 合计       |      | 350 |
        """
    )
    assert codes(book) == ["total_row", "total_row", "total_row"]
    assert rows(book, "trades", "amount") == [(10000,), (20000,), (5000,)]


def test_as_typed_the_live_formulas_count_a_dated_total() -> None:
    drawing = f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| 2024-03-31 | 合计 | 100 |"
    assert read(drawing, repair=False).tables["trades"].used == [True, True]
    assert read(drawing).tables["trades"].used == [True, False]


def test_headers_once_more_and_notes_are_no_entries() -> None:
    book = read(
        f"""
        ## 交易记录
        {HEAD}
        | 2024-03-05       | 小李 | 100    |
        | 日期             | 昵称 | 成交价 |
        | 2024-03-06       | 小红 | 200    |
        | 以上都是闲鱼上的 |      |        |
        """
    )
    assert codes(book) == ["header_repeated", "note_row"]
    assert book.tables["trades"].used == [True, False, True, False]
    assert [one.severity for one in book.findings] == ["info", "info"]


def test_what_was_repaired_is_marked() -> None:
    book = read(
        f"## 交易记录\n{HEAD}\n| 2024-03-05 | 甲 | 1 |\n| 2024.3.5 | 甲 | 1 |\n| 2024-03-05 | 甲 | '¥1 |"
    )
    assert book.tables["trades"].repaired == [False, True, True]
    assert book.tables["trades"].used == [True, True, True]


def merged(drawing: str, area: str) -> bytes:
    workbook = load_workbook(io.BytesIO(make_book(drawing)))
    workbook.active.merge_cells(area)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def test_a_merged_date_holds_for_its_rows() -> None:
    drawing = (
        f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 1 |\n| | 小红 | 2 |\n| | | |\n| 2024-03-09 | 小张 | 3 |"
    )
    data = merged(drawing, "A2:A4")
    book = read_book(data, "x.xlsx", as_of=TODAY)
    assert rows(book, "trades", "date", "nickname") == [(45356, "小李"), (45356, "小红"), (45360, "小张")]
    assert [(one.code, one.cell) for one in book.findings] == [("merged_filled", "A3")]
    assert book.tables["trades"].repaired == [False, True, False]
    assert read_book(data, "x.xlsx", repair=False).tables["trades"].used == [True, False, True]


def test_a_merged_amount_is_counted_once() -> None:
    drawing = f"## 交易记录\n{HEAD}\n| 2024-03-05 | 小李 | 100 |\n| 2024-03-05 | 小李 | |"
    book = read_book(merged(drawing, "C2:C3"), "x.xlsx", as_of=TODAY)
    assert rows(book, "trades", "amount") == [(10000,)]


def test_rows_shorter_than_the_header() -> None:
    book = read_book("日期,昵称,成交价,备注,颜色\n2024-03-05,小李,1\n2024-03-06,小红\n".encode(), "x.csv")
    assert book.tables["trades"].used == [True, False]


def test_a_header_and_nothing_below() -> None:
    book = read(f"## 交易记录\n{HEAD}")
    assert (len(book.tables["trades"]), codes(book)) == (0, [])
    assert book.places[0].letters == {"date": "A", "nickname": "B", "amount": "C"}


NOTES = ["| | | |", "| 以上含运费 | | |", '| " " | | |', "| — | — | — |", "| 制表人:小李 | | |"]
JUNK = st.sampled_from([*NOTES, HEAD, "| 合计 | | 300 |"])
TWO = "| 2024-03-05 | 小李 | 100 |\n| 2024-03-06 | 小红 | 200 |"


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["| | | |", "| 小店账本 | | |", "| 单位:元 | 2024 | |"]), max_size=6),
    st.lists(JUNK, max_size=6),
)
def test_what_stands_above_and_below_changes_no_total(above: list[str], below: list[str]) -> None:
    book = read("## 交易记录\n" + "\n".join([*above, HEAD, TWO, *below]))
    assert rows(book, "trades", "date", "nickname", "amount") == [
        (45356, "小李", 10000),
        (45357, "小红", 20000),
    ]
    (total,) = [one for one in book.totals if one.table == "trades"]
    assert total.cents_used == 30000


DATES = st.sampled_from(
    ["2024-03-05", "2024.3.5", "3月5日", "", "昨天", "合计", "#N/A", "2030-01-01", "日期"]
)
NAMES = st.sampled_from(["小李", "小红", "", "t***5", "合计", "小\u200b李", "昵称"])
AMOUNTS = st.sampled_from(["120", "-5.5", "'¥80", "约3", "", "300", "#REF!", "成交价", "0.005"])
STATES = st.sampled_from(["交易成功", "", "成交", "瞎", "#N/A", "状态"])


@settings(max_examples=80)
@given(st.lists(st.tuples(DATES, NAMES, AMOUNTS, STATES), max_size=12), st.booleans())
def test_the_control_totals_always_close(lines: list[tuple[str, ...]], repair: bool) -> None:
    drawn = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    book = read(f"## 交易记录\n| 日期 | 昵称 | 成交价 | 状态 |\n{drawn}", repair=repair)
    table = book.tables["trades"]
    (total,) = [one for one in book.totals if one.table == "trades"]
    lengths = {len(column) for column in [*table.columns.values(), table.sheet, table.used, table.repaired]}
    assert lengths == {len(table)}
    assert total.rows_read == total.rows_used + total.rows_set_aside == len(table)
    assert total.cents_read == total.cents_used + total.cents_set_aside
    amounts = table.columns["amount"]
    assert total.cents_used == sum(amount for amount, ok in zip(amounts, table.used, strict=True) if ok)
    told = {one.cell.lstrip("ABCD") for one in book.findings}
    for line, used in zip(table.row, table.used, strict=True):
        assert used or str(line) in told
    for day, amount, state, ok in zip(
        table.columns["date"], amounts, table.columns["state"], table.used, strict=True
    ):
        assert not ok or (day is not None and amount is not None and state is not None)


@settings(max_examples=60)
@example([("日期", "小李", "成交价", "状态"), ("2024-03-05", "小李", "120", "交易成功")])
@given(st.lists(st.tuples(DATES, NAMES, AMOUNTS, STATES), max_size=12))
def test_a_person_reads_at_least_what_the_formulas_read(lines: list[tuple[str, ...]]) -> None:
    """Apart from dated totals, every row the live formulas count is counted, with the same values."""
    drawn = "\n".join("| " + " | ".join(line) + " |" for line in lines if line[1] != "合计")
    drawing = f"## 交易记录\n| 日期 | 昵称 | 成交价 | 状态 |\n{drawn}"
    live, meant = (read(drawing, repair=repair).tables["trades"] for repair in (False, True))
    assert live.row == meant.row
    for at, used in enumerate(live.used):
        if used:
            assert meant.used[at]
            for key in ("date", "amount", "state"):
                assert live.columns[key][at] == meant.columns[key][at]
