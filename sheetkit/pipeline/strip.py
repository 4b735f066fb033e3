"""strip: an annotated workbook in, the seller's own out, without anything that runs added."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sheetkit.errors import NothingToStrip, Permit, SheetkitError
from sheetkit.intake import read_added
from sheetkit.messages import Lang, listed
from sheetkit.model.book import Book
from sheetkit.model.report import RUN_LABEL, RUN_SHEET, typed_into
from sheetkit.opc import Surgery
from sheetkit.pipeline.earlier import note_drawings
from sheetkit.pipeline.opening import open_host


@dataclass(frozen=True)
class Stripped:
    """The workbook without what was added.

    ``removed``: the sheets that went. ``exact``: whether every part is the seller's to the byte again; else
    another program has saved the file since, and formats that nothing uses stay in its styles.
    ``typed``: {sheet that went: rows the seller had written in, 0 for notes or pictures only}. ``fixes``: how
    many cells were mended, which they stay; the log of what stood there goes.
    """

    workbook: bytes
    lang: Lang
    removed: list[str]
    exact: bool
    typed: dict[str, int]
    fixes: int = 0


def strip_file(
    data: bytes, name: str, *, lang: Lang | None = None, permits: Collection[Permit] = ()
) -> Stripped:
    """Take away everything that runs added. ``lang`` serves where the workbook does not say its language.

    Raises UnreadableError, NothingToStrip, and SheetkitError where a formula of the seller's reads one of
    the sheets: nothing is taken away then.
    """
    host = open_host(data, permits)
    book = read_added(data, name, lang=lang)
    note_drawings(host, book)
    removed, typed = [*book.added.values(), *book.kept], _typed(book)
    exact = host.undo()
    if not exact:
        _take_out(host, book, removed)
    return Stripped(host.to_bytes(), book.lang, removed, exact, typed, len(book.fixes))


def _typed(book: Book) -> dict[str, int]:
    rows = {key: len(rows) for key, rows in book.written_in.items()}
    carried = {"plan": sum(map(typed_into, book.plan.values())), "history": len(book.plan_history)}
    carried["same"] = len(book.same)
    for key, more in carried.items():
        if more:
            rows[key] = rows.get(key, 0) + more
    return {book.added[key]: count for key, count in rows.items()} | dict.fromkeys(book.kept, 0)


def _take_out(host: Surgery, book: Book, added: list[str]) -> None:
    record = host.labels.get(RUN_LABEL, RUN_SHEET)
    gone = [*added, *(name for name in host.sheet_names if name == record)]
    marked = host.clear_marks()
    if not gone and not marked:
        raise NothingToStrip("strip.nothing", workbook_lang=book.lang)
    users = {name: set(host.referenced_by([name])) - set(gone) for name in added}
    used = {name: those for name, those in users.items() if those}
    if used:
        raise SheetkitError(
            "strip.in_use",
            sheets=listed(used),
            users=listed(sorted(set().union(*used.values()))),
            workbook_lang=book.lang,
        )
    host.remove_sheets(gone, even_if_referenced=True)
