"""Runs the rulebook's queries in DuckDB, in this process, with external access off."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any

import duckdb

from sheetkit.analysis.identity import Identity
from sheetkit.analysis.listed import places
from sheetkit.analysis.measured import Measured
from sheetkit.analysis.query import facts_query, measure_tables
from sheetkit.intake.coded import Numbers
from sheetkit.model.book import Book, Column
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.rulebook import Rulebook

MANY_CELLS = 400_000
"""From here on arrays are the faster way into and out of DuckDB, although they wait for numpy's import."""


def measure(
    book: Book,
    identity: Identity,
    rulebook: Rulebook,
    dimensions: tuple[str, ...],
    thresholds: Mapping[str, float],
    as_of: int,
) -> Measured:
    """Every metric, figure and class of a book as of a day number."""
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as db:
        _load_parameters(db, thresholds, as_of)
        _load_customers(db, book, identity, rulebook.customer_fields)
        for table, raw in rulebook.raw.items():
            _load_rows(db, book, table, identity.number[table], raw)
            db.execute(f"CREATE TABLE {table}_facts AS {facts_query(rulebook, table)}")
            db.execute(f"DROP TABLE {table}_rows")
        _make(db, measure_tables(rulebook, dimensions))
        customers = _columns(db, "people", "number", len(identity))
        figures = {key: values[0] for key, values in _columns(db, "shop").items()}
        db.execute("DROP TABLE people")
        facts = ("customer", "line", "day", *(fact.key for fact in rulebook.facts["trades"]))
        trades = _columns(db, "trades_facts", "line", len(book.tables["trades"]), facts)
    return Measured(customers, figures, trades)


def _make(db: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, str]]) -> None:
    """Each table from its query; one that no later query reads makes room."""
    last_read: dict[str, int] = {}
    for at, (_, query) in enumerate(tables):
        last_read |= dict.fromkeys((name for name, _ in tables if re.search(rf"\b{name}\b", query)), at)
    for at, (name, query) in enumerate(tables):
        db.execute(f"CREATE TABLE {name} AS {query}")
        for done in (one for one, last in last_read.items() if last == at):
            db.execute(f"DROP TABLE {done}")


def _load_parameters(db: duckdb.DuckDBPyConnection, thresholds: Mapping[str, float], as_of: int) -> None:
    columns = ", ".join(f"CAST(? AS DOUBLE) AS {key}" for key in thresholds)
    db.execute(
        f"CREATE TABLE p AS SELECT CAST(? AS BIGINT) AS today, {columns}", [as_of, *thresholds.values()]
    )


def _load(db: duckdb.DuckDBPyConnection, name: str, columns: dict[str, Any]) -> None:
    """A table of whole numbers, lists (None is null) or arrays; a column of one value is given as that."""
    alike = {key: _listed(values[:1])[0] for key, values in columns.items() if _is_one(values)}
    other = {key: values for key, values in columns.items() if key not in alike}
    if sum(map(len, other.values())) > MANY_CELLS:
        db.register("given", {key: _array(values) for key, values in other.items()})
        chosen = [f"?::BIGINT AS {key}" if key in alike else key for key in columns]
        db.execute(f"CREATE TABLE {name} AS SELECT {', '.join(chosen)} FROM given", list(alike.values()))
        db.unregister("given")
        return
    chosen = [f"?::BIGINT AS {key}" if key in alike else f"unnest(?::BIGINT[]) AS {key}" for key in columns]
    given = [alike.get(key, _listed(values)) for key, values in columns.items()]
    db.execute(f"CREATE TABLE {name} AS SELECT {', '.join(chosen)}", given)


def _is_one(values: Any) -> bool:
    """Whether one number stands in all rows."""
    if isinstance(values, list):
        return len(set(values)) == 1
    return len(values) > 0 and bool((values == values[0]).all())


def _listed(values: Any) -> list[Any]:
    return values if isinstance(values, list) else list(values.tolist())


def _array(values: Any) -> Any:
    """An array of whole numbers; None is masked."""
    import numpy  # a fifth of a second, which a small book need not wait for

    if not isinstance(values, list):
        return values
    if None not in values:
        return numpy.array(values, numpy.int64)
    mask = [value is None for value in values]
    return numpy.ma.masked_array(numpy.array([value or 0 for value in values], numpy.int64), mask)


def _load_customers(
    db: duckdb.DuckDBPyConnection, book: Book, identity: Identity, asked: tuple[str, ...]
) -> None:
    table = book.tables["customers"]
    columns: dict[str, list[Any]] = {"number": list(range(1, len(identity) + 1))}
    for key in asked:
        values = table.column(key)
        known = [None if home is None else values[home] for home in identity.home]
        columns[f"field_{key}"] = [value if isinstance(value, int) and value > 0 else None for value in known]
    _load(db, "customers_rows", columns)


def _load_rows(
    db: duckdb.DuckDBPyConnection, book: Book, name: TableKey, customer: list[int], raw: tuple[str, ...]
) -> None:
    table = book.tables[name]
    used = list(compress(range(len(table)), table.used))
    columns: dict[str, Any] = {"customer": list(compress(customer, table.used)), "line": used}
    for key in raw:
        field = fields(name)["date" if key == "day" else key]
        held = table.held(field.key)
        if isinstance(held, Numbers):
            columns[key] = held.kept(table.used)
            continue
        # a column the file does not have means what its blank cells would
        values = table.column(field.key, lists()[field.list_key].blank_code if field.coded else None)
        if field.kind == "list" and not field.coded:
            values = places(book, field, values)
        counting = compress(values, table.used)
        whole = field.kind == "number"
        columns[key] = [math.floor(value or 0) if whole else value or 0 for value in counting]
    _load(db, f"{name}_rows", columns)


def _columns(
    db: duckdb.DuckDBPyConnection, table: str, order: str = "1", rows: int = 1, only: Sequence[str] = ()
) -> dict[str, Column]:
    """The columns of a table of about so many rows as lists; null is None."""
    kinds = {name: kind for name, kind, *_ in db.execute(f"DESCRIBE {table}").fetchall()}
    kinds = {name: kinds[name] for name in only or kinds}
    if rows * len(kinds) > MANY_CELLS:
        # the sums are wider than an array's whole numbers, and would be rounded
        chosen = [f"{name}::BIGINT AS {name}" if kind == "HUGEINT" else name for name, kind in kinds.items()]
        found = db.execute(f"SELECT {', '.join(chosen)} FROM {table} ORDER BY {order}").fetchnumpy()
        return {name: values.tolist() for name, values in found.items()}
    lines = db.execute(f"SELECT {', '.join(kinds)} FROM {table} ORDER BY {order}").fetchall()
    columns = map(list, zip(*lines, strict=True)) if lines else ([] for _ in kinds)
    return dict(zip(kinds, columns, strict=True))
