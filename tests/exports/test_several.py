"""Several export files together, and what is said plainly about a file that cannot tell everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sheetkit.intake.exports import Export, book_of, read_export
from sheetkit.model.book import Book
from sheetkit.model.days import to_day
from tests.exports import counters, douyin, jd, markets, pinduoduo, story, taobao
from tests.exports.makers import MAKERS, every_file
from tests.exports.put import Made, header, page
from tests.exports.story import Answer

AS_OF = to_day(date(2026, 3, 1))


def read(one: Made) -> Export:
    export = read_export(one.data, one.name, as_of=AS_OF)
    assert export is not None
    return export


def first(files: list[Made]) -> Made:
    return files[0]


def book(*files: Made) -> Book:
    return book_of([read(one) for one in files], template="ecommerce", lang="zh")


def cents(told: Answer) -> int:
    return sum(order.cents or 0 for order in told.orders.values())


def test_an_item_list_tells_what_was_in_each_order() -> None:
    orders, items = first(taobao.orders()), first(taobao.items("taobao"))
    trades = book(items, orders).tables["trades"]
    told = orders.answer.orders
    assert len(trades) == len(told)
    for number, item, pieces in zip(
        trades.column("order_id"), trades.column("item"), trades.column("quantity"), strict=True
    ):
        assert item == "、".join(told[number].items)
        assert pieces == told[number].pieces
    assert sum(trades.column("amount")) == cents(orders.answer)


def test_an_item_list_alone_adds_no_money() -> None:
    """It has neither day nor buyer: nothing of it can be analysed, and that is said."""
    joined = book(first(taobao.items()))
    assert len(joined.tables["trades"]) == 0
    assert "export_items_without_orders" in {finding.code for finding in joined.findings}


@pytest.mark.parametrize(
    "one",
    [first(taobao.orders()), first(douyin.orders(douyin.FULL)), first(jd.orders()), first(counters.stripe()),
     first(markets.etsy())],
    ids=str,
)
def test_the_same_orders_in_two_files_count_once(one: Made) -> None:
    again = replace(one, name="again.csv")
    joined = book(one, again)
    trades = joined.tables["trades"]
    assert sorted(trades.column("order_id")) == sorted(one.answer.orders)
    assert sum(value or 0 for value in trades.column("amount")) == cents(one.answer)
    assert len(joined.tables["customers"]) == (one.answer.customers or 0)
    for total in joined.totals:
        assert total.rows_read == total.rows_used + total.rows_set_aside
        assert total.cents_read == total.cents_used + total.cents_set_aside
    (said,) = [found for found in joined.findings if found.code.startswith("export_order")]
    assert (said.code, said.params["count"]) == ("export_orders_twice", len(one.answer.orders))


@pytest.mark.parametrize(
    "one", [one for one in every_file() if one.how == "as exported" and one.answer.orders
            and not one.data.startswith(b"PK")], ids=str,
)
def test_a_file_pasted_below_another_is_read_to_its_end(one: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood below the first table and above the second stands in the middle now."""
    monkeypatch.setattr(story, "SALT", "later")
    later = MAKERS[one.key]()[0]
    export = read(replace(one, data=one.data + later.data.removeprefix(b"\xef\xbb\xbf")))
    orders = {**later.answer.orders, **one.answer.orders}
    numbers = export.trades.column("order_id")
    assert sorted(numbers) == sorted(orders)
    assert sum(amount or 0 for amount in export.trades.column("amount")) == sum(
        told.cents or 0 for told in orders.values()
    )


def test_files_of_two_platforms_are_one_book() -> None:
    parts = [first(taobao.orders()), first(pinduoduo.orders("pdd_2024_27"))]
    trades = book(*parts).tables["trades"]
    assert len(trades) == sum(len(one.answer.orders) for one in parts)
    assert sum(trades.column("amount")) == sum(cents(one.answer) for one in parts)


@pytest.mark.parametrize("one", [one for one in every_file() if one.how == "as exported"], ids=str)
def test_whether_buyers_are_known_is_said(one: Made) -> None:
    export, right = read(one), one.answer
    said = {finding.code for finding in export.findings}
    if right.orders:
        assert ("export_no_buyer" in said) == (not right.identity)
    if "bought" in right.aside and not right.orders:
        assert "export_own_purchases" in said


@pytest.mark.parametrize("head", [
    "Sale Date,Item Name,Transaction ID,Quantity,Price,Buyer,Order ID",
    "Sale Date,Number of Items,Order Total,Buyer,Status,Order ID",
    "Order Number,Order Status,Order Date,Name,Quantity,Email,Total",
    "Date,Time,Customer Name,Item,Qty,Net Sales,Tax,Location",
    "Date,Name,Type,Status,Currency,Gross,Fee,Net,Note",
    "id,Created,Amount,Currency,Status,Customer Email,Description",
    "Bestellnummer,Name des Käufers,Artikelbezeichnung,Anzahl,Gesamtbetrag,Zahlungsdatum",
    "order-id,purchase-date,buyer,product-name,quantity,price",
])
def test_a_table_of_her_own_is_no_export(head: str) -> None:
    """Words that many a hand-made table has do not make it a platform's."""
    assert read_export(f"{head}\n{','.join('1' for _ in head.split(','))}\n".encode(), "mine.csv") is None


