"""How far to the right a sheet is in use."""

from __future__ import annotations

import re

from sheetkit.opc.package import Package
from sheetkit.opc.putting import column_number
from sheetkit.opc.splice import as_utf8, elements, root_of
from sheetkit.opc.workbook import Sheet, Workbook

_FILLED = re.compile(rb"<(?:[\w.-]+:)?c\s[^>]*?\br=[\"']([A-Za-z]+)\d+[\"'](?:[^>]*[^/>])?>")
_REFERENCE = re.compile(rb"\sref=[\"']([^\"']*)[\"']")
_LAST = re.compile(r"\$?([A-Za-z]+)\$?\d+\Z")
_LAID_OUT = ("mergeCells", "autoFilter")


def first_free_column(package: Package, workbook: Workbook, sheet: Sheet) -> int:
    """The column, from 0, right of every cell with something in it, merged cell, filter and table."""
    data = as_utf8(package.read(sheet.part))
    columns = {column_number(name.decode()) for name in set(_FILLED.findall(data))}
    references = [table.get("ref", "") for _, table in workbook.tables(sheet)]
    _, inside = root_of(data)
    for one in elements(data, inside, len(data)):
        if one.name in _LAID_OUT:
            references += [found.decode() for found in _REFERENCE.findall(data, one.start, one.end)]
    for reference in references:
        found = _LAST.search(reference)
        columns |= {column_number(found[1])} if found else set()
    return max(columns, default=-1) + 1
