"""Small books for the tests of reading, and what they hold, in a form that is easy to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from sheetkit.intake import read_book
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey
from tests.tools import make_book

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TODAY = to_day(date(2024, 6, 30))


def read(drawing: str, **how: Any) -> Book:
    """The book of a workbook drawn as text; as_of 2024-06-30 unless told."""
    return read_book(make_book(drawing), "book.xlsx", **({"as_of": TODAY} | how))


def assert_closes(book: Book) -> None:
    """The control totals close to the cent, and every row that does not count is told where it stands."""
    for total in book.totals:
        held = book.tables[total.table]
        lengths = {len(one) for one in (*held.columns.values(), held.sheet, held.row, held.used)}
        assert lengths <= {total.rows_read}
        assert total.rows_read == total.rows_used + total.rows_set_aside
        assert total.rows_used == sum(held.used)
        assert total.cents_read == total.cents_used + total.cents_set_aside
        if total.table == "trades":
            amounts = held.columns.get("amount", [None] * len(held))
            used = [amount for amount, ok in zip(amounts, held.used, strict=True) if ok]
            assert None not in used
            assert total.cents_used == sum(used)
            assert total.cents_read == sum(filter(None, amounts))
    _assert_told(book)


def _assert_told(book: Book) -> None:
    whole = {one.sheet for one in book.findings if one.code in ("column_missing", "masked_name")}
    told = {(one.sheet, int(one.cell.lstrip(LETTERS))) for one in book.findings if one.cell}
    for held in book.tables.values():
        for sheet, row, used in zip(held.sheet, held.row, held.used, strict=True):
            assert used or sheet in whole or (sheet, row) in told, f"{sheet} row {row} is dropped in silence"


def one_trade(**cells: str) -> str:
    """A workbook of one trade, drawn; cells replace those of a clean row."""
    row = {"日期": "2024-03-05", "昵称": "小李", "成交价": "120", "状态": "交易成功"} | cells
    return f"## 交易记录\n| {' | '.join(row)} |\n| {' | '.join(row.values())} |"


def trade(field: str, repair: bool = True, **cells: str) -> tuple[Any, list[tuple[str, str, str]], bool]:
    """A field's value in a workbook of one trade, its findings (code, severity, suggestion), if it counts."""
    book = read(one_trade(**cells), repair=repair)
    table = book.tables["trades"]
    found = [(one.code, one.severity, one.suggestion) for one in book.findings if one.severity != "info"]
    return table.columns[field][0], found, table.used[0]


def codes(book: Book) -> list[str]:
    """The finding codes in order."""
    return [one.code for one in book.findings]


def rows(book: Book, table: TableKey, *fields: str) -> list[tuple[Any, ...]]:
    """The rows that count, as tuples of these fields."""
    held: Table = book.tables[table]
    columns = [held.column(field) for field in fields]
    return [values for values, used in zip(zip(*columns, strict=True), held.used, strict=True) if used]


def day(text: str) -> int:
    """The day number of an ISO date."""
    return to_day(date.fromisoformat(text))
