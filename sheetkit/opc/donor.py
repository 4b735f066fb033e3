"""The workbook that xlsxwriter made, read for grafting."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.cells import inline_strings
from sheetkit.opc.colours import theme_palette
from sheetkit.opc.package import Package
from sheetkit.opc.stylesheet import EMPTY, StyleSheet
from sheetkit.opc.workbook import Workbook


class Donor:
    """The donor's package, opened, with what every one of its sheets leans on."""

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.workbook = Workbook(self.package)
        self.sheets = self.workbook.sheets
        theme, styles = self.workbook.related("theme"), self.workbook.related("styles")
        self.palette = theme_palette(xmlio.parse(self.package.read(theme), theme) if theme else None)
        self.styles = StyleSheet(self.package.read(styles) if styles else EMPTY, styles)
        strings = self.workbook.related("sharedStrings")
        self.strings = inline_strings(self.package.read(strings), strings, self.palette) if strings else []

    def tables(self) -> Iterator[etree._Element]:
        """The root of every table on its sheets."""
        for sheet in self.sheets:
            for relation, part in self.package.targets(sheet.part):
                if relation.kind == "table":
                    yield xmlio.parse(self.package.read(part), part)

    def global_names(self) -> list[str]:
        """The defined names that belong to no single sheet."""
        names = self.workbook.defined_names()
        return [name.get("name", "") for name in names if name.get("localSheetId") is None]
