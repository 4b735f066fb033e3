"""A sheet of the seller's takes over cells, columns and help from the donor's sheet of the same name.

What it has stays: a cell keeps its style, a column its place, a rule its range. What comes is inserted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.growth import with_dimension
from sheetkit.opc.marks import free_priorities
from sheetkit.opc.putting import (
    Cell,
    Place,
    cells_of,
    column_number,
    in_group,
    left_behind,
    same_formula,
    unused_group,
    with_cells,
)
from sheetkit.opc.splice import Span, elements, root_of

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 0."""

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
)  # fmt: skip
_RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")
_ENDS = re.compile(rb"\s(min|max)=[\"'](\d+)[\"']")
_COUNT = re.compile(rb"(\scount=[\"'])(\d+)")
_PRIORITY = re.compile(rb"\spriority=[\"'](\d+)[\"']")
_TAG = re.compile(r"<(/?)(?=[A-Za-z])")


@dataclass(frozen=True)
class Take:
    """What a sheet takes over.

    ``areas``: everything in them, dropdowns, help and conditional formats included. ``columns``: whose width
    and format come along. ``cells``: what stands there, whatever the sheet has. ``computed``: the same, but
    only where the sheet has a formula of other words. ``together``: as those, all or none. ``down``: by how
    many rows the sheet's headings stand lower than the donor's.
    """

    areas: Collection[Area] = ()
    columns: Collection[int] = ()
    cells: Collection[Place] = ()
    computed: Collection[Place] = ()
    together: Collection[Place] = ()
    down: int = 0


@dataclass(frozen=True)
class Donated:
    """A sheet of the donor's, its formats renumbered for the host: cells, heights of rows, what is around."""

    cells: dict[Place, Cell]
    rows: dict[int, bytes]
    frame: etree._Element


def adopted(sheet: bytes, donor: Donated, take: Take) -> bytes:
    """The host's sheet with what it takes over; the same bytes where that is nothing new."""
    cells = _cells(sheet, donor, take)
    after = with_cells(sheet, cells, donor.rows) if cells else sheet
    after = _with_columns(after, donor.frame, take.columns) if take.columns else after
    if take.areas:
        after = _with_formats(after, donor.frame, take.areas)
        after = _with_validations(after, donor.frame, take.areas)
    return with_dimension(after, cells) if cells else after


def _cells(sheet: bytes, donor: Donated, take: Take) -> dict[Place, Cell]:
    everywhere = bool(take.computed or take.together)
    inside = {place: cell for place, cell in donor.cells.items() if _in_any(place, take.areas)}
    coming = {_lower(place, take.down): cell for place, cell in inside.items()}
    coming |= {place: donor.cells[place] for place in take.cells if place in donor.cells}
    held = dict(cells_of(sheet, None if everywhere else {row for row, _ in coming}))
    found = {
        place: cell for place, cell in coming.items() if not (place in held and held[place].says_what(cell))
    }
    lone = [place for place in take.computed if _may_change(held, donor, place)]
    found |= {place: donor.cells[place] for place in lone}
    return found | _together(held, donor, sorted(take.together))


def _in_any(place: Place, areas: Collection[Area]) -> bool:
    row, column = place
    return any(one[0] <= row <= one[2] and one[1] <= column <= one[3] for one in areas)


def _lower(place: Place, rows: int) -> Place:
    return (place[0] + rows if place[0] == 0 else place[0], place[1])


def _together(held: dict[Place, Cell], donor: Donated, places: list[Place]) -> dict[Place, Cell]:
    """A column of formulas, where the sheet's first one has other words than the donor's."""
    changing = [place for place in places if place in donor.cells and _has_formula(held, place)]
    if not changing:
        return {}
    before, now = held[changing[0]].formula or "", donor.cells[changing[0]].formula or ""
    if changing[0] == places[0] and same_formula(before, now):
        return {}
    if left_behind(held, changing):
        return {}
    group = unused_group(held)
    return {place: in_group(donor.cells[place], group) for place in changing}


def _has_formula(held: dict[Place, Cell], place: Place) -> bool:
    return place in held and held[place].formula is not None


def _may_change(held: dict[Place, Cell], donor: Donated, place: Place) -> bool:
    if place not in donor.cells or not _has_formula(held, place):
        return False
    return not held[place].says_what(donor.cells[place]) and not left_behind(held, [place])


# Columns


