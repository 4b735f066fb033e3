"""The third reading: why a customer is in her class, with her own numbers and the limits, and the nearest
step up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sheetkit.messages import Lang, text
from sheetkit.model.days import to_date
from sheetkit.model.labels import Labels
from sheetkit.model.source import closest, read
from sheetkit.rules.evaluate import number, truth
from sheetkit.rules.rulebook import ClassDef, Dimension, Rulebook, Unit, rulebook
from sheetkit.rules.tree import Compare, Expr, Has, Logic, Metric, Not, walk

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
    book = rulebook()
    if chosen.when is None:
        parts = [_say(book, key, person, lang) for key in chosen.facts]
        parts.append(text("why.no_other", lang))
    else:
        parts = [said for atom in fired(chosen.when, person) if (said := _atom(book, atom, person, lang))]
    comma, colon = text("why.comma", lang), text("why.colon", lang)
    return f"{chosen.labels[lang]}{colon}{comma.join(dict.fromkeys(parts))}"


def fired(when: Expr, person: Person) -> Iterator[Expr]:
    """The comparisons that made a condition true: all of an ``and``, those that hold of an ``or``."""
    if isinstance(when, Logic):
        for part in when.parts:
            if when.op == "and" or truth(part, person):
                yield from fired(part, person)
    else:
        yield when


def _say(book: Rulebook, key: str, person: Person, lang: Lang) -> str:
    metric = book.metrics[key]
    value = person.metrics[key]
    if value is None:
        return text("why.none", lang, label=metric.labels[lang])
    shown = show(value, metric.unit)
    return metric.say[lang].format(value=shown) if metric.say[lang] else f"{metric.labels[lang]} {shown}"


def _atom(book: Rulebook, atom: Expr, person: Person, lang: Lang) -> str:
    match atom:
        case Not(part=Has(part=Metric(key=key))):
            return text("why.none", lang, label=book.metrics[key].labels[lang])
        case Compare(op=op, left=Metric(key=key), right=right):
            said = _say(book, key, person, lang)
            if "{value}" not in book.metrics[key].say[lang]:  # a mark, not a measure
                return "" if person.metrics[key] == 0 else said
            limit = show(number(right, person), book.metrics[key].unit)
            return text("why.limit", lang, said=said, symbol=_SYMBOLS[op], limit=limit)
    return ""


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


class StepFinder:
    """Finds the nearest step up in one dimension; remembers the answer for customers whose values are the
    same."""

    def __init__(
        self, dimension: Dimension, figures: Mapping[str, float | None], thresholds: Mapping[str, float]
    ) -> None:
        self.dimension = dimension
        self.figures = figures
        self.thresholds = thresholds
        whens = [one.when for one in dimension.classes if one.when is not None]
        self.names = sorted({part.key for when in whens for part in walk(when) if isinstance(part, Metric)})
        self.known: dict[tuple[object, ...], tuple[int, ClassDef] | None] = {}

    def nearest(self, current: ClassDef, metrics: Mapping[str, float | None], lang: Lang) -> str:
        """The sentence of the first step that leads to a better class; "" where none does."""
        for step in steps():
            found = self._try(step, current, metrics)
            if found:
                times, better = found
                return step.labels[lang].format(**{"n": times, "class": better.labels[lang]})
        return ""

    def _try(
        self, step: Step, current: ClassDef, metrics: Mapping[str, float | None]
    ) -> tuple[int, ClassDef] | None:
        values = {name: metrics[name] for name in self.names}
        values.update(step.set)
        memory = (step.key, current.key, *values.values())
        if memory not in self.known:
            self.known[memory] = self._search(step, current, values)
        return self.known[memory]

    def _search(
        self, step: Step, current: ClassDef, start: dict[str, float | None]
    ) -> tuple[int, ClassDef] | None:
        values = dict(start)
        for times in range(1, step.most + 1):
            for name, amount in step.add.items():
                if name in values:
                    values[name] = (values[name] or 0) + amount
            better = classify(self.dimension, Person(values, self.figures, self.thresholds))
            if better.rank > current.rank:
                return times, better
        return None
