"""Which cells, columns and rules of the workbook as it should be come into the one that is."""

from __future__ import annotations

from collections.abc import Collection

from sheetkit.edits.present import ANSWER, EntrySheet, Present
from sheetkit.edits.standing import Standing
from sheetkit.edits.upgrade import Additions
from sheetkit.intake.cells import column_of
from sheetkit.model.fields import TableKey
from sheetkit.opc.adopt import Take
from sheetkit.opc.graft import Renewal
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.settings import CHECK, CURRENCY, DEFAULT, IN_FORCE, NUMBER, PRESETS

_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_KINDS = ("labels", "codes", "list", "meanings")


def renewal(
    there: Present,
    coming: Additions,
    where: Standing,
    sheets: Collection[str],
    capacity: Capacity,
    limits: Collection[str],
    figures: Collection[str],
) -> Renewal:
    """``sheets``: those that come whole. ``limits``, ``figures``: the keys of settings of either kind."""
    takes = {
        one.name: _entry(table, one, coming, where, capacity)
        for table, one in there.entry.items()
        if table in where.letters
    }
    if "lists" in there.sheets:
        takes[there.sheets["lists"]] = _lists(there, coming, where)
    if "settings" in there.sheets and there.settings is not None:
        takes[there.sheets["settings"]] = _settings(where, limits, figures)
    moved = [f"{kind}_{key}" for key in there.moved for kind in _KINDS]
    return Renewal(sheets, takes, moved)


def _entry(table: TableKey, one: EntrySheet, coming: Additions, where: Standing, capacity: Capacity) -> Take:
    """New columns from heading to last row; the answers where they are put otherwise now."""
    last = capacity.rows(table)
    new = (coming.columns or {}).get(table, ())
    columns = [column_of(f"{where.letters[table][key]}1")[1] for key in new]
    answers = []
    if ANSWER in one.letters and table == "trades":
        at = column_of(f"{one.letters[ANSWER]}1")[1]
        answers = [(row, at) for row in range(1, last + 1)]
    return Take(
        areas=[(0, column, last, column) for column in columns],
        columns=columns,
        together=answers,
        down=one.header_row - 1,
    )


def _lists(there: Present, coming: Additions, where: Standing) -> Take:
    """New lists whole; of others the choices that come, and the codes where meanings came."""
    first = where.free_column
    cells: list[tuple[int, int]] = []
    codes: list[tuple[int, int]] = []
    for key, one in where.lists.items():
        old = there.lists[key]
        wide = 1 + (one.offered is not None) + one.coded
        rows = [at for at, pair in enumerate(one.entries, 1) if pair != old.entries[at - 1]]
        cells += [(row, one.column + at) for row in rows for at in range(wide)]
        codes += [(row, one.column + wide - 1) for row in range(1, one.rows + 1) if one.coded]
    taken = {(row, column) for row, column in cells}
    new = range(first, first + 4 * len(coming.lists)) if coming.lists else range(0)
    return Take(
        areas=[(0, first, _LAST_ROW, _LAST_COLUMN)] if coming.lists else [],
        columns=list(new),
        cells=sorted(taken),
        computed=[place for place in codes if place not in taken],
    )


def _settings(where: Standing, limits: Collection[str], figures: Collection[str]) -> Take:
    """New rows below; of others what is computed, and a limit's default by kind of shop."""
    presets = [
        (row, column)
        for key, row in where.settings.items()
        if key in limits
        for column in range(PRESETS, PRESETS + 12)
    ]
    computed = [
        (row, column)
        for key, row in where.settings.items()
        for column in (DEFAULT, IN_FORCE, CHECK, NUMBER)
        if (key, column) != (CURRENCY, DEFAULT)  # the workbook's own, and no formula
    ]
    return Take(areas=[(where.free_row, 0, _LAST_ROW, PRESETS + 12)], cells=presets, computed=computed)
