"""Taking sheets away, with everything only they owned and every index that counted them."""

from __future__ import annotations

from collections.abc import Collection

from sheetkit.errors import UsageError
from sheetkit.opc import xmlio
from sheetkit.opc.formula import mentioned_sheets
from sheetkit.opc.package import Package
from sheetkit.opc.partnames import fold
from sheetkit.opc.workbook import Sheet, Workbook, local_index


def drop_owned_parts(package: Package, sheet_part: str) -> None:
    """Drop the parts that only this sheet leads to (drawings, charts, tables …), and its relationships."""
    owned = package.reachable(sheet_part) - {fold(sheet_part)}
    for part in owned - package.reachable("", around=[sheet_part]):
        package.drop(part)
    package.drop_rels(sheet_part)


def remove_sheets(package: Package, workbook: Workbook, doomed: Collection[Sheet]) -> None:
    """Remove sheets; raises UsageError where no visible sheet would be left."""
    before = workbook.sheets
    gone = {id(sheet.element) for sheet in doomed}
    stay = [sheet for sheet in before if id(sheet.element) not in gone]
    if not any(not sheet.hidden for sheet in stay):
        raise UsageError("opc.no_visible_sheet")
    positions = {id(sheet.element): at for at, sheet in enumerate(stay)}
    new_index = {at: positions.get(id(sheet.element)) for at, sheet in enumerate(before)}
    _fix_names(workbook, new_index, {sheet.name.casefold() for sheet in doomed})
    _fix_views(workbook, new_index, stay)
    drop_calculation_order(package, workbook, {sheet.sheet_id for sheet in doomed})
    for sheet in doomed:
        workbook.remove_sheet(sheet)
        if sheet.part:
            drop_owned_parts(package, sheet.part)
            package.drop(sheet.part)


def _fix_names(workbook: Workbook, new_index: dict[int, int | None], gone: set[str]) -> None:
    for name in workbook.defined_names():
        index = local_index(name)
        if mentioned_sheets(name.text or "") & gone or (index is not None and index not in new_index):
            workbook.drop_defined_name(name)
        elif index is not None:
            moved = new_index[index]
            if moved is None:
                workbook.drop_defined_name(name)
            else:
                name.set("localSheetId", str(moved))


def _fix_views(workbook: Workbook, new_index: dict[int, int | None], stay: list[Sheet]) -> None:
    visible = [at for at, sheet in enumerate(stay) if not sheet.hidden]
    for view in workbook.views():
        for attribute in ("activeTab", "firstSheet"):
            value = view.get(attribute, "")
            if not value.isdigit():
                continue
            moved = new_index.get(int(value))
            if moved is None:
                at_or_before = [at for at in visible if at <= int(value)]
                moved = at_or_before[-1] if at_or_before else visible[0]
            view.set(attribute, str(moved))


def drop_calculation_order(package: Package, workbook: Workbook, sheet_ids: Collection[int]) -> None:
    """Take the formulas of these sheets out of the calculation chain, if the seller's program listed them."""
    part = workbook.related("calcChain")
    if not part:
        return
    root = xmlio.parse(package.read(part), part)
    current, dropped = 0, 0
    for cell in list(xmlio.children(root, "c")):
        stated = cell.get("i", "")
        current = int(stated) if stated.isdigit() else current
        if current in sheet_ids:
            root.remove(cell)
            dropped += 1
    if not dropped:
        return
    if xmlio.child(root, "c") is None:
        package.drop(part)
        workbook.rels.drop_part(part)
    else:
        package.write(part, xmlio.serialise(root))
