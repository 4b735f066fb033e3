"""What a further added sheet holds, as plain data: sentences, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sheetkit.analysis.identity import Identity
from sheetkit.analysis.joins import Joining
from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.limits import Limits
from sheetkit.analysis.measured import Measured
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book, Column
from sheetkit.rules.chosen import Rules

if TYPE_CHECKING:
    from sheetkit.analysis.result import Task

Kind = Literal["text", "count", "number", "money", "percent", "days", "date"]
"""What a column's values are: texts; whole numbers; numbers; cents; shares 0–1; days; day numbers."""


@dataclass(frozen=True)
class Link:
    """A text that leads to a cell of the seller's workbook."""

    text: str
    sheet: str
    cell: str


Value = str | float | int | Link | None


@dataclass(frozen=True)
class PageColumn:
    """One column of a section's table. ``width`` 0: as wide as its content needs.

    ``choices``: what may be chosen, where the column is the seller's to fill; ``help`` stands beside it.
    """

    header: str
    kind: Kind = "text"
    width: float = 0
    choices: tuple[str, ...] = ()
    help: str = ""


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

    ``customers``: as in ``Analysis.customers``; ``ledger``: the trades that count; ``shop_kind``: the key;
    ``tasks``: the plan; ``limits``: what the shop's own repurchase curve suggests;
    ``joining``: which names are counted as one person by the seller's word.
    """

    book: Book
    identity: Identity
    measured: Measured
    rules: Rules
    thresholds: Mapping[str, float]
    as_of: int
    customers: Mapping[str, Column]
    ledger: Ledger
    shop_kind: str
    tasks: Sequence[Task]
    limits: Limits
    joining: Joining

    @property
    def lang(self) -> Lang:
        """The workbook's language."""
        return self.book.lang

    @property
    def template(self) -> Blueprint:
        """The workbook's template."""
        return self.book.blueprint
