"""A cell of an export → cents, and what it says beside the amount."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from sheetkit.intake.amounts import LARGEST, cents, read_money
from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell
from sheetkit.intake.exports.texts import plain

_COMMA = re.compile(r"-?\(?\d{1,3}(?:[. ]\d{3})*,\d{1,2}\)?|-?\d+,\d{1,2}")
_POINT = re.compile(r"\d\.\d{1,2}$|\d,\d{3}\.")
_LETTERS = re.compile(r"(?:US|CA|AU|NZ|HK|C|A|S|NT)?\s?[$€£¥]|(?<![A-Za-z])[A-Za-z]{2,3}(?![A-Za-z])|zł")
_AFTER = re.compile(r"(?<=[\d元])\s*\((.*)\)\s*$")
_WENT_BACK = re.compile(r"退款?\D*(\d[\d,]*(?:\.\d+)?)")
_ALL_BACK = re.compile(r"全额退款")


class Amount(NamedTuple):
    """``cents``: None where there is none. ``back``: what the cell says went back. ``bad``: unreadable."""

    cents: int | None
    back: int | None = None
    bad: bool = False


NOTHING = Amount(None)
UNREADABLE = Amount(None, bad=True)


def has_comma_decimals(cells: Iterable[Cell]) -> bool:
    """Whether amounts are written as 116,99: said by any cell that can be read in no other way."""
    texts = [_bare(cell) for cell in cells if isinstance(cell, str)]
    return any(map(_COMMA.fullmatch, texts)) and not any(map(_POINT.search, texts))


def amount(cell: Cell, *, fen: bool = False, comma: bool = False) -> Amount:
    """The amount in a cell; a remark in brackets behind it may say what went back.

    >>> amount("131.77(已退款89.84)"), amount("116,99 €", comma=True).cents, amount("($33.62)").cents
    (Amount(cents=13177, back=8984, bad=False), 11699, -3362)
    """
    if isinstance(cell, bool | Bad):
        return UNREADABLE
    if isinstance(cell, int | float):
        return _number(float(cell), fen)
    if not isinstance(cell, str):
        return UNREADABLE
    text = unicodedata.normalize("NFKC", plain(cell)).strip()
    if not text or text.casefold() in BLANK_WORDS:
        return NOTHING
    remark = _AFTER.search(text)
    text = _bare(text[: remark.start()] if remark else text)
    if comma:
        text = text.replace(".", "").replace(",", ".")
    value, problem = read_money(text)
    if value is None or (problem is not None and problem.spoils):
        return UNREADABLE
    if fen:
        return Amount(round(value / 100)) if value % 100 == 0 else UNREADABLE
    return Amount(value, went_back(remark[1], value) if remark else None)


def _number(value: float, fen: bool) -> Amount:
    if abs(value) >= LARGEST:
        return UNREADABLE
    if fen:
        return Amount(int(value)) if value == int(value) else UNREADABLE
    return Amount(cents(value))


def _bare(text: Cell) -> str:
    """The figure without the currency's letters and signs."""
    plain_text = unicodedata.normalize("NFKC", str(text)).replace("\u00a0", " ").strip()
    return _LETTERS.sub("", plain_text).strip()


def went_back(remark: str, whole: int) -> int | None:
    """What a remark or a status says went back of ``whole``: 已退款(￥5.00).

    >>> went_back("已退款(￥5.00)", 900), went_back("已全额退款", 900), went_back("退款成功", 900)
    (500, 900, None)
    """
    if _ALL_BACK.search(remark):
        return whole
    said = _WENT_BACK.search(unicodedata.normalize("NFKC", remark))
    return read_money(said[1])[0] if said else None
