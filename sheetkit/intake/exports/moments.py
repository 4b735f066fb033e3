"""A cell of an export → day and minute, in whatever form the platform writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell, number
from sheetkit.intake.dates import LAST_SERIAL
from sheetkit.intake.exports.texts import plain
from sheetkit.model.days import EARLIEST, to_day
from sheetkit.model.platforms import DateOrder

_CLOCK = (
    r"(?:[T\s,]+(?:at\s+)?(?P<hour>\d{1,2})[:时.](?P<minute>\d{2})(?:[:分.](?P<second>\d{1,2})秒?(?:[.,]\d+)?)?分?"
    r"\s*(?P<half>[AP]\.?M\.?)?\s*(?P<zone>Z|[A-Z]{2,5}|(?:UTC|GMT)?[+-]\d{1,2}:?\d{2})?)?"
)
_YMD = re.compile(r"(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})日?" + _CLOCK, re.I)
_DIGITS = re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?:\d{2})?)?")
_ABY = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + _CLOCK, re.I)
_DAY_NAME = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<d>\d{1,2})\.?[\s-]+(?P<name>[^\W\d]{3,9})\.?[\s,-]+(?P<y>\d{4}|\d{2})" + _CLOCK,
    re.I,
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d]{3,9})\.?[\s-]+(?P<d>\d{1,2})[\s,-]+(?P<y>\d{4}|\d{2})" + _CLOCK, re.I
)
_SEVERAL = re.compile(r"[;；、~]")
_MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "jan januar janv ene gen", "feb fév fev febr", "mar mär mrz mars märz maa", "apr avr abr",
            "may mai mag mei", "jun juin juni giu", "jul juil juli lug", "aug août aou ago",
            "sep sept set", "oct okt ott", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
_UTC = frozenset({"Z", "UTC", "GMT"})
_UNIX = re.compile(r"(1\d{9})(?:\d{3})?")
_A_DAY = 1440


class Moment(NamedTuple):
    """A day, and the minute of it where it is known."""

    day: int
    minute: int | None = None


@dataclass(frozen=True)
class Clock:
    """How a column of dates is read: ``order`` of day and month, ``utc`` where no offset is written, ``zone``
    of the shop as ``+08:00`` ("" leaves the clock as written)."""

    order: DateOrder
    utc: bool = False
    zone: str = ""


def day_month_order(cells: Iterable[Cell], usual: DateOrder) -> tuple[DateOrder, bool]:
    """The order that the cells themselves show, and whether they do; else the usual one."""
    pairs = [(int(one["a"]), int(one["b"])) for cell in cells if (one := _ABY.fullmatch(_text(cell)))]
    if not pairs:
        return usual, True
    if any(first > 12 for first, _ in pairs):
        return "dmy", True
    if any(second > 12 for _, second in pairs):
        return "mdy", True
    return ("mdy" if usual in ("either", "ymd") else usual), usual in ("mdy", "dmy")


def moment(cell: Cell, clock: Clock) -> Moment | None:
    """The moment in a cell; None where it holds none that is believed.

    >>> moment("2025-12-31 20:00:00 -0500", Clock("ymd")).minute
    1200
    >>> moment("10-Dez-25", Clock("ymd")) == moment("12/10/25", Clock("mdy"))
    True
    """
    if isinstance(cell, datetime):
        return _believed(_shifted(to_day(cell), cell.hour * 60 + cell.minute, "", clock))
    if isinstance(cell, date):
        return _believed(Moment(to_day(cell)))
    if isinstance(cell, Bad | bool | time | timedelta):
        return None
    if not isinstance(cell, str):
        return _serial(number(cell), clock)
    text = _text(cell)
    return _believed(_written(text, clock)) if text else None


def minute_of(cell: Cell) -> int | None:
    """The minute of the day in a cell that holds a clock alone."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    value = None if isinstance(cell, str) else number(cell)
    if value is not None:
        return round((value - int(value)) * _A_DAY) % _A_DAY
    found = re.compile("x" + _CLOCK, re.I).fullmatch(f"x {_text(cell)}")
    return _minute(found) if found else None


def is_dated(cell: Cell) -> bool:
    """Whether the cell is filled in at all."""
    return not isinstance(cell, str) or bool(_text(cell))


def _text(cell: Cell) -> str:
    text = unicodedata.normalize("NFKC", plain(cell))
    if text.casefold() in BLANK_WORDS:
        return ""
    return _SEVERAL.split(text)[0].strip()


def _written(text: str, clock: Clock) -> Moment | None:
    if found := _YMD.fullmatch(text) or _DIGITS.fullmatch(text):
        return _made(found, int(found["m"]), int(found["d"]), clock)
    if found := _ABY.fullmatch(text):
        first, second = int(found["a"]), int(found["b"])
        month, day = (second, first) if clock.order == "dmy" else (first, second)
        return _made(found, month, day, clock)
    if found := _DAY_NAME.fullmatch(text) or _NAME_DAY.fullmatch(text):
        return _made(found, _month(found["name"]), int(found["d"]), clock)
    if found := _UNIX.fullmatch(text):
        return _unix(int(found[1]), clock)
    try:
        return _serial(float(text), clock)
    except ValueError:
        return None


def _month(name: str) -> int:
    folded = name.casefold()
    return _MONTHS.get(folded) or _MONTHS.get(folded[:4]) or _MONTHS.get(folded[:3], 0)


def _made(found: re.Match[str], month: int, day: int, clock: Clock) -> Moment | None:
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    try:
        number_of_day = to_day(date(year, month, day))
    except ValueError:
        return None
    minute = _minute(found)
    if minute is None:
        return Moment(number_of_day)
    return _shifted(number_of_day, minute, (found.groupdict().get("zone") or "").upper(), clock)


def _minute(found: re.Match[str]) -> int | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found.groupdict().get("half") or "").upper().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    minute = hour * 60 + int(found["minute"])
    return minute if minute < _A_DAY and int(found["minute"]) < 60 else None


def _shifted(day: int, minute: int, zone: str, clock: Clock) -> Moment:
    """The moment by the shop's own clock, where both clocks are known."""
    written = _offset(zone, clock.utc)
    wanted = _offset(clock.zone, False)
    if written is None or wanted is None:
        return Moment(day, minute)
    days, rest = divmod(minute - written + wanted, _A_DAY)
    return Moment(day + days, rest)


def _offset(zone: str, utc: bool) -> int | None:
    found = _OFFSET.search(zone)
    if found:
        minutes = int(found[2]) * 60 + int(found[3])
        return -minutes if found[1] == "-" else minutes
    return 0 if zone in _UTC or (utc and not zone) else None


def _unix(seconds: int, clock: Clock) -> Moment:
    day, rest = divmod(seconds, 86_400)
    began = to_day(date(1970, 1, 1))
    return _shifted(began + day, rest // 60, "UTC", clock)


def _serial(value: float | None, clock: Clock) -> Moment | None:
    """A day as a spreadsheet counts it, a day written as digits, or seconds since 1970."""
    if value is None or value < EARLIEST:
        return None
    if value < LAST_SERIAL:
        day = int(value)
        minute = round((value - day) * _A_DAY)
        clocked = _shifted(day, min(minute, _A_DAY - 1), "", clock)
        return _believed(clocked if minute else Moment(day))
    if value == int(value) and value < 1e15:
        text = str(int(value))
        if _DIGITS.fullmatch(text) or _UNIX.fullmatch(text):
            return _believed(_written(text, clock))
    return None


def _believed(found: Moment | None) -> Moment | None:
    last = to_day(date(2100, 1, 1))
    return found if found is not None and EARLIEST <= found.day < last else None
