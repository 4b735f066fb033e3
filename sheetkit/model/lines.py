"""Which line of a TOML file a mistake is in: the last header or key on the way to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sheetkit.errors import TemplateError

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.-]+)\s*=")


def line_of(text: str, where: str) -> int:
    """The line (from 1) in which the key path ``where`` stands, or the nearest thing to it; 0 for none.

    >>> line_of('[[plays]]\\nkey = "a"\\n[[plays]]\\nkey = "b"', "plays[2].key")
    4
    """
    best = length = 0
    for number, path in _paths(text):
        if not best and path.startswith(f"{where}."):
            best = number
        on_the_way = where == path or where.startswith((f"{path}.", f"{path}["))
        if on_the_way and len(path) > length:
            best, length = number, len(path)
    return best


def _paths(text: str) -> Iterator[tuple[int, str]]:
    """(line, key path) of every header and key that begins a line."""
    counts: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            name = header[2]
            counts[name] += header[1] == "[["
            table = _numbered(name, counts)
            yield number, table
        elif key:
            yield number, f"{table}.{key[1]}" if table else key[1]


def _numbered(name: str, counts: Counter[str]) -> str:
    """``plays.drafts`` as ``plays[2].drafts``, in the second of the plays."""
    path, plain = "", ""
    for part in name.split("."):
        plain = f"{plain}.{part}" if plain else part
        path = f"{path}.{part}" if path else part
        path += f"[{counts[plain]}]" if counts[plain] else ""
    return path


@contextmanager
def pointing(file: str, text: str) -> Iterator[None]:
    """Within it, a TemplateError about ``file`` says the line as well: ``my.toml:12``."""
    try:
        yield
    except TemplateError as problem:
        line = line_of(text, str(problem.params.get("where", "")))
        if problem.params.get("file") == file and line:
            problem.params["file"] = f"{file}:{line}"
        raise
