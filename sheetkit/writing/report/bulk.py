"""Tall sheets in seconds: rows of known columns rendered as XML into a sheet that xlsxwriter scaffolded.

The scaffold holds one row of blank cells that carry the formats. It is grafted as it is, a few cells instead
of hundreds of thousands; then `filled` puts the rendered rows in its place, in the formats of the host.
`write_plain` gives the same cells by xlsxwriter alone, for short sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sheetkit.model.book import Column
from sheetkit.writing.look import Format
from sheetkit.writing.sheet import Sheet, letter

CHUNK_ROWS = 4096


Kind = Literal["text", "number", "date"]


@dataclass(frozen=True)
class Block:
    """Rows to stand on a sheet from row ``top`` (from 0) and column A on, below the header of a table.

    ``kinds``: text (str), number (int, float) or date (day number), by column; None is a blank cell with the
    column's format.
    ``heights``: points, by row.
    """

    top: int
    kinds: Sequence[Kind]
    columns: Sequence[Column]
    heights: Sequence[float]

    def __len__(self) -> int:
        return len(self.heights)

    def texts_and_numbers(self) -> tuple[list[Column], list[Column]]:
        """The columns that hold texts, and those that hold numbers and days."""
        pairs = list(zip(self.kinds, self.columns, strict=True))
        return [one for kind, one in pairs if kind == "text"], [one for kind, one in pairs if kind != "text"]


def write_plain(sheet: Sheet, block: Block, formats: Sequence[Format]) -> None:
    """The rows, cell by cell."""
    for at, height in enumerate(block.heights):
        sheet.row(block.top + at, height)
    for column, (values, fmt) in enumerate(zip(block.columns, formats, strict=True)):
        for at, value in enumerate(values):
            sheet.write(block.top + at, column, value, fmt)


def write_scaffold(sheet: Sheet, block: Block, formats: Sequence[Format]) -> None:
    """One row of blank cells in the place of the rows, from which `filled` takes the formats.

    The table ends with that row as well; `longer_table` lengthens it.
    """
    for column, fmt in enumerate(formats):
        sheet.write(block.top, column, None, fmt)


def filled(content: bytes, block: Block, first_day: int = 0) -> bytes:
    """A sheet part with the block's rows in place of its scaffold; ``first_day``: the workbook's day 0."""
    return b"".join(_pieces(content, block, first_day))


def longer_table(content: bytes, block: Block) -> bytes:
    """A table part with the block's scaffolded table as long as its rows; any other table unchanged."""
    return content.replace(_range(block, 1), _range(block, len(block)))


def _range(block: Block, rows: int) -> bytes:
    """The reference of the block's table with so many rows."""
    last = letter(len(block.columns) - 1)
    return f' ref="A{block.top}:{last}{block.top + rows}"'.encode()


def _pieces(content: bytes, block: Block, first_day: int) -> Iterator[bytes]:
    """The part in pieces, the rows in the formats of the scaffold's cells."""
    found = re.search(rb'<row r="%d"[^>]*>.*?</row>' % (block.top + 1), content, re.S)
    if found is None:
        raise ValueError(f"the sheet has no scaffold at row {block.top + 1}")
    styles = [int(one) for one in re.findall(rb'<c r="[A-Z]+\d+" s="(\d+)"/>', found[0])]
    if len(styles) != len(block.columns):
        raise ValueError(f"the scaffold has {len(styles)} formats for {len(block.columns)} columns")
    last = f"{letter(len(styles) - 1)}{block.top + len(block)}".encode()
    yield re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:%s"' % last, content[: found.start()])
    for start in range(0, len(block), CHUNK_ROWS):
        yield _rows(block, styles, first_day, range(start, min(start + CHUNK_ROWS, len(block)))).encode()
    yield content[found.end() :]


def _rows(block: Block, styles: Sequence[int], first_day: int, rows: range) -> str:
    here = slice(rows.start, rows.stop)
    numbers = [str(block.top + 1 + row) for row in rows]
    opening = [
        f'<row r="{row}" ht="{height}" customHeight="1">'
        for row, height in zip(numbers, block.heights[here], strict=True)
    ]
    cells = [
        _cells(f'<c r="{letter(at)}', style, numbers, kind, _shifted(values[here], kind, first_day))
        for at, (kind, style, values) in enumerate(zip(block.kinds, styles, block.columns, strict=True))
    ]
    closing = ["</row>"] * len(opening)
    return "".join(map("".join, zip(opening, *cells, closing, strict=True)))


def _shifted(values: Column, kind: Kind, first_day: int) -> Column:
    """Days as a workbook counts them whose day 0 is another than 1899-12-30."""
    if kind != "date" or not first_day:
        return values
    return [None if value is None else value - first_day for value in values]


def _cells(head: str, style: int, rows: Sequence[str], kind: Kind, values: Column) -> list[str]:
    """The cells of one column; what follows the row's number is made once a value, since values recur."""
    if kind == "text":
        said = {one: f' t="inlineStr"><is>{_text(one)}</is></c>' if one else "/>" for one in set(values)}
    else:
        said = {one: "/>" if one is None else f"><v>{one}</v></c>" for one in set(values)}
    tails = {one: f'" s="{style}"{rest}' for one, rest in said.items()}
    return [head + row + tails[value] for row, value in zip(rows, values, strict=True)]


_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")


def _text(value: str) -> str:
    """A text as ``<t>``, escaped as a spreadsheet program reads it back: _xHHHH_ for what XML cannot hold.

    >>> _text("a<b"), _text(" x"), _text("_x0041_"), _text("\x07")
    ('<t>a&lt;b</t>', '<t xml:space="preserve"> x</t>', '<t>_x005F_x0041_</t>', '<t>_x0007_</t>')
    """
    space = ' xml:space="preserve"' if value[0].isspace() or value[-1].isspace() else ""
    if _SPECIAL.search(value):
        value = _LOOKS_ESCAPED.sub(r"_x005F\1", value)
        value = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{space}>{value}</t>"
