"""The values the helper sheet's formulas have now, so that previews, phones and readers show them before any
recalculation. They come from the analysis of the same cells *as typed*; the recalculation test holds the
two together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, repeat

from sheetkit.analysis.identity import CHANNEL_NAMES, Identity
from sheetkit.analysis.listed import places
from sheetkit.analysis.measured import Measured
from sheetkit.model.book import Book, Column, Table
from sheetkit.model.fields import TableKey, fields, tables
from sheetkit.model.lists import lists
from sheetkit.model.owed import OWED_TABLES
from sheetkit.rules.evaluate import function
from sheetkit.rules.rulebook import Rulebook
from sheetkit.rules.tree import Opens
from sheetkit.writing.live import birthdays
from sheetkit.writing.live.column import DAY, KEY, NOTHING
from sheetkit.writing.live.layout import FIRST_ROW, Layout
from sheetkit.writing.live.owed import (
    AFTER_DAYS,
    DUTY,
    WISH,
    kind_codes,
    owed_key,
    owed_offset,
    owed_tables,
)
from sheetkit.writing.live.places import FilterKey

Value = str | float | int


@dataclass(frozen=True)
class Typed:
    """A book read as typed, who is who in it, and what the rulebook measures on the day ``as_of``."""

    book: Book
    identity: Identity
    measured: Measured
    thresholds: Mapping[str, float]
    as_of: int


class Cached:
    """``column(block, key)``: the cached values of a helper column from its first row on; shorter where
    the rest is blank."""

    def __init__(
        self, layout: Layout, rulebook: Rulebook, filters: Mapping[FilterKey, str], typed: Typed
    ) -> None:
        self.layout = layout
        self.rulebook = rulebook
        self.filters = filters
        self.typed = typed
        self.columns: dict[tuple[str, str], list[Value]] = {}
        self._stack()
        for table in rulebook.raw:
            self._rows(table)
        self._owed()
        self._people()
        self._filters()

    def column(self, block: str, key: str) -> list[Value]:
        """The values of a helper column, from its first row on."""
        return self.columns.get((block, key), [])

    def _by_line(self, table: TableKey) -> dict[int, int]:
        """{row of the entry sheet: index into the table}, within the capacity."""
        most = self.layout.capacity.rows(table) + 1
        return {row: at for at, row in enumerate(self.typed.book.tables[table].row) if row <= most}

    # Names

    def _stack(self) -> None:
        for key in ("name", "id", "beside"):
            self.columns["stack", key] = []
        called: list[str] = []
        found: list[int] = []
        numbers: list[int] = []
        for table in self.layout.stacked:
            self._stack_table(table, called, found, numbers)
        running, count = [], 0
        for at, place in enumerate(found):
            count += place == at + 1
            running.append(count)
        self.columns["stack", "called"] = list(called)
        self.columns["stack", "found"] = list(found)
        self.columns["stack", "running"] = list(running)
        homes = self.typed.book.tables["customers"]
        lines = self._by_line("customers")
        codes = homes.column("customer_id")
        shown: list[Value] = []
        ids: list[Value] = []
        for line in range(2, self.layout.capacity.customers + 2):
            home = lines.get(line) if called[line - 2] else None
            shown.append("" if home is None else self._known_as(homes, home))
            ids.append(f"#{codes[home]}" if home is not None and codes[home] else "")
        self.columns["home", "aliases"] = shown
        self.columns["home", "joined"] = list(accumulate(str(one).lower() for one in shown))
        self.columns["home", "id"] = ids

    def _known_as(self, homes: Table, home: int) -> str:
        """A customer's further names, between 、 signs."""
        aliases = homes.column("aliases")[home]
        known = [key for key in CHANNEL_NAMES if self.layout.has("customers", key)]
        names = [_joined(homes.column(key)[home] or "") for key in known]
        own = f"、{_separated(aliases)}、" if aliases else ""
        return f"{own or '、'}{'、'.join(names)}、" if any(names) else own

    def _stack_table(self, table: TableKey, called: list[str], found: list[int], numbers: list[int]) -> None:
        rows, lines = self.typed.book.tables[table], self._by_line(table)
        names, codes = rows.column("nickname"), rows.column("customer_id")
        number, said = self.typed.identity.number[table], self.typed.identity.said[table]
        first_place: dict[int, int] = {}
        for place, one in enumerate(numbers, 1):
            if one:
                first_place.setdefault(one, place)
        for line in range(2, self.layout.capacity.rows(table) + 2):
            at = lines.get(line)
            name, code, who = ("", "", 0) if at is None else (names[at] or "", codes[at] or "", number[at])
            called.append("" if at is None else said[at] or "")
            self.columns["stack", "name"].append(name)
            self.columns["stack", "id"].append(code)
            self.columns["stack", "beside"].append((name or code) if code and called[-1] else "")
            numbers.append(who)
            found.append(first_place.setdefault(who, len(numbers)) if who else 0)

    # Rows

    def _rows(self, table: TableKey) -> None:
        rows, lines = self.typed.book.tables[table], self._by_line(table)
        customer = self.typed.identity.number[table]
        dates = rows.column("date")
        keys: dict[int, int] = {
            line: customer[at] * KEY + dates[at] * DAY + line for line, at in lines.items() if rows.used[at]
        }
        order = sorted(keys, key=lambda line: keys[line])
        count = self.layout.capacity.rows(table)
        span = range(2, count + 2)
        self.columns[f"{table}_in", "key"] = [keys.get(line, "") for line in span]
        self.columns[table, "key"] = [*(keys[line] for line in order), *[NOTHING] * (count - len(order))]
        indexes = [lines[line] for line in order]
        for name in self.rulebook.raw[table]:
            values = self._numbers(table, "date" if name == "day" else name)
            whole = [math.floor(values[at] or 0) for at in indexes]
            self.columns[table, name] = [*whole, *[0] * (count - len(order))]
        if tables()[table].deciding:
            self._deciding(table, rows, lines)
        if table == "trades":
            self._trades(lines, keys, order)
        if table in OWED_TABLES:
            self._status(table, rows, lines)
        self._spans(table, [customer[at] for at in indexes])

    def _numbers(self, table: TableKey, key: str) -> Column:
        """A column as rules read it; blank cells may be None."""
        values, field = self.typed.book.tables[table].column(key), fields(table)[key]
        plain = field.kind == "list" and not field.coded
        return places(self.typed.book, field, values) if plain else values

    def _deciding(self, table: TableKey, rows: Table, lines: dict[int, int]) -> None:
        key = tables()[table].deciding
        blank = lists()[fields(table)[key].list_key].blank_code
        typed = rows.column(key, blank)
        known = {line: (-1 if typed[at] is None else typed[at]) for line, at in lines.items()}
        span = range(2, self.layout.capacity.rows(table) + 2)
        self.columns[f"{table}_in", key] = [known.get(line, blank) for line in span]

    def _trades(self, lines: dict[int, int], keys: dict[int, int], order: list[int]) -> None:
        count = self.layout.capacity.trades
        place = {line: at + 1 for at, line in enumerate(order)}
        self.columns["trades_in", "place"] = [place.get(line, 0) for line in range(2, count + 2)]
        facts = self.typed.measured.trades
        at_index = {index: at for at, index in enumerate(facts["line"])}
        rules = [fact.expr for fact in self.rulebook.facts["trades"]]
        opening = facts[next(getattr(one.where, "key", "") for one in rules if isinstance(one, Opens))]
        qualifies: list[Value] = []
        before: list[Value] = []
        visit: list[Value] = []
        nth: list[Value] = []
        last, times, current = 0, 0, -1
        for line in order:
            at = at_index[lines[line]]
            who = keys[line] // KEY
            if who != current:
                last, times, current = 0, 0, who
            times += facts["visit"][at]
            opened = 1 if who and opening[at] else 0
            qualifies.append(opened)
            before.append(last)
            visit.append(facts["visit"][at])
            nth.append(times)
            if opened:
                last = facts["day"][at]
        rest: list[Value] = [0] * (count - len(order))
        columns = {"qualifies": qualifies, "before": before, "visit": visit, "nth": nth}
        for name, values in columns.items():
            self.columns["trades", name] = values + rest

    def _status(self, table: TableKey, rows: Table, lines: dict[int, int]) -> None:
        still = lists()["case_status"].code("open")
        typed = rows.column("status", still)
        known = {line: (-1 if typed[at] is None else typed[at]) for line, at in lines.items()}
        keys = enumerate(self.columns[f"{table}_in", "key"], 2)
        self.columns[f"{table}_in", "status"] = [
            0 if key == "" else known.get(line, still) for line, key in keys
        ]

    def _owed(self) -> None:
        self.columns["owed", "todo"] = []
        for table in owed_tables(self.layout):
            self.columns["owed", "todo"] += self._owed_of(table)

    def _owed_of(self, table: TableKey) -> Iterator[Value]:
        rows, lines = self.typed.book.tables[table], self._by_line(table)
        kinds, still = lists()["contact_type"], lists()["case_status"].code("open")
        types, dues, dates, closed = (rows.column(key) for key in ("type", "due", "date", "closed_on"))
        expiry, before = self.typed.thresholds["wish_expiry"], owed_offset(self.layout, table)
        keys = self.columns[f"{table}_in", "key"]
        for at, (key, status) in enumerate(zip(keys, self.columns[f"{table}_in", "status"], strict=True)):
            if key == "" or status != still:
                yield ""
                continue
            line = lines[at + 2]
            place, noted, due = at + 1 + before, dates[line], dues[line]
            if table == "wishes" or types[line] == kinds.code("wish"):
                live = due >= self.typed.as_of if due else self.typed.as_of - noted <= expiry
                yield owed_key(WISH, due or noted + math.floor(expiry), place) if live else ""
            elif (table == "contacts" and types[line] not in kind_codes()) or closed[line]:
                yield ""
            else:
                yield owed_key(DUTY, due or noted + AFTER_DAYS, place)

    def _spans(self, table: str, owners: list[int]) -> None:
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for at, who in enumerate(owners):
            first.setdefault(who, at + FIRST_ROW)
            last[who] = at + FIRST_ROW
        empty = FIRST_ROW - 1
        span = range(1, self.layout.capacity.customers + 1)
        self.columns["people", f"{table}_from"] = [first.get(who, empty) for who in span]
        self.columns["people", f"{table}_to"] = [last.get(who, empty) for who in span]

    # Customers

    def _people(self) -> None:
        people, most = self.typed.measured.customers, self.layout.capacity.customers
        count = min(len(self.typed.identity), most)
        pad: list[Value] = [""] * (most - count)
        running = self.columns["stack", "running"]
        place: dict[int, int] = {}
        for at, value in enumerate(running):
            place.setdefault(int(value), at + 1)
        place.pop(0, None)
        places: list[Value] = [place.get(who, 0) for who in range(1, most + 1)]
        self.columns["people", "number"] = list(range(1, most + 1))
        self.columns["people", "place"] = places
        self.columns["people", "present"] = [1 if one else 0 for one in places]
        self.columns["people", "name"] = [*self.typed.identity.names[:count], *pad]
        self.columns["people", "home"] = [int(one) + 1 if 0 < int(one) <= most else 0 for one in places]
        self._customer_fields(count, pad)
        for key in self.rulebook.metrics:
            self.columns["people", key] = [*(_shown(value) for value in people[key][:count]), *pad]
        for key, dimension in self.rulebook.dimensions.items():
            labels = {one.key: one.labels[self.layout.lang] for one in dimension.classes}
            auto: list[Value] = [labels[value] for value in people[key][:count]]
            self.columns["people", f"auto_{key}"] = auto + pad
            own = self.columns["people", "field_manual_class"] if dimension.manual else [""] * most
            known = {
                label.lower(): labels[one.key] for one in dimension.classes for label in one.labels.all()
            }
            chosen: list[Value] = [
                known.get(str(mine).lower(), one) for mine, one in zip(own, auto, strict=False)
            ]
            self.columns["people", key] = chosen + pad
        self.columns["people", "order"] = [*(-who for who in range(1, count + 1)), *pad]
        if birthdays.reminds(self.layout):
            self._birthdays(count, pad)
        self.columns["figures", "value"] = [
            _shown(self.typed.measured.figures[key]) for key in self.rulebook.figures
        ]

    def _customer_fields(self, count: int, pad: list[Value]) -> None:
        table = self.typed.book.tables["customers"]
        for key in self.rulebook.customer_fields:
            values = table.column(key)
            known = [None if home is None else values[home] for home in self.typed.identity.home[:count]]
            shown = ["" if not one or (not isinstance(one, str) and one < 0) else one for one in known]
            self.columns["people", f"field_{key}"] = [*shown, *pad]

    def _birthdays(self, count: int, pad: list[Value]) -> None:
        typed = self.typed.book.tables["customers"].column("birthday")
        born = [None if home is None else typed[home] for home in self.typed.identity.home[:count]]
        silent = self.columns["people", "field_do_not_contact"][:count]
        found = birthdays.cached(born, silent, self.typed.as_of)
        for at, key in enumerate(birthdays.COLUMNS):
            self.columns["people", key] = [*(pair[at] for pair in found), *pad]

    def _filters(self) -> None:
        for (table, value, where), key in self.filters.items():
            block = "people" if table == "customers" else table
            shown: list[Value] = []
            if table == "customers":
                figures, people = self.typed.measured.figures, self.typed.measured.customers
                room = min(len(self.typed.identity), self.layout.capacity.customers)
                first = {name: column[:room] for name, column in people.items()}
                read = function(value, figures, self.typed.thresholds).over(first, room)
                keep: Iterable[bool] = repeat(True, room)
                if where is not None:
                    keep = function(where, figures, self.typed.thresholds).over(first, room)
                shown = [_shown(one) if kept else "" for one, kept in zip(read, keep, strict=True)]
            else:
                shown = self._filtered_rows(value.key, getattr(where, "key", ""))  # type: ignore[attr-defined]
            count = self.layout.capacity.rows(table)
            self.columns[block, key] = shown + [""] * (count - len(shown))

    def _filtered_rows(self, value: str, where: str) -> list[Value]:
        """A quantile over trades: the rulebook's are a typed column where one fact holds."""
        facts = self.typed.measured.trades
        holds = {index: facts[where][at] for at, index in enumerate(facts["line"])}
        lines = self._by_line("trades")
        rows = zip(self.columns["trades", "key"], self.columns["trades", value], strict=True)
        counting = ((int(key) % DAY, one) for key, one in rows if key != NOTHING)
        return [one if holds[lines[line]] else "" for line, one in counting]


def _shown(value: float | None) -> Value:
    return "" if value is None else value


def _separated(text: str) -> str:
    for one in (";", "\uff1b", ",", "\uff0c"):
        text = text.replace(one, "、")
    return _joined(text)


def _joined(names: str) -> str:
    return names.replace("、 ", "、").replace(" 、", "、")
