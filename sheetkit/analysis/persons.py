"""What a book knows of each person that can tell two apart or show that two are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sheetkit.analysis.identity import CHANNEL_NAMES, Identity, separate_names
from sheetkit.analysis.likeness import Likeness, likenesses
from sheetkit.analysis.reachable import addresses, emails, phones, phones_in_wechat, wechats
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_date
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

Values = dict[int, set[str]]
"""{person: what she has of one kind}."""


@dataclass
class Persons:
    """By customer number: ``names`` as shown and as ``typed`` (from 0), what typed names are ``like``, and
    what stands in 基本信息: by kind what each has (``held``), and the further names,
    {person: {(column, folded name)}}."""

    names: list[str]
    typed: list[str]
    like: dict[str, Likeness]
    held: dict[str, Values] = field(default_factory=dict)
    further: dict[int, set[tuple[str, str]]] = field(default_factory=dict)

    def of(self, kind: str, person: int) -> set[str]:
        """What a person has of a kind."""
        return self.held[kind].get(person, set())

    def likeness(self, person: int) -> Likeness:
        """What her name is like."""
        return self.like[self.typed[person - 1]]


def persons(book: Book, identity: Identity) -> Persons:
    """Everyone in a book."""
    rows, table = identity.number["customers"], book.tables["customers"]
    typed = list(identity.names)
    for person, (_, name, _) in identity.namesakes.items():
        typed[person - 1] = name
    found = Persons(identity.names, typed, likenesses(typed))
    for kind, read in _READERS.items():
        values: Values = defaultdict(set)
        for column, take in read.items():
            if column not in table.columns:
                continue
            for person, typed in zip(rows, table.column(column), strict=True):
                if person and typed:
                    values[person].update(take(typed))
        found.held[kind] = {person: some for person, some in values.items() if some}
    for person, (_, _, code) in identity.namesakes.items():
        found.held["customer_id"].setdefault(person, {fold(code)})
    found.further = _further_names(rows, table)
    return found


def _further_names(rows: list[int], table: Table) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for column in (one for one in ("aliases", *CHANNEL_NAMES) if one in table.columns):
        for person, typed in zip(rows, table.column(column), strict=True):
            if person and typed:
                found[person] |= {
                    (column, fold(one))
                    for one in separate_names(column, typed)
                    if fold(one) and "*" not in one
                }
    return found


def _birthday(day: int) -> Iterable[str]:
    """Month and day: many know no year, and write any."""
    return [to_date(day).strftime("%m-%d")]


def _gender(label: str) -> Iterable[str]:
    entries = lists()["gender"].entries
    meant = (one.labels.zh for one in entries if fold(label) in map(fold, (*one.labels.all(), *one.synonyms)))
    return list(meant)[:1]


def _real_name(typed: str) -> Iterable[str]:
    plain = fold(typed)
    return [plain] if len(plain) > 1 and "*" not in plain else []


_READERS: dict[str, dict[str, Callable[..., Iterable[str]]]] = {
    "phone": {"phone": phones, "wechat": phones_in_wechat},
    "wechat": {"wechat": wechats},
    "email": {"email": emails},
    "address": {"address": addresses},
    "real_name": {"real_name": _real_name},
    "birthday": {"birthday": _birthday},
    "gender": {"gender": _gender},
    "customer_id": {"customer_id": lambda typed: [fold(typed)]},
    "source": {"source": lambda typed: [fold(typed)]},
}
"""{kind: {column of 基本信息: how its cells are read}}."""


def read_cell(kind: str, typed: object) -> frozenset[str]:
    """What the cell of a kind's own column holds."""
    return frozenset(_READERS[kind][kind](typed))
