"""Several exports → one book: items joined to their orders, orders in two files counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sheetkit.intake.exports.apart import in_one_currency, usual_currency
from sheetkit.intake.exports.export import Export, Placed, rows_of, without
from sheetkit.intake.exports.texts import is_cut
from sheetkit.intake.exports.twins import counted_once
from sheetkit.messages import Lang
from sheetkit.model.book import Book, Column, Table, Total, by_currency
from sheetkit.model.fields import fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

_TWICE = "export_order_twice"
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
    found = [finding for one in joiner.exports for finding in _summed(one.findings)]
    book.findings += sorted(found, key=lambda one: bool(one.cell))  # about whole files first
    book.totals = _totals(joiner.exports)
    usual = book.blueprint
    book.more = tuple(key for key in ("trades", "customers") if not usual.has(key))
    return book


@dataclass
class _Home:
    """Where an order stands: the export it is from and its row there, and its row in the table to be.

    ``placed``: the same of every row of that table."""

    export: int
    at: int
    table: Table
    row: int
    placed: Placed

    def moves(self, export: int, at: int) -> None:
        """Another export's row counts from now on."""
        self.export, self.at = export, at
        self.placed[self.row] = export, at


class _Joiner:
    def __init__(self, exports: Sequence[Export]) -> None:
        self.exports = [replace(one, findings=list(one.findings), totals=list(one.totals)) for one in exports]
        self.trades: list[Table] = []
        self.placed: list[Placed] = []
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
                self.exports[at] = self._items(one) if joined else self._alone(at, one)
        self.exports, self.trades = counted_once(self.exports, self.trades, self.placed)

    def _orders(self, number: int, one: Export) -> None:
        """The rows of an export; of an order that an earlier one has too, what came later counts."""
        kept, ids = [], _numbers(one.trades)
        for at, order in enumerate(ids):
            home = self.homes.get((one.platform.family, order)) if order else None
            if home is None:
                kept.append(at)
            elif self._goes_on(one.trades, at, home):
                self._set_aside(home.export, home.at, number, at)
                _overwrite(home, one.trades, at)
                home.moves(number, at)
            else:
                self._set_aside(number, at, home.export, home.at)
        table = rows_of(one.trades, kept)
        placed = [(number, at) for at in kept]
        self.trades.append(table)
        self.placed.append(placed)
        for row, at in enumerate(kept):
            if ids[at]:
                home = _Home(number, at, table, row, placed)
                self.homes.setdefault((one.platform.family, ids[at]), home)

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
        one.findings.append(Finding(_TWICE, "info", *place, params=params))
        self.exports[number] = without(one, [at])

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
        totals = [_without_money(total) for total in without(one, alone).totals]
        return replace(one, totals=totals, customers=Table())

    def _alone(self, number: int, one: Export) -> Export:
        """An item list without its orders: it stands for them where it has a date and an amount."""
        dates, amounts = one.trades.column("date"), one.trades.column("amount")
        kept = [at for at in range(len(one.trades)) if dates[at] is not None and amounts[at] is not None]
        gone = sorted(set(range(len(one.trades))) - set(kept))
        if gone:
            lines = sum(one.counted[at][0] for at in gone)
            params: Params = {"count": lines, "platform": one.platform.labels[one.lang]}
            one.findings.append(Finding("export_items_without_orders", "error", params=params))
        self.trades.append(rows_of(one.trades, kept))
        self.placed.append([(number, at) for at in kept])
        return without(one, gone)


def _numbers(table: Table) -> list[str]:
    """By what each order is the same in another file: a number cut to 3.35E+18 alone is not enough."""
    more = [table.column(key) for key in ("date", "time", "nickname", "amount", "item")]
    return [
        f"{number} {[values[at] for values in more]}" if is_cut(number or "") else number or ""
        for at, number in enumerate(table.column("order_id"))
    ]


def _summed(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of a file; of many orders that another file has, too, the first stands for all."""
    twice = Counter(one.params["name"] for one in findings if one.code == _TWICE)
    for one in findings:
        count = twice.pop(one.params["name"], 0) if one.code == _TWICE else 1
        if count == 1:
            yield one
        elif count:
            yield replace(one, code="export_orders_twice", params={**one.params, "count": count})


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




def _without_money(total: Total) -> Total:
    """The orders' amounts count, and what their items cost is in them."""
    nothing = replace(total, cents_read=0, cents_used=0, cents_set_aside=0, unreadable=0)
    return replace(nothing, rows_joined=total.rows_used)


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
    """One row a customer; what the first file leaves open a later one fills in. Of one name with two ids
    there are two."""
    whole = _one_table("customers", parts)
    by_id: dict[str, int] = {}
    by_name: dict[str, int] = {}
    kept = []
    ids = [fold(code or "") for code in whole.column("customer_id")]
    for at, name in enumerate(whole.column("nickname")):
        known, code = fold(name or ""), ids[at]
        home = by_id.get(code) if code else None
        if home is None and known in by_name and (not code or ids[by_name[known]] in ("", code)):
            home = by_name[known]
        if home is None:
            kept.append(at)
            home = at
        else:
            for values in whole.columns.values():
                values[home] = values[at] if values[home] in (None, "") else values[home]
            ids[home] = ids[home] or code
        if code:
            by_id.setdefault(code, home)
        if known:
            by_name.setdefault(known, home)
    return rows_of(whole, kept)


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
