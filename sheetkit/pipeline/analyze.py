"""analyze: a filled workbook in, the same workbook with sheets, charts and marks added out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.result import Analysis
from sheetkit.errors import NothingToAnalyse, UnreadableError
from sheetkit.intake import read_book
from sheetkit.intake.source import open_source
from sheetkit.messages import Lang
from sheetkit.model.book import Book
from sheetkit.model.days import to_date, to_day
from sheetkit.model.findings import Severity
from sheetkit.model.report import ADDED_SHEETS, RUN_SHEET
from sheetkit.opc import Surgery
from sheetkit.pipeline.convert import converted_workbook
from sheetkit.pipeline.outcome import Outcome
from sheetkit.pipeline.uncollected import uncollected
from sheetkit.writing.report.workbook import report_workbook

NOT_A_PACKAGE = frozenset({"opc.not_a_workbook", "opc.xls", "opc.xlsb", "opc.ods"})
"""What cannot take grafted sheets but can be read: it yields a new workbook from the template."""

Progress = Callable[[str], None]


@uncollected()
def analyze_file(
    data: bytes,
    name: str,
    *,
    as_of: date | None = None,
    lang: Lang | None = None,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Analyse a file's bytes. ``lang`` serves where the workbook does not say its language.

    Raises UnreadableError, NothingToAnalyse, UsageError.
    """
    host = _host(data)
    progress("read")
    given = to_day(as_of) if as_of else None
    book = read_book(data, name, lang=lang, as_of=given)
    progress("analyse")
    try:
        analysis = analyse(book, Clock(given, to_day(date.today())))
    except NothingToAnalyse as problem:
        raise NothingToAnalyse(problem.key, **problem.params, workbook_lang=book.lang) from problem
    progress("write")
    if host is not None:
        return Outcome(_annotated(host, book, analysis), analysis, grafted=True)
    source = open_source(data, name)
    base = converted_workbook(book, source, to_date(analysis.as_of), analysis.customer_count)
    return Outcome(_annotated(Surgery(base), book, analysis, origin=name), analysis, grafted=False)


def _host(data: bytes) -> Surgery | None:
    """The package to graft into; None for a kind of file that has to become a new workbook."""
    try:
        return Surgery(data, verified=True)  # read_book inflates every part
    except UnreadableError as problem:
        if problem.key in NOT_A_PACKAGE:
            return None
        raise


def _annotated(host: Surgery, book: Book, analysis: Analysis, *, origin: str = "") -> bytes:
    """``origin``: the file that the findings' cells are in, where that is not the host."""
    host.clear_marks(book.marked)
    names = _sheet_names(host, book, analysis.lang)
    report = report_workbook(
        analysis, plan_typed=book.plan, plan_history=book.plan_history, names=names, origin=origin
    )
    earlier = set(book.added.values())
    report.graft_into(host, replace=[*earlier, RUN_SHEET])
    if not origin:
        _mark(host, analysis)
    return host.to_bytes()


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


def _mark(host: Surgery, analysis: Analysis) -> None:
    """Highlight the problem cells in the seller's own sheets."""
    cells: dict[tuple[str, Severity], list[str]] = defaultdict(list)
    for finding in analysis.findings:
        if finding.cell and finding.sheet in host.sheet_names and finding.severity != "info":
            cells[finding.sheet, finding.severity].append(finding.cell)
    for (sheet, level), places in cells.items():
        host.mark(sheet, dict.fromkeys(places), level)
