"""The choices of a list without meanings as numbers, which is how rules count and compare them."""

from __future__ import annotations

from collections.abc import Sequence

from sheetkit.model.book import Book
from sheetkit.model.fields import Field
from sheetkit.model.lists import lists


def places(book: Book, column: Field, values: Sequence[str | None]) -> list[int]:
    """Each label's place on the workbook's own list, case aside; 0 where it is blank or not listed.

    A file without a list sheet has no list of its own: what is typed there is listed as it comes.
    """
    known = book.listed.get(column.list_key)
    if known is None:
        shipped = [one.labels[book.lang] for one in lists()[column.list_key].entries]
        labels = dict.fromkeys(label.lower() for label in (*shipped, *filter(None, values)))
        known = {label: at for at, label in enumerate(labels, 1)}
    place = {value: known.get(value.lower(), 0) if value else 0 for value in dict.fromkeys(values)}
    return [place[value] for value in values]
