"""By what a person may be known, each in the form in which two ways of writing it are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sheetkit.analysis.identity import CHANNEL_NAMES
from sheetkit.intake.cells import is_masked
from sheetkit.model.labels import fold

MARKS = ("phone", "wechat", "email", "wangwang")
"""Columns that tell one person from another beside her id and her names."""
_FEWEST_DIGITS = 7


def marks(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What there is of these, the surest first. What is partly hidden names nobody."""
    if values.get("customer_id"):
        yield "customer_id", fold(str(values["customer_id"]))
    for key in ("nickname", *CHANNEL_NAMES):
        if values.get(key) and not is_masked(str(values[key])):
            yield "name", fold(str(values[key]))
    for key in MARKS:
        text = str(values.get(key) or "")
        known = "" if is_hidden(text) else plain(key, text)
        if known and (key != "phone" or len(known) >= _FEWEST_DIGITS) and (key != "email" or "@" in known):
            yield key, known


def is_hidden(text: str) -> bool:
    """Whether a part is starred out."""
    return "*" in text or "\uff0a" in text


def plain(key: str, text: str) -> str:
    """A text as it is compared: of a phone number the digits, without the country of mainland numbers."""
    if key != "phone":
        return fold(text)
    digits = re.sub(r"\D", "", text)
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", digits)
