"""A small story of orders, in plain Python, and the answer that any right reading of it must give.

Nothing here knows of sheetkit: a story is told first, then written out as a platform would (the makers
beside this file), and what was told is what must be read.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SALT = ""
"""Another salt tells the same stories with other numbers, days and distances."""


@dataclass(frozen=True)
class Buyer:
    """Who buys; nobody real."""

    nick: str
    person: str
    phone: str
    email: str
    town: str


@dataclass(frozen=True)
class Item:
    """A line of an order; ``price`` is one piece, in cents."""

    title: str
    quantity: int
    price: int

    @property
    def total(self) -> int:
        """All pieces, in cents."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Status:
    """A platform's words for how an order stands.

    ``state``: completed, refunded, void, lapsed or open. ``paid``: money changed hands.
    ``more``: what other columns say in that case, {column: text}.
    """

    word: str
    state: str
    paid: bool = True
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """One order; amounts in cents; ``refund`` is what went back of it."""

    id: str
    at: datetime
    buyer: Buyer
    items: tuple[Item, ...]
    status: Status
    shipping: int = 0
    discount: int = 0
    refund: int = 0

    @property
    def goods(self) -> int:
        """The items at their prices."""
        return sum(item.total for item in self.items)

    @property
    def due(self) -> int:
        """What the order comes to."""
        return self.goods + self.shipping - self.discount

    @property
    def paid(self) -> int:
        """What the buyer paid."""
        return self.due if self.status.paid else 0

    @property
    def pieces(self) -> int:
        """How many pieces."""
        return sum(item.quantity for item in self.items)

    @property
    def paid_at(self) -> datetime | None:
        """When it was paid: a little later, on the same day."""
        later = min(self.at + timedelta(minutes=2), self.at.replace(hour=23, minute=59))
        return later if self.status.paid else None


@dataclass(frozen=True)
class Told:
    """What the file says of an order; None where it does not say it."""

    day: str | None
    minutes: tuple[int, ...]
    buyer: str | None
    items: tuple[str, ...]
    pieces: int | None
    cents: int | None
    state: str
    refund: int = 0


