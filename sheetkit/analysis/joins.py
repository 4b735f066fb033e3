"""The names that the seller said are one person, counted as one; and what became of each of her answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sheetkit.analysis.identity import Identity
from sheetkit.model.book import Book, Column, Table
from sheetkit.model.fields import fields
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.sameness import Tick

State = Literal["joined", "apart", "conflict", "unclear", "one_already", "gone"]
_LISTED = {"tags": "、", "aliases": "、"}
"""Columns that hold several things: those of all rows are put side by side."""


@dataclass(frozen=True)
class Verdict:
    """What became of one answer. ``people``: the two numbers before joining, 0 for a name that is no more."""

    tick: Tick
    state: State
    people: tuple[int, int]


@dataclass(frozen=True)
class Joining:
    """``apart``, ``book``: who is who and the book before anybody is joined. ``orders``: {person: how many}.

    ``into``: {person apart: the number of who she is now}.
    """

    apart: Identity
    book: Book
    orders: dict[int, int]
    verdicts: tuple[Verdict, ...]
    into: dict[int, int]

    def findings(self) -> list[Finding]:
        """What the seller is told of her answers."""
        sheet, found = self.book.added.get("same", ""), []
        for one in self.verdicts:
            if one.state in ("conflict", "unclear"):
                params: dict[str, str | int | float] = {"name": one.tick.name, "other": one.tick.other}
                found.append(
                    Finding(f"same_{one.state}", "warning", sheet, "", one.tick.typed, params=params)
                )
        joined = len(self.apart) - len(set(self.into.values())) if self.into else 0
        if joined:
            found.append(Finding("same_joined", "info", sheet, params={"count": joined}))
        return found


def join(book: Book, identity: Identity) -> tuple[Book, Identity, Joining]:
    """The book and its customers with those joined whom she said to be one."""
    orders = _orders(book, identity)
    groups, verdicts = _groups(book.same, identity)
    into = _numbers(len(identity), groups, orders) if groups else {}
    joining = Joining(identity, book, orders, verdicts, into)
    if not groups:
        return book, identity, joining
    homes = {
        main: [at for person in (main, *rest) if (at := identity.home[person - 1]) is not None]
        for main, *rest in (sorted(group, key=lambda one: (-orders.get(one, 0), one)) for group in groups)
    }
    customers = _filled(book.tables["customers"], [some for some in homes.values() if len(some) > 1])
    together = _together(identity, into, homes)
    return replace(book, tables={**book.tables, "customers": customers}), together, joining


def _orders(book: Book, identity: Identity) -> dict[int, int]:
    """{person: her completed trades}."""
    found: dict[int, int] = defaultdict(int)
    table = book.tables["trades"]
    done = lists()["trade_state"].code("completed")
    rows = zip(identity.number["trades"], table.column("state", done), table.used, strict=True)
    for person, state, used in rows:
        if person and used and state == done:
            found[person] += 1
    return dict(found)


# What she said, pair by pair


def _groups(ticks: Sequence[Tick], identity: Identity) -> tuple[list[list[int]], tuple[Verdict, ...]]:
    """The groups to join and what became of each answer: no group in which she said «no» of a pair."""
    called = [_people(tick, identity) for tick in ticks]
    union = _Union()
    for tick, (one, other) in zip(ticks, called, strict=True):
        if tick.said == "yes" and one and other:
            union.join(one, other)
    torn = {
        union.root(one)
        for tick, (one, other) in zip(ticks, called, strict=True)
        if tick.said == "no" and one and other and one != other and union.root(one) == union.root(other)
    }
    verdicts = tuple(
        Verdict(tick, _state(tick, people, torn, union), people)
        for tick, people in zip(ticks, called, strict=True)
    )
    return [group for root, group in union.groups() if root not in torn], verdicts


def _people(tick: Tick, identity: Identity) -> tuple[int, int]:
    return identity.called.get(fold(tick.name), 0), identity.called.get(fold(tick.other), 0)


def _state(tick: Tick, people: tuple[int, int], torn: set[int], union: _Union) -> State:
    one, other = people
    if tick.said == "unclear":
        return "unclear"
    if not one or not other:
        return "gone"
    if one == other:
        return "one_already"
    if union.root(one) in torn and union.root(one) == union.root(other):
        return "conflict"
    return "joined" if tick.said == "yes" else "apart"


class _Union:
    """Sets of people that grow together."""

    def __init__(self) -> None:
        self.above: dict[int, int] = {}

    def root(self, one: int) -> int:
        while (higher := self.above.get(one, one)) != one:
            one = higher
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self.above[second] = first
        self.above.setdefault(first, first)

    def groups(self) -> Iterable[tuple[int, list[int]]]:
        found: dict[int, list[int]] = defaultdict(list)
        for one in sorted(self.above):
            found[self.root(one)].append(one)
        return [(root, group) for root, group in found.items() if len(group) > 1]


# Counting them as one


def _numbers(count: int, groups: Sequence[Sequence[int]], orders: dict[int, int]) -> dict[int, int]:
    """{number before: number now}: each group under the one with most orders, then the first; no gaps."""
    main: dict[int, int] = {}
    for group in groups:
        first = min(group, key=lambda one: (-orders.get(one, 0), one))
        main |= dict.fromkeys(group, first)
    kept = [one for one in range(1, count + 1) if main.get(one, one) == one]
    now = {one: at for at, one in enumerate(kept, 1)}
    return {one: now[main.get(one, one)] for one in range(1, count + 1)}


def _together(identity: Identity, into: dict[int, int], homes: dict[int, list[int]]) -> Identity:
    mains = {into[main]: main for main in homes}
    first = {now: before for before, now in reversed(into.items())} | mains
    kept = [first[now] for now in range(1, len(set(into.values())) + 1)]
    home = [next(iter(homes[one]), None) if one in homes else identity.home[one - 1] for one in kept]
    return Identity(
        [identity.names[one - 1] for one in kept],
        {table: [into.get(one, 0) for one in rows] for table, rows in identity.number.items()},
        home,
        {name: into[one] for name, one in identity.called.items()},
        identity.said,
        {
            into[one]: (into.get(first, 0), name, code)
            for one, (first, name, code) in identity.namesakes.items()
            if into[one] != into.get(first)
        },
    )


def _filled(table: Table, groups: Sequence[Sequence[int]]) -> Table:
    """Each group's first row with what the others know beside: blanks filled, counts of the past added."""
    if not groups:
        return table
    columns = {key: list(values) for key, values in table.columns.items()}
    for key, values in columns.items():
        for home, *others in groups:
            values[home] = _of_all(key, [values[home], *(values[at] for at in others)])
    return replace(table, columns=columns)


def _of_all(key: str, values: Column) -> object:
    about = fields("customers")[key]
    blank = lists()[about.list_key].blank_code if about.coded else None
    held = [one for one in values if one not in (None, "", 0, blank)]
    if not held:
        return values[0]
    if key == "trades_before":
        return sum(held)
    if key == "first_before":
        return min(held)
    if key in _LISTED:
        return _LISTED[key].join(dict.fromkeys(held))
    return held[0]
