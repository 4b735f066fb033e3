"""What the seller set: own values and goals on the settings sheet, the kind of shop, the analysis date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheetkit.intake.amounts import read_number
from sheetkit.intake.cells import Cell, Row, display, is_blank, letters, number, tidy
from sheetkit.intake.labels import LabelReader
from sheetkit.model.book import Book
from sheetkit.model.currencies import chosen
from sheetkit.model.findings import Finding
from sheetkit.model.labels import Labels, fold
from sheetkit.model.lists import lists
from sheetkit.model.owed import BETWEEN, RESULT, RESULTS

KEY = Labels("键", "Key")
OWN = Labels("我的设定", "Own value")
DEFAULT = Labels("默认值", "Default")
ANALYSIS_DATE = Labels("分析日期", "Analysis date")
SHOP_KIND, CURRENCY = "shop_kind", "currency"
GOAL = "goal_"
_SEARCHED_ROWS = 20
_CODE = re.compile(r"\b[A-Z]{3}$")


@dataclass(frozen=True)
class _Line:
    row: int
    column: int
    key: str
    own: Cell
    default: Cell


def read_settings(book: Book, sheet: str, rows: Sequence[Row], kinds: LabelReader) -> None:
    """Fill ``book.settings``, ``setting_cells``, ``goals``, ``shop_kind`` and ``currency``.

    What is no number there, or no currency, becomes a finding.
    """
    for line in _lines(rows):
        if line.key == SHOP_KIND:
            book.shop_kind = _shop_kind(line, kinds)
            continue
        cell = f"{letters(line.column)}{line.row}"
        if line.key == CURRENCY:
            _read_currency(book, line, (sheet, cell))
            continue
        book.setting_cells[line.key] = sheet, cell
        if is_blank(line.own):
            continue
        value = number(line.own)
        if value is None:
            read, problem = read_number(line.own)
            suggestion = problem.suggestion if problem and read is not None else ""
            book.findings.append(
                Finding(
                    "setting_not_a_number",
                    "warning",
                    sheet,
                    cell,
                    display(line.own),
                    suggestion,
                    {"key": line.key},
                )
            )
            continue
        target = book.goals if line.key.startswith(GOAL) else book.settings
        target[line.key] = value


def _lines(rows: Sequence[Row]) -> Iterator[_Line]:
    for at, row in enumerate(rows[:_SEARCHED_ROWS]):
        key, own, default = (_find(row, labels) for labels in (KEY, OWN, DEFAULT))
        if key is None or own is None:
            continue
        for below, line in enumerate(rows[at + 1 :], at + 2):
            name = tidy(display(_at(line, key))).casefold()
            if name:
                yield _Line(below, own, name, _at(line, own), _at(line, default))
        return


def _at(row: Row, column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else ""


def _find(row: Row, labels: Labels) -> int | None:
    wanted = {fold(label) for label in labels.all()}
    return next((at for at, cell in enumerate(row) if isinstance(cell, str) and fold(cell) in wanted), None)


def _shop_kind(line: _Line, kinds: LabelReader) -> str:
    """The key of the shop's kind: its own label where that is one, else the default column's."""
    meanings = lists()[SHOP_KIND].meanings
    for cell in (line.own, line.default):
        if is_blank(cell):
            continue
        code, _ = kinds.read(cell)
        for meaning in meanings.values():
            if meaning.code == code or fold(display(cell)) == fold(meaning.key):
                return meaning.key
    return ""


def _read_currency(book: Book, line: _Line, place: tuple[str, str]) -> None:
    """What amounts are counted in: the own value where it is one, else the default, as the formula has it."""
    own, default = display(line.own), display(line.default)
    found = chosen(own) or chosen(default) or _code_in(default)
    if found:
        book.currency, book.currency_from = found, "settings"
    if own and not chosen(own):
        params: dict[str, str | int | float] = {"default": default}
        book.findings.append(Finding("currency_not_listed", "warning", *place, own, params=params))


def _code_in(label: str) -> str:
    """The code at the end of a choice that is not among those offered."""
    found = _CODE.search(label)
    return found[0] if found else ""


def read_results(rows: Sequence[Row]) -> dict[str, str]:
    """The results picked on 今天, {cell: its text}: what stands below the heading and names a row."""
    begins = tuple(label + BETWEEN for labels in RESULTS for label in labels.all())
    for at, row in enumerate(rows):
        column = _find(row, RESULT)
        if column is not None:
            below = ((line, _at(cells, column)) for line, cells in enumerate(rows[at + 1 :], at + 2))
            return {
                f"{letters(column)}{line}": one.strip()
                for line, one in below
                if isinstance(one, str) and one.strip().startswith(begins)
            }
    return {}


def read_analysis_date(rows: Sequence[Row]) -> int | None:
    """The first date to the right of the words 分析日期 / Analysis date; None where there is none."""
    wanted = tuple(fold(label) for label in ANALYSIS_DATE.all())
    for row in rows:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and fold(cell).rstrip(": ") in wanted:
                days = (number(other) for other in row[at + 1 :])
                return next((math.floor(day) for day in days if day is not None and day > 1), None)
    return None
