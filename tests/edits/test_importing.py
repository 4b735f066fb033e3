"""The difference between a workbook and exports: tables of cases, expected by hand from the rules that
`sheetkit.edits.stages` and `sheetkit.edits.importing` state."""

from __future__ import annotations

from typing import Any

import pytest

from sheetkit.edits.remembered import Record, packed, unpacked
from sheetkit.errors import UsageError
from sheetkit.intake.exports import Export
from tests.edits.told import Done, day, export, imported, order

HEAD = "| 日期 | 昵称 | 商品 | 成交价 | 状态 | 退款额 | 订单号 | 备注 |"
BLANK = f"## 交易记录\n{HEAD}\n"
ONE = f"{BLANK}| 2026-03-05 | 小李 | 水壶 | 120 | 交易成功 | | A1 | |\n"
CUSTOMERS = "## 基本信息\n| 昵称 | 手机号 | 微信号 | 曾用名 | 地址 | 邮箱 | 客户编号 |\n"


def again(first: Done, drawn: str, *exports: Export) -> Done:
    """An import into a workbook as it is by now, after ``first`` was put into it."""
    return imported(drawn, *exports, record=unpacked(packed(first.changes.record)))


def test_a_new_order_goes_below_the_last_row_in_her_columns() -> None:
    drawn = """
        ## 我的账
        | 记账 | 2026 | | | | |
        | 心情 | 单号 | 实付 | 买家 | 下单日期 | 毛利 |
        | 好 | B7 | 30 | 阿花 | 2026-01-02 | =C3*0.2 -> 6 |
        | | | | | | =C4*0.2 -> 0 |
    """
    done = imported(drawn, export(order("=1+1", nickname="@x")))
    assert done.puts == {
        "我的账!B4": "=1+1",
        "我的账!C4": 12000,
        "我的账!D4": "@x",
        "我的账!E4": day("2026-03-05"),
    }
    assert done.changes.homeless == {"trades": {"item": 1, "state": 1}}
    assert done.ends == {"new": 1}


def test_new_orders_come_in_the_order_of_their_days() -> None:
    late, early = order("A2", date="2026-03-09"), order("A3", date="2026-03-01")
    done = imported(ONE, export(late, early))
    assert (done.puts["交易记录!G3"], done.puts["交易记录!G4"]) == ("A3", "A2")


@pytest.mark.parametrize(("head", "missing"), [("账期", "日期"), ("收了多少", "成交价")])
def test_orders_that_could_never_count_are_refused(head: str, missing: str) -> None:
    drawn = ONE.replace(missing, head)
    with pytest.raises(UsageError) as refused:
        imported(drawn, export(order("A2")))
    assert (refused.value.key, refused.value.params["column"]["zh"]) == ("import.no_column", missing)


def test_rows_below_a_total_and_waiting_formulas() -> None:
    drawn = ONE + "| 合计 | | | 120 | | | | |\n" + "| | | | =1*0 -> 0 | | | | |\n" * 3
    done = imported(drawn, export(order("A2")))
    assert done.puts["交易记录!G4"] == "A2"
    assert "交易记录!D4" not in done.puts  # a formula waits there


@pytest.mark.parametrize(
    ("hers", "theirs", "put"),
    [
        ("待付款", "completed", "交易成功"),
        ("待付款", "void", "买家取消"),
        ("待付款", "lapsed", "拍下未付款"),
        ("已发货", "completed", None),  # the same meaning in her own word
        ("交易成功", "refunded", "全额退款"),
        ("交易成功", "open", None),
        ("交易成功", "void", None),  # was paid: only a refund leads on
        ("全额退款", "completed", None),
        ("买家取消", "completed", None),
        ("部分退款", "completed", None),
        ("部分退款", "refunded", "全额退款"),
        ("", "refunded", "全额退款"),
        ("我自己的词", "refunded", None),
    ],
)
def test_without_a_record_a_state_moves_forward_only(hers: str, theirs: str, put: str | None) -> None:
    drawn = ONE.replace("交易成功", hers)
    done = imported(drawn, export(order("A1", state=theirs)))
    assert done.puts.get("交易记录!E2") == put
    assert done.ends == {"updated" if put else "unchanged": 1}


@pytest.mark.parametrize(
    ("refund", "amount", "label"), [(2000, 12000, "部分退款"), (12000, 12000, "全额退款"), (0, 12000, None)]
)
def test_a_refund_is_filled_and_said_by_the_state(refund: int, amount: int, label: str | None) -> None:
    done = imported(ONE, export(order("A1", amount=amount, refund_amount=refund)))
    assert done.puts.get("交易记录!E2") == label
    assert done.puts.get("交易记录!F2") == (refund or None)


