"""What copies say beside their rows (settings, lists, the plan, answers to «same person»), put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sheetkit.edits.copies import Copy
from sheetkit.edits.standing import HeldList
from sheetkit.intake.cells import column_of, display, letters, tidy
from sheetkit.intake.plan import headed
from sheetkit.intake.same import pair_table
from sheetkit.messages import text
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.report import PLAN_COLUMNS, PLAN_STATUS

Place = tuple[int, int]
Outcome = Literal["conflict", "filled", "added", "left"]
"""Copies differ, the base's stays; a blank of the base is filled; a label came; there was no place for it."""


@dataclass(frozen=True)
class Aside:
    """One thing beside the rows: where it is in the base ("" for nowhere), what, and {copy: what it says}."""

    outcome: Outcome
    sheet: str
    cell: str
    what: str
    versions: Mapping[int, str]


@dataclass
class Asides:
    """All of them, and what is put into the base, {sheet: {place: value}}."""

    found: list[Aside] = field(default_factory=list)
    puts: dict[str, dict[Place, str | float]] = field(default_factory=dict)

    def settle(self, sheet: str, place: Place | None, what: str, versions: Mapping[int, object]) -> None:
        """One value that copies may differ in: {copy: value}, None or "" for a blank one."""
        said = {copy: value for copy, value in versions.items() if value not in (None, "")}
        base, others = versions.get(0), {value for copy, value in said.items() if copy}
        if not others or others == {base}:
            return
        shown = {copy: _shown(value) for copy, value in said.items()}
        cell = "" if place is None else f"{letters(place[1])}{place[0] + 1}"
        if base not in (None, "") or len(others) > 1:
            self.found.append(Aside("conflict", sheet, cell, what, shown))
        elif place is None:
            self.found.append(Aside("left", sheet, "", what, shown))
        else:
            (value,) = others
            self.put(sheet, place, value if isinstance(value, float) else _shown(value))
            self.found.append(Aside("filled", sheet, cell, what, shown))

    def put(self, sheet: str, place: Place, value: str | float) -> None:
        """Put a value into the base."""
        self.puts.setdefault(sheet, {})[place] = value


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def asides(copies: Sequence[Copy], held: Sequence[Mapping[str, HeldList]], lists_sheet: str) -> Asides:
    """Everything beside the rows. ``held``: each copy's lists; ``lists_sheet``: the base's, "" for none."""
    found = Asides()
    _settings(copies, found)
    _lists(copies, held, lists_sheet, found)
    _plan(copies, found)
    _answers(copies, found)
    return found


def _settings(copies: Sequence[Copy], found: Asides) -> None:
    base, books = copies[0], [one.book for one in copies]
    own = [{**book.settings, **book.goals} for book in books]
    for key in dict.fromkeys(key for values in own for key in values):
        sheet, cell = base.book.setting_cells.get(key, ("", ""))
        what = _setting(base, sheet, cell) if sheet else key
        place = column_of(cell) if cell else None
        found.settle(sheet, place, what, {at: values.get(key) for at, values in enumerate(own)})
    lang, known = base.book.lang, lists()["shop_kind"]
    kinds = {meaning.key: meaning.labels[lang] for meaning in known.meanings.values()}
    said = {at: kinds.get(book.shop_kind, book.shop_kind) for at, book in enumerate(books)}
    found.settle("", None, known.labels[lang], said)
    for at, book in enumerate(books[1:], 1):
        for picked in book.results.values():
            if picked not in books[0].results.values():
                found.found.append(Aside("left", "", "", text("merge.picked", lang), {at: picked}))


def _setting(base: Copy, sheet: str, cell: str) -> str:
    row = base.source.grid(sheet).rows[column_of(cell)[0]]
    return tidy(display(row[1])) if len(row) > 1 else ""


def _lists(copies: Sequence[Copy], held: Sequence[Mapping[str, HeldList]], sheet: str, found: Asides) -> None:
    """New labels go below those of the base; a label with another meaning is a conflict."""
    lang = copies[0].book.lang
    for key, mine in held[0].items():
        entries = list(mine.entries)
        known = {fold(label): (label, meaning) for label, meaning in entries if label}
        free = max((at for at, (label, _) in enumerate(entries, 1) if label), default=0)
        name = lists()[key].labels[lang] if key in lists() else key
        for at, theirs in enumerate(held[1:], 1):
            for label, meaning in theirs[key].entries if key in theirs else ():
                if not label:
                    continue
                if fold(label) in known:
                    before, meant = known[fold(label)]
                    found.settle(sheet, None, f"{name}: {before}", {0: meant, at: meaning or meant})
                    continue
                known[fold(label)] = label, meaning
                room = free < mine.rows
                cell = f"{letters(mine.column)}{free + 2}" if room else ""
                found.found.append(Aside("added" if room else "left", sheet, cell, name, {at: label}))
                if room:
                    found.put(sheet, (free + 1, mine.column), label)
                    if meaning:
                        found.put(sheet, (free + 1, mine.column + 1), meaning)
                    free += 1


def _plan(copies: Sequence[Copy], found: Asides) -> None:
    base, plans = copies[0], [one.book.plan for one in copies]
    sheet, lang = base.book.added.get("plan", ""), base.book.lang
    rows = base.source.grid(sheet).rows if sheet else []
    header, columns = headed(rows, PLAN_COLUMNS)
    at_key = columns.get("key", -1)
    tasks = ((at, row) for at, row in enumerate(rows) if at > header and 0 <= at_key < len(row))
    at_row = {display(row[at_key]): at for at, row in tasks}
    begins = set(PLAN_STATUS[0].all())
    for key in dict.fromkeys(key for plan in plans for key in plan):
        for column in (one for one in PLAN_COLUMNS if one.typed):
            said = {at: plan.get(key, {}).get(column.key, "") for at, plan in enumerate(plans)}
            said = {at: "" if column.key == "status" and one in begins else one for at, one in said.items()}
            place = (at_row[key], columns[column.key]) if key in at_row and column.key in columns else None
            about = next((plan[key].get("customer", key) for plan in plans if key in plan), key)
            found.settle(sheet, place, f"{about}: {column.labels[lang]}", said)


def _answers(copies: Sequence[Copy], found: Asides) -> None:
    base = copies[0]
    sheet, place_of = base.book.added.get("same", ""), _answer_places(base)
    said: dict[frozenset[str], dict[int, str]] = {}
    names: dict[frozenset[str], str] = {}
    for at, one in enumerate(copies):
        for tick in one.book.same:
            pair = frozenset((fold(tick.name), fold(tick.other)))
            said.setdefault(pair, {})[at] = tick.typed
            names.setdefault(pair, f"{tick.name} = {tick.other}?")
    for pair, versions in said.items():
        found.settle(sheet, place_of(pair), names[pair], versions)


def _answer_places(base: Copy) -> Callable[[frozenset[str]], Place | None]:
    sheet = base.book.added.get("same", "")
    rows = base.source.grid(sheet).rows if sheet else []
    table = pair_table(rows)
    if table is None:
        return lambda pair: None
    places = {}
    for at in range(table.first, table.end):
        pair = frozenset(fold(display(rows[at][column])) for column in (table.name, table.other))
        places[pair] = at, table.answer
    return places.get
