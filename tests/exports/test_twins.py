"""One sale in an order list and in a payment statement, given together: told twice, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from sheetkit.intake.exports import Export, book_of, read_export
from sheetkit.model.book import Book
from sheetkit.model.lists import lists
from tests.exports import twins
from tests.exports.put import Made
from tests.exports.twins import PAIRS, Twice, regular


def read(one: Made) -> Export:
    export = read_export(one.data, one.name)
    assert export is not None
    return export


def book(*files: Made) -> Book:
    return book_of([read(one) for one in files], template="ecommerce", lang="zh")


def sold(one: Book) -> int:
    codes = {lists()["trade_state"].code(key) for key in ("completed", "refunded")}
    trades = one.tables["trades"]
    return sum(cents or 0 for cents, state in zip(trades.column("amount"), trades.column("state"),
                                                  strict=True) if state in codes or state is None)


@pytest.mark.parametrize("turned", [False, True], ids=["orders first", "statement first"])
@pytest.mark.parametrize("tell", PAIRS, ids=lambda one: one.__name__)
def test_a_sale_in_two_files_counts_once(tell: Callable[[], Twice], turned: bool) -> None:
    told = tell()
    files = [told.list, told.statement]
    joined = book(*(reversed(files) if turned else files))
    trades = joined.tables["trades"]
    numbers = Counter(trades.column("order_id"))
    assert numbers == Counter([*(order.id for order in told.orders), *told.alone])
    assert sold(joined) == told.cents
    same = {f.value: f for f in joined.findings if f.code.startswith("export_same_by_")}
    assert set(same) == set(told.both)
    assert {f.code for f in same.values()} == {f"export_same_by_{told.how}"}
    assert not [f for f in joined.findings if f.code in ("export_maybe_same", "export_same_differ")]
    (total,) = [one for one in joined.totals if one.table == "trades"]
    assert total.rows_read == total.rows_used + total.rows_set_aside
    assert total.cents_read == total.cents_used + total.cents_set_aside
    assert total.rows_used - total.rows_joined == len(trades)


@pytest.mark.parametrize("tell", PAIRS, ids=lambda one: one.__name__)
def test_the_place_of_the_other_row_is_told(tell: Callable[[], Twice]) -> None:
    """Read back from the list's own file, line by line, without sheetkit."""
    told = tell()
    lines = told.list.data.decode("gb18030" if "taobao" in told.name else "utf-8-sig").split("\r\n")
    joined = book(told.statement, told.list)
    for finding in (f for f in joined.findings if f.code.startswith("export_same_by_")):
        assert finding.params["name"] == told.list.name
        assert told.both[finding.value] in lines[int(finding.params["row"]) - 1]


def test_buyers_of_the_statement_are_those_of_the_orders() -> None:
    """Etsy has the nick, PayPal the address: five buyers, and one who is in the statement alone."""
    told = twins.etsy_paypal()
    customers = book(told.list, told.statement).tables["customers"]
    buyers = {order.buyer.person: order.buyer for order in told.orders}
    found = dict(zip(customers.column("nickname"), customers.column("email"), strict=True))
    assert found == {one.nick: one.email for one in buyers.values()} | {
        twins.STRANGER.email: twins.STRANGER.email}


def test_a_list_without_buyers_gets_them_from_the_statement() -> None:
    told = twins.pinduoduo_wechat()
    joined = book(told.list, told.statement)
    trades = joined.tables["trades"]
    names = dict(zip(trades.column("order_id"), trades.column("nickname"), strict=True))
    for order in told.orders:
        assert names[order.id] == (f"oEXAMPLE{order.buyer.phone}" if order.status.paid else None)
    assert set(joined.tables["customers"].column("nickname")) == {one for one in names.values() if one}