def test_blank_cells_are_filled_and_typed_ones_stay() -> None:
    drawn = f"{BLANK}| 2026-03-05 | | 好水壶 | 100 | 交易成功 | | A1 | 老客 |\n"
    done = imported(drawn, export(order("A1", note="急")))
    assert done.puts == {"交易记录!B2": "小李"}
    assert done.kept == dict.fromkeys(["交易记录!C2", "交易记录!D2", "交易记录!H2"], "typed")


@pytest.mark.parametrize(
    ("now", "state", "latest", "put", "why"),
    [
        # (her cell by now, what the second export says, its latest order, what is put, why it stays)
        ("交易成功", "open", "2026-04-01", "待付款", None),  # newer: its word counts
        ("交易成功", "open", "2026-03-05", None, "older"),
        ("交易成功", "open", "2026-02-01", None, "older"),
        ("交易成功", "refunded", "2026-02-01", "全额退款", None),  # forward, whatever its age
        ("已发货", "refunded", "2026-04-01", None, "hers"),  # she chose another word since
        ("", "refunded", "2026-04-01", None, "hers"),  # she emptied it
    ],
)
def test_what_an_import_put_there_follows_a_newer_export(
    now: str, state: str, latest: str, put: str | None, why: str | None
) -> None:
    first = imported(BLANK, export(order("A1")))
    assert first.puts["交易记录!E2"] == "交易成功"
    drawn = ONE.replace("交易成功", now)
    more = order("A0", date=latest)
    done = again(first, drawn, export(order("A1", state=state), more))
    assert done.puts.get("交易记录!E2") == put
    assert done.kept.get("交易记录!E2") == why


def test_an_amount_that_the_shop_changed_follows_a_newer_export_only() -> None:
    first = imported(BLANK, export(order("A1")))
    cheaper = order("A1", amount=11000)
    assert again(first, ONE, export(cheaper)).puts == {}
    done = again(first, ONE, export(cheaper, order("A1b", date="2026-04-01")))
    assert done.puts["交易记录!D2"] == 11000
    changed = again(first, ONE.replace("120", "119"), export(cheaper, order("A1b", date="2026-04-01")))
    assert "交易记录!D2" not in changed.puts
    assert changed.kept["交易记录!D2"] == "hers"


def test_what_a_row_is_known_by_is_never_replaced() -> None:
    first = imported(BLANK, export(order("A1")))
    renamed = export(order("A1", nickname="小李新名"), order("A2", date="2026-05-01", nickname="b"))
    assert "交易记录!B2" not in again(first, ONE, renamed).puts


def test_the_same_export_twice_changes_nothing() -> None:
    said = export(order("A1"), order(None, item="杯"), order(None, item="杯"))
    first = imported(BLANK, said)
    assert first.ends == {"new": 3}
    drawn = ONE + "| 2026-03-05 | 小李 | 杯 | 120 | 交易成功 | | | |\n" * 2
    second = again(first, drawn, said)
    assert second.ends == {"unchanged": 3}
    assert not second.changes
    assert packed(second.changes.record) == packed(first.changes.record)


def test_orders_taken_out_or_rewritten_do_not_come_back() -> None:
    said = export(order("A1"), order(None, item="杯"))
    first = imported(BLANK, said)
    rewritten = f"{BLANK}| 2026-03-05 | 小李 | 马克杯 | 120 | 交易成功 | | | |\n"
    assert again(first, rewritten, said).ends == {"removed": 2}


@pytest.mark.parametrize(
    ("row", "ends"),
    [
        ("| 2026-03-05 | 小李 | 水壶 | 120 | | | | |", {"updated": 1}),
        ("| 2026-03-05 | 小李 | 水壶 | 120 | | | 1774385657543210000 | |", {"updated": 1}),
        # the same number as a cell of numbers gives it back
        ("| 2026-03-05 | 小李 | 水壶 | 120 | | | 1774385657543209984 | |", {"updated": 1}),
        ("| 2026-03-05 | 小李 | 水壶 | 120 | | | 1774385657511111111 | |", {"new": 1}),
        ("| 2026-03-06 | 小李 | 水壶 | 120 | | | | |", {"new": 1}),
        ("| 2026-03-05 | 小王 | 水壶 | 120 | | | | |", {"new": 1}),
        ("| 2026-03-05 | 小李 | 水杯 | 120 | | | | |", {"new": 1}),
        ("| 2026-03-05 | 小李 | 水壶 | 121 | | | | |", {"new": 1}),
        ("| 2026-03-05 | 李姐 | 水壶 | 120 | | | | |", {"updated": 1}),  # her other name
    ],
)
def test_without_a_number_day_buyer_item_and_amount_tell(row: str, ends: dict[str, int]) -> None:
    drawn = f"{BLANK}{row}\n{CUSTOMERS}| 小李 | | | 李姐 | | | |\n"
    done = imported(drawn, export(order("1774385657543210987")))
    assert done.ends == ends


