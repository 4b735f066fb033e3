"""A column of cells → typed values and what is wrong with some of them.

Most columns of most files are clean: they are read in one pass by kind. Where they are not, each distinct
value is read once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sheetkit.intake import amounts, clean_texts, dates, times
from sheetkit.intake.cells import (
    BLANK_WORDS,
    ERRORS,
    LONGEST_TEXT,
    Bad,
    Cell,
    display,
    formula_text,
    general,
    is_masked,
    narrow,
    number,
    tidy,
    trim,
    typed_name,
)
from sheetkit.intake.clean_texts import Quick
from sheetkit.intake.coded import Coded, Known
from sheetkit.intake.date_columns import looks_shifted, settle
from sheetkit.intake.dates import DateBounds
from sheetkit.intake.labels import LabelReader
from sheetkit.intake.problems import Problem, Read, failed, repaired
from sheetkit.messages import Lang
from sheetkit.model.days import EARLIEST, EPOCH, FIRST_BIRTHDAY
from sheetkit.model.fields import Field, Kind
from sheetkit.model.labels import NAME_LENGTH

_EPOCH_ORDINAL = EPOCH.toordinal()
_OPENED_KINDS = frozenset({"date", "money", "number", "count", "percent"})
_SCIENTIFIC = re.compile(r"(?P<first>\d)\.?(?P<rest>\d*)[eE](?P<sign>\+?)(?P<power>\d{1,2})")
"""1.7743856575E10 as a program writes it that took an id for a number."""
_LOST_TAIL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE]\+\d{1,3}", re.ASCII)
"""A number in scientific notation, as the live formulas see it."""


@dataclass(frozen=True)
class Reading:
    """How cells are read: as the live formulas do (``repair`` False) or as a careful person would.

    ``lang``: the workbook's language, for what a finding calls a column that is not there. ``currency``: the
    code of what its amounts are in.
    """

    repair: bool
    labels: dict[str, LabelReader]
    near: int
    delimited: bool = False
    lang: Lang = "zh"
    currency: str = ""

    def bounds(self, column: Field) -> DateBounds:
        """Which days a date column may hold.

        The live formulas believe any due date, and of a customer only dates since 2010; a person believes no
        due date so old. A birthday may be before that.
        """
        if column.required:
            return DateBounds(self.near)
        if column.key == "birthday":
            return DateBounds(self.near, first=FIRST_BIRTHDAY)
        if not self.repair:
            return DateBounds(self.near, first=EARLIEST if column.table == "customers" else 0)
        return DateBounds(self.near, first=EARLIEST)


@dataclass
class Cleaned:
    """A column's typed values, and the problems by position."""

    values: Sequence[Any]
    problems: dict[int, Problem] = field(default_factory=dict)
    known: Collection[Cell] | None = None
    """The different cells, where they were looked for."""
    clear: bool = False
    """Whether every text stands as it is read: without line breaks, surplus space or what is not seen."""

    def blank(self, rows: list[int]) -> None:
        """Make these rows blank."""
        if isinstance(self.values, Known):
            self.values = self.values.blanked(rows)
        else:
            values = list(self.values)
            for at in rows:
                values[at] = None
            self.values = values


def clean(cells: Sequence[Cell], column: Field, how: Reading) -> Cleaned:
    """The column read by its kind."""
    if isinstance(cells, Known):
        return _clean_known(cells, column, how)
    types: set[type] = {str} if how.delimited and cells else set(map(type, cells))
    if types == {str}:
        found = _quick_texts(cells, column, how)  # type: ignore[arg-type]  # every cell is a text
        if found is not None:
            return Cleaned(found[0], known=found[1], clear=True)
    quick = _quick(cells, types, column, how)
    if quick is not None:
        return Cleaned(quick)
    if how.delimited:
        cells = _as_opened(cells, column.kind)
    cleaned = _each_once(cells, _reader(column, how))
    if column.kind == "date" and how.repair:
        days = list(cleaned.values)
        settle(cells, days, cleaned.problems, how.bounds(column))
        cleaned.values = days
    return cleaned


