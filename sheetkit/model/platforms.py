"""What a platform's export looks like: one map a platform and kind of file, ``templates/platforms/KEY.toml``.

A map is data: which headers hold which field, what its status words mean, which rows are no income. A map of
one's own, given by its path, is read the same way. `docs/platforms.md` explains every key.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from sheetkit.errors import TemplateError, UsageError
from sheetkit.model.blueprint import DEFAULT_TEMPLATE, blueprint_names
from sheetkit.model.fields import fields
from sheetkit.model.labels import Labels
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, closest, names_in, read, read_path

FileKind = Literal["orders", "items", "payments", "customers"]
"""``items``: what was in each order, to be joined to the order list where both are given."""
LineRule = Literal["one", "first", "items"]
"""``one``: a line is an order; ``items``: lines of one order share its number, each says everything;
``first``: what is about the whole order stands on its first line only (or in merged cells)."""
Per = Literal["order", "line"]
DateOrder = Literal["ymd", "mdy", "dmy", "either"]
Decimal = Literal["point", "comma", "either"]
REFUND_STATES = ("refunded", "part", "none")
EXTRA_FIELDS = ("time", "refund_state", "currency", "refund_of", "amount_left", "other_order_id")
"""What a map may name besides columns of the two sheets."""
_MONEY = ("amount", "refund_amount")
_BY_LINE = ("item", "quantity")
_NO_LABELS = Labels("", "")
_ZONE = re.compile(r"[+-]\d{2}:\d{2}")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Part:
    """One source of a field: the first of ``names`` that is filled in; a name is one header or several, whose
    texts are joined.

    ``per``: whether it is about the order (taken once) or about the line (joined, added up). ``less``: it is
    taken off. ``times``: headers of what it is multiplied by.
    """

    names: tuple[tuple[str, ...], ...]
    per: Per
    less: bool = False
    times: tuple[str, ...] = ()

    def headers(self) -> Iterable[str]:
        """Every header it knows."""
        yield from (header for name in self.names for header in name)
        yield from self.times


@dataclass(frozen=True)
class Condition:
    """Which lines: those where a column holds one of ``words`` (``*`` stands for anything), none of
    ``unless``, a negative number, anything at all, or nothing (``blank``). ``about`` says what such a line
    is."""

    columns: tuple[str, ...]
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    negative: bool = False
    filled: bool = False
    blank: bool = False
    about: Labels = _NO_LABELS


@dataclass(frozen=True)
class StateRule:
    """Another column that decides on an order's state: where the condition fits and the status word means
    ``when`` ("" for whatever it means)."""

    condition: Condition
    state: str
    when: str


@dataclass(frozen=True)
class Platform:
    """How one kind of file is read; the fields are explained in ``docs/platforms.md``."""

    key: str
    labels: Labels
    where: Labels
    family: str
    kind: FileKind
    lines: LineRule
    template: str
    source: Labels
    currency: str
    fen: bool
    decimal: Decimal
    dates: DateOrder
    utc: bool
    zone: str
    own_purchases: bool
    masked: bool
    signs: tuple[str, ...]
    least: int
    never: tuple[str, ...]
    split: tuple[str, ...]
    counted_items: bool
    columns: dict[str, tuple[Part, ...]]
    states: dict[str, tuple[str, ...]]
    refund_states: dict[str, tuple[str, ...]]
    aside: tuple[Condition, ...]
    refunds: tuple[Condition, ...]
    state_where: tuple[StateRule, ...]
    footer: tuple[str, ...]
    number_after: tuple[str, ...]

    @property
    def identity(self) -> bool:
        """Whether it has a column that names the buyer."""
        return not self.own_purchases and ("nickname" in self.columns or "customer_id" in self.columns)

    def headers(self) -> tuple[str, ...]:
        """Every header the map knows."""
        found = [name for parts in self.columns.values() for part in parts for name in part.headers()]
        conditions = (*self.aside, *self.refunds, *(one.condition for one in self.state_where))
        found += [name for one in conditions for name in one.columns]
        return tuple(dict.fromkeys([*self.signs, *found]))


@cache
def platforms() -> dict[str, Platform]:
    """Every shipped map, by key."""
    return {key: read_map(read(f"platforms/{key}.toml"), key) for key in names_in("platforms")}


def named_platform(word: str) -> Platform:
    """A shipped map by its key, or one of one's own by its path. Raises UsageError, TemplateError."""
    path = Path(word)
    if path.suffix.casefold() == ".toml" or len(path.parts) > 1:
        try:
            return read_map(read_path(path), path.stem)
        except UnicodeDecodeError as problem:
            raise TemplateError("template.not_utf8", file=path.name) from problem
        except OSError as problem:
            shown = problem.strerror or str(problem)
            raise TemplateError("template.unreadable", file=word, problem=shown) from problem
    known = platforms()
    if word not in known:
        raise UsageError("platform.unknown", name=word, meant=", ".join(_near(word, known)))
    return known[word]


