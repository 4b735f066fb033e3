"""Orders in several currencies: one is counted, the others are set aside and told, each with its own sum."""

from __future__ import annotations

import datetime as dt

import pytest

from sheetkit.intake import read_book
from sheetkit.intake.exports import Export, book_of, read_export
from sheetkit.model.book import Apart, Book, Total
from sheetkit.pipeline.imported import sentences
from sheetkit.pipeline.importing import Imported, import_file, start_book
from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.exports import counters
from tests.exports.put import header, page

HEAD = "Name,Email,Financial Status,Created at,Total,Currency,Lineitem name"
DOLLARS = ["#11,a@example.com,paid,2026-01-05,100.00,USD,A", "#12,b@example.com,paid,2026-01-06,90.50,USD,B",
           "#13,c@example.com,paid,2026-01-07,70.00,USD,A"]  # fmt: skip
EUROS = ["#1,a@example.com,paid,2026-01-05,10.00,EUR,A", "#2,b@example.com,paid,2026-01-06,9.50,EUR,B"]
ONE_DOLLAR = "#3,c@example.com,paid,2026-01-07,10.00,USD,A"
AS_OF = dt.date(2026, 2, 1)


def told(name: str, *lines: str) -> Export:
    export = read_export("\n".join([HEAD, *lines]).encode(), name)
    assert export is not None
    return export


def trades(book: Book | Export) -> Total:
    return next(one for one in book.totals if one.table == "trades")


def closes(total: Total) -> bool:
    rows = total.rows_read == total.rows_used + total.rows_set_aside
    return rows and total.cents_read == total.cents_used + total.cents_set_aside


def test_an_order_in_another_currency_is_in_no_sum_but_its_own() -> None:
    export = told("eur.csv", *EUROS, ONE_DOLLAR)
    total = trades(export)
    assert closes(total)
    assert (total.rows_used, total.rows_set_aside, total.cents_read, total.cents_set_aside) == (2, 1, 1950, 0)
    assert total.apart == (Apart("USD", 1, 1000),)


def test_of_two_exports_the_one_with_most_orders_is_counted() -> None:
    exports = [told("eur.csv", *EUROS), told("usd.csv", *DOLLARS)]
    book = book_of(exports, template="ecommerce", lang="en")
    assert (book.currency, book.currency_from) == ("USD", "exports")
    assert sum(book.tables["trades"].column("amount")) == 26050
    total = trades(book)
    assert closes(total)
    assert (total.rows_read, total.rows_used, total.cents_read) == (5, 3, 26050)
    assert total.apart == (Apart("EUR", 2, 1950),)
    (said,) = [one for one in book.findings if one.code == "export_currencies"]
    assert said.severity == "error"
    assert said.sentence("en").startswith("the 2 orders of eur.csv are in EUR (€19.50 in all)")


def test_one_currency_says_nothing_of_others() -> None:
    book = book_of([told("usd.csv", *DOLLARS)], template="ecommerce", lang="en")
    assert trades(book).apart == ()
    assert "export_currencies" not in {one.code for one in book.findings}


def test_what_is_no_sale_and_refunds_in_another_currency_are_in_no_sum_either() -> None:
    """PayPal lists the exchange of money, and a refund of an order that is set aside, among the payments."""
    row = {"Date": "13/08/2025", "Time": "10:00:00", "Name": "Ann Lee", "Type": "Express Checkout Payment",
           "Status": "Completed", "Currency": "USD", "Gross": "10.00", "From Email Address": "a@example.com",
           "Transaction ID": "A" * 17, "Balance Impact": "Credit"}  # fmt: skip
    other = {**row, "Currency": "EUR", "Gross": "-9.00", "Balance Impact": "Debit"}
    rows = [
        row,
        {**row, "Transaction ID": "D" * 17, "Gross": "5.00"},
        {**other, "Transaction ID": "B" * 17, "Type": "General Currency Conversion"},
        {**other, "Transaction ID": "C" * 17, "Type": "Payment Refund", "Reference Txn ID": "Z" * 17},
    ]
    export = read_export(page(header(counters.PAYPAL), rows, quote="all").csv(), "paypal.csv")
    assert export is not None
    total = trades(export)
    assert closes(total)
    assert (export.currency, total.rows_used, total.rows_set_aside) == ("USD", 2, 2)
    assert (total.cents_read, total.cents_used) == (1500, 1500)


def test_signs_tell_where_no_column_does() -> None:
    head = "Transaction ID,Date,Time,Gross Sales,Net Total,Total Collected,Customer Name"
    lines = ["1,2026-01-05,10:00:00,£10.00,£10.00,£10.00,A", "2,2026-01-06,10:00:00,£9.50,£9.50,£9.50,B",
             "3,2026-01-07,10:00:00,€8.00,€8.00,€8.00,C"]  # fmt: skip
    export = read_export("\n".join([head, *lines]).encode(), "square.csv", platform="square-transactions")
    assert export is not None
    assert export.currency == "GBP"
    assert trades(export).apart == (Apart("EUR", 1, 800),)


@pytest.fixture(scope="module")
def dollars() -> Imported:
    return start_book([told("usd.csv", *DOLLARS), told("eur.csv", *EUROS)], "ecommerce", "en", AS_OF)


def test_a_new_book_counts_in_what_most_of_its_orders_are_in(dollars: Imported) -> None:
    assert dollars.workbook is not None
    book = read_book(dollars.workbook, "book.xlsx")
    assert (book.currency, book.currency_from, dollars.currency) == ("USD", "settings", "USD")
    assert sum(book.tables["trades"].column("amount")) == 26050


def test_orders_in_another_currency_stay_out_of_the_book(dollars: Imported) -> None:
    assert dollars.workbook is not None
    done = import_file(dollars.workbook, "book.xlsx", [told("eur.csv", *EUROS, ONE_DOLLAR)])
    assert done.workbook is None
    said = {one.key: one.params for one in sentences(done)}
    told_of = [said["import.other_currency"][key] for key in ("amount", "other", "currency")]
    assert told_of == ["€19.50", "EUR", "USD"]
    assert said["import.other_currency_mixed"]["amount"] == "$10"


def test_the_setting_lets_them_in() -> None:
    blank = new_workbook("ecommerce", "zh", AS_OF, capacity=Capacity(20, 20, 5))
    assert import_file(blank, "店.xlsx", [told("eur.csv", *EUROS)]).workbook is None
    own = start_book([told("eur.csv", *EUROS)], "ecommerce", "zh", AS_OF)
    assert own.workbook is not None
    assert read_book(own.workbook, "店.xlsx").currency == "EUR"
