"""Does it all add up, and what to mend: control totals first, then every finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sheetkit.model.book import Checked, Total
from sheetkit.model.findings import FINDINGS_SHOWN, Effect, Finding, shown_value
from sheetkit.model.report import CHECK_COLUMNS
from sheetkit.writing.look import ERROR_MARK, NAVY, WARNING_MARK, WHITE, Format, Role, wrap_height
from sheetkit.writing.report import words
from sheetkit.writing.report.page import HEADER_ROW, Report, clip
from sheetkit.writing.sheet import Area, Help, Sheet

WIDTHS = tuple(float(one.width) for one in CHECK_COLUMNS)
_AT = {one.key: at for at, one in enumerate(CHECK_COLUMNS)}
_ROWS = {
    "trades": "report.effect_trades",
    "contacts": "report.effect_contacts",
    "customers": "report.effect_customers",
}
_EXAMPLE = "#8A94A0"
"""What only shows how to write it stands back."""
_MARKS = ("√", "×")


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


def write_checks(report: Report, checked: Iterable[Checked] = ()) -> None:
    """The sheet ``checks``. ``checked``: rows of the list before that bear a mark, which they keep."""
    sheet = report.sheet("checks")
    for at, width in enumerate(WIDTHS):
        sheet.column(at, width)
    report.head(sheet, "checks", _about(report))
    report.onward(sheet, "checks", (0, 1, 2, 3))
    sheet.page(repeat_rows=0)
    row = _totals(report, sheet, HEADER_ROW)
    _findings(report, sheet, row + 1, {(one.where, one.typed): one for one in checked})


def _about(report: Report) -> str:
    many = {key: sum(1 for one in report.analysis.findings if one.severity == key) for key in _SEVERITIES}
    if not report.analysis.findings:
        return report.say("report.checks_none", day=report.as_of())
    if report.origin:
        key = "report.checks_moved" if report.mends else "report.checks_origin"
        return report.say(key, day=report.as_of(), name=report.origin.name, **many)
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
        for one in total.apart:
            label = f"{name} · {report.say('report.amount')} ({one.currency})"
            note = report.say("report.other_currency", count=one.orders)
            _total(report, sheet, row, (label, (one.cents, 0, one.cents), note), money=True)
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


Marked = Mapping[tuple[str, str], Checked]
"""{(where, what was typed there): the row of the list before}."""


def _findings(report: Report, sheet: Sheet, row: int, marked: Marked) -> None:
    found = ranked(report.analysis.findings)
    if not found:
        return
    typed: Any = {"bg_color": WHITE, "font_color": NAVY, "indent": 1, "bottom": 2, "bottom_color": NAVY}
    for at, column in enumerate(CHECK_COLUMNS):
        fills = column.typed and report.mends
        heading = report.look("heading", **typed) if fills else report.heading()
        sheet.write(row, at, column.labels[report.lang], heading)
    sheet.raw.repeat_rows(row)
    first = row + 1
    for at, finding in enumerate(found[:FINDINGS_SHOWN]):
        _finding(report, sheet, first + at, finding, marked)
    below = first + min(len(found), FINDINGS_SHOWN)
    sheet.filter(Area(row, 0, below - 1, len(WIDTHS) - 1))
    sheet.numbers_as_text(Area(first, _AT["typed"], below - 1, _AT["accept"]))
    if report.mends:
        title, about = CHECK_COLUMNS[_AT["accept"]].labels[report.lang], report.say("report.help_accept")
        area = Area(first, _AT["accept"], below - 1, _AT["accept"])
        sheet.choices(area, list(_MARKS), Help(title, about))
    if len(found) > FINDINGS_SHOWN:
        more = report.say("report.findings_more", count=len(found) - FINDINGS_SHOWN, shown=FINDINGS_SHOWN)
        sheet.write(below, 0, more, report.look("plain", bold=True))


def _finding(report: Report, sheet: Sheet, row: int, finding: Finding, marked: Marked) -> None:
    way = _SEVERITIES[finding.severity]
    before = marked.get((finding.where, shown_value(finding.value)))
    texts = {
        "where": finding.where or report.say("report.whole_file"),
        "typed": shown_value(finding.value),
        "suggestion": clip(before.suggestion if before else finding.suggestion),
        "accept": before.mark if before else "",
        "effect": effect_words(report, finding.effect),
        "handled": report.say(_handled(finding, way)),
        "sentence": clip(finding.sentence(report.lang)),
    }
    word = f"{way.mark} {report.say(way.word)}"
    sheet.write(row, 0, word, report.look(way.role, "text", valign="top", indent=1))
    can_mend = finding.effect is not None and report.has(finding)
    for key, text in texts.items():
        if key == "where" and report.has(finding):
            target = report.links(finding.sheet, finding.cell)
            sheet.link(row, _AT[key], target, text, _text(report, font_color=NAVY, underline=1))
        elif key == "accept" and can_mend:
            sheet.write(row, _AT[key], text, report.look("entry", "text", valign="top", indent=1))
        elif key == "suggestion" and can_mend and not finding.fix and not before:
            sheet.write(row, _AT[key], text, _text(report, font_color=_EXAMPLE, italic=True))
        else:
            sheet.write(row, _AT[key], text, _text(report))
    heights = (wrap_height(text, WIDTHS[_AT[key]] - 1) for key, text in texts.items())
    sheet.row(row, min(max(heights), 400))


def _handled(finding: Finding, way: Way) -> str:
    """What this run did: of a cell that could be read or not in a row that counts or not."""
    effect = finding.effect
    if finding.severity != "warning" or effect is None or effect.inferred:
        return way.handled
    return "report.handled_error" if effect.rows else "report.handled_cell"


def effect_words(report: Report, effect: Effect | None) -> str:
    """What a problem cell changes, in words: orders, money, customers."""
    if effect is None:
        return ""
    if not effect.rows and not effect.cents:
        return report.say("report.effect_cell")
    counted = _ROWS.get(effect.table, "report.effect_rows")
    parts = [report.say(counted, count=effect.rows)] if effect.rows else []
    parts += [words.money(effect.cents)] if effect.cents else []
    if effect.customers and effect.table != "customers":
        parts.append(report.say("report.effect_people", count=effect.customers))
    many = report.say("report.effect_comma").join(parts)
    way = "report.effect_is_aside" if effect.rows else "report.effect_is_differs"
    said = report.say("report.effect_is_inferred" if effect.inferred else way, what=many)
    return said + (report.say("report.effect_others", count=effect.others) if effect.others else "")


def _text(report: Report, **more: object) -> Format:
    return report.reported(text_wrap=True, valign="top", **more)
