"""The workbook part: its sheets, its defined names, its view."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from sheetkit.errors import UnreadableError
from sheetkit.opc import xmlio
from sheetkit.opc.names import unused_number
from sheetkit.opc.package import Package
from sheetkit.opc.rewrite import rewritten

SHEET_RELATION = f"{xmlio.RELATIONS}/worksheet"
_RELATION_ID = f"{{{xmlio.RELATIONS}}}id"
_MAIN_TYPES = tuple(
    f"application/vnd.{family}.main+xml"
    for family in (
        "openxmlformats-officedocument.spreadsheetml.sheet",
        "openxmlformats-officedocument.spreadsheetml.template",
        "ms-excel.sheet.macroEnabled",
        "ms-excel.template.macroEnabled",
        "ms-excel.addin.macroEnabled",
    )
)
_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames",
)  # fmt: skip
_HIGHEST_SHEET_ID = 65_534


@dataclass(frozen=True)
class Sheet:
    """One ``<sheet>`` of the workbook; ``part`` is empty where nothing answers to its relationship."""

    name: str
    part: str
    kind: str
    element: etree._Element

    @property
    def hidden(self) -> bool:
        """Hidden or very hidden."""
        return self.element.get("state", "visible") != "visible"

    @property
    def sheet_id(self) -> int:
        """The number other parts know the sheet by, 0 where it has none."""
        return xmlio.whole(self.element.get("sheetId"))


def find_workbook(package: Package) -> str:
    """The name of the workbook part; raises UnreadableError where the package has none we can read."""
    for relation in package.rels("").of_kind("officeDocument"):
        if relation.type.startswith(xmlio.STRICT):
            raise UnreadableError("opc.strict")
        part = package.target(relation)
        if part:
            return _refuse_binary(package, part)
    for candidate in (*package.types.parts_of(*_MAIN_TYPES), "xl/workbook.xml"):
        if candidate in package:
            return package.name_of(candidate)
    raise UnreadableError("opc.not_a_workbook")


def _refuse_binary(package: Package, part: str) -> str:
    if "sheet.binary" in package.types.of(part) or part.lower().endswith(".bin"):
        raise UnreadableError("opc.xlsb")
    return part


class Workbook:
    """The workbook part as a tree; what is not asked to change stays as it was read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.part = find_workbook(package)
        self._data = package.read(self.part)
        self.root = xmlio.parse(self._data, self.part)
        self.rels = package.rels(self.part)
        if xmlio.namespace(self.root).startswith(xmlio.STRICT):
            raise UnreadableError("opc.strict")
        if xmlio.namespace(self.root) != xmlio.MAIN or xmlio.local(self.root) != "workbook":
            raise UnreadableError("opc.not_a_workbook")
        sheets = xmlio.child(self.root, "sheets")
        if sheets is None:
            raise UnreadableError("opc.broken_part", part=self.part)
        self._sheets = sheets

    def save(self) -> None:
        """Write the tree back to its part."""
        self._package.write(self.part, rewritten(self._data, self.root))

    # -- facts ---------------------------------------------------------------------------------

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets in order."""
        return [self._sheet(element) for element in xmlio.children(self._sheets, "sheet")]

    def _sheet(self, element: etree._Element) -> Sheet:
        relation = self.rels.by_id(element.get(_RELATION_ID))
        part = self._package.target(relation) if relation else ""
        return Sheet(element.get("name", ""), part, relation.kind if relation else "", element)

    def tables(self, sheet: Sheet) -> Iterator[tuple[str, etree._Element]]:
        """The tables on a sheet: (part, root)."""
        for relation, part in self._package.targets(sheet.part) if sheet.part else ():
            if relation.kind == "table":
                yield part, xmlio.parse(self._package.read(part), part)

    @property
    def date1904(self) -> bool:
        """Whether day 0 is 1904-01-01."""
        properties = xmlio.child(self.root, "workbookPr")
        return properties is not None and xmlio.is_true(properties.get("date1904"))

    @property
    def structure_locked(self) -> bool:
        """Whether the seller's own lock forbids adding and removing sheets."""
        lock = xmlio.child(self.root, "workbookProtection")
        return lock is not None and xmlio.is_true(lock.get("lockStructure"))

    def beside(self, path: str) -> str:
        """The name of a part at a path from the workbook's folder."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.part), path))

    def related(self, kind: str) -> str:
        """The name of the part of that kind (styles, theme, sharedStrings …), empty where none is."""
        parts = (self._package.target(relation) for relation in self.rels.of_kind(kind))
        return next((part for part in parts if part), "")

    def relation_ids(self) -> set[str]:
        """Every relationship id the workbook part mentions, dangling ones included."""
        space = f"{{{xmlio.RELATIONS}}}"
        return {
            str(value)
            for element in self.root.iter(etree.Element)
            for name, value in element.attrib.items()
            if str(name).startswith(space)
        }

    def compute_on_opening(self) -> None:
        """Have every formula computed when a program opens the file."""
        found = xmlio.child(self.root, "calcPr")
        properties = xmlio.make_ranked(self.root, "calcPr", (*_ORDER, "calcPr")) if found is None else found
        properties.set("fullCalcOnLoad", "1")

    # -- sheets --------------------------------------------------------------------------------

    def append_sheet(self, name: str, part: str, relation_type: str, *, hidden: bool) -> Sheet:
        """Add a sheet at the end, so that no index of the seller's shifts."""
        sheet_id = unused_number({sheet.sheet_id for sheet in self.sheets}, _HIGHEST_SHEET_ID)
        relation_id = self.rels.add(relation_type, part, self.relation_ids())
        state = {"state": "hidden"} if hidden else {}
        attributes = {"name": name, "sheetId": str(sheet_id), **state, _RELATION_ID: relation_id}
        element = xmlio.make(self._sheets, "sheet", attributes)
        return self._sheet(element)

    def remove_sheet(self, sheet: Sheet) -> None:
        """Take a ``<sheet>`` and its relationship away (not the part, not the names)."""
        self._sheets.remove(sheet.element)
        self.rels.drop_part(sheet.part)

    def views(self) -> Iterator[etree._Element]:
        """The ``<workbookView>`` elements, whose tab indexes count sheets."""
        parent = xmlio.child(self.root, "bookViews")
        return iter(()) if parent is None else xmlio.children(parent, "workbookView")

    # -- defined names -------------------------------------------------------------------------

    def defined_names(self) -> list[etree._Element]:
        """The ``<definedName>`` elements."""
        parent = xmlio.child(self.root, "definedNames")
        return [] if parent is None else list(xmlio.children(parent, "definedName"))

    def add_defined_name(self, attributes: dict[str, str], text: str) -> None:
        """Add a name at the end of the list, making the list at its schema position."""
        parent = xmlio.child(self.root, "definedNames")
        if parent is None:
            parent = xmlio.make_ranked(self.root, "definedNames", _ORDER)
        xmlio.make(parent, "definedName", attributes).text = text

    def drop_defined_name(self, element: etree._Element) -> None:
        """Remove a name, and the list with its last name."""
        parent = element.getparent()
        if parent is None:
            return
        parent.remove(element)
        if xmlio.child(parent, "definedName") is None:
            self.root.remove(parent)


def local_index(name: etree._Element) -> int | None:
    """The index of the sheet a defined name belongs to, None for one of the whole workbook."""
    value = name.get("localSheetId", "")
    return int(value) if value.isdigit() else None
