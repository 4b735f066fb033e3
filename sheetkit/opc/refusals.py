"""Containers that are no Open XML workbook, told apart by their first bytes, with a sentence each."""

from __future__ import annotations

from collections.abc import Iterable

from sheetkit.errors import UnreadableError
from sheetkit.opc import compound

_BIFF_STARTS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")


def refuse_other_containers(data: bytes) -> None:
    """Raise UnreadableError unless the bytes begin like a zip container."""
    if compound.is_compound(data):
        raise UnreadableError(_ole_kind(data))
    if data[:2] in _BIFF_STARTS:
        raise UnreadableError("opc.xls")
    if b"PK\x03\x04" not in data[:65536] and b"PK\x05\x06" not in data[-65600:]:
        raise UnreadableError("opc.not_a_workbook")
    if b"PK\x05\x06" not in data[-65600:]:
        raise UnreadableError("opc.truncated")


def _ole_kind(data: bytes) -> str:
    if compound.is_encrypted(data):
        return "opc.encrypted"
    return "opc.xls" if compound.is_workbook(data) else "opc.not_a_workbook"


def refuse_other_packages(names: Iterable[str]) -> None:
    """Raise UnreadableError where the folded entry names belong to another kind of document."""
    present = set(names)
    if "xl/workbook.bin" in present:
        raise UnreadableError("opc.xlsb")
    if "mimetype" in present and "content.xml" in present:
        raise UnreadableError("opc.ods")
