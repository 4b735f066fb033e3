"""The buyers of exports against the customers of a workbook: whom she has, and who is new.

Rows of exports that share an id or a name are about one buyer. She is one the seller has where the id is the
same, else the name (her other names and channel names count, `analysis.identity`); somebody with a row of
her own goes before somebody who only stands in orders. Another name with the phone, WeChat or e-mail of
somebody else stays a buyer of its own: a front desk and a forwarder have one number for many, so it is for
the seller to say (`Directory.alike`). A name with its middle hidden names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheetkit.analysis.identity import CHANNEL_NAMES, identify, name_and_id
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
_SURE = ("customer_id", "name", "wangwang")
"""Marks that are one person's alone."""


@dataclass(eq=False)
class Person:
    """Somebody who bought. ``home``: her row in the customers table, None for a new one. ``name``: as trades
    write it so that it is found to be hers. ``ids``: her customer ids. ``shared_name``: her name if somebody
    with another id has it, too. ``other_names``: under which exports have her, too. ``age``: of the newest
    export that says something of her; ``rows``: how many rows say something."""

    name: str
    home: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    age: int = 0
    rows: int = 0
    other_names: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    shared_name: str = ""

    def may_be(self, code: object) -> bool:
        """Whether somebody with this id, or with none, can be the same person."""
        return not code or not self.ids or fold(str(code)) in self.ids

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

    def take(self, name: str, values: Mapping[str, Any], age: int, rows: int = 1) -> None:
        """What is said of her: a newer export's word counts, else what is not known yet."""
        for key, value in values.items():
            if age > self.age or key not in self.values:
                self.values[key] = value
        if fold(name) != fold(self.name):
            self.other_names.setdefault(fold(name), name)
        self.age, self.rows = max(age, self.age), self.rows + rows


class Directory:
    """Everybody by every name and mark.

    ``people``: whom the exports are about. ``unused``: how many of their rows are about nobody. ``alike``:
    new buyers, each with the name of somebody else who has the same phone, WeChat or e-mail.
    """

    def __init__(self, held: Held, exports: Iterable[Export]) -> None:
        self._by: dict[tuple[str, str], Person] = {}
        self.alike: dict[str, str] = {}
        self._identity = identify(held.book)
        self._namesakes = 0
        sheets = (held.tables["trades"], held.tables["customers"])
        self._ids_kept = all("customer_id" in one.target_columns for one in sheets)
        self._read(held)
        found, self.unused = _gathered(exports)
        self.people = list(dict.fromkeys(map(self._known_as, found)))

    def _read(self, held: Held) -> None:
        names = self._identity.names
        numbered = [Person(name, home) for name, home in zip(names, self._identity.home, strict=True)]
        self._numbered = numbered
        for number, (_, name, _) in self._identity.namesakes.items():
            numbered[number - 1].shared_name = name
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
            if mark[0] == "customer_id":
                person.ids.add(mark[1])

    def _known_as(self, one: Person) -> Person:
        """Somebody of an export as one who is known already, else as herself."""
        person = self.find(one.values) or one
        if person is one and self._by.get(("name", fold(one.name)), one) is not one:
            one.shared_name = one.name
            self._namesakes += 1
            if not self._ids_kept:
                one.name = name_and_id(one.name, str(one.values["customer_id"]))
        if person is not one:
            for name in (one.name, *one.other_names.values()):
                person.take(name, one.values, one.age, rows=0)
            person.rows += one.rows
        elif fold(one.name) not in self._identity.called:
            other = next((self._by[mark] for mark in marks(one.values) if mark in self._by), None)
            if other is not None:
                self.alike[one.name] = other.name
        for name in (one.name, *one.other_names.values()):
            self._index(person, {**one.values, "nickname": name})
        return person

    def find(self, values: Mapping[str, Any]) -> Person | None:
        """Whom this is about, among those known so far: if one of them has a row, then that one."""
        code = values.get("customer_id")
        known = [self._by[mark] for mark in _sure(values) if mark in self._by and self._by[mark].may_be(code)]
        at_home = (person for person in known if person.home is not None)
        return next(at_home, known[0] if known else None)

    def is_new(self, person: Person) -> bool:
        """Whether the workbook does not know her."""
        return person.home is None and fold(person.name) not in self._identity.called

    def leave_out(self, person: Person) -> None:
        """She is nobody to be put in."""
        self.people = [one for one in self.people if one is not person]

    def complete(self, person: Person, values: Mapping[str, Any]) -> None:
        """What is not known of somebody yet; names and where she comes from are left alone."""
        more = {key: value for key, value in values.items() if key not in ("customer_id", *_SAYS_NOTHING)}
        for key, value in more.items():
            person.values.setdefault(key, value)
        if more and not any(one is person for one in self.people):
            person.rows = max(person.rows, 1)
            self.people.append(person)

    def join(self, person: Person, other: Person) -> None:
        """``other`` of an export is somebody the workbook has."""
        person.take(other.name, other.values, other.age, rows=other.rows)
        self.leave_out(other)
        if not any(one is person for one in self.people):
            self.people.append(person)
        for mark in [mark for mark, one in self._by.items() if one is other]:
            self._by[mark] = person

    def count_with(self, names: Iterable[str]) -> int:
        """How many customers there are when these names have come."""
        new = {fold(name) for name in names if name} - self._identity.called.keys()
        return len(self._identity) + len(new) + (self._namesakes if self._ids_kept else 0)

    def name_for(self, values: Mapping[str, Any]) -> str | None:
        """The name under which an order is found to be its buyer's: the export's where it stands in the
        workbook, else that of whom her id told that she is."""
        name = str(values.get("nickname") or "")
        person = self.find(values)
        if person is None or not name:
            return name or None
        by_id = self._ids_kept and values.get("customer_id") and fold(person.shared_name) == fold(name)
        told = self._identity.called.get(fold(name), 0)
        return name if by_id or (told and self._numbered[told - 1] is person) else person.name


def _gathered(exports: Iterable[Export]) -> tuple[Sequence[Person], int]:
    """The buyers of all exports, each once, and how many rows are about nobody."""
    by: dict[tuple[str, str], Person] = {}
    found: dict[Person, None] = {}
    unused = 0
    for export in exports:
        age = age_of(export)
        for row in rows_of(export.customers, "customers"):
            values = {key: value for key, value in row.items() if not _is_useless(key, value)}
            name = str(values.get("nickname") or values.get("customer_id") or "")
            if not name or is_masked(name):
                unused += 1
                continue
            sure = list(_sure(values))
            code = values.get("customer_id")
            known = (by[mark] for mark in sure if mark in by and by[mark].may_be(code))
            person = next(known, None) or Person(name)
            person.take(name, values, age)
            person.ids.update(mark[1] for mark in sure if mark[0] == "customer_id")
            found[person] = None
            for mark in sure:
                by.setdefault(mark, person)
    return list(found), unused


def _sure(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return (mark for mark in marks(values) if mark[0] in _SURE)


def _is_useless(key: str, value: object) -> bool:
    return key in _USELESS_HIDDEN and is_hidden(str(value))
