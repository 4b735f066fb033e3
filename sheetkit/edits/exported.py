"""What several exports say together: every order once, whichever files it stands in.

An order with a number is the same order wherever that number stands. Without a number, orders of different
files that agree in day, time, buyer, item and amount are one; within a file, equal lines are as many orders
as there are lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sheetkit.messages import Lang
from sheetkit.model.book import Table, Total
from sheetkit.model.findings import Finding
from sheetkit.model.labels import Labels, fold
from sheetkit.model.lists import lists

MINUTES_A_DAY = 24 * 60
FINGERPRINT = ("date", "time", "nickname", "customer_id", "item", "amount")
"""What tells one order without a number from another."""
_SHOP_FIRST = ("orders", "items", "payments")
"""Whose word counts where files differ about an order: the shop's list names what the buyer paid for all."""


class Map(Protocol):
    """The platform an export comes from."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def labels(self) -> Labels:
        """How it is called."""


class Exported(Protocol):
    """An export as read: `sheetkit.intake.exports.Export`."""

    @property
    def platform(self) -> Map:
        """Where it comes from."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def lang(self) -> Lang:
        """The language of its headers."""

    @property
    def currency(self) -> str:
        """What its amounts are in."""

    @property
    def trades(self) -> Table:
        """One row an order."""

    @property
    def customers(self) -> Table:
        """One row a buyer."""

    @property
    def findings(self) -> list[Finding]:
        """What was noticed."""

    @property
    def totals(self) -> list[Total]:
        """Lines read = used + set aside."""


@dataclass
class Order:
    """One order. ``values``: {field key: value}, blanks left out. ``key``: by which it is known the next
    time. ``age``: of the newest file it is in (`age_of`). ``platform``: that file's. ``rows``: how many rows
    of the files it stands in."""

    key: str
    values: dict[str, Any]
    age: int
    platform: str
    rows: int = 1
    cents: int = 0


@dataclass
class Orders:
    """``orders``: each once, the oldest first. ``unused``: rows that the reading of a file had set aside
    already, and their cents. ``twice``: further rows of an order that is in another of the files, too."""

    orders: list[Order] = field(default_factory=list)
    rows: int = 0
    cents: int = 0
    unused: int = 0
    unused_cents: int = 0
    twice: int = 0
    twice_cents: int = 0


def age_of(export: Exported) -> int:
    """How new an export is: the minute of its latest order.

    Neither the file's name nor its clock is asked: both change when a file is copied.
    """
    trades = export.trades
    times = trades.column("time")
    moments = (
        day * MINUTES_A_DAY + (time or 0)
        for used, day, time in zip(trades.used, trades.column("date"), times, strict=True)
        if used and day is not None
    )
    return max(moments, default=0)


def joined(exports: Sequence[Exported]) -> Orders:
    """The orders of all files."""
    found = Orders()
    known: dict[str, Order] = {}
    for export in sorted(exports, key=_rank):
        _join(export, known, found)
    found.orders = sorted(known.values(), key=_moment)
    return found


def _rank(export: Exported) -> int:
    kind = getattr(export.platform, "kind", "orders")
    return _SHOP_FIRST.index(kind) if kind in _SHOP_FIRST else len(_SHOP_FIRST)


def _join(export: Exported, known: dict[str, Order], found: Orders) -> None:
    age, seen = age_of(export), Counter[str]()
    for used, values in zip(export.trades.used, rows_of(export.trades, "trades"), strict=True):
        cents = values.get("amount", 0)
        found.rows += 1
        found.cents += cents
        if not used:
            found.unused += 1
            found.unused_cents += cents
            continue
        key = order_key(values)
        if "order_id" not in values:
            seen[key] += 1
            key = f"{key}#{seen[key]}" if seen[key] > 1 else key
        new = Order(key, values, age, export.platform.key, cents=cents)
        if key in known:
            _add(known[key], new)
            found.twice += 1
            found.twice_cents += cents
        else:
            known[key] = new


def rows_of(table: Table, of: str) -> Iterator[dict[str, Any]]:
    """The rows of a table as {field key: value}, blanks left out."""
    from sheetkit.model.fields import fields

    known = fields(of)
    blank = {
        key: lists()[known[key].list_key].blank_code if known[key].coded else None for key in table.columns
    }
    for at in range(len(table)):
        row = {key: values[at] for key, values in table.columns.items()}
        yield {
            key: value
            for key, value in row.items()
            if value not in (None, "") and not (value == 0 and (blank[key] == 0 or key == "refund_amount"))
        }


def order_key(values: Mapping[str, Any]) -> str:
    """By what an order is known: its number, else what there is of it."""
    if "order_id" in values:
        return fold(str(values["order_id"]))
    return "|".join(fold(str(values.get(key, ""))) for key in FINGERPRINT)


def _add(known: Order, new: Order) -> None:
    """What another file says of the same order: a newer one's state and refund count, else what is new."""
    newer = new.age > known.age
    for key, value in new.values.items():
        if key not in known.values or (newer and key in ("state", "refund_amount")):
            known.values[key] = value
    known.age = max(known.age, new.age)
    known.rows += 1


def _moment(order: Order) -> tuple[int, int]:
    return order.values.get("date", 0), order.values.get("time", 0)
