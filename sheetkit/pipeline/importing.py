"""import: exports of platforms and a workbook in, the same workbook out with their orders and customers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sheetkit.edits.exported import MINUTES_A_DAY
from sheetkit.edits.held import Held, held
from sheetkit.edits.importing import Changes, changes
from sheetkit.edits.remembered import Record, packed, unpacked
from sheetkit.edits.settling import Put
from sheetkit.errors import NothingToAnalyse, Permit, UsageError
from sheetkit.intake import read_book, read_self
from sheetkit.intake.cells import column_of
from sheetkit.intake.exports import Export, in_one_currency, read_export, usual_currency
from sheetkit.intake.meta import read_pairs
from sheetkit.intake.source import Source
from sheetkit.messages import Lang
from sheetkit.model.blueprint import DEFAULT_TEMPLATE
from sheetkit.model.book import Book
from sheetkit.model.days import to_date
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.overlay import using
from sheetkit.model.platforms import platforms
from sheetkit.model.report import IMPORT_LABEL, IMPORT_SHEET
from sheetkit.opc import Surgery
from sheetkit.pipeline.new import MOST_LIVE, chosen_template
from sheetkit.pipeline.opening import open_host
from sheetkit.writing.blank import Plan, bare_workbook, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sheet import Value

_DAYS_TO_1904 = 1462
_MIXED = "ecommerce"
"""The template for exports of several platforms that have others of their own."""
_TOTALS = ("total_row", "total_row_wrong")
USUAL = Capacity()
"""The least room of a new workbook."""
_ROOM_TO_GO_ON = 1.25
"""A new workbook has room for a quarter more than it begins with."""


@dataclass(frozen=True)
class Imported:
    """``workbook``: None where nothing had to change. ``sheets``: {table: the sheet new rows went to}.
    ``reach``: {table: rows that the live formulas read}, what has none left out. ``currency``: the code of
    what the workbook counts in. ``total_row``: of a row of totals below which new orders had to go, 0 where
    there is none."""

    workbook: bytes | None
    lang: Lang
    changes: Changes
    exports: Sequence[Export]
    sheets: Mapping[TableKey, str]
    reach: Mapping[TableKey, int]
    currency: str
    total_row: int = 0


def read_one(data: bytes, name: str, *, platform: str = "", lang: Lang | None = None) -> Export:
    """An export. Raises UsageError for a file of no known platform, and what `read_export` raises."""
    export = read_export(data, name, lang=lang, platform=platform)
    if export is None:
        raise UsageError("import.unknown", name=name, known=", ".join(platforms()))
    return export


def import_file(
    data: bytes,
    name: str,
    exports: Sequence[Export],
    *,
    lang: Lang | None = None,
    permits: Collection[Permit] = (),
) -> Imported:
    """The workbook with what the exports say. ``lang`` serves where it does not say its language.

    Raises UnreadableError, UsageError.
    """
    host = open_host(data, permits)
    there, before = workbook_held(host, data, name, lang)
    with there.book.at_hand():
        exports = in_one_currency(exports, _currency_of(there.book, exports))
        made = changes(there, exports, before)
        if not made:
            return _answer(None, there, made, exports)
        _put(host, there, made.puts)
        host.keep_notes(IMPORT_SHEET, IMPORT_LABEL, packed(made.record))
        return _answer(host.to_bytes(), there, made, exports)


def _currency_of(book: Book, exports: Sequence[Export]) -> str:
    """What the workbook counts in; where nothing but its language tells, what most of the orders are in."""
    return usual_currency(exports) if book.currency_from == "language" else book.currency


def workbook_held(host: Surgery, data: bytes, name: str, lang: Lang | None) -> tuple[Held, Record]:
    """What the workbook holds, and what earlier imports put into it."""
    source, meta, spoken = read_self(data, name, lang=lang)
    book = read_book(data, name, lang=spoken)
    with book.at_hand():
        return held(book, source, meta, host.formula_cells), _record(source)


def _record(source: Source) -> Record:
    sheet = source.written.get(IMPORT_LABEL, IMPORT_SHEET)
    rows = source.grid(sheet).rows if sheet in source.sheets else []
    return unpacked(read_pairs(rows))


def _answer(workbook: bytes | None, there: Held, made: Changes, exports: Sequence[Export]) -> Imported:
    tables = there.tables.values()
    sheets = {one.table: one.target for one in tables if one.target}
    reach = {one.table: one.reach for one in tables if one.reach is not None}
    below = _total_row(there) if made.appended["trades"] else 0
    currency = _currency_of(there.book, exports) or there.book.currency
    return Imported(workbook, there.book.lang, made, exports, sheets, reach, currency, below)


def _total_row(there: Held) -> int:
    """The last row of totals on the sheet of orders, from 1."""
    sheet = there.tables["trades"].target
    found = (one for one in there.book.findings if one.sheet == sheet and one.code in _TOTALS)
    return max((column_of(one.cell)[0] + 1 for one in found), default=0)


def _put(host: Surgery, there: Held, puts: Iterable[Put]) -> None:
    headers = {one.sheet: one.header_row - 1 for one in there.book.places}
    by_sheet: dict[str, list[Put]] = {}
    for one in puts:
        by_sheet.setdefault(one.sheet, []).append(one)
    for sheet, some in by_sheet.items():
        values = {one.place: _cell(one, there, date1904=host.date1904) for one in some}
        days = {one.place for one in some if _kind(one) == "date"}
        host.put_values(sheet, values, dates=days, header_row=headers[sheet])


def _kind(one: Put) -> str:
    return fields(one.table)[one.key].kind


def _cell(one: Put, there: Held, *, date1904: bool) -> str | float:
    """A value as a cell holds it: text stays text, a day is the workbook's own number of it."""
    if _kind(one) == "time" and one.sheet not in there.tables[one.table].clocks:
        return f"{one.value // 60:02d}:{one.value % 60:02d}"
    if _kind(one) == "date" and not isinstance(one.value, str):
        return float(one.value - (_DAYS_TO_1904 if date1904 else 0))
    return _typed(one)


