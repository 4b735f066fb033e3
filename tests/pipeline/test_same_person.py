"""The seller's answers to «same person?» over several runs: joined, kept, taken back, contradicted."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl

from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.outcome import Outcome
from sheetkit.pipeline.strip import strip_file
from tests import tools
from tests.tools import make_book

AS_OF = dt.date(2026, 3, 15)
SHEET = "同一个人吗"
SHOP = """
## 基本信息
| 昵称 | 手机号 | 勿扰 | 标签 | 累计交易次数 |
| 小李 | '13912345678 | 是 | 送礼 | 2 |
| 小李（老客户） | '+86 139-1234-5678 | | 爱喝茶 | 3 |
| 阿花 | '13800001111 | | | |
| 花园主人 | '13800001111 | | | |
## 交易记录
| 日期 | 昵称 | 商品 | 成交价 |
| 2026-01-05 | 小李 | 茶 | 100 |
| 2026-02-05 | 小李（老客户） | 茶 | 50 |
| 2026-02-17 | 小李（老客户） | 壶 | 60 |
| 2026-01-20 | 阿花 | 壶 | 7 |
| 2026-03-10 | 匿名买家 | 茶 | 9 |
"""


def run(data: bytes) -> Outcome:
    return analyze_file(data, "店.xlsx", as_of=AS_OF)


def rows(data: bytes) -> dict[tuple[str, str], tuple[int, list[object]]]:
    """{the two names: (row from 1, its cells)} of the pairs on the sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    lines = list(sheet.iter_rows(values_only=True))
    head = next(at for at, line in enumerate(lines) if line[:3] == ("名字", "另一个名字", "同一个人?"))
    found = {}
    for at, line in enumerate(lines[head + 1 :], head + 2):
        if not line[1]:
            break
        found[str(line[0]), str(line[1])] = at, list(line)
    return found


def answered(data: bytes, answers: dict[tuple[str, str], str | None]) -> bytes:
    """The workbook with these answers typed, saved by another program."""
    book, places = openpyxl.load_workbook(io.BytesIO(data)), rows(data)
    last = max(at for at, _ in places.values())
    for names, answer in answers.items():
        if names in places:
            book[SHEET].cell(places[names][0], 3).value = answer
        else:
            last += 1
            for column, value in enumerate((*names, answer), 1):
                book[SHEET].cell(last, column).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def people(outcome: Outcome) -> dict[str, tuple[int, int]]:
    """{name: (visits, cents)}."""
    columns = outcome.analysis.customers
    return dict(zip(columns["name"], zip(columns["visits"], columns["revenue"], strict=True), strict=True))


def told(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.analysis.findings if one.code.startswith("same_")]


LI, HUA = ("小李（老客户）", "小李"), ("阿花", "花园主人")
# 3 trades in the book and 2 + 3 before it; 100 + 50 + 60.
APART = {
    "小李": (3, 10_000),
    "小李（老客户）": (5, 11_000),
    "阿花": (1, 700),
    "花园主人": (0, 0),
    "匿名买家": (1, 900),
}
JOINED = {"小李（老客户）": (8, 21_000), "阿花": (1, 700), "花园主人": (0, 0), "匿名买家": (1, 900)}


def test_a_tick_joins_and_is_kept_and_clearing_it_takes_all_back() -> None:
    first = run(make_book(SHOP))
    assert people(first) == APART
    assert [line[2] for _, line in rows(first.workbook).values()] == [None, None]

    second = run(answered(first.workbook, {LI: "是", HUA: "不是"}))
    assert people(second) == JOINED
    assert told(second) == ["same_joined"]
    kept = rows(second.workbook)
    assert {names: (line[2], line[10]) for names, (_, line) in kept.items()} == {
        LI: ("是", "已算一个人"),
        HUA: ("不是", "算两个人"),
    }
    assert kept[LI][1][6:10] == [2, 110, 1, 100], "of each name as it was"
    customers = second.analysis.customers
    at = customers["name"].index("小李（老客户）")
    assert customers["do_not_contact"][at] == 1, "what the other row forbids, holds for both"

    third = run(second.workbook)
    assert people(third) == JOINED
    assert rows(third.workbook) == kept

    fourth = run(answered(third.workbook, {LI: None}))
    assert people(fourth) == APART
    assert told(fourth) == []
    assert rows(fourth.workbook)[LI][1][2] is None


