"""What a schema validator does not see: whether the parts of a workbook agree with each other.

``problems(data)`` returns sentences that begin with the code of the check; comparing the sets of two files
shows what an operation broke. It shares no code with ``sheetkit.opc``, or both could err alike.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property

from lxml import etree

RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(r"([A-Z]+)(\d+)")
SHEET_POINTER = re.compile(r"'((?:[^']|'')+)'!|(?<![\w.\]'\\])([^\W\d][\w.]*)!")
TEXTS = re.compile(r'"(?:[^"]|"")*"')
QUOTED = re.compile(r"'(?:[^']|'')*'")


def number_of(column: str) -> int:
    result = 0
    for letter in column:
        result = result * 26 + ord(letter) - 64
    return result


def whole(value: str | None) -> int:
    """The number an attribute holds; real files hold blanks too."""
    return int(value) if value and value.strip().isdecimal() else 0


def box(reference: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column."""
    corners = [(int(row), number_of(column)) for column, row in CELL.findall(reference.replace("$", ""))]
    return (*corners[0], *corners[-1])


class Sheet:
    def __init__(self, book: Book, element: etree._Element) -> None:
        self.name, self.state = element.get("name", ""), element.get("state", "visible")
        self.id = element.get("sheetId", "")
        self.part = book.target(book.workbook_part, element.get(RELATION_ID))
        self.root = book.tree(self.part) if self.part in book.parts else None
        self.book = book

    def all(self, tag: str) -> Iterator[etree._Element]:
        return iter(()) if self.root is None else self.root.iter("{*}" + tag)

    @cached_property
    def cells(self) -> dict[str, etree._Element]:
        return {cell.get("r", ""): cell for cell in self.all("c")}

    def related(self, kind: str) -> list[str]:
        found = (part for _, type_, part in self.book.arrows(self.part) if type_.endswith("/" + kind))
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


class Book:
    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            names = [name for name in container.namelist() if not name.endswith("/")]
            self.parts = {self.key(name): container.read(name) for name in names}
        self.names = [self.key(name) for name in names]
        self._arrows: dict[str, list[tuple[str, str, str]]] = {}
        self.first_name = names[0]
        self.workbook_part = next(
            part for _, type_, part in self.arrows("") if type_.endswith("/officeDocument")
        )
        self.workbook = self.tree(self.workbook_part)
        self.sheets = [Sheet(self, element) for element in self.workbook.iterfind("{*}sheets/{*}sheet")]
        self.tables = [(sheet, self.tree(part)) for sheet in self.sheets for part in sheet.related("table")]

    @staticmethod
    def key(name: str) -> str:
        return name.replace("\\", "/").lstrip("/").lower()

    def tree(self, part: str) -> etree._Element:
        return etree.fromstring(self.parts[part], etree.XMLParser(huge_tree=True, resolve_entities=False))

    def arrows(self, source: str) -> list[tuple[str, str, str]]:
        """(id, type, part) of the internal relationships of a part."""
        if source not in self._arrows:
            self._arrows[source] = self._read_arrows(source)
        return self._arrows[source]

    def _read_arrows(self, source: str) -> list[tuple[str, str, str]]:
        folder, file = posixpath.split(source)
        data = self.parts.get(posixpath.join(folder, "_rels", file + ".rels"))
        if data is None:
            return []
        return [
            (el.get("Id", ""), el.get("Type", ""), self._join(folder, el.get("Target", "")))
            for el in etree.fromstring(data).iterfind("{*}Relationship")
            if el.get("TargetMode") != "External" and not el.get("Target", "#").startswith("#")
        ]

    def _join(self, folder: str, target: str) -> str:
        return self.key(posixpath.normpath(posixpath.join("/" + folder, target.replace("\\", "/"))))

    def target(self, source: str, id_: str | None) -> str:
        return next((part for each, _, part in self.arrows(source) if each == id_), "")

    def related(self, kind: str) -> str:
        found = (part for _, type_, part in self.arrows(self.workbook_part) if type_.endswith("/" + kind))
        return next((part for part in found if part in self.parts), "")

    @cached_property
    def strings(self) -> list[str]:
        part = self.related("sharedStrings")
        items = self.tree(part).iterfind("{*}si") if part else ()
        return ["".join(text.text or "" for text in item.iter("{*}t")) for item in items]

    @cached_property
    def styles(self) -> etree._Element:
        part = self.related("styles")
        return self.tree(part) if part else etree.Element("styleSheet")

    def style_count(self, container: str) -> int:
        found = self.styles.find("{*}" + container)
        return 0 if found is None else len(found)

    @cached_property
    def defined_names(self) -> list[etree._Element]:
        return list(self.workbook.iterfind("{*}definedNames/{*}definedName"))

    @cached_property
    def formulas(self) -> list[tuple[str, str]]:
        return list(self._formulas())

    def _formulas(self) -> Iterator[tuple[str, str]]:
        """(where, formula) of every cell, rule, validation, table column, chart and defined name."""
        for sheet in self.sheets:
            for tag in ("f", "formula", "formula1", "formula2"):
                for element in sheet.all(tag):
                    if element.text and (element.getparent().get("type"), tag) != ("list", "formula1"):
                        yield f"{sheet.name}/{tag}", element.text
        for sheet, table in self.tables:
            for tag in ("calculatedColumnFormula", "totalsRowFormula"):
                for element in table.iter("{*}" + tag):
                    yield f"{sheet.name}/{tag}", element.text or ""
        for part in self.parts:
            if re.search(r"charts?/chart\d*\.xml$", part):
                for element in self.tree(part).iter("{*}f"):
                    yield part, element.text or ""
        for name in self.defined_names:
            yield f"name {name.get('name')}", name.text or ""


