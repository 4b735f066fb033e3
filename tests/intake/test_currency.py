"""What a workbook counts in: said on its settings sheet, guessed from signs, or by its language."""

from __future__ import annotations

import pytest

from sheetkit.model.book import Apart, Book
from sheetkit.model.currencies import currencies, known_as, named_in
from tests.intake.tables import read

OURS = """
## _sheetkit
| template | ecommerce |
| lang | {lang} |
## 参数设置
| 键 | 参数 | 默认值 | 我的设定 | 生效值 | 单位 |
| currency | 货币 | {default} | {own} | | |
"""


def counted(book: Book) -> tuple[str, str]:
    return book.currency, book.currency_from


@pytest.mark.parametrize(
    ("default", "own", "code"),
    [
        ("$ USD", "", "USD"), ("$ USD", "€ EUR", "EUR"), ("¥ CNY", "gbp", "GBP"), ("¥ CNY", "JP¥ JPY", "JPY"),
        ("NOK  NOK", "", "NOK"),
    ],
)  # fmt: skip
def test_the_settings_decide(default: str, own: str, code: str) -> None:
    book = read(OURS.format(lang="zh", default=default, own=own))
    assert counted(book) == (code, "settings")
    assert book.findings == []


def test_what_is_no_currency_leaves_the_default_and_is_told() -> None:
    book = read(OURS.format(lang="zh", default="$ USD", own="比特币"))
    assert counted(book) == ("USD", "settings")
    assert [(one.code, one.where) for one in book.findings] == [("currency_not_listed", "参数设置!D2")]


ZH = """
## 交易记录
| 日期 | 昵称 | 商品 | {head} |
| 2026-03-05 | 小李 | 壶 | {a} |
| 2026-03-06 | 小王 | 杯 | {b} |
"""
EN = """
## Trades
| Date | Customer | Item | {head} |
| 2026-03-05 | A | pot | {a} |
| 2026-03-06 | B | cup | {b} |
"""


@pytest.mark.parametrize(
    ("form", "head", "cells", "expected"),
    [
        (ZH, "成交价", ("120", "30"), ("CNY", "language")),
        (EN, "Amount", ("120", "30"), ("USD", "language")),
        (EN, "Amount", ("'€120", "'€30"), ("EUR", "signs")),
        (EN, "Amount (GBP)", ("120", "30"), ("GBP", "signs")),
        (ZH, "成交价", ("'$120", "'US$30"), ("USD", "signs")),
        (ZH, "成交价", ("120", "'US$30"), ("CNY", "language")),
    ],
)
def test_a_guess_by_signs_is_marked_as_one(
    form: str, head: str, cells: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert counted(read(form.format(head=head, a=cells[0], b=cells[1]))) == expected


def test_the_one_of_another_currency_is_set_aside_and_in_no_sum() -> None:
    book = read(ZH.format(head="成交价", a="120", b="'US$30"))
    (total,) = [one for one in book.totals if one.table == "trades"]
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (2, 1, 1)
    assert (total.cents_read, total.cents_used, total.unreadable) == (12000, 12000, 0)
    assert total.apart == (Apart("USD", 1, 3000),)


def test_every_choice_is_told_apart_by_sign_and_fits_a_dropdown() -> None:
    signs = [one.sign for one in currencies().values()]
    assert len(set(map(str.casefold, signs))) == len(signs)
    assert len(",".join(one.label for one in currencies().values())) <= 255
    for one in currencies().values():
        assert one.code in named_in(f"{one.sign}30"), one.code
        assert named_in(f"30 {one.code}") == (one.code,)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("$30", "USD"), ("¥30", "CNY"), ("A$30", "AUD"), ("HK$ 30", "HKD"), ("30 kr", "SEK"), ("30", ""),
        ("Kraft", ""),
    ],
)  # fmt: skip
def test_what_a_sign_means(text: str, first: str) -> None:
    assert next(iter(named_in(text)), "") == first


def test_a_currency_without_decimals_is_shown_without() -> None:
    assert (known_as("JPY").exact(123456), known_as("JPY").plain_format) == ("JP¥1,235", "#,##0")
    assert (known_as("GBP").exact(-123456), known_as("GBP").plain_format) == ("-£1,234.56", "#,##0.00")
