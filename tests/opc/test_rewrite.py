"""A changed tree goes back into its bytes: what did not change keeps every byte, whoever wrote the part."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sheetkit.opc import Surgery
from sheetkit.opc.rewrite import applied, edits_between, reverse, rewritten
from tests.opc.books import donor, parts, small_corpus
from tests.opc.referential import Book

SMALL = small_corpus()
over_small = pytest.mark.parametrize("path", SMALL, ids=[f"{path.parent.name}/{path.name}" for path in SMALL])
Change = Callable[[etree._Element], object]


def changed(before: bytes, change: Change) -> bytes:
    root = etree.fromstring(before)
    change(root)
    return rewritten(before, root)


def add(name: str, **attributes: str) -> Change:
    return lambda root: etree.SubElement(root.find("*"), name, attributes)


@pytest.mark.parametrize(("before", "change", "after"), [
    (b"<a><b  x='1'></b></a>", lambda root: None, b"<a><b  x='1'></b></a>"),
    (b"<a><b  x='1'></b></a>", add("c"), b"<a><b  x='1'><c/></b></a>"),
    (b"<a><b  x='1' /></a>", add("c"), b"<a><b  x='1' ><c/></b></a>"),
    (b"<a>\n <b>\n  <c/>\n </b>\n</a>", add("d"), b"<a>\n <b>\n  <c/><d/>\n </b>\n</a>"),
    (b"<p:a xmlns:p='u'><p:b/></p:a>", add("{u}c"), b"<p:a xmlns:p='u'><p:b><p:c/></p:b></p:a>"),
    (b"<a xmlns='u'><b/></a>", add("{u}c"), b"<a xmlns='u'><b><c/></b></a>"),
    (b"<a><!-- <b> --><b/><?b <b>?></a>", add("c"), b"<a><!-- <b> --><b><c/></b><?b <b>?></a>"),
    (b"<a><b y='1'/></a>", lambda root: root[0].set("y", "2"), b"<a><b y=\"2\"/></a>"),
    (b"<a><b y='1' z='>'/></a>", lambda root: root[0].set("x", '<"\n'),
     b"<a><b y='1' z='>' x='&lt;\"&#10;'/></a>"),
    (b"<a><b y='1'  z='2'/></a>", lambda root: root[0].attrib.pop("y"), b"<a><b  z='2'/></a>"),
    (b"<a/>", lambda root: etree.SubElement(root, "b"), b"<a><b/></a>"),
    (b"<a><b/> <c/> <b/></a>", lambda root: root.remove(root[1]), b"<a><b/>  <b/></a>"),
    (b"<a><b/><c/><b/></a>", lambda root: root.remove(root[0]), b"<a><c/><b/></a>"),
    (b"<a><n>1</n><n>2</n></a>", lambda root: setattr(root[1], "text", "3"), b"<a><n>1</n><n>3</n></a>"),
    (b"<a><b/></a>", add("c", n="\u5206"), "<a><b><c n=\"\u5206\"/></b></a>".encode()),
    (b"<?xml version='1.0' encoding='GBK'?><a n='\xb7\xd6'><b/></a>", add("c", n="\u5206"),
     b"<?xml version='1.0' encoding='GBK'?><a n='\xb7\xd6'><b><c n=\"&#20998;\"/></b></a>"),
    ("\ufeff<a n='\u5206'><b/></a>".encode("utf-16-le"), add("c", n="\u6790"),
     "\ufeff<a n='\u5206'><b><c n=\"\u6790\"/></b></a>".encode("utf-16-le")),
])  # fmt: skip
def test_only_what_changed_is_touched(before: bytes, change: Change, after: bytes) -> None:
    assert changed(before, change) == after


def bare(root: etree._Element) -> bytes:
    """The elements and attributes, without the white space between them."""
    plain = copy.deepcopy(root)
    for element in plain.iter():
        element.tail = None
        element.text = (element.text or "").strip()
    return etree.tostring(plain, method="c14n")


def mutate(root: etree._Element, draw: random.Random) -> None:
    element = draw.choice(list(root.iter()))
    match draw.randrange(5):
        case 0:
            etree.SubElement(element, draw.choice("bcd"), {"x": str(draw.randrange(3))})
        case 1:
            element.insert(draw.randrange(len(element) + 1), etree.Element(draw.choice("bcd")))
        case 2 if element.getparent() is not None:
            element.getparent().remove(element)
        case 3:
            element.set(draw.choice("xyz"), str(draw.randrange(3)))
        case _:
            element.attrib.pop(draw.choice("xyz"), None)


@given(st.integers(0, 2**32), st.integers(0, 12), st.integers(1, 6))
def test_any_change_arrives_and_can_be_undone(seed: int, size: int, changes: int) -> None:
    draw = random.Random(seed)
    root = etree.Element("a")
    for _ in range(size):
        mutate(root, draw)
    before = etree.tostring(root, pretty_print=draw.random() < 0.5)
    root = etree.fromstring(before)
    for _ in range(changes):
        mutate(root, draw)
    edits = edits_between(before, root)
    after = applied(before, edits)
    assert bare(etree.fromstring(after)) == bare(root)
    assert applied(after, reverse(before, edits)) == before


@over_small
def test_the_graft_cuts_nothing_but_counts_from_the_parts_it_adds_to(path: Path) -> None:
    before = path.read_bytes()
    surgery = Surgery(before, allow_signed=True, allow_locked=True)
    surgery.graft(donor())
    both = (before, surgery.to_bytes())
    old, new = ({Book.key(name): part for name, part in parts(data).items()} for data in both)
    touched = {name for name in old if new[name] != old[name]}
    assert "[content_types].xml" in touched
    for name in touched:
        edits = edits_between(old[name], etree.fromstring(new[name]))
        assert applied(old[name], edits) == new[name]
        cut = {old[name][edit.start : edit.end] for edit in edits}
        assert all(re.fullmatch(rb"|/>|\s+count=[\"']\d*[\"']", one) for one in cut), (name, cut)
