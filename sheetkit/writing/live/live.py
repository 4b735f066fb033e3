"""What every live sheet is written from: the layout, the helper's columns, their cached values, and the
look."""

from __future__ import annotations

from dataclasses import dataclass

from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.rules.rulebook import Rulebook
from sheetkit.writing.live.cached import Cached, Typed, Value
from sheetkit.writing.live.helper import Helper
from sheetkit.writing.live.layout import FIRST_ROW, Layout
from sheetkit.writing.live.owed import owed_rows
from sheetkit.writing.look import Look


@dataclass(frozen=True)
class Live:
    """Shared by the writers of 今天, 客户分类, 客户档案 and 看板.

    ``as_of``: the analysis date's day number, the value of the defined name ``analysis_date``.
    """

    look: Look
    layout: Layout
    helper: Helper
    cached: Cached
    typed: Typed
    rulebook: Rulebook
    as_of: int

    @property
    def lang(self) -> Lang:
        """The workbook's language."""
        return self.layout.lang

    @property
    def blueprint(self) -> Blueprint:
        """The template."""
        return self.layout.blueprint

    def column(self, block: str, key: str) -> str:
        """A whole helper column as formulas of other sheets name it."""
        counts = {
            "people": self.layout.capacity.customers,
            "figures": len(self.rulebook.figures),
            "owed": owed_rows(self.layout),
        }
        table = block.removesuffix("_in")
        count = counts.get(block) or self.layout.capacity.rows(table)
        return self.layout.outside(block, key, count)

    def figure(self, key: str) -> tuple[str, Value]:
        """A figure's cell as other sheets name it, and its value."""
        at = list(self.rulebook.figures).index(key)
        letter = self.layout.letter("figures", "value")
        return f"{self.layout.helper}!${letter}${FIRST_ROW + at}", self.cached.column("figures", "value")[at]

    def person(self, key: str, at: int) -> Value:
        """The cached value of a customer's helper column; ``at`` counts customers from 0."""
        values = self.cached.column("people", key)
        return values[at] if at < len(values) else ""
