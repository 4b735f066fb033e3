"""Rows of any sheet to fill, as ``[[rows.TABLE]]`` of a made-up shop tells them.

``who``: a role or a name (absent where the sheet names no customer); ``count``: how many such rows; ``ago``
or ``after``: the row's day, days before the analysis or after her latest purchase. Every further key is a
column: of a list, a label; of a text, ``{ zh, en }``; of a date, ``[from, to]`` days after the analysis
(before it where negative); of money ``{ zh = [from, to], en = ... }``; of a number ``[from, to]``. An array
of labels or texts is taken in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from sheetkit.model.fields import Field, TableKey, fields, tables
from sheetkit.model.source import closest
from sheetkit.writing.sample_stories import Story
from sheetkit.writing.sheet import Value

_ABOUT = ("who", "count", "ago", "after")

Person = tuple[str, date | None]
"""A name, and the day of her latest purchase."""


def told_rows(
    story: Story, as_of: date, rng: Random, next_of: Callable[[Story], Person], ago: Callable[[Story], date]
) -> dict[TableKey, list[dict[str, Value]]]:
    """{table: its rows by day}. ``next_of``: the next of the people a story is about; ``ago``: its day."""
    found: dict[TableKey, list[dict[str, Value]]] = {}
    for table in story.node.child("rows", optional=True).data:
        if table not in tables():
            raise story.node.fail(
                f"rows.{table}", "template.unknown_value", value=table, meant=closest(table, tables())
            )
        rows = []
        for one in story.node.child("rows").items(table):
            for key in one.data:
                if key not in (*_ABOUT, *fields(table)):
                    raise one.fail(key, "template.unknown_key", meant=closest(key, fields(table)))
            teller = _Row(Story(one, story.lang), table, as_of, rng)
            rows += [teller.row(at, next_of, ago) for at in range(one.whole("count", 1))]
        found[table] = sorted(rows, key=lambda row: str(row.get("date", "")))
    return found


class _Row:
    """One story's rows."""

    def __init__(self, story: Story, table: TableKey, as_of: date, rng: Random) -> None:
        self.story, self.table, self.as_of, self.rng = story, table, as_of, rng

    def row(
        self, at: int, next_of: Callable[[Story], Person], ago: Callable[[Story], date]
    ) -> dict[str, Value]:
        """The row number ``at`` of the story."""
        node, row = self.story.node, dict[str, Value]()
        latest: date | None = None
        if node.has("who"):
            row["nickname"], latest = next_of(self.story)
        if node.has("after") and latest is not None:
            low, high = self.story.span("after")
            row["date"] = min(latest + timedelta(days=self.rng.randint(int(low), int(high))), self.as_of)
        elif node.has("ago"):
            row["date"] = ago(self.story)
        columns = fields(self.table)
        row |= {key: self.cell(columns[key], at) for key in node.data if key not in _ABOUT}
        return {key: value for key, value in row.items() if value not in ("", None)}

    def cell(self, field: Field, at: int) -> Value:
        """What a column says."""
        value = self.story.node.data[field.key]
        if field.kind == "money" and isinstance(value, dict):
            low, high = Story(self.story.node.child(field.key), self.story.lang).span(self.story.lang)
            return round(low + self.rng.random() * (high - low))
        if isinstance(value, list) and value and all(isinstance(one, int | float) for one in value):
            return self.between(field)
        return self.said(field, value[at % len(value)] if isinstance(value, list) else value)

    def between(self, field: Field) -> Value:
        """A number of a span; for a date so many days after the analysis."""
        low, high = self.story.span(field.key)
        found = self.rng.randint(int(low), int(high))
        return self.as_of + timedelta(days=found) if field.kind == "date" else found

    def said(self, field: Field, value: Any) -> Value:
        """A label, a text or a number as it stands."""
        if isinstance(value, dict):
            return str(value[self.story.lang])
        if field.list_key and isinstance(value, str):
            return self.story.label_of(field.key, value, field.list_key)
        if field.kind == "date" and isinstance(value, int):
            return self.as_of + timedelta(days=value)
        return value if isinstance(value, str | int | float) else str(value)
