"""Who points at a sheet: asked before it is taken away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape

from sheetkit.opc.formula import mentioned_names, mentioned_sheets
from sheetkit.opc.labels import is_label
from sheetkit.opc.package import Package
from sheetkit.opc.splice import as_utf8
from sheetkit.opc.workbook import Sheet, Workbook, local_index

FORMULA = re.compile(rb"(<(?:[\w.-]+:)?(?:f|formula[12]?)(?:\s[^>]*)?>)([^<]*)(?=</)")
_SOURCE = re.compile(r"<(?:[\w.-]+:)?worksheetSource\s[^>]*>")
_SOURCE_NAME = re.compile(r"\s(?:sheet|name)=[\"']([^\"']*)[\"']")
_HOLD_FORMULAS = ("worksheet+xml", "chart+xml", "chartex+xml", "pivotcachedefinition+xml", "table+xml")


@dataclass(frozen=True)
class _Wanted:
    """The sheets asked about, and what stands for a place on them: tables and defined names; casefolded."""

    sheets: set[str]
    names: set[str]

    def in_formula(self, formula: str) -> bool:
        if "!" in formula and mentioned_sheets(formula) & self.sheets:
            return True
        return any(name in formula.casefold() for name in self.names) and bool(
            mentioned_names(formula) & self.names
        )

    def in_part(self, content: bytes) -> bool:
        content = as_utf8(content)
        formulas = (found[2].decode("utf-8", "replace") for found in FORMULA.finditer(content))
        if any(self.in_formula(unescape(formula)) for formula in formulas):
            return True
        sources = _SOURCE.findall(content.decode("utf-8", "replace")) if b"worksheetSource" in content else ()
        names = {unescape(name).casefold() for tag in sources for name in _SOURCE_NAME.findall(tag)}
        return bool(names & (self.sheets | self.names))


def users_of(package: Package, workbook: Workbook, names: Collection[str]) -> tuple[str, ...]:
    """The names of the other sheets with a formula, rule, chart or pivot table over one of these sheets."""
    asked = {name.casefold() for name in names}
    sheets = [sheet for sheet in workbook.sheets if sheet.part]
    gone = [sheet for sheet in sheets if sheet.name.casefold() in asked]
    tables = {table.get("displayName", "").casefold() for one in gone for _, table in workbook.tables(one)}
    wanted = _Wanted(asked, tables | _names(workbook, asked))
    return tuple(
        sheet.name
        for sheet in sheets
        if sheet not in gone and any(wanted.in_part(part) for part in _formula_parts(package, sheet))
    )


def _formula_parts(package: Package, sheet: Sheet) -> Iterator[bytes]:
    for part in sorted(package.reachable(sheet.part)):
        if package.types.of(part).lower().endswith(_HOLD_FORMULAS):
            yield package.read(part)


def _names(workbook: Workbook, sheets: set[str]) -> set[str]:
    """The defined names of the whole workbook that stand for a place on these sheets."""
    return {
        name.get("name", "").casefold()
        for name in workbook.defined_names()
        if local_index(name) is None and not is_label(name) and mentioned_sheets(name.text or "") & sheets
    }