def test_each_row_stands_for_one_order_without_a_number() -> None:
    drawn = f"{BLANK}| 2026-03-05 | 小李 | 水壶 | 120 | 交易成功 | | | |\n"
    assert imported(drawn, export(order(None), order(None))).ends == {"unchanged": 1, "new": 1}


CUT = "3.35E+18"  # what Excel leaves of any Taobao number that begins with 335


def test_orders_of_one_cut_number_are_as_many_as_there_are() -> None:
    said = export(order(CUT), order(CUT, nickname="小王", amount=5100))
    done = imported(BLANK, said)
    assert (done.ends, done.changes.orders.cents["new"]) == ({"new": 2}, 17100)
    rows = f"| 2026-03-05 | 小李 | 水壶 | 120 | 交易成功 | | {CUT} | |\n"
    rows += f"| 2026-03-05 | 小王 | 水壶 | 51 | 交易成功 | | {CUT} | |\n"
    assert again(done, BLANK + rows, said).ends == {"unchanged": 2}
    whole = export(order("3351234567890123456"), order(CUT, nickname="小赵"))
    assert again(done, BLANK + rows, whole).ends == {"unchanged": 1, "new": 1}


def test_an_order_of_several_rows_takes_only_the_state() -> None:
    line = "| 2026-03-05 | 小李 | {} | 60 | 待付款 | | A1 | |\n"
    drawn = BLANK + line.format("壶身") + line.format("壶盖")
    done = imported(drawn, export(order("A1", note="急")))
    assert done.puts == {"交易记录!E2": "交易成功", "交易记录!E3": "交易成功"}


def test_one_order_in_two_exports_comes_once() -> None:
    older = export(order("A1", state="open"), order(None, item="杯"))
    newer = export(order("A1", refund_amount=500), order(None, item="杯"), order("A2", date="2026-03-09"))
    done = imported(BLANK, older, newer)
    assert done.ends == {"new": 3, "twice": 2}
    assert done.puts["交易记录!E2"] == "部分退款"
    assert done.changes.orders.total == (5, 60000)
    assert done.changes.orders.cents == {"new": 36000, "twice": 24000, "alone": 0, "purchases": 0}


def test_a_list_of_items_names_the_goods_of_the_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    goods = _as_items(export(order("A1", item="水壶 红", amount=9900), order("A9", item="碗")))
    done = imported(BLANK, goods, export(order("A1", item="水壶 等")))
    assert done.ends == {"new": 1, "twice": 1, "alone": 1}
    assert (done.puts["交易记录!C2"], done.puts["交易记录!D2"]) == ("水壶 红", 12000)


def test_items_alone_fill_the_goods_of_orders_she_has() -> None:
    drawn = ONE.replace("水壶", "")
    done = imported(drawn, _as_items(export(order("A1", amount=9900, note="x"), order("A5", date=None))))
    assert done.puts == {"交易记录!C2": "水壶"}
    assert done.ends == {"updated": 1, "unused": 1}


def _as_items(one: Export) -> Export:
    from dataclasses import replace

    return replace(one, platform=replace(one.platform, kind="items"))


def test_own_purchases_are_no_orders() -> None:
    from dataclasses import replace

    bill = export(order("A1"), customers=[{"nickname": "店铺", "phone": "13800000001"}])
    bill = replace(bill, platform=replace(bill.platform, own_purchases=True))
    done = imported(BLANK + CUSTOMERS, bill)
    assert (done.ends, done.puts) == ({"purchases": 1}, {})


# Customers


LI = "| 小李 | 13800000001 | li_wx | 李姐、阿李 | | li@example.org | C7 |\n"


@pytest.mark.parametrize(
    "buyer",
    [
        {"nickname": "小李"},
        {"nickname": "李姐"},
        {"nickname": "tb_100", "customer_id": "C7"},
    ],
)
def test_a_buyer_she_has_gets_blanks_filled(buyer: dict[str, Any]) -> None:
    said = {**buyer, "address": "某某路 1 号"}
    done = imported(BLANK + CUSTOMERS + LI, export(order(nickname=buyer["nickname"]), customers=[said]))
    assert done.puts["基本信息!E2"] == "某某路 1 号"
    assert not [cell for cell in done.puts if cell.startswith("基本信息!") and cell != "基本信息!E2"]
    assert done.customers == {"updated": 1}
    her_own = {"小李": "小李", "李姐": "李姐"}.get(buyer["nickname"], "小李")
    assert done.puts["交易记录!B2"] == her_own  # a name by which the analysis finds her


