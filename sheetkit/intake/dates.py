"""A cell → a day number, or what to type instead. A guess between two days is never made."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime

from sheetkit.intake.cells import BLANK_WORDS, Cell, narrow, number
from sheetkit.intake.date_forms import (
    NEVER,
    compact_day,
    day_of,
    has_short_year,
    is_relative,
    meant_day,
    month_and_day,
    month_start,
    orders_of,
    plain_day,
)
from sheetkit.intake.problems import Read, failed, repaired
from sheetkit.model.days import EARLIEST, to_date

LAST_SERIAL = 2_958_465
"""9999-12-31, the last day a spreadsheet knows."""

_YEAR_AHEAD = 366
"""What is guessed lies at most so many days after the analysis date."""

_PLAIN = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


@dataclass(frozen=True)
class DateBounds:
    """Which days are believed; ``near`` is the day that suggestions are made close to."""

    near: int
    first: int = EARLIEST

    def holds(self, day: int) -> bool:
        """Whether the day is believed."""
        return self.first <= day <= LAST_SERIAL


def typed_date(cell: Cell, bounds: DateBounds) -> Read:
    """The day as the live formulas see it: a number cell, its whole part between the bounds."""
    value = number(cell)
    if value is None:
        return failed("date_unreadable", iso(bounds.near)) if cell != "" else (None, None)
    return _checked(math.floor(value), bounds, value)


def read_date(cell: Cell, bounds: DateBounds) -> Read:
    """The day a careful person would read."""
    value = number(cell)
    if value is not None:
        return _read_number(value, bounds)
    if not isinstance(cell, str):
        return failed("date_unreadable", iso(bounds.near))
    text = narrow(cell)
    if not text or text.casefold() in BLANK_WORDS:
        return None, None
    if _SERIAL.fullmatch(text):
        day = int(float(text))
        return repaired(day, "date_repaired", iso(day)) if bounds.holds(day) else _early_or_late(day, bounds)
    return _read_text(text, bounds)


def from_delimited(cell: Cell) -> Cell:
    """The cell of a text file as a spreadsheet would open it: 2024-03-05 and 2024/3/5 14:02 are dates.

    >>> from_delimited("2024/3/5"), from_delimited("2024.3.5")
    (datetime.datetime(2024, 3, 5, 0, 0), '2024.3.5')
    """
    found = _PLAIN.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if not found:
        return cell
    year, _, month, day, *clock = found.groups()
    try:
        hour, minute, second = (int(part or 0) for part in clock)
        return datetime(int(year), int(month), int(day), hour, minute, second)
    except ValueError:
        return cell


def iso(day: int) -> str:
    """A day as people should type it."""
    return to_date(day).isoformat()


def last_such_day(month: int, day: int, near: int) -> str:
    """The latest day with this month and day that is not after ``near``; "" where there is none."""
    year = to_date(near).year
    for candidate in range(year, year - 9, -1):
        found = day_of(candidate, month, day)
        if found is not None and found <= near + 1:
            return iso(found)
    return ""


def _read_number(value: float, bounds: DateBounds) -> Read:
    day = math.floor(value)
    if not bounds.holds(day) and value == day:
        parsed = compact_day(str(day))
        if parsed is not None and bounds.holds(parsed):
            return repaired(parsed, "date_repaired", iso(parsed))
    return _checked(day, bounds, value)


def _checked(day: int, bounds: DateBounds, value: float) -> Read:
    if bounds.holds(day):
        return day, None
    return _early_or_late(day, bounds, value)


def _early_or_late(day: int, bounds: DateBounds, value: float | None = None) -> Read:
    if day >= bounds.first:
        return failed("date_unreadable", iso(bounds.near))
    month, _, rest = f"{value:.2f}".partition(".") if value is not None else ("", "", "")
    suggestion = ""
    if rest.rstrip("0") and 1 <= int(month) <= 12:
        suggestion = last_such_day(int(month), int(rest.rstrip("0")), bounds.near)
    return failed("date_too_early", suggestion or iso(bounds.near))


def _read_text(text: str, bounds: DateBounds) -> Read:
    day = plain_day(text)
    if day is not None:
        return _valid(day, bounds)
    orders = orders_of(text)
    if orders and not has_short_year(text):
        return _either(orders, bounds)
    if orders:
        days = {believed_day(*one, bounds) for one in orders.values()} - {None}
        shown = " / ".join(iso(one) for one in sorted(filter(None, days)))
        return failed("date_short_year", shown or iso(bounds.near))
    said = month_and_day(text)
    suggestion = last_such_day(*said, bounds.near) if said else ""
    if suggestion:
        return failed("date_no_year", suggestion)
    if is_relative(text):
        return failed("date_relative", iso(bounds.near))
    meant = meant_day(text)
    if meant is not None and bounds.holds(meant) and meant <= bounds.near + _YEAR_AHEAD:
        return failed("date_guess", iso(meant))
    first = month_start(text)
    return failed("date_unreadable", iso(bounds.near if first is None else first))


def _valid(day: int | None, bounds: DateBounds) -> Read:
    if day is None or day == NEVER:
        return failed("date_unreadable", iso(bounds.near))
    return repaired(day, "date_repaired", iso(day)) if bounds.holds(day) else _early_or_late(day, bounds)


def _either(orders: dict[str, tuple[int, int, int]], bounds: DateBounds) -> Read:
    """Day and month in an unknown order: read where only one order is a date."""
    days = sorted({day for day in (day_of(*one) for one in orders.values()) if day is not None})
    if len(days) == 2:
        return failed("date_ambiguous", " / ".join(map(iso, days)))
    return _valid(days[0] if days else None, bounds)


def believed_day(year: int, month: int, day: int, bounds: DateBounds) -> int | None:
    """The day, in the century that is not ahead; None where it is none or nobody would believe it."""
    for century in (0,) if year > 99 else (2000, 1900):
        found = day_of(century + year, month, day)
        if found is not None and bounds.holds(found) and found <= bounds.near + _YEAR_AHEAD:
            return found
    return None


def day_near(month: int, day: int, near: int) -> int | None:
    """The day of this month and day that lies nearest to another."""
    year = to_date(near).year
    for around in (1, 4):  # only the 29th of February may be in none of three years
        years = range(year - around, year + around + 1)
        found = [one for one in (day_of(each, month, day) for each in years) if one is not None]
        if found:
            return min(found, key=lambda one: abs(one - near))
    return None
