"""The wishes still open: what a customer asked for and has not been given, in her own words."""

from __future__ import annotations

from collections import defaultdict

from sheetkit.analysis.page import Found
from sheetkit.model.book import Table
from sheetkit.model.lists import lists

_EXPIRY = "wish_expiry"


def open_wishes(found: Found) -> dict[int, list[str]]:
    """{customer number: her wishes}, newest first; those past their day, or too old, are left out."""
    wishes: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for key in ("contacts", "wishes"):
        rows, numbers = found.book.tables[key], found.identity.number[key]
        for at in range(len(rows)):
            if rows.used[at] and numbers[at] and _live(found, rows, at, key == "contacts"):
                wishes[numbers[at]].append((rows.column("date")[at] or 0, _what(rows, at)))
    return {who: [what for _, what in sorted(some, reverse=True) if what] for who, some in wishes.items()}


def _live(found: Found, rows: Table, at: int, typed: bool) -> bool:
    status, wish = lists()["case_status"], lists()["contact_type"].code("wish")
    if typed and rows.column("type")[at] != wish:
        return False
    if (rows.column("status")[at] or status.blank_code) != status.code("open"):
        return False
    due, day = rows.column("due")[at], rows.column("date")[at]
    if due:
        return bool(due >= found.as_of)
    expiry = found.thresholds.get(_EXPIRY) or found.rules.book.thresholds[_EXPIRY].low
    return day is None or bool(found.as_of - day <= expiry)


def _what(rows: Table, at: int) -> str:
    said = (rows.column(key)[at] for key in ("content", "item", "category"))
    return str(next((one for one in said if one), ""))
