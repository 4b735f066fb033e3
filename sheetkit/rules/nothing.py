"""The shop's figures in a workbook without a row, which needs no query."""

from __future__ import annotations

from collections.abc import Mapping

from sheetkit.rules.evaluate import function
from sheetkit.rules.rulebook import Rulebook
from sheetkit.rules.without import without_rows


def figures_of_nothing(rulebook: Rulebook, thresholds: Mapping[str, float]) -> dict[str, float | None]:
    """Every figure where no table has a row; None is null."""
    found: dict[str, float | None] = {}
    for key in rulebook.order:
        if key in rulebook.figures:
            expr = without_rows(rulebook.figures[key].expr, lambda table: True)
            found[key] = function(expr, found, thresholds).of({})
    return {key: found[key] for key in rulebook.figures}
