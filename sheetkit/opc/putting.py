"""Cells put into the rows of a sheet as bytes: every other byte of the sheet stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from sheetkit.opc.splice import BrokenMarkup, elements, root_of

Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""

_ROW = re.compile(rb"<(?:[\w.-]+:)?row\b(?P<attributes>[^>]*?)(?P<empty>/?)>")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?P<attributes>\s[^>]*?)?(?P<empty>/?)>")
_NUMBER = re.compile(rb"\sr=[\"'](\d+)[\"']")
_REFERENCE = re.compile(rb"\sr=[\"']([A-Za-z]+)\d+[\"']")
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")
_HEIGHT = re.compile(rb"\s(?:ht|customHeight)=[\"'][^\"']*[\"']")
_SPANS = re.compile(rb"(\sspans=[\"']\d+:)(\d+)")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?P<attributes>\s[^>]*?)?(?:/>|>(?P<text>[^<]*)<)")
_SHARED = re.compile(rb"\ssi=[\"'](\d+)[\"']")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)<")
_TRUTH = re.compile(r"\b(TRUE|FALSE)\(\)")
_QUOTED = re.compile(r"'(\w+)'!")
_TAG = re.compile(rb"<(/?)(?=[A-Za-z])")


@dataclass(frozen=True)
class Cell:
    """A cell as it is in a file: its attributes beside place and style, what is in it (its elements without
    prefix), and its style."""

    attributes: bytes
    content: bytes
    style: int | None

    @property
    def formula(self) -> str | None:
        """The formula's text, "" for one that is stated in another cell; None where there is none."""
        found = _FORMULA.search(self.content)
        return unescape((found["text"] or b"").decode("utf-8", "replace")) if found else None

    @property
    def group(self) -> bytes:
        """The number of the shared formula it belongs to, empty where to none."""
        found = _FORMULA.search(self.content)
        shared = _SHARED.search(found["attributes"] or b"") if found else None
        return shared[1] if shared else b""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not self.content.strip()

    def says_what(self, other: Cell) -> bool:
        """Whether both hold the same formula, or the same number."""
        if self.formula is not None and other.formula is not None:
            return same_formula(self.formula, other.formula) and not (self.group and other.group)
        if self.formula is not None or other.formula is not None:
            return False
        numbers = [_number(one) for one in (self, other)]
        return numbers[0] is not None and numbers[0] == numbers[1]


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas differ at most by the ways in which programs write them."""
    plain, also = (_QUOTED.sub(r"\1!", _TRUTH.sub(r"\1", text)) for text in (one, other))
    return plain == also


def _number(cell: Cell) -> float | None:
    found = _VALUE.search(cell.content)
    if found is None or b"t=" in cell.attributes:
        return None
    try:
        return float(found[1])
    except ValueError:
        return None


def cells_of(sheet: bytes, rows: Collection[int] | None = None) -> Iterator[tuple[Place, Cell]]:
    """Every cell of a sheet, in the file's order; those of some rows only, if given."""
    start, end = _rows_span(sheet)
    for row, opened, last in _rows(sheet, start, end):
        if rows is None or row in rows:
            for column, cell, _, _ in _cells(sheet, opened.end(), last):
                yield (row, column), cell


def rows_of(sheet: bytes) -> dict[int, bytes]:
    """{row from 0: what its tag says of its height}."""
    return {
        row: b"".join(found[0] for found in _HEIGHT.finditer(opened["attributes"]))
        for row, opened, _ in _rows(sheet, *_rows_span(sheet))
    }


def with_cells(sheet: bytes, new: Mapping[Place, Cell], heights: Mapping[int, bytes]) -> bytes:
    """The sheet with these cells; one that it has already keeps its style. ``heights``: of new rows."""
    prefix, _ = root_of(sheet)
    wanted: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in new.items():
        wanted.setdefault(row, {})[column] = cell
    start, end = _rows_span(sheet)
    if start == end:  # <sheetData/>
        tag = b"<" + prefix + b"sheetData"
        at = sheet.rfind(tag, 0, end)
        rows = b"".join(_new_row(prefix, row, wanted[row], heights) for row in sorted(wanted))
        return sheet[:at] + tag + b">" + rows + b"</" + tag[1:] + b">" + sheet[end:]
    pieces, position = [sheet[:start]], start
    for row, opened, last in _rows(sheet, start, end):
        for missing in sorted(one for one in wanted if one < row):
            above = _new_row(prefix, missing, wanted.pop(missing), heights)
            pieces += [sheet[position : opened.start()], above]
            position = opened.start()
        if row in wanted:
            changed = _row(sheet, prefix, row, opened, last, wanted.pop(row))
            pieces += [sheet[position : opened.start()], changed]
            position = last if opened["empty"] else last + len(b"</" + prefix + b"row>")
    rest = [_new_row(prefix, row, wanted[row], heights) for row in sorted(wanted)]
    return b"".join([*pieces, sheet[position:end], *rest, sheet[end:]])