def _clean_known(cells: Known, column: Field, how: Reading) -> Cleaned:
    """A long column of texts, each different one looked at once; as a list where its cells are not alone."""
    quick = _quick_known(cells, column, how)
    if quick is not None:
        return Cleaned(quick, clear=True)
    kinds: list[str] = cells.kinds
    found = _quick_texts(kinds, column, how)
    if found is not None:
        return Cleaned(cells.read_as(found[0]), known=kinds, clear=True)
    opened = _as_opened(kinds, column.kind)
    each = _each_once(opened, _reader(column, how))
    codes: list[int] = cells.codes.tolist() if each.problems else []
    problems = {at: each.problems[code] for at, code in enumerate(codes) if code in each.problems}
    cleaned = Cleaned(cells.read_as(list(each.values)), problems, kinds)
    if column.kind == "date" and how.repair:
        days = list(cleaned.values)
        settle(list(Coded(list(opened), cells.codes)), days, problems, how.bounds(column))
        cleaned.values = days
    return cleaned


def _quick_known(cells: Known, column: Field, how: Reading) -> Sequence[Any] | None:
    """The values of a long column that is looked at without a text being made of its cells."""
    if column.kind == "money" and how.delimited:
        return cells.cents()
    return cells if column.kind == "id" and cells.are_digits else None


def _as_opened(cells: Sequence[Cell], kind: Kind) -> Sequence[Cell]:
    """Cells of a text file as a spreadsheet would have typed them."""
    if kind not in _OPENED_KINDS and ERRORS.isdisjoint(cells):
        return cells
    opened = {cell: _opened(cell, kind) for cell in set(cells)}
    return list(map(opened.__getitem__, cells))


def _opened(cell: Cell, kind: Kind) -> Cell:
    if isinstance(cell, str) and cell in ERRORS:
        return Bad("error_cell", cell)
    if kind == "date":
        return amounts.from_delimited(dates.from_delimited(cell))
    return amounts.from_delimited(cell) if kind in _OPENED_KINDS else cell


def _quick(cells: Sequence[Cell], types: set[type], column: Field, how: Reading) -> list[Any] | None:
    """The values where the whole column is clean; None where it has to be looked at closely."""
    if column.kind == "date" and types <= {date, datetime}:
        if how.repair and looks_shifted(cells):  # type: ignore[arg-type]  # every cell is a date
            return None
        days: list[Any] = [cell.toordinal() - _EPOCH_ORDINAL for cell in cells]  # type: ignore[union-attr]
        bounds = how.bounds(column)
        return days if days and bounds.holds(min(days)) and bounds.holds(max(days)) else None
    if column.kind == "money" and float in types and types <= {float, str}:
        return _quick_cents(cells)  # type: ignore[arg-type]  # every cell is a float or a text
    return None


def _quick_texts(cells: Sequence[str], column: Field, how: Reading) -> Quick | None:
    kind = column.kind
    if kind == "name":
        return clean_texts.names_in(cells)
    if kind == "id":
        return clean_texts.ids_in(cells)
    if kind == "text" and how.delimited and how.repair and ERRORS.isdisjoint(cells):
        return clean_texts.texts_in(cells)
    if kind == "date" and how.delimited:
        return clean_texts.dates_in(cells, how.bounds(column))
    if kind == "money" and how.delimited:
        return clean_texts.cents_in(cells)
    return None


def _quick_cents(cells: Sequence[float | str]) -> list[Any] | None:
    """Cents where every cell is blank or has at most two decimals, so that no half is in question."""
    figures = [cell for cell in cells if type(cell) is float]
    if len(figures) + cells.count("") != len(cells):
        return None
    whole = amounts.plain_cents(figures)
    if whole is None or len(whole) == len(cells):
        return whole
    following = iter(whole)
    return [next(following) if type(cell) is float else None for cell in cells]


def _each_once(cells: Sequence[Cell], read: Callable[[Cell], Read]) -> Cleaned:
    """Every distinct cell read once."""
    plain: Sequence[Hashable] = cells
    if bool in set(map(type, cells)):
        plain = [(cell,) if type(cell) is bool else cell for cell in cells]  # TRUE is not the number 1
    known = {key: _read_one(key[0] if type(key) is tuple else key, read) for key in set(plain)}  # type: ignore[arg-type]
    value_of = {key: value for key, (value, _) in known.items()}
    cleaned = Cleaned(list(map(value_of.__getitem__, plain)))
    problem_of = {key: problem for key, (_, problem) in known.items() if problem is not None}
    if problem_of:
        cleaned.problems = {at: problem_of[key] for at, key in enumerate(plain) if key in problem_of}
    return cleaned


