"""Small shops told in a few words, measured by the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sheetkit.analysis.engine import measure
from sheetkit.analysis.identity import identify
from sheetkit.analysis.measured import Measured
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.rulebook import Rulebook, rulebook
from sheetkit.rules.words import Person

TODAY = to_day(date(2026, 5, 20))
Row = Mapping[str, object]


@dataclass(frozen=True)
class Shop:
    """A measured shop of a kind, its customers by name."""

    names: list[str]
    measured: Measured
    thresholds: Mapping[str, float]

    def value(self, name: str, key: str) -> Any:
        """A customer's metric, or her class in a dimension."""
        return self.measured.customers[key][self.names.index(name)]

    def person(self, name: str) -> Person:
        """What sentences are made from."""
        metrics = {key: self.value(name, key) for key in rulebook().metrics}
        return Person(metrics, self.measured.figures, self.thresholds)


def trade(name: str, ago: int, yuan: float = 30, **more: object) -> Row:
    """A trade so many days ago."""
    return {"nickname": name, "date": TODAY - ago, "amount": round(yuan * 100), "state": "completed", **more}


def contact(name: str, ago: int, kind: str, **more: object) -> Row:
    """A contact so many days ago, still open."""
    return {"nickname": name, "date": TODAY - ago, "type": kind, "status": "open", **more}


def shop(
    trades: Sequence[Row] = (),
    contacts: Sequence[Row] = (),
    customers: Sequence[Row] = (),
    kind: str = "second_hand",
    rules: Rulebook | None = None,
    **own: float,
) -> Shop:
    """The shop measured, by all rules there are or by these; labels of lists are given as meanings."""
    book = Book.empty("xianyu", "zh")
    for table, rows in (("trades", trades), ("contacts", contacts), ("customers", customers)):
        book.tables[table] = table_of(table, rows)  # type: ignore[index,arg-type]  # table keys
    identity = identify(book)
    used = rules or rulebook()
    thresholds = used.in_force(kind, own)
    measured = measure(book, identity, used, tuple(used.dimensions), thresholds, TODAY)
    return Shop(identity.names, measured, thresholds)


def table_of(table: TableKey, rows: Sequence[Row]) -> Table:
    """Rows as a table of a Book; labels of lists are given as meanings."""
    known = fields(table)
    columns: dict[str, list[Any]] = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        coded = lists()[known[key].list_key] if known[key].coded else None
        values = [row.get(key) for row in rows]
        columns[key] = [coded.code(str(one or coded.blank)) for one in values] if coded else values
    if table == "trades" and rows:
        columns.setdefault("line_kind", [1] * len(rows))
    count = len(rows)
    return Table(columns, {}, ["s"] * count, list(range(2, count + 2)), [True] * count, [False] * count)
