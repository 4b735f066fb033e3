"""Who is who: every name typed in any sheet is a customer, numbered as the helper sheet numbers them.

First the rows of 基本信息, then each further name at its first occurrence in trades, in contacts, in the
other tables. An id wins where both sheets have it; 曾用名 and the names on sales channels join names; a row
without a name (or with a masked one) has number 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sheetkit.model.book import Book, Table
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.labels import fold

CHANNEL_NAMES = ("xianyu_name", "taobao_name", "wechat_name")
"""Columns of 基本信息 for her name on a channel. Such a name may hold a comma; 、 alone separates two."""
_SEPARATORS = re.compile(r"[、;；,，]")
_BETWEEN_CHANNEL_NAMES = re.compile("、")


def typed_fold(name: str) -> str:
    """A name as the live formulas compare it: without case, everything else as typed."""
    return name.lower()


@dataclass(frozen=True)
class Identity:
    """``names``: the display name of customer 1, 2, …; ``number``: {table: the customer of each row, 0
    for none};
    ``home``: per customer, her row's index in the customers table, or None; ``called``: {every name and alias
    by its key: the customer}."""

    names: list[str]
    number: dict[TableKey, list[int]]
    home: list[int | None]
    called: dict[str, int]

    def __len__(self) -> int:
        return len(self.names)


def identify(book: Book, key: Callable[[str], str] = fold) -> Identity:
    """Number the customers of a book. ``key`` says when two names are one (``typed_fold`` for the live
    reading)."""
    builder = _Builder(key)
    customers = book.tables["customers"]
    home_numbers = builder.home_rows(customers)
    number: dict[TableKey, list[int]] = {"customers": home_numbers}
    for table, one in tables().items():
        if table != "customers":
            rows = book.tables[table]
            number[table] = builder.rows(rows) if one.people else [0] * len(rows)
    return Identity(builder.names, number, builder.home, {**builder.by_alias, **builder.by_name})


def _also_known(table: Table) -> dict[int, list[str]]:
    """{row: her further names, as typed}."""
    found: dict[int, list[str]] = {}
    for key in ("aliases", *CHANNEL_NAMES):
        for at, typed in enumerate(table.column(key)):
            if typed:
                found.setdefault(at, []).extend(separate_names(key, typed))
    return found


def separate_names(column: str, typed: str) -> list[str]:
    """The names in a cell of 曾用名 or of a channel's column."""
    return (_SEPARATORS if column == "aliases" else _BETWEEN_CHANNEL_NAMES).split(typed)


class _Builder:
    def __init__(self, key: Callable[[str], str]) -> None:
        self.key = key
        self.names: list[str] = []
        self.home: list[int | None] = []
        self.by_name: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.by_alias: dict[str, int] = {}

    def add(self, name: str, key: str, home: int | None) -> int:
        self.names.append(name)
        self.home.append(home)
        self.by_name[key] = len(self.names)
        return len(self.names)

    def home_rows(self, table: Table) -> list[int]:
        numbers = []
        also = _also_known(table)
        for at, (name, code) in enumerate(
            zip(table.column("nickname"), table.column("customer_id"), strict=True)
        ):
            called = name or code
            if not called:
                numbers.append(0)
                continue
            known = self.key(called)
            number = self.by_name.get(known) or self.add(called, known, at)
            numbers.append(number)
            if code:
                self.by_id.setdefault(self.key(code), number)
            for alias in also.get(at, ()):
                known = self.key(alias.strip(" "))
                if known:
                    self.by_alias.setdefault(known, number)
        return numbers

    def rows(self, table: Table) -> list[int]:
        names, codes = table.column("nickname"), table.column("customer_id")
        if not any(codes):
            return self.named_rows(names)
        numbers = []
        for name, code in zip(names, codes, strict=True):
            number = self.by_id.get(self.key(code), 0) if code else 0
            numbers.append(number or self.resolve(name or code))
        return numbers

    def named_rows(self, names: list[str | None]) -> list[int]:
        known = {name: self.resolve(name) for name in dict.fromkeys(names)}
        return list(map(known.__getitem__, names))

    def resolve(self, name: str | None) -> int:
        if not name:
            return 0
        key = self.key(name)
        return self.by_name.get(key) or self.by_alias.get(key) or self.add(name, key, None)
