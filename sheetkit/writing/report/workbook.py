"""The report as one workbook, which the graft puts into the seller's."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sheetkit.analysis.result import Analysis
from sheetkit.intake.written import column_stamps, packed, sheet_stamps
from sheetkit.model.book import Checked
from sheetkit.model.days import to_date
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.opc import Surgery
from sheetkit.opc.cells import DAYS_1900_TO_1904
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.look import Look
from sheetkit.writing.report.bulk import Block, filled, longer_table
from sheetkit.writing.report.checks import write_checks
from sheetkit.writing.report.fixes import write_fixes
from sheetkit.writing.report.overview import write_overview
from sheetkit.writing.report.page import Origin, Report, internal
from sheetkit.writing.report.pages import write_page
from sheetkit.writing.report.plan import Row, gone, write_history, write_plan
from sheetkit.writing.report.segments import write_segments
from sheetkit.writing.sheet import new_book


@dataclass(frozen=True)
class ReportBook:
    """The report as an .xlsx, its sheets {key: name}, and by key the rows that are put in after the graft."""

    workbook: bytes
    names: dict[str, str]
    tall: dict[str, Block]

    def graft_into(self, host: Surgery, *, replace: Collection[str] = ()) -> None:
        """Graft every sheet, fill the tall ones, and label all, so that the next run finds them again."""
        placed = host.graft(self.workbook, replace=replace)
        first_day = DAYS_1900_TO_1904 if host.date1904 else 0
        for key, block in self.tall.items():
            fill = partial(filled, block=block, first_day=first_day)
            host.rewrite_added(placed[self.names[key]], fill, partial(longer_table, block=block))
        for key, name in self.names.items():
            host.label(placed[name], key)

    def stamps(self) -> dict[str, str]:
        """{key: the stamps of its rows}, by which the next run tells what the seller wrote there."""
        stamps = sheet_stamps(self.workbook, self.names)
        for key, block in self.tall.items():
            texts, numbers = block.texts_and_numbers()
            stamps[key] |= column_stamps(texts, numbers)
        return {key: packed(some) for key, some in stamps.items()}


@dataclass(frozen=True)
class Carried:
    """What an earlier run's data check bears on: its rows with a mark, and the log of what was mended."""

    checked: Sequence[Checked] = ()
    fixes: Sequence[Row] = ()


def report_workbook(
    analysis: Analysis,
    *,
    plan_typed: Mapping[str, Row],
    plan_history: Sequence[Row],
    carried: Carried | None = None,
    links: Callable[[str, str], str] | None = None,
    origin: Origin | None = None,
    names: Mapping[str, str] | None = None,
) -> ReportBook:
    """The sheets of ``ADDED_SHEETS`` in the analysis's language, as an .xlsx.

    ``plan_typed``: {task key: {column key: text}} of the plan before; its reported columns too where known,
    so that the log can name a task that is gone. ``plan_history``: the log's rows before. ``carried``: what
    else is carried on from the run before.
    ``links``: (sheet, cell) of the seller's workbook → a link's target; None: ``internal:'Sheet'!C17``.
    ``origin``: another file, where the findings' cells are there; they stand as text, without a link.
    ``names``: {key of ADDED_SHEETS: sheet name} where another is wanted than the usual.
    Of more customers than ``segments.BULK_ROWS`` the rows are handed over apart; the cells are the same.
    """
    history, earlier = gone(plan_typed, plan_history, analysis.tasks), carried or Carried()
    given, pages = names or {}, {one.key: one for one in analysis.pages}
    present = {"overview", "segments", "plan", "checks", *pages}
    present |= {key for key, rows in (("history", history), ("fixes", earlier.fixes)) if rows}
    called = {
        key: given.get(key, labels[analysis.lang]) for key, labels in ADDED_SHEETS.items() if key in present
    }
    target = io.BytesIO()
    book = new_book(target)
    created = dt.datetime.combine(to_date(analysis.as_of), dt.time())
    book.set_properties({"title": called["overview"], "created": created})
    own = rules_for(analysis.blueprint).book
    report = Report(analysis, own, book, Look(book), called, links or internal, origin)
    write_overview(report)
    block = write_segments(report)
    write_plan(report, plan_typed)
    for key in called:
        if key in pages:
            write_page(report, pages[key])
    write_checks(report, earlier.checked)
    if history:
        write_history(report, history)
    if earlier.fixes:
        write_fixes(report, earlier.fixes)
    book.close()
    return ReportBook(target.getvalue(), called, {"segments": block} if block else {})
