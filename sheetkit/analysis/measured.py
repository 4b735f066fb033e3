"""What the rulebook says of a book: the engine measures it, and of an empty book it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sheetkit.model.book import Column
from sheetkit.rules.nothing import figures_of_nothing
from sheetkit.rules.rulebook import Rulebook


@dataclass(frozen=True)
class Measured:
    """``customers``: {metric or dimension key: values in number order}, plus ``number``; ``figures``: the
    shop's;
    ``trades``: {fact: values} of the used trades, in row order, plus ``day``, ``customer`` and ``line`` (its
    index in the table)."""

    customers: dict[str, Column]
    figures: dict[str, float | None]
    trades: dict[str, Column]

    @classmethod
    def of_nothing(cls, rulebook: Rulebook, thresholds: Mapping[str, float]) -> Measured:
        """What the engine measures in a book without a row, without waiting for the engine."""
        facts = (fact.key for fact in rulebook.facts["trades"])
        return cls(
            {key: [] for key in ("number", *rulebook.metrics, *rulebook.dimensions)},
            figures_of_nothing(rulebook, thresholds),
            {key: [] for key in ("customer", "line", "day", *facts)},
        )
