"""Checks on one sheet: cells, merges, tables, notes, links to shared strings and formats."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from tests.opc.checks_package import repeated
from tests.opc.reading import CELL, Book, Sheet, box, letters, number_of, whole

_PLACES = (("mergeCell", "ref"), ("hyperlink", "ref"), ("dimension", "ref"), ("autoFilter", "ref"),
           ("conditionalFormatting", "sqref"), ("dataValidation", "sqref"), ("ignoredError", "sqref"),
           ("selection", "sqref"), ("protectedRange", "sqref"))  # fmt: skip
_HIGHEST_PRIORITY, _TEXT_UNITS = 2**31 - 1, 32_767


def shared_strings(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for reference, cell in sheet.cells.items():
            if cell.get("t") == "s" and whole(cell.findtext("{*}v")) >= len(book.strings):
                yield f"{sheet.name}!{reference}"


def texts(book: Book) -> Iterator[str]:
    """Texts longer than a cell can hold."""
    for sheet in book.sheets:
        for reference, cell in sheet.cells.items():
            if cell.get("t") in ("inlineStr", "str") and len("".join(cell.itertext())) > _TEXT_UNITS:
                yield f"{sheet.name}!{reference}"


def row_order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        rows = [whole(row.get("r")) for row in sheet.rows if row.get("r")]
        if any(later <= earlier for earlier, later in itertools.pairwise(rows)):
            yield sheet.name


def cell_order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        for row in sheet.rows:
            references = [CELL.match(c.get("r", "")) for c in row.iterfind("{*}c") if c.get("r")]
            columns = [number_of(match[1]) for match in references if match]
            stray = any(row.get("r") and match and match[2] != row.get("r") for match in references)
            if stray or any(b <= a for a, b in itertools.pairwise(columns)):
                yield f"{sheet.name} {row.get('r')}"


def within_limits(book: Book) -> Iterator[str]:
    """Cells, ranges and columns outside the 1,048,576 × 16,384 of a sheet."""
    for sheet in book.sheets:
        yield from (f"{sheet.name}!{cell}" for cell in sheet.cells if not box(cell).fits)
        yield from (f"{sheet.name} row {row.get('r')}" for row in sheet.rows if whole(row.get("r")) > 2**20)
        for tag, attribute in _PLACES:
            for element in sheet.all(tag):
                for reference in element.get(attribute, "A1").split():
                    if not box(reference).fits:
                        yield f"{sheet.name} {tag} {reference}"
        for column in sheet.all("col"):
            if not 1 <= whole(column.get("min")) <= whole(column.get("max")) <= 2**14:
                yield f"{sheet.name} col {column.get('min')}:{column.get('max')}"


def merges(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        boxes = [box(merge.get("ref", "A1")) for merge in sheet.all("mergeCell")]
        for at, one in enumerate(boxes):
            yield from (f"{sheet.name} {one} and {other}" for other in boxes[:at] if one.meets(other))


def column_order(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        spans = [(whole(column.get("min")), whole(column.get("max"))) for column in sheet.all("col")]
        if any(later[0] <= earlier[1] for earlier, later in itertools.pairwise(spans)):
            yield sheet.name


def calculation_chain(book: Book) -> Iterator[str]:
    part = book.related("calcChain")
    sheets = {sheet.id: sheet for sheet in book.sheets}
    current = ""
    seen: set[tuple[str, str]] = set()
    for entry in book.tree(part).iterfind("{*}c") if part and book.parts[part].strip() else ():
        current = entry.get("i", current)
        reference = entry.get("r", "")
        if current not in sheets or not _computed(sheets[current], reference):
            yield f"{current} {reference}"
        if (current, reference) in seen:
            yield f"twice {current} {reference}"
        if entry.get("a") is None:  # the first cell of an array formula stands there twice
            seen.add((current, reference))


def _computed(sheet: Sheet, reference: str) -> bool:
    """Whether the cell has a formula of its own or lies in the range of an array formula."""
    cell = sheet.cells.get(reference)
    if cell is not None and cell.find("{*}f") is not None:
        return True
    arrays = (f.get("ref", "") for each in sheet.cells.values() for f in each.iterfind("{*}f[@t='array']"))
    return any(box(reference).meets(box(ref)) for ref in arrays)


def shared_formulas(book: Book) -> Iterator[str]:
    """A cell that takes part in a shared formula that no cell states."""
    for sheet in book.sheets:
        formulas = [f for cell in sheet.cells.values() for f in cell.iterfind("{*}f")]
        shared = [formula for formula in formulas if formula.get("t") == "shared"]
        stated = {formula.get("si") for formula in shared if formula.text}
        yield from sorted({f"{sheet.name} {f.get('si')}" for f in shared if f.get("si") not in stated})


def priorities(book: Book) -> Iterator[str]:
    for sheet in book.sheets:
        stated = [rule.get("priority", "") for rule in sheet.all("cfRule") if rule.get("priority")]
        yield from (f"{sheet.name} twice {priority}" for priority in repeated(stated))
        yield from (f"{sheet.name} {value}" for value in stated if not 0 < whole(value) <= _HIGHEST_PRIORITY)


# -- tables and filters ----------------------------------------------------------------------------


def table_ids(book: Book) -> Iterator[str]:
    yield from repeated(table.root.get("id", "") for table in book.tables)


def table_names(book: Book) -> Iterator[str]:
    for attribute in ("name", "displayName"):
        yield from repeated(table.root.get(attribute, "").casefold() for table in book.tables)


def table_against_names(book: Book) -> Iterator[str]:
    names = {name.get("name", "").casefold() for name in book.defined_names}
    yield from sorted({table.name.casefold() for table in book.tables} & names)


def table_headers(book: Book) -> Iterator[str]:
    for table in book.tables:
        columns = [
            re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), column.get("name", ""))
            for column in table.columns
        ]
        if len(columns) != table.box.right - table.box.left + 1:
            yield f"{table.name} has {len(columns)} columns"
        yield from (f"{table.name} twice {name}" for name in repeated(name.casefold() for name in columns))
        yield from (f"{table.name} id {id_}" for id_ in repeated(c.get("id", "") for c in table.columns))
        if table.root.get("headerRowCount", "1") == "0":
            continue
        for offset, name in enumerate(columns):
            if table.sheet.text(f"{letters(table.box.left + offset)}{table.box.top}") != name:
                yield f"{table.name} {name}"


def table_places(book: Book) -> Iterator[str]:
    """Tables that meet another table, a merged range, or a filter that is not theirs."""
    for sheet in book.sheets:
        tables = [table for table in book.tables if table.sheet is sheet]
        for at, table in enumerate(tables):
            others = [("table", other.box) for other in tables[:at]]
            others += [("merge", box(merge.get("ref", "A1"))) for merge in sheet.all("mergeCell")]
            filters = sheet.root.iterfind("{*}autoFilter") if sheet.root is not None else ()
            others += [("filter", box(each.get("ref", "A1"))) for each in filters]
            yield from (f"{table.name} meets a {kind}" for kind, other in others if table.box.meets(other))
            if not table.box.fits:
                yield f"{table.name} {table.root.get('ref')}"


def table_filters(book: Book) -> Iterator[str]:
    """A table's filter covers its header and its rows, not its totals."""
    for table in book.tables:
        inner = table.root.find("{*}autoFilter")
        if inner is None or not inner.get("ref"):
            continue
        totals = whole(table.root.get("totalsRowCount"))
        if box(inner.get("ref", "A1")) != table.box._replace(bottom=table.box.bottom - totals):
            yield f"{table.name} {inner.get('ref')}"


