"""What the seller wrote into an added sheet, told from what we wrote there by a stamp a row.

A run keeps the stamps of the rows it writes. A row whose stamp is not among them holds something of hers.
A stamp is of a row's texts and of the sum of its numbers, so that it is the same after a save by any program,
and of one row alone, so that sorting, filtering and deleting rows are no writing.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from python_calamine import load_workbook

from sheetkit.intake.cells import Bad, Cell, Row, number
from sheetkit.intake.plan import headed
from sheetkit.intake.same import pair_table
from sheetkit.model.book import Column
from sheetkit.model.report import CHECK_COLUMNS, FIX_COLUMNS, PLAN_COLUMNS, PlanColumn

_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_PARTS_OF_ONE = 1_000_000
"""Numbers are summed as whole millionths: beyond that, programs write them down differently."""
_A_NUMBER = 1 << 70
"""Added to the sum for each number, so that a 0 more is another sum."""
_LISTS: dict[str, Sequence[PlanColumn]] = {
    "plan": PLAN_COLUMNS,
    "history": PLAN_COLUMNS,
    "checks": CHECK_COLUMNS,
    "fixes": FIX_COLUMNS,
}
_LOGS = ("history", "fixes")
_CARRIED = {
    key: {column.key for column in columns if column.typed or key in _LOGS}
    for key, columns in _LISTS.items()
}
"""Columns, by added sheet, whose texts are read and written anew by each run."""


def sheet_stamps(workbook: bytes, sheets: Mapping[str, str]) -> dict[str, set[int]]:
    """{key: the stamps of its rows} of the sheets {key: name} of a workbook just written."""
    book = load_workbook(io.BytesIO(workbook))
    found = {}
    for key, name in sheets.items():
        rows: list[Row] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)  # type: ignore[assignment]
        found[key] = {stamp for _, stamp in _stamps(key, rows)}
        if key == "checks":
            found[key] |= _however_marked(rows)
    return found


def column_stamps(texts: Sequence[Column], numbers: Sequence[Column]) -> set[int]:
    """The stamps of rows that are held as columns, None for a blank cell."""
    said = ([one or "" for one in column] for column in texts)
    counted = ([0 if one is None else _whole(one) for one in column] for column in numbers)
    rows = zip(map("".join, zip(*said, strict=True)), map(sum, zip(*counted, strict=True)), strict=True)
    return {_stamp(text, total) for text, total in rows}


def packed(stamps: Iterable[int]) -> str:
    """Stamps as a text that a cell can hold."""
    ordered = sorted(stamps)
    return base64.b64encode(struct.pack(f">{len(ordered)}L", *ordered)).decode()


def foreign_rows(key: str, rows: Sequence[Row], stamps: str) -> list[int]:
    """The rows (from 1) of an added sheet that were not written by the run that packed these stamps."""
    held = base64.b64decode(stamps)
    known = set(struct.unpack(f">{len(held) // 4}L", held))
    return [row for row, stamp in _stamps(key, rows) if stamp not in known]


def _however_marked(rows: Sequence[Row]) -> set[int]:
    """The stamps of the rows of a data check as they are once a mark came or went."""
    header, columns = headed(rows, CHECK_COLUMNS)
    carried = [columns[key] for key in ("accept", "suggestion") if key in columns]
    leaving = [set(carried), set(carried[:1])]
    return {
        stamp
        for out in leaving
        for row in rows[header + 1 :]
        for _, stamp in _stamps("", [[cell for at, cell in enumerate(row) if at not in out]])
    }


def _stamps(key: str, rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """(row from 1, stamp) of the rows that hold anything, what a run carries over left out.

    A plan's row without a task, or with one that stands above already, is carried nowhere: all of it counts.
    So it is with a row of the data check without a mark.
    """
    if key == "same":
        rows = _without_answers(rows)
    carried = _CARRIED.get(key, set())
    header, columns = headed(rows, _LISTS[key]) if carried else (len(rows), {})
    places = {at for name, at in columns.items() if name in carried}
    task, seen = columns.get("key", -1), {""}
    mark = columns.get("accept", -1)
    for at, row in enumerate(rows):
        cells: Iterable[Cell] = row
        named = str(row[task]) if 0 <= task < len(row) else ""
        marked = 0 <= mark < len(row) and row[mark] != ""
        if at > header and (key in _LOGS or marked or (key == "plan" and named not in seen)):
            seen.add(named)
            cells = [cell for place, cell in enumerate(row) if place not in places]
        text, total = _told(cells)
        if text or total:
            yield at + 1, _stamp(text, total)


def _without_answers(rows: Sequence[Row]) -> list[Row]:
    """The rows of the pairs without her answers, and without the pairs that she added herself."""
    table = pair_table(rows)
    if table is None:
        return list(rows)
    bare = list(rows)
    for at in range(table.first, table.end):
        hers = table.is_hers(rows[at])
        bare[at] = [] if hers else [cell for place, cell in enumerate(rows[at]) if place != table.answer]
    return bare


def _told(cells: Iterable[Cell]) -> tuple[str, int]:
    texts, total = [], 0
    for cell in cells:
        if cell == "":
            continue
        value = number(cell)
        if value is not None:
            total += _whole(value)
        else:
            texts.append(cell if isinstance(cell, str) else cell.code if isinstance(cell, Bad) else str(cell))
    return "".join(texts), total


def _whole(value: float) -> int:
    return round(value * _PARTS_OF_ONE) + _A_NUMBER


def _stamp(text: str, total: int) -> int:
    """White space and what cannot be printed do not count: programs keep them differently."""
    text = "".join(text.split())
    if "_x" in text or not text.isprintable():
        text = "".join(filter(str.isprintable, _ESCAPED.sub("", text)))
    return zlib.crc32(f"{text}\t{total}".encode("utf-8", "replace"))
