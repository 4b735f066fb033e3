"""1688: a workbook in which an order of several items is as many rows, its own cells merged."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from tests.exports.put import Cells, Made, header, page, yuan
from tests.exports.story import Order, Status, answer, digits, story

KEY = "alibaba1688_32"
STATUSES = (
    Status("交易成功", "completed"),
    Status("等待卖家发货", "completed"),
    Status("等待买家确认收货", "completed"),
    Status("等待买家付款", "open", paid=False),
    Status("交易关闭", "void", paid=False),
)
_OF_AN_ITEM = (
    "货品标题", "单价(元)", "数量", "单位", "货号", "型号", "Offer ID", "SKU ID", "物料编号", "单品货号",
    "货品种类",
)


def _rows(order: Order) -> list[Cells]:
    paid = order.paid_at
    whole = {
        "订单编号": order.id, "买家公司名": f"{order.buyer.person}商行", "买家会员名": order.buyer.nick,
        "卖家公司名": "小满商贸", "卖家会员名": "小满", "货品总价(元)": yuan(order.goods),
        "运费": yuan(order.shipping),
        "涨价或折扣(元)": f"-{yuan(order.discount)}", "实付款": yuan(order.paid),
        "订单状态": order.status.word,
        "订单创建时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "订单付款时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "", "收货人姓名": order.buyer.person,
        "收货地址": order.buyer.town, "联系手机": order.buyer.phone,
    }
    lines: list[Cells] = [
        {"货品标题": item.title, "单价(元)": yuan(item.price), "数量": str(item.quantity), "单位": "件"}
        for item in order.items
    ]
    return [{**whole, **lines[0]}, *lines[1:]]


def _merged(told: tuple[Order, ...]) -> list[str]:
    letters = [get_column_letter(at) for at, name in enumerate(header(KEY), 1) if name not in _OF_AN_ITEM]
    areas, top = [], 2
    for order in told:
        last = top + len(order.items) - 1
        areas += [f"{letter}{top}:{letter}{last}" for letter in letters if last > top]
        top = last + 1
    return areas


def orders() -> list[Made]:
    """As a workbook with merged cells, and with the order's own columns spelled with (元)."""
    told = story("1688", STATUSES, digits(19), part_refund=False)
    names = header(KEY)
    rows = [row for order in told for row in _rows(order)]
    right = answer(told, len(rows))
    laid = page(names, rows)
    official = {"运费": "运费(元)", "实付款": "实付款(元)"}
    renamed = page([official.get(name, name) for name in names],
                   [{official.get(name, name): text for name, text in row.items()} for row in rows])
    merged = _merged(told)
    money = ("货品总价(元)", "运费", "涨价或折扣(元)", "实付款", "单价(元)", "数量", "运费(元)", "实付款(元)")
    return [
        Made(KEY, "as exported", "1688订单.xlsx", laid.xlsx(merged, money), right),
        Made(KEY, "names with (元)", "1688订单.xlsx", renamed.xlsx(merged, money), right),
        Made(KEY, "columns shuffled", "1688订单.xlsx", laid.shuffled().xlsx(numbers=money), right),
        Made(KEY, "columns dropped", "1688订单.xlsx", laid.dropped().xlsx(numbers=money), right),
    ]
