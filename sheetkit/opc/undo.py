"""The way back: the seller's parts as they were before a run, byte for byte.

A run keeps, for each part of the seller's it changed, the edits that undo the change, and a fingerprint
of everything that is not its own. As long as the fingerprint fits, no other program has saved the file and
the way back leads home; otherwise there is none, and the sheets are taken out one by one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Collection
from typing import Any

from sheetkit.opc import xmlio
from sheetkit.opc.labels import labelled
from sheetkit.opc.marks import cut_marks
from sheetkit.opc.package import Package
from sheetkit.opc.partnames import fold, rels_name
from sheetkit.opc.record import read_record
from sheetkit.opc.rewrite import Edit, applied, edits_between, reverse
from sheetkit.opc.splice import in_utf8
from sheetkit.opc.workbook import Workbook

KEY, RECORD_LABEL = "undo", "run"
MOST_BYTES = 64 << 20


def way_back(package: Package, workbook: Workbook) -> str:
    """What leads back from the package as it stands, finished and labelled, to as it was opened.

    Marks are not in it: they are cut out again wherever they are.
    """
    ours = _added_parts(package, workbook)
    sheets = {fold(sheet.part) for sheet in workbook.sheets}
    parts = {
        part: None if before is None else _edits_back(before, now)
        for part, before, now in package.changes()
        if part not in ours and part not in sheets
    }
    held = {"theirs": _fingerprint(package, ours), "parts": parts}
    packed = zlib.compress(json.dumps(held, sort_keys=True).encode(), 9)
    return base64.b64encode(packed).decode()


def _edits_back(before: bytes, now: bytes) -> dict[str, Any]:
    edits = edits_between(before, xmlio.parse(now, "")) if before.strip() else []
    if applied(before, edits) != now:  # written by other means than `rewritten`
        edits = [Edit(0, len(before), now)]
    back = [(one.start, one.end, one.new.decode("latin-1")) for one in reverse(before, edits)]
    return {"crc": zlib.crc32(before), "edits": back}


def before_run(package: Package, workbook: Workbook) -> bytes | None:
    """The file before the last run; None where it holds no way back or was saved by somebody since."""
    held = _held(package, workbook)
    ours = _added_parts(package, workbook) if held else set()
    if held is None or held["theirs"] != _fingerprint(package, ours):
        return None
    contents: dict[str, bytes | None] = dict.fromkeys(ours)
    for sheet in workbook.sheets:
        if sheet.part and sheet.kind == "worksheet" and fold(sheet.part) not in ours:
            marked = package.read(sheet.part)
            if (plain := in_utf8(marked, cut_marks)) != marked:
                contents[sheet.part] = plain
    for part, back in held["parts"].items():
        contents[part] = None if back is None else _put_back(package.read(part), back)
        if back is not None and zlib.crc32(contents[part] or b"") != back["crc"]:
            return None
    return package.put_back(contents)


def _put_back(now: bytes, back: dict[str, Any]) -> bytes:
    return applied(now, [Edit(start, end, text.encode("latin-1")) for start, end, text in back["edits"]])


def _held(package: Package, workbook: Workbook) -> dict[str, Any] | None:
    record = labelled(workbook).get(RECORD_LABEL)
    text = read_record(package.read(record.part)).get(KEY, "") if record and record.part else ""
    if not text:
        return None
    try:
        found = json.loads(zlib.decompressobj().decompress(base64.b64decode(text), MOST_BYTES))
    except (ValueError, zlib.error):
        return None
    return found if isinstance(found, dict) and found.keys() == {"theirs", "parts"} else None


def _added_parts(package: Package, workbook: Workbook) -> set[str]:
    """Folded names of the labelled sheets' parts and of everything that only they lead to."""
    sheets = [sheet.part for sheet in labelled(workbook).values() if sheet.part]
    led_to = set().union(*(package.reachable(part) for part in sheets))
    owned = led_to - package.reachable("", around=sheets)
    return {name for part in owned for name in (part, rels_name(part)) if name in package}


def _fingerprint(package: Package, ours: Collection[str]) -> str:
    """What tells that nobody else has changed a part of the seller's."""
    lines = (f"{part} {package.checksum(part)}\n" for part in sorted(package.names) if part not in ours)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:32]
