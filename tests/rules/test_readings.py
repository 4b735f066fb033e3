"""Every node read as SQL, evaluated in Python, and worked out here by other means: the same value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import duckdb
import pytest

from sheetkit.rules import evaluate, sql
from sheetkit.rules.tree import (
    Aggregate,
    Arithmetic,
    Choose,
    Coalesce,
    Compare,
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
    Quantile,
    Round,
    RowColumn,
    Threshold,
    Today,
    is_truth,
    nullable,
    walk,
)
from sheetkit.rules.words import Person

TODAY = 1000
METRICS = {"a": False, "b": True, "c": True}
AMOUNT, KIND, DAY = (RowColumn("trades", key, False) for key in ("amount", "kind", "day"))
SALE = RowColumn("trades", "sale", True)


def drawn_number(random: Random, depth: int) -> Expr:
    leaves: list[Expr] = [
        Number(random.choice((-2, 0, 1, 2.5))), Threshold("t"), Figure("f", True),
        *(Metric(key, flag) for key, flag in METRICS.items()),
    ]  # fmt: skip
    if depth == 0:
        return random.choice(leaves)
    one, two, three = (drawn_number(random, depth - 1) for _ in range(3))
    return random.choice(
        (
            random.choice(leaves),
            Arithmetic(
                random.choice(("+", "-", "*", "/")), one, random.choice((two, drawn_truth(random, depth - 1)))
            ),
            Choose(drawn_truth(random, depth - 1), one, two),
            Extreme(random.choice(("greatest", "least")), (one, two, three)),
            Coalesce(one, two),
            Round(one),
        )
    )


def drawn_truth(random: Random, depth: int) -> Expr:
    if depth == 0:
        return Compare(
            random.choice(("<", "<=", ">", ">=", "==", "!=")),
            drawn_number(random, 0),
            drawn_number(random, 0),
        )
    one, two = drawn_truth(random, depth - 1), drawn_truth(random, depth - 1)
    compared = Compare(
        random.choice(("<", "<=", ">", ">=", "==", "!=")),
        drawn_number(random, depth - 1),
        drawn_number(random, depth - 1),
    )
    return random.choice(
        (
            Not(one),
            Logic("and", (one, two)),
            Logic("or", (one, two)),
            Has(drawn_number(random, depth - 1)),
            compared,
        )
    )


def plain(expr: Expr, at: dict[str, float | None]) -> float | None:
    """The value worked out with None as null and 1 / 0 as truth, without a line of the product."""
    match expr:
        case Number(value=value):
            return value
        case Threshold(key=key) | Figure(key=key) | Metric(key=key):
            return at[key]
        case Has(part=part):
            return float(plain(part, at) is not None)
        case Not(part=part):
            return 1.0 - (plain(part, at) or 0)
        case Logic(op=op, parts=parts):
            held = [bool(plain(part, at)) for part in parts]
            return float(all(held) if op == "and" else any(held))
        case Round(part=part):
            value = plain(part, at)
            return None if value is None else float(Decimal(value).to_integral_value(ROUND_HALF_UP))
        case Coalesce(part=part, default=default):
            first = plain(part, at)
            return plain(default, at) if first is None else first
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return plain(then if plain(condition, at) else otherwise, at)
        case Extreme(fn=fn, parts=parts):
            known = sorted(one for one in (plain(part, at) for part in parts) if one is not None)
            return (known[-1] if fn == "greatest" else known[0]) if known else None
        case Compare(op=op, left=left, right=right):
            return compared(op, plain(left, at), plain(right, at))
        case Arithmetic(op=op, left=left, right=right):
            return reckoned(op, plain(left, at), plain(right, at))
    raise TypeError(type(expr).__name__)


def compared(op: str, one: float | None, two: float | None) -> float:
    if one is None or two is None:
        return 0.0
    tests = {
        "<": one < two,
        "<=": one <= two,
        ">": one > two,
        ">=": one >= two,
        "==": one == two,
        "!=": one != two,
    }
    return float(tests[op])


def reckoned(op: str, one: float | None, two: float | None) -> float | None:
    if one is None or two is None or (op == "/" and two == 0):
        return None
    return one / two if op == "/" else {"+": one + two, "-": one - two, "*": one * two}[op]


def test_evaluated_queried_and_worked_out_are_one() -> None:
    random = Random(20)
    trees = [random.choice((drawn_number, drawn_truth))(random, random.choice((1, 2, 3))) for _ in range(400)]
    kinds = {type(part) for tree in trees for part in walk(tree)}
    assert kinds == {
        Number, Threshold, Figure, Metric, Has, Not, Logic, Coalesce, Choose, Extreme, Compare, Arithmetic,
        Round,
    }  # fmt: skip
    people = [
        (random.choice((0, 1, 3)), random.choice((None, 0, 2)), random.choice((None, -1, 2.5)))
        for _ in range(12)
    ]
    chosen = ", ".join(f"{sql.as_number(tree)} AS x{at}" for at, tree in enumerate(trees))
    with duckdb.connect(":memory:") as db:
        db.execute("CREATE TABLE m (n INTEGER, a DOUBLE, b DOUBLE, c DOUBLE)")
        for at, person in enumerate(people):
            db.execute("INSERT INTO m VALUES (?, ?, ?, ?)", [at, *person])
        for figure in (None, 2.0):
            db.execute("CREATE OR REPLACE TABLE f AS SELECT ?::DOUBLE AS f", [figure])
            db.execute("CREATE OR REPLACE TABLE p AS SELECT 2.0::DOUBLE AS t, 1000::BIGINT AS today")
            rows = db.execute(f"SELECT {chosen} FROM m CROSS JOIN f CROSS JOIN p ORDER BY m.n").fetchall()
            for person, answers in zip(people, rows, strict=True):
                values: dict[str, float | None] = {
                    **dict(zip("abc", person, strict=True)),
                    "f": figure,
                    "t": 2.0,
                }
                known = Person(values, {"f": figure}, {"t": 2.0})
                for tree, answer in zip(trees, answers, strict=True):
                    expected = plain(tree, values)
                    assert answer == expected, tree
                    assert evaluate.number(tree, known) == expected, tree
                    if is_truth(tree):
                        assert evaluate.truth(tree, known) is bool(expected)
                    assert expected is not None or nullable(tree), tree


ROWS = tuple[int, int, int, int, int]
"""customer, line, day, amount, kind"""
WHERES: list[Expr | None] = [
    None,
    SALE,
    Logic("and", (SALE, Compare(">", AMOUNT, Number(0)))),
    Logic("or", (Compare("==", KIND, Number(2)), Compare("<", AMOUNT, Threshold("t")))),
    Not(SALE),
    Compare("<=", Arithmetic("-", Today(), DAY), Number(50)),
]


def holds(where: Expr | None, row: ROWS) -> bool:
    _, _, day, amount, kind = row
    tests = [True, kind == 1, kind == 1 and amount > 0, kind == 2 or amount < 2, kind != 1, TODAY - day <= 50]
    return tests[WHERES.index(where)]


@pytest.fixture(scope="module")
def ledger() -> Iterable[tuple[duckdb.DuckDBPyConnection, list[ROWS]]]:
    random, ago = Random(5), (0, 1, 2, 3, 4, 50, 51, 99)
    rows = [
        (random.randrange(6), line, TODAY - random.choice(ago), random.randrange(-3, 6), random.randrange(3))
        for line in range(160)
    ]
    with duckdb.connect(":memory:") as db:
        db.execute("CREATE TABLE p AS SELECT 1000::BIGINT AS today, 2.0::DOUBLE AS t, 50.0::DOUBLE AS w")
        db.execute(
            "CREATE TABLE r (customer BIGINT, line INT, day BIGINT, amount BIGINT, kind BIGINT, sale BIGINT)"
        )
        db.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?)", [(*row, int(row[4] == 1)) for row in rows])
        yield db, rows


@pytest.mark.parametrize("where", WHERES)
@pytest.mark.parametrize("within", [None, Threshold("w")])
def test_aggregates(
    ledger: tuple[duckdb.DuckDBPyConnection, list[ROWS]], where: Expr | None, within: Expr | None
) -> None:
    db, rows = ledger
    kept = [row for row in rows if holds(where, row) and (within is None or TODAY - row[2] <= 50)]
    asked = {
        "count": (Aggregate("count", "trades", None, where, within), len),
        "sum": (Aggregate("sum", "trades", AMOUNT, where, within), sum),
        "truths": (Aggregate("sum", "trades", SALE, where, within), None),
        "max": (Aggregate("max", "trades", AMOUNT, where, within), lambda values: max(values, default=None)),
        "min": (Aggregate("min", "trades", AMOUNT, where, within), lambda values: min(values, default=None)),
    }
    for customer in (*range(6), 9):
        amounts = [row[3] for row in kept if row[0] == customer]
        for name, (tree, work_out) in asked.items():
            (answer,) = db.execute(
                f"SELECT {sql.aggregate(tree)} FROM r CROSS JOIN p WHERE customer = {customer}"
            ).fetchall()[0]
            sales = sum(row[4] == 1 for row in kept if row[0] == customer)
            assert answer == (sales if work_out is None else work_out(amounts)), name
    nobody = Aggregate("max", "trades", AMOUNT, Logic("and", (SALE, Not(SALE))), within)
    assert db.execute(f"SELECT {sql.aggregate(nobody)} FROM r CROSS JOIN p").fetchall() == [(None,)]


@pytest.mark.parametrize("where", WHERES)
def test_quantiles_and_modes(
    ledger: tuple[duckdb.DuckDBPyConnection, list[ROWS]], where: Expr | None
) -> None:
    db, rows = ledger
    values = sorted(row[3] for row in rows if holds(where, row))
    for percent in (1, 20, 33, 50, 75, 80, 99, 100):
        at = math.ceil(percent * len(values) / 100) - 1
        for top in (False, True):
            tree = Quantile("trades", AMOUNT, Number(percent), where, top)
            (answer,) = db.execute(f"SELECT {sql.ranked(tree, 'r CROSS JOIN p')}").fetchall()[0]
            assert answer == (values[::-1] if top else values)[at]
    (share,) = db.execute(
        f"SELECT {sql.ranked(ModeShare('trades', AMOUNT, where), 'r CROSS JOIN p')}"
    ).fetchall()[0]
    assert share == max(Counter(values).values()) / len(values)
    each = sql.share_of_each(ModeShare("trades", AMOUNT, where), "r CROSS JOIN p")
    expected = {}
    for customer in {row[0] for row in rows if holds(where, row)}:
        own = [row[3] for row in rows if row[0] == customer and holds(where, row)]
        expected[customer] = max(Counter(own).values()) / len(own)
    assert dict(db.execute(each).fetchall()) == expected


def test_a_quantile_of_nothing_is_null(ledger: tuple[duckdb.DuckDBPyConnection, list[ROWS]]) -> None:
    never = Logic("and", (SALE, Not(SALE)))
    for tree in (Quantile("trades", AMOUNT, Number(50), never, False), ModeShare("trades", AMOUNT, never)):
        assert ledger[0].execute(f"SELECT {sql.ranked(tree, 'r CROSS JOIN p')}").fetchall() == [(None,)]


@pytest.mark.parametrize("gap", [0, 1, 3, 60])
def test_what_opens_a_visit(ledger: tuple[duckdb.DuckDBPyConnection, list[ROWS]], gap: int) -> None:
    db, rows = ledger
    opened = sql.as_number(Opens(SALE, Number(gap)))
    query = f"SELECT line FROM (SELECT line, {opened} AS o FROM r CROSS JOIN p) WHERE o = 1"
    sales = sorted((row[0], row[2], row[1]) for row in rows if row[4] == 1 and row[0] > 0)
    expected = {
        line
        for customer, day, line in sales
        if not any(
            one == customer and (day - gap <= other < day or (other == day and before < line))
            for one, other, before in sales
        )
    }
    assert {line for (line,) in db.execute(query).fetchall()} == expected
    assert 0 < len(expected) < len(sales)


def test_days_since_are_never_negative() -> None:
    tree = DaysSince(Metric("d", True))
    with duckdb.connect(":memory:") as db:
        db.execute("CREATE TABLE m AS SELECT unnest([990, 1000, 1001, NULL]) AS d")
        db.execute("CREATE TABLE p AS SELECT 1000::BIGINT AS today")
        answers = db.execute(
            f"SELECT {sql.sql(tree)}, {sql.as_number(Has(Metric('d', True)))} FROM m CROSS JOIN p"
        ).fetchall()
    assert answers == [(10, 1), (0, 1), (0, 1), (None, 0)]