def test_the_answers_outlive_what_suggested_them() -> None:
    ticked = answered(run(make_book(SHOP)).workbook, {LI: "√", HUA: "否"})
    book = openpyxl.load_workbook(io.BytesIO(ticked))
    for row in range(2, 6):
        book["基本信息"].cell(row, 2).value = None
    book["基本信息"]["A3"], book["交易记录"]["B3"], book["交易记录"]["B4"] = ["李家大姐"] * 3
    sheet = book[SHEET]
    sheet.cell(rows(ticked)[LI][0], 1).value = "李家大姐"
    target = io.BytesIO()
    book.save(target)
    found = run(target.getvalue())
    assert people(found)["李家大姐"] == (8, 21_000)
    again = rows(run(found.workbook).workbook)
    assert (again["李家大姐", "小李"][1][2], again[HUA][1][2]) == ("√", "否")


def test_a_pair_of_her_own_needs_no_evidence() -> None:
    first = run(make_book(SHOP)).workbook
    second = run(answered(first, {("阿花", "匿名买家"): "是"}))
    assert people(second)["阿花"] == (2, 1600)
    assert not [one for one in second.analysis.findings if one.code == "sheet_kept"]
    assert rows(second.workbook)["阿花", "匿名买家"][1][10] == "已算一个人"


def test_a_contradiction_joins_nobody_of_them_and_is_said() -> None:
    first = run(make_book(SHOP)).workbook
    answers = {LI: "是", ("小李", "阿花"): "是", ("小李（老客户）", "阿花"): "不是"}
    second = run(answered(first, answers))
    assert people(second) == APART
    assert told(second) == ["same_conflict"] * 3
    states = {names: line[10] for names, (_, line) in rows(second.workbook).items()}
    assert {states[names] for names in answers} == {"前后矛盾,先没有合并"}


def test_what_is_no_answer_stays_and_is_asked_about() -> None:
    first = run(make_book(SHOP)).workbook
    second = run(answered(first, {LI: "可能吧"}))
    assert people(second) == APART
    assert told(second) == ["same_unclear"]
    assert rows(second.workbook)[LI][1][2] == "可能吧"


def test_chains_are_one_person_and_a_name_that_left_is_kept() -> None:
    first = run(make_book(SHOP)).workbook
    second = run(answered(first, {LI: "是", ("小李", "阿花"): "是", ("阿花", "谁也不是"): "是"}))
    assert people(second)["小李（老客户）"] == (9, 21_700)
    assert rows(second.workbook)["阿花", "谁也不是"][1][10] == "表里没有这个名字了,先留着"


def test_answers_survive_libreoffice_and_are_counted_before_they_go(tmp_path: Path) -> None:
    ticked = answered(run(make_book(SHOP)).workbook, {LI: "是", HUA: "不是"})
    (tmp_path / "店.xlsx").write_bytes(ticked)
    saved = tools.recalculate(tmp_path / "店.xlsx", tmp_path / "out").read_bytes()
    again = run(saved)
    assert people(again) == JOINED
    assert SHEET in openpyxl.load_workbook(io.BytesIO(again.workbook)).sheetnames
    assert not [one for one in again.analysis.findings if one.code.startswith("sheet_kept")]
    stripped = strip_file(again.workbook, "店.xlsx")
    assert stripped.typed == {SHEET: 2}
    (tmp_path / "again.xlsx").write_bytes(again.workbook)
    assert tools.validate([tmp_path / "again.xlsx"]) == {tmp_path / "again.xlsx": []}
