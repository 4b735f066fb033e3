"""A template of one's own, laid over ``templates/``: which one is in force, and how the two are joined.

Where none is in force every reader of ``templates/`` reads what is shipped. ``using(own)`` puts one in force
for the code below it (in this thread only); what readers remember, they remember for each overlay apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

KEPT_OVERLAYS = 64
"""So many answers are remembered a reader; a folder of many sellers' workbooks must not fill the memory."""
_JOINED = ("entries", "classes", "sheets")
"""Lists of tables to which a template of one's own adds; any other list it says is the whole list."""


@dataclass(frozen=True)
class Own:
    """One TOML file: a blueprint, and sections that mirror the folders of ``templates/``.

    ``file``: its name, for messages. ``text``: its lines, as the workbook carries them. ``data``: as parsed.
    """

    file: str
    text: str
    data: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def key(self) -> str:
        """The template's key."""
        return str(self.data["key"])

    @property
    def based_on(self) -> str:
        """The shipped template it starts from, "" for none."""
        return str(self.data.get("based_on", ""))

    def section(self, name: str) -> Mapping[str, Any]:
        """A section by its name; empty where the file has none."""
        found = self.data.get(name)
        return found if isinstance(found, dict) else {}


_OWN: ContextVar[Own | None] = ContextVar("own_template", default=None)


def in_force() -> Own | None:
    """The template of one's own that is in force, if one is."""
    return _OWN.get()


@contextmanager
def using(own: Own | None) -> Iterator[None]:
    """Within it, readers of ``templates/`` find ``own`` laid over what is shipped; None: that alone."""
    token = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(token)


def file_of(template: str) -> str:
    """The file of a template's blueprint, for messages."""
    own = _OWN.get()
    return own.file if own is not None and own.key == template else f"{template}.toml"


class Cached(Generic[P, T]):
    """What ``cached`` makes of a function; as ``functools.cache`` does, it can be emptied and unwrapped."""

    __wrapped__: Callable[P, T]
    cache_clear: Callable[[], None]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """The remembered answer."""
        raise NotImplementedError


def cached(function: Callable[P, T]) -> Cached[P, T]:
    """``functools.cache`` for a reader of ``templates/``: what it answers depends on the overlay in force."""

    @lru_cache(maxsize=KEPT_OVERLAYS)
    def remembered(own: Own | None, *args: Any) -> T:
        return function(*args)  # type: ignore[call-arg]  # a ParamSpec cannot follow what is remembered

    @wraps(function)
    def asked(*args: Any) -> T:
        return remembered(_OWN.get(), *args)

    asked.cache_clear = remembered.cache_clear  # type: ignore[attr-defined]  # as functools.cache has it
    return cast(Cached[P, T], asked)


class Placed(dict[str, Any]):
    """A table of the seller's own file among shipped ones: it knows where it stands in that file."""

    def __init__(self, data: Mapping[str, Any], file: str, path: str) -> None:
        super().__init__(data)
        self.file = file
        self.path = path


def merged(base: Mapping[str, Any], own: Mapping[str, Any], file: str, path: str) -> Placed:
    """A shipped table with what the seller says of it: her values win, her tables and entries are added."""
    result: dict[str, Any] = dict(base)
    for key, value in own.items():
        at, known = f"{path}.{key}" if path else key, base.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            result[key] = merged(known, value, file, at)
        elif key in _JOINED and known is not None and _are_tables(value):
            result[key] = _joined(key, known, value, file, at)
        elif isinstance(value, dict):
            result[key] = Placed(value, file, at)
        else:
            result[key] = value
    return Placed(result, file, path)


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _joined(
    name: str, base: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]], file: str, path: str
) -> list[Mapping[str, Any]]:
    """Shipped tables and the seller's: one of the same key is changed, another goes before the one it names,
    else to the end; a class goes before the last, which takes everyone."""
    rows = list(base)
    for number, one in enumerate(own, 1):
        place = f"{path}[{number}]"
        keys = [row.get("key") for row in rows]
        same = keys.index(one["key"]) if one.get("key") in keys and "key" in one else None
        if same is not None:
            rows[same] = merged(rows[same], one, file, place)
            continue
        placed = Placed(one, file, place)
        if placed.get("before") in keys and "before" in placed:
            rows.insert(keys.index(placed.pop("before")), placed)
        elif name == "classes":
            rows.insert(len(rows) - 1, placed)
        else:
            rows.append(placed)
    return rows