def test_a_day_that_could_be_a_month_is_marked_as_a_guess() -> None:
    names = header(counters.PAYPAL)
    row = {"Date": "03/08/2025", "Time": "10:00:00", "Name": "Ann Lee", "Type": "Express Checkout Payment",
           "Status": "Completed", "Currency": "USD", "Gross": "10.00", "From Email Address": "a@example.com",
           "Transaction ID": "A" * 17, "Balance Impact": "Credit"}
    unsure = page(names, [row, {**row, "Date": "04/09/2025", "Transaction ID": "B" * 17}], quote="all")
    sure = page(names, [row, {**row, "Date": "13/09/2025", "Transaction ID": "B" * 17}], quote="all")
    assert "export_day_month" in {one.code for one in read(Made("", "", "p.csv", unsure.csv(),
                                                                _NONE)).findings}
    export = read(Made("", "", "p.csv", sure.csv(), _NONE))
    assert "export_day_month" not in {one.code for one in export.findings}
    assert export.trades.column("date") == [to_day(date(2025, 8, 3)), to_day(date(2025, 9, 13))]


@pytest.mark.parametrize("one", [first(markets.etsy()), first(counters.paypal()), first(markets.unshipped())],
                         ids=str)
def test_umlauts_of_western_windows_stay_what_they_are(one: Made) -> None:
    """Müller in one byte a letter is valid GB18030 too, and would be a name nobody has."""
    export = read(replace(one, data=one.data.decode("utf-8-sig").encode("cp1252", "replace")))
    assert "Dörte Müller" in export.customers.column("real_name")


def test_a_status_nobody_knows_is_no_sale_and_is_named() -> None:
    one = first(taobao.orders())
    text = one.data.decode("gb18030").replace("卖家已发货，等待买家确认", "某种新状态")
    export = read(replace(one, data=text.encode("gb18030")))
    unknown = [finding for finding in export.findings if finding.code == "export_state_unknown"]
    assert [finding.value for finding in unknown] == ["某种新状态"]
    assert len(export.trades) == len(one.answer.orders) - 1
    assert export.totals[0].rows_set_aside == 1


def test_numbers_cut_by_a_spreadsheet_do_not_run_together() -> None:
    """Saved again in Excel, 19 digits become 4.21155E+18: many orders then have one number."""
    one = first(jd.orders())
    text = one.data.decode("gb2312")
    for number in one.answer.orders:
        text = text.replace(number, "3.12345E+17")
    export = read(replace(one, data=text.encode("gb2312")))
    assert len(export.trades) == len(one.answer.orders)
    assert sum(export.trades.column("amount")) == cents(one.answer)
    assert "export_ids_lost" in {finding.code for finding in export.findings}
    cut = replace(one, data=text.encode("gb2312"))
    joined = book(cut, replace(cut, name="again.csv"))
    assert len(joined.tables["trades"]) == len(one.answer.orders)
    assert sum(joined.tables["trades"].column("amount")) == cents(one.answer)


def test_a_map_of_ones_own_reads_fen(tmp_path: Path) -> None:
    """Xianyu has no export; tools for it write amounts in fen: 12900 is 129.00."""
    own = tmp_path / "mine.toml"
    own.write_text(
        'zh = "我的工具"\nen = "My tool"\nunit = "fen"\n[columns]\norder_id = ["单号"]\ndate = ["成交"]\n'
        'nickname = ["谁"]\namount = ["钱"]\n',
        encoding="utf-8-sig",  # as Notepad saves it
    )
    data = "单号,成交,谁,钱\n1,2025-08-03 09:05,小满,12900\n2,2025-08-04,小满,5\n".encode("gb18030")
    export = read_export(data, "tool.csv", as_of=AS_OF, platform=str(own))
    assert export is not None
    assert export.trades.column("amount") == [12_900, 5]
    assert export.trades.column("nickname") == ["小满", "小满"]


_NONE = Answer({}, 0)


def test_a_line_of_totals_below_the_orders_is_no_order() -> None:
    one = first(taobao.orders())
    lines = one.data.decode("gb18030").rstrip().split("\r\n")
    heads = lines[0].split(",")
    below = {heads[0]: "合计", "买家实际支付金额": "999.00"}
    lines.append(",".join(below.get(head, "") for head in heads))
    export, before = read(replace(one, data="\r\n".join(lines).encode("gb18030"))), read(one)
    (found,) = [finding for finding in export.findings if finding.code == "total_row"]
    assert (found.severity, found.value) == ("info", "合计")
    assert not [finding for finding in export.findings if finding.severity == "error"]
    assert export.totals[0].cents_used == before.totals[0].cents_used
