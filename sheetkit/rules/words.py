"""The third reading: why a customer is in her class, with her own numbers and the limits, and the nearest
step up."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sheetkit.messages import Lang, filled, text
from sheetkit.model.currencies import now
from sheetkit.model.days import to_date
from sheetkit.model.labels import Labels
from sheetkit.model.overlay import cached
from sheetkit.model.source import closest, read
from sheetkit.rules.evaluate import Function, function, number
from sheetkit.rules.rulebook import ClassDef, Dimension, MetricDef, Unit, rulebook
from sheetkit.rules.tree import (
    Aggregate,
    Compare,
    CustomerField,
    DaysSince,
    Expr,
    Has,
    Logic,
    Metric,
    ModeShare,
    Not,
    Opens,
    Quantile,
    walk,
)

_ROWS_OR_TYPED = (Aggregate, CustomerField, DaysSince, ModeShare, Opens, Quantile)
_SYMBOLS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "!=": "≠"}


@dataclass
class Person:
    """One customer's values: what the tree is evaluated with."""

    metrics: Mapping[str, float | None]
    figures: Mapping[str, float | None]
    thresholds: Mapping[str, float]


@dataclass(frozen=True)
class Step:
    """Something that could happen next: metrics it sets, metrics it adds to per repetition, and its
    sentence."""

    key: str
    labels: Labels
    most: int
    set: Mapping[str, float]
    add: Mapping[str, float]


def show(value: float | None, unit: Unit) -> str:
    """A value as a person reads it: money from cents, shares as percent, all else to one decimal at most."""
    if value is None:
        return "—"
    if unit == "money":
        return now().exact(value)
    if unit == "percent":
        return f"{value * 100:.0f}%"
    if unit == "date":
        return to_date(int(value)).isoformat()
    return f"{round(value, 1):g}"


def why(chosen: ClassDef, person: Person, lang: Lang) -> str:
    """「忠诚客户:成交 4 次(≥3),最近成交在 40 天前(≤365)…」 for the class that fired."""
    columns = {key: [value] for key, value in person.metrics.items()}
    return Teller(rulebook().metrics, person.figures, person.thresholds, lang).why(chosen, columns, 1)[0]


Columns = Mapping[str, Sequence[float | None]]
"""{metric: one value a customer}"""


_Parts = list[tuple[str, str]]
"""What is said of each customer, and the limit it is held against; either may be ""."""
_NOTHING = ("", "")


