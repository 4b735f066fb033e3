"""Writing a changed tree back into the bytes it was read from.

A part of the seller's that takes an entry (a sheet, a format, a content type) is not serialised anew: the
elements that changed are cut, inserted or given other attributes, and every other byte stays.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.splice import Span, as_utf8, elements, in_utf8, outermost

_TAG_NAME = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_HOLD_ANY_CHARACTER = ("UTF-8", "UTF-16")
_XML = "http://www.w3.org/XML/1998/namespace"
_WHITESPACE = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}

Pair = tuple[etree._Element | None, etree._Element | None]


@dataclass(frozen=True)
class Edit:
    """Bytes ``start`` to ``end`` give way to ``new``."""

    start: int
    end: int
    new: bytes


def edits_between(before: bytes, root: etree._Element) -> list[Edit]:
    """What turns the part ``before`` into one with the elements of ``root``, in order."""
    old = xmlio.parse(before, xmlio.local(root))
    encoding = (old.getroottree().docinfo.encoding or "UTF-8").upper()
    data = as_utf8(before)
    writer = _Writer(data, "utf-8" if encoding in _HOLD_ANY_CHARACTER else "ascii")
    edits = list(writer.changes(outermost(data), old, root))
    if data is before or not edits:
        return edits
    return [Edit(0, len(before), in_utf8(before, lambda plain: applied(plain, edits)))]


def rewritten(before: bytes, root: etree._Element) -> bytes:
    """The part ``before`` with the elements of ``root``; every byte of what did not change stays."""
    return applied(before, edits_between(before, root))


def applied(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The bytes with the edits made; they stand in order and do not overlap."""
    pieces, position = [], 0
    for edit in edits:
        pieces += [data[position : edit.start], edit.new]
        position = edit.end
    return b"".join([*pieces, data[position:]])


def reverse(data: bytes, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that turn the result of ``edits`` back into ``data``."""
    back, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        back.append(Edit(start, start + len(edit.new), data[edit.start : edit.end]))
        shift += len(edit.new) - (edit.end - edit.start)
    return back


@dataclass(frozen=True)
class _Writer:
    data: bytes
    encoding: str

    def changes(self, span: Span, old: etree._Element, new: etree._Element) -> Iterator[Edit]:
        """The edits that make an element, and what is in it, another."""
        yield from self._attributes(span, _attributes(old), _attributes(new))
        pairs = list(_aligned(_children(old), _children(new)))
        if all(before is after for before, after in pairs):
            return
        spans = elements(self.data, span.inner, span.end)
        position, added = span.inner, b""
        for before, after in pairs:
            if before is None and after is not None:
                added += self._serialised(after)
                continue
            if added:
                yield self._inserted(span, position, added)
                added = b""
            here = next(spans)
            position = here.end
            if before is not None and after is not before:
                yield from self._replaced(here, before, after)
        if added:
            yield self._inserted(span, position, added)

    def _replaced(self, span: Span, old: etree._Element, new: etree._Element | None) -> Iterator[Edit]:
        if new is None:
            yield Edit(span.start, span.end, b"")
        elif (old.text or "").strip() == (new.text or "").strip():
            yield from self.changes(span, old, new)
        else:
            yield Edit(span.start, span.end, self._serialised(new))

    def _inserted(self, parent: Span, position: int, added: bytes) -> Edit:
        """New children at a position; ``<a/>`` is opened for them."""
        if parent.inner != parent.end:
            return Edit(position, position, added)
        return Edit(parent.end - 2, parent.end, b">" + added + b"</" + self._tag(parent)[1:] + b">")

    def _tag(self, span: Span) -> bytes:
        found = _TAG_NAME.match(self.data, span.start)
        if found is None:
            raise ValueError("no element starts here")
        return found[0]

    def _attributes(self, span: Span, old: dict[str, str], new: dict[str, str]) -> Iterator[Edit]:
        if old == new:
            return
        position = span.start + len(self._tag(span))
        for found in _ATTRIBUTE.finditer(self.data, position, span.inner):
            position = found.end()
            name = found[1].decode()
            if name in old and name not in new:
                yield Edit(found.start(), found.end(), b"")
            elif name in old and old[name] != new[name]:
                yield Edit(found.start(), found.end(), self._attribute(name, new[name]))
        added = b"".join(self._attribute(name, value) for name, value in new.items() if name not in old)
        if added:
            yield Edit(position, position, added)

    def _attribute(self, name: str, value: str) -> bytes:
        from xml.sax.saxutils import quoteattr  # brings urllib along, which who only reads need not load

        return self._encoded(f" {name}={quoteattr(value, _WHITESPACE)}")

    def _serialised(self, element: etree._Element) -> bytes:
        """A new element, without the namespaces that are declared around it."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        tag, end, rest = text.partition(">")
        parent = element.getparent()
        for prefix, space in ({} if parent is None else parent.nsmap).items():
            declared = f"xmlns:{prefix}" if prefix else "xmlns"
            tag = tag.replace(f' {declared}="{space}"', "", 1)
        return self._encoded(tag + end + rest)

    def _encoded(self, text: str) -> bytes:
        return text.encode(self.encoding, "xmlcharrefreplace")


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _attributes(element: etree._Element) -> dict[str, str]:
    """The attributes by their names as written."""
    prefixes = {space: prefix for prefix, space in element.nsmap.items() if prefix} | {_XML: "xml"}
    found = {}
    for name, value in element.attrib.items():
        space, brace, local = str(name).rpartition("}")
        found[f"{prefixes[space[1:]]}:{local}" if brace else local] = str(value)
    return found


def _aligned(olds: Iterable[etree._Element], news: Iterable[etree._Element]) -> Iterator[Pair]:
    """Which child became which: (a, a) stayed as it is, (a, b) changed, (a, None) is gone, (None, b) came.

    Every child stands in one pair, in order, so that writing the pairs out always gives ``news``.
    """
    left = deque((etree.tostring(one, with_tail=False), one) for one in olds)
    right = deque((etree.tostring(one, with_tail=False), one) for one in news)
    on_left, on_right = Counter(text for text, _ in left), Counter(text for text, _ in right)
    while left and right:
        (old_text, old), (new_text, new) = left[0], right[0]
        comes = not on_left[new_text]
        changed = comes and not on_right[old_text] and old.tag == new.tag
        if old_text == new_text:
            yield old, old
        elif changed:
            yield old, new
        elif comes:
            yield None, new
        else:
            yield old, None
        if old_text == new_text or changed or not comes:
            on_left[left.popleft()[0]] -= 1
        if old_text == new_text or changed or comes:
            on_right[right.popleft()[0]] -= 1
    yield from ((old, None) for _, old in left)
    yield from ((None, new) for _, new in right)
