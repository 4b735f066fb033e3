"""An «XML Spreadsheet 2003», which many web shops save under the name of an .xls → its sheets."""

from __future__ import annotations

from datetime import datetime, time
from xml.parsers import expat

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds import refuse_far, refuse_many_cells
from sheetkit.intake.cells import Bad, Cell, Row

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS, _EXCEL = NAMESPACE + " ", "urn:schemas-microsoft-com:office:excel "
_ROW_COST = 8
_FIRST_DAY = datetime(1900, 1, 1)


class Sheet:
    """One sheet while it is read: rows from 0, blank ones empty."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.hidden = False
        self.rows: list[Row] = []
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []


class _Reader:
    def __init__(self, part: str) -> None:
        self.part = part
        self.sheets: list[Sheet] = []
        self._row = self._column = self._after = -1
        self._kind = ""
        self._text: list[str] | None = None
        self._area = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Opens a sheet, a row, a cell or its content."""
        if tag == _SS + "Worksheet":
            self.sheets.append(Sheet(attributes.get(_SS + "Name", "")))
            self._row = -1
        elif not self.sheets:
            return
        elif tag == _SS + "Row":
            self._row = self._placed(attributes, self._row)
            self._column = self._after = -1
            self._reach(self._row, 0)
        elif tag == _SS + "Cell" and self._row >= 0:
            self._column = self._after = self._placed(attributes, self._after)
            self._merge(attributes)
        elif tag == _SS + "Data" and self._column >= 0:
            self._kind, self._text = attributes.get(_SS + "Type", "String"), []
        elif tag == _EXCEL + "Visible":
            self._text = []

    def text(self, text: str) -> None:
        """Text of the open cell."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """Closes a cell's content."""
        if self._text is None or tag not in (_SS + "Data", _EXCEL + "Visible"):
            return
        said, self._text = "".join(self._text), None
        sheet = self.sheets[-1]
        if tag == _EXCEL + "Visible":
            sheet.hidden = said.strip() in ("SheetHidden", "SheetVeryHidden")
            return
        self._reach(self._row, self._column + 1)
        row = sheet.rows[self._row]
        row[self._column] = _cell(self._kind, said)

    def refuse(self, *_: object) -> None:
        """Document types hold what unfolds without end."""
        raise UnreadableError("opc.unsafe_xml", part=self.part)

    def _placed(self, attributes: dict[str, str], last: int) -> int:
        """The place an element says (from 1), else the next one; a merged cell takes its whole width."""
        stated = attributes.get(_SS + "Index", "")
        return max(int(stated) - 1, last + 1) if stated.isdecimal() and len(stated) < 9 else last + 1

    def _reach(self, row: int, width: int) -> None:
        refuse_far(row + 1, max(1, width), self.part)
        rows = self.sheets[-1].rows
        if row >= len(rows):
            self._area += (row + 1 - len(rows)) * _ROW_COST
            refuse_many_cells(self._area, self.part)
            rows += ([] for _ in range(row + 1 - len(rows)))
        self._area += max(0, width - len(rows[row]))
        refuse_many_cells(self._area, self.part)
        rows[row] += [""] * (width - len(rows[row]))

    def _merge(self, attributes: dict[str, str]) -> None:
        across, down = (attributes.get(_SS + key, "0") for key in ("MergeAcross", "MergeDown"))
        wide = int(across) if across.isdecimal() and len(across) < 6 else 0
        high = int(down) if down.isdecimal() and len(down) < 7 else 0
        if wide or high:
            first = (self._row, self._column)
            self._after = self._column + wide
            self.sheets[-1].merged.append((first, (self._row + high, self._column + wide)))


def _cell(kind: str, said: str) -> Cell:
    if kind == "Number":
        try:
            return float(said)
        except ValueError:
            return said
    if kind == "DateTime":
        try:
            when = datetime.fromisoformat(said)
        except ValueError:
            return said
        return when if when >= _FIRST_DAY else time(when.hour, when.minute, when.second)
    if kind == "Boolean":
        return said.strip() == "1"
    return Bad("error_cell", said) if kind == "Error" else said


def parse_xml2003(text: str, part: str) -> list[Sheet]:
    """The sheets in their order; raises UnreadableError where the file is damaged or unsafe."""
    reader = _Reader(part)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as problem:
        raise UnreadableError("intake.broken", part=part) from problem
    for sheet in reader.sheets:
        for (first, left), (last, _) in sheet.merged:
            for row in sheet.rows[first : last + 1]:
                row += [""] * (left + 1 - len(row))
    return reader.sheets
