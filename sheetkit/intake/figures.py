"""A text → the number in it, and what a text that is not surely a number may mean."""

from __future__ import annotations

import re
from decimal import Decimal

from sheetkit.model.currencies import without_words

_FIGURE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
_FACTORS = {"万": 10_000, "w": 10_000, "W": 10_000, "千": 1_000, "k": 1_000, "K": 1_000}
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_FREE = frozenset({"免费", "赠送", "送", "白送", "赠", "free", "gift"})
_OWED = ("负", "退款", "退")
_STEPS = {"万": 10_000, "w": 10_000, "W": 10_000, "千": 1_000, "k": 1_000, "K": 1_000, "百": 100}
_STEPPED = re.compile(r"(?:\d+(?:\.\d+)?[万千百wWkK]){1,3}\d?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?(\d+)")
_LOOSE = re.compile(r"\d{1,3}(?:[,' ]\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_COMMA_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{3})*|\d+),(\d{1,2})")


def decimal_of(text: str) -> Decimal | None:
    """The number in an amount's text, None where any of it is not understood."""
    plain = without_words(text).replace(" ", "")
    negative = plain.startswith(("-", "−")) or plain.endswith("-")
    plain = plain.strip("-−+")
    if plain.startswith("(") and plain.endswith(")"):
        negative, plain = True, plain[1:-1].lstrip("-")
    factor = _FACTORS.get(plain[-1:], 1)
    if factor != 1:
        plain = plain[:-1]
    if not _FIGURE.fullmatch(plain) or len(plain) > 30:
        return None
    value = Decimal(plain.replace(",", "")) * factor
    return -value if negative else value


def meant_by(text: str) -> Decimal | None:
    """The amount that a text may mean that is not read: a suggestion, never a reading.

    >>> meant_by("约300"), meant_by("1万2"), meant_by("1,2OO"), meant_by("面议")
    (Decimal('300'), Decimal('12000'), Decimal('1200'), None)
    """
    plain = without_words(text).strip().replace("。", ".")
    if plain.casefold() in _FREE:
        return Decimal(0)
    for look in (_comma_decimal, _in_words, _first_figure):
        found = look(plain)
        if found is not None:
            return found
    return None


def _comma_decimal(plain: str) -> Decimal | None:
    """1.250,00 as it is written in half of Europe."""
    found = _COMMA_DECIMAL.fullmatch(plain.lstrip("-"))
    if not found:
        return None
    return Decimal(f"{'-' * plain.startswith('-')}{found[1].replace('.', '')}.{found[2]}")


def _in_words(plain: str) -> Decimal | None:
    """What is written with letters for digits, as a sum, with words for a minus, or in Chinese numerals."""
    negative = plain.startswith(_OWED)
    bare = plain.lstrip("".join(_OWED)).replace(" ", "") if negative else plain.replace(" ", "")
    for look in (lambda text: decimal_of(text.translate(_LETTERS)), _sum, _stepped, chinese_number):
        meant = look(bare)
        if meant is not None:
            return -meant if negative else meant
    return None


def _sum(plain: str) -> Decimal | None:
    """120+30, 30*2 and 30×2."""
    if "+" in plain:
        terms = [decimal_of(term) for term in plain.split("+")]
        return sum((term for term in terms if term is not None), Decimal()) if None not in terms else None
    each, _, times = re.sub("[*×xX]", "*", plain).partition("*")
    price, count = decimal_of(each), decimal_of(times) if times else None
    return price * count if price is not None and count is not None else None


def _stepped(plain: str) -> Decimal | None:
    """1万2 is 12000, and 3千5百 is 3500; 1.2e3 is what a spreadsheet shows of 1200."""
    if found := _SCIENTIFIC.fullmatch(plain):
        return Decimal(plain) if len(found[1]) < 3 else None
    if not _STEPPED.fullmatch(plain):
        return None
    total, step = Decimal(), Decimal(1)
    for figure, unit in re.findall(r"(\d+(?:\.\d+)?)([万千百wWkK]?)", plain):
        step = Decimal(_STEPS[unit]) if unit else step / 10
        total += Decimal(figure) * step
    return total


def _first_figure(plain: str) -> Decimal | None:
    """The first number in a text that says more: 约300, 131.77(已退款89.84)."""
    figures = _LOOSE.findall(plain)
    if not figures:
        return None
    return Decimal(re.sub("[,' ]", "", figures[0]).rstrip("."))


_DIGIT = {
    digit: at
    for digits in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖")
    for at, digit in enumerate(digits)
}
_DIGIT |= {"两": 2, "俩": 2}
_POWER = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def chinese_number(text: str) -> Decimal | None:
    """A number in Chinese numerals up to 9999万, None where it is none.

    >>> chinese_number("三百五十"), chinese_number("一万两千"), chinese_number("三百五")
    (Decimal('350'), Decimal('12000'), Decimal('350'))
    """
    if not 1 <= len(text) <= 12 or not set(text) <= {*_DIGIT, *_POWER, "万"}:
        return None
    high, mark, low = text.rpartition("万")
    above = _below_ten_thousand(high) if mark else 0
    below = _below_ten_thousand(low, 1000 if mark else 1) if low else 0
    return None if above is None or below is None else Decimal(above * 10_000 + below)


def _below_ten_thousand(text: str, step: int = 1) -> int | None:
    total, digit = 0, None
    for at, ch in enumerate(text):
        if ch in _POWER:
            step = _POWER[ch] // 10
            total += (1 if digit is None and at == 0 else digit or 0) * _POWER[ch]
            digit = None
        elif digit in (None, 0):
            digit, step = _DIGIT[ch], 1 if _DIGIT[ch] == 0 else step
        else:
            return None  # 二〇二四 is no amount
    return total + (digit or 0) * step
