"""What lies on a sheet besides its cells, counted."""

from __future__ import annotations

import re

from sheetkit.opc.package import Package
from sheetkit.opc.splice import as_utf8

_ITEMS = {
    "drawing": re.compile(rb"<(?:[\w.-]+:)?(?:twoCell|oneCell|absolute)Anchor[\s>]"),
    "comments": re.compile(rb"<(?:[\w.-]+:)?comment[\s>]"),
}
"""By kind of relationship; a threaded comment has one of the old kind beside it."""


def attachments(package: Package, sheet_part: str) -> int:
    """The number of charts, pictures, shapes and notes on a sheet."""
    return sum(
        len(_ITEMS[relation.kind].findall(as_utf8(package.read(part))))
        for relation, part in package.targets(sheet_part)
        if relation.kind in _ITEMS
    )
