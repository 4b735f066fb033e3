"""A column of texts → typed values in a few passes, where nothing in it needs a closer look; else None."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from operator import eq, itemgetter
from typing import Any

from sheetkit.intake import amounts, dates
from sheetkit.intake.cells import BLANK_WORDS, LONGEST_TEXT
from sheetkit.intake.dates import DateBounds
from sheetkit.model.days import EPOCH
from sheetkit.model.labels import NAME_LENGTH

Quick = tuple[list[Any], Collection[str] | None]
"""A column's values, and its different texts where they were looked for."""

_EPOCH_ORDINAL = EPOCH.toordinal()
_MANY_DAYS = 40_000
"""More distinct dates than two centuries have."""
# What may stand in a text that needs no cleaning: Latin and Chinese letters, digits, single inner spaces and
# harmless marks. Anything else is looked at closely.
_UNCLEAR_NAME = re.compile(r"[^\n !#-)+-~\u3001-\u3011\u4e00-\u9fff\uff01-\uff09\uff0b-\uff5e]")
_SURPLUS_SPACE = ("  ", "\n ", " \n")
_ID_BYTES = b"\n-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_EXPONENT = re.compile(r"[0-9][eE][0-9]")
_AMOUNT_BYTES = b"\n-.0123456789"
_THIRD_LAST = itemgetter(-3)
_CLOCK = re.compile(r"[ T][0-2]?\d:[0-5]\d(?::[0-5]\d)?")
_CASED_BLANKS = frozenset(
    form for word in BLANK_WORDS for form in (word, word.upper(), word.capitalize(), "NaN", "N/a")
)


def dates_in(cells: Sequence[str], bounds: DateBounds) -> Quick | None:
    """The days of dates as a spreadsheet would open them: 2024-03-05, 2024/3/5 14:02."""
    widest = max(map(len, cells))
    days = cells if widest <= 10 else _without_clock(cells)
    known = set(days) if days is not None else set()
    if days is None or len(known) > _MANY_DAYS:
        return None
    day_of: dict[str, int | None] = {}
    for text in known:
        opened = dates.from_delimited(text)
        if text and not isinstance(opened, datetime):
            return None
        day_of[text] = opened.toordinal() - _EPOCH_ORDINAL if isinstance(opened, datetime) else None
        day = day_of[text]
        if day is not None and not bounds.holds(day):
            return None
    return list(map(day_of.__getitem__, days)), known if days is cells else None


def _without_clock(cells: Sequence[str]) -> list[str] | None:
    """Dates of ten characters with their clock cut off; None where it may have been shifted."""
    clocks = set(map(itemgetter(slice(10, None)), cells))
    if len(clocks) < 2 or not all(map(_CLOCK.fullmatch, clocks)):
        return None
    return list(map(itemgetter(slice(0, 10)), cells))


def cents_in(cells: Sequence[str]) -> Quick | None:
    """The cents of amounts as a spreadsheet would open them: plain digits with a point at most."""
    figures = cells if "" not in cells else list(filter(None, cells))
    joined = "\n".join(figures)
    if not joined or not joined.isascii() or joined.encode().translate(None, _AMOUNT_BYTES):
        return None
    edged = f"\n{joined}\n"
    if "\n." in edged or ".\n" in edged or "-." in joined or _begins_with_zero(figures, edged):
        return None
    whole = _whole_cents(figures, joined)
    if whole is None or len(figures) == len(cells):
        return None if whole is None else (whole, None)
    following = iter(whole)
    return [next(following) if cell else None for cell in cells], None


def _begins_with_zero(figures: Sequence[str], edged: str) -> bool:
    """Whether one of them has a zero before other digits."""
    if all(edged.count(zero) == edged.count(f"{zero}.") for zero in ("\n0", "\n-0")):
        return False
    return any(one.lstrip("-")[:1] == "0" and one.lstrip("-")[1:2] not in ("", ".") for one in figures)


def _whole_cents(figures: Sequence[str], joined: str) -> list[int] | None:
    lengths = set(map(len, figures))
    if max(lengths) > amounts.SURE_DIGITS:
        return None
    try:
        if joined.count(".") == len(figures) and min(lengths) > 3 and _all_cents(figures):
            return list(map(int, joined.replace(".", "").split("\n")))
        return amounts.plain_cents(list(map(float, figures)))
    except ValueError:
        return None


def _all_cents(figures: Sequence[str]) -> bool:
    return set(map(_THIRD_LAST, figures)) == {"."}


def names_in(cells: Sequence[str]) -> Quick | None:
    """The names themselves."""
    joined = "\n".join(["", *cells, ""])
    if joined.count("\n") != len(cells) + 1 or any(one in joined for one in _SURPLUS_SPACE):
        return None
    if _UNCLEAR_NAME.search(joined) or not _CASED_BLANKS.isdisjoint(cells):
        return None
    if max(map(len, cells)) > NAME_LENGTH:
        return None
    return (list(cells) if "" not in cells else [cell or None for cell in cells]), None


def ids_in(cells: Sequence[str]) -> Quick | None:
    """The ids themselves."""
    joined = "".join(cells)
    if joined.isascii() and joined.isdecimal() and "" not in cells and max(map(len, cells)) <= NAME_LENGTH:
        return list(cells), None
    return _by_distinct(cells, _is_clear_id)


def texts_in(cells: Sequence[str]) -> Quick | None:
    """The texts themselves."""
    return _by_distinct(cells, _is_clear_text)


def _by_distinct(cells: Sequence[str], is_clear: Callable[[Collection[str]], bool]) -> Quick | None:
    """The texts, each looked at once."""
    known = {cell: cell or None for cell in cells}
    if not is_clear(known.keys()) or not _CASED_BLANKS.isdisjoint(known):
        return None
    return list(map(known.__getitem__, cells)), known.keys()


def _is_clear_id(cells: Collection[str]) -> bool:
    joined = "\n".join(cells)
    if not joined.isascii() or joined.count("\n") != len(cells) - 1:
        return False
    if joined.encode().translate(None, _ID_BYTES) or max(map(len, cells)) > NAME_LENGTH:
        return False
    return not (("e" in joined or "E" in joined) and _EXPONENT.search(joined))


def _is_clear_text(cells: Collection[str]) -> bool:
    return max(map(len, cells)) <= LONGEST_TEXT and all(map(eq, map(str.strip, cells), cells))
