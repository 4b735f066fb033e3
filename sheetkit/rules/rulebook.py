"""The rulebook: thresholds, facts, metrics, figures, dimensions and goals as read from ``templates/rules``.

``rulebook()`` is all of it; ``sheetkit.rules.chosen`` picks what one template needs.
"""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from sheetkit.messages import LANGS, text
from sheetkit.model.fields import TableKey, fields, tables
from sheetkit.model.labels import Labels
from sheetkit.model.lists import ChoiceList, lists
from sheetkit.model.overlay import cached
from sheetkit.model.source import Node, closest, entries_of, gathered, read, read_folder
from sheetkit.rules.measured import own_measures
from sheetkit.rules.parse import RuleError, Scope, parse
from sheetkit.rules.tree import (
    Aggregate,
    CustomerField,
    DaysSince,
    Expr,
    ModeShare,
    Opens,
    Quantile,
    Source,
    Today,
    is_truth,
    nullable,
    walk,
)

Unit = Literal["count", "days", "money", "percent", "percentile", "factor", "points", "date"]
_COLOR = re.compile("#[0-9A-Fa-f]{6}")
_NOT_MEASURED = (Aggregate, CustomerField, DaysSince, ModeShare, Opens, Quantile, Today)
"""What the sentence that says why cannot show: a class asks metrics instead, which have a label."""
_ASKED_KINDS = ("count", "date", "money")
"""Kinds of columns of the customer's own row that rules may ask, beside lists with meanings."""


@dataclass(frozen=True)
class Threshold:
    """A limit: presets by kind of shop, and the range a typed value must lie in."""

    key: str
    labels: Labels
    unit: Unit
    low: float
    high: float
    presets: Mapping[str, float]
    help: Labels

    def preset(self, shop_kind: str) -> float:
        """The default for a kind of shop."""
        return self.presets[shop_kind]


@dataclass(frozen=True)
class Fact:
    """A computed column of a row (1/0 where it is a truth)."""

    table: TableKey
    key: str
    expr: Expr

    @property
    def truth(self) -> bool:
        """Whether the column is a truth (1/0) rather than a number."""
        return is_truth(self.expr)


@dataclass(frozen=True)
class MetricDef:
    """A number measured for every customer."""

    key: str
    labels: Labels
    unit: Unit
    expr: Expr
    say: Labels


@dataclass(frozen=True)
class FigureDef:
    """A number of the whole shop; ``shown`` among the shop's own lines on the settings sheet."""

    key: str
    labels: Labels
    unit: Unit
    expr: Expr
    shown: bool


@dataclass(frozen=True)
class ClassDef:
    """One class of a dimension; ``when`` None for the last, which takes everyone left."""

    key: str
    labels: Labels
    rank: int
    color: str
    when: Expr | None
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """A way of sorting customers: ordered classes, the first whose condition holds is hers."""

    key: str
    labels: Labels
    classes: tuple[ClassDef, ...]
    manual: bool

    def cls(self, key: str) -> ClassDef:
        """The class ``key``."""
        return next(one for one in self.classes if one.key == key)


@dataclass(frozen=True)
class Goal:
    """A number the seller aims at."""

    key: str
    labels: Labels
    unit: Unit
    low: float
    high: float
    help: Labels


@dataclass(frozen=True)
class Rulebook:
    """Rules. ``facts``, ``metrics`` and ``figures`` stand in an order in which each needs only earlier ones;
    ``order`` is that order for metrics and figures together.

    ``raw``: the columns of a table that rules read, by table. ``customer_fields``: what they ask of the
    customer's own row: codes, counts, day numbers, cents; null where blank.
    """

    thresholds: Mapping[str, Threshold]
    raw: Mapping[TableKey, tuple[str, ...]]
    customer_fields: tuple[str, ...]
    facts: Mapping[TableKey, tuple[Fact, ...]]
    metrics: Mapping[str, MetricDef]
    figures: Mapping[str, FigureDef]
    order: tuple[str, ...]
    dimensions: Mapping[str, Dimension]
    goals: Mapping[str, Goal]

    def presets(self, shop_kind: str) -> dict[str, float]:
        """{threshold key: default} for a kind of shop."""
        return {key: one.preset(shop_kind) for key, one in self.thresholds.items()}

    def in_force(self, shop_kind: str, own: Mapping[str, float]) -> dict[str, float]:
        """{threshold key: value in force}: a typed value inside its range wins, as the settings sheet's
        formula says."""
        values = self.presets(shop_kind)
        for key, one in self.thresholds.items():
            if key in own and one.low <= own[key] <= one.high:
                values[key] = own[key]
        return values


