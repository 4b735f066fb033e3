"""The forms in which people and programs write a date, and the day that each says."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sheetkit.intake.figures import chinese_number
from sheetkit.model.days import to_day

NEVER = -(10**9)
"""A date that is written plainly and is none: 30 February."""

_UNIX_IN_CHINA = datetime(1970, 1, 1, 8)
_STAMP = re.compile(r"1[2-9]\d{8}(?:\d{3})?")
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_CHINESE_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True))
_CHINESE_PART = re.compile("([一二三四五六七八九十廿]{1,3})([月日号])")
_FIRST_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_PART_OF_DAY = r"上午|下午|晚上|中午|早上|凌晨|傍晚|夜里|晚|早"
_CLOCK = (
    r"(?:[\sT,]*(?:星期|周|礼拜)[一二三四五六日天])?"
    rf"(?:\s*(?:{_PART_OF_DAY}))?"
    rf"(?:[\sT]*(?<=[\sT午上早晚里晨晚])(?:[AP]M)?\s*\d{{1,2}}"
    r"(?:[:时点.]\d{1,2}分?(?::?\d{1,2}秒?(?:[.,]\d+)?)?|[时点])"
    r"\s*(?:[AP]M)?\s*(?:Z|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|UTC|GMT)?(?:\s*\(.*\))?)?"
)


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _CLOCK, re.IGNORECASE)


_GAP = r"\s*[-/.,、\\]\s*|\s+"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)?"
_NAME = r"(?P<name>[A-Za-zäÄ]{3,9})\.?"
_YMD = _whole(
    rf"(?P<y>\d{{4}})(?:{_GAP}|\s*年\s*)(?P<m>\d{{1,2}})(?:{_GAP}|\s*月\s*)(?P<d>\d{{1,2}})\s*[日号.]?"
)
_DIGITS = _whole(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\d{6}|\d{4})?")
_PARTS = _whole(r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})")
_SHORT = _whole(r"(?P<a>\d{1,2})\s*[-/.年]\s*(?P<b>\d{1,2})\s*[-/.月]\s*(?P<c>\d{1,2})\s*[日号]?")
_NO_YEAR = _whole(r"(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?")
_NO_DAY = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*月?")
_DAY_MONTH = _whole(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]+{_NAME}[\s,.-]+(?P<y>\d{{4}}|\d{{2}})"
)
_MONTH_DAY = _whole(rf"{_WEEKDAY}{_NAME}[\s-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<y>\d{{4}})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN = {"mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12}
_RELATIVE = re.compile(
    r"(?:大?前|昨|今|当|明|后)[天日晚早]|(?:上|这|本|下)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]?|上?个?月[初底末]?"
    r"|刚才|刚刚|today|yesterday|tomorrow",
    re.IGNORECASE,
)


def plain_day(text: str) -> int | None:
    """The one day a text says: year first, or the month by its name; ``NEVER`` for 30 February."""
    for pattern in (_YMD, _DIGITS, _DAY_MONTH, _MONTH_DAY):
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            month, year = int(parts.get("m") or _month(parts["name"])), int(parts["y"])
            day = day_of(year + 2000 * (len(parts["y"]) == 2), month, int(parts["d"]))
            return NEVER if day is None else day
    return None


def meant_day(text: str) -> int | None:
    """The day that a text may mean that is not read: a suggestion, never a reading.

    >>> meant_day("2024-O3-05"), meant_day("2024-03-05 - 2024-03-07"), meant_day("240305")
    (45356, 45356, 45356)
    """
    tidied = _in_digits(text)
    digits = "".join(_CHINESE_DIGITS.get(ch, ch) for ch in tidied).translate(_LETTERS)
    first = re.split(r"\s*(?:~|～|至|到|\s[-–—]+\s)\s*", digits)[0]
    for candidate in (tidied, digits, first, *_FIRST_DATE.findall(digits)):
        found = plain_day(candidate)
        if found not in (None, NEVER):
            return found
    if _STAMP.fullmatch(digits):
        return to_day((_UNIX_IN_CHINA + timedelta(seconds=int(digits[:10]))).date())
    if re.fullmatch(r"\d{6}", digits):
        return day_of(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    return None


def orders_of(text: str) -> dict[str, tuple[int, int, int]]:
    """{order: year, month, day} of a text of three numbers whose order it does not say; {} for any other.

    >>> orders_of("3/4/2024")
    {'dmy': (2024, 4, 3), 'mdy': (2024, 3, 4)}
    """
    if found := _PARTS.fullmatch(text):
        year, first, second = int(found["y"]), int(found["a"]), int(found["b"])
        return {"dmy": (year, second, first), "mdy": (year, first, second)}
    found = _SHORT.fullmatch(text)
    if not found or plain_day(text) is not None:
        return {}
    one, two, three = map(int, found.group("a", "b", "c"))
    said = {"ymd": (one, two, three), "dmy": (three, two, one), "mdy": (three, one, two)}
    return {"ymd": said["ymd"]} if "年" in text else said


def month_and_day(text: str) -> tuple[int, int] | None:
    """What a date without its year says."""
    found = _NO_YEAR.fullmatch(_in_digits(text))
    return (int(found["m"]), int(found["d"])) if found else None


def _in_digits(text: str) -> str:
    """三月五日 as 3月5日."""
    return _CHINESE_PART.sub(lambda found: str(chinese_number(found[1]) or found[1]) + found[2], text)


def _month(name: str) -> int:
    short = name[:3].casefold()
    return _MONTHS.index(short) + 1 if short in _MONTHS else _GERMAN.get(short, 0)


def day_of(year: int, month: int, day: int) -> int | None:
    """The day number of a date; None where it is none."""
    try:
        return to_day(date(year, month, day))
    except ValueError:
        return None


def month_start(text: str) -> int | None:
    """The first day of a month that is written without a day."""
    found = _NO_DAY.fullmatch(text)
    return day_of(int(found["y"]), int(found["m"]), 1) if found else None


def is_relative(text: str) -> bool:
    """Whether a text is a day only on the day it was typed: 昨天, 上周三."""
    return _RELATIVE.fullmatch(text) is not None


def has_short_year(text: str) -> bool:
    """Whether a text is a date with a year of two digits."""
    return _SHORT.fullmatch(text) is not None


def compact_day(digits: str) -> int | None:
    """The day of 20240305."""
    found = _DIGITS.fullmatch(digits)
    return day_of(int(found["y"]), int(found["m"]), int(found["d"])) if found else None
