"""Values put into the cells of a seller's sheet, and rows added below what she has.

A cell that is there keeps its format; a new one looks like the one above it. Rows added right below a table
become part of it: its filter, its dropdowns, its rules and its computed columns reach over them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape

from sheetkit.errors import UsageError
from sheetkit.opc.formula import lower
from sheetkit.opc.growth import name_grown, sheet_grown, table_grown, with_dimension
from sheetkit.opc.looks import Looks
from sheetkit.opc.numberformats import NumberFormats
from sheetkit.opc.package import Package
from sheetkit.opc.putting import Cell, Place, letters, with_cells
from sheetkit.opc.ranges import Area, area_of
from sheetkit.opc.sheetfacts import SheetFacts
from sheetkit.opc.splice import as_utf8, in_utf8
from sheetkit.opc.stylesheet import StyleSheet
from sheetkit.opc.typed import Value, cell_of
from sheetkit.opc.workbook import Sheet, Workbook, local_index
from sheetkit.opc.xmlio import whole

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_FILTER_NAME = "_xlnm._FilterDatabase"


def put_values(
    package: Package,
    workbook: Workbook,
    styles: StyleSheet,
    sheet: Sheet,
    values: Mapping[Place, Value],
    dates: Collection[Place],
    header_row: int | None,
) -> None:
    """Put values into a sheet; its tables and the hidden name of its filter follow.

    Raises UsageError where one of the cells holds a formula; nothing is put then.
    """
    growing, _ = _tables(workbook, sheet)
    before = package.read(sheet.part)
    facts = sheet_facts(package, workbook, sheet)
    putting = _Putting(sheet.name, facts, NumberFormats(styles), header_row)
    after = putting.put(values, dates)
    package.write(sheet.part, in_utf8(before, lambda _: after))
    if not putting.has_new_rows:
        return
    for part in growing:
        package.write(part, in_utf8(package.read(part), lambda data: table_grown(data, putting.grown)))
    for name in workbook.defined_names():
        if name.get("name") == _FILTER_NAME and workbook.sheets[local_index(name) or 0].part == sheet.part:
            name.text = name_grown(name.text or "", putting.grown)


def sheet_facts(package: Package, workbook: Workbook, sheet: Sheet) -> SheetFacts:
    """What stands in a sheet."""
    growing, fixed = _tables(workbook, sheet)
    return SheetFacts(as_utf8(package.read(sheet.part)), growing.values(), fixed)


def _tables(workbook: Workbook, sheet: Sheet) -> tuple[dict[str, Area], list[Area]]:
    """The tables of a sheet that grow, by their parts, and those that end with a row of totals."""
    growing, fixed = {}, []
    for part, root in workbook.tables(sheet):
        area = area_of(root.get("ref", ""))
        if area is not None and whole(root.get("totalsRowCount")):
            fixed.append(area)
        elif area is not None:
            growing[part] = area
    return growing, fixed


class _Putting:
    """Values on their way into one worksheet. ``header``: its row of headings, guessed where not told."""

    def __init__(
        self, name: str, facts: SheetFacts, formats: NumberFormats, header_row: int | None
    ) -> None:
        self._name, self._facts = name, facts
        self._header = facts.header if header_row is None else header_row
        self._looks = Looks(facts, formats, self._header)
        self._ends: dict[int, int] = {}
        self._above: dict[int, int] = {}
        self._span = (0, -1)

    @property
    def has_new_rows(self) -> bool:
        """Whether rows came right below others."""
        return bool(self._ends)

    def put(self, values: Mapping[Place, Value], dates: Collection[Place]) -> bytes:
        """The sheet with the values in its cells."""
        self._refuse(values)
        self._see_new_rows(values)
        cells, restyled = {}, set()
        for place, value in sorted(values.items(), key=lambda one: one[0]):
            row, column = place
            held = self._facts.row(row).get(column)
            if value is None and held is None:
                continue
            style = held.style if held else self._looks.above(self._above.get(row, row - 1), column)
            if isinstance(value, int | float):
                shown = self._looks.for_number(style, row, column, is_date=place in dates)
                if shown != style:
                    restyled.add(place)
                style = shown
            cells[place] = cell_of(value, style, self._facts.signs)
        if not cells:
            return self._facts.sheet
        more = self._around_new(cells)
        sheet = with_cells(self._facts.sheet, {**more, **cells}, self._heights(), restyled)
        sheet = with_dimension(sheet, [*more, *cells])
        return sheet_grown(sheet, self.grown, self._grown_rule) if self._ends else sheet

    def _refuse(self, values: Iterable[Place]) -> None:
        for row, column in values:
            if row >= _MOST_ROWS or column >= _MOST_COLUMNS:
                raise UsageError("opc.sheet_full", sheet=self._name, rows=f"{_MOST_ROWS:,}")
            if self._facts.is_computed(row, column):
                raise UsageError("opc.formula_kept", sheet=self._name, cell=f"{letters(column)}{row + 1}")

    # -- rows that are new ---------------------------------------------------------------------

    def _see_new_rows(self, values: Mapping[Place, Value]) -> None:
        """Which rows are new, as runs: {row above a run: last row of the run}."""
        filled = {row for (row, _), value in values.items() if value is not None}
        columns = {column for (_, column), value in values.items() if value is not None}
        if not columns:
            return
        first, last = self._span = self._block(min(columns), max(columns))
        new = [
            row
            for row in sorted(filled)
            if all(
                cell.is_blank or not first <= column <= last
                for column, cell in self._facts.row(row).items()
            )
        ]
        for row in reversed(new):
            self._ends[row - 1] = self._ends.pop(row, row)
        self._above = {row: above for above, end in self._ends.items() for row in range(above + 1, end + 1)}

    def _block(self, first: int, last: int) -> tuple[int, int]:
        """The columns that belong to those written: of the table they are in, or below joined headings."""
        for area in self._facts.tables:
            if area.first_column <= last and first <= area.last_column:
                first, last = min(first, area.first_column), max(last, area.last_column)
        headed = {column for column, cell in self._facts.row(self._header).items() if not cell.is_blank}
        while {first, first - 1} <= headed:
            first -= 1
        while {last, last + 1} <= headed:
            last += 1
        return first, last

    def grown(self, area: Area) -> int:
        """The last row of a table, filter or rule, the new rows right below included."""
        first, last = self._span
        end = self._ends.get(area.last_row, area.last_row)
        below = Area(area.last_row + 1, area.first_column, end, area.last_column)
        reaches = area.first_column <= last and first <= area.last_column
        return end if reaches and not self._facts.meets_table(below) else area.last_row

    def _grown_rule(self, area: Area) -> int:
        """The same for rules and dropdowns: those on the headings stay there."""
        return area.last_row if area.last_row <= self._header else self.grown(area)

    def _around_new(self, cells: Mapping[Place, Cell]) -> dict[Place, Cell]:
        """In the new rows, what the row above them has beside values: formulas, and empty cells' formats."""
        more: dict[Place, Cell] = {}
        for above, end in self._ends.items():
            for column, held in self._facts.row(above).items() if above > self._header else ():
                if self._span[0] <= column <= self._span[1]:
                    formula = self._facts.filled_down(above, column)
                    for row in range(above + 1, end + 1):
                        cell = self._beside(held, formula, row, row - above)
                        if cell and (row, column) not in cells and column not in self._facts.row(row):
                            more[row, column] = cell
        return more

    def _beside(self, held: Cell, formula: str | None, row: int, down: int) -> Cell | None:
        if formula is not None:
            text = escape(lower(formula, down), quote=False).encode()
            return Cell(b"", b"<f>%s</f>" % text, held.style)
        if held.style is None or self._facts.has_row(row):
            return None
        return Cell(b"", b"", held.style)

    def _heights(self) -> dict[int, bytes]:
        stated = self._facts.heights if self._ends else {}
        return {
            row: stated[above]
            for row, above in self._above.items()
            if above in stated and above > self._header
        }

