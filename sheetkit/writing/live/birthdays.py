"""Whose birthday is near: two columns of the helper sheet."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.analysis.festivals import next_birthday
from sheetkit.model.days import FIRST_BIRTHDAY, to_date, to_day
from sheetkit.model.lists import lists
from sheetkit.writing.live.layout import Layout

Value = str | float | int

COLUMNS = ("birthday_in", "birthday_order")
"""Days until it; and, where it is near and may be greeted, those days · PLACE + the customer's number."""
NEAR_DAYS, PLACE = 14, 10**6


def reminds(layout: Layout) -> bool:
    """Whether the template reminds of birthdays."""
    return layout.blueprint.festivals and layout.has("customers", "birthday")


def days_until(layout: Layout, home: str) -> str:
    """The formula of the days until the birthday typed in row ``home``; 29 February is kept on the 28th."""
    born = layout.typed("customers", "birthday", home)
    this, following = (_kept(born, f"YEAR(analysis_date){more}") for more in ("", "+1"))
    ahead = f"IF({this}>=analysis_date,{this},{following})-analysis_date"
    known = f"AND(ISNUMBER({born}),{born}>={FIRST_BIRTHDAY},{born}<=analysis_date)"
    return f'IF({home}=0,"",IFERROR(IF({known},{ahead},""),""))'


def _kept(born: str, year: str) -> str:
    last = f"DAY(DATE({year},MONTH({born})+1,0))"
    return f"DATE({year},MONTH({born}),MIN(DAY({born}),{last}))"


def near(until: str, silent: str, number: str) -> str:
    """The formula of the second column: ``until`` the first, ``silent`` the code of do-not-contact."""
    greeted = f"AND({until}<={NEAR_DAYS},N({silent})<>{_silent()})"
    return f'IF(ISNUMBER({until}),IF({greeted},{until}*{PLACE}+{number},""),"")'


def _silent() -> int:
    return lists()["yes"].code("yes")


def cached(born: Sequence[int | None], silent: Sequence[object], as_of: int) -> list[tuple[Value, Value]]:
    """What both columns hold for every customer."""
    found: list[tuple[Value, Value]] = []
    for number, (day, quiet) in enumerate(zip(born, silent, strict=True), 1):
        if day is None or not FIRST_BIRTHDAY <= day <= as_of:
            found.append(("", ""))
            continue
        until = to_day(next_birthday(to_date(day), to_date(as_of))) - as_of
        found.append((until, until * PLACE + number if until <= NEAR_DAYS and quiet != _silent() else ""))
    return found
