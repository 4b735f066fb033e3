"""Marks: conditional formats in the seller's own sheets, put in and taken out as bytes.

A mark is a rule whose formula is always true and carries a signature in a text, which survives a
program that writes the whole sheet anew. The cell's own style and value stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Literal

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.splice import Span, elements, root_of

Level = Literal["error", "warning", "info"]
FILLS: dict[Level, str] = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}

_RANGES_A_FORMAT = 500
_UP_TO_FORMATS = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
}  # fmt: skip
_SIGNATURE = re.compile(r'LEN\(\s*"sheetkit:(?:error|warning|info)"\s*\)', re.I)
_PRIORITY = re.compile(rb"\bpriority\s*=\s*[\"'](\d+)[\"']")
_HIGHEST_PRIORITY = 2**31 - 1
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})\Z", re.I)


class NoCells(Exception):
    """The sheet has no ``<sheetData>``, so that nothing in it can be marked."""


def mark_format(level: Level) -> etree._Element:
    """The differential format of a level: a fill and nothing else."""
    fill = f'<fill><patternFill><bgColor rgb="{FILLS[level]}"/></patternFill></fill>'
    return etree.fromstring(f'<dxf xmlns="{xmlio.MAIN}">{fill}</dxf>')


def insert_marks(sheet: bytes, cells: Iterable[str], level: Level, format_index: int) -> bytes:
    """The sheet with conditional formats for these cells.

    Raises NoCells where it has no place for any, BrokenMarkup where its elements do not end.
    """
    prefix, inside = root_of(sheet)
    known = [span for span in elements(sheet, inside, len(sheet)) if span.name in _UP_TO_FORMATS]
    if not any(span.name == "sheetData" for span in known):
        raise NoCells
    taken = {int(found) for found in _PRIORITY.findall(sheet, known[-1].start)}
    for span in known:
        if span.name == "conditionalFormatting":
            taken |= {int(found) for found in _PRIORITY.findall(sheet, span.start, span.end)}
    new = b"".join(
        _format(prefix.decode(), sqref, level, format_index, priority)
        for sqref, priority in zip(_references(cells), free_priorities(taken), strict=False)
    )
    return sheet[: known[-1].end] + new + sheet[known[-1].end :]


def free_priorities(taken: set[int]) -> Iterator[int]:
    """After all rules of the seller's; before them only when the numbers have run out."""
    yield from range(max(taken, default=0) + 1, _HIGHEST_PRIORITY + 1)
    yield from (number for number in range(_HIGHEST_PRIORITY, 0, -1) if number not in taken)


def _format(prefix: str, sqref: str, level: Level, format_index: int, priority: int) -> bytes:
    rule = f'type="expression" dxfId="{format_index}" priority="{priority}"'
    formula = f'LEN("sheetkit:{level}")&gt;0'
    return (
        f'<{prefix}conditionalFormatting sqref="{sqref}"><{prefix}cfRule {rule}>'
        f"<{prefix}formula>{formula}</{prefix}formula></{prefix}cfRule></{prefix}conditionalFormatting>"
    ).encode()


def _references(cells: Iterable[str]) -> Iterator[str]:
    """The cells as ranges down each column, some hundreds to a reference."""
    rows_by_column: dict[str, set[int]] = {}
    for cell in cells:
        match = _CELL.match(cell)
        if match is None:
            raise ValueError(f"{cell!r} is no cell")
        rows_by_column.setdefault(match[1].upper(), set()).add(int(match[2]))
    columns = sorted(rows_by_column, key=lambda column: (len(column), column))
    ranges = [piece for column in columns for piece in _runs(column, sorted(rows_by_column[column]))]
    for start in range(0, len(ranges), _RANGES_A_FORMAT):
        yield " ".join(ranges[start : start + _RANGES_A_FORMAT])


def _runs(column: str, rows: list[int]) -> Iterator[str]:
    first = last = rows[0]
    for row in [*rows[1:], 0]:
        if row == last + 1:
            last = row
            continue
        yield f"{column}{first}" if first == last else f"{column}{first}:{column}{last}"
        first = last = row


def is_mark(element: bytes) -> bool:
    """Whether a conditional format is one of ours."""
    return b"sheetkit:" in element


def cut_marks(sheet: bytes) -> bytes:
    """The sheet without any mark; the same bytes where it has none."""
    if b"sheetkit:" not in sheet:
        return sheet
    _, inside = root_of(sheet)
    doomed: list[tuple[int, int]] = []
    for span in elements(sheet, inside, len(sheet)):
        if span.name == "conditionalFormatting":
            doomed += _marks_in(sheet, span)
    for start, end in reversed(doomed):
        sheet = sheet[:start] + sheet[end:]
    return sheet


def _marks_in(sheet: bytes, span: Span) -> list[tuple[int, int]]:
    rules = [rule for rule in elements(sheet, span.inner, span.end) if rule.name == "cfRule"]
    texts = (unescape(sheet[rule.start : rule.end].decode("latin-1")) for rule in rules)
    marks = [rule for rule, text in zip(rules, texts, strict=True) if _SIGNATURE.search(text)]
    if marks and len(marks) == len(rules):
        return [(span.start, span.end)]
    return [(rule.start, rule.end) for rule in marks]
