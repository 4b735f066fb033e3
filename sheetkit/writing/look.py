"""The one hand of workbook and report: colours, the font and its three sizes, number formats, widths.

A cell's format is put together from two small parts: its **role** (what it is to the reader) and its **kind**
(what value it holds). ``Look(book)("computed", "money")`` is made once a workbook and then handed out again.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Literal

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed
from xlsxwriter.format import Format as Format  # type: ignore[import-untyped]  # as above

from sheetkit.model.currencies import now
from sheetkit.model.fields import Kind as FieldKind
from sheetkit.rules.rulebook import Unit

INK = "#1F2933"
FAINT = "#52606D"
LINE = "#D9DEE5"
NAVY = "#12436D"
WHITE = "#FFFFFF"
COMPUTED = "#F2F4F7"
REPORTED = "#EAF3F1"
OPTIONAL = "#E4E8ED"
AMBER_INK, AMBER = "#7A4B00", "#FFF3D1"
RED_INK, RED = "#9B1C1C", "#FDE7E7"
CHART_COLORS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")

FONT = "微软雅黑"
LARGE, TEXT, SMALL = 18, 10, 9
ROW_HEIGHT = 18.0
"""Points of a row with one line of TEXT and a little air."""

COMPUTED_MARK = "ƒ"
WARNING_MARK, ERROR_MARK = "⚠", "✖"

Role = Literal[
    "plain",
    "heading",
    "heading_optional",
    "heading_computed",
    "entry",
    "computed",
    "reported",
    "label",
    "title",
    "section",
    "hint",
    "card_label",
    "card_value",
    "card_note",
    "warning",
    "error",
    "link",
]
"""What a cell is to the reader. ``heading`` … stand over a rectangle; ``entry`` is to fill in, ``computed``
comes from a formula, ``reported`` from an analysis; ``label`` names what is beside it; ``section`` opens a
part."""
Kind = FieldKind | Unit
"""What a cell holds: the kind of a field or the unit of a metric."""

# "@" keeps what is typed: 007, 3-5 and =x stay as they are.
NUMBER_FORMATS: MappingProxyType[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("name", "text", "id", "list"), "@"),
        "date": "yyyy-mm-dd",
        "time": "hh:mm",
        "money": "#,##0.00",
        "number": "General",
        **dict.fromkeys(("count", "days", "percentile", "points"), "#,##0"),
        "percent": "0%",
        "factor": "0.0#",
    }
)


def number_format(kind: Kind) -> str:
    """How a cell shows what it holds; money without a sign, in the places that the currency has."""
    return now().plain_format if kind == "money" else NUMBER_FORMATS[kind]


_LEFT = ("name", "text", "id", "list")
_CENTRED = ("date", "time")

_THIN, _MEDIUM, _DOTTED = 1, 2, 4
_CARD: dict[str, Any] = {"font_size": SMALL, "font_color": FAINT, "bg_color": REPORTED}
_ROLES: dict[Role, dict[str, Any]] = {
    "plain": {},
    "heading": {"bg_color": NAVY, "font_color": WHITE, "bold": True, "text_wrap": True, "border": _THIN},
    "heading_optional": {"bg_color": OPTIONAL, "font_color": FAINT, "text_wrap": True, "border": _THIN},
    "heading_computed": {
        "bg_color": COMPUTED,
        "bold": True,
        "text_wrap": True,
        "border": _DOTTED,
        # the mark shows, and the header stays the bare word by which it is recognised
        "num_format": f'@" {COMPUTED_MARK}"',
    },
    "entry": {"border": _THIN},
    "computed": {"bg_color": COMPUTED, "font_color": FAINT, "border": _DOTTED},
    "reported": {"bg_color": REPORTED, "top": _THIN, "bottom": _THIN},
    "label": {"border": _THIN},
    "title": {"font_size": LARGE, "bold": True, "font_color": NAVY},
    "section": {"bold": True, "font_color": NAVY, "bottom": _MEDIUM, "bottom_color": NAVY},
    "hint": {"font_size": SMALL, "font_color": FAINT, "text_wrap": True},
    "card_label": {**_CARD, "top": _MEDIUM, "top_color": NAVY},
    "card_value": {**_CARD, "font_size": LARGE, "bold": True, "font_color": NAVY, "align": "left"},
    "card_note": {**_CARD, "text_wrap": True},
    "warning": {"bg_color": AMBER, "font_color": AMBER_INK, "border": _THIN},
    "error": {"bg_color": RED, "font_color": RED_INK, "bold": True, "border": _THIN},
    "link": {"font_color": NAVY, "underline": 1},
}


_IN_GRID = ("heading", "heading_optional", "heading_computed", "entry", "computed", "reported", "label")


class Look:
    """The formats of one workbook: ``look(role, kind, **more)``, ``more`` being xlsxwriter's own properties.

    Text stands left, numbers right, dates and times in the middle; headings left, beside the filter's button.
    In a cell to fill, the side shows whether what was typed is a number, or a text that only looks like one.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def __call__(self, role: Role = "plain", kind: Kind = "text", **more: object) -> Format:
        """The format of a cell; the same object for the same words."""
        words = (role, kind, *sorted(more.items()))
        if words not in self._made:
            heading = role.startswith("heading")
            align = "left" if heading or kind in _LEFT else "center" if kind in _CENTRED else "right"
            properties: dict[str, object] = {
                "font_name": FONT,
                "font_size": TEXT,
                "font_color": INK,
                "border_color": LINE,
                "valign": "vcenter",
                # a cell to fill leaves the side to what is typed: a number goes right, a text left
                **({} if role == "entry" and align != "left" else {"align": align}),
                **({"indent": 1} if role in _IN_GRID and align == "left" else {}),
                "num_format": "General" if heading else number_format(kind),
            }
            self._made[words] = self._book.add_format({**properties, **_ROLES[role], **more})
        return self._made[words]

    def rule(self, **properties: object) -> Format:
        """A format for a conditional format, which states only what it changes."""
        words = ("rule", *sorted(properties.items()))
        if words not in self._made:
            self._made[words] = self._book.add_format(properties)
        return self._made[words]


