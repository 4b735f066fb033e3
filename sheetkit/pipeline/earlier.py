"""What an earlier run left in the workbook: taken back, replaced, or kept where the seller wrote in it."""

from __future__ import annotations

from sheetkit.messages import text
from sheetkit.model.book import Book
from sheetkit.model.findings import Finding
from sheetkit.model.report import KEPT_LABEL
from sheetkit.opc import Surgery
from sheetkit.opc.names import unused_sheet_name

_SHOWN_ROWS = 8


def make_way(host: Surgery, book: Book) -> bool:
    """Ready the host for the next run.

    Where no other program has saved it since, it goes back to what it was before the earlier run. Else the
    added sheets stay, to be replaced in their places; but one that the seller wrote in takes another name
    and is nobody's to replace any more. Returns whether the host went back.
    """
    note_drawings(host, book)
    if not book.written_in and host.undo():
        book.added.clear()
        return True
    for key, rows in book.written_in.items():
        _keep(host, book, key, rows)
    return False


def note_drawings(host: Surgery, book: Book) -> None:
    """Count a sheet as written in, in no row, that has more on it than the run put there: notes, pictures."""
    for key, name in book.added.items():
        if key not in book.written_in and host.attachments(name) > _drawn(book, key):
            book.written_in[key] = []


def _drawn(book: Book, key: str) -> float:
    said = book.run.get(f"drawn:{key}", "")
    return int(said) if said.isdecimal() else float("inf")


def _keep(host: Surgery, book: Book, key: str, rows: list[int]) -> None:
    name = book.added.pop(key)
    kept = unused_sheet_name(text("workbook.kept_sheet", book.lang, name=name), host.sheet_names)
    host.rename_sheet(name, kept)
    labels, number = host.labels, 1
    while f"{KEPT_LABEL}{number}" in labels:
        number += 1
    host.label(kept, f"{KEPT_LABEL}{number}")
    book.kept.append(kept)
    if rows:
        shown = ", ".join(map(str, rows[:_SHOWN_ROWS])) + (" …" if len(rows) > _SHOWN_ROWS else "")
        finding = Finding("sheet_kept", "info", kept, f"A{rows[0]}", params={"now": name, "rows": shown})
    else:
        finding = Finding("sheet_kept_drawn", "info", kept, params={"now": name})
    book.findings.append(finding)
