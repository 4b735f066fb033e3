"""The playbook: what to do for whom and what to say, read from ``templates/plays``.

``common.toml`` holds for every template and comes first; the template's own file follows.

Its conditions are rules like those of the rulebook. A customer's condition speaks of metrics and thresholds.
A row's condition speaks of the row's columns and facts; what a fact stands for is put in its place, so that
the condition can be evaluated over the plain columns of one row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from string import Formatter
from typing import Literal, cast, get_args

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.fields import TableKey
from sheetkit.model.fields import fields as book_fields
from sheetkit.model.labels import Labels
from sheetkit.model.lists import ChoiceList, lists
from sheetkit.model.overlay import cached, file_of, in_force
from sheetkit.model.source import Node, closest, gathered, names_in, own_node, read
from sheetkit.rules.parse import RuleError, Scope, parse
from sheetkit.rules.rulebook import Rulebook, rulebook
from sheetkit.rules.tree import (
    Aggregate,
    CustomerField,
    DaysSince,
    Expr,
    Figure,
    Metric,
    ModeShare,
    Opens,
    Quantile,
    RowColumn,
    Source,
    Today,
    is_truth,
    nullable,
    walk,
)

Purpose = Literal["owed", "care", "sell", "guard", "none"]
Reach = Literal["", "quiet", "silence", "all"]
Base = str
"""What a play's day is counted from: one of BASES, or a metric that is a day."""
BASES = ("today", "row", "due", "last_trade")
Again = Literal["row", "trade", "month", "quarter", "half_year"]

TODAY = "today"
"""The analysis date among the columns of a row."""
PLAN_METRICS: dict[str, bool] = {
    "outbound_days": True, "unanswered": False, "case_days": True, "last_rated": False, "birthday_days": True,
}  # fmt: skip
"""{metric the plan itself measures: nullable}: days since the seller last wrote first; how often in a row and
unanswered; days since her last complaint or after-sale; 1 where her latest trade has a rating; days to her
next birthday."""

GAP = re.compile(r"〔([^〕]*)〕")
GAPS = ("item", "category", "budget")
"""What a draft may leave open."""
ROW_GAPS = ("date", "due", "what", "item", "amount", "budget", "age", "late")
"""What the reason of a play for rows may name beside metrics: days, words, money, age."""
_NOT_FOR_A_PLAY = (Aggregate, CustomerField, DaysSince, Figure, ModeShare, Opens, Quantile)


@dataclass(frozen=True)
class Channel:
    """Where a message goes; ``sent`` where it is written by hand and starts a conversation."""

    key: str
    labels: Labels
    sent: bool


@dataclass(frozen=True)
class Limits:
    """How much, and when no more: counts and days."""

    tasks_a_run: int
    sent_a_day: int
    silence_after: int
    silence_days: int
    never_after: int
    case_rest_days: int


@dataclass(frozen=True)
class Play:
    """One thing to do for a customer, or for each row of hers that ``each`` fits.

    ``each``: {table: condition over the row's columns as metrics, ``today`` among them}; empty for a play for
    herself. ``classes``: {dimension: the classes it is for}. ``when``: over metrics and thresholds.
    ``drafts``: {language: texts}, empty where nothing is written.
    """

    key: str
    purpose: Purpose
    each: Mapping[TableKey, Expr]
    latest: bool
    classes: Mapping[str, tuple[str, ...]]
    when: Expr | None
    reach: Reach
    channel: Channel
    base: Base
    days: int
    again: Again
    priority: int
    action: Labels
    why: Labels
    drafts: Mapping[Lang, tuple[str, ...]]


@dataclass(frozen=True)
class Playbook:
    """``plays`` in order. ``row_truths``: conditions on a row of contacts: approach, case, inbound.

    ``platform``: the channel its drafts are held to by the lint. ``no_answer``: results that mean silence.
    """

    platform: str
    no_answer: tuple[str, ...]
    limits: Limits
    row_truths: Mapping[str, Expr]
    plays: tuple[Play, ...]


