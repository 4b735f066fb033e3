"""The seller's styles part, to which formats are only ever appended."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from sheetkit.errors import UnreadableError
from sheetkit.opc import xmlio
from sheetkit.opc.names import unused_number
from sheetkit.opc.rewrite import rewritten

MAX_CELL_FORMATS = 65_430
FIRST_CUSTOM_FORMAT, _LAST_CUSTOM_FORMAT = 164, 65_535
EMPTY = xmlio.DECLARATION + f'<styleSheet xmlns="{xmlio.MAIN}"/>'.encode()
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
    "colors", "extLst",
)  # fmt: skip

Key = tuple[object, ...]


def identity(element: etree._Element) -> Key:
    """What makes two format elements the same: tag, attributes, text, children."""
    attributes = tuple(sorted((str(key), str(value)) for key, value in element.attrib.items()))
    below = tuple(identity(child) for child in element if isinstance(child.tag, str))
    return (xmlio.local(element), attributes, (element.text or "").strip(), below)


class StyleSheet:
    """A styles part as a tree, with a way to find or append each kind of format."""

    def __init__(self, data: bytes, part: str) -> None:
        self._data = data if data.strip() else EMPTY
        self.root = xmlio.parse(self._data, part)
        self._known: dict[str, dict[Key, int]] = {}
        self._sizes: dict[str, int] = {}
        self.changed = False

    def to_bytes(self) -> bytes:
        """The part as it has to be written."""
        return rewritten(self._data, self.root)

    def entries(self, container: str) -> list[etree._Element]:
        """The format elements of a container, empty where it is missing."""
        parent = xmlio.child(self.root, container)
        return [] if parent is None else [el for el in parent if isinstance(el.tag, str)]

    def _container(self, name: str) -> etree._Element:
        """The container, made at its schema position and given its compulsory first entries."""
        found = xmlio.child(self.root, name)
        parent = xmlio.make_ranked(self.root, name, _ORDER) if found is None else found
        for fill_in in _COMPULSORY.get(name, ())[len(self.entries(name)) :]:
            fill_in(parent)
            parent.set("count", str(len(self.entries(name))))
            self.changed = True
        return parent

    def prepare(self) -> None:
        """Make sure that cell format 0 and what it stands on exist before anything is appended."""
        for name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs"):
            self._container(name)
        formats = [*self.entries("cellXfs"), *self.entries("cellStyleXfs")]
        for container, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            self.reserve(container, max(xmlio.whole(xf.get(attribute)) for xf in formats))

    def reserve(self, container: str, highest: int) -> None:
        """Fill a container up to an index that somebody uses, so that nothing appended comes alive there.

        What is past the end shows as the first entry does, so copies of it are what is filled in.
        """
        parent = self._container(container)
        entries = self.entries(container)
        if len(entries) > highest or highest > MAX_CELL_FORMATS:
            return
        for _ in range(len(entries), highest + 1):
            if container == "dxfs":
                xmlio.make(parent, "dxf")
            else:
                graft(parent, entries[0])
        parent.set("count", str(highest + 1))
        self.changed = True

    def index_of(self, container: str, element: etree._Element) -> int:
        """The index of an equal entry, or of a copy of the element appended here."""
        known = self._index(container)
        key = identity(element)
        if key not in known:
            known[key] = self._append(container, element)
        return known[key]

    def _index(self, container: str) -> dict[Key, int]:
        if container not in self._known:
            self._container(container)
            entries = self.entries(container)
            pairs = ((identity(entry), at) for at, entry in enumerate(entries))
            self._known[container] = dict(reversed(list(pairs)))
            self._sizes[container] = len(entries)
        return self._known[container]

    def _append(self, container: str, element: etree._Element) -> int:
        parent, position = self._container(container), self._sizes[container]
        if container == "cellXfs" and position >= MAX_CELL_FORMATS:
            raise UnreadableError("opc.too_many_styles", limit=MAX_CELL_FORMATS)
        graft(parent, element)
        self._sizes[container] = position + 1
        parent.set("count", str(position + 1))
        self.changed = True
        return position

    def number_format(self, code: str) -> int:
        """The id of a number format by its code, appended where the part has none such."""
        for entry in self.entries("numFmts"):
            id_ = xmlio.whole(entry.get("numFmtId"))
            if entry.get("formatCode") == code and id_:
                return id_
        id_ = unused_number(self._number_format_ids(), _LAST_CUSTOM_FORMAT, FIRST_CUSTOM_FORMAT)
        parent = self._container("numFmts")
        xmlio.make(parent, "numFmt", {"numFmtId": str(id_), "formatCode": code})
        parent.set("count", str(len(self.entries("numFmts"))))
        self.changed = True
        return id_

    def _number_format_ids(self) -> set[int]:
        """Every number anybody uses: stated, stated in an alternative, or only pointed at."""
        return {xmlio.whole(element.get("numFmtId")) for element in self.root.iter(etree.Element)}


def graft(parent: etree._Element, element: etree._Element) -> etree._Element:
    """A copy of the element as the last child, in the parent document's own namespace prefix."""
    copy = xmlio.make(parent, xmlio.local(element), {str(k): str(v) for k, v in element.attrib.items()})
    copy.text = element.text
    for below in element:
        if isinstance(below.tag, str):
            graft(copy, below)
    return copy


def _make_font(parent: etree._Element) -> None:
    font = xmlio.make(parent, "font")
    xmlio.make(font, "sz", {"val": "11"})
    xmlio.make(font, "name", {"val": "Calibri"})


def _make_fill(pattern: str) -> Callable[[etree._Element], None]:
    def make(parent: etree._Element) -> None:
        xmlio.make(xmlio.make(parent, "fill"), "patternFill", {"patternType": pattern})

    return make


def _make_border(parent: etree._Element) -> None:
    border = xmlio.make(parent, "border")
    for side in ("left", "right", "top", "bottom", "diagonal"):
        xmlio.make(border, side)


def _make_xf(**more: str) -> Callable[[etree._Element], None]:
    def make(parent: etree._Element) -> None:
        xmlio.make(parent, "xf", {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", **more})

    return make


_COMPULSORY: dict[str, tuple[Callable[[etree._Element], None], ...]] = {
    "fonts": (_make_font,),
    "fills": (_make_fill("none"), _make_fill("gray125")),
    "borders": (_make_border,),
    "cellStyleXfs": (_make_xf(),),
    "cellXfs": (_make_xf(xfId="0"),),
}
