"""The second reading: a tree as SQL, in DuckDB's dialect, kept to what Spark SQL says too.

Thresholds and the analysis date are columns of the one-row table ``p``; nothing a seller typed is pasted
into the text.
"""

from __future__ import annotations

from collections.abc import Callable

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
    Nothing,
    Number,
    Opens,
    Quantile,
    Round,
    RowColumn,
    Threshold,
    Today,
    is_truth,
    nullable,
)

Aggregated = Callable[[Aggregate | Quantile | ModeShare], str]
"""How an aggregate is read at this place: a joined column for a customer, a subquery for the shop."""

_OPERATORS = {"==": "=", "!=": "<>"}


def _none(expr: Expr) -> str:
    raise TypeError(f"{type(expr).__name__} cannot stand here")


def sql(expr: Expr, aggregated: Aggregated = _none) -> str:
    """The SQL of a tree; a truth gives a boolean that is never null."""
    return _Reader(aggregated).read(expr)


def as_number(expr: Expr, aggregated: Aggregated = _none) -> str:
    """The same, with 1 and 0 for a truth."""
    return _Reader(aggregated).plain(expr)


def aggregate(expr: Aggregate, aggregated: Aggregated = _none) -> str:
    """The aggregate function over the rows of its table, to stand in a SELECT that reads those rows and
    ``p``."""
    reader = _Reader(aggregated)
    tests = []
    if expr.within is not None:
        tests.append(f"day >= p.today - {reader.read(expr.within)}")
    if expr.where is not None:
        tests.append(reader.read(expr.where))
    chosen = " AND ".join(f"({test})" for test in tests) or "TRUE"
    if expr.fn == "count":
        return f"coalesce(sum(CASE WHEN {chosen} THEN 1 ELSE 0 END), 0)"
    value = reader.plain(expr.value) if expr.value else "1"
    if expr.fn == "sum":
        return f"coalesce(sum(CASE WHEN {chosen} THEN {value} ELSE 0 END), 0)"
    return f"{expr.fn}(CASE WHEN {chosen} THEN {value} END)"


def ranked(expr: Quantile | ModeShare, rows: str, aggregated: Aggregated = _none) -> str:
    """A scalar subquery for a quantile or mode share over ``rows`` (a FROM clause that includes ``p``)."""
    reader = _Reader(aggregated)
    value = reader.plain(expr.value)
    where = f"({reader.read(expr.where)}) AND " if expr.where else ""
    values = f"SELECT {value} AS v FROM {rows} WHERE {where}{value} IS NOT NULL"
    if isinstance(expr, ModeShare):
        counted = f"SELECT count(*) AS c FROM ({values}) GROUP BY v"
        return f"(SELECT max(c) / CAST(nullif(sum(c), 0) AS DOUBLE) FROM ({counted}))"
    order = "v DESC" if expr.top else "v"
    numbered = f"SELECT v, row_number() OVER (ORDER BY {order}) AS rn, count(*) OVER () AS n FROM ({values})"
    percent = reader.read(expr.percent)
    rank = f"CAST(ceil({percent} * n / 100.0) AS BIGINT)"
    return f"(SELECT max(v) FROM ({numbered}) CROSS JOIN p WHERE rn = {rank})"


def share_of_each(expr: ModeShare, rows: str, aggregated: Aggregated = _none) -> str:
    """A query for the mode share of each customer's own rows: ``customer`` and ``share``."""
    reader = _Reader(aggregated)
    where = f"WHERE {reader.read(expr.where)}" if expr.where else ""
    counted = (
        f"SELECT customer, {reader.plain(expr.value)} AS v, count(*) AS c FROM {rows} {where} "
        "GROUP BY customer, v"
    )
    return f"SELECT customer, max(c) / CAST(sum(c) AS DOUBLE) AS share FROM ({counted}) GROUP BY customer"


def opens(expr: Opens) -> str:
    """The truth ``opens`` as a window expression over the trades rows."""
    reader = _Reader(_none)
    where = f"({reader.read(expr.where)}) AND customer > 0"
    before = (
        f"max(CASE WHEN {where} THEN day END) OVER (PARTITION BY customer ORDER BY day, line "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    return f"({where} AND coalesce(day - {before} > {reader.read(expr.gap)}, TRUE))"


class _Reader:
    def __init__(self, aggregated: Aggregated) -> None:
        self.aggregated = aggregated

    def plain(self, expr: Expr) -> str:
        text = self.read(expr)
        return f"CASE WHEN {text} THEN 1 ELSE 0 END" if is_truth(expr) else text

    def read(self, expr: Expr) -> str:
        match expr:
            case Number(value=value):
                return str(int(value)) if value == int(value) else repr(value)
            case Nothing():
                return "CAST(NULL AS BIGINT)"
            case Today():
                return "p.today"
            case Threshold(key=key):
                return f"p.{key}"
            case Figure(key=key):
                return f"f.{key}"
            case Metric(key=key):
                return f"m.{key}"
            case CustomerField(key=key):
                return f"m.field_{key}"
            case RowColumn(key=key, truth=truth):
                return f"({key} = 1)" if truth else key
            case Opens():
                return opens(expr)
            case Aggregate() | Quantile() | ModeShare():
                return self.aggregated(expr)
            case _ if is_truth(expr):
                return self.truth(expr)
            case _:
                return self.number(expr)

    def truth(self, expr: Expr) -> str:
        match expr:
            case Compare(op=op, left=left, right=right):
                test = f"{self.plain(left)} {_OPERATORS.get(op, op)} {self.plain(right)}"
                return f"coalesce({test}, FALSE)" if nullable(left) or nullable(right) else f"({test})"
            case Logic(op=op, parts=parts):
                return f"({f' {op.upper()} '.join(self.read(part) for part in parts)})"
            case Not(part=part):
                return f"(NOT {self.read(part)})"
            case Has(part=part):
                return f"({self.read(part)} IS NOT NULL)"
        raise TypeError(f"no SQL for {type(expr).__name__}")

    def number(self, expr: Expr) -> str:
        match expr:
            case Arithmetic(op="/", left=left, right=right):
                return f"(CAST({self.plain(left)} AS DOUBLE) / nullif({self.plain(right)}, 0))"
            case Arithmetic(op=op, left=left, right=right):
                return f"({self.plain(left)} {op} {self.plain(right)})"
            case Choose(condition=condition, then=then, otherwise=otherwise):
                chosen = f"WHEN {self.read(condition)} THEN {self.plain(then)}"
                return f"CASE {chosen} ELSE {self.plain(otherwise)} END"
            case Extreme(fn=fn, parts=parts):
                return f"{fn}({', '.join(self.plain(part) for part in parts)})"
            case Coalesce(part=part, default=default):
                return f"coalesce({self.read(part)}, {self.read(default)})"
            case Round(part=part):
                return f"round({self.plain(part)})"
            case DaysSince(part=part):
                value = self.read(part)
                return f"CASE WHEN {value} IS NULL THEN NULL ELSE greatest(0, p.today - {value}) END"
        raise TypeError(f"no SQL for {type(expr).__name__}")
