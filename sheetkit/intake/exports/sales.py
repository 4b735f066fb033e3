"""Which order of a shop's list and which line of a payment statement are one sale under two numbers.

- A number that both name tells it; a short one, which two shops may have, only beside the same amount in the
  same month or the same buyer at about the same day.
- Without one: the same amount, at most two days apart, the same buyer. Where a buyer is named in one of them
  only, at most one day apart, no other that fits on either side, and most of the statement has to be found in
  the lists: among many sales, some agree in amount and day by chance.

One order goes with one payment, never two. Whatever fits several is left as it is, and named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sheetkit.intake.exports.numbers import SHORT
from sheetkit.intake.exports.texts import is_hidden
from sheetkit.model.labels import fold

MARKS = ("email", "phone", "name")
NEAR_DAYS = 2
NEAR_NAMELESS = 1
_MONTH = 31
_NAMING = ("nickname", "real_name", "email", "phone", "aliases")
_PHONE_DIGITS = 11
_PHONE = re.compile(r"\+?[\d ().-]{7,20}")
_CODE = re.compile(r"(?=.*\d)[0-9a-z_-]{16,}")
"""An account's number, such as WeChat Pay's for a buyer."""
How = Literal["number", "buyer", "day"]
Likeness = Literal["same", "other", "unknown"]
Edge = tuple[int, int]
"""An order and a payment, by their places."""


@dataclass(frozen=True)
class Sale:
    """One row. ``marks``: {kind: folded texts} that name the buyer. ``counts``: money changed hands.
    ``by_number``: nothing but a number tells whether it is another sale."""

    numbers: frozenset[str] = frozenset()
    day: int | None = None
    cents: int | None = None
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    currency: str = ""
    counts: bool = True
    by_number: bool = False


@dataclass
class Pairing:
    """``pairs``: {payment: (order, how it is known)}. ``unsure``: payments that fit one of several orders, or
    agree in amount and day only. ``differ``: pairs by number whose amounts are not the same."""

    pairs: dict[int, tuple[int, How]] = field(default_factory=dict)
    unsure: list[int] = field(default_factory=list)
    differ: list[int] = field(default_factory=list)


def marks_of(values: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """What names the buyer in a sale and in her own row. An account that is no name is left out.

    >>> marks_of([{"nickname": "Ann@Example.com", "real_name": "Ann Lee"}])["email"]
    frozenset({'ann@example.com'})
    """
    found: dict[str, set[str]] = {}
    for row in values:
        for key in _NAMING:
            text = fold(str(row.get(key) or ""))
            kind = _kind(text)
            if kind:
                found.setdefault(kind, set()).add(_digits(text) if kind == "phone" else text)
    return {kind: frozenset(texts) for kind, texts in found.items()}


def _kind(text: str) -> str:
    if not text or is_hidden(text) or _CODE.fullmatch(text):
        return ""
    if "@" in text:
        return "email"
    return "phone" if _PHONE.fullmatch(text) else "name"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-_PHONE_DIGITS:]


def buyer(one: Sale, other: Sale) -> Likeness:
    """Whether two sales name the same buyer; unknown where nothing in them can be compared."""
    if any(one.marks[kind] & other.marks.get(kind, frozenset()) for kind in one.marks):
        return "same"
    both = (kind for kind in MARKS if one.marks.get(kind) and other.marks.get(kind))
    return "other" if any(both) else "unknown"


def paired(
    orders: Sequence[Sale], payments: Sequence[Sale], may: Callable[[int, int], bool] = lambda *_: True
) -> Pairing:
    """Each payment with its order, as far as that is sure. ``may``: whether two can be one at all."""
    found = Pairing()
    open_orders = set(range(len(orders)))
    open_payments = {at for at, one in enumerate(payments) if one.counts}

    def take(pairs: Iterable[Edge], how: How) -> None:
        for order, payment in pairs:
            found.pairs[payment] = order, how
            open_orders.discard(order)
            open_payments.discard(payment)

    edges = [one for one in _by_number(orders, payments, open_payments) if may(*one)]
    take(_alone(edges), "number")
    equal = [(a, b) for a, b in edges if b in open_payments and orders[a].cents == payments[b].cents]
    take(_alone([one for one in equal if one[0] in open_orders]), "number")
    unsure = {payment for _, payment in edges} & open_payments
    found.differ = [at for at, (order, _) in found.pairs.items() if _differ(orders[order], payments[at])]
    open_payments -= unsure

    some = {at for at in open_orders if orders[at].counts and not orders[at].by_number}
    others = {at for at in open_payments if not payments[at].by_number}
    near = [one for one in _near(orders, payments, some, others) if may(*one)]
    same = [(a, b) for a, b in near if buyer(orders[a], payments[b]) == "same"]
    take(_in_turn(same, orders, payments), "buyer")
    unsure |= _as_many_as_fit([(a, b) for a, b in same if a in open_orders and b in open_payments])
    open_payments -= {b for _, b in same}
    rest = [(a, b) for a, b in near if a in open_orders and b in open_payments]
    nameless = [
        (a, b)
        for a, b in rest
        if _apart(orders[a], payments[b]) <= NEAR_NAMELESS and buyer(orders[a], payments[b]) == "unknown"
    ]
    sure = _alone(nameless)
    if 2 * (len(found.pairs) + len(sure)) >= _within(orders, payments):
        take(sure, "day")
    unsure |= _as_many_as_fit([(a, b) for a, b in nameless if a in open_orders and b in open_payments])
    found.unsure = sorted(unsure)
    return found


def _differ(one: Sale, other: Sale) -> bool:
    return one.cents != other.cents and _same_currency(one, other)


def _same_currency(one: Sale, other: Sale) -> bool:
    return "" in (one.currency, other.currency) or one.currency == other.currency


def _apart(one: Sale, other: Sale) -> int:
    return abs((one.day or 0) - (other.day or 0))


def _by_number(orders: Sequence[Sale], payments: Sequence[Sale], open_payments: set[int]) -> list[Edge]:
    """Who names the other's number."""
    known: dict[str, list[int]] = defaultdict(list)
    for at, order in enumerate(orders):
        for number in order.numbers:
            known[number].append(at)
    edges = {
        (order, at): None
        for at in sorted(open_payments)
        for number in payments[at].numbers
        for order in known.get(number, ())
        if len(number) >= SHORT or _speaks(orders[order], payments[at])
    }
    return list(edges)


