"""Addresses for the rulebook's formulas: the reading ``rules.excel`` asks where things stand, and this
answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sheetkit.rules import excel
from sheetkit.rules.rulebook import Fact, Rulebook
from sheetkit.rules.tree import Expr, Metric, ModeShare, Opens, Quantile, Source
from sheetkit.writing.live.column import Formula
from sheetkit.writing.live.layout import FIRST_ROW, Layout

FilterKey = tuple[str, Expr, Expr | None]


def filter_key(measure: Quantile | ModeShare) -> FilterKey:
    """Quantiles over the same values share one helper column."""
    return measure.table, measure.value, measure.where


def filters_of(filters: Mapping[FilterKey, str], block: str) -> list[tuple[str, Quantile]]:
    """(key, what it filters) of the filter columns that stand in a block of the helper sheet."""
    table, zero = ("customers" if block == "people" else block), Metric("", False)
    return [
        (key, Quantile(table, value, zero, where, False))
        for (owner, value, where), key in filters.items()
        if owner == table
    ]


@dataclass(frozen=True)
class HelperPlaces:
    """The addresses of one helper row (``row``, counted from 1) or of the whole shop (``shop``).

    ``filters``: {what a quantile filters: its column's key in the block of its rows}.
    """

    layout: Layout
    rulebook: Rulebook
    filters: Mapping[FilterKey, str]
    row: int = FIRST_ROW
    shop: bool = False

    def today(self) -> str:
        """The analysis date."""
        return "analysis_date"

    def threshold(self, key: str) -> str:
        """A limit in force, by its defined name."""
        return key

    def figure(self, key: str) -> str:
        """The shop's figure in the block ``figures``."""
        at = FIRST_ROW + list(self.rulebook.figures).index(key)
        letter = self.layout.letter("figures", "value")
        return f"${letter}${at}"

    def metric(self, key: str) -> str:
        """The metric of the customer in this row."""
        return f"${self.layout.letter('people', key)}{self.row}"

    def customer_field(self, key: str) -> str:
        """What was typed about the customer in this row."""
        return f"${self.layout.letter('people', f'field_{key}')}{self.row}"

    def row_column(self, table: Source, key: str) -> str:
        """A column of the sorted row at hand; a fact is written out in place."""
        fact = self._fact(table, key)
        if fact is not None:
            return excel.as_number(fact.expr, self)
        return self.layout.cell(table, key, self.row)

    def column(self, table: Source, key: str) -> str:
        """A column over the customer's rows, or the shop's; a fact is written out in place."""
        fact = self._fact(table, key)
        if fact is not None:
            return excel.over_rows(fact.expr, self)
        if table == "customers":
            return self.layout.column("people", key, self.layout.capacity.customers)
        if self.shop:
            return self.layout.column(table, key, self.layout.capacity.rows(table))
        return self._span(table, key)

    def present(self, table: Source) -> str:
        """What is positive where a row (or customer) exists."""
        return self.column(table, "present" if table == "customers" else "day")

    def filtered(self, measure: Quantile | ModeShare) -> str:
        """The helper column behind a quantile: the customer's own rows of it, or all."""
        block, count = "people", self.layout.capacity.customers
        if measure.table != "customers" and not self.shop:
            return self._span(measure.table, self.filters[filter_key(measure)])
        if measure.table != "customers":
            block, count = measure.table, self.layout.capacity.rows(measure.table)
        return self.layout.column(block, self.filters[filter_key(measure)], count)

    def at(self, row: int) -> HelperPlaces:
        """These places with another row at hand."""
        return replace(self, row=row, shop=False)

    def filter_formula(self, block: str, measure: Quantile) -> Formula:
        """The column of a quantile's values: a row's value where it exists and counts, else ""."""

        def formula(row: int) -> str:
            exists = f"${self.layout.letter(block, 'present' if block == 'people' else 'day')}{row}>0"
            return f'IF({exists},{excel.filter_value(measure, self.at(row))},"")'

        return formula

    def _fact(self, table: Source, key: str) -> Fact | None:
        """The fact to be written out in place; one with its own column (``opens``) is a column."""
        if table == "customers":
            return None
        for fact in self.rulebook.facts[table]:
            if fact.key == key and not isinstance(fact.expr, Opens):
                return fact
        return None

    def _span(self, table: Source, key: str) -> str:
        """The rows of the customer at hand: a slice of the sorted block, or its row of zeros."""
        letter = self.layout.letter(table, key)
        ends = [
            f"INDEX(${letter}:${letter},${self.layout.letter('people', f'{table}_{end}')}{self.row})"
            for end in ("from", "to")
        ]
        return ":".join(ends)
