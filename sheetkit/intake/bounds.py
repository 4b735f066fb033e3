"""What a workbook may ask of the machine, checked before a reader that cannot refuse opens it.

python-calamine lays a sheet out as a full rectangle and ends the process where memory runs out, so a stray
cell in the last corner has to be found before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sheetkit.errors import UnreadableError
from sheetkit.intake.cells import letters
from sheetkit.opc.archive import Entry, read_entries, write_entries

LARGEST_AREA = 26 * 1_048_576
"""Cells of the rectangle a sheet may span: a note in the last row below columns A to Z still fits."""

# Every letter becomes A and every digit 1, so that plain searches (far faster than patterns) tell how wide
# and how tall a sheet can be at most.
_SHAPES = bytes.maketrans(
    b"BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz023456789'",
    b"A" * 51 + b"1" * 9 + b'"',
)
_BEYOND_Z = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{2}")
_PLAIN_SPACE = bytes.maketrans(b"\t\r\n'", b'   "')
_WIDTHS = ((3, 16_384), (2, 702))
_HEIGHTS = ((7, 1_048_576), (6, 999_999), (5, 99_999))
_REFERENCE = re.compile(rb' r="([A-Za-z]{1,3})(\d{1,7})"')
_FILLED_REFERENCE = re.compile(rb'\br\s*=\s*"([A-Za-z]{1,3})(\d{1,7})"([^>]*)>')
_LAST_CELL_RECORD = 11
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*/>")
_ODS_TOKEN = re.compile(rb"<(table:table|table:table-row|table:table-cell|text:p)(?=[\s/>])([^>]*)>")
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="(\d+)"')


@dataclass(frozen=True)
class CheckedPackage:
    """A zip container that is safe to open: its folded entry names, and its sheet parts inflated."""

    names: frozenset[str]
    sheets: dict[str, bytes] = field(default_factory=dict)


def check_package(data: bytes) -> CheckedPackage:
    """Inflates every entry once, under the limits; raises UnreadableError where the container is unsound."""
    sheets: dict[str, bytes] = {}
    names: set[str] = set()
    for entry in read_entries(data):
        name = entry.name.replace("\\", "/").lstrip("/").casefold()
        names.add(name)
        content = entry.inflate()
        if name == "meta-inf/manifest.xml" and b"encryption-data" in content:
            raise UnreadableError("intake.encrypted_ods")
        if name == "content.xml":
            _check_ods(content, entry)
        elif name.endswith(".bin") and "worksheets/" in name:
            _check_binary_sheet(content, entry)
        elif b"sheetData" in content:
            _check_sheet(content, entry)
            sheets[name] = content
    return CheckedPackage(frozenset(names), sheets)


def without_dimensions(data: bytes) -> bytes:
    """The package with the stated extent of every sheet taken out; it is optional and often wrong."""
    entries = []
    for entry in read_entries(data):
        content = entry.inflate()
        entries.append(entry.with_content(_DIMENSION.sub(b"", content)) if b"sheetData" in content else entry)
    return write_entries(entries)


def _check_sheet(sheet: bytes, entry: Entry) -> None:
    if _is_narrow(sheet) or _most_cells(sheet) <= LARGEST_AREA:
        return
    plain = sheet.translate(_PLAIN_SPACE)
    row, column = _corner(_REFERENCE.findall(plain))
    if row * column <= LARGEST_AREA and not _is_odd(plain):
        return
    filled = [found[:2] for found in _FILLED_REFERENCE.findall(plain) if not found[2].endswith(b"/")]
    _refuse_far(*_corner(filled), entry)


def _is_narrow(sheet: bytes) -> bool:
    """Whether no reference leads beyond column Z, as in most tall sheets: that is the quickest to tell."""
    rows = sheet.find(b"<sheetData")
    return rows >= 0 and _BEYOND_Z.search(sheet, rows) is None and sheet.count(b"<row") <= 1_048_576


def _most_cells(sheet: bytes) -> int:
    """More cells than the sheet's rectangle can have, told from how long its references are."""
    shapes = sheet.translate(_SHAPES)
    if _is_odd(shapes):
        return LARGEST_AREA + 1
    columns = next((most for long, most in _WIDTHS if b'="' + b"A" * long + b"1" in shapes), 26)
    rows = next((most for long, most in _HEIGHTS if b"1" * long + b'"' in shapes), 9_999)
    return columns * max(rows, shapes.count(b"<AAA"))


def _is_odd(sheet: bytes) -> bool:
    """Whether attributes may be written with spaces around the equals sign, as no program does."""
    return b' ="' in sheet or b'= "' in sheet


def _corner(references: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """The last row and column any reference names."""
    rows, columns = {row for _, row in references}, {column for column, _ in references}
    return max(map(int, rows), default=0), max(map(_number, columns), default=0)


def _number(column: bytes) -> int:
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number


def _check_ods(content: bytes, entry: Entry) -> None:
    """Counts rows and columns as the repetitions say, empty ones at the ends left out."""
    row = column = repeat = 0
    last_row = last_column = 0
    for token, attributes in _ODS_TOKEN.findall(content):
        if token == b"table:table":
            row = repeat = last_row = last_column = 0
        elif token == b"table:table-row":
            row += repeat
            repeat, column = _repeat(_ROWS_REPEATED, attributes), 0
        elif token == b"table:table-cell":
            column += _repeat(_COLUMNS_REPEATED, attributes)
        if token == b"text:p" or b"value-type" in attributes:
            last_row, last_column = max(last_row, row + repeat), max(last_column, column)
            _refuse_far(last_row, last_column, entry)


def _check_binary_sheet(sheet: bytes, entry: Entry) -> None:
    """Walks the records of an .xlsb sheet: a row's header holds its number, a cell its column."""
    at = row = last_row = last_column = 0
    while at < len(sheet):
        kind, at = _variable(sheet, at, 2)
        size, at = _variable(sheet, at, 4)
        if kind <= _LAST_CELL_RECORD and size >= 4:
            position = int.from_bytes(sheet[at : at + 4], "little")
            if kind == 0:
                row = position + 1
            elif kind != 1:  # 1: formatted but empty
                last_row, last_column = max(last_row, row), max(last_column, position + 1)
        at += size
    _refuse_far(last_row, last_column, entry)


def _variable(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of up to ``longest`` bytes of seven bits each, and where it ends."""
    value = 0
    for shift in range(longest):
        byte = data[at + shift] if at + shift < len(data) else 0
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, at + shift + 1
    return value, at + longest


def _repeat(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _refuse_far(row: int, column: int, entry: Entry) -> None:
    if row * column > LARGEST_AREA:
        raise UnreadableError("intake.far_cell", cell=f"{letters(column - 1)}{row}", part=entry.name)
