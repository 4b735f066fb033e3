"""Every real file that is no ordinary workbook, by the real program: what is the case, and the way out."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.opc.books import named
from tests.tools import shared

SHEETKIT = Path(sys.executable).with_name("sheetkit")
CASES = {
    "SheetJS__test_files/sheet_visibility_strict.xlsx": ("Strict Open XML", "ordinary Excel workbook"),
    "tafia__calamine/tests/strict_iso_paths.xlsx": ("Strict Open XML", "ordinary Excel workbook"),
    "dtjohnson__xlsx-populate/test/e2e-parse/encrypted/input.xlsx": ("password to open", "--password-stdin"),
    "dtjohnson__xlsx-populate/test/e2e-generate/encrypted/out.xlsx": ("password to open", "--password-stdin"),
    "dtjohnson__xlsx-populate/examples/encryption/in.xlsx": ("password to open", "--password-stdin"),
    "dtjohnson__xlsx-populate/examples/encryption/out.xlsx": ("password to open", "--password-stdin"),
    "tafia__calamine/tests/pass_protected.xlsx": ("password to open", "--password-stdin"),
    "tafia__calamine/tests/issue252.xlsx": ("is damaged", "let Excel open and repair it"),
    "exceljs__exceljs/spec/integration/data/invalid-xml.xlsx": ("is damaged", "let Excel open and repair it"),
    "exceljs__exceljs/spec/integration/data/missing-bits.xlsx": ("is damaged", "open and repair it"),
}


def test_the_table_holds_every_odd_file() -> None:
    with (shared() / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        odd = {row["file"] for row in csv.DictReader(manifest) if row["class"].removeprefix("dup:") != "ok"}
    assert odd == set(CASES)


@pytest.mark.parametrize("file", CASES)
def test_it_ends_with_a_sentence(file: str, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(named(file))
    done = subprocess.run(
        [SHEETKIT, "analyze", "book.xlsx", "--lang", "en"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"LC_ALL": "en_US.UTF-8"},
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    sentence = done.stderr.splitlines()[-1]
    case, way_out = CASES[file]
    assert sentence.startswith("book.xlsx: ")
    assert case in sentence.partition("→")[0]
    assert way_out in sentence.partition("→")[2]
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
