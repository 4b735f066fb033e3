"""Taobao and Tmall: the order list (54 columns) and the item list (10)."""

from __future__ import annotations

from dataclasses import replace

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Answer, Order, Status, Told, answer, digits, story

ORDERS, ITEMS = "taobao_ExportOrderList_54", "taobao_ExportOrderDetailList_10"
# The sentences are Taobao's own; a closed order says in 订单关闭原因 why, and money that went back of one
# that was paid stands in 退款金额.
STATUSES = (
    Status("交易成功", "completed"),
    Status("卖家已发货，等待买家确认", "completed"),
    Status("买家已付款，等待卖家发货", "completed"),
    Status("等待买家付款", "open", paid=False),
    Status("交易关闭", "lapsed", paid=False, more={"订单关闭原因": "买家未付款"}),
    Status("交易关闭", "void", paid=False, more={"订单关闭原因": "卖家缺货"}),
    Status("付款以后用户退款成功，交易自动关闭", "refunded", more={"订单关闭原因": "退款"}),
    Status("付款以前，卖家或买家主动关闭交易", "void", paid=False),
    Status("交易关闭", "refunded", more={"订单关闭原因": "退款"}),
)


def _row(order: Order) -> Cells:
    paid = order.paid_at
    return {
        "订单编号": f'="{order.id}"', "买家会员名": order.buyer.nick, "买家支付宝账号": "",
        "买家应付货款": yuan(order.goods - order.discount), "买家应付邮费": yuan(order.shipping),
        "买家支付积分": "0", "总金额": yuan(order.due), "返点积分": "0", "买家实际支付金额": yuan(order.paid),
        "买家实际支付积分": "0", "订单状态": order.status.word, "收货人姓名": order.buyer.person,
        "收货地址 ": f"{order.buyer.town} 某某路{len(order.id)}号", "运送方式": "快递",
        "联系电话 ": "'", "联系手机": f"'{order.buyer.phone}",
        "订单创建时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "订单付款时间 ": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "",
        "宝贝标题 ": "，".join(item.title for item in order.items), "宝贝种类 ": str(len(order.items)),
        "订单备注": "'null", "宝贝总数量": str(order.pieces), "店铺Id": "0", "店铺名称": "小满的店",
        "退款金额": yuan(order.refund), "是否手机订单": "手机订单", **order.status.more,
    }


def _in_yuan(row: Cells) -> Cells:
    money = ("买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "退款金额")
    return {name: f"{text}元" if name in money else text for name, text in row.items()}


def orders() -> list[Made]:
    """The order list as CSV, with 元, as real .xls, as .xlsx and as a page that is called .xls."""
    told = story("taobao", STATUSES, digits(19))
    right = answer(told, len(told))
    columns, rows = header(ORDERS), [_row(order) for order in told]
    laid = page(columns, rows, encoding="gb18030")
    in_yuan = page(columns, map(_in_yuan, rows), encoding="gb18030")
    bare = page(columns, [{**row, "订单编号": order.id} for row, order in zip(rows, told, strict=True)])
    name = "ExportOrderList20251230"
    return [
        *made(ORDERS, f"{name}.csv", laid, right, keep=("订单状态",)),
        Made(ORDERS, "amounts in 元", f"{name}.csv", in_yuan.csv(), right),
        Made(ORDERS, "utf-16", f"{name}.csv", replace(laid, encoding="utf-16").csv(), right),
        Made(ORDERS, "xls", "1月.xls", bare.xls(), right),
        Made(ORDERS, "xlsx", "1月.xlsx", bare.xlsx(), right),
        Made(ORDERS, "html called xls", "TB2025.xls", bare.html(), right),
    ]


def items(seed: str = "taobao items") -> list[Made]:
    """The item list: a line an item, no day, no buyer; alone it says what was sold, not when or to whom."""
    told = story(seed, STATUSES, digits(19))
    lines = [
        {"订单编号": f'="{order.id}"', "标题": item.title, "价格": yuan(item.price),
         "购买数量": str(item.quantity), "商品属性": "颜色分类：白色", "订单状态": order.status.word,
         "备注": "'null"}
        for order in told for item in order.items
    ]
    right = Answer({
        order.id: Told(None, (), None, tuple(item.title for item in order.items), order.pieces, order.goods,
                       _closed_unexplained(order))
        for order in told
    }, len(lines), identity=False)
    laid = page(header(ITEMS), lines, encoding="gbk")
    return made(ITEMS, "ExportOrderDetailList20251230.csv", laid, right)


def _closed_unexplained(order: Order) -> str:
    """This file has no reason of closing: a closed order is void, whatever the story knows."""
    return "void" if order.status.word == "交易关闭" else order.status.state