@pytest.mark.parametrize(("orders", "paid"), [(2, 1), (1, 2), (3, 2)])
def test_two_never_become_one(orders: int, paid: int) -> None:
    """Which of them it is nobody can tell: they stay, and are said with count and money."""
    told = regular(orders, paid)
    joined = book(told.list, told.statement)
    assert len(joined.tables["trades"]) == orders + paid
    (said,) = [f for f in joined.findings if f.code == "export_maybe_same"]
    twice = min(orders, paid)
    assert (said.params["count"], said.params["amount"]) == (twice, f"{twice * 9.99:.2f}")


def test_as_many_orders_as_payments_of_a_regular_are_pairs() -> None:
    told = regular(3, 3)
    joined = book(told.list, told.statement)
    assert sorted(joined.tables["trades"].column("order_id")) == [order.id for order in told.orders]


def test_by_chance_the_same_amount_on_the_same_day() -> None:
    """One of four payments agrees with an order of a list without buyers: not surely the same sale."""
    told = twins.pinduoduo_wechat()
    first, *lines = told.statement.data.decode("utf-8-sig").split("\r\n")
    paid = [order for order in told.orders if order.status.paid]
    others = [line.replace(f"{order.due / 100:.2f}", f"{order.due / 100 + 1:.2f}")
              for line, order in zip(lines[1:4], paid[1:4], strict=True)]
    data = "\r\n".join([first, lines[0], *others, ""]).encode()
    bill = Made("", "", "bill.csv", data, told.statement.answer)
    joined = book(told.list, bill)
    assert len(joined.tables["trades"]) == len(told.orders) + 4
    (said,) = [f for f in joined.findings if f.code == "export_maybe_same"]
    assert (said.params["count"], said.params["amount"]) == (1, f"{paid[0].due / 100:,.2f}")


def test_another_buyer_is_another_sale() -> None:
    told = regular(1, 1)
    other = told.statement.data.replace(b"Ann Lee", b"Max Other").replace(b"ann.lee@", b"max@").replace(
        b"+15550000101", b"+15550000999")
    joined = book(told.list, Made("", "", "Download.CSV", other, told.statement.answer))
    assert len(joined.tables["trades"]) == 2
    assert not [f for f in joined.findings if f.code == "export_maybe_same"]


def test_a_number_tells_it_although_the_amounts_differ() -> None:
    """A coupon that the platform pays: the order's amount counts, and the difference is said."""
    told = twins.taobao_alipay()
    order = next(one for one in told.orders if one.status.state == "completed")
    text = told.statement.data.decode("utf-8-sig")
    less = text.replace(f"{order.due / 100:.2f}\t", f"{order.due / 100 - 3:.2f}\t", 1)
    assert less != text
    joined = book(told.list, Made("", "", "账务明细.csv", less.encode(), told.statement.answer))
    assert sold(joined) == told.cents
    (said,) = [f for f in joined.findings if f.code == "export_same_differ"]
    assert said.params["count"] == 1


def test_two_shops_with_the_same_short_number() -> None:
    """#1001 of another amount, another buyer and another month is another sale."""
    told = twins.shopify_stripe()
    lines = told.statement.data.decode("utf-8-sig").split("\r\n")
    head, first = lines[0].split(","), lines[1]
    assert head.index("Description") == 1
    strange = (first.replace("2025-08", "2024-01").replace(told.orders[0].buyer.email, "x@example.net")
               .replace(told.orders[0].buyer.person, "X Y")
               .replace(f"{told.orders[0].due / 100:.2f}", "1.50"))
    bill = Made("", "", "unified_payments.csv", "\r\n".join([lines[0], strange, ""]).encode(),
                told.statement.answer)
    assert len(book(told.list, bill).tables["trades"]) == len(told.orders) + 1


def test_a_payment_says_that_an_open_order_was_paid() -> None:
    """The list was downloaded before the buyer paid."""
    told = twins.taobao_alipay()
    order = next(one for one in told.orders if one.status.word == "交易成功")
    text = told.list.data.decode("gb18030")
    (line,) = [one for one in text.split("\r\n") if order.id in one]
    early = text.replace(line, line.replace("交易成功", "等待买家付款"))
    joined = book(Made("", "", "list.csv", early.encode("gb18030"), told.list.answer), told.statement)
    assert sold(joined) == told.cents
