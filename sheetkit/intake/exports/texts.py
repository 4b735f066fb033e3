"""A cell of an export → plain text: exports wrap values so that a spreadsheet leaves them alone."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable

from sheetkit.intake.cells import BLANK_WORDS, Cell, display, number, tidy
from sheetkit.model.labels import fold

_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_EDGE = "\t\r\n `\ufeff\u3000\u00a0"
_UNIT = re.compile(r"\((?:元|件|分)\)$")
_SPACE = re.compile(r"\s+")
_HIDDEN = re.compile(r"\*|＊|^(?:##|\$\$)|^~.{8,}~?$|^#.{16,}#")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_CHINA = re.compile(r"\+?\(?0?86\)?[- ]?(?=1\d{10}$)")
_PHONE = re.compile(r"[+\d][\d ().-]{4,}\d")
_VIRTUAL = re.compile(r"1\d{10}[-转,]\d{2,6}")


def plain(cell: Cell) -> str:
    """The text inside ``="…"``, a leading quote, backtick or TAB. ``=1+1`` is a name that somebody chose.

    >>> plain('="2741829936"'), plain("'13800000001"), plain("`100\\t"), plain(12.0), plain("=1+1")
    ('2741829936', '13800000001', '100', '12', '=1+1')
    """
    text = display(cell).strip(_EDGE)
    if text.startswith("="):
        wrapped = _WRAPPED.fullmatch(text)
        text = wrapped[1].replace('""', '"').strip(_EDGE) if wrapped else text
    return text.removeprefix("'").strip(_EDGE) if text.startswith("'") else text


def filled(cell: Cell) -> str:
    """The plain text, "" for what exports write for nothing."""
    text = plain(cell)
    return "" if text.casefold() in BLANK_WORDS else text


def heading(text: str) -> str:
    """A header as it is compared: without case, spaces, width and a unit in brackets.

    >>> heading(" 实付款（元） ") == heading("实付款")
    True
    """
    return _UNIT.sub("", _SPACE.sub("", fold(text)))


def says(text: str, words: Iterable[str]) -> bool:
    """Whether a text is one of the words; ``*`` in a word stands for anything."""
    folded = _SPACE.sub("", fold(text))
    return any(_is(folded, word) for word in words)


def _is(folded: str, word: str) -> bool:
    wanted = _SPACE.sub("", fold(word))
    return folded == wanted or ("*" in wanted and fnmatch.fnmatchcase(folded, _literal(wanted)))


def _literal(word: str) -> str:
    return word.replace("[", "[[]")


def is_hidden(name: str) -> bool:
    """Whether a platform has masked or encrypted a name: it tells nobody from another.

    >>> is_hidden("张**"), is_hidden("##Xk3f9=="), is_hidden("$$8sf"), is_hidden("小李")
    (True, True, True, False)
    """
    return bool(_HIDDEN.search(name))


def id_text(cell: Cell) -> tuple[str, bool]:
    """An id to the last digit, and whether its last digits are lost (a number, scientific notation)."""
    value = None if isinstance(cell, str) else number(cell)
    if value is not None:
        shown = str(int(value)) if value == int(value) else display(cell)
        return shown, abs(value) >= 1e15
    text = filled(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text, is_cut(text)


def is_cut(number: str) -> bool:
    """Whether a number stands there as 3.35E+18, as many others may.

    >>> is_cut("3.35E+18"), is_cut("3351234567890123456"), is_cut("A5E+1")
    (True, False, False)
    """
    return bool(_SCIENTIFIC.fullmatch(number))


def phone(cell: Cell) -> str:
    """A phone number that belongs to somebody; "" for a masked one and for one the platform lends.

    >>> phone("+86 13800000001"), phone("138****0001"), phone("13800000001-1234")
    ('13800000001', '', '')
    """
    text, lost = id_text(cell)
    text = _CHINA.sub("", tidy(text))
    if lost or not _PHONE.fullmatch(text) or _VIRTUAL.fullmatch(text):
        return ""
    return text


def joined(texts: Iterable[str]) -> str:
    """Texts side by side, a space where Latin letters would run together.

    >>> joined(["浙江省", "杭州市"]), joined(["Ann", "Lee"])
    ('浙江省杭州市', 'Ann Lee')
    """
    result = ""
    for text in texts:
        apart = result and text and result[-1].isascii() and text[0].isascii()
        result += f" {text}" if apart else text
    return result
