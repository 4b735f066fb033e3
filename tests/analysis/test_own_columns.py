"""自填列: columns that nobody told us of, counted by hand."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

import openpyxl
import pytest

from sheetkit.analysis.page import Page
from sheetkit.messages import Lang
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.outcome import Outcome
from tests.tools import make_book

TOWNS = """
    ## 基本信息
    | 昵称 | 片区 | 生肖 |
    | 甲 | 上海 | 龙 |
    | 乙 | 上海 | 龙 |
    | 丙 | 上海 | 龙 |
    | 丁 | 杭州 | 龙 |
    | 戊 | 杭州 | 龙 |
    | 己 | ＨＡＮＧＺＨＯＵ | 龙 |
    | 庚 | hangzhou | 龙 |
    | 辛 | 杭州 | 龙 |
    | 壬 | | 龙 |

    ## 交易记录
    | 日期 | 昵称 | 商品 | 成交价 | 包装 | 附言 |
    | 2026-01-05 | 甲 | 壶 | 100 | 纸盒 | |
    | 2026-03-05 | 甲 | 壶 | 50 | 木盒 | |
    | 2026-03-06 | 乙 | 杯 | 30 | 纸盒 | |
    | 2026-03-07 | 丁 | 壶 | 500 | 木盒 | |
    | 2026-03-08 | 戊 | 壶 | 400 | | |
    | 2026-03-09 | 辛 | 壶 | 300 | 木盒 | |
    | 哪天 | 辛 | 壶 | 300 | 木盒 | 急 |
"""
AS_OF = date(2026, 3, 20)


@cache
def analysed(drawn: str, lang: Lang | None = None) -> Outcome:
    return analyze_file(make_book(drawn), "book.xlsx", as_of=AS_OF, lang=lang)


def page_of(found: Outcome) -> Page:
    (page,) = (one for one in found.analysis.pages if one.key == "own_columns")
    return page


def test_who_has_which_value_and_what_she_spent() -> None:
    page = page_of(analysed(TOWNS))
    (towns,) = (one for one in page.sections if one.title == "片区(基本信息)")
    assert [row[:6] for row in towns.rows] == [
        ("上海", 3, 3 / 8, 3, 18000, 6000),
        ("杭州", 3, 3 / 8, 3, 120000, 40000),
        ("ＨＡＮＧＺＨＯＵ", 2, 2 / 8, 0, 0, 0),
    ]
    assert [row[6] for row in towns.rows] == ["甲、乙、丙", "丁、戊、辛", "己、庚"]
    assert "9 行里填了 8 行(89%),3 种不同的值,8 位客户" in towns.says
    assert "人均最高的是「杭州」:¥400(3 位)" in towns.says


def test_a_column_of_the_trades_counts_its_own_rows() -> None:
    page = page_of(analysed(TOWNS))
    (boxes,) = (one for one in page.sections if one.title == "包装(交易记录)")
    assert [row[:6] for row in boxes.rows] == [
        ("木盒", 3, 0.75, 3, 85000, 28333),
        ("纸盒", 2, 0.5, 2, 13000, 6500),
    ]
    assert "人均" not in boxes.says, "two customers are too few to compare"


def test_what_is_left_out_is_said_with_the_reason() -> None:
    page = page_of(analysed(TOWNS))
    last = page.sections[-1]
    assert last.title == "没有展开的列"
    assert [(row[0], row[1], row[2]) for row in last.rows] == [
        ("生肖(基本信息)", 9, 1),
        ("附言(交易记录)", 0, 0),
    ]
    assert "一行也没填" in str(last.rows[1][-1])


@pytest.mark.parametrize(("values", "laid_out"), [(30, True), (31, False)])
def test_more_than_thirty_values_are_no_attribute(values: int, laid_out: bool) -> None:
    lines = "\n".join(f"| 客户{at} | 值{at % values} |" for at in range(62))
    page = page_of(analysed(f"## 基本信息\n| 昵称 | 星座 |\n{lines}"))
    section = page.sections[0]
    assert (section.title == "星座(基本信息)") is laid_out
    if laid_out:
        assert len(section.rows) == 11
        assert section.rows[-1][:2] == ("其余 20 种", 2 * 20)
    else:
        assert "超过 30 种" in str(section.rows[0][-1])


def test_a_column_of_remarks_is_no_attribute() -> None:
    page = page_of(analysed("## 基本信息\n| 昵称 | 印象 |\n| 甲 | 爽快 |\n| 乙 | 讲价 |"))
    (left,) = page.sections
    assert left.rows[0][:3] == ("印象(基本信息)", 2, 2)
    assert "只出现一次" in str(left.rows[0][-1])


def test_names_end_after_twenty() -> None:
    lines = "\n".join(f"| 客户{at} | {'老街' if at < 23 else '新城'} |" for at in range(30))
    page = page_of(analysed(f"## 基本信息\n| 昵称 | 片区 |\n{lines}"))
    assert str(page.sections[0].rows[0][6]).endswith("客户19 等,另有 3 位")


def test_it_is_a_sheet_of_the_workbook_in_either_language() -> None:
    book = openpyxl.load_workbook(io.BytesIO(analysed(TOWNS).workbook))
    cells = [cell for row in book["自填列"].iter_rows(values_only=True) for cell in row if cell]
    assert {"片区(基本信息)", "包装(交易记录)", "没有展开的列"} <= {*cells}
    english = "## Customers\n| Customer | Town |\n| Ann | Bath |\n| Bob | York |\n| Cy | York |"
    book = openpyxl.load_workbook(io.BytesIO(analysed(english).workbook))
    rows = [row for row in book["Own columns"].iter_rows(values_only=True) if row[0] in ("York", "Bath")]
    assert [row[:3] for row in rows] == [("York", 2, 2 / 3), ("Bath", 1, 1 / 3)]


def test_without_such_a_column_there_is_no_sheet() -> None:
    found = analysed("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |")
    assert "own_columns" not in {one.key for one in found.analysis.pages}
    assert "自填列" not in openpyxl.load_workbook(io.BytesIO(found.workbook)).sheetnames
