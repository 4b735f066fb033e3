"""What people type as an amount, and what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetkit.intake.amounts import cents, read_count, read_money, read_number
from tests.intake.tables import read, trade

CLEAN = [
    ("120", 12000),
    ("0", 0),
    ("-12.5", -1250),
    ("33.62", 3362),
    ("1.005", 101),
    ("0.125", 13),
    ("-0.125", -13),
]
REPAIRED = [
    ("¥1,200.00", 120000, "1200"),
    ("￥1200", 120000, "1200"),
    ("1200元", 120000, "1200"),
    ("１２００", 120000, "1200"),
    ("1.2万", 1200000, "12000"),
    ("1.2万元", 1200000, "12000"),
    ("1.2w", 1200000, "12000"),
    ("3千", 300000, "3000"),
    ("($33.62)", -3362, "-33.62"),
    ("-¥12.50", -1250, "-12.50"),
    ("¥-12.50", -1250, "-12.50"),
    ("－12", -1200, "-12"),
    ("1,200", 120000, "1200"),
    ("1,234,567.89", 123456789, "1234567.89"),
    ("$1,149.00 ", 114900, "1149"),
    ("'120", 12000, "120"),
    (" 120 ", 12000, "120"),
    ("120块", 12000, "120"),
    ("人民币120", 12000, "120"),
    ("`49.74", 4974, "49.74"),
    ("+12", 1200, "12"),
]
GUESSES = [
    ("约300", "300"),
    ("1,2OO", "1200"),
    ("l20", "120"),
    ("99,00", "99"),
    ("1.250,00", "1250"),
    ("116,99 €", "116.99"),
    ("499.00（系统计算中…）", "499"),
    ("131.77(已退款89.84)", "131.77"),
    ("100-200", "100"),
    ("12.3.4", "12.30"),
    ("1万2", "12000"),
    ("3千5百", "3500"),
    ("2百", "200"),
    ("三百五", "350"),
    ("一千零五", "1005"),
    ("两千", "2000"),
    ("120+30", "150"),
    ("120*2", "240"),
    ("12。5", "12.50"),
    ("免费", "0"),
    ("O", "0"),
    ("负12", "-12"),
    ("退款12", "-12"),
    ("1'200", "1200"),
    ("1,20,000", "120000"),
    ("1.2E+03", "1200"),
    ("300多", "300"),
    ("¥120/件", "120"),
    ("(33", "33"),
]


@pytest.mark.parametrize(("typed", "expected"), CLEAN)
def test_a_number_is_read_in_silence(typed: str, expected: int) -> None:
    assert trade("amount", 成交价=typed) == (expected, [], True)
    assert trade("amount", repair=False, 成交价=typed) == (expected, [], True)


@pytest.mark.parametrize(("typed", "expected", "suggestion"), REPAIRED)
def test_an_amount_in_words_is_read_and_told(typed: str, expected: int, suggestion: str) -> None:
    drawn = typed if typed.startswith("'") else f"'{typed}"
    assert trade("amount", 成交价=drawn) == (expected, [("amount_repaired", "warning", suggestion)], True)
    assert trade("amount", repair=False, 成交价=drawn)[::2] == (None, False)


@pytest.mark.parametrize(("typed", "suggestion"), GUESSES)
def test_an_amount_that_would_be_a_guess_is_not_read(typed: str, suggestion: str) -> None:
    assert trade("amount", 成交价=f"'{typed}") == (None, [("amount_guess", "error", suggestion)], False)


@pytest.mark.parametrize("typed", ["US$30", "€20", "20 EUR", "£9.99", "HK$100", "30美元", "5000 JPY"])
def test_an_amount_in_another_currency_is_not_added(typed: str) -> None:
    value, problem = read_money(typed, "CNY")
    assert value is None
    assert problem is not None
    assert (problem.code, problem.spoils, problem.fix) == ("amount_other_currency", True, "")


@pytest.mark.parametrize("typed", ["¥30", "￥30", "30元", "CNY 30", "RMB30", "30块"])
def test_an_amount_with_the_own_sign_is_read(typed: str) -> None:
    assert read_money(typed, "CNY")[0] == 3000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("面议", "amount_unreadable"),
        ("二〇二四", "amount_unreadable"),
        ("'" + "9" * 40, "amount_too_large"),
        ("TRUE", "amount_unreadable"),
        ("2024-03-05", "amount_is_date"),
        ("4567890123456789", "amount_too_large"),
        ("1234567890123", "amount_too_large"),
        ("'1234567890123", "amount_too_large"),
        ("#N/A", "error_cell"),
        ("=1+1", "formula_without_value"),
    ],
)
def test_no_amount(typed: str, code: str) -> None:
    value, found, used = trade("amount", 成交价=typed)
    assert (value, used) == (None, False)
    assert [one[:2] for one in found] == [(code, "error")]


def test_a_formulas_stored_result_is_data() -> None:
    assert trade("amount", 成交价="=60*2 -> 120") == (12000, [], True)


@pytest.mark.parametrize("blank", ["", "'-", "'——", "'null"])
def test_a_row_without_an_amount_is_set_aside(blank: str) -> None:
    assert trade("amount", 成交价=blank) == (None, [("amount_missing", "error", "")], False)


def test_an_optional_amount_is_left_blank() -> None:
    value, found, used = trade("cost", 成本="忘了")
    assert (value, used) == (None, True)
    assert [one[:2] for one in found] == [("amount_unreadable", "warning")]


@given(st.integers(-(10**11), 10**11))
def test_cents_survive_the_way_through_a_float(amount: int) -> None:
    assert cents(amount / 100) == amount


@given(st.integers(0, 10**9), st.sampled_from(["{:,.2f}", "¥{:,.2f}", "{:.2f}元", "({:.2f})", "-{:.2f}"]))
def test_every_way_of_writing_is_one_amount(amount: int, form: str) -> None:
    value, _ = read_money(form.format(amount / 100))
    assert value == (-amount if form[0] in "(-" else amount)


@pytest.mark.parametrize(
    ("typed", "expected"), [("3件", 3.0), ("15%", 0.15), ("1,000", 1000.0), ("２", 2.0), ("三", None)]
)
def test_a_number(typed: str, expected: float | None) -> None:
    assert read_number(typed)[0] == expected


@pytest.mark.parametrize(("value", "expected"), [(3.0, 3), (2.5, None), (-1.0, None)])
def test_a_count(value: float, expected: int | None) -> None:
    assert read_count((value, None))[0] == expected


def test_as_typed_a_count_is_cut_to_a_whole_number_from_one_on() -> None:
    drawing = "## 基本信息\n| 昵称 | 累计交易次数 |\n| 甲 | 2.5 |\n| 乙 | 0.5 |\n| 丙 | '3 |"
    assert read(drawing, repair=False).tables["customers"].columns["trades_before"] == [2, None, None]
