"""What of ours a workbook holds by now, under whatever names and in whatever places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sheetkit.edits.standing import HeldList
from sheetkit.intake.cells import Cell, Row, column_of, display, is_blank, letters, tidy
from sheetkit.intake.meta import Meta
from sheetkit.intake.settings import DEFAULT, KEY, OWN
from sheetkit.intake.source import Source
from sheetkit.messages import LANGS, text
from sheetkit.model.book import Book
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.report import OFFERED_MARK

KEY_COLUMN, DEFAULT_COLUMN, OWN_COLUMN = 0, 2, 3
"""Where the settings sheet has them in every version, counted from 0."""

ANSWER = "answer"
"""The key of the computed column among the trades'."""

_COLUMN = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?\Z")


@dataclass(frozen=True)
class EntrySheet:
    """A sheet to fill: its name, the row of its headings (from 1), {column key: letter}, {column key: heading
    as it stands}."""

    name: str
    header_row: int
    letters: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Present:
    """``sheets``: {key in the blueprint, ``calc`` or ``meta``: name}, the sheets to fill among them.

    ``lists``: those that stand as they were written, {key: place and entries}; ``moved``: the keys of others.
    ``settings``: {key: row from 0}; None where the sheet's columns no longer stand as they were written.
    ``free_row``: the first free one on the settings sheet. ``offered``: {list: labels} once written.
    """

    sheets: Mapping[str, str]
    entry: Mapping[TableKey, EntrySheet]
    lists: Mapping[str, HeldList]
    moved: tuple[str, ...]
    settings: Mapping[str, int] | None
    free_row: int
    offered: Mapping[str, tuple[str, ...]]


def present(source: Source, meta: Meta, book: Book, names: Mapping[str, str]) -> Present:
    """What is there. ``names``: the workbook's defined names."""
    entry = {table: one for table in book.tables if (one := _entry_sheet(source, meta, book, table))}
    by_key = {key: name for key, name in meta.written_sheets().items() if name in source.sheets}
    sheets = {key: name for key, name in by_key.items() if key not in book.tables}
    sheets |= {table: one.name for table, one in entry.items()}
    held, moved = _lists(source, sheets.get("lists", ""), names)
    rows = source.grid(sheets["settings"]).rows if "settings" in sheets else []
    settings = _settings(rows) if rows else {}
    return Present(sheets, entry, held, moved, settings, _used_rows(rows), _offered(meta))


def _entry_sheet(source: Source, meta: Meta, book: Book, table: TableKey) -> EntrySheet | None:
    """The sheet that was made for a table, else the first that holds its rows."""
    places = [one for one in book.places if one.table == table]
    made = meta.written.get(table, "")
    places.sort(key=lambda one: one.sheet != made)
    if not places:
        return None
    place = places[0]
    row = source.grid(place.sheet).rows[place.header_row - 1]
    columns = dict(place.letters)
    if table == "trades":
        ours = {fold(text("column.answer", lang)) for lang in LANGS}
        found = (at for at, cell in enumerate(row) if isinstance(cell, str) and fold(cell) in ours)
        if (at := next(found, None)) is not None:
            columns[ANSWER] = letters(at)
    headers = {key: tidy(display(row[column_of(f"{letter}1")[1]])) for key, letter in columns.items()}
    return EntrySheet(place.sheet, place.header_row, columns, headers)


# Lists


def _lists(
    source: Source, sheet: str, names: Mapping[str, str]
) -> tuple[dict[str, HeldList], tuple[str, ...]]:
    if not sheet:
        return {}, ()
    known = {key.removeprefix("labels_") for key in names if key.startswith("labels_")}
    found = {key: _held_list(source.grid(sheet).rows, sheet, key, names) for key in sorted(known)}
    held = {key: one for key, one in found.items() if one}
    return held, tuple(key for key, one in found.items() if one is None)


def _held_list(rows: Sequence[Row], sheet: str, key: str, names: Mapping[str, str]) -> HeldList | None:
    """A list that stands as it was written: labels from row 2, meanings and codes right beside them."""
    labels, codes, meanings = (
        _area(names.get(f"{kind}_{key}", ""), sheet) for kind in ("labels", "codes", "meanings")
    )
    has_meanings = f"meanings_{key}" in names
    if labels is None or labels[1] != 1 or labels[0] != labels[2]:
        return None
    if f"codes_{key}" in names and (codes is None or codes[0] != labels[0] + 1 + has_meanings):
        return None
    if has_meanings and meanings is None:
        return None
    column, last = labels[0], labels[3]
    lines = rows[1 : last + 1]
    entries = [(_shown(row, column), _shown(row, column + 1) if has_meanings else "") for row in lines]
    entries += [("", "")] * (last - len(entries))
    return HeldList(column, meanings[0] if meanings else None, codes is not None, last, tuple(entries))


def _area(refers_to: str, sheet: str) -> tuple[int, int, int, int] | None:
    """First column, first row, last column, last row, from 0, of an area on the sheet."""
    found = _COLUMN.fullmatch(refers_to.strip())
    if found is None or (found[1] or found[2]).replace("''", "'").casefold() != sheet.casefold():
        return None
    first, last = (column_of(f"{name}1")[1] for name in (found[3], found[5] or found[3]))
    return first, int(found[4]) - 1, last, int(found[6] or found[4]) - 1


def _shown(row: Sequence[Cell], at: int) -> str:
    return tidy(display(row[at])) if at < len(row) else ""


def _offered(meta: Meta) -> dict[str, tuple[str, ...]]:
    return {
        key.removeprefix("choices:"): tuple(said.split(OFFERED_MARK))
        for key, said in meta.values.items()
        if key.startswith("choices:") and key.removeprefix("choices:") in (*lists(), "plan_status")
    }


# Settings


def _settings(rows: Sequence[Row]) -> dict[str, int] | None:
    head = [fold(cell) if isinstance(cell, str) else "" for cell in rows[0]] + [""] * (OWN_COLUMN + 1)
    for column, labels in {KEY_COLUMN: KEY, DEFAULT_COLUMN: DEFAULT, OWN_COLUMN: OWN}.items():
        if head[column] not in {fold(one) for one in labels.all()}:
            return None
    lines = {_shown(row, KEY_COLUMN).casefold(): at for at, row in enumerate(rows)}
    return {key: at for key, at in lines.items() if key and at}


def _used_rows(rows: Sequence[Row]) -> int:
    return max((at for at, row in enumerate(rows) if not all(map(is_blank, row))), default=0) + 1
