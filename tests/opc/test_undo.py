"""What a run changed is undone to the byte, as long as nobody else saved the file; and only then."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheetkit.opc import Surgery
from sheetkit.opc.record import read_record, record_part
from tests import tools
from tests.opc.books import by_openpyxl, corpus, donor, edited, features, host, parts, patched, small_corpus
from tests.opc.referential import Book, problems
from tests.opc.test_corpus import markable

DONOR = donor()
KEYS = {"检查": "checks", "分 析": "overview", "数据": "data"}
RECORD = "_record"


def ids(paths: tuple[Path, ...]) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for path in paths]


def opened(data: bytes) -> Surgery:
    return Surgery(data, allow_signed=True, allow_locked=True)


def annotated(data: bytes) -> bytes:
    """What an analysis does: sheets, labels, marks, the record; a second one begins by undoing the first."""
    surgery = opened(data)
    surgery.undo()
    surgery.clear_marks()
    ours = {*surgery.labels.values(), RECORD}
    theirs = [name for name in markable(data) if name in surgery.sheet_names and name not in ours]
    placed = surgery.graft(DONOR, hidden={"数据"}, replace=set(surgery.labels.values()))
    for sheet, key in KEYS.items():
        surgery.label(placed[sheet], key)
    for sheet in theirs:
        surgery.mark(sheet, ["A1", "B2", "B3", "XFD1048576"], "error")
        surgery.mark(sheet, ["C1"], "warning")
    surgery.keep_record(RECORD, {"version": "1", "sheet:checks": placed["检查"], "long": "甲<&" * 25_000})
    return surgery.to_bytes()


def undone(data: bytes) -> bytes | None:
    surgery = opened(data)
    return surgery.to_bytes() if surgery.undo() else None


def comes_back(path: Path) -> None:
    before = path.read_bytes()
    once = annotated(before)
    assert parts(once).keys() > parts(before).keys()
    assert annotated(once) == once, "so that any number of runs is the same"
    back = undone(once)
    assert back is not None
    assert parts(back) == parts(before)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=name, marks=() if at % 4 == 0 else pytest.mark.proof)
        for at, (path, name) in enumerate(zip(small_corpus(), ids(small_corpus()), strict=True))
    ],
)
def test_every_part_comes_back_and_a_second_run_is_the_first(path: Path) -> None:
    comes_back(path)


LARGE = tuple(path for path in corpus() if path not in small_corpus())


@pytest.mark.proof
@pytest.mark.parametrize("path", LARGE, ids=ids(LARGE))
def test_every_part_of_the_large_comes_back_too(path: Path) -> None:
    comes_back(path)


def test_the_record_and_labels_break_no_reference() -> None:
    before = host()
    after = annotated(before)
    assert problems(after) == set()
    book = by_openpyxl(after)
    assert book[RECORD].sheet_state == "hidden"
    rows = {row[0]: "".join(one or "" for one in row[1:]) for row in book[RECORD].iter_rows(values_only=True)}
    assert (rows["version"], rows["sheet:checks"], rows["long"]) == ("1", "检查", "甲<&" * 25_000)


@pytest.mark.proof
def test_the_open_xml_sdk_finds_no_new_error(tmp_path: Path) -> None:
    kinds = ("chart", "vba", "date1904", "table")
    chosen = [next(path for path in small_corpus() if kind in features()[path]) for kind in kinds]
    files = {tmp_path / f"{at}{path.suffix}": path for at, path in enumerate(chosen)}
    for after, path in files.items():
        after.write_bytes(annotated(path.read_bytes()))
    said, known = tools.validate(files), tools.validate(files.values())
    new = {path.name: sorted(set(said[after]) - set(known[path])) for after, path in files.items()}
    assert new == {path.name: [] for path in files.values()}


def no_styles() -> bytes:
    data = edited(host(), "xl/_rels/workbook.xml.rels", '<Relationship [^>]*styles.xml"/>', "")
    data = edited(data, "[Content_Types].xml", "<Override [^>]*/xl/styles.xml[^>]*/>", "")
    return patched(data, {"xl/styles.xml": None})


@pytest.mark.parametrize("before", [
    host(),
    no_styles(),
    edited(host(), "xl/workbook.xml", "<definedNames>.*</definedNames>", "<definedNames/>"),
    edited(host(), "xl/styles.xml", "<dxfs count=\"1\">.*</dxfs>", "<dxfs  />"),
    edited(host(), "xl/styles.xml", "<cellXfs count=\"\\d+\">", "<cellXfs>"),
], ids=["host", "no styles", "no names", "no formats", "not counted"])  # fmt: skip
def test_odd_frames_come_back(before: bytes) -> None:
    back = undone(annotated(before))
    assert back is not None
    assert parts(back) == parts(before)


def content(name: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    return lambda data: patched(data, {name: change(parts(data)[name])})


def own_sheet(data: bytes) -> str:
    return next(sheet.part for sheet in Book(data).sheets if sheet.name == "检查")


@pytest.mark.parametrize("change", [
    content("xl/worksheets/sheet1.xml", lambda part: part.replace(b"<v>10</v>", b"<v>11</v>")),
    content("xl/workbook.xml", lambda part: part.replace(b'name="\xe8\xaf\xb4\xe6\x98\x8e"', b'name="B"')),
    content("xl/styles.xml", lambda part: part.replace(b"<cellXfs", b"<cellXfs ")),
    lambda data: patched(data, {"xl/new.bin": b"0"}),
    lambda data: patched(data, {"xl/comments1.xml": None}),
], ids=["a value", "a sheet's name", "styles", "a part more", "a part less"])  # fmt: skip
def test_no_way_back_once_anything_of_theirs_is_another(change: Callable[[bytes], bytes]) -> None:
    after = change(annotated(host()))
    assert after != annotated(host())
    assert undone(after) is None


def test_what_is_typed_into_an_added_sheet_does_not_bar_the_way() -> None:
    once = annotated(host())
    typed = content(own_sheet(once), lambda part: part.replace(b"a&lt;b", b"typed"))(once)
    assert parts(typed) != parts(once)
    back = undone(typed)
    assert back is not None
    assert parts(back) == parts(host())


@pytest.mark.parametrize("row", ["", "zzz", "eNoDAAAAAAE=", "bm90IHpsaWI="])
def test_a_broken_record_is_none(row: str) -> None:
    once = annotated(host())
    name = record_of(once)
    text = parts(once)[name].decode()
    start = text.index(">undo</t>")
    cells = f'>undo</t></is></c><c t="inlineStr"><is><t>{row}</t></is></c></row></sheetData></worksheet>'
    broken = text[:start] + cells
    assert undone(patched(once, {name: broken.encode()})) is None


def record_of(data: bytes) -> str:
    return next(sheet.part for sheet in Book(data).sheets if sheet.name == RECORD)


@pytest.mark.parametrize("change", [
    lambda held: held["parts"]["xl/styles.xml"].update(crc=1),
    lambda held: held["parts"]["xl/styles.xml"]["edits"].pop(),
    lambda held: held.pop("parts"),
    lambda held: held.update(theirs=""),
], ids=["a checksum", "an edit less", "no parts", "no fingerprint"])  # fmt: skip
def test_a_way_back_that_does_not_lead_home_is_none(change: Callable[[dict[str, Any]], object]) -> None:
    once = annotated(host())
    rows = read_record(parts(once)[record_of(once)])
    held = json.loads(zlib.decompress(base64.b64decode(rows["undo"])))
    assert undone(patched(once, {record_of(once): record_part(rows)})) is not None
    change(held)
    rows["undo"] = base64.b64encode(zlib.compress(json.dumps(held).encode())).decode()
    assert undone(patched(once, {record_of(once): record_part(rows)})) is None


def test_no_way_back_for_a_workbook_without_one_and_after_libreoffice(tmp_path: Path) -> None:
    assert undone(host()) is None
    (tmp_path / "out").mkdir()
    (tmp_path / "a.xlsx").write_bytes(annotated(host()))
    assert undone(tools.recalculate(tmp_path / "a.xlsx", tmp_path / "out").read_bytes()) is None
