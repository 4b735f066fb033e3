"""An empty book needs no engine: what is known of it is what the engine would find."""

from __future__ import annotations

import pytest

from sheetkit.analysis.engine import measure
from sheetkit.analysis.identity import identify
from sheetkit.analysis.measured import Measured
from sheetkit.model.book import Book
from sheetkit.rules.rulebook import rulebook

KINDS = sorted(next(iter(rulebook().thresholds.values())).presets)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_measured_as_the_engine_measures_it(kind: str) -> None:
    rules, empty = rulebook(), Book.empty("xianyu", "zh")
    limits = rules.in_force(kind, {})
    found = measure(empty, identify(empty), rules, tuple(rules.dimensions), limits, 46_000)
    assert Measured.of_nothing(rules, limits) == found
    assert found.figures["deals"] == 0
    assert found.figures["median_deal"] is None
