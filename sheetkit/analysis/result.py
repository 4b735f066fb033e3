"""What an analysis is: plain frozen data, ready to be written as sheets, JSON or a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sheetkit.analysis.page import Page
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.book import Column, CurrencyFrom, Total
from sheetkit.model.currencies import counted_in
from sheetkit.model.fields import TableKey
from sheetkit.model.findings import Finding
from sheetkit.model.overlay import Own, using


@dataclass(frozen=True)
class Reason:
    """Why a customer is in a class of one dimension, and what would take her a step up ("" if nothing
    simple)."""

    why: str
    step_up: str


@dataclass(frozen=True)
class Task:
    """One line of the action plan. ``due`` is a day number; ``priority`` 1 (today) to 3 (when there is
    time)."""

    key: str
    priority: int
    customer: str
    class_key: str
    class_label: str
    action: str
    why: str
    due: int
    channel: str
    message: str


@dataclass(frozen=True)
class Month:
    """Figures of one month (index year·12+month−1): money in cents; ``returning_cents`` from customers
    with an earlier visit."""

    month: int
    visits: int
    revenue_cents: int
    returning_cents: int
    new_customers: int


@dataclass(frozen=True)
class Kpi:
    """One figure of the overview: ``value`` None where there is too little to say, ``n`` the count it
    rests on.

    ``unit`` is one of count, money (cents), percent (share 0–1), days. ``goal`` from the settings, None
    if unset.
    """

    key: str
    value: float | None
    unit: str
    n: int
    goal: float | None = None


@dataclass(frozen=True)
class Analysis:
    """Everything a run found out.

    ``customers``: {column: values}, one entry a customer in number order: ``number`` (1…), ``name``,
    ``customer_id``,
    every customer metric of the rulebook by key (money in cents, days as ints, None = nothing to measure),
    every dimension by key (class key; the seller's own class where typed), ``auto_class`` (the class
    before overrule),
    ``tags``, ``stage`` (texts), ``profit`` (cents) and ``margin``, None where no cost is filled,
    ``overruled`` (bool), ``manual_reason``, ``rows_left_out`` (rows the live formulas leave out),
    ``left_out_why``.
    ``reasons``: {dimension: one Reason a customer}. ``shop``: the shop figures of the rulebook.
    ``pages``: further sheets, in order. ``notes``: what the next run is held against.
    ``thresholds``: values in force. ``more``: tables beside those of the template.
    ``own``: the template of the seller's own that was in force. ``currency``: the code of what amounts are
    counted in, ``currency_from`` as the book has it.
    ``top_items`` / ``categories``: (label, visits or lines, cents),
    largest first.
    """

    as_of: int
    template: str
    lang: Lang
    shop_kind: str
    customers: dict[str, Column]
    reasons: dict[str, list[Reason]]
    shop: dict[str, float | None]
    thresholds: dict[str, float]
    months: list[Month]
    weekdays: list[tuple[int, int]]
    categories: list[tuple[str, int, int]]
    top_items: list[tuple[str, int, int]]
    kpis: list[Kpi]
    tasks: list[Task]
    findings: list[Finding]
    totals: list[Total]
    more: tuple[TableKey, ...] = ()
    own: Own | None = None
    currency: str = "CNY"
    currency_from: CurrencyFrom = "settings"
    pages: tuple[Page, ...] = ()
    notes: str = ""

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Within it, the template that was in force is, and sums are shown in the shop's currency."""
        with using(self.own), counted_in(self.currency):
            yield

    @property
    def blueprint(self) -> Blueprint:
        """The template the workbook was read by."""
        with using(self.own):
            return blueprint(self.template, self.more)

    @property
    def customer_count(self) -> int:
        """Customers, in every sheet together."""
        return len(self.customers["number"])

    def segment_counts(self, dimension: str) -> dict[str, int]:
        """{class key: customers} of a dimension, in order of first appearance."""
        counts: dict[str, int] = {}
        for key in self.customers[dimension]:
            counts[key] = counts.get(key, 0) + 1
        return counts