class Teller:
    """Says why customers are in their class. What was said of a number before is remembered."""

    def __init__(
        self,
        metrics: Mapping[str, MetricDef],
        figures: Mapping[str, float | None],
        thresholds: Mapping[str, float],
        lang: Lang,
    ) -> None:
        self.metrics = metrics
        self.figures = figures
        self.thresholds = thresholds
        self.lang = lang
        self.facts: dict[str, _Said] = {}
        self.limited = _Said(lambda pair: text("why.limit", lang, said=pair[0], limit=pair[1]))

    def needs(self, dimension: Dimension) -> set[str]:
        """The metrics that the sentences of a dimension's classes speak of."""
        whens = [one.when for one in dimension.classes if one.when is not None]
        return {*_names(*whens), *(key for one in dimension.classes for key in one.facts)}

    def why(self, chosen: ClassDef, columns: Columns, length: int) -> list[str]:
        """The sentences of so many customers of one class."""
        start = f"{chosen.labels[self.lang]}{text('why.colon', self.lang)}"
        if chosen.when is None:
            parts: list[_Parts] = [
                [(self._fact(key)[value], "") for value in columns[key]] for key in chosen.facts
            ]
            parts.append([(text("why.no_other", self.lang), "")] * length)
        else:
            parts = self._fired(chosen.when, columns, length)
        return [start + self._joined(said) for said in zip(*parts, strict=True)]

    def _joined(self, parts: Iterable[tuple[str, str]]) -> str:
        """The facts in order, each once with all its limits."""
        limits: dict[str, list[str]] = {}
        for said, limit in parts:
            if said:
                limits.setdefault(said, []).extend([limit] if limit else [])
        comma, shown = text("why.comma", self.lang), []
        for said, some in limits.items():
            shown.append(self.limited[said, comma.join(dict.fromkeys(some))] if some else said)
        return comma.join(shown)

    def _fired(self, when: Expr, columns: Columns, length: int) -> list[_Parts]:
        """What is said of each comparison, and its limit: all of an ``and``, those that hold of an ``or``."""
        if not isinstance(when, Logic):
            return [self._atom(when, columns, length)]
        found: list[_Parts] = []
        for part in when.parts:
            said = self._fired(part, columns, length)
            if when.op == "or":
                holds = list(function(part, self.figures, self.thresholds).over(columns, length))
                said = [
                    [one if held else _NOTHING for one, held in zip(column, holds, strict=True)]
                    for column in said
                ]
            found += said
        return found

    def _atom(self, atom: Expr, columns: Columns, length: int) -> _Parts:
        match atom:
            case Not(part=Has(part=Metric(key=key))):
                return [(text("why.none", self.lang, label=self.metrics[key].labels[self.lang]), "")] * length
            case Compare(op=op, left=Metric(key=key), right=right):
                metric, said = self.metrics[key], map(self._fact(key).__getitem__, columns[key])
                if "{value}" not in metric.say[self.lang]:  # a mark, not a measure
                    marks = zip(columns[key], said, strict=True)
                    return [_NOTHING if value == 0 else (one, "") for value, one in marks]
                limits = _Said(lambda value: f"{_SYMBOLS[op]}{show(value, metric.unit)}")
                values = function(right, self.figures, self.thresholds).over(columns, length)
                return list(zip(said, map(limits.__getitem__, values), strict=True))
        return [_NOTHING] * length

    def _fact(self, key: str) -> _Said:
        if key not in self.facts:
            self.facts[key] = _Said(lambda value: self._say(key, value))
        return self.facts[key]

    def _say(self, key: str, value: float | None) -> str:
        metric = self.metrics[key]
        if value is None:
            return text("why.none", self.lang, label=metric.labels[self.lang])
        shown, said = show(value, metric.unit), metric.say[self.lang]
        return filled(said, {"value": shown}) if said else f"{metric.labels[self.lang]} {shown}"


class _Said(dict[Any, str]):
    """What is said of a value, made up once."""

    def __init__(self, say: Callable[[Any], str]) -> None:
        self.say = say

    def __missing__(self, value: Any) -> str:
        self[value] = self.say(value)
        return self[value]


def _names(*trees: Expr) -> tuple[str, ...]:
    """The metrics that stand in some trees."""
    return tuple(sorted({part.key for tree in trees for part in walk(tree) if isinstance(part, Metric)}))


@cached
def steps() -> tuple[Step, ...]:
    """The steps of ``templates/rules/steps.toml``."""
    found = []
    for key, node in read("rules/steps.toml").children():
        changes = {}
        for part in ("set", "add"):
            child = node.child(part)
            changes[part] = {name: child.number(name) for name in child.data}
            for name in changes[part]:
                if name not in rulebook().metrics:
                    raise child.fail(name, "template.unknown_key", meant=closest(name, rulebook().metrics))
        found.append(Step(key, node.labels(), node.whole("most"), changes["set"], changes["add"]))
        node.done()
    return tuple(found)


def _following(metrics: Mapping[str, MetricDef], asked: Iterable[str]) -> dict[str, Expr]:
    """Metrics that a step changes only through others, such as a share or a score of shares, as far as those
    ``asked`` rest on them: {key: definition}, each after those it needs.

    ``metrics`` stand in such an order.
    """
    changed = {name for step in steps() for name in (*step.set, *step.add)}
    found: dict[str, Expr] = {}
    for key, metric in metrics.items():
        rows = any(isinstance(part, _ROWS_OR_TYPED) for part in walk(metric.expr))
        if key not in changed and not rows and (changed | found.keys()) & {*_names(metric.expr)}:
            found[key] = metric.expr
    needed = {*asked}
    for key in reversed(found):
        needed |= {*_names(found[key])} if key in needed else set()
    return {key: expr for key, expr in found.items() if key in needed}