def _near(word: str, known: Iterable[str]) -> list[str]:
    names = list(known)
    return difflib.get_close_matches(word, names, n=3, cutoff=0.6) or names


def read_map(node: Node, key: str) -> Platform:
    """A map from its TOML; raises TemplateError with file, key and what was meant."""
    kind = _choice(node, "kind", FileKind, "orders")
    zone = node.text("zone", "")
    if zone and not _ZONE.fullmatch(zone):
        raise node.fail("zone", "template.unknown_value", value=zone, meant="+08:00")
    result = Platform(
        key=key,
        labels=node.labels(),
        where=node.labels("where", optional=True),
        family=node.text("family", key),
        kind=kind,
        lines=_choice(node, "lines", LineRule, "one"),
        template=_known(node, "template", node.text("template", DEFAULT_TEMPLATE), blueprint_names()),
        source=node.labels("source", optional=True),
        currency=node.text("currency", ""),
        fen=_choice(node, "unit", Literal["yuan", "fen"], "yuan") == "fen",
        decimal=_choice(node, "decimal", Decimal, "point"),
        dates=_choice(node, "dates", DateOrder, "ymd"),
        utc=node.flag("utc"),
        zone=zone,
        own_purchases=node.flag("own_purchases"),
        masked=node.flag("masked"),
        signs=node.texts("signs", []),
        least=node.whole("least", 2),
        never=node.texts("never", []),
        split=node.texts("split", []),
        counted_items=node.flag("counted_items"),
        columns=_columns(node.child("columns")),
        states=_words(node, "states", lists()["trade_state"].meanings),
        refund_states=_words(node, "refund_states", REFUND_STATES),
        aside=tuple(_condition(one, said=True) for one in node.items("aside")),
        refunds=tuple(map(_condition, node.items("refunds"))),
        state_where=tuple(map(_state_rule, node.items("state_where"))),
        footer=node.texts("footer", []),
        number_after=node.texts("number_after", []),
    )
    node.done()
    _hold_needs(node, result)
    return result


def needs(kind: FileKind) -> tuple[str, ...]:
    """The fields without which a file of this kind says nothing."""
    return {"items": ("order_id", "item"), "customers": ("nickname",)}.get(kind, ("date", "amount"))


def _hold_needs(node: Node, result: Platform) -> None:
    for name in needs(result.kind):
        if name not in result.columns:
            raise node.child("columns").fail(name, "template.missing")


def _choice(node: Node, key: str, kind: Any, default: str) -> Any:
    return _known(node, key, node.text(key, default), get_args(kind))


def _known(node: Node, key: str, value: Word, known: Iterable[str]) -> Word:
    names = tuple(known)
    if value not in names:
        raise node.fail(key, "template.unknown_value", value=value, meant=closest(value, names))
    return value


def known_fields() -> tuple[str, ...]:
    """The names a map may give under ``[columns]``."""
    return tuple(dict.fromkeys([*fields("trades"), *fields("customers"), *EXTRA_FIELDS]))


def _columns(node: Node) -> dict[str, tuple[Part, ...]]:
    found = {}
    for key, value in node.data.items():
        if key not in known_fields():
            raise node.fail(key, "template.unknown_key", meant=closest(key, known_fields()))
        found[key] = tuple(_parts(node, key, value))
    return found


def _parts(node: Node, key: str, value: object) -> Iterable[Part]:
    per: Per = "line" if key in _BY_LINE else "order"
    if isinstance(value, dict):
        return [_part(node.child(key), per)]
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        if key not in _MONEY:
            raise node.fail(key, "template.type", value="[[…]]", expected="list")
        return [_part(one, per) for one in node.items(key)]
    return [Part(_names(node.texts(key)), per)]


def _part(node: Node, per: Per) -> Part:
    part = Part(
        _names(node.texts("names")),
        _choice(node, "per", Per, per),
        node.flag("less"),
        node.texts("times", []),
    )
    node.done()
    return part


def _names(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """``"省 + 市"`` is one name of two headers."""
    return tuple(tuple(name.split(" + ")) for name in names)


def _words(node: Node, key: str, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    child = node.child(key, optional=True)
    meant = tuple(known)
    for name in child.data:
        if name not in meant:
            raise child.fail(name, "template.unknown_key", meant=closest(name, meant))
    return {name: child.texts(name) for name in child.data}


def _condition(node: Node, said: bool = False) -> Condition:
    """``said``: a line it is about is set aside, so that it has to say what such a line is."""
    result = Condition(
        node.texts("columns"),
        node.texts("words", []),
        node.texts("unless", []),
        node.flag("negative"),
        node.flag("filled"),
        node.flag("blank"),
        node.labels() if said else _NO_LABELS,
    )
    node.done()
    return result


def _state_rule(node: Node) -> StateRule:
    meanings = lists()["trade_state"].meanings
    state = _known(node, "state", node.text("state"), meanings)
    when = _known(node, "when", node.text("when", ""), ("", *meanings))
    return StateRule(_condition(node), state, when)
