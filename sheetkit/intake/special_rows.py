"""Lines below the header that are no entries: totals, repeated headers, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from sheetkit.intake.cells import Cell, display, is_blank
from sheetkit.intake.coded import Known, all_true, different, where
from sheetkit.intake.columns import Reading
from sheetkit.intake.headers import header_text
from sheetkit.intake.tables import Part
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold

_TOTAL = re.compile(
    r"(?:本[年月周日季]度?|\d{1,4}[年月]|全年|年度|月度|以上)?\s*(?:合计|总计|小计|共计|总额|汇总|总和|总数"
    r"|(?:sub|grand)?[\s-]?totals?|sum)\s*[::]?"
)
_SUM = re.compile(r"[计总和]|汇总|total|sum", re.IGNORECASE)
_LONGEST_TOTAL = 24
_LARGE = 1_000_000
_TOTAL_WORDS = ("total", "Total", "TOTAL", "sum", "Sum", "SUM")
"""As they are written; a text of many megabytes is not searched for any other mixture."""


def special_rows(part: Part, how: Reading) -> Iterator[tuple[int, Finding]]:
    """Lines below the header that are no entries: totals, repeated headers, notes.

    As typed, every name on the customers sheet is a customer to the live formulas, whatever it says.
    """
    if part.table == "customers" and not how.repair:
        return
    for at in _repeated_headers(part):
        yield at, _about_row("header_repeated", "info", part, at)
    yield from _total_rows(part, how)
    if part.table == "customers":
        return
    dates, others = part.values("date"), [key for key in part.layout.matches if key != "date"]
    for at, problem in part.problems("date").items():
        if dates[at] is None and problem.spoils and all(_empty(part, key, at) for key in others):
            yield at, _about_row("note_row", "info", part, at)


def _empty(part: Part, key: str, at: int) -> bool:
    cell = part.raw[key][at]
    return is_blank(cell) or cell == 0


def _repeated_headers(part: Part) -> list[int]:
    """Rows that hold the headers once more."""
    found: set[int] = set()
    for key in ("nickname",) if part.table == "customers" else ("date", "nickname"):
        if key not in part.raw:
            continue
        names = _names(part, key)
        if part.cleaned[key].clear and names.isdisjoint(different(part.raw[key])):
            continue
        starts = {name[:1] for name in names}
        again = {
            cell
            for cell in part.distinct(key)
            if type(cell) is str and cell.lstrip()[:1] in starts and header_text(cell) in names
        }
        if again:
            found |= {*where(part.raw[key], again.__contains__)}
    return sorted(at for at in found if _is_header_again(part, at))


def _names(part: Part, key: str) -> set[str]:
    """What stands in a field's header, in one row or two."""
    column, layout = part.layout.matches[key].column, part.layout
    return {line[column] for line in (layout.headers, layout.above) if column < len(line)} - {""}


def _is_header_again(part: Part, at: int) -> bool:
    same = 0
    for key in part.layout.matches:
        cell = part.raw[key][at]
        if not isinstance(cell, str) or not cell:
            continue
        if header_text(cell) not in _names(part, key):
            return False
        same += 1
    return same >= 2


def _total_rows(part: Part, how: Reading) -> Iterator[tuple[int, Finding]]:
    """Rows that say they are a total, or that hold the sum of what stands above and no date."""
    said = _said_totals(part)
    if part.table != "trades":
        for at in said if how.repair else ():
            yield at, _about_row("total_row", "info", part, at)
        return
    dates, amounts, names = part.values("date"), part.values("amount"), part.values("nickname")
    undated = () if all_true(dates) else enumerate(dates)
    candidates = {at for at, day in undated if day is None and amounts[at]} | said
    if not candidates:
        return
    counted = [
        value if value is not None and day is not None and at not in said else 0
        for at, (value, day) in enumerate(zip(amounts, dates, strict=True))
    ]
    sums = list(accumulate(counted, initial=0))
    entries = ((value or 0) * (at not in said) for at, value in enumerate(amounts))
    every = list(accumulate(entries, initial=0))
    start = 0
    for at in sorted(candidates):
        above = sums[at] - sums[start]
        is_sum = bool(amounts[at]) and amounts[at] in (above, sums[at])
        if at in said:  # whoever added up had no reason to leave out a row whose date is unclear
            is_sum = is_sum or (bool(amounts[at]) and amounts[at] in (every[at] - every[start], every[at]))
        if at not in said and not (is_sum and not names[at] and at - start > 1):
            continue
        if not how.repair and dates[at] is not None and amounts[at] is not None:
            continue  # the live formulas count such a row
        if is_sum or amounts[at] is None:
            yield at, _about_row("total_row", "info", part, at)
        else:
            shown = f"{(above or sums[at]) / 100:.2f}"
            yield at, _about_row("total_row_wrong", "warning", part, at, sum=shown)
        start = at + 1


def _said_totals(part: Part) -> set[int]:
    """Rows whose first cell, date or name reads 合计, 小计, total …"""
    found: set[int] = set()
    columns = [(part.first, None), *((part.raw[key], key) for key in ("date", "nickname") if key in part.raw)]
    looked: list[Sequence[Cell]] = []
    for cells, key in reversed(columns):
        if any(cells is one for one in looked):
            continue
        looked.append(cells)
        if isinstance(cells, Known) and cells.are_digits:
            continue
        known = part.distinct(key) if key and not part.cleaned[key].clear else different(cells)
        if not _may_say_total(known):
            continue
        totals = {cell for cell in set(known) if says_total(cell)}
        found |= {*where(cells, totals.__contains__)} if totals else set()
    return found


def _may_say_total(cells: Iterable[Cell]) -> bool:
    try:
        joined = "\n".join(cells)  # type: ignore[arg-type]  # what is no text raises
    except TypeError:
        joined = "\n".join(cell for cell in cells if isinstance(cell, str))
    if any(mark in joined for mark in "计总和汇"):
        return True
    if len(joined) > _LARGE:
        return any(word in joined for word in _TOTAL_WORDS)
    said = joined.lower()
    return "total" in said or "sum" in said


def says_total(cell: Cell) -> bool:
    """Whether a cell reads 合计, 小计, total … and nothing else."""
    return (
        isinstance(cell, str)
        and len(cell) <= _LONGEST_TOTAL
        and _SUM.search(cell) is not None
        and _TOTAL.fullmatch(fold(cell)) is not None
    )


def _about_row(code: str, severity: str, part: Part, at: int, **params: str | int) -> Finding:
    shown = [display(part.first[at]), *(part.shown(key, at) for key in part.layout.matches)]
    value = next((text for text in shown if text.strip()), "")
    first = next(iter(part.layout.matches))
    return Finding(code, severity, part.sheet, part.cell(first, at), value, params=dict(params))  # type: ignore[arg-type]  # one of the three
