"""Blueprint → workbook: blank, or filled with a sample, every formula with the value it has now."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.analysis.measured import Measured
from sheetkit.edits.standing import Standing
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book
from sheetkit.model.currencies import counted_in, usual
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey
from sheetkit.model.report import META_SHEET
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.entry import Filling, write_entry
from sheetkit.writing.lists_sheet import blocks, write_lists
from sheetkit.writing.live.answer import answer_names, trade_answer
from sheetkit.writing.live.cached import Cached, Typed
from sheetkit.writing.live.calc import calc_rows
from sheetkit.writing.live.classes import write_classes
from sheetkit.writing.live.dashboard import write_dashboard
from sheetkit.writing.live.helper import Helper
from sheetkit.writing.live.layout import Capacity, Layout
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.profile import write_profile
from sheetkit.writing.live.today import write_today
from sheetkit.writing.look import Look
from sheetkit.writing.meta import meta_rows, write_meta
from sheetkit.writing.settings import Own, write_settings
from sheetkit.writing.sheet import Sheet, Value, define_name, label_sheet, new_book, row_and_col

Rows = Mapping[TableKey, Sequence[Mapping[str, Value]]]


@dataclass(frozen=True)
class Plan:
    """What to write: a template in a language, as of a day, with room for so many rows and some filled in.

    ``shop_kind``: the kind typed on the settings sheet, "" for none. ``currency``: the code of what it counts
    in, "" for what its language usually does.
    ``extras``: columns of the seller's own to stand right of ours, {table: {header: a text a row}}.
    ``standing``: where things stand in a workbook that is there already; ``own``: the values typed among its
    settings.
    """

    blueprint: Blueprint
    lang: Lang
    as_of: date
    capacity: Capacity = field(default_factory=Capacity)
    rows: Rows = field(default_factory=dict)
    extras: Mapping[TableKey, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    shop_kind: str = ""
    currency: str = ""
    standing: Standing | None = None
    own: Mapping[str, float] = field(default_factory=dict)


def template_workbook(plan: Plan) -> bytes:
    """The workbook. Filled rows are first written bare and read back as typed, so that cached values are
    true."""
    return _Writer(plan, _typed(plan)).write()


def bare_workbook(plan: Plan) -> bytes:
    """The entry sheets, lists, settings and meta sheet alone, without a live formula."""
    return _Writer(plan, None).write()


def standing_workbook(plan: Plan, typed: Typed) -> bytes:
    """The workbook that is there already as this version writes it, for the computed sheets and whatever else
    of it is wanted."""
    return _Writer(plan, typed).write()


def _typed(plan: Plan) -> Typed:
    """What stands in the workbook to be; reading and measuring are loaded only where there is a row."""
    if any(plan.rows.values()):
        from sheetkit.writing.live.reading import read_as_typed

        return read_as_typed(bare_workbook(plan), plan.blueprint, plan.lang, to_day(plan.as_of))
    empty, rules = Book.empty(plan.blueprint.key, plan.lang), rules_for(plan.blueprint).book
    thresholds = rules.in_force(plan.blueprint.shop_kind, {})
    nothing = Measured.of_nothing(rules, thresholds)
    return Typed(empty, identify(empty, typed_fold), nothing, thresholds, to_day(plan.as_of))


class _Writer:
    """One workbook in the making; ``typed`` None writes it without live sheets."""

    def __init__(self, plan: Plan, typed: Typed | None) -> None:
        self.plan = plan
        self.typed = typed
        self.target = io.BytesIO()
        self.book = new_book(self.target)
        self.look = Look(self.book)
        self.layout = Layout(plan.blueprint, plan.lang, plan.capacity, standing=plan.standing)
        keys = [
            one.key
            for one in plan.blueprint.sheets
            if typed or one.columns or one.key in ("settings", "lists")
        ]
        self.sheets = {key: Sheet(self.book, plan.blueprint.sheet(key).labels[plan.lang]) for key in keys}

    def write(self) -> bytes:
        """The workbook, sums in its currency."""
        with counted_in(self.plan.currency or usual(self.plan.lang)):
            return self._written()

    def _written(self) -> bytes:
        plan = self.plan
        lists_at = write_lists(self.sheets["lists"], self.look, plan.blueprint, plan.lang, plan.standing)
        live = self._live(self.typed) if self.typed else None
        for table in plan.blueprint.entry_tables:
            answer = trade_answer(live) if live and table == "trades" else None
            filling = Filling(plan.capacity.rows(table), plan.rows.get(table, ()), answer)
            spec = plan.blueprint.sheet(table)
            at = {key: row_and_col(f"{one}1")[1] for key, one in self.layout.entry_letters[table].items()}
            columns = write_entry(self.sheets[table], self.look, spec, plan.lang, lists_at, filling, at)
            self._extras(table, len(columns))
        figures = (
            [
                (key, f"={at}", value)
                for key, one in live.rulebook.figures.items()
                if one.shown
                for at, value in [live.figure(key)]
            ]
            if live
            else []
        )
        shown = (self.sheets["settings"], self.look, plan.blueprint, plan.lang, lists_at, figures)
        write_settings(*shown, Own(plan.own, plan.shop_kind, plan.standing))
        if live:
            write_today(self.sheets["today"], live)
            write_classes(self.sheets["classes"], live)
            write_profile(self.sheets["profile"], live)
            write_dashboard(self.sheets["dashboard"], live)
            helper = Sheet(self.book, self.layout.helper_name)
            helper.raw.hide()
            label_sheet(helper, "calc")
            helper.rendered(calc_rows(live.helper, live.cached))
        capacity = {table: plan.capacity.rows(table) for table in plan.blueprint.entry_tables}
        choices = {
            one.key: [label for label, _, _ in one.entries] for one in blocks(plan.blueprint, plan.lang)
        }
        rows = meta_rows(plan.blueprint, plan.lang, plan.as_of, capacity, choices)
        meta = Sheet(self.book, META_SHEET)
        write_meta(meta, self.look, rows)
        for key, sheet in {**self.sheets, "meta": meta}.items():
            label_sheet(sheet, key)
        self.book.close()
        return self.target.getvalue()

    def _extras(self, table: TableKey, first: int) -> None:
        sheet = self.sheets[table]
        for col, (header, values) in enumerate(self.plan.extras.get(table, {}).items(), first):
            sheet.write(0, col, header, self.look("heading_optional"))
            for row, value in enumerate(values, 1):
                sheet.write(row, col, value, self.look("entry"))

    def _live(self, typed: Typed) -> Live:
        rules = rules_for(self.plan.blueprint).book
        helper = Helper(self.layout, rules)
        cached = Cached(self.layout, rules, helper.filters, typed)
        as_of = to_day(self.plan.as_of)
        live = Live(self.look, self.layout, helper, cached, typed, rules, as_of)
        for name, refers_to in (*self.layout.column_names(), *answer_names(live)):
            define_name(self.book, name, refers_to, hidden=True)
        return live
