"""Labels: hidden defined names by which a sheet of ours is found again, whatever it is called by then.

A name that refers to a sheet follows it when it is renamed or moved, in every spreadsheet program, and
survives a save by any of them, which neither a sheet id, a custom part nor a code name does. It refers to
all rows, so that no row that is deleted takes it along.
"""

from __future__ import annotations

from lxml import etree

from sheetkit.model.report import WRITTEN_LABEL
from sheetkit.opc.formula import mentioned_sheets, quote_sheet
from sheetkit.opc.workbook import Sheet, Workbook, local_index

ADDED, WRITTEN = "_sheetkit_added_", WRITTEN_LABEL
"""What the labels begin with of sheets that were grafted, and of the sheets of a workbook we wrote."""


def whole_sheet(sheet: str) -> str:
    """What a label refers to."""
    return f"{quote_sheet(sheet)}!$1:$1048576"


def labelled(workbook: Workbook, kind: str = ADDED) -> dict[str, Sheet]:
    """{label: the sheet it is on}, of those of one kind."""
    by_name = {sheet.name.casefold(): sheet for sheet in workbook.sheets}
    found = {}
    for label, name in _labels(workbook, kind).items():
        sheets = [by_name[one] for one in mentioned_sheets(name.text or "") if one in by_name]
        if len(sheets) == 1:
            found[label] = sheets[0]
    return found


def set_label(workbook: Workbook, label: str, sheet: str, kind: str = ADDED) -> None:
    """Label a sheet of ours, in place of the one that had the label; hidden again where that was lost."""
    held = _labels(workbook, kind).get(label)
    if held is not None and mentioned_sheets(held.text or "") == {sheet.casefold()}:
        held.set("hidden", "1")
        return
    if held is not None:
        workbook.drop_defined_name(held)
    workbook.add_defined_name({"name": kind + label, "hidden": "1"}, whole_sheet(sheet))


def is_label(name: etree._Element) -> bool:
    """Whether a defined name is a label of either kind."""
    return local_index(name) is None and name.get("name", "").casefold().startswith((ADDED, WRITTEN))


def _labels(workbook: Workbook, kind: str) -> dict[str, etree._Element]:
    return {
        name.get("name", "").casefold().removeprefix(kind): name
        for name in workbook.defined_names()
        if is_label(name) and name.get("name", "").casefold().startswith(kind)
    }
