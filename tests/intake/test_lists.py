"""Labels → meanings: the workbook's own list sheet, then what sheetkit ships."""

from __future__ import annotations

import pytest

from sheetkit.model.lists import lists
from tests.intake.tables import codes, read, trade

COMPLETED, REFUNDED, VOID = (lists()["trade_state"].code(key) for key in ("completed", "refunded", "void"))

META = """
## _sheetkit
| template | xianyu |
| version | 1 |
| lang | zh |
"""
OWN = (
    META
    + """
## 选项
| 交易状态 | 交易状态·含义   | # | 评价 | 评价·含义 | 品类 |
| 成了     | 算成交          | 1 | 赞   | 好        | 锅碗 |
| 黄了     | 不算(取消/关闭) | 3 | 踩   | 差        |      |
| 转卖     |                 | 0 |      |           |      |
"""
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("交易成功", COMPLETED),
        ('" 交易成功 "', COMPLETED),
        ("买家取消", VOID),
        ("全额退款", REFUNDED),
        ("", COMPLETED),
    ],
)
def test_a_label_is_its_meaning(typed: str, expected: int) -> None:
    assert trade("state", 状态=typed) == (expected, [], True)
    assert trade("state", repair=False, 状态=typed) == (expected, [], True)


@pytest.mark.parametrize(
    ("typed", "expected", "label"),
    [
        ("成交", COMPLETED, "交易成功"),
        ("交易 成功", None, ""),
        ("Completed", COMPLETED, "交易成功"),
        ("退款成功", REFUNDED, "全额退款"),
        ("付款以后用户退款成功，交易自动关闭", REFUNDED, "全额退款"),
        ('"交易成功　"', COMPLETED, "交易成功"),
    ],
)
def test_a_synonym_is_read_by_the_analyzer_only(typed: str, expected: int | None, label: str) -> None:
    value, found, used = trade("state", 状态=typed)
    if expected is None:
        assert (value, used, found[0][0]) == (None, False, "label_unknown")
    else:
        assert (value, found, used) == (expected, [("label_synonym", "warning", label)], True)
    assert trade("state", repair=False, 状态=typed)[::2] == (None, False)


def test_a_dash_for_a_state_is_a_blank_to_a_person_only() -> None:
    assert trade("state", 状态="'--") == (COMPLETED, [("label_blank", "warning", "交易成功")], True)
    assert trade("state", repair=False, 状态="'--")[::2] == (None, False)


def test_an_unknown_label_is_answered_with_the_choices() -> None:
    value, found, used = trade("state", 状态="不知道")
    assert (value, used) == (None, False)
    assert found[0][:2] == ("label_unknown", "error")
    assert found[0][2].startswith("交易成功 / 已付款")


def test_an_unknown_rating_leaves_the_row_in() -> None:
    value, found, used = trade("rating", 评价="嗯")
    assert (value, found[0][:2], used) == (None, ("label_unknown", "warning"), True)


def test_a_blank_rating_is_none_and_not_bad() -> None:
    assert trade("rating", 评价="") == (0, [], True)


@pytest.mark.parametrize(
    ("typed", "expected"), [("5", "good"), ("3", "neutral"), ("'1", "bad"), ("满意", "good")]
)
def test_a_rating_in_stars(typed: str, expected: str) -> None:
    assert trade("rating", 评价=typed)[0] == lists()["rating"].code(expected)


def drawn(state: str, **more: str) -> str:
    row = {"日期": "2024-03-05", "昵称": "小李", "成交价": "1", "状态": state} | more
    return f"{OWN}\n## 交易记录\n| {' | '.join(row)} |\n| {' | '.join(row.values())} |"


@pytest.mark.parametrize(("typed", "expected"), [("成了", COMPLETED), ("黄了", VOID), ("", COMPLETED)])
def test_the_sellers_own_labels_are_known(typed: str, expected: int) -> None:
    for repair in (True, False):
        table = read(drawn(typed), repair=repair).tables["trades"]
        assert (table.columns["state"], table.used) == ([expected], [True])


def test_a_shipped_label_the_seller_took_away_is_known_to_the_analyzer_only() -> None:
    book = read(drawn("交易成功"))
    assert (book.tables["trades"].columns["state"], codes(book)) == ([COMPLETED], ["label_synonym"])
    assert read(drawn("交易成功"), repair=False).tables["trades"].used == [False]


@pytest.mark.parametrize("repair", [True, False])
def test_a_label_without_a_meaning_counts_as_nothing(repair: bool) -> None:
    book = read(drawn("转卖"), repair=repair)
    assert (book.tables["trades"].used, codes(book)) == ([False], ["label_without_meaning"])


def test_a_list_without_meanings_holds_the_label_itself() -> None:
    book = read(drawn("成了", 品类='" 锅碗 "'))
    assert book.tables["trades"].columns["category"] == ["锅碗"]
    assert trade("category", 品类="古董")[0] == "古董"
    assert trade("category", 品类="appliances")[0] == "家电"


def test_english_labels_in_an_english_workbook() -> None:
    drawing = "## Trades\n| Date | Customer | Amount | State |\n| 2024-03-05 | Li | 1 | completed |"
    book = read(drawing, repair=False)
    assert (book.lang, book.tables["trades"].columns["state"]) == ("en", [COMPLETED])
