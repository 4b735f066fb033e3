"""What several exports say together: every order once, whichever files it stands in.

An order with a number is the same order wherever that number stands. Without one, or with one of which a
spreadsheet has left 3.35E+18, orders of different
files that agree in day, time, buyer, item and amount are one; within a file, equal lines are as many orders
as there are lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheetkit.intake.exports import Export
from sheetkit.intake.exports.numbers import numbers_in
from sheetkit.intake.exports.texts import is_cut
from sheetkit.model.book import Table
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold

MINUTES_A_DAY = 24 * 60
FINGERPRINT = ("date", "time", "nickname", "customer_id", "item", "amount")
"""What tells one order without a number from another."""
GOODS = ("item", "quantity")
_RANK = ("orders", "items", "payments", "customers")
"""Whose word counts where files differ about an order: the shop's list names what the buyer paid for all."""


@dataclass
class Order:
    """One order. ``values``: {field key: value}, blanks left out. ``key``: by which it is known the next
    time. ``age``: of the newest file it is in (`age_of`). ``goods_only``: it comes from a list of items,
    which says nothing else of an order that is known already. ``source``: the file it comes from;
    ``numbers``: by which it is known there and elsewhere; ``buyer``: what that file says of who bought."""

    key: str
    values: dict[str, Any]
    age: int
    cents: int
    goods_only: bool = False
    source: Export | None = None
    numbers: frozenset[str] = frozenset()
    buyer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_payment(self) -> bool:
        """Whether it is told by a statement of payments only."""
        return self.source is not None and self.source.platform.kind == "payments"

    @property
    def is_whole(self) -> bool:
        """Whether it can stand in a row of its own."""
        return "date" in self.values and "amount" in self.values


@dataclass
class Orders:
    """``orders``: each once, the oldest first. ``rows``: of all files, with their ``cents``. ``twice``: rows
    of an order that stands elsewhere, too; ``alone``: items whose order is in none of the lists beside;
    ``purchases``: what the seller bought herself."""

    orders: list[Order] = field(default_factory=list)
    rows: int = 0
    twice: list[int] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)
    purchases: list[int] = field(default_factory=list)


def age_of(export: Export) -> int:
    """How new an export is: the minute of its latest order.

    Neither the file's name nor its clock is asked: both change when a file is copied.
    """
    days, times = export.trades.column("date"), export.trades.column("time")
    moments = (
        day * MINUTES_A_DAY + (time or 0) for day, time in zip(days, times, strict=True) if day is not None
    )
    return max(moments, default=0)


def joined(exports: Sequence[Export]) -> Orders:
    """The orders of all files: first the lists of orders, then of items, then of payments."""
    found, known = Orders(), dict[str, Order]()
    with_orders = {one.platform.family for one in exports if one.platform.kind == "orders"}
    for export in sorted(exports, key=lambda one: _RANK.index(one.platform.kind)):
        rows = list(rows_of(export.trades, "trades"))
        found.rows += len(rows)
        if export.platform.own_purchases:
            found.purchases += [row.get("amount", 0) for row in rows]
            continue
        joiner = _Joiner(export, known, found, beside=export.platform.family in with_orders)
        for at, row in enumerate(rows):
            joiner.take(row, at)
    found.orders = sorted(known.values(), key=_moment)
    return found


class _Joiner:
    """The rows of one export on their way to the orders ``known`` so far. ``beside``: the shop's list of
    orders is there, too."""

    def __init__(self, export: Export, known: dict[str, Order], found: Orders, *, beside: bool) -> None:
        self._known, self._found, self._age = known, found, age_of(export)
        self._export = export
        self._people = {who(row): row for row in rows_of(export.customers, "customers")}
        self._goods = export.platform.kind == "items"
        self._needs_order = self._goods and beside
        self._seen = Counter[str]()

    def take(self, values: dict[str, Any], at: int) -> None:
        """One row, and its place in the file."""
        key, cents = order_key(values), values.get("amount", 0)
        if not is_numbered(values):
            self._seen[key] += 1
            key = f"{key}#{self._seen[key]}" if self._seen[key] > 1 else key
        if key in self._known:
            self._found.twice.append(cents)
            self._add(self._known[key], values)
            self._known[key].numbers |= self._numbers(values, at)
        elif self._needs_order:
            self._found.alone.append(cents)
        else:
            numbers, buyer = self._numbers(values, at), self._people.get(who(values), {})
            self._known[key] = Order(
                key, values, self._age, cents, self._goods, self._export, numbers, buyer
            )

    def _numbers(self, values: Mapping[str, Any], at: int) -> frozenset[str]:
        if self._export.numbers:
            return self._export.numbers[at]
        return numbers_in(str(values.get("order_id", "")), self._export.platform.number_after)

    def _add(self, known: Order, values: dict[str, Any]) -> None:
        """What another row says of the same order: items their names, a newer file state and refund, any what
        is not known yet."""
        newer = self._age > known.age
        for key, value in values.items():
            better = (self._goods and key in GOODS) or (newer and key in ("state", "refund_amount"))
            if better or (key not in known.values and not self._goods):
                known.values[key] = value
        known.age = max(known.age, self._age)


def rows_of(table: Table, of: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as {field key: value}, blanks left out."""
    codes = {key: fields(of)[key].coded for key in table.columns}
    for at in range(len(table)):
        row = ((key, values[at]) for key, values in table.columns.items())
        yield {key: value for key, value in row if not _says_nothing(key, value, coded=codes[key])}


def _says_nothing(key: str, value: object, *, coded: bool) -> bool:
    return value in (None, "") or (value == 0 and (coded or key == "refund_amount"))


def is_numbered(values: Mapping[str, Any]) -> bool:
    """Whether an order has a number of its own; 3.35E+18 is what a spreadsheet left of any of many."""
    return "order_id" in values and not is_cut(str(values["order_id"]))


def order_key(values: Mapping[str, Any]) -> str:
    """By what an order is known: its number, else what there is of it."""
    if is_numbered(values):
        return fold(str(values["order_id"]))
    return "|".join(fold(str(values.get(key, ""))) for key in FINGERPRINT)


def who(values: Mapping[str, Any]) -> str:
    """Under what a buyer stands among the customers of her export."""
    return fold(str(values.get("customer_id") or values.get("nickname") or ""))


def _moment(order: Order) -> tuple[int, int]:
    return order.values.get("date", 0), order.values.get("time", 0)
