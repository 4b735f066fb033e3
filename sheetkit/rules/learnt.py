"""Which limits a shop can learn from its own repurchase curve: ``templates/rules/learnt.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sheetkit.model.source import closest, read
from sheetkit.rules.rulebook import Rulebook, Threshold, rulebook
from sheetkit.rules.tree import Expr, Figure, Metric, RowColumn, walk
from sheetkit.rules.tree import Threshold as ThresholdName


@dataclass(frozen=True)
class Lesson:
    """A limit is ``times`` the days by which ``share`` (0–1) of the customers have come again."""

    key: str
    share: float
    times: float


@dataclass(frozen=True)
class Learning:
    """What is learnt, and from how much: so many gaps, of so many customers, over a history of so many times
    the 80 % day. ``least`` and ``most``: how far from its default a limit may be moved, as multiples."""

    lessons: tuple[Lesson, ...]
    gaps: int
    customers: int
    history: float
    least: float
    most: float

    def fitted(self, limit: Threshold, preset: float, days: float) -> int:
        """The suggestion for a limit: whole days, near enough to its default and inside its range."""
        near = min(max(days, self.least * preset), self.most * preset)
        return round(min(max(near, limit.low), limit.high))


@cache
def learning() -> Learning:
    """What ``learnt.toml`` says. Raises TemplateError for a limit that does not exist."""
    node = read("rules/learnt.toml")
    evidence, clamp = node.child("evidence"), node.child("clamp")
    lessons = []
    for key, one in node.children("limits"):
        if key not in rulebook().thresholds:
            raise one.fail("", "template.unknown_value", value=key, meant=closest(key, rulebook().thresholds))
        lessons.append(Lesson(key, one.number("share") / 100, one.number("times", 1.0)))
        one.done()
    found = Learning(
        lessons=tuple(lessons),
        gaps=evidence.whole("gaps"),
        customers=evidence.whole("customers"),
        history=evidence.number("history"),
        least=clamp.number("least"),
        most=clamp.number("most"),
    )
    for part in (node, evidence, clamp):
        part.done()
    return found


def limits_of(when: Expr) -> tuple[str, ...]:
    """The limits a condition names, in its own order."""
    return tuple(dict.fromkeys(part.key for part in walk(when) if isinstance(part, ThresholdName)))


def measured_with(rules: Rulebook, dimension: str) -> frozenset[str]:
    """The limits on which what the conditions of a dimension compare rests: metrics, figures and facts.

    Where one of these changes everything has to be measured anew; the others stand in conditions only.
    """
    facts = {(one.table, one.key): one.expr for some in rules.facts.values() for one in some}
    found: set[str] = set()
    seen: set[Expr] = set()
    todo: list[Expr] = []

    def follow(expr: Expr) -> None:
        for part in walk(expr):
            match part:
                case Metric(key=key):
                    todo.append(rules.metrics[key].expr)
                case Figure(key=key):
                    todo.append(rules.figures[key].expr)
                case RowColumn(table=table, key=key) if (table, key) in facts:
                    todo.append(facts[table, key])
                case RowColumn(table="customers", key=key):
                    todo.append(rules.metrics[key].expr)

    for one in rules.dimensions[dimension].classes:
        if one.when is not None:
            follow(one.when)
    while todo:
        expr = todo.pop()
        if expr not in seen:
            seen.add(expr)
            found.update(limits_of(expr))
            follow(expr)
    return frozenset(found)
