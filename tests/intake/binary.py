"""A small .xlsb and the shell of an .xls, written by hand: no library writes them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/>
</Types>"""
_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="{target}"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>
</Relationships>"""


def ole(*streams: str) -> bytes:
    """The head of a compound file and directory entries of these streams; the streams are not there."""
    names = [one.encode("utf-16-le") for one in streams]
    entries = [name.ljust(64, b"\x00") + struct.pack("<HB", len(name) + 2, 2) + bytes(61) for name in names]
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"".join(entries)


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    size, sizes = len(body), b""
    while True:
        size, low = size >> 7, size & 0x7F
        sizes += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + sizes + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(name: str, cells: Iterable[tuple[int, int, str | float]]) -> bytes:
    """A workbook of one sheet; ``cells`` are (row, column, value), counted from 0, rows in order."""
    sheet = _record(0x81) + _record(0x94, struct.pack("<IIII", 0, 10, 0, 10)) + _record(0x91)
    now = -1
    for row, column, value in cells:
        if row != now:
            sheet += _record(0, struct.pack("<II", row, 0) + b"\x00" * 17)
            now = row
        place = struct.pack("<II", column, 0)
        sheet += (
            _record(5, place + struct.pack("<d", value))
            if isinstance(value, float)
            else _record(6, place + _text(value))
        )
    sheet += _record(0x92) + _record(0x82)
    book = _record(0x83) + _record(0x8F)
    book += (
        _record(0x9C, struct.pack("<II", 0, 1) + _text("rId1") + _text(name)) + _record(0x90) + _record(0x84)
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELS.format(kind="officeDocument", target="xl/workbook.bin"))
        package.writestr("xl/workbook.bin", book)
        package.writestr(
            "xl/_rels/workbook.bin.rels", _RELS.format(kind="worksheet", target="worksheets/sheet1.bin")
        )
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return target.getvalue()


def compound_file(stream: str, content: bytes) -> bytes:
    """A compound file of one stream."""
    sector, end, of_table, none = 512, 0xFFFF_FFFE, 0xFFFF_FFFD, 0xFFFF_FFFF
    content = content.ljust(max(4096, -(-len(content) // sector) * sector), b"\0")
    sectors = len(content) // sector
    tables = next(count for count in range(1, 110) if count * 128 >= count + 1 + sectors)
    start = tables + 1
    chain = [of_table] * tables + [end, *range(start + 1, start + sectors), end]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * sector, b"\xff")
    head = struct.pack(
        "<8s16s6H10I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0,
        0, 0, tables, tables, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    head += struct.pack(f"<{tables}I", *range(tables))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        spelt = name.encode("utf-16-le") + b"\0\0"
        return spelt.ljust(64, b"\0") + struct.pack(
            "<HBB3I16sI16sIQ", len(spelt), kind, 1, none, none, child, bytes(16), 0, bytes(16), first, size
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry(stream, 2, none, start, len(content))
    return head.ljust(sector, b"\xff") + table + directory.ljust(sector, b"\0") + content


def xls(sheets: dict[str, list[tuple[int, int, float | int]]], texts: Iterable[str] = ()) -> bytes:
    """A workbook of Excel 97. A cell is row, column (from 0) and a float, or as an int a text's index."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def cell(row: int, column: int, value: float | int) -> bytes:
        if isinstance(value, int):
            return record(0xFD, struct.pack("<3HI", row, column, 0, value))
        return record(0x203, struct.pack("<3Hd", row, column, 0, value))

    def text(value: str) -> bytes:
        narrow = value.isascii()
        encoded = value.encode("latin-1" if narrow else "utf-16-le")
        return struct.pack("<HB", len(value), not narrow) + encoded

    listed = [text(one) for one in texts]
    shared = record(0xFC, struct.pack("<II", 0, len(listed)) + b"".join(listed[:1]))
    shared += b"".join(record(0x3C, one) for one in listed[1:])
    begin = struct.pack("<4H2I", 0x600, 0x10, 0, 0, 0, 0)
    parts = [
        record(0x809, begin) + b"".join(cell(*one) for one in cells) + record(0x0A)
        for cells in sheets.values()
    ]
    book = record(0x809, struct.pack("<4H2I", 0x600, 5, 0, 0, 0, 0))
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name in sheets]
    at = len(book) + sum(10 + len(name) for name in names) + len(shared) + 4
    for name, part in zip(names, parts, strict=True):
        book += record(0x85, struct.pack("<IBB", at, 0, 0) + name)
        at += len(part)
    return compound_file("Workbook", book + shared + record(0x0A) + b"".join(parts))
