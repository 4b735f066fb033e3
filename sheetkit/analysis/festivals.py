"""The festivals of ``templates/festivals.toml`` on the days they fall on."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, cast, get_args

from sheetkit.model.labels import Labels
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, closest, read

Purpose = Literal["sell", "greet", "none"]
_RULES = ("date", "weekday", "lunar", "term")
_EVERY = "all"


@dataclass(frozen=True)
class Festival:
    """A festival or sale. ``day``: its first day in a year of either calendar; ``ship_days``: from that day
    to the last on which shipping is of use, None where that is no matter."""

    key: str
    labels: Labels
    day: Callable[[int], date]
    lasts: int
    kinds: tuple[str, ...]
    prepare_days: int
    ship_days: int | None
    purpose: Purpose
    note: Labels


@dataclass(frozen=True)
class Occasion:
    """A festival in one year."""

    festival: Festival
    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.festival.lasts - 1)

    @property
    def prepare_from(self) -> date:
        """The day to begin on."""
        return self.first - timedelta(days=self.festival.prepare_days)

    @property
    def ship_by(self) -> date | None:
        """The last day on which shipping is of use."""
        days = self.festival.ship_days
        return None if days is None else self.first + timedelta(days=days)


def coming(as_of: date, shop_kind: str, days: int) -> list[Occasion]:
    """What a kind of shop has on now or within so many days, the first to begin first."""
    until = as_of + timedelta(days=days)
    found = [
        one
        for festival in festivals()
        if {_EVERY, shop_kind} & {*festival.kinds}
        for one in (Occasion(festival, festival.day(as_of.year + turn)) for turn in (-1, 0, 1))
        if one.last >= as_of and one.first <= until
    ]
    return sorted(found, key=lambda one: (one.first, one.festival.key))


@cache
def festivals() -> tuple[Festival, ...]:
    """Every festival. Raises TemplateError for a mistake in the file."""
    return tuple(_festival(key, node) for key, node in read("festivals.toml").children())


def _festival(key: str, node: Node) -> Festival:
    kinds, known = node.texts("kinds"), (_EVERY, *lists()["shop_kind"].meanings)
    for kind in kinds:
        if kind not in known:
            raise node.fail("kinds", "template.unknown_value", value=kind, meant=closest(kind, known))
    purpose = node.text("purpose")
    if purpose not in get_args(Purpose):
        meant = closest(purpose, get_args(Purpose))
        raise node.fail("purpose", "template.unknown_value", value=purpose, meant=meant)
    result = Festival(
        key=key,
        labels=node.labels(),
        day=_day(node),
        lasts=node.whole("lasts", 1),
        kinds=kinds,
        prepare_days=node.whole("prepare"),
        ship_days=node.whole("ship") if node.has("ship") else None,
        purpose=cast(Purpose, purpose),
        note=node.labels("note", optional=True),
    )
    node.done()
    return result


def _day(node: Node) -> Callable[[int], date]:
    """The rule of a festival's day; a rule that gives no day is refused now rather than in some year."""
    given = [rule for rule in _RULES if node.has(rule)]
    if len(given) != 1:
        raise node.fail("/".join(_RULES), "template.missing")
    rule = given[0]
    value = node.text(rule) if rule == "term" else tuple(node.get(rule, list))
    day = {"date": _fixed, "weekday": _weekday, "lunar": _lunar, "term": _term}[rule]
    try:
        day(2024, value)
    except (KeyError, ValueError, TypeError, IndexError) as problem:
        raise node.fail(rule, "template.type", value=value, expected=_EXPECTED[rule]) from problem
    return cache(lambda year: day(year, value))


_EXPECTED = {
    "date": "[month, day]",
    "weekday": "[month, 1-7, 1-4]",
    "lunar": "[month, day]",
    "term": "清明 …",
}


def _fixed(year: int, value: object) -> date:
    month, day = _numbers(value)
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _weekday(year: int, value: object) -> date:
    month, weekday, nth, *after = _numbers(value)
    first = date(year, month, 1)
    ahead = (weekday - first.isoweekday()) % 7 + 7 * (nth - 1)
    return first + timedelta(days=ahead + sum(after))


def _lunar(year: int, value: object) -> date:
    """Day 30 of a month of 29 is its last; leap months are passed over."""
    from lunar_python import Lunar, LunarMonth  # type: ignore[import-untyped]  # slow to import

    month, day = _numbers(value)
    if not 1 <= month <= 12 or not 1 <= day <= 30:
        raise ValueError(value)
    last = LunarMonth.fromYm(year, month).getDayCount()
    solar = Lunar.fromYmd(year, month, min(day, last)).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _term(year: int, value: object) -> date:
    from lunar_python import Solar

    solar = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()[value]
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


def _numbers(value: object) -> Iterator[int]:
    if not isinstance(value, tuple) or not all(type(one) is int for one in value):
        raise TypeError(value)
    return iter(value)


def next_birthday(birthday: date, as_of: date) -> date:
    """The next day, from ``as_of`` on, on which a birthday is kept; 29 February may be the 28th."""
    this = _fixed(as_of.year, (birthday.month, birthday.day))
    return this if this >= as_of else _fixed(as_of.year + 1, (birthday.month, birthday.day))
