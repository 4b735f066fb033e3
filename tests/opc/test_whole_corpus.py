"""Every real ordinary workbook × what we graft × the judges: `make proof`.

The libraries' own files have no shop in them, so the report is that of the sample shop, its links turned
inward.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sheetkit.opc import Surgery
from sheetkit.writing.report.workbook import report_workbook
from tests import tools
from tests.opc.books import ordinary
from tests.opc.whole import (
    broken_by_graft,
    broken_by_marks,
    grafted,
    markable,
    new_errors,
    opened,
    shown_otherwise,
)
from tests.pipeline.shop import once

pytestmark = pytest.mark.proof

CORPUS = tools.shared() / "corpus"
FILES = ordinary()
IDS = [path.relative_to(CORPUS).as_posix() for path in FILES]
A_START = 20  # files LibreOffice converts in one start


@cache
def report() -> Callable[[Surgery], None]:
    """The report of the sample shop, ready to be grafted anywhere."""
    book = report_workbook(
        once().analysis, plan_typed={}, plan_history=[], links=lambda sheet, cell: "internal:'分析总览'!A1"
    )
    return book.graft_into


def with_report(data: bytes) -> bytes:
    surgery = opened(data)
    report()(surgery)
    return surgery.to_bytes()


GRAFTS = {"sheets": grafted, "report": with_report}
over_all = pytest.mark.parametrize("path", FILES, ids=IDS)
with_both = pytest.mark.parametrize("graft", GRAFTS.values(), ids=GRAFTS.keys())


@over_all
@with_both
def test_the_graft_leaves_the_rest_whole(path: Path, graft: Callable[[bytes], bytes]) -> None:
    before = path.read_bytes()
    assert broken_by_graft(before, graft(before)) == []


@over_all
def test_marks_come_and_go_without_a_trace(path: Path) -> None:
    assert broken_by_marks(path.read_bytes()) == []


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Path, Path]]]:
    """By graft: (original, grafted and marked)."""
    folder = tmp_path_factory.mktemp("finished")
    pairs: dict[str, list[tuple[Path, Path]]] = {name: [] for name in GRAFTS}
    for name, graft in GRAFTS.items():
        for number, path in enumerate(FILES):
            surgery = opened(graft(path.read_bytes()))
            for sheet in markable(path.read_bytes()):
                surgery.mark(sheet, ["A1", "A2", "C3"], "warning")
            target = folder / f"{name}-{number}{path.suffix}"
            target.write_bytes(surgery.to_bytes())
            pairs[name].append((path, target))
    return pairs


@pytest.mark.parametrize("graft", GRAFTS)
def test_the_open_xml_sdk_finds_no_new_error(
    finished: dict[str, list[tuple[Path, Path]]], graft: str
) -> None:
    assert len(finished[graft]) == len(FILES)
    assert new_errors(finished[graft]) == {}


@pytest.fixture(scope="module")
def resaved(
    finished: dict[str, list[tuple[Path, Path]]], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Path, bytes | None, bytes | None]]:
    """(original, LibreOffice's copy of it, its copy of the result); None where it cannot open a file."""
    folder = tmp_path_factory.mktemp("resaved")
    originals = {}
    for number, (path, _) in enumerate(finished["sheets"]):
        originals[path] = folder / f"original-{number}{path.suffix}"
        originals[path].write_bytes(path.read_bytes())
    files = [*originals.values(), *(after for _, after in finished["sheets"])]
    copies = tools.resaved_where_possible(files, folder / "out", A_START)
    return [(path, copies[originals[path]], copies[after]) for path, after in finished["sheets"]]


def test_libreoffice_shows_the_sellers_cells_and_the_new_sheets(
    resaved: list[tuple[Path, bytes | None, bytes | None]],
) -> None:
    wrong = {str(path): shown_otherwise(before, after) for path, before, after in resaved}
    assert {path: told for path, told in wrong.items() if told} == {}
    assert sum(before is not None for _, before, _ in resaved) > 0.95 * len(FILES)
