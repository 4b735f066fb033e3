"""What the seller typed into the plan of an earlier run."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.intake.cells import Cell, Row, display, tidy
from sheetkit.model.labels import fold
from sheetkit.model.report import PLAN_COLUMNS

_SEARCHED_ROWS = 30
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


def _tasks(rows: Sequence[Row]) -> list[dict[str, str]]:
    header, columns = task_columns(rows)
    return [_line(line, columns) for line in rows[header + 1 :]]


def task_columns(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    """Where a plan or log has its header row (from 0) and its columns; past the rows where it has none."""
    names = {fold(label): column.key for column in PLAN_COLUMNS for label in column.labels.all()}
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        found = {place: names.get(fold(cell)) for place, cell in enumerate(row) if isinstance(cell, str)}
        columns = {key: place for place, key in found.items() if key}
        if "key" in columns or len(columns) >= 4:
            return at, columns
    return len(rows), {}


def _line(row: Row, columns: dict[str, int]) -> dict[str, str]:
    texts = {key: _text(row[at]) for key, at in columns.items() if at < len(row)}
    return {key: text for key, text in texts.items() if text}


def _text(cell: Cell) -> str:
    return display(cell).strip() if isinstance(cell, str) else tidy(display(cell))
