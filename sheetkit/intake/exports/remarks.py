"""What is said about an export: findings with the place in the export's own file."""

from __future__ import annotations

from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.texts import plain
from sheetkit.messages import Lang
from sheetkit.model.findings import Finding, Severity

_MOST_SHOWN = 80


class Remarks:
    """The findings of one export, in the order they are made."""

    def __init__(self, lines: Lines, lang: Lang) -> None:
        self.lines, self.lang = lines, lang
        self.found: list[Finding] = []

    def about(self, field: str, at: int, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about a field's cell in a line."""
        columns = self.lines.places(field)
        title = self.lines.found.titles[columns[0]] if columns else ""
        sheet, row = self.lines.found.grid.name, self.lines.place(field, at)
        value = self.lines.shown(field, at)
        self.found.append(Finding(code, severity, sheet, row, value, params={"field": title, **params}))

    def line(self, at: int, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about a whole line, which is shown by its first words."""
        cells = [self.lines.shown(field, at) for field in ("item", "nickname", "order_id", "amount")]
        value = next(filter(None, cells), "") or next(filter(None, map(plain, self.lines.line(at))), "")
        sheet, row = self.lines.found.grid.name, f"A{self.lines.row[at]}"
        self.found.append(Finding(code, severity, sheet, row, value[:_MOST_SHOWN], params=dict(params)))

    def whole(self, code: str, severity: Severity, **params: str | int) -> None:
        """A finding about the file."""
        self.found.append(Finding(code, severity, self.lines.found.grid.name, params=dict(params)))
