"""The trades that count, as plain columns: what months, weekdays, goods and figures are counted over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import not_

_NEVER = 1 << 60


@dataclass(frozen=True)
class Days:
    """Sums a day, {day number: …}: counts, and money in cents.

    ``named``: money of trades with a customer. ``returning``: what of it came from her second visit on.
    """

    visits: Counter[int]
    sales: Counter[int]
    refunds: Counter[int]
    placed: Counter[int]
    cents: dict[int, int]
    named: dict[int, int]
    returning: dict[int, int]


@dataclass(frozen=True)
class Ledger:
    """Aligned columns, one entry a used row of trades, in any order.

    ``day``: day number. ``customer``: number, 0 where none. ``net``: cents kept (0 for a trade that came to
    nothing). The rest are facts of the rulebook as 1 or 0: ``sale`` completed; ``visit`` opens a visit;
    ``praised`` rated good; ``rated`` rated at all; ``refund``; ``placed`` an order that was paid, refunded or
    not. ``category`` and ``item`` as typed, None where blank.
    ``before``: customers who traded before the ledger begins; their first visit in it is a return.
    """

    day: list[int]
    customer: list[int]
    net: list[int]
    sale: list[int]
    visit: list[int]
    praised: list[int]
    rated: list[int]
    refund: list[int]
    placed: list[int]
    category: list[str | None]
    item: list[str | None]
    before: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def came(self) -> tuple[list[int], list[int]]:
        """By customer number: the day of her first visit (not for ``before``), and the day she came back.

        A day beyond all days stands for never.
        """
        size = max(self.customer, default=0) + 1
        first, second = [_NEVER] * size, [_NEVER] * size
        for number, day in compress(zip(self.customer, self.day, strict=True), self.visit):
            if day < first[number]:
                first[number], second[number] = day, first[number]
            elif day < second[number]:
                second[number] = day
        for number in self.before:
            if number < size:
                first[number], second[number] = _NEVER, first[number]
        first[0] = second[0] = _NEVER
        return first, second

    @cached_property
    def days(self) -> Days:
        """The sums of each day that has a row."""
        back = self.came[1]
        first = min(self.day, default=0)
        net, returning = ([0] * (max(self.day, default=0) - first + 1) for _ in range(2))
        for day, number, cents in zip(self.day, self.customer, self.net, strict=True):
            net[day - first] += cents
            if day >= back[number]:
                returning[day - first] += cents
        every = sorted(set(self.day))
        nameless = dict.fromkeys(every, 0)
        for day, cents in compress(zip(self.day, self.net, strict=True), map(not_, self.customer)):
            nameless[day] += cents
        return Days(
            visits=Counter(compress(self.day, self.visit)),
            sales=Counter(compress(self.day, self.sale)),
            refunds=Counter(compress(self.day, self.refund)),
            placed=Counter(compress(self.day, self.placed)),
            cents={day: net[day - first] for day in every},
            named={day: net[day - first] - nameless[day] for day in every},
            returning={day: returning[day - first] for day in every},
        )
