"""Pieces of 今天 and 客户档案: formulas with the value they have now, and the typed cells they fetch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed

from sheetkit.messages import Lang, text
from sheetkit.model.fields import TableKey
from sheetkit.writing.live.layout import Layout
from sheetkit.writing.live.live import Live
from sheetkit.writing.look import AMBER, AMBER_INK, ROW_HEIGHT, Format, Kind, Role
from sheetkit.writing.sheet import Result, Sheet, row_and_col


class Cell(NamedTuple):
    """A formula without ``=`` and the value it has now."""

    formula: str
    value: Result


def quoted(words: str) -> str:
    """A text as a formula writes it."""
    doubled = words.replace('"', '""')
    return f'"{doubled}"'


def spoken(key: str, lang: Lang, **cells: str) -> str:
    """A sentence of the catalogue as a formula, its gaps filled by formulas."""
    parts = text(key, lang, **{name: f"\x01{name}\x01" for name in cells}).split("\x01")
    pieces = [cells[part] if at % 2 else quoted(part) for at, part in enumerate(parts) if part]
    return "&".join(pieces)


def as_text(value: Result) -> str:
    """What ``cell&""`` gives."""
    return f"{value:.15g}" if isinstance(value, int | float) else value


class Entered:
    """What stands in the entry sheets of the workbook in the making: the values of
    ``INDEX(交易记录!C:C,n)``."""

    def __init__(self, book: Workbook, layout: Layout) -> None:
        self.layout = layout
        self.texts = list(book.str_table.string_table)
        template = layout.blueprint
        names = {table: template.sheet(table).labels[layout.lang] for table in template.entry_tables}
        self.cells = {table: book.get_worksheet_by_name(name).table for table, name in names.items()}

    def at(self, table: TableKey, key: str, line: int) -> Result:
        """The cell of a column in row ``line``, counted from 1; "" where it is blank or there is no such
        column."""
        if not self.layout.has(table, key):
            return ""
        col = row_and_col(f"{self.layout.entry_letters[table][key]}1")[1]
        found = self.cells[table].get(line - 1, {}).get(col)
        if hasattr(found, "string"):
            return str(self.texts[found.string])
        return float(found.number) if hasattr(found, "number") else ""


def typed_text(layout: Layout, table: TableKey, key: str, line: str) -> str:
    """The typed cell as a text, ``""`` where it is blank, wrong or not in this template."""
    return f'IFERROR({layout.typed(table, key, line)}&"","")' if layout.has(table, key) else '""'


class Page:
    """A live sheet in the making. ``words``: its part of the catalogue, ``today`` for ``today.due``."""

    def __init__(self, sheet: Sheet, live: Live, words: str, widths: Sequence[float], hidden: int) -> None:
        self.sheet, self.live, self.words = sheet, live, words
        self.lang, self.look, self.layout = live.lang, live.look, live.layout
        self.entered = Entered(sheet.book, live.layout)
        self.across = len(widths)
        for col, width in enumerate(widths):
            sheet.column(col, width)
        for col in range(self.across, self.across + hidden):
            sheet.column(col, 9, hidden=True)
        sheet.raw.set_default_row(ROW_HEIGHT)

    def name(self, key: str) -> str:
        """The name of a sheet."""
        return self.live.blueprint.sheet(key).labels[self.lang]

    def say(self, key: str, **gaps: object) -> str:
        """A sentence of this sheet."""
        return text(f"{self.words}.{key}", self.lang, **gaps)

    def spoken(self, key: str, **cells: str) -> str:
        """The same as a formula."""
        return spoken(f"{self.words}.{key}", self.lang, **cells)

    def put(
        self, row: int, col: int, content: Cell, role: Role = "plain", kind: Kind = "text", **more: object
    ) -> None:
        """A formula with its value; one that gives a text is no text cell, or it would show itself."""
        shown = {"num_format": "General", **more} if kind == "text" else more
        self.sheet.formula(row, col, f"={content.formula}", content.value, self.look(role, kind, **shown))

    def section(self, row: int, words: str, cols: range | None = None) -> None:
        """A heading with a line beneath it, as wide as the sheet."""
        cols = cols or range(self.across)
        for col in cols:
            self.sheet.write(row, col, words if col == cols.start else None, self.look("section"))
        self.sheet.row(row, 24)

    def amber(self) -> Format:
        """What a warning adds to its cell, beside its sign and words."""
        return self.look.rule(bg_color=AMBER, font_color=AMBER_INK, bold=True)
