"""A workbook saved by LibreOffice, and so without our tables' and styles' niceties, is analysed as before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sheetkit.messages import LANGS, Lang
from sheetkit.pipeline.outcome import analysis_json
from tests.pipeline.shop import run, sample
from tests.tools import recalculate_many


@pytest.mark.proof
def test_the_samples_saved_by_libreoffice(tmp_path: Path) -> None:
    check(LANGS, tmp_path)


def check(langs: Sequence[Lang], folder: Path) -> None:
    """Everything that the run says as JSON, every customer's figures and classes, and every page."""
    (folder / "saved").mkdir()
    paths = [folder / f"{lang}.xlsx" for lang in langs]
    for lang, path in zip(langs, paths, strict=True):
        path.write_bytes(sample(lang))
    for lang, path in zip(langs, recalculate_many(paths, folder / "saved"), strict=True):
        before, after = (run(data).analysis for data in (sample(lang), path.read_bytes()))
        assert analysis_json(after, "", lang) == analysis_json(before, "", lang)
        assert after == before
        assert sum(before.customers["overruled"]) > 0
