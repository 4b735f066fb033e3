"""The buyers of exports against the customers of a workbook: whom she has, and who is new.

A buyer is one she has where the id is the same, else the name (her other names and channel names count,
`analysis.identity`), else phone, WeChat or e-mail. A name with its middle hidden names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sheetkit.analysis.identity import CHANNEL_NAMES, identify
from sheetkit.edits.exported import age_of, rows_of
from sheetkit.edits.held import Held
from sheetkit.edits.people import MARKS, is_hidden, marks
from sheetkit.intake.cells import is_masked
from sheetkit.intake.exports import Export
from sheetkit.model.labels import fold

_SAYS_NOTHING = ("nickname", "source", *CHANNEL_NAMES)
"""What is known of everybody who bought: no reason for a row."""
_USELESS_HIDDEN = ("phone", "wechat", "email", "real_name")
"""Columns that hold nothing where a part of the text is starred out."""


@dataclass(eq=False)
class Person:
    """Somebody who bought. ``home``: her row in the customers table, None for a new one. ``name``: as trades
    write it so that it is found to be hers."""

    name: str
    home: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    age: int = 0
    rows: int = 0

    @property
    def deserves_row(self) -> bool:
        """Whether more is known than the name."""
        name = fold(self.name)
        more = {
            key: value
            for key, value in self.values.items()
            if key not in _SAYS_NOTHING and not (isinstance(value, str) and fold(value) == name)
        }
        return bool(self.name and more)

    @property
    def key(self) -> str:
        """By what she is known the next time."""
        known = self.values.get("customer_id") or self.values.get("nickname") or self.name
        return fold(str(known))


class Directory:
    """Everybody by every name and mark.

    ``unused``: how many rows of the exports are about nobody.
    """

    def __init__(self, held: Held) -> None:
        self._by: dict[tuple[str, str], Person] = {}
        self._about: dict[Person, None] = {}
        self.unused = 0
        self._identity = identify(held.book)
        self._read(held)

    def _read(self, held: Held) -> None:
        names = self._identity.names
        numbered = [Person(name, home) for name, home in zip(names, self._identity.home, strict=True)]
        for called, number in self._identity.called.items():
            self._by.setdefault(("name", called), numbered[number - 1])
        customers = held.tables["customers"]
        for at, number in enumerate(self._identity.number["customers"]):
            if number:
                row = {key: customers.value(at, key) for key in ("customer_id", *MARKS)}
                self._index(numbered[number - 1], row)

    def _index(self, person: Person, values: Mapping[str, Any]) -> None:
        for mark in marks(values):
            self._by.setdefault(mark, person)

    def find(self, values: Mapping[str, Any]) -> Person | None:
        """Whom a row of an export is about, among those known so far."""
        return next((self._by[mark] for mark in marks(values) if mark in self._by), None)

    def learn(self, export: Export) -> None:
        """Take in the buyers of an export."""
        age = age_of(export)
        rows = zip(export.customers.used, rows_of(export.customers, "customers"), strict=True)
        for used, row in rows:
            values = {
                key: value
                for key, value in row.items()
                if key not in _USELESS_HIDDEN or not is_hidden(str(value))
            }
            name = _name(values)
            if not used or not name:
                self.unused += 1
                continue
            person = self.find(values)
            if person is None:
                person = Person(name)
            self._about[person] = None
            newer = age > person.age
            for key, value in values.items():
                if newer or key not in person.values:
                    person.values[key] = value
            person.age, person.rows = max(age, person.age), person.rows + 1
            self._index(person, values)

    @property
    def people(self) -> list[Person]:
        """Whom the exports are about, in their order."""
        return list(self._about)

    def count_with(self, names: Iterable[str]) -> int:
        """How many customers there are when these names have come."""
        new = {fold(name) for name in names if name} - self._identity.called.keys()
        return len(self._identity) + len(new)

    def name_for(self, values: Mapping[str, Any]) -> str | None:
        """The name under which an order is found to be its buyer's: the export's, unless only id, phone or
        the like told that it is somebody she calls otherwise."""
        name = values.get("nickname")
        person = self.find(values)
        if person is None or person.home is None or not name:
            return str(name) if name else None
        return name if fold(str(name)) in self._identity.called else person.name


def _name(values: Mapping[str, Any]) -> str:
    name = str(values.get("nickname") or values.get("customer_id") or "")
    return "" if is_masked(name) else name
