"""Platform exports → one annotated workbook of the template; folders → the exports in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from sheetkit.errors import NothingToAnalyse, UnreadableError, UsageError
from sheetkit.intake.exports import Export, book_of
from sheetkit.messages import Lang
from sheetkit.model.blueprint import DEFAULT_TEMPLATE
from sheetkit.model.book import Book
from sheetkit.model.days import to_date, to_day
from sheetkit.model.report import IMPORT_LABEL, IMPORT_SHEET
from sheetkit.opc import Surgery
from sheetkit.pipeline.files import (
    BACKUP,
    FIXED_SUFFIX,
    MERGED_SUFFIX,
    STRIPPED_SUFFIX,
    SUFFIX,
    UPGRADED_SUFFIX,
)
from sheetkit.pipeline.outcome import Outcome
from sheetkit.pipeline.uncollected import uncollected

ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".html", ".htm"})
"""What an export may be called in a folder; of a file that is named, only the content counts."""
_MIXED = "ecommerce"
_OUTPUTS = tuple(
    suffix
    for names in (SUFFIX, STRIPPED_SUFFIX, UPGRADED_SUFFIX, FIXED_SUFFIX, MERGED_SUFFIX)
    for suffix in names.values()
)

Progress = Callable[[str], None]


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that may be exports, by name; folders within it, what sheetkit wrote and what is
    hidden or locked are left alone. Raises UsageError where there is none."""
    found = sorted(path for path in _listed(folder) if _may_be_export(path))
    if not found:
        raise UsageError("platform.folder_empty", path=str(folder))
    return found


def passed_over(folder: Path) -> list[str]:
    """What else stands in a folder for a person to see: other kinds of files, zips, folders within it."""
    hidden = (".", "~$")
    seen = (one for one in _listed(folder) if not one.name.startswith(hidden))
    others = (one for one in seen if one.is_dir() or one.suffix.casefold() not in ENDINGS)
    return sorted(one.name for one in others if one.name not in BACKUP.values())


def _listed(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except OSError as problem:
        shown = problem.strerror or str(problem)
        raise UnreadableError("file.unreadable", path=str(folder), problem=shown) from problem


def _may_be_export(path: Path) -> bool:
    if path.name.startswith((".", "~$")) or path.name in BACKUP.values() or not path.is_file():
        return False
    return path.suffix.casefold() in ENDINGS and not path.stem.endswith(_OUTPUTS)


def exports_book(exports: Sequence[Export], lang: Lang | None = None) -> Book:
    """What exports hold, as one book. Raises NothingToAnalyse for exports without a sale or a customer."""
    templates = {one.platform.template for one in exports}
    template = templates.pop() if len(templates) == 1 else _MIXED
    book = book_of(exports, template=template or DEFAULT_TEMPLATE, lang=lang or exports[0].lang)
    if not any(len(table) for table in book.tables.values()):
        rows = sum(total.rows_read for total in book.totals)
        label = exports[0].platform.labels[book.lang]
        key = "platform.own_purchases" if exports[0].platform.own_purchases else "platform.no_sales"
        raise NothingToAnalyse(key, platform=label, rows=rows, workbook_lang=book.lang)
    return book


@uncollected()
def analyze_exports(
    exports: Sequence[Export],
    *,
    as_of: date | None = None,
    lang: Lang | None = None,
    progress: Progress = lambda step: None,
) -> Outcome:
    """Exports joined into one new workbook, analysed, which knows for the next import where its orders come
    from. Raises NothingToAnalyse."""
    from sheetkit.analysis.analyse import Clock, analyse
    from sheetkit.edits.exported import joined
    from sheetkit.edits.remembered import Record, packed
    from sheetkit.edits.twins import origins
    from sheetkit.pipeline.annotate import annotated
    from sheetkit.pipeline.convert import converted_workbook
    from sheetkit.writing.report.page import Origin

    book = exports_book(exports, lang)
    with book.at_hand():
        progress("analyse")
        analysis = analyse(book, Clock(to_day(as_of) if as_of else None, to_day(date.today())))
        progress("write")
        base = converted_workbook(book, None, to_date(analysis.as_of), analysis.customer_count)
        origin = "、".join(one.name for one in exports)
        host = Surgery(base)
        record = Record().with_sales(origins(joined(exports).orders), {})
        host.keep_notes(IMPORT_SHEET, IMPORT_LABEL, packed(record))
        return Outcome(annotated(host, book, analysis, origin=Origin(origin)), analysis, grafted=False)