class _Loader:
    """Reads the plays of a template. Those for rows of a table that it has no sheet for are left out."""

    def __init__(self, rules: Rulebook, template: Blueprint) -> None:
        self.rules, self.template = rules, template
        self.common, self.hers = read("plays/common.toml"), _hers(template)
        self.own = read(f"plays/{template.plays}.toml") if template.plays else Node(self.hers.file, "", {})
        self.facts: dict[tuple[str, str], Expr] = {
            (table, fact.key): fact.expr for table, facts in rules.facts.items() for fact in facts
        }
        rows: dict[Source, dict[str, bool]] = {
            table: dict.fromkeys(raw, False) | {one.key: one.truth for one in rules.facts[table]}
            for table, raw in rules.raw.items()
        }
        coded: dict[tuple[str, str], ChoiceList] = {
            (table, key): lists()[one.list_key]
            for table in rules.raw
            for key, one in book_fields(table).items()
            if one.coded
        }
        metrics = {key: nullable(one.expr) for key, one in rules.metrics.items()} | PLAN_METRICS
        self.days = tuple(key for key, one in rules.metrics.items() if one.unit == "date")
        limits = frozenset(rules.thresholds)
        self.scope = Scope({"customers": {}, **rows}, coded, frozenset(), limits, metrics)

    def condition(self, node: Node, key: str, scope: Scope) -> Expr:
        source = node.text(key)
        try:
            expr = parse(source, scope)
            if not is_truth(expr):
                raise RuleError("rule.not_a_condition", form=source)
            expr = self.plain(expr)
            if any(isinstance(one, _NOT_FOR_A_PLAY) for one in walk(expr)):
                raise RuleError("rule.unknown_form", form=source)
        except RuleError as problem:
            sentence = {lang: text(problem.problem, lang, **problem.params) for lang in LANGS}
            raise node.fail(key, "template.expression", expression=source, problem=sentence) from problem
        return expr

    def plain(self, expr: Expr) -> Expr:
        """A tree with what facts stand for in their place, and a row's columns and today read as metrics."""
        if isinstance(expr, Today):
            return Metric(TODAY, False)
        if isinstance(expr, RowColumn):
            fact = self.facts.get((expr.table, expr.key))
            return Metric(expr.key, False) if fact is None else self.plain(fact)
        changed: dict[str, Expr | tuple[Expr, ...]] = {}
        for one in fields(expr):
            value = getattr(expr, one.name)
            if isinstance(value, Expr):
                changed[one.name] = self.plain(value)
            elif isinstance(value, tuple):
                changed[one.name] = tuple(self.plain(part) for part in value)
        return replace(expr, **changed)

    def playbook(self) -> Playbook:
        common, own = self.common, self.own
        contacts = common.child("contacts")
        at_contact = self.scope.at_row("contacts")
        truths = {key: self.condition(contacts, key, at_contact) for key in ("approach", "case")}
        truths["inbound"] = self.plain(self.facts["contacts", "inbound"])
        contacts.done()
        nodes = [common, self.hers, own]
        known = gathered(nodes, "channels")
        channels = {key: self.channel(key, child) for key, child in known.items()}
        sheet = common.child("limits")
        limits = Limits(**{one.name: sheet.whole(one.name) for one in fields(Limits)})
        sheet.done()
        plays: dict[str, Play] = {}
        for item in (item for node in nodes for item in node.items("plays")):
            play = self.play(item, channels)
            if play.key in plays:
                raise item.fail("key", "template.repeated", value=play.key)
            plays[play.key] = play
        words = common.texts("no_answer")
        here = tuple(one for one in map(self.here, plays.values()) if one is not None)
        platform = self.hers.text("platform") if self.hers.has("platform") else own.text("platform")
        result = Playbook(platform, words, limits, truths, here)
        common.done()
        own.text("platform", "")
        own.done()
        return result

    def here(self, play: Play) -> Play | None:
        """The play for the tables of this template; None for one for rows of others only."""
        each = {table: one for table, one in play.each.items() if self.template.has(table)}
        return replace(play, each=each) if each or not play.each else None

    def each(self, node: Node) -> dict[TableKey, Expr]:
        """The condition of a play for rows, as each of its tables has it."""
        asked = node.texts("rows") if isinstance(node.data.get("rows"), list) else (node.text("rows", ""),)
        for table in asked:
            if table and table not in self.rules.raw:
                meant = closest(table, self.rules.raw)
                raise node.fail("rows", "template.unknown_value", value=table, meant=meant)
        return {table: self.condition(node, "each", self.scope.at_row(table)) for table in asked if table}

    def channel(self, key: str, node: Node) -> Channel:
        result = Channel(key, node.labels(), node.flag("sent"))
        node.done()
        return result

    def play(self, node: Node, channels: Mapping[str, Channel]) -> Play:
        purpose = cast(Purpose, _one_of(node, "purpose", get_args(Purpose)))
        idle = purpose == "none"
        channel = "" if idle else _one_of(node, "channel", tuple(channels))
        result = Play(
            key=node.text("key"),
            purpose=purpose,
            each=self.each(node),
            latest=node.flag("latest"),
            classes=self.classes(node),
            when=self.condition(node, "when", self.scope) if node.has("when") else None,
            reach=cast(Reach, _one_of(node, "reach", get_args(Reach), "")),
            channel=Channel("", Labels("", ""), False) if idle else channels[channel],
            base=_one_of(node, "from", (*BASES, *self.days), "today"),
            days=node.whole("days", 0),
            again=cast(Again, _one_of(node, "again", get_args(Again), "month")),
            priority=node.whole("priority", 3),
            action=node.labels("action", optional=idle),
            why=node.labels("why", optional=idle),
            drafts=_drafts(node, silent=idle or channel == "desk"),
        )
        if (result.again == "row" or result.base in ("row", "due")) and not result.each:
            raise node.fail("again", "template.missing")
        known = {*self.scope.metrics, *ROW_GAPS, "reason"}
        for lang in LANGS:
            for _, name, _, _ in Formatter().parse(result.why[lang]):
                if name is not None and name not in known:
                    raise node.fail("why", "template.unknown_value", value=name, meant=closest(name, known))
        if not 1 <= result.priority <= 3:
            raise node.fail("priority", "template.type", value=result.priority, expected="1-3")
        node.done()
        return result

    def classes(self, node: Node) -> dict[str, tuple[str, ...]]:
        """What ``class``, ``tier`` and ``of`` say: {dimension: its classes}."""
        of = node.child("of", optional=True)
        asked = [(self.template.dimensions[0], node, "class"), ("value_tier", node, "tier")]
        asked += [(_one_of_keys(of, key, self.template.dimensions), of, key) for key in of.data]
        found: dict[str, tuple[str, ...]] = {}
        for dimension, place, key in asked:
            known = [one.key for one in self.rules.dimensions[dimension].classes]
            values = place.texts(key, [])
            for value in values:
                if value not in known:
                    raise place.fail(key, "template.unknown_value", value=value, meant=closest(value, known))
            if values:
                found[dimension] = values
        return found


