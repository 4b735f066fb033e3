"""What a run notes of every customer for the next one: a text in the workbook's record, and back.

Only ASCII without a blank, so that no program that saves the workbook changes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

NOTE = "grades"
"""The record's key."""
NOTED = (
    "grade_recency_points", "grade_frequency_points", "grade_money_points", "grade_contact_points",
    "grade_credit_points", "grade_keeping_points", "grade_activity_points",
)  # fmt: skip
"""The parts of the score that are noted, in order."""


@dataclass(frozen=True)
class Noted:
    """One customer: the grade she is served by, the one she was given, her class, her score and its parts."""

    grade: str
    graded: str
    kind: str
    score: float | None
    parts: tuple[float | None, ...]


@dataclass(frozen=True)
class Notes:
    """``now``: {folded name: what was noted} on ``day``; ``before``: that of the run before, on ``since``."""

    day: int
    now: Mapping[str, Noted]
    since: int | None
    before: Mapping[str, Noted]
    counts: list[tuple[int, dict[str, int]]]


def written_notes(notes: Notes) -> str:
    """The text of notes."""
    now, before = ({name: _listed(one) for name, one in each.items()} for each in (notes.now, notes.before))
    told = {"day": notes.day, "now": now, "since": notes.since, "before": before, "counts": notes.counts}
    return json.dumps(told, separators=(",", ":")).replace(" ", "\\u0020")


def read_notes(text: str) -> Notes | None:
    """The notes of a text; None where it is none."""
    try:
        told = json.loads(text)
        counts = [
            (int(day), {str(key): int(many) for key, many in each.items()}) for day, each in told["counts"]
        ]
        since = None if told["since"] is None else int(told["since"])
        return Notes(int(told["day"]), _people(told["now"]), since, _people(told["before"]), counts)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _listed(one: Noted) -> list[Any]:
    numbers = (None if value is None else round(value, 2) for value in (one.score, *one.parts))
    plain = (value if value is None or value % 1 else int(value) for value in numbers)
    return [one.grade, one.graded, one.kind, *plain]


def _people(told: Mapping[str, list[Any]]) -> dict[str, Noted]:
    found = {}
    for name, (grade, graded, kind, score, *parts) in told.items():
        numbers = [None if one is None else float(one) for one in (score, *parts)]
        found[name] = Noted(str(grade), str(graded), str(kind), numbers[0], tuple(numbers[1:]))
    return found