def _with_columns(sheet: bytes, frame: etree._Element, columns: Collection[int]) -> bytes:
    prefix, inside = root_of(sheet)
    new = [
        (at, at, _spanning(_written(one, prefix), at, at))
        for one in frame.iter(f"{{{xmlio.MAIN}}}col")
        for at in range(int(one.get("min", "0")), int(one.get("max", "0")) + 1)
        if at - 1 in columns
    ]
    span = _child(sheet, inside, "cols")
    held = list(_column_pieces(sheet, span, {at for at, _, _ in new})) if span else []
    content = b"".join(piece for _, _, piece in sorted([*held, *new], key=lambda one: one[0]))
    start, end = (span.start, span.end) if span else 2 * (_place_for(sheet, inside, "cols"),)
    return sheet[:start] + b"<%scols>%s</%scols>" % (prefix, content, prefix) + sheet[end:]


def _column_pieces(sheet: bytes, span: Span, taken: set[int]) -> Iterator[tuple[int, int, bytes]]:
    """The host's column ranges, cut where a new column comes in."""
    for one in elements(sheet, span.inner, span.end):
        element = sheet[one.start : one.end]
        ends = {found[1]: int(found[2]) for found in _ENDS.finditer(element)}
        first, last = ends.get(b"min", 0), ends.get(b"max", 0)
        for cut in sorted(at for at in taken if first <= at <= last):
            if first < cut:
                yield first, cut - 1, _spanning(element, first, cut - 1)
            first = cut + 1
        if first <= last:
            yield first, last, _spanning(element, first, last)


def _spanning(element: bytes, first: int, last: int) -> bytes:
    new = {b"min": first, b"max": last}
    return _ENDS.sub(lambda found: b' %s="%d"' % (found[1], new[found[1]]), element)


# Rules


def _with_formats(sheet: bytes, frame: etree._Element, areas: Collection[Area]) -> bytes:
    prefix, inside = root_of(sheet)
    known = [one for one in elements(sheet, inside, len(sheet)) if one.name in _ORDER[:-1]]
    held = [sheet[one.start : one.end] for one in known if one.name == "conditionalFormatting"]
    tail = sheet[known[-1].end :]
    taken = {int(found) for part in (*held, tail) for found in _PRIORITY.findall(part)}
    numbers = free_priorities(taken)
    new = b""
    for one in frame.iter(f"{{{xmlio.MAIN}}}conditionalFormatting"):
        if _inside(one.get("sqref", ""), areas):
            for rule in xmlio.children(one, "cfRule"):
                rule.set("priority", str(next(numbers)))
            new += _written(one, prefix)
    return sheet[: known[-1].end] + new + tail


def _with_validations(sheet: bytes, frame: etree._Element, areas: Collection[Area]) -> bytes:
    prefix, inside = root_of(sheet)
    wanted = [
        one for one in frame.iter(f"{{{xmlio.MAIN}}}dataValidation") if _inside(one.get("sqref", ""), areas)
    ]
    if not wanted:
        return sheet
    new = b"".join(_written(one, prefix) for one in wanted)
    span = _child(sheet, inside, "dataValidations")
    if span is None:
        at = _place_for(sheet, inside, "dataValidations")
        whole = b'<%sdataValidations count="%d">%s</%sdataValidations>' % (prefix, len(wanted), new, prefix)
        return sheet[:at] + whole + sheet[at:]
    head = sheet[span.start : span.inner]
    head = _COUNT.sub(lambda found: found[1] + str(int(found[2]) + len(wanted)).encode(), head)
    if span.inner == span.end:
        whole = head[:-2] + b">" + new + b"</%sdataValidations>" % prefix
        return sheet[: span.start] + whole + sheet[span.end :]
    closing = sheet.rindex(b"</", span.inner, span.end)
    return sheet[: span.start] + head + sheet[span.inner : closing] + new + sheet[closing:]


def _inside(sqref: str, areas: Collection[Area]) -> bool:
    return bool(sqref) and all(any(_lies_in(one, area) for area in areas) for one in sqref.split())


def _lies_in(reference: str, area: Area) -> bool:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return False
    first_row, last_row = int(found[2]) - 1, int(found[4] or found[2]) - 1
    names = [found[1], found[3] or found[1]]
    first, last = (column_number(one) for one in names)
    return area[0] <= first_row and last_row <= area[2] and area[1] <= first and last <= area[3]


# The sheet around


def _child(sheet: bytes, inside: int, name: str) -> Span | None:
    return next((one for one in elements(sheet, inside, len(sheet)) if one.name == name), None)


def _place_for(sheet: bytes, inside: int, name: str) -> int:
    """Behind everything that the schema puts before an element of this name."""
    before = _ORDER[: _ORDER.index(name)]
    ends = [one.end for one in elements(sheet, inside, len(sheet)) if one.name in before]
    return ends[-1] if ends else inside


def _written(element: etree._Element, prefix: bytes) -> bytes:
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    head, end, rest = text.partition(">")
    head = re.sub(r'\sxmlns(?::\w+)?="[^"]*"', "", head)
    plain = head + end + rest
    return (_TAG.sub(rf"<\1{prefix.decode()}", plain) if prefix else plain).encode()
