"""What one export file held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sheetkit.messages import Lang
from sheetkit.model.book import Table, Total
from sheetkit.model.findings import Finding
from sheetkit.model.platforms import Platform

Placed = list[tuple[int, int]]
"""Of every row of a table, the export it is from and its row there."""


@dataclass(frozen=True)
class Export:
    """One file: its orders as trades, its buyers as customers, what was noticed, and the control totals.

    One row of ``trades`` is one order; rows that were set aside stand in ``findings`` and ``totals`` only.
    ``currency``: that of most orders, "" where neither file nor map says. ``counted``: per row of ``trades``,
    how many lines of the file and how many cents of its totals it stands for; ``numbers``: by which the sale
    is known here and elsewhere.
    """

    platform: Platform
    name: str
    lang: Lang
    currency: str
    trades: Table
    customers: Table
    findings: list[Finding]
    totals: list[Total]
    counted: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[frozenset[str]] = field(default_factory=list)


def without(one: Export, rows: Sequence[int]) -> Export:
    """The export's totals with these rows of its trades set aside after all."""
    lines = sum(one.counted[at][0] for at in rows)
    cents = sum(one.counted[at][1] for at in rows)
    return replace(one, totals=[_less(total, lines, cents, lines - len(rows)) for total in one.totals])


def _less(total: Total, rows: int, cents: int, joined: int) -> Total:
    """A total with some of its rows set aside after all."""
    if total.table != "trades":
        return total
    return replace(
        total,
        rows_used=total.rows_used - rows,
        rows_set_aside=total.rows_set_aside + rows,
        cents_used=total.cents_used - cents,
        cents_set_aside=total.cents_set_aside + cents,
        rows_joined=total.rows_joined - joined,
    )


def rows_of(table: Table, kept: Sequence[int]) -> Table:
    """Some rows of a table, in this order."""
    return Table(
        {key: [values[at] for at in kept] for key, values in table.columns.items()},
        sheet=[table.sheet[at] for at in kept],
        row=[table.row[at] for at in kept],
        used=[table.used[at] for at in kept],
        repaired=[table.repaired[at] for at in kept],
    )
