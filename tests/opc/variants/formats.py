"""Styles parts that lack, overflow, or point past their end."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tests.opc.variants.kit import MAIN, Kit, Parts, Variant, ordered
from tests.opc.variants.sheets import on_each

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
)  # fmt: skip
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_X16 = "http://schemas.microsoft.com/office/spreadsheetml/2014/11/main"


def on_styles(change: Callable[[etree._Element], bool | None]) -> Callable[[Parts], Parts | None]:
    """The styles part changed as a tree; nothing arises where there is none or the change says False."""

    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        name = kit.one("styles")
        if not name or not kit.parts[name].strip():
            return None
        root = kit.tree(name)
        return None if change(root) is False else kit.put(name, root).parts

    return apply


def _tag(root: etree._Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _container(root: etree._Element, name: str) -> etree._Element:
    found = root.find("{*}" + name)
    return ordered(root, name, _ORDER[: _ORDER.index(name)]) if found is None else found


def _without(*names: str) -> Callable[[etree._Element], bool]:
    def change(root: etree._Element) -> bool:
        doomed = [child for name in names for child in root.iterfind("{*}" + name)]
        for child in doomed:
            root.remove(child)
        return bool(doomed)

    return change


def _filled_up(entries: int) -> Callable[[etree._Element], None]:
    """Cell formats up to a number, none like another."""

    def change(root: etree._Element) -> None:
        xfs = _container(root, "cellXfs")
        xfs.attrib.pop("count", None)
        for at in range(len(xfs), entries):
            xf = etree.SubElement(xfs, _tag(root, "xf"), {"numFmtId": "0", "fontId": "0", "fillId": "0",
                                                          "borderId": "0", "xfId": "0"})  # fmt: skip
            etree.SubElement(xf, _tag(root, "alignment"), {"indent": str(at)})

    return change


def _many_differentials(root: etree._Element) -> None:
    dxfs = _container(root, "dxfs")
    dxfs.attrib.pop("count", None)
    for at in range(65_600):
        font = etree.SubElement(etree.SubElement(dxfs, _tag(root, "dxf")), _tag(root, "font"))
        etree.SubElement(font, _tag(root, "color"), {"rgb": f"FF{at:06X}"})


def _number_format(root: etree._Element, id_: str, code: str, *, alternative: bool = False) -> None:
    formats = _container(root, "numFmts")
    formats.attrib.pop("count", None)
    if alternative:
        outer = etree.SubElement(formats, f"{{{_MC}}}AlternateContent", nsmap={"mc": _MC})
        choice = etree.SubElement(outer, f"{{{_MC}}}Choice", {"Requires": "x16r2"}, nsmap={"x16r2": _X16})
        fallback = etree.SubElement(outer, f"{{{_MC}}}Fallback")
        for parent in (choice, fallback):
            etree.SubElement(parent, _tag(root, "numFmt"), {"numFmtId": id_, "formatCode": code})
    else:
        etree.SubElement(formats, _tag(root, "numFmt"), {"numFmtId": id_, "formatCode": code})


def _alternative_formats(root: etree._Element) -> None:
    _number_format(root, "900", '0.000"个"', alternative=True)


def _highest_format(root: etree._Element) -> None:
    _number_format(root, "4294967295", '0.0000"件"')


def _one_format_used(root: etree._Element, **attributes: str) -> None:
    xfs = _container(root, "cellXfs")
    xfs.attrib.pop("count", None)
    plain = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}
    etree.SubElement(xfs, _tag(root, "xf"), {**plain, **attributes})


def _unknown_number_format(root: etree._Element) -> None:
    """A cell format with a number format that is not listed, and fonts and fills past the end."""
    highest = max((int(el.get("numFmtId", "0")) for el in root.iter("{*}numFmt")), default=163)
    counts = {name: len(_container(root, name)) for name in ("fonts", "fills", "borders")}
    _one_format_used(
        root,
        numFmtId=str(max(highest, 163) + 2),
        fontId=str(counts["fonts"] + 1),
        fillId=str(counts["fills"] + 1),
        borderId=str(counts["borders"] + 1),
    )


def _no_counts(root: etree._Element) -> None:
    for container in root:
        if isinstance(container.tag, str):
            container.attrib.pop("count", None)


def _wrong_counts(root: etree._Element) -> None:
    for container in root:
        if isinstance(container.tag, str) and container.get("count"):
            container.set("count", "7777")


def _past_the_end(root: etree._Element) -> bool:
    """Cells and rules whose formats are past the end of the list."""
    block = ordered(root, "conditionalFormatting", (
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
        "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
        "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"))  # fmt: skip
    block.set("sqref", "A1:A9")
    attributes = {"type": "expression", "dxfId": "2", "priority": "990"}
    rule = etree.SubElement(block, _tag(root, "cfRule"), attributes)
    etree.SubElement(rule, _tag(root, "formula")).text = "TRUE"
    return True


def _no_differentials(parts: Parts) -> Parts | None:
    changed = on_styles(_without("dxfs"))(parts)
    if changed is None or any(b"xfId" in part for name, part in changed.items() if "table" in name.lower()):
        return None
    return on_each(_past_the_end)(changed)


def _only(text: str) -> Callable[[Parts], Parts | None]:
    """A styles part with next to nothing in it; formats of cells then lead past its end."""

    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        name = kit.one("styles")
        return kit.with_text(name, f'<styleSheet xmlns="{MAIN}">{text}</styleSheet>').parts if name else None

    return apply


FORMATS = (
    Variant("no named styles", on_styles(_without("cellStyleXfs", "cellStyles", "tableStyles", "extLst"))),
    Variant("no cell formats", on_styles(_without("cellXfs"))),
    Variant("no fonts, fills, borders", on_styles(_without("fonts", "fills", "borders"))),
    Variant("rules whose formats are missing", _no_differentials),
    Variant("bare styles", _only("")),
    Variant("one font only", _only('<fonts><font><sz val="9"/></font></fonts><cellXfs count="0"/>')),
    Variant("no counts", on_styles(_no_counts)),
    Variant("wrong counts", on_styles(_wrong_counts)),
    Variant("number formats in an alternative", on_styles(_alternative_formats)),
    Variant("the highest number format", on_styles(_highest_format)),
    Variant("formats past the end of their lists", on_styles(_unknown_number_format)),
    Variant("65,600 differential formats", on_styles(_many_differentials), heavy=True),
    Variant("room for few cell formats", on_styles(_filled_up(65_400)), heavy=True),
    Variant("no room for cell formats", on_styles(_filled_up(65_430)), refused="opc.too_many_styles",
            heavy=True),
)  # fmt: skip
