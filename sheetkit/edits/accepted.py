"""What the seller accepted in the data check, as values for cells; and what is left alone, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from sheetkit.intake.amounts import money_text
from sheetkit.intake.cells import column_of, letters, tidy
from sheetkit.intake.columns import Reading, read_cell
from sheetkit.intake.dates import iso
from sheetkit.model.book import Book, Checked
from sheetkit.model.fields import Field, fields
from sheetkit.model.findings import Finding, shown_value
from sheetkit.model.labels import fold

Shown = Literal["number", "date", "time", "text"]
Why = Literal["mark", "changed", "example", "unreadable", "no_column", "formula"]
"""Why nothing was put: the mark says neither yes nor no; the cell no longer holds what was looked at; what
is suggested only shows how to write it; it cannot be read; the cell is in no column we know; a formula says
what stands there."""

_YES = frozenset(
    fold(one)
    for one in ("√", "✓", "✔", "☑", "y", "yes", "ok", "okay", "true", "1", "是", "对", "好", "好的", "采纳",
                "同意", "可以", "改", "v", "accept", "accepted")
)  # fmt: skip
_NO = frozenset(
    fold(one)
    for one in ("×", "✗", "✘", "n", "no", "否", "不", "不是", "不对", "不改", "0", "false", "不采纳")
)
_MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Mend:
    """A value for a cell: ``old`` and ``new`` as a person writes them, ``shown`` how it has to be seen."""

    sheet: str
    cell: str
    old: str
    new: str
    value: str | float
    shown: Shown

    @property
    def where(self) -> str:
        """``sheet!cell``."""
        return f"{self.sheet}!{self.cell}"

    @property
    def place(self) -> tuple[int, int]:
        """Row and column from 0."""
        return column_of(self.cell)


@dataclass(frozen=True)
class Left:
    """A row of the data check that bears a mark and led to nothing."""

    where: str
    typed: str
    suggestion: str
    why: Why


def decide(book: Book, how: Reading) -> Iterator[Mend | Left]:
    """What each marked row of the data check leads to; a mark that says no leads to nothing unsaid.

    The book was read as the run before read it, so that a finding that still stands is known again.
    """
    standing = {(one.where, shown_value(one.value).strip()): one for one in book.findings if one.cell}
    held = _fields(book)
    for row in book.checked:
        if fold(row.mark) in _NO:
            continue
        finding = standing.get((row.where, row.typed.strip()))
        if fold(row.mark) not in _YES:
            yield Left(row.where, row.typed, row.suggestion, "mark")
        elif finding is None:
            yield Left(row.where, row.typed, row.suggestion, "changed")
        else:
            yield _mend(row, finding, held, how)


def _fields(book: Book) -> Mapping[tuple[str, str], tuple[Field, int]]:
    """{(sheet, column letter): its field and the row of its heading, from 1}."""
    return {
        (one.sheet, letter): (fields(one.table)[key], one.header_row)
        for one in book.places
        for key, letter in one.letters.items()
    }


def _mend(
    row: Checked, finding: Finding, held: Mapping[tuple[str, str], tuple[Field, int]], how: Reading
) -> Mend | Left:
    line, column = column_of(finding.cell)
    known = held.get((finding.sheet, letters(column)))
    if known is None or line < known[1]:
        return Left(row.where, row.typed, row.suggestion, "no_column")
    wanted = row.suggestion.strip()
    if not wanted or (not finding.fix and tidy(wanted) == tidy(finding.suggestion)):
        return Left(row.where, row.typed, row.suggestion, "example")
    read = _read(wanted, known[0], how)
    if read is None:
        return Left(row.where, row.typed, row.suggestion, "unreadable")
    new, value, shown = read
    return Mend(finding.sheet, finding.cell, finding.value, new, value, shown)


def _read(wanted: str, field: Field, how: Reading) -> tuple[str, str | float, Shown] | None:
    """What to write, as words and as a value; None where it does not fit the column."""
    value, problem = read_cell(wanted, field, how)
    if value is None or (problem is not None and problem.spoils):
        return None
    match field.kind:
        case "date":
            return iso(value), float(value), "date"
        case "time":
            return f"{value // 60:02d}:{value % 60:02d}", value / _MINUTES_A_DAY, "time"
        case "money":
            return money_text(value), value / 100, "number"
        case "number" | "percent" | "count":
            return f"{value:.12g}", float(value), "number"
        case "list":
            label = problem.suggestion if problem is not None else wanted
            return label, label, "text"
    return wanted, wanted, "text"
