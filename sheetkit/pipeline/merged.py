"""What merging did: as a page of the workbook, as sentences, and as one JSON object."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from sheetkit.analysis.page import Link, Page, PageColumn, Section, Value
from sheetkit.edits.asides import Aside
from sheetkit.edits.copies import Content, Line
from sheetkit.edits.merging import Conflict, Merged, Taken
from sheetkit.messages import listed, text
from sheetkit.model.fields import TableKey, tables
from sheetkit.pipeline.merge import Merge
from sheetkit.pipeline.outcome import SCHEMA

_NAMED_BY = ("order_id", "date", "nickname", "item", "type", "content", "goods_id", "customer_id")
_NAME_LENGTH = 60
_SHOWN_ROWS = 8
Key = TypeVar("Key", bound=Hashable)


class Sentence(NamedTuple):
    """A key of the catalogue and what fills it."""

    key: str
    params: Mapping[str, object]


class _Told(NamedTuple):
    """A difference or a value taken, in the workbook's names. ``values``: {copy: text, "" for a blank}."""

    sheet: str
    cell: str
    row: str
    column: str
    values: Mapping[int, str]
    places: Mapping[int, str]


def merge_page(found: Merge) -> Page:
    """The sheet of the differences."""
    teller = _Teller(found)
    sections = [teller.totals(), teller.conflicts(), teller.taken()]
    notes = list(teller.notes())
    if notes:
        sections.append(Section(text("merge.notes", found.lang), "\n".join(notes)))
    return Page("merge", text("merge.about", found.lang, base=found.copies[0].name), tuple(sections))


def sentences(found: Merge) -> list[Sentence]:
    """The totals, then how much there is to look at."""
    with found.copies[0].book.at_hand():
        return list(_sentences(found))


def _sentences(found: Merge) -> Iterator[Sentence]:
    for table in _tables(found):
        yield Sentence("merge.closes", {"table": tables()[table].labels[found.lang], **_sums(found, table)})
    conflicts = count_conflicts(found)
    key = "merge.some_conflicts" if conflicts else "merge.no_conflicts"
    yield Sentence(key, {"count": conflicts, "sheet": found.sheet})
    taken = sum(len(one.taken) for one in found.tables.values())
    taken += sum(one.outcome in ("filled", "added") for one in found.asides.found)
    if taken:
        yield Sentence("merge.some_taken", {"count": taken, "sheet": found.sheet})
    for one in _Teller(found).notes():
        yield Sentence("merge.note", {"note": one})


def _tables(found: Merge) -> list[TableKey]:
    """Those in which any copy has a row."""
    return [table for table, one in found.tables.items() if any(count.read for count in one.counts)]


def _sums(found: Merge, table: TableKey) -> dict[str, int]:
    counts = found.tables[table].counts
    return {
        "read": sum(one.read for one in counts),
        "rows": found.rows.get(table, len(found.tables[table].rows)),
        "same": sum(one.same for one in counts),
        "matched": sum(one.matched for one in counts),
        "left_out": sum(one.left_out for one in counts),
    }


def count_conflicts(found: Merge) -> int:
    """How many cells copies differ in, and how many other things."""
    rows = sum(len(one.conflicts) for one in found.tables.values())
    return rows + sum(one.outcome == "conflict" for one in found.asides.found)


def merge_json(found: Merge, output: str) -> dict[str, Any]:
    """What ``merge --json`` prints."""
    with found.copies[0].book.at_hand():
        return _json(found, output)


def _json(found: Merge, output: str) -> dict[str, Any]:
    teller = _Teller(found)
    return {
        "schema": SCHEMA,
        "files": [{"name": one.name, "saved": one.saved} for one in found.copies],
        "three_way": found.three_way,
        "totals": {
            table: {
                **_sums(found, table),
                "files": [vars(count) for count in found.tables[table].counts],
            }
            for table in _tables(found)
        },
        "conflicts": [teller.as_json(one) for one in teller.told_conflicts()],
        "taken": [teller.as_json(one) for one in teller.told_taken()],
        "sheets": [
            {"file": found.copies[one.copy].name, "sheet": one.sheet, "now": one.now} for one in found.brought
        ],
        "columns": found.putting.columns,
        "notes": list(teller.notes()),
        "sheet": found.sheet,
        "output": output,
    }


