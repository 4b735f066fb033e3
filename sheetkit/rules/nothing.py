"""The shop's figures in a workbook without a row, which needs no query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sheetkit.rules.evaluate import function
from sheetkit.rules.rulebook import Rulebook
from sheetkit.rules.tree import Aggregate, Expr, Figure, ModeShare, Number, Quantile

_NULL = Figure("", True)


def figures_of_nothing(rulebook: Rulebook, thresholds: Mapping[str, float]) -> dict[str, float | None]:
    """Every figure where there is no trade, no contact and no customer; None is null."""
    found: dict[str, float | None] = {_NULL.key: None}
    for key in rulebook.order:
        if key in rulebook.figures:
            found[key] = function(_without_rows(rulebook.figures[key].expr), found, thresholds).of({})
    return {key: found[key] for key in rulebook.figures}


def _without_rows(part: Any) -> Any:
    """A tree whose counts and sums are 0 and whose other measures of rows are null."""
    match part:
        case Aggregate(fn="count" | "sum"):
            return Number(0)
        case Aggregate() | Quantile() | ModeShare():
            return _NULL
        case Expr():
            return replace(part, **{one.name: _without_rows(getattr(part, one.name)) for one in fields(part)})
        case tuple():
            return tuple(map(_without_rows, part))
    return part
