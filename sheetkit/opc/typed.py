"""Values as the cells of a file: a text never becomes a formula, and none of its characters is lost."""

from __future__ import annotations

import math
import re
from html import escape

from sheetkit.errors import UsageError
from sheetkit.opc.names import units
from sheetkit.opc.putting import Cell

Value = str | float | None
_INLINE = b'<is><t xml:space="preserve">%s</t></is>'
_MOST_UNITS = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_WRITTEN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_of(value: Value, style: int | None, encoding: str) -> Cell:
    """A cell that holds a value; nothing for None. Raises UsageError for a text that no cell can hold.

    ``encoding``: of the part; what it lacks is written as references.
    """
    if value is None:
        return Cell(b"", b"", style)
    if isinstance(value, str):
        return Cell(b' t="inlineStr"', _INLINE % _text(value, encoding), style)
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is no number that a cell can hold")
    return Cell(b"", b"<v>%s</v>" % _number(value).encode(), style)


def _number(value: float) -> str:
    whole = int(value)
    return str(whole) if whole == value and abs(whole) < 10**15 else repr(float(value))


def _text(value: str, encoding: str) -> bytes:
    if units(value) > _MOST_UNITS:
        raise UsageError("opc.text_too_long", most=_MOST_UNITS, text=value[:20])
    value = _LOOKS_WRITTEN.sub("_x005F_", value)
    value = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    return escape(value, quote=False).replace("\r", "&#13;").encode(encoding, "xmlcharrefreplace")
