"""xlsxwriter's worksheet, held strictly: its warnings and return codes are a ValueError here.

Rows and columns count from 0. A misuse is a programmer's error, never the seller's.
"""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, NamedTuple

from xlsxwriter import Workbook as Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed
from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]  # as above
from xlsxwriter.utility import (  # type: ignore[import-untyped]  # as above
    quote_sheetname,
    xl_cell_to_rowcol,
    xl_col_to_name,
    xl_range,
    xl_range_abs,
    xl_rowcol_to_cell,
)

from sheetkit.model.report import WRITTEN_LABEL
from sheetkit.writing.look import FONT, TEXT, Format
from sheetkit.writing.worksheet import PlainWorksheet, may_be_shared

MAX_TEXT, MAX_FORMULA, MAX_INLINE_LIST, MAX_SHEET_NAME = 32767, 8192, 255, 31
MAX_HELP_TITLE, MAX_HELP_TEXT = 32, 255

Value = str | float | int | bool | dt.date | dt.datetime | dt.time | None
"""What a cell may hold. Numbers also stand for dates (day numbers) where the format says so."""


Result = str | float | int | bool
"""What a formula may give."""


class Area(NamedTuple):
    """A rectangle of cells, its last row and column included."""

    first_row: int
    first_col: int
    last_row: int
    last_col: int

    @property
    def a1(self) -> str:
        """``A2:C5``."""
        return str(xl_range(*self))

    @property
    def absolute(self) -> str:
        """``$A$2:$C$5``."""
        return str(xl_range_abs(*self))


class Help(NamedTuple):
    """An input message: it shows beside a cell that is chosen."""

    title: str
    text: str


def cell(row: int, col: int, *, fixed: bool = False) -> str:
    """``B3``, or ``$B$3`` where it is fixed."""
    return str(xl_rowcol_to_cell(row, col, row_abs=fixed, col_abs=fixed))


def letter(col: int) -> str:
    """The letter of a column: 0 is ``A``."""
    return str(xl_col_to_name(col))


def row_and_col(address: str) -> tuple[int, int]:
    """The place of ``B3``: (2, 1)."""
    row, col = xl_cell_to_rowcol(address)
    return int(row), int(col)


def new_book(target: IO[bytes]) -> Workbook:
    """A workbook that ``close()`` writes to ``target``: in our font, text never taken for anything else."""
    return Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": {"font_name": FONT, "font_size": TEXT},
        },
    )


def define_name(book: Workbook, name: str, formula: str, *, hidden: bool = False) -> None:
    """A name of the whole workbook (or ``sheet!name`` of one sheet) for what ``formula`` refers to."""
    if not formula.startswith("="):
        raise ValueError(f"the name {name} needs a formula, not {formula!r}")
    _strictly(book.define_name, name, formula)
    book.defined_names[-1][3] = hidden  # xlsxwriter hides no name that is asked for


def label_sheet(sheet: Sheet, label: str) -> None:
    """A hidden name that follows the sheet when it is renamed, so that it is found again."""
    define_name(sheet.book, WRITTEN_LABEL + label, f"={sheet.quoted}!$1:$1048576", hidden=True)