def display_width(text: str) -> float:
    """How wide a text shows, in digits: Chinese characters and pictures two, combining marks none.

    >>> display_width("昵称 ID"), display_width("")
    (7.0, 0.0)
    """
    return float(sum(_char_width(char) for char in text))


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Cc", "Mn"):
        return 0
    # Arrows, ticks and warning signs are narrow by Unicode's table and wide in the font.
    return 2 if unicodedata.east_asian_width(char) in "WF" or 0x2190 <= ord(char) <= 0x2BFF else 1


def fitting_width(texts: Iterable[str], least: float = 6, most: float = 42) -> float:
    """The width of a column that shows the longest of ``texts`` in one line, from ``least`` to ``most``."""
    longest = max((display_width(line) for text in texts for line in text.split("\n")), default=0.0)
    return min(max(longest * 1.05 + 2, least), most)


_LATIN = 0.94
"""How wide a Latin letter is on average, in digits."""
_WORDS = re.compile(r"[!-~]+|\s|.")


def wrapped_lines(text: str, width: float) -> int:
    """The lines a text takes in a column of ``width``: Latin words stay whole, Chinese breaks anywhere."""
    room = max(width - 1.5, 1.0)
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in _WORDS.findall(paragraph):
            wide = display_width(word) * (_LATIN if word.isascii() else 1)
            if used and used + wide > room:
                lines += 1
                used = 0.0
            lines += int(wide / room) if wide > room else 0
            used = wide % room if wide > room else used + (wide if used or word.strip() else 0)
    return lines


def wrap_height(text: str, width: float, size: int = TEXT) -> float:
    """The row height in points that shows a wrapped text whole in a column of ``width``."""
    line = size * 1.65
    return max(ROW_HEIGHT, math.ceil(wrapped_lines(text, width) * line + 1.5))
