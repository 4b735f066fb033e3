"""``sheetkit merge`` as a person calls it: what is written where, what is said, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.opc.encryption import Unlocked, unlocked
from tests.exports import taobao
from tests.tools import make_book

HEAD = "## 交易记录\n| 日期 | 昵称 | 商品 | 成交价 |\n"
MINE = make_book(HEAD + "| 2026-03-05 | 小李 | 茶 | 100 |")
HERS = make_book(HEAD + "| 2026-03-05 | 小李 | 茶 | 90 |\n| 2026-03-06 | 小王 | 壶 | 50 |")
CLOSED = "交易记录:读到 3 行 = 结果 2 行 + 完全相同 0 行 + 同一条记录合到一行 1 行 + 底本删过 0 行"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    Path("我.xlsx").write_bytes(MINE)
    Path("妻子.xlsx").write_bytes(HERS)


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["merge", *words], input=typed)


def amounts(path: str) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(Path(path).read_bytes()))["交易记录"]
    return [cell.value for cell in sheet["D"][1:]]


def test_the_result_is_written_and_the_inputs_stay() -> None:
    result = call("我.xlsx", "妻子.xlsx", "-o", "合.xlsx")
    assert (result.exit_code, result.stdout) == (0, "合.xlsx\n"), result.stderr
    assert amounts("合.xlsx") == [100, 50]
    assert (Path("我.xlsx").read_bytes(), Path("妻子.xlsx").read_bytes()) == (MINE, HERS)
    assert CLOSED in result.stderr
    assert "! 1 处不一样,没有替您选,列在「合并冲突」" in result.stderr


def test_without_a_name_it_stands_beside_the_first() -> None:
    result = call("我.xlsx", "妻子.xlsx", "--base", "妻子.xlsx", "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "我-merged.xlsx\n"), result.stderr
    assert "the copies differ nowhere" in result.stderr
    assert "deleted in the base" in result.stderr
    assert amounts("我-merged.xlsx") == [100], "the base changed one row and deleted the other"


def test_json_tells_every_difference_with_its_places() -> None:
    result = call("我.xlsx", "妻子.xlsx", "-o", "合.xlsx", "--json")
    told = json.loads(result.stdout)
    assert told["output"] == "合.xlsx"
    (one,) = told["conflicts"]
    assert (one["sheet"], one["cell"], one["column"]) == ("交易记录", "D2", "成交价")
    assert one["values"] == [
        {"file": "我.xlsx", "value": "100", "place": "交易记录!2"},
        {"file": "妻子.xlsx", "value": "90", "place": "交易记录!2"},
    ]


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    Path("她").mkdir()
    Path("她/我.xlsx").write_bytes(HERS)
    told = json.loads(call("我.xlsx", "她/我.xlsx", "-o", "合.xlsx", "--json").stdout)
    assert [one["name"] for one in told["files"]][1] == "她/我.xlsx"
    assert len({one["name"] for one in told["files"]}) == 2


def test_an_encrypted_copy_asks_for_its_password_and_the_result_has_it_too() -> None:
    """Whichever of the copies is locked: what was locked does not lie open in the result."""
    Path("妻子.xlsx").write_bytes(Unlocked(b"", "花").sealed(HERS))
    refused = call("我.xlsx", "妻子.xlsx", "-o", "合.xlsx")
    assert (refused.exit_code, refused.stderr.partition(":")[0]) == (3, "妻子.xlsx")
    result = call("我.xlsx", "妻子.xlsx", "-o", "合.xlsx", "--password-stdin", typed="花\n")
    assert result.exit_code == 0, result.stderr
    Path("开.xlsx").write_bytes(unlocked(Path("合.xlsx").read_bytes(), ["花"]).data)
    assert amounts("开.xlsx") == [100, 50]
    result = call("妻子.xlsx", "我.xlsx", "-o", "锁.xlsx", "--password-stdin", typed="花\n")
    assert result.exit_code == 0, result.stderr
    for name in ("合.xlsx", "锁.xlsx"):
        assert Path(name).read_bytes()[:4] == b"\xd0\xcf\x11\xe0", "encrypted, as one of the files was"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["我.xlsx", "-o", "合.xlsx"], 2, "至少要两个文件"),
        (["我.xlsx", "没有.xlsx", "-o", "合.xlsx"], 2, "没有.xlsx"),
        (["我.xlsx", "妻子.xlsx", "-o", "妻子.xlsx"], 2, "妻子.xlsx"),
        (["我.xlsx", "妻子.xlsx", "-o", "合.csv"], 2, "合.csv"),
        (["我.xlsx", "备忘.xlsx", "-o", "合.xlsx"], 2, "「备忘.xlsx」"),
        (["坏.xlsx", "我.xlsx", "-o", "合.xlsx"], 3, "坏.xlsx"),
    ],
)
def test_what_goes_wrong_is_one_sentence(words: list[str], code: int, said: str) -> None:
    Path("备忘.xlsx").write_bytes(make_book("## 备忘\n| 买菜 |"))
    Path("坏.xlsx").write_bytes(MINE[: len(MINE) // 2])
    result = call(*words)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("合.xlsx").exists()


def test_an_export_is_no_copy_but_goes_through_an_import() -> None:
    (Path("ExportOrderList.csv")).write_bytes(taobao.orders()[0].data)
    result = call("我.xlsx", "ExportOrderList.csv", "-o", "合.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "sheetkit import ExportOrderList.csv --into" in result.stderr
    assert not Path("合.xlsx").exists()
