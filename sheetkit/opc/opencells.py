"""The cells that a locked sheet leaves open for typing, and how they find their successors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sheetkit.opc import xmlio
from sheetkit.opc.putting import Cell, Place, cells_of
from sheetkit.opc.stylesheet import StyleSheet


def open_cells(sheet: bytes, styles: StyleSheet) -> dict[Place, Cell]:
    """The cells, blank ones included, whose format says that they are not locked."""
    unlocked = {at for at, xf in enumerate(styles.entries("cellXfs")) if _is_unlocked(xf)}
    return {place: cell for place, cell in cells_of(sheet) if cell.style in unlocked}


def paired(typed: Mapping[Place, Cell], now: Mapping[Place, Cell]) -> dict[Place, Cell]:
    """What was typed, at the places where it stands from now on.

    In each column, the first run of open cells becomes the first, and so on, a cell keeping its place in its
    run: rows that came or went above move a run as a whole.
    """
    runs = _runs(now)
    again = {}
    for key, places in _runs(typed).items():
        for old, new in zip(places, runs.get(key, ()), strict=False):
            cell = typed[old]
            if not cell.is_blank and cell.formula is None:
                again[new] = cell
    return again


def _is_unlocked(xf: object) -> bool:
    protection = xmlio.child(xf, "protection")  # type: ignore[arg-type]  # an element of the styles
    return protection is not None and protection.get("locked") in ("0", "false")


def _runs(places: Iterable[Place]) -> dict[tuple[int, int], list[Place]]:
    """{(column, how manieth run): its cells from above}."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(places):
        columns[column].append(row)
    found: dict[tuple[int, int], list[Place]] = {}
    for column, rows in columns.items():
        number = -1
        for before, row in zip([-2, *rows], rows, strict=False):
            number += row != before + 1
            found.setdefault((column, number), []).append((row, column))
    return found
