"""Formats that cells and rules use though no list has them: what is appended must not come alive there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sheetkit.opc.package import Package
from sheetkit.opc.splice import as_utf8
from sheetkit.opc.stylesheet import StyleSheet
from sheetkit.opc.workbook import Workbook

_CELL_FORMAT = re.compile(rb"\s(?:s|style)\s*=\s*[\"'](\d{1,5})[\"']")
_CELLS = b"sheetData"
"""No differential format is named before or among the cells."""
_DIFFERENTIAL = re.compile(rb"[dD]xfId\s*=\s*[\"'](\d{1,5})[\"']")


def reserve_used(styles: StyleSheet, package: Package, workbook: Workbook) -> None:
    """Fill up the lists as far as the sheets use them.

    Asked only of lists next to empty, as of a workbook without styles: it means reading every sheet.
    """
    lists = (("cellXfs", 1, _CELL_FORMAT, b""), ("dxfs", 0, _DIFFERENTIAL, _CELLS))
    for container, most, pattern, start in lists:
        if len(styles.entries(container)) <= most:
            highest = max(_used(package, workbook, pattern, start), default=-1)
            if highest >= most:
                styles.reserve(container, highest)


def _used(package: Package, workbook: Workbook, pattern: re.Pattern[bytes], start: bytes) -> Iterator[int]:
    """The numbers found in the sheets, from the last ``start`` on."""
    for sheet in workbook.sheets:
        if sheet.part:
            data = as_utf8(package.read(sheet.part))
            yield from map(int, pattern.findall(data, max(data.rfind(start), 0) if start else 0))
