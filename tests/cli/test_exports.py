"""``analyze`` and ``check`` on exports of platforms, as a seller calls them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.intake import read_book
from sheetkit.model.days import to_day
from tests.tools import make_book, shared

SHOPIFY = "shopify/tests_fixtures_shopify_orders.csv"
TAOBAO = "订单编号,买家会员名,买家实际支付金额,订单状态,订单付款时间 ,宝贝标题 ,店铺Id,运送方式,联系手机"
ORDERS = (
    '="274182993612345678",小李,120.50,交易成功,2026-03-05 10:01:00,红茶，绿茶,0,快递,\'13800000001',
    '="274182993612345679",小王,60,交易关闭,2026-03-06 10:01:00,杯子,0,快递,',
    '="274182993612345680",小李,30,没见过的状态,2026-03-06 10:01:00,杯子,0,快递,',
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, on a machine that speaks Chinese."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def write_orders(path: Path, *orders: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes("\r\n".join([TAOBAO, *orders]).encode("gb18030"))
    return path


def sample(name: str) -> Path:
    path = Path(Path(name).name)
    path.write_bytes((shared() / "exports/samples" / name).read_bytes())
    return path


def test_an_export_becomes_a_workbook_to_go_on_with() -> None:
    source = write_orders(Path("ExportOrderList.csv"), *ORDERS)
    before = source.read_bytes()
    result = call("analyze", str(source), "--as-of", "2026-03-10")
    assert (result.exit_code, result.stdout) == (0, "ExportOrderList-分析.xlsx\n")
    assert "没有带过来" not in result.stderr
    assert "按「淘宝/天猫订单列表」读取:3 行,得到 2 笔订单、2 位客户" in result.stderr
    assert "订单状态「没见过的状态」不认识" in result.stderr
    assert source.read_bytes() == before
    made = Path("ExportOrderList-分析.xlsx").read_bytes()
    book = read_book(made, "x.xlsx", as_of=to_day(date(2026, 3, 10)))
    trades = book.tables["trades"].columns
    assert trades["order_id"] == ["274182993612345678", "274182993612345679"]
    assert trades["item"] == ["红茶、绿茶", "杯子"]
    assert trades["amount"] == [12_050, 6_000]
    assert trades["method"] == ["快递", "快递"]  # no column of the template: it gets one
    assert book.template == "taobao"
    people = book.tables["customers"].columns
    assert (people["nickname"], people["phone"]) == (["小李", "小王"], ["13800000001", None])


def test_a_folder_is_joined_and_the_rest_left_alone() -> None:
    folder = Path("导出")
    write_orders(folder / "三月.csv", *ORDERS[:2])
    write_orders(folder / "四月.csv", ORDERS[1], ORDERS[0].replace("678", "699"))
    write_orders(folder / "备份" / "旧.csv", ORDERS[0].replace("678", "111"))
    write_orders(folder / "去年-分析.csv", ORDERS[0].replace("678", "222"))
    write_orders(folder / "分店" / "五月.csv", ORDERS[0].replace("678", "333"))
    (folder / "六月.zip").write_bytes(b"PK")
    (folder / "记账.xlsx").write_bytes(make_book("## 记账\n| 日期 | 支出 |\n| 2026-03-05 | 12 |"))
    result = call("analyze", "导出", "--json", "--as-of", "2026-03-10")
    assert result.exit_code == 0, result.output
    assert "记账.xlsx 不是认得的平台导出" in result.stderr
    assert "导出 里的 六月.zip、分店 没有看" in result.stderr
    answer = json.loads(result.stdout)
    assert Path(answer["output"]) == folder.resolve() / "导出-分析.xlsx"
    assert answer["totals"]["trades"]["rows"] == {"read": 4, "used": 3, "set_aside": 1, "repaired": 0}
    assert (answer["transactions"], answer["customers"]) == (3, 2)
    (said,) = [one for one in answer["findings"] if one["code"] == "export_order_twice"]
    assert "在「三月.csv」第 3 行已经有了,只算一次" in said["message"]


def test_an_export_analysed_again_says_that_earlier_answers_stay_behind() -> None:
    source = write_orders(Path("ExportOrderList.csv"), *ORDERS)
    call("analyze", str(source), "--as-of", "2026-03-10")
    again = call("analyze", str(source), "--as-of", "2026-03-10")
    assert "没有带过来" in again.stderr
    assert "再 sheetkit import 导出 --into ExportOrderList-分析.xlsx" in again.stderr


def test_shopify_customers_are_counted_as_by_hand() -> None:
    result = call("analyze", str(sample(SHOPIFY)), "--json", "--as-of", "2025-04-15")
    answer = json.loads(result.stdout)
    assert (answer["customers"], answer["transactions"]) == (4, 8)
    assert answer["totals"]["trades"]["amounts"]["used"] == 995  # 985 and the 10 that went back
    assert [one["code"] for one in answer["findings"]][:2] == ["export_read", "export_some_nameless"]


def test_an_export_without_buyers_is_analysed_all_the_same() -> None:
    Path("pdd.csv").write_text(
        "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),商品数量(件),订单成交时间\n"
        "红茶\t,260303-1\t,已收货\t,10.00\t,10.00\t,1\t,2026-03-03 09:00:00\t\n"
        "红茶\t,260304-1\t,已收货\t,20.00\t,20.00\t,2\t,2026-03-04 09:00:00\t\n"
    )
    result = call("analyze", "pdd.csv", "--json", "--as-of", "2026-03-10")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["customers"], answer["transactions"]) == (0, 2)
    assert answer["totals"]["trades"]["amounts"]["used"] == 30
    assert any(one["code"] == "export_no_buyer" for one in answer["findings"])


def test_own_purchases_are_nothing_to_analyse() -> None:
    result = call("analyze", str(sample("jd/example-jd-records.csv")))
    assert (result.exit_code, result.stdout) == (5, "")
    assert "记的是您自己买的东西" in result.stderr
    assert not list(Path().glob("*.xlsx"))


def test_check_reads_an_export_too() -> None:
    result = call("check", str(write_orders(Path("单.csv"), *ORDERS)), "--json", "--strict")
    assert result.exit_code == 4
    answer = json.loads(result.stdout)
    assert answer["totals"]["trades"]["rows"]["set_aside"] == 1
    assert [one["cell"] for one in answer["findings"] if one["code"] == "export_state_unknown"] == ["D4"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("empty",), 2, "里没有平台导出的文件"),
        (("mine",), 2, "里没有平台导出的文件"),
        (("单.csv", "--platform", "taobao"), 2, "没有叫「taobao」的平台表"),
        (("单.csv", "--platform", "no.toml"), 2, "读不了模板文件 no.toml"),
        (("单.csv", "--platform", "paypal"), 3, "找不到表头"),
        (("单.csv", "书.xlsx", "-o", "x.xlsx"), 2, "-o"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], code: int, sentence: str) -> None:
    Path("empty").mkdir()
    write_orders(Path("单.csv"), *ORDERS)
    Path("mine").mkdir()
    Path("mine/记账.csv").write_text("日期,支出\n2026-03-05,12\n")
    Path("书.xlsx").write_bytes(make_book("## 交易记录\n| 日期 | 成交价 |\n| 2026-03-05 | 120 |"))
    result = call("analyze", *words)
    assert result.exit_code == code, result.output
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
