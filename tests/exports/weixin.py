"""Weidian and the WeChat shop: several items in one cell or a row each, quantities in brackets."""

from __future__ import annotations

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Order, Status, answer, digits, story

WEIDIAN, SHOP = "weidian_23_map", "wechat_shop_57"
WEIDIAN_STATUSES = (
    Status("已完成", "completed"),
    Status("待收货", "completed"),
    Status("待发货", "completed"),
    Status("待付款", "open", paid=False),
    Status("已关闭", "void", paid=False),
)
SHOP_STATUSES = (
    Status("已完成", "completed"),
    Status("待收货", "completed"),
    Status("待发货", "completed"),
    Status("待付款", "open", paid=False),
    Status("已取消", "void", paid=False),
)


def _weidian_row(order: Order, brackets: str) -> Cells:
    paid = order.paid_at
    province, city, district = order.buyer.town.split()
    left, right = brackets
    return {
        "订单编号": f"{order.id}\t", "订单状态": order.status.word,
        "下单时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "支付时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "", "支付方式": "微信支付" if paid else "",
        "商品名称": ";".join(f"{item.title}{left}{item.quantity}{right}" for item in order.items),
        "商品件数": str(order.pieces),
        "商品ID": ";".join(str(4_000_000 + item.price) for item in order.items),
        "实付金额": yuan(order.paid), "收货人/提货人姓名": order.buyer.person,
        "收货人/提货人手机号": order.buyer.phone, "省": province, "市": city, "区": district,
        "收货/提货详细地址": "某某路1号", "下单账号": order.buyer.phone, "下单微信": order.buyer.nick,
    }


def weidian() -> list[Made]:
    """The quantity follows the item's name; the brackets are now of one width, now of the other."""
    told = story("weidian", WEIDIAN_STATUSES, digits(18), part_refund=False)
    rows = [_weidian_row(order, "（）" if number % 2 else "()") for number, order in enumerate(told)]
    laid = page(header(WEIDIAN), rows, encoding="utf-8-sig")
    return made(WEIDIAN, "微店订单.csv", laid, answer(told, len(told)))


def _shop_rows(order: Order) -> list[Cells]:
    paid = order.paid_at
    province, city, district = order.buyer.town.split()
    whole = {
        "订单号": f"{order.id}\t", "订单下单时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "订单状态": order.status.word,
        "发货方式": "快递", "收件人姓名": f"{order.buyer.person[0]}**", "省": province, "市": city,
        "区": district,
        "收件人手机": f"{order.buyer.phone[:3]}****{order.buyer.phone[-4:]}", "商品总价": yuan(order.goods),
        "订单实际支付金额": yuan(order.paid), "订单实际收款金额": yuan(order.paid),
        "订单运费": yuan(order.shipping),
        "支付方式": "微信支付" if paid else "", "支付时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "",
    }
    back = order.refund
    rows: list[Cells] = []
    for item in order.items:
        share, back = min(back, item.total), max(0, back - item.total)
        rows.append({
            **whole, "商品名称": item.title, "商品编码(平台)": f"{4_000_000 + item.price}\t",
            "商品价格(单件)": yuan(item.price), "商品实际价格(总共)": yuan(item.total),
            "商品数量": str(item.quantity), "商品售后": "退款完成" if share else "",
            "商品已退款金额": yuan(share),
        })
    return rows


def shop() -> list[Made]:
    """A row an item; the order's amounts stand on each, what was refunded stands by item."""
    told = story("wechat shop", SHOP_STATUSES, digits(19, "37"))
    rows = [row for order in told for row in _shop_rows(order)]
    laid = page(header(SHOP), rows, encoding="utf-8-sig")
    return made(SHOP, "微信小店订单.csv", laid, answer(told, len(rows), buyer=lambda _: None))
