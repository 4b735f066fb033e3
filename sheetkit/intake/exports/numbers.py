"""The numbers by which a sale is known: its own, and those it has in another platform's file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from sheetkit.intake.cells import Cell
from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.texts import filled, id_text
from sheetkit.model.labels import fold

SHORT = 8
"""A number of fewer characters may belong to two shops: it speaks only beside something else."""
_LEAST = 3
_LONG = 10
_EDGE = re.compile(r"^[^0-9a-z]+|[^0-9a-z]+$")
_END = re.compile(r"[^0-9A-Za-z._-]")
_BETWEEN = re.compile(r"[\s,;，；]+")


def numbers_in(text: str, after: Iterable[str]) -> frozenset[str]:
    """The numbers that a cell names; ``after``: what may stand before one, ``*`` for anything but a blank.

    >>> sorted(numbers_in("Corner Shop - Order #1001", ["order"])), sorted(numbers_in("T200P271", ["T*P"]))
    (['1001'], ['271', 't200p271'])
    >>> sorted(numbers_in("#1001", [])), sorted(numbers_in("two cups", []))
    (['1001'], [])
    """
    text = fold(text)
    words = [word for word in _BETWEEN.split(text) if word]
    found = words if len(words) == 1 else [word for word in words if len(word) >= _LONG]
    for pattern in map(_pattern, after):
        found += [_END.split(text[one.end() :], maxsplit=1)[0] for one in pattern.finditer(text)]
    return frozenset(one for one in map(bare, found) if len(one) >= _LEAST and any(map(str.isdigit, one)))


def bare(number: str) -> str:
    """A number as it is compared: ``#1001`` is 1001."""
    return _EDGE.sub("", fold(number))


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """``T*P`` stands at a word's beginning, as any of them, and a number follows."""
    said = r"[^\s]{0,8}?".join(re.escape(part) for part in fold(word).split("*"))
    return re.compile(rf"(?<![0-9a-z]){said}\s*#?(?=[0-9a-z]*\d)")


def _numbers(cell: Cell, after: Iterable[str]) -> frozenset[str]:
    text, lost = id_text(cell)
    return frozenset() if lost or not filled(cell) else numbers_in(text, after)


def numbers_of(lines: Lines) -> list[frozenset[str]]:
    """Of every line, the numbers of its order, its own among them."""
    after = lines.platform.number_after
    read = cache(lambda cell: _numbers(cell, after))
    found: list[frozenset[str]] = [frozenset()] * len(lines)
    for column in dict.fromkeys([*lines.places("order_id"), *lines.places("other_order_id")]):
        cells = lines.columns[column]
        found = [one | read(cell) for one, cell in zip(found, cells, strict=True)]
    return found
