"""Two names that may be one customer, with the reasons for and against; and one name that may be two.

Nobody is compared with everybody: a pair comes up only where two share a number, an address, a name that
differs by how it is typed. What many share is no evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from sheetkit.analysis.identity import Identity
from sheetkit.analysis.likeness import one_less
from sheetkit.analysis.persons import Persons, persons, read_cell
from sheetkit.model.book import Book, Column
from sheetkit.model.labels import fold

Strength = Literal["certain", "likely", "possible"]
_STRENGTHS: tuple[Strength, ...] = ("possible", "likely", "certain")

_SHARED = {"phone": 3, "wechat": 3, "email": 3, "address": 1, "real_name": 1}
"""How much it weighs that two have the same: 3 alone is certain, 2 likely, 1 possible."""
_SAME_TAOBAO, _CALLED, _SAME_NAME, _SAME_SHORT_NAME, _NEARLY = 3, 2, 2, 1, 1
_CERTAIN_TOGETHER = 4
MOST_SHARING = 4
"""What more people than this have in common is no evidence: a shop's own phone, an office, 小李."""


@dataclass(frozen=True)
class Sign:
    """One reason: ``key`` names the sentence ``same.sign.KEY``, ``value`` what is the same or differs."""

    key: str
    value: str = ""


@dataclass(frozen=True)
class Pair:
    """Two customers by their numbers, the lower first."""

    one: int
    other: int
    strength: Strength
    reasons: tuple[Sign, ...]
    against: tuple[Sign, ...]


@dataclass(frozen=True)
class Double:
    """One name with two rows in 基本信息 that do not fit one person: her number, the rows, what differs."""

    person: int
    rows: tuple[int, ...]
    differs: tuple[Sign, ...]


@dataclass(frozen=True)
class Sameness:
    """What a book suggests about who is who."""

    pairs: tuple[Pair, ...]
    doubles: tuple[Double, ...]


def sameness(book: Book, identity: Identity) -> Sameness:
    """Every pair worth a look, the surest first, and every name that may be two people."""
    known = persons(book, identity)
    reasons: dict[tuple[int, int], dict[Sign, int]] = defaultdict(dict)
    for people, sign, weight in _signs(known):
        reasons[min(people), max(people)].setdefault(sign, weight)
    judge = _Judge(known, book, identity)
    judged = (judge.pair(*people, weighed) for people, weighed in reasons.items())
    found = [one for one in judged if one is not None]
    found.sort(key=lambda one: (-_STRENGTHS.index(one.strength), one.one, one.other))
    return Sameness(tuple(found), tuple(_doubles(book, identity)))


def _signs(known: Persons) -> Iterator[tuple[tuple[int, int], Sign, int]]:
    """(two people, a reason to think them one, its weight)."""
    for kind, weight in _SHARED.items():
        for value, people in _by_value(known.held[kind]).items():
            shown = "" if kind == "address" else value
            for two in _pairs(people):
                yield two, Sign(kind, shown), weight
    yield from _by_further_names(known)
    yield from _by_likeness(known)


