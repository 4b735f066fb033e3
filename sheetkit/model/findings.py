"""A finding is data: code, severity, where, what, and what to type instead. Its sentence is rendered from
it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sheetkit.messages import Lang, text

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing to look at in the seller's file.

    ``code`` names the sentence ``finding.CODE`` in the message catalogue. ``cell`` is an A1 reference
    ("" for a whole row or sheet); ``value`` is the cell's text as typed; ``suggestion`` what to type
    instead ("" if unknown).
    ``error``: the row (or cell) is set aside; ``warning``: read, but as a guess or a repair; ``info``:
    worth knowing.
    """

    code: str
    severity: Severity
    sheet: str = ""
    cell: str = ""
    value: str = ""
    suggestion: str = ""
    params: dict[str, str | int | float] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """``sheet!cell``, or the sheet alone."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def sentence(self, lang: Lang) -> str:
        """The finding in words; the place stands in front of it, not in it."""
        return text(
            f"finding.{self.code}",
            lang,
            value=self.value,
            suggestion=self.suggestion,
            sheet=self.sheet,
            **self.params,
        )
