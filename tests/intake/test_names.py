"""Names, ids and texts: what is shown, what the live formulas see, who is nobody."""

from __future__ import annotations

import pytest

from sheetkit.intake.columns import Reading, clean
from sheetkit.model.fields import fields
from tests.intake.tables import TODAY, codes, read, rows, trade

NAMES: list[tuple[str, str | None, str | None]] = [
    # as drawn, as a person reads it, as the live formulas read it
    ("小李", "小李", "小李"),
    ('" 小李  王 "', "小李 王", "小李 王"),
    ('"小李　"', "小李", "小李"),
    ("小李\u00a0王", "小李 王", "小李 王"),
    ("小李\\n王", "小李 王", "小李\n王"),
    ('"小李\t"', "小李", "小李\t"),
    ("小\u200b李", "小李", "小\u200b李"),
    ("12345", "12345", "12345"),
    ("13800001111", "13800001111", "13800001111"),
    ("1.5", "1.5", "1.5"),
    ("007", "007", "007"),
    ("TRUE", "TRUE", "TRUE"),
    ("t***5", None, None),
    ("小＊＊李", None, None),
    ("小*李", "小*李", "小*李"),
    ("'=x", "=x", "=x"),
    ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("x" * 130, "x" * 120, "x" * 120),
    ("2024-03-05", "2024-03-05", "45356"),
    ("'无", None, "无"),
    ("'--", None, "--"),
    ("#N/A", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("typed", "shown", "live"), NAMES)
def test_a_name(typed: str, shown: str | None, live: str | None) -> None:
    assert trade("nickname", 昵称=typed)[::2] == (shown, True)
    assert trade("nickname", repair=False, 昵称=typed)[::2] == (live, True)


def test_a_name_the_formulas_see_otherwise_is_told() -> None:
    assert trade("nickname", 昵称="小\u200b李")[1] == [("name_repaired", "warning", "小李")]


@pytest.mark.parametrize("typed", ['" 小李  王 "', '"小李　"', "XIAO Li", "ＸＬ"])
def test_a_name_the_formulas_clean_too_is_not_told(typed: str) -> None:
    assert trade("nickname", 昵称=typed)[1] == []


def test_nameless_and_masked_rows_are_told_once_each() -> None:
    book = read(
        """
        ## 交易记录
        | 日期       | 昵称   | 成交价 |
        | 2024-03-05 |        | 10     |
        | 2024-03-05 | t***5  | 20     |
        | 2024-03-06 | t***5  | 30     |
        | 2024-03-06 | 小李   | 40     |
        """
    )
    found = {one.code: (one.cell, one.params["count"]) for one in book.findings}
    assert found == {"nameless_rows": ("B2", 1), "masked_name": ("B3", 2)}
    assert rows(book, "trades", "nickname") == [(None,), (None,), (None,), ("小李",)]


IDS: list[tuple[str, str | None, list[str]]] = [
    ("00123", "00123", []),
    ("20260001", "20260001", []),
    ("17743856575", "17743856575", []),
    ("'1234567890123456789", "1234567890123456789", []),
    ("'`1234`", "1234", []),
    ('="1234" -> 1234', "1234", []),
    ("'-", None, []),
    ("'1.7743856575E+10", "17743856575", ["id_in_full"]),
    ("'1.7743856575E10", "17743856575", ["id_in_full"]),
    ("'1.77439E+10", "1.77439E+10", ["id_digits_lost"]),
    ("'4E+18", "4E+18", ["id_digits_lost"]),
    ("'1E5", "1E5", []),
    ("'A1.5E10", "A1.5E10", []),
    ("'+86 138 0000 1111", "+86 138 0000 1111", []),
    ("'186****0505", "186****0505", []),
    ("１２３", "123", []),
]


@pytest.mark.parametrize(("typed", "expected", "told"), IDS)
def test_an_id(typed: str, expected: str | None, told: list[str]) -> None:
    value, found, used = trade("order_id", 订单号=typed)
    assert (value, [one[0] for one in found], used) == (expected, told, True)


def test_an_id_longer_than_a_number_can_hold_has_lost_its_tail() -> None:
    column = fields("trades")["order_id"]
    cleaned = clean([1234567890123450.0, 17743856575.0], column, Reading(True, {}, TODAY))
    assert cleaned.values == ["1234567890123450", "17743856575"]
    assert {at: problem.code for at, problem in cleaned.problems.items()} == {0: "id_digits_lost"}


def test_a_text_keeps_its_lines() -> None:
    assert trade("note", 备注="一\\n二")[0] == "一\n二"


def test_an_error_in_a_note_is_a_warning() -> None:
    assert trade("note", 备注="#REF!") == (None, [("error_cell", "warning", "")], True)


def test_a_customer_needs_a_name_or_an_id() -> None:
    book = read(
        """
        ## 基本信息
        | 昵称  | 客户编号 | 备注   |
        | 小李  |          |        |
        |       | A7       |        |
        |       |          | 谁来着 |
        | t***5 |          |        |
        """
    )
    assert book.tables["customers"].used == [True, True, False, False]
    assert codes(book) == ["name_missing", "name_missing", "masked_name"]


def test_a_contact_needs_a_name_or_an_id_and_a_date() -> None:
    book = read(
        """
        ## 沟通记录
        | 日期       | 昵称 | 类型 | 内容 | 客户编号 |
        | 2024-03-05 | 小李 | 求购 | 冰箱 |          |
        | 2024-03-05 |      | 求购 | 冰箱 |          |
        |            | 小李 | 求购 | 冰箱 |          |
        | 2024-03-05 |      | 求购 | 冰箱 | A7       |
        | 2024-03-05 | 小李 | 瞎聊 | 冰箱 |          |
        | 2024-03-05 | 小李 |      | 冰箱 |          |
        """
    )
    assert book.tables["contacts"].used == [True, False, False, True, False, True]
    assert codes(book) == ["name_missing", "date_missing", "label_unknown"]


def test_one_customer_twice_is_worth_knowing() -> None:
    book = read(
        "## 基本信息\n| 昵称 | 手机号 |\n| 小李 | 1 |\n| 小红 | 2 |\n| ＸＬ | 3 |\n| xl | 4 |\n| 小李 | 5 |"
    )
    found = [(one.code, one.severity, one.cell, one.params["row"]) for one in book.findings]
    assert found == [("customer_duplicate", "info", "A5", 4), ("customer_duplicate", "info", "A6", 2)]
    assert all(book.tables["customers"].used)
