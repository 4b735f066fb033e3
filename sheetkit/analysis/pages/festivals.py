"""节日与生日: what comes up for this kind of shop, when to begin, and whose birthday is near."""

from __future__ import annotations

from sheetkit.analysis.festivals import Occasion, coming, next_birthday
from sheetkit.analysis.page import Found, Kind, Page, PageColumn, Section, Value
from sheetkit.analysis.pages.people import typed
from sheetkit.messages import text
from sheetkit.model.days import to_date, to_day
from sheetkit.model.lists import lists

FESTIVAL_DAYS, BIRTHDAY_DAYS = 120, 14


def festival_page(found: Found) -> Page | None:
    """The page of a template that reminds of festivals."""
    if not found.template.festivals:
        return None
    kinds = {one.meaning: one.labels[found.lang] for one in lists()["shop_kind"].entries}
    about = text("festivals.about", found.lang, kind=kinds[found.shop_kind], days=FESTIVAL_DAYS)
    return Page("festivals", about, (_birthdays(found), _festivals(found)))


def _festivals(found: Found) -> Section:
    lang, today = found.lang, to_date(found.as_of)
    listed = coming(today, found.shop_kind, FESTIVAL_DAYS)
    rows = [_row(found, one) for one in listed]
    busy = [one for one in listed if one.festival.purpose != "none" and one.first > today]
    begun = [one for one in busy if one.prepare_from <= today]
    ahead = [one for one in busy if one.prepare_from > today]
    comma = text("festivals.comma", lang)
    parts = []
    if begun:
        names = comma.join(one.festival.labels[lang] for one in begun)
        parts.append(text("festivals.begun", lang, names=names))
    if ahead:
        first = min(ahead, key=lambda one: (one.prepare_from, one.first))
        name, day = first.festival.labels[lang], first.prepare_from.isoformat()
        parts.append(text("festivals.next", lang, name=name, day=day))
    heads = [text(f"festivals.{one}", lang) for one in ("first", "last", "in_days", "prepare", "ship")]
    columns = (
        PageColumn(text("festivals.name", lang)),
        *(PageColumn(one, "count" if at == 2 else "date") for at, one in enumerate(heads)),
        PageColumn(text("festivals.do", lang)),
        PageColumn(text("festivals.note", lang), width=46),
    )
    return Section(text("festivals.title", lang), " ".join(parts), columns, rows)


def _row(found: Found, one: Occasion) -> tuple[Value, ...]:
    lang, festival = found.lang, one.festival
    first = to_day(one.first)
    idle = festival.purpose == "none"
    return (
        festival.labels[lang],
        first,
        to_day(one.last) if festival.lasts > 1 else None,
        max(0, first - found.as_of),
        None if idle and not festival.prepare_days else to_day(one.prepare_from),
        None if one.ship_by is None else to_day(one.ship_by),
        text(f"festivals.{festival.purpose}", lang),
        festival.note[lang],
    )


def _birthdays(found: Found) -> Section:
    """Who has a birthday soon, and what may be said."""
    lang, today = found.lang, to_date(found.as_of)
    born = typed(found, "birthday")
    days = [None if one is None else to_day(next_birthday(to_date(one), today)) for one in born]
    near = sorted(
        (day, at) for at, day in enumerate(days) if day is not None and day - found.as_of <= BIRTHDAY_DAYS
    )
    rows = [_birthday(found, day, at) for day, at in near]
    main = found.rules.book.dimensions[found.template.dimensions[0]]
    heads = {
        key: text(f"festivals.{key}", lang) if key != "class" else main.labels[lang]
        for key in ("customer", "birthday", "in_days", "class", "owner", "department", "phone", "say")
    }
    columns = tuple(
        PageColumn(head, _KINDS.get(key, "text"), 46 if key == "say" else 0) for key, head in heads.items()
    )
    known = sum(one is not None for one in born)
    says = text("festivals.birthdays_says", lang, count=len(rows), days=BIRTHDAY_DAYS, known=known)
    return Section(text("festivals.birthdays", lang), says, columns if rows else (), rows)


_KINDS: dict[str, Kind] = {"birthday": "date", "in_days": "count"}


def _birthday(found: Found, day: int, at: int) -> tuple[Value, ...]:
    """One customer's line; who is not to be written to, or waits for something, gets no greeting."""
    lang = found.lang
    main = found.rules.book.dimensions[found.template.dimensions[0]]
    stage = main.cls(found.customers[main.key][at]).labels[lang]
    said = text("festivals.greeting", lang, name=found.identity.spoken(at + 1))
    if found.customers["do_not_contact"][at] == lists()["yes"].code("yes"):
        said = text("festivals.silent", lang)
    elif (found.customers["open_cases"][at] or 0) > 0:
        said = text("festivals.case_first", lang)
    known = (typed(found, key)[at] for key in ("owner", "department", "phone"))
    return found.identity.names[at], day, day - found.as_of, stage, *known, said