def _strictly(call: Callable[..., Any], *given: Any) -> Any:
    """A call of xlsxwriter whose warning or failing return code is a ValueError."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            code = call(*given)
        except XlsxWriterException as problem:
            raise ValueError(str(problem)) from problem
    if said or (isinstance(code, int) and code < 0):
        reason = "; ".join(str(one.message) for one in said) or f"xlsxwriter answered {code}"
        raise ValueError(f"{getattr(call, '__name__', call)}{given[:4]!r}: {reason}")
    return code


class Sheet:
    """One new worksheet. Every writing is checked; ``raw`` is xlsxwriter's own, for charts."""

    def __init__(self, book: Workbook, name: str) -> None:
        if not 1 <= len(name) <= MAX_SHEET_NAME:
            raise ValueError(f"a sheet's name has 1 to {MAX_SHEET_NAME} characters: {name!r}")
        self.book = book
        self.name = name
        self.raw: Any = _strictly(book.add_worksheet, name, PlainWorksheet)
        self.widths: dict[int, float] = {}

    # Cells

    def write(self, row: int, col: int, value: Value, fmt: Format | None = None) -> None:
        """A value by its type: text is always text, also where it begins with ``=``; None is a blank cell."""
        raw = self.raw
        match value:
            case None | "":
                code = raw.write_blank(row, col, None, fmt) if fmt else raw._check_dimensions(row, col)
            case str():
                code = raw.write_string(row, col, value, fmt)
            case bool():
                code = raw.write_boolean(row, col, value, fmt)
            case int() | float() if math.isfinite(value):
                code = raw.write_number(row, col, value, fmt)
            case dt.date() | dt.datetime() | dt.time():
                if fmt is None:
                    raise ValueError(f"without a format {cell(row, col)} shows {value!r} as a number")
                code = raw.write_datetime(row, col, value, fmt)
            case _:
                raise ValueError(f"no cell can hold {value!r}")
        self._check(code, row, col, value)

    def formula(self, row: int, col: int, text: str, value: Result, fmt: Format | None = None) -> None:
        """A formula and the value it has now, which previews and phones show; ``""`` for a blank."""
        if not text.startswith("=") or len(text) > MAX_FORMULA:
            raise ValueError(f"a formula has = before it and {MAX_FORMULA} characters at most: {text[:40]!r}")
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError(f"the formula at {cell(row, col)} needs the value it has now")
        self._check(self.raw.write_formula(row, col, text, fmt, value), row, col, text)

    def shared(self, area: Area, text: str, values: Sequence[Result], fmt: Format | None = None) -> None:
        """One formula for a column of cells, written for the first of them, and the value each has now."""
        if not text.startswith("=") or len(text) > MAX_FORMULA or not may_be_shared(text):
            raise ValueError(f"no formula that cells can share: {text[:40]!r}")
        if area.first_col != area.last_col or len(values) != area.last_row - area.first_row + 1:
            raise ValueError(f"a shared formula fills one column, a value a cell: {area.a1}")
        row, col = area.first_row, area.first_col
        self._check(self.raw.write_shared(row, col, text.removeprefix("="), values, fmt), row, col, text)

    def link(self, row: int, col: int, target: str, text: str, fmt: Format | None = None) -> None:
        """A link: ``internal:'sheet'!A1`` or a web address, shown as ``text``."""
        _strictly(self.raw.write_url, row, col, target, fmt, text)

    def note(self, row: int, col: int, text: str, *, width: int = 260, height: int = 90) -> None:
        """A comment on a cell; width and height in pixels."""
        box = {"width": width, "height": height, "font_name": FONT, "font_size": TEXT, "author": ""}
        _strictly(self.raw.write_comment, row, col, text, box)

    def _check(self, code: int | None, row: int, col: int, value: object) -> None:
        if code:
            raise ValueError(f"{self.name}: row {row}, column {col} cannot hold {str(value)[:60]!r} ({code})")

    def rendered(self, rows: str) -> None:
        """The whole ``sheetData`` element, rendered elsewhere; this sheet gets no other cell."""
        self.raw.rows = rows

    # Addresses

    def at(self, row: int, col: int) -> str:
        """``'参数设置'!$F$3``: a cell as formulas of other sheets name it."""
        return f"{self.quoted}!{cell(row, col, fixed=True)}"

    def area(self, area: Area) -> str:
        """``'选项'!$A$2:$A$31``: a rectangle as formulas of other sheets name it."""
        return f"{self.quoted}!{area.absolute}"

    @property
    def quoted(self) -> str:
        """The sheet's name as formulas write it, always in quotes."""
        name = str(quote_sheetname(self.name))
        return name if name.startswith("'") else f"'{name}'"

    # Help and limits in the cells to fill

    def choices(self, area: Area, source: str | Sequence[str], help: Help | None = None) -> None:
        """A dropdown from a range or name (``=list_state``) or of a few texts. It offers, never refuses."""
        if not isinstance(source, str):
            if len(",".join(source)) > MAX_INLINE_LIST or any("," in one for one in source):
                raise ValueError(f"an inline list has {MAX_INLINE_LIST} characters at most and no comma")
            source = list(source)  # xlsxwriter tells a list from a formula by its type
        elif not source.startswith("=") or len(source) > MAX_INLINE_LIST:
            raise ValueError(f"a dropdown's source is a range or name with = before it: {source!r}")
        self._validate(area, {"validate": "list", "source": source, "show_error": False}, help)

    def limits(self, area: Area, low: float, high: float, warning: Help, help: Help | None = None) -> None:
        """A number outside ``low`` to ``high`` is asked about, and may stay."""
        _checked(warning)
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        said = {"error_type": "warning", "error_title": warning.title, "error_message": warning.text}
        self._validate(area, {**rule, **said}, help)

    def hint(self, area: Area, help: Help) -> None:
        """An input message that limits nothing."""
        self._validate(area, {"validate": "any", "show_error": False}, help)

    def _validate(self, area: Area, rule: Mapping[str, Any], help: Help | None) -> None:
        said = {}
        if help is not None:
            _checked(help)
            said = {"input_title": help.title, "input_message": help.text}
        _strictly(self.raw.data_validation, *area, {**rule, **said})

    def highlight(self, area: Area, formula: str, fmt: Format) -> None:
        """Cells of ``area`` take ``fmt`` where ``formula``, written for its first cell, is true."""
        if not formula.startswith("="):
            raise ValueError(f"a condition is a formula: {formula!r}")
        _strictly(self.raw.conditional_format, *area, {"type": "formula", "criteria": formula, "format": fmt})

    def highlight_duplicates(self, area: Area, fmt: Format) -> None:
        """Cells of ``area`` take ``fmt`` where another of them holds the same."""
        _strictly(self.raw.conditional_format, *area, {"type": "duplicate", "format": fmt})

    # The sheet as a whole

    def column(self, col: int, width: float, fmt: Format | None = None, *, hidden: bool = False) -> None:
        """A column's width, the format of its empty cells, and whether it hides."""
        if not 0 < width <= 255:
            raise ValueError(f"a column is 0 to 255 wide, not {width}")
        self.widths[col] = width
        _strictly(self.raw.set_column, col, col, width, fmt, {"hidden": hidden})

    def row(self, row: int, height: float | None, fmt: Format | None = None) -> None:
        """A row's height in points (at most 409) and the format of its empty cells."""
        if height is not None and not 0 < height <= 409:
            raise ValueError(f"a row is 0 to 409 points high, not {height}")
        _strictly(self.raw.set_row, row, height, fmt)

    def page(
        self, *, landscape: bool = True, repeat_rows: int = 1, fit_width: bool = True, across: int = 1
    ) -> None:
        """A4, the first ``repeat_rows`` rows on every page, ``across`` papers wide, page numbers below."""
        self.raw.set_paper(9)
        if landscape:
            self.raw.set_landscape()
        if repeat_rows:
            _strictly(self.raw.repeat_rows, 0, repeat_rows - 1)
        if fit_width:
            self.raw.fit_to_pages(across, 0)
            if across > 1:
                self.raw.print_across()
        self.raw.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        _strictly(self.raw.set_footer, "&L&A&R&P / &N")

    def filter(self, area: Area) -> None:
        """Filter buttons on the first row of ``area``."""
        _strictly(self.raw.autofilter, *area)

    def numbers_as_text(self, area: Area) -> None:
        """No green corner where an id or a name of digits stands as text."""
        _strictly(self.raw.ignore_errors, {"number_stored_as_text": area.a1})

    def freeze(self, rows: int, cols: int) -> None:
        """The first rows and columns stay in view."""
        _strictly(self.raw.freeze_panes, rows, cols)

    def protect(self, *, sorting: bool = True) -> None:
        """A wholly computed sheet: protected without a password; filters still work."""
        allowed = {"autofilter": sorting, "sort": sorting, "format_columns": True, "format_rows": True}
        _strictly(self.raw.protect, "", allowed)


def _checked(help: Help) -> None:
    if len(help.title) > MAX_HELP_TITLE or len(help.text) > MAX_HELP_TEXT or not help.text:
        raise ValueError(f"at most {MAX_HELP_TITLE} characters of title and {MAX_HELP_TEXT} of text: {help}")
