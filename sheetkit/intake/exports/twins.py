"""A sale that stands in a shop's list and in a payment statement: the list's row counts, the statement's is
set aside, and what only the statement says goes to the list's row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheetkit.intake.exports.export import Export, Placed, rows_of, without
from sheetkit.intake.exports.sales import How, Pairing, Sale, buyer, marks_of, paired
from sheetkit.model.book import Table
from sheetkit.model.fields import fields
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

CODES: dict[How, str] = {
    "number": "export_same_by_number",
    "buyer": "export_same_by_buyer",
    "day": "export_same_by_day",
}
FILLED = ("item", "quantity", "method", "category", "note")
"""What a statement may say of an order that its list leaves open."""
_NAMED = ("nickname", "customer_id")
_NOT_HERS = ("nickname", "customer_id", "source")


def counted_once(
    exports: Sequence[Export], trades: Sequence[Table], placed: Sequence[Placed]
) -> tuple[list[Export], list[Table]]:
    """The exports and the tables of their rows (``placed``), each sale in one of them."""
    rows = [_Row(table, at, *home) for table, homes in zip(trades, placed, strict=True)
            for at, home in enumerate(homes) if not exports[home[0]].platform.own_purchases]  # fmt: skip
    payments = [one for one in rows if exports[one.export].platform.kind == "payments"]
    orders = [one for one in rows if exports[one.export].platform.kind != "payments"]
    if not payments or not orders:
        return list(exports), list(trades)
    people = [_people(one.customers) for one in exports]
    known = [one.sale(exports[one.export], people[one.export]) for one in orders]
    paid = [one.sale(exports[one.export], people[one.export]) for one in payments]
    found = paired(known, paid)
    once = _Once(list(exports), orders, payments, found)
    once.settle(known, paid, people)
    gone = {(id(payments[at].table), payments[at].at) for at in found.pairs}
    kept = [[at for at in range(len(table)) if (id(table), at) not in gone] for table in trades]
    return once.exports, [rows_of(table, some) for table, some in zip(trades, kept, strict=True)]


def sale_of(
    values: Mapping[str, Any],
    person: Mapping[str, Any],
    numbers: frozenset[str],
    currency: str,
    *,
    by_number: bool = False,
) -> Sale:
    """A row, with that of its buyer, as it is compared. ``by_number``: by nothing else."""
    marks = marks_of([values, person])
    state = values.get("state") or lists()["trade_state"].code("completed")
    day, cents = values.get("date"), values.get("amount")
    return Sale(numbers, day, cents, marks, currency, state in sold(), by_number)


def sold() -> frozenset[int]:
    """The codes of the states in which money changed hands."""
    return frozenset(map(lists()["trade_state"].code, ("completed", "refunded")))


@dataclass(frozen=True)
class _Row:
    """A row of a table to be, and where it comes from."""

    table: Table
    at: int
    export: int
    line: int

    def values(self) -> dict[str, Any]:
        """What it says."""
        return {key: column[self.at] for key, column in self.table.columns.items()}

    def sale(self, export: Export, people: Mapping[str, Mapping[str, Any]]) -> Sale:
        """As it is compared."""
        values = self.values()
        numbers = export.numbers[self.line] if export.numbers else frozenset()
        return sale_of(values, people.get(_who(values), {}), numbers, export.currency)

    def fill(self, key: str, value: Any) -> None:
        """Say what is not said."""
        column = self.table.columns.setdefault(key, [None] * len(self.table))
        if column[self.at] in (None, ""):
            column[self.at] = value


class _Once:
    """Pairs on their way to one row each."""

    def __init__(
        self, exports: list[Export], orders: Sequence[_Row], payments: Sequence[_Row], found: Pairing
    ) -> None:
        self.exports, self._orders, self._payments, self._found = exports, orders, payments, found

    def settle(
        self, known: Sequence[Sale], paid: Sequence[Sale], people: Sequence[Mapping[str, dict[str, Any]]]
    ) -> None:
        """Fill the orders' rows, set the payments aside, and say so."""
        needed = {(one.export, _who(one.values())) for at, one in enumerate(self._payments)
                  if at not in self._found.pairs}  # fmt: skip
        gone: set[tuple[int, str]] = set()
        aside: dict[int, list[int]] = defaultdict(list)
        for at, (order, how) in self._found.pairs.items():
            payment, row = self._payments[at], self._orders[order]
            who, hers = _who(payment.values()), _who(row.values())
            self._fill(row, payment, how)
            aside[payment.export].append(at)
            gone.add((payment.export, who))
            if not hers:
                needed.add((payment.export, who))
            elif buyer(known[order], paid[at]) != "other" and hers in people[row.export]:
                _complete(people[row.export][hers], people[payment.export].get(who, {}))
        touched = {row.export for row in (*self._orders, *self._payments)}
        for export in touched:
            kept = {who: row for who, row in people[export].items() if (export, who) not in gone - needed}
            one = self.exports[export]
            self.exports[export] = replace(one, customers=_table(one.customers, kept))
        self._say(aside)

    def _fill(self, row: _Row, payment: _Row, how: How) -> None:
        values, said = row.values(), payment.values()
        state = lists()["trade_state"].code
        keys = FILLED if _who(values) else (*FILLED, *_NAMED)
        for key in keys:
            if said.get(key) is not None:
                row.fill(key, said[key])
        if how == "number" and values.get("state") == state("open"):
            row.table.columns["state"][row.at] = said.get("state") or state("completed")

    def _say(self, aside: Mapping[int, Sequence[int]]) -> None:
        unsure = defaultdict(list)
        for at in self._found.unsure:
            unsure[self._payments[at].export].append(at)
        for number, one in enumerate(self.exports):
            if not aside.get(number) and not unsure.get(number):
                continue
            some = aside.get(number, [])
            said = [self._same(at) for at in some]
            general = self._general(some, unsure.get(number, []))
            lines = [self._payments[at].line for at in some]
            done = without(one, lines)
            self.exports[number] = replace(done, findings=[*done.findings, *general, *said])

    def _same(self, at: int) -> Finding:
        order, how = self._found.pairs[at]
        row, payment = self._orders[order], self._payments[at]
        place = payment.table.sheet[payment.at], f"A{payment.table.row[payment.at]}"
        value = str(payment.values().get("order_id") or "")
        params: dict[str, str | int | float] = {
            "name": self.exports[row.export].name,
            "row": row.table.row[row.at],
        }
        return Finding(CODES[how], "info", *place, value, params=params)

    def _general(self, same: Sequence[int], unsure: Sequence[int]) -> list[Finding]:
        """What is said of the statement as a whole."""
        sheet = self._payments[(same or unsure)[0]].table.sheet[self._payments[(same or unsure)[0]].at]
        found = []
        names = {self.exports[self._orders[self._found.pairs[at][0]].export].name for at in same}
        if same:
            params = _counted([self._payments[at] for at in same])
            told: dict[str, str | int | float] = {**params, "name": "、".join(sorted(names))}
            found.append(Finding("export_same_sales", "info", sheet, params=told))
        differ = [self._payments[at] for at in same if at in self._found.differ]
        if differ:
            found.append(Finding("export_same_differ", "warning", sheet, params={**_counted(differ)}))
        if unsure:
            maybe = _counted([self._payments[at] for at in unsure])
            found.append(Finding("export_maybe_same", "warning", sheet, params={**maybe}))
        return found


