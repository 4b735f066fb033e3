"""A workbook as the checks see it. It shares no code with ``sheetkit.opc``, or both could err alike."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION_ID = RELATIONS + "id"
CELL = re.compile(r"([A-Z]+)(\d+)\Z")
CORNER = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
FORMULA_TAGS = ("f", "formula", "formula1", "formula2")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384


def number_of(column: str) -> int:
    result = 0
    for letter in column:
        result = result * 26 + ord(letter) - 64
    return result


def whole(value: str | None) -> int:
    """The number an attribute holds; real files hold blanks too."""
    return int(value) if value and value.strip().isdecimal() else 0


def elements(parent: etree._Element) -> list[etree._Element]:
    """The child elements, without comments and processing instructions."""
    return [child for child in parent if isinstance(child.tag, str)]


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


class Box(NamedTuple):
    """A range of cells; whole rows and columns reach to the sheet's edge."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Box) -> bool:
        return (
            self.top <= other.bottom and other.top <= self.bottom
            and self.left <= other.right and other.left <= self.right
        )  # fmt: skip

    @property
    def fits(self) -> bool:
        return 1 <= self.top <= self.bottom <= MOST_ROWS and 1 <= self.left <= self.right <= MOST_COLUMNS


def box(reference: str) -> Box:
    """The range a reference names; one that names none is the cell A1."""
    corners = [(int(row), number_of(column)) for column, row in CORNER.findall(reference.upper())]
    if corners:
        return Box(*corners[0], *corners[-1])
    columns = [number_of(column) for column in re.findall(r"[A-Z]+", reference.upper())]
    rows = [int(row) for row in re.findall(r"\d+", reference)]
    if columns:
        return Box(1, columns[0], MOST_ROWS, columns[-1])
    return Box(rows[0], 1, rows[-1], MOST_COLUMNS) if rows else Box(1, 1, 1, 1)


class Arrow(NamedTuple):
    """A relationship that stays in the package."""

    id: str
    type: str
    part: str

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class Sheet:
    def __init__(self, book: Book, element: etree._Element) -> None:
        self.name, self.state = element.get("name", ""), element.get("state", "visible")
        self.id = element.get("sheetId", "")
        self.part = book.target(book.workbook_part, element.get(RELATION_ID))
        self.root = book.tree(self.part) if self.part in book.parts else None
        self.book = book

    @property
    def is_worksheet(self) -> bool:
        return self.root is not None and local(self.root) == "worksheet"

    def all(self, tag: str) -> Iterator[etree._Element]:
        return iter(()) if self.root is None else self.root.iter("{*}" + tag)

    @cached_property
    def rows(self) -> list[etree._Element]:
        return [] if self.root is None else list(self.root.iterfind("{*}sheetData/{*}row"))

    @cached_property
    def cells(self) -> dict[str, etree._Element]:
        """Cells by reference, those whose reference the file leaves out included."""
        found, at = {}, 0
        for row in self.rows:
            at, column = whole(row.get("r")) or at + 1, 0
            for cell in row.iterfind("{*}c"):
                match = CELL.match(cell.get("r", ""))
                column = number_of(match[1]) if match else column + 1
                found[cell.get("r") or f"{letters(column)}{at}"] = cell
        return found

    def related(self, kind: str) -> list[str]:
        found = (arrow.part for arrow in self.book.arrows(self.part) if arrow.kind == kind)
        return [part for part in found if part in self.book.parts]

    def text(self, reference: str) -> str:
        cell = self.cells.get(reference)
        if cell is None:
            return ""
        if cell.get("t") == "inlineStr":
            return "".join(cell.itertext("{*}t"))
        value = cell.findtext("{*}v") or ""
        if cell.get("t") == "s":
            strings = self.book.strings
            return strings[whole(value)] if whole(value) < len(strings) else ""
        return value


def letters(column: int) -> str:
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


class Table(NamedTuple):
    sheet: Sheet
    root: etree._Element

    @property
    def name(self) -> str:
        return self.root.get("displayName", "")

    @property
    def box(self) -> Box:
        return box(self.root.get("ref", "A1"))

    @property
    def columns(self) -> list[etree._Element]:
        return list(self.root.iterfind("{*}tableColumns/{*}tableColumn"))


def entry_name(info: zipfile.ZipInfo) -> str:
    """An entry's name, in UTF-8 even where the container does not say so."""
    try:
        return info.filename if info.flag_bits & 0x800 else info.filename.encode("cp437").decode()
    except UnicodeDecodeError:
        return info.filename


