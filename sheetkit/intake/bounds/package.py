"""A zip container, checked part by part."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sheetkit.errors import UnreadableError
from sheetkit.intake.bounds.limits import refuse_much_text
from sheetkit.intake.bounds.opendocument import check_tables
from sheetkit.intake.bounds.records import binary_sheet_extent, longest_binary_text
from sheetkit.intake.bounds.sheet import check_sheet, refuse_long_stretches, without_empty_tail
from sheetkit.intake.bounds.texts import shown_bytes
from sheetkit.opc.archive import Entry, read_entries, write_entries

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*/>")
_SHARED_TEXTS = (b"<sst", b":sst")


@dataclass
class CheckedPackage:
    """A zip container that is safe to open: its folded entry names, and its sheet parts inflated.

    ``readable`` is what to give the reader: the same container, without the long empty tails of sheets.
    """

    readable: bytes
    names: set[str] = field(default_factory=set)
    sheets: dict[str, bytes] = field(default_factory=dict)


def check_package(data: bytes) -> CheckedPackage:
    """Inflates every entry once, under the limits; raises UnreadableError where the container is unsound."""
    checked = CheckedPackage(data)
    entries = read_entries(data)
    shorter: dict[str, Entry] = {}
    shared, shared_cells, longest = b"", 0, 0
    for entry in entries:
        name = entry.name.replace("\\", "/").lstrip("/").casefold()
        checked.names.add(name)
        content = entry.inflate()
        if name == "meta-inf/manifest.xml" and b"encryption-data" in content:
            raise UnreadableError("intake.encrypted_ods")
        if name == "content.xml":
            check_tables(content, entry.name)
        elif name.endswith(".bin"):
            if "worksheets/" in name:
                shared_cells += binary_sheet_extent(content, entry.name).shared
            elif "sharedstrings" in name:
                longest = longest_binary_text(content)
        elif b"sheetData" in content:
            kept = without_empty_tail(content)
            if kept is not content:
                shorter[entry.name] = entry.with_content(kept)
            check_sheet(kept, entry.name)
            checked.sheets[name] = kept
        elif any(mark in content for mark in _SHARED_TEXTS):
            refuse_long_stretches(content, entry.name)
            shared += content
    refuse_much_text(shown_bytes(shared, list(checked.sheets.values())), "sharedStrings")
    refuse_much_text(shared_cells * longest, "sharedStrings")
    if shorter:
        checked.readable = write_entries(shorter.get(entry.name, entry) for entry in entries)
    return checked


def without_dimensions(data: bytes) -> bytes:
    """The package with the stated extent of every sheet taken out; it is optional and often wrong."""
    entries = []
    for entry in read_entries(data):
        content = entry.inflate()
        entries.append(entry.with_content(_DIMENSION.sub(b"", content)) if b"sheetData" in content else entry)
    return write_entries(entries)
