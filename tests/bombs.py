"""Files that ask more of a machine than they look: small to send, enormous to open."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import xlsxwriter

from tests.opc.books import edited, parts, patched
from tests.tools import make_book

GIGA = 1 << 30
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
WORKBOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@cache
def book() -> bytes:
    """A small ordinary workbook of two trades, to hide things in."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        trades = made.add_worksheet("交易记录")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        trades.write_row(0, 0, ["日期", "昵称", "成交价"])
        for row, (number, name, price) in enumerate([(46086, "小李", 120), (46087, "小王", 80)], start=1):
            trades.write_number(row, 0, number, day)
            trades.write_row(row, 1, [name, price])
    return target.getvalue()


class Packed(NamedTuple):
    """A zip entry as it is to stand in the file, whatever it says of itself."""

    name: str
    packed: bytes
    size_bytes: int
    crc: int = 0
    method: int = 8


def container(entries: Iterable[Packed]) -> bytes:
    """A zip of these entries, with ZIP64 fields where a size or the count needs them."""
    body, directory, count = bytearray(), bytearray(), 0
    for count, one in enumerate(entries, start=1):  # noqa: B007  # the count is used behind the loop
        large = one.size_bytes > 0xFFFF_FFFE
        extra = struct.pack("<HHQ", 1, 8, one.size_bytes) if large else b""
        size = 0xFFFF_FFFF if large else one.size_bytes
        name = one.name.encode()
        common = struct.pack(
            "<5H3I2H", 45, 0, one.method, 0, 33, one.crc, len(one.packed), size, len(name), len(extra)
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 45) + common
        directory += struct.pack("<3H2I", 0, 0, 0, 0, len(body)) + name + extra
        body += b"PK\x03\x04" + common + name + extra + one.packed
    many, start = min(count, 0xFFFF), len(body)
    end = b""
    if many == 0xFFFF:
        end = b"PK\x06\x06" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, count, count, len(directory), start)
        end += b"PK\x06\x07" + struct.pack("<IQI", 0, start + len(directory), 1)
    end += b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, many, many, len(directory), start, 0)
    return bytes(body + directory) + end


def around(added: Iterable[Packed], leave_out: str = "") -> bytes:
    """The small workbook with entries added as they are."""
    kept = (
        Packed(name, content, len(content), zlib.crc32(content), 0)
        for name, content in parts(book()).items()
        if name != leave_out
    )
    return container([*kept, *added])


def repeated(unit: bytes, times: int) -> bytes:
    """A deflate stream of a unit many times over, made without making the whole."""
    worker = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = worker.compress(unit) + worker.flush(zlib.Z_FULL_FLUSH)
    return once * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def ten_gigabytes(declared: int = 10 * GIGA) -> bytes:
    """A sheet of ten gigabytes of spaces; or one that says it is smaller."""
    return around([Packed(SHEET, repeated(b" " * (1 << 24), 640), declared)], leave_out=SHEET)


def many_entries(count: int) -> bytes:
    """As many empty entries."""
    return around(Packed(f"xl/media/{at}", b"", 0, 0, 0) for at in range(count))


def one_kernel_for_all(count: int = 9_000) -> bytes:
    """Directory entries that all point at the same packed bytes."""
    data = around([Packed("xl/media/0", repeated(bytes(1 << 20), 1), 1 << 20, zlib.crc32(bytes(1 << 20)))])
    end = data.rfind(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", data, end + 16)
    last = data.rfind(b"PK\x01\x02", start, end)
    directory = data[start:end] + data[last:end] * count
    total = struct.unpack_from("<H", data, end + 10)[0] + count
    tail = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, total, total, len(directory), start, 0)
    return data[:start] + directory + tail


def zip_in_zip(depth: int = 200) -> bytes:
    """Archives in archives."""
    data = b"x"
    for _ in range(depth):
        data = container([Packed("inner.zip", data, len(data), zlib.crc32(data), 0)])
    return data


