"""Exports told in the test, and what an import of them would change, for tables of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheetkit.edits.importing import Changes, changes
from sheetkit.edits.remembered import Record
from sheetkit.intake.exports import Export
from sheetkit.model.book import Table
from sheetkit.model.days import to_day
from sheetkit.model.lists import lists
from sheetkit.model.platforms import platforms
from sheetkit.opc import Surgery
from sheetkit.pipeline.importing import workbook_held
from tests.tools import make_book

Row = Mapping[str, Any]


def day(said: str) -> int:
    """The number of 2026-03-05."""
    return to_day(date.fromisoformat(said))


def state(meaning: str) -> int:
    """The code of a state's meaning."""
    return lists()["trade_state"].code(meaning)


def order(number: str | None = "A1", **said: Any) -> dict[str, Any]:
    """An order of 120.00 for a kettle, completed, by 小李 on 2026-03-05, unless said otherwise."""
    usual = {"date": "2026-03-05", "nickname": "小李", "item": "水壶", "amount": 12000, "state": "completed"}
    values = {"order_id": number, **usual, **said}
    values["date"] = day(values["date"]) if values["date"] else None
    values["state"] = state(values["state"]) if values["state"] else None
    return values


def export(
    *orders: Row,
    customers: Sequence[Row] = (),
    platform: str = "taobao-orders",
    currency: str = "CNY",
    name: str = "orders.csv",
) -> Export:
    """A file of these orders and buyers."""
    source = platforms()[platform]
    return Export(source, name, "zh", currency, _table(orders), _table(customers), [], [])


def _table(rows: Sequence[Row]) -> Table:
    keys = dict.fromkeys(key for row in rows for key in row)
    count = len(rows)
    columns = {key: [row.get(key) for row in rows] for key in keys}
    return Table(columns, {}, ["s"] * count, list(range(2, count + 2)), [True] * count, [False] * count)


@dataclass(frozen=True)
class Done:
    """An import into a drawn workbook. ``puts``: {``sheet!B7``: value}."""

    changes: Changes
    puts: dict[str, Any]

    @property
    def ends(self) -> dict[str, int]:
        """How many orders came to which end."""
        return {end: count for end, count in self.changes.orders.rows.items() if count}

    @property
    def customers(self) -> dict[str, int]:
        """The same of customers."""
        return {end: count for end, count in self.changes.customers.rows.items() if count}

    @property
    def kept(self) -> dict[str, str]:
        """{cell: why it stays}."""
        return {f"{one.sheet}!{one.cell}": one.why for one in self.changes.kept}


def imported(drawn: str | bytes, *exports: Export, record: Record | None = None) -> Done:
    """What an import into a workbook drawn as Markdown changes."""
    data = make_book(drawn) if isinstance(drawn, str) else drawn
    there, before = workbook_held(Surgery(data), data, "book.xlsx", None)
    made = changes(there, exports, before if record is None else record)
    return Done(made, {f"{one.sheet}!{one.cell}": one.value for one in made.puts})
