"""Orders and customers of exports against a workbook, as additions and changes: nothing is written here.

Every row of every export comes to one end: appended, updated, unchanged, set aside with a reason, or one more
row of an order that another of the files has, too. The figures close: rows and cents of the exports are the
sums over these ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sheetkit.edits.buyers import Directory, Person
from sheetkit.edits.exported import GOODS, Order, Orders, joined
from sheetkit.edits.finding import Finder
from sheetkit.edits.held import Held
from sheetkit.edits.remembered import Origin, Record, Remembered, key_stamp
from sheetkit.edits.settling import Kept, Put, Settled, Settler
from sheetkit.edits.twins import Twins, filling, new_buyers, origins, twins, who_is_who
from sheetkit.errors import UsageError
from sheetkit.intake.exports import Export
from sheetkit.model.fields import TableKey, fields

BETWEEN_NAMES = "、"

Aside = Literal["twice", "same", "alone", "purchases", "unused", "removed", "name_only", "no_sheet"]
End = Literal["new", "updated", "unchanged"] | Aside
"""What becomes of a row. ``same``: a payment that is the same sale as an order, of another file or of the
workbook. ``alone``: items without their order. ``purchases``: the seller's own. ``unused``: no day, no amount
or no name. ``removed``: an earlier import had put it in, she has taken it out since. ``name_only``: a buyer
of whom no more is known; her name stands in the order. ``no_sheet``: the workbook has none for customers."""


@dataclass
class Tally:
    """How many rows came to each end, and their cents."""

    rows: Counter[End] = field(default_factory=Counter)
    cents: Counter[End] = field(default_factory=Counter)

    def add(self, end: End, cents: int = 0, rows: int = 1) -> None:
        """Count rows."""
        self.rows[end] += rows
        self.cents[end] += cents

    @property
    def total(self) -> tuple[int, int]:
        """All rows, all cents."""
        return sum(self.rows.values()), sum(self.cents.values())


@dataclass
class Changes:
    """What an import does to a workbook.

    ``puts``: values for cells; ``appended``: {table: rows that are new}. ``kept``: cells that stay although
    an export says otherwise. ``homeless``: {table: {field key: how many values have no column}}. ``beyond``:
    {table: new rows below those that the live formulas read}. ``people``: how many customers there are then.
    ``alike``: {new buyer: another customer with the same phone, WeChat or e-mail}. ``record``: what is
    remembered for the next import. ``same``: {file whose orders are the same sales as payments, "" for the
    workbook: how many}; ``linked``: payments were found to be orders, which is to be remembered. ``unsure``:
    how many payments look like orders, and their cents.
    """

    orders: Tally = field(default_factory=Tally)
    customers: Tally = field(default_factory=Tally)
    puts: list[Put] = field(default_factory=list)
    appended: Counter[TableKey] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    homeless: dict[TableKey, Counter[str]] = field(default_factory=dict)
    beyond: Counter[TableKey] = field(default_factory=Counter)
    people: int = 0
    alike: Mapping[str, str] = field(default_factory=dict)
    record: Record = field(default_factory=Record)
    same: Counter[str] = field(default_factory=Counter)
    linked: bool = False
    unsure: tuple[int, int] = (0, 0)

    def __bool__(self) -> bool:
        return bool(self.puts) or self.linked


def changes(there: Held, exports: Sequence[Export], record: Record) -> Changes:
    """The difference. ``record``: what earlier imports put in."""
    return _Import(there, record).run(exports)


class _Import:
    """One import on its way."""

    def __init__(self, there: Held, record: Record) -> None:
        self._there, self._before = there, record
        self._made = Changes()
        self._remembered: dict[TableKey, dict[str, Remembered]] = {"trades": {}, "customers": {}}
        self._free = {table: one.free_row for table, one in there.tables.items()}
        self._settlers = {table: Settler(one, there.wording) for table, one in there.tables.items()}
        self._twins = Twins()
        self._origins: dict[str, Origin] = {}

    def run(self, exports: Sequence[Export]) -> Changes:
        """The changes."""
        sales = [new_buyers(one, self._before) for one in exports if not one.platform.own_purchases]
        directory = Directory(self._there, sales)
        orders = joined(exports)
        if orders.rows:
            _refuse_without_columns(self._there)
        self._orders(orders, directory)
        self._customers(directory)
        names = (str(one.value) for one in self._made.puts if one.key == "nickname")
        self._made.people = directory.count_with(names)
        if self._there.tables["customers"].target:
            people = {one.name for one in directory.people}
            self._made.alike = {one: other for one, other in directory.alike.items() if one in people}
        known = self._before.with_sales(self._origins, self._twins.same)
        self._made.record = known.with_rows(self._remembered)
        self._made.linked = known.same != self._before.same
        return self._made

    # -- orders --------------------------------------------------------------------------------

    def _orders(self, orders: Orders, directory: Directory) -> None:
        tally = self._made.orders
        tally.add("twice", sum(orders.twice), len(orders.twice))
        tally.add("alone", sum(orders.alone), len(orders.alone))
        tally.add("purchases", sum(orders.purchases), len(orders.purchases))
        finder = Finder(self._there.tables["trades"], self._there.book, directory)
        same = self._before.same
        rows = {one.key: [] if key_stamp(one.key) in same else finder.rows(one) for one in orders.orders}
        self._twins = twins(orders.orders, rows, self._there, directory, self._before)
        who_is_who(self._twins, orders.orders, self._there, directory)
        self._made.unsure = self._twins.unsure
        for order in orders.orders:
            self._give(order)
        for order in orders.orders:
            tally.add(self._order(order, rows[order.key], directory), order.cents)

    def _give(self, payment: Order) -> None:
        """What only a payment says goes to its order."""
        order = self._twins.orders.get(payment.key)
        if order is not None:
            order.values = {**filling(payment.values, order.values), **order.values}

    def _order(self, order: Order, rows: Sequence[int], directory: Directory) -> End:
        """One order, to its end."""
        named = self._named(order, directory)
        if order.key in self._twins.known or order.key in self._twins.same:
            self._same(order, named)
            return "same"
        if order.key in self._twins.over:
            return self._take_over(order, self._twins.over[order.key], named)
        if rows:
            if self._is_filled_only(order):
                return self._fill(order.key, rows[0], named)
            said = {key: named[key] for key in GOODS if key in named} if order.goods_only else named
            self._origins |= origins([order])
            return self._update("trades", order.key, rows, said, order.age)
        if not order.is_whole:
            return "unused"
        if self._before.of("trades", order.key) is not None:
            return "removed"
        self._append("trades", order.key, named, order.age)
        self._origins |= origins([order])
        return "new"

    def _is_filled_only(self, order: Order) -> bool:
        """Whether the workbook's row comes from a shop's list and this is but its payment."""
        origin = self._before.origins.get(key_stamp(order.key))
        return order.is_payment and origin is not None and not origin.is_payment

    def _same(self, payment: Order, named: Mapping[str, Any]) -> None:
        """A payment that is an order: of the files, or a row, which it completes."""
        row = self._twins.rows.get(payment.key)
        self._made.same[self._twins.files.get(payment.key, "")] += 1
        if row is not None:
            self._fill(self._twins.same[payment.key], row, filling(named, self._row(row)))

    def _row(self, at: int) -> dict[str, Any]:
        held = self._there.tables["trades"]
        return {key: held.value(at, key) for key in held.rows.columns}

    def _fill(self, key: str, row: int, values: Mapping[str, Any]) -> End:
        """What a row leaves open. The order's own list stays the one whose word counts."""
        before = self._before.of("trades", key)
        settled = self._settlers["trades"].fill(row, values, before)
        self._take("trades", key, [settled], before, before.age if before else 0)
        return "updated" if settled.puts else "unchanged"

    def _take_over(self, order: Order, row: int, named: Mapping[str, Any]) -> End:
        """A row that a statement had made becomes the order's."""
        payment = next(key for key, other in self._twins.same.items() if other == order.key)
        before = self._before.of("trades", payment)
        settled = self._settlers["trades"].take_over(row, named, before)
        self._take("trades", order.key, [settled], before, order.age)
        self._origins |= origins([order])
        if not any(one.key == "order_id" for one in settled.puts):  # the row goes by the payment's number
            del self._twins.same[payment]
            self._twins.same[order.key] = payment
        return "updated" if settled.puts else "unchanged"

    def _named(self, order: Order, directory: Directory) -> dict[str, Any]:
        name = directory.name_for(order.values)
        return {**order.values, **({"nickname": name} if name else {})}

    # -- customers -----------------------------------------------------------------------------

    def _customers(self, directory: Directory) -> None:
        tally = self._made.customers
        tally.add("unused", rows=directory.unused)
        for person in directory.people:
            tally.add("twice", rows=person.rows - 1)
            if not self._there.tables["customers"].target:
                end: End = "no_sheet"
            elif person.home is not None:
                values = _with_other_names(person)
                end = self._update("customers", person.key, [person.home], values, person.age)
            elif not person.deserves_row:
                end = "name_only"
            elif self._before.of("customers", person.key) is not None:
                end = "removed"
            else:
                values = {**_with_other_names(person), "nickname": person.name}
                self._append("customers", person.key, values, person.age)
                end = "new"
            tally.add(end)

    # -- rows ----------------------------------------------------------------------------------

    def _update(
        self, table: TableKey, key: str, rows: Sequence[int], values: Mapping[str, Any], age: int
    ) -> End:
        """Bring rows up to date. What is about a whole order goes into no single line of several."""
        before = self._before.of(table, key)
        if len(rows) > 1:
            values = {name: value for name, value in values.items() if name == "state"}
        settled = [self._settlers[table].settle(at, values, before, age) for at in rows]
        self._take(table, key, settled, before, age)
        return "updated" if any(one.puts for one in settled) else "unchanged"

    def _append(self, table: TableKey, key: str, values: Mapping[str, Any], age: int) -> None:
        held = self._there.tables[table]
        row = self._free[table]
        settled = self._settlers[table].append(row, values)
        self._free[table] += 1
        self._made.appended[table] += 1
        if held.reach is not None and row > held.reach:
            self._made.beyond[table] += 1
        lost = self._made.homeless.setdefault(table, Counter())
        lost.update(name for name in values if name not in held.target_columns)
        self._take(table, key, [settled], None, age)

    def _take(
        self,
        table: TableKey,
        key: str,
        settled: Iterable[Settled],
        before: Remembered | None,
        age: int,
    ) -> None:
        stamps = dict(before.stamps) if before else {}
        for one in settled:
            self._made.puts += one.puts
            self._made.kept += one.kept
            stamps |= one.stamps
        if stamps:
            self._remembered[table][key] = Remembered(max(age, before.age if before else 0), stamps)


def _refuse_without_columns(there: Held) -> None:
    """Raises UsageError where orders would come in without a day or an amount, and count for nothing."""
    sheet = there.tables["trades"].target
    if not sheet:
        raise UsageError("import.no_sheet")
    for key in ("date", "amount"):
        if key not in there.tables["trades"].target_columns:
            label = fields("trades")[key].labels
            raise UsageError("import.no_column", sheet=sheet, column={"zh": label.zh, "en": label.en})


def _with_other_names(person: Person) -> dict[str, Any]:
    """What fills a customer's row: names that are not hers in this workbook go where other names are."""
    values = {key: value for key, value in person.values.items() if key != "nickname"}
    if person.other_names:
        values.setdefault("aliases", BETWEEN_NAMES.join(person.other_names.values()))
    return values
