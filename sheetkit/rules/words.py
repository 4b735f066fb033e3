"""The third reading: why a customer is in her class, with her own numbers and the limits, and the nearest
step up."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sheetkit.messages import Lang, text
from sheetkit.model.days import to_date
from sheetkit.model.labels import Labels
from sheetkit.model.source import closest, read
from sheetkit.rules.evaluate import number, truth
from sheetkit.rules.rulebook import ClassDef, Dimension, Unit, rulebook
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
    """A value as a person reads it: money from cents, shares as percent, days and counts as whole numbers."""
    if value is None:
        return "—"
    if unit == "money":
        return f"¥{value / 100:,.2f}".removesuffix(".00")
    if unit == "percent":
        return f"{value * 100:.0f}%"
    if unit == "date":
        return to_date(int(value)).isoformat()
    return f"{value:g}"


def classify(dimension: Dimension, person: Person) -> ClassDef:
    """The first class whose condition holds; the last takes everyone left."""
    for one in dimension.classes:
        if one.when is None or truth(one.when, person):
            return one
    raise AssertionError("the last class of a dimension has no condition")


def why(chosen: ClassDef, person: Person, lang: Lang) -> str:
    """「忠诚客户:成交 4 次(≥3),最近成交在 40 天前(≤365)…」 for the class that fired."""
    return Teller(person.figures, person.thresholds, lang).why(chosen, person.metrics)


def fired(when: Expr, person: Person) -> Iterator[Expr]:
    """The comparisons that made a condition true: all of an ``and``, those that hold of an ``or``."""
    if isinstance(when, Logic):
        for part in when.parts:
            if when.op == "and" or truth(part, person):
                yield from fired(part, person)
    else:
        yield when


class Teller:
    """Says ``why`` for one customer after the other; what was said of a number before is remembered."""

    def __init__(
        self, figures: Mapping[str, float | None], thresholds: Mapping[str, float], lang: Lang
    ) -> None:
        self.figures = figures
        self.thresholds = thresholds
        self.lang = lang
        self.metrics = rulebook().metrics
        self.facts: dict[tuple[str, float | None], str] = {}
        self.limits: dict[tuple[object, ...], str] = {}
        self.names: dict[int, tuple[str, ...]] = {}
        self.comma, self.colon = text("why.comma", lang), text("why.colon", lang)

    def why(self, chosen: ClassDef, metrics: Mapping[str, float | None]) -> str:
        """The sentence of the class that fired."""
        if chosen.when is None:
            parts = [self._fact(key, metrics[key]) for key in chosen.facts]
            parts.append(text("why.no_other", self.lang))
        else:
            person = Person(metrics, self.figures, self.thresholds)
            parts = [said for atom in fired(chosen.when, person) if (said := self._atom(atom, person))]
        return f"{chosen.labels[self.lang]}{self.colon}{self.comma.join(dict.fromkeys(parts))}"

    def _fact(self, key: str, value: float | None) -> str:
        if (key, value) not in self.facts:
            self.facts[key, value] = self._say(key, value)
        return self.facts[key, value]

    def _say(self, key: str, value: float | None) -> str:
        metric = self.metrics[key]
        if value is None:
            return text("why.none", self.lang, label=metric.labels[self.lang])
        shown, said = show(value, metric.unit), metric.say[self.lang]
        return said.format(value=shown) if said else f"{metric.labels[self.lang]} {shown}"

    def _atom(self, atom: Expr, person: Person) -> str:
        names = self.names.get(id(atom))
        if names is None:
            names = self.names[id(atom)] = _names(atom)
        memory = (id(atom), *[person.metrics[name] for name in names])
        if memory not in self.limits:
            self.limits[memory] = self._compared(atom, person)
        return self.limits[memory]

    def _compared(self, atom: Expr, person: Person) -> str:
        match atom:
            case Not(part=Has(part=Metric(key=key))):
                return text("why.none", self.lang, label=self.metrics[key].labels[self.lang])
            case Compare(op=op, left=Metric(key=key), right=right):
                metric, said = self.metrics[key], self._fact(key, person.metrics[key])
                if "{value}" not in metric.say[self.lang]:  # a mark, not a measure
                    return "" if person.metrics[key] == 0 else said
                limit = show(number(right, person), metric.unit)
                return text("why.limit", self.lang, said=said, symbol=_SYMBOLS[op], limit=limit)
        return ""


def _names(*trees: Expr) -> tuple[str, ...]:
    """The metrics that stand in some trees."""
    return tuple(sorted({part.key for tree in trees for part in walk(tree) if isinstance(part, Metric)}))


@cache
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


@cache
def _following() -> dict[str, Expr]:
    """Metrics that a step changes only through others, such as a share: {key: definition}."""
    changed = {name for step in steps() for name in (*step.set, *step.add)}
    found: dict[str, Expr] = {}
    for key, metric in rulebook().metrics.items():
        rows = any(isinstance(part, _ROWS_OR_TYPED) for part in walk(metric.expr))
        if key not in changed and not rows and changed & {*_names(metric.expr)}:
            found[key] = metric.expr
    return found


class StepFinder:
    """Finds the nearest step up in one dimension.

    Remembers the answer for customers between the same limits: of a value that is only ever held against
    limits nothing else matters, but how far below the last one it is where steps count it up.
    """

    def __init__(
        self, dimension: Dimension, figures: Mapping[str, float | None], thresholds: Mapping[str, float]
    ) -> None:
        self.dimension = dimension
        self.figures = figures
        self.thresholds = thresholds
        whens = [one.when for one in dimension.classes if one.when is not None]
        asked = _names(*whens)
        self.follows = {key: expr for key, expr in _following().items() if key in asked}
        self.inputs = _names(*self.follows.values())
        self.names = tuple(sorted({*asked, *self.inputs}))
        limits, counted = self._limits(whens), {name for step in steps() for name in step.add}
        self.places = [_Place(limits.get(name), name in counted) for name in self.names]
        self.best = max(one.rank for one in dimension.classes)
        self.known: dict[tuple[object, ...], str] = {}

    def nearest(self, current: ClassDef, metrics: Mapping[str, float | None], lang: Lang) -> str:
        """The sentence of the first step that leads to a better class; "" where none does."""
        if current.rank == self.best:
            return ""
        values = [metrics[name] for name in self.names]
        places = [place[value] for place, value in zip(self.places, values, strict=True)]
        memory = (lang, current.key, *places)
        if memory not in self.known:
            start = dict(zip(self.names, values, strict=True))
            self.known[memory] = self._sentence(current, start, lang)
        return self.known[memory]

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
                return step.labels[lang].format(**{"n": times, "class": better.labels[lang]})
        return ""

    def _search(
        self, step: Step, current: ClassDef, values: dict[str, float | None]
    ) -> tuple[int, ClassDef] | None:
        for times in range(1, step.most + 1):
            for name, amount in step.add.items():
                if name in values:
                    values[name] = (values[name] or 0) + amount
            person = Person(values, self.figures, self.thresholds)
            values.update({key: number(expr, person) for key, expr in self.follows.items()})
            better = classify(self.dimension, person)
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