# -- the checks ----------------------------------------------------------------------------------


def repeated(values: list[str]) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


def part_names(book: Book) -> Iterator[str]:
    yield from repeated(book.names)
    if book.first_name != "[Content_Types].xml":
        yield "content types do not come first"


def content_types(book: Book) -> Iterator[str]:
    root = book.tree("[content_types].xml")
    overrides = [book.key(el.get("PartName", "")) for el in root.iterfind("{*}Override")]
    defaults = {el.get("Extension", "").lower() for el in root.iterfind("{*}Default")}
    yield from (f"twice {part}" for part in repeated(overrides))
    yield from (f"no part {part}" for part in overrides if part not in book.parts)
    for part in book.parts:
        if part not in overrides and part.rpartition(".")[2] not in defaults and not part.startswith("["):
            yield f"no type {part}"


def dangling_relationships(book: Book) -> Iterator[str]:
    for part in ("", *book.parts):
        arrows = book.arrows(part)
        yield from (f"{part} id twice {id_}" for id_ in repeated([arrow[0] for arrow in arrows]))
        yield from (f"{part} to {target}" for _, _, target in arrows if target not in book.parts)
    for part in [rels for rels in book.parts if rels.endswith(".rels") and rels != "_rels/.rels"]:
        folder, file = posixpath.split(part)
        source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        if source not in book.parts:
            yield f"{part} without its part"


def single_parts(book: Book) -> Iterator[str]:
    """A workbook has one of each of these at most."""
    kinds = [type_.rpartition("/")[2] for _, type_, _ in book.arrows(book.workbook_part)]
    single = {"styles", "theme", "sharedStrings", "calcChain", "vbaProject"}
    yield from (kind for kind in repeated(kinds) if kind in single)


def relationship_ids(book: Book) -> Iterator[str]:
    for part in book.parts:
        if not part.endswith(".xml") or part.endswith(".rels") or part.startswith("["):
            continue
        data = book.parts[part]
        used = {x.decode() for x in re.findall(rb"\sr:(?:id|embed|link|pict)=\"([^\"]+)\"", data)}
        folder, file = posixpath.split(part)
        rels = book.parts.get(posixpath.join(folder, "_rels", file + ".rels"), b"")
        yield from (f"{part} {id_}" for id_ in sorted(used) if f'"{id_}"'.encode() not in rels)


def orphan_parts(book: Book) -> Iterator[str]:
    seen, queue = {""}, [""]
    while queue:
        for _, _, target in book.arrows(queue.pop()):
            if target not in seen:
                seen.add(target)
                queue.append(target)
    ends = (".rels", "[content_types].xml")
    yield from (part for part in book.parts if part not in seen and not part.endswith(ends))


def sheet_names(book: Book) -> Iterator[str]:
    yield from repeated([sheet.name.casefold() for sheet in book.sheets])
    yield from (name.name for name in book.sheets if len(name.name.encode("utf-16-le")) > 62)


def sheet_ids(book: Book) -> Iterator[str]:
    yield from repeated([sheet.id for sheet in book.sheets])


def sheet_parts(book: Book) -> Iterator[str]:
    yield from (sheet.name for sheet in book.sheets if sheet.part not in book.parts)
    yield from (f"shared {part}" for part in repeated([sheet.part for sheet in book.sheets]))


def table_ids(book: Book) -> Iterator[str]:
    yield from repeated([table.get("id", "") for _, table in book.tables])


