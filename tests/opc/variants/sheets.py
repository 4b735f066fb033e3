"""Sheets as other programs write them: with less, with more, with what a later Excel brought."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from tests.opc.reading import CELL, letters, number_of, whole
from tests.opc.variants.kit import OFFICE, Kit, Parts, Variant, ordered

_UP_TO_RULES = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
)  # fmt: skip
_UP_TO_DATA = _UP_TO_RULES[:6]
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_DENSE_ROWS, _DENSE_COLUMNS = 300, 60


def on_each(change: Callable[[etree._Element], bool | None]) -> Callable[[Parts], Parts | None]:
    """Each worksheet changed as a tree; nothing arises where every change says False."""

    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        told = []
        for name in kit.sheets:
            root = kit.tree(name)
            told.append(change(root))
            kit.put(name, root)
        return None if not told or all(said is False for said in told) else kit.parts

    return apply


def _dropped(*names: str) -> Callable[[etree._Element], bool]:
    def change(root: etree._Element) -> bool:
        doomed = [child for name in names for child in root.iterfind("{*}" + name)]
        for child in doomed:
            root.remove(child)
        return bool(doomed)

    return change


def _tag(root: etree._Element, name: str) -> str:
    return f"{{{etree.QName(root).namespace}}}{name}"


def _without_references(root: etree._Element) -> bool:
    """Rows and cells without ``r``: gaps are filled, since their place is counted then."""
    data = root.find("{*}sheetData")
    rows = [] if data is None else list(data.iterfind("{*}row"))
    cells = [CELL.match(cell.get("r", "")) for row in rows for cell in row.iterfind("{*}c")]
    if not cells or not all(cells) or max((whole(row.get("r")) for row in rows), default=0) > _DENSE_ROWS:
        return False
    if max(number_of(match[1]) for match in cells if match) > _DENSE_COLUMNS:
        return False
    data[:] = []  # type: ignore[index]
    at = 0
    for row in rows:
        while at + 1 < whole(row.get("r")):
            at += 1
            etree.SubElement(data, _tag(root, "row"))  # type: ignore[arg-type]
        at += 1
        data.append(_counted(root, row))  # type: ignore[union-attr]
    return True


def _counted(root: etree._Element, row: etree._Element) -> etree._Element:
    cells = list(row.iterfind("{*}c"))
    row.attrib.pop("r", None)
    for cell in cells:
        row.remove(cell)
    column = 0
    for cell in cells:
        match = CELL.match(cell.attrib.pop("r"))
        while match and column + 1 < number_of(match[1]):
            column += 1
            etree.SubElement(row, _tag(root, "c"))
        column += 1
        row.append(cell)
    return row


def _rule(root: etree._Element, priority: int, formula: str) -> None:
    block = ordered(root, "conditionalFormatting", _UP_TO_RULES)
    block.set("sqref", "A1:A3")
    rule = etree.SubElement(
        block, _tag(root, "cfRule"), {"type": "expression", "priority": str(priority), "stopIfTrue": "1"}
    )
    etree.SubElement(rule, _tag(root, "formula")).text = formula


def _highest_priorities(root: etree._Element) -> None:
    for below in range(3):
        _rule(root, 2**31 - 1 - below, "FALSE")


def _marked_before(root: etree._Element) -> None:
    _rule(root, 77, 'len( "sheetkit:note" ) > 0')
    _rule(root, 78, 'LEN("sheetkit")>0')


def _extended(root: etree._Element) -> None:
    """A rule and a sparkline as Excel 2010 keeps them, behind everything else."""
    for old in root.iterfind("{*}extLst"):
        root.remove(old)
    listed = etree.SubElement(root, _tag(root, "extLst"))
    uri = "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
    extension = etree.SubElement(listed, _tag(root, "ext"), {"uri": uri})
    blocks = etree.SubElement(extension, f"{{{_X14}}}conditionalFormattings", nsmap={"x14": _X14, "xm": _XM})
    block = etree.SubElement(blocks, f"{{{_X14}}}conditionalFormatting")
    rule = etree.SubElement(block, f"{{{_X14}}}cfRule", {"type": "expression", "priority": "2147483646"})
    rule.set("id", "{12345678-9012-3456-7890-123456789012}")
    etree.SubElement(rule, f"{{{_XM}}}f").text = "A1>0"
    etree.SubElement(block, f"{{{_XM}}}sqref").text = "A1:A9"


def _alternative(root: etree._Element) -> None:
    """An alternative for readers that know more, as around form controls."""
    last = root.find("{*}extLst")
    alternative = etree.Element(f"{{{_MC}}}AlternateContent", nsmap={"mc": _MC, "x14": _X14})
    choice = etree.SubElement(alternative, f"{{{_MC}}}Choice", {"Requires": "x14"})
    etree.SubElement(choice, _tag(root, "conditionalFormatting"), {"sqref": "A1"})
    etree.SubElement(alternative, f"{{{_MC}}}Fallback")
    places = [*root.iterfind("{*}tableParts"), *([] if last is None else [last])]
    (places[0].addprevious if places else root.append)(alternative)


def _protected(root: etree._Element) -> bool:
    if root.find("{*}sheetProtection") is not None:
        return False
    lock = ordered(root, "sheetProtection", (*_UP_TO_DATA, "sheetCalcPr"))
    lock.attrib.update({"password": "CC1A", "sheet": "1", "objects": "1", "scenarios": "1"})
    return True


def _emptied(root: etree._Element) -> None:
    for data in root.iterfind("{*}sheetData"):
        data[:] = []
        data.text = None
    _dropped("tableParts", "mergeCells")(root)


def _many_rows(root: etree._Element) -> bool:
    """Formatted rows without a cell, as a program leaves them that formatted a whole column."""
    data = root.find("{*}sheetData")
    rows = [] if data is None else list(data)
    if data is None or any(whole(row.get("r")) == 0 for row in rows if isinstance(row.tag, str)):
        return False
    last = max((whole(row.get("r")) for row in rows if isinstance(row.tag, str)), default=0)
    if last > 1_000_000:
        return False
    for at in range(1, 2_000):
        etree.SubElement(data, _tag(root, "row"), {"r": str(last + at), "ht": "15", "customHeight": "1"})
    return True


def _inline(parts: Parts) -> Parts | None:
    """Texts in the cells, and no shared strings at all."""
    kit = Kit(parts)
    part = kit.one("sharedStrings")
    if not part or not kit.parts[part].strip():
        return None
    items = list(kit.tree(part).iterfind("{*}si"))
    for name in kit.sheets:
        root = kit.tree(name)
        for cell in root.iter("{*}c"):
            value = cell.find("{*}v")
            if cell.get("t") == "s" and value is not None and whole(value.text) < len(items):
                cell.remove(value)
                cell.set("t", "inlineStr")
                text = etree.SubElement(cell, _tag(root, "is"))
                text.extend(copy.deepcopy(list(items[whole(value.text)])))
        kit.put(name, root)
    return kit.without(part).parts


def _noted(idmap: str) -> Callable[[Parts], Parts | None]:
    """The list of shape blocks as other programs write it."""

    def apply(parts: Parts) -> Parts | None:
        kit = Kit(parts)
        drawings = kit.all_of("vmlDrawing")
        for name in drawings:
            text = kit.parts[name].decode("utf-8", "replace")
            kit.with_text(name, text.replace('data="1"', f'data="{idmap}"'))
        return kit.parts if drawings else None

    return apply


def _long_text(root: etree._Element) -> None:
    data = root.find("{*}sheetData")
    if data is None:
        data = ordered(root, "sheetData", _UP_TO_DATA)
    last = max((whole(row.get("r")) for row in data.iterfind("{*}row")), default=0)
    row = etree.SubElement(data, _tag(root, "row"), {"r": str(last + 1)})
    cell = etree.SubElement(row, _tag(root, "c"), {"r": f"{letters(1)}{last + 1}", "t": "inlineStr"})
    text = "<row r='1'> ]]&gt; 很长 " * 1_500
    etree.SubElement(etree.SubElement(cell, _tag(root, "is")), _tag(root, "t")).text = text


def _kept_apart(root: etree._Element) -> bool:
    """The relationships' namespace declared where it is used, under another prefix."""
    used = [el for el in root.iter("{*}*") if any(OFFICE in str(name) for name in el.attrib)]
    for element in used:
        fresh = etree.Element(element.tag, nsmap={"rel": OFFICE})
        fresh[:] = list(element)
        fresh.attrib.update(element.attrib)
        fresh.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, fresh)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["rel"])
    return bool(used)


SHEETS = (
    Variant("no dimension, views, widths",
            on_each(_dropped("dimension", "sheetViews", "sheetFormatPr", "cols"))),
    Variant("cells and rows without reference", on_each(_without_references)),
    Variant("priorities at their highest", on_each(_highest_priorities)),
    Variant("rules nearly like marks", on_each(_marked_before)),
    Variant("rules of Excel 2010", on_each(_extended)),
    Variant("an alternative in sheets", on_each(_alternative)),
    Variant("protected sheets", on_each(_protected)),
    Variant("empty sheets", on_each(_emptied)),
    Variant("no sheetData", on_each(_dropped("sheetData", "mergeCells", "tableParts"))),
    Variant("thousands of empty rows", on_each(_many_rows)),
    Variant("texts in the cells", _inline),
    Variant("shape blocks with a comma", _noted("1,")),
    Variant("shape blocks with blanks", _noted(" 1, 2 ")),
    Variant("a very long text", on_each(_long_text)),
    Variant("namespaces declared in place", on_each(_kept_apart)),
)  # fmt: skip
