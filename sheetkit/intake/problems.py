"""What may be wrong with one cell: the part of a finding that is known before its place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sheetkit.model.findings import Severity


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding without its place. ``spoils`` means that the cell could not be read at all.

    ``is_meant``: the suggestion is made from the cell, where the code alone does not say so.
    """

    code: str
    severity: Severity = "warning"
    suggestion: str = ""
    is_meant: bool = False

    @property
    def fix(self) -> str:
        """What to put into the cell where the seller agrees; "" where that is not known, or one of several,
        or where the suggestion only shows how to write it."""
        made_from_it = self.code in _GUESSES if self.spoils else self.code not in _UNMENDABLE
        one = " / " not in self.suggestion
        return self.suggestion if one and (made_from_it or self.is_meant) else ""

    @property
    def spoils(self) -> bool:
        """Whether the cell has no value: error, as opposed to a repair."""
        return self.severity == "error"


_GUESSES = frozenset({"amount_guess", "date_guess", "date_no_year", "date_short_year", "date_too_early"})
"""What comes with a suggestion that is made from the cell; a date that is not, is the analysis date."""
_UNMENDABLE = frozenset({"customer_id_lost", "id_digits_lost", "merged_filled"})
"""Nothing in the file tells how it was meant, or it is meant as it is."""

Read = tuple[Any, Problem | None]
"""A cell's typed value (None: blank or unreadable) and what is wrong with it."""


def repaired(value: Any, code: str, suggestion: str) -> Read:
    """A value read otherwise than typed."""
    return value, Problem(code, "warning", suggestion)


def failed(code: str, suggestion: str = "", *, is_meant: bool = False) -> Read:
    """A cell that cannot be read. ``is_meant``: the suggestion is made from it, and no mere example."""
    return None, Problem(code, "error", suggestion, is_meant)
