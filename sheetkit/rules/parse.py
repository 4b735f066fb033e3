"""A rule's text → tree. The text is a Python expression over a few functions; nothing in it is ever executed.

``count(trades, sale, within=365)`` · ``sum(trades.net)`` · ``max(trades.day, sale)`` ·
``days_since(last_day)`` ·
``visits >= loyal_visits and recency_days <= loyal_window`` · ``state == 'completed'`` (a meaning of the
column's list) ·
``quantile(customers.revenue, 50, visits >= 1)`` · ``if_(a, b, c)`` · ``greatest(a, b)`` · ``coalesce(a,
0)`` · ``has(a)`` ·
``opens(sale, visit_merge_days)`` · ``round(100 * a / b)`` · ``customer.risk == 'risky'``
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from sheetkit.model.lists import ChoiceList
from sheetkit.model.source import closest
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
    Logic,
    Metric,
    ModeShare,
    Not,
    Number,
    Opens,
    Operator,
    Quantile,
    Round,
    RowColumn,
    Source,
    Threshold,
    Today,
    children,
    is_truth,
    walk,
)

_COMPARE: dict[type[ast.cmpop], Operator] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_ARITHMETIC: dict[type[ast.operator], Literal["+", "-", "*", "/"]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


_LARGEST = 1e15
"""A whole number up to here is the same in a formula, a query and a sentence."""


class RuleError(ValueError):
    """A rule's text is off; ``problem`` is a message key, ``params`` its placeholders."""

    def __init__(self, problem: str, **params: object) -> None:
        super().__init__(problem, params)
        self.problem = problem
        self.params = params


@dataclass(frozen=True)
class Scope:
    """What a rule's text may name.

    ``rows``: {table: {column or fact: whether it is a truth}}; ``coded``: {(table or "customer", column):
    its list};
    ``metrics`` / ``figures``: {key: nullable}; ``row``: the table whose row is at hand, "" where it is a
    customer.
    """

    rows: Mapping[Source, Mapping[str, bool]]
    coded: Mapping[tuple[str, str], ChoiceList]
    customer_fields: frozenset[str]
    thresholds: frozenset[str]
    metrics: Mapping[str, bool] = field(default_factory=dict)
    figures: Mapping[str, bool] = field(default_factory=dict)
    row: Source = ""

    def at_row(self, table: Source) -> Scope:
        """This scope with a row of ``table`` at hand (of ``customers``: the customer), where no figure of the
        shop may stand."""
        return replace(self, row="" if table == "customers" else table, figures={})


def parse(source: str, scope: Scope) -> Expr:
    """The tree of a rule's text. Raises RuleError."""
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as problem:
        raise RuleError("rule.syntax", detail=getattr(problem, "msg", str(problem))) from problem
    expr = _Reader(scope).read(body)
    if scope.row:
        for part in children(expr) if isinstance(expr, Opens) else (expr,):
            _hold_over_rows(part, ast.unparse(body))
    return expr


def _hold_over_rows(expr: Expr, form: str) -> None:
    """Raises RuleError for what has no formula over many rows at once."""
    for one in walk(expr):
        if isinstance(one, _NOT_OVER_ROWS) or (isinstance(one, Arithmetic) and one.op == "/"):
            raise RuleError("rule.unknown_form", form=form)


