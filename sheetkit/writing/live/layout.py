"""Where everything stands in the workbook: the entry sheets' columns and the helper sheet's blocks.

The helper sheet (计算) has its headings in row 1, a row of zeros in row 2 (what a customer without rows
points at), and its items from row 3 on. Its blocks stand side by side:

``stack``      every typed name: customers, then trades, then contacts, then the other tables with names
``home``       the customers sheet's aliases and ids
``trades_in``  one row per row of the trades sheet, in the seller's order
``trades``     the trades that count, sorted by customer, day and row
``contacts_in`` / ``contacts``  the same for the contacts, and so for each further table that rules read
``people``     one row a customer: her fields, the span of her rows, every metric, every class
``figures``    one row a figure of the shop
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from xlsxwriter.utility import quote_sheetname, xl_col_to_name  # type: ignore[import-untyped]

from sheetkit.edits.standing import Standing
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, SheetSpec
from sheetkit.model.fields import TableKey, tables

FIRST_ROW = 3
"""The helper sheet's first item row, counted from 1."""

HELPER_NAME = {"zh": "计算", "en": "Calc"}


@dataclass(frozen=True)
class Capacity:
    """How many rows the live formulas reach. Rows beyond are analysed all the same."""

    customers: int = 500
    trades: int = 5000
    contacts: int = 5000
    further: tuple[tuple[TableKey, int], ...] = ()

    def rows(self, table: TableKey) -> int:
        """The capacity of an entry sheet: of a further table what ``further`` says, else its room, but not
        more than the contacts have (the trades where its rows are no customer's)."""
        core = {"customers": self.customers, "trades": self.trades, "contacts": self.contacts}
        if table in core:
            return core[table]
        about = tables()[table]
        usual = min(about.room, self.contacts if about.people else self.trades)
        return dict(self.further).get(table, usual)


def entry_order(spec: SheetSpec) -> list[str]:
    """The column keys of an entry sheet from left to right; ``answer`` is the computed column of the
    trades."""
    keys = [one.key for one in spec.columns]
    return [*keys[: spec.front], "answer", *keys[spec.front :]] if spec.key == "trades" else keys


def _letters(spec: SheetSpec) -> dict[str, str]:
    return {key: xl_col_to_name(at) for at, key in enumerate(entry_order(spec))}


@dataclass
class Layout:
    """Addresses for formulas. Letters are handed out as blocks ask for them; nothing else writes the
    helper sheet.

    ``standing``: where things stand already, for a workbook that is there; else as the template has them.
    """

    blueprint: Blueprint
    lang: Lang
    capacity: Capacity
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    standing: Standing | None = None

    def __post_init__(self) -> None:
        held = self.standing.letters if self.standing else {}
        self.entry_letters = {
            spec.key: dict(held.get(spec.key) or _letters(spec))
            for spec in self.blueprint.sheets
            if spec.columns
        }

    @property
    def stacked(self) -> tuple[TableKey, ...]:
        """The tables whose names stand in the stack, in its order."""
        return self.blueprint.people_tables

    @property
    def stack_rows(self) -> int:
        """Rows of the stack of names."""
        return sum(map(self.capacity.rows, self.stacked))

    @property
    def helper_name(self) -> str:
        """The helper sheet's name."""
        return self.standing.helper if self.standing else HELPER_NAME[self.lang]

    @property
    def helper(self) -> str:
        """The helper sheet as formulas of other sheets name it."""
        return str(quote_sheetname(self.helper_name))

    def sheet(self, key: str) -> str:
        """A sheet of the blueprint as formulas name it."""
        return str(quote_sheetname(self.blueprint.sheet(key).labels[self.lang]))

    def has(self, table: TableKey, key: str) -> bool:
        """Whether an entry sheet has the column."""
        return key in self.entry_letters[table]

    def typed_column(self, table: TableKey, key: str) -> str:
        """A whole column of an entry sheet, by its defined name: a shared formula may not name a sheet."""
        if not self.has(table, key):
            raise KeyError(f"{table} has no column {key}")
        return f"col_{table}_{key}"

    def column_names(self) -> Iterator[tuple[str, str]]:
        """(defined name, what it refers to) of every column to fill: ``交易记录!$B:$B``."""
        for spec in self.blueprint.sheets:
            for one in spec.columns:
                letter = self.entry_letters[spec.key][one.key]
                yield f"col_{spec.key}_{one.key}", f"={self.sheet(spec.key)}!${letter}:${letter}"

    def typed(self, table: TableKey, key: str, line: str) -> str:
        """The typed cell of an entry sheet in row ``line`` (a formula)."""
        return f"INDEX({self.typed_column(table, key)},{line})"

    def add(self, block: str, keys: Iterable[str]) -> None:
        """Hand out the next letters of the helper sheet to the columns of a block."""
        for key in keys:
            self.letters[block, key] = xl_col_to_name(len(self.letters))

    def letter(self, block: str, key: str) -> str:
        """The letter of a helper column."""
        return self.letters[block, key]

    def cell(self, block: str, key: str, row: int) -> str:
        """A helper cell, for formulas of the helper sheet itself."""
        return f"{self.letters[block, key]}{row}"

    def column(self, block: str, key: str, count: int, first: int = FIRST_ROW) -> str:
        """``count`` rows of a helper column, for formulas of the helper sheet itself."""
        letter = self.letters[block, key]
        return f"${letter}${first}:${letter}${FIRST_ROW + count - 1}"

    def outside(self, block: str, key: str, count: int, first: int = FIRST_ROW) -> str:
        """The same for formulas of other sheets."""
        return f"{self.helper}!{self.column(block, key, count, first)}"

    def stack_row(self, table: TableKey) -> int:
        """The helper row at which a table's names begin in the stack."""
        before = sum(self.capacity.rows(one) for one in self.stacked[: self.stacked.index(table)])
        return FIRST_ROW + before

    def stack_part(self, key: str, table: TableKey) -> str:
        """A table's part of a stack column."""
        first = self.stack_row(table)
        letter = self.letters["stack", key]
        return f"${letter}${first}:${letter}${first + self.capacity.rows(table) - 1}"
