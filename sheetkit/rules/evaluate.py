"""The value of a tree for one customer in plain Python: what sentences and steps up are made with."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Protocol

from sheetkit.rules.tree import (
    Arithmetic,
    Choose,
    Coalesce,
    Compare,
    Expr,
    Extreme,
    Figure,
    Has,
    Logic,
    Metric,
    Not,
    Number,
    Threshold,
)

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Values(Protocol):
    """What names stand for; None is null."""

    metrics: Mapping[str, float | None]
    figures: Mapping[str, float | None]
    thresholds: Mapping[str, float]


def number(expr: Expr, values: Values) -> float | None:
    """The value of a number tree over metrics, figures and thresholds; None where null."""
    match expr:
        case Number(value=value):
            return value
        case Metric(key=key):
            return values.metrics[key]
        case Figure(key=key):
            return values.figures[key]
        case Threshold(key=key):
            return values.thresholds[key]
        case Arithmetic(op=op, left=left, right=right):
            return _arithmetic(op, number(left, values), number(right, values))
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return number(then if truth(condition, values) else otherwise, values)
        case Extreme(fn=fn, parts=parts):
            known = [one for one in (number(part, values) for part in parts) if one is not None]
            return (max(known) if fn == "greatest" else min(known)) if known else None
        case Coalesce(part=part, default=default):
            known_value = number(part, values)
            return number(default, values) if known_value is None else known_value
    return 1.0 if truth(expr, values) else 0.0


def truth(expr: Expr, values: Values) -> bool:
    """The value of a condition; a comparison that meets a null is false."""
    match expr:
        case Compare(op=op, left=left, right=right):
            first, second = number(left, values), number(right, values)
            return first is not None and second is not None and _COMPARE[op](first, second)
        case Logic(op="and", parts=parts):
            return all(truth(part, values) for part in parts)
        case Logic(parts=parts):
            return any(truth(part, values) for part in parts)
        case Not(part=part):
            return not truth(part, values)
        case Has(part=part):
            return number(part, values) is not None
    raise TypeError(f"{type(expr).__name__} has no value for one customer")


def _arithmetic(op: str, first: float | None, second: float | None) -> float | None:
    if first is None or second is None or (op == "/" and second == 0):
        return None
    results = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
    return float(results[op](first, second))
