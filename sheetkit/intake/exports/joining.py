"""Several exports → one book: items joined to their orders, orders in two files counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sheetkit.intake.exports.apart import in_one_currency, usual_currency
from sheetkit.intake.exports.export import Export
from sheetkit.messages import Lang
from sheetkit.model.book import Book, Column, Table, Total, by_currency
from sheetkit.model.fields import fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

_GOODS = ("item", "quantity")
_COUNTED = (
    "rows_read", "rows_used", "rows_set_aside", "cents_read", "cents_used", "cents_set_aside", "unreadable",
    "rows_joined",
)  # fmt: skip
Params = dict[str, str | int | float]


def book_of(exports: Sequence[Export], *, template: str, lang: Lang) -> Book:
    """One book of what several exports hold, in the order given; it counts in the currency of most orders."""
    book = Book.empty(template, lang)
    currency = usual_currency(exports)
    if currency:
        book.currency, book.currency_from = currency, "exports"
    joiner = _Joiner(in_one_currency(exports, currency))
    joiner.join()
    book.tables["trades"] = _one_table("trades", joiner.trades)
    book.tables["customers"] = _people([one.customers for one in joiner.exports])
    found = [finding for one in joiner.exports for finding in one.findings]
    book.findings += sorted(found, key=lambda one: bool(one.cell))  # about whole files first
    book.totals = _totals(joiner.exports)
    usual = book.blueprint
    book.more = tuple(key for key in ("trades", "customers") if not usual.has(key))
    return book


@dataclass
class _Home:
    """Where an order stands: the export it is from and its row there, and its row in the table to be."""

    export: int
    at: int
    table: Table
    row: int


class _Joiner:
    def __init__(self, exports: Sequence[Export]) -> None:
        self.exports = [replace(one, findings=list(one.findings), totals=list(one.totals)) for one in exports]
        self.trades: list[Table] = []
        self.homes: dict[tuple[str, str], _Home] = {}
        self.rank = _ranks()

    def join(self) -> None:
        """Orders first, so that items find theirs."""
        for at, one in enumerate(self.exports):
            if one.platform.kind != "items":
                self._orders(at, one)
        with_orders = {one.platform.family for one in self.exports if one.platform.kind == "orders"}
        for at, one in enumerate(self.exports):
            if one.platform.kind == "items":
                joined = one.platform.family in with_orders
                self.exports[at] = self._items(one) if joined else self._alone(one)

    def _orders(self, number: int, one: Export) -> None:
        """The rows of an export; of an order that an earlier one has too, what came later counts."""
        kept, ids = [], one.trades.column("order_id")
        for at, order in enumerate(ids):
            home = self.homes.get((one.platform.family, order)) if order else None
            if home is None:
                kept.append(at)
            elif self._goes_on(one.trades, at, home):
                self._set_aside(home.export, home.at, number, at)
                _overwrite(home, one.trades, at)
                home.export, home.at = number, at
            else:
                self._set_aside(number, at, home.export, home.at)
        table = _rows(one.trades, kept)
        self.trades.append(table)
        for row, at in enumerate(kept):
            if ids[at]:
                self.homes.setdefault((one.platform.family, ids[at]), _Home(number, at, table, row))

    def _goes_on(self, table: Table, at: int, home: _Home) -> bool:
        """Whether a row tells a later state of an order than the row that is there."""
        now, before = table.column("state")[at], home.table.column("state")[home.row]
        more = table.column("refund_amount")[at] or 0, home.table.column("refund_amount")[home.row] or 0
        return (self.rank.get(now, 0), more[0]) > (self.rank.get(before, 0), more[1])

    def _set_aside(self, number: int, at: int, other: int, other_at: int) -> None:
        """A row of one export goes, because the other one's counts."""
        one, instead = self.exports[number], self.exports[other]
        params: Params = {"name": instead.name, "row": instead.trades.row[other_at]}
        place = one.trades.sheet[at], f"A{one.trades.row[at]}", one.trades.column("order_id")[at]
        one.findings.append(Finding("export_order_twice", "info", *place, params=params))
        self.exports[number] = _without(one, [at])

    def _items(self, one: Export) -> Export:
        """What was in each order, written to the order."""
        alone = []
        for at, number in enumerate(one.trades.column("order_id")):
            home = self.homes.get((one.platform.family, number or ""))
            if home is None:
                alone.append(at)
                place = one.trades.sheet[at], f"A{one.trades.row[at]}", number or ""
                one.findings.append(Finding("export_item_alone", "warning", *place))
                continue
            for key in _GOODS:
                value = one.trades.column(key)[at]
                if value is not None:
                    _put(home.table, key, home.row, value)
        totals = [_without_money(total) for total in _without(one, alone).totals]
        return replace(one, totals=totals, customers=Table())

    def _alone(self, one: Export) -> Export:
        """An item list without its orders: it stands for them where it has a date and an amount."""
        dates, amounts = one.trades.column("date"), one.trades.column("amount")
        kept = [at for at in range(len(one.trades)) if dates[at] is not None and amounts[at] is not None]
        gone = sorted(set(range(len(one.trades))) - set(kept))
        if gone:
            lines = sum(one.counted[at][0] for at in gone)
            params: Params = {"count": lines, "platform": one.platform.labels[one.lang]}
            one.findings.append(Finding("export_items_without_orders", "error", params=params))
        self.trades.append(_rows(one.trades, kept))
        return _without(one, gone)


