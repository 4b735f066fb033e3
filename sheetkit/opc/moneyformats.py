"""Which cell formats of a workbook show numbers as sums of a currency, and of which."""

from __future__ import annotations

import re
from collections.abc import Collection

from sheetkit.opc import xmlio
from sheetkit.opc.scan import rows_end
from sheetkit.opc.stylesheet import StyleSheet

_SIGN = re.compile(r'\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]|"([^"]*)"|\\(.)|([$€£¥￥])')
_LONGEST_CODE = 255
"""Characters of a number format that a spreadsheet program takes."""
_CELL = re.compile(rb"<(?:[\w.-]+:)?c r=[\"']([A-Z]{1,3})(\d{1,7})[\"'] s=[\"'](\d{1,5})[\"']")


def money_formats(styles: bytes, part: str) -> dict[int, tuple[str, str]]:
    """{number of a cell format: (the sign it shows, the language it is from in hexadecimal or "")}.

    Formats that show the sign of whatever computer they are opened on say nothing. Raises UnreadableError.
    """
    sheet = StyleSheet(styles, part)
    codes = {xmlio.whole(one.get("numFmtId")): one.get("formatCode", "") for one in sheet.entries("numFmts")}
    signs = {number: found for number, code in codes.items() if (found := _sign(code))}
    formats = (xmlio.whole(one.get("numFmtId")) for one in sheet.entries("cellXfs"))
    return {at: signs[number] for at, number in enumerate(formats) if number in signs}


def _sign(code: str) -> tuple[str, str] | None:
    """The first text in a format's code that is no space, digit or mark of punctuation alone.

    >>> _sign('[$€-407] #,##0.00'), _sign('"US$"#,##0'), _sign('[$-409]mmm yy'), _sign('#,##0.00')
    (('€', '407'), ('US$', ''), None, None)
    """
    for bracket, language, quoted, escaped, bare in _SIGN.findall(code[:_LONGEST_CODE].partition(";")[0]):
        sign = (bracket or quoted or escaped or bare).strip()
        if sign:
            return sign, language.lstrip("0").upper()
    return None


def cells_in(sheet: bytes, formats: Collection[int], most_bytes: int = 0) -> dict[tuple[int, int], int]:
    """{(row, column) from 0: cell format} of the cells in these formats, as far as their tags say it in the
    usual order; ``most_bytes``: only so far into the sheet, 0 for all of it."""
    found = {}
    end = rows_end(sheet)
    for column, row, style in _CELL.findall(sheet, 0, min(end, most_bytes) if most_bytes else end):
        if int(style) in formats:
            found[int(row) - 1, _number(column) - 1] = int(style)
    return found


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
