"""What one export file held."""

from __future__ import annotations

from dataclasses import dataclass, field

from sheetkit.messages import Lang
from sheetkit.model.book import Table, Total
from sheetkit.model.findings import Finding
from sheetkit.model.platforms import Platform


@dataclass(frozen=True)
class Export:
    """One file: its orders as trades, its buyers as customers, what was noticed, and the control totals.

    One row of ``trades`` is one order; rows that were set aside stand in ``findings`` and ``totals`` only.
    ``currency``: that of most orders, "" where neither file nor map says. ``counted``: per row of ``trades``,
    how many lines of the file and how many cents of its totals it stands for.
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
