"""Amounts that only a cell format shows in a currency: written by openpyxl and XlsxWriter, as programs do."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from sheetkit.intake import read_book
from sheetkit.model.book import Book

ROWS = [("2026-03-05", "A", "pot", 120), ("2026-03-06", "B", "cup", 30), ("2026-03-07", "C", "jug", 55)]


def by_openpyxl(*formats: str) -> Book:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sales"
    sheet.append(["Date", "Customer", "Item", "Amount"])
    for row, code in enumerate(formats, 2):
        sheet.append(ROWS[row - 2])
        sheet.cell(row, 4).number_format = code
    target = io.BytesIO()
    book.save(target)
    return read_book(target.getvalue(), "sales.xlsx")


def by_xlsxwriter(*formats: str) -> Book:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Sales")
    sheet.write_row(0, 0, ["Date", "Customer", "Item", "Amount"])
    for row, code in enumerate(formats, 1):
        sheet.write_row(row, 0, ROWS[row - 1][:3])
        sheet.write_number(row, 3, ROWS[row - 1][3], book.add_format({"num_format": code}))
    book.close()
    return read_book(target.getvalue(), "sales.xlsx")


@pytest.mark.parametrize("written", [by_openpyxl, by_xlsxwriter])
@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("[$€-407] #,##0.00", "EUR"), ('"£"#,##0', "GBP"), ("[$$-C09]#,##0.00", "AUD"),
        ("[$¥-411]#,##0", "JPY"),
        ("[$HK$]#,##0.00", "HKD"), ('_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ', "CNY"),
    ],
)  # fmt: skip
def test_the_format_of_the_amounts_tells(written: type, code: str, currency: str) -> None:
    book = written(code, code, code)
    assert (book.currency, book.currency_from) == (currency, "signs")
    assert sum(book.tables["trades"].column("amount")) == 20500
    assert "amounts_shown_otherwise" not in {one.code for one in book.findings}


@pytest.mark.parametrize("code", ["General", "#,##0.00", '0" pcs"', "[$-409]d mmm yy", "[Red]0"])
def test_a_format_without_a_sign_tells_nothing(code: str) -> None:
    assert by_openpyxl(code, code, code).currency_from == "language"


def test_a_few_in_another_format_are_counted_and_told() -> None:
    book = by_openpyxl('"$"#,##0', '"$"#,##0', "[$€-407]#,##0")
    assert book.currency == "USD"
    assert sum(book.tables["trades"].column("amount")) == 20500
    (found,) = [one for one in book.findings if one.code == "amounts_shown_otherwise"]
    assert (found.severity, found.where, found.params["count"]) == ("warning", "Sales!D4", 1)
