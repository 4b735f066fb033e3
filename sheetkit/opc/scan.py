"""Reading single facts from a sheet's bytes, without building a tree of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_ERROR = re.compile(rb"t=[\"']e[\"']")  # begins with plain letters, so that the search is fast
_REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]+[0-9]+)[\"']")
_CELL_TAG = re.compile(rb"<(?:[\w.-]+:)?c[\s>]")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*?)?(?:/>|>([^<]*)<)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_TEXT_TYPE = re.compile(rb"\st=[\"'](?:str|inlineStr)[\"']")
_CELL_END = re.compile(rb"</(?:[\w.-]+:)?c\s*>")
_ROWS = re.compile(rb"<(?:[\w.-]+:)?(row|c)(\s[^>]*)?>")

_TAGS_BEFORE_A_FORMULA = 8
_LONGEST_TAG, _LONGEST_CELL = 1 << 10, 1 << 18
"""More bytes than a cell's tag has, and a cell: its formula has at most 8,192 letters, its text 32,767."""


def error_cells(sheet: bytes) -> dict[str, str]:
    """Cells that hold an error: reference to text, such as ``{"B7": "#N/A"}``."""
    found: dict[str, str] = {}
    places: dict[int, str] | None = None
    done = 0
    for match in _ERROR.finditer(sheet, 0, rows_end(sheet)):
        start = sheet.rfind(b"<", max(done, match.start() - _LONGEST_TAG), match.start())
        stop = sheet.find(b">", match.end(), match.end() + _LONGEST_TAG)
        of_cell = start >= 0 and _CELL_TAG.match(sheet, start) and sheet.find(b">", start, match.start()) < 0
        if not of_cell or stop < 0 or not sheet[match.start() - 1 : match.start()].isspace():
            continue
        reference = _reference(sheet, start, stop)
        if reference is None:
            places = places or dict(_places(sheet))
            reference = places[start]
        done = stop if sheet[stop - 1 : stop] == b"/" else _cell_end(sheet, stop)
        value = _VALUE.search(sheet, stop, done)
        found[reference] = unescape(value[1].decode()) if value and value[1] else ""
    return found


def formula_cells_without_value(sheet: bytes) -> list[str]:
    """Cells with a formula whose result no program has stored; an empty text counts as stored."""
    found: list[str] = []
    places: dict[int, str] | None = None
    done = 0
    for match in _FORMULA.finditer(sheet, 0, rows_end(sheet)):
        start = _cell_start(sheet, match.start(), done)
        if start < 0:
            continue
        done = _cell_end(sheet, match.end())
        value = _VALUE.search(sheet, match.end(), done)
        stop = sheet.find(b">", start)
        if value and (value[1] or _TEXT_TYPE.search(sheet, start, stop)):
            continue
        reference = _reference(sheet, start, stop)
        if reference is None:
            places = places or dict(_places(sheet))
            reference = places[start]
        found.append(reference)
    return found


def rows_end(sheet: bytes) -> int:
    """Where the cells end: an extension behind them has elements of the same names."""
    end = sheet.rfind(b"sheetData")
    return len(sheet) if end < 0 else end


def _cell_start(sheet: bytes, before: int, after: int) -> int:
    """Where the cell starts that holds a formula, behind the one that was read last; -1 where none does."""
    start = before
    for _ in range(_TAGS_BEFORE_A_FORMULA):
        start = sheet.rfind(b"<", after, start)
        if start < 0 or _CELL_TAG.match(sheet, start):
            return start
    return -1


def _cell_end(sheet: bytes, start: int) -> int:
    """Where the cell ends, or as far ahead as one can: a sheet without ends is not read over and over."""
    end = _CELL_END.search(sheet, start, start + _LONGEST_CELL)
    return end.start() if end else min(start + _LONGEST_CELL, len(sheet))


def _reference(sheet: bytes, start: int, stop: int) -> str | None:
    match = _REFERENCE.search(sheet, start, stop)
    return match[1].decode().upper() if match else None


def _places(sheet: bytes) -> Iterator[tuple[int, str]]:
    """Where each cell starts, and its reference, counted where the file leaves it out."""
    row = column = 0
    for match in _ROWS.finditer(sheet):
        attributes = match[2] or b""
        if match[1] == b"row":
            stated = re.search(rb"\sr=[\"'](\d+)[\"']", attributes)
            row, column = int(stated[1]) if stated else row + 1, 0
            continue
        reference = _REFERENCE.search(attributes)
        column = _column_number(reference[1]) if reference else column + 1
        yield match.start(), f"{_column_letters(column)}{row}"


def _column_number(reference: bytes) -> int:
    number = 0
    for letter in reference.decode().upper():
        if letter.isalpha():
            number = number * 26 + ord(letter) - 64
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
