"""A file that cannot take grafted sheets (CSV, XLS, XLSB, ODS) → a workbook of the template holding its rows.

Every row and column comes along, those that could not be read as they were typed.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from sheetkit.intake.cells import LONGEST_TEXT, column_of, display, tidy
from sheetkit.intake.source import Source
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book
from sheetkit.model.days import to_date
from sheetkit.model.fields import CORE_TABLES, Field, TableKey, fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.pipeline.new import MOST_LIVE
from sheetkit.writing.blank import Plan, bare_workbook, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sheet import Value


def converted_workbook(book: Book, source: Source | None, as_of: date, identities: int) -> bytes:
    """A new workbook with the book's rows; with live formulas where ``identities`` customers and the rows
    allow it. ``source``: the file whose words are kept; None for exports, whose words are the platform's."""
    return written(converted(book, source, as_of, identities))


def written(plan: Plan) -> bytes:
    """The workbook of a plan."""
    room = plan.capacity
    if room.customers * max(room.trades, room.contacts) > MOST_LIVE:
        return bare_workbook(plan)
    return template_workbook(plan)


def converted(book: Book, source: Source | None, as_of: date, identities: int) -> Plan:
    """What `converted_workbook` writes."""
    chosen = _with_room(book)
    room = Capacity()
    needed = {table: len(book.tables[table]) for table in chosen.entry_tables}
    further = {table: count for table, count in needed.items() if table not in CORE_TABLES}
    capacity = Capacity(
        max(room.customers, needed["customers"], identities),
        max(room.trades, needed["trades"]),
        max(room.contacts, needed["contacts"]),
        tuple((table, max(room.rows(table), count)) for table, count in further.items()),
    )
    rows = {table: _rows(book, source, table) for table in chosen.entry_tables}
    extras = {table: book.tables[table].extras for table in chosen.entry_tables}
    return Plan(chosen, book.lang, as_of, capacity, rows, extras, book.shop_kind, book.currency)


def _with_room(book: Book) -> Blueprint:
    """The template with a column for everything that was read."""
    chosen = book.blueprint
    for table in chosen.entry_tables:
        columns = book.tables[table].columns
        filled = [key for key, values in columns.items() if any(one is not None for one in values)]
        chosen = chosen.with_columns(table, filled)
    return chosen


def _rows(book: Book, source: Source | None, table: TableKey) -> list[dict[str, Value]]:
    """The rows as typed; a cell that was not read (an unclear date, a masked name) stands as it was."""
    held = book.tables[table]
    rows: list[dict[str, Value]] = [{} for _ in range(len(held))]
    for key, values in held.columns.items():
        field = fields(table)[key]
        words = _words_typed(book, source, table, key) if source else [""] * len(held)
        for row, value, typed in zip(rows, values, words, strict=True):
            shown = _label(field, value, typed, book.lang) if field.coded else _typed(field, value)
            if shown is not None or typed:
                row[key] = typed if shown is None else shown
    return rows


def _words_typed(book: Book, source: Source, table: TableKey, key: str) -> list[str]:
    """The texts of a column in the file: several labels share one meaning, and the seller chose one."""
    held = book.tables[table]
    tables = Counter(one.sheet for one in book.places if one.table == table)
    columns = {
        one.sheet: column_of(f"{one.letters[key]}1")[1]
        for one in book.places
        if one.table == table and key in one.letters and tables[one.sheet] == 1
    }
    words = []
    for sheet, row in zip(held.sheet, held.row, strict=True):
        line = source.grid(sheet).rows[row - 1] if sheet in columns else []
        at = columns.get(sheet, 0)
        words.append(tidy(display(line[at]))[:LONGEST_TEXT] if at < len(line) else "")
    return words


def _typed(field: Field, value: object) -> Value:
    """A Book value as a seller types it."""
    if value is None:
        return None
    if field.kind == "date" and isinstance(value, int):
        return to_date(value)
    if field.kind == "money" and isinstance(value, int):
        return value / 100
    if field.kind == "time" and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    return value if isinstance(value, str | int | float) else str(value)


def _label(field: Field, code: int | None, typed: str, lang: Lang) -> str | None:
    """The label that was typed, else one that means the same; what has no meaning stays as it was typed."""
    choice = lists()[field.list_key]
    ours = {fold(one.labels[lang]): one.labels[lang] for one in choice.entries}
    if fold(typed) in ours:
        return ours[fold(typed)]
    if code is None or (code == choice.blank_code and not typed):
        return typed or None
    return next(
        (one.labels[lang] for one in choice.entries if choice.code(one.meaning) == code), typed or None
    )
