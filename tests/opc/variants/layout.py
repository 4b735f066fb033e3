"""Other names, folders, targets and content types for the same parts; parts missing, doubled, promised."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from urllib.parse import quote

from lxml import etree

from tests.opc.reading import Book
from tests.opc.variants.kit import OFFICE, RELATIONSHIPS_TYPE, TYPES, Kit, Parts, Variant, resolved

Rename = Callable[[str], str]


def _internal(root: etree._Element) -> list[etree._Element]:
    found = [element for element in root if isinstance(element.tag, str) and element.get("Target")]
    return [
        element
        for element in found
        if element.get("TargetMode") != "External" and not element.get("Target", "").startswith("#")
    ]


def retargeted(write: Callable[[str, str], str]) -> Callable[[Parts], Parts]:
    """Each target written anew from (source part, part pointed at)."""

    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        spelling = {Book.key(name): name for name in parts}
        for rels in kit.rels:
            source, root = kit._source(rels), kit.tree(rels)
            for element in _internal(root):
                part = spelling.get(resolved(source, element.get("Target", "")))
                if part:
                    element.set("Target", write(source, part))
            kit.put(rels, root)
        return kit.parts

    return apply


def _relative(source: str, part: str) -> str:
    return posixpath.relpath("/" + part, "/" + posixpath.dirname(source))


def _winding(source: str, part: str) -> str:
    folder = posixpath.dirname(source)
    up = "../" * (folder.count("/") + 1) if folder else ""
    return f"./{up}{posixpath.dirname(part) or '.'}/./{posixpath.basename(part)}"


def moved(rename: Rename, *, escaped: bool) -> Callable[[Parts], Parts]:
    """Parts under other names; ``escaped``: percent signs in targets and types, plain names in the zip."""

    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        names = {name: name if name == TYPES or name in kit.rels else rename(name) for name in parts}
        spelling = {Book.key(name): name for name in parts}
        said = quote if escaped else str
        result: Parts = {}
        for name in parts:
            if name in kit.rels:
                continue
            result[names[name]] = kit.parts[name]
        for rels in kit.rels:
            source, root = kit._source(rels), kit.tree(rels)
            source = spelling.get(Book.key(source), source)
            new_source = names.get(source, source)
            for element in _internal(root):
                part = spelling.get(resolved(source, element.get("Target", "")))
                if part:
                    element.set("Target", said(_relative(new_source, names[part])))
            folder, file = posixpath.split(new_source)
            result[posixpath.join(folder, "_rels", file + ".rels")] = etree.tostring(root)
        root = etree.fromstring(result[TYPES])
        for element in root.iterfind("{*}Override"):
            part = spelling.get(Book.key(element.get("PartName", "")), "")
            if part in names:
                element.set("PartName", "/" + said(names[part]))
        result[TYPES] = etree.tostring(root)
        return result

    return apply


def _wps(name: str) -> str:
    return name.replace("xl/workbook.xml", "xl/工作簿.xml").replace("sheet", "工作 表")


def _flat(parts: Parts) -> Parts | None:
    """Every part in the root, where their file names allow it."""
    files = [posixpath.basename(name).lower() for name in parts if not name.endswith(".rels")]
    if len(set(files)) != len(files):
        return None
    return moved(posixpath.basename, escaped=False)(parts)


def _types_rewritten(change: Callable[[Kit, etree._Element], None]) -> Callable[[Parts], Parts]:
    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        root = kit.tree(TYPES)
        change(kit, root)
        return kit.put(TYPES, root).parts

    return apply


def _tag(root: etree._Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _types(root: etree._Element, name: str) -> str:
    for element in root.iterfind("{*}Override"):
        if Book.key(element.get("PartName", "")) == Book.key(name):
            return element.get("ContentType", "")
    extension = name.rpartition(".")[2].lower()
    defaults = [el for el in root.iterfind("{*}Default") if el.get("Extension", "").lower() == extension]
    return defaults[0].get("ContentType", "") if defaults else ""


def _all_by_override(kit: Kit, root: etree._Element) -> None:
    types = {name: _types(root, name) for name in kit.parts if name != TYPES}
    for element in list(root):
        root.remove(element)
    for name, content_type in types.items():
        attributes = {"PartName": "/" + name, "ContentType": content_type or "application/octet-stream"}
        etree.SubElement(root, _tag(root, "Override"), attributes)


def _xml_means(pick: Callable[[Kit], str]) -> Callable[[Kit, etree._Element], None]:
    """Default ``xml`` stands for a real type; the parts of that type lose their Override."""

    def change(kit: Kit, root: etree._Element) -> None:
        kind = _types(root, pick(kit))
        types = {name: _types(root, name) for name in kit.parts if name != TYPES}
        _all_by_override(kit, root)
        for element in list(root):
            if element.get("ContentType") in (kind, RELATIONSHIPS_TYPE):
                root.remove(element)
        for extension, content_type in (("XML", kind), ("rels", RELATIONSHIPS_TYPE)):
            attributes = {"Extension": extension, "ContentType": content_type}
            root.insert(0, etree.Element(_tag(root, "Default"), attributes))
        for name, content_type in types.items():
            if content_type == kind and not name.lower().endswith(".xml"):
                attributes = {"PartName": "/" + name, "ContentType": kind}
                etree.SubElement(root, _tag(root, "Override"), attributes)

    return change


def _as_kind(content_type: str) -> Callable[[Parts], Parts]:
    def change(kit: Kit, root: etree._Element) -> None:
        for element in list(root.iterfind("{*}Override")):
            if Book.key(element.get("PartName", "")) == Book.key(kit.workbook):
                root.remove(element)
        attributes = {"PartName": "/" + kit.workbook, "ContentType": content_type}
        etree.SubElement(root, _tag(root, "Override"), attributes)

    return _types_rewritten(change)


def _without(kind: str) -> Callable[[Parts], Parts | None]:
    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        part = kit.one(kind)
        return kit.without(part).parts if part else None

    return apply


def _without_properties(parts: Parts) -> Parts | None:
    kit = Kit(parts)
    doomed = [name for name in parts if name.lower().startswith("docprops/")]
    for name in doomed:
        kit.without(name)
    return kit.parts if doomed else None


def _next_sheet(kit: Kit) -> str:
    number = 1
    while (name := f"{kit.folder()}worksheets/sheet{number}.xml").lower() in {n.lower() for n in kit.parts}:
        number += 1
    return name


def _orphan_rels(parts: Parts) -> Parts:
    """Relationships left behind by a sheet that is gone, in the place of the next one."""
    kit = Kit(parts)
    return kit.point(_next_sheet(kit), "rId1", f"{OFFICE}/hyperlink", "nowhere.xml").parts


def _promised_sheet(parts: Parts) -> Parts:
    """A relationship and a content type for a sheet that is not there."""
    kit = Kit(parts)
    gone = _next_sheet(kit)
    kit.point(kit.workbook, "rIdGone", f"{OFFICE}/worksheet", "/" + gone)
    return kit.declare(gone, "application/xml").parts


def _empty_words(parts: Parts) -> Parts:
    """Relationships without type or target."""
    kit = Kit(parts)
    rels = kit.rels_of(kit.workbook)
    root = kit.tree(rels)
    for attributes in ({"Id": "rIdE1"}, {"Id": "rIdE2", "Target": ""}, {"Id": "rIdE3", "Target": "NULL"}, {}):
        etree.SubElement(root, _tag(root, "Relationship"), attributes)
    return kit.put(rels, root).parts


def _odd_ids(parts: Parts) -> Parts:
    """Relationship ids as other programs make them."""
    kit = Kit(parts)
    for part in (kit.workbook, *kit.sheets):
        rels = kit.rels_of(part)
        if rels not in kit.parts:
            continue
        root, text = kit.tree(rels), kit.text(part)
        for number, element in enumerate(root.iterfind("{*}Relationship")):
            old, new = element.get("Id", ""), f"R{number:032x}关.x"
            text = text.replace(f'"{old}"', f'"\0{new}"')
            element.set("Id", new)
        kit.put(rels, root).with_text(part, text.replace("\0", ""))
    return kit.parts


def _doubled(parts: Parts) -> Parts:
    kit = Kit(parts)
    kit.parts[kit.workbook.upper()] = b"<x/>"
    return kit.parts


MACRO = "application/vnd.ms-excel.{}.macroEnabled.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}.main+xml"

LAYOUTS = (
    Variant("absolute targets", retargeted(lambda source, part: "/" + part)),
    Variant("winding targets", retargeted(_winding)),
    Variant("backslashes in targets",
            retargeted(lambda source, part: _relative(source, part).replace("/", "\\"))),
    Variant("targets in capitals", retargeted(lambda source, part: _relative(source, part).upper())),
    Variant("targets from the root with backslashes",
            retargeted(lambda source, part: "\\" + part.replace("/", "\\"))),
    Variant("another folder", moved(lambda name: name.replace("xl/", "content/book/"), escaped=False)),
    Variant("names with spaces", moved(lambda name: name.replace("sheet", "sheet no "), escaped=False)),
    Variant("names with spaces, escaped",
            moved(lambda name: name.replace("sheet", "sheet no "), escaped=True)),
    Variant("Chinese names", moved(_wps, escaped=False)),
    Variant("Chinese names, escaped", moved(_wps, escaped=True)),
    Variant("a Chinese folder", moved(lambda name: name.replace("xl/", "表 格/"), escaped=True)),
    Variant("percent signs in the zip", moved(lambda name: quote(_wps(name)), escaped=False)),
    Variant("everything in the root", _flat),
    Variant("other endings", moved(lambda name: name.replace("sheet1.xml", "sheet1.XML").replace(
        "styles.xml", "styles.part"), escaped=False)),
    Variant("every type by override", _types_rewritten(_all_by_override)),
    Variant("xml means worksheet", _types_rewritten(_xml_means(lambda kit: kit.sheets[0]))),
    Variant("xml means workbook", _types_rewritten(_xml_means(lambda kit: kit.workbook))),
    Variant("xlsm", _as_kind(MACRO.format("sheet"))),
    Variant("xltx", _as_kind(SHEET_TYPE.format("template"))),
    Variant("xltm", _as_kind(MACRO.format("template"))),
    Variant("xlam", _as_kind(MACRO.format("addin"))),
    Variant("no theme", _without("theme")),
    Variant("no calculation chain", _without("calcChain")),
    Variant("no styles", _without("styles")),
    Variant("no properties", _without_properties),
    Variant("relationships of a sheet that is gone", _orphan_rels),
    Variant("a sheet that is promised only", _promised_sheet),
    Variant("relationships without words", _empty_words),
    Variant("odd relationship ids", _odd_ids),
    Variant("two workbook parts but for case", _doubled, refused="opc.duplicate_parts"),
    Variant("no content types", lambda parts: {n: c for n, c in parts.items() if n != TYPES},
            refused="opc.not_a_workbook"),
)  # fmt: skip
