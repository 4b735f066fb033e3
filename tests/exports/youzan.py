"""Youzan: orders (60 columns, one name twice, ``——`` for empty) and customers (35, the last unnamed)."""

from __future__ import annotations

from datetime import timedelta

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import CHINESE, Answer, Order, Status, answer, digits, story

ORDERS, CUSTOMERS = "youzan_orders", "youzan_customers"
STATUSES = (
    Status("交易完成", "completed"),
    Status("已发货", "completed"),
    Status("待发货", "completed"),
    Status("待付款", "open", paid=False),
    Status("交易关闭", "void", paid=False),
    Status("交易关闭", "refunded", more={"订单退款状态": "全额退款"}),
)


def _row(order: Order) -> Cells:
    paid = order.paid_at
    later = order.at + timedelta(days=1)
    part = 0 < order.refund < order.due
    return {
        "订单号": f"{order.id}\t", "销售渠道": "网店", "归属店铺": "小满的店", "订单类型": "普通订单",
        "订单状态": order.status.word, "订单创建时间": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "买家付款时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "——",
        "付款方式": "微信支付" if paid else "——",
        "商品金额合计": yuan(order.goods), "运费": yuan(order.shipping), "店铺优惠合计": yuan(order.discount),
        "应收订单金额": yuan(order.due), "订单实付金额": yuan(order.paid), "订单实收金额": yuan(order.paid),
        "全部商品名称": ";".join(item.title for item in order.items),
        "商品种类数": str(len(order.items)), "订单配送方式": "快递",
        "同城送达时间/提货时间": f"{later:%Y-%m-%d} 10:00-12:00", "收货人省份": order.buyer.town.split()[0],
        "收货人城市": order.buyer.town.split()[1], "收货人/提货人": order.buyer.person,
        "收货人手机号/提货人手机号": order.buyer.phone, "买家昵称": order.buyer.nick, "买家是否会员": "否",
        "买家手机号": order.buyer.phone, "分销员": "小分", "订单退款状态": "部分退款" if part else "——",
        "订单已退款金额": yuan(order.refund), **order.status.more,
    }


def orders() -> list[Made]:
    """No column says how many pieces."""
    told = story("youzan", STATUSES, digits(22, "E2025"))
    laid = page(header(ORDERS), map(_row, told), empty="——", encoding="utf-8-sig")
    return made(ORDERS, "订单导出.csv", laid, answer(told, len(told), pieces=None))


def customers() -> list[Made]:
    """People, no orders: nothing in it is a sale."""
    rows = [{
        "客户姓名": buyer.person, "客户昵称": buyer.nick, "客户手机号": buyer.phone, "客户生日": "1990-05-13",
        "客户性别": "女", "标签": "老客,爱茶", "是否会员": "是", "客户积分": "120",
        "消费次数": str(number + 1),
        "消费金额": yuan(12_345 * (number + 1)), "累计退款金额": "0.00", "笔单价": "123.45",
        "上次消费时间": "2025-12-13 10:00:00", "来源渠道": "微信", "成为客户时间": "2024-01-15 08:30:00",
        "指定时间消费次数": "0", "指定时间消费金额": "0.00",
    } for number, buyer in enumerate(CHINESE)]
    laid = page(header(CUSTOMERS), rows, encoding="utf-8-sig")
    return made(CUSTOMERS, "客户导出.csv", laid, Answer({}, len(rows), customers=len(rows)))
