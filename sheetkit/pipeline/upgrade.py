"""upgrade: a filled workbook in, the same one out with what a newer or another template has beside."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sheetkit import __version__
from sheetkit.edits.present import Present, present
from sheetkit.edits.upgrade import Additions, Wanted, WantedList, additions, as_she_calls, standing
from sheetkit.errors import NothingToUpgrade, Permit, UnreadableError, UsageError
from sheetkit.intake import read_book, read_self
from sheetkit.intake.cells import Cell, column_of, number
from sheetkit.intake.meta import CALC, Meta
from sheetkit.intake.source import Source
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, blueprint, blueprint_names
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_date, to_day
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.lists import lists
from sheetkit.model.report import META_SHEET
from sheetkit.model.source import closest
from sheetkit.opc import Surgery
from sheetkit.opc.names import unused_sheet_name
from sheetkit.pipeline.opening import open_host
from sheetkit.pipeline.takes import renewal
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.blank import Plan, Rows, standing_workbook
from sheetkit.writing.lists_sheet import blocks
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.live.reading import measured_as_typed
from sheetkit.writing.settings import CURRENCY
from sheetkit.writing.sheet import Value

_CORE = ("customers", "trades", "contacts")


@dataclass(frozen=True)
class Upgraded:
    """``workbook``: None where nothing had to change. ``before``, ``now``: (template, version).

    ``added``: what came, by keys; ``names``: {sheet key: its name in the workbook}; ``labels``: {(table,
    column): heading}. ``renewed``: the names of computed sheets that are new. ``readers``: her sheets whose
    formulas read one of those. ``moved``: lists left alone because they no longer stand as they were written.
    """

    workbook: bytes | None
    lang: Lang
    before: tuple[str, str]
    now: tuple[str, str]
    template: Blueprint
    added: Additions
    names: Mapping[str, str]
    renewed: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def upgrade_file(
    data: bytes,
    name: str,
    *,
    to: str | None = None,
    more: Collection[TableKey] = (),
    lang: Lang | None = None,
    permits: Collection[Permit] = (),
) -> Upgraded:
    """The workbook as the template has it now. ``to``: another template; ``more``: further tables.

    Raises NothingToUpgrade for a workbook that sheetkit did not write, UnreadableError, UsageError.
    """
    for key in more:
        if key not in tables():
            raise UsageError("upgrade.unknown_table", name=key, meant=closest(key, tables()))
    host = open_host(data, permits)
    source, meta, spoken = read_self(data, name, lang=lang)
    if not meta.ours or not meta.values.get("template"):
        raise NothingToUpgrade("upgrade.not_ours", workbook_lang=spoken)
    if host.date1904:
        raise UnreadableError("upgrade.date1904")
    book = read_book(data, name, repair=False, lang=spoken, as_of=None)
    template = _template(meta, to, [*book.more, *more], book)
    there = present(source, meta, book, host.defined_names)
    if there.settings is None:
        raise UnreadableError("upgrade.settings_moved", sheet=there.sheets["settings"])
    return _Upgrade(host, source, meta, book, template, there).run()


def _template(meta: Meta, to: str | None, more: Sequence[TableKey], book: Book) -> Blueprint:
    """The template to come to, with every table that the workbook has already."""
    said = meta.values["template"]
    if to is None and said not in blueprint_names():
        raise UsageError("upgrade.own_template", template=said)
    usual = blueprint(to or said)
    held = [one.table for one in book.places]
    wanted = [key for key in tables() if key in {*more, *held} and not usual.has(key)]
    template = blueprint(to or said, tuple(wanted))
    stated = meta.values.get("version", "")
    if template.key == said and stated.isdecimal() and int(stated) > template.version:
        raise UsageError("upgrade.newer", version=stated, known=template.version)
    return template


class _Upgrade:
    """One workbook on its way to a template."""

    def __init__(
        self, host: Surgery, source: Source, meta: Meta, book: Book, template: Blueprint, there: Present
    ) -> None:
        self.host, self.source, self.meta, self.book = host, source, meta, book
        self.template, self.there = template, there
        self.lang = book.lang
        self.before = (meta.values["template"], meta.values.get("version", ""))
        self.now = (template.key, str(template.version))
        self.wanted = Wanted(
            template, self.lang, self._lists(), self._settings(), renewed=self.before != self.now
        )
        self.coming = additions(self.wanted, there)

    def _lists(self) -> tuple[WantedList, ...]:
        return tuple(
            WantedList(
                one.key,
                tuple((label, meaning) for label, meaning, _ in one.entries),
                by_label=one.coded and not one.meanings,
            )
            for one in blocks(self.template, self.lang)
        )

    def _settings(self) -> tuple[str, ...]:
        rules = rules_for(self.template).book
        figures = [key for key, one in rules.figures.items() if one.shown]
        return ("shop_kind", CURRENCY, *rules.goals, *rules.thresholds, *figures)

    @property
    def _is_up_to_date(self) -> bool:
        same = self.meta.values.get("sheetkit") == __version__ and self.before == self.now
        return same and not self.coming and {"calc", "meta"} <= self.there.sheets.keys()

    def run(self) -> Upgraded:
        """The workbook, or word that it is as it should be."""
        names = self._names()
        if self._is_up_to_date:
            return Upgraded(None, self.lang, self.before, self.now, self.template, self.coming, names)
        computed = [one.key for one in self.template.sheets if not one.columns]
        computed = [key for key in computed if key not in ("settings", "lists")]
        renewed = tuple(names[key] for key in computed if key in self.there.sheets)
        ours = {*names.values(), *self.book.added.values()}
        readers = (
            tuple(one for one in self.host.referenced_by([*renewed]) if one not in ours) if renewed else ()
        )
        self._renew(names, computed)
        return Upgraded(
            self.host.to_bytes(),
            self.lang,
            self.before,
            self.now,
            self.template,
            self.coming,
            names,
            renewed,
            readers,
            tuple(key for key in self.there.moved if key in {one.key for one in self.wanted.lists}),
        )

    def _names(self) -> dict[str, str]:
        """What each sheet is called: as by now, or by the template where that name is free."""
        usual = {one.key: one.labels[self.lang] for one in self.template.sheets}
        usual |= {"calc": CALC[self.lang], "meta": META_SHEET}
        names = {key: name for key, name in self.there.sheets.items() if key in usual}
        for key, label in usual.items():
            if key not in names:
                names[key] = unused_sheet_name(label, [*self.host.sheet_names, *names.values()])
        return names

    def _renew(self, names: Mapping[str, str], computed: Sequence[str]) -> None:
        called = as_she_calls(self.template, self.lang, self.there, names)
        where = standing(self.wanted, self.there, self.coming, names["calc"], self.host.first_free_column)
        day = self.book.as_of_cell or to_day(date.today())
        capacity = self._capacity()
        plan = Plan(
            called,
            self.lang,
            to_date(day),
            capacity,
            self._rows(capacity),
            shop_kind=self.book.shop_kind,
            standing=where,
            own={**self.book.settings, **self.book.goals},
            currency=self.book.currency,
        )
        book = _with_columns(_of_places(self.book, self.there), self.template)
        typed = measured_as_typed(book, called, day)
        donor = standing_workbook(plan, typed)
        coming = {*computed, *self.coming.sheets, "calc", "meta"}
        sheets = [names[key] for key in coming]
        rules = rules_for(self.template).book
        shown = {key for key, one in rules.figures.items() if one.shown}
        wanted = renewal(self.there, self.coming, where, sheets, capacity, set(rules.thresholds), shown)
        self.host.renew(donor, wanted)

    def _capacity(self) -> Capacity:
        said = {
            key.removeprefix("capacity:"): int(number)
            for key, number in self.meta.values.items()
            if key.startswith("capacity:") and number.isdecimal()
        }
        usual = Capacity()
        customers, trades, contacts = (said.pop(table, usual.rows(table)) for table in _CORE)
        return Capacity(customers, trades, contacts, tuple(said.items()))

    def _rows(self, capacity: Capacity) -> Rows:
        """What stands in the sheets to fill, row for row, as far as formulas reach."""
        rows: dict[TableKey, list[dict[str, Value]]] = {}
        for table, one in self.there.entry.items():
            if self.template.has(table):
                columns = {
                    key: column_of(f"{letter}1")[1]
                    for key, letter in one.letters.items()
                    if key in {each.key for each in self.template.sheet(table).columns}
                }
                lines = self.source.grid(one.name).rows[1 : capacity.rows(table) + 1]
                rows[table] = [
                    {key: _value(line[at]) for key, at in columns.items() if at < len(line)} for line in lines
                ]
        return rows


def _value(cell: Cell) -> Value:
    """A cell as it can be written again; days become the numbers that formulas see."""
    if isinstance(cell, str | bool):
        return cell
    figure = number(cell)
    return figure if figure is not None and math.isfinite(figure) else None


def _of_places(book: Book, there: Present) -> Book:
    """The book without rows of sheets that the formulas do not read."""
    kept = {
        table: _of_sheet(rows, there.entry[table].name) if table in there.entry else rows
        for table, rows in book.tables.items()
    }
    return replace(book, tables=kept)


def _with_columns(book: Book, template: Blueprint) -> Book:
    """The book with every column of the template, blank where it has none yet."""
    filled = dict(book.tables)
    for table in template.entry_tables:
        rows = filled[table]
        blank = {
            one.key: [lists()[one.list_key].blank_code if one.coded else None] * len(rows)
            for one in template.sheet(table).columns
            if one.key not in rows.columns
        }
        filled[table] = replace(rows, columns={**rows.columns, **blank})
    return replace(book, tables=filled)


def _of_sheet(rows: Table, sheet: str) -> Table:
    if set(rows.sheet) <= {sheet}:
        return rows
    keep = [at for at, one in enumerate(rows.sheet) if one == sheet]
    return Table(
        {key: [values[at] for at in keep] for key, values in rows.columns.items()},
        {key: [values[at] for at in keep] for key, values in rows.extras.items()},
        [rows.sheet[at] for at in keep],
        [rows.row[at] for at in keep],
        [rows.used[at] for at in keep],
        [rows.repaired[at] for at in keep],
    )
