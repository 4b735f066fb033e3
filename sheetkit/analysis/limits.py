"""What the shop's own repurchase curve suggests for its limits, and whom that would move between classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import compress

from sheetkit.analysis.measured import Measured
from sheetkit.analysis.survival import Curve, Gaps, curve, gaps
from sheetkit.model.book import Column
from sheetkit.rules.evaluate import function
from sheetkit.rules.learnt import Learning, Lesson, learning, limits_of, measured_with
from sheetkit.rules.rulebook import Dimension, Rulebook

MANY_TRADES = 30_000
"""Above so many the moves of a limit that asks for measuring everything anew are not counted."""
HISTORY_SHARE = 0.8
"""The day by which so many are back is what the length of the history is held against."""


@dataclass(frozen=True)
class Move:
    """So many customers would go from one class of a dimension to another."""

    dimension: str
    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Moves:
    """Every move that a limit would cause, the largest first, and how many customers take part in any."""

    moves: tuple[Move, ...] = ()
    customers: int = 0


@dataclass(frozen=True)
class Suggestion:
    """One limit. ``share`` and ``times``: the lesson. ``learnt``: what the curve says, in days; None where it
    does not get there. ``of_returners``: the same of those who did come again, None where nobody did.
    ``suggestion``: None where nothing is suggested; ``moves``: None then, and where they were not counted."""

    key: str
    in_force: float
    preset: float
    share: float
    times: float
    learnt: float | None
    of_returners: float | None
    suggestion: int | None
    moves: Moves | None = None


@dataclass(frozen=True)
class Limits:
    """What is learnt. ``enough``: whether there are gaps, customers and days enough to suggest anything."""

    gaps: Gaps
    curve: Curve
    enough: bool
    suggestions: tuple[Suggestion, ...] = field(default=())


@dataclass(frozen=True)
class Classing:
    """Classes as they are, and how they would be: the rules, what was measured, the limits in force, whose
    class the seller decided herself (it does not move), and how to measure anew under other limits."""

    rules: Rulebook
    dimensions: tuple[str, ...]
    measured: Measured
    thresholds: Mapping[str, float]
    overruled: Mapping[str, list[bool]]
    anew: Callable[[Mapping[str, float]], Measured]

    def moves(self, key: str, value: float) -> Moves | None:
        """Who would go where with the limit ``key`` at ``value``; None where counting takes too long."""
        limits = {**self.thresholds, key: value}
        deep = [one for one in self.dimensions if key in measured_with(self.rules, one)]
        if deep and len(self.measured.trades["day"]) > MANY_TRADES:
            return None
        measured = self.anew(limits) if deep else self.measured
        found: list[Move] = []
        moved: set[int] = set()
        for name in self.dimensions:
            dimension = self.rules.dimensions[name]
            conditions = (one.when for one in dimension.classes if one.when is not None)
            after = measured.customers[name]
            if name not in deep and any(key in limits_of(when) for when in conditions):
                after = classes(dimension, measured, limits)
            leaving = self._leaving(name, after)
            moved |= leaving.keys()
            pairs = Counter(leaving.values())
            found += [Move(name, one, two, count) for (one, two), count in pairs.items()]
        return Moves(tuple(sorted(found, key=lambda one: -one.count)), len(moved))

    def _leaving(self, dimension: str, after: Column) -> dict[int, tuple[str, str]]:
        """{place of a customer who moves: her class before and after}."""
        before = self.measured.customers[dimension]
        own = self.overruled.get(dimension) or [False] * len(before)
        changed = (
            (at, (one, two)) for at, (one, two) in enumerate(zip(before, after, strict=True)) if one != two
        )
        return {at: pair for at, pair in changed if not own[at]}


def classes(dimension: Dimension, measured: Measured, thresholds: Mapping[str, float]) -> list[str]:
    """The class of every customer under other limits, where these stand in the conditions only."""
    count = len(measured.customers["number"])
    found = [""] * count
    for one in dimension.classes:
        fits = (
            [True] * count
            if one.when is None
            else function(one.when, measured.figures, thresholds).over(measured.customers, count)
        )
        found = [known or (one.key if fit else "") for known, fit in zip(found, fits, strict=True)]
    return found


def visit_gaps(measured: Measured, as_of: int) -> Gaps:
    """The gaps between the visits of customers with a name."""
    facts = measured.trades
    named = [bool(opens and who) for opens, who in zip(facts["visit"], facts["customer"], strict=True)]
    return gaps(list(compress(facts["day"], named)), list(compress(facts["customer"], named)), as_of)


def learn(classing: Classing, presets: Mapping[str, float], as_of: int) -> Limits:
    """What is suggested for each limit that the template has and a shop can learn."""
    rule = learning()
    seen = visit_gaps(classing.measured, as_of)
    drawn = curve(seen.closed, seen.waiting)
    enough = seen.count >= rule.gaps and seen.returners >= rule.customers
    if not enough:
        return Limits(seen, drawn, False)
    lessons = [one for one in rule.lessons if one.key in classing.rules.thresholds]
    made = tuple(_suggestion(classing, rule, one, presets[one.key], seen, drawn) for one in lessons)
    return Limits(seen, drawn, True, made)


def _suggestion(
    classing: Classing, rule: Learning, lesson: Lesson, preset: float, seen: Gaps, drawn: Curve
) -> Suggestion:
    day = drawn.quantile(lesson.share)
    returners = drawn.quantile(lesson.share * drawn.back_by(drawn.longest)) if drawn.days else None
    long_enough = drawn.quantile(HISTORY_SHARE) or day or 0
    value = None
    if day is not None and seen.history_days >= rule.history * long_enough:
        value = rule.fitted(classing.rules.thresholds[lesson.key], preset, day * lesson.times)
    return Suggestion(
        key=lesson.key,
        in_force=classing.thresholds[lesson.key],
        preset=preset,
        share=lesson.share,
        times=lesson.times,
        learnt=None if day is None else day * lesson.times,
        of_returners=None if returners is None else returners * lesson.times,
        suggestion=value,
        moves=None if value is None else classing.moves(lesson.key, value),
    )
