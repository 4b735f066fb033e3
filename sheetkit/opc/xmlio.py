"""XML in and out, without entities, network, or a cleaned-up namespace."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from sheetkit.errors import UnreadableError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/"
LARGEST_TREE = 3_000_000
"""Elements and attributes of a part, which take about 200 bytes each: three times the fullest style table."""
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parse(data: bytes, part: str) -> etree._Element:
    """The root element; raises UnreadableError naming the part where it is no safe XML."""
    if data.count(b"<") + data.count(b"=") > LARGEST_TREE:
        raise UnreadableError("opc.too_large", part=part)
    if b"<!DOCTYPE" in data:  # before its entities unfold
        raise UnreadableError("opc.unsafe_xml", part=part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("opc.broken_part", part=part) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("opc.unsafe_xml", part=part)
    return root


def serialise(root: etree._Element) -> bytes:
    """The whole document, comments around the root included, as UTF-8 with a declaration."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """The namespace of the element, empty where it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Child elements of that local name, whatever prefix the document uses."""
    return (child for child in element if local(child) == name)


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child element of that local name."""
    return next(children(element, name), None)


def make(parent: etree._Element, name: str, attributes: dict[str, str] | None = None) -> etree._Element:
    """A new last child in the parent's own namespace and prefix."""
    space = namespace(parent)
    prefixes = {} if RELATIONS in parent.nsmap.values() else {"r": RELATIONS}
    needs = any(RELATIONS in key for key in attributes or {})
    return etree.SubElement(
        parent, f"{{{space}}}{name}" if space else name, attributes or {}, prefixes if needs else None
    )


def make_ranked(parent: etree._Element, name: str, order: Sequence[str]) -> etree._Element:
    """A new child at the place the schema's ``order`` of child names gives it."""
    before = order[: order.index(name) + 1]
    ranked = [place for place, sibling in enumerate(parent) if local(sibling) in before]
    element = make(parent, name)
    parent.insert(ranked[-1] + 1 if ranked else 0, element)
    return element


def relation_attribute(element: etree._Element, name: str = "id") -> str | None:
    """The value of ``r:id`` (or ``r:name``), whatever prefix the document gave the namespace."""
    return element.get(f"{{{RELATIONS}}}{name}")


def whole(value: str | None) -> int:
    """The number an attribute holds, 0 where it is missing or holds none."""
    return int(value) if value and value.strip().isdecimal() else 0


def is_true(value: str | None) -> bool:
    """An xsd:boolean as files write it."""
    return value is not None and value.strip().lower() in {"1", "true", "on"}
