"""What a further added sheet holds, as plain data: sentences, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sheetkit.analysis.identity import Identity
from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.measured import Measured
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book, Column
from sheetkit.rules.chosen import Rules

Kind = Literal["text", "count", "number", "money", "percent", "days", "date"]
"""What a column's values are: texts; whole numbers; numbers; cents; shares 0–1; days; day numbers."""
Value = str | float | int | None


@dataclass(frozen=True)
class PageColumn:
    """One column of a section's table. ``width`` 0: as wide as its content needs."""

    header: str
    kind: Kind = "text"
    width: float = 0


@dataclass(frozen=True)
class PageChart:
    """A chart of a section's own rows: ``values`` are the places of its value columns, ``labels`` that of the
    categories. ``title`` says what it shows."""

    kind: Literal["bar", "column", "line", "pie"]
    title: str
    labels: int
    values: tuple[int, ...]


@dataclass(frozen=True)
class Section:
    """A part of a page: what it is about, a sentence that says what it shows, and a table (or none)."""

    title: str
    says: str = ""
    columns: tuple[PageColumn, ...] = ()
    rows: Sequence[Sequence[Value]] = ()
    chart: PageChart | None = None


@dataclass(frozen=True)
class Page:
    """One further added sheet: its key in ``ADDED_SHEETS``, the line beneath its title, and its sections."""

    key: str
    about: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Found:
    """What pages are made from: all that a run knows.

    ``customers``: as in ``Analysis.customers``; ``ledger``: the trades that count.
    """

    book: Book
    identity: Identity
    measured: Measured
    rules: Rules
    thresholds: Mapping[str, float]
    as_of: int
    customers: Mapping[str, Column]
    ledger: Ledger

    @property
    def lang(self) -> Lang:
        """The workbook's language."""
        return self.book.lang

    @property
    def template(self) -> Blueprint:
        """The workbook's template."""
        return self.book.blueprint
