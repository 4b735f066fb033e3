"""Day numbers: whole days since 1899-12-30, the serial number a spreadsheet shows for a date."""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(1899, 12, 30)
EARLIEST = 40179
"""2010-01-01: an earlier date in a seller's sheet is a slip (``3.5`` typed in a date cell is 1900-01-03)."""

FIRST_BIRTHDAY = 7306
"""1920-01-01: a birthday is older than the shop."""


def to_day(value: date) -> int:
    """The day number of a date."""
    return (date(value.year, value.month, value.day) - EPOCH).days


def to_date(day: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=day)


def month_index(day: int) -> int:
    """Year · 12 + month − 1 of a day number: consecutive months are consecutive integers."""
    when = to_date(day)
    return when.year * 12 + when.month - 1


def month_label(month: int) -> str:
    """``2026-03`` for a month index."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def days_to_next(born: int, today: int) -> int:
    """Days from ``today`` to the next return of the calendar day of ``born``, 0 on the day itself.

    29 February is kept on the 28th where a year has none.

    >>> days_to_next(to_day(date(1992, 2, 29)), to_day(date(2026, 2, 20)))
    8
    """
    when, now = to_date(born), to_date(today)
    for year in (now.year, now.year + 1):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        day = 28 if (when.month, when.day) == (2, 29) and not leap else when.day
        nearest = to_day(date(year, when.month, day)) - today
        if nearest >= 0:
            break
    return nearest
