"""How far a sheet of an .xlsx reaches, and what of it need not be read, told from its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds.limits import LARGEST_AREA, LONGEST_STRETCH, MOST_ROWS, refuse_far

# Every letter becomes A and every digit 1, so that plain searches (far faster than patterns) tell how wide
# and how tall a sheet can be at most.
_SHAPES = bytes.maketrans(
    b"BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz023456789'",
    b"A" * 51 + b"1" * 9 + b'"',
)
_SHORT_ROWS = 9_999
_PIECE_BYTES = 8 << 20
_ROW_START = re.compile(rb"<(?:[\w.-]+:)?row\b")
_ROW_NUMBER = re.compile(rb"<(?:[\w.-]+:)?row\b[^>]*?\br\s*=\s*[\"'](\d{1,10})")
_FILLED = re.compile(rb"<(?:[\w.-]+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,10})\d*[\"'][^>]*(?<!/)>")
_BEGINS_AS_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?+<")
_TAIL_WORTH_CUTTING = 1 << 20
_CONTENT_ENDS = (b"v>", b"is>", b"<f", b":f")


def check_sheet(sheet: bytes, part: str) -> None:
    """Raises UnreadableError where a filled cell stands too far out, a text is longer than any cell's, or
    the part does not even begin as XML, which the reader takes for an empty sheet."""
    if not _BEGINS_AS_XML.match(sheet):
        raise UnreadableError("opc.broken_part", part=part)
    refuse_long_stretches(sheet, part)
    if not _is_small(sheet):
        refuse_far(*_corner(sheet), part)


def refuse_long_stretches(content: bytes, part: str) -> None:
    """Raises UnreadableError where megabytes pass without any markup: no cell holds such a text."""
    for start in range(0, len(content) - LONGEST_STRETCH, LONGEST_STRETCH):
        if content.find(b"<", start, start + LONGEST_STRETCH) < 0:
            raise UnreadableError("opc.too_large", part=part)


def without_empty_tail(sheet: bytes) -> bytes:
    """The sheet without the formatted empty rows below its last content, where there are very many.

    Some programs write a million of them, when a whole column is formatted.
    """
    end = sheet.rfind(b"sheetData>")
    end = sheet.rfind(b"<", 0, max(end, 0))
    last = max(sheet.rfind(mark, 0, max(end, 0)) for mark in _CONTENT_ENDS)
    row = sheet.find(b"row>", last, max(end, 0))
    if last < 0 or row < 0 or end - row < _TAIL_WORTH_CUTTING:
        return sheet
    return sheet[: row + len(b"row>")] + sheet[end:]


def _is_small(sheet: bytes) -> bool:
    """Whether quick looks tell that the sheet is small enough: narrow, or short. No means maybe."""
    rows = sheet.count(b"<row")
    if not _states_every_place(sheet) or rows > MOST_ROWS:
        return False
    shapes = sheet.translate(_SHAPES)
    if b'"AA1' not in shapes:
        return b'1111111"' not in shapes
    return rows <= _SHORT_ROWS and b'"AAA1' not in shapes and b'11111"' not in shapes


def _states_every_place(sheet: bytes) -> bool:
    """Whether every cell says where it is, in the manner of nearly all programs."""
    cells = sheet.count(b"<c ")
    if b"<c>" in sheet or (not cells and b":c" in sheet):
        return False
    return cells == sheet.count(b'<c r="')


def _corner(sheet: bytes) -> tuple[int, int]:
    """The last row and the last column with a filled cell; more where cells do not say where they are."""
    last_row = last_column = 0
    for piece in _pieces(sheet):
        filled = _FILLED.findall(piece)
        last_row = max(last_row, *map(int, {row for _, row in filled}), 0)
        last_column = max(last_column, *map(_number, {column for column, _ in filled}), 0)
    if not _states_every_place(sheet) and last_row * last_column <= LARGEST_AREA:
        return max(last_row, _implied_rows(sheet)), max(last_column, _most_in_a_row(sheet))
    return last_row, last_column


def _pieces(sheet: bytes) -> Iterator[bytes]:
    """The sheet in pieces that end between tags."""
    start = 0
    while start < len(sheet):
        end = sheet.find(b"<", start + _PIECE_BYTES)
        end = len(sheet) if end < 0 else end
        yield sheet[start:end]
        start = end


def _implied_rows(sheet: bytes) -> int:
    """The last row number that a row says or that counting leads to."""
    stated = max((int(row) for piece in _pieces(sheet) for row in _ROW_NUMBER.findall(piece)), default=0)
    return stated + sum(1 for _ in _ROW_START.finditer(sheet))


def _most_in_a_row(sheet: bytes) -> int:
    """At least as many cells as any row has."""
    starts = [match.start() for match in _ROW_START.finditer(sheet)] + [len(sheet)]
    rows = pairwise(starts)
    return max((sheet.count(b"<c", *row) + sheet.count(b":c", *row) for row in rows), default=0)


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number
