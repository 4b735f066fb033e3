"""What one template needs of the rulebook: its dimensions, what its sheets show, and what those rest on.

A table that the template has no sheet for is a table without rows: counts over it are 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import Formatter

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.fields import TableKey
from sheetkit.model.overlay import cached, file_of
from sheetkit.model.source import closest
from sheetkit.rules.measured import own_figures
from sheetkit.rules.playbook import Playbook, playbook
from sheetkit.rules.rulebook import Rulebook, rulebook
from sheetkit.rules.tree import CustomerField, Expr, Figure, Metric, RowColumn, Threshold, walk
from sheetkit.rules.without import without_rows

_METRICS = (
    "visits_here", "visits", "revenue", "first_here", "first_day", "last_day", "recency_days",
    "average_visit", "spend", "open_cases", "buyer_fault_365", "seen_days", "risky",
)  # fmt: skip
_FIGURES = ("buyers",)
_THRESHOLDS = ("contact_quiet_days", "wish_expiry")
_BETWEEN_RUNS = {"grade": ("grade_margin", "grade_a", "grade_b", "grade_c")}
"""{dimension: the limits by which customers move in it from run to run}."""
_FIELDS = ("trades_before", "first_before", "do_not_contact", "manual_class")
_RAW = {
    "trades": ("day", "amount", "state", "rating"),
    "contacts": ("day", "type", "direction", "status", "due"),
}
_FACTS = {
    "trades": ("sale", "refund", "placed", "net", "praised", "rated", "goods_sale", "visit"),
    "contacts": ("inbound",),
}
"""What the workbook and the report of every template show."""


@dataclass(frozen=True)
class Rules:
    """The rules and the plays of a template."""

    book: Rulebook
    plays: Playbook


@cached
def rules_for(template: Blueprint) -> Rules:
    """The rules of a template. Raises TemplateError for a dimension, metric or class that does not exist."""
    everything, plays = rulebook(), playbook(template)
    _hold(template, "dimensions", template.dimensions, everything.dimensions)
    _hold(template, "explained", template.explained, template.dimensions)
    _hold(template, "shown", template.shown, everything.metrics)
    return Rules(_Chooser(everything, template, plays).chosen(), plays)


def _hold(template: Blueprint, where: str, names: tuple[str, ...], known: object) -> None:
    for name in names:
        if name not in known:  # type: ignore[operator]  # a mapping
            meant = closest(name, known)  # type: ignore[arg-type]  # a mapping
            params = {"file": file_of(template.key), "where": where, "value": name, "meant": meant}
            raise TemplateError("template.unknown_value", **params)


class _Chooser:
    """Follows names from what is shown down to the columns that are read."""

    def __init__(self, book: Rulebook, template: Blueprint, plays: Playbook) -> None:
        self.book, self.template, self.plays = book, template, plays
        self.here = {table for table in book.raw if template.has(table)}
        self.names: set[str] = set()
        self.columns: set[tuple[TableKey, str]] = set()
        self.fields: set[str] = set(_FIELDS)
        self.limits: set[str] = set(_THRESHOLDS)
        self.facts = {(one.table, one.key): one for some in book.facts.values() for one in some}

    def chosen(self) -> Rulebook:
        """The part of the rulebook that the template needs; the seller overrules its first dimension only."""
        book = self.book
        dimensions = {
            key: replace(
                book.dimensions[key],
                manual=book.dimensions[key].manual and key == self.template.dimensions[0],
                classes=tuple(
                    one if one.when is None else replace(one, when=self.here_only(one.when))
                    for one in book.dimensions[key].classes
                ),
            )
            for key in self.template.dimensions
        }
        for expr in self.roots():
            self.follow(expr)
        for key in self.template.dimensions:
            self.limits.update(_BETWEEN_RUNS.get(key, ()))
        for dimension in dimensions.values():
            for one in dimension.classes:
                self.name(*one.facts)
        self.name(*_METRICS, *_FIGURES, *self.template.shown, *self.told(), *own_figures())
        for table in _RAW:
            for key in (*_RAW[table], *_FACTS[table]):
                self.column(table, key)
        return replace(
            book,
            thresholds={key: one for key, one in book.thresholds.items() if key in self.limits},
            raw={table: self.kept(table, book.raw[table]) for table in book.raw if table in self.here},
            customer_fields=tuple(key for key in book.customer_fields if key in self.fields),
            facts={
                table: tuple(one for one in book.facts[table] if (table, one.key) in self.columns)
                for table in book.raw
                if table in self.here
            },
            metrics={
                key: replace(one, expr=self.here_only(one.expr))
                for key, one in book.metrics.items()
                if key in self.names
            },
            figures={
                key: replace(one, expr=self.here_only(one.expr))
                for key, one in book.figures.items()
                if key in self.names
            },
            order=tuple(key for key in book.order if key in self.names),
            dimensions=dimensions,
        )

    def roots(self) -> Iterator[Expr]:
        """The conditions that decide classes and plays."""
        for key in self.template.dimensions:
            yield from (one.when for one in self.book.dimensions[key].classes if one.when is not None)
        for play in self.plays.plays:
            yield from (one for one in (play.when, *play.each.values()) if one is not None)

    def told(self) -> set[str]:
        """The metrics that the reasons of plays name, and those their days are counted from."""
        reasons = (play.why[lang] for play in self.plays.plays for lang in LANGS)
        named = {name for one in reasons for _, name, _, _ in Formatter().parse(one) if name}
        return named | {play.base for play in self.plays.plays}

    def here_only(self, expr: Expr) -> Expr:
        """A tree as it is where only this template's tables have rows."""
        return without_rows(expr, lambda table: table != "customers" and table not in self.here)

    def name(self, *keys: str) -> None:
        """Needs metrics or figures, and what they rest on; a name that is neither is the plan's own."""
        for key in keys:
            found = self.book.metrics.get(key) or self.book.figures.get(key)
            if found is not None and key not in self.names:
                self.names.add(key)
                self.follow(found.expr)

    def column(self, table: TableKey, key: str) -> None:
        """Needs a column or fact of a table."""
        if (table, key) not in self.columns:
            self.columns.add((table, key))
            fact = self.facts.get((table, key))
            if fact is not None:
                self.follow(fact.expr)

    def follow(self, expr: Expr) -> None:
        """Needs what a tree names."""
        for part in walk(self.here_only(expr)):
            match part:
                case Metric(key=key) | Figure(key=key):
                    self.name(key)
                case RowColumn(table=table, key=key):
                    self.column(table, key)
                case CustomerField(key=key):
                    self.fields.add(key)
                case Threshold(key=key):
                    self.limits.add(key)

    def kept(self, table: TableKey, raw: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(key for key in raw if key == "day" or (table, key) in self.columns)
