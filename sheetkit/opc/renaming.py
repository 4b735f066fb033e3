"""Giving a sheet another name while its old one goes to a new sheet.

What stands on the sheet keeps speaking of that sheet; what stands elsewhere speaks of the old name, and
so of whatever sheet bears it next.
"""

from __future__ import annotations

import re
from html import unescape
from xml.sax.saxutils import escape

from sheetkit.opc.formula import Renames
from sheetkit.opc.names import unused_identifier
from sheetkit.opc.package import Package
from sheetkit.opc.references import FORMULA
from sheetkit.opc.rewrite import rewritten
from sheetkit.opc.splice import in_utf8
from sheetkit.opc.workbook import Sheet, Workbook, local_index

_POINTER = re.compile(rb'(\s(?:location|textlink)=")([^"]*)(?=")')


def rename_sheet(package: Package, workbook: Workbook, sheet: Sheet, name: str) -> None:
    """Rename the sheet, and with it every mention on the sheet itself and in what only it leads to."""
    renames = Renames({sheet.name.casefold(): name}, _rename_tables(package, workbook, sheet))
    order = [one.name for one in workbook.sheets]
    for part in package.reachable(sheet.part) - package.reachable("", around=[sheet.part]):
        before = package.read(part)
        after = in_utf8(before, lambda content: _renamed(content, renames)) if part.endswith("ml") else before
        if after != before:
            package.write(part, after)
    for defined in workbook.defined_names():
        if local_index(defined) == order.index(sheet.name):
            defined.text = renames.apply(defined.text or "")
    sheet.element.set("name", name)


def _rename_tables(package: Package, workbook: Workbook, sheet: Sheet) -> dict[str, str]:
    """Other names for the tables on the sheet, so that the next sheet can have theirs."""
    taken = {name.get("name", "") for name in workbook.defined_names()}
    for one in workbook.sheets:
        taken |= {table.get("displayName", "") for _, table in workbook.tables(one)}
    renamed = {}
    for part, table in workbook.tables(sheet):
        old = table.get("displayName", "")
        new = unused_identifier(old, taken)
        renamed[old.casefold()] = new
        taken.add(new)
        table.set("name", new)
        table.set("displayName", new)
        package.write(part, rewritten(package.read(part), table))
    return renamed


def _renamed(content: bytes, renames: Renames) -> bytes:
    def apply(match: re.Match[bytes]) -> bytes:
        formula = renames.apply(unescape(match[2].decode("utf-8", "surrogateescape")))
        return match[1] + escape(formula, {'"': "&quot;"}).encode("utf-8", "surrogateescape")

    return _POINTER.sub(apply, FORMULA.sub(apply, content))
