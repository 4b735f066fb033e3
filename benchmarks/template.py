"""The template's own workbook: full, for the spreadsheet program; and as bare cells, for the rival.

``python -m benchmarks.template full TARGET``, ``… cells SOURCE FOLDER`` and ``… profile FOLDER`` (settings
that make LibreOffice recalculate on load), a process each: what a process measures as a child's memory is
never less than its own.
"""

from __future__ import annotations

import datetime as dt
import pickle
import random
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # without stubs
import python_calamine

from benchmarks.books import AS_OF, a_name, contact, trade
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from tests.tools import RECALCULATING, write_profile


def full_template(seed: int = 7) -> bytes:
    """The template's workbook with live formulas, filled to its default capacity."""
    draw, room = random.Random(seed), Capacity()
    names = [a_name(draw, at) for at in range(room.customers)]
    trades = [trade(draw, draw.choice(names)) for _ in range(room.trades)]
    contacts = [contact(draw, names) for _ in range(room.contacts)]
    keys = ("date", "nickname", "item", "amount", "state", "rating", "category", "quantity")
    contact_keys = ("date", "nickname", "type", "content", "due", "status")
    rows: dict[Any, Any] = {
        "customers": [{"nickname": name} for name in names],
        "trades": [dict(zip(keys, row, strict=True)) for row in trades],
        "contacts": [dict(zip(contact_keys, row, strict=True)) for row in contacts],
    }
    return template_workbook(Plan(blueprint("xianyu"), "zh", AS_OF, room, rows))


def plain_cells(source: Path, folder: Path) -> None:
    """The filled cells of a workbook, pickled for the rival: ``each.pickle`` with every formula in full,
    ``once.pickle`` with a shared formula in its first cell and values below."""
    formulas, values = openpyxl.load_workbook(source), python_calamine.load_workbook(source)
    each, once = [], []
    with zipfile.ZipFile(source) as package:
        for number, sheet in enumerate(formulas.worksheets, 1):
            below = set(_BELOW.findall(package.read(f"xl/worksheets/sheet{number}.xml").decode()))
            shown = values.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
            rows = list(_rows(sheet, shown))
            each.append((sheet.title, [(at, [cell[1:] for cell in cells]) for at, cells in rows]))
            once.append((sheet.title, [(at, [_once(cell, below) for cell in cells]) for at, cells in rows]))
    (folder / "each.pickle").write_bytes(pickle.dumps(each))
    (folder / "once.pickle").write_bytes(pickle.dumps(once))


Cell = tuple[str, int, str | float | int, str]
"""Its place, column from 0, value and formula."""


def _once(cell: Cell, below: set[str]) -> tuple[int, str | float | int, str]:
    place, col, value, formula = cell
    return col, value, "" if place in below else formula


_BELOW = re.compile(r'<c r="([A-Z]+\d+)"[^>]*><f t="shared" si="\d+"/>')
"""A cell that points at a formula shared with the cell above."""


def _rows(sheet: Any, values: Sequence[Sequence[Any]]) -> Iterator[tuple[int, list[Cell]]]:
    """(row counted from 0, its filled cells)."""
    for line in sheet.iter_rows():
        cells = [
            (one.coordinate, one.column - 1, _at(values, one.row - 1, one.column - 1), one.value)
            if one.data_type == "f"
            else (one.coordinate, one.column - 1, _plain(one.value), "")
            for one in line
            if one.value is not None
        ]
        if cells:
            yield line[0].row - 1, cells


def _at(values: Sequence[Sequence[Any]], row: int, col: int) -> str | float | int:
    """The value of a formula; python-calamine leaves empty ones out at the edges."""
    return _plain(values[row][col]) if row < len(values) and col < len(values[row]) else ""


def _plain(value: Any) -> str | float | int:
    """A cell's value as a number or text; a date is its day number."""
    if isinstance(value, dt.date):
        return value.toordinal() - dt.date(1899, 12, 30).toordinal()
    return value if isinstance(value, int | float) else str(value or "")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["full", target]:
            Path(target).write_bytes(full_template())
        case ["profile", folder]:
            Path(folder).mkdir()
            write_profile(Path(folder), RECALCULATING)
        case ["cells", source, folder]:
            plain_cells(Path(source), Path(folder))
        case other:
            sys.exit(f"what is {other}?")
