"""Every complaint read out of the book: who, when, about which goods, which tag and by what words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sheetkit.analysis.complaints import dictionary
from sheetkit.analysis.page import Found
from sheetkit.model.fields import TableKey
from sheetkit.model.lists import lists

TEXTS: tuple[tuple[TableKey, str], ...] = (
    ("contacts", "content"),
    ("trades", "note"),
    ("cases", "content"),
    ("surveys", "comment"),
)
"""Where what she said is written down."""
POOR_RATING = "poor_rating"
_NOT_HERS = ("promise", "care")
"""Kinds of contact the seller begins, unless the direction says otherwise."""


@dataclass(frozen=True)
class Pain:
    """One text that tells of a complaint. ``customer``: 0 for none; ``category``: as typed, "" for none."""

    customer: int
    category: str
    tag: str
    words: tuple[str, ...]


def pains(found: Found) -> list[Pain]:
    """Every complaint of every text, table by table."""
    said = [
        (table, at, tag, words)
        for table, key in TEXTS
        for at, text in _said(found, table, key)
        for tag, words in dictionary().found(text).items()
    ]
    before = _bought(found, {found.identity.number[table][at] for table, at, _, _ in said})
    read = []
    for table, at, tag, words in said:
        rows, who = found.book.tables[table], found.identity.number[table][at]
        kind = rows.column("category")[at] or _last(before.get(who), rows.column("date")[at] or found.as_of)
        read.append(Pain(who, str(kind), tag, words))
    return read + _poor_ratings(found)


def _poor_ratings(found: Found) -> list[Pain]:
    """Ratings that are not good, as complaints of their own tag; the label is the word they rest on."""
    trades, labels = found.measured.trades, lists()["rating"].meanings.values()
    said = {one.code: one.labels[found.lang] for one in labels}
    ratings, numbers = found.book.tables["trades"].column("rating"), found.identity.number["trades"]
    poor = [
        at
        for at, rated, good in zip(trades["line"], trades["rated"], trades["praised"], strict=True)
        if rated > good
    ]
    categories = found.book.tables["trades"].column("category")
    return [Pain(numbers[at], categories[at] or "", POOR_RATING, (said[ratings[at]],)) for at in poor]


def _said(found: Found, table: TableKey, key: str) -> Iterator[tuple[int, str]]:
    """The texts of a table that are hers to say."""
    rows = found.book.tables[table]
    hers = _inbound(found) if table == "contacts" else [True] * len(rows)
    for at, (said, used) in enumerate(zip(rows.column(key), rows.used, strict=True)):
        if said and used and hers[at]:
            yield at, str(said)


def _inbound(found: Found) -> list[bool]:
    rows = found.book.tables["contacts"]
    inbound, outbound = (lists()["direction"].code(one) for one in ("inbound", "outbound"))
    mine = {lists()["contact_type"].code(one) for one in _NOT_HERS}
    pairs = zip(rows.column("direction"), rows.column("type"), strict=True)
    return [way == inbound or (way != outbound and kind not in mine) for way, kind in pairs]


_Bought = tuple[list[int], list[str]]
"""Days in order, and the category bought on each."""


def _bought(found: Found, people: Collection[int]) -> dict[int, _Bought]:
    """What these customers bought."""
    ledger = found.ledger
    bought: dict[int, _Bought] = {who: ([], []) for who in people if who}
    rows = [at for at, who in enumerate(ledger.customer) if who in bought and ledger.category[at]]
    for at in sorted(rows, key=ledger.day.__getitem__):
        days, kinds = bought[ledger.customer[at]]
        days.append(ledger.day[at])
        kinds.append(str(ledger.category[at]))
    return bought


def _last(bought: _Bought | None, day: int) -> str:
    """What she had bought last by a day, "" for nothing."""
    at = bisect_right(bought[0], day) if bought else 0
    return bought[1][at - 1] if bought and at else ""
