"""The nodes of a rule. A tree is frozen and fully resolved: every name in it is known to be one thing.

Two kinds of value exist: numbers and truths. A number may be *null* (nothing to measure). A comparison
that meets a
null is false; arithmetic that meets a null is null; counts and sums are never null.
Row columns are never null: a blank cell is 0 in helper sheet and query alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

Operator = Literal["<", "<=", ">", ">=", "==", "!="]
Source = str
"""The key of a table: one whose rows rules read, or ``customers``."""


@dataclass(frozen=True)
class Expr:
    """Base of all nodes."""


@dataclass(frozen=True)
class Number(Expr):
    """A literal."""

    value: float


@dataclass(frozen=True)
class Nothing(Expr):
    """A null, by itself: a measure that this template has nothing for. It stands inside no other node."""


@dataclass(frozen=True)
class Today(Expr):
    """The analysis date's day number."""


@dataclass(frozen=True)
class RowColumn(Expr):
    """A column or fact of the row at hand."""

    table: Source
    key: str
    truth: bool


@dataclass(frozen=True)
class CustomerField(Expr):
    """What was typed about the customer on 基本信息; null where blank."""

    key: str


@dataclass(frozen=True)
class Metric(Expr):
    """A metric of the customer at hand."""

    key: str
    nullable: bool


@dataclass(frozen=True)
class Figure(Expr):
    """A figure of the whole shop."""

    key: str
    nullable: bool


@dataclass(frozen=True)
class Threshold(Expr):
    """A setting's value in force; never null."""

    key: str


@dataclass(frozen=True)
class Compare(Expr):
    """A comparison of two numbers; false where one of them is null."""

    op: Operator
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Logic(Expr):
    """``and`` / ``or`` over two or more truths."""

    op: Literal["and", "or"]
    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Not(Expr):
    """The opposite of a truth."""

    part: Expr


@dataclass(frozen=True)
class Arithmetic(Expr):
    """``+ - * /``; a division by zero is null. A truth counts as 1 or 0."""

    op: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Choose(Expr):
    """``then`` where the condition is true, else ``otherwise``."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Extreme(Expr):
    """The greatest or least of several numbers, nulls passed over; null where all are."""

    fn: Literal["greatest", "least"]
    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Coalesce(Expr):
    """The part, or ``default`` where it is null."""

    part: Expr
    default: Expr


@dataclass(frozen=True)
class Has(Expr):
    """True where the part is not null."""

    part: Expr


@dataclass(frozen=True)
class Round(Expr):
    """The nearest whole number, a half away from zero; null where the part is null."""

    part: Expr


@dataclass(frozen=True)
class DaysSince(Expr):
    """Whole days from a day to the analysis date, at least 0; null where the day is null."""

    part: Expr


@dataclass(frozen=True)
class Aggregate(Expr):
    """``count``, ``sum``, ``min`` or ``max`` over the rows of the customer at hand (or, in a shop figure,
    of the shop).

    ``within``: only rows at most so many days before the analysis date. min and max of no row are null.
    """

    fn: Literal["count", "sum", "min", "max"]
    table: Source
    value: Expr | None
    where: Expr | None
    within: Expr | None


@dataclass(frozen=True)
class Quantile(Expr):
    """The nearest-rank quantile: the ceil(percent·n/100)-th smallest value (``top``: largest) where the
    condition holds.

    Null where there is no value. ``percent`` must lie between 1 and 100.
    """

    table: Source
    value: Expr
    percent: Expr
    where: Expr | None
    top: bool


@dataclass(frozen=True)
class ModeShare(Expr):
    """The share of the commonest value among the values where the condition holds; null where there is none.

    For a customer: among her own rows; in a figure: among all rows of the shop.
    """

    table: Source
    value: Expr
    where: Expr | None


@dataclass(frozen=True)
class Opens(Expr):
    """True for a trade that opens a visit: it qualifies, it has a customer, and the same customer has no
    qualifying
    trade in the ``gap`` days before it nor in an earlier row of the same day."""

    where: Expr
    gap: Expr


def children(expr: Expr) -> Iterator[Expr]:
    """The direct parts of a node."""
    for one in fields(expr):
        value = getattr(expr, one.name)
        if isinstance(value, Expr):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Expr))


def walk(expr: Expr) -> Iterator[Expr]:
    """A node and everything below it."""
    yield expr
    for part in children(expr):
        yield from walk(part)


def is_truth(expr: Expr) -> bool:
    """Whether a node's value is a truth rather than a number."""
    if isinstance(expr, RowColumn):
        return expr.truth
    return isinstance(expr, Compare | Logic | Not | Has | Opens)


def nullable(expr: Expr) -> bool:
    """Whether a node's value can be null."""
    match expr:
        case Metric(nullable=flag) | Figure(nullable=flag):
            return flag
        case CustomerField() | Quantile() | ModeShare() | Nothing():
            return True
        case Aggregate(fn=fn):
            return fn in ("min", "max")
        case Arithmetic(op=op, left=left, right=right):
            return op == "/" or nullable(left) or nullable(right)
        case Choose(then=then, otherwise=otherwise):
            return nullable(then) or nullable(otherwise)
        case Extreme(parts=parts):
            return all(nullable(part) for part in parts)
        case Coalesce(default=default):
            return nullable(default)
        case DaysSince(part=part) | Round(part=part):
            return nullable(part)
        case _:
            return False