# -- notes -----------------------------------------------------------------------------------------


def vml_blocks(book: Book) -> Iterator[str]:
    blocks: list[str] = []
    shapes: list[str] = []
    for part, data in book.parts.items():
        if part.endswith(".vml"):
            for listed in re.findall(rb"idmap\b[^>]*?data=\"([^\"]*)\"", data):
                blocks += listed.decode().split(",")
            shapes += re.findall(r"\bid=\"(_x0000_s\d+)\"", data.decode("latin-1"))
    yield from (f"block {block}" for block in repeated(blocks))
    yield from (f"shape {shape}" for shape in repeated(shapes))


def notes_and_drawings(book: Book) -> Iterator[str]:
    """Each note has its box in the VML drawing that the sheet names, and each such box its note."""
    for sheet in book.sheets:
        noted = Counter(cell for part in sheet.related("comments") for cell in _noted(book, part))
        yield from (f"{sheet.name}!{cell} has {times} notes" for cell, times in noted.items() if times > 1)
        boxed = [cell for part in sheet.related("vmlDrawing") for cell in _boxed(book.parts[part])]
        if noted and not list(sheet.all("legacyDrawing")):
            yield f"{sheet.name} names no drawing"
        yield from (f"{sheet.name}!{cell} without a box" for cell in noted if cell not in boxed)
        yield from (f"{sheet.name}!{cell} without a note" for cell in boxed if cell not in noted)


def _noted(book: Book, part: str) -> list[str]:
    return [note.get("ref", "") for note in book.tree(part).iter("{*}comment")]


def _boxed(vml: bytes) -> list[str]:
    found = []
    for data in re.findall(rb"<\w+:ClientData[^>]*ObjectType=[\"']Note[\"'].*?</\w+:ClientData>", vml, re.S):
        row, column = (re.search(rb"<\w+:%s>\s*(\d+)\s*</" % tag, data) for tag in (b"Row", b"Column"))
        if row and column:
            found.append(f"{letters(int(column[1]) + 1)}{int(row[1]) + 1}")
    return found


def threads(book: Book) -> Iterator[str]:
    """A cell with a threaded comment has one note, the stand-in that carries the thread's id."""
    for sheet in book.sheets:
        for part in sheet.related("threadedComment"):
            cells = {thread.get("ref", "") for thread in book.tree(part).iter("{*}threadedComment")}
            yield from (f"{sheet.name}!{cell}" for cell in sorted(cells) if not _stands_in(book, sheet, cell))


def _stands_in(book: Book, sheet: Sheet, cell: str) -> bool:
    for part in sheet.related("comments"):
        root = book.tree(part)
        authors = [author.text or "" for author in root.iter("{*}author")]
        for note in root.iter("{*}comment"):
            if note.get("ref") == cell:
                return authors[whole(note.get("authorId"))].startswith("tc=")
    return False


def note_authors(book: Book) -> Iterator[str]:
    for part in book.of_kind("comments"):
        authors = list(book.tree(part).iter("{*}author"))
        for note in book.tree(part).iter("{*}comment"):
            if whole(note.get("authorId")) >= len(authors):
                yield f"{part} {note.get('ref')}"


CHECKS = (
    shared_strings, texts, row_order, cell_order, within_limits, merges, column_order, calculation_chain,
    shared_formulas, priorities, table_ids, table_names, table_against_names, table_headers, table_places,
    table_filters, vml_blocks, notes_and_drawings, threads, note_authors,
)  # fmt: skip
