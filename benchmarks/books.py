"""Large workbooks to measure with, written by xlsxwriter row by row, without any code of sheetkit's.

They hold what a seller types on the three entry sheets of the template: dates as dates, money as numbers,
labels from the lists, a few blanks. A customer has eight trades on average; few have many.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed

AS_OF = dt.date(2026, 3, 1)
TRADES_A_CUSTOMER = 8
_DAYS = 3 * 365
_ITEMS = ("微波炉", "电饭煲", "自行车", "书桌", "台灯", "旧书一套", "手机壳", "咖啡机", "儿童推车", "键盘")
_CATEGORIES = ("家电", "家具", "书籍", "数码", "母婴", "服饰")
_STATES = ("交易成功",) * 17 + ("", "全额退款", "买家取消")
_RATINGS = ("",) * 11 + ("好评",) * 7 + ("中评", "差评")
_TYPES = ("咨询", "咨询", "求购", "售后", "投诉", "回访")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"

Row = Sequence[str | int | float | dt.date | None]


def write_filled_book(path: Path, trades: int) -> None:
    """A workbook of so many trades, an eighth as many customers and a twentieth as many contacts."""
    with Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        write_trades(book, trades)


def write_trades(book: Any, trades: int, seed: int = 7) -> None:
    """The three sheets that a seller fills."""
    draw = random.Random(seed)
    names = [a_name(draw, at) for at in range(trades // TRADES_A_CUSTOMER)]
    # A row's customer is drawn with a skew, so that a few come often; the first rows name each once.
    who = names + [names[int(len(names) * draw.random() ** 2)] for _ in range(trades - len(names))]
    draw.shuffle(who)
    shown = {"date": "yyyy-mm-dd", "money": "0.00"}
    styles = {key: book.add_format({"num_format": shape}) for key, shape in shown.items()}
    _sheet(book, styles, "交易记录", _TRADES, (trade(draw, name) for name in who))
    _sheet(book, styles, "基本信息", _CUSTOMERS, (_customer(draw, name) for name in names))
    _sheet(book, styles, "沟通记录", _CONTACTS, (contact(draw, names) for _ in range(trades // 20)))


_TRADES = ("日期", "昵称", "商品", "成交价", "状态", "评价", "品类", "数量")
_CUSTOMERS = ("昵称", "来源", "偏好", "客户编号", "备注")
_CONTACTS = ("日期", "昵称", "沟通类型", "内容", "到期日", "状态")


def a_name(draw: random.Random, at: int) -> str:
    """A customer's nickname, like no other's."""
    return f"{draw.choice(_SURNAMES)}{at:06d}"


def _day(draw: random.Random) -> dt.date:
    return AS_OF - dt.timedelta(days=draw.randrange(_DAYS))


def trade(draw: random.Random, name: str) -> Row:
    """A row of the trades, in the order of ``_TRADES``."""
    item = f"{draw.choice(_ITEMS)} {draw.randrange(500)}"
    amount = round(draw.lognormvariate(4.5, 0.9), 2)
    state, rating, category = draw.choice(_STATES), draw.choice(_RATINGS), draw.choice(_CATEGORIES)
    return _day(draw), name, item, amount, state, rating, category, draw.choice((1, 1, 1, 2))


def _customer(draw: random.Random, name: str) -> Row:
    source = draw.choice(("搜索", "同城", "老客介绍", ""))
    return name, source, draw.choice(_CATEGORIES), f"K{name[1:]}", ""


def contact(draw: random.Random, names: Sequence[str]) -> Row:
    """A row of the contacts, in the order of ``_CONTACTS``."""
    due = AS_OF + dt.timedelta(days=draw.randrange(-60, 60))
    said, status = f"问 {draw.choice(_ITEMS)}", draw.choice(("已完成", "已完成", "待处理", ""))
    return _day(draw), draw.choice(names), draw.choice(_TYPES), said, due, status


def _sheet(book: Any, styles: dict[str, Any], name: str, headers: Sequence[str], rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, headers)
    for at, row in enumerate(rows, 1):
        for col, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(at, col, value, styles["date"])
            elif isinstance(value, str):
                if value:
                    sheet.write_string(at, col, value)
            elif value is not None:
                sheet.write_number(at, col, value, styles["money"])


if __name__ == "__main__":
    write_filled_book(Path(sys.argv[1]), int(sys.argv[2]))
