"""What a date alone does not say and its column does: the order of day and month, a shifted clock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sheetkit.intake.cells import Cell, narrow, number
from sheetkit.intake.date_forms import month_and_day, orders_of
from sheetkit.intake.dates import DateBounds, believed_day, day_near, iso
from sheetkit.intake.problems import Problem

_UNCLEAR = frozenset({"date_ambiguous", "date_short_year"})
_BY_NEIGHBOUR = frozenset({"date_no_year", "date_relative"})
_SECONDS_A_DAY = 86_400
_SHIFTED_CLOCKS = frozenset({16 * 3600, 23 * 3600 + 59 * 60 + 17, 15 * 3600 + 59 * 60 + 17})
"""Midnight in China as some programs write it: eight hours early, or 43 seconds."""
_LEAST_SHIFTED = 3


def settle(
    cells: Sequence[Cell], values: list[int | None], problems: dict[int, Problem], bounds: DateBounds
) -> None:
    """Reads what the column as a whole decides; takes suggestions from the dates around."""
    unclear = [at for at, problem in problems.items() if problem.code in _UNCLEAR]
    if unclear:
        _in_order(cells, values, problems, bounds, unclear)
    if any(problem.code in _BY_NEIGHBOUR for problem in problems.values()):
        _near_others(cells, values, problems, bounds)
    for at, day in _shifted(cells, values):
        values[at], problems[at] = day, Problem("date_day_before", "warning", iso(day))


def _in_order(
    cells: Sequence[Cell],
    values: list[int | None],
    problems: dict[int, Problem],
    bounds: DateBounds,
    unclear: list[int],
) -> None:
    """Day and month, or a year of two digits, in the one order in which every date of the column is one."""
    texts = {cell: orders_of(narrow(cell)) for cell in set(cells) if isinstance(cell, str)}
    possible = {"ymd", "dmy", "mdy"}
    for orders in texts.values():
        if orders:
            right = {key for key, date in orders.items() if believed_day(*date, bounds) is not None}
            possible &= right if "ymd" in orders else right | {"ymd"}
    for at in unclear:
        orders = texts[cells[at]]  # type: ignore[index]  # an unclear cell is a text
        days = {believed_day(*orders[key], bounds) for key in orders.keys() & possible} - {None}
        if len(days) == 1:
            (values[at],) = days
            problems[at] = Problem("date_by_column", "warning", iso(values[at]))  # type: ignore[arg-type]


def _near_others(
    cells: Sequence[Cell], values: list[int | None], problems: dict[int, Problem], bounds: DateBounds
) -> None:
    """Suggestions near the date above, else the one below."""
    known = [at for at, day in enumerate(values) if day is not None]
    if not known:
        return
    said_by: dict[str, tuple[int, int] | None] = {}
    for at, problem in problems.items():
        if problem.code not in _BY_NEIGHBOUR:
            continue
        near = values[known[max(0, bisect_left(known, at) - 1)]]
        assert near is not None
        cell = cells[at]
        if isinstance(cell, str) and cell not in said_by:
            said_by[cell] = month_and_day(narrow(cell))
        said = said_by[cell] if isinstance(cell, str) else None
        meant = day_near(*said, near) if said else near
        if meant is not None and meant <= bounds.near + 1:
            problems[at] = Problem(problem.code, problem.severity, iso(meant), problem.is_meant)


def _shifted(cells: Sequence[Cell], values: list[int | None]) -> Iterator[tuple[int, int]]:
    """Dates whose clock stands where midnight was before a program shifted it: they mean the day after."""
    clock_of = {cell: _clock(cell) for cell in set(cells)}
    clocks = {at: clock_of[cells[at]] for at, day in enumerate(values) if day is not None}
    said = set(clocks.values())
    every = len(said) == 1 and said <= _SHIFTED_CLOCKS and len(clocks) >= _LEAST_SHIFTED
    for at, seconds in clocks.items():
        if every or seconds >= _SECONDS_A_DAY - 0.5:
            yield at, (values[at] or 0) + 1


def _clock(cell: Cell) -> float:
    """Seconds since midnight."""
    if isinstance(cell, str):
        _, _, clock = narrow(cell).upper().replace("T", " ").partition(" ")
        parts = clock.removesuffix("Z").split(":")
        try:
            hour, minute, second = (float(part or 0) for part in (*parts, "0", "0")[:3])
        except ValueError:
            return 0.0
        return hour * 3600 + minute * 60 + second
    if isinstance(cell, datetime):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    value = number(cell) or 0.0
    return (value % 1) * _SECONDS_A_DAY


def looks_shifted(cells: Sequence[date]) -> bool:
    """Whether a column of dates has to be looked at closely."""
    clocked = [cell for cell in cells if type(cell) is datetime]
    last = any(cell.second == 59 and cell.minute == 59 and cell.hour == 23 for cell in clocked)
    return last or (0 < len(clocked) == len(cells) and _clock(clocked[0]) in _SHIFTED_CLOCKS)
