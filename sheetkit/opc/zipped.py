"""An export that a platform hands out in a zip, with a password or without: taken out in memory only.

Payment apps send their statements so. pyzipper opens both kinds of encryption, the old one and AES.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sheetkit.errors import UnreadableError

_ZIP = b"PK\x03\x04"
_OF_A_WORKBOOK = ("[content_types].xml", "mimetype")
_EXPORTS = (".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm")
LARGEST = 256 << 20
_ENCRYPTED, _UTF8 = 0x1, 0x800
_SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, ValueError)


@dataclass(frozen=True)
class Inside:
    """A file taken out of a zip."""

    name: str
    data: bytes = field(repr=False)


def is_zip(data: bytes) -> bool:
    """Whether this is a plain zip: workbooks of today are zips, too, but say what they are inside."""
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.casefold() for name in archive.namelist()}
    except _SPOILT:
        return False
    return names.isdisjoint(_OF_A_WORKBOOK)


def taken_out(data: bytes, passwords: Iterable[str] = ()) -> Inside:
    """The one export inside. ``passwords`` is drawn from only while needed, so that it may ask a person.

    Raises UnreadableError: ``zip.none`` and ``zip.many`` where there is not exactly one, ``zip.locked`` where
    no password is given, ``zip.wrong_password`` where none fits, ``zip.damaged``, ``zip.too_large``.
    """
    import pyzipper  # type: ignore[import-untyped]

    try:
        archive = pyzipper.AESZipFile(io.BytesIO(data))
    except (*_SPOILT, pyzipper.BadZipFile) as problem:
        raise UnreadableError("zip.damaged") from problem
    with archive:
        named = {_name(one): one for one in archive.infolist()}
        found = {name: one for name, one in named.items() if _is_export(name)}
        if len(found) != 1:
            raise UnreadableError("zip.many" if found else "zip.none", names=", ".join(found or named))
        ((name, entry),) = found.items()
        if entry.file_size > LARGEST:
            raise UnreadableError("zip.too_large", most=LARGEST >> 20)
        short = name.rsplit("/", 1)[-1]
        if not entry.flag_bits & _ENCRYPTED:
            content = _content(archive, entry, None)
            if content is None:
                raise UnreadableError("zip.damaged")
            return Inside(short, content)
        return Inside(short, _decrypted(archive, entry, passwords))


def _decrypted(archive: Any, entry: Any, passwords: Iterable[str]) -> bytes:
    given = False
    for password in filter(None, passwords):
        given = True
        content = _content(archive, entry, password)
        if content is not None:
            return content
    raise UnreadableError("zip.wrong_password" if given else "zip.locked")


def _content(archive: Any, entry: Any, password: str | None) -> bytes | None:
    """The file; None where the password does not fit, or it is damaged, which looks the same."""
    from pyzipper import BadZipFile

    try:
        with archive.open(entry, pwd=password.encode() if password else None) as file:
            content: bytes = file.read(LARGEST + 1)
    except NotImplementedError as problem:
        raise UnreadableError("zip.otherwise") from problem
    except (*_SPOILT, BadZipFile, RuntimeError):
        return None
    if len(content) > LARGEST:
        raise UnreadableError("zip.too_large", most=LARGEST >> 20)
    return content


def _name(entry: Any) -> str:
    """The name as meant: Chinese programs write it in GBK without saying so."""
    name = str(entry.filename)
    if entry.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _is_export(name: str) -> bool:
    plain = name.casefold()
    aside = "__macosx/" in plain or plain.rsplit("/", 1)[-1].startswith(".")
    return plain.endswith(_EXPORTS) and not aside
