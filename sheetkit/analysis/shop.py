"""What a plan is made from: the shop on the day, its rows as conditions see them, a play for someone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

from sheetkit.model.book import Book, Column, Table
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.report import PLAN_STATUS
from sheetkit.rules.evaluate import function
from sheetkit.rules.playbook import TODAY, Play
from sheetkit.rules.tree import Expr

STATUS = {fold(label): at for at, labels in enumerate(PLAN_STATUS) for label in labels.all()}
"""{folded label of a task's status: its place in PLAN_STATUS}."""
CONTACTED, ANSWERED, BOUGHT, NOT_NEEDED = 1, 2, 3, 4


@dataclass(frozen=True)
class Shop:
    """What a plan is made from; the shapes are those of ``tasks``."""

    customers: Mapping[str, Column]
    book: Book
    customer_of: Mapping[TableKey, list[int]]
    as_of: int
    thresholds: Mapping[str, float]

    def value(self, key: str, number: int) -> Any:
        """What column ``key`` holds for a customer; None where there is no such column."""
        column = self.customers.get(key)
        return None if column is None else column[number - 1]


@dataclass(frozen=True)
class Candidate:
    """A play for a customer, for one ``row`` (its index in ``table``) or for herself (None): what triggers
    it and when it is due."""

    play: Play
    number: int
    row: int | None
    trigger: str
    due: int
    table: TableKey = ""
    key: str = ""


class Rows:
    """The rows of one table as conditions see them: blank cells as their list's blank, else 0."""

    def __init__(self, shop: Shop, key: TableKey) -> None:
        self.shop = shop
        self.key = key
        self.table: Table = shop.book.tables[key]
        self.number = shop.customer_of.get(key) or [0] * len(self.table)
        self._raw: dict[str, list[int]] = {}

    def raw(self, name: str) -> list[int]:
        """A column as conditions name it."""
        if name not in self._raw:
            key = "date" if name == "day" else name
            column = fields(self.key)[key]
            blank = lists()[column.list_key].blank_code if column.coded else 0
            self._raw[name] = [blank if value is None else value for value in self.table.column(key)]
        return self._raw[name]

    def fitting(self, condition: Expr) -> Iterator[int]:
        """Each row in use, with a customer, that a condition fits."""
        fits = function(condition, {}, self.shop.thresholds)
        count = len(self.table)
        today = [self.shop.as_of] * count
        columns = {name: today if name == TODAY else self.raw(name) for name in fits.names}
        for at in compress(range(count), fits.over(columns, count)):
            if self.table.used[at] and self.number[at]:
                yield at
