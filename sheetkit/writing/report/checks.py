"""Does it all add up, and what to mend: control totals first, then every finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sheetkit.model.book import Total
from sheetkit.model.findings import Finding
from sheetkit.writing.look import ERROR_MARK, NAVY, WARNING_MARK, Format, Role, wrap_height
from sheetkit.writing.report.page import HEADER_ROW, Report, clip
from sheetkit.writing.sheet import Area, Sheet

FINDINGS_SHOWN = 5000
WIDTHS = (13.0, 24.0, 20.0, 20.0, 18.0, 66.0)
MAX_VALUE = 300
"""Characters of a typed text that are repeated here."""


class Way(NamedTuple):
    """How a severity is shown: mark, word, look, and what this run did with the cell."""

    mark: str
    word: str
    role: Role
    handled: str


_SEVERITIES: dict[str, Way] = {
    "error": Way(ERROR_MARK, "report.is_error", "error", "report.handled_error"),
    "warning": Way(WARNING_MARK, "report.is_warning", "warning", "report.handled_warning"),
    "info": Way("ℹ", "report.is_info", "reported", "report.handled_info"),
}
_TOTALS = (
    "report.closes_header", "report.table", "report.read", "report.used", "report.aside", "report.note",
)  # fmt: skip
_HEADINGS = (
    "report.severity", "report.where", "report.typed", "report.suggestion", "report.handled",
    "report.sentence",
)  # fmt: skip


def write_checks(report: Report) -> None:
    """The sheet ``checks``."""
    sheet = report.sheet("checks")
    for at, width in enumerate(WIDTHS):
        sheet.column(at, width)
    report.head(sheet, "checks", _about(report))
    report.onward(sheet, "checks", (0, 1, 2, 3))
    sheet.page(repeat_rows=0)
    row = _totals(report, sheet, HEADER_ROW)
    _findings(report, sheet, row + 1)


def _about(report: Report) -> str:
    many = {key: sum(1 for one in report.analysis.findings if one.severity == key) for key in _SEVERITIES}
    if not report.analysis.findings:
        return report.say("report.checks_none", day=report.as_of())
    if report.origin:
        return report.say("report.checks_origin", day=report.as_of(), name=report.origin, **many)
    return report.say("report.checks_about", day=report.as_of(), **many)


def _totals(report: Report, sheet: Sheet, row: int) -> int:
    """Rows and amounts of each table: read = used + set aside, and whether that holds."""
    for at, name in enumerate(_TOTALS):
        sheet.write(row, at, report.say(name), report.heading(number=at in (2, 3, 4)))
    row += 1
    for total in report.analysis.totals:
        name = report.analysis.blueprint.table_name(total.table)[report.lang]
        counts = (total.rows_read, total.rows_used, total.rows_set_aside)
        label = f"{name} · {report.say('report.rows')}"
        _total(report, sheet, row, (label, counts, _row_note(report, total)))
        row += 1
        if total.cents_read or total.unreadable:
            cents = (total.cents_read, total.cents_used, total.cents_set_aside)
            note = report.say("report.unreadable", count=total.unreadable) if total.unreadable else ""
            label = f"{name} · {report.say('report.amount')}"
            _total(report, sheet, row, (label, cents, note), money=True)
            row += 1
    return row


def _row_note(report: Report, total: Total) -> str:
    return report.say("report.aside_note") if total.rows_set_aside else ""


Line = tuple[str, tuple[int, int, int], str]
"""What was counted; read, used, set aside; a note."""


def _total(report: Report, sheet: Sheet, row: int, line: Line, *, money: bool = False) -> None:
    name, numbers, note = line
    look = report.look
    read, used, aside = numbers
    gap = read - used - aside
    shown = f"{gap / 100:,.2f}" if money else f"{gap:,}"
    word = report.say("report.closes") if not gap else report.say("report.closes_not", gap=shown)
    sheet.write(row, 0, word, look("error", indent=1) if gap else report.reported(bold=True))
    sheet.write(row, 1, name, report.reported())
    for at, number in enumerate(numbers):
        value = number / 100 if money else number
        sheet.write(row, 2 + at, value, look("reported", "money" if money else "count"))
    sheet.write(row, 5, note, report.reported())


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, then warnings, then what is worth knowing; else in the order found."""
    order = list(_SEVERITIES)
    return sorted(findings, key=lambda one: order.index(one.severity))


def _findings(report: Report, sheet: Sheet, row: int) -> None:
    found = ranked(report.analysis.findings)
    if not found:
        return
    for at, name in enumerate(_HEADINGS):
        sheet.write(row, at, report.say(name), report.heading())
    sheet.raw.repeat_rows(row)
    first = row + 1
    for at, finding in enumerate(found[:FINDINGS_SHOWN]):
        _finding(report, sheet, first + at, finding)
    below = first + min(len(found), FINDINGS_SHOWN)
    sheet.filter(Area(row, 0, below - 1, len(WIDTHS) - 1))
    sheet.numbers_as_text(Area(first, 2, below - 1, 3))
    if len(found) > FINDINGS_SHOWN:
        more = report.say("report.findings_more", count=len(found) - FINDINGS_SHOWN, shown=FINDINGS_SHOWN)
        sheet.write(below, 0, more, report.look("plain", bold=True))


def _finding(report: Report, sheet: Sheet, row: int, finding: Finding) -> None:
    way = _SEVERITIES[finding.severity]
    sentence = clip(finding.sentence(report.lang))
    value = finding.value if len(finding.value) <= MAX_VALUE else finding.value[: MAX_VALUE - 1] + "…"
    word = f"{way.mark} {report.say(way.word)}"
    sheet.write(row, 0, word, report.look(way.role, "text", valign="top", indent=1))
    if finding.sheet and report.origin:
        sheet.write(row, 1, finding.where, _text(report))
    elif finding.sheet:
        target = report.links(finding.sheet, finding.cell)
        sheet.link(row, 1, target, finding.where, _text(report, font_color=NAVY, underline=1))
    else:
        sheet.write(row, 1, report.say("report.whole_file"), _text(report))
    sheet.write(row, 2, value, _text(report))
    sheet.write(row, 3, clip(finding.suggestion), _text(report))
    sheet.write(row, 4, report.say(way.handled), _text(report))
    sheet.write(row, 5, sentence, _text(report))
    texts = (finding.where, value, finding.suggestion, "", sentence)
    heights = (wrap_height(text, width - 1) for text, width in zip(texts, WIDTHS[1:], strict=True))
    sheet.row(row, min(max(heights), 400))


def _text(report: Report, **more: object) -> Format:
    return report.reported(text_wrap=True, valign="top", **more)