def _counted(rows: Sequence[_Row]) -> dict[str, int | str]:
    cents = sum(row.values().get("amount") or 0 for row in rows)
    return {"count": len(rows), "amount": f"{cents / 100:,.2f}"}


def _who(values: Mapping[str, Any]) -> str:
    """Under what a buyer stands among the customers of her export."""
    return fold(str(values.get("customer_id") or values.get("nickname") or ""))


def _people(table: Table) -> dict[str, dict[str, Any]]:
    """The customers of an export, {who: values and ``place``}."""
    found: dict[str, dict[str, Any]] = {}
    for at in range(len(table)):
        values = {key: column[at] for key, column in table.columns.items()}
        found[_who(values)] = values | {"place": at}
    return found


def _complete(hers: dict[str, Any], other: Mapping[str, Any]) -> None:
    """What is not known of a buyer yet."""
    for key, value in other.items():
        if key in fields("customers") and key not in _NOT_HERS and not hers.get(key):
            hers[key] = value


def _table(table: Table, people: Mapping[str, Mapping[str, Any]]) -> Table:
    """The customers that stay, with what is known of them now."""
    places = [int(one["place"]) for one in people.values()]
    keys = [key for key in fields("customers") if any(one.get(key) for one in people.values())]
    kept = rows_of(table, places)
    return replace(kept, columns={key: [one.get(key) for one in people.values()] for key in keys})
