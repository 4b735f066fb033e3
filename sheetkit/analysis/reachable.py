"""Where a person can be reached, so written that two are the same or are not; what tells nobody is none."""

from __future__ import annotations

import re
import unicodedata

from sheetkit.analysis.likeness import simplified

_BETWEEN = re.compile(r"[、,，;；/|\n]|\s{2,}")
_VIRTUAL = re.compile(r"(?:\+?86)?1\d{10}(?:转|轉|-|,|#|ext\.?)\d{2,6}")
"""A platform's number for one order, with an extension: the same one serves strangers."""
_PLACEHOLDERS = frozenset({"13800138000", "12345678", "12345678910", "12345678901", "123456789"})
_WECHAT = re.compile(r"[a-z0-9_-]{5,30}")
_OTHER = re.compile(r"\D+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PICK_UP = re.compile(
    "驿站|菜鸟|丰巢|兔喜|妈妈驿|快递柜|快递点|自提|代收|代签|超市|便利店|小卖部|门卫|传达室|前台|物业|集运|转运|货代|仓库|保安"
    "|locker|pick-?up|parcel|po box|warehouse|forwarder"
)
_REGIONS = re.compile("中国|特别行政区|自治区|自治州|省|市|区|县|号|栋|幢|座|楼|室|单元")
_SHORTEST_ADDRESS, _SHORTEST_PHONE, _LONGEST_PHONE = 8, 7, 15


def phones(typed: str) -> frozenset[str]:
    """The phone numbers in a cell as digits, without China's prefix.

    >>> sorted(phones("+86 138-1234-5678 / 0571-8888 6666"))
    ['057188886666', '13812345678']
    """
    if typed.isascii() and _MOBILE.fullmatch(typed):
        parts = [typed]
    else:
        parts = _BETWEEN.split(unicodedata.normalize("NFKC", typed))
    found = map(_phone, parts)
    return frozenset(filter(None, found))


def _phone(part: str) -> str:
    bare = "".join(part.split())
    if not bare.isdecimal() and ("*" in bare or _VIRTUAL.fullmatch(bare.casefold())):
        return ""
    digits = _OTHER.sub("", bare).removeprefix("00")
    if digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
        digits = digits[2:]
    tells = _SHORTEST_PHONE <= len(digits) <= _LONGEST_PHONE and len(set(digits)) > 2
    return digits if tells and digits not in _PLACEHOLDERS else ""


def wechats(typed: str) -> frozenset[str]:
    """The WeChat ids in a cell; one that is a mobile number is left to `phones_in_wechat`."""
    return frozenset(one for one in _ids(typed) if not _MOBILE.fullmatch(one))


def phones_in_wechat(typed: str) -> frozenset[str]:
    """The mobile numbers that serve as a WeChat id."""
    return frozenset(one for one in _ids(typed) if _MOBILE.fullmatch(one)) - _PLACEHOLDERS


def _ids(typed: str) -> list[str]:
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", typed))
    bare = ("".join(part.split()).casefold().removeprefix("+86") for part in parts)
    return [one for one in bare if _WECHAT.fullmatch(one) and len(set(one)) > 2]


def emails(typed: str) -> frozenset[str]:
    """The e-mail addresses in a cell."""
    parts = (part.strip().casefold() for part in _BETWEEN.split(unicodedata.normalize("NFKC", typed)))
    return frozenset(part for part in parts if _MAIL.fullmatch(part))


def addresses(typed: str) -> frozenset[str]:
    """The address in a cell: nothing where it is a town alone, masked, or a place where many collect.

    >>> addresses("浙江省杭州市西湖区文三路 100 号 3 幢 201 室") == addresses("浙江杭州西湖文三路100号3-201")
    True
    >>> addresses("杭州"), addresses("文三路 100 号菜鸟驿站")
    (frozenset(), frozenset())
    """
    (plain,) = simplified([typed])
    if "*" in plain or _PICK_UP.search(plain) or not any(map(str.isdecimal, plain)):
        return frozenset()
    runs = re.findall(r"\d+|[^\W\d_]+", _REGIONS.sub(" ", plain))
    folded = "".join(f"{one}." if one.isdecimal() else one for one in runs)
    return frozenset({folded}) if len(folded) >= _SHORTEST_ADDRESS else frozenset()
