"""What the seller is told where two customers have one name: which rows do not say whom of them they mean."""

from __future__ import annotations

from collections.abc import Iterator

from sheetkit.analysis.identity import Identity
from sheetkit.model.book import Book
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold


def namesake_findings(book: Book, identity: Identity) -> list[Finding]:
    """Per table and kind one finding, counted, with the first row it is about."""
    return [
        finding
        for table, one in tables().items()
        if one.people and table != "customers"
        for finding in (*_by_name_alone(book, identity, table), *_by_id(book, identity, table))
    ]


def _by_name_alone(book: Book, identity: Identity, table: TableKey) -> Iterator[Finding]:
    """Rows that give a shared name and no id: they are counted for the first who has it."""
    shared = {fold(name) for _, name, _ in identity.namesakes.values()}
    if not shared:
        return
    rows = book.tables[table]
    names, codes = rows.column("nickname"), rows.column("customer_id")
    known = {name: fold(name) in shared for name in set(names) if name}
    places = [
        at
        for at, (name, code, used) in enumerate(zip(names, codes, rows.used, strict=True))
        if name and used and not code and known[name]
    ]
    if places:
        yield _counted("namesake_by_name", book, table, places)


def _by_id(book: Book, identity: Identity, table: TableKey) -> Iterator[Finding]:
    """Rows whose id stands on no row of 基本信息 while its name has another; rows whose id is one
    customer's and whose name is another's."""
    rows = book.tables[table]
    names, codes = rows.column("nickname"), rows.column("customer_id")
    if not any(codes):
        return
    number, said = identity.number[table], identity.said[table]
    unlisted = {who for who in identity.namesakes if identity.home[who - 1] is None}
    new, torn = [], []
    for at, (name, code, who) in enumerate(zip(names, codes, number, strict=True)):
        if not code or not name or not rows.used[at]:
            continue
        if who in unlisted:
            new.append(at)
        elif said[at] is None and identity.called.get(fold(name), who) not in (who, _first(identity, who)):
            torn.append(at)
    if new:
        yield _counted("namesake_unlisted", book, table, new)
    if torn:
        yield _counted("id_and_name_differ", book, table, torn)


def _first(identity: Identity, who: int) -> int:
    """The first customer of a namesake's name."""
    return identity.namesakes.get(who, (who, "", ""))[0]


def _counted(code: str, book: Book, table: TableKey, places: list[int]) -> Finding:
    rows, at = book.tables[table], places[0]
    params: dict[str, str | int | float] = {
        "count": len(places),
        "row": rows.row[at],
        "id": rows.column("customer_id")[at] or "",
    }
    return Finding(code, "warning", rows.sheet[at], "", rows.column("nickname")[at] or "", params=params)
