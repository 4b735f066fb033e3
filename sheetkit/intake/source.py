"""A file's bytes → its sheets as grids of cells, whatever kind of file it is."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds import (
    LARGEST_TOTAL,
    CheckedPackage,
    check_old_workbook,
    check_package,
    check_text,
    refuse_many_cells,
    without_dimensions,
)
from sheetkit.intake.cells import Bad, Row, column_of
from sheetkit.intake.delimited import decoded, is_typed, parse, parse_large
from sheetkit.intake.pages import Merged, parse_page
from sheetkit.intake.xml2003 import NAMESPACE, parse_xml2003
from sheetkit.opc import compound
from sheetkit.opc.labels import WRITTEN, labelled
from sheetkit.opc.moneyformats import money_formats
from sheetkit.opc.package import Package
from sheetkit.opc.scan import error_cells, formula_cells_without_value
from sheetkit.opc.workbook import Workbook

_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_FOREIGN = (
    (b"\x89PNG", "intake.image"),
    (b"\xff\xd8\xff", "intake.image"),
    (b"GIF8", "intake.image"),
    (b"II*\x00", "intake.image"),
    (b"%PDF", "intake.pdf"),
    (b"Rar!", "intake.archive"),
    (b"7z\xbc\xaf", "intake.archive"),
    (b"\x1f\x8b", "intake.archive"),
    (b"{\\rtf", "intake.document"),
)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|meta|table|body|style|div)\b", re.I | re.S
)
_HEAD_BYTES = 8192
_NOTHING_BYTES = b"\x00 \t\r\n"
_LARGE_AREA = 1_000_000
_ROW_COST = 8
"""A row takes as much memory as so many cells."""
_NOTHING: Row = []
"""Stands for every blank row of a sheet that is large because of a cell far out."""
_PREFIXED = re.compile(rb"<\w+:worksheet\b")
_MARKUP = re.compile(r"\s*<[A-Za-z?!]")


@dataclass
class Grid:
    """One sheet: rows of cells from A1 on (rows may differ in length)."""

    name: str
    rows: Sequence[Row]
    hidden: bool = False
    delimited: bool = False
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


@dataclass
class Source:
    """A readable file. Sheets are laid out one at a time, so that those nobody wants cost nothing.

    ``parts`` holds the sheets of an ordinary .xlsx or .xlsm as bytes, by sheet name: there errors and
    uncomputed formulas are seen, which the reader shows as blanks.
    """

    sheets: dict[str, bool]
    """Every worksheet's name in order, and whether it is hidden."""
    workbook: CalamineWorkbook | None = None
    parts: dict[str, bytes] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """{hidden label: sheet} of the sheets a run added to an .xlsx or .xlsm, and of those it was made with."""
    date1904: bool = False
    formats: dict[int, tuple[str, str]] = field(default_factory=dict)
    """{cell format: (sign, country)} of those that show sums of a currency, in an .xlsx or .xlsm."""
    text: Grid | None = None
    data: bytes = b""
    """An Open XML package's bytes, to be mended once where a sheet cannot be read."""
    _grids: dict[str, Grid] = field(default_factory=dict)
    _area: int = 0

    def grid(self, name: str) -> Grid:
        """The sheet as a grid, laid out once; raises UnreadableError where it is broken."""
        if name not in self._grids:
            self._grids[name] = self._laid_out(name)
        return self._grids[name]

    def _laid_out(self, name: str) -> Grid:
        if self.text is not None or self.workbook is None:
            return self.text or Grid(name, [])
        with _Readable(name):
            sheet = self._sheet(self.workbook, name)
            rows: list[Row] = sheet.to_python(skip_empty_area=False) if sheet.end is not None else []  # type: ignore[assignment]
            merged = sheet.merged_cell_ranges or []
        area = len(rows) * max(len(rows[0]), _ROW_COST) if rows else 0
        self._area += area
        refuse_many_cells(self._area, name, most=LARGEST_TOTAL)
        if area > _LARGE_AREA:
            blank: Row = [""] * len(rows[0])
            rows = [_NOTHING if row == blank else row for row in rows]
        return Grid(name, rows, self.sheets[name], False, merged)

    def _sheet(self, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
        try:
            return workbook.get_sheet_by_name(name)
        except CalamineError:
            if not self.data:
                raise
        # whole rows formatted in LibreOffice give a dimension of 1:4, over which the reader stumbles
        self.workbook, self.data = load_workbook(io.BytesIO(without_dimensions(self.data))), b""
        return self.workbook.get_sheet_by_name(name)

    def marked_sheets(self) -> list[str]:
        """The sheets that may hold marks of an earlier run: those that name them, or cannot be searched."""
        return [name for name in self.sheets if b"sheetkit:" in self.parts.get(name, b"sheetkit:")]

    def mark_bad(self, grid: Grid) -> None:
        """Set Bad cells where the file holds errors or formulas without a stored result."""
        sheet = self.parts.get(grid.name, b"")
        head = sheet[:_HEAD_BYTES]
        if b't="e"' in sheet or (b"='" in head and b"t='e'" in sheet):
            for reference, shown in error_cells(sheet).items():
                _set(grid, reference, Bad("error_cell", shown))
        if b"<f" in sheet or (_PREFIXED.search(head) and b":f" in sheet):
            for reference in formula_cells_without_value(sheet):
                _set(grid, reference, Bad("formula_without_value", ""))


def _set(grid: Grid, reference: str, cell: Bad) -> None:
    row, column = column_of(reference)
    if row < len(grid.rows) and not grid.rows[row] and isinstance(grid.rows, list):
        grid.rows[row] = [""] * (column + 1)
    if row < len(grid.rows) and column < len(grid.rows[row]):
        grid.rows[row][column] = cell


class _Readable:
    """Maps what the reader may throw at a broken file to UnreadableError, its panics included."""

    def __init__(self, part: str) -> None:
        self._part = part

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> None:
        if isinstance(problem, PasswordError):
            raise UnreadableError("opc.encrypted") from problem
        if isinstance(problem, CalamineError | OSError) or (kind and kind.__name__ == "PanicException"):
            raise UnreadableError("intake.broken", part=self._part) from problem


def open_source(data: bytes, name: str) -> Source:
    """The file as sheets; raises UnreadableError, with the way out, for anything that is no table."""
    if not data[:_HEAD_BYTES].strip(_NOTHING_BYTES) and not data.strip(_NOTHING_BYTES):
        raise UnreadableError("intake.empty")
    if PurePath(name).name.startswith(("~$", ".~lock")):
        raise UnreadableError("intake.lock_file", name=PurePath(name).name)
    for magic, key in _FOREIGN:
        if data.startswith(magic):
            raise UnreadableError(key)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise UnreadableError("intake.image")
    if data.startswith(b"PK"):
        return _open_package(data, name)
    if compound.is_compound(data):
        if compound.is_encrypted(data):
            raise UnreadableError("opc.encrypted")
        if not compound.is_workbook(data):
            raise UnreadableError("intake.document")
        check_old_workbook(data, name)
        return _open_workbook(data, name)
    if data[:2] in _BIFF and data[:1] == b"\x09" and b"\x00" in data[:8]:
        return _open_workbook(data, name)
    return _open_text(data, name)


def _open_package(data: bytes, name: str) -> Source:
    package = check_package(data)
    if any(part.startswith(("word/", "ppt/")) for part in package.names):
        raise UnreadableError("intake.document")
    is_workbook = any(part.startswith("xl/") or part.endswith("workbook.xml") for part in package.names)
    if not is_workbook and "content.xml" not in package.names:
        raise UnreadableError("intake.archive")
    source = _open_workbook(package.readable, name)
    if is_workbook:
        source.data = package.readable
        _add_parts(source, package, data)
    return source


def _add_parts(source: Source, checked: CheckedPackage, data: bytes) -> None:
    """The sheets' bytes, by name; none where the workbook is of a kind that only the reader understands."""
    try:
        package = Package(data)
        workbook = Workbook(package)
    except UnreadableError:
        return  # .xlsb, Strict: readable all the same; adding to it is refused later, with the reason
    source.date1904 = workbook.date1904
    source.formats = _money_formats(package, workbook.related("styles"))
    source.added = {label: sheet.name for label, sheet in labelled(workbook).items()}
    source.written = {label: sheet.name for label, sheet in labelled(workbook, WRITTEN).items()}
    seen: set[str] = set()
    for sheet in workbook.sheets:
        part = sheet.part.casefold()
        if part in seen:  # each would be read, and all be the same
            raise UnreadableError("opc.duplicate_parts", part=sheet.part)
        if part in checked.sheets:
            seen.add(part)
            source.parts[sheet.name] = checked.sheets[part]


def _money_formats(package: Package, part: str) -> dict[int, tuple[str, str]]:
    """None where the styles cannot be read: what is shown decides nothing else."""
    try:
        return money_formats(package.read(part), part) if part in package else {}
    except UnreadableError:
        return {}


def _open_workbook(data: bytes, name: str) -> Source:
    with _Readable(name):
        workbook = load_workbook(io.BytesIO(data))
        sheets = dict(_worksheets(workbook))
    if not sheets:
        raise UnreadableError("intake.no_sheet")
    return Source(sheets, workbook)


def _worksheets(workbook: CalamineWorkbook) -> Iterator[tuple[str, bool]]:
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            yield sheet.name, sheet.visible != SheetVisibleEnum.Visible


def _open_text(data: bytes, name: str) -> Source:
    sheet = PurePath(name).stem or name
    large = parse_large(data)
    if large is not None:
        return Source({sheet: False}, text=Grid(sheet, large, delimited=True))
    check_text(data)
    text, encoding = decoded(data)
    head = text[:4000]
    if "\x00" in text or not is_typed(text):
        raise UnreadableError("intake.unknown")
    if NAMESPACE in head and not _HTML.match(text):
        return _open_xml2003(text, name)
    merged: Merged = []
    rows: Sequence[Row]
    if _HTML.match(text) or "urn:schemas-microsoft-com:office:excel" in head:
        rows, merged = parse_page(text, name)
        if not any(rows):
            raise UnreadableError("intake.html")
    elif _MARKUP.match(text) or text.lstrip()[:1] in "{[":
        raise UnreadableError("intake.unknown")
    else:
        rows = parse(text, tried=encoding == "utf-8")
    return Source({sheet: False}, text=Grid(sheet, rows, delimited=True, merged=merged))


def _open_xml2003(text: str, name: str) -> Source:
    sheets = {sheet.name: sheet for sheet in reversed(parse_xml2003(text, name))}
    if not sheets:
        raise UnreadableError("intake.no_sheet")
    grids = [Grid(one.name, one.rows, one.hidden, False, one.merged) for one in reversed(sheets.values())]
    return Source({one.name: one.hidden for one in grids}, _grids={one.name: one for one in grids})
