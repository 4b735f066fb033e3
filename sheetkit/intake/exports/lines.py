"""The lines below an export's header: which there are, and what stands in them, column by column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest
from typing import TypeVar

from sheetkit.intake.cells import Cell, is_blank, letters
from sheetkit.intake.exports.moments import (
    Clock,
    Moment,
    day_month_order,
    is_dated,
    minute_of,
    moment,
)
from sheetkit.intake.exports.money import NOTHING, Amount, amount, has_comma_decimals
from sheetkit.intake.exports.recognise import Found, columns_of
from sheetkit.intake.exports.texts import filled, heading, id_text, joined, plain, says
from sheetkit.model.platforms import Condition, Part, Platform

Read = TypeVar("Read")


@dataclass
class Lines:
    """The lines of an export, of all its sheets.

    ``found``: header and titles of all columns. ``parts``: the sheets; ``part``: which of them each line is
    in, ``row``: where, from 1. ``own``: per sheet, {column: the same one's place in that sheet}.
    """

    found: Found
    parts: list[Found]
    part: list[int]
    row: list[int]
    columns: list[Sequence[Cell]]
    own: list[dict[int, int]]
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _ids: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    @property
    def platform(self) -> Platform:
        """The map they are read by."""
        return self.found.platform

    def __len__(self) -> int:
        return len(self.row)

    def line(self, at: int) -> list[Cell]:
        """The cells of a line."""
        return [column[at] for column in self.columns]

    def place(self, field: str, at: int) -> str:
        """The A1 reference of a field's cell in a line; the first column's where there is none."""
        here = self.own[self.part[at]]
        column = next((here[one] for one in self.places(field) if one in here), 0)
        return f"{letters(column)}{self.row[at]}"

    def places(self, field: str) -> list[int]:
        """The columns that hold a field."""
        parts = self.platform.columns.get(field, ())
        return columns_of(self.found, [name for part in parts for name in part.headers()])

    def shown(self, field: str, at: int) -> str:
        """The text of a field's cell as typed: the first that is filled in."""
        texts = (plain(self.columns[column][at]) for column in self.places(field))
        return next(filter(None, texts), "")

    def texts(self, field: str) -> list[str]:
        """A field as texts, "" where there is none."""
        if field not in self._texts:
            self._texts[field] = self._first(field, filled, "", joined)
        return self._texts[field]

    def column_texts(self, header: str) -> list[str]:
        """The texts below one header."""
        columns = columns_of(self.found, [header])
        return [filled(cell) for cell in self.columns[columns[0]]] if columns else [""] * len(self)

    def ids(self, field: str) -> list[tuple[str, bool]]:
        """A field as ids, and whether the last digits of each are lost."""
        if field not in self._ids:
            self._ids[field] = self._first(field, id_text, ("", False), _only)
        return self._ids[field]

    def money(self, part: Part) -> list[Amount]:
        """The amounts of one part of a field."""
        return self._cells(part, self._amounts, NOTHING, _only)

    def moments(self) -> tuple[list[Moment | None], bool]:
        """The moment of each line, and whether day and month had to be told apart by guess."""
        cells = [cell for column in self.places("date") for cell in self.columns[column]]
        order, sure = day_month_order(set(cells), self.platform.dates)
        clock = Clock(order, self.platform.utc, self.platform.zone)
        part = self.platform.columns["date"][0]
        days = self._cells(part, lambda some: _each_once(some, lambda one: moment(one, clock)), None, _only)
        if "time" not in self.platform.columns:
            return days, not sure
        minutes = self._first("time", minute_of, None, _only)
        return [
            one if one is None or one.minute is not None else Moment(one.day, minute)
            for one, minute in zip(days, minutes, strict=True)
        ], not sure

    def dated(self, at: int) -> bool:
        """Whether any of the date columns is filled in."""
        return any(is_dated(self.columns[column][at]) for column in self.places("date"))

    def fits(self, condition: Condition) -> list[bool]:
        """Which lines a condition is about."""
        columns = columns_of(self.found, condition.columns)
        if not columns:
            return [False] * len(self)
        kept = [self._holds(self.columns[column], condition) for column in columns]
        return [any(some) for some in zip(*kept, strict=True)]

    def _holds(self, cells: Sequence[Cell], condition: Condition) -> list[bool]:
        if condition.negative:
            return [(one.cents or 0) < 0 for one in self._amounts(cells)]
        return _each_once(cells, lambda cell: _holds(cell, condition))

    def _amounts(self, cells: Sequence[Cell]) -> list[Amount]:
        decimal = self.platform.decimal
        comma = decimal == "comma" or (decimal == "either" and has_comma_decimals(set(cells)))
        return _each_once(cells, lambda cell: amount(cell, fen=self.platform.fen, comma=comma))

    def _first(
        self, field: str, read: Callable[[Cell], Read], nothing: Read, join: Callable[[list[Read]], Read]
    ) -> list[Read]:
        parts = self.platform.columns.get(field, ())
        if not parts:
            return [nothing] * len(self)
        return self._cells(parts[0], lambda cells: _each_once(cells, read), nothing, join)

    def _cells(
        self,
        part: Part,
        read: Callable[[Sequence[Cell]], list[Read]],
        nothing: Read,
        join: Callable[[list[Read]], Read],
    ) -> list[Read]:
        """Per line, what the first name that is filled in gives."""
        result: list[Read] = [nothing] * len(self)
        open_lines: Sequence[int] = range(len(self))
        for name in part.names:
            columns = columns_of(self.found, name)
            if not columns or not open_lines:
                continue
            values = [read(self.columns[column]) for column in columns]
            left = []
            for at in open_lines:
                some = [one[at] for one in values if one[at] not in (None, "", nothing)]
                if some:
                    result[at] = some[0] if len(some) == 1 else join(some)
                else:
                    left.append(at)
            open_lines = left
        return result


def lines_of(parts: Sequence[Found]) -> Lines:
    """The lines below the headers that hold anything; merged order numbers are spread over their lines."""
    whole = replace(parts[0], headers=dict(parts[0].headers), titles=list(parts[0].titles))
    lines = Lines(whole, list(parts), [], [], [], [])
    cells: list[list[Cell]] = []
    for number, one in enumerate(parts):
        _spread_merged(one)
        place = _places_in(whole, one)
        lines.own.append({column: at for at, column in enumerate(place)})
        for at, row in enumerate(one.grid.rows):
            if at <= one.row or all(is_blank(cell) for cell in row):
                continue
            lines.part.append(number)
            lines.row.append(at + 1)
            cells.append(row if number == 0 else _moved(row, place))
    lines.columns = list(zip_longest(*cells, fillvalue=""))
    lines.columns += [[""] * len(cells)] * (len(whole.titles) - len(lines.columns))
    if whole.platform.lines == "first":
        _carry_ids(lines)
    return lines


def _places_in(whole: Found, one: Found) -> list[int]:
    """Where each column of a sheet stands among all columns; one that is new is added to them."""
    if one.titles == whole.titles:
        return list(range(len(one.titles)))
    places = []
    for title in one.titles:
        key = heading(title)
        if key not in whole.headers or whole.headers[key] in places:
            whole.titles.append(title)
            whole.headers.setdefault(key, len(whole.titles) - 1)
            places.append(len(whole.titles) - 1)
        else:
            places.append(whole.headers[key])
    return places


def _moved(row: Sequence[Cell], places: Sequence[int]) -> list[Cell]:
    moved: list[Cell] = [""] * (max(places) + 1)
    for cell, at in zip(row, places, strict=False):
        moved[at] = cell
    return moved


def repeated_headers(lines: Lines) -> set[int]:
    """The lines that hold the headers once more."""
    known = lines.found.headers
    asked = (*lines.places("date"), *lines.places("nickname"), *lines.places("order_id"))[:1]
    some = {
        at
        for column in asked
        for at, again in enumerate(_each_once(lines.columns[column], lambda cell: _heads(cell, known)))
        if again
    }
    return {at for at in some if all(_heads(cell, known) for cell in lines.line(at) if not is_blank(cell))}


def _heads(cell: Cell, known: Collection[str]) -> bool:
    return isinstance(cell, str) and heading(plain(cell)) in known


def footers(lines: Lines, headers: Container[int]) -> set[int]:
    """The lines from a footer on, down to where another file's header follows.

    A footer begins as the map says, maybe after a count of what is above it.
    """
    found: set[int] = set()
    below = False
    for at in range(len(lines) if lines.platform.footer else 0):
        words = (plain(cell) for cell in lines.line(at) if not is_blank(cell))
        below = at not in headers and (
            below or any(says(word, lines.platform.footer) for word in islice(words, 2))
        )
        found |= {at} if below else set()
    return found


def _spread_merged(found: Found) -> None:
    """An order number in merged cells is that of every line beside them."""
    ids = found.platform.columns.get("order_id", ())
    columns = set(columns_of(found, [name for part in ids for name in part.headers()]))
    rows = found.grid.rows
    for (first, left), (last, right) in found.grid.merged:
        if left != right or left not in columns or first <= found.row:
            continue
        for at in range(first + 1, min(last, len(rows) - 1) + 1):
            if left < len(rows[at]) and is_blank(rows[at][left]):
                rows[at][left] = rows[first][left]


def _carry_ids(lines: Lines) -> None:
    """A line without a number goes on with the order above it, where it holds an item and no date."""
    for column in lines.places("order_id")[:1]:
        cells = list(lines.columns[column])
        items = [other for other in lines.places("item") if other != column]
        for at in range(1, len(cells)):
            has_item = any(not is_blank(lines.columns[one][at]) for one in items)
            if is_blank(cells[at]) and has_item and not lines.dated(at):
                cells[at] = cells[at - 1]
        lines.columns[column] = cells


def _holds(cell: Cell, condition: Condition) -> bool:
    text = plain(cell)
    if condition.filled or condition.blank:
        return bool(filled(cell)) == condition.filled
    if condition.unless:
        return not says(text, condition.unless)
    return says(text, condition.words)


def _only(some: Sequence[Read]) -> Read:
    return some[0]


def _each_once(cells: Sequence[Cell], read: Callable[[Cell], Read]) -> list[Read]:
    """Every distinct cell read once."""
    known: dict[object, Read] = {}
    result = []
    for cell in cells:
        key = cell if type(cell) is str else (type(cell), cell)
        if key not in known:
            known[key] = read(cell)
        result.append(known[key])
    return result
