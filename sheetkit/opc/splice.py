"""Changing a sheet by inserting and cutting bytes, so that every other byte stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>"
    rb"|<(?P<close>/?)(?P<name>[^\s/>!?]+)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/?)>",
    re.S,
)
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def as_utf8(data: bytes) -> bytes:
    """The part's bytes in an encoding whose markup is ASCII."""
    encoding = _UTF16_MARKS.get(data[:2])
    return data if encoding is None else data[2:].decode(encoding).encode()


@dataclass(frozen=True)
class Span:
    """An element: its local name, where it starts, where its content starts, and its end (bytes)."""

    name: str
    start: int
    inner: int
    end: int


def in_utf8(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Apply a change that reads ASCII markup to a part in UTF-8 or UTF-16; the encoding stays."""
    encoding = _UTF16_MARKS.get(data[:2])
    if encoding is None:
        return change(data)
    return data[:2] + change(data[2:].decode(encoding).encode()).decode().encode(encoding)


def elements(data: bytes, start: int, end: int) -> Iterator[Span]:
    """The outermost elements between two positions, in order.

    The content of ``sheetData`` is skipped, not read: it ends at the last ``</sheetData>``.
    """
    position = start
    while (opened := _next_tag(data, position, end)) is not None:
        tag = opened["name"]
        name = tag.rpartition(b":")[2].decode()
        if opened["close"]:
            return
        if opened["empty"]:
            position = opened.end()
        elif name == "sheetData":
            position = data.index(b">", data.rindex(b"</" + tag, start, end)) + 1
        else:
            position = _end_of(data, opened.end(), end)
        yield Span(name, opened.start(), opened.end(), position)


def outermost(data: bytes) -> Span:
    """The root element; it counts as ending with the data."""
    opened = _next_tag(data, 0, len(data))
    if opened is None:
        raise ValueError("no root element")
    end = opened.end() if opened["empty"] else len(data)
    return Span(opened["name"].rpartition(b":")[2].decode(), opened.start(), opened.end(), end)


def root_of(data: bytes) -> tuple[bytes, int]:
    """The prefix (with its colon, or empty) of the root element, and where its content starts."""
    opened = _next_tag(data, 0, len(data))
    if opened is None:
        raise ValueError("no root element")
    before, colon, _ = opened["name"].rpartition(b":")
    return before + colon, opened.end()


def _next_tag(data: bytes, position: int, end: int) -> re.Match[bytes] | None:
    found = _TOKEN.search(data, position, end)
    while found is not None and found["name"] is None:
        found = _TOKEN.search(data, found.end(), end)
    return found


def _end_of(data: bytes, position: int, end: int) -> int:
    depth = 1
    while depth:
        tag = _next_tag(data, position, end)
        if tag is None:
            raise ValueError("an element does not end")
        if tag["close"]:
            depth -= 1
        elif not tag["empty"]:
            depth += 1
        position = tag.end()
    return position
