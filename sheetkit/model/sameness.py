"""What the seller answers to «is this the same person?» on an added sheet, as the next run reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sheetkit.model.labels import Labels, fold

Said = Literal["yes", "no", "unclear"]

NAME, OTHER, ANSWER = (
    Labels("名字", "Name"),
    Labels("另一个名字", "Other name"),
    Labels("同一个人?", "Same person?"),
)
"""The headings by which the next run finds the two names and her answer."""

YES, NO = Labels("是", "Yes"), Labels("不是", "No")
"""What is offered to choose."""

_ALSO_YES = ("y", "ok", "√", "✓", "✔", "☑", "✅", "v", "1", "对", "是的", "同一个", "同一个人")
_ALSO_NO = ("n", "x", "×", "✗", "✘", "❌", "0", "否", "不", "不同", "两个人", "不是同一个人")
_YES = frozenset(map(fold, (*YES.all(), *_ALSO_YES)))
_NO = frozenset(map(fold, (*NO.all(), *_ALSO_NO)))


@dataclass(frozen=True)
class Tick:
    """Two names and what she typed beside them, as typed."""

    name: str
    other: str
    typed: str

    @property
    def said(self) -> Said:
        """What it means."""
        answer = fold(self.typed)
        return "yes" if answer in _YES else "no" if answer in _NO else "unclear"
