"""Who is who: every name typed in any sheet is a customer, numbered as the helper sheet numbers them.

First the rows of 基本信息, then each further name at its first occurrence in trades, in contacts, in the
other tables. An id wins where both sheets have it; rows of one name with different ids are different people,
of whom all but the first are called by name and id; 曾用名 and the names on sales channels join names; a row
without a name (or with a masked one) has number 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from sheetkit.model.book import Book, Table
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.labels import NAME_LENGTH, fold

CHANNEL_NAMES = ("xianyu_name", "taobao_name", "wechat_name")
"""Columns of 基本信息 for her name on a channel. Such a name may hold a comma; 、 alone separates two."""
_SEPARATORS = re.compile(r"[、;；,，]")
_BETWEEN_CHANNEL_NAMES = re.compile("、")


def typed_fold(name: str) -> str:
    """A name as the live formulas compare it: without case, everything else as typed."""
    return name.lower()


def name_and_id(name: str, code: str) -> str:
    """How somebody is called whose name is another customer's, too: ``小李 #C057``."""
    return f"{name} #{code}"[:NAME_LENGTH]


@dataclass(frozen=True)
class Identity:
    """``names``: the display name of customer 1, 2, …; ``number``: {table: the customer of each row, 0
    for none};
    ``home``: per customer, her row's index in the customers table, or None; ``called``: {every name and alias
    by its key: the customer}; ``said``: {table: what each row calls its customer, None where an id alone says
    it}; ``namesakes``: {a customer called by name and id: (the first of her name, the name, the id)}."""

    names: list[str]
    number: dict[TableKey, list[int]]
    home: list[int | None]
    called: dict[str, int]
    said: dict[TableKey, list[str | None]] = field(default_factory=dict)
    namesakes: dict[int, tuple[int, str, str]] = field(default_factory=dict)

    def spoken(self, number: int) -> str:
        """How a customer is addressed: by her name without the id that tells her from a namesake."""
        return self.namesakes[number][1] if number in self.namesakes else self.names[number - 1]

    def __len__(self) -> int:
        return len(self.names)


def identify(book: Book, key: Callable[[str], str] = fold) -> Identity:
    """Number the customers of a book. ``key`` says when two names are one (``typed_fold`` for the live
    reading)."""
    builder = _Builder(key)
    for table, one in tables().items():
        rows = book.tables[table]
        if table == "customers":
            builder.home_rows(rows)
        elif one.people:
            builder.rows(table, rows)
        else:
            builder.number[table] = [0] * len(rows)
    called = {**builder.by_alias, **builder.by_name}
    return Identity(
        builder.names, builder.number, builder.home, called, builder.said, builder.namesakes
    )


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
        self.key = cache(key)
        self.names: list[str] = []
        self.home: list[int | None] = []
        self.number: dict[TableKey, list[int]] = {}
        self.said: dict[TableKey, list[str | None]] = {}
        self.namesakes: dict[int, tuple[int, str, str]] = {}
        self.by_name: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.by_alias: dict[str, int] = {}
        self._id_of: dict[str, str] = {}
        """{name by its key: the first id that stands beside it}."""

    def home_rows(self, table: Table) -> None:
        """Number the rows of 基本信息."""
        numbers, said, also = [], list[str | None](), _also_known(table)
        for at, (name, code) in enumerate(
            zip(table.column("nickname"), table.column("customer_id"), strict=True)
        ):
            called = self._called(name, code)
            number = self._add(called, name, code, at) if called else 0
            numbers.append(number)
            said.append(called)
            if code and called:
                self.by_id.setdefault(self.key(code), number)
            for alias in also.get(at, ()) if called else ():
                known = self.key(alias.strip(" "))
                if known:
                    self.by_alias.setdefault(known, number)
        self.number["customers"], self.said["customers"] = numbers, said

    def rows(self, key: TableKey, table: Table) -> None:
        """Number the rows of another table."""
        names, codes = table.column("nickname"), table.column("customer_id")
        if not any(codes):
            known = {name: self._resolve(name, name, None) for name in dict.fromkeys(names)}
            self.number[key], self.said[key] = list(map(known.__getitem__, names)), names
            return
        numbers, said = [], list[str | None]()
        for name, code in zip(names, codes, strict=True):
            number = self.by_id.get(self.key(code), 0) if code else 0
            called = None if number else self._called(name, code)
            numbers.append(number or self._resolve(called, name, code))
            said.append(called)
        self.number[key], self.said[key] = numbers, said

    def _called(self, name: str | None, code: str | None) -> str | None:
        """What a row calls its customer: the name, else the id; both where the name has another id."""
        own = name or code
        if not own or not code:
            return own
        first = self._id_of.setdefault(self.key(own), self.key(code))
        return own if first == self.key(code) else name_and_id(own, code)

    def _resolve(self, called: str | None, name: str | None, code: str | None) -> int:
        if not called:
            return 0
        key = self.key(called)
        return self.by_name.get(key) or self.by_alias.get(key) or self._add(called, name, code, None)

    def _add(self, called: str, name: str | None, code: str | None, home: int | None) -> int:
        """The customer so called, a new one where there is none."""
        key = self.key(called)
        if key not in self.by_name:
            self.names.append(called)
            self.home.append(home)
            self.by_name[key] = len(self.names)
            if name and code and called != name:
                other = self.key(name)
                first = self.by_name.get(other) or self.by_alias.get(other, 0)
                self.namesakes[len(self.names)] = (first, name, code)
        return self.by_name[key]
