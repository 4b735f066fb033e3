"""What is no table is refused in one sentence, with the way out, and never brings the process down."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from sheetkit.errors import UnreadableError
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, text
from tests.intake.binary import ole, xlsb
from tests.intake.test_formats import changed
from tests.tools import make_book, shared

BOOK = make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2024-03-05 | 小李 | 1 |")
SHEET = "xl/worksheets/sheet1.xml"


def package(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        for name, content in parts.items():
            result.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def ods(rows: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="t">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return package(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": content.encode()}
    )


def far(cell: str) -> bytes:
    row = "".join(ch for ch in cell if ch.isdigit())
    return changed(
        BOOK, SHEET, b"</sheetData>", f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'
    )


def damaged(book: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        at = source.getinfo(part).header_offset + 30 + len(part) + 40
    return book[:at] + bytes([book[at] ^ 0xFF]) + book[at + 1 :]


REPEATED = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
REFUSED = {
    "empty": (b"", "intake.empty"),
    "blank": (b" \r\n\t\r\n", "intake.empty"),
    "nulls": (b"\x00" * 100, "intake.empty"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "intake.image"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "intake.image"),
    "webp": (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "intake.image"),
    "pdf": (b"%PDF-1.7\n", "intake.pdf"),
    "rar": (b"Rar!\x1a\x07\x00", "intake.archive"),
    "zip of files": (package(**{"a.csv": b"1,2"}), "intake.archive"),
    "docx": (
        package(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<x/>"}),
        "intake.document",
    ),
    "rtf": (b"{\\rtf1 x}", "intake.document"),
    "ole of another kind": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "intake.document"),
    "encrypted": (ole("EncryptedPackage", "EncryptionInfo"), "opc.encrypted"),
    "broken xls": (ole("Workbook"), "intake.broken"),
    "old xls": (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\x00" * 20, "intake.broken"),
    "truncated": (BOOK[: len(BOOK) // 2], "opc.truncated"),
    "a part that is damaged": (damaged(BOOK, SHEET), "opc.broken_part"),
    "no workbook": (package(**{"xl__styles.xml": b"<x/>"}), "intake.broken"),
    "html without a table": (b"<html><body>please log in</body></html>", "intake.html"),
    "xml 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "intake.no_sheet",
    ),
    "json": (b'{"rows": []}', "intake.unknown"),
    "program": (b"MZ\x90\x00" + bytes(range(256)) * 4, "intake.unknown"),
    "an open quote": (b'a,b\n1,"' + b"x" * 1_100_000, "intake.csv_broken"),
    "a cell in the last corner": (far("XFD1048576"), "intake.far_cell"),
    "a tall and wide sheet": (far("AZ999999"), "intake.far_cell"),
    "a far cell written oddly": (
        changed(BOOK, SHEET, b"</sheetData>", "<row><c\n  r = 'XFD1048576'><v>1</v></c></row></sheetData>"),
        "intake.far_cell",
    ),
    "a far cell of an xlsb": (xlsb("x", [(0, 0, "x"), (1048575, 16383, 1.0)]), "intake.far_cell"),
    "repeated cells of an ods": (
        ods(f'<table:table-row table:number-rows-repeated="1048576">{REPEATED}</table:table-row>'),
        "intake.far_cell",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_a_reason(name: str) -> None:
    data, key = REFUSED[name]
    with pytest.raises(UnreadableError) as caught:
        read_book(data, "客户表.xlsx")
    assert caught.value.key == key
    assert caught.value.exit_code == 3
    for lang in LANGS:
        assert "→" in text(caught.value.key, lang, **caught.value.params)


def test_a_lock_file_is_named() -> None:
    with pytest.raises(UnreadableError, match="lock_file"):
        read_book(b"\x05Li" + b" \x00" * 80, "~$客户表.xlsx")


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    parts = {"[Content_Types].xml": b"<x/>", "xl__workbook.xml": b"<x/>", "xl__a.xml": b" " * 100_000_000}
    bomb = package(**parts)
    with pytest.raises(UnreadableError, match="too_large"):
        read_book(bomb, "x.xlsx")


def test_a_size_that_lies_is_refused() -> None:
    data = bytearray(BOOK)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"PK\x01\x02"))
    struct.pack_into("<I", data, at + 24, 7)
    with pytest.raises(UnreadableError):
        read_book(bytes(data), "x.xlsx")


def test_a_note_in_the_last_row_is_no_reason_to_refuse() -> None:
    book = read_book(far("C1048576"), "x.xlsx")
    assert book.tables["trades"].row == [2, 1048576]


def test_a_real_encrypted_workbook() -> None:
    file = next((shared() / "corpus").rglob("pass_protected.xlsx"))
    with pytest.raises(UnreadableError, match="encrypted"):
        read_book(file.read_bytes(), file.name)


def test_a_workbook_without_a_table_is_an_empty_book() -> None:
    book = read_book(make_book("## 备忘\n| 买菜 |"), "x.xlsx")
    assert {len(table) for table in book.tables.values()} == {0}
    assert [one.code for one in book.findings] == ["sheet_ignored"]
