"""A cell → integer cents or a number, or what to type instead."""

from __future__ import annotations

import math
import operator
import re
from decimal import ROUND_HALF_UP, Decimal

from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell, narrow, number
from sheetkit.intake.figures import decimal_of, meant_by
from sheetkit.intake.problems import Read, failed, repaired
from sheetkit.model.currencies import named_in

LARGEST = 10**12
"""Amounts from here on are slips (an order number in the amount column)."""

_COUNTABLE = 9e16
"""The cents of larger amounts fit no 64-bit integer."""

# Below _SURE cents a float is finer than _EXACT, so that a nearer whole number of cents is the one meant.
_SURE = 10**11
_EXACT = 1e-4

_UNITS = re.compile(r"(?<=\d)\s*(?:[件个只双套本台次天份张条瓶盒箱斤]|kg|pcs?|x)$", re.IGNORECASE)
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")


SURE_DIGITS = 11
"""Figures of so many characters are below _SURE cents."""


def cents(value: float) -> int:
    """Whole cents of an amount, halves away from zero, as the digits shown say.

    >>> cents(1.005), cents(-0.125), cents(120.0)
    (101, -13, 12000)
    """
    scaled = value * 100
    nearest = round(scaled)
    if -_EXACT < scaled - nearest < _EXACT and -_SURE < scaled < _SURE:
        return nearest
    return int((Decimal(repr(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def plain_cents(values: list[float]) -> list[int] | None:
    """``cents`` of every value, in one pass; None where one of them has to be looked at closely."""
    scaled = [value * 100 for value in values]
    if not math.isfinite(sum(scaled)) or max(map(abs, scaled)) >= _SURE:
        return None
    whole = list(map(round, scaled))
    return whole if max(map(abs, map(operator.sub, scaled, whole))) < _EXACT else None


def money_text(amount: int) -> str:
    """Cents as people should type them: ``1200``, ``33.62``."""
    whole, rest = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:02d}" if rest else f"{sign}{whole}"


def typed_money(cell: Cell) -> Read:
    """Cents of a number cell; text is no amount."""
    value = number(cell)
    if value is None:
        return failed("amount_unreadable") if cell != "" else (None, None)
    return (cents(value), None) if abs(value) < _COUNTABLE else failed("amount_too_large")


def read_money(cell: Cell, currency: str = "") -> Read:
    """Cents as a careful person would read them. ``currency``: the code of what they are to be in; a text
    that names another is no amount."""
    if isinstance(cell, bool | Bad):
        return failed("amount_unreadable")
    if isinstance(cell, (int, float)):
        return typed_money(cell) if abs(cell) < LARGEST else failed("amount_too_large")
    if not isinstance(cell, str):
        return failed("amount_is_date")
    text = narrow(cell)
    if not text or text.casefold() in BLANK_WORDS:
        return None, None
    named = named_in(text)
    if currency and named and currency not in named and any(map(str.isdigit, text)):
        return failed("amount_other_currency")
    value = decimal_of(text)
    if value is None:
        return _unclear(text)
    if abs(value) >= LARGEST:
        return failed("amount_too_large")
    amount = int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return repaired(amount, "amount_repaired", money_text(amount))


def typed_number(cell: Cell) -> Read:
    """The number of a number cell; text is none."""
    value = number(cell)
    return (value, None) if value is not None or cell == "" else failed("number_unreadable")


def read_number(cell: Cell) -> Read:
    """A number as a careful person would read it: 3件 is 3, 15% is 0.15."""
    if not isinstance(cell, str):
        return typed_number(cell)
    text = narrow(cell)
    if not text or text.casefold() in BLANK_WORDS:
        return None, None
    share = text.endswith("%")
    value = decimal_of(_UNITS.sub("", text.removesuffix("%")))
    if value is None:
        return failed("number_unreadable")
    result = float(value) / 100 if share else float(value)
    return repaired(result, "number_repaired", f"{result:.12g}")


def read_count(read: Read) -> Read:
    """A whole number of times, from what ``read_number`` or ``typed_number`` gave."""
    value, problem = read
    if value is None:
        return read
    if value != int(value) or value < 0:
        return failed("count_not_whole")
    return int(value), problem


def from_delimited(cell: Cell) -> Cell:
    """The cell of a text file as a spreadsheet would open it: plain digits are a number.

    >>> from_delimited("120.50"), from_delimited("1,200"), from_delimited("007")
    (120.5, '1,200', '007')
    """
    if isinstance(cell, str) and _PLAIN.fullmatch(cell.strip()):
        return float(cell)
    return cell


def _unclear(text: str) -> Read:
    """An amount that would be a guess, with what may be meant."""
    meant = meant_by(text)
    if meant is None:
        return failed("amount_unreadable")
    if abs(meant) >= LARGEST:
        return failed("amount_too_large")
    shown = money_text(int((meant * 100).quantize(Decimal(1), ROUND_HALF_UP)))
    return failed("amount_guess", shown)