def filled_up(part: str, content: bytes) -> bytes:
    """The small workbook with content before the end of a part's root."""
    root = parts(book())[part]
    at = root.rfind(b"</")
    return patched(book(), {part: root[:at] + content + root[at:]})


def deep(part: str, levels: int = 1_000_000) -> bytes:
    """Elements in elements in elements."""
    return filled_up(part, b"<a>" * levels + b"</a>" * levels)


def bushy(part: str, leaves: int = 15_000_000) -> bytes:
    """So many elements that a tree of them takes gigabytes."""
    return filled_up(part, b"<a/>" * leaves)


def laughing(part: str) -> bytes:
    """A billion laughs, and one long laugh fifty thousand times over in an attribute."""
    grown = filled_up(part, b'<t a="%s">&l9;</t>' % (b"&long;" * 50_000))
    document = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    document = b'<!DOCTYPE x [<!ENTITY l0 "ha"><!ENTITY long "%s">%s]>' % (b"h" * 100_000, document)
    root = parts(grown)[part]
    at = root.find(b"?>") + 2
    return patched(grown, {part: root[:at] + document + root[at:]})


def sheet(rows: bytes) -> bytes:
    """A sheet part of these rows."""
    return b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (_MAIN, rows)


def one_text_many_times(length: int = 1_000_000, cells: int = 60_000) -> bytes:
    """A long shared text that every cell shows: a reader that copies it needs 60 GB."""
    text = b"<sst %s><si><t>%s</t></si></sst>" % (_MAIN, (b"x" * 1000 + b"<b/>") * (length // 1000))
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, cells + 1))
    return patched(book(), {STRINGS: text, SHEET: sheet(rows)})


def stated_extent(extent: str = "A1:XFD1048576") -> bytes:
    """A sheet that says it fills everything."""
    return edited(book(), SHEET, '<dimension ref="[^"]*"', f'<dimension ref="{extent}"')


def formatted_rows(rows: int = 1_048_576, columns: str = "ABCDEF") -> bytes:
    """An ordinary workbook that was formatted down to the last row, every cell with its style."""
    whole = parts(book())[SHEET].decode()
    cells = "".join(f'<c r="{one}{{n}}" s="1"/>' for one in columns)
    row = f'<row r="{{n}}" s="1" customFormat="1">{cells}</row>'
    empty = "".join(row.format(n=n) for n in range(whole.count("<row ") + 1, rows + 1))
    return patched(book(), {SHEET: whole.replace("</sheetData>", empty + "</sheetData>").encode()})


def far_cell(cell: bytes) -> bytes:
    """A sheet of one more cell, written as it is."""
    return patched(book(), {SHEET: sheet(b'<row r="1"><c r="A1"><v>1</v></c></row>' + cell)})


def sheets_of_one_part(count: int = 5_000, rows: int = 30_000) -> bytes:
    """A workbook of sheets that are all the same part."""
    cells = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, rows))
    named = "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rId1"/>' for n in range(count))
    return patched(edited(book(), WORKBOOK, "</sheets>", f"{named}</sheets>"), {SHEET: sheet(cells)})


def sheets_with_far_corners(count: int = 60) -> bytes:
    """Sheets of two cells each, as far apart as one sheet may have them."""
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="T1048576"><v>1</v></c></row>'
    drawn = make_book("\n".join(f"## s{n}\n| 1 |" for n in range(count)))
    return patched(drawn, {f"xl/worksheets/sheet{n + 1}.xml": sheet(rows) for n in range(count)})


def looks_like_errors(times: int = 8_000_000) -> bytes:
    """One text, longer than any cell's, that looks like the mark of an error cell over and over."""
    text = b"<is><t>%s</t></is>" % (b' t="e"' * times)
    return patched(book(), {SHEET: sheet(b'<row r="1"><c r="A1" t="inlineStr">%s</c></row>' % text)})
