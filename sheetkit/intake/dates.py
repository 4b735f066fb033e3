"""A cell → a day number, or what to type instead. A guess between two days is never made."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell, narrow, number
from sheetkit.intake.problems import Read, failed, repaired
from sheetkit.model.days import EARLIEST, to_date, to_day

LAST_SERIAL = 2_958_465
"""9999-12-31, the last day a spreadsheet knows."""

_CLOCK = (
    r"(?:[\sT,]*(?:星期|周|礼拜)[一二三四五六日天])?"
    r"(?:[\sT]+(?:[AP]M|上午|下午|晚上|中午|早上)?\s*\d{1,2}(?:[:时点]\d{1,2}分?(?::?\d{1,2}秒?(?:[.,]\d+)?)?|[时点])"
    r"\s*(?:[AP]M)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _CLOCK, re.IGNORECASE)


_YMD = _whole(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_DIGITS = _whole(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\d{6}|\d{4})?")
_PARTS = _whole(r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})")
_SHORT = _whole(r"(?P<a>\d{1,2})\s*[-/.年]\s*(?P<b>\d{1,2})\s*[-/.月]\s*(?P<c>\d{1,2})\s*[日号]?")
_NO_YEAR = _whole(r"(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_DAY_MONTH = _whole(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[A-Za-z]{3,9})\.?[\s,.-]+(?P<y>\d{4})")
_MONTH_DAY = _whole(r"(?P<name>[A-Za-z]{3,9})\.?[\s-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s,]+(?P<y>\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
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
        found = _day(candidate, month, day)
        if found is not None and found <= near + 1:
            return iso(found)
    return ""


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return to_day(date(year, month, day))
    except ValueError:
        return None


def _read_number(value: float, bounds: DateBounds) -> Read:
    day = math.floor(value)
    if not bounds.holds(day) and value == day:
        found = _DIGITS.fullmatch(str(day))
        parsed = _day(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
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
    for pattern in (_YMD, _DIGITS, _DAY_MONTH, _MONTH_DAY):
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            month = parts.get("m") or _month(parts["name"])
            return _valid(_day(int(parts["y"]), int(month), int(parts["d"])), bounds)
    if found := _PARTS.fullmatch(text):
        return _either(int(found["y"]), int(found["a"]), int(found["b"]), bounds)
    if found := _SHORT.fullmatch(text):
        suggestion = _long_year(*map(int, found.group("a", "b", "c")))
        return failed("date_short_year", suggestion or iso(bounds.near))
    if found := _NO_YEAR.fullmatch(text):
        suggestion = last_such_day(int(found["m"]), int(found["d"]), bounds.near)
        if suggestion:
            return failed("date_no_year", suggestion)
    return failed("date_unreadable", iso(bounds.near))


def _month(name: str) -> int:
    short = name[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _valid(day: int | None, bounds: DateBounds) -> Read:
    if day is None:
        return failed("date_unreadable", iso(bounds.near))
    return repaired(day, "date_repaired", iso(day)) if bounds.holds(day) else _early_or_late(day, bounds)


def _either(year: int, first: int, second: int, bounds: DateBounds) -> Read:
    """Day and month in an unknown order: read where only one order is a date."""
    days = sorted({day for day in (_day(year, first, second), _day(year, second, first)) if day is not None})
    if len(days) == 2:
        return failed("date_ambiguous", " / ".join(map(iso, days)))
    return _valid(days[0] if days else None, bounds)


def _long_year(first: int, second: int, third: int) -> str:
    for year, month, day in ((first, second, third), (third, first, second), (third, second, first)):
        found = _day(2000 + year, month, day)
        if found is not None:
            return iso(found)
    return ""


_TIME = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上|凌晨)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<m>\d{1,2})?\s*分?(?::\d{1,2})?\s*(?P<am>[AP]M)?",
    re.IGNORECASE,
)


def typed_time(cell: Cell) -> Read:
    """Minutes since midnight of a number cell."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute, None
    value = number(cell)
    if value is None:
        return failed("time_unreadable", "20:30") if cell != "" else (None, None)
    return math.floor((value - math.floor(value)) * 1440 + 1e-6) % 1440, None


def read_time(cell: Cell) -> Read:
    """Minutes since midnight as a careful person would read them."""
    if isinstance(cell, Bad | bool) or not isinstance(cell, str):
        return typed_time(cell)
    text = narrow(cell)
    if not text or text.casefold() in BLANK_WORDS:
        return None, None
    found = _TIME.fullmatch(text) or _TIME.fullmatch(text.rpartition(" ")[2])
    if not found:
        return failed("time_unreadable", "20:30")
    hour, minute = int(found["h"]), int(found["m"] or 0)
    if hour < 12 and (found["half"] in ("下午", "晚上") or (found["am"] or "").upper() == "PM"):
        hour += 12
    if hour > 23 or minute > 59:
        return failed("time_unreadable", "20:30")
    return repaired(hour * 60 + minute, "time_repaired", f"{timedelta(hours=hour, minutes=minute)}"[:-3])