def _unit(node: Node) -> Unit:
    unit = node.text("unit")
    if unit not in get_args(Unit):
        raise node.fail("unit", "template.unknown_value", value=unit, meant=closest(unit, get_args(Unit)))
    return unit  # type: ignore[return-value]  # held to Unit above


def _range(node: Node) -> tuple[float, float]:
    values = node.get("range", list)
    if len(values) != 2 or not all(isinstance(one, int | float) for one in values) or values[0] > values[1]:
        raise node.fail("range", "template.type", value=values, expected="[low, high]")
    return float(values[0]), float(values[1])


def _threshold(key: str, node: Node) -> Threshold:
    low, high = _range(node)
    kinds = lists()["shop_kind"].meanings
    preset = node.child("preset")
    given = {name: preset.number(name) for name in preset.data}
    for name, value in given.items():
        if name not in (*kinds, "all"):
            raise preset.fail(name, "template.unknown_key", meant=closest(name, kinds))
        if not low <= value <= high:
            raise preset.fail(name, "template.type", value=value, expected=f"{low:g}-{high:g}")
    for kind in kinds:
        if kind not in given and "all" not in given:
            raise preset.fail(kind, "template.missing")
    presets = {kind: given.get(kind, given.get("all", 0.0)) for kind in kinds}
    result = Threshold(key, node.labels(), _unit(node), low, high, presets, node.labels("help"))
    node.done()
    return result


def _goal(key: str, node: Node) -> Goal:
    result = Goal(key, node.labels(), _unit(node), *_range(node), node.labels("help"))
    node.done()
    return result


def _expression(node: Node, key: str, scope: Scope) -> Expr:
    source = node.text(key)
    try:
        return parse(source, scope)
    except RuleError as problem:
        sentence = {lang: text(problem.problem, lang, **problem.params) for lang in ("zh", "en")}
        raise node.fail(key, "template.expression", expression=source, problem=sentence) from problem


def _condition(node: Node, scope: Scope) -> Expr:
    """The condition ``when`` of a class; a number in its place is refused, and what is no measure."""
    expr = _expression(node, "when", scope)
    if not is_truth(expr):
        source = node.text("when")
        said = {lang: text("rule.not_a_condition", lang, form=source) for lang in LANGS}
        raise node.fail("when", "template.expression", expression=source, problem=said)
    if any(isinstance(part, _NOT_MEASURED) for part in walk(expr)):
        said = {lang: text("rule.not_measured", lang) for lang in LANGS}
        raise node.fail("when", "template.expression", expression=node.text("when"), problem=said)
    return expr