def _hers(template: Blueprint) -> Node:
    """What the template in force says to do itself; it stands before what it is based on."""
    own = in_force()
    if own is None or template.key != own.key:
        return Node(file_of(template.key), "", {})
    said = {key: own.data[key] for key in ("channels", "platform", "plays") if key in own.data}
    if isinstance(said.get("plays"), str):
        del said["plays"]
    return own_node(own).only(said)


def _one_of_keys(node: Node, key: str, known: tuple[str, ...]) -> str:
    if key not in known:
        raise node.fail(key, "template.unknown_key", meant=closest(key, known))
    return key


def _one_of(node: Node, key: str, known: tuple[str, ...], default: str | None = None) -> str:
    value = node.text(key) if default is None else node.text(key, default)
    if value not in known:
        raise node.fail(key, "template.unknown_value", value=value, meant=closest(value, known))
    return value


def _drafts(node: Node, silent: bool) -> dict[Lang, tuple[str, ...]]:
    """The texts of each language.

    A play that writes has at least three, two of them without a gap: no text stands twice in a row.
    """
    if silent:
        return dict.fromkeys(LANGS, ())
    sheet = node.child("drafts")
    result = {}
    for lang in LANGS:
        texts = sheet.texts(lang)
        for name in (name for one in texts for name in GAP.findall(one)):
            if name not in GAPS:
                raise sheet.fail(lang, "template.unknown_value", value=name, meant=closest(name, GAPS))
        if len(set(texts)) < 3 or sum(not GAP.search(one) for one in texts) < 2:
            raise sheet.fail(lang, "template.few_drafts", count=len(set(texts)))
        result[lang] = texts
    sheet.done()
    return result


@cached
def playbook(template: Blueprint) -> Playbook:
    """The plays of a template. Raises TemplateError, naming file and key, for a mistake in them."""
    if template.plays and template.plays not in names_in("plays"):
        raise TemplateError(
            "template.unknown_value", file=file_of(template.key), where="plays",
            value=template.plays, meant=closest(template.plays, names_in("plays")),
        )  # fmt: skip
    return _Loader(rulebook(), template).playbook()
