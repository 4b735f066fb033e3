"""``sheetkit fix`` as a person has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.opc.encryption import Unlocked, unlocked
from tests.opc.books import by_openpyxl
from tests.pipeline.ticks import ticked
from tests.tools import make_book

SHOP = make_book(
    """
    ## 订单
    | 日期 | 昵称 | 成交价 |
    |---|---|---|
    | 2026-05-01 | 小满 | 120.5 |
    | 2026-05-02 | 阿珍 | 1O0 |
    """
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, on a machine that speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def tick() -> None:
    Path("店.xlsx").write_bytes(SHOP)
    assert call("analyze", "店.xlsx", "--as-of", "2026-06-01").exit_code == 0
    path = Path("店-分析.xlsx")
    path.write_bytes(ticked(path.read_bytes(), {"订单!C3": "√"}))


def test_it_writes_beside_and_says_what_it_did() -> None:
    tick()
    before = Path("店-分析.xlsx").read_bytes()
    looked = call("fix", "店-分析.xlsx", "--dry-run")
    assert (looked.exit_code, looked.stdout) == (0, ""), looked.output
    assert "订单!C3:「1O0」→「100」" in looked.stderr
    assert not Path("店-修正.xlsx").exists()
    done = call("fix", "店-分析.xlsx")
    assert (done.exit_code, done.stdout) == (0, "店-修正.xlsx\n"), done.output
    assert "改好 1 格" in done.stderr
    assert Path("店-分析.xlsx").read_bytes() == before
    assert by_openpyxl(Path("店-修正.xlsx").read_bytes())["订单"]["C3"].value == 100
    again = call("fix", "店-修正.xlsx")
    assert (again.exit_code, again.stdout) == (5, "")
    assert "采纳" in again.stderr
    stripped = call("strip", "店-修正.xlsx")
    assert "改好的 1 格保持改好的样子" in stripped.stderr


def test_behind_a_password_as_json() -> None:
    tick()
    word = "小店 2026"
    Path("密.xlsx").write_bytes(Unlocked(b"", word).sealed(Path("店-分析.xlsx").read_bytes()))
    assert call("fix", "密.xlsx").exit_code == 3
    done = call("fix", "密.xlsx", "-o", "好.xlsx", "--json", "--password-stdin", "--lang", "en", typed=word)
    answer = json.loads(done.stdout)
    assert answer["fixed"] == [{"sheet": "订单", "cell": "C3", "old": "1O0", "new": "100"}]
    assert answer["totals_before"]["trades"]["amounts"]["used"] == 120.5
    assert answer["totals"]["trades"]["amounts"]["used"] == 220.5
    assert answer["output"] == "好.xlsx"
    opened = unlocked(Path("好.xlsx").read_bytes(), iter([word]))
    assert by_openpyxl(opened.data)["订单"]["C3"].value == 100


def test_a_workbook_without_a_data_check_is_told_what_to_do_first() -> None:
    Path("店.xlsx").write_bytes(SHOP)
    said = call("fix", "店.xlsx", "--lang", "en")
    assert said.exit_code == 5
    assert "sheetkit analyze" in said.stderr