def read_cell(cell: Cell, column: Field, how: Reading) -> Read:
    """One cell of a column: its typed value, None where it cannot be read, and what is wrong with it."""
    return _read_one(cell, _reader(column, how))


def _read_one(cell: Cell, read: Callable[[Cell], Read]) -> Read:
    if isinstance(cell, Bad):
        return failed(cell.code)
    if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
        value, problem = read(cell[:LONGEST_TEXT])
        return value, problem or Problem("text_cut")
    return read(cell)


def _reader(column: Field, how: Reading) -> Callable[[Cell], Read]:
    """The function that reads one cell of this column."""
    kind, repair = column.kind, how.repair
    if kind == "list":
        labels = how.labels[column.list_key]
        if not labels.choices.meanings:
            return labels.read_open if repair else labels.read_typed
        return labels.read if repair else labels.read_typed
    if kind == "date":
        bounds = how.bounds(column)
        read = dates.read_date if repair else dates.typed_date
        return lambda cell: read(cell, bounds)
    if column.key == "customer_id":
        return _read_person_id if repair else _typed_person_id
    if kind == "money" and repair:
        return partial(amounts.read_money, currency=how.currency)
    return _READERS[kind][repair]


def _typed_name(cell: Cell) -> Read:
    return (None if is_masked(formula_text(cell)) else typed_name(cell) or None), None


def _typed_id(cell: Cell) -> Read:
    return typed_name(cell) or None, None


def _read_name(cell: Cell) -> Read:
    """The name as shown. Identity folds it further; only what the live formulas see otherwise is reported."""
    shown = tidy(display(cell))[:NAME_LENGTH]
    if is_masked(shown):
        return None, Problem("masked_name", "info")
    if shown.casefold() in BLANK_WORDS:
        return None, Problem("name_blank", "warning")
    if shown == typed_name(cell):
        return shown or None, None
    return repaired(shown, "name_repaired", shown) if shown else (None, None)


def _typed_text(cell: Cell) -> Read:
    return trim(formula_text(cell)) or None, None


def _read_text(cell: Cell) -> Read:
    shown = display(cell).strip()
    return (None if not shown or shown.casefold() in BLANK_WORDS else shown), None


def _read_id(cell: Cell) -> Read:
    """An id as text: exports wrap it in quotes, ="…" or tabs; a number past 15 digits has lost its tail."""
    value = number(cell)
    if value is not None:
        shown = str(int(value)) if value == int(value) else general(value)
        return repaired(shown, "id_digits_lost", "") if abs(value) >= 1e15 else (shown, None)
    shown = narrow(formula_text(cell))
    if shown.casefold() in BLANK_WORDS or not shown:
        return None, None
    found = _SCIENTIFIC.fullmatch(shown)
    if found is None or (not found["sign"] and not found["rest"]):
        return shown, None
    digits, power = found["first"] + found["rest"], int(found["power"])
    if len(found["rest"]) == power:
        return repaired(digits, "id_in_full", digits)
    return repaired(shown, "id_digits_lost", "")


def _typed_count(cell: Cell) -> Read:
    value, problem = amounts.typed_number(cell)
    return (math.floor(value) if value is not None and value >= 1 else None), problem


def _typed_person_id(cell: Cell) -> Read:
    shown = typed_name(cell)
    return (None if _LOST_TAIL.fullmatch(shown) else shown or None), None


def _read_person_id(cell: Cell) -> Read:
    """A customer's id: without its last digits it tells nobody apart."""
    value, problem = _read_id(cell)
    if problem is not None and problem.code == "id_digits_lost":
        return None, Problem("customer_id_lost")
    return value, problem


def _read_count(cell: Cell) -> Read:
    return amounts.read_count(amounts.read_number(cell))


_READERS: dict[Kind, tuple[Callable[[Cell], Read], Callable[[Cell], Read]]] = {
    # kind: (as typed, repaired)
    "name": (_typed_name, _read_name),
    "text": (_typed_text, _read_text),
    "id": (_typed_id, _read_id),
    "money": (amounts.typed_money, amounts.read_money),
    "number": (amounts.typed_number, amounts.read_number),
    "percent": (amounts.typed_number, amounts.read_number),
    "count": (_typed_count, _read_count),
    "time": (times.typed_time, times.read_time),
}
