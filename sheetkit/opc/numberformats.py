"""What a cell format makes of a number: a day, a text, a number; and the same format showing another."""

from __future__ import annotations

import copy

from sheetkit.opc import xmlio
from sheetkit.opc.stylemap import BUILT_IN_DATES, is_date_code
from sheetkit.opc.stylesheet import StyleSheet

GENERAL, SHORT_DATE, TEXT = 0, 14, 49


class NumberFormats:
    """The number formats of a workbook's cell formats."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._formats = _formats(styles)
        self._codes = {
            xmlio.whole(one.get("numFmtId")): one.get("formatCode", "") for one in styles.entries("numFmts")
        }

    def of(self, style: int | None) -> int:
        """The number of the format with which a cell format shows numbers."""
        at = style or 0
        return self._formats[at] if at < len(self._formats) else GENERAL

    def shows_date(self, style: int | None) -> bool:
        """Whether a number is shown as a day."""
        number = self.of(style)
        return is_date_code(self._codes[number]) if number in self._codes else number in BUILT_IN_DATES

    def is_text(self, style: int | None) -> bool:
        """Whether what is typed there stays text."""
        return self.of(style) == TEXT or self._codes.get(self.of(style), "").strip() == "@"

    def with_number_format(self, style: int | None, number: int) -> int:
        """The cell format that differs in nothing but how it shows numbers."""
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
