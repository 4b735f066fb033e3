"""One person's copy of a workbook as rows that can be held beside those of another copy."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sheetkit.intake.cells import Bad, Cell, Row, column_of, display, is_blank, letters, number, tidy
from sheetkit.intake.source import Source
from sheetkit.model.book import Book, SheetPlace, Table
from sheetkit.model.days import to_date
from sheetkit.model.fields import Field, TableKey, fields
from sheetkit.model.labels import fold

OWN = "own:"
"""What the key of a column begins with that the seller added; her heading follows, folded."""
_BY_VALUE = ("date", "time", "money", "number", "count")
_SPREAD = ("name", "id", "date")
"""Kinds of columns whose joined cells stand for every row they cover."""


@dataclass(frozen=True)
class Content:
    """What a cell holds: the value to put, as people see it, what it is compared by, whether it is a day."""

    value: str | float
    shown: str
    same: Hashable
    is_day: bool = False


@dataclass(frozen=True)
class Line:
    """A row: its sheet, its row from 1, and {column key: content} of the cells that hold something."""

    sheet: str
    row: int
    cells: Mapping[str, Content]

    @property
    def identity(self) -> frozenset[tuple[str, Hashable]]:
        """What two rows have in common that are the same."""
        return frozenset((key, one.same) for key, one in self.cells.items())


@dataclass(frozen=True)
class Held:
    """A sheet that holds a table: the row of its headings from 1, {column key: column from 0}, {column key:
    heading}."""

    sheet: str
    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str]


@dataclass
class Copy:
    """``name``: the file's; ``saved``: when a program last saved it, as it says, or "".

    ``held``: {table: its sheets}; ``lines``: {table: its rows}.
    """

    name: str
    saved: str
    book: Book
    source: Source
    held: dict[TableKey, list[Held]] = field(default_factory=dict)
    lines: dict[TableKey, list[Line]] = field(default_factory=dict)


def copy_of(name: str, saved: str, book: Book, source: Source) -> Copy:
    """A copy's tables laid out."""
    copy = Copy(name, saved, book, source)
    for place in book.places:
        table, grid = book.tables[place.table], source.grid(place.sheet)
        positions = [at for at, sheet in enumerate(table.sheet) if sheet == place.sheet]
        held = _held(place, table, grid.rows, positions)
        reader = _Reader(place.table, table, held, plain=source.text is not None)
        lines = (reader.line(at, grid.rows[table.row[at] - 1]) for at in positions)
        copy.held.setdefault(place.table, []).append(held)
        copy.lines.setdefault(place.table, []).extend(lines)
    return copy


def _held(place: SheetPlace, table: Table, rows: Sequence[Row], positions: Sequence[int]) -> Held:
    head = rows[place.header_row - 1] if rows else []
    columns = {key: column_of(f"{letter}1")[1] for key, letter in place.letters.items()}
    headers = {key: tidy(display(head[at])) for key, at in columns.items() if at < len(head)}
    below = [rows[table.row[at] - 1] for at in positions]
    for name, at in _own_columns(head, below, set(columns.values())):
        if name in table.extras:
            columns[OWN + fold(name)], headers[OWN + fold(name)] = at, name
    return Held(place.sheet, place.header_row, columns, headers)


def _own_columns(head: Row, below: Sequence[Row], taken: set[int]) -> Iterator[tuple[str, int]]:
    """(heading, column) of the other columns that hold anything, named as intake names them."""
    seen: set[str] = set()
    for at in range(max(map(len, [head, *below]))):
        filled = any(at < len(row) and not is_blank(row[at]) for row in below)
        if at not in taken and filled:
            header = tidy(display(head[at])) if at < len(head) else ""
            name, number_ = header or letters(at), 1
            while name in seen:
                number_ += 1
                name = f"{header or letters(at)} ({number_})"
            seen.add(name)
            yield name, at


class _Reader:
    """Cells as contents. ``plain``: a text file, whose numbers and days are texts."""

    def __init__(self, key: TableKey, table: Table, held: Held, *, plain: bool) -> None:
        self.table, self.held, self.plain = table, held, plain
        self.known = {key_: one for key_, one in fields(key).items() if key_ in held.columns}
        self.typed = {key_: table.column(key_) for key_ in self.known}
        self.read: dict[tuple[object, ...], Content | None] = {}

    def line(self, at: int, row: Row) -> Line:
        """The row at a position of the table."""
        cells = {}
        for key, column in self.held.columns.items():
            cell = row[column] if column < len(row) else ""
            typed = self.typed[key][at] if key in self.typed else None
            asked: tuple[object, ...] = (key, type(cell), cell, typed)
            if asked not in self.read:
                self.read[asked] = self.content(key, cell, typed)
            content = self.read[asked]
            if content is not None:
                cells[key] = content
        return Line(self.held.sheet, self.table.row[at], cells)

    def content(self, key: str, cell: Cell, typed: Any) -> Content | None:
        """What a cell holds, an error as its text; None for a blank one."""
        about = self.known.get(key)
        if isinstance(cell, Bad):
            return Content(cell.shown, cell.shown, (cell.code, cell.shown))
        if is_blank(cell):
            return _spread(about, typed) if about and about.kind in _SPREAD and typed is not None else None
        value, same = _value(cell), _same(cell)
        if about and about.kind in _BY_VALUE and typed is not None:
            same = (about.kind, typed)
            if self.plain:
                value = typed / 100 if about.kind == "money" else float(typed)
        is_day = isinstance(cell, date) or bool(about and about.kind == "date" and not isinstance(value, str))
        return Content(value, display(cell).strip(), same, is_day)


def _spread(about: Field, typed: object) -> Content:
    """A cell covered by a joined one above it."""
    if about.kind == "date" and isinstance(typed, int):
        return Content(float(typed), to_date(typed).isoformat(), ("date", typed), is_day=True)
    return Content(str(typed), str(typed), fold(str(typed)))


def _value(cell: Cell) -> str | float:
    if isinstance(cell, str):
        return cell
    figure = number(cell)
    return display(cell) if figure is None else figure


def _same(cell: Cell) -> Hashable:
    figure = number(cell)
    return fold(display(cell)) if figure is None else f"{figure:.10g}"
