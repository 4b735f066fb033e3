"""Orders of shops' lists against payments of statements, those of the files and those the workbook has: which
of them are one sale (`intake.exports.sales` says when).

Two rows that both stand in the workbook stay two: nothing is deleted in it. A row that no import is known to
have put there goes with a payment by its number, or by amount, day and buyer where it has no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sheetkit.edits.buyers import Directory, Person
from sheetkit.edits.exported import Order, order_key, rows_of, who
from sheetkit.edits.held import Held
from sheetkit.edits.remembered import Origin, Record, key_stamp, number_stamp
from sheetkit.intake.exports import Export
from sheetkit.intake.exports.export import rows_of as some_rows
from sheetkit.intake.exports.numbers import numbers_in
from sheetkit.intake.exports.sales import Sale, paired
from sheetkit.intake.exports.twins import FILLED, sale_of
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold
from sheetkit.model.platforms import platforms

_NAMED = ("nickname", "customer_id")


@dataclass(frozen=True)
class _Entry:
    """A sale: an order of the files, a row of the workbook, or both. ``key``: by which it is known."""

    sale: Sale
    key: str
    order: Order | None = None
    row: int | None = None


@dataclass
class Twins:
    """Payments that are orders, by key.

    ``orders``: which order of the files; ``rows``: which row of the workbook. ``over``: {order's key: the
    row, made by a statement, that it is}. ``known``: payments of which an earlier import has found it out.
    ``same``: {payment's key: order's key}; ``files``: {payment's key: the order's file}. ``unsure``: how many
    payments look like orders, and their cents."""

    orders: dict[str, Order] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    over: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    same: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    unsure: tuple[int, int] = (0, 0)


def twins(
    orders: Sequence[Order],
    rows: Mapping[str, Sequence[int]],
    there: Held,
    directory: Directory,
    record: Record,
) -> Twins:
    """Which are one. ``rows``: of each order, where it stands in the workbook, by key."""
    found = Twins()
    book = _Book(there, directory, record)
    taken = {at for some in rows.values() for at in some}
    lists: list[_Entry] = []
    payments: list[_Entry] = []
    for order in orders:
        if key_stamp(order.key) in record.same:
            found.known.add(order.key)
        elif key_stamp(order.key) not in book.linked and order.is_whole:
            at = next(iter(rows[order.key]), None)
            (payments if order.is_payment else lists).append(_Entry(_sale(order), order.key, order, at))
    if not any(one.row is None for one in (*lists, *payments)):
        return found
    payments += book.entries(taken, of_payments=True)
    lists += book.entries(taken, of_payments=False) if payments else []
    sides = [one.sale for one in lists], [one.sale for one in payments]
    made = paired(*sides, lambda a, b: _may(lists[a], payments[b]))
    for at, (other, _) in made.pairs.items():
        _take(found, payments[at], lists[other])
    found.unsure = len(made.unsure), sum(payments[at].sale.cents or 0 for at in made.unsure)
    return found


def origins(orders: Sequence[Order]) -> dict[str, Origin]:
    """What is remembered of where orders come from."""
    return {
        order.key: Origin(order.is_payment, frozenset(map(number_stamp, order.numbers))) for order in orders
    }


def _may(one: _Entry, other: _Entry) -> bool:
    """Not both stand in the workbook; one is in the files."""
    return one.row is None or other.row is None


def _take(found: Twins, payment: _Entry, other: _Entry) -> None:
    found.same[payment.key] = other.key
    if other.order and other.order.source:
        found.files[payment.key] = other.order.source.name
    if payment.row is not None and other.order is not None:
        found.over[other.order.key] = payment.row
    elif other.order is not None:
        found.orders[payment.key] = other.order
    elif other.row is not None:
        found.rows[payment.key] = other.row


def _sale(order: Order) -> Sale:
    currency = order.source.currency if order.source else ""
    numbers = frozenset(map(number_stamp, order.numbers))
    return sale_of(order.values, order.buyer, numbers, currency)


class _Book:
    """The sales of a workbook."""

    def __init__(self, there: Held, directory: Directory, record: Record) -> None:
        self._table, self._directory, self._record = there.tables["trades"], directory, record
        self._customers = there.tables["customers"]
        self._after = sorted({word for one in platforms().values() for word in one.number_after})
        self.linked = frozenset(record.same.values())

    def entries(self, taken: set[int], *, of_payments: bool) -> list[_Entry]:
        """Those that are no order of the files."""
        found = []
        for at in range(len(self._table)):
            if at in taken:
                continue
            values = {key: self._table.value(at, key) for key in self._table.rows.columns}
            key = order_key({name: value for name, value in values.items() if value not in (None, "")})
            origin = self._record.origins.get(key_stamp(key))
            if key_stamp(key) in self.linked or (origin and origin.is_payment != of_payments):
                continue
            number = str(values.get("order_id") or "")
            named = numbers_in(number, self._after)
            if of_payments and origin is None and len(named) < 2:
                continue
            by_number = origin is None and bool(number)
            found.append(_Entry(self._sale(values, named, origin, by_number=by_number), key, row=at))
        return found

    def _sale(
        self, values: Mapping[str, Any], named: frozenset[str], origin: Origin | None, *, by_number: bool
    ) -> Sale:
        numbers = frozenset(map(number_stamp, named)) | (origin.numbers if origin else frozenset())
        person = self._directory.find({key: values.get(key) for key in ("nickname", "customer_id")})
        home = person.home if person else None
        keys = () if home is None else fields("customers")
        hers = {key: self._customers.value(home, key) for key in keys if home is not None}
        return sale_of(values, hers, numbers, "", by_number=by_number)


# Who bought


def new_buyers(export: Export, record: Record) -> Export:
    """A statement without the buyers of whom it says no more than what an earlier import has taken."""
    if export.platform.kind != "payments":
        return export
    known: dict[bool, set[str]] = {True: set(), False: set()}
    for row in rows_of(export.trades, "trades"):
        known[key_stamp(order_key(row)) in record.same].add(who(row))
    gone = known[True] - known[False]
    buyers = [who(row) for row in rows_of(export.customers, "customers")]
    kept = [at for at, one in enumerate(buyers) if one not in gone]
    return replace(export, customers=some_rows(export.customers, kept))


def filling(payment: Mapping[str, Any], order: Mapping[str, Any]) -> dict[str, Any]:
    """What a payment says that its order leaves open."""
    named = any(order.get(key) for key in _NAMED)
    keys = FILLED if named else (*FILLED, *_NAMED)
    return {key: payment[key] for key in keys if key in payment and order.get(key) in (None, "")}


def who_is_who(found: Twins, orders: Sequence[Order], there: Held, directory: Directory) -> None:
    """The buyers of payments are those of their orders, where the names do not speak against it."""
    by_key = {order.key: order for order in orders}
    needed = [directory.find(one.values) for one in orders if one.key not in found.same]
    table = there.tables["trades"]

    def of_row(at: int) -> dict[str, Any]:
        return {key: table.value(at, key) for key in _NAMED}

    for payment in {**found.orders, **found.rows}:
        order = found.orders.get(payment)
        hers = order.values if order else of_row(found.rows[payment])
        _complete(directory, by_key[payment], hers, needed)
    joined: dict[int, Person] = {}
    for key, at in found.over.items():
        _join(directory, by_key[key], of_row(at), joined)


def _complete(
    directory: Directory, payment: Order, hers: Mapping[str, Any], needed: Sequence[Person | None]
) -> None:
    """The buyer of a payment is no other customer than that of the order, which has more said of her."""
    payer, person = directory.find(payment.values), directory.find(hers)
    if payer is None or not any(hers.get(key) for key in _NAMED):
        return
    if not any(one is payer for one in needed) and directory.is_new(payer):
        directory.leave_out(payer)
    if person is not None and person is not payer and _agree(payment.buyer, person.values):
        directory.complete(person, payment.buyer)


def _agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether what is said of two does not tell them apart."""
    names = str(one.get("real_name") or ""), str(other.get("real_name") or "")
    return not all(names) or fold(names[0]) == fold(names[1])


def _join(
    directory: Directory, order: Order, row: Mapping[str, Any], joined: dict[int, Person]
) -> None:
    """The workbook knows the buyer by her payment; the order's name is her other one."""
    payer, person = directory.find(row), directory.find(order.values)
    if payer is None or person is None or payer is person or not directory.is_new(person):
        return
    if joined.setdefault(id(payer), person) is person:
        directory.join(payer, person)
