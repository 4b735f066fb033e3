"""A finding is data: code, severity, where, what, and what to type instead. Its sentence is rendered from
it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sheetkit.messages import Lang, text

Severity = Literal["error", "warning", "info"]
"""In the order in which findings are listed."""

FINDINGS_SHOWN = 5000
"""How many are listed one by one; of those behind them the list gives the number."""

MAX_VALUE = 300
"""Characters of a typed text that are repeated."""


def shown_value(value: str) -> str:
    """A typed text as it is repeated in a list."""
    return value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a problem cell changes in the results: its row as it would be once mended, against now.

    ``rows``: of ``table``, that do not count and then would. ``cents``: by how much the money that counts
    grows. ``customers``: who is concerned. ``others``: cells of the row that have to be mended as well before
    it counts. ``inferred``: the row counts already, as inferred; ``rows`` and ``cents`` are what it counts.
    """

    table: str
    rows: int = 0
    cents: int = 0
    customers: int = 0
    others: int = 0
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at in the seller's file.

    ``code`` names the sentence ``finding.CODE`` in the message catalogue. ``cell`` is an A1 reference
    ("" for a whole row or sheet); ``value`` is the cell's text as typed; ``suggestion`` what to type
    instead ("" if unknown); ``fix`` the same where it is what the seller meant, as far as one can tell, and
    no mere example of how to write it. ``effect``: what the cell changes, of those that can be listed.
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
    fix: str = ""
    effect: Effect | None = None

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
