"""Every file that is made, by the key of its header row in the collected list."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from tests.exports import (
    alibaba,
    counters,
    douyin,
    jd,
    markets,
    payments,
    pinduoduo,
    shopify,
    taobao,
    weixin,
    youzan,
)
from tests.exports.put import Made

MAKERS: dict[str, Callable[[], list[Made]]] = {
    taobao.ORDERS: taobao.orders,
    taobao.ITEMS: taobao.items,
    "pdd_2024_27": lambda: pinduoduo.orders("pdd_2024_27"),
    "pdd_2026_23": lambda: pinduoduo.orders("pdd_2026_23"),
    alibaba.KEY: alibaba.orders,
    douyin.FULL: lambda: douyin.orders(douyin.FULL),
    douyin.CUSTOM: lambda: douyin.orders(douyin.CUSTOM),
    jd.ORDERS: jd.orders,
    youzan.ORDERS: youzan.orders,
    youzan.CUSTOMERS: youzan.customers,
    weixin.WEIDIAN: weixin.weidian,
    weixin.SHOP: weixin.shop,
    payments.ALIPAY: payments.alipay,
    payments.ALIPAY_SHOP: payments.alipay_shop,
    payments.WECHAT: payments.wechat,
    payments.WECHAT_SHOP: payments.wechat_shop,
    jd.BILL: jd.bill,
    shopify.SHOPIFY: shopify.shopify,
    shopify.FRENCH: shopify.analytics,
    shopify.PLUGIN: shopify.plugin,
    markets.ETSY: markets.etsy,
    markets.ETSY_ITEMS: markets.etsy_items,
    markets.EBAY: markets.ebay,
    markets.AMAZON: markets.amazon,
    markets.UNSHIPPED: markets.unshipped,
    counters.SQUARE_2018: lambda: counters.square(counters.SQUARE_2018, "%m/%d/%y"),
    counters.SQUARE_2026: lambda: counters.square(counters.SQUARE_2026, "%Y-%m-%d"),
    counters.SQUARE_ITEMS: counters.square_items,
    counters.STRIPE: counters.stripe,
    counters.PAYPAL: counters.paypal,
}


@cache
def every_file() -> tuple[Made, ...]:
    """All of them, in the order of the list."""
    return tuple(file for make in MAKERS.values() for file in make())
