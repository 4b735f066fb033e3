"""The rulebook as one SQL query: facts of rows, then metrics and figures level by level, then classes."""

from __future__ import annotations

from collections.abc import Iterable

from sheetkit.model.fields import TableKey
from sheetkit.rules import sql
from sheetkit.rules.rulebook import Fact, Rulebook
from sheetkit.rules.tree import Aggregate, Expr, Figure, Metric, ModeShare, Quantile, RowColumn, walk

Measure = Aggregate | Quantile | ModeShare


def facts_query(book: Rulebook, table: TableKey) -> str:
    """The rows of ``table`` with every fact as a column; facts that need others come in later levels."""
    levels: list[list[Fact]] = []
    depth: dict[str, int] = {}
    for fact in book.facts[table]:
        needs = [
            depth[part.key] for part in walk(fact.expr) if isinstance(part, RowColumn) and part.key in depth
        ]
        depth[fact.key] = max(needs, default=-1) + 1
        while len(levels) <= depth[fact.key]:
            levels.append([])
        levels[depth[fact.key]].append(fact)
    query = f"SELECT * FROM {table}_rows"
    for level in levels:
        columns = ", ".join(f"{sql.as_number(fact.expr)} AS {fact.key}" for fact in level)
        query = f"SELECT r.*, {columns} FROM ({query}) r CROSS JOIN p"
    return query


class _Aggregates:
    """Names for the per-customer aggregates, so that each is computed once in a grouped query."""

    def __init__(self) -> None:
        self.names: dict[Aggregate | ModeShare, str] = {}

    def name(self, expr: Measure) -> str:
        if isinstance(expr, Quantile) or expr.table == "customers":
            raise TypeError("a metric aggregates the customer's own rows only")
        return "m." + self.names.setdefault(expr, f"agg_{len(self.names)}")

    def grouped(self, table: str) -> list[tuple[str, Aggregate]]:
        """Those that one pass over the rows of a table gives."""
        return [
            (name, expr)
            for expr, name in self.names.items()
            if isinstance(expr, Aggregate) and expr.table == table
        ]

    def shares(self) -> list[tuple[str, ModeShare]]:
        """Those that each need a query of their own."""
        return [(name, expr) for expr, name in self.names.items() if isinstance(expr, ModeShare)]


def _levels(book: Rulebook) -> list[tuple[list[str], list[str]]]:
    """Per level, the metrics and the figures whose needs all stand in earlier levels."""
    depth: dict[str, int] = {}
    for key in book.order:
        expr = (book.metrics.get(key) or book.figures[key]).expr
        needs = [depth[part.key] for part in walk(expr) if isinstance(part, Metric | Figure)]
        depth[key] = max(needs, default=-1) + 1
    levels: list[tuple[list[str], list[str]]] = [([], []) for _ in range(max(depth.values()) + 1)]
    for key in book.order:
        levels[depth[key]][0 if key in book.metrics else 1].append(key)
    return levels


def _shop_aggregate(rows: str) -> sql.Aggregated:
    def read(expr: Measure) -> str:
        source = f"{rows} m CROSS JOIN p" if expr.table == "customers" else f"{expr.table}_facts CROSS JOIN p"
        if isinstance(expr, Aggregate):
            return f"(SELECT {sql.aggregate(expr)} FROM {source})"
        return sql.ranked(expr, source)

    return read


def _group(table: str, grouped: Iterable[tuple[str, Aggregate]]) -> str:
    columns = "".join(f", {sql.aggregate(expr)} AS {name}" for name, expr in grouped)
    return f"SELECT customer{columns} FROM {table}_facts CROSS JOIN p GROUP BY customer"


def _first_level(book: Rulebook, aggregates: _Aggregates) -> str:
    columns = ["c.number", *(f"c.field_{key}" for key in book.customer_fields)]
    joins = []
    for table in book.raw:
        for name, expr in aggregates.grouped(table):
            plain = f"{table}_agg.{name}"
            columns.append(plain if expr.fn in ("min", "max") else f"coalesce({plain}, 0) AS {name}")
        joins.append(f"LEFT JOIN {table}_agg ON {table}_agg.customer = c.number")
    for name, _ in aggregates.shares():
        columns.append(f"of_{name}.share AS {name}")
        joins.append(f"LEFT JOIN of_{name} ON of_{name}.customer = c.number")
    return f"SELECT {', '.join(columns)} FROM customers_rows c {' '.join(joins)}"


def _measure_levels(book: Rulebook, aggregates: _Aggregates) -> tuple[list[tuple[str, str]], str, str]:
    """``m1``, ``f1``, ``m2``, …, each reading the ones before, and the names of the last of either kind; a
    level without metrics (figures) makes no table."""
    parts: list[tuple[str, str]] = []
    people, shop = "m0", "f0"
    for at, (metrics, figures) in enumerate(_levels(book), 1):
        before, known = people, shop
        if metrics:
            chosen = "".join(
                f", {sql.as_number(book.metrics[key].expr, aggregates.name)} AS {key}" for key in metrics
            )
            people = f"m{at}"
            parts.append((people, f"SELECT m.*{chosen} FROM {before} m CROSS JOIN {known} f CROSS JOIN p"))
        if figures:
            read = _shop_aggregate(before)
            totals = "".join(f", {sql.as_number(book.figures[key].expr, read)} AS {key}" for key in figures)
            shop = f"f{at}"
            parts.append((shop, f"SELECT f.*{totals} FROM {known} f CROSS JOIN p"))
    return parts, people, shop


def _case(book: Rulebook, dimension: str) -> str:
    def condition(when: Expr) -> str:
        return sql.sql(when)

    branches = [
        f"WHEN {condition(one.when)} THEN '{one.key}'" if one.when else f"ELSE '{one.key}'"
        for one in book.dimensions[dimension].classes
    ]
    return f"CASE {' '.join(branches)} END AS {dimension}"


def measure_tables(book: Rulebook, dimensions: Iterable[str]) -> list[tuple[str, str]]:
    """(table, query) in the order to create them, over ``p``, ``customers_rows`` and the facts of each
    table (``trades_facts`` …); the last two are ``people`` (every customer's metrics and classes) and
    ``shop`` (the figures)."""
    aggregates = _Aggregates()
    levels, last, totals = _measure_levels(book, aggregates)
    groups = [(f"{table}_agg", _group(table, aggregates.grouped(table))) for table in book.raw]
    groups += [
        (f"of_{name}", sql.share_of_each(expr, f"{expr.table}_facts CROSS JOIN p"))
        for name, expr in aggregates.shares()
    ]
    start = [("m0", _first_level(book, aggregates)), ("f0", "SELECT 0 AS nothing")]
    metrics = ", ".join(["m.number", *(f"m.{key}" for key in book.metrics)])
    classes = "".join(f", {_case(book, key)}" for key in dimensions)
    people = f"SELECT {metrics}{classes} FROM {last} m CROSS JOIN {totals} f CROSS JOIN p"
    figures = ", ".join(f"f.{key}" for key in book.figures)
    return [*groups, *start, *levels, ("people", people), ("shop", f"SELECT {figures} FROM {totals} f")]
