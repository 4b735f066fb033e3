"""The seller's own workbook with the report grafted in and the problem cells marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sheetkit import __version__
from sheetkit.analysis.notes import NOTE
from sheetkit.analysis.result import Analysis
from sheetkit.messages import Lang
from sheetkit.model.book import Book
from sheetkit.model.days import to_date
from sheetkit.model.findings import Severity
from sheetkit.model.report import ADDED_SHEETS, RUN_SHEET
from sheetkit.opc import Surgery
from sheetkit.writing.report.page import Origin
from sheetkit.writing.report.workbook import Carried, ReportBook, report_workbook


def annotated(host: Surgery, book: Book, analysis: Analysis, *, origin: Origin | None = None) -> bytes:
    """The host as a file. ``origin``: the file the findings' cells are in, where that is not the host."""
    host.clear_marks(book.marked)
    names = _sheet_names(host, book, analysis.lang)
    report = report_workbook(
        analysis,
        plan_typed=book.plan,
        plan_history=book.plan_history,
        carried=Carried(book.checked, book.fixes),
        names=names,
        origin=origin,
    )
    report.graft_into(host, replace=book.added.values())
    _drop_outlived(host, [name for key, name in book.added.items() if key not in report.names])
    _mark(host, analysis, origin.here if origin else host.sheet_names)
    host.keep_record(RUN_SHEET, _record(host, analysis, report))
    return host.to_bytes()


def _drop_outlived(host: Surgery, names: list[str]) -> None:
    """Take away what an earlier run added and this one has nothing for, unless a formula reads it."""
    gone = [name for name in names if not host.referenced_by([name])]
    if gone:
        host.remove_sheets(gone)


def _record(host: Surgery, analysis: Analysis, report: ReportBook) -> dict[str, str]:
    rows = {"version": __version__, "as_of": to_date(analysis.as_of).isoformat()}
    rows |= {NOTE: analysis.notes} if analysis.notes else {}
    rows |= {f"sheet:{key}": name for key, name in report.names.items()}
    rows |= {f"rows:{key}": stamps for key, stamps in report.stamps().items()}
    return rows | {f"drawn:{key}": str(host.attachments(name)) for key, name in report.names.items()}


def _sheet_names(host: Surgery, book: Book, lang: Lang) -> dict[str, str]:
    """A free name for each added sheet; one an earlier run added keeps the name it has."""
    taken = {one.casefold() for one in host.sheet_names if one not in book.added.values()}
    names = {}
    for key, labels in ADDED_SHEETS.items():
        name, number = book.added.get(key, labels[lang]), 2
        while name.casefold() in taken:
            name, number = f"{labels[lang]} ({number})", number + 1
        names[key] = name
        taken.add(name.casefold())
    return names


def _mark(host: Surgery, analysis: Analysis, sheets: Collection[str]) -> None:
    """Highlight the problem cells in the seller's own sheets."""
    cells: dict[tuple[str, Severity], list[str]] = defaultdict(list)
    for finding in analysis.findings:
        if finding.cell and finding.sheet in sheets and finding.severity != "info":
            cells[finding.sheet, finding.severity].append(finding.cell)
    for (sheet, level), places in cells.items():
        host.mark(sheet, dict.fromkeys(places), level)