def left_behind(held: Mapping[Place, Cell], replaced: Collection[Place]) -> bool:
    """Whether a cell that stays rests on a shared formula stated in one that is replaced."""
    groups = {held[place].group for place in replaced if place in held and held[place].formula}
    groups.discard(b"")
    return any(cell.group in groups for place, cell in held.items() if place not in replaced)


def unused_group(held: Mapping[Place, Cell]) -> int:
    """A number for a shared formula that no other has."""
    return max((int(cell.group) for cell in held.values() if cell.group), default=-1) + 1


def in_group(cell: Cell, group: int) -> Cell:
    """The cell with its shared formula renumbered."""
    if not cell.group:
        return cell
    return Cell(cell.attributes, _SHARED.sub(b' si="%d"' % group, cell.content, count=1), cell.style)


def letters(column: int) -> str:
    """``A`` for 0."""
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(name: str) -> int:
    """0 for ``A``."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _rows_span(sheet: bytes) -> tuple[int, int]:
    """Where the rows begin and end; twice the end where there is but an empty element."""
    _, inside = root_of(sheet)
    found = next((one for one in elements(sheet, inside, len(sheet)) if one.name == "sheetData"), None)
    if found is None:
        raise BrokenMarkup("no rows")
    if found.inner == found.end:
        return found.end, found.end
    return found.inner, sheet.rindex(b"</", found.inner, found.end)


def _rows(sheet: bytes, start: int, end: int) -> Iterator[tuple[int, re.Match[bytes], int]]:
    """(row, its tag, where its content ends)."""
    row, position = -1, start
    while (opened := _ROW.search(sheet, position, end)) is not None:
        stated = _NUMBER.search(opened["attributes"])
        row = int(stated[1]) - 1 if stated else row + 1
        position = opened.end()
        last = position
        if not opened["empty"]:
            name = opened[0][1:].split(b"row", 1)[0]
            last = sheet.index(b"</" + name + b"row", position, end)
            position = last
        yield row, opened, last


def _cells(sheet: bytes, start: int, end: int) -> Iterator[tuple[int, Cell, int, int]]:
    """(column, cell, where it begins, where it ends) of the cells of a row."""
    column, position = -1, start
    while (opened := _CELL.search(sheet, position, end)) is not None:
        attributes = opened["attributes"] or b""
        stated = _REFERENCE.search(attributes)
        column = column_number(stated[1].decode()) if stated else column + 1
        position, content = opened.end(), b""
        if not opened["empty"]:
            name = opened[0][1:].split(b"c", 1)[0]
            closing = b"</" + name + b"c>"
            last = sheet.index(closing, position, end)
            content, position = sheet[position:last], last + len(closing)
            if name:
                content = content.replace(b"<" + name, b"<").replace(b"</" + name, b"</")
        style = _STYLE.search(attributes)
        plain = _REFERENCE.sub(b"", _STYLE.sub(b"", attributes))
        yield column, Cell(plain, content, int(style[1]) if style else None), opened.start(), position


def _row(
    sheet: bytes, prefix: bytes, row: int, opened: re.Match[bytes], stop: int, new: dict[int, Cell]
) -> bytes:
    """A row, from its tag to its end, with new cells."""
    pieces, position, left = [], opened.end(), dict(new)
    for column, held, start, end in _cells(sheet, position, stop):
        for missing in sorted(one for one in left if one < column):
            pieces += [sheet[position:start], _cell(prefix, row, missing, left.pop(missing))]
            position = start
        if column in left:
            cell = left.pop(column)
            kept = Cell(cell.attributes, cell.content, held.style)
            pieces += [sheet[position:start], _cell(prefix, row, column, kept)]
            position = end
    pieces.append(sheet[position:stop])
    pieces += [_cell(prefix, row, column, left[column]) for column in sorted(left)]
    tag = opened[0]
    widest = max(new) + 1
    tag = _SPANS.sub(lambda found: found[1] + str(max(int(found[2]), widest)).encode(), tag)
    if opened["empty"]:
        tag = tag[:-2] + b">"
    return tag + b"".join(pieces) + b"</" + prefix + b"row>"


def _new_row(prefix: bytes, row: int, cells: Mapping[int, Cell], heights: Mapping[int, bytes]) -> bytes:
    inside = b"".join(_cell(prefix, row, column, cells[column]) for column in sorted(cells))
    return b'<%srow r="%d"%s>%s</%srow>' % (prefix, row + 1, heights.get(row, b""), inside, prefix)


def _cell(prefix: bytes, row: int, column: int, cell: Cell) -> bytes:
    place = f"{letters(column)}{row + 1}".encode()
    style = b"" if cell.style is None else b' s="%d"' % cell.style
    content = _TAG.sub(rb"<\1" + prefix, cell.content) if prefix else cell.content
    if not content:
        return b'<%sc r="%s"%s%s/>' % (prefix, place, style, cell.attributes)
    return b'<%sc r="%s"%s%s>%s</%sc>' % (prefix, place, style, cell.attributes, content, prefix)