@pytest.mark.parametrize(
    "mark", [{"phone": "+86 138-0000-0001"}, {"wechat": "LI_WX"}, {"email": "Li@Example.org"}]
)
def test_another_name_with_her_number_is_for_the_seller_to_join(mark: dict[str, str]) -> None:
    drawn = BLANK + CUSTOMERS + LI
    done = imported(drawn, export(order(nickname="tb_100"), customers=[{"nickname": "tb_100", **mark}]))
    assert done.puts["交易记录!B2"] == "tb_100"
    assert (done.puts["基本信息!A3"], done.customers) == ("tb_100", {"new": 1})
    assert done.changes.alike == {"tb_100": "小李"}


def test_another_name_goes_to_her_other_names_where_there_is_none() -> None:
    drawn = BLANK + CUSTOMERS + LI.replace("李姐、阿李", "")
    said = {"nickname": "tb_100", "customer_id": "C7"}
    assert imported(drawn, export(customers=[said])).puts == {"基本信息!D2": "tb_100"}


def test_new_buyers_get_a_row_where_more_than_the_name_is_known() -> None:
    buyers = [
        {"nickname": "小王", "phone": "13900000002", "source": "淘宝"},
        {"nickname": "小王", "address": "甲路"},
        {"nickname": "王老板", "phone": "8613900000002"},
        {"nickname": "小赵", "source": "淘宝"},
        {"nickname": "小*", "phone": "139****0002"},
    ]
    done = imported(BLANK + CUSTOMERS + LI, export(order(nickname="小王"), customers=buyers))
    new = {cell: value for cell, value in done.puts.items() if cell.startswith("基本信息!")}
    assert new == {
        "基本信息!A3": "小王",
        "基本信息!B3": "13900000002",
        "基本信息!E3": "甲路",
        "基本信息!A4": "王老板",
        "基本信息!B4": "8613900000002",
    }
    assert done.customers == {"new": 2, "twice": 1, "name_only": 2}
    assert done.changes.alike == {"王老板": "小王"}


def test_a_customer_she_took_out_does_not_come_back() -> None:
    said = export(customers=[{"nickname": "小王", "phone": "13900000002"}])
    first = imported(CUSTOMERS, said)
    assert first.customers == {"new": 1}
    assert again(first, CUSTOMERS, said).customers == {"removed": 1}


def test_her_address_stays_and_an_imported_one_follows() -> None:
    old = export(order("A1"), customers=[{"nickname": "小李", "address": "甲路"}])
    new = export(order("A2", date="2026-04-01"), customers=[{"nickname": "小李", "address": "乙路"}])
    first = imported(CUSTOMERS + BLANK, old)
    row = "| 小李 | | | | {} | | |\n"
    untouched = again(first, CUSTOMERS + row.format("甲路") + BLANK, new)
    assert untouched.puts["基本信息!E2"] == "乙路"
    edited = again(first, CUSTOMERS + row.format("甲路 3 号") + BLANK, new)
    assert edited.kept["基本信息!E2"] == "hers"


def test_a_workbook_without_customers_takes_the_orders() -> None:
    done = imported(BLANK, export(order(), customers=[{"nickname": "小李", "phone": "13800000001"}]))
    assert (done.ends, done.customers) == ({"new": 1}, {"no_sheet": 1})


def test_a_workbook_without_orders_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match=r"import\.no_sheet"):
        imported("## 别的\n| a | b |\n| 1 | 2 |\n", export(order()))


# Wording


def test_a_state_is_worded_as_her_column_words_it() -> None:
    used = "| 2026-01-0{} | b | x | 1 | {} | | Z{} | |\n"
    rows = [("1", "已完成"), ("2", "已完成"), ("3", "完成"), ("4", "已关闭")]
    drawn = BLANK + "".join(used.format(at, word, at) for at, word in rows)
    done = imported(drawn, export(order("A1"), order("A2", state="lapsed"), order("A3", state="open")))
    # none of hers means lapsed: void comes nearest; none is near an open one, so the shipped word is used
    assert [done.puts[f"交易记录!E{row}"] for row in (6, 7, 8)] == ["已完成", "已关闭", "待付款"]


def test_a_choice_is_called_as_in_her_language() -> None:
    drawn = """
        ## Trades
        | Date | Customer | Item | Amount | State | Delivery |
        | 2025-01-01 | Bo | x | 1 | | pick-up |
    """
    said = [order("A1", method="自提"), order("A2", method="面交"), order("A3", method="无人机")]
    done = imported(drawn, export(*said))
    assert done.puts["Trades!E3"] == "Completed"
    # hers where the column has one, else the English of what is shipped, else what the platform says
    assert [done.puts[f"Trades!F{row}"] for row in (3, 4, 5)] == ["pick-up", "In person", "无人机"]


@pytest.mark.parametrize("damaged", [{}, {"rows": "not base64!"}, {"rows": "AAAA"}, {"rows": "eJwDAAAAAAE="}])
def test_a_record_that_cannot_be_read_is_none(damaged: dict[str, str]) -> None:
    assert unpacked(damaged) == Record()