class _Teller:
    def __init__(self, found: Merge) -> None:
        self.found, self.lang = found, found.lang
        self.names = [one.name for one in found.copies]

    def say(self, key: str, **params: object) -> str:
        return text(key, self.lang, **params)

    # Totals

    def totals(self) -> Section:
        rows: list[tuple[Value, ...]] = []
        for table in _tables(self.found):
            merged, label = self.found.tables[table], tables()[table].labels[self.lang]
            for name, one in zip(self.names, merged.counts, strict=True):
                rows.append((label, name, one.read, one.same, one.matched, one.left_out, one.added))
            sums = _sums(self.found, table)
            added = sum(one.added for one in merged.counts)
            total = (sums["read"], sums["same"], sums["matched"], sums["left_out"], added)
            rows.append((label, self.say("merge.result"), *total))
        keys = ("table", "file", "read", "same", "matched", "left_out", "rows")
        kinds = ("text", "text", *["count"] * 5)
        columns = tuple(
            PageColumn(self.say(f"merge.column.{key}"), "text" if kind == "text" else "count")
            for key, kind in zip(keys, kinds, strict=True)
        )
        return Section(self.say("merge.totals"), self.say("merge.totals_says"), columns, rows)

    # Differences and values taken

    def conflicts(self) -> Section:
        told = list(self.told_conflicts())
        if not told:
            return Section(self.say("merge.conflicts"), self.say("merge.no_conflicts"))
        latest = self.say("merge.column.latest")
        rows = [(*self.line(one), self.latest(one.values)) for one in told]
        says = self.say("merge.conflicts_says", count=len(told), base=self.names[0])
        return Section(self.say("merge.conflicts"), says, (*self.columns(), PageColumn(latest)), rows)

    def taken(self) -> Section:
        told = list(self.told_taken())
        says = self.say("merge.taken_says" if told else "merge.none_taken", count=len(told))
        return Section(self.say("merge.taken"), says, self.columns(), [self.line(one) for one in told])

    def columns(self) -> tuple[PageColumn, ...]:
        fixed = (self.say(f"merge.column.{key}") for key in ("place", "row", "column"))
        saved = (one.saved[:16].replace("T", " ") for one in self.found.copies)
        each = [
            self.say("merge.column.saved", name=name, saved=day) if day else name
            for name, day in zip(self.names, saved, strict=True)
        ]
        where = self.say("merge.column.where")
        return tuple(PageColumn(header) for header in (*fixed, *each, where))

    def line(self, told: _Told) -> tuple[Value, ...]:
        """A row of either table."""
        shown = f"{told.sheet}!{told.cell}" if told.cell else told.sheet
        place: Value = Link(shown, told.sheet, told.cell) if told.cell and told.sheet else shown
        blank = self.say("merge.blank")
        values = (told.values[at] or blank if at in told.values else "" for at in range(len(self.names)))
        where = (f"{self.names[at]}: {place}" for at, place in told.places.items())
        return (place, told.row, told.column, *values, "\n".join(where))

    def latest(self, values: Mapping[int, str]) -> str:
        """Whose file was saved last, among those that say when."""
        saved = {at: self.found.copies[at].saved for at in values}
        last = max(saved.values(), default="")
        late = [self.names[at] for at, day in saved.items() if day == last]
        return late[0] if last and len(late) == 1 else ""

    def told_conflicts(self) -> Iterator[_Told]:
        for table, merged in self.found.tables.items():
            for one in merged.conflicts:
                yield self._conflict(table, one)
        yield from (self._aside(one) for one in self.found.asides.found if one.outcome == "conflict")

    def told_taken(self) -> Iterator[_Told]:
        kept = set(map(id, self.found.putting.kept))
        for table, merged in self.found.tables.items():
            for one in merged.taken:
                if id(one) not in kept:
                    yield self._taken(table, one)
        filled = (one for one in self.found.asides.found if one.outcome in ("filled", "added"))
        yield from map(self._aside, filled)

    def _conflict(self, table: TableKey, one: Conflict) -> _Told:
        versions = {at: _shown(content) for at, content in one.versions.items()}
        return self._told(table, one.row, one.column, versions)

    def _taken(self, table: TableKey, one: Taken) -> _Told:
        own = one.row.line.cells.get(one.column)
        return self._told(table, one.row, one.column, {0: _shown(own), one.copy: _shown(one.content)})

    def _told(self, table: TableKey, row: Merged, column: str, values: Mapping[int, str]) -> _Told:
        putting = self.found.putting
        sheet, _ = putting.where(row)
        places = {at: f"{row.seen[at].sheet}!{row.seen[at].row}" for at in values if at in row.seen}
        cell = putting.cell(table, row, column)
        return _Told(sheet, cell, _name(row.line), putting.heading(table, column), values, places)

    def _aside(self, one: Aside) -> _Told:
        return _Told(one.sheet, one.cell, "", one.what, one.versions, {})

    # What is said beside

    def notes(self) -> Iterator[str]:
        """New columns, sheets that came, what could not come, rows that somebody deleted."""
        found = self.found
        for sheet, columns in found.putting.columns.items():
            yield self.say("merge.columns", sheet=sheet, columns=listed(columns))
        for one in found.brought:
            key = "merge.sheet_differs" if one.differs else "merge.sheet"
            yield self.say(key, file=self.names[one.copy], sheet=one.sheet, now=one.now)
        for left in (one for one in found.asides.found if one.outcome == "left"):
            said = listed(f"{self.names[at]}: {value}" for at, value in left.versions.items() if at)
            yield self.say("merge.left", what=left.what, said=said)
        computed = (found.putting.where(one.row) for one in found.putting.kept)
        for (sheet,), rows in _by_sheet(((sheet,), row) for sheet, row in computed):
            yield self.say("merge.formula", sheet=sheet, rows=rows)
        deleted = (
            (copy, *found.putting.where(row)) for one in found.tables.values() for row, copy in one.gone
        )
        for (copy, sheet), rows in _by_sheet(((copy, sheet), row) for copy, sheet, row in deleted):
            yield self.say("merge.gone", file=self.names[copy], sheet=sheet, rows=rows)

    def as_json(self, told: _Told) -> dict[str, Any]:
        """One difference or value taken."""
        values: Sequence[dict[str, str]] = [
            {"file": self.names[at], "value": value, "place": told.places.get(at, "")}
            for at, value in told.values.items()
        ]
        return {
            "sheet": told.sheet,
            "cell": told.cell,
            "row": told.row,
            "column": told.column,
            "values": values,
            "saved_last": self.latest(told.values),
        }


def _by_sheet(places: Iterable[tuple[Key, int]]) -> Iterator[tuple[Key, str]]:
    """By sheet (and file) the rows, the first of them by their numbers."""
    found: dict[Key, list[int]] = {}
    for key, row in places:
        found.setdefault(key, []).append(row)
    for key, rows in found.items():
        yield key, ", ".join(map(str, rows[:_SHOWN_ROWS])) + (" …" if len(rows) > _SHOWN_ROWS else "")


def _shown(content: Content | None) -> str:
    return "" if content is None else content.shown


def _name(line: Line) -> str:
    parts = (line.cells[key].shown for key in _NAMED_BY if key in line.cells)
    return " · ".join(list(parts)[:4])[:_NAME_LENGTH]
