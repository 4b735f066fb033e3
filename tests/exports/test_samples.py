"""Real anonymised samples, held against what the csv module counts in them and what their makers publish.

Shopify: the maker worked the small file out by hand (8 orders, 4 customers, the guest 25 of 985).
"""

from __future__ import annotations

import csv
import io

import pytest

from sheetkit.intake.exports import Export, book_of, read_export
from tests.tools import shared


def export_of(name: str) -> Export:
    path = shared() / "exports/samples" / name
    export = read_export(path.read_bytes(), path.name)
    assert export is not None
    return export


def rows_below(name: str, encoding: str, first: str) -> list[list[str]]:
    text = (shared() / "exports/samples" / name).read_bytes().decode(encoding)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    top = next(at for at, row in enumerate(rows) if row and row[0] == first)
    return [row for row in rows[top + 1 :] if len(row) > 5]


def test_shopify_as_its_maker_worked_it_out() -> None:
    export = export_of("shopify/tests_fixtures_shopify_orders.csv")
    trades = export.trades
    assert len(trades) == 8
    assert len(export.customers) == 4
    amounts, backs = trades.column("amount"), trades.column("refund_amount")
    net = {number: amount - (back or 0)
           for number, amount, back in zip(trades.column("order_id"), amounts, backs, strict=True)}
    assert sum(net.values()) == 98_500
    assert net["#1004"] == 2_500
    assert trades.column("nickname")[3] is None
    assert trades.column("item")[0] == "Blue Widget、Red Gadget"


def test_shopify_orders_of_many_lines() -> None:
    name = "shopify/samples_shopify_orders_sample.csv"
    with (shared() / "exports/samples" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    orders = [row for row in rows if row["Created at"]]
    export = export_of(name)
    assert export.totals[0].rows_read == len(rows) == 249
    assert len(export.trades) == len(orders) == 127
    assert len(export.customers) == len({row["Email"] for row in orders} - {""}) == 57
    assert sum(export.trades.column("amount")) == sum(round(float(row["Total"]) * 100) for row in orders)
    pieces = sum(float(row["Lineitem quantity"]) for row in rows)
    assert sum(export.trades.column("quantity")) == pieces


def test_alipay_counts_what_came_in() -> None:
    name = "alipay/example-alipay-records.csv"
    rows = rows_below(name, "gb18030", "交易时间")
    came_in = [row for row in rows if row[5] == "收入"]
    export = export_of(name)
    assert export.totals[0].rows_read == len(rows)
    assert export.trades.column("order_id") == [row[9] for row in came_in]
    assert export.trades.column("amount") == [22_222_850]


@pytest.mark.parametrize("name", ["example-wechat-records.csv", "example-wechat-records.xlsx"])
def test_wechat_counts_what_came_in_but_no_gift(name: str) -> None:
    rows = rows_below("wechatpay/example-wechat-records.csv", "utf-8-sig", "交易时间")
    came_in = [row for row in rows if row[4] == "收入" and row[1] != "微信红包"]
    trades = export_of(f"wechatpay/{name}").trades
    assert trades.column("nickname") == [row[2] for row in came_in]
    assert trades.column("order_id") == [row[8] for row in came_in]
    assert trades.column("amount") == [round(float(row[5].lstrip("¥")) * 100) for row in came_in]


def test_a_bill_of_a_buyer_holds_no_sale() -> None:
    export = export_of("jd/example-jd-records.csv")
    rows = rows_below("jd/example-jd-records.csv", "utf-8-sig", "交易时间")
    assert export.totals[0].rows_read == export.totals[0].rows_set_aside == len(rows) == 26
    assert len(export.trades) == len(export.customers) == 0
    assert "export_own_purchases" in {finding.code for finding in export.findings}


@pytest.mark.parametrize("name", ["shopify/samples_ad_spend_sample.csv", "shopify/tests_fixtures_spend.csv"])
def test_a_table_of_something_else_is_no_export(name: str) -> None:
    path = shared() / "exports/samples" / name
    assert read_export(path.read_bytes(), path.name) is None


def test_the_same_file_in_two_forms_counts_once() -> None:
    both = [export_of(f"wechatpay/example-wechat-records.{kind}") for kind in ("csv", "xlsx")]
    book = book_of(both, template="xianyu", lang="zh")
    assert len(book.tables["trades"]) == 4
    assert sum(book.tables["trades"].column("amount")) == 2_814
