"""What lies around the rows of a sheet and grows when rows are added right below: filters, dropdowns,
rules, the stated size; and the parts of its tables. All as bytes, so that the rest stays."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sheetkit.opc.marks import is_mark
from sheetkit.opc.putting import Place
from sheetkit.opc.ranges import Growth, all_grown, area_of, around, grown
from sheetkit.opc.splice import Span, elements, outermost, root_of

_REFERENCE = re.compile(rb"(\s(?:ref|sqref)\s*=\s*)([\"'])([^\"']*)\2")
_FAR_REFERENCES = re.compile(rb"(<(?:[\w.-]+:)?sqref(?:\s[^>]*)?>)([^<]*)(?=</)")


def sheet_grown(sheet: bytes, filters: Growth, rules: Growth) -> bytes:
    """The sheet with its filter, its dropdowns and its rules reaching over the new rows."""
    _, inside = root_of(sheet)
    pieces, position = [], 0
    for span in elements(sheet, inside, len(sheet)):
        change = _changed(sheet, span, filters, rules)
        if change is not None:
            pieces += [sheet[position : span.start], change]
            position = span.end
    return b"".join([*pieces, sheet[position:]])


def _changed(sheet: bytes, span: Span, filters: Growth, rules: Growth) -> bytes | None:
    """An element of the sheet that reaches further now; None where it stays."""
    whole = sheet[span.start : span.end]
    if span.name == "autoFilter":
        return _first_grown(whole, filters)
    if span.name == "conditionalFormatting":
        return None if is_mark(whole) else _first_grown(whole, rules)
    if span.name == "dataValidations":
        below = elements(sheet, span.inner, span.end)
        return _all_below(sheet, span, [one for one in below if one.name == "dataValidation"], rules)
    if span.name == "extLst" and b"sqref" in whole:
        return _FAR_REFERENCES.sub(lambda found: found[1] + _plain(found[2], rules), whole)
    return None


def _all_below(sheet: bytes, parent: Span, below: Iterable[Span], growth: Growth) -> bytes:
    pieces, position = [], parent.start
    for one in below:
        pieces += [sheet[position : one.start], _first_grown(sheet[one.start : one.end], growth)]
        position = one.end
    return b"".join([*pieces, sheet[position : parent.end]])


def _first_grown(element: bytes, growth: Growth) -> bytes:
    """An element whose tag says what it covers."""
    tag = outermost(element)
    head = _REFERENCE.sub(
        lambda found: found[1] + found[2] + _plain(found[3], growth) + found[2],
        element[: tag.inner],
        count=1,
    )
    return head + element[tag.inner :]


def _plain(references: bytes, growth: Growth) -> bytes:
    before = references.decode("ascii", "replace")
    after = all_grown(before, growth)
    return references if after.split() == before.split() else after.encode()


def with_dimension(sheet: bytes, places: Iterable[Place]) -> bytes:
    """The stated size grows with the cells: readers that stream a sheet believe it."""
    _, inside = root_of(sheet)
    span = next((one for one in elements(sheet, inside, len(sheet)) if one.name == "dimension"), None)
    stated = _REFERENCE.search(sheet, span.start, span.end) if span else None
    area = area_of(stated[3].decode("ascii", "replace")) if stated else None
    if stated is None or area is None:
        return sheet
    new = around(area, places)
    if new == area:
        return sheet
    return sheet[: stated.start(3)] + str(new).encode() + sheet[stated.end(3) :]


def table_grown(table: bytes, growth: Growth) -> bytes:
    """The part of a table with its range, its filter and its order reaching over the new rows."""
    root = outermost(table)
    head = table[root.start : root.inner]
    new = _first_grown(head, growth) if root.inner != root.end else head
    pieces, position = [table[: root.start], new], root.inner
    for one in elements(table, root.inner, root.end):
        if one.name in ("autoFilter", "sortState"):
            pieces += [table[position : one.start], _first_grown(table[one.start : one.end], growth)]
            position = one.end
    return b"".join([*pieces, table[position:]])


def name_grown(text: str, growth: Growth) -> str:
    """``Sheet!$A$1:$C$9``, the hidden name behind a filter, reaching over the new rows."""
    sheet, mark, reference = text.rpartition("!")
    return sheet + mark + grown(reference, growth)
