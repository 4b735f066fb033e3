"""Each way to write a workbook before the judges, on a made workbook and on a real one: `make proof`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import tools
from tests.opc.books import host, spread
from tests.opc.variants import VARIANTS
from tests.opc.whole import grafted, markable, new_errors, opened, shown_otherwise

pytestmark = pytest.mark.proof

SOUND = [variant for variant in VARIANTS if not variant.refused]
A_START = 20  # files LibreOffice converts in one start


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """(written so, grafted and marked)."""
    folder, pairs, real = tmp_path_factory.mktemp("variants"), [], spread()
    for number, variant in enumerate(SOUND):
        for name, data in (("made", host()), ("real", real[number % len(real)].read_bytes())):
            made = variant.of(data)
            if made is None:
                continue
            before = folder / f"{name}-{number}-before.xlsx"
            after = before.with_name(f"{name}-{number}-after.xlsx")
            before.write_bytes(made)
            surgery = opened(grafted(made))
            for sheet in markable(made):
                surgery.mark(sheet, ["A1", "C3"], "error")
            after.write_bytes(surgery.to_bytes())
            pairs.append((before, after))
    return pairs


def named(path: str) -> str:
    kind, number, _ = Path(path).stem.split("-")
    return f"{kind}: {SOUND[int(number)].name}"


def test_the_open_xml_sdk_finds_no_new_error(finished: list[tuple[Path, Path]]) -> None:
    assert len(finished) > 1.5 * len(SOUND)
    assert {named(path): errors for path, errors in new_errors(finished).items()} == {}


def test_libreoffice_shows_the_sellers_cells_and_the_new_sheets(
    finished: list[tuple[Path, Path]], tmp_path: Path
) -> None:
    files = [path for pair in finished for path in pair]
    copies = tools.resaved_where_possible(files, tmp_path / "out", A_START)
    wrong = {named(str(after)): shown_otherwise(copies[before], copies[after]) for before, after in finished}
    assert {name: told for name, told in wrong.items() if told} == {}
    assert sum(copy is not None for copy in copies.values()) > 0.8 * len(files)
