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
