"""A Book: what a file held, typed. A table is a dict of typed column lists plus where each row came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.currencies import counted_in, usual
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.findings import Finding
from sheetkit.model.overlay import Own, in_force, using
from sheetkit.model.sameness import Tick


class Checked(NamedTuple):
    """A row of an earlier run's list of problem cells: where, what was typed there, what to put for it, and
    the mark beside it, "" for none."""

    where: str
    typed: str
    suggestion: str
    mark: str


CurrencyFrom = Literal["settings", "exports", "signs", "language"]
Column = list[Any]
"""Values of one column in row order; None is blank. The value types are stated at ``model.fields.Field``."""


class Columns(MutableMapping[str, Column]):
    """Columns as they were read, a long one in a compact form: it becomes a list when it is asked for."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._held = dict(columns)

    def held(self, key: str) -> Sequence[Any] | None:
        """A column as it is held, to be read only."""
        return self._held.get(key)

    def __getitem__(self, key: str) -> Column:
        values = self._held[key]
        if not isinstance(values, list):
            values = self._held[key] = list(values)
        return values

    def __setitem__(self, key: str, values: Column) -> None:
        self._held[key] = values

    def __delitem__(self, key: str) -> None:
        del self._held[key]

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


@dataclass
class Table:
    """Rows of one kind, from one or several sheets.

    ``columns``: {field key: values}; a field the file does not have is absent.
    ``extras``: the seller's own columns, {header as typed: values as text}.
    ``sheet``/``row``: per row, the sheet's name and its 1-based row in the file.
    ``used``: per row, False where the row was set aside (a finding says why).
    ``repaired``: per row, True where a cell was read otherwise than typed (the live formulas leave such a
    row out).
    """

    columns: MutableMapping[str, Column] = field(default_factory=dict)
    extras: MutableMapping[str, list[str]] = field(default_factory=dict)
    sheet: list[str] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    used: list[bool] = field(default_factory=list)
    repaired: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.row)

    def column(self, key: str, default: Any = None) -> Column:
        """The values of ``key``; a list of ``default`` where the file has no such column."""
        return self.columns.get(key) or [default] * len(self)

    def held(self, key: str) -> Sequence[Any] | None:
        """The values of ``key`` to be read only, in the form they are held in; None for no such column."""
        return self.columns.held(key) if isinstance(self.columns, Columns) else self.columns.get(key)


class Apart(NamedTuple):
    """Orders in a currency that cannot be added to the others, and their cents."""

    currency: str
    orders: int
    cents: int


def by_currency(apart: Iterable[Apart]) -> tuple[Apart, ...]:
    """One for each currency."""
    orders, cents = Counter[str](), Counter[str]()
    for one in apart:
        orders[one.currency] += one.orders
        cents[one.currency] += one.cents
    return tuple(Apart(code, orders[code], cents[code]) for code in sorted(orders))


@dataclass(frozen=True)
class Total:
    """Control totals of one table: rows read = rows used + rows set aside; amounts (cents) likewise.

    Amounts count cells that could be read as money; ``unreadable`` counts amount cells that could not.
    ``rows_repaired`` and ``cents_repaired``: of what is used, the rows with a cell read otherwise than typed.
    ``rows_joined``: of what is used, lines of an export that are further items of an order already counted.
    ``apart``: of what is set aside, orders in other currencies than the book's; their cents are in no
    other sum.
    """

    table: TableKey
    rows_read: int
    rows_used: int
    rows_set_aside: int
    cents_read: int = 0
    cents_used: int = 0
    cents_set_aside: int = 0
    unreadable: int = 0
    rows_repaired: int = 0
    cents_repaired: int = 0
    rows_joined: int = 0
    apart: tuple[Apart, ...] = ()


@dataclass
class SheetPlace:
    """Where a table's sheet stands in the file: name, header row (1-based), {field key: column letter}."""

    table: TableKey
    sheet: str
    header_row: int
    letters: dict[str, str]


@dataclass
class Book:
    """Everything read from the input.

    ``own``: the template of the seller's own that the workbook carries, to be in force wherever it is read.
    ``template``: the key of its blueprint; ``more``: tables it has beside those of that blueprint.
    ``listed``: {list key: {label in lower case: its place on the workbook's own list sheet, from 1}}.
    ``settings``: {threshold key: own value typed on the settings sheet}; ``shop_kind`` the key or "".
    ``currency``: the code of what amounts are counted in; ``currency_from``: whether the settings say so, the
    exports it is made of, the signs beside the amounts (a guess), or nothing but the language (a guess).
    ``setting_cells``: {key: (sheet, cell) where the own value of a threshold is typed}.
    ``goals``: {goal key: number}. ``as_of_cell``: the day typed as analysis date, or None.
    ``results``: what was picked on 今天 as done, {cell: the words that name the row}.
    ``plan``: what was typed into an earlier run's plan, {stable key: {column key: text}}.
    ``same``: her answers to whether two names are one person.
    ``added``: the sheets of an earlier run that the file holds, {key of ADDED_SHEETS: name}.
    ``run``: the rows of that run's record. ``written_in``: the rows (from 1) of those sheets that hold
    something which the run did not write and the next one would not keep, {key: rows}.
    ``kept``: sheets of still earlier runs that were kept because she had written in them.
    ``marked``: the sheets that hold marks of an earlier run.
    ``checked``: the rows of that run's data check that bear a mark.
    ``fixes``: what was mended so far, rows of {column key: text}.
    ``plan_history``: earlier tasks that are gone but had something typed: rows of {column key: text}.
    """

    template: str
    lang: Lang
    tables: dict[TableKey, Table]
    more: tuple[TableKey, ...] = ()
    listed: dict[str, dict[str, int]] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)
    setting_cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    goals: dict[str, float] = field(default_factory=dict)
    shop_kind: str = ""
    currency: str = ""
    currency_from: CurrencyFrom = "language"
    as_of_cell: int | None = None
    results: dict[str, str] = field(default_factory=dict)
    places: list[SheetPlace] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    plan: dict[str, dict[str, str]] = field(default_factory=dict)
    plan_history: list[dict[str, str]] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    fixes: list[dict[str, str]] = field(default_factory=list)
    same: list[Tick] = field(default_factory=list)
    own: Own | None = None
    added: dict[str, str] = field(default_factory=dict)
    run: dict[str, str] = field(default_factory=dict)
    written_in: dict[str, list[int]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Without word of another, a book counts in the currency of its language."""
        self.currency = self.currency or usual(self.lang)

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Within it, the template of the seller's own is in force, and sums are shown in her currency."""
        with using(self.own), counted_in(self.currency):
            yield

    @property
    def blueprint(self) -> Blueprint:
        """The template it is read by."""
        with using(self.own):
            return blueprint(self.template, self.more)

    @classmethod
    def empty(cls, template: str, lang: Lang) -> Book:
        """A book without a row."""
        return cls(template, lang, {key: Table() for key in tables()}, own=in_force())