def _ranks() -> dict[int, int]:
    """{code of a state: how late it comes}: an order is open, then sold or not, then given back."""
    code = lists()["trade_state"].code
    late = {"open": 0, "completed": 1, "lapsed": 2, "void": 2, "refunded": 3}
    return {code(state): rank for state, rank in late.items()}


def _put(table: Table, key: str, row: int, value: object) -> None:
    table.columns.setdefault(key, [None] * len(table))[row] = value


def _overwrite(home: _Home, table: Table, at: int) -> None:
    """The row that is there says what the other says; items told in full stay where the other names none."""
    for key, values in table.columns.items():
        if values[at] is not None or key in ("amount", "refund_amount"):
            _put(home.table, key, home.row, values[at])
    home.table.sheet[home.row], home.table.row[home.row] = table.sheet[at], table.row[at]


def _without(one: Export, rows: Sequence[int]) -> Export:
    """The export's totals with these rows of its trades set aside after all."""
    lines = sum(one.counted[at][0] for at in rows)
    cents = sum(one.counted[at][1] for at in rows)
    return replace(one, totals=[_less(total, lines, cents, lines - len(rows)) for total in one.totals])


def _without_money(total: Total) -> Total:
    """The orders' amounts count, and what their items cost is in them."""
    nothing = replace(total, cents_read=0, cents_used=0, cents_set_aside=0, unreadable=0)
    return replace(nothing, rows_joined=total.rows_used)


def _less(total: Total, rows: int, cents: int, joined: int) -> Total:
    """A total with some of its rows set aside after all."""
    if total.table != "trades":
        return total
    return replace(
        total,
        rows_used=total.rows_used - rows,
        rows_set_aside=total.rows_set_aside + rows,
        cents_used=total.cents_used - cents,
        cents_set_aside=total.cents_set_aside + cents,
        rows_joined=total.rows_joined - joined,
    )


def _rows(table: Table, kept: Sequence[int]) -> Table:
    return Table(
        {key: [values[at] for at in kept] for key, values in table.columns.items()},
        sheet=[table.sheet[at] for at in kept],
        row=[table.row[at] for at in kept],
        used=[table.used[at] for at in kept],
        repaired=[table.repaired[at] for at in kept],
    )


def _one_table(key: str, parts: Sequence[Table]) -> Table:
    """Tables one below the other; a column that one of them lacks is blank there."""
    names = [name for name in fields(key) if any(name in part.columns for part in parts)]
    columns: dict[str, Column] = {name: [] for name in names}
    result = Table(columns)
    for part in parts:
        for name in names:
            columns[name] += part.columns.get(name) or [None] * len(part)
        result.sheet += part.sheet
        result.row += part.row
        result.used += part.used
        result.repaired += part.repaired
    return result


def _people(parts: Sequence[Table]) -> Table:
    """One row a customer; what the first file leaves open a later one fills in."""
    whole = _one_table("customers", parts)
    place: dict[str, int] = {}
    kept = []
    for at, (name, code) in enumerate(
        zip(whole.column("nickname"), whole.column("customer_id"), strict=True)
    ):
        keys = [fold(one) for one in (code, name) if one]
        home = next((place[key] for key in keys if key in place), None)
        if home is None:
            kept.append(at)
            home = at
        else:
            for values in whole.columns.values():
                values[home] = values[at] if values[home] in (None, "") else values[home]
        place |= {key: home for key in keys if key not in place}
    return _rows(whole, kept)


def _totals(exports: Sequence[Export]) -> list[Total]:
    """The control totals of all files together, one a table."""
    result: list[Total] = []
    for key in tables():
        some = [total for one in exports for total in one.totals if total.table == key]
        if some:
            counts = {name: sum(getattr(one, name) for one in some) for name in _COUNTED}
            apart = by_currency(each for one in some for each in one.apart)
            result.append(Total(key, **counts, apart=apart))
    return result
