"""Checks on formats: every index leads to an entry, every entry stands on what is there."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from tests.opc.checks_package import repeated
from tests.opc.reading import Book, elements, local, whole

_FIRST_CUSTOM, _MOST_FORMATS, _FORMAT_SIGNS = 164, 65_490, 255
_POINTERS = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"), ("xfId", "cellStyleXfs"))


def cell_styles(book: Book) -> Iterator[str]:
    count = max(1, book.style_count("cellXfs"))
    for sheet in book.sheets:
        for tag, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            highest = max((whole(el.get(attribute)) for el in sheet.all(tag)), default=0)
            if highest >= count:
                yield f"{sheet.name} {tag} {highest}"


def format_parts(book: Book) -> Iterator[str]:
    for container in ("cellXfs", "cellStyleXfs"):
        for index, xf in enumerate(book.styles.iterfind(f"{{*}}{container}/{{*}}xf")):
            for attribute, other in _POINTERS:
                if whole(xf.get(attribute)) >= max(1, book.style_count(other)):
                    yield f"{container} {index} {attribute}"
    for style in book.styles.iterfind("{*}cellStyles/{*}cellStyle"):
        if whole(style.get("xfId")) >= max(1, book.style_count("cellStyleXfs")):
            yield f"style {style.get('name')}"
    if book.style_count("cellXfs") > _MOST_FORMATS:
        yield f"{book.style_count('cellXfs')} cell formats"


def counts(book: Book) -> Iterator[str]:
    for container in elements(book.styles):
        if container.get("count") and whole(container.get("count")) != len(elements(container)):
            yield local(container)


def number_formats(book: Book) -> Iterator[str]:
    stated = _number_formats(book.styles)
    yield from (f"twice {id_}" for id_ in repeated(el.get("numFmtId", "") for el in stated))
    known = {el.get("numFmtId") for el in stated}
    for container in ("cellXfs", "cellStyleXfs"):
        for index, xf in enumerate(book.styles.iterfind(f"{{*}}{container}/{{*}}xf")):
            if whole(xf.get("numFmtId")) >= _FIRST_CUSTOM and xf.get("numFmtId") not in known:
                yield f"{container} {index}"
    yield from (
        f"length of {el.get('numFmtId')}" for el in stated if len(el.get("formatCode", "")) > _FORMAT_SIGNS
    )


def _number_formats(styles: etree._Element) -> list[etree._Element]:
    """The number formats of the part, one of each alternative."""
    container = styles.find("{*}numFmts")
    found = [] if container is None else elements(container)
    return [
        entry
        for element in found
        for entry in (element.iterfind("{*}Choice/{*}numFmt") if _is_choice(element) else [element])
    ]


def _is_choice(element: etree._Element) -> bool:
    return local(element) == "AlternateContent"


def differential_formats(book: Book) -> Iterator[str]:
    count = book.style_count("dxfs")
    roots = [(sheet.name, sheet.root) for sheet in book.sheets if sheet.root is not None]
    roots += [(table.name, table.root) for table in book.tables]
    roots += [(part, book.tree(part)) for part in book.of_kind("pivotTable")]
    roots += [("table style", style) for style in book.styles.iterfind("{*}tableStyles")]
    for where, root in roots:
        for element in root.iter("{*}*"):
            for name, value in element.attrib.items():
                if str(name).lower().endswith("dxfid") and whole(str(value)) >= count:
                    yield f"{where} {local(element)} {value}"


CHECKS = (cell_styles, format_parts, counts, number_formats, differential_formats)