def _by_value(values: Mapping[int, set[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for person, some in values.items():
        for value in some:
            found[value].append(person)
    return found


def _pairs(people: list[int]) -> Iterator[tuple[int, int]]:
    return combinations(people, 2) if 2 <= len(people) <= MOST_SHARING else iter(())


def _by_further_names(known: Persons) -> Iterator[tuple[tuple[int, int], Sign, int]]:
    """A name in a column of one that is the other's name, or stands in the same column there."""
    owners = {fold(name): at for at, name in enumerate(known.names, 1) if known.likeness(at).core}
    called: dict[tuple[str, str], list[int]] = defaultdict(list)
    for person, names in known.further.items():
        for column, name in names:
            called[column, name].append(person)
            owner = owners.get(name, person)
            if owner != person:
                yield (person, owner), Sign(f"called_{column}", known.names[owner - 1]), _CALLED
    for (column, name), people in called.items():
        weight = _SAME_TAOBAO if column == "taobao_name" else _CALLED
        for two in _pairs(people) if column != "aliases" else ():
            yield two, Sign(f"same_{column}", name), weight


def _by_likeness(known: Persons) -> Iterator[tuple[tuple[int, int], Sign, int]]:
    cores: dict[str, list[int]] = defaultdict(list)
    for at in range(1, len(known.names) + 1):
        if core := known.likeness(at).core:
            cores[core].append(at)
    for people in cores.values():
        if len(people) > 1:
            weight = _SAME_SHORT_NAME if known.likeness(people[0]).is_short else _SAME_NAME
            for one, other in _pairs(people):
                same = fold(known.typed[one - 1]) == fold(known.typed[other - 1])
                yield (one, other), Sign("same_name" if same else "name"), weight
    for core, people in cores.items():
        for shorter in one_less(core):
            if shorter in cores and len(people) + len(cores[shorter]) <= MOST_SHARING:
                for one in people:
                    for other in cores[shorter]:
                        yield (one, other), Sign("nearly"), _NEARLY


class _Judge:
    """Weighs the reasons for against those against."""

    def __init__(self, known: Persons, book: Book, identity: Identity) -> None:
        self.known, self.book, self.identity = known, book, identity
        self._days: dict[int, set[int]] | None = None

    def pair(self, one: int, other: int, weighed: Mapping[Sign, int]) -> Pair | None:
        """The pair, or None where more speaks against it than for it."""
        against = tuple(self.against(one, other))
        total = sum(weighed.values())
        level = max(*weighed.values(), 2 if total >= 2 else 1, 3 if total >= _CERTAIN_TOGETHER else 1)
        level -= len(against)
        if level < 1:
            return None
        order = sorted(weighed, key=lambda sign: -weighed[sign])
        return Pair(one, other, _STRENGTHS[level - 1], tuple(order), against)

    def against(self, one: int, other: int) -> Iterator[Sign]:
        """Why they may well be two."""
        for kind in ("phone", "birthday", "gender", "real_name"):
            mine, theirs = self.known.of(kind, one), self.known.of(kind, other)
            if mine and theirs and not mine & theirs:
                shown = f"{min(mine)} / {min(theirs)}" if kind != "gender" else ""
                yield Sign(f"other_{kind}", shown)
        yield from self.other_id(one, other)
        notes = [self.known.likeness(at).note for at in (one, other)]
        if all(notes) and notes[0] != notes[1]:
            yield Sign("other_note", " / ".join(notes))
        here, there = (self.known.of("address", at) for at in (one, other))
        if here and there and not here & there and self.days(one) & self.days(other):
            yield Sign("same_day")

    def other_id(self, one: int, other: int) -> Iterator[Sign]:
        """Different ids, unless they come from different channels."""
        mine, theirs = (self.known.of("customer_id", at) for at in (one, other))
        here, there = (self.known.of("source", at) for at in (one, other))
        if mine and theirs and not mine & theirs and (not here or not there or here & there):
            yield Sign("other_id", f"{min(mine)} / {min(theirs)}")

    def days(self, person: int) -> set[int]:
        """The days she bought on."""
        if self._days is None:
            self._days = defaultdict(set)
            table = self.book.tables["trades"]
            rows = zip(self.identity.number["trades"], table.column("date"), table.used, strict=True)
            for who, day, used in rows:
                if who and used and day is not None:
                    self._days[who].add(day)
        return self._days.get(person, set())


def _doubles(book: Book, identity: Identity) -> Iterator[Double]:
    """Names with several rows in 基本信息 whose numbers or birthdays are different ones."""
    rows: dict[int, list[int]] = defaultdict(list)
    for at, person in enumerate(identity.number["customers"]):
        if person:
            rows[person].append(at)
    table = book.tables["customers"]
    columns: dict[str, Column] = {
        kind: table.columns[kind] for kind in ("phone", "birthday") if kind in table.columns
    }
    for person, some in rows.items():
        if len(some) > 1:
            differs = tuple(_differs(columns, some))
            if differs:
                yield Double(person, tuple(some), differs)


def _differs(columns: Mapping[str, Column], rows: list[int]) -> Iterator[Sign]:
    for kind, column in columns.items():
        held = [set(read_cell(kind, typed)) for at in rows if (typed := column[at])]
        if any(one.isdisjoint(other) for one, other in combinations(filter(None, held), 2)):
            yield Sign(f"other_{kind}", " / ".join(sorted(set().union(*held))))
