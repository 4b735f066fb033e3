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
_NUMBERS = 1 << 32
"""More than any customer number, so that a visit's day and customer sort as one whole number."""
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
    visits = sorted([day * _NUMBERS + who for day, who in zip(days, customers, strict=True)])
    last: dict[int, int] = {}
    closed: list[int] = []
    returners: set[int] = set()
    for visit in visits:
        day, who = divmod(visit, _NUMBERS)
        if who in last:
            closed.append(day - last[who])
            returners.add(who)
        last[who] = day
    waiting = Counter(max(as_of - day, 0) for day in last.values())
    return Gaps(Counter(closed), waiting, len(returners), max(as_of - min(days, default=as_of), 0))
