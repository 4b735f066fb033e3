"""``sheetkit import`` as a person has it: where it writes, what it says, what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
import pyzipper  # type: ignore[import-untyped]
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.intake import read_book
from sheetkit.messages import LANGS
from sheetkit.opc.encryption import Unlocked, unlocked
from tests.opc.books import by_openpyxl
from tests.tools import make_book

BOOK = make_book(
    "## 流水\n| 日期 | 买家 | 商品 | 实付 | 状态 | 备注 |\n"
    "| 2025-12-01 | 小李 | 杯 | 30 | 待付款 | 好 |\n| 合计 | | | 30 | | |\n"
)
# Taobao's own names of columns, those that tell an order; amounts in yuan.
EXPORT = (
    "订单编号,买家会员名,总金额,买家实际支付金额,订单状态,收货人姓名,联系手机,订单创建时间,"
    "宝贝标题 ,宝贝总数量,退款金额\r\n"
    '="111",小李,30.00,30.00,交易成功,李,\'13900000101,2025-12-01 09:00:00,杯,1,0.00\r\n'
    '="222",@x,50.00,50.00,交易成功,王,\'13900000102,2025-12-02 09:00:00,-2,1,0.00\r\n'
).encode("gb18030")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a workbook and an export, on a machine that speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    Path("账.xlsx").write_bytes(BOOK)
    Path("ExportOrderList.csv").write_bytes(EXPORT)


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["import", *words], input=typed)


def files() -> list[str]:
    return sorted(str(one) for one in Path().rglob("*.xlsx"))


def test_it_goes_into_the_workbook_and_the_old_one_is_kept() -> None:
    result = call("ExportOrderList.csv", "--into", "账.xlsx")
    assert (result.exit_code, result.stdout) == (0, "账.xlsx\n"), result.output
    assert "订单 2 行 = 新增 1 + 更新 1 + 不变 0 + 搁置 0" in result.stderr
    assert "金额 80.00 = 新增 50.00 + 更新 30.00 + 不变 0.00 + 搁置 0.00" in result.stderr
    assert "没有这些列" in result.stderr
    assert "订单号" in result.stderr
    assert "第 3 行是合计" in result.stderr
    (kept,) = Path("备份").iterdir()
    assert kept.read_bytes() == BOOK
    sheet = by_openpyxl(Path("账.xlsx").read_bytes())["流水"]
    assert sheet["E2"].value == "交易成功"
    assert [(one.value, one.data_type) for one in sheet[4]][1:4] == [("@x", "s"), ("-2", "s"), (50, "n")]


def test_the_second_time_nothing_is_written_or_the_same_to_the_byte() -> None:
    call("ExportOrderList.csv", "--into", "账.xlsx", "-o", "新.xlsx")
    assert Path("账.xlsx").read_bytes() == BOOK
    before = Path("新.xlsx").read_bytes()
    again = call("ExportOrderList.csv", "ExportOrderList.csv", "--into", "新.xlsx")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "什么都不用改" in again.stderr
    copied = call("ExportOrderList.csv", "--into", "新.xlsx", "-o", "新2.xlsx", "--lang", "en")
    assert copied.stdout == "新2.xlsx\n"
    assert "the same to the byte" in copied.stderr
    assert Path("新2.xlsx").read_bytes() == before == Path("新.xlsx").read_bytes()
    assert files() == ["新.xlsx", "新2.xlsx", "账.xlsx"]


def test_trying_writes_nothing_and_json_says_all() -> None:
    result = call("ExportOrderList.csv", "--into", "账.xlsx", "--dry-run", "--json", "--lang", "en")
    answer = json.loads(result.stdout)
    assert (answer["changed"], answer["output"]) == (True, "")
    assert answer["orders"] == {
        "rows": {"read": 2, "new": 1, "updated": 1},
        "amounts": {"read": 80.0, "new": 50.0, "updated": 30.0},
    }
    assert answer["customers"]["rows"] == {"read": 2, "no_sheet": 2}
    assert answer["no_column"]["trades"]["order_id"] == 1
    assert Path("账.xlsx").read_bytes() == BOOK
    assert files() == ["账.xlsx"]


def test_a_locked_zip_into_a_locked_workbook() -> None:
    word = "小店 2026"
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(word.encode())
        archive.writestr("账单/orders.csv", EXPORT)
    Path("账单.zip").write_bytes(target.getvalue())
    Path("账.xlsx").write_bytes(Unlocked(b"", word).sealed(BOOK))
    refused = call("账单.zip", "--into", "账.xlsx", "--lang", "en")
    assert refused.exit_code == 3
    assert "账单.zip: the zip has a password" in refused.stderr
    result = call("账单.zip", "--into", "账.xlsx", "--password-stdin", typed=word)
    assert (result.exit_code, result.stdout) == (0, "账.xlsx\n"), result.output
    opened = unlocked(Path("账.xlsx").read_bytes(), [word])
    assert by_openpyxl(opened.data)["流水"]["B4"].value == "@x"
    Path("ExportOrderList.csv").unlink()
    assert b"13900000102" not in b"".join(one.read_bytes() for one in Path().rglob("*") if one.is_file())


def test_what_is_made_of_a_locked_export_is_locked_too() -> None:
    table = openpyxl.Workbook()
    sheet = table.active
    assert sheet is not None
    for line in csv.reader(io.StringIO(EXPORT.decode("gb18030"))):
        sheet.append(line)
    clear = io.BytesIO()
    table.save(clear)
    Path("a.csv").write_bytes(EXPORT.replace(b"@x", b"@y"))
    Path("b.xlsx").write_bytes(Unlocked(b"", "花").sealed(clear.getvalue()))
    for words in (["import", "a.csv", "b.xlsx", "-o", "新.xlsx"], ["analyze", "a.csv", "b.xlsx"]):
        result = CliRunner().invoke(main, [*words, "--lang", "zh", "--password-stdin"], input="花\n")
        assert result.exit_code == 0, result.output
        made = Path(result.stdout.strip()).read_bytes()
        assert made[:4] == b"\xd0\xcf\x11\xe0"
        assert any(read_book(unlocked(made, ["花"]).data, "新.xlsx").tables["trades"].column("nickname"))


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_imported_is_said_in_one_sentence(lang: str) -> None:
    Path("账.csv").write_text("日期,买家,实付\n2025-12-01,小李,30\n", "utf-8")
    Path("别的.xlsx").write_bytes(make_book("## 心情\n| 哪天 | 怎样 |\n| 1 | 好 |"))
    Path("旧.csv").write_text("x,y\n1,2\n", "utf-8")
    wrong = {
        ("ExportOrderList.csv",): 2,
        ("旧.csv", "--into", "账.xlsx"): 2,
        ("没有.csv", "--into", "账.xlsx"): 2,
        ("ExportOrderList.csv", "--into", "没有.xlsx"): 2,
        ("ExportOrderList.csv", "--into", "别的.xlsx"): 2,
        ("ExportOrderList.csv", "--into", "账.csv"): 3,
        ("ExportOrderList.csv", "--into", "账.xlsx", "-o", "账.xlsx"): 2,
        ("ExportOrderList.csv", "--into", "账.xlsx", "--template", "taobao"): 2,
        ("ExportOrderList.csv", "--into", "账.xlsx", "--platform", "淘"): 2,
        ("ExportOrderList.csv", "-o", "账.xlsx"): 2,
    }
    for words, code in wrong.items():
        result = call(*words, "--json", "--lang", lang)
        assert (result.exit_code, result.stdout) == (code, ""), (words, result.output)
        (line,) = result.stderr.splitlines()
        said = re.sub(r"\S+\.(xlsx|csv)|「.*?」|'.*?'", "", line)
        assert bool(re.search("[\u4e00-\u9fff]", said)) == (lang == "zh"), line
    assert Path("账.xlsx").read_bytes() == BOOK


def test_a_new_workbook_in_the_language_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from sheetkit.pipeline import importing
    from sheetkit.writing.live.layout import Capacity

    monkeypatch.setattr(importing, "USUAL", Capacity(5, 5, 5))
    result = call("ExportOrderList.csv", "-o", "new.xlsx", "--template", "taobao", "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "new.xlsx\n"), result.output
    sheet = by_openpyxl(Path("new.xlsx").read_bytes())["Trades"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(3, heads.index("Order id") + 1).value == "222"
    assert sheet.cell(3, heads.index("State") + 1).value == "Completed"
