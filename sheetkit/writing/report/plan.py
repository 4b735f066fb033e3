"""The action plan, whose typed columns are the seller's, and the log of what was typed for tasks now gone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from sheetkit.analysis.result import Task
from sheetkit.messages import LANGS
from sheetkit.model.days import EARLIEST, to_date, to_day
from sheetkit.model.report import PLAN_COLUMNS, PLAN_STATUS, PlanColumn, typed_into
from sheetkit.writing.look import RED_INK, Format, wrap_height
from sheetkit.writing.report.page import HEADER_ROW, Report, clip, quoted, typed_heading
from sheetkit.writing.sheet import Area, Help, Sheet, cell

Row = Mapping[str, str]
"""A row of an earlier plan: {column key: text}."""
DONE = PLAN_STATUS[3:]
"""The states after which nothing is left to do."""
MAX_HEIGHT = 400.0
LATEST = 2958465
"""9999-12-31."""
_AT = {one.key: at for at, one in enumerate(PLAN_COLUMNS)}
_TYPED = [one.key for one in PLAN_COLUMNS if one.typed]
_DATES = ("due", "done_on")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
# Columns that are shown in full, however many lines that takes.
_WRAPPED = ("customer", "action", "why", "channel", "message", "result")


def write_plan(report: Report, typed: Mapping[str, Row]) -> None:
    """The sheet ``plan``: a row a task, with what was typed beside it before."""
    tasks = sorted(report.analysis.tasks, key=lambda one: (one.priority, one.due))
    sheet = _opened(report, "plan", _about(report, tasks))
    for at, task in enumerate(tasks):
        row = {**_said(report, task), **_kept(typed.get(task.key, {}))}
        row["status"] = row.get("status") or PLAN_STATUS[0][report.lang]
        _row(report, sheet, HEADER_ROW + 1 + at, row, task.due)
    last = HEADER_ROW + max(len(tasks), 1)
    if not tasks:
        sheet.write(HEADER_ROW + 1, _AT["priority"], report.say("report.plan_empty"), report.look("plain"))
    _help(report, sheet, last)
    _rules(report, sheet, last)
    _filter(sheet, last)


def gone(typed: Mapping[str, Row], history: Sequence[Row], tasks: Sequence[Task]) -> list[dict[str, str]]:
    """The log's rows: the earlier ones, then rows that were typed into and whose task is no longer there."""
    present = {task.key for task in tasks}
    rows = [dict(row) for row in history]
    logged = {row.get("key", "") for row in rows}
    for key, row in typed.items():
        if key not in present and key not in logged and typed_into(row):
            rows.append({"customer": key, **row, "key": key})
    return rows


def write_history(report: Report, rows: Sequence[Row]) -> None:
    """The sheet ``history``: the plan's columns, for tasks that are gone."""
    about = report.say("report.history_about", day=report.as_of(), count=len(rows))
    sheet = _opened(report, "history", about)
    for at, row in enumerate(rows):
        _row(report, sheet, HEADER_ROW + 1 + at, row, row.get("due", ""))
    _filter(sheet, HEADER_ROW + max(len(rows), 1))


def _about(report: Report, tasks: Sequence[Task]) -> str:
    today = sum(1 for one in tasks if one.priority == 1)
    return report.say("report.plan_about", day=report.as_of(), count=len(tasks), today=today)


def _opened(report: Report, key: str, about: str) -> Sheet:
    sheet = report.sheet(key)
    for at, column in enumerate(PLAN_COLUMNS):
        sheet.column(at, column.width, hidden=column.key == "key")
    report.head(sheet, key, about, 1)
    report.onward(sheet, key, (1, 3, 5, 7))
    sheet.row(HEADER_ROW, 22)
    for at, column in enumerate(PLAN_COLUMNS):
        fmt = report.look("heading", **typed_heading()) if column.typed else report.heading()
        sheet.write(HEADER_ROW, at, column.labels[report.lang], fmt)
    sheet.freeze(HEADER_ROW + 1, _AT["customer"] + 1)
    sheet.page()
    sheet.raw.repeat_rows(HEADER_ROW)
    return sheet


