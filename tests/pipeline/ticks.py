"""A data check with marks put into it, as the seller types them."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl

from sheetkit.opc import Surgery

CHECKS = "数据检查"
WHERE, SUGGESTION, ACCEPT = 1, 3, 4


def ticked(data: bytes, marks: Mapping[str, str | tuple[str, str]]) -> bytes:
    """The annotated workbook with {``sheet!cell``: mark, or (another suggestion, mark)} typed in."""
    rows = openpyxl.load_workbook(io.BytesIO(data))[CHECKS].iter_rows(values_only=True)
    places: dict[str, int] = {}
    for at, row in enumerate(rows):
        if isinstance(row[WHERE], str):
            places.setdefault(row[WHERE], at)
    values: dict[tuple[int, int], str | float | None] = {}
    for where, said in marks.items():
        wanted, mark = said if isinstance(said, tuple) else (None, said)
        values[places[where], ACCEPT] = mark
        if wanted is not None:
            values[places[where], SUGGESTION] = wanted
    surgery = Surgery(data)
    surgery.put_values(CHECKS, values)
    return surgery.to_bytes()
