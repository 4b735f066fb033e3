"""负责人与部门: who looks after whom, what they sold, what is due; by department and by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sheetkit.analysis.page import Found, Kind, Page, PageColumn, Section, Value
from sheetkit.analysis.pages.people import asked, grouped, typed
from sheetkit.messages import text
from sheetkit.model.book import Column

SOON_DAYS = 7
AWAY = ("sleeping", "lost")


def team_page(found: Found) -> Page | None:
    """The page of a workbook in which somebody is responsible for somebody."""
    if not asked(found, "owner") or not any((*typed(found, "owner"), *typed(found, "department"))):
        return None
    lang = found.lang
    sections = (_table(found, "department"), _table(found, "owner"), _due(found))
    return Page("team", text("team.about", lang, days=SOON_DAYS), sections)


def _named(found: Found, values: Column) -> list[str]:
    nobody = text("team.nobody", found.lang)
    return [str(one) if one else nobody for one in values]


def _table(found: Found, key: str) -> Section:
    """Customers, those who buy or stay away, sales and tasks of each department or person."""
    lang, people, stage = found.lang, found.customers, found.template.dimensions[0]
    names = _named(found, typed(found, key))
    year = Counter[int]()
    for who, day, cents in zip(found.ledger.customer, found.ledger.day, found.ledger.net, strict=True):
        if who and found.as_of - 365 < day <= found.as_of:
            year[who - 1] += cents
    due, all_tasks = _tasks_of(found, soon=True), _tasks_of(found, soon=False)
    nobody = text("team.nobody", lang)
    rows: list[tuple[Value, ...]] = []
    for name, members in sorted(grouped(names).items(), key=lambda one: (one[0] == nobody, one[0])):
        bought = sum(1 for at in members if (people.get("known_visits", people["visits"])[at] or 0) > 0)
        away = sum(1 for at in members if people[stage][at] in AWAY)
        sold = sum(year[at] for at in members)
        counts = (len(members), bought, away, sold, sum(due[at] for at in members))
        rows.append((name, *counts, sum(all_tasks[at] for at in members)))
    headings = [text(f"team.{one}", lang) for one in ("customers", "bought", "away", "sold", "due", "tasks")]
    title = text(f"team.{key}", lang)
    columns = (PageColumn(title), *map(PageColumn, headings, _KINDS))
    left = sum(1 for one in names if one == nobody)
    says = text("team.left" if left else "team.all", lang, count=left, of=len(names))
    return Section(title, says, columns, rows)


_KINDS: tuple[Kind, ...] = ("count", "count", "count", "money", "count", "count")


def _tasks_of(found: Found, *, soon: bool) -> Counter[int]:
    """How many tasks of the plan each customer (counted from 0) has, or has within days."""
    place = {name: at for at, name in enumerate(found.identity.names)}
    until = found.as_of + SOON_DAYS if soon else None
    return Counter(place[one.customer] for one in found.tasks if until is None or one.due <= until)


def _due(found: Found) -> Section:
    """The tasks due soon, by the person who is responsible."""
    lang = found.lang
    place = {name: at for at, name in enumerate(found.identity.names)}
    owners, departments = (_named(found, typed(found, key)) for key in ("owner", "department"))
    soon = [one for one in found.tasks if one.due <= found.as_of + SOON_DAYS]
    nobody = text("team.nobody", lang)
    owner = {one.customer: owners[place[one.customer]] for one in soon}
    soon.sort(key=lambda one: (owner[one.customer] == nobody, owner[one.customer], one.due, one.customer))
    rows: list[Sequence[Value]] = [
        (
            owner[one.customer],
            departments[place[one.customer]],
            one.customer,
            one.class_label,
            one.due,
            one.priority,
            one.channel,
            one.action,
        )
        for one in soon
    ]
    heads = [text(f"team.{one}", lang) for one in ("owner", "department", "customer", "class")]
    numbers = (
        PageColumn(text("team.by", lang), "date"),
        PageColumn(text("team.priority", lang), "count"),
    )
    words = PageColumn(text("team.channel", lang)), PageColumn(text("team.action", lang), width=46)
    columns = (*map(PageColumn, heads), *numbers, *words)
    says = text("team.due_says" if rows else "team.due_none", lang, count=len(rows), days=SOON_DAYS)
    return Section(text("team.due_title", lang), says, columns if rows else (), rows)
