"""fix: an annotated workbook in; what she accepted put into her cells, and the whole analysed anew.

What stood there is kept in a log, a sheet that grows with each run. A cell that changed since the analysis,
and one that a formula fills, stay as they are, and it is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sheetkit.analysis.horizon import set_aside_future
from sheetkit.edits.accepted import Left, Mend, decide
from sheetkit.errors import NothingToFix, Permit
from sheetkit.intake import read_added, read_book
from sheetkit.intake.book import read_for_mending
from sheetkit.messages import Lang
from sheetkit.model.book import Book, Total
from sheetkit.model.days import to_day
from sheetkit.opc import Surgery
from sheetkit.opc.cells import DAYS_1900_TO_1904
from sheetkit.pipeline.analyze import analyze_again
from sheetkit.pipeline.earlier import make_way
from sheetkit.pipeline.opening import open_host
from sheetkit.pipeline.outcome import Outcome


@dataclass(frozen=True)
class Fixed:
    """What was mended and what was left. ``outcome``: the workbook analysed anew, None where nothing was
    mended or nothing was to be written. ``before``: the control totals as they were."""

    lang: Lang
    mended: list[Mend]
    left: list[Left]
    before: list[Total]
    outcome: Outcome | None


def fix_file(
    data: bytes,
    name: str,
    *,
    lang: Lang | None = None,
    permits: Collection[Permit] = (),
    dry_run: bool = False,
) -> Fixed:
    """Put the accepted suggestions into their cells. ``dry_run``: say what would be put.

    Raises UnreadableError, NothingToFix, NothingToAnalyse.
    """
    host = open_host(data, permits)
    marked = read_added(data, name, lang=lang)
    if "checks" not in marked.added:
        raise NothingToFix("fix.no_checks", workbook_lang=marked.lang)
    if not marked.checked:
        raise NothingToFix("fix.nothing", workbook_lang=marked.lang, sheet=marked.added["checks"])
    day = _day_of(marked)
    book, how = read_for_mending(data, name, lang=lang, as_of=day)
    with book.at_hand():
        decided = list(decide(book if day is None else set_aside_future(book, day), how))
    mended, left = _possible(host, decided)
    outcome = None
    if mended and not dry_run:
        outcome = _written(host, book, mended, name, permits)
    return Fixed(book.lang, mended, left, book.totals, outcome)


def _day_of(book: Book) -> int | None:
    """The day of the run whose findings are marked: suggestions are close to it."""
    said = book.run.get("as_of", "")
    try:
        return to_day(date.fromisoformat(said))
    except ValueError:
        return None


def _possible(host: Surgery, decided: Sequence[Mend | Left]) -> tuple[list[Mend], list[Left]]:
    """What can be put, each cell once; what a formula fills is left."""
    left = [one for one in decided if isinstance(one, Left)]
    wanted = {one.where: one for one in reversed(decided) if isinstance(one, Mend)}
    mended = []
    for sheet, some in _by_sheet(reversed(wanted.values())).items():
        computed = host.computed(sheet, [one.place for one in some])
        left += [Left(one.where, one.old, one.new, "formula") for one in some if one.place in computed]
        mended += [one for one in some if one.place not in computed]
    return mended, left


def _by_sheet(mended: Iterable[Mend]) -> dict[str, list[Mend]]:
    found: dict[str, list[Mend]] = defaultdict(list)
    for one in mended:
        found[one.sheet].append(one)
    return found


def _written(
    host: Surgery, book: Book, mended: Sequence[Mend], name: str, permits: Collection[Permit]
) -> Outcome:
    found = len(book.findings)
    went_back = make_way(host, book)
    said_of_kept = book.findings[found:]
    _put(host, mended)
    data = host.to_bytes()
    now = read_book(data, name, lang=book.lang)
    if went_back:
        now = replace(now, plan=book.plan, plan_history=book.plan_history, run=book.run)
    today = date.today().isoformat()
    logged = [{"day": today, "where": one.where, "old": one.old, "new": one.new} for one in mended]
    now = replace(
        now,
        checked=book.checked,  # a mark goes with the finding it stands beside
        fixes=[*book.fixes, *logged],
        findings=[*said_of_kept, *now.findings],
    )
    return analyze_again(open_host(data, permits), now, name)


def _put(host: Surgery, mended: Iterable[Mend]) -> None:
    first_day = DAYS_1900_TO_1904 if host.date1904 else 0
    for sheet, some in _by_sheet(mended).items():
        values = {
            one.place: one.value - first_day
            if one.shown == "date" and not isinstance(one.value, str)
            else one.value
            for one in some
        }
        dates = [one.place for one in some if one.shown == "date"]
        times = [one.place for one in some if one.shown == "time"]
        host.put_values(sheet, values, dates=dates, times=times)
