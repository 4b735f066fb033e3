"""Whole files as another program saves them: WPS, as far as its files in the corpus show its habits."""

from __future__ import annotations

from lxml import etree

from tests.opc.variants.kit import MAIN, OFFICE, Kit, Parts, Variant, ordered

_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-12.1.0.16388</vt:lpwstr></property></Properties>"
)


def _as_wps(parts: Parts) -> Parts:
    """Texts shared, ``<sheetPr/>`` on each sheet, numbers of formats turned round, its own properties."""
    kit = Kit(parts)
    _share_texts(kit)
    _turn_formats_round(kit)
    for name in kit.sheets:
        root = kit.tree(name)
        if root.find("{*}sheetPr") is None:
            ordered(root, "sheetPr", ())
        for rule in root.iter("{*}cfRule"):  # it writes its own order of attributes
            attributes = dict(rule.attrib)
            rule.attrib.clear()
            rule.attrib.update(sorted(attributes.items(), reverse=True))
        kit.put(name, root)
    if "docProps/custom.xml" not in kit.parts:
        kit.parts["docProps/custom.xml"] = _CUSTOM.encode()
        kit.declare("docProps/custom.xml", _CUSTOM_TYPE)
        kit.point("", "rIdKso", f"{OFFICE}/custom-properties", "docProps/custom.xml")
    return kit.parts


def _share_texts(kit: Kit) -> None:
    part = kit.one("sharedStrings")
    strings = kit.tree(part) if part else etree.Element(f"{{{MAIN}}}sst", nsmap={None: MAIN})
    if not part:
        part = f"{kit.folder()}sharedStrings.xml"
        kit.declare(part, _STRINGS_TYPE).point(
            kit.workbook, "rIdKso", f"{OFFICE}/sharedStrings", "sharedStrings.xml"
        )
    space = f"{{{etree.QName(strings).namespace}}}"
    listed = len(list(strings.iterfind("{*}si")))
    for name in kit.sheets:
        root = kit.tree(name)
        for cell in root.iter("{*}c"):
            text = cell.find("{*}is")
            if cell.get("t") == "inlineStr" and text is not None:
                etree.SubElement(strings, space + "si").extend(list(text))
                cell.remove(text)
                cell.set("t", "s")
                etree.SubElement(cell, f"{{{etree.QName(root).namespace}}}v").text = str(listed)
                listed += 1
        kit.put(name, root)
    strings.attrib.update({"count": str(listed), "uniqueCount": str(listed)})
    kit.put(part, strings)


def _turn_formats_round(kit: Kit) -> None:
    """Cell formats but the first in reverse, and every cell told."""
    styles = kit.one("styles")
    root = kit.tree(styles) if styles else None
    xfs = None if root is None else root.find("{*}cellXfs")
    if root is None or xfs is None or len(xfs) < 3:
        return
    last = len(xfs)
    xfs[1:] = list(reversed(xfs[1:]))
    kit.put(styles, root)
    for name in kit.sheets:
        sheet = kit.tree(name)
        for tag, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            for element in sheet.iter("{*}" + tag):
                old = int(element.get(attribute) or 0)
                if 0 < old < last:
                    element.set(attribute, str(last - old))
        kit.put(name, sheet)


PROGRAMS = (Variant("as WPS saves", _as_wps),)
