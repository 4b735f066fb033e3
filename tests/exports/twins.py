"""One story told twice: by the shop's list of orders and by the statement of who took the money.

Each payment has a number of its own; what else it says of the order is told by the pair. Every list holds
orders that nobody paid, every statement a payment that belongs to no order of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tests.exports import counters, markets, payments, pinduoduo, shopify, taobao
from tests.exports.put import Cells, Made, header, page
from tests.exports.story import WESTERN, Answer, Buyer, Item, Order, Status, digits, story

PAID = Status("", "completed")
STRANGER = Buyer("stranger", "Nora Newman", "+15550000199", "nora@example.net", "Lyon")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Twice:
    """``orders``: what the list tells. ``both``: {payment's number: order's} of sales that stand in both.
    ``alone``: payments of no order, {number: cents}. ``how``: what tells that two are one."""

    name: str
    list: Made
    statement: Made
    orders: tuple[Order, ...]
    both: dict[str, str]
    alone: dict[str, int]
    how: str

    @property
    def cents(self) -> int:
        """What was sold in all: each sale once."""
        sold = (order.paid for order in self.orders if order.status.state in ("completed", "refunded"))
        return sum(sold) + sum(self.alone.values())

    def __str__(self) -> str:
        return self.name


def _pair(
    name: str, told: Sequence[Order], shop: tuple[str, str, Sequence[Cells]],
    paid: tuple[str, str, Callable[[Order, str], Sequence[Cells]]], number: Callable[[Order], str], how: str,
    **layout: object,
) -> Twice:
    """A list and its statement. ``number``: that of the payment."""
    key, called, rows = shop
    orders = Made(key, name, called, page(header(key), rows, **layout).csv(), _NONE)
    sold = [order for order in told if order.status.paid]
    more = Order("9" * 19, told[-1].at + timedelta(days=40), STRANGER, (Item("Gift", 1, 7_713),), PAID)
    key, called, write = paid
    lines = [row for order in (*sold, more) for row in write(order, number(order))]
    statement = Made(key, name, called, page(header(key), lines, encoding="utf-8-sig").csv(), _NONE)
    return Twice(name, orders, statement, tuple(told), {number(order): order.id for order in sold},
                 {number(more): more.due}, how)


_NONE = Answer({}, 0)


def taobao_alipay() -> Twice:
    """支付宝's 商户订单号 is T200P and the number of Taobao's order; the money comes when the buyer confirms,
    a week later, and less a coupon of the platform's."""
    told = story("taobao twice", taobao.STATUSES, digits(19), part_refund=False)

    def write(order: Order, number: str) -> list[Cells]:
        entry = payments._entry(replace(order, id=order.id), "在线支付", order.at + timedelta(days=7),
                                income=order.due)
        rows = [{**entry, "商户订单号": f"{number}\t", "对方账号": "abc***@example.com\t"}]
        if order.refund:
            back = payments._entry(order, "交易退款", order.at + timedelta(days=9), spent=order.refund)
            rows.append({**back, "商户订单号": f"{number}\t"})
        return rows

    return _pair("taobao+alipay", told, (taobao.ORDERS, "ExportOrderList.csv", [*map(taobao._row, told)]),
                 (payments.ALIPAY_SHOP, "账务明细.csv", write), lambda order: f"T200P{order.id}", "number",
                 encoding="gb18030")


def shopify_stripe() -> Twice:
    """Stripe's description names the order's short number; its times are five hours ahead."""
    told = story("shopify twice", shopify.SHOPIFY_STATUSES, shopify._hash_ids(), western=True)
    rows = [row for at, order in enumerate(told) for row in shopify._rows(order, at)]

    def write(order: Order, number: str) -> list[Cells]:
        described = f"Shopify order {order.id}" if order.id.startswith("#") else "A gift"
        return [{
            "id": number, "Description": described,
            "Created (UTC)": f"{order.at + 5 * HOUR:%Y-%m-%d %H:%M}", "Amount": payments.yuan(order.due),
            "Amount Refunded": payments.yuan(order.refund), "Currency": "usd",
            "Converted Amount": payments.yuan(order.due), "Fee": "1.23",
            "Converted Amount Refunded": payments.yuan(order.refund), "Converted Currency": "usd",
            "Status": "Refunded" if order.refund == order.due else "Paid",
            "Customer Email": order.buyer.email, "Card Name": order.buyer.person,
        }]

    return _pair("shopify+stripe", told, (shopify.SHOPIFY, "orders_export_1.csv", rows),
                 (counters.STRIPE, "unified_payments.csv", write),
                 lambda order: f"ch_3{order.id.strip('#'):0>20}", "number")


def etsy_paypal() -> Twice:
    """PayPal knows nothing of Etsy's number: amount, day and the buyer's name tell. One pays a day late."""
    told = story("etsy twice", (PAID,), digits(10), western=True, part_refund=False)

    def write(order: Order, number: str) -> list[Cells]:
        late = timedelta(days=1) if order == told[2] else timedelta()
        one = replace(order, id=number, at=order.at + late, status=Status("Completed", "completed"))
        return counters._paypal_rows(one, "%m/%d/%Y", comma=False)

    return _pair("etsy+paypal", told, (markets.ETSY, "EtsySoldOrders2025.csv",
                                       [*map(markets._etsy_row, told)]),
                 (counters.PAYPAL, "Download.CSV", write), lambda order: f"{order.id:P>17}", "buyer")


def pinduoduo_wechat() -> Twice:
    """No buyer in the list, no number of it in the statement: amount and day are all there is."""
    told = story("pdd twice", (pinduoduo.STATUSES[0], pinduoduo.STATUSES[4]),
                 lambda chance, at: f"{at:%y%m%d}-{chance.randrange(10**14, 10**15)}", part_refund=False)

    def write(order: Order, number: str) -> list[Cells]:
        (clean,) = payments._without_commas([order])
        deal = payments._deal(replace(clean, id="0"), "SUCCESS", 0)
        return [{**deal, "商户订单号": f"`{number}", "微信订单号": f"`4200{number}"}]

    key = "pdd_2024_27"
    return _pair("pdd+wechat", told, (key, "orders_export.csv", [*map(pinduoduo._row, told)]),
                 (payments.WECHAT_SHOP, "bill.csv", write), lambda order: f"770{order.at:%y%m%d%H%M}", "day",
                 empty="\t")


PAIRS: tuple[Callable[[], Twice], ...] = (taobao_alipay, shopify_stripe, etsy_paypal, pinduoduo_wechat)


def regular(orders: int, paid: int) -> Twice:
    """A regular who buys the same thing on one day: so many orders, so many payments, no number."""
    at = datetime(2025, 8, 3, 9, 5)
    told = [Order(f"77000000{one}0", at + one * HOUR, WESTERN[0], (Item("Tea Tin", 1, 999),), PAID)
            for one in range(orders)]
    rows = [row for one in range(paid) for row in counters._paypal_rows(
        Order(f"{one:R>17}", at + one * HOUR, WESTERN[0], (Item("Tea Tin", 1, 999),),
              Status("Completed", "completed")), "%m/%d/%Y", comma=False)]
    shop = Made(markets.ETSY, "", "EtsySoldOrders2025.csv",
                page(header(markets.ETSY), map(markets._etsy_row, told)).csv(), _NONE)
    bill = Made(counters.PAYPAL, "", "Download.CSV", page(header(counters.PAYPAL), rows, quote="all").csv(),
                _NONE)
    return Twice(f"{orders} orders, {paid} payments", shop, bill, tuple(told), {}, {}, "buyer")
