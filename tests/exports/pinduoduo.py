"""Pinduoduo: 27 columns (2024) and 23 in another order (2026). No buyer anywhere."""

from __future__ import annotations

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Order, Status, answer, story

# Refunds stand in 订单状态; nothing says how much of an order went back in part.
STATUSES = (
    Status("已收货", "completed"),
    Status("已发货，待签收", "completed"),
    Status("已签收", "completed"),
    Status("待发货", "completed"),
    Status("已取消", "void", paid=False),
    Status("未发货，退款成功", "refunded", more={"售后状态": "退款成功"}),
    Status("已发货，退款成功", "refunded", more={"售后状态": "退款成功"}),
    Status("已收货，退款成功", "refunded", more={"售后状态": "退款成功"}),
    Status("待支付", "open", paid=False),
)


def _row(order: Order) -> Cells:
    sent = order.at.replace(hour=18) if order.status.paid else None
    cells = {
        "商品": "；".join(item.title for item in order.items), "订单号": order.id,
        "订单状态": order.status.word,
        "商品总价(元)": yuan(order.goods), "邮费(元)": yuan(order.shipping),
        "店铺优惠折扣(元)": yuan(order.discount),
        "平台优惠折扣(元)": "0.00", "多多支付立减金额(元)": "0.00", "用户实付金额(元)": yuan(order.paid),
        "商家实收金额(元)": yuan(order.paid), "商品数量(件)": str(order.pieces),
        "发货时间": f"{sent:%Y-%m-%d %H:%M:%S}" if sent else "", "确认收货时间": "", "商品id": "600123456789",
        "商品规格": "白色", "样式ID": "1400123456789", "售后状态": "无售后或售后取消",
        "订单成交时间": f"{order.at:%Y-%m-%d %H:%M:%S}", **order.status.more,
    }
    return {name: f"{text}\t" for name, text in cells.items()}


def orders(key: str) -> list[Made]:
    """Every value ends with a TAB, an empty one is a lone TAB."""
    told = story(key, STATUSES, lambda chance, at: f"{at:%y%m%d}-{chance.randrange(10**14, 10**15)}",
                 part_refund=False)
    laid = page(header(key), map(_row, told), empty="\t", encoding="utf-8-sig")
    right = answer(told, len(told), buyer=lambda _: None)
    return made(key, "orders_export2025-12-30.csv", laid, right)
