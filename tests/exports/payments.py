"""Bills of Alipay and WeChat Pay, of a person and of a merchant: lines above and below, padding, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tests.exports.put import Cells, Made, header, made, page, yuan
from tests.exports.story import Order, Status, answer, digits, story

ALIPAY, ALIPAY_SHOP = "alipay_personal_12", "alipay_merchant_12"
WECHAT, WECHAT_SHOP = "wechatpay_personal_11", "wechatpay_merchant_27"
_ALIPAY_ABOVE = """{line}
导出信息：
姓名：某某
支付宝账户：nobody@example.com
起始时间：[2025-08-01 00:00:00]    终止时间：[2025-12-31 23:59:59]
导出交易类型：[全部]
导出时间：[2026-01-01 09:12:52]
共20笔记录
收入：16笔 28.50元
支出：2笔 16.54元
不计收支：2笔 16.37元

特别提示：
1.第一条说明；
2.第二条说明；
3.第三条，说明；
4.第四条说明；
5.第五条说明；
6.第六条说明；
7.第七条说明；
8.第八条说明；
9.第九条说明。

{line}支付宝（中国）网络技术有限公司  电子客户回单{line}"""


def alipay() -> list[Made]:
    """The names are padded with blanks, a line ends with a comma, the header is the 25th line."""
    told = story("alipay", (Status("交易成功", "completed"), Status("等待确认收货", "completed"),
                            Status("交易关闭", "void")), digits(28, "2025"), part_refund=False)
    rows = [_alipay_row(order) for order in told]
    rows[3:3] = [
        {**rows[0], "交易对方": "某快递公司", "收/支": "支出", "金额": "12.00",
         "交易订单号": f"{'7' * 28}\t"},
        {**rows[0], "交易对方": "余额宝", "收/支": "不计收支", "金额": "500.00",
         "交易订单号": f"{'8' * 28}\t"},
    ]
    columns = [f"{name:<18}" for name in header(ALIPAY)]
    padded = [{f"{name:<18}": f"{text:<20}" for name, text in row.items()} for row in rows]
    above = tuple(_ALIPAY_ABOVE.format(line="-" * 24).split("\n"))
    laid = page(columns, padded, before=above, encoding="gb18030", tail=(",", ","))
    right = replace(answer(told, len(rows), pieces=None), aside={"spent": 1, "neither": 1})
    return made(ALIPAY, "alipay_record_20260101.csv", laid, right)


def _alipay_row(order: Order) -> dict[str, str]:
    return {
        "交易时间": f"{order.at:%Y-%m-%d %H:%M:%S}", "交易分类": "商业服务", "交易对方": order.buyer.nick,
        "对方账号": "abc***@example.com", "商品说明": "、".join(item.title for item in order.items),
        "收/支": "收入", "金额": yuan(order.due), "收/付款方式": "余额", "交易状态": order.status.word,
        "交易订单号": f"{order.id}\t", "商家订单号": f"T{order.id}\t",
    }


def alipay_shop() -> list[Made]:
    """``#`` lines above and below, every value ends with a TAB; a refund and a fee are lines of their own."""
    told = story("alipay shop", (Status("在线支付", "completed"), Status("在线支付", "refunded")), digits(18))
    rows: list[Cells] = []
    for order in told:
        rows.append(_entry(order, "在线支付", order.at, income=order.due))
        rows.append(_entry(order, "收费", order.at, spent=max(1, order.due // 167)))
        if order.refund:
            rows.append(_entry(order, "交易退款", order.at + timedelta(days=2), spent=order.refund))
    above = ("#支付宝账务明细查询", "#账号：[20880000000000000156]", "#起始日期：[2025年08月01日 00:00:00]",
             "#-----------------------------------------账务明细列表----------------------------------------")
    below = ("#-----------------------------------------账务明细列表结束------------------------------------",
             f"#支出合计：{len(rows)}笔，共-0.00元", "#收入合计：1笔，共0.00元",
             "#导出时间：[2026年01月01日 10:00:00]")
    laid = page(header(ALIPAY_SHOP), rows, before=above, after=below, encoding="gbk", empty="\t")
    right = answer(told, len(rows), buyer=lambda order: order.buyer.email or order.buyer.phone, pieces=None)
    right = replace(right, aside={"fee": len(told)})
    return made(ALIPAY_SHOP, "20880000000000000156_账务明细.csv", laid, right)


def _entry(order: Order, kind: str, at: object, income: int = 0, spent: int = 0) -> Cells:
    cells = {
        "账务流水号": f"{int(order.id) + income + spent}", "业务流水号": f"2025{order.id}",
        "商户订单号": order.id,
        "商品名称": "、".join(item.title for item in order.items), "发生时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "对方账号": order.buyer.email or order.buyer.phone, "收入金额（+元）": yuan(income),
        "支出金额（-元）": f"-{yuan(spent)}" if spent else "0.00", "账户余额（元）": "1000.00",
        "交易渠道": "支付宝", "业务类型": kind,
    }
    return {name: f"{text}\t" for name, text in cells.items()}


_WECHAT_ABOVE = """微信支付账单明细
微信昵称：[测试]
起始时间：[2025-08-01 00:00:00] 终止时间：[2025-12-31 23:59:59]
导出类型：[全部]
导出时间：[2026-01-01 16:05:22]

共10笔记录
收入：8笔 0.35元
支出：1笔 28.16元
中性交易：1笔 0.00元
注：
1. 第一条说明
2. 第二条说明
3. 第三条说明

----------------------微信支付账单明细列表--------------------"""


def wechat() -> list[Made]:
    """CSV with the header on line 17; the workbook has a line more above it. ¥ before the amounts."""
    told = story("wechat", (Status("已收钱", "completed"), Status("已存入零钱", "completed"),
                            Status("已全额退款", "refunded")), digits(28, "1000"))
    rows = [_wechat_row(order) for order in told]
    rows[2:2] = [
        {**rows[0], "交易对方": "某快递公司", "收/支": "支出", "金额(元)": "¥12.00", "当前状态": "支付成功",
         "交易单号": f"{'7' * 28}\t"},
        {**rows[0], "交易类型": "零钱提现", "交易对方": "招商银行", "收/支": "/", "金额(元)": "¥500.00",
         "当前状态": "提现已到账", "交易单号": f"{'8' * 28}\t"},
    ]
    above = tuple(_WECHAT_ABOVE.split("\n"))
    commas = tuple(line + "," * 10 for line in above)
    laid = page(header(WECHAT), rows, before=commas, encoding="utf-8-sig")
    book = page(header(WECHAT), [{name: text.strip("\t") for name, text in row.items()} for row in rows],
                before=(*above[:-1], "", above[-1]))
    right = replace(answer(told, len(rows), pieces=None), aside={"spent": 1, "neither": 1})
    name = "微信支付账单(20250801-20251231)"
    return [
        *made(WECHAT, f"{name}.csv", laid, right), Made(WECHAT, "xlsx", f"{name}.xlsx", book.xlsx(), right),
    ]


def _wechat_row(order: Order) -> dict[str, str]:
    word = order.status.word
    if 0 < order.refund < order.due:
        word = f"已退款(￥{yuan(order.refund)})"
    return {
        "交易时间": f"{order.at:%Y-%m-%d %H:%M:%S}", "交易类型": "二维码收款", "交易对方": order.buyer.nick,
        "商品": "、".join(item.title for item in order.items), "收/支": "收入",
        "金额(元)": f"¥{yuan(order.due)}",
        "支付方式": "/", "当前状态": word, "交易单号": f"{order.id}\t", "商户单号": "/\t", "备注": "/",
    }


def wechat_shop() -> list[Made]:
    """A backtick before every value, the sums in the last two lines; a refund is a line of its own."""
    told = _without_commas(story("wechat pay shop",
                                 (Status("SUCCESS", "completed"), Status("SUCCESS", "refunded")),
                 digits(18)))
    rows: list[Cells] = []
    for order in told:
        rows.append(_deal(order, "SUCCESS", 0))
        if order.refund:
            rows.append(_deal(order, "REFUND", order.refund))
    paid, back = sum(order.due for order in told), sum(order.refund for order in told)
    below = (
        "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额",
        f"`{len(rows)},`{yuan(paid)},`{yuan(back)},`0.00,`1.00,`{yuan(paid)},`{yuan(back)}",
    )
    laid = page(header(WECHAT_SHOP), rows, after=below, encoding="utf-8-sig", empty="`")
    right = answer(told, len(rows), buyer=lambda order: _openid(order), pieces=None)
    return made(WECHAT_SHOP, "1600000000All2026-01-01.csv", laid, right)


def _without_commas(told: Sequence[Order]) -> list[Order]:
    """The bill is never quoted, so that no name in it can hold a comma."""
    return [
        replace(order, items=tuple(replace(item, title=item.title.replace(",", "")) for item in order.items))
        for order in told
    ]


def _openid(order: Order) -> str:
    return f"oEXAMPLE{order.buyer.phone}"


def _deal(order: Order, kind: str, back: int) -> Cells:
    at = order.at + timedelta(days=2) if back else order.at
    paid = 0 if back else order.due
    cells = {
        "交易时间": f"{at:%Y-%m-%d %H:%M:%S}", "公众账号ID": "wx0000000000000000", "商户号": "1600000000",
        "特约商户号": "0", "微信订单号": f"42000{order.id}", "商户订单号": order.id,
        "用户标识": _openid(order),
        "交易类型": "JSAPI", "交易状态": kind, "付款银行": "OTHERS", "货币种类": "CNY",
        "应结订单金额": yuan(paid),
        "代金券金额": "0.00", "微信退款单号": f"503{order.id}" if back else "0",
        "商户退款单号": f"R{order.id}" if back else "0", "退款金额": yuan(back), "充值券退款金额": "0.00",
        "退款类型": "ORIGINAL" if back else "", "退款状态": "SUCCESS" if back else "",
        "商品名称": "、".join(item.title for item in order.items), "手续费": "0.05000",
        "费率": "0.60%", "订单金额": yuan(paid), "申请退款金额": yuan(back),
    }
    return {name: f"`{text}" for name, text in cells.items()}
