"""Exports in another currency than the book's: their orders are set aside, and counted for themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sheetkit.intake.exports.export import Export
from sheetkit.model.book import Apart, Table, Total, by_currency
from sheetkit.model.currencies import known_as
from sheetkit.model.findings import Finding


def usual_currency(exports: Sequence[Export]) -> str:
    """The currency of most orders, "" where none says it."""
    counts = Counter[str]()
    for one in exports:
        counts[one.currency] += len(one.trades) if one.currency else 0
    del counts[""]
    return counts.most_common(1)[0][0] if counts else ""


def in_one_currency(exports: Sequence[Export], currency: str) -> list[Export]:
    """The exports, those in another currency without their orders; an export that says none stays whole.

    ``currency``: the code of what the book counts in, "" where any will do.
    """
    return [
        _set_apart(one, currency) if currency and one.currency not in ("", currency) else one
        for one in exports
    ]


def _set_apart(one: Export, currency: str) -> Export:
    if not len(one.trades):
        return one
    cents = sum(cents for _, cents in one.counted)
    apart = Apart(one.currency, len(one.trades), cents)
    params: dict[str, str | int | float] = {
        "name": one.name,
        "count": apart.orders,
        "amount": known_as(apart.currency).exact(apart.cents),
        "other": apart.currency,
        "currency": currency,
    }
    found = Finding("export_currencies", "error", params=params)
    totals = [_without_orders(total, apart) for total in one.totals]
    return replace(one, trades=Table(), counted=[], findings=[*one.findings, found], totals=totals)


def _without_orders(total: Total, apart: Apart) -> Total:
    if total.table != "trades":
        return total
    return Total(
        "trades",
        total.rows_read,
        0,
        total.rows_read,
        unreadable=total.unreadable,
        apart=by_currency([*total.apart, apart._replace(cents=total.cents_read)]),
    )
