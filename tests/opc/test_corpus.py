"""Real workbooks come back whole: here one for each feature of the manifest; all of them in `make proof`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests import tools
from tests.opc.books import by_openpyxl, features, named, ordinary, small_corpus, spread
from tests.opc.reading import Book
from tests.opc.whole import broken_by_graft, broken_by_marks, changed, grafted, markable, opened

GRAFTED = ["检查", "分 析", "数据"]
FEATURES = ("chart", "pivot", "vba", "comments", "table", "date1904", "cf", "extlink")
CORPUS = tools.shared() / "corpus"


def ids(paths: tuple[Path, ...]) -> list[str]:
    return [path.relative_to(CORPUS).as_posix() for path in paths]


over_a_spread = pytest.mark.parametrize("path", spread(2), ids=ids(spread(2)))


@cache
def result(path: Path) -> bytes:
    return grafted(path.read_bytes())


def test_the_spread_has_every_feature() -> None:
    assert len(ordinary()) == 199
    every, chosen = ({one for path in paths for one in features()[path]} for paths in (ordinary(), spread(2)))
    assert chosen == every
    assert len(every) > 40


@over_a_spread
def test_the_graft_leaves_the_rest_whole(path: Path) -> None:
    assert broken_by_graft(path.read_bytes(), result(path)) == []


@over_a_spread
def test_marks_are_bytes_put_in_and_taken_out(path: Path) -> None:
    assert markable(path.read_bytes())
    assert broken_by_marks(path.read_bytes()) == []


@over_a_spread
def test_opening_and_saving_alone_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    assert changed(before, opened(before).to_bytes()) == set()


def test_openpyxl_sees_the_old_sheets_and_the_new() -> None:
    for file in ("SheetJS__test_files/AutoFilter.xlsx", "tafia__calamine/tests/date_1904.xlsx"):
        before = named(file)
        old = [sheet.name for sheet in Book(before).sheets]
        assert by_openpyxl(grafted(before)).sheetnames == [*old, *GRAFTED]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """(original, grafted and marked): for each of some features the smallest workbook with it."""
    folder, having = tmp_path_factory.mktemp("finished"), features()
    smallest_first = sorted(small_corpus(), key=lambda path: path.stat().st_size)
    chosen = {next(path for path in smallest_first if one in having[path]) for one in FEATURES}
    pairs = []
    for number, path in enumerate(sorted(chosen)):
        surgery = opened(result(path))
        surgery.mark(markable(path.read_bytes())[0], ["A1", "A2"], "warning")
        pairs.append((path, folder / f"{number}{path.suffix}"))
        pairs[-1][1].write_bytes(surgery.to_bytes())
    return pairs


@pytest.mark.proof
def test_the_open_xml_sdk_finds_no_new_error(finished: list[tuple[Path, Path]]) -> None:
    said = tools.validate(after for _, after in finished)
    known = tools.validate(before for before, after in finished if said[after])
    new = {before: sorted(set(said[after]) - set(known.get(before, ()))) for before, after in finished}
    assert len(new) > 5
    assert {name: errors for name, errors in new.items() if errors} == {}


def test_libreoffice_opens_them_and_keeps_the_marks(
    finished: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    resaved = tools.recalculate_many([after for _, after in finished], tmp_path)
    for path in resaved:
        data = path.read_bytes()
        assert [sheet.name for sheet in Book(data).sheets][-3:] == GRAFTED
        surgery = opened(data)
        assert marks(data) == 1
        surgery.clear_marks()
        assert marks(surgery.to_bytes()) == 0


def marks(data: bytes) -> int:
    return sum(
        "sheetkit:" in (rule.text or "") for sheet in Book(data).sheets for rule in sheet.all("formula")
    )
