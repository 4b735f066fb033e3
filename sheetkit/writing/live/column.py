"""A column of the helper sheet, and the key that its sorted blocks are sorted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEY, DAY = 10**10, 10**5
"""A sorted block's key: customer · 10^10 + day · 10^5 + row of the entry sheet."""
NOTHING = 10**15
"""The key of an empty place of a sorted block: larger than any, so that the block stays sorted to its end."""

Formula = Callable[[int], str]
"""The formula of a row (counted from 1) without ``=``."""


@dataclass(frozen=True)
class HelperColumn:
    """One column (or a stretch of one): its block and key, its first row (counted from 1), how many rows,
    and the formula of a row. It may differ from row to row only in the row numbers of its cells.

    ``above``: the formula of row 2, ``0`` where that is a row of zeros.
    """

    block: str
    key: str
    first: int
    count: int
    formula: Formula
    above: str = ""
