"""What the seller typed into the plan and data check of an earlier run, and the logs that runs carry on."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.intake.cells import Cell, Row, display, tidy
from sheetkit.model.book import Checked
from sheetkit.model.labels import fold
from sheetkit.model.report import CHECK_COLUMNS, FIX_COLUMNS, PLAN_COLUMNS, PlanColumn

_SEARCHED_ROWS = 60
_FEWEST = 4
"""Headings by which a list is known of which one was renamed."""
_KEPT = ("customer", "action")
"""Shown columns kept beside what was typed, so that a task that is gone can still be told in the log."""


def read_plan(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """{stable key: {column: text}} of the tasks with something typed, and what they were about."""
    typed = [column.key for column in PLAN_COLUMNS if column.typed]
    result: dict[str, dict[str, str]] = {}
    for line in _tasks(rows):
        if line.get("key") and any(line.get(key) for key in typed):
            result[line["key"]] = {key: line[key] for key in (*_KEPT, *typed) if line.get(key)}
    return result


def read_history(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The rows of the action log, {column: text}."""
    return [line for line in _tasks(rows) if line]


def read_checked(rows: Sequence[Row]) -> list[Checked]:
    """The rows of the data check with something in the column for marks."""
    header, columns = headed(rows, CHECK_COLUMNS)
    lines = (_line(line, columns) for line in rows[header + 1 :])
    return [
        Checked(line["where"], line.get("typed", ""), line.get("suggestion", ""), line["accept"])
        for line in lines
        if line.get("accept") and line.get("where")
    ]


def read_fixes(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The rows of the log of mended cells, {column: text}."""
    header, columns = headed(rows, FIX_COLUMNS)
    return [line for line in (_line(line, columns) for line in rows[header + 1 :]) if line]


def _tasks(rows: Sequence[Row]) -> list[dict[str, str]]:
    header, columns = headed(rows, PLAN_COLUMNS)
    return [_line(line, columns) for line in rows[header + 1 :]]


def headed(rows: Sequence[Row], wanted: Sequence[PlanColumn]) -> tuple[int, dict[str, int]]:
    """Where a list has its header row (from 0) and its columns; past the rows where it has none."""
    names = {fold(label): column.key for column in wanted for label in column.labels.all()}
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        found = {place: names.get(fold(cell)) for place, cell in enumerate(row) if isinstance(cell, str)}
        columns = {key: place for place, key in found.items() if key}
        if "key" in columns or len(columns) >= _FEWEST:
            return at, columns
    return len(rows), {}


def _line(row: Row, columns: dict[str, int]) -> dict[str, str]:
    texts = {key: _text(row[at]) for key, at in columns.items() if at < len(row)}
    return {key: text for key, text in texts.items() if text}


def _text(cell: Cell) -> str:
    return display(cell).strip() if isinstance(cell, str) else tidy(display(cell))