def _speaks(order: Sale, payment: Sale) -> bool:
    """Whether more than a short number is the same."""
    apart, equal = _apart(order, payment), order.cents == payment.cents
    if equal and _same_currency(order, payment) and apart <= _MONTH:
        return True
    return apart <= NEAR_DAYS and buyer(order, payment) == "same"


def _near(
    orders: Sequence[Sale], payments: Sequence[Sale], open_orders: set[int], open_payments: set[int]
) -> list[Edge]:
    """Who agrees in amount and about the day, and does not name another buyer."""
    at_day: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at in sorted(open_orders):
        one = orders[at]
        if one.cents and one.day is not None:
            at_day[one.cents, one.day].append(at)
    return [
        (order, at)
        for at in sorted(open_payments)
        if (cents := payments[at].cents) and (day := payments[at].day) is not None
        for on in range(day - NEAR_DAYS, day + NEAR_DAYS + 1)
        for order in at_day.get((cents, on), ())
        if _same_currency(orders[order], payments[at]) and buyer(orders[order], payments[at]) != "other"
    ]


def _groups(edges: Iterable[Edge]) -> list[tuple[list[int], list[int]]]:
    """What hangs together: orders and payments."""
    beside: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for order, payment in edges:
        beside["order", order].append(("payment", payment))
        beside["payment", payment].append(("order", order))
    seen: set[tuple[str, int]] = set()
    result = []
    for start in beside:
        group, waiting = [], [start]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                waiting += beside[one]
        if group:
            sides = (sorted(at for side, at in group if side == name) for name in ("order", "payment"))
            first, second = sides
            result.append((first, second))
    return result


def _alone(edges: Iterable[Edge]) -> list[Edge]:
    """One order and one payment that fit nothing else."""
    groups = _groups(edges)
    return [(a[0], b[0]) for a, b in groups if len(a) == len(b) == 1]


def _in_turn(edges: Iterable[Edge], orders: Sequence[Sale], payments: Sequence[Sale]) -> list[Edge]:
    """As many orders as payments of one buyer and amount: the first with the first."""

    def when(some: Sequence[Sale]) -> Callable[[int], tuple[int, int]]:
        return lambda at: (some[at].day or 0, at)

    known = set(edges)
    found = []
    for a, b in _groups(known):
        turn = list(zip(sorted(a, key=when(orders)), sorted(b, key=when(payments)), strict=False))
        if len(a) == len(b) and known.issuperset(turn):
            found += turn
    return found


def _as_many_as_fit(edges: Iterable[Edge]) -> set[int]:
    """Of payments that fit several orders, no more than there are orders."""
    return {at for a, b in _groups(edges) for at in b[: len(a)]}


def _within(orders: Sequence[Sale], payments: Sequence[Sale]) -> int:
    """How many payments fall into the days of the lists."""
    days = [one.day for one in orders if one.day is not None]
    if not days:
        return 0
    first, last = min(days) - NEAR_NAMELESS, max(days) + NEAR_NAMELESS
    return sum(
        one.counts and not one.by_number and one.day is not None and first <= one.day <= last
        for one in payments
    )
