"""Renders the hidden helper sheet 计算: its rows in one pass, each column one shared formula.

A shared formula is stated once, in its first cell; the cells below point at it. So 180,000 formulas take
10 MB of XML
instead of 57, and a spreadsheet program reads each formula's text once.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import chain, repeat

from sheetkit.writing.live.cached import Cached
from sheetkit.writing.live.helper import Helper, HelperColumn
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.sheet import row_and_col

Cells = dict[int, list[tuple[int, str]]]
"""{row, counted from 1: (column from 0, the cell's XML)}"""


def calc_rows(helper: Helper, cached: Cached) -> str:
    """The ``sheetData`` element of the helper sheet: headings, the row of zeros, every column, the shop's
    figures."""
    cells: Cells = {}
    for group, column in enumerate(helper.columns()):
        letter = helper.layout.letter(column.block, column.key)
        col = row_and_col(f"{letter}1")[1]
        if column.first == FIRST_ROW:
            _add(cells, 1, col, _text(f"{letter}1", f"{column.block}.{column.key}"))
        if column.zero_row:
            _add(cells, FIRST_ROW - 1, col, f'<c r="{letter}{FIRST_ROW - 1}"><v>0</v></c>')
        if column.count_row:
            counted = sum(1 for one in cached.column(column.block, column.key) if one != "")
            formula = f"<f>{escape(column.count_row, quote=False)}</f>"
            _add(cells, FIRST_ROW - 1, col, _formula(f"{letter}{FIRST_ROW - 1}", formula, counted))
        values = cached.column(column.block, column.key)[column.first - FIRST_ROW :]
        for row, xml in _column(column, letter, group, values):
            _add(cells, row, col, xml)
    for row, col, xml in _figures(helper, cached):
        _add(cells, row, col, xml)
    return f"<sheetData>{''.join(_row(row, cells[row]) for row in sorted(cells))}</sheetData>"


def _add(cells: Cells, row: int, col: int, xml: str) -> None:
    cells.setdefault(row, []).append((col, xml))


def _row(row: int, cells: list[tuple[int, str]]) -> str:
    return f'<row r="{row}">{"".join(xml for _, xml in sorted(cells))}</row>'


def _text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>'


def _column(
    column: HelperColumn, letter: str, group: int, values: list[str | float | int]
) -> Iterator[tuple[int, str]]:
    last = column.first + column.count - 1
    formula = escape(column.formula(column.first), quote=False)
    head = f'<f t="shared" ref="{letter}{column.first}:{letter}{last}" si="{group}">{formula}</f>'
    share = f'<f t="shared" si="{group}"/>'
    rows = range(column.first, last + 1)
    for row, value in zip(rows, chain(values, repeat("")), strict=False):
        yield row, _formula(f"{letter}{row}", head if row == column.first else share, value)


def _formula(place: str, formula: str, value: str | float | int) -> str:
    if isinstance(value, str):
        shown = f"<v>{escape(value, quote=False)}</v>" if value else "<v></v>"
        return f'<c r="{place}" t="str">{formula}{shown}</c>'
    return f'<c r="{place}">{formula}<v>{value!r}</v></c>'


def _figures(helper: Helper, cached: Cached) -> Iterator[tuple[int, int, str]]:
    letters = {key: helper.layout.letter("figures", key) for key in ("key", "value")}
    cols = {key: row_and_col(f"{letter}1")[1] for key, letter in letters.items()}
    for key, letter in letters.items():
        yield 1, cols[key], _text(f"{letter}1", f"figures.{key}")
    values = cached.column("figures", "value")
    for at, (key, formula) in enumerate(helper.figures()):
        row = FIRST_ROW + at
        yield row, cols["key"], _text(f"{letters['key']}{row}", key)
        xml = _formula(
            f"{letters['value']}{row}", f"<f>{escape(formula, quote=False)}</f>", values[at] if values else ""
        )
        yield row, cols["value"], xml
