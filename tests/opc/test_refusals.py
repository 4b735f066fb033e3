"""What is no ordinary Excel workbook is refused with the sentence that says what it is."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

import pytest

from sheetkit.errors import UnreadableError
from sheetkit.messages import LANGS, text
from sheetkit.opc import Surgery
from sheetkit.opc.archive import Limits, read_entries
from tests.intake.binary import ole
from tests.opc.books import corpus, edited, host, named, parts, patched

HOST = host()
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"


def zipped(*entries: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two entries of one name, on purpose
        for name, content in entries:
            container.writestr(name, content)
    return target.getvalue()


def with_relation(source: str, type_: str, target: str) -> bytes:
    arrow = f'<Relationship Id="rIdX" Type="{type_}" Target="{target}"/></Relationships>'
    return patched(edited(HOST, source, "</Relationships>", arrow), {target.lstrip("/"): b"<x/>"})


def understated() -> bytes:
    """A sheet whose headers say it is smaller than it is."""
    size = len(parts(HOST)["xl/worksheets/sheet1.xml"])
    assert HOST.count(struct.pack("<I", size)) == 2
    return HOST.replace(struct.pack("<I", size), struct.pack("<I", size - 7))


def flipped(part: str) -> bytes:
    """One bit of a part's stored content is wrong."""
    with zipfile.ZipFile(io.BytesIO(HOST)) as container:
        info = container.getinfo(part)
    data = bytearray(HOST)
    data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0x10
    return bytes(data)


DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "aaaa">]>'

REFUSED: list[tuple[str, str, Callable[[], bytes]]] = [
    ("nothing", "opc.not_a_workbook", lambda: b""),
    ("a text", "opc.not_a_workbook", lambda: "昵称,金额\n小红,3\n".encode()),
    ("a page", "opc.not_a_workbook", lambda: b"<html><table></table></html>"),
    ("another zip", "opc.not_a_workbook", lambda: zipped(("a.txt", b"a"))),
    ("an empty zip", "opc.not_a_workbook", lambda: zipped()),
    ("a text document", "opc.not_a_workbook", lambda: patched(HOST, {"xl/workbook.xml": b"<document/>"})),
    ("no workbook part", "opc.not_a_workbook", lambda: patched(HOST, {"xl/workbook.xml": None})),
    ("the first half", "opc.truncated", lambda: HOST[: len(HOST) // 2]),
    ("all but the end", "opc.truncated", lambda: HOST[:-30]),
    ("without its head", "opc.truncated", lambda: HOST[200:]),
    ("old binary", "opc.xls", lambda: ole("Workbook")),
    ("older binary", "opc.xls", lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(40)),
    ("encrypted", "opc.encrypted", lambda: ole("EncryptedPackage", "EncryptionInfo")),
    ("another compound file", "opc.not_a_workbook", lambda: ole("WordDocument")),
    ("binary workbook", "opc.xlsb", lambda: patched(HOST, {"xl/workbook.bin": b"x"})),
    ("OpenDocument", "opc.ods", lambda: zipped(("mimetype", b"x"), ("content.xml", b"<x/>"))),
    ("two names but for case", "opc.duplicate_parts", lambda: patched(HOST, {"XL/Workbook.xml": b"<x/>"})),
    ("two names but for slash", "opc.duplicate_parts", lambda: patched(HOST, {"xl\\workbook.xml": b"<x/>"})),
    ("one name twice", "opc.duplicate_parts",
     lambda: zipped(*parts(HOST).items(), ("xl/styles.xml", b"<x/>"))),
    ("empty workbook part", "opc.broken_part", lambda: patched(HOST, {"xl/workbook.xml": b""})),
    ("half a workbook part", "opc.broken_part", lambda: patched(HOST, {"xl/workbook.xml": b"<workbook><a>"})),
    ("understated size", "opc.broken_part", understated),
    ("a wrong bit", "opc.broken_part", lambda: flipped("xl/worksheets/sheet1.xml")),
    ("a document type", "opc.unsafe_xml",
     lambda: patched(HOST, {"xl/workbook.xml": DTD + parts(HOST)["xl/workbook.xml"].partition(b"?>")[2]})),
    ("a bomb in one part", "opc.too_large", lambda: patched(HOST, {"xl/media/a.bin": bytes(80_000_000)})),
    ("a bomb of many", "opc.too_large",
     lambda: patched(HOST, {f"xl/media/{at}.bin": bytes(30_000_000) for at in range(3)})),
    ("too many entries", "opc.too_large", lambda: zipped(*((f"{at}", b"") for at in range(10_001)))),
    ("signed", "opc.signed", lambda: with_relation("_rels/.rels", SIGNATURE, "/_xmlsignatures/origin.sigs")),
    ("revisions", "opc.shared_workbook",
     lambda: with_relation("xl/_rels/workbook.xml.rels", f"{RELATION}/revisionHeaders", "/xl/rev.xml")),
    ("locked", "opc.locked_structure",
     lambda: edited(HOST, "xl/workbook.xml", "<bookV", '<workbookProtection lockStructure="1"/><bookV')),
]  # fmt: skip


@pytest.mark.parametrize(("key", "make"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_it_is_refused_with_its_reason(key: str, make: Callable[[], bytes]) -> None:
    with pytest.raises(UnreadableError) as caught:
        Surgery(make())
    assert caught.value.key == key
    for lang in LANGS:
        assert text(key, lang, **caught.value.params)


@pytest.mark.parametrize(("class_", "key"), [("strict", "opc.strict"), ("encrypted", "opc.encrypted")])
def test_real_ones_are_refused(class_: str, key: str) -> None:
    for path in corpus(class_):
        with pytest.raises(UnreadableError) as caught:
            Surgery(path.read_bytes())
        assert caught.value.key == key, path


def test_a_real_broken_one_is_refused() -> None:
    with pytest.raises(UnreadableError) as caught:
        Surgery(named("tafia__calamine/tests/issue252.xlsx"))
    assert caught.value.key == "opc.broken_part"


def test_a_lock_and_a_signature_can_be_passed_when_allowed() -> None:
    locked = next(make for name, _, make in REFUSED if name == "locked")()
    signed = next(make for name, _, make in REFUSED if name == "signed")()
    assert Surgery(locked, allow_locked=True).sheet_names == Surgery(HOST).sheet_names
    assert Surgery(signed, allow_signed=True).sheet_names == Surgery(HOST).sheet_names
    with pytest.raises(UnreadableError):
        Surgery(signed, allow_locked=True)
    with pytest.raises(UnreadableError):
        Surgery(locked, allow_signed=True)


def test_entries_that_overlap_are_refused() -> None:
    small = zipped(("a", bytes(100)), ("b", bytes(100)))
    with pytest.raises(UnreadableError) as caught:  # both directory entries claim nearly the whole file
        read_entries(_claiming(small, len(small) - 60))
    assert caught.value.key == "opc.too_large"


def _claiming(data: bytes, packed_bytes: int) -> bytes:
    changed, at = bytearray(data), data.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 20 : at + 24] = struct.pack("<I", packed_bytes)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def test_a_total_is_held_to() -> None:
    data = zipped(("a", bytes(600)), ("b", bytes(600)))
    assert len(read_entries(data, Limits(total_bytes=1200))) == 2
    with pytest.raises(UnreadableError):
        read_entries(data, Limits(total_bytes=1199))
