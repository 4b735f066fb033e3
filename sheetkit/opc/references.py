"""Who points at a sheet: asked before it is taken away."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape

from sheetkit.opc.formula import mentioned_sheets
from sheetkit.opc.package import Package
from sheetkit.opc.splice import as_utf8
from sheetkit.opc.workbook import Workbook

_FORMULA = re.compile(r"<(?:[\w.-]+:)?(?:f|formula[12]?)(?:\s[^>]*)?>([^<]*)</")


def sheets_pointing_at(package: Package, workbook: Workbook, names: Collection[str]) -> tuple[str, ...]:
    """The names of the other sheets with a formula, rule or validation that mentions one of these."""
    wanted = {name.casefold() for name in names}
    return tuple(
        sheet.name
        for sheet in workbook.sheets
        if sheet.part and sheet.name.casefold() not in wanted and _mentions(package.read(sheet.part), wanted)
    )


def _mentions(sheet: bytes, wanted: set[str]) -> bool:
    formulas = (unescape(found) for found in _FORMULA.findall(as_utf8(sheet).decode()) if "!" in found)
    return any(mentioned_sheets(formula) & wanted for formula in formulas)
