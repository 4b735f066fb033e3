"""Which rows of an added sheet the seller wrote in: told by what stands there, in whatever order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from sheetkit.intake.cells import Row
from sheetkit.intake.written import column_stamps, foreign_rows, packed, sheet_stamps
from sheetkit.model.report import PLAN_COLUMNS
from tests.tools import make_book

HEADER = " | ".join(column.labels.zh for column in PLAN_COLUMNS)
DRAWN = f"""
## 客户分群
| 客户分群 |
| 客户 | 笔数 | 金额 | 最近 |
| 小李 | 3 | 120.5 | 2024-03-05 |
| 小王 | 1 | 0 | 2024-03-06 |
| 小张 | 2 | 66.66 | |
## 行动方案
| 行动方案 |
| {HEADER} |
| t1 | 1 | 小李 | 忠诚 | 问好 | 很久没来 | 2024-03-09 | 微信 | 在吗 | 待办 | | | |
| t2 | 2 | 小王 | 新 | 回访 | 刚买 | 2024-03-10 | 微信 | 好用吗 | 待办 | | | |
## 行动记录
| 行动记录 |
| {HEADER} |
| t0 | 1 | 老周 | | 催款 | | 2024-01-01 | | | 已成交 | 我 | | 收到 |
"""
NAMES = {"segments": "客户分群", "plan": "行动方案", "history": "行动记录"}
STAMPS = {key: packed(stamps) for key, stamps in sheet_stamps(make_book(DRAWN), NAMES).items()}
DAY = dt.date


def segments() -> list[Row]:
    return [
        ["客户分群", "", "", ""],
        ["客户", "笔数", "金额", "最近"],
        ["小李", 3.0, 120.5, DAY(2024, 3, 5)],
        ["小王", 1.0, 0.0, DAY(2024, 3, 6)],
        ["小张", 2.0, 66.66, ""],
    ]


def plan() -> list[Row]:
    li: Row = ["t1", 1.0, "小李", "忠诚", "问好", "很久没来", DAY(2024, 3, 9), "微信", "在吗", "待办"]
    wang: Row = ["t2", 2.0, "小王", "新", "回访", "刚买", DAY(2024, 3, 10), "微信", "好用吗", "待办"]
    header: Row = [column.labels.zh for column in PLAN_COLUMNS]
    return [["行动方案"], header, [*li, "", "", ""], [*wang, "", "", ""]]


def history() -> list[Row]:
    row: Row = ["t0", 1.0, "老周", "", "催款", "", DAY(2024, 1, 1), "", "", "已成交", "我", "", "收到"]
    return [["行动记录"], [column.labels.zh for column in PLAN_COLUMNS], row]


SHEETS: dict[str, Callable[[], list[Row]]] = {"segments": segments, "plan": plan, "history": history}
Change = Callable[[list[Row]], object]


def put(row: int, column: int, value: object) -> Change:
    def change(rows: list[Row]) -> None:
        line = rows[row - 1]
        line += [""] * (column + 1 - len(line))
        line[column] = value  # type: ignore[call-overload]

    return change


def after(key: str, change: Change) -> list[int]:
    rows = SHEETS[key]()
    change(rows)
    return foreign_rows(key, rows, STAMPS[key])


@pytest.mark.parametrize(("key", "change"), [
    ("segments", lambda rows: None),
    ("segments", lambda rows: rows.reverse()),
    ("segments", lambda rows: rows.pop(3)),
    ("segments", lambda rows: rows.insert(1, ["", ""])),
    ("segments", put(3, 0, "小李 ")),
    ("segments", put(3, 2, 120.50000000001)),
    ("segments", put(3, 3, 45356.0)),
    ("plan", lambda rows: rows.append(rows.pop(2))),
    ("plan", put(3, 9, "已联系")),
    ("plan", put(4, 11, DAY(2024, 3, 9))),
    ("plan", put(4, 12, "说周末来取\n再说")),
    ("history", put(3, 12, "没收到")),
    ("history", put(3, 2, "老周(换号了)")),
])  # fmt: skip
def test_nothing_of_hers_that_is_not_carried_over(key: str, change: Change) -> None:
    assert after(key, change) == []


@pytest.mark.parametrize(("key", "change", "rows"), [
    ("segments", put(4, 5, "别忘了她"), [4]),
    ("segments", put(4, 5, 0.0), [4]),
    ("segments", put(4, 2, 10.0), [4]),
    ("segments", put(4, 2, 0.01), [4]),
    ("segments", put(3, 0, "小丽"), [3]),
    ("segments", put(3, 3, DAY(2024, 3, 6)), [3]),
    ("segments", put(5, 3, True), [5]),
    ("segments", lambda rows: rows.append(["", "自己的一行"]), [6]),
    ("segments", lambda rows: [row.insert(0, "") or row.append("我") for row in rows[2:]], [3, 4, 5]),
    ("plan", put(3, 8, "在吗?"), [3]),
    ("plan", put(3, 13, "备注"), [3]),
    ("plan", lambda rows: rows.append([""] * 9 + ["给表姐留一台"]), [5]),
    ("plan", lambda rows: rows.append(["", "", "表姐", "", "留一台"]), [5]),
    ("plan", lambda rows: rows.append([*rows[2][:9], "已联系", "", "", "第二行"]), [5]),
    ("plan", lambda rows: [row.pop(0) for row in rows], [2, 3, 4]),
    ("history", put(3, 14, "旁边写的"), [3]),
    ("history", put(1, 3, "标题旁边"), [1]),
])  # fmt: skip
def test_what_she_wrote_is_found_by_its_row(key: str, change: Change, rows: list[int]) -> None:
    assert after(key, change) == rows


def test_columns_give_the_stamps_of_their_rows() -> None:
    texts = [["小李", "小王", "小张"], [None, "a b", ""]]
    numbers = [[3, 1, 2], [120.5, 0, 66.66], [45356, 45357, None]]
    rows: list[Row] = [
        ["小李", 3.0, "", 120.5, DAY(2024, 3, 5)],
        ["小王", 1.0, "a b", 0.0, DAY(2024, 3, 6)],
        ["小张", 2.0, "", 66.66],
    ]
    assert foreign_rows("segments", rows, packed(column_stamps(texts, numbers))) == []
    assert foreign_rows("segments", rows, packed(column_stamps(texts[:1], numbers))) == [2]
