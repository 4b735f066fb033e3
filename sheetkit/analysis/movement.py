"""Who moved between grades since the run before: what that run noted in the workbook, held against this one.

She moves up at once. She moves down at once where a problem caps her or too little is known of her, or where
her score lies ``grade_margin`` points below the line; else at the second run in a row that grades her lower.
Until then she is served by the grade she had. A run on the day of the one before, or earlier, is that run
made again, and is held against the same notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sheetkit.analysis.identity import Identity
from sheetkit.analysis.notes import NOTE, NOTED, Noted, Notes, read_notes, written_notes
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book, Column
from sheetkit.model.labels import fold
from sheetkit.rules.rulebook import Rulebook

GRADE, UNSURE = "grade", "unsure"
_LINES = {"A": "grade_a", "B": "grade_b", "C": "grade_c"}
MOST_RUNS = 24
"""So many runs are counted up over time."""


@dataclass(frozen=True)
class Movement:
    """``since``: the day of the earlier run, None where there was none.

    ``before``: what it noted of each customer, None where it did not know her; ``now``: what this one notes.
    ``counts``: (day, {grade: customers}) of every run known, this one last.
    """

    since: int | None
    before: list[Noted | None]
    now: list[Noted]
    counts: list[tuple[int, dict[str, int]]]
    notes: str

    @property
    def held(self) -> list[str]:
        """The grade by which each customer is served."""
        return [one.grade for one in self.now]


def movement(
    book: Book,
    identity: Identity,
    customers: Mapping[str, Column],
    rules: Rulebook,
    thresholds: Mapping[str, float],
    as_of: int,
) -> Movement | None:
    """Who moved; None where the template has no grades."""
    template = book.blueprint
    if GRADE not in template.dimensions:
        return None
    told = read_notes(book.run.get(NOTE, ""))
    since, known = _earlier(told, as_of)
    before = _by_customer(known, identity)
    holder = Holder(rules, thresholds)
    now = [holder.noted(at, customers, template, one) for at, one in enumerate(before)]
    earlier = [] if told is None else [one for one in told.counts if one[0] < as_of]
    counts = [*earlier, (as_of, dict(Counter(one.grade for one in now)))][-MOST_RUNS:]
    named = dict(zip(map(fold, identity.names), now, strict=True))
    return Movement(since, before, now, counts, written_notes(Notes(as_of, named, since, known, counts)))


def _earlier(told: Notes | None, as_of: int) -> tuple[int | None, Mapping[str, Noted]]:
    """The day and the notes of the run that this one is held against."""
    if told is None:
        return None, {}
    return (told.day, told.now) if as_of > told.day else (told.since, told.before)


def _by_customer(known: Mapping[str, Noted], identity: Identity) -> list[Noted | None]:
    """What was noted of each customer, by the name she has now or one she is also known by."""
    found: list[Noted | None] = [known.get(fold(name)) for name in identity.names]
    for name, noted in known.items():
        number = identity.called.get(name, 0)
        if number and found[number - 1] is None:
            found[number - 1] = noted
    return found


class Holder:
    """Decides by which grade somebody is served."""

    def __init__(self, rules: Rulebook, thresholds: Mapping[str, float]) -> None:
        self.rank = {one.key: one.rank for one in rules.dimensions[GRADE].classes}
        self.thresholds = thresholds

    def noted(
        self, at: int, customers: Mapping[str, Column], template: Blueprint, before: Noted | None
    ) -> Noted:
        """What is noted of a customer."""
        graded, score = customers[GRADE][at], customers["grade_score"][at]
        parts = tuple(customers[key][at] for key in NOTED)
        held = graded if before is None else self.held(before, graded, score, customers["grade_capped"][at])
        return Noted(held, graded, customers[template.dimensions[0]][at], score, parts)

    def held(self, before: Noted, graded: str, score: float | None, capped: float) -> str:
        """The grade she is served by."""
        rank, line = self.rank, _LINES.get(before.grade)
        if rank[graded] >= rank.get(before.grade, 0) or line is None:
            return graded
        if capped or graded == UNSURE or score is None or rank[before.graded] < rank[before.grade]:
            return graded
        far = score <= self.thresholds[line] - self.thresholds["grade_margin"]
        return graded if far else before.grade
