"""Rows for which a result was picked on 今天: closed, whatever their status cell still says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_date
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.owed import BETWEEN, NAME_LENGTH, OWED_TABLES, WORDS_LENGTH


def settle(book: Book) -> Book:
    """The book with these rows closed and a finding for each; the given book is left as it is."""
    named: dict[str, list[str]] = defaultdict(list)
    for picked in book.results.values():
        named[_plain(picked.partition(BETWEEN)[2])].append(picked)
    if not named:
        return book
    tables, findings = dict(book.tables), list(book.findings)
    for key in (one for one in OWED_TABLES if book.blueprint.has(one)):
        found = _named_rows(book, key, set(named))
        if found:
            tables[key] = _closed(book.tables[key], found)
            findings += [_finding(book, key, at) for at in found]
    return replace(book, tables=tables, findings=findings)


def _plain(words: str) -> str:
    return "".join(fold(words).split())


def _named_rows(book: Book, key: TableKey, named: set[str]) -> list[int]:
    """The open rows that a result names: by sheet, date, customer and first words."""
    table, labels = book.tables[key], book.blueprint.sheet(key).labels.all()
    texts = [table.column(one) for one in ("content", "item") if one in fields(key)]
    still = lists()["case_status"].code("open")
    states, days, names = table.column("status", still), table.column("date"), table.column("nickname")
    found = []
    for at, (used, state, day) in enumerate(zip(table.used, states, days, strict=True)):
        if used and state == still and day is not None:
            about = next((one[at] for one in texts if one[at]), "")
            words = [to_date(day).isoformat(), (names[at] or "")[:NAME_LENGTH], about[:WORDS_LENGTH]]
            if any(_plain("".join([label, *words])) in named for label in labels):
                found.append(at)
    return found


def _closed(table: Table, rows: Sequence[int]) -> Table:
    states = list(table.column("status", lists()["case_status"].code("open")))
    for at in rows:
        states[at] = lists()["case_status"].code("closed")
    return replace(table, columns={**table.columns, "status": states})


def _finding(book: Book, key: TableKey, at: int) -> Finding:
    table = book.tables[key]
    sheet, row = table.sheet[at], table.row[at]
    letters = next((one.letters for one in book.places if one.table == key and one.sheet == sheet), {})
    letter = letters.get("status", "")
    entries = lists()["case_status"].entries
    closed = next(one.labels[book.lang] for one in entries if one.meaning == "closed")
    name = table.column("nickname")[at] or ""
    params: dict[str, str | int | float] = {"name": name, "row": row}
    return Finding("result_picked", "info", sheet, f"{letter}{row}" if letter else "", "", closed, params)
