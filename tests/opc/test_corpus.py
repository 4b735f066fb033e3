"""Real workbooks come back whole: what the graft and the marks leave alone, and what they break (nothing)."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

import pytest

from sheetkit.opc import Surgery
from tests import tools
from tests.opc.books import by_openpyxl, corpus, donor, features, small_corpus
from tests.opc.referential import Book, problems

OK = corpus("ok")
IDS = [f"{path.parent.name}/{path.name}" for path in OK]
DONOR = donor()
NEW = ["检查", "分 析", "数据"]
# openpyxl opens neither the original nor the result of these.
OPENPYXL_CANNOT = {
    "SheetJS__test_files/pivot_table_named_range.xlsx",
    "SheetJS__test_files/wtf_path.xlsx",
    "SheetJS__test_files/xlsx-stream-d-date-cell.xlsx",
    "dtjohnson__xlsx-populate/test/e2e-generate/richtexts/out.xlsx",
    "dtjohnson__xlsx-populate/test/e2e-generate/styles/out.xlsx",
    "dtjohnson__xlsx-populate/examples/ranges/out.xlsx",
    "dtjohnson__xlsx-populate/examples/styles/out.xlsx",
    "exceljs__exceljs/spec/integration/data/test-row-styles.xlsx",
    "tafia__calamine/tests/empty_s_attribute.xlsx",
    "tafia__calamine/tests/issue_419.xlsx",
    "tafia__calamine/tests/issue_530.xlsx",
    "tafia__calamine/tests/minimal_package.xlsx",
    "tafia__calamine/tests/pivots.xlsx",
}

SMALL = small_corpus()
over_all = pytest.mark.parametrize("path", OK, ids=IDS)
over_small = pytest.mark.parametrize("path", SMALL, ids=[f"{path.parent.name}/{path.name}" for path in SMALL])


def test_the_small_are_nearly_all() -> None:
    assert len(SMALL) > 0.95 * len(OK)


def opened(data: bytes) -> Surgery:
    return Surgery(data, allow_signed=True, allow_locked=True)


@cache
def grafted(path: Path) -> tuple[bytes, dict[str, str]]:
    surgery = opened(path.read_bytes())
    names = surgery.graft(DONOR, hidden={"数据"})
    return surgery.to_bytes(), names


@cache
def known_problems(path: Path) -> set[str]:
    return problems(path.read_bytes())


def may_change(data: bytes) -> set[str]:
    """The allow-list of the specification, by the file's own relationships."""
    book = Book(data)
    folder, _, file = book.workbook_part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    return {"[content_types].xml", book.workbook_part, rels, book.related("styles")}


