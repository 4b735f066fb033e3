"""The lines on 看板 that say whose birthday is near."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.messages import text
from sheetkit.writing.live.birthdays import NEAR_DAYS, PLACE
from sheetkit.writing.live.cached import Value
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.sentence import Said, count, sentence
from sheetkit.writing.sheet import Sheet

LINES = 8
_SHOWN = ("customer", "birthday", "in_days", "class", "say")


def write_birthdays(sheet: Sheet, live: Live, row: int, columns: Sequence[int], across: int) -> int:
    """The section from ``row`` on, its table in the given columns of a sheet so many columns wide; returns
    the row below it."""
    lang, look = live.lang, live.look
    order = live.column("people", "birthday_order")
    held = sorted(one for one in live.cached.column("people", "birthday_order") if isinstance(one, int))
    for col in range(columns[0], across):
        words = text("festivals.birthdays", lang) if col == columns[0] else None
        sheet.write(row, col, words, look("section"))
    days = Said(f'"{NEAR_DAYS}"', str(NEAR_DAYS))
    total = count(Said(f"COUNT({order})", len(held)))
    said = sentence("festivals.live_says", lang, days=days, count=total)
    sheet.formula(row + 1, columns[0], f"={said.formula}", said.value, look("hint", text_wrap=False))
    main = live.rulebook.dimensions[live.blueprint.dimensions[0]]
    headings = dict(zip(columns, _SHOWN, strict=True))
    for col in range(columns[0], across):
        key = headings.get(col)
        words = main.labels[lang] if key == "class" else text(f"festivals.{key}", lang) if key else None
        sheet.write(row + 2, col, words, look("heading"))
    for nth in range(1, LINES + 1):
        _line(sheet, live, (order, nth), held[nth - 1] if nth <= len(held) else None, row + 2 + nth, columns)
    return row + 3 + LINES


def _line(
    sheet: Sheet, live: Live, place: tuple[str, int], now_at: int | None, row: int, columns: Sequence[int]
) -> None:
    """The nth of the birthdays, "" where there are fewer."""
    order, nth = place
    smallest = f"SMALL({order},{nth})"
    number, until = f"MOD({smallest},{PLACE})", f"INT({smallest}/{PLACE})"
    main = live.blueprint.dimensions[0]
    who = None if now_at is None else now_at % PLACE - 1
    days = 0 if now_at is None else now_at // PLACE
    name = Said(f"INDEX({live.column('people', 'name')},{number})", _person(live, "name", who))
    parts: list[tuple[Said, str]] = [
        (name, "text"),
        (Said(f"analysis_date+{until}", live.as_of + days), "date"),
        (Said(until, days), "count"),
        (Said(f"INDEX({live.column('people', main)},{number})", _person(live, main, who)), "text"),
        (sentence("festivals.greeting", live.lang, name=_spoken(live, number, name, who)), "text"),
    ]
    for col, (said, kind) in zip(columns, parts, strict=True):
        more: dict[str, object] = {"num_format": "General", "text_wrap": False} if kind == "text" else {}
        fmt = live.look("plain", kind, **more)  # type: ignore[arg-type]  # text, date or count
        value = "" if now_at is None else said.value
        sheet.formula(row, col, f'=IF(COUNT({order})<{nth},"",{said.formula})', value, fmt)


def _spoken(live: Live, number: str, name: Said, who: int | None) -> Said:
    """Her name as it is typed: without the id that tells her from somebody else of that name."""
    typed = live.layout.outside("stack", "name", live.layout.stack_rows)
    own = f"INDEX({typed},INDEX({live.column('people', 'place')},{number}))"
    said = "" if who is None else live.typed.identity.spoken(who + 1)
    return Said(f'IF({own}="",{name.formula},{own})', said)


def _person(live: Live, key: str, at: int | None) -> Value:
    return "" if at is None else live.person(key, at)
