"""What is said about an export: findings with the place in the export's own file."""

from __future__ import annotations

from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.texts import filled
from sheetkit.messages import Lang
from sheetkit.model.findings import Finding, Severity

_MOST_SHOWN = 80


class Remarks:
    """The findings of one export, in the order they are made; ``general``: those about the whole file.

    ``sheet``: what the file is called where a cell of it is named.
    """

    def __init__(self, lines: Lines, lang: Lang, sheet: str) -> None:
        self.lines, self.lang = lines, lang
        self.sheet = sheet
        self.found: list[Finding] = []
        self.general: list[Finding] = []

    def about(self, field: str, at: int, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about a field's cell in a line."""
        columns = self.lines.places(field)
        title = self.lines.found.titles[columns[0]] if columns else ""
        place, value = self.lines.place(field, at), self.lines.shown(field, at)
        said: dict[str, str | int | float] = {"field": title, **params}
        self.found.append(Finding(code, severity, self.sheet_of(at), place, value, params=said))

    def line(self, at: int, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about a whole line, which is shown by its first words."""
        cells = [self.lines.shown(field, at) for field in ("item", "nickname", "order_id", "amount")]
        value = next(filter(None, map(filled, [*cells, *self.lines.line(at)])), "")
        place = self.sheet_of(at), f"A{self.lines.row[at]}", value[:_MOST_SHOWN]
        self.found.append(Finding(code, severity, *place, params=dict(params)))

    def seen_from(self, at: int, other: int) -> str:
        """The first cell of another line, with its sheet where that is not the same."""
        cell, sheet = f"A{self.lines.row[other]}", self.sheet_of(other)
        return cell if sheet == self.sheet_of(at) else f"{sheet}!{cell}"

    def sheet_of(self, at: int) -> str:
        """What the sheet of a line is called: by the file, and by its own name where there are several."""
        several = len(self.lines.parts) > 1
        return f"{self.sheet} {self.lines.parts[self.lines.part[at]].grid.name}" if several else self.sheet

    def whole(self, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about the file."""
        self.general.append(Finding(code, severity, self.sheet, params=dict(params)))

    def all(self) -> list[Finding]:
        """What concerns the whole file first."""
        return [*self.general, *self.found]
