"""What merging puts into the base: values into its rows, rows below them, columns at their right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sheetkit.edits.copies import Content, Copy, Held
from sheetkit.edits.merging import Merged, TableMerge, Taken
from sheetkit.intake.cells import letters
from sheetkit.model.fields import TableKey
from sheetkit.opc import Surgery
from sheetkit.opc.cells import DAYS_1900_TO_1904

Place = tuple[int, int]


class Putting:
    """``places``: {id of an added row: (sheet, row from 1)}. ``columns``: {sheet: headings of new columns}.

    ``kept``: what was not put because a formula stands there.
    """

    def __init__(self, host: Surgery, copies: Sequence[Copy]) -> None:
        self.host, self.copies = host, copies
        self.first_day = DAYS_1900_TO_1904 if host.date1904 else 0
        self.places: dict[int, tuple[str, int]] = {}
        self.columns: dict[str, list[str]] = {}
        self.kept: list[Taken] = []
        self._new: dict[tuple[str, str], int] = {}

    def where(self, row: Merged) -> tuple[str, int]:
        """The sheet and the row, from 1, of a row of the result."""
        return self.places.get(id(row), (row.line.sheet, row.line.row))

    def cell(self, table: TableKey, row: Merged, column: str) -> str:
        """The A1 reference of a cell of the result; the row's first cell where it has no such column."""
        sheet, line = self.where(row)
        held = self._held(table, sheet)
        at = held.columns.get(column, self._new.get((sheet, column), 0))
        return f"{letters(at)}{line}"

    def heading(self, table: TableKey, column: str) -> str:
        """How a column is headed, in the base or in the first copy that has it."""
        some = (held for copy in self.copies for held in copy.held.get(table, []))
        return next((held.headers[column] for held in some if column in held.headers), column)

    def put_table(self, table: TableKey, merged: TableMerge) -> None:
        """One table's values and rows."""
        by_sheet: dict[str, dict[Place, Content | None]] = defaultdict(dict)
        by_place: dict[tuple[str, Place], Taken] = {}
        for one in merged.taken:
            sheet, row = self.where(one.row)
            place = (row - 1, self._column(table, sheet, one.column))
            by_sheet[sheet][place] = one.content
            by_place[sheet, place] = one
        for sheet, contents in by_sheet.items():
            for place in self.host.computed(sheet, contents.keys()):
                del contents[place]
                self.kept.append(by_place[sheet, place])
            self._put(table, sheet, contents)
        added: dict[str, list[Merged]] = defaultdict(list)
        for new in merged.added:
            added[self._target(table, new)].append(new)
        for sheet, rows in added.items():
            self._append(table, sheet, rows)

    def put(self, sheet: str, values: Mapping[Place, str | float]) -> None:
        """Values into cells of the base, but not over a formula."""
        computed = self.host.computed(sheet, values.keys())
        self.host.put_values(
            sheet, {place: value for place, value in values.items() if place not in computed}
        )

    def _put(self, table: TableKey, sheet: str, contents: Mapping[Place, Content | None]) -> None:
        values = {place: None if one is None else self._value(one) for place, one in contents.items()}
        dates = {place for place, one in contents.items() if one is not None and one.is_day}
        self.host.put_values(sheet, values, dates=dates, header_row=self._held(table, sheet).header_row - 1)

    def _append(self, table: TableKey, sheet: str, rows: Sequence[Merged]) -> None:
        held = self._held(table, sheet)
        for key in dict.fromkeys(key for row in rows for key in row.cells):
            self._column(table, sheet, key)
        columns = {key: self._column(table, sheet, key) for row in rows for key in row.cells}
        last = max((line.row for line in self.copies[0].lines[table] if line.sheet == sheet), default=0)
        places = [(last - 1, at) for at in columns.values()] if last else []
        computed = {at for _, at in self.host.computed(sheet, places)}
        lines = [
            {columns[key]: self._value(one) for key, one in row.cells.items() if columns[key] not in computed}
            for row in rows
        ]
        days = {columns[key] for row in rows for key, one in row.cells.items() if one.is_day}
        first = self.host.append_rows(sheet, lines, date_columns=days, header_row=held.header_row - 1)
        self.places |= {id(row): (sheet, first + at + 1) for at, row in enumerate(rows)}

    def _target(self, table: TableKey, row: Merged) -> str:
        """The sheet a row goes to: of the same name, else the table's last."""
        sheets = [held.sheet for held in self.copies[0].held[table]]
        return row.line.sheet if row.line.sheet in sheets else sheets[-1]

    def _held(self, table: TableKey, sheet: str) -> Held:
        return next(held for held in self.copies[0].held[table] if held.sheet == sheet)

    def _column(self, table: TableKey, sheet: str, key: str) -> int:
        """A column's place; one that the sheet lacks comes at its right."""
        held = self._held(table, sheet)
        if key in held.columns:
            return held.columns[key]
        if (sheet, key) not in self._new:
            at, heading = self.host.first_free_column(sheet), self.heading(table, key)
            self.host.put_values(sheet, {(held.header_row - 1, at): heading})
            self._new[sheet, key] = at
            self.columns.setdefault(sheet, []).append(heading)
        return self._new[sheet, key]

    def _value(self, content: Content) -> str | float:
        if content.is_day and isinstance(content.value, float):
            return content.value - self.first_day
        return content.value
