"""The template of one's own that a workbook carries on its hidden sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sheetkit.errors import SheetkitError
from sheetkit.intake.cells import Row, display
from sheetkit.messages import Lang, text
from sheetkit.model.findings import Finding
from sheetkit.model.overlay import Own
from sheetkit.model.own import own_from
from sheetkit.model.report import META_SHEET, OWN_FILE, OWN_LINE

MOST_LINES = 20_000
_LONGEST_FILE = 80
_UNSOUND = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a text that nobody wrote in earnest may come to, where no check of ours has seen it first."""


def carried_lines(rows: Iterable[Row]) -> str:
    """The text of the template, as its lines were typed; "" where the sheet carries none."""
    lines: dict[int, str] = {}
    for row in rows:
        key = display(row[0]) if row else ""
        number = key.removeprefix(OWN_LINE)
        if key.startswith(OWN_LINE) and number.isascii() and number.isdecimal() and len(number) <= 5:
            value = row[1] if len(row) > 1 else ""
            lines.setdefault(int(number), value if isinstance(value, str) else display(value))
    last = min(max(lines, default=0), MOST_LINES)
    return "\n".join(lines.get(number, "") for number in range(1, last + 1))


def own_template_of(
    rows: Iterable[Row], values: Mapping[str, str], lang: Lang
) -> tuple[Own | None, list[Finding]]:
    """The template that a workbook carries; a broken one becomes a finding, and the shipped one serves."""
    said = carried_lines(rows)
    if not said:
        return None, []
    file = values.get(OWN_FILE, "")[:_LONGEST_FILE] or META_SHEET
    try:
        own = own_from(said, file)
        from sheetkit.rules.own import hold  # few workbooks carry one, and the rules take a moment to load

        hold(own)
    except SheetkitError as problem:
        return None, [_broken(text(problem.key, lang, **problem.params))]
    except _UNSOUND:
        return None, [_broken(text("template.unreadable", lang, file=file, problem="?"))]
    return own, []


def _broken(problem: str) -> Finding:
    return Finding("own_template_broken", "warning", META_SHEET, params={"problem": problem})