def _typed(one: Put) -> str | float:
    """Text, or the number that a spreadsheet has for it."""
    if isinstance(one.value, str):
        return one.value
    parts = {"money": 100, "time": MINUTES_A_DAY}.get(_kind(one), 1)
    return float(one.value) / parts


# A workbook of its own


def start_book(exports: Sequence[Export], template: str, lang: Lang, as_of: date) -> Imported:
    """A new workbook of a template, with room for what the exports say and some more.

    ``template``: "" for that of the platform. Raises UsageError for an unknown one, TemplateError for a
    mistake in one of one's own, NothingToAnalyse for exports without an order or buyer of hers.
    """
    own, chosen = chosen_template(template or _usual_template(exports))
    with using(own):
        for table, columns in _columns(exports).items():
            chosen = chosen.with_columns(table, columns)
        currency = usual_currency(exports)
        exports = in_one_currency(exports, currency)
        blank = bare_workbook(Plan(chosen, lang, as_of, Capacity(1, 1, 1), currency=currency))
        there, before = workbook_held(Surgery(blank), blank, "", lang)
        made = changes(there, exports, before)
        if not made:
            raise NothingToAnalyse("import.empty", workbook_lang=lang)
        made.beyond.clear()
        rows = _rows(made.puts)
        room = _room(made)
        plan = Plan(chosen, lang, as_of, room, rows, currency=currency)
        live = room.customers * max(room.trades, room.contacts) <= MOST_LIVE
        base = Surgery(template_workbook(plan) if live else bare_workbook(plan))
    base.keep_notes(IMPORT_SHEET, IMPORT_LABEL, packed(made.record))
    answer = _answer(base.to_bytes(), there, made, exports)
    reach = {"customers": room.customers, "trades": room.trades} if live else {}
    return Imported(answer.workbook, lang, made, exports, answer.sheets, reach, answer.currency)


def _usual_template(exports: Sequence[Export]) -> str:
    found = {one.platform.template for one in exports}
    return (found.pop() or DEFAULT_TEMPLATE) if len(found) == 1 else _MIXED


def _columns(exports: Sequence[Export]) -> dict[TableKey, list[str]]:
    """What the exports have anything for."""
    found: dict[TableKey, dict[str, None]] = {"trades": {}, "customers": {}}
    for one in exports:
        for table, rows in (("trades", one.trades), ("customers", one.customers)):
            filled = (key for key, values in rows.columns.items() if any(each is not None for each in values))
            found[table] |= dict.fromkeys(filled)
    return {table: list(columns) for table, columns in found.items()}


def _room(made: Changes) -> Capacity:
    needed = (made.people, made.appended["trades"])
    for more in (_ROOM_TO_GO_ON, 1.0):
        customers, trades = (
            max(least, round(count * more))
            for least, count in zip((USUAL.customers, USUAL.trades), needed, strict=True)
        )
        if customers * max(trades, USUAL.contacts) <= MOST_LIVE:
            break
    return Capacity(customers, trades, USUAL.contacts)


def _rows(puts: Iterable[Put]) -> dict[TableKey, list[dict[str, Value]]]:
    """The rows of a workbook to be; a day is a day, to be written as such."""
    found: dict[TableKey, dict[int, dict[str, Value]]] = {}
    for one in puts:
        row = found.setdefault(one.table, {}).setdefault(one.place[0], {})
        is_day = _kind(one) == "date" and isinstance(one.value, int)
        row[one.key] = to_date(one.value) if is_day else _typed(one)
    return {table: [rows[at] for at in sorted(rows)] for table, rows in found.items()}
