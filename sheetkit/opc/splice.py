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
_HOLDERS = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def as_utf8(data: bytes) -> bytes:
    """The part's bytes in an encoding whose markup is ASCII."""
    encoding = _UTF16_MARKS.get(data[:2])
    return data if encoding is None else _recoded(data[2:], encoding, "utf-8")


class BrokenMarkup(Exception):
    """Elements that do not end, or none at all."""


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
    return data[:2] + _recoded(change(_recoded(data[2:], encoding, "utf-8")), "utf-8", encoding)


def _recoded(data: bytes, source: str, target: str) -> bytes:
    return data.decode(source, "surrogatepass").encode(target, "surrogatepass")


def elements(data: bytes, start: int, end: int) -> Iterator[Span]:
    """The outermost elements between two positions, in order.

    The content of ``sheetData`` is skipped, not read. Raises BrokenMarkup.
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
            position = _end_of_cells(data, tag, opened.end(), end)
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
        raise BrokenMarkup("no root element")
    before, colon, _ = opened["name"].rpartition(b":")
    return before + colon, opened.end()


def _next_tag(data: bytes, position: int, end: int) -> re.Match[bytes] | None:
    found = _TOKEN.search(data, position, end)
    while found is not None and found["name"] is None:
        found = _TOKEN.search(data, found.end(), end)
    return found


def _end_of_cells(data: bytes, tag: bytes, start: int, end: int) -> int:
    """Where ``sheetData`` ends: at its last end tag outside comments, found without reading the cells."""
    closing = b"</" + tag
    at = data.rfind(closing, start, end)
    while at >= 0 and any(
        data.find(ending, at, end) >= 0 and data.rfind(opening, start, at) > data.rfind(ending, start, at)
        for opening, ending in _HOLDERS
    ):
        at = data.rfind(closing, start, at)
    return _end_of(data, at if at >= 0 else start, end)


def _end_of(data: bytes, position: int, end: int) -> int:
    depth = 1
    while depth:
        tag = _next_tag(data, position, end)
        if tag is None:
            raise BrokenMarkup("an element does not end")
        if tag["close"]:
            depth -= 1
        elif not tag["empty"]:
            depth += 1
        position = tag.end()
    return position
