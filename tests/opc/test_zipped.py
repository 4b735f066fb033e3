"""Exports in a zip: as archivers make them, read in memory or refused in words."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache

import pytest
import pyzipper  # type: ignore[import-untyped]

from sheetkit.errors import UnreadableError
from sheetkit.opc.zipped import is_zip, taken_out
from tests.tools import make_book

BILL = "交易时间,金额\n2026-03-05,120\n".encode("gb18030") * 50


def aes(content: bytes, password: str) -> bytes:
    """A zip with AES encryption, as 7-Zip and WinZip make it."""
    target = io.BytesIO()
    with pyzipper.AESZipFile(
        target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.writestr("微信支付账单.csv", content)
    return target.getvalue()


def classic(content: bytes, password: str) -> bytes:
    """A zip with the old encryption, by the letter of PKWARE's APPNOTE, section 6.1."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("bill.csv", bytes(12) + content)  # room for the twelve bytes that go before
    packed = bytearray(target.getvalue())
    checksum = zlib.crc32(content)
    start = 30 + len("bill.csv")
    packed[start : start + 12 + len(content)] = _scrambled(
        bytes(11) + bytes([checksum >> 24]) + content, password.encode()
    )
    central = packed.index(b"PK\x01\x02")
    for flags, crc, size in ((6, 14, 22), (central + 8, central + 16, central + 24)):
        packed[flags] |= 1
        packed[crc : crc + 4] = struct.pack("<I", checksum)
        packed[size : size + 4] = struct.pack("<I", len(content))
    return bytes(packed)


def _scrambled(content: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return (value >> 8) ^ _crc_table()[(value ^ byte) & 0xFF]

    def take(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        take(byte)
    done = bytearray()
    for byte in content:
        mixed = (keys[2] | 2) & 0xFFFF
        done.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF))
        take(byte)
    return bytes(done)


@cache
def _crc_table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return tuple(table)


def plain(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_both_kinds_of_encryption_open_with_the_password() -> None:
    for locked in (aes(BILL, "123456"), classic(BILL, "123456")):
        assert is_zip(locked)
        assert taken_out(locked, ["", "wrong", "123456"]).data == BILL


def test_what_stands_beside_is_passed_over_and_names_are_read_as_meant() -> None:
    # as a Chinese archiver writes it: a name in GBK, and no word of which letters those are
    said = "支付宝账".encode("gb18030")
    packed = plain(**{"__MACOSX/._a.csv": b"x", "readme.html": b"x", f"in/{'n' * len(said)}.csv": BILL})
    inside = taken_out(packed.replace(b"n" * len(said), said))
    assert (inside.name, inside.data) == ("支付宝账.csv", BILL)


@pytest.mark.parametrize(
    ("data", "passwords", "key"),
    [
        (plain(**{"a.csv": b"x", "b.csv": b"y"}), [], "zip.many"),
        (plain(**{"a.html": b"x"}), [], "zip.none"),
        (aes(BILL, "123456"), [], "zip.locked"),
        (aes(BILL, "123456"), ["654321", "密码"], "zip.wrong_password"),
        (plain(**{"a.csv": BILL})[:60], [], "zip.damaged"),
        (plain(**{"a.csv": BILL}).replace(BILL[:1], b"\xff", 1)[:-30] + b"\0" * 30, [], "zip.damaged"),
    ],    ids=["many", "none", "locked", "wrong", "cut", "spoilt"],
)
def test_what_cannot_be_taken_out_is_refused(data: bytes, passwords: list[str], key: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        taken_out(data, passwords)
    assert caught.value.key == key


def test_a_workbook_is_no_zip_of_exports() -> None:
    assert not is_zip(make_book("## a\n| b |\n"))
    assert not is_zip(b"PK\x03\x04 and then nothing")
    assert not is_zip(BILL)