class StepFinder:
    """Finds the nearest step up in one dimension.

    Remembers the answer for customers between the same limits: of a value that is only ever held against
    limits nothing else matters, but how far below the last one it is where steps count it up.
    """

    def __init__(
        self,
        dimension: Dimension,
        metrics: Mapping[str, MetricDef],
        figures: Mapping[str, float | None],
        thresholds: Mapping[str, float],
    ) -> None:
        self.figures = figures
        self.thresholds = thresholds
        self.classes = [(one, self._function(one.when) if one.when else None) for one in dimension.classes]
        whens = [one.when for one in dimension.classes if one.when is not None]
        asked = _names(*whens)
        follows = _following(metrics, asked)
        self.follows = {key: self._function(expr) for key, expr in follows.items()}
        self.inputs = _names(*follows.values())
        self.names = tuple(sorted({*asked, *self.inputs}))
        limits, counted = self._limits(whens), {name for step in steps() for name in step.add}
        self.places = [_Place(limits.get(name), name in counted) for name in self.names]
        self.best = max(one.rank for one in dimension.classes)
        self.known: dict[tuple[object, ...], str] = {}

    def _function(self, expr: Expr) -> Function:
        return function(expr, self.figures, self.thresholds)

    def nearest(self, current: ClassDef, columns: Columns, length: int, lang: Lang) -> list[str]:
        """For so many customers of one class, the sentence of the first step that leads to a better one; ""
        where none does."""
        if current.rank == self.best:
            return [""] * length
        columns = {name: columns[name] for name in self.names}
        each = zip(columns.values(), self.places, strict=True)
        places = (map(place.__getitem__, column) for column, place in each)
        found = []
        for at, place in enumerate(zip(*places, strict=True)):
            memory = (lang, current.key, *place)
            if memory not in self.known:
                start = {name: column[at] for name, column in columns.items()}
                self.known[memory] = self._sentence(current, start, lang)
            found.append(self.known[memory])
        return found

    def _limits(self, whens: Sequence[Expr]) -> dict[str, list[float]]:
        """The limits each metric is held against; metrics whose very value matters have no entry."""
        nobody = Person({}, self.figures, self.thresholds)
        limits: dict[str, list[float]] = {name: [] for name in self.names}
        exact = {*self.inputs, *(name for step in steps() for name, by in step.add.items() if by < 0)}
        for part in (part for when in whens for part in _atoms(when)):
            match part:
                case Has(part=Metric()):
                    pass  # null or not: a place of its own
                case Compare(left=Metric(key=key), right=right) if not _names(right):
                    limit = number(right, nobody)
                    limits[key] += [] if limit is None else [limit]
                case _:
                    exact.update(_names(part))
        return {name: sorted(found) for name, found in limits.items() if name not in exact}

    def _sentence(self, current: ClassDef, start: Mapping[str, float | None], lang: Lang) -> str:
        for step in steps():
            found = self._search(step, current, {**start, **step.set})
            if found:
                times, better = found
                return filled(step.labels[lang], {"n": times, "class": better.labels[lang]})
        return ""

    def _search(
        self, step: Step, current: ClassDef, values: dict[str, float | None]
    ) -> tuple[int, ClassDef] | None:
        for times in range(1, step.most + 1):
            for name, amount in step.add.items():
                if name in values:
                    values[name] = (values[name] or 0) + amount
            for key, share in self.follows.items():
                values[key] = share.of(values)
            better = next(one for one, when in self.classes if when is None or when.of(values))
            if better.rank > current.rank:
                return times, better
        return None


class _Place(dict[float | None, float | None]):
    """Where a value stands among limits, reckoned once a value: below the first, on it, between …

    None stays None; without limits (None) a value is its own place, and one that is counted up is so as far
    as the last limit.
    """

    def __init__(self, limits: Sequence[float] | None, counted: bool) -> None:
        self.limits = limits
        self.counted = counted

    def __missing__(self, value: float | None) -> float | None:
        place = value
        if value is not None and self.limits is not None:
            place = self._among(value, self.limits)
        self[value] = place
        return place

    def _among(self, value: float, limits: Sequence[float]) -> float:
        if self.counted:
            return value if limits and value <= limits[-1] else math.inf
        return bisect_left(limits, value) + bisect_right(limits, value)


def _atoms(when: Expr) -> Iterator[Expr]:
    """The truths a condition is made of, ``and``, ``or`` and ``not`` taken apart."""
    match when:
        case Logic(parts=parts):
            for part in parts:
                yield from _atoms(part)
        case Not(part=part):
            yield from _atoms(part)
        case _:
            yield when
