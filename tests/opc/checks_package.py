"""Checks on the package: the container, content types, relationships."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from tests.opc.reading import RELATIONS, Book, local

_RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
_SINGLE = {"styles", "theme", "sharedStrings", "calcChain", "vbaProject", "metadata", "person"}
_DATA_DESCRIPTOR, _ENCRYPTED, _ZIP64 = 0x08, 0x01, 1

# What a part must be for a relationship of this kind to lead to it: the end of its content type.
_TYPES = {
    "officeDocument": "main+xml", "worksheet": "worksheet+xml", "chartsheet": "chartsheet+xml",
    "styles": "styles+xml", "sharedStrings": "sharedStrings+xml", "theme": "theme+xml",
    "table": "table+xml", "comments": "comments+xml", "drawing": "drawing+xml", "chart": "chart+xml",
    "vmlDrawing": "vmlDrawing", "calcChain": "calcChain+xml",
}  # fmt: skip
# The kinds of relationship that an element's r:id may name.
_ELEMENTS = {
    "hyperlink": {"hyperlink"}, "drawing": {"drawing"}, "legacyDrawing": {"vmlDrawing"},
    "legacyDrawingHF": {"vmlDrawing"}, "tablePart": {"table"}, "picture": {"image"}, "chart": {"chart"},
    "sheet": {"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"},
    "externalReference": {"externalLink", "externalLinkPath"}, "pivotCache": {"pivotCacheDefinition"},
}  # fmt: skip


def repeated(values: Iterable[str]) -> list[str]:
    return sorted(value for value, times in Counter(values).items() if times > 1)


def part_names(book: Book) -> Iterator[str]:
    yield from repeated(book.names)
    if book.names[0] != "[content_types].xml":
        yield "content types do not come first"


def container(book: Book) -> Iterator[str]:
    """What the rules keep out of a container we write."""
    for info in book.entries:
        if info.is_dir():
            yield f"folder {info.filename}"
        if info.flag_bits & _DATA_DESCRIPTOR:
            yield f"sizes behind the data: {info.filename}"
        if info.flag_bits & _ENCRYPTED:
            yield f"encrypted {info.filename}"
        if info.extra[:2] == _ZIP64.to_bytes(2, "little"):
            yield f"zip64 {info.filename}"


def content_types(book: Book) -> Iterator[str]:
    root = book.tree("[content_types].xml")
    overrides = [book.key(el.get("PartName", "")) for el in root.iterfind("{*}Override")]
    defaults = [el.get("Extension", "").lower() for el in root.iterfind("{*}Default")]
    yield from (f"twice {part}" for part in repeated(overrides))
    yield from (f"twice .{extension}" for extension in repeated(defaults))
    yield from (f"no part {part}" for part in overrides if part not in book.parts)
    yield from (f"lists itself {part}" for part in overrides if part.startswith("["))
    for part in book.parts:
        if part not in overrides and part.rpartition(".")[2] not in defaults and not part.startswith("["):
            yield f"no type {part}"


def _types(book: Book) -> dict[str, str]:
    root = book.tree("[content_types].xml")
    defaults = {
        el.get("Extension", "").lower(): el.get("ContentType", "") for el in root.iterfind("{*}Default")
    }
    overrides = {
        book.key(el.get("PartName", "")): el.get("ContentType", "") for el in root.iterfind("{*}Override")
    }
    return {part: overrides.get(part) or defaults.get(part.rpartition(".")[2], "") for part in book.parts}


def fitting_types(book: Book) -> Iterator[str]:
    """A part whose content type is not what the relationships to it promise."""
    types = _types(book)
    for source in ("", *book.parts):
        for arrow in book.arrows(source):
            found = types.get(arrow.part)
            expected = _TYPES.get(arrow.kind, "")
            if found is not None and not found.lower().endswith(expected.lower()):
                yield f"{arrow.part} is {found}"
    for part, found in types.items():
        if part.endswith(".rels") and found != _RELATIONSHIPS:
            yield f"{part} is {found}"


def relationships(book: Book) -> Iterator[str]:
    for part in ("", *book.parts):
        ids = [element.get("Id", "") for element in book.relationships(part)]
        yield from (f"{part} id twice {id_}" for id_ in repeated(ids))
        yield from (f"{part} to {arrow.part}" for arrow in book.arrows(part) if arrow.part not in book.parts)
        for element in book.relationships(part):
            if not all(element.get(name) for name in ("Id", "Type", "Target")):
                yield f"{part} lacks a word in {element.get('Id')}"
    for part in [rels for rels in book.parts if rels.endswith(".rels") and rels != "_rels/.rels"]:
        folder, file = posixpath.split(part)
        source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        if source not in book.parts:
            yield f"{part} without its part"


def single_parts(book: Book) -> Iterator[str]:
    """A workbook has one of each of these at most, and a sheet one drawing and one set of notes."""
    kinds = [arrow.kind for arrow in book.arrows(book.workbook_part)]
    yield from (kind for kind in repeated(kinds) if kind in _SINGLE)
    for sheet in book.sheets:
        for kind in ("drawing", "comments"):
            if len(sheet.related(kind)) > 1:
                yield f"{sheet.name} {kind}"


def relationship_ids(book: Book) -> Iterator[str]:
    """An ``r:id`` without its relationship, or with one of another kind."""
    for part in book.xml_parts:
        if RELATIONS[1:-1].encode() not in book.parts[part] and not _is_utf16(book.parts[part]):
            continue
        kinds = {el.get("Id"): el.get("Type", "").rpartition("/")[2] for el in book.relationships(part)}
        for element in book.tree(part).iter("{*}*"):
            for name, value in element.attrib.items():
                if not str(name).startswith(RELATIONS) or not value:
                    continue
                if str(value) not in kinds:
                    yield f"{part} {local(element)} {value}"
                elif kinds[str(value)] not in _ELEMENTS.get(local(element), {kinds[str(value)]}):
                    yield f"{part} {local(element)} is {kinds[str(value)]}"


def _is_utf16(data: bytes) -> bool:
    return data[:2] in (b"\xff\xfe", b"\xfe\xff")


def orphan_parts(book: Book) -> Iterator[str]:
    seen, queue = {""}, [""]
    while queue:
        for arrow in book.arrows(queue.pop()):
            if arrow.part not in seen:
                seen.add(arrow.part)
                queue.append(arrow.part)
    ends = (".rels", "[content_types].xml")
    yield from (part for part in book.parts if part not in seen and not part.endswith(ends))


def links(book: Book) -> Iterator[str]:
    """Links inside the workbook that lead to a sheet or name it does not have."""
    sheets = {sheet.name.casefold() for sheet in book.sheets}
    names = {name.get("name", "").casefold() for name in book.defined_names}
    names |= {table.name.casefold() for table in book.tables}
    for where, place in _places(book):
        sheet, bang, _ = place.rpartition("!")
        known = sheet.strip("'").replace("''", "'").casefold() in sheets if bang else (
            place.casefold() in names or not place or any(sign.isdigit() for sign in place)
        )  # fmt: skip
        if not known and "[" not in place:
            yield f"{where} to {place}"


def _places(book: Book) -> Iterator[tuple[str, str]]:
    for sheet in book.sheets:
        for link in sheet.all("hyperlink"):
            if link.get("location") and not link.get(RELATIONS + "id"):
                yield f"{sheet.name} {link.get('ref')}", link.get("location", "")
    for part in ("", *book.parts):
        for element in book.relationships(part):
            if element.get("Target", "").startswith("#"):
                yield f"{part} {element.get('Id')}", unquote(element.get("Target", "")[1:])


CHECKS = (
    part_names, container, content_types, fitting_types, relationships, single_parts, relationship_ids,
    orphan_parts, links,
)  # fmt: skip
