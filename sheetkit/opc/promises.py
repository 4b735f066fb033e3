"""Names that somebody speaks of though no part has them: a new part of such a name would come alive there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import unescape

from sheetkit.opc.partnames import fold, resolve
from sheetkit.opc.splice import as_utf8

_TARGET = re.compile(rb"\bTarget\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def promised_names(rels: Mapping[str, bytes]) -> set[str]:
    """Folded names of all parts that these relationships start at or lead to, there or not."""
    return {fold(name) for part, data in rels.items() for name in _spoken_of(part, data)}


def _spoken_of(rels: str, data: bytes) -> set[str]:
    folder, file = posixpath.split(rels)
    source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
    targets = (double or single for double, single in _TARGET.findall(as_utf8(data)))
    return {source, *(resolve(source, unescape(target.decode("utf-8", "replace"))) for target in targets)}
