"""check: only the findings and the control totals of a file."""

from __future__ import annotations

from datetime import date

from sheetkit.analysis.analyse import Clock
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.intake import read_book
from sheetkit.intake.exports import read_export
from sheetkit.messages import Lang
from sheetkit.model.book import Book
from sheetkit.model.days import to_day
from sheetkit.pipeline.exports import exports_book
from sheetkit.pipeline.uncollected import uncollected


@uncollected()
def check_file(
    data: bytes, name: str, *, as_of: date | None = None, lang: Lang | None = None, platform: str = ""
) -> Book:
    """The file as read, rows after the analysis date set aside; findings and totals are the answer.

    ``platform``: the map to read an export by where it is not recognised.
    """
    given = to_day(as_of) if as_of else None
    export = read_export(data, name, lang=lang, platform=platform)
    book = exports_book([export], lang) if export else read_book(data, name, lang=lang, as_of=given)
    with book.at_hand():
        day, said = Clock(given, to_day(date.today())).as_of(book)
        book = set_aside_future(book, day)
    book.findings.extend(said)
    return book
