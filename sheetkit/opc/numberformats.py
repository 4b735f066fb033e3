"""What a cell format makes of a number: a day, a text, a number; and the same format showing another."""

from __future__ import annotations

import copy
import re
from typing import Literal

from sheetkit.opc import xmlio
from sheetkit.opc.stylemap import BUILT_IN_DATES, is_date_code
from sheetkit.opc.stylesheet import StyleSheet

Shown = Literal["number", "date", "time"]
"""What a number in a cell is to be seen as."""

USUAL: dict[Shown, int] = {"number": 0, "date": 14, "time": 20}
"""The format each is shown with where no neighbour has another."""
_GENERAL, _TEXT = 0, 49
_BUILT_IN_TIMES = {18, 19, 20, 21, 22, 45, 46, 47}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.')


class NumberFormats:
    """The number formats of a workbook's cell formats."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._formats = _formats(styles)
        self._alike: dict[tuple[int, int], int] = {}
        self._codes = {
            xmlio.whole(one.get("numFmtId")): one.get("formatCode", "") for one in styles.entries("numFmts")
        }

    def of(self, style: int | None) -> int:
        """The number of the format with which a cell format shows numbers."""
        at = style or 0
        return self._formats[at] if at < len(self._formats) else _GENERAL

    def shows(self, style: int | None, shown: Shown) -> bool:
        """Whether a number is seen as what it is: a day as a day, a time of day as one, any other as one."""
        if shown == "number":
            return not self.is_text(style)
        return self._shows_date(style) if shown == "date" else self._shows_time(style)

    def kind(self, style: int | None) -> Shown:
        """What a number is seen as."""
        return "date" if self._shows_date(style) else "time" if self._shows_time(style) else "number"

    def _shows_time(self, style: int | None) -> bool:
        number = self.of(style)
        code = self._codes.get(number)
        return number in _BUILT_IN_TIMES if code is None else "h" in _NOT_SHOWN.sub("", code).lower()

    def _shows_date(self, style: int | None) -> bool:
        number = self.of(style)
        return is_date_code(self._codes[number]) if number in self._codes else number in BUILT_IN_DATES

    def is_text(self, style: int | None) -> bool:
        """Whether what is typed there stays text."""
        return self.of(style) == _TEXT or self._codes.get(self.of(style), "").strip() == "@"

    def with_number_format(self, style: int | None, number: int) -> int:
        """The cell format that differs in nothing but how it shows numbers."""
        key = (style or 0, number)
        if key not in self._alike:
            self._alike[key] = self._found_alike(style, number)
        return self._alike[key]

    def _found_alike(self, style: int | None, number: int) -> int:
        self._styles.prepare()
        formats = self._styles.entries("cellXfs")
        xf = copy.deepcopy(formats[style or 0] if (style or 0) < len(formats) else formats[0])
        xf.set("numFmtId", str(number))
        xf.set("applyNumberFormat", "1")
        xf.attrib.pop("quotePrefix", "")
        found = self._styles.index_of("cellXfs", xf)
        if found >= len(self._formats):
            self._formats = _formats(self._styles)
        return found


def _formats(styles: StyleSheet) -> list[int]:
    return [xmlio.whole(xf.get("numFmtId")) for xf in styles.entries("cellXfs")]
