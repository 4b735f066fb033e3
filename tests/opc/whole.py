"""What it means that a seller's file comes back whole: each part equal, or changed by additions alone.

`broken_by_graft` and `broken_by_marks` say everything that is not so; nothing said is whole.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import python_calamine
from lxml import etree

from sheetkit.opc import Surgery
from tests import tools
from tests.opc import referential
from tests.opc.books import donor
from tests.opc.reading import Book, elements, entry_name, local

# LibreOffice computes these anew at each opening: the clock, chance, the number of sheets.
VOLATILE = ("NOW(", "TODAY(", "RAND", "SHEETS(", "SHEET(", "CELL(", "INFO(", "OFFSET(", "INDIRECT(")
MARKED = ["A1", "B2", "B3", "B4", "XFD1048576"]


book_of = lru_cache(maxsize=4)(Book)
problems = lru_cache(maxsize=4)(referential.problems)


def opened(data: bytes) -> Surgery:
    return Surgery(data, allow_signed=True, allow_locked=True)


def may_change(data: bytes) -> set[str]:
    """The allow-list of the specification, by the file's own relationships."""
    book = book_of(data)
    folder, _, file = book.workbook_part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    return {"[content_types].xml", book.workbook_part, rels, book.related("styles")}


def packed(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    """Folded name to (method, size, compressed bytes): where these are equal, so is the content."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        infos = [info for info in container.infolist() if not info.is_dir()]
    found = {}
    for info in infos:
        header = data[info.header_offset : info.header_offset + 30]
        name_bytes, extra_bytes = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        start = info.header_offset + 30 + name_bytes + extra_bytes
        content = data[start : start + info.compress_size]
        found[Book.key(entry_name(info))] = (info.compress_type, info.file_size, content)
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    """The parts of ``before`` that ``after`` does not have with the same compressed bytes."""
    old, new = packed(before), packed(after)
    return {name for name, content in old.items() if new.get(name) != content}


def changed_content(before: bytes, after: bytes) -> set[str]:
    """As `changed`, by content: what was rewritten is compressed anew."""
    old, new = book_of(before).parts, book_of(after).parts
    return {name for name, content in old.items() if new.get(name) != content}


def lost(before: bytes, after: bytes) -> Iterator[str]:
    """What the parts that may change no longer say: they may only have gained elements."""
    old, new = book_of(before), book_of(after)
    for part in sorted(may_change(before) - {""}):
        if part not in new.parts:
            yield f"{part} is gone"
        elif part in old.parts and old.parts[part].strip() and old.parts[part] != new.parts[part]:
            yield from (f"{part} {found}" for found in _lost(old.tree(part), new.tree(part)))


def _lost(old: etree._Element, new: etree._Element) -> Iterator[str]:
    where = local(old)
    if old.tag != new.tag or old.prefix != new.prefix:
        yield f"{where} became {new.tag}"
    kept = {name: value for name, value in old.attrib.items() if name != "count"}
    if kept != {name: value for name, value in new.attrib.items() if name != "count"}:
        yield f"{where} {dict(old.attrib)} became {dict(new.attrib)}"
    if not old.nsmap.items() <= new.nsmap.items():
        yield f"{where} lost a namespace"
    if (old.text or "").strip() != (new.text or "").strip():
        yield f"{where} text"
    if len(elements(old)) == len(elements(new)):
        for one, other in zip(elements(old), elements(new), strict=True):
            yield from _lost(one, other)
    else:
        yield from _lost_children(old, new)


def _lost_children(old: etree._Element, new: etree._Element) -> Iterator[str]:
    """Containers that gained entries at their end, and elements that gained a container."""
    candidates = iter(elements(new))
    for child in elements(old):
        found = next((each for each in candidates if each.tag == child.tag), None)
        if found is None:
            yield f"{local(old)} lost {local(child)}"
            return
        yield from _lost(child, found)


def insertion(before: bytes, after: bytes) -> bytes | None:
    """What was inserted at one place, None where anything else differs."""
    start = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    length = len(after) - len(before)
    same = length >= 0 and before[:start] + after[start : start + length] + before[start:] == after
    return after[start : start + length] if same else None


def values(data: bytes) -> dict[str, str]:
    """Every sheet's cells, written out, by an independent reader; nothing where it cannot read the file."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        return {name: _grid(book, name) for name in book.sheet_names}
    except BaseException as complaint:  # noqa: BLE001 - the reader's panics are no Exceptions
        return _complaint(complaint)


def _grid(book: python_calamine.CalamineWorkbook, name: str) -> str:
    try:
        return repr(book.get_sheet_by_name(name).to_python())  # written out, since nan is not nan
    except BaseException as complaint:  # noqa: BLE001 - as above
        return str(_complaint(complaint))


def _complaint(complaint: BaseException) -> dict[str, str]:
    if isinstance(complaint, KeyboardInterrupt | SystemExit):
        raise complaint
    return {}


def markable(data: bytes) -> list[str]:
    """The names of the ordinary worksheets that have cells."""
    named = Counter(sheet.name.casefold() for sheet in book_of(data).sheets)
    return [
        sheet.name
        for sheet in book_of(data).sheets
        if sheet.is_worksheet and named[sheet.name.casefold()] == 1 and list(sheet.all("sheetData"))
    ]


def grafted(data: bytes) -> bytes:
    """With the donor's sheets, one of them hidden."""
    surgery = opened(data)
    surgery.graft(donor(), hidden={"数据"})
    return surgery.to_bytes()


def broken_by_graft(before: bytes, after: bytes) -> list[str]:
    """Every way in which a graft did not leave the seller's file whole."""
    parts = [f"changed {part}" for part in sorted(changed(before, after) - may_change(before))]
    old, new = values(before), values(after)
    cells = [f"other cells on {name}" for name, grid in old.items() if new.get(name) != grid]
    order = [sheet.name for sheet in book_of(before).sheets]
    first = [sheet.name for sheet in book_of(after).sheets][: len(order)]
    moved = [f"sheets are {first}"] if first != order else []
    return [*parts, *lost(before, after), *cells, *moved, *sorted(problems(after) - problems(before))]


def broken_by_marks(before: bytes) -> list[str]:
    """As `broken_by_graft`, for marks in every sheet; and whether they come out without a trace."""
    surgery, sheets = opened(before), markable(before)
    for sheet in sheets:
        surgery.mark(sheet, MARKED, "error")
        surgery.mark(sheet, ["C1"], "info")
    after = surgery.to_bytes()
    old, new = book_of(before), book_of(after)
    marked = {sheet.part for sheet in old.sheets if sheet.name in sheets}
    found = [f"changed {part}" for part in sorted(changed(before, after) - may_change(before) - marked)]
    for part in sorted(marked):
        said = insertion(in_utf8(old.parts[part]), in_utf8(new.parts[part])) or b""
        if b'"sheetkit:error"' not in said or b'"sheetkit:info"' not in said:
            found.append(f"{part} changed by {said[:200]!r}")
    again = opened(after)
    again.clear_marks()
    left = changed_content(before, again.to_bytes()) - may_change(before)
    return [*found, *lost(before, after), *sorted(left), *sorted(problems(after) - problems(before))]


def in_utf8(data: bytes) -> bytes:
    """A document as bytes that can be searched."""
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(data[:2])
    return data[2:].decode(encoding).encode() if encoding else data


# -- what the judges say of (original, result) ---------------------------------------------------


def new_errors(pairs: Sequence[tuple[Path, Path]]) -> dict[str, list[str]]:
    """What the Open XML SDK finds wrong in a result and not in its original, three each."""
    said = tools.validate(after for _, after in pairs)
    known = tools.validate({before for before, after in pairs if said[after]})
    new = {str(after): sorted(set(said[after]) - set(known.get(before, ()))) for before, after in pairs}
    return {name: errors[:3] for name, errors in new.items() if errors}


def shown_otherwise(before: bytes | None, after: bytes | None) -> str:
    """What LibreOffice's copy of a result does not show as its copy of the original does."""
    if before is None:
        return ""  # what it cannot open without our sheets it need not open with them
    if after is None:
        return "not opened"
    old, new = values(before), values(after)
    sheets = [sheet.name for sheet in book_of(after).sheets]
    if sheets[: len(old)] != list(old) or len(sheets) != len(old) + 3:
        return f"sheets {sheets}"
    changing = {sheet.name for sheet in book_of(before).sheets if is_volatile(sheet.all("f"))}
    return ", ".join(name for name, grid in old.items() if new[name] != grid and name not in changing)


def is_volatile(formulas: Iterable[etree._Element]) -> bool:
    return any(word in (formula.text or "").upper() for formula in formulas for word in VOLATILE)