@dataclass(frozen=True)
class Answer:
    """What a right reading of a file gives.

    ``lines``: rows of data in the file, what stands before the header, below the last row or is no row of
    data not counted. ``aside``: rows that are no sale, by reason. ``identity``: buyers can be told apart.
    ``customers``: how many buyers the file tells of.
    """

    orders: Mapping[str, Told]
    lines: int
    identity: bool = True
    aside: Mapping[str, int] = field(default_factory=dict)
    customers: int | None = None

    def cents(self, state: str) -> int:
        """The sum of the orders in that state."""
        return sum(told.cents or 0 for told in self.orders.values() if told.state == state)

    @property
    def part_refunds(self) -> int:
        """What went back of completed orders."""
        return sum(told.refund for told in self.orders.values() if told.state == "completed")

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day."""
        days = sorted(told.day for told in self.orders.values() if told.day)
        return (days[0], days[-1]) if days else None

    @property
    def buyers(self) -> frozenset[frozenset[str]]:
        """The orders of each buyer that can be told from others, as sets of ids."""
        groups: dict[str, set[str]] = {}
        for order, told in self.orders.items():
            if told.buyer is not None:
                groups.setdefault(told.buyer, set()).add(order)
        return frozenset(map(frozenset, groups.values()))


CHINESE = (
    Buyer("爱喝茶的小满", "陈小满", "13900000101", "", "浙江省 杭州市 西湖区"),
    Buyer("tb_qingfeng88", "林清风", "13900000102", "", "广东省 广州市 天河区"),
    Buyer("山里人家", "周大山", "13900000103", "", "四川省 成都市 武侯区"),
    Buyer("豆豆妈🌸", "赵豆", "13900000104", "", "江苏省 苏州市 姑苏区"),
    Buyer("老猫不睡觉", "欧阳毛毛", "13900000105", "", "北京市 北京市 朝阳区"),
)
WESTERN = (
    Buyer("annlee", "Ann Lee", "+15550000101", "ann.lee@example.com", "Albany"),
    Buyer("b.ortiz", "Bruno Ortiz", "+15550000102", "bruno@example.com", "Austin"),
    Buyer("cara_o", "Cara O'Neil", "+15550000103", "cara@example.org", "Cork"),
    Buyer("dmüller", "Dörte Müller", "+495550000104", "doerte@example.net", "Köln"),
    Buyer("eve-smith", 'Eve "Evie" Smith, Jr.', "+15550000105", "eve@example.com", "Reno"),
)
CHINESE_GOODS = (
    ("手冲咖啡壶 600ml", 12_900), ("龙井茶叶 250g, 明前", 8_850), ("陶瓷杯 白色", 3_990),
    ("竹编收纳篮（大号）", 114_900), ("滤纸 100张", 1_005),
)
WESTERN_GOODS = (
    ("Blue Widget", 3_362), ('Red Gadget, 5" wide', 8_850), ("Tea Tin", 999),
    ("Deluxe Bundle - L", 114_900), ("Filter papers", 1_005),
)


def story(
    seed: str, statuses: Sequence[Status], new_id: Callable[[random.Random, datetime], str], *,
    western: bool = False, part_refund: bool = True,
) -> tuple[Order, ...]:
    """One order of every status, then five completed ones, so that buyers come again.

    Of the completed ones one holds two items, one several pieces, one a discount, one a part refund (where
    the platform can say that). The days run from August to December, the 13th and later among them.
    """
    chance = random.Random(seed + SALT)
    cast, shelf = (WESTERN, WESTERN_GOODS) if western else (CHINESE, CHINESE_GOODS)
    done = next(status for status in statuses if status.state == "completed")
    at, orders = datetime(2025, 8, 3, 9, 5), []
    for number, status in enumerate([*statuses, done, done, done, done, done]):
        extra = number - len(statuses)
        two = extra in (0, 4) or number == 2
        items = tuple(
            Item(*_named(shelf[(number + more) % len(shelf)], 3 if extra in (1, 4) and not more else 1))
            for more in range(1 + two)
        )
        order = Order(
            new_id(chance, at), at, cast[(number * 3) % 5 if number % 4 else 0], items, status,
            shipping=600 if number % 2 else 0, discount=500 if extra == 2 else 0,
        )
        orders.append(_with_refund(order, part_refund and extra == 3))
        at += timedelta(days=chance.randint(4, 9), hours=chance.randint(0, 3), minutes=chance.randint(1, 50))
    return tuple(orders)


def _named(goods: tuple[str, int], quantity: int) -> tuple[str, int, int]:
    title, price = goods
    return title, quantity, price


def _with_refund(order: Order, part: bool) -> Order:
    back = 500 if part else order.due if order.status.state == "refunded" and order.status.paid else 0
    return Order(**{**vars(order), "refund": back})


def digits(length: int, prefix: str = "") -> Callable[[random.Random, datetime], str]:
    """Maker of ids of so many digits, more than a number cell can hold."""
    return lambda chance, _: prefix + "".join(
        str(chance.randint(1, 9)) for _ in range(length - len(prefix))
    )


def told(order: Order, *, buyer: str | None, owed: bool = False, **other: object) -> Told:
    """An order as a file tells it that says everything; ``other`` replaces a field.

    ``owed``: the file says what an order comes to, paid or not.
    """
    minutes = {at.hour * 60 + at.minute for at in (order.at, order.paid_at) if at}
    whole = Told(
        order.at.date().isoformat(), tuple(sorted(minutes)), buyer,
        tuple(item.title for item in order.items), order.pieces,
        order.due if owed else order.paid, order.status.state, order.refund,
    )
    return Told(**{**vars(whole), **other})


def answer(
    orders: Iterable[Order], lines: int,
    buyer: Callable[[Order], str | None] = lambda order: order.buyer.nick, **other: object,
) -> Answer:
    """The answer of a file that says everything; ``other`` goes into every order told."""
    every = {order.id: told(order, buyer=buyer(order), **other) for order in orders}
    named = {one.buyer for one in every.values() if one.buyer is not None}
    return Answer(every, lines, identity=bool(named), customers=len(named))
