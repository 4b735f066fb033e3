"""What was found in a file that became a new workbook, at the cells that hold the same text there.

A cell that could not be read stands in the new workbook as it was typed, so that its finding is mended there.
What was read by inference is written as it was read, and lines that are no rows do not come along: those
findings stay with the file, under its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sheetkit.intake.cells import column_of, letters, tidy
from sheetkit.model.book import Book
from sheetkit.model.fields import TableKey
from sheetkit.model.findings import Finding, shown_value
from sheetkit.writing.blank import Plan
from sheetkit.writing.live.layout import entry_order

Found = tuple[str, str]
"""A sheet and a cell."""


def moved(book: Book, plan: Plan, findings: Sequence[Finding], name: str) -> list[Finding]:
    """The findings, each where it stands now. ``plan``: the new workbook; ``name``: the file."""
    places = _new_places(book, plan, findings)
    result = []
    for one in findings:
        place = places.get((one.sheet, one.cell))
        sheet, cell = place or (_in_file(one, name), one.cell)
        result.append(replace(one, sheet=sheet, cell=cell))
    return result


def _in_file(one: Finding, name: str) -> str:
    """The file as the sheet of a finding; one of several sheets is named beside it."""
    alone = not one.sheet or name.rpartition(".")[0] == one.sheet
    return name if alone else f"{name} {one.sheet}"


def _new_places(book: Book, plan: Plan, findings: Iterable[Finding]) -> dict[Found, Found]:
    """{where a problem cell stood: where its text stands now}."""
    wanted = {(one.sheet, one.cell): one for one in findings if one.cell and one.effect is not None}
    rows = {(sheet, column_of(cell)[0] + 1) for sheet, cell in wanted}
    found: dict[Found, Found] = {}
    for table in plan.blueprint.entry_tables if wanted else ():
        columns = _columns(book, table)
        order = entry_order(plan.blueprint.sheet(table))
        now = plan.blueprint.sheet(table).labels[plan.lang]
        held = book.tables[table]
        for at, (sheet, row) in enumerate(zip(held.sheet, held.row, strict=True)):
            if (sheet, row) not in rows:
                continue
            for letter, key in columns.get(sheet, {}).items():
                one = wanted.get((sheet, f"{letter}{row}"))
                written = plan.rows[table][at].get(key)
                if one and key in order and _same(written, one.value):
                    found[sheet, one.cell] = now, f"{letters(order.index(key))}{at + 2}"
    return found


def _columns(book: Book, table: TableKey) -> dict[str, dict[str, str]]:
    """{sheet: {letter: field key}} of the file."""
    return {
        one.sheet: {letter: key for key, letter in one.letters.items()}
        for one in book.places
        if one.table == table
    }


def _same(written: object, value: str) -> bool:
    return isinstance(written, str) and tidy(shown_value(written)) == tidy(shown_value(value))