class _Reader:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def read(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=bool()):
                raise RuleError("rule.unknown_form", form=ast.unparse(node))
            case ast.Constant(value=int() | float() as value) if abs(value) <= _LARGEST:
                return Number(value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return Number(-value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.truth(operand))
            case ast.BoolOp(op=op, values=values):
                return Logic(
                    "and" if isinstance(op, ast.And) else "or", tuple(self.truth(one) for one in values)
                )
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compare(left, op, right)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return Arithmetic(_ARITHMETIC[type(op)], self.read(left), self.read(right))
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=ast.Name(id="customer"), attr=name):
                return self.customer_field(name)
            case ast.Call(func=ast.Name(id=name)):
                return self.call(name, node)
            case _:
                raise RuleError("rule.unknown_form", form=ast.unparse(node))

    def truth(self, node: ast.expr) -> Expr:
        expr = self.read(node)
        if not is_truth(expr):
            raise RuleError("rule.not_a_condition", form=ast.unparse(node))
        return expr

    def number(self, node: ast.expr) -> Expr:
        expr = self.read(node)
        if is_truth(expr):
            raise RuleError("rule.not_a_number", form=ast.unparse(node))
        return expr

    def compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expr:
        if type(op) not in _COMPARE:
            raise RuleError("rule.unknown_form", form=ast.unparse(left))
        first = self.number(left)
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            return Compare(_COMPARE[type(op)], first, Number(self.meaning(first, right.value)))
        return Compare(_COMPARE[type(op)], first, self.number(right))

    def meaning(self, column: Expr, word: str) -> int:
        owner = ("customer", column.key) if isinstance(column, CustomerField) else ("", "")
        if isinstance(column, RowColumn):
            owner = (column.table, column.key)
        choice = self.scope.coded.get(owner)
        if choice is None:
            raise RuleError("rule.no_meanings", word=word)
        if word not in choice.meanings:
            raise RuleError("rule.unknown_name", name=word, meant=closest(word, choice.meanings))
        return choice.code(word)

    def name(self, name: str) -> Expr:
        scope = self.scope
        if name == "today":
            return Today()
        if scope.row and name in scope.rows[scope.row]:
            return RowColumn(scope.row, name, scope.rows[scope.row][name])
        if name in scope.thresholds:
            return Threshold(name)
        if not scope.row and name in scope.metrics:
            return Metric(name, scope.metrics[name])
        if name in scope.figures:
            return Figure(name, scope.figures[name])
        known = [*scope.thresholds, *scope.figures]
        known += [*scope.rows[scope.row]] if scope.row else [*scope.metrics]
        raise RuleError("rule.unknown_name", name=name, meant=closest(name, known))

    def customer_field(self, name: str) -> Expr:
        if name not in self.scope.customer_fields:
            raise RuleError("rule.unknown_name", name=name, meant=closest(name, self.scope.customer_fields))
        return CustomerField(name)

    def call(self, name: str, node: ast.Call) -> Expr:
        args, options = node.args, {one.arg or "": one.value for one in node.keywords}
        if options and name not in _AGGREGATES:
            raise RuleError("rule.unknown_function", form=ast.unparse(node), meant=closest(name, _FUNCTIONS))
        match name, len(args):
            case "count", 1 | 2:
                table = self.table(args[0])
                return self.aggregate("count", table, None, args[1:], options)
            case "sum" | "min" | "max", 1 | 2:
                table, value = self.column(args[0])
                return self.aggregate(name, table, value, args[1:], options)
            case "quantile" | "quantile_top", 2 | 3:
                table, value = self.column(args[0])
                where = self.where(table, args[2:])
                return Quantile(table, value, self.number(args[1]), where, name == "quantile_top")
            case "mode_share", 1 | 2:
                table, value = self.column(args[0])
                return ModeShare(table, value, self.where(table, args[1:]))
            case "opens", 2:
                return Opens(self.truth(args[0]), self.number(args[1]))
            case "if_", 3:
                return Choose(self.truth(args[0]), self.number(args[1]), self.number(args[2]))
            case "greatest" | "least", _ if len(args) > 1:
                return Extreme(name, tuple(self.number(one) for one in args))
            case "coalesce", 2:
                return Coalesce(self.number(args[0]), self.number(args[1]))
            case "has" | "days_since" | "round", 1:
                return _OF_ONE[name](self.number(args[0]))
            case _:
                raise RuleError(
                    "rule.unknown_function", form=ast.unparse(node), meant=closest(name, _FUNCTIONS)
                )

    def aggregate(
        self,
        fn: Literal["count", "sum", "min", "max"],
        table: Source,
        value: Expr | None,
        where: list[ast.expr],
        options: dict[str, ast.expr],
    ) -> Expr:
        within = options.pop("within", None)
        if options:
            raise RuleError("rule.unknown_name", name=next(iter(options)), meant="within")
        condition = self.where(table, where)
        for part in filter(None, (value, condition)):
            _hold_over_rows(part, fn)
        return Aggregate(fn, table, value, condition, self.number(within) if within else None)

    def where(self, table: Source, args: list[ast.expr]) -> Expr | None:
        return _Reader(self.scope.at_row(table)).truth(args[0]) if args else None

    def table(self, node: ast.expr) -> Source:
        if isinstance(node, ast.Name) and node.id in self.scope.rows:
            return node.id
        raise RuleError("rule.unknown_name", name=ast.unparse(node), meant=", ".join(self.scope.rows))

    def column(self, node: ast.expr) -> tuple[Source, Expr]:
        if not isinstance(node, ast.Attribute):
            raise RuleError("rule.unknown_form", form=ast.unparse(node))
        table = self.table(node.value)
        return table, _Reader(self.scope.at_row(table)).name(node.attr)


_NOT_OVER_ROWS = (
    Aggregate, Coalesce, CustomerField, DaysSince, Extreme, ModeShare, Opens, Quantile, Round
)  # fmt: skip
_OF_ONE = {"has": Has, "days_since": DaysSince, "round": Round}
_AGGREGATES = ("count", "sum", "min", "max")
_FUNCTIONS = (
    "count", "sum", "min", "max", "quantile", "quantile_top", "mode_share",
    "opens", "if_", "greatest", "least", "coalesce", "has", "days_since", "round",
)  # fmt: skip
