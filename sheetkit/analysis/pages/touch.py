"""Who is in touch, as far as it is written down, and which follow-ups are late."""

from __future__ import annotations

from collections import Counter

from sheetkit.analysis.page import Found, PageColumn, Section, Value
from sheetkit.messages import text
from sheetkit.model.lists import lists
from sheetkit.rules.words import show

WITHIN_DAYS = 90
ENOUGH_SHARE = 0.2
"""Sellers write few chats down: where fewer buyers have a contact, no record does not mean no contact."""
MOST_ROWS = 20


def touch(found: Found) -> Section:
    """Per class of frequency: how many had a contact in 90 days, how many contacts, how many from her."""
    lang, people = found.lang, found.customers
    dimension = found.rules.book.dimensions["frequency"]
    buyers = [at for at, day in enumerate(people["last_day"]) if day is not None]
    known = [at for at in buyers if people["contacts_90"][at]]
    title = text("habits.touch", lang)
    params: dict[str, object] = {"known": len(known), "buyers": len(buyers), "days": WITHIN_DAYS}
    if not buyers or len(known) < ENOUGH_SHARE * len(buyers):
        share = show(ENOUGH_SHARE, "percent")
        return Section(title, text("habits.touch_few", lang, share=share, **params))
    inbound = _inbound(found)
    rows: list[tuple[Value, ...]] = []
    for one in dimension.classes:
        mine = [at for at in buyers if people["frequency"][at] == one.key]
        contacts = sum(people["contacts_90"][at] for at in mine)
        if mine:
            had = sum(at in known for at in mine)
            hers = sum(inbound[at + 1] for at in mine)
            row = (one.labels[lang], len(mine), had, had / len(mine), contacts, contacts / len(mine))
            rows.append((*row, hers / contacts if contacts else None))
    heads = {
        "class": "text", "buyers": "count", "touched": "count", "touched_share": "percent",
        "contacts": "count", "contacts_each": "number", "hers": "percent",
    }  # fmt: skip
    columns = tuple(PageColumn(text(f"habits.{key}", lang), kind) for key, kind in heads.items())  # type: ignore[arg-type]
    return Section(title, text("habits.touch_says", lang, **params), columns, rows)


def _inbound(found: Found) -> Counter[int]:
    """{customer number: contacts of the last 90 days that she began}."""
    table, numbers = found.book.tables["contacts"], found.identity.number["contacts"]
    code = lists()["direction"].code("inbound")
    days, directions = table.column("date"), table.column("direction", 0)
    since = found.as_of - WITHIN_DAYS
    lines = zip(numbers, days, directions, table.used, strict=True)
    return Counter(who for who, day, way, used in lines if used and who and way == code and day >= since)


def late_follow_ups(found: Found) -> Section | None:
    """What should have been followed up by now and was not; None in a template without such a column."""
    if not any(one.key == "followed_on" for one in found.template.sheet("contacts").columns):
        return None
    lang, table = found.lang, found.book.tables["contacts"]
    still = lists()["case_status"].code("open")
    dues, done, states = (table.column(key) for key in ("due", "followed_on", "status"))
    names, texts, days = (table.column(key) for key in ("nickname", "content", "date"))
    open_rows = [
        at
        for at, used in enumerate(table.used)
        if used and states[at] in (None, still) and not done[at] and dues[at] and dues[at] < found.as_of
    ]
    open_rows.sort(key=lambda at: (dues[at], at))
    rows: list[tuple[Value, ...]] = [
        (names[at] or "", texts[at] or "", days[at], dues[at], found.as_of - dues[at])
        for at in open_rows[:MOST_ROWS]
    ]
    heads = {"customer": "text", "content": "text", "date": "date", "due": "date", "late": "days"}
    columns = tuple(PageColumn(text(f"habits.{key}", lang), kind) for key, kind in heads.items())  # type: ignore[arg-type]
    says = text("habits.follow_says" if rows else "habits.follow_none", lang, count=len(open_rows))
    return Section(text("habits.follow", lang), says, columns if rows else (), rows)