def _sorted(sources: Mapping[str, str], nodes: Mapping[str, Node]) -> list[str]:
    """Definition keys, each after those its text names. ``nodes``: where each stands."""
    needs: dict[str, set[str]] = {}
    for key, source in sources.items():
        try:
            tree = ast.parse(source.strip(), mode="eval")
        except SyntaxError:
            needs[key] = set()  # parse() reports it with its place
            continue
        names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
        names |= {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
        needs[key] = {name for name in names if name in sources}
    try:
        return list(graphlib.TopologicalSorter(needs).static_order())
    except graphlib.CycleError as problem:
        round_trip = problem.args[1]
        where = Node(nodes[round_trip[0]].file, "", {})
        raise where.fail(" → ".join(round_trip), "template.cycle") from problem


def _coded(row_tables: Iterable[TableKey]) -> dict[tuple[str, str], ChoiceList]:
    places: list[tuple[str, str, str]] = []
    for table in row_tables:
        places += [(table, key, one.list_key) for key, one in fields(table).items() if one.coded]
    places += [("customer", key, one.list_key) for key, one in fields("customers").items() if one.coded]
    return {(owner, key): lists()[name] for owner, key, name in places}


def _askable() -> tuple[str, ...]:
    """The columns of the customer's own row that rules may ask, and her own class where it was typed."""
    known = fields("customers").values()
    return (*(one.key for one in known if one.coded or one.kind in _ASKED_KINDS), "manual_class")


class _Loader:
    """Reads the rules in an order in which every name is known when it is used."""

    def __init__(self, thresholds: Mapping[str, Threshold]) -> None:
        self.nodes = [*read_folder("rules/metrics"), *own_measures()]
        self.raw: dict[TableKey, tuple[str, ...]] = {}
        self.fact_nodes: dict[TableKey, dict[str, Node]] = {}
        for node in self.nodes:
            for table, child in node.children("tables"):
                self.table(table, child)
        self.rows: dict[Source, dict[str, bool]] = {
            "customers": {},
            **{table: dict.fromkeys(columns, False) for table, columns in self.raw.items()},
        }
        asked, limits = frozenset(_askable()), frozenset(thresholds)
        self.scope = Scope(self.rows, _coded(self.raw), asked, limits, {}, {})
        self.metrics: dict[str, MetricDef] = {}
        self.figures: dict[str, FigureDef] = {}

    def table(self, table: TableKey, node: Node) -> None:
        """The columns and facts that one file gives a table."""
        if table not in tables():
            raise node.fail("", "template.unknown_value", value=table, meant=closest(table, tables()))
        columns = node.texts("columns", [])
        known = {"day", *fields(table)}
        for name in columns:
            if name not in known:
                raise node.fail("columns", "template.unknown_value", value=name, meant=closest(name, known))
        self.raw[table] = tuple(dict.fromkeys((*self.raw.get(table, ()), *columns)))
        facts = node.child("facts", optional=True)
        for key in facts.data:
            if key in self.fact_nodes.setdefault(table, {}):
                raise facts.fail(key, "template.repeated", value=key)
            self.fact_nodes[table][key] = facts
        node.done()

    def facts(self) -> dict[TableKey, tuple[Fact, ...]]:
        result: dict[TableKey, tuple[Fact, ...]] = dict.fromkeys(self.raw, ())
        for table, nodes in self.fact_nodes.items():
            found = []
            for key in _sorted({name: node.text(name) for name, node in nodes.items()}, nodes):
                fact = Fact(table, key, _expression(nodes[key], key, self.scope.at_row(table)))
                self.rows[table][key] = fact.truth
                found.append(fact)
            result[table] = tuple(found)
        return result

    def measures(self) -> tuple[str, ...]:
        of_customers, of_shop = (gathered(self.nodes, one) for one in ("metrics", "figures"))
        nodes = {**of_customers, **of_shop}
        for key in of_customers.keys() & of_shop.keys():
            raise nodes[key].fail("", "template.repeated", value=key)
        order = _sorted({key: node.text("def") for key, node in nodes.items()}, nodes)
        metrics: dict[str, bool] = {}
        figures: dict[str, bool] = {}
        for key in order:
            node = nodes[key]
            self.scope = replace(self.scope, metrics=metrics, figures=figures)
            expr = _expression(node, "def", self.scope)
            if key in of_customers:
                metrics[key] = nullable(expr)
                say = node.labels("say", optional=True)
                self.metrics[key] = MetricDef(key, node.labels(), _unit(node), expr, say)
            else:
                figures[key] = nullable(expr)
                shown = node.flag("shown")
                self.figures[key] = FigureDef(key, node.labels(), _unit(node), expr, shown)
            node.done()
        return tuple(order)

    def dimension(self, key: str, node: Node) -> Dimension:
        classes = []
        items = node.items("classes")
        for at, item in enumerate(items):
            last = at == len(items) - 1
            if last == item.has("when"):
                raise item.fail("when", "template.last_class")
            when = None if last else _condition(item, self.scope)
            facts = item.texts("facts", [])
            for name in facts:
                if name not in self.metrics:
                    raise item.fail(
                        "facts", "template.unknown_value", value=name, meant=closest(name, self.metrics)
                    )
            if item.has("before"):  # the class it names is not there
                known, named = [one.text("key") for one in items], item.text("before")
                raise item.fail("before", "template.unknown_value", value=named, meant=closest(named, known))
            color = item.text("color")
            if not _COLOR.fullmatch(color):
                raise item.fail("color", "template.type", value=color, expected="#12436D")
            classes.append(ClassDef(item.text("key"), item.labels(), item.whole("rank"), color, when, facts))
            item.done()
        result = Dimension(key, node.labels(), tuple(classes), node.flag("manual"))
        node.done()
        return result


def _all_of(name: str) -> dict[str, Node]:
    return entries_of(f"rules/{name}", name)


@cached
def rulebook() -> Rulebook:
    """Every shipped rule, and those of the template in force.

    Raises TemplateError, naming file and key, for a mistake in one.
    """
    thresholds = {key: _threshold(key, node) for key, node in _all_of("thresholds").items()}
    loader = _Loader(thresholds)
    facts = loader.facts()
    order = loader.measures()
    dimensions = {key: loader.dimension(key, node) for key, node in _all_of("dimensions").items()}
    goals = {key: _goal(key, node) for key, node in read("rules/goals.toml").children()}
    return Rulebook(
        thresholds,
        loader.raw,
        _askable(),
        facts,
        loader.metrics,
        loader.figures,
        order,
        dimensions,
        goals,
    )
