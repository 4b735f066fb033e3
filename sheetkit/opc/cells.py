"""The donor's rows and cells, rewritten as bytes: a sheet may hold hundreds of thousands of cells.

The donor is written by xlsxwriter (or rendered in its manner), so attributes stand in double quotes,
``r`` before ``s`` before ``t``, without prefixes; a sheet that is written otherwise is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.colours import own_colours
from sheetkit.opc.formula import Renames
from sheetkit.opc.stylemap import StyleMap

DAYS_1900_TO_1904 = 1462
_SHEET_DATA = re.compile(rb"<sheetData(?:/>|>(.*)</sheetData>)", re.S)
_SHARED = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="s"><v>([0-9]+)</v></c>')
_STYLED = re.compile(rb'(<(?:c r="[A-Z]+[0-9]+"|row [^>]*?)) s="([0-9]+)"')
_FORMULA = re.compile(rb"(<f(?: [^>]*)?>)([^<]+)</f>")
_NUMBER = re.compile(
    rb'(<c r="[A-Z]+[0-9]+" s="([0-9]+)"(?: t="n")?>(?:<f(?: [^>]*)?>[^<]*</f>)?<v>)([^<]+)</v></c>'
)


@dataclass(frozen=True)
class CellRewriter:
    """What has to change in the donor's cells to stand in the host."""

    styles: StyleMap
    strings: Sequence[bytes]
    renames: Renames
    to_1904: bool

    def rewrite(self, rows: bytes) -> bytes:
        """The content of ``<sheetData>`` for the host."""
        if self.to_1904:
            rows = _NUMBER.sub(self._shifted, rows)
        if self.renames:
            rows = _FORMULA.sub(self._renamed, rows)
        rows = _STYLED.sub(self._styled, rows)
        rows = _SHARED.sub(self._inlined, rows)
        if b' t="s"' in rows:
            raise ValueError("a donor cell with a shared string is not written in xlsxwriter's manner")
        return rows

    def _shifted(self, match: re.Match[bytes]) -> bytes:
        if not self.styles.shows_date(int(match[2])):
            return match[0]
        return match[1] + shift_to_1904(match[3].decode()).encode() + b"</v></c>"

    def _renamed(self, match: re.Match[bytes]) -> bytes:
        formula = self.renames.apply(unescape(match[2].decode()))
        return match[1] + escape(formula, quote=False).encode() + b"</f>"

    def _styled(self, match: re.Match[bytes]) -> bytes:
        return b'%s s="%d"' % (match[1], self.styles.cell_format(int(match[2])))

    def _inlined(self, match: re.Match[bytes]) -> bytes:
        return b'%s t="inlineStr"><is>%s</is></c>' % (match[1], self.strings[int(match[2])])


def split_rows(sheet: bytes) -> tuple[bytes, bytes]:
    """A sheet without its rows, and the rows; raises ValueError where it has no ``<sheetData>``."""
    match = _SHEET_DATA.search(sheet)
    if match is None:
        raise ValueError("a donor sheet has no <sheetData>")
    return sheet[: match.start()] + b"<sheetData/>" + sheet[match.end() :], match[1] or b""


def join_rows(frame: bytes, rows: bytes) -> bytes:
    """Put rows back into a sheet that `split_rows` emptied."""
    before, found, after = frame.partition(b"<sheetData/>")
    if not found:
        raise ValueError("the frame has no empty <sheetData/>")
    return before + b"<sheetData>" + rows + b"</sheetData>" + after


def shift_to_1904(serial: str) -> str:
    """A 1900 date serial as the same day in the 1904 system; anything else unchanged."""
    try:
        number = float(serial)
    except ValueError:
        return serial
    shifted = number - DAYS_1900_TO_1904
    return str(int(shifted)) if shifted.is_integer() else repr(round(shifted, 11))


def inline_strings(data: bytes, part: str, palette: tuple[str, ...]) -> list[bytes]:
    """The content of each ``<si>`` of a shared strings part, ready to stand inside ``<is>``."""
    found = []
    for item in xmlio.children(xmlio.parse(data, part), "si"):
        if len(item) != 1:  # rich text: its fonts must not lean on the donor's theme
            own_colours(item, palette)
        children = [etree.tostring(child, with_tail=False) for child in item]
        found.append(b"".join(children).replace(b' xmlns="%s"' % xmlio.MAIN.encode(), b""))
    return found
