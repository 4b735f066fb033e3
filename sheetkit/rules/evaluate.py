"""The value of a tree in plain Python: what sentences, steps up and plans are made with.

A tree is written as a Python expression and compiled once, so that a condition can be asked of every customer
at the price of a function call. Only keys that the rule language has parsed as names stand in the text.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, repeat
from types import CodeType
from typing import Any, Protocol

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
    Nothing,
    Number,
    Round,
    Threshold,
    is_truth,
    walk,
)


class Values(Protocol):
    """What names stand for; None is null."""

    metrics: Mapping[str, float | None]
    figures: Mapping[str, float | None]
    thresholds: Mapping[str, float]


@dataclass(frozen=True)
class Function:
    """A tree as a function of the metrics ``names``, in that order."""

    names: tuple[str, ...]
    call: Callable[..., Any]

    def of(self, metrics: Mapping[str, float | None]) -> Any:
        """The value for one customer."""
        return self.call(*[metrics[name] for name in self.names])

    def over(self, columns: Mapping[str, Sequence[float | None]], length: int) -> Iterable[Any]:
        """The value for every customer of columns of this length."""
        if not self.names:
            return repeat(self.call(), length)
        return map(self.call, *(columns[name] for name in self.names))


def function(expr: Expr, figures: Mapping[str, float | None], thresholds: Mapping[str, float]) -> Function:
    """The tree under these figures and thresholds; gives a truth as True or False, a null as None."""
    names, used_figures, used_thresholds, code = _compiled(expr)
    known: dict[str, Any] = {"__builtins__": {}, **_HELPERS}
    known |= {f"f_{key}": figures[key] for key in used_figures}
    known |= {f"t_{key}": thresholds[key] for key in used_thresholds}
    return Function(names, eval(code, known))


def number(expr: Expr, values: Values) -> float | None:
    """The value of a number tree over metrics, figures and thresholds; None where null, 1.0 for true."""
    found = function(expr, values.figures, values.thresholds).of(values.metrics)
    return float(found) if is_truth(expr) else found


def truth(expr: Expr, values: Values) -> bool:
    """The value of a condition; a comparison that meets a null is false."""
    return bool(function(expr, values.figures, values.thresholds).of(values.metrics))


@cache
def _compiled(expr: Expr) -> tuple[tuple[str, ...], frozenset[str], frozenset[str], CodeType]:
    metrics, figures, thresholds = (
        {part.key for part in walk(expr) if isinstance(part, kind)} for kind in (Metric, Figure, Threshold)
    )
    names = tuple(sorted(metrics))
    arguments = ", ".join(f"m_{name}" for name in names)
    text = f"lambda {arguments}: {_Writer().read(expr)}"
    return names, frozenset(figures), frozenset(thresholds), compile(text, "<rule>", "eval")


class _Writer:
    """Writes a tree as a Python expression; what is needed twice gets a name on the way."""

    def __init__(self) -> None:
        self.numbers = count()

    def read(self, expr: Expr) -> str:
        match expr:
            case Number(value=value):
                return repr(value)
            case Nothing():
                return "None"
            case Metric(key=key):
                return f"m_{key}"
            case Figure(key=key):
                return f"f_{key}"
            case Threshold(key=key):
                return f"t_{key}"
            case Arithmetic(op=op, left=left, right=right):
                return f"{_ARITHMETIC[op]}({self.plain(left)}, {self.plain(right)})"
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return f"({self.plain(then)} if {self.read(condition)} else {self.plain(otherwise)})"
            case Extreme(fn=fn, parts=parts):
                return f"{fn}({', '.join(map(self.plain, parts))})"
            case Round(part=part):
                return f"nearest({self.plain(part)})"
            case Coalesce(part=part, default=default):
                known, name = self.named(part)
                return f"({name} if {known} is not None else {self.plain(default)})"
        return self.truth(expr)

    def truth(self, expr: Expr) -> str:
        match expr:
            case Compare(op=op, left=left, right=right):
                known, names = [], []
                for part in (left, right):
                    constant = isinstance(part, Number | Threshold)
                    first, name = ("", self.read(part)) if constant else self.named(part)
                    known += [] if constant else [f"{first} is not None"]
                    names.append(name)
                return f"({' and '.join([*known, f'{names[0]} {op} {names[1]}'])})"
            case Logic(op=op, parts=parts):
                return f"({f' {op} '.join(map(self.read, parts))})"
            case Not(part=part):
                return f"(not {self.read(part)})"
            case Has(part=part):
                return f"({self.named(part)[0]} is not None)"
        raise TypeError(f"{type(expr).__name__} has no value for one customer")

    def plain(self, expr: Expr) -> str:
        """A truth as 1 or 0."""
        return f"(1.0 if {self.read(expr)} else 0.0)" if is_truth(expr) else self.read(expr)

    def named(self, expr: Expr) -> tuple[str, str]:
        """What to write at the first place of a value, and what at the second."""
        text = self.plain(expr)
        if text.isidentifier():
            return text, text
        name = f"x{next(self.numbers)}"
        return f"({name} := {text})", name


def _reckon(with_: Callable[[float, float], float]) -> Callable[[float | None, float | None], float | None]:
    return lambda one, two: None if one is None or two is None else float(with_(one, two))


def _divide(one: float | None, two: float | None) -> float | None:
    return None if one is None or not two else one / two


def _nearest(value: float | None) -> float | None:
    return None if value is None else math.copysign(math.floor(abs(value) + 0.5), value) + 0.0


def _extreme(best: Callable[[list[float]], float]) -> Callable[..., float | None]:
    def chosen(*parts: float | None) -> float | None:
        known = [part for part in parts if part is not None]
        return best(known) if known else None

    return chosen


_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_HELPERS: dict[str, Callable[..., float | None]] = {
    "add": _reckon(operator.add),
    "subtract": _reckon(operator.sub),
    "multiply": _reckon(operator.mul),
    "divide": _divide,
    "greatest": _extreme(max),
    "least": _extreme(min),
    "nearest": _nearest,
}
