"""投诉与售后: what is open, how long it takes to close, and what it is mostly about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from statistics import median

from sheetkit.analysis.compared import SPANS
from sheetkit.analysis.page import Found, Page, PageColumn, Section, Value
from sheetkit.messages import text
from sheetkit.model.days import to_date
from sheetkit.model.fields import fields
from sheetkit.model.lists import lists

FLOOR_CASES = 5
"""Closed cases a median rests on."""
MOST_OPEN = 100


@dataclass(frozen=True)
class Case:
    """One row of 售后: day numbers, None where blank; ``kind`` and ``fault`` in words."""

    customer: str
    opened: int
    closed: int | None
    is_open: bool
    due: int | None
    kind: str
    content: str
    fault: str

    @property
    def days(self) -> int | None:
        """How long it took, where that is known."""
        known = not self.is_open and self.closed is not None and self.closed >= self.opened
        return self.closed - self.opened if known and self.closed is not None else None


def complaints(found: Found) -> Page | None:
    """The page, where the template has the sheet and it holds a case."""
    cases = _cases(found)
    if not found.template.has("cases") or not cases:
        return None
    about = text("complaints.about", found.lang, day=to_date(found.as_of).isoformat(), count=len(cases))
    sections = [_open(found, cases), _speed(found, cases)]
    sections += [_by(found, cases, key) for key in ("kind", "fault")]
    return Page("complaints", about, tuple(sections))


def _cases(found: Found) -> list[Case]:
    table, names = found.book.tables["cases"], found.identity.names
    keys = ("date", "closed_on", "status", "due", "kind", "content", "fault")
    rows = zip(found.identity.number["cases"], *(table.column(key) for key in keys), strict=True)
    closed_code = lists()["case_status"].code("closed")
    return [
        Case(
            customer=names[who - 1] if who else "",
            opened=opened,
            closed=closed,
            is_open=status != closed_code,
            due=due,
            kind=_meaning(found, "kind", kind),
            content=str(content or ""),
            fault=_meaning(found, "fault", fault),
        )
        for who, opened, closed, status, due, kind, content, fault in compress(rows, table.used)
        if opened
    ]


def _meaning(found: Found, key: str, code: int | None) -> str:
    """What a code of the sheet's list stands for, in words."""
    meanings = lists()[fields("cases")[key].list_key].meanings.values()
    return next((one.labels[found.lang] for one in meanings if one.code == code), "")


def _label(found: Found, key: str) -> str:
    return fields("cases")[key].labels[found.lang]


def _open(found: Found, cases: Sequence[Case]) -> Section:
    """What is not settled, the longest first."""
    lang = found.lang
    waiting = sorted((one for one in cases if one.is_open), key=lambda one: one.opened)
    late = sum(one.due is not None and one.due < found.as_of for one in waiting)
    title = text("complaints.open", lang)
    if not waiting:
        return Section(title, text("complaints.open_none", lang))
    columns = (
        PageColumn(_label(found, "nickname")),
        PageColumn(_label(found, "date"), "date"),
        PageColumn(text("complaints.days_open", lang), "days"),
        PageColumn(_label(found, "due"), "date"),
        PageColumn(_label(found, "kind")),
        PageColumn(_label(found, "content")),
    )
    rows: list[list[Value]] = [
        [one.customer, one.opened, found.as_of - one.opened, one.due, one.kind, one.content]
        for one in waiting[:MOST_OPEN]
    ]
    oldest = found.as_of - waiting[0].opened
    says = text("complaints.open_says", lang, count=len(waiting), days=oldest, late=late)
    return Section(title, says, columns, rows)


def _speed(found: Found, cases: Sequence[Case]) -> Section:
    """The median of days to close, each span against the same span before; by the day it was closed."""
    lang, now = found.lang, found.as_of
    done = [(one.closed, one.days) for one in cases if one.days is not None and one.closed is not None]
    unknown = sum(not one.is_open and one.days is None for one in cases)

    def within(start: int, end: int) -> tuple[Value, int]:
        days = [taken for closed, taken in done if start < closed <= end]
        return (median(days) if len(days) >= FLOOR_CASES else text("complaints.few", lang)), len(days)

    rows: list[list[Value]] = []
    for span in SPANS:
        before, after = within(now - 2 * span, now - span), within(now - span, now)
        rows.append([text("complaints.span", lang, days=span), *before, *after])
    columns = (
        PageColumn(text("complaints.period", lang)),
        PageColumn(text("complaints.before", lang), "days"),
        PageColumn(text("complaints.closed", lang), "count"),
        PageColumn(text("complaints.lately", lang), "days"),
        PageColumn(text("complaints.closed", lang), "count"),
    )
    says = text("complaints.speed_few", lang, floor=FLOOR_CASES)
    if len(done) >= FLOOR_CASES:
        middle = f"{median([taken for _, taken in done]):g}"
        says = text("complaints.speed_says", lang, count=len(done), days=middle, floor=FLOOR_CASES)
    if unknown:
        says += text("complaints.speed_unknown", lang, count=unknown, closed_on=_label(found, "closed_on"))
    return Section(text("complaints.speed", lang), says, columns, rows)


def _by(found: Found, cases: Sequence[Case], key: str) -> Section:
    """How many there are of each, open and in all, the commonest first."""
    lang, groups = found.lang, defaultdict[str, list[Case]](list)
    for one in cases:
        groups[getattr(one, key) or text("complaints.blank", lang)].append(one)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    columns = (
        PageColumn(_label(found, key)),
        PageColumn(text("complaints.cases", lang), "count"),
        PageColumn(text("complaints.still_open", lang), "count"),
        PageColumn(text("complaints.median", lang), "days"),
    )
    rows: list[list[Value]] = []
    for label, some in ranked:
        taken = [one.days for one in some if one.days is not None]
        shown: Value = median(taken) if len(taken) >= FLOOR_CASES else text("complaints.few", lang)
        rows.append([label, len(some), sum(one.is_open for one in some), shown])
    first, count = ranked[0][0], len(ranked[0][1])
    says = text("complaints.by_says", lang, label=first, count=count, floor=FLOOR_CASES)
    return Section(text(f"complaints.by.{key}", lang), says, columns, rows)
