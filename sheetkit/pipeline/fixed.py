"""What a fix did, as sentences and as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sheetkit.edits.accepted import Left, Why
from sheetkit.messages import Lang, text
from sheetkit.pipeline.fix import Fixed
from sheetkit.pipeline.outcome import SCHEMA, totals_json

_WHY: Mapping[Why, str] = {
    "mark": "fix.left_mark",
    "changed": "fix.left_changed",
    "example": "fix.left_example",
    "unreadable": "fix.left_unreadable",
    "no_column": "fix.left_no_column",
    "formula": "fix.left_formula",
}


def left_words(one: Left, lang: Lang) -> str:
    """Why a cell was left as it is."""
    key = "fix.left_unguessed" if one.why == "example" and not one.suggestion else _WHY[one.why]
    return text(key, lang, where=one.where, typed=one.typed, suggestion=one.suggestion)


def fix_json(done: Fixed, output: str, lang: Lang) -> dict[str, Any]:
    """What ``fix --json`` prints; ``output`` "" where nothing was written."""
    now = done.outcome.analysis.totals if done.outcome else done.before
    return {
        "schema": SCHEMA,
        "fixed": [
            {"sheet": one.sheet, "cell": one.cell, "old": one.old, "new": one.new} for one in done.mended
        ],
        "left": [
            {
                "where": one.where,
                "suggestion": one.suggestion,
                "why": one.why,
                "message": left_words(one, lang),
            }
            for one in done.left
        ],
        "totals_before": totals_json(done.before),
        "totals": totals_json(now),
        "output": output,
    }
