"""What each customer likes, by what she bought: kinds of goods, prices, the days and hours she comes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
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
    """What one customer bought.

    ``kinds``: {folded category: sales}; ``prices``: cents of each sale; ``days``, ``parts``: {weekday from
    Monday, part of the day: visits}; ``last_kind``: the last she bought; ``next_kind`` and ``support``: what
    others who bought that went on to, and how many of them.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    prices: list[int] = field(default_factory=list)
    days: Counter[int] = field(default_factory=Counter)
    parts: Counter[int] = field(default_factory=Counter)
    last_kind: str = ""
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
    """``people``: by customer number; ``labels``: {folded category: as first typed}; ``everyones``: the
    category of more than half of all sales, "" for none: to like it says nothing of her."""

    people: Mapping[int, Taste]
    labels: Mapping[str, str]
    everyones: str


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


def tastes(found: Found, people: Collection[int]) -> Tastes:
    """The tastes of these customers, by number; what others bought next is seen over everybody."""
    ledger, goods = found.ledger, found.measured.trades["goods_sale"]
    labels: dict[str, str] = {}
    keys: dict[str | None, str] = {None: ""}
    for label in dict.fromkeys(ledger.category):
        keys[label] = fold(label or "")
        labels.setdefault(keys[label], label or "")
    kinds = list(map(keys.__getitem__, ledger.category))
    bought = [at for at, (sold, who) in enumerate(zip(goods, ledger.customer, strict=True)) if sold and who]
    bought.sort(key=ledger.day.__getitem__)
    known = {who: Taste() for who in people}
    _habits(found, known, kinds, bought)
    followers = _followers([ledger.customer[at] for at in bought], [kinds[at] for at in bought])
    for one in known.values():
        after = followers.get(one.last_kind, {})
        new = [(count, kind) for kind, count in after.items() if kind not in one.kinds and count >= LIKE_HER]
        if new:
            one.support, one.next_kind = max(new)
    sold = Counter(kinds[at] for at in bought if kinds[at])
    most = max(sold, key=lambda kind: sold[kind], default="")
    return Tastes(known, labels, most if sold[most] * 2 > sold.total() else "")


def _habits(found: Found, known: Mapping[int, Taste], kinds: Sequence[str], bought: Sequence[int]) -> None:
    """What each of the customers bought, at what price and when. ``bought``: rows of the ledger by day."""
    ledger, lines = found.ledger, found.measured.trades["line"]
    times = found.book.tables["trades"].column("time")
    for at in bought:
        one = known.get(ledger.customer[at])
        if one is None:
            continue
        one.prices.append(ledger.net[at])
        if kinds[at]:
            one.kinds[kinds[at]] += 1
            one.last_kind = kinds[at]
        if ledger.visit[at]:
            one.days[(ledger.day[at] + 5) % DAYS] += 1  # day 2 is 1900-01-01, a Monday
            minutes = times[lines[at]]
            if minutes is not None:
                one.parts[minutes // (24 * 60 // PARTS)] += 1


def _followers(customers: Sequence[int], kinds: Sequence[str]) -> dict[str, dict[str, int]]:
    """{kind: {the kind bought next: by how many customers}} of purchases in the order of days."""
    last: dict[int, str] = {}
    steps: set[tuple[int, str, str]] = set()
    for who, kind in zip(customers, kinds, strict=True):
        if kind:
            before = last.get(who)
            if before is not None and before != kind:
                steps.add((who, before, kind))
            last[who] = kind
    followers: dict[str, dict[str, int]] = defaultdict(dict)
    for (before, kind), count in Counter((before, kind) for _, before, kind in steps).items():
        followers[before][kind] = count
    return followers
