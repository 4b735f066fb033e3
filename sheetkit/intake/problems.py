"""What may be wrong with one cell: the part of a finding that is known before its place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sheetkit.model.findings import Severity


@dataclass(frozen=True)
class Problem:
    """A finding without its place. ``spoils`` means that the cell could not be read at all."""

    code: str
    severity: Severity = "warning"
    suggestion: str = ""

    @property
    def spoils(self) -> bool:
        """Whether the cell has no value: error, as opposed to a repair."""
        return self.severity == "error"


Read = tuple[Any, Problem | None]
"""A cell's typed value (None: blank or unreadable) and what is wrong with it."""


def repaired(value: Any, code: str, suggestion: str) -> Read:
    """A value read otherwise than typed."""
    return value, Problem(code, "warning", suggestion)


def failed(code: str, suggestion: str = "") -> Read:
    """A cell that cannot be read."""
    return None, Problem(code, "error", suggestion)
