"""What an OLE compound file holds, told from its bytes: enough to know its kind, not to read it."""

from __future__ import annotations

import re
import struct

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAME_BYTES = 64
_STREAM = b"\x02"

# The record that locks an old workbook comes right behind its beginning, in Excel 97 and in Excel 5.
_LOCKED = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})"
    rb"(?:\x86\x00\x00\x00)?\x2f\x00",
    re.S,
)


def is_compound(data: bytes) -> bool:
    """Whether the bytes begin as every compound file does."""
    return data.startswith(MAGIC)


def has_stream(data: bytes, name: str) -> bool:
    """Whether the directory names such a stream; the same words in a cell are no directory entry."""
    spelt = name.encode("utf-16-le") + b"\x00\x00"
    entry = re.escape(spelt) + b".{%d}" % (_NAME_BYTES - len(spelt))
    return re.search(entry + re.escape(struct.pack("<H", len(spelt)) + _STREAM), data, re.S) is not None


def is_workbook(data: bytes) -> bool:
    """Whether the compound file is an .xls, of Excel 97 or of Excel 5."""
    return has_stream(data, "Workbook") or has_stream(data, "Book")


def is_encrypted(data: bytes) -> bool:
    """Whether a password stands before the content: of a whole package, or inside an .xls."""
    return is_compound(data) and (has_stream(data, "EncryptedPackage") or _LOCKED.search(data) is not None)
