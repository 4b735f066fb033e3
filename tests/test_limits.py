"""A file that asks too much is refused in a sentence, in bounded memory and time, by the real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sheetkit.intake import read_book
from tests import bombs
from tests.bombs import SHEET, STRINGS, STYLES, WORKBOOK
from tests.intake.binary import xls
from tests.langs import with_proof
from tests.opc.books import by_openpyxl
from tests.tools import ROOT

# A small parent: a child's peak counts from what it shared with the one that made it.
MEASURED = """
import json, os, resource, sys
reader, writer = os.pipe()
child = os.fork()
if not child:
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    os.dup2(writer, 1)
    os.dup2(writer, 2)
    os.execv(sys.argv[1], sys.argv[1:])
os.close(writer)
said = os.fdopen(reader, "rb").read().decode()
status, used = os.wait4(child, 0)[1:]
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / unit
print(json.dumps([os.waitstatus_to_exitcode(status), said, seconds, megabytes]))
"""


class Ended(NamedTuple):
    """How a run ended: exit code, all it said, seconds of processor time, megabytes at most."""

    code: int
    said: str
    seconds: float
    megabytes: float


def analyzed(data: bytes, folder: Path, name: str = "book.xlsx") -> Ended:
    """``sheetkit analyze`` on the file, in a process of its own."""
    (folder / name).write_bytes(data)
    program = [sys.executable, "-c", "from sheetkit.cli import main; main()", "analyze", str(folder / name)]
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, *program, "--lang", "en"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8"},
        check=True,
    )
    return Ended(*json.loads(done.stdout))


SMALL, LARGE = 300, 700
"""Megabytes that a refusal may take: where nothing is unfolded, and where one part had to be."""
UNFOLDED, DAMAGED, UNSAFE = "unpacks to an abnormal size", "is damaged", "declares a document type"
WIDE = b'<row r="2">%s</row>' % (b'<c s="0"><v>1</v></c>' * 16_384)
QUICK: dict[str, tuple[str, Callable[[], bytes]]] = {
    "ten gigabytes": (UNFOLDED, bombs.ten_gigabytes),
    "sixty thousand entries": (UNFOLDED, lambda: bombs.many_entries(60_000)),
    "one kernel for all": (UNFOLDED, bombs.one_kernel_for_all),
    "zip in zip": ("is an archive", bombs.zip_in_zip),
    "deep styles": (DAMAGED, lambda: bombs.deep(STYLES)),
    "deep workbook": (DAMAGED, lambda: bombs.deep(WORKBOOK)),
    "laughing workbook": (UNSAFE, lambda: bombs.laughing(WORKBOOK)),
    "laughing styles": (UNSAFE, lambda: bombs.laughing(STYLES)),
    "one text many times": ("too much to read", bombs.one_text_many_times),
    "sheets of one part": ("two parts of one name", bombs.sheets_of_one_part),
    "a row that no program writes": (
        "stands so far out",
        lambda: bombs.far_cell(b'<row r="9999999"><c r="Z9999999"><v>1</v></c></row>'),
    ),
    "cells that do not say where they are": (
        "stands so far out",
        lambda: bombs.far_cell(WIDE + b'<row r="1048576"><c s="0"><v>1</v></c></row>'),
    ),
    "a text longer than any": (UNFOLDED, bombs.looks_like_errors),
    "far corners of an .xls": (
        "too large to read",
        lambda: xls({f"s{n}": [(0, 0, 1.0), (65_535, 255, 1.0)] for n in range(40)}),
    ),
    "one text many times in an .xls": (
        "too much to read",
        lambda: xls({"s": [(row, column, 0) for row in range(6_000) for column in range(20)]}, ["x" * 8_000]),
    ),
}
LONG: dict[str, tuple[str, Callable[[], bytes]]] = {
    "ten gigabytes that say one megabyte": (DAMAGED, lambda: bombs.ten_gigabytes(1 << 20)),
    "ten gigabytes that say sixty": (DAMAGED, lambda: bombs.ten_gigabytes(60 << 20)),
    "a million entries": (UNFOLDED, lambda: bombs.many_entries(1_000_000)),
    "bushy styles": (UNFOLDED, lambda: bombs.bushy(STYLES)),
    "bushy workbook": (UNFOLDED, lambda: bombs.bushy(WORKBOOK)),
    "bushy content types": (UNFOLDED, lambda: bombs.bushy("[Content_Types].xml")),
    "commas": ("too many lines", lambda: b"a,b\n" + b"," * 60_000_000),
    "lines": ("too many lines", lambda: b"a,b\n" + b"\n" * 60_000_000),
}


def refused(case: tuple[str, Callable[[], bytes]], folder: Path, most: int) -> None:
    meant, make = case
    ended = analyzed(make(), folder)
    assert ended.code == 3, ended.said
    (sentence,) = [line for line in ended.said.splitlines() if not line.endswith("…")]
    assert meant in sentence
    assert "→" in sentence
    assert ended.megabytes < most
    assert ended.seconds < 30
    assert [path.name for path in folder.iterdir()] == ["book.xlsx"]


@pytest.mark.parametrize("name", QUICK)
def test_a_bomb_is_refused(name: str, tmp_path: Path) -> None:
    refused(QUICK[name], tmp_path, SMALL)


@pytest.mark.proof
@pytest.mark.parametrize("name", LONG)
def test_a_large_bomb_is_refused(name: str, tmp_path: Path) -> None:
    refused(LONG[name], tmp_path, SMALL)


@pytest.mark.proof
def test_corners_far_apart_on_many_sheets_are_refused(tmp_path: Path) -> None:
    """One such sheet is a stray note in the last row, which is read: so it takes as much as that."""
    refused(("too large to read", bombs.sheets_with_far_corners), tmp_path, 1_400)


# Ordinary files that look like bombs


def test_what_a_sheet_says_of_its_extent_costs_nothing(tmp_path: Path) -> None:
    ended = analyzed(bombs.stated_extent(), tmp_path)
    assert (ended.code, ended.megabytes < SMALL) == (0, True), ended


@pytest.mark.parametrize("part", with_proof([SHEET, STRINGS], {STRINGS}))
def test_depth_where_no_tree_is_made_costs_nothing(part: str, tmp_path: Path) -> None:
    ended = analyzed(bombs.deep(part), tmp_path)
    assert (ended.code, ended.megabytes < SMALL) == (0, True), ended


def test_rows_formatted_to_the_end_change_nothing_that_is_read() -> None:
    plain = read_book(bombs.book(), "x.xlsx").tables["trades"]
    formatted = read_book(bombs.formatted_rows(rows=100_000), "x.xlsx").tables["trades"]
    assert len(plain) == 2
    assert (formatted.columns, formatted.row) == (plain.columns, plain.row)


def test_what_stands_below_formatted_rows_is_still_read() -> None:
    data = bombs.formatted_rows(rows=100_000)
    lone = b'<row r="100001"><c r="A100001"><v>46090</v></c><c r="C100001"><v>7</v></c></row></sheetData>'
    whole = bombs.parts(data)[SHEET].replace(b"</sheetData>", lone)
    book = read_book(bombs.patched(data, {SHEET: whole}), "x.xlsx")
    assert book.tables["trades"].row == [2, 3, 100_001]


@pytest.mark.proof
def test_a_million_formatted_rows(tmp_path: Path) -> None:
    data = bombs.formatted_rows()
    ended = analyzed(data, tmp_path)
    assert ended.code == 0, ended.said
    assert (ended.megabytes < LARGE, ended.seconds < 15) == (True, True), ended
    result = Path(ended.said.splitlines()[-1]).read_bytes()
    assert bombs.parts(result)[SHEET] == bombs.parts(data)[SHEET], "the seller's own rows are all there"
    small = by_openpyxl(bombs.patched(result, {SHEET: bombs.parts(bombs.book())[SHEET]}))
    assert "Overview" in small.sheetnames
