"""Square (transactions of two ages, items), Stripe and PayPal."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import timedelta

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Order, Status, answer, story

SQUARE_2018, SQUARE_2026 = "square_transactions_2018_44", "square_transactions_2026_55"
SQUARE_ITEMS, STRIPE, PAYPAL = "square_items_2026_35", "stripe_payments_51", "paypal_41"
_SIGNS = string.ascii_uppercase + string.digits


def _named(prefix: str, length: int):
    return lambda chance, _: prefix + "".join(chance.choice(_SIGNS) for _ in range(length))


def _dollars(cents: int) -> str:
    text = f"${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"({text})" if cents < 0 else text


def square(key: str, day: str) -> list[Made]:
    """``"$1,149.00 "`` with a blank at its end, ``($5.00)`` for what goes back, on a line of its own."""
    told = story(key, (Status("Complete", "completed"),), _named("", 22), western=True, part_refund=False)
    back = told[3]
    rows = [_square_row(order, day) for order in told]
    again = back.at + timedelta(days=1)
    rows.append({
        **_square_row(back, day), "Date": f"{again:{day}}", "Event Type": "Refund", "Net Sales": "$0.00",
        "Gross Sales": "$0.00", "Tax": "$0.00", "Partial Refunds": _dollars(-500),
        "Total Collected": _dollars(-500),
        "Refund Reason": "Returned goods",
    })
    columns = header(key)
    laid = page(columns, [{name: text for name, text in row.items() if name in columns} for row in rows],
                quote="all" if "2018" in key else "")
    right = answer(told, len(rows), buyer=lambda order: order.buyer.person, pieces=None, items=())
    right = replace(right, orders={
        one: replace(what, refund=500) if one == back.id else what for one, what in right.orders.items()
    })
    return made(key, "transactions-2025-08-01-2026-01-01.csv", laid, right)


def _square_row(order: Order, day: str) -> Cells:
    return {
        "Date": f"{order.at:{day}}", "Time": f"{order.at:%H:%M:%S}",
        "Time Zone": "Eastern Time (US & Canada)",
        "Gross Sales": _dollars(order.goods), "Discounts": _dollars(-order.discount),
        "Net Sales": _dollars(order.goods - order.discount), "Gift Card Sales": "$0.00",
        "Tax": _dollars(order.shipping), "Tip": "$0.00", "Partial Refunds": "$0.00",
        "Total Collected": f"{_dollars(order.due)} ", "Source": "Register", "Card": f"{_dollars(order.due)} ",
        "Cash": "$0.00", "Fees": "($1.23)", "Net Total": _dollars(order.due - 123),
        "Transaction ID": order.id,
        "Payment ID": order.id[::-1], "Card Brand": "Visa", "PAN Suffix": "0000", "Event Type": "Payment",
        "Description": ", ".join(f"{item.quantity} x {item.title}" for item in order.items),
        "Location": "Corner Shop", "Customer ID": f"CUST{order.buyer.phone[-4:]}",
        "Customer Name": order.buyer.person, "Transaction Status": "Complete",
    }


def square_items() -> list[Made]:
    """A row an item; an order is the rows of one transaction."""
    told = story("square items", (Status("", "completed"),), _named("", 22), western=True, part_refund=False)
    told = tuple(replace(order, shipping=0, discount=0) for order in told)
    rows: list[Cells] = [{
        "Date": f"{order.at:%Y-%m-%d}", "Time": f"{order.at:%H:%M:%S}", "Category": "Goods",
        "Item": item.title,
        "Qty": f"{item.quantity}.0", "Price Point Name": "Regular", "Gross Sales": _dollars(item.total),
        "Discounts": "$0.00", "Net Sales": _dollars(item.total), "Tax": "$0.00", "Transaction ID": order.id,
        "Payment ID": order.id[::-1], "Event Type": "Payment", "Customer ID": f"CUST{order.buyer.phone[-4:]}",
        "Customer Name": order.buyer.person, "Itemization Type": "Physical Good",
    } for order in told for item in order.items]
    right = answer(told, len(rows), buyer=lambda order: order.buyer.person)
    return made(SQUARE_ITEMS, "items-2025-08-01-2026-01-01.csv", page(header(SQUARE_ITEMS), rows), right)


def stripe() -> list[Made]:
    """Times in UTC; a failed payment is no sale; one buyer paid in another currency."""
    statuses = (Status("Paid", "completed"), Status("Refunded", "refunded"),
                Status("Failed", "void", paid=False))
    told = story("stripe", statuses, _named("ch_3", 20), western=True)
    foreign = told[-2].id
    rows: list[Cells] = [{
        "id": order.id, "Description": order.items[0].title, "Created (UTC)": f"{order.at:%Y-%m-%d %H:%M}",
        "Amount": yuan(order.due * (2 if order.id == foreign else 1)),
        "Amount Refunded": yuan(order.refund * (2 if order.id == foreign else 1)),
        "Currency": "aud" if order.id == foreign else "usd",
        "Converted Amount": yuan(order.due), "Converted Amount Refunded": yuan(order.refund), "Fee": "1.23",
        "Converted Currency": "usd", "Mode": "Live", "Status": order.status.word,
        "Customer ID": f"cus_{order.buyer.phone[-4:]}", "Customer Email": order.buyer.email,
        "Captured": "true" if order.status.paid else "false", "Card Name": order.buyer.person,
    } for order in told]
    right = answer(told, len(rows), buyer=lambda order: order.buyer.email, pieces=None, items=(), owed=True)
    return made(STRIPE, "unified_payments.csv", page(header(STRIPE), rows), right)


def paypal() -> list[Made]:
    """Every field quoted. Refunds name the payment they go back on; withdrawals and fees are no sale.

    An English (US) account writes 12/30/2025 and 1,250.00, a German one 30.12.2025 and 1.250,00; one in
    Britain 30/12/2025.
    """
    found: list[Made] = []
    statuses = (Status("Completed", "completed"), Status("Completed", "refunded"),
                Status("Refunded", "refunded"),
                Status("Pending", "open", paid=False), Status("Denied", "void", paid=False))
    for how, day, comma in (("as exported", "%m/%d/%Y", False), ("British", "%d/%m/%Y", False),
                            ("comma decimals", "%d.%m.%Y", True)):
        told = story(f"paypal {how}", statuses, _named("", 17), western=True)
        rows = [row for order in told for row in _paypal_rows(order, day, comma)]
        out = {**rows[0], "Name": "", "Type": "General Withdrawal", "Gross": _figure(-50_000, comma),
               "From Email Address": "shop@example.com", "To Email Address": "",
               "Transaction ID": "W" * 17, "Balance Impact": "Debit", "Item Title": ""}
        bought = {**out, "Name": "A Supplier", "Type": "Express Checkout Payment", "Transaction ID": "B" * 17}
        rows[2:2] = [out, bought]
        right = replace(
            answer(told, len(rows), buyer=lambda order: order.buyer.email, pieces=None, owed=True),
            aside={"withdrawal": 1, "bought": 1},
        )
        laid = page(header(PAYPAL), rows, quote="all", encoding="utf-8-sig")
        found += made(PAYPAL, "Download.CSV", laid, right) if how == "as exported" else [
            Made(PAYPAL, how, "Download.CSV", laid.csv(), right)
        ]
    return found


def _paypal_rows(order: Order, day: str, comma: bool) -> list[Cells]:
    row = {
        "Date": f"{order.at:{day}}", "Time": f"{order.at:%H:%M:%S}", "TimeZone": "PST",
        "Name": order.buyer.person,
        "Type": "Express Checkout Payment", "Status": order.status.word, "Currency": "USD",
        "Gross": _figure(order.due, comma), "Fee": _figure(-123, comma),
        "Net": _figure(order.due - 123, comma),
        "From Email Address": order.buyer.email, "To Email Address": "shop@example.com",
        "Transaction ID": order.id, "Item Title": "、".join(item.title for item in order.items),
        "Contact Phone Number": order.buyer.phone, "Country": "United States",
        "Balance Impact": "Credit" if order.status.paid else "Memo",
    }
    if not order.refund:
        return [row]
    later = order.at + timedelta(days=3)
    return [row, {
        **row, "Date": f"{later:{day}}", "Type": "Payment Refund", "Status": "Completed",
        "Gross": _figure(-order.refund, comma), "From Email Address": "shop@example.com",
        "To Email Address": order.buyer.email, "Transaction ID": order.id[::-1], "Reference Txn ID": order.id,
        "Balance Impact": "Debit",
    }]


def _figure(cents: int, comma: bool) -> str:
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    return f"-{text}" if cents < 0 else text
