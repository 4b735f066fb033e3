"""What each customer likes, by what she bought: kinds of goods, prices, the days and hours she comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb

from sheetkit.analysis.page import Found
from sheetkit.model.labels import fold

CERTAIN = 0.01
"""A day or an hour is hers if chance alone would show it so clearly at most this often."""
DAYS, PARTS = 7, 4
"""Days of the week; parts of a day, six hours each."""
LIKE_HER = 5
"""So many others have bought the same next before it is said to be what she may want."""


@dataclass
class Taste:
    """What one customer bought. ``kinds``: {folded category: sales}; ``prices``: cents of each sale;
    ``days``, ``parts``: {weekday from Monday, part of the day: visits}; ``next_kind`` and ``support``: what
    others who last bought the same went on to, and how many of them."""

    kinds: Counter[str] = field(default_factory=Counter)
    prices: list[int] = field(default_factory=list)
    days: Counter[int] = field(default_factory=Counter)
    parts: Counter[int] = field(default_factory=Counter)
    in_order: list[str] = field(default_factory=list)
    next_kind: str = ""
    support: int = 0

    def price_band(self) -> tuple[int, int] | None:
        """The middle half of what she paid; all of it where there are fewer than four sales."""
        ranked = sorted(self.prices)
        if not ranked:
            return None
        cut = len(ranked) // 4
        return ranked[cut], ranked[-1 - cut]

    def own_day(self) -> int | None:
        """Her weekday, where chance would hardly show it."""
        return stands_out(self.days, DAYS)

    def own_part(self) -> int | None:
        """Her part of the day, likewise."""
        return stands_out(self.parts, PARTS)


@dataclass(frozen=True)
class Tastes:
    """``people``: by customer number; ``labels``: {folded category: as first typed}."""

    people: Mapping[int, Taste]
    labels: Mapping[str, str]


def stands_out(counts: Counter[int], cells: int) -> int | None:
    """The commonest of equally likely cells, where so many in one cell are hardly chance.

    The binomial tail, times the number of cells (Bonferroni).

    >>> stands_out(Counter({5: 4}), 7), stands_out(Counter({5: 3}), 7), stands_out(Counter({5: 4, 1: 4}), 7)
    (5, None, None)
    """
    total = counts.total()
    if not total:
        return None
    cell, most = max(counts.items(), key=lambda one: (one[1], -one[0]))
    tail = sum(
        comb(total, k) * (1 / cells) ** k * (1 - 1 / cells) ** (total - k) for k in range(most, total + 1)
    )
    return cell if tail * cells <= CERTAIN else None


def tastes(found: Found) -> Tastes:
    """The taste of everybody who bought something."""
    facts, table = found.measured.trades, found.book.tables["trades"]
    people: dict[int, Taste] = defaultdict(Taste)
    labels: dict[str, str] = {}
    times = table.column("time")
    ledger = found.ledger
    order = sorted(range(len(ledger)), key=lambda at: ledger.day[at])
    for at in order:
        who = ledger.customer[at]
        if not who or not facts["goods_sale"][at]:
            continue
        one = people[who]
        one.prices.append(ledger.net[at])
        if ledger.visit[at]:
            one.days[(ledger.day[at] + 5) % DAYS] += 1  # day 2 is 1900-01-01, a Monday
            minutes = times[facts["line"][at]]
            if minutes is not None:
                one.parts[minutes // (24 * 60 // PARTS)] += 1
        category = ledger.category[at]
        if category:
            key = fold(category)
            labels.setdefault(key, category)
            one.kinds[key] += 1
            if not one.in_order or one.in_order[-1] != key:
                one.in_order.append(key)
    _next(list(people.values()))
    return Tastes(dict(people), labels)


def _next(people: Sequence[Taste]) -> None:
    """What others bought after what she bought last, and she has not."""
    followers: dict[str, Counter[str]] = defaultdict(Counter)
    for one in people:
        steps = {(a, b) for a, b in zip(one.in_order, one.in_order[1:], strict=False)}
        for before, after in steps:
            followers[before][after] += 1
    for one in people:
        if not one.in_order:
            continue
        known = followers[one.in_order[-1]]
        new = [(count, kind) for kind, count in known.items() if kind not in one.kinds and count >= LIKE_HER]
        if new:
            one.support, one.next_kind = max(new, key=lambda pair: (pair[0], pair[1]))
