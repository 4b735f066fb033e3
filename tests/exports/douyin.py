"""Douyin shop: a row a sub-order (or joined by ``;``), ``"\\t…"`` ids, ``-`` for empty, encrypted people."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Item, Order, Status, answer, digits, story

FULL, CUSTOM = "douyin_65", "douyin_custom_21"
STATUSES = (
    Status("已完成", "completed"),
    Status("已发货", "completed"),
    Status("待发货", "completed"),
    Status("备货中", "completed"),
    Status("待支付", "open", paid=False),
    Status("已关闭", "lapsed", paid=False, more={"取消原因": "超时未支付"}),
    Status("已关闭", "void", paid=False, more={"取消原因": "不想要了"}),
    Status("已关闭", "refunded", more={"售后状态": "退款成功", "取消原因": "其他原因"}),
)


def _secret(text: str, sign: str) -> str:
    """As the export shows a name or a number: nobody can be told by it, it differs from order to order."""
    return f"{sign * 2}{hashlib.sha256(text.encode()).hexdigest()[:24]}{sign}1{sign * 2}"


def _rows(order: Order) -> list[Cells]:
    """The shares of postage and discount fall on the first sub-order."""
    rows: list[Cells] = []
    for number, item in enumerate(order.items):
        share = item.total + (order.shipping - order.discount if number == 0 else 0)
        rows.append({
            "主订单编号": f"\t{order.id}", "子订单编号": f"\t{int(order.id) + number}",
            "选购商品": item.title,
            "商品规格": "白色", "商品数量": str(item.quantity), "商品单价": yuan(item.price),
            "订单应付金额": yuan(share), "运费": yuan(order.shipping if number == 0 else 0),
            "支付方式": "支付宝" if order.status.paid else "-", **_common(order),
        })
    return rows


def _common(order: Order) -> Cells:
    done = order.at.replace(day=28, hour=20)
    paid = order.paid_at
    return {
        "收件人": _secret(order.buyer.person + order.id, "#"),
        "收件人手机号": _secret(order.buyer.phone + order.id, "$"),
        "省": order.buyer.town.split()[0], "市": order.buyer.town.split()[1],
        "详细地址": _secret(order.buyer.town + order.id, "#"),
        "订单提交时间": f"{order.at:%Y/%m/%d %H:%M:%S}\t",
        "支付完成时间": f"{paid:%Y/%m/%d %H:%M:%S}\t" if paid else "-",
        "订单完成时间": f"{done:%Y/%m/%d %H:%M:%S}\t" if order.status.word == "已完成" else "-",
        "订单状态": order.status.word, **order.status.more,
    }


def _joined(order: Order) -> Cells:
    """The other form: one row, what belongs to items joined by ``;``."""
    def each(text: object) -> str:
        return ";".join(str(text(item)) for item in order.items)

    return {
        "主订单编号": f"\t{order.id}",
        "子订单编号": "\t" + ";".join(str(int(order.id) + n) for n in range(len(order.items))),
        "选购商品": each(lambda item: item.title), "商品规格": each(lambda item: "白色"),
        "商品数量": each(lambda item: item.quantity), "商品单价": each(lambda item: yuan(item.price)),
        "订单应付金额": yuan(order.due), "运费": yuan(order.shipping), **_common(order),
    }


def _plain(order: Order) -> Order:
    """A comma in a title is fine here, a ``;`` would not be."""
    return replace(order, items=tuple(Item(item.title.replace(";", " "), item.quantity, item.price)
                                      for item in order.items))


def orders(key: str) -> list[Made]:
    """With all columns or a choice of them; what buyers owed in unpaid orders is not money received."""
    told = [_plain(order) for order in story(key, STATUSES, digits(19, "69"), part_refund=False)]
    columns = header(key)
    rows = [{name: text for name, text in row.items() if name in columns}
            for order in told for row in _rows(order)]
    right = answer(told, len(rows), buyer=lambda _: None, owed=True)
    half = next(order for order in reversed(told) if len(order.items) == 2)
    back = next(row for row in reversed(rows) if row["主订单编号"] == f"\t{half.id}")
    sent_back = [{**row, "订单状态": "已关闭",
                  "售后状态": "退款成功"} if row is back else row for row in rows]
    part = replace(right, orders={**right.orders, half.id: replace(
        right.orders[half.id], refund=half.items[1].total)})
    laid = page(columns, rows, empty="-", encoding="utf-8-sig", quote="all")
    joined = page(columns, [{name: text for name, text in _joined(order).items() if name in columns}
                            for order in told], empty="-", encoding="utf-8-sig")
    name = "1735550000_订单.csv"
    return [
        *made(key, name, laid, right),
        Made(key, "a sub-order refunded", name,
             page(columns, sent_back, empty="-", encoding="utf-8-sig", quote="all").csv(), part),
        Made(key, "sub-orders joined", name, joined.csv(), replace(right, lines=len(told))),
    ]
