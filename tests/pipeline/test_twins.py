"""A sale in an order list and in a payment statement, imported together or one after the other, in either
order: it stands in the workbook once."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence

import pytest

from sheetkit.analysis.result import Analysis
from sheetkit.edits.importing import End
from sheetkit.intake.exports import Export, read_export
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.exports import analyze_exports
from sheetkit.pipeline.imported import import_json, sentences
from sheetkit.pipeline.importing import Imported, import_file
from tests.exports import twins
from tests.exports.put import Made
from tests.exports.twins import PAIRS, Twice, regular
from tests.opc.books import by_openpyxl
from tests.tools import make_book

AS_OF = dt.date(2026, 3, 1)
HEAD = "| 日期 | 昵称 | 商品 | 成交价 | 状态 | 退款额 | 订单号 | 备注 |"
BLANK = f"""
## 交易记录
{HEAD}
## 基本信息
| 昵称 | 姓名 | 手机号 | 微信号 | 曾用名 | 地址 | 邮箱 | 客户编号 |
"""


def read(one: Made) -> Export:
    export = read_export(one.data, one.name, lang="zh")
    assert export is not None
    return export


def put(book: bytes, *files: Made) -> bytes:
    """The workbook with these files; a second time they change nothing."""
    done = import_file(book, "店.xlsx", [read(one) for one in files])
    assert done.workbook
    amounts = [cents or 0 for one in files for cents in read(one).trades.column("amount")]
    assert done.changes.orders.total == (len(amounts), sum(amounts))
    return done.workbook


def ends(done: Imported) -> dict[End, int]:
    return {end: count for end, count in done.changes.orders.rows.items() if count}


def rows(book: bytes) -> list[dict[str, object]]:
    head, *below = by_openpyxl(book)["交易记录"].iter_rows(values_only=True)
    typed = [dict(zip(map(str, head), row, strict=True)) for row in below]
    return [row for row in typed if isinstance(row["成交价"], int | float)]


def analysed(book: bytes) -> Analysis:
    return analyze_file(book, "店.xlsx", as_of=AS_OF).analysis


WAYS: dict[str, Callable[[Twice], Sequence[Sequence[Made]]]] = {
    "together": lambda told: [(told.list, told.statement)],
    "orders first": lambda told: [(told.list,), (told.statement,)],
    "statement first": lambda told: [(told.statement,), (told.list,)],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tell", PAIRS, ids=lambda one: one.__name__)
def test_a_sale_stands_in_the_workbook_once(tell: Callable[[], Twice], way: str) -> None:
    told = tell()
    book = make_book(BLANK)
    for files in WAYS[way](told):
        book = put(book, *files)
    found = rows(book)
    assert sorted(str(row["订单号"]) for row in found) == sorted(
        [*(order.id for order in told.orders), *told.alone])
    lost = ("待付款", "买家取消", "拍下未付款")
    sold = sum(float(str(row["成交价"])) for row in found if row["状态"] not in lost)
    assert round(sold * 100) == told.cents
    for files in ((told.list,), (told.statement,), (told.statement, told.list)):
        again = import_file(book, "店.xlsx", [read(one) for one in files])
        assert again.workbook is None
        assert again.changes.unsure == (0, 0)
        if told.statement in files:
            assert ends(again)["same"] == len(told.both)


@pytest.mark.parametrize("way", WAYS)
def test_the_control_totals_close_and_buyers_are_counted_once(way: str) -> None:
    """Etsy's nicks and PayPal's addresses: five buyers and one of the statement alone."""
    told = twins.etsy_paypal()
    book = make_book(BLANK)
    for files in WAYS[way](told):
        book = put(book, *files)
    analysis = analysed(book)
    (total,) = [one for one in analysis.totals if one.table == "trades"]
    assert total.rows_read == total.rows_used == len(told.orders) + 1
    assert total.cents_used == told.cents
    assert analysis.customer_count == len({order.buyer for order in told.orders}) + 1


def test_what_was_found_is_said_with_files_counts_and_money() -> None:
    told = twins.shopify_stripe()
    first = put(make_book(BLANK), told.list)
    done = import_file(first, "店.xlsx", [read(told.statement)])
    cents = sum(order.due for order in told.orders if order.status.paid)
    said = {one.key: one.params for one in sentences(done)}
    assert said["import.aside.same"] == {"count": len(told.both), "amount": f"{cents / 100:.2f}"}
    assert said["import.same_book"]["count"] == len(told.both)
    answer = import_json(done, "", "zh")
    assert answer["orders"]["amounts"]["same"] == cents / 100
    assert answer["same"] == [{"name": "", "count": len(told.both)}]
    both = import_file(make_book(BLANK), "店.xlsx", [read(told.statement), read(told.list)])
    assert import_json(both, "", "zh")["same"] == [{"name": told.list.name, "count": len(told.both)}]


def test_the_statement_fills_what_the_list_leaves_open() -> None:
    """Pinduoduo says no buyer; WeChat Pay says whose account paid."""
    told = twins.pinduoduo_wechat()
    book = put(put(make_book(BLANK), told.list), told.statement)
    names = {str(row["订单号"]): row["昵称"] for row in rows(book)}
    for order in told.orders:
        assert names[order.id] == (f"oEXAMPLE{order.buyer.phone}" if order.status.paid else None)


def test_the_orders_row_wins_and_hand_edits_stay() -> None:
    """The statement came first; she changed one item and one order number of hers by hand since."""
    told = twins.etsy_paypal()
    book = put(make_book(BLANK), told.statement)
    by_hand = by_openpyxl(book)
    sheet = by_hand["交易记录"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["商品"]).value = "我写的"
    target = io.BytesIO()
    by_hand.save(target)
    after = rows(put(target.getvalue(), told.list))
    assert after[0]["商品"] == "我写的"
    assert {str(row["订单号"]) for row in after} >= {order.id for order in told.orders}


@pytest.mark.parametrize("first", ["list", "statement"])
@pytest.mark.parametrize(("orders", "paid"), [(2, 1), (1, 2)])
def test_two_never_become_one(orders: int, paid: int, first: str) -> None:
    told = regular(orders, paid)
    files = [told.list, told.statement] if first == "list" else [told.statement, told.list]
    book = put(make_book(BLANK), files[0])
    done = import_file(book, "店.xlsx", [read(files[1])])
    assert done.changes.unsure == (1, 999)
    assert "import.maybe_same" in [one.key for one in sentences(done)]
    assert done.workbook
    assert len(rows(done.workbook)) == orders + paid
    again = import_file(done.workbook, "店.xlsx", [read(one) for one in files])
    assert again.workbook is None
    assert again.changes.unsure == (0, 0)


def test_one_order_takes_one_payment_over_two_imports() -> None:
    """The second statement holds another payment of the same amount, buyer and day."""
    told, more = regular(1, 1), regular(1, 2)
    book = put(put(make_book(BLANK), told.list), told.statement)
    assert len(rows(book)) == 1
    assert len(rows(put(book, more.statement))) == 2


def test_an_order_written_by_hand_is_its_payment() -> None:
    """Without a number, day, amount and name tell; another name is another sale."""
    told = regular(1, 1)
    drawn = f"## 交易记录\n{HEAD}\n| 2025-08-03 | {{name}} | 茶 | 9.99 | 交易成功 | | | |\n"
    for name, count in (("ann.lee@example.com", 1), ("somebody else", 2)):
        assert len(rows(put(make_book(drawn.format(name=name)), told.statement))) == count


def test_rows_of_an_unknown_origin_go_by_their_number_only() -> None:
    """She pasted another shop's order with a number: amount, day and name do not make it this payment."""
    told = regular(1, 1)
    row = "| 2025-08-03 | ann.lee@example.com | 茶 | 9.99 | 交易成功 | | 88812345678 | |"
    drawn = f"## 交易记录\n{HEAD}\n{row}\n"
    assert len(rows(put(make_book(drawn), told.statement))) == 2


def test_a_workbook_that_an_analysis_made_knows_its_orders() -> None:
    """Etsy and PayPal, which know nothing of each other's numbers."""
    told = twins.etsy_paypal()
    made = analyze_exports([read(told.list)], as_of=AS_OF).workbook
    done = import_file(made, "店.xlsx", [read(told.statement)])
    assert ends(done) == {"same": len(told.both), "new": len(told.alone)}


@pytest.mark.proof
def test_a_workbook_that_an_analysis_made_knows_its_payments() -> None:
    """Nobody knows there which cells she has changed since: they stay, and their number with them."""
    told = twins.etsy_paypal()
    book = analyze_exports([read(told.statement)], as_of=AS_OF).workbook
    done = import_file(book, "店.xlsx", [read(told.list)])
    assert ends(done) == {"updated": len(told.both)}
    assert done.workbook
    again = import_file(done.workbook, "店.xlsx", [read(told.list)])
    assert (again.workbook, ends(again)) == (None, {"same": len(told.both)})
