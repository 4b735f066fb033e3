"""Names and numbers that have to be unique: of sheets, of tables, of defined names, of formats."""

from __future__ import annotations

import re
from collections.abc import Collection

SHEET_NAME_UNITS = 31
_SHEET_SUFFIX = re.compile(r" \(\d+\)$")


def units(name: str) -> int:
    """The length of a name as spreadsheets count it, in UTF-16 code units."""
    return len(name.encode("utf-16-le", "surrogatepass")) // 2


def clip(name: str, most_units: int) -> str:
    """The longest beginning of a name that has at most so many UTF-16 units."""
    while units(name) > most_units:
        name = name[:-1]
    return name


def unused_sheet_name(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first free number: ``名单``, ``名单 (2)``, ``名单 (3)``."""
    used = {other.casefold() for other in taken}
    stem = _SHEET_SUFFIX.sub("", name) if name.casefold() in used else name
    candidate, number = clip(name, SHEET_NAME_UNITS), 2
    while candidate.casefold() in used:
        suffix = f" ({number})"
        candidate = clip(stem, SHEET_NAME_UNITS - len(suffix)) + suffix
        number += 1
    return candidate


def unused_number(taken: Collection[int], most: int, least: int = 1) -> int:
    """One more than the highest, so that nothing dangling comes alive; past ``most`` the lowest free."""
    following = max([least - 1, *taken]) + 1
    if following <= most:
        return following
    used = set(taken)
    return next(number for number in range(least, most + 2) if number not in used)


def unused_identifier(name: str, taken: Collection[str]) -> str:
    """The name, or the name with ``_2``, ``_3`` … for tables and defined names."""
    used = {other.casefold() for other in taken}
    candidate, number = name, 2
    while candidate.casefold() in used:
        suffix = f"_{number}"
        candidate = clip(name, 255 - len(suffix)) + suffix
        number += 1
    return candidate
