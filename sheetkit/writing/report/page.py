"""What every added sheet has in common: a title, a line that says as of when and what next, and links."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed

from sheetkit.analysis.result import Analysis
from sheetkit.messages import Lang, text
from sheetkit.model.findings import Finding
from sheetkit.rules.rulebook import Dimension, Rulebook
from sheetkit.writing.look import NAVY, ROW_HEIGHT, WHITE, Format, Look
from sheetkit.writing.report import words
from sheetkit.writing.sheet import MAX_TEXT, Sheet

TITLE_ROW, ABOUT_ROW, LINKS_ROW, HEADER_ROW = 0, 1, 2, 3
"""Rows (from 0) of an added sheet that lists something; its first entry stands in row 4."""


@dataclass(frozen=True)
class Origin:
    """The file that findings' cells are in where that is not this workbook: ``name``. Those on the sheets
    ``here`` are in this workbook all the same."""

    name: str
    here: Collection[str] = ()


@dataclass(frozen=True)
class Report:
    """One report being written. ``names``: {key of ADDED_SHEETS: sheet name} of the sheets it has, in order.

    ``links``: (sheet, cell) of the seller's workbook → a link's target. ``origin``: the other file that the
    findings' cells are in, None where they are in this workbook.
    """

    analysis: Analysis
    rules: Rulebook
    book: Workbook
    look: Look
    names: Mapping[str, str]
    links: Callable[[str, str], str]
    origin: Origin | None = None

    def has(self, finding: Finding) -> bool:
        """Whether a finding's cell is in this workbook."""
        return bool(finding.sheet) and (self.origin is None or finding.sheet in self.origin.here)

    @property
    def mends(self) -> bool:
        """Whether there is a cell that `fix` can mend."""
        return self.origin is None or any(map(self.has, self.analysis.findings))

    @property
    def lang(self) -> Lang:
        """The language of the workbook, and so of what is added."""
        return self.analysis.lang

    def say(self, key: str, **params: object) -> str:
        """A sentence of the catalogue in the workbook's language."""
        return text(key, self.lang, **params)

    def as_of(self) -> str:
        """The day the report speaks of."""
        return words.day(self.analysis.as_of)

    def dimensions(self) -> list[Dimension]:
        """The ways of sorting customers that the analysis used, the one that can be overruled first."""
        used = [one for key, one in self.rules.dimensions.items() if key in self.analysis.customers]
        return sorted(used, key=lambda one: not one.manual)

    def class_label(self, dimension: Dimension, key: str) -> str:
        """What a class is called; its key where the rulebook does not know it."""
        return next((one.labels[self.lang] for one in dimension.classes if one.key == key), key)

    def sheet(self, key: str) -> Sheet:
        """A new sheet without grid lines."""
        sheet = Sheet(self.book, self.names[key])
        sheet.raw.hide_gridlines(2)
        sheet.raw.set_default_row(ROW_HEIGHT)
        return sheet

    def head(self, sheet: Sheet, key: str, about: str, first: int = 0) -> None:
        """Title and about line, from column ``first`` on."""
        sheet.row(TITLE_ROW, 32)
        sheet.write(TITLE_ROW, first, self.names[key], self.look("title"))
        sheet.write(ABOUT_ROW, first, about, self.look("hint", text_wrap=False))

    def onward(self, sheet: Sheet, key: str, columns: Sequence[int]) -> None:
        """A line of links to the other sheets, one at each of ``columns``."""
        sheet.row(LINKS_ROW, 24)
        others = [name for name in self.names if name != key]
        for column, other in zip(columns, others, strict=False):
            target = internal(self.names[other], "A1")
            sheet.link(LINKS_ROW, column, target, f"→ {self.names[other]}", self.look("link"))

    def heading(self, *, number: bool = False) -> Format:
        """The format of a heading over texts or over numbers."""
        return self.look("heading", align="right") if number else self.look("heading", indent=1)

    def reported(self, **more: Any) -> Format:
        """The format of a text that the analysis put there."""
        return self.look("reported", "text", num_format="General", indent=1, **more)


def internal(sheet: str, cell: str) -> str:
    """A link's target inside the workbook.

    >>> internal("Tom's 表", "C17")
    "internal:'Tom''s 表'!C17"
    """
    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!{cell or 'A1'}"


def typed_heading() -> dict[str, Any]:
    """What sets the heading of a column that the seller fills apart from the others."""
    return {"bg_color": WHITE, "font_color": NAVY, "indent": 1, "bottom": 2, "bottom_color": NAVY}


def quoted(value: str) -> str:
    """A text as a formula writes it.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + value.replace('"', '""') + '"'


def clip(value: str) -> str:
    """A text as long as a cell can hold."""
    return value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
