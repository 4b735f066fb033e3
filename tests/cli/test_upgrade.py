"""``sheetkit upgrade`` as a person has it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.messages import LANGS
from sheetkit.opc.encryption import Unlocked, unlocked
from tests.opc.books import edited
from tests.pipeline.old_books import earlier, old_book
from tests.tools import make_book


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, on a machine that speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def test_it_writes_beside_says_what_came_and_then_has_nothing_to_do() -> None:
    Path("店.xlsx").write_bytes(old_book("zh"))
    result = call("upgrade", "店.xlsx", "--with", "cases")
    assert (result.exit_code, result.stdout) == (0, "店-新版.xlsx\n"), result.output
    assert "「交易记录」右边加了列:评价、款项类型、成本" in result.stderr
    assert "加了工作表:求购登记、商品、售后" in result.stderr
    assert Path("店.xlsx").read_bytes() == old_book("zh")
    before = Path("店-新版.xlsx").read_bytes()
    again = call("upgrade", "店-新版.xlsx", "--lang", "en")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "up to date" in again.stderr
    answer = json.loads(call("upgrade", "店-新版.xlsx", "--json").stdout)
    assert (answer["changed"], answer["output"], answer["columns"]) == (False, "", {})
    assert Path("店-新版.xlsx").read_bytes() == before
    assert sorted(one.name for one in Path().iterdir()) == ["店-新版.xlsx", "店.xlsx"]


def test_behind_a_password_and_a_lock_as_json() -> None:
    word = "小店 2026"
    locked = edited(
        old_book("zh"), "xl/workbook.xml", "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>'
    )
    Path("店.xlsx").write_bytes(Unlocked(b"", word).sealed(locked))
    assert call("upgrade", "店.xlsx").exit_code == 3
    refused = call("upgrade", "店.xlsx", "--password-stdin", typed=word)
    assert refused.exit_code == 3
    assert "--allow-locked" in refused.stderr
    result = call(
        "upgrade", "店.xlsx", "--password-stdin", "--allow-locked", "-o", "new.xlsx", "--json", typed=word
    )
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["from"] == {"template": "xianyu", "version": str(earlier().version)}
    assert answer["columns"]["沟通记录"] == ["方向", "预算/出价"]
    assert answer["output"] == "new.xlsx"
    assert unlocked(Path("new.xlsx").read_bytes(), [word]).password == word


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_upgraded_is_said_in_one_sentence(lang: str) -> None:
    Path("店.xlsx").write_bytes(make_book("## 交易记录\n| 日期 | 昵称 |\n| 2026-03-05 | 小李 |"))
    Path("店.csv").write_text("a,b\n1,2\n", "utf-8")
    for name, code in (("店.xlsx", 5), ("店.csv", 3), ("没有.xlsx", 2)):
        result = call("upgrade", name, "--lang", lang)
        assert (result.exit_code, result.stdout) == (code, "")
        (line,) = result.stderr.splitlines()
        assert bool(re.search("[\u4e00-\u9fff]", line.replace(name, ""))) == (lang == "zh")
    assert sorted(one.name for one in Path().iterdir()) == ["店.csv", "店.xlsx"]
