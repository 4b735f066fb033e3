"""Whether a template of one's own holds together: all it says is read once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, text
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold
from sheetkit.model.lines import pointing
from sheetkit.model.lists import lists
from sheetkit.model.overlay import Own, using
from sheetkit.model.source import Node, names_in, own_node, read
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import Rulebook, rulebook
from sheetkit.rules.tree import (
    Aggregate,
    Arithmetic,
    Choose,
    Coalesce,
    Compare,
    CustomerField,
    DaysSince,
    Expr,
    Extreme,
    Figure,
    Has,
    Metric,
    ModeShare,
    Number,
    Opens,
    Quantile,
    RowColumn,
    Threshold,
    children,
    nullable,
    walk,
)

MOST_STEPS = 5_000
"""How long a rule may get where it is written out as a formula or a query."""
MOST_DEPTH = 20
"""How deep it may be nested: a spreadsheet program stops at 64 functions, and a step takes up to three."""
MOST_ROOM = 10_000
_OF_EVERYONE = (Arithmetic, Figure, Number, Threshold)
_KIND_OF = {"nickname": "name", "customer_id": "id", "date": "date", "amount": "money"}
"""Columns that are what they are in every table."""
_MOST_SHEET_NAME = 31
_NOT_IN_A_SHEET_NAME = set("[]:*?/\\'")


def hold(own: Own) -> Blueprint:
    """Its blueprint, where everything in it can be used. Raises TemplateError, naming file and key."""
    with using(None):
        shipped = rulebook()
    with pointing(own.file, own.text), using(own):
        node = own_node(own)
        _hold_columns(node)
        _hold_lists(node)
        found = blueprint(own.key)
        _hold_sheets(node, found)
        _hold_kind(node, found)
        rules = rulebook()
        _hold_names(node, shipped)
        _hold_length(node, rules)
        rules_for(found)
    return found


def _hold_columns(node: Node) -> None:
    """A shipped column stays what it is; a column that every table means alike is of its kind."""
    for table, said in node.child("tables", optional=True).children():
        shipped = read(f"tables/{table}.toml").child("columns") if table in names_in("tables") else None
        if said.whole("room", 1) not in range(1, MOST_ROOM + 1):
            raise said.fail("room", "template.type", value=said.data["room"], expected=f"1-{MOST_ROOM}")
        for needed in ("columns", "needs") if shipped is None else ():
            if not said.data.get(needed):
                raise said.fail(needed, "template.missing")
        heads: dict[str, str] = {}
        for key, field in fields(table).items():
            column = said.child("columns", optional=True)
            here = column.child(key) if key in column.data else said
            if not 1 <= field.width <= 100:
                raise here.fail("width", "template.type", value=field.width, expected="1-100")
            kind, list_key = _KIND_OF.get(key), ""
            if shipped is not None and key in shipped.data:
                base = shipped.child(key)
                kind, list_key = base.text("kind"), base.text("list", "")
                if field.list_key != list_key:
                    raise here.fail("list", "template.type", value=field.list_key, expected=list_key or "—")
            if kind is not None and field.kind != kind:
                raise here.fail("kind", "template.type", value=field.kind, expected=kind)
            for lang in LANGS:
                head = fold(field.labels[lang])
                if heads.setdefault(head, key) != key:
                    heading = field.labels[lang]
                    raise here.fail(lang, "template.same_heading", value=heading, other=heads[head])


def _hold_lists(node: Node) -> None:
    for key, said in node.child("lists", optional=True).children():
        if not lists()[key].entries:
            raise said.fail("entries", "template.missing")


def _hold_sheets(node: Node, found: Blueprint) -> None:
    """Names that a spreadsheet program takes, no two alike."""
    for lang in LANGS:
        seen: set[str] = set()
        for sheet in found.sheets:
            name = sheet.labels[lang]
            if not 1 <= len(name) <= _MOST_SHEET_NAME or _NOT_IN_A_SHEET_NAME & {*name}:
                raise node.fail(f"sheets.{sheet.key}.{lang}", "template.sheet_name", value=name)
            if name.casefold() in seen:
                raise node.fail(f"sheets.{sheet.key}.{lang}", "template.repeated", value=name)
            seen.add(name.casefold())


def _hold_kind(node: Node, found: Blueprint) -> None:
    kinds = lists()["shop_kind"].meanings
    if found.shop_kind not in kinds:
        raise node.fail("shop_kind", "template.unknown_value", value=found.shop_kind, meant=", ".join(kinds))
    if not found.dimensions:
        raise node.fail("dimensions", "template.missing")


def _hold_names(node: Node, shipped: Rulebook) -> None:
    """A key of hers stands for one thing: limits, measures, ways of sorting and columns share their names."""
    measures = (*shipped.thresholds, *shipped.metrics, *shipped.figures, *shipped.dimensions, *shipped.goals)
    facts = (fact.key for some in shipped.facts.values() for fact in some)
    taken = dict.fromkeys((*measures, *facts), "measures")
    for table in names_in("tables"):
        taken |= dict.fromkeys(read(f"tables/{table}.toml").child("columns").data, "columns")
    for place, key, section in _named(node):
        if section in ("thresholds", "dimensions") and key in getattr(shipped, section):
            continue
        if key in taken and (taken[key], section) != ("columns", "columns"):
            raise place.fail(key, "template.taken_name", value=key)
        taken[key] = section


def _named(node: Node) -> Iterator[tuple[Node, str, str]]:
    """(table it stands in, key, section) of everything that becomes a name."""
    for _, table in node.child("tables", optional=True).children():
        columns = table.child("columns", optional=True)
        yield from ((columns, key, "columns") for key in columns.data)
    for _, facts in node.child("facts", optional=True).children():
        yield from ((facts, key, "facts") for key in facts.data)
    for section in ("thresholds", "metrics", "figures", "dimensions"):
        if isinstance(node.data.get(section), list):
            continue
        some = node.child(section, optional=True)
        yield from ((some, key, section) for key in some.data)


def _hold_length(node: Node, rules: Rulebook) -> None:
    """What is written out in place must not grow beyond a formula; a visit is opened in one way only."""
    facts = {(one.table, one.key): one.expr for some in rules.facts.values() for one in some}
    steps = _Steps(facts)
    for place, key, section in _named(node):
        match section:
            case "facts":
                table = place.path.removeprefix("facts.")
                steps.hold(place, key, facts[table, key], place.text(key))
                if isinstance(facts[table, key], Opens):
                    raise _wrong(place, key, place.text(key), "rule.unknown_form", form="opens")
            case "metrics" | "figures":
                child, kind = place.child(key), rules.metrics if section == "metrics" else rules.figures
                steps.hold(child, "def", kind[key].expr, child.text("def"))
                _hold_owner(child, section, kind[key].expr)
            case "dimensions":
                said = {one.text("key"): one for one in place.child(key).items("classes")}
                for one in rules.dimensions[key].classes:
                    if one.when is not None and one.key in said and said[one.key].has("when"):
                        steps.hold(said[one.key], "when", one.when, said[one.key].text("when"))


def _hold_owner(node: Node, section: str, expr: Expr) -> None:
    """A metric is measured over her own rows, a figure over all; a span of days is the same for everyone."""
    for part in walk(expr):
        shop = isinstance(part, Quantile | ModeShare) or (
            isinstance(part, Aggregate) and part.table == "customers"
        )
        if section == "metrics" and shop:
            raise _wrong(node, "def", node.text("def"), "rule.of_the_shop")
        if isinstance(part, Quantile | ModeShare) and part.table != "customers":
            raise _wrong(node, "def", node.text("def"), "rule.over_customers")
        span = part.within if isinstance(part, Aggregate) else None
        if span is not None and not all(isinstance(one, _OF_EVERYONE) for one in walk(span)):
            raise _wrong(node, "def", node.text("def"), "rule.within")
    if section == "figures" and _of_one(expr):
        raise _wrong(node, "def", node.text("def"), "rule.of_a_customer")


def _of_one(expr: Expr) -> bool:
    """Whether a tree asks something of one customer outside what is counted over many."""
    if isinstance(expr, Aggregate | Quantile | ModeShare):
        return False
    return isinstance(expr, Metric | CustomerField) or any(map(_of_one, children(expr)))


class _Steps:
    """How long and how deep trees get where facts stand written out, and some parts are named twice."""

    def __init__(self, facts: Mapping[tuple[str, str], Expr]) -> None:
        self.facts = facts
        self.known: dict[tuple[str, str], tuple[int, int]] = {}

    def hold(self, place: Node, key: str, expr: Expr, source: str) -> None:
        """Raises TemplateError for a rule that no formula can hold."""
        length, depth = self.of(expr)
        if length > MOST_STEPS or depth > MOST_DEPTH:
            raise _wrong(place, key, source, "rule.too_long")

    def of(self, expr: Expr) -> tuple[int, int]:
        """(steps, depth) of a tree."""
        if isinstance(expr, RowColumn):
            name = expr.table, expr.key
            if name in self.facts and name not in self.known:
                length, depth = self.of(self.facts[name])
                self.known[name] = min(length, MOST_STEPS + 1), depth
            return self.known.get(name, (1, 1))
        parts, twice = [(part, *self.of(part)) for part in children(expr)], _named_twice(expr)
        length = sum(steps * (1 + (part in twice)) for part, steps, _ in parts)
        return 1 + length, 1 + max((depth for _, _, depth in parts), default=0)


def _named_twice(expr: Expr) -> tuple[Expr, ...]:
    """The parts that a formula or query names more than once."""
    match expr:
        case Choose(condition=condition):
            return (condition,)
        case Compare() | Has() | Coalesce() | DaysSince() | Extreme() | Arithmetic():
            return tuple(part for part in children(expr) if nullable(part))
        case Aggregate(fn="min" | "max"):
            return tuple(children(expr))
    return ()


def _wrong(place: Node, key: str, source: str, problem: str, **params: object) -> TemplateError:
    said = {lang: text(problem, lang, **params) for lang in LANGS}
    return place.fail(key, "template.expression", expression=source, problem=said)
