"""How far the tables of an .ods reach: rows and columns as the repetitions say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sheetkit.intake.bounds.limits import refuse_far, refuse_many_cells, refuse_much_text

_TOKEN = re.compile(
    rb"<(table:table|table:table-row|table:table-cell|table:covered-table-cell|text:p)(?=[\s/>])([^>]*)>"
)
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="(\d{1,10})')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="(\d{1,10})')


def check_tables(content: bytes, part: str) -> None:
    """Raises UnreadableError where filled cells stand too far out or are repeated too often.

    Empty ones at the ends are left out. All tables count together: the reader lays them out at once.
    """
    row = column = rows = columns = last_row = last_column = 0
    area = text_bytes = 0
    for token, attributes, size in _tokens(content):
        if token == b"table:table":
            area += last_row * last_column
            row = rows = last_row = last_column = 0
        elif token == b"table:table-row":
            row += rows
            rows, column = _repeated(_ROWS_REPEATED, attributes), 0
        elif token != b"text:p":
            columns = _repeated(_COLUMNS_REPEATED, attributes)
            column += columns
        if token == b"text:p" or b"value-type" in attributes:
            last_row, last_column = max(last_row, row + rows), max(last_column, column)
            text_bytes += rows * columns * size
            refuse_far(last_row, last_column, part)
            refuse_many_cells(area + last_row * last_column, part)
    refuse_much_text(text_bytes, part)


def _tokens(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Each tag that matters, its attributes, and the bytes up to the next one."""
    for one, after in pairwise(_found(content)):
        if one is not None:
            end = len(content) if after is None else after.start()
            yield one[1], one[2], end - one.start()


def _found(content: bytes) -> Iterator[re.Match[bytes] | None]:
    yield from _TOKEN.finditer(content)
    yield None


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
