"""How much text the cells of a workbook show: a shared text counts in every cell that shows it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sheetkit.intake.bounds.limits import MOST_TEXT

_TEXT_BEGINS = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_TEXT_ENDS = re.compile(rb"</(?:[\w.-]+:)?si\s*>")
_INDEX = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^>]*>\s*<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*(\d{1,10})\s*<")


def shown_bytes(shared: bytes, sheets: Sequence[bytes]) -> int:
    """At least as many bytes as the shared texts take in all cells of these sheets together.

    It is told as roughly as the limit allows, since counting takes long.
    """
    cells = sum(part.count(b'"s"') + part.count(b"'s'") for part in sheets)
    if cells * len(shared) <= MOST_TEXT:
        return cells * len(shared)
    lengths = _lengths(shared)
    longest = max(lengths)
    if cells * longest <= MOST_TEXT or not _is_plain(shared, lengths):
        return cells * longest
    shown = Counter(index for part in sheets for index in _INDEX.findall(part))
    told = sum(times * lengths[int(index)] for index, times in shown.items() if int(index) < len(lengths) - 1)
    return told + (cells - shown.total()) * longest


def _lengths(shared: bytes) -> list[int]:
    """The bytes of each shared text, its markup included, and those behind the last one."""
    ends = [0, *(match.end() for match in _TEXT_ENDS.finditer(shared)), len(shared)]
    return [end - start for start, end in pairwise(ends)]


def _is_plain(shared: bytes, lengths: list[int]) -> bool:
    """Whether the texts' places in the part are their numbers: each ends by a tag of its own."""
    return b"<![CDATA[" not in shared and sum(1 for _ in _TEXT_BEGINS.finditer(shared)) == len(lengths) - 1
