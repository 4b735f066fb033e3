"""Labels: hidden defined names by which an added sheet is found again, whatever it is called by then.

A name that refers to a sheet follows it when it is renamed or moved, in every spreadsheet program, and
survives a save by any of them, which neither a sheet id, a custom part nor a code name does. It refers to
all rows, so that no row that is deleted takes it along.
"""

from __future__ import annotations

from lxml import etree

from sheetkit.opc.formula import mentioned_sheets, quote_sheet
from sheetkit.opc.workbook import Sheet, Workbook, local_index

PREFIX = "_sheetkit_"


def labelled(workbook: Workbook) -> dict[str, Sheet]:
    """{label: the sheet it is on}."""
    by_name = {sheet.name.casefold(): sheet for sheet in workbook.sheets}
    found = {}
    for label, name in _labels(workbook).items():
        sheets = [by_name[one] for one in mentioned_sheets(name.text or "") if one in by_name]
        if len(sheets) == 1:
            found[label] = sheets[0]
    return found


def set_label(workbook: Workbook, label: str, sheet: str) -> None:
    """Put a label on a sheet, taking it from the one that had it; hidden again where a program showed it."""
    wanted = f"{quote_sheet(sheet)}!$1:$1048576"
    held = _labels(workbook).get(label)
    if held is not None and mentioned_sheets(held.text or "") == {sheet.casefold()}:
        held.set("hidden", "1")
        return
    if held is not None:
        workbook.drop_defined_name(held)
    workbook.add_defined_name({"name": PREFIX + label, "hidden": "1"}, wanted)


def is_label(name: etree._Element) -> bool:
    """Whether a defined name is a label."""
    return local_index(name) is None and name.get("name", "").casefold().startswith(PREFIX)


def _labels(workbook: Workbook) -> dict[str, etree._Element]:
    return {
        name.get("name", "").casefold().removeprefix(PREFIX): name
        for name in workbook.defined_names()
        if is_label(name)
    }
