"""Before against after: figures of a span and of the same span before it, and whether more than chance
stands between them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, variance
from typing import Literal

SPANS = (90, 180, 365)
"""The lengths compared, in days."""
YEAR_DAYS = 365
BEYOND_CHANCE = 2.0
"""So many standard errors apart, a difference is said to be one."""

Verdict = Literal["few", "same", "up", "down"]
Visits = Mapping[int, Sequence[int]]
"""{customer number: the days of her visits, ascending}."""


@dataclass(frozen=True)
class Figure:
    """A mean or share of ``n`` cases, with its standard error; ``value`` is None below the floor."""

    value: float | None
    n: int
    error: float = 0.0


def mean(values: Sequence[float], floor: int) -> Figure:
    """The mean of enough values.

    >>> mean([4, 5], 3)
    Figure(value=None, n=2, error=0.0)
    """
    if len(values) < max(floor, 2):
        return Figure(None, len(values))
    return Figure(fmean(values), len(values), math.sqrt(variance(values) / len(values)))


def share(hits: int, n: int, floor: int) -> Figure:
    """The share of enough cases. Its error never falls to nothing: 20 of 20 is not certainty.

    >>> share(3, 4, 5)
    Figure(value=None, n=4, error=0.0)
    """
    if n < max(floor, 1):
        return Figure(None, n)
    cautious = (hits + 1) / (n + 2)
    return Figure(hits / n, n, math.sqrt(cautious * (1 - cautious) / n))


def verdict(before: Figure, after: Figure) -> Verdict:
    """Whether ``after`` lies above or below ``before`` by more than chance."""
    if before.value is None or after.value is None:
        return "few"
    apart = after.value - before.value
    if abs(apart) <= BEYOND_CHANCE * math.hypot(before.error, after.error):
        return "same"
    return "up" if apart > 0 else "down"


def repurchase(
    visits: Visits, unknown: Collection[int], start: int, end: int, within: int, floor: int
) -> Figure:
    """Of those whose first visit lies in the days ``start`` + 1 … ``end``, the share that came again within
    so many days. ``unknown``: customers whose first visit no row tells."""
    came = [
        days
        for who, days in visits.items()
        if who not in unknown and days and start < days[0] <= end
    ]  # fmt: skip
    again = sum(len(days) > 1 and days[1] - days[0] <= within for days in came)
    return share(again, len(came), floor)


def churn_rate(visits: Visits, end: int, floor: int) -> Figure:
    """Of the regulars of a year before ``end`` (two visits by then, one of them in the year up to then), the
    share that has not come since."""
    then = end - YEAR_DAYS
    regulars = gone = 0
    for days in visits.values():
        earlier = [day for day in days if day <= then]
        if len(earlier) >= 2 and earlier[-1] > then - YEAR_DAYS:
            regulars += 1
            gone += not any(then < day <= end for day in days)
    return share(gone, regulars, floor)
