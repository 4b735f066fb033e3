"""How long it takes until a customer comes again, counting those still waiting (Kaplan and Meier 1958).

Gaps of those who came back, alone, are too short: the long ones are not over yet. Somebody who has not come
again is therefore counted for as long as she has been seen not to come.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

_ROUNDING = 1e-12
"""Shares that differ by less are the same: S(t) is a product of many quotients."""
_DAYS = 1 << 20
"""More than any day number, so that a visit's customer and day sort as one whole number."""
MANY_VISITS = 20_000
"""From here on arrays are faster, although they wait for numpy's import."""
Z_95 = 1.959964


@dataclass(frozen=True)
class Curve:
    """``away[i]``: the share that has not come again ``days[i]`` days after a visit, with its standard error
    (Greenwood) in ``errors``. ``days`` are those after which somebody came. ``longest``: the longest
    anybody was seen, back or waiting."""

    days: tuple[int, ...]
    away: tuple[float, ...]
    errors: tuple[float, ...]
    longest: int

    def quantile(self, share: float) -> int | None:
        """The first day by which at least ``share`` are back; None where the curve does not get there."""
        return next((day for day, s in zip(self.days, self.away, strict=True) if _reaches(s, share)), None)

    def back_by(self, day: float) -> float:
        """The share that is back within so many days."""
        at = bisect_right(self.days, day)
        return 1 - self.away[at - 1] if at else 0.0

    def interval(self, share: float) -> tuple[int | None, int | None]:
        """The 95 % interval of ``quantile(share)``: where the plain Greenwood bounds of the curve get there.

        (Brookmeyer and Crowley 1982.)
        """
        low, high = (
            replace(self, away=tuple(s + z * e for s, e in zip(self.away, self.errors, strict=True)))
            for z in (-Z_95, Z_95)
        )
        return low.quantile(share), high.quantile(share)


def _reaches(away: float, share: float) -> bool:
    return away <= 1 - share + _ROUNDING


def curve(closed: Mapping[int, int], waiting: Mapping[int, int]) -> Curve:
    """The curve from {days: how many came back after so many} and {days: how many still wait so long}.

    Who has waited exactly as long as another took to come back was still waiting then.
    """
    at_risk = sum(closed.values()) + sum(waiting.values())
    days, shares, errors = [], [], []
    away, spread = 1.0, 0.0
    for day in sorted({*closed, *waiting}):
        came = closed.get(day, 0)
        if came:
            away *= 1 - came / at_risk
            # the last one at risk leaves nothing to be unsure of
            spread += came / (at_risk * (at_risk - came)) if came < at_risk else 0.0
            days.append(day)
            shares.append(away)
            errors.append(away * math.sqrt(spread))
        at_risk -= came + waiting.get(day, 0)
    return Curve(tuple(days), tuple(shares), tuple(errors), max([*closed, *waiting], default=0))


@dataclass(frozen=True)
class Gaps:
    """The days between one visit and the next of all customers together, and of those who wait.

    ``returners``: customers with a gap. ``history_days``: from the first visit to the analysis date.
    """

    closed: Counter[int]
    waiting: Counter[int]
    returners: int
    history_days: int

    @property
    def count(self) -> int:
        """How many gaps are over."""
        return self.closed.total()


def gaps(days: Sequence[int], customers: Sequence[int], as_of: int) -> Gaps:
    """The gaps of visits, by day and customer number, in any order; each customer's last is still open."""
    found = (_of_many if len(days) > MANY_VISITS else _of_few)(days, customers)
    waiting: Counter[int] = Counter()
    for day, count in found[1].items():
        waiting[max(as_of - day, 0)] += count
    return Gaps(found[0], waiting, found[2], max(as_of - min(days, default=as_of), 0))


_Found = tuple[Counter[int], Counter[int], int]
"""{gap: how many}, {day of a last visit: how many}, and how many customers have a gap."""


def _of_few(days: Sequence[int], customers: Sequence[int]) -> _Found:
    last: dict[int, int] = {}
    closed: list[int] = []
    returners: set[int] = set()
    for day, who in sorted(zip(days, customers, strict=True)):
        if who in last:
            closed.append(day - last[who])
            returners.add(who)
        last[who] = day
    return Counter(closed), Counter(last.values()), len(returners)


def _of_many(days: Sequence[int], customers: Sequence[int]) -> _Found:
    import numpy  # a fifth of a second, which a small book need not wait for

    visits = numpy.array(customers, numpy.int64) * _DAYS + numpy.array(days, numpy.int64)
    visits.sort()
    who, day = numpy.divmod(visits, _DAYS)
    same = who[1:] == who[:-1]
    ends = numpy.append(~same, True)
    counted = [numpy.unique(one, return_counts=True) for one in (numpy.diff(day)[same], day[ends])]
    closed, last = (Counter(dict(zip(*map(numpy.ndarray.tolist, one), strict=True))) for one in counted)
    return closed, last, len(numpy.unique(who[1:][same]))
