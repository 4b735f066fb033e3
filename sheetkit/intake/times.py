"""A cell → minutes since midnight, or what to type instead."""

from __future__ import annotations

import math
import re
from datetime import time, timedelta

from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell, narrow, number
from sheetkit.intake.problems import Read, failed, repaired

_TIME = re.compile(
    r"(?P<half>上午|下午|晚上|中午|早上|凌晨)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?P<m>\d{1,2})?\s*分?(?::\d{1,2})?\s*(?P<am>[AP]M)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
"""Can mean but one minute: nothing to point out. So are times in the workbooks written from exports."""


def typed_time(cell: Cell) -> Read:
    """Minutes since midnight of a number cell."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute, None
    value = number(cell)
    if value is None:
        return failed("time_unreadable", "20:30") if cell != "" else (None, None)
    return math.floor((value - math.floor(value)) * 1440 + 1e-6) % 1440, None


def read_time(cell: Cell) -> Read:
    """Minutes since midnight as a careful person would read them."""
    if isinstance(cell, Bad | bool) or not isinstance(cell, str):
        return typed_time(cell)
    text = narrow(cell)
    if not text or text.casefold() in BLANK_WORDS:
        return None, None
    found = _TIME.fullmatch(text) or _TIME.fullmatch(text.rpartition(" ")[2])
    if not found:
        return failed("time_unreadable", "20:30")
    hour, minute = int(found["h"]), int(found["m"] or 0)
    if hour < 12 and (found["half"] in ("下午", "晚上") or (found["am"] or "").upper() == "PM"):
        hour += 12
    if hour > 23 or minute > 59:
        return failed("time_unreadable", "20:30")
    if _PLAIN.fullmatch(text):
        return hour * 60 + minute, None
    return repaired(hour * 60 + minute, "time_repaired", f"{timedelta(hours=hour, minutes=minute)}"[:-3])
