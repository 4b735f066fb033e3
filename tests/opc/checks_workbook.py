"""Checks on the workbook part: sheets, names, views, and every formula that mentions them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.opc.checks_package import repeated
from tests.opc.reading import Book, box, whole

_SHEET_POINTER = re.compile(r"'((?:[^']|'')+)'!|(?<![\w.\]'\\])([^\W\d][\w.]*)!")
_TEXTS = re.compile(r'"(?:[^"]|"")*"')
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_ERROR = re.compile(r"#(?:REF|VALUE|NULL)!")
_BRACKETS = re.compile(r"\[(?:'.|[^\[\]]|\[(?:'.|[^\[\]])*\])*\]")
_NAME = re.compile(r"[^\W\d\\]|\\|_")
_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}\d{1,7}|[RrCc]|[Rr]\d*[Cc]\d*")
_HIGHEST_SHEET_ID, _NAME_UNITS, _FORMULA_SIGNS = 65_534, 31, 8_192


def units(text: str) -> int:
    """The length as spreadsheets count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sheet_names(book: Book) -> Iterator[str]:
    yield from repeated(sheet.name.casefold() for sheet in book.sheets)
    for sheet in book.sheets:
        if not 0 < units(sheet.name) <= _NAME_UNITS:
            yield f"length of {sheet.name}"
        if re.search(r"[\[\]:*?/\\]|^'|'$", sheet.name):
            yield f"signs of {sheet.name}"


def sheet_ids(book: Book) -> Iterator[str]:
    yield from repeated(sheet.id for sheet in book.sheets)
    yield from (
        f"{sheet.id} of {sheet.name}" for sheet in book.sheets if not 0 < whole(sheet.id) <= _HIGHEST_SHEET_ID
    )


def sheet_parts(book: Book) -> Iterator[str]:
    yield from (sheet.name for sheet in book.sheets if sheet.part not in book.parts)
    yield from (f"shared {part}" for part in repeated(sheet.part for sheet in book.sheets))


def code_names(book: Book) -> Iterator[str]:
    names = [properties.get("codeName", "") for sheet in book.sheets for properties in sheet.all("sheetPr")]
    yield from repeated(name.casefold() for name in names if name)


def local_sheet_ids(book: Book) -> Iterator[str]:
    for name in book.defined_names:
        if name.get("localSheetId") and whole(name.get("localSheetId")) >= len(book.sheets):
            yield name.get("name", "")


def defined_names(book: Book) -> Iterator[str]:
    keys = [f"{name.get('name', '').casefold()}@{name.get('localSheetId')}" for name in book.defined_names]
    yield from repeated(keys)
    for name in book.defined_names:
        called = name.get("name", "")
        if "#REF!" in (name.text or ""):
            yield f"{called} to nowhere"
        if not _NAME.match(called) or re.search(r"[\s!'\"(),;:+*/&=<>^-]", called):
            yield f"signs of {called}"
        if _LIKE_CELL.fullmatch(called):
            yield f"{called} is a cell"


def missing_sheets(book: Book) -> Iterator[str]:
    """Formulas, rules, charts and names that mention a sheet the workbook does not have."""
    known = {sheet.name.casefold() for sheet in book.sheets}
    for where, formula in book.formulas:
        for sheet in _mentioned(formula):
            if "[" not in sheet and not set(sheet.split(":")) <= known:
                yield f"{where}: {formula}"


def _mentioned(formula: str) -> Iterator[str]:
    """The casefolded sheet names before each ``!``."""
    for quoted, plain in _SHEET_POINTER.findall(_ERROR.sub("0", _TEXTS.sub('""', formula))):
        yield (quoted.replace("''", "'") or plain).casefold()


def other_books(book: Book) -> Iterator[str]:
    """``[3]Sheet!A1`` where the workbook lists fewer than three other books."""
    listed = len(list(book.workbook.iterfind("{*}externalReferences/{*}externalReference")))
    for where, formula in book.formulas:
        for number in re.findall(r"(?:^|[^\w\]])'?\[(\d+)\]", _TEXTS.sub('""', formula)):
            if int(number) > listed:
                yield f"{where}: {formula}"


def local_names_point_home(book: Book) -> Iterator[str]:
    """Printed titles, print areas and filters of one sheet that point at another."""
    for name in book.defined_names:
        at = name.get("localSheetId")
        if at is None or not name.get("name", "").startswith("_xlnm.") or whole(at) >= len(book.sheets):
            continue
        home = book.sheets[whole(at)].name.casefold()
        if any(sheet != home for sheet in _mentioned(name.text or "")):
            yield f"{name.get('name')}@{at}: {name.text}"


def active_tab(book: Book) -> Iterator[str]:
    for view in book.workbook.iterfind("{*}bookViews/{*}workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            if whole(view.get(attribute)) >= len(book.sheets):
                yield attribute


def selected_tabs(book: Book) -> Iterator[str]:
    chosen = [
        sheet.name
        for sheet in book.sheets
        if any(view.get("tabSelected") in {"1", "true"} for view in sheet.all("sheetView"))
    ]
    if len(chosen) > 1:
        yield " ".join(chosen)


def visible_sheets(book: Book) -> Iterator[str]:
    if all(sheet.state != "visible" for sheet in book.sheets):
        yield "none"


def formula_syntax(book: Book) -> Iterator[str]:
    for where, formula in book.formulas:
        rest = _BRACKETS.sub("", _QUOTED.sub("", _TEXTS.sub("0", formula)))
        depth = lowest = 0
        for sign in rest:
            depth += (sign == "(") - (sign == ")")
            lowest = min(lowest, depth)
        if depth or lowest or re.search(r"[\[\]\"']|^=|[-+*/^&=<>,]$", rest):
            yield f"{where}: {formula}"
        if len(formula) > _FORMULA_SIGNS:
            yield f"{where}: {len(formula)} signs"


def formula_cells(book: Book) -> Iterator[str]:
    """Cells a formula names outside the sheet."""
    for where, formula in book.formulas:
        plain = _QUOTED.sub("", _TEXTS.sub("0", formula))
        for column, row in re.findall(r"(?<![\w.])\$?([A-Z]{1,3})\$?(\d{1,8})(?![\w(.!])", plain):
            if not box(column + row).fits:
                yield f"{where}: {formula}"


def table_mentions(book: Book) -> Iterator[str]:
    """Structured references to tables, or columns of them, that are not there."""
    tables = {table.name.casefold(): table for table in book.tables}
    for where, formula in book.formulas:
        plain = _TEXTS.sub('""', formula)
        for name, column in re.findall(r"(?<![\w.\]'!])([^\W\d]\w*)\[([^\[\]#@]*)", plain):
            table = tables.get(name.casefold())
            if table is None or (column and column.casefold() not in _headers(table.columns)):
                yield f"{where}: {formula}"


def _headers(columns: list) -> set[str]:  # type: ignore[type-arg]
    return {column.get("name", "").casefold() for column in columns}


CHECKS = (
    sheet_names, sheet_ids, sheet_parts, code_names, local_sheet_ids, defined_names, missing_sheets,
    other_books, local_names_point_home, active_tab, selected_tabs, visible_sheets, formula_syntax,
    formula_cells, table_mentions,
)  # fmt: skip