def _said(report: Report, task: Task) -> dict[str, str]:
    """What the analysis says in the plan's columns."""
    urgency = report.say("report.priorities").split("|")
    return {
        "key": task.key,
        "priority": f"{task.priority} {urgency[min(max(task.priority, 1), len(urgency)) - 1]}",
        "customer": task.customer,
        "class": task.class_label,
        "action": task.action,
        "why": task.why,
        "channel": task.channel,
        "message": task.message,
    }


def _kept(row: Row) -> dict[str, str]:
    return {key: value for key, value in row.items() if key in _TYPED and value}


def _row(report: Report, sheet: Sheet, at: int, row: Row, due: int | str) -> None:
    height = 0.0
    for column in PLAN_COLUMNS:
        text = clip(row.get(column.key, ""))
        value: str | int = text
        if column.key == "due" and isinstance(due, int):
            value = due
        elif column.key in _DATES:
            value = _day(text)
        sheet.write(at, _AT[column.key], value, _format(report, column, isinstance(value, int)))
        if column.key in _WRAPPED:
            height = max(height, wrap_height(text, column.width - 1))
    sheet.row(at, min(height, MAX_HEIGHT))


def _day(text: str) -> str | int:
    """A date typed before, as a day number again; anything else as it was typed."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return text
    try:
        return to_day(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return text


def _format(report: Report, column: PlanColumn, is_day: bool) -> Format:
    look = report.look
    if column.key in _DATES and (is_day or column.typed):
        return look("entry" if column.typed else "reported", "date", valign="top")
    wraps = column.key in _WRAPPED
    if column.typed:
        return look("entry", "text", text_wrap=wraps, valign="top", indent=1)
    return report.reported(text_wrap=wraps, valign="top")


def _help(report: Report, sheet: Sheet, last: int) -> None:
    """A dropdown for the state, a question where the date of completion is none."""
    first = HEADER_ROW + 1
    status, done = _AT["status"], _AT["done_on"]
    choices = [one[report.lang] for one in PLAN_STATUS]
    title = PLAN_COLUMNS[status].labels[report.lang]
    sheet.choices(Area(first, status, last, status), choices, Help(title, report.say("report.help_status")))
    title, warning = PLAN_COLUMNS[done].labels[report.lang], report.say("report.help_done_on")
    rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": to_date(EARLIEST),
        "maximum": to_date(LATEST),
        "error_type": "warning",
        "error_title": title,
        "error_message": warning,
        "input_title": title,
        "input_message": warning,
    }
    if sheet.raw.data_validation(first, done, last, done, rule):
        raise ValueError("the dates of completion could not be limited")


def _rules(report: Report, sheet: Sheet, last: int) -> None:
    """Rows that are done turn grey and are struck through; what is overdue says so in red and bold."""
    first = HEADER_ROW + 1
    status, done, due = (f"${cell(first, _AT[key])}" for key in ("status", "done_on", "due"))
    states = ",".join(f"{status}={quoted(one[lang])}" for one in DONE for lang in LANGS)
    finished = f"OR({states},ISNUMBER({done}))"
    whole = Area(first, 1, last, len(PLAN_COLUMNS) - 1)
    sheet.highlight(whole, f"={finished}", report.look.rule(font_color="#8A94A0", font_strikeout=True))
    late = f"=AND(ISNUMBER({due}),{due}<{report.analysis.as_of},NOT({finished}))"
    column = Area(first, _AT["due"], last, _AT["due"])
    sheet.highlight(column, late, report.look.rule(font_color=RED_INK, bold=True))


def _filter(sheet: Sheet, last: int) -> None:
    sheet.filter(Area(HEADER_ROW, 0, last, len(PLAN_COLUMNS) - 1))
    sheet.numbers_as_text(Area(HEADER_ROW + 1, 0, last, len(PLAN_COLUMNS) - 1))
