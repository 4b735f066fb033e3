"""Whether buyers wait for certain days, and whether that is because of what is cheaper then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sheetkit.analysis.page import Found

LEAST_VISITS = 100
WEEKEND = (5, 6)
CHI_SQUARE_5_PERCENT = {1: 3.841, 6: 12.592}
"""{degrees of freedom: above it, counts differ by more than chance would make them in 1 case of 20}."""
LEAST_EXPECTED = 5
"""A table with a cell where chance alone expects fewer is not tested."""


@dataclass(frozen=True)
class Week:
    """Visits, from Monday: ``visits``; of those whose list price is known (``known``), how many paid less
    than it (``reduced``)."""

    visits: Sequence[int]
    known: Sequence[int]
    reduced: Sequence[int]

    @property
    def uneven(self) -> bool:
        """Whether the days differ by more than chance."""
        total = sum(self.visits)
        if total < LEAST_VISITS:
            return False
        return _chi_square([self.visits], [total / 7] * 7) > CHI_SQUARE_5_PERCENT[6]

    def at_weekend(self) -> tuple[float, float]:
        """The share of visits at a reduced price at the weekend, and on the other days."""
        reduced, known = _split(self.reduced), _split(self.known)
        return reduced[0] / max(known[0], 1), reduced[1] / max(known[1], 1)

    @property
    def weekend_is_cheaper(self) -> bool:
        """Whether more of the weekend's visits are at a reduced price than chance would make them."""
        known, reduced = _split(self.known), _split(self.reduced)
        total, share = sum(known), sum(reduced) / max(sum(known), 1)
        expected = [*(one * share for one in known), *(one * (1 - share) for one in known)]
        if total < LEAST_VISITS or min(expected) < LEAST_EXPECTED:
            return False
        full = [one - two for one, two in zip(known, reduced, strict=True)]
        more = reduced[0] * known[1] > reduced[1] * known[0]
        return more and _chi_square([reduced, full], expected) > CHI_SQUARE_5_PERCENT[1]


def _split(days: Sequence[int]) -> tuple[int, int]:
    """Of the weekend, of the other days."""
    weekend = sum(days[at] for at in WEEKEND)
    return weekend, sum(days) - weekend


def _chi_square(observed: Sequence[Sequence[int]], expected: Sequence[float]) -> float:
    counts = [one for row in observed for one in row]
    return sum((one - due) ** 2 / due for one, due in zip(counts, expected, strict=True))


def week(found: Found) -> Week:
    """The visits of the book by weekday."""
    ledger, lines = found.ledger, found.measured.trades["line"]
    table = found.book.tables["trades"]
    listed, paid = table.column("list_price"), table.column("amount")
    visits, known, reduced = ([0] * 7 for _ in range(3))
    for at, opens in enumerate(ledger.visit):
        if opens:
            day, line = (ledger.day[at] + 5) % 7, lines[at]  # day 2 is 1900-01-01, a Monday
            visits[day] += 1
            if listed[line]:
                known[day] += 1
                reduced[day] += listed[line] > paid[line]
    return Week(visits, known, reduced)
