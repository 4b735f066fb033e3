"""The workbook part: views, names, locks, sheets of other kinds, parts that later programs add."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tests.opc.variants.kit import MAIN, OFFICE, PACKAGE, Kit, Parts, Variant, ordered

_UP_TO_VIEWS = ("fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr",
                "absPath", "workbookProtection")  # fmt: skip
_UP_TO_NAMES = (*_UP_TO_VIEWS, "bookViews", "sheets", "functionGroups", "externalReferences")
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_ID = f"{{{OFFICE}}}id"


def on_workbook(change: Callable[[Kit, etree._Element], bool | None]) -> Callable[[Parts], Parts | None]:
    """The workbook part changed as a tree; nothing arises where the change says False."""

    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        root = kit.tree(kit.workbook)
        said = change(kit, root)
        return None if said is False else kit.put(kit.workbook, root).parts

    return apply


def _tag(root: etree._Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _sheets(root: etree._Element) -> list[etree._Element]:
    return list(root.iterfind("{*}sheets/{*}sheet"))


def _child(root: etree._Element, name: str, before: tuple[str, ...]) -> etree._Element:
    found = root.find("{*}" + name)
    return ordered(root, name, before) if found is None else found


def _without(*names: str) -> Callable[[Kit, etree._Element], bool]:
    def change(kit: Kit, root: etree._Element) -> bool:
        doomed = [child for name in names for child in root.iterfind("{*}" + name)]
        for child in doomed:
            root.remove(child)
        return bool(doomed)

    return change


def _first_hidden(kit: Kit, root: etree._Element) -> bool:
    """The first sheet hidden, others very hidden, the last one active."""
    sheets = _sheets(root)
    if len(sheets) < 2:
        return False
    for at, sheet in enumerate(sheets):
        sheet.set("state", "visible" if at == len(sheets) - 1 else ("veryHidden" if at else "hidden"))
    view = _child(_child(root, "bookViews", _UP_TO_VIEWS), "workbookView", ())
    view.set("activeTab", str(len(sheets) - 1))
    view.set("firstSheet", str(len(sheets) - 1))
    return True


def _names(kit: Kit, root: etree._Element) -> None:
    """Names that lead nowhere, that a function hides, that a graft might want for itself."""
    names = _child(root, "definedNames", _UP_TO_NAMES)
    wanted = {"broken": "#REF!", "_xlfn.IFERROR": "#NAME?", "sk_total": "1", "SK_TOTAL_2": "2", "清单": "3"}
    known = {name.get("name", "").casefold() for name in names.iterfind("{*}definedName")}
    for name, text in wanted.items():
        if name.casefold() not in known:
            etree.SubElement(names, _tag(root, "definedName"), {"name": name, "hidden": "1"}).text = text


def _stray_local_name(kit: Kit, root: etree._Element) -> None:
    """Printed titles of a sheet that is not there, but would be after a graft."""
    names = _child(root, "definedNames", _UP_TO_NAMES)
    attributes = {"name": "_xlnm.Print_Titles", "localSheetId": str(len(_sheets(root)))}
    etree.SubElement(names, _tag(root, "definedName"), attributes).text = "#REF!"


def _taken(*names: str) -> Callable[[Kit, etree._Element], bool]:
    """The first sheets named as the graft would name its own; whoever points at them is not followed."""

    def change(kit: Kit, root: etree._Element) -> bool:
        pointed_at = any(True for part in kit.sheets for _ in kit.tree(part).iter("{*}f", "{*}hyperlink"))
        if pointed_at or root.find("{*}definedNames") is not None or kit.all_of("drawing"):
            return False
        for sheet, name in zip(_sheets(root), names, strict=False):
            sheet.set("name", name)
        return True

    return change


def _highest_id(kit: Kit, root: etree._Element) -> None:
    _sheets(root)[-1].set("sheetId", "65534")


def _no_ids(kit: Kit, root: etree._Element) -> None:
    for sheet in _sheets(root):
        sheet.attrib.pop("sheetId", None)


def _in_1904(kit: Kit, root: etree._Element) -> None:
    _child(root, "workbookPr", ("fileVersion", "fileSharing")).set("date1904", "true")


def _locked(kit: Kit, root: etree._Element) -> None:
    for old in root.iterfind("{*}workbookProtection"):
        root.remove(old)
    lock = ordered(root, "workbookProtection", _UP_TO_VIEWS[:-1])
    lock.set("lockStructure", "true")


def _conforming(kit: Kit, root: etree._Element) -> None:
    root.set("conformance", "transitional")


def _alternative(kit: Kit, root: etree._Element) -> None:
    """An alternative at its usual place and one behind everything, an extension, elements of tomorrow."""
    for at, parent in ((1, root), (len(root), root)):
        alternative = etree.Element(f"{{{_MC}}}AlternateContent", nsmap={"mc": _MC})
        choice = etree.SubElement(alternative, f"{{{_MC}}}Choice", {"Requires": "x15"}, nsmap={"x15": _X15})
        etree.SubElement(choice, f"{{{_X15}}}absPath", {"url": "C:\\店\\"})
        if at:
            parent.insert(at, alternative)


def _other_book(kit: Kit, root: etree._Element) -> bool:
    if root.find("{*}externalReferences") is not None:
        return False
    part = f"{kit.folder()}externalLinks/externalLink1.xml"
    book = f'<externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="甲"/></sheetNames>'
    kit.parts[part] = f'<externalLink xmlns="{MAIN}">{book}</externalBook></externalLink>'.encode()
    kit.declare(part, "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml")
    kit.point(kit.workbook, "rIdOther", f"{OFFICE}/externalLink", "externalLinks/externalLink1.xml")
    rels = f'<Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="file:///D:\\店 铺.xlsx" '
    kit.parts[f"{kit.folder()}externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}">{rels}TargetMode="External"/></Relationships>'.encode()
    )
    listed = ordered(root, "externalReferences", _UP_TO_NAMES[:-1])
    etree.SubElement(listed, _tag(root, "externalReference"), {_ID: "rIdOther"})
    return True


def _sheet_of_kind(kind: str, relation: str, content: str, content_type: str):  # type: ignore[no-untyped-def]
    def change(kit: Kit, root: etree._Element) -> None:
        part = f"{kit.folder()}{kind}s/extra1.xml"
        kit.parts[part] = content.encode()
        kit.declare(part, content_type)
        kit.point(kit.workbook, "rIdExtra", relation, f"{kind}s/extra1.xml")
        ids = [int(sheet.get("sheetId", "0")) for sheet in _sheets(root)]
        attributes = {"name": "另一种", "sheetId": str(max(ids, default=0) + 1), _ID: "rIdExtra"}
        _sheets(root)[0].addprevious(etree.Element(_tag(root, "sheet"), attributes))

    return on_workbook(change)


def _with_parts(kind: str) -> Callable[[Parts], Parts]:
    """Parts a graft has to leave alone: of WPS, of macros, of threads, of other programs."""

    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        for path, relation, content_type, content in _EXTRA[kind]:
            kit.parts[kit.folder() + path] = content
            kit.declare(kit.folder() + path, content_type)
            kit.point(kit.workbook, f"rIdX{path.count('/')}{len(path)}", relation, path)
        return kit.parts

    return apply


_MS = "http://schemas.microsoft.com/office"
_EXTRA: dict[str, list[tuple[str, str, str, bytes]]] = {
    "wps": [
        ("cellimages.xml", "http://www.wps.cn/officeDocument/2020/cellImage",
         "application/vnd.wps-officedocument.cellimage+xml",
         b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'),
        ("woconv/woinfos.xml", "http://www.wps.cn/et/2018/woConvert", "application/xml", b"<a/>"),
    ],
    "macros": [
        ("vbaProject.bin", f"{_MS}/2006/relationships/vbaProject", "application/vnd.ms-office.vbaProject",
         bytes(range(256)) * 40),
        ("vbaProjectSignature.bin", f"{_MS}/2006/relationships/vbaProjectSignature",
         "application/vnd.ms-office.vbaProjectSignature", b"\x30\x82" * 50),
    ],
    "persons": [
        ("persons/person.xml", f"{_MS}/2017/10/relationships/person", "application/vnd.ms-excel.person+xml",
         f'<personList xmlns="{_MS}/spreadsheetml/2018/threadedcomments"/>'.encode()),
        ("slicerCaches/slicerCache1.xml", f"{_MS}/2007/relationships/slicerCache",
         "application/vnd.ms-excel.slicerCache+xml",
         f'<slicerCacheDefinition xmlns="{_MS}/spreadsheetml/2009/9/main" name="a"/>'.encode()),
        ("timelineCaches/timelineCache1.xml", f"{_MS}/2011/relationships/timelineCache",
         "application/vnd.ms-excel.timelineCache+xml", b"<a/>"),
    ],
    "odds": [
        ("empty.xml", "http://example.com/empty", "application/xml", b""),
        ("sharedStrings.bin", "http://example.com/b", "application/octet-stream", b"\x00\xff"),
        ("worksheets/binaryIndex1.bin", f"{_MS}/2006/relationships/xlBinaryIndex",
         "application/vnd.ms-excel.binIndexWs", b"\x95\x01"),
    ],
}  # fmt: skip


def _revised(parts: Parts) -> Parts:
    kit = Kit(parts)
    kit.parts[kit.folder() + "revisions/revisionHeaders.xml"] = b"<headers/>"
    kit.point(kit.workbook, "rIdRev", f"{OFFICE}/revisionHeaders", "revisions/revisionHeaders.xml")
    return kit.parts


def _strict(parts: Parts) -> Parts:
    kit = Kit(parts)
    text = kit.text(kit.workbook).replace(MAIN, _STRICT)
    return kit.with_text(kit.workbook, text).parts


def _empty_part(kind: str) -> Callable[[Parts], Parts | None]:
    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        part = kit.workbook if kind == "workbook" else kit.one(kind)
        return {**parts, part: b""} if part else None

    return apply


def _document_type(parts: Parts) -> Parts:
    kit = Kit(parts)
    text = '<!DOCTYPE workbook [<!ENTITY a "aaaa">]>' + kit.text(kit.workbook)
    return kit.with_text(kit.workbook, text).parts


def _code_names(parts: Parts) -> Parts:
    kit = Kit(parts)
    for number, name in enumerate(kit.sheets, 1):
        root = kit.tree(name)
        _child(root, "sheetPr", ()).set("codeName", f"表{number}")
        kit.put(name, root)
    return kit.parts


_VIEWS = '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
_CHART_SHEET = f'<chartsheet xmlns="{MAIN}">{_VIEWS}</chartsheet>'
_DIALOG = f'<dialogsheet xmlns="{MAIN}">{_VIEWS}</dialogsheet>'
_MACRO = (
    '<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" '
    f'xmlns="{MAIN}"><sheetData/></xm:macrosheet>'
)
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

WORKBOOKS = (
    Variant("no views, properties, calculation", on_workbook(_without("bookViews", "workbookPr", "calcPr"))),
    Variant("first sheet hidden, last active", on_workbook(_first_hidden)),
    Variant("names that lead nowhere or are wanted", on_workbook(_names)),
    Variant("printed titles of a sheet to come", on_workbook(_stray_local_name)),
    Variant("sheets named as the graft's", on_workbook(_taken("检查", "数据 ", "分 析", "数据"))),
    Variant("the highest sheetId", on_workbook(_highest_id)),
    Variant("no sheetId", on_workbook(_no_ids)),
    Variant("1904", on_workbook(_in_1904)),
    Variant("conformance", on_workbook(_conforming)),
    Variant("alternatives in the workbook", on_workbook(_alternative)),
    Variant("another book", on_workbook(_other_book)),
    Variant("a chart sheet first", _sheet_of_kind(
        "chartsheet", f"{OFFICE}/chartsheet", _CHART_SHEET, f"{_SHEET_TYPE}.chartsheet+xml")),
    Variant("a dialog sheet first", _sheet_of_kind(
        "dialogsheet", f"{OFFICE}/dialogsheet", _DIALOG, f"{_SHEET_TYPE}.dialogsheet+xml")),
    Variant("a macro sheet first", _sheet_of_kind(
        "macrosheet", f"{_MS}/2006/relationships/xlMacrosheet", _MACRO,
        "application/vnd.ms-excel.macrosheet+xml")),
    Variant("parts of WPS", _with_parts("wps")),
    Variant("macros and their signature", _with_parts("macros")),
    Variant("persons, slicers, timelines", _with_parts("persons")),
    Variant("empty and binary parts", _with_parts("odds")),
    Variant("code names", _code_names),
    Variant("an empty theme", _empty_part("theme")),
    Variant("empty shared strings", _empty_part("sharedStrings")),
    Variant("empty styles", _empty_part("styles")),
    Variant("an empty workbook part", _empty_part("workbook"), refused="opc.broken_part"),
    Variant("structure locked", on_workbook(_locked), refused="opc.locked_structure"),
    Variant("revisions", _revised, refused="opc.shared_workbook"),
    Variant("strict", _strict, refused="opc.strict"),
    Variant("a document type", _document_type, refused="opc.unsafe_xml"),
)  # fmt: skip