def table_names(book: Book) -> Iterator[str]:
    for attribute in ("name", "displayName"):
        yield from repeated([table.get(attribute, "").casefold() for _, table in book.tables])


def table_against_names(book: Book) -> Iterator[str]:
    names = {name.get("name", "").casefold() for name in book.defined_names}
    yield from sorted({table.get("displayName", "").casefold() for _, table in book.tables} & names)


def table_headers(book: Book) -> Iterator[str]:
    for sheet, table in book.tables:
        if table.get("headerRowCount", "1") == "0":
            continue
        row, first, _, last = box(table.get("ref", "A1"))
        columns = [
            re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), column.get("name", ""))
            for column in table.iterfind("{*}tableColumns/{*}tableColumn")
        ]
        if len(columns) != last - first + 1:
            yield f"{table.get('name')} has {len(columns)} columns"
        cells = {number_of(CELL.match(r)[1]): r for r in sheet.cells if r and int(CELL.match(r)[2]) == row}
        for offset, name in enumerate(columns):
            if sheet.text(cells.get(first + offset, "")) != name:
                yield f"{table.get('name')} {name}"


def local_sheet_ids(book: Book) -> Iterator[str]:
    for name in book.defined_names:
        if name.get("localSheetId") and whole(name.get("localSheetId")) >= len(book.sheets):
            yield name.get("name", "")


def defined_names(book: Book) -> Iterator[str]:
    keys = [f"{name.get('name', '').casefold()}@{name.get('localSheetId')}" for name in book.defined_names]
    yield from repeated(keys)
    yield from (
        f"{name.get('name')} to nowhere" for name in book.defined_names if "#REF!" in (name.text or "")
    )


def missing_sheets(book: Book) -> Iterator[str]:
    known = {sheet.name.casefold() for sheet in book.sheets}
    for where, formula in book.formulas:
        for quoted, plain in SHEET_POINTER.findall(TEXTS.sub('""', formula)):
            text = quoted.replace("''", "'") or plain
            if "[" not in text and not set(text.casefold().split(":")) <= known and text != "#REF":
                yield f"{where}: {formula}"


def local_names_point_home(book: Book) -> Iterator[str]:
    for name in book.defined_names:
        local = name.get("localSheetId")
        if local is None or not name.get("name", "").startswith("_xlnm.") or whole(local) >= len(book.sheets):
            continue
        for quoted, plain in SHEET_POINTER.findall(name.text or ""):
            if (quoted.replace("''", "'") or plain).casefold() != book.sheets[whole(local)].name.casefold():
                yield f"{name.get('name')}@{local}: {name.text}"


def cell_styles(book: Book) -> Iterator[str]:
    count = max(1, book.style_count("cellXfs"))
    for sheet in book.sheets:
        for tag, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            highest = max((whole(el.get(attribute)) for el in sheet.all(tag)), default=0)
            if highest >= count:
                yield f"{sheet.name} {tag} {highest}"


def format_parts(book: Book) -> Iterator[str]:
    for index, xf in enumerate(book.styles.iterfind("{*}cellXfs/{*}xf")):
        for attribute, container in (
            ("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"), ("xfId", "cellStyleXfs"),
        ):  # fmt: skip
            if whole(xf.get(attribute)) >= max(1, book.style_count(container)):
                yield f"{index} {attribute}"
    known = {el.get("numFmtId") for el in book.styles.iterfind("{*}numFmts/{*}numFmt")}
    for index, xf in enumerate(book.styles.iterfind("{*}cellXfs/{*}xf")):
        if whole(xf.get("numFmtId")) > 163 and xf.get("numFmtId") not in known:
            yield f"{index} numFmtId"
    yield from (
        f"count of {etree.QName(el).localname}"
        for el in book.styles
        if isinstance(el.tag, str) and el.get("count") and whole(el.get("count")) != len(el)
    )


def differential_formats(book: Book) -> Iterator[str]:
    count = book.style_count("dxfs")
    roots = [(sheet.name, sheet.root) for sheet in book.sheets if sheet.root is not None]
    for where, root in [*roots, *((table.get("name", ""), table) for _, table in book.tables)]:
        for element in root.iter("{*}cfRule", "{*}table", "{*}tableColumn", "{*}colorFilter"):
            for name, value in element.attrib.items():
                if str(name).lower().endswith("dxfid") and whole(value) >= count:
                    yield f"{where} {value}"