class Book:
    """A package read by its relationships; names are folded as `key` folds them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            self.entries = container.infolist()
            files = [info for info in self.entries if not info.is_dir()]
            self.parts = {self.key(entry_name(info)): container.read(info) for info in files}
        self.names = [self.key(entry_name(info)) for info in files]
        self._arrows: dict[str, list[Arrow]] = {}
        self._trees: dict[str, etree._Element] = {}
        self.workbook_part = next(arrow.part for arrow in self.arrows("") if arrow.kind == "officeDocument")
        self.workbook = self.tree(self.workbook_part)
        self.sheets = [Sheet(self, element) for element in self.workbook.iterfind("{*}sheets/{*}sheet")]
        self.tables = [
            Table(sheet, self.tree(part)) for sheet in self.sheets for part in sheet.related("table")
        ]

    @staticmethod
    def key(name: str) -> str:
        return unquote(name.replace("\\", "/")).lstrip("/").lower()

    def tree(self, part: str) -> etree._Element:
        if part not in self._trees:
            parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
            self._trees[part] = etree.fromstring(self.parts[part], parser)
        return self._trees[part]

    @cached_property
    def xml_parts(self) -> list[str]:
        """The parts that are documents: workbook, sheets, drawings … but no relationships."""
        named = (part for part in self.parts if part.endswith(".xml") and not part.startswith("["))
        return [part for part in named if self.parts[part].strip()]

    def arrows(self, source: str) -> list[Arrow]:
        """The internal relationships of a part."""
        if source not in self._arrows:
            self._arrows[source] = list(self._read_arrows(source))
        return self._arrows[source]

    def relationships(self, source: str) -> list[etree._Element]:
        """Every ``<Relationship>`` of a part, those that lead out of the package included."""
        folder, file = posixpath.split(source)
        rels = posixpath.join(folder, "_rels", file + ".rels")
        return list(self.tree(rels).iterfind("{*}Relationship")) if rels in self.parts else []

    def _read_arrows(self, source: str) -> Iterator[Arrow]:
        folder = posixpath.dirname(source)
        for element in self.relationships(source):
            target = element.get("Target", "#")
            if element.get("TargetMode") != "External" and not target.startswith("#"):
                path = posixpath.join("/" + folder, target.replace("\\", "/"))
                part = self.key(posixpath.normpath(path.replace("//", "/")))
                yield Arrow(element.get("Id", ""), element.get("Type", ""), part)

    def target(self, source: str, id_: str | None) -> str:
        return next((arrow.part for arrow in self.arrows(source) if arrow.id == id_), "")

    def related(self, kind: str) -> str:
        found = (arrow.part for arrow in self.arrows(self.workbook_part) if arrow.kind == kind)
        return next((part for part in found if part in self.parts), "")

    def of_kind(self, kind: str) -> list[str]:
        """Every part that some relationship of this kind leads to, once."""
        sources = ("", *self.parts)
        found = (arrow.part for source in sources for arrow in self.arrows(source) if arrow.kind == kind)
        return [part for part in dict.fromkeys(found) if part in self.parts]

    @cached_property
    def strings(self) -> list[str]:
        part = self.related("sharedStrings")
        items = self.tree(part).iterfind("{*}si") if part and self.parts[part].strip() else ()
        return ["".join(text.text or "" for text in item.iter("{*}t")) for item in items]

    @cached_property
    def styles(self) -> etree._Element:
        part = self.related("styles")
        return self.tree(part) if part and self.parts[part].strip() else etree.Element("styleSheet")

    def style_count(self, container: str) -> int:
        found = self.styles.find("{*}" + container)
        return 0 if found is None else len(elements(found))

    @cached_property
    def defined_names(self) -> list[etree._Element]:
        return list(self.workbook.iterfind("{*}definedNames/{*}definedName"))

    @cached_property
    def formulas(self) -> list[tuple[str, str]]:
        """(where, formula) of every cell, rule, validation, sparkline, table column, chart and name."""
        return list(self._formulas())

    def _formulas(self) -> Iterator[tuple[str, str]]:
        for sheet in self.sheets:
            for tag in FORMULA_TAGS:
                for element in sheet.all(tag):
                    above = element.getparent()
                    listed = above is not None and above.get("type") == "list"
                    text = (element.text or "").strip()
                    if text and not (listed and text.startswith('"')):  # "a,b,c" is no formula
                        yield f"{sheet.name}/{tag}", text
        for table in self.tables:
            for tag in ("calculatedColumnFormula", "totalsRowFormula"):
                for element in table.root.iter("{*}" + tag):
                    yield f"{table.sheet.name}/{tag}", element.text or ""
        for part in self.of_kind("chart"):
            for element in self.tree(part).iter("{*}f"):
                if element.text and element.text.strip():
                    yield part, element.text.strip()
        for name in self.defined_names:
            yield f"name {name.get('name')}", (name.text or "").strip()
