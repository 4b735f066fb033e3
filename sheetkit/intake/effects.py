"""What a problem cell changes in the results: its row with the cell mended, against the row as it counts now.

Reckoned from the row alone, and for no more findings than can be listed, so that a file of many problems
costs no more than its length.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, get_args

from sheetkit.intake.columns import Reading, read_cell
from sheetkit.intake.tables import Part
from sheetkit.model.fields import fields
from sheetkit.model.findings import FINDINGS_SHOWN, Effect, Severity
from sheetkit.model.lists import lists


class About(NamedTuple):
    """Which cell a finding of a part is about: its place among the findings, column and row.

    ``fells``: whether the row falls because of it.
    """

    finding: int
    key: str
    at: int
    fells: bool


def add_effects(part: Part, how: Reading, about: Iterable[About]) -> None:
    """Give the findings about cells what they change; those that no list reaches go without."""
    every = list(about)
    felling = Counter(one.at for one in every if one.fells)
    row, known = _Rows(part), fields(part.table)
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for one in _listed(part, every):
        finding = part.findings[one.finding]
        fix = one.key, finding.fix
        if fix not in values:  # of a whole column's problems, few differ
            mended = read_cell(finding.fix, known[one.key], how)[0] if finding.fix else None
            values[fix] = {one.key: mended} if finding.fix else {}
        effect = _effect(row, one, felling[one.at] - one.fells, values[fix])
        part.findings[one.finding] = replace(finding, effect=effect)


def _listed(part: Part, every: list[About]) -> list[About]:
    """The first of them in the order of a list: errors before warnings, else by row and column."""
    if len(every) <= FINDINGS_SHOWN:
        return every
    columns = {key: match.column for key, match in part.layout.matches.items()}
    found: list[About] = []
    for severity in get_args(Severity):
        alike = (one for one in every if part.findings[one.finding].severity == severity)
        left = FINDINGS_SHOWN - len(found)
        found += heapq.nsmallest(left, alike, key=lambda one: (one.at, columns.get(one.key, 0), one.finding))
    return found


def _effect(row: _Rows, about: About, others: int, mended: Mapping[str, Any]) -> Effect | None:
    part, at = row.part, about.at
    then = row.net(at, mended)
    people = row.people(at, mended)
    if not part.used[at]:
        return Effect(part.table, 1, then, people, others)
    more = then - row.net(at, {})
    if more:
        return Effect(part.table, 0, more, people)
    if part.values(about.key)[at] is None:
        return Effect(part.table)
    return Effect(part.table, 1, then, people, inferred=True)


class _Rows:
    """The figures of a part's rows that count."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self._columns = {key: cleaned.values for key, cleaned in part.cleaned.items()}
        self._counts = lists()["trade_state"].code("completed") if part.table == "trades" else None

    def _value(self, key: str, at: int, mended: Mapping[str, Any]) -> Any:
        column = self._columns.get(key)
        return mended.get(key, column[at] if column else None)

    def net(self, at: int, mended: Mapping[str, Any]) -> int:
        """The cents that count of a row: what was paid less what went back, where the deal was done."""
        if self._counts is None or self._value("state", at, mended) not in (None, self._counts):
            return 0
        paid, back = (self._value(key, at, mended) or 0 for key in ("amount", "refund_amount"))
        return int(paid - back)

    def people(self, at: int, mended: Mapping[str, Any]) -> int:
        """Whether anybody is named."""
        return int(any(self._value(key, at, mended) for key in ("nickname", "customer_id")))