def shared_strings(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for reference, cell in sheet.cells.items():
            if cell.get("t") == "s" and whole(cell.findtext("{*}v")) >= len(book.strings):
                yield f"{sheet.name}!{reference}"


def vml_blocks(book: Book) -> Iterator[str]:
    blocks: list[str] = []
    shapes: list[str] = []
    for part, data in book.parts.items():
        if part.endswith(".vml"):
            for listed in re.findall(rb"idmap\b[^>]*?data=\"([^\"]*)\"", data):
                blocks += listed.decode().split(",")
            shapes += {shape.decode() for shape in re.findall(rb"\bid=\"(_x0000_s\d+)\"", data)}
    yield from (f"block {block}" for block in repeated(blocks))
    yield from (f"shape {shape}" for shape in repeated(shapes))


def notes_and_drawings(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        if sheet.related("comments") and not sheet.related("vmlDrawing"):
            yield sheet.name


def calculation_chain(book: Book) -> Iterator[str]:
    part = book.related("calcChain")
    sheets = {sheet.id: sheet for sheet in book.sheets}
    current = ""
    for entry in book.tree(part).iterfind("{*}c") if part else ():
        current = entry.get("i", current)
        cell = sheets[current].cells.get(entry.get("r", "")) if current in sheets else None
        if cell is None or cell.find("{*}f") is None:
            yield f"{current} {entry.get('r')}"


def row_order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        rows = [whole(row.get("r")) for row in sheet.all("row") if row.get("r")]
        if any(later <= earlier for earlier, later in itertools.pairwise(rows)):
            yield sheet.name


def cell_order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for row in sheet.all("row"):
            references = [CELL.match(c.get("r", "")) for c in row.iterfind("{*}c") if c.get("r")]
            columns = [number_of(match[1]) for match in references if match]
            stray = any(row.get("r") and match and match[2] != row.get("r") for match in references)
            if stray or any(b <= a for a, b in itertools.pairwise(columns)):
                yield f"{sheet.name} {row.get('r')}"


def merges(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        boxes = [box(merge.get("ref", "A1")) for merge in sheet.all("mergeCell")]
        for at, (top, left, bottom, right) in enumerate(boxes):
            for row, column, last_row, last_column in boxes[:at]:
                if row <= bottom and top <= last_row and column <= right and left <= last_column:
                    yield f"{sheet.name} {(row, column)} and {(top, left)}"


def active_tab(book: Book) -> Iterator[str]:
    for view in book.workbook.iterfind("{*}bookViews/{*}workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            if whole(view.get(attribute)) >= len(book.sheets):
                yield attribute


def selected_tabs(book: Book) -> Iterator[str]:
    chosen = [
        sheet.name
        for sheet in book.sheets
        if any(view.get("tabSelected") in {"1", "true"} for view in sheet.all("sheetView"))
    ]
    if len(chosen) > 1:
        yield " ".join(chosen)


def visible_sheets(book: Book) -> Iterator[str]:
    if all(sheet.state != "visible" for sheet in book.sheets):
        yield "none"


def formula_syntax(book: Book) -> Iterator[str]:
    for where, formula in book.formulas:
        rest = QUOTED.sub("", TEXTS.sub("0", formula))
        rest = re.sub(r"\[(?:'.|[^\[\]]|\[(?:'.|[^\[\]])*\])*\]", "", rest)
        depth = lowest = 0
        for sign in rest:
            depth += (sign == "(") - (sign == ")")
            lowest = min(lowest, depth)
        if depth or lowest or re.search(r"[\[\]\"']|^=|[-+*/^&=<>,]$", rest):
            yield f"{where}: {formula}"


def names_within(book: Book) -> Iterator[str]:
    """Structured references to tables that are not there."""
    tables = {table.get("displayName", "").casefold() for _, table in book.tables}
    for where, formula in book.formulas:
        for name in re.findall(r"(?<![\w.\]'!])([^\W\d]\w*)\[", TEXTS.sub('""', formula)):
            if name.casefold() not in tables:
                yield f"{where}: {formula}"


CHECKS: dict[str, Callable[[Book], Iterator[str]]] = {
    check.__name__: check
    for check in (
        part_names, content_types, dangling_relationships, relationship_ids, single_parts,
        orphan_parts, sheet_names, sheet_ids, sheet_parts, table_ids, table_names,
        table_against_names, table_headers, local_sheet_ids,
        defined_names, missing_sheets, local_names_point_home, cell_styles, format_parts,
        differential_formats, shared_strings, vml_blocks, notes_and_drawings, calculation_chain, row_order,
        cell_order, merges, active_tab, selected_tabs, visible_sheets, formula_syntax, names_within,
    )
}  # fmt: skip


def problems(data: bytes) -> set[str]:
    """Everything that does not agree, each with the code of its check in front."""
    book = Book(data)
    return {f"{code}: {found}" for code, check in CHECKS.items() for found in check(book)}