def packed(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    """Folded name to (method, size, compressed bytes): where these are equal, so is the content."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        infos = [info for info in container.infolist() if not info.is_dir()]
    found = {}
    for info in infos:
        header = data[info.header_offset : info.header_offset + 30]
        name_bytes, extra_bytes = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        start = info.header_offset + 30 + name_bytes + extra_bytes
        content = data[start : start + info.compress_size]
        found[Book.key(info.filename)] = (info.compress_type, info.file_size, content)
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    """The parts of ``before`` that ``after`` does not have with the same compressed bytes."""
    old, new = packed(before), packed(after)
    return {name for name, content in old.items() if new.get(name) != content}


@over_all
def test_every_other_part_keeps_its_compressed_bytes(path: Path) -> None:
    before = path.read_bytes()
    after, _ = grafted(path)
    assert changed(before, after) <= may_change(before)


@over_small
def test_the_container_is_sound(path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(grafted(path)[0])) as container:
        assert container.testzip() is None


@over_all
def test_the_graft_breaks_no_reference(path: Path) -> None:
    after, _ = grafted(path)
    assert problems(after) <= known_problems(path)


@over_small
def test_openpyxl_sees_the_old_sheets_and_the_new(path: Path) -> None:
    after, names = grafted(path)
    if path.relative_to(tools.shared() / "corpus").as_posix() in OPENPYXL_CANNOT:
        assert sheet_names(path.read_bytes()) is None
        return
    old = [sheet.name for sheet in Book(path.read_bytes()).sheets if sheet.part]
    assert sheet_names(after) == [*old, *names.values()]


def sheet_names(data: bytes) -> list[str] | None:
    try:
        return by_openpyxl(data).sheetnames
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


@over_all
def test_opening_and_saving_alone_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    assert changed(before, opened(before).to_bytes()) == set()


@over_small
def test_marks_are_bytes_put_in_and_taken_out(path: Path) -> None:
    before = path.read_bytes()
    surgery = opened(before)
    sheets = markable(before)
    assert sheets
    for sheet in sheets:
        surgery.mark(sheet, ["A1", "B2", "B3", "B4", "XFD1048576"], "error")
        surgery.mark(sheet, ["C1"], "info")
    marked = surgery.to_bytes()
    book = Book(marked)
    assert changed(before, marked) - may_change(before) == {s.part for s in book.sheets if s.name in sheets}
    assert all(sum(1 for _ in sheet.all("cfRule")) >= 2 for sheet in book.sheets if sheet.name in sheets)
    assert problems(marked) <= known_problems(path)
    again = opened(marked)
    again.clear_marks()
    assert changed_content(before, again.to_bytes()) <= may_change(before)


def changed_content(before: bytes, after: bytes) -> set[str]:
    """As `changed`, by content: what was rewritten is compressed anew."""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        return {
            Book.key(info.filename)
            for info in old.infolist()
            if not info.is_dir() and new.getinfo(info.filename).CRC != info.CRC
        }


def markable(data: bytes) -> list[str]:
    """The names of the ordinary worksheets."""
    sheets = [sheet for sheet in Book(data).sheets if sheet.root is not None]
    return [sheet.name for sheet in sheets if sheet.root.tag.endswith("}worksheet")]


FEATURES = (
    "chart", "pivot", "vba", "comments", "table", "date1904", "threaded", "cf", "dv", "media", "calcchain",
    "extlink",
)  # fmt: skip


def sample() -> list[Path]:
    """For each of twelve features the smallest workbook with it that is not taken yet."""
    having = features()
    chosen: list[Path] = []
    for feature in FEATURES:
        smallest_first = sorted(SMALL, key=lambda path: path.stat().st_size)
        chosen.append(next(p for p in smallest_first if feature in having[p] and p not in chosen))
    return chosen


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """(original, grafted and marked) of the sample."""
    folder = tmp_path_factory.mktemp("finished")
    pairs = []
    for number, path in enumerate(sample()):
        surgery = opened(path.read_bytes())
        surgery.graft(DONOR, hidden={"数据"})
        surgery.mark(markable(path.read_bytes())[0], ["A1", "A2"], "warning")
        pairs.append((path, folder / f"{number}{path.suffix}"))
        pairs[-1][1].write_bytes(surgery.to_bytes())
    return pairs


def test_the_open_xml_sdk_finds_no_new_error(finished: list[tuple[Path, Path]]) -> None:
    said = tools.validate(after for _, after in finished)
    known = tools.validate(before for before, after in finished if said[after])
    new = {before: sorted(set(said[after]) - set(known.get(before, ()))) for before, after in finished}
    assert len(new) == len(FEATURES)
    assert {name: errors for name, errors in new.items() if errors} == {}


def test_libreoffice_opens_them_and_keeps_the_marks(
    finished: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    resaved = tools.recalculate_many([after for _, after in finished], tmp_path)
    for path in resaved:
        data = path.read_bytes()
        assert [sheet.name for sheet in Book(data).sheets][-3:] == NEW
        surgery = opened(data)
        assert marks(data) == 1
        surgery.clear_marks()
        assert marks(surgery.to_bytes()) == 0


def marks(data: bytes) -> int:
    return sum(
        "sheetkit:" in (rule.text or "") for sheet in Book(data).sheets for rule in sheet.all("formula")
    )
