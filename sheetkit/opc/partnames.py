"""Part names: compared without case and escapes, ``\\`` read as ``/``, never with a leading slash."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from urllib.parse import quote, unquote


def fold(name: str) -> str:
    """The key under which a part is known."""
    return unquote(name.replace("\\", "/").lstrip("/")).lower()


def escaped(name: str) -> str:
    """The name as content types and relationships have to write it: ASCII, without blanks."""
    return quote(name, safe="/%!$&'()*+,;=:@~-._")


def rels_name(part: str) -> str:
    """The name of the relationships part that belongs to ``part`` (``""`` is the package)."""
    folder, _, file = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{file}.rels")


def resolve(source: str, target: str) -> str:
    """The part name a relationship target means, seen from the part ``source``."""
    path = target.replace("\\", "/")
    if not path.startswith("/"):
        path = posixpath.join(posixpath.dirname(source.replace("\\", "/")), path)
    return posixpath.normpath("/" + path.lstrip("/")).lstrip("/")


def relative(source: str, part: str) -> str:
    """The relationship target that leads from the part ``source`` to ``part``."""
    return posixpath.relpath("/" + part, "/" + posixpath.dirname(source))


def unused(name: str, taken: Container[str]) -> str:
    """``xl/charts/chart1.xml`` with the first free number; ``styles.xml`` itself where that is free."""
    stem, extension = posixpath.splitext(name)
    if not stem[-1:].isdigit() and fold(name) not in taken:
        return name
    stem = re.sub(r"\d+$", "", stem)
    number = 1
    while fold(candidate := f"{stem}{number}{extension}") in taken:
        number += 1
    return candidate
