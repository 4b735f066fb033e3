"""The template's own workbook: full, for the spreadsheet program; and as bare cells, for the rival.

``python -m benchmarks.template full TARGET`` and ``… cells SOURCE TARGET``, a process each: what a process
measures as a child's memory is never less than its own.
"""

from __future__ import annotations

import datetime as dt
import pickle
import random
import sys
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # without stubs

from benchmarks.books import AS_OF, a_name, contact, trade
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity


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


def plain_cells(source: Path, target: Path) -> None:
    """The filled cells of a workbook as openpyxl sees them, pickled for the rival."""
    formulas, values = openpyxl.load_workbook(source), openpyxl.load_workbook(source, data_only=True)
    sheets = []
    for sheet in formulas.worksheets:
        rows = []
        for line in sheet.iter_rows():
            cells = [
                (one.column - 1, _plain(values[sheet.title][one.coordinate].value), one.value)
                if one.data_type == "f"
                else (one.column - 1, _plain(one.value), "")
                for one in line
                if one.value is not None
            ]
            if cells:
                rows.append((line[0].row - 1, cells))
        sheets.append((sheet.title, rows))
    target.write_bytes(pickle.dumps(sheets))


def _plain(value: Any) -> str | float | int:
    """A cell's value as a number or text; a date is its day number."""
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)).days
    return value if isinstance(value, int | float) else str(value or "")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["full", target]:
            Path(target).write_bytes(full_template())
        case ["cells", source, target]:
            plain_cells(Path(source), Path(target))
        case other:
            sys.exit(f"what is {other}?")
