"""What the reader of exports does with single cells, lines, sheets and maps."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from sheetkit.errors import TemplateError, UnreadableError, UsageError
from sheetkit.intake.cells import Cell
from sheetkit.intake.exports import Export, book_of, read_export
from sheetkit.intake.exports.moments import Clock, day_month_order, moment
from sheetkit.intake.exports.money import amount, has_comma_decimals
from sheetkit.intake.exports.texts import id_text, is_hidden, phone
from sheetkit.messages import LANGS, Lang
from sheetkit.model.days import to_day
from sheetkit.model.lists import lists
from sheetkit.model.platforms import named_platform, platforms
from tests.exports import taobao
from tests.tools import ROOT, make_book

CODE = {key: one.code for key, one in lists()["trade_state"].meanings.items()}
DOCS: dict[Lang, Path] = {"en": ROOT / "docs/platforms.md", "zh": ROOT / "docs/platforms.zh.md"}


def csv(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def taobao_csv(*rows: str) -> bytes:
    head = "订单编号,买家会员名,买家实际支付金额,退款金额,订单状态,订单付款时间 ,宝贝标题 ,宝贝总数量,店铺Id"
    return csv(head, *rows)


def read(data: bytes, name: str = "x.csv", **more: str) -> Export:
    found = read_export(data, name, **more)
    assert found is not None, "not recognised"
    return found


# --- cells


@pytest.mark.parametrize(
    ("cell", "clock", "day", "minute"),
    [
        ("2025-12-31 20:00:05", Clock("ymd"), "2025-12-31", 1200),
        ("2025/3/5 8:01\t", Clock("ymd"), "2025-03-05", 481),
        ("2025年03月05日 08时01分", Clock("ymd"), "2025-03-05", 481),
        ("20250305080130", Clock("ymd"), "2025-03-05", 481),
        ("2025-01-05 10:00:00 -0500", Clock("ymd"), "2025-01-05", 600),
        ("2025-01-05 22:00:00 -0500", Clock("ymd", zone="+00:00"), "2025-01-06", 180),
        ("2025-08-03T09:05:00Z", Clock("ymd", zone="+08:00"), "2025-08-03", 1025),
        ("2025-08-03 23:30", Clock("ymd", utc=True, zone="+08:00"), "2025-08-04", 450),
        ("08/03/25", Clock("mdy"), "2025-08-03", None),
        ("03/08/2025", Clock("dmy"), "2025-08-03", None),
        ("3.8.2025", Clock("dmy"), "2025-08-03", None),
        ("10-Dez-25", Clock("ymd"), "2025-12-10", None),
        ("Mär-05-25", Clock("ymd"), "2025-03-05", None),
        ("5 août 2025", Clock("ymd"), "2025-08-05", None),
        ("Dec 10, 2025 2:05 PM", Clock("ymd"), "2025-12-10", 845),
        (45870.5, Clock("ymd"), "2025-08-01", 720),
        ("45870.5", Clock("ymd"), "2025-08-01", 720),
        ("1754183100", Clock("ymd", zone="+08:00"), "2025-08-03", 545),
        ("1754183100000", Clock("ymd"), "2025-08-03", 65),
    ],
)
def test_a_moment_is_read(cell: Cell, clock: Clock, day: str, minute: int | None) -> None:
    """Serials as Excel counts them: 45870 is 2025-08-01; 1754183100 is 01:05 UTC, as `date -u -d` says."""
    assert moment(cell, clock) == (to_day(date.fromisoformat(day)), minute)


@pytest.mark.parametrize("cell", ["", "-", "\t", "2025-13-01", "31/02/2025", "没付", 3.5, "2025-08-01 x"])
def test_no_moment_is_made_up(cell: Cell) -> None:
    assert moment(cell, Clock("dmy")) is None


def test_day_and_month_are_told_apart_by_the_whole_column() -> None:
    assert day_month_order(["01/02/2025", "13/02/2025"], "either") == ("dmy", True)
    assert day_month_order(["01/02/2025", "02/13/2025"], "either") == ("mdy", True)
    assert day_month_order(["01/02/2025"], "either") == ("mdy", False)
    assert day_month_order(["2025-01-02"], "either") == ("either", True)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("129.00", 12_900), ("129.00元", 12_900), ("¥1,299.50", 129_950), ("`88.00\t", 8_800), (28.16, 2_816),
        ("($33.62)", -3_362), ("$1,149.00 ", 114_900), ("-12.5", -1_250), ("US $12.00", 1_200),
        ("499.00（系统计算中…）", 49_900), ("12.00 USD", 1_200), ("0", 0),
    ],
)  # fmt: skip
def test_an_amount_is_read(cell: Cell, cents: int) -> None:
    assert amount(cell).cents == cents


def test_amounts_with_a_comma_and_in_fen() -> None:
    assert has_comma_decimals(["116,99 €", "1.250,00 €"])
    assert not has_comma_decimals(["1,250.00", "12"])
    assert amount("1.250,00 €", comma=True).cents == 125_000
    assert amount("-116,99", comma=True).cents == -11_699
    assert amount("12900", fen=True).cents == amount(12_900.0, fen=True).cents == 12_900
    assert amount("129.5", fen=True).bad


def test_what_went_back_stands_beside_the_amount() -> None:
    assert amount("131.77(已退款89.84)")[:2] == (13_177, 8_984)
    assert amount("468.32(已全额退款)")[:2] == (46_832, 46_832)
    assert amount("abc").bad
    assert amount("-").cents is None


@pytest.mark.parametrize("wrapped", ['="274182993612345678"', "'274182993612345678", "274182993612345678\t",
                                     "`274182993612345678", "\t274182993612345678", " ２７４182993612345678"])
def test_an_id_keeps_every_digit(wrapped: str) -> None:
    assert id_text(wrapped) == ("274182993612345678", False)


def test_an_id_that_a_spreadsheet_cut_is_said() -> None:
    assert id_text(2.741829936e17)[1]
    assert id_text("2.74183E+17")[1]
    export = read(taobao_csv("2.74183E+17,小李,1.00,0,交易成功,2025-08-03 09:00,壶,1,0"))
    assert [one.code for one in export.findings if one.severity == "warning"] == ["export_ids_lost"]


def test_hidden_names_and_lent_phones() -> None:
    assert all(map(is_hidden, ["张**", "t**5", "*三", "##aGVsbG8=", "$$x8f", "~AgAAAAB3Y2Q=~"]))
    assert not any(map(is_hidden, ["小李", "O'Neil #2", "tb_88", "a~b"]))
    assert phone("86-13800000001") == "13800000001"
    assert phone("138****0001") == phone("18400000000-1234") == phone("$$aa") == ""
    assert phone("+1 555 010 0101") == "+1 555 010 0101"


# --- lines


def test_every_line_that_is_no_sale_has_a_finding_and_the_totals_close() -> None:
    export = read(taobao_csv(
        "1,小李,120.50,0.00,交易成功,2025-08-03 09:00,壶,1,0",
        "2,小王,88.00元,8.00,卖家已发货，等待买家确认,2025-08-04 09:00,杯子，壶,2,0",
        "3,小王,0,0,交易关闭,2025-08-04 09:00,杯子,1,0",
        "4,小王,60,60,交易关闭,2025-08-04 09:00,杯子,1,0",
        "5,小王,60,0,火星状态,2025-08-04 09:00,杯子,1,0",
        "6,小王,60,0,交易成功,昨天,杯子,1,0",
        "7,小王,很多,0,交易成功,2025-08-04 09:00,杯子,1,0",
        "8,小王,,0,交易成功,2025-08-04 09:00,杯子,1,0",
        "订单编号,买家会员名,买家实际支付金额,退款金额,订单状态,订单付款时间,宝贝标题,宝贝总数量,店铺Id",
        "1,小李,120.50,0.00,交易成功,2025-08-03 09:00,壶,1,0",
        "以上由系统导出,,,,,,,,",
    ))  # fmt: skip
    (total,) = export.totals
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (11, 4, 7)
    # read: 120.50 + 88 + 0 + 60 + 60 + 60 + 120.50 again; used: the first four
    assert (total.cents_read, total.cents_used, total.unreadable) == (50_900, 26_850, 1)
    said = {one.cell: one.code for one in export.findings if one.cell}
    assert said == {
        "E6": "export_state_unknown", "F7": "export_date_unreadable", "C8": "amount_unreadable",
        "C9": "amount_missing", "A10": "header_repeated", "A11": "export_line_twice", "A12": "note_row",
    }  # fmt: skip
    states = [CODE["completed"], CODE["completed"], CODE["void"], CODE["refunded"]]
    assert export.trades.columns["state"] == states
    assert export.trades.columns["refund_amount"] == [None, 800, None, None]
    assert export.trades.columns["item"][1] == "杯子、壶"
    assert export.trades.row == [2, 3, 4, 5]


def test_a_masked_buyer_is_nobody_and_the_sale_counts() -> None:
    export = read(taobao_csv(
        "1,t**5,10.00,0,交易成功,2025-08-03 09:00,壶,1,0", "2,小李,20.00,0,交易成功,2025-08-03 09:00,壶,1,0"
    ))  # fmt: skip
    assert export.trades.columns["nickname"] == [None, "小李"]
    assert export.customers.columns["nickname"] == ["小李"]
    assert {"export_hidden_names", "export_some_nameless"} <= {one.code for one in export.findings}


def test_an_export_without_buyers_says_so_and_can_be_analysed() -> None:
    export = read(csv(
        "商品,订单号,订单状态,用户实付金额(元),商家实收金额(元),商品数量(件),订单成交时间",
        "红茶\t,250803-1\t,已收货\t,10.00\t,10.00\t,1\t,2025-08-03 09:00:00\t",
    ))  # fmt: skip
    assert export.platform.key == "pinduoduo"
    assert not export.platform.identity
    assert "nickname" not in export.trades.columns
    (said,) = [one for one in export.findings if one.code == "export_no_buyer"]
    assert said.sentence("zh").endswith("做不了客户分析;商品、月份和总额照样能看")


def test_another_currency_is_not_added() -> None:
    head = "Name,Email,Financial Status,Created at,Total,Currency,Lineitem name"
    export = read(csv(
        head, "#1,a@example.com,paid,2025-01-05,10.00,USD,A", "#2,b@example.com,paid,2025-01-06,9.00,EUR,B",
        "#3,c@example.com,paid,2025-01-07,10.00,USD,A",
    ))  # fmt: skip
    assert export.currency == "USD"
    assert export.trades.columns["order_id"] == ["#1", "#3"]
    assert [one.code for one in export.findings if one.severity == "error"] == ["export_other_currency"]


# --- which file is an export


@pytest.mark.parametrize(
    "book",
    [
        "| 日期 | 昵称 | 商品 | 成交价 | 订单号 | 状态 |\n| 2026-03-05 | 小李 | 壶 | 120 | 1 | 已付款 |",
        "| 订单编号 | 买家会员名 | 宝贝标题 | 金额 | 订单创建时间 |\n| 1 | 小李 | 壶 | 9 | 2026-03-05 |",
        "| Order ID | Date | Customer | Item | Total | Status |\n| 1 | 2026-03-05 | A | P | 1 | paid |",
    ],
)
def test_a_table_made_by_hand_is_no_export(book: str) -> None:
    assert read_export(make_book(f"## 订单\n{book}"), "x.xlsx") is None


EXPORTED = (
    "## Sheet1\n"
    "| 订单编号 | 买家会员名 | 买家应付货款 | 买家实际支付金额 | 订单状态 | 订单付款时间 | 宝贝标题 |\n"
    "| 1234 | 小李 | 120 | 120 | 交易成功 | 2025-08-03 | 壶 |\n"
)


def test_a_workbook_with_more_in_it_is_her_own() -> None:
    spending = "## 记账\n| 日期 | 支出 |\n| 2025-08-03 | 12 |"
    assert read(make_book(EXPORTED), "x.xlsx").platform.key == "taobao-orders"
    assert read_export(make_book(EXPORTED + spending), "x.xlsx") is None


def test_rows_pasted_into_a_workbook_of_sheetkit_are_hers() -> None:
    ours = make_book(EXPORTED + "## _sheetkit\n| template | xianyu |")
    assert read_export(ours, "x.xlsx") is None
    assert read_export(ours, "x.xlsx", platform="taobao-orders") is None


def test_every_map_can_be_recognised_by_its_own_headings() -> None:
    for key, one in platforms().items():
        head = dict.fromkeys([*one.signs, *(name for parts in one.columns.values() for part in parts
                                            for name in part.names[0])])  # fmt: skip
        found = read_export(csv("\t".join(head), "\t".join("x" for _ in head)), "x.txt")
        assert found is not None, key
        assert found.platform.family == one.family, f"{key} is taken for {found.platform.key}"


# --- maps


MY_MAP = 'zh = "甲"\nen = "A"\n[columns]\ndate = ["成交于"]\namount = ["钱"]\n'


@pytest.mark.parametrize(
    ("content", "where", "meant"),
    [
        (MY_MAP.replace("amount", "amonut"), "columns.amonut", "amount"),
        (MY_MAP.replace('amount = ["钱"]\n', ""), "columns.amount", ""),
        ('kind = "order"\n' + MY_MAP, "kind", "orders"),
        ('zone = "8"\n' + MY_MAP, "zone", "+08:00"),
        (MY_MAP + '[states]\ncomplete = ["好"]', "states.complete", "completed"),
        (MY_MAP + '[[aside]]\ncolumns = ["钱"]\nwords = ["x"]', "aside[1].zh", ""),
        (MY_MAP + 'note = 3', "columns.note", ""),
    ],
)
def test_a_mistake_in_a_map_is_answered(tmp_path: Path, content: str, where: str, meant: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(TemplateError) as caught:
        named_platform(str(path))
    assert caught.value.params["file"] == "my.toml"
    assert caught.value.params["where"] == where
    assert meant in str(caught.value.params.get("meant", ""))


def test_a_map_that_is_not_there_is_answered(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        named_platform("taobao-order")
    assert str(caught.value.params["meant"]).startswith("taobao-orders")
    with pytest.raises(TemplateError):
        named_platform(str(tmp_path / "no.toml"))
    with pytest.raises(UnreadableError) as unreadable:
        read_export(csv("a,b", "1,2"), "x.csv", platform="taobao-orders")
    assert "订单付款时间" in str(unreadable.value.params["headers"])


@pytest.mark.parametrize("lang", LANGS)
def test_the_worked_example_reads_a_table_of_ones_own(tmp_path: Path, lang: Lang) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", DOCS[lang].read_text("utf-8"), re.S | re.M)
    path = tmp_path / "my.toml"
    path.write_text(example, "utf-8")
    table = csv(
        "小店流水,,,,,,", "单据,成交于,谁买的,东西,几件,小计,进度",
        "7,2025-08-03 09:00,小李,壶,1,100,在路上了", "7,,,杯子,2,60,",
        "8,2025-08-04,小王,壶,1,9,测试", "9,2025-08-05,小王,壶,1,9,不要了",
    )  # fmt: skip
    export = read(table, platform=str(path))
    assert export.trades.columns["order_id"] == ["7", "9"]
    assert export.trades.columns["item"] == ["壶、杯子", "壶"]
    assert export.trades.columns["quantity"] == [3, 1]
    assert export.trades.columns["amount"] == [16_000, 900]
    assert export.trades.columns["state"] == [CODE["completed"], CODE["void"]]
    assert (export.totals[0].rows_read, export.totals[0].rows_set_aside) == (4, 1)


# --- several exports


def test_items_are_joined_to_their_orders() -> None:
    """The list of orders says 壶，杯子 and 2; the list of items says what and how many in full."""
    orders = read(taobao_csv("71,小李,120.00,0,交易成功,2025-08-03 09:00,壶，杯子,2,0"))
    items = read(csv("订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,订单状态",
                     '="71",手冲壶 600ml,80,1,,白色,,交易成功', '="71",陶瓷杯,20,2,,白色,,交易成功',
                     '="99",滤纸,5,1,,,,交易成功'), "items.csv")  # fmt: skip
    book = book_of([items, orders], template="taobao", lang="zh")
    trades = book.tables["trades"]
    assert (trades.columns["item"], trades.columns["quantity"]) == (["手冲壶 600ml、陶瓷杯"], [3])
    assert trades.columns["amount"] == [12_000]
    (total,) = book.totals
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (4, 3, 1)
    assert (total.cents_read, total.cents_used) == (12_000, 12_000)
    assert [one.value for one in book.findings if one.code == "export_item_alone"] == ["99"]


def test_items_alone_cannot_be_analysed_and_say_so() -> None:
    items = next(one for one in taobao.items() if one.how == "as exported")
    book = book_of([read(items.data, items.name)], template="taobao", lang="zh")
    assert not len(book.tables["trades"])
    assert book.totals[0].rows_used == 0
    assert [one.code for one in book.findings if one.severity == "error"] == ["export_items_without_orders"]


def test_an_order_in_two_exports_counts_once() -> None:
    spring = read(taobao_csv("1,小李,10.00,0,交易成功,2025-03-31 09:00,壶,1,0",
                             "2,小王,20.00,0,交易成功,2025-03-31 10:00,壶,1,0"), "三月.csv")  # fmt: skip
    april = read(taobao_csv("2,小王,20.00,0,交易成功,2025-03-31 10:00,壶,1,0",
                            "3,小李,30.00,0,交易成功,2025-04-01 09:00,壶,1,0"), "四月.csv")  # fmt: skip
    book = book_of([spring, april], template="taobao", lang="zh")
    assert book.tables["trades"].columns["order_id"] == ["1", "2", "3"]
    assert book.tables["customers"].columns["nickname"] == ["小李", "小王"]
    (total,) = book.totals
    assert (total.rows_read, total.rows_used, total.cents_read, total.cents_used) == (4, 3, 8_000, 6_000)
    (said,) = [one for one in book.findings if one.code == "export_order_twice"]
    assert (said.sheet, said.cell, said.params) == ("四月", "A2", {"name": "三月.csv", "row": 3})
    assert [one.code for one in book.findings] == ["export_read", "export_read", "export_order_twice"]


def test_what_became_of_an_order_later_counts_whichever_file_comes_first() -> None:
    """Unpaid in March, paid in April, given back in May."""
    march = read(taobao_csv("1,小李,0,0,等待买家付款,2025-03-31 09:00,壶,1,0"), "三月.csv")
    april = read(taobao_csv("1,小李,50.00,0,交易成功,2025-03-31 09:00,壶,1,0"), "四月.csv")
    may = read(taobao_csv("1,小李,50.00,20.00,交易成功,2025-03-31 09:00,壶,1,0"), "五月.csv")
    for files in ([march, april, may], [may, april, march], [april, may, march]):
        book = book_of(files, template="taobao", lang="zh")
        columns = book.tables["trades"].columns
        assert (columns["amount"], columns["refund_amount"]) == ([5_000], [2_000])
        assert columns["state"] == [CODE["completed"]]
        (total,) = book.totals
        assert (total.rows_read, total.rows_used, total.cents_read, total.cents_used) == (3, 1, 10_000, 5_000)


def test_exports_are_left_as_they_were() -> None:
    one = read(taobao_csv("1,小李,10.00,0,交易成功,2025-03-31 09:00,壶,1,0"))
    later = read(taobao_csv("1,小李,10.00,10.00,交易成功,2025-03-31 09:00,壶，杯,2,0"), "y.csv")
    before = repr(one)
    book_of([one, later], template="taobao", lang="zh")
    assert repr(one) == before


@pytest.mark.parametrize(
    ("written", "read_as"),
    [('="1+1"', "1+1"), ("=1+1", "=1+1"), ('="say ""hi"""', 'say "hi"'), ("=", "="), ('="', '="'),
     ('=""', None)],
)
def test_only_a_quoted_formula_is_an_exports_armour(written: str, read_as: str | None) -> None:
    """``="…"`` keeps a spreadsheet from counting with a text; a bare ``=1+1`` is a buyer's own name."""
    head = "订单编号,买家会员名,总金额,订单状态,订单创建时间,宝贝标题,宝贝种类,店铺Id"
    line = f'="2741829936",{written},9.90,交易成功,2025-08-03 09:05:00,茶,1,0'
    export = read_export(f"{head}\n{line}\n".encode("gb18030"), "ExportOrderList.csv")
    assert export is not None
    assert export.trades.column("order_id") == ["2741829936"]
    assert export.trades.column("nickname") == [read_as]
