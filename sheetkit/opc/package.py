"""The package: parts found by name or relationship, changed only where somebody wrote to them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from sheetkit.errors import UnreadableError
from sheetkit.opc import contenttypes
from sheetkit.opc.archive import Entry, packed_entry, read_entries, write_entries
from sheetkit.opc.contenttypes import RELATIONSHIPS_TYPE, ContentTypes
from sheetkit.opc.partnames import fold, rels_name, unused
from sheetkit.opc.promises import promised_names
from sheetkit.opc.refusals import refuse_other_containers, refuse_other_packages
from sheetkit.opc.relationships import Relationship, Relationships


class Package:
    """An Open XML package in memory. Names are compared folded; unchanged parts stay as they came."""

    def __init__(self, data: bytes) -> None:
        refuse_other_containers(data)
        self._entries: dict[str, Entry] = {}
        for entry in read_entries(data):
            if fold(entry.name) in self._entries:
                raise UnreadableError("opc.duplicate_parts", part=entry.name)
            self._entries[fold(entry.name)] = entry
        refuse_other_packages(self._entries)
        if contenttypes.PART not in self._entries:
            raise UnreadableError("opc.not_a_workbook")
        self._written: dict[str, bytes] = {}
        self._new: set[str] = set()
        self._rels: dict[str, Relationships] = {}
        self.types = ContentTypes(self.read(contenttypes.PART))

    def verify(self) -> None:
        """Inflate every part once, under the limits and against its checksum."""
        for entry in self._entries.values():
            entry.inflate()

    # -- parts ---------------------------------------------------------------------------------

    @property
    def names(self) -> set[str]:
        """The folded names of all parts."""
        return set(self._entries)

    def __contains__(self, part: str) -> bool:
        return fold(part) in self._entries

    def name_of(self, part: str) -> str:
        """The part's name as the package spells it, with forward slashes."""
        return self._entries[fold(part)].name.replace("\\", "/").lstrip("/")

    def read(self, part: str) -> bytes:
        """The content of a part; raises KeyError where there is none."""
        key = fold(part)
        written = self._written.get(key)
        return self._entries[key].inflate() if written is None else written

    def write(self, part: str, content: bytes) -> None:
        """Set the content of a part, old or new."""
        key = fold(part)
        if key not in self._entries:
            self._entries[key] = packed_entry(part, b"")
            self._new.add(key)
        self._written[key] = content

    def add(self, like: str, content: bytes, content_type: str) -> str:
        """Add a part under the first unused number of a name; returns the name it got."""
        name = unused(like, self._entries.keys() | self._promised)
        self.write(name, content)
        self.types.set(name, content_type)
        return name

    @cached_property
    def _promised(self) -> set[str]:
        rels = {name: self.read(name) for name in self._entries if name.endswith(".rels")}
        return promised_names(rels) | self.types.names

    def drop(self, part: str) -> None:
        """Take a part and its relationships away."""
        self.types.drop(part)
        self._entries.pop(fold(part), None)
        self._written.pop(fold(part), None)
        self.drop_rels(part)

    # -- relationships -------------------------------------------------------------------------

    def rels(self, part: str) -> Relationships:
        """The relationships of a part (``""``: of the package), made on first use where missing."""
        key = fold(part)
        if key not in self._rels:
            name = rels_name(key)
            self._rels[key] = Relationships(part, self.read(name) if name in self._entries else None)
        return self._rels[key]

    def has_rels(self, part: str) -> bool:
        """Whether the part has a relationships part, stored or begun."""
        return fold(part) in self._rels or rels_name(fold(part)) in self._entries

    def drop_rels(self, part: str) -> None:
        """Take away the relationships of a part."""
        name = rels_name(fold(part))
        self._rels.pop(fold(part), None)
        self._entries.pop(name, None)
        self._written.pop(name, None)
        self.types.drop(name)

    def target(self, relation: Relationship) -> str:
        """The name of the part a relationship points at, empty where it points at none we hold."""
        part = relation.part
        return self.name_of(part) if part and part in self else ""

    def targets(self, part: str) -> list[tuple[Relationship, str]]:
        """The relationships of a part that lead to a part we hold, each with that part's name."""
        if not self.has_rels(part):
            return []
        pairs = ((relation, self.target(relation)) for relation in self.rels(part))
        return [(relation, target) for relation, target in pairs if target]

    def reachable(self, start: str, *, around: Collection[str] = ()) -> set[str]:
        """Folded names of all parts that relationships lead to from ``start``, itself included.

        ``around`` names parts not to pass through.
        """
        closed = {fold(part) for part in around}
        seen: set[str] = set()
        queue = [fold(start)]
        while queue:
            part = queue.pop()
            if part not in seen and part not in closed:
                seen.add(part)
                queue += [fold(target) for _, target in self.targets(part)]
        return seen

    # -- out -----------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write the relationships and content types that changed, so that every part is as it goes out."""
        for source, rels in self._rels.items():
            if rels.changed and (rels_name(source) in self._entries or any(True for _ in rels)):
                name = self._rels_spelling(source)
                self.write(name, rels.to_bytes())
                self.types.set(name, RELATIONSHIPS_TYPE)
        if self.types.changed:
            self.write(contenttypes.PART, self.types.to_bytes())

    def checksum(self, part: str) -> tuple[int, int]:
        """CRC-32 and size of a part's content."""
        written = self._written.get(fold(part))
        entry = self._entries[fold(part)]
        return (entry.crc, entry.size_bytes) if written is None else (zlib.crc32(written), len(written))

    def changes(self) -> Iterator[tuple[str, bytes | None, bytes]]:
        """(name, content as opened, content now) of the parts that changed; None for one that is new."""
        for key, content in self._written.items():
            before = None if key in self._new else self._entries[key].inflate()
            if before != content:
                yield key, before, content

    def put_back(self, contents: Mapping[str, bytes | None]) -> bytes:
        """The container as it was opened, but for these parts: their content, or None where they go."""
        known = {fold(part): content for part, content in contents.items()}
        kept = ((key, entry) for key, entry in self._entries.items() if known.get(key, b"") is not None)
        return write_entries(
            entry if (content := known.get(key)) is None else entry.with_content(content)
            for key, entry in kept
        )

    def to_bytes(self) -> bytes:
        """The container: content types first, then every part in its old order, new ones last."""
        self.finish()
        first = self._entries[contenttypes.PART]
        others = (entry for key, entry in self._entries.items() if key != contenttypes.PART)
        return write_entries(self._final(entry) for entry in (first, *others))

    def _rels_spelling(self, source: str) -> str:
        key = rels_name(fold(source))
        if key in self._entries:
            return self.name_of(key)
        return rels_name(self.name_of(source)) if source else "_rels/.rels"

    def _final(self, entry: Entry) -> Entry:
        written = self._written.get(fold(entry.name))
        return entry if written is None else entry.with_content(written)
