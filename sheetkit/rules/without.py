"""A rule where some tables have no rows: its counts and sums are 0, its other measures null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sheetkit.rules.tree import (
    Aggregate,
    Arithmetic,
    Coalesce,
    Compare,
    DaysSince,
    Expr,
    Extreme,
    Has,
    ModeShare,
    Nothing,
    Number,
    Quantile,
    Round,
    Source,
)

_NEVER = Compare("==", Number(0), Number(1))


def without_rows(expr: Expr, empty: Callable[[Source], bool]) -> Expr:
    """The tree with what it measures of the tables that are ``empty`` put in its place."""
    return _Reader(empty).read(expr)


class _Reader:
    def __init__(self, empty: Callable[[Source], bool]) -> None:
        self.empty = empty

    def read(self, expr: Expr) -> Expr:
        match expr:
            case Aggregate(fn="count" | "sum", table=table) if self.empty(table):
                return Number(0)
            case Aggregate(table=table) | Quantile(table=table) | ModeShare(table=table) if self.empty(table):
                return Nothing()
        changed = {one.name: self.part(getattr(expr, one.name)) for one in fields(expr)}
        return _plain(replace(expr, **changed))

    def part(self, value: Any) -> Any:
        if isinstance(value, Expr):
            return self.read(value)
        return tuple(map(self.part, value)) if isinstance(value, tuple) else value


def _plain(expr: Expr) -> Expr:
    """A node around a null as what it comes to, so that a null stands alone."""
    match expr:
        case Compare(left=Nothing()) | Compare(right=Nothing()) | Has(part=Nothing()):
            return _NEVER
        case Arithmetic(left=Nothing()) | Arithmetic(right=Nothing()):
            return Nothing()
        case DaysSince(part=Nothing()) | Round(part=Nothing()):
            return Nothing()
        case Coalesce(part=Nothing(), default=default):
            return default
        case Arithmetic(op="+", left=left, right=Number(value=0)):
            return left
        case Extreme(fn=fn, parts=parts) if Nothing() in parts:
            known = tuple(one for one in parts if one != Nothing())
            return Extreme(fn, known) if len(known) > 1 else known[0] if known else Nothing()
    return expr
