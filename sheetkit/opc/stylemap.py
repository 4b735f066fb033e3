"""From the donor's format indexes to the host's."""

from __future__ import annotations

import copy
import re

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.colours import own_colours
from sheetkit.opc.stylesheet import FIRST_CUSTOM_FORMAT, StyleSheet

_PARTS = (("fontId", "fonts", "Font"), ("fillId", "fills", "Fill"), ("borderId", "borders", "Border"))
BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_NOT_TOKENS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)


def is_date_code(code: str) -> bool:
    """Whether a number format shows a calendar day (a mere time of day is no date)."""
    tokens = _NOT_TOKENS.sub("", code.split(";")[0]).lower().replace("general", "")
    return bool(re.search("[yde]", tokens.replace("e+", "").replace("e-", ""))) or (
        "m" in tokens and not re.search("[hs]", tokens)
    )


class StyleMap:
    """Finds or appends, on demand, the host's counterpart of each donor format."""

    def __init__(self, donor: StyleSheet, host: StyleSheet, palette: tuple[str, ...]) -> None:
        self._donor, self._host, self._palette = donor, host, palette
        self._cell_formats: dict[int, int] = {0: 0}
        self._differential: dict[int, int] = {}
        self._codes = {
            int(el.get("numFmtId", "0")): el.get("formatCode", "") for el in donor.entries("numFmts")
        }
        self._xfs = donor.entries("cellXfs")
        host.prepare()

    def cell_format(self, index: int) -> int:
        """The host's index of a donor cell format."""
        if index not in self._cell_formats:
            self._cell_formats[index] = self._host.index_of("cellXfs", self._moved_xf(self._xfs[index]))
        return self._cell_formats[index]

    def differential(self, index: int) -> int:
        """The host's index of a donor differential format."""
        if index not in self._differential:
            moved = copy.deepcopy(self._donor.entries("dxfs")[index])
            own_colours(moved, self._palette)
            for number_format in xmlio.children(moved, "numFmt"):
                id_ = self._number_format(int(number_format.get("numFmtId", "0")), number_format)
                number_format.set("numFmtId", str(id_))
            self._differential[index] = self._host.index_of("dxfs", moved)
        return self._differential[index]

    def shows_date(self, index: int) -> bool:
        """Whether a donor cell format shows a number as a calendar day."""
        id_ = int(self._xfs[index].get("numFmtId", "0"))
        return is_date_code(self._codes[id_]) if id_ in self._codes else id_ in BUILT_IN_DATES

    def _moved_xf(self, xf: etree._Element) -> etree._Element:
        moved = copy.deepcopy(xf)
        for attribute, container, flag in _PARTS:
            index = int(xf.get(attribute, "0"))
            part = copy.deepcopy(self._donor.entries(container)[index])
            own_colours(part, self._palette)
            moved.set(attribute, str(self._host.index_of(container, part)))
            moved.set(f"apply{flag}", "1")
        number_format = int(xf.get("numFmtId", "0"))
        moved.set("numFmtId", str(self._number_format(number_format, None)))
        moved.set("applyNumberFormat", "1")
        moved.set("xfId", "0")
        for child, flag in (("alignment", "applyAlignment"), ("protection", "applyProtection")):
            moved.attrib.pop(flag, "")
            if xmlio.child(moved, child) is not None:
                moved.set(flag, "1")
        return moved

    def _number_format(self, id_: int, stated: etree._Element | None) -> int:
        code = stated.get("formatCode") if stated is not None else self._codes.get(id_)
        if code is None or id_ < FIRST_CUSTOM_FORMAT:
            return id_
        return self._host.number_format(code)
