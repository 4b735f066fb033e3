"""A file that cannot take grafted sheets (CSV, XLS, XLSB, ODS) → a workbook of the template holding its rows.

Every row and column comes along, those that could not be read as they were typed.
"""

from __future__ import annotations

import re
from datetime import date

from sheetkit.messages import Lang
from sheetkit.model.blueprint import ENTRY_SHEETS, blueprint
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_date
from sheetkit.model.fields import Field, TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.pipeline.new import MOST_LIVE
from sheetkit.writing.blank import Plan, bare_workbook, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sheet import Value


def converted_workbook(book: Book, as_of: date, identities: int) -> bytes:
    """A new workbook with the book's rows; with live formulas where ``identities`` customers and the rows
    allow it."""
    chosen = blueprint(book.template)
    room = Capacity()
    needed = {table: len(book.tables[table]) for table in ENTRY_SHEETS}
    capacity = Capacity(
        max(room.customers, needed["customers"], identities),
        max(room.trades, needed["trades"]),
        max(room.contacts, needed["contacts"]),
    )
    rows = {table: _rows(book, table) for table in ENTRY_SHEETS}
    extras = {table: book.tables[table].extras for table in ENTRY_SHEETS}
    plan = Plan(chosen, book.lang, as_of, capacity, rows, extras)
    if capacity.customers * max(capacity.trades, capacity.contacts) > MOST_LIVE:
        return bare_workbook(plan)
    return template_workbook(plan)


def _rows(book: Book, table: TableKey) -> list[dict[str, Value]]:
    source = book.tables[table]
    known = fields(table)
    shown = {
        key: [_typed(known[key], value, book.lang) for value in values]
        for key, values in source.columns.items()
    }
    rows: list[dict[str, Value]] = [{} for _ in range(len(source))]
    for key, values in shown.items():
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[key] = value
    _put_back_unread(book, table, source, rows)
    return rows


def _typed(field: Field, value: object, lang: Lang) -> Value:
    """A Book value as a seller types it."""
    if value is None:
        return None
    if field.kind == "date" and isinstance(value, int):
        return to_date(value)
    if field.kind == "money" and isinstance(value, int):
        return value / 100
    if field.kind == "time" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if field.coded and isinstance(value, int):
        return _label(field, value, lang)
    return value if isinstance(value, str | int | float) else str(value)


def _label(field: Field, code: int, lang: Lang) -> str | None:
    choice = lists()[field.list_key]
    if code == choice.blank_code:
        return None
    return next((one.labels[lang] for one in choice.entries if choice.code(one.meaning) == code), None)


def _put_back_unread(book: Book, table: TableKey, source: Table, rows: list[dict[str, Value]]) -> None:
    """Cells that could not be read stand in the new workbook as they were typed."""
    letters = {
        (place.sheet, letter): key
        for place in book.places
        if place.table == table
        for key, letter in place.letters.items()
    }
    at = {
        (sheet, row): index for index, (sheet, row) in enumerate(zip(source.sheet, source.row, strict=True))
    }
    for finding in book.findings:
        parts = re.fullmatch(r"([A-Z]+)(\d+)", finding.cell)
        if not parts or not finding.value:
            continue
        key, index = letters.get((finding.sheet, parts[1])), at.get((finding.sheet, int(parts[2])))
        if key and index is not None and key not in rows[index]:
            rows[index][key] = finding.value
