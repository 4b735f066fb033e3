"""What a problem cell changes: its row once mended, against now. Reckoned by hand in each case."""

from __future__ import annotations

import pytest

from sheetkit.intake import effects, read_book
from sheetkit.model.findings import Effect, Finding
from tests.tools import make_book

HEAD = "## 订单\n| 日期 | 昵称 | 成交价 | 状态 | 退款额 |\n|---|---|---|---|---|\n"
GOOD = "| 2026-05-01 | 小满 | 120.5 | 交易成功 | |\n"


def findings(row: str, as_of: int = 46174) -> list[Finding]:
    """Those about cells of one row below a good one; read as on 2026-06-01."""
    book = read_book(make_book(HEAD + GOOD + row), "店.xlsx", as_of=as_of)
    return [one for one in book.findings if one.cell.endswith("3")]


@pytest.mark.parametrize(
    ("row", "fix", "effect"),
    [
        ("| 3月5日 | 阿珍 | 88 | 交易成功 | 8 |", "2026-03-05", Effect("trades", 1, 8000, 1)),
        ("| 2026-05-02 | 阿珍 | 1O0 | 交易成功 | |", "100", Effect("trades", 1, 10000, 1)),
        ("| 2026-05-02 | | 1O0 | 交易成功 | |", "100", Effect("trades", 1, 10000, 0)),
        ("| 2026-05-02 | 阿珍 | 1O0 | 卖家取消 | |", "100", Effect("trades", 1, 0, 1)),
        ("| 2026-05-02 | 阿珍 | 70 | 交易成攻 | |", "交易成功", Effect("trades", 1, 7000, 1)),
        ("| 2026-05-02 | 阿珍 | 1万 | 交易成功 | |", "10000", Effect("trades", 1, 1000000, 1, inferred=True)),
        ("| 2026-05-02 | 阿珍 | 70 | 交易成功 | l0 |", "10", Effect("trades", 0, -1000, 1)),
        ("| 去年 | 阿珍 | 70 | 交易成功 | |", "", Effect("trades", 1, 7000, 1)),
    ],
)
def test_one_problem_in_a_row(row: str, fix: str, effect: Effect) -> None:
    assert [(one.fix, one.effect) for one in findings(row)] == [(fix, effect)]


def test_a_row_with_two_problems_needs_both_mended() -> None:
    found = findings("| 3月5日 | 阿珍 | 99,00 | 交易成功 | |")
    assert [one.effect for one in found] == [
        Effect("trades", 1, 0, 1, others=1),
        Effect("trades", 1, 9900, 1, others=1),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("交易成攻", "交易成功"),
        ("交易成功!!", "交易成功"),
        ("已付款了", "已付款"),
        ("没付款", ""),
        ("未退款", ""),
        ("不知道", ""),
    ],
)
def test_a_label_near_a_known_one_is_taken_for_it_and_never_for_its_opposite(typed: str, meant: str) -> None:
    found = findings(f"| 2026-05-02 | 阿珍 | 70 | {typed} | |")
    assert [one.fix for one in found] == [meant]


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("26/13/45", ""),
        ("26/5/2", "2026-05-02"),
        ("3.5", "2026-03-05"),
        ("2026-02-30", ""),
        ("03/04/2026", ""),
        ("昨天", ""),
    ],
)
def test_a_day_is_guessed_only_where_one_day_can_be_meant(typed: str, fix: str) -> None:
    (found,) = findings(f"| '{typed} | 阿珍 | 70 | 交易成功 | |")
    assert found.fix == fix


def test_of_more_findings_than_are_listed_the_first_get_an_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "FINDINGS_SHOWN", 3)
    row = "| {} | 阿珍 | {} | 交易成功 | |\n"
    rows = [("2026-05-02", "1万"), ("3月5日", "88"), ("2026-05-03", "1万"), ("去年", "1O0")]
    rows.append(("2026-05-04", "2万"))
    book = read_book(make_book(HEAD + "".join(row.format(*one) for one in rows)), "店.xlsx", as_of=46174)
    told = {one.cell: (one.severity, one.effect is not None) for one in book.findings}
    assert told == {
        "C2": ("warning", False),
        "A3": ("error", True),
        "C4": ("warning", False),
        "A5": ("error", True),
        "C5": ("error", True),
        "C6": ("warning", False),
    }
    (trades,) = (one for one in book.totals if one.table == "trades")
    assert (trades.rows_used, trades.rows_set_aside) == (3, 2)
