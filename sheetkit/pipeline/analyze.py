"""analyze: a filled workbook in, the same workbook with sheets, charts and marks added out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import date
from importlib import import_module
from threading import Thread

from sheetkit.errors import NothingToAnalyse, Permit, UnreadableError
from sheetkit.intake import read_book
from sheetkit.intake.source import open_source
from sheetkit.messages import Lang
from sheetkit.model.blueprint import DEFAULT_TEMPLATE, blueprint
from sheetkit.model.book import Book
from sheetkit.model.days import to_date, to_day
from sheetkit.opc import Surgery
from sheetkit.pipeline.earlier import make_way
from sheetkit.pipeline.opening import open_host
from sheetkit.pipeline.outcome import Outcome
from sheetkit.pipeline.uncollected import uncollected
from sheetkit.rules.chosen import rules_for

_MEANWHILE = ("sheetkit.analysis.analyse", "sheetkit.pipeline.annotate")
"""Imported while the file is read: the reader leaves the interpreter free."""
_FOR_LARGE = ("numpy",)
_LARGE_BYTES = 1 << 20

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
    permits: Collection[Permit] = (),
    progress: Progress = lambda step: None,
) -> Outcome:
    """Analyse a file's bytes. ``lang`` serves where the workbook does not say its language.

    Raises UnreadableError, NothingToAnalyse, UsageError.
    """
    host = _host(data, permits)
    progress("read")
    given = to_day(as_of) if as_of else None
    ahead = Thread(target=_load_ahead, args=[len(data) > _LARGE_BYTES])
    ahead.start()
    book = read_book(data, name, lang=lang, as_of=given)
    ahead.join()
    with book.at_hand():
        if host is not None:
            make_way(host, book)
        return _answer(data, name, host, book, given, progress)


def analyze_again(host: Surgery, book: Book, name: str) -> Outcome:
    """The book that the host holds analysed, and the report grafted; what an earlier run left is ready for
    it."""
    with book.at_hand():
        return _answer(b"", name, host, book, None, lambda step: None)


def _answer(
    data: bytes, name: str, host: Surgery | None, book: Book, given: int | None, progress: Progress
) -> Outcome:
    """The book analysed and written, its own template in force."""
    from sheetkit.analysis.analyse import Clock, analyse
    from sheetkit.pipeline.annotate import annotated

    progress("analyse")
    try:
        analysis = analyse(book, Clock(given, to_day(date.today())))
    except NothingToAnalyse as problem:
        raise NothingToAnalyse(problem.key, **problem.params, workbook_lang=book.lang) from problem
    progress("write")
    if host is not None:
        return Outcome(annotated(host, book, analysis), analysis, grafted=True)
    from sheetkit.pipeline.convert import converted, written
    from sheetkit.pipeline.moved import moved
    from sheetkit.writing.report.page import Origin

    plan = converted(book, open_source(data, name), to_date(analysis.as_of), analysis.customer_count)
    reported = replace(analysis, findings=moved(book, plan, analysis.findings, name))
    base = Surgery(written(plan))
    made = annotated(base, book, reported, origin=Origin(name, base.sheet_names))
    return Outcome(made, analysis, grafted=False)


def _load_ahead(large: bool) -> None:
    """What fails here fails again where it is needed, and is said there."""
    with suppress(Exception):
        for module in (*_MEANWHILE, *_FOR_LARGE) if large else _MEANWHILE:
            import_module(module)
        rules_for(blueprint(DEFAULT_TEMPLATE))


def _host(data: bytes, permits: Collection[Permit]) -> Surgery | None:
    """The package to graft into; None for a kind of file that has to become a new workbook."""
    try:
        return open_host(data, permits, verified=True)  # read_book inflates every part
    except UnreadableError as problem:
        if problem.key in NOT_A_PACKAGE:
            return None
        raise
