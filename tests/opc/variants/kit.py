"""A package taken apart, so that a variant can say the same in another way."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from tests.opc.reading import Book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "[Content_Types].xml"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"

Parts = dict[str, bytes]


def zipped(parts: Parts) -> bytes:
    """The plain container."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        for name, content in parts.items():
            container.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unzipped(data: bytes) -> Parts:
    """Name to content, names with forward slashes."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        infos = [info for info in container.infolist() if not info.is_dir()]
        return {info.filename.replace("\\", "/").lstrip("/"): container.read(info) for info in infos}


@dataclass(frozen=True)
class Variant:
    """One way to write a workbook differently.

    ``change`` returns the parts, or None where the kind does not arise in this workbook (no notes, no
    second sheet). ``refused`` is the key of the sentence with which the kind has to be turned away;
    ``heavy`` kinds take seconds a file.
    """

    name: str
    change: Callable[[Parts], Parts | None] = dict
    pack: Callable[[Parts], bytes] = zipped
    refused: str = ""
    heavy: bool = False

    def of(self, data: bytes) -> bytes | None:
        changed = self.change(unzipped(data))
        return None if changed is None else self.pack(changed)


class Kit:
    """The parts of a workbook by what they are; names as the package spells them."""

    def __init__(self, parts: Parts) -> None:
        self.parts = dict(parts)
        self._book = Book(zipped(parts))
        self._spelling = {Book.key(name): name for name in parts}
        self.workbook = self._spelling[self._book.workbook_part]
        found = (self._spelling.get(sheet.part) for sheet in self._book.sheets if sheet.is_worksheet)
        self.sheets = list(dict.fromkeys(part for part in found if part))

    def one(self, kind: str) -> str:
        """The workbook's part of this kind (styles, theme …), empty where it has none."""
        return self._spelling.get(self._book.related(kind), "")

    def all_of(self, kind: str) -> list[str]:
        """The sheets' parts of this kind (table, vmlDrawing …)."""
        found = [part for sheet in self._book.sheets for part in sheet.related(kind)]
        return [self._spelling[part] for part in dict.fromkeys(found)]

    @property
    def sheet_names(self) -> list[str]:
        return [sheet.name for sheet in self._book.sheets]

    @property
    def rels(self) -> list[str]:
        return [name for name in self.parts if name.lower().endswith(".rels")]

    @property
    def documents(self) -> list[str]:
        """Content types, relationships, workbook, sheets, styles, shared strings, tables."""
        single = [self.one(kind) for kind in ("styles", "sharedStrings")]
        named = [TYPES, *self.rels, self.workbook, *self.sheets, *single, *self.all_of("table")]
        return [name for name in named if name and self.parts.get(name, b"").strip()]

    def text(self, name: str) -> str:
        return text_of(self.parts[name])

    def tree(self, name: str) -> etree._Element:
        parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
        return etree.fromstring(self.parts[name], parser)

    def put(self, name: str, root: etree._Element) -> Kit:
        tree = root.getroottree()
        self.parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        return self

    def with_text(self, name: str, text: str) -> Kit:
        self.parts[name] = text.encode()
        return self

    def rels_of(self, name: str) -> str:
        folder, file = posixpath.split(name)
        like = posixpath.join(folder, "_rels", file + ".rels")
        return self._spelling.get(Book.key(like), like)

    def point(self, source: str, id_: str, type_: str, target: str) -> Kit:
        """One more relationship of a part."""
        rels = self.rels_of(source)
        if rels not in self.parts:
            self.parts[rels] = f'<Relationships xmlns="{PACKAGE}"/>'.encode()
        root = self.tree(rels)
        space = etree.QName(root).namespace
        attributes = {"Id": id_, "Type": type_, "Target": target}
        etree.SubElement(root, f"{{{space}}}Relationship", attributes)
        return self.put(rels, root)

    def declare(self, part: str, content_type: str) -> Kit:
        """One more Override."""
        root = self.tree(TYPES)
        space = etree.QName(root).namespace
        etree.SubElement(root, f"{{{space}}}Override", {"PartName": "/" + part, "ContentType": content_type})
        return self.put(TYPES, root)

    def without(self, part: str) -> Kit:
        """No such part, no relationship to it, no content type for it."""
        key = Book.key(part)
        for name in self.rels:
            root = self.tree(name)
            source = self._source(name)
            for element in list(root):
                if isinstance(element.tag, str) and _leads(source, element, key):
                    root.remove(element)
                    self.put(name, root)
        root = self.tree(TYPES)
        for element in list(root):
            if isinstance(element.tag, str) and Book.key(element.get("PartName", "")) == key:
                root.remove(element)
                self.put(TYPES, root)
        self.parts.pop(self.rels_of(part), None)
        self.parts.pop(part, None)
        return self

    def _source(self, rels: str) -> str:
        folder, file = posixpath.split(rels)
        return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))

    def folder(self) -> str:
        """The workbook's folder with a slash behind it, empty for the root."""
        folder = posixpath.dirname(self.workbook)
        return folder + "/" if folder else ""


def _leads(source: str, element: etree._Element, key: str) -> bool:
    return element.get("TargetMode") != "External" and resolved(source, element.get("Target", "#")) == key


def resolved(source: str, target: str) -> str:
    """The folded name of the part a target means."""
    path = posixpath.join("/" + posixpath.dirname(source), target.replace("\\", "/"))
    return Book.key(posixpath.normpath(path.replace("//", "/")))


def text_of(data: bytes) -> str:
    """A document as text without its declaration."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16")
    else:
        declared = re.match(rb"<\?xml[^>]*?encoding=[\"']([\w.-]+)", data.removeprefix(b"\xef\xbb\xbf"))
        text = data.decode(declared[1].decode() if declared else "utf-8-sig").lstrip("\ufeff")
    return re.sub(r"^\s*<\?xml.*?\?>\s*", "", text, flags=re.S)


_TOKEN = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.S)


def tokens(text: str) -> Iterator[str]:
    """Tags, texts and the rest, in order."""
    return (match.group() for match in _TOKEN.finditer(text))


def is_tag(token: str) -> bool:
    return token.startswith("<") and not token.startswith(("<!", "<?"))


def ordered(root: etree._Element, name: str, before: tuple[str, ...]) -> etree._Element:
    """A new child of the root, in its namespace, after the last of the named siblings."""
    space = etree.QName(root).namespace
    element = etree.Element(f"{{{space}}}{name}")
    ranked = [at for at, each in enumerate(root) if isinstance(each.tag, str)
              and etree.QName(each).localname in before]  # fmt: skip
    root.insert(ranked[-1] + 1 if ranked else 0, element)
    return element
