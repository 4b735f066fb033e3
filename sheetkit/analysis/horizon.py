"""Rows dated after the analysis date: set aside with a finding, and the control totals moved accordingly."""

from __future__ import annotations

from dataclasses import replace

from sheetkit.intake.dates import last_such_day
from sheetkit.model.book import Book, Table, Total
from sheetkit.model.days import to_date
from sheetkit.model.fields import TableKey
from sheetkit.model.findings import Finding

TOLERANCE_DAYS = 1
"""A row dated the day after the analysis date still counts: clocks and time zones differ."""


def set_aside_future(book: Book, as_of: int) -> Book:
    """The book with rows later than ``as_of`` + 1 set aside; the given book is left as it
    is."""
    tables = dict(book.tables)
    findings = list(book.findings)
    totals = {one.table: one for one in book.totals}
    for key, table in book.tables.items():
        if key == "customers" or "date" not in table.columns:
            continue
        late = [
            at
            for at, (used, day) in enumerate(zip(table.used, table.held("date") or (), strict=True))
            if used and day is not None and day > as_of + TOLERANCE_DAYS
        ]
        if not late:
            continue
        used = list(table.used)
        for at in late:
            used[at] = False
        tables[key] = replace(table, used=used)
        findings += [_finding(book, key, table, at, as_of) for at in late]
        totals[key] = _moved(totals[key], table, late)
    return replace(
        book, tables=tables, findings=findings, totals=[totals.get(one.table, one) for one in book.totals]
    )


def _finding(book: Book, key: TableKey, table: Table, at: int, as_of: int) -> Finding:
    day, sheet = table.columns["date"][at], table.sheet[at]
    letter = next(
        (one.letters.get("date", "") for one in book.places if one.table == key and one.sheet == sheet), ""
    )
    when = to_date(day)
    meant = last_such_day(when.month, when.day, as_of)
    params: dict[str, str | int | float] = {"as_of": to_date(as_of).isoformat()}
    cell = f"{letter or 'A'}{table.row[at]}"
    example = meant or to_date(as_of).isoformat()
    return Finding("date_after_today", "error", sheet, cell, when.isoformat(), example, params, fix=meant)


def _moved(total: Total, table: Table, late: list[int]) -> Total:
    amounts = table.column("amount") if "amount" in table.columns else [0] * len(table)
    cents = sum(amounts[at] or 0 for at in late)
    repaired = [at for at in late if table.repaired[at]]
    return replace(
        total,
        rows_used=total.rows_used - len(late),
        rows_set_aside=total.rows_set_aside + len(late),
        cents_used=total.cents_used - cents,
        cents_set_aside=total.cents_set_aside + cents,
        rows_repaired=total.rows_repaired - len(repaired),
        cents_repaired=total.cents_repaired - sum(amounts[at] or 0 for at in repaired),
    )
