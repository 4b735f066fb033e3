"""Relationships parts: how parts are found, since no part has a fixed path."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.partnames import escaped, fold, relative, resolve
from sheetkit.opc.rewrite import rewritten

_EMPTY = (
    xmlio.DECLARATION
    + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


@dataclass(frozen=True)
class Relationship:
    """One arrow: its id, the last word of its type, and where it points."""

    id: str
    type: str
    target: str
    external: bool
    source: str

    @property
    def kind(self) -> str:
        """The last word of the type, the same in every generation of the format."""
        return self.type.rpartition("/")[2]

    @property
    def part(self) -> str:
        """The name of the part it points at, empty where it leads out of the package."""
        if self.external or not self.target or self.target.startswith("#"):
            return ""
        return resolve(self.source, self.target)


class Relationships:
    """The arrows that start at one part."""

    def __init__(self, source: str, data: bytes | None) -> None:
        self._source = source
        self._data = data if data and data.strip() else _EMPTY
        self._root = xmlio.parse(self._data, f"{source} (rels)")
        self.changed = data is None

    def __iter__(self) -> Iterator[Relationship]:
        for element in xmlio.children(self._root, "Relationship"):
            yield Relationship(
                id=element.get("Id", ""),
                type=element.get("Type", ""),
                target=element.get("Target", ""),
                external=element.get("TargetMode", "").lower() == "external",
                source=self._source,
            )

    def by_id(self, id_: str | None) -> Relationship | None:
        """The relationship of that id."""
        return next((relation for relation in self if relation.id == id_), None) if id_ else None

    def of_kind(self, kind: str) -> list[Relationship]:
        """The relationships whose type ends in this word."""
        return [relation for relation in self if relation.kind == kind]

    def add(self, type_: str, part: str, also_taken: Collection[str] = ()) -> str:
        """Point at a part; returns the new id, unused here and not in ``also_taken``."""
        taken = {relation.id.lower() for relation in self} | {id_.lower() for id_ in also_taken}
        number = 1
        while f"rid{number}" in taken:
            number += 1
        target = escaped(relative(self._source, part))
        xmlio.make(self._root, "Relationship", {"Id": f"rId{number}", "Type": type_, "Target": target})
        self.changed = True
        return f"rId{number}"

    def put(self, id_: str, type_: str, target: str, *, external: bool) -> None:
        """Point somewhere under a given id, which must be unused."""
        if self.by_id(id_):
            raise ValueError(f"relationship id {id_} is taken")
        mode = {"TargetMode": "External"} if external else {}
        attributes = {"Id": id_, "Type": type_, "Target": target, **mode}
        xmlio.make(self._root, "Relationship", attributes)
        self.changed = True

    def drop_part(self, part: str) -> None:
        """Forget every arrow that points at this part."""
        doomed = {relation.id for relation in self if fold(relation.part) == fold(part)}
        for element in list(xmlio.children(self._root, "Relationship")):
            if element.get("Id", "") in doomed:
                self._remove(element)

    def _remove(self, element: etree._Element) -> None:
        self._root.remove(element)
        self.changed = True

    def to_bytes(self) -> bytes:
        """The part as it has to be written."""
        return rewritten(self._data, self._root)
