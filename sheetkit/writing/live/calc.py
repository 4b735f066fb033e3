"""Renders the hidden helper sheet 计算 column by column, each column one shared formula where it may be one.

A shared formula is stated once, in its first cell; the cells below point at it. So 200,000 formulas take
12 MB of XML instead of 57, and a spreadsheet program reads each formula's text once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain, repeat, zip_longest

from sheetkit.writing.live.cached import Cached
from sheetkit.writing.live.column import HelperColumn
from sheetkit.writing.live.helper import Helper
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.sheet import MAX_FORMULA
from sheetkit.writing.worksheet import may_be_shared

Value = str | float | int

_ANY_ROW = 9_999_999
"""No sheet has this row: where it stands in a formula, a row's number goes."""


def calc_rows(helper: Helper, cached: Cached) -> str:
    """The ``sheetData`` element of the helper sheet: headings, the row of zeros, every column, the shop's
    figures."""
    columns: dict[str, list[str]] = {}
    for group, column in enumerate(helper.columns()):
        letter = helper.layout.letter(column.block, column.key)
        if letter not in columns:
            heading = _text(f"{letter}1", f"{column.block}.{column.key}")
            columns[letter] = [heading, _above(letter, column, cached)]
        columns[letter] += _body(letter, column, group, cached)
    columns |= _figures(helper, cached)
    rows = zip_longest(*(columns[letter] for letter in helper.layout.letters.values()), fillvalue="")
    return f"<sheetData>{''.join(_row(at, cells) for at, cells in enumerate(rows, 1))}</sheetData>"


def _row(row: int, cells: Iterable[str]) -> str:
    return f'<row r="{row}">{"".join(cells)}</row>'


def _above(letter: str, column: HelperColumn, cached: Cached) -> str:
    """Row 2: blank, a zero, or how many of the column's rows count."""
    if column.above in ("", "0"):
        return f'<c r="{letter}{FIRST_ROW - 1}"><v>0</v></c>' if column.above else ""
    counted = sum(1 for one in cached.column(column.block, column.key) if one != "")
    return _cell(f"{letter}{FIRST_ROW - 1}", f"<f>{escape(column.above, quote=False)}</f>", counted)


def _body(letter: str, column: HelperColumn, group: int, cached: Cached) -> Iterator[str]:
    rows = range(column.first, column.first + column.count)
    values = chain(cached.column(column.block, column.key)[column.first - FIRST_ROW :], repeat(""))
    for row, formula, value in zip(rows, _formulas(letter, column, rows, group), values, strict=False):
        yield _cell(f"{letter}{row}", formula, value)


def _formulas(letter: str, column: HelperColumn, rows: range, group: int) -> Iterable[str]:
    """The ``f`` elements of a column's cells."""
    written = column.formula(column.first)
    if len(written) > MAX_FORMULA:
        raise ValueError(f"a formula has {MAX_FORMULA} characters at most: {column.key} has {len(written)}")
    formula = escape(written, quote=False)
    place = f'ref="{letter}{rows[0]}:{letter}{rows[-1]}"'
    if not may_be_shared(formula):
        before, *after = escape(column.formula(_ANY_ROW), quote=False).split(str(_ANY_ROW))
        return (f"<f>{before}{''.join(f'{row}{part}' for part in after)}</f>" for row in rows)
    first = f'<f t="shared" {place} si="{group}">{formula}</f>'
    return chain([first], repeat(f'<f t="shared" si="{group}"/>'))


def _text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value, quote=False)}</t></is></c>'


def _cell(place: str, formula: str, value: Value) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="str">{formula}<v>{escape(value, quote=False) if value else ""}</v></c>'
    return f'<c r="{place}">{formula}<v>{value!r}</v></c>'


def _figures(helper: Helper, cached: Cached) -> dict[str, list[str]]:
    """The shop's figures: a column of their names and one of their formulas."""
    names, results = (helper.layout.letter("figures", key) for key in ("key", "value"))
    columns = {
        letter: [_text(f"{letter}1", f"figures.{key}"), ""]
        for letter, key in ((names, "key"), (results, "value"))
    }
    values = chain(cached.column("figures", "value"), repeat(""))
    for row, ((key, formula), value) in enumerate(zip(helper.figures(), values, strict=False), FIRST_ROW):
        columns[names].append(_text(f"{names}{row}", key))
        columns[results].append(_cell(f"{results}{row}", f"<f>{escape(formula, quote=False)}</f>", value))
    return columns
