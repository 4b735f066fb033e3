"""A cell as the file holds it, and the ways its text is shown."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sheetkit.model.days import EPOCH, to_day
from sheetkit.model.labels import NAME_LENGTH


@dataclass(frozen=True)
class Bad:
    """A cell that holds an error (``#N/A``) or a formula nobody has computed yet; ``code`` is its finding."""

    code: str
    shown: str


Cell = int | float | str | bool | date | datetime | time | timedelta | Bad
"""A cell's value as python-calamine gives it, ``""`` for a blank one; Bad stands where it sees nothing."""

Row = list[Cell]

_DASHES = {"-", "--", "---", "—", "——", "–", "/", "\\"}
BLANK_WORDS = frozenset({*_DASHES, "无", "没有", "空", "暂无", "null", "none", "nil", "nan", "n/a", "na"})
"""What people write for "nothing", folded."""

ERRORS = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows where a formula fails; in a text file that is all that is left of it."""

LONGEST_TEXT = 32_767
"""Characters that a spreadsheet's cell holds."""

_EPOCH = datetime(EPOCH.year, EPOCH.month, EPOCH.day)
_MARCH_1900 = date(1900, 3, 1)
_SPACES = re.compile(r"\s+")
_RUNS = re.compile(" {2,}")
_WIDE_SPACES = str.maketrans({"\u3000": " ", "\u00a0": " "})
_JOINER = "\u200d"
_SECONDS_A_DAY = 86_400


def letters(column: int) -> str:
    """The letters of a 0-based column.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    at = column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(reference: str) -> tuple[int, int]:
    """0-based row and column of an A1 reference.

    >>> column_of("B7")
    (6, 1)
    """
    name = reference.rstrip("0123456789")
    column = 0
    for letter in name.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(name) :]) - 1, column - 1


def number(cell: Cell) -> float | None:
    """The number a formula would see in the cell: dates and times are numbers, text and TRUE are none."""
    if isinstance(cell, (bool, str, Bad)):
        return None
    if isinstance(cell, (int, float)):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, datetime):
        return (cell - _EPOCH) / timedelta(days=1) - (cell.date() < _MARCH_1900)
    if isinstance(cell, date):
        return float(to_day(cell) - (cell < _MARCH_1900))
    if isinstance(cell, time):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
        return seconds / _SECONDS_A_DAY
    return cell / timedelta(days=1)


def general(value: float) -> str:
    """A number as the General format shows it in a text.

    >>> general(12345.0), general(0.1 + 0.2), general(17743856575.0), general(1e20)
    ('12345', '0.3', '17743856575', '1E+20')
    """
    if value == math.floor(value) and abs(value) < 1e15:
        return str(int(value))
    shown = f"{value:.15G}"
    if "E" not in shown:
        return shown
    digits, power = shown.split("E")
    return f"{digits}E{power[0]}{power[1:].lstrip('0').rjust(2, '0')}"


def formula_text(cell: Cell) -> str:
    """The cell's text as a formula sees it: a date is its serial number."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Bad):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    value = number(cell)
    return "" if value is None else general(value)


def display(cell: Cell) -> str:
    """The cell's text as a person sees it: a date is a date."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Bad):
        return cell.shown
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return formula_text(cell)


def trim(text: str) -> str:
    """Excel's TRIM: the plain space only, at the ends and in runs."""
    return _RUNS.sub(" ", text.strip(" "))


def typed_name(cell: Cell) -> str:
    """A name as the live formulas clean it."""
    return trim(formula_text(cell).translate(_WIDE_SPACES))[:NAME_LENGTH]


def tidy(text: str) -> str:
    """A text for people: invisible characters gone, every kind of white space one space, none at the ends."""
    if text.isprintable():  # so that nothing in it is invisible, or white space but the plain one
        return _RUNS.sub(" ", text.strip())
    plain = "".join(ch for ch in text if ch == _JOINER or unicodedata.category(ch) != "Cf")
    return _SPACES.sub(" ", plain).strip().strip(_JOINER)


def narrow(text: str) -> str:
    """A text to read a number or a date from: NFKC, tidy, without the quote marks exports put around it."""
    plain = tidy(text if text.isascii() else unicodedata.normalize("NFKC", text))
    if plain.startswith('="') and plain.endswith('"'):
        plain = plain[2:-1]
    return plain.strip("'`\"\t ")


def is_masked(name: str) -> bool:
    """Whether a name has its middle hidden: it identifies nobody.

    >>> is_masked("t***5"), is_masked("小*李")
    (True, False)
    """
    return "**" in name or "＊＊" in name


def is_blank(cell: Cell) -> bool:
    """Whether a person would call the cell empty."""
    return isinstance(cell, str) and not (cell and cell.strip())
