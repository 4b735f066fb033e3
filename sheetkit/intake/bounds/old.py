"""How far the sheets of an .xls reach and how much text they show, told from its records.

The reader lays all sheets out at once, so they count together.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds.limits import MOST_TEXT, refuse_far, refuse_many_cells, refuse_much_text
from sheetkit.intake.bounds.records import Extent

_BEGIN, _DIMENSIONS, _MANY_NUMBERS = 0x0809, 0x0200, 0x00BD
_SHARED, _SHARED_TEXTS, _CONTINUED = 0x00FD, 0x00FC, 0x003C
_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x027E, _SHARED}
_LARGEST_SHEET = (65_536, 256)
_LONGEST_TEXT = 0xFFFF
_BYTES_A_LETTER = 3


def check_old_workbook(data: bytes, name: str) -> None:
    """Raises UnreadableError where its sheets would take more memory than a machine should give."""
    book = _workbook_stream(data, name)
    extent, area, shared = Extent(), 0, 0
    texts: list[bytes] = []
    previous = 0
    for kind, start, size in _records(book):
        if kind == _BEGIN:
            area, extent = area + extent.row * extent.column, Extent()
        elif kind == _DIMENSIONS and size >= 12:
            _, rows, _, columns = struct.unpack_from("<IIHH", book, start)
            if rows > _LARGEST_SHEET[0] or columns > _LARGEST_SHEET[1]:
                raise UnreadableError("intake.broken", part=name)
        elif kind in _CELLS and size >= 6:
            row, column = struct.unpack_from("<HH", book, start)
            extent.reach(row + 1, column + 1)
            shared += kind == _SHARED
        elif kind == _MANY_NUMBERS and size >= 6:
            (row,) = struct.unpack_from("<H", book, start)
            (column,) = struct.unpack_from("<H", book, start + size - 2)
            extent.reach(row + 1, column + 1)
        elif kind == _SHARED_TEXTS or (kind == _CONTINUED and previous == _SHARED_TEXTS):
            texts.append(book[start : start + size])
        if kind != _CONTINUED:
            previous = kind
    refuse_far(extent.row, extent.column, name)
    refuse_many_cells(area + extent.row * extent.column, name)
    refuse_much_text(_shown_bytes(texts, shared), name)


def _workbook_stream(data: bytes, name: str) -> bytes:
    import olefile  # type: ignore[import-untyped]  # an .xls is rare, and every run would wait for it

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            stream = "Workbook" if file.exists("Workbook") else "Book"
            found: bytes = file.openstream(stream).read()
            return found
    except Exception as problem:  # whatever a damaged container makes it throw
        raise UnreadableError("intake.broken", part=name) from problem


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, at + 4, size
        at += 4 + size


def _shown_bytes(texts: list[bytes], cells: int) -> int:
    """At least as many bytes as the shared texts take in that many cells."""
    longest = min(_LONGEST_TEXT, sum(map(len, texts)))
    if cells * longest * _BYTES_A_LETTER > MOST_TEXT:
        longest = _longest(texts)
    return cells * longest * _BYTES_A_LETTER


def _longest(texts: list[bytes]) -> int:
    """The letters of the longest shared text; one may go on in the next record, in letters twice as wide."""
    longest, segment, at = 0, 0, 8
    try:
        while True:
            while at >= len(texts[segment]):
                at, segment = at - len(texts[segment]), segment + 1
            letters, flags = struct.unpack_from("<HB", texts[segment], at)
            at += 3
            follow = 0
            if flags & 8:
                follow += 4 * struct.unpack_from("<H", texts[segment], at)[0]
                at += 2
            if flags & 4:
                follow += struct.unpack_from("<I", texts[segment], at)[0]
                at += 4
            longest, left = max(longest, letters), letters
            while left:
                width = 1 + (flags & 1)
                here = min(left, (len(texts[segment]) - at) // width)
                at, left = at + here * width, left - here
                if left:
                    segment, at, flags = segment + 1, 1, texts[segment + 1][0]
            at += follow
    except IndexError:  # behind the last one
        return longest
    except struct.error:  # not as it should be
        return _LONGEST_TEXT
