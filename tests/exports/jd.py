"""JD: the order list (a row an item, the order's amounts on each of them) and the bill of a buyer."""

from __future__ import annotations

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Answer, Order, Status, answer, digits, story

ORDERS, BILL = "jd_30", "jd_personal_bill_11"
STATUSES = (
    Status("完成", "completed"),
    Status("等待确认收货", "completed"),
    Status("等待出库", "completed"),
    Status("等待付款", "open", paid=False),
    Status("(删除)等待付款", "lapsed", paid=False),
)


def _rows(order: Order, settled: str) -> list[Cells]:
    """What is about the order stands on every row: added up, it would be counted twice."""
    paid = order.paid_at
    return [{
        "订单号": order.id, "商品ID": str(10_000_000 + item.price), "商品名称": item.title,
        "订购数量": str(item.quantity), "支付方式": "在线支付", "下单时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "京东价": yuan(item.price), "订单金额": yuan(order.goods), "结算金额": settled, "余额支付": "0.00",
        "应付金额": yuan(order.due), "订单状态": order.status.word, "订单类型": "SOP",
        "下单帐号": order.buyer.nick,
        "客户姓名": f"{order.buyer.person[0]}**", "客户地址": order.buyer.town,
        "联系电话": f"{order.buyer.phone[:3]}****{order.buyer.phone[-4:]}", "发票类型": "普通发票",
        "运费金额": yuan(order.shipping), "付款确认时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "",
        "增值税发票": "", "订单来源": "京东", "订单渠道": "APP",
    } for item in order.items]


def orders() -> list[Made]:
    """The header line ends with a comma; an amount may say that it is still being worked out."""
    told = story("jd", STATUSES, digits(18), part_refund=False)
    rows = [row for number, order in enumerate(told)
            for row in _rows(order, yuan(order.due) + ("（系统计算中…）" if number == 1 else ""))]
    laid = page(header(ORDERS), rows, encoding="gb2312", tail=(",", ","))
    return made(ORDERS, "订单导出.csv", laid, answer(told, len(rows), owed=True))


_ABOVE = """导出信息：
京东账号名：jd_0000000000000
申请时间：2026-01-01 11:32:42
日期区间：2025-08-01 至 2025-12-31
导出交易类型：全部
导出交易场景：全部
共：{count}笔记录
收入：0笔，0.00元
支出：{count}笔，0.00元
不计收支：0笔，0.00元

特别提示
1.第一条说明；
2.第二条，说明；
3.第三条说明；
4.第四条说明；
5.第五条说明；
6.第六条说明；
7.第七条说明；
8.第八条说明。
"""


def bill() -> list[Made]:
    """What she bought, not what she sold: 12 fields against 11 names, a refund inside the amount."""
    bought = story("jd bill", (Status("交易成功", "completed"), Status("退款成功", "refunded")), digits(18))
    rows = [{
        "交易时间": f"{order.at:%Y-%m-%d %H:%M:%S}\t", "商户名称": "京东平台商户",
        "交易说明": order.items[0].title.replace(",", " "),
        "金额": yuan(order.due) + (f"(已退款{yuan(order.refund)})" if 0 < order.refund < order.due else ""),
        "收/付款方式": "某银行信用卡(0000)", "交易状态": order.status.word,
        "收/支": "支出" if order.status.state == "completed" else "不计收支", "交易分类": "网购",
        "交易订单号": f"{order.id}\t", "商家订单号": f"{order.id[::-1]}\t", "备注": " ",
    } for order in bought]
    above = tuple(_ABOVE.format(count=len(rows)).split("\n"))
    laid = page(header(BILL), rows, before=above, encoding="utf-8-sig", tail=("", ","))
    return made(BILL, "京东账单.csv", laid, Answer({}, len(rows), False, {"bought": len(rows)}, 0))
