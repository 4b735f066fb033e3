"""The first sheet: what is due in order, words to copy, and warnings.

Its values are held against LibreOffice beside the profile's, in ``test_profile``.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.settled import settle
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang, catalog
from sheetkit.model.blueprint import blueprint
from sheetkit.model.days import to_day
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.entered import as_text, quoted, spoken
from sheetkit.writing.live.layout import Capacity
from tests.tools import computed

BLUEPRINT = blueprint("xianyu")
AS_OF = dt.date.today()
CAPACITY = Capacity(customers=20, trades=30, contacts=40)


def day(away: int) -> dt.date:
    return AS_OF + dt.timedelta(days=away)


def contact(name: str, kind: str, due: int | None, **more: Any) -> dict[str, Any]:
    return {"date": day(-5), "nickname": name, "type": kind, "due": None if due is None else day(due), **more}


WAITING = [
    contact("甲", "承诺", 4, content="四天后"),
    contact("乙", "承诺", 3, content="补寄滤网"),
    contact("丙", "求购", -2, item="冰箱", content="要小的"),
    contact("丁", "投诉", 0, item="风扇"),
    contact("戊", "售后", None, content="有响声"),
    contact("己", "承诺", -9, content="已经办了", status="已完成"),
    contact("庚", "咨询", -9, content="不用等"),
    contact("辛", "求购", 1),
]
TRADES: list[dict[str, Any]] = [
    {"date": day(-4), "nickname": "甲", "item": "台灯", "amount": 20, "state": "待付款"},
    {"date": day(-1), "item": "没名字", "amount": 7.5, "state": "待付款"},
    {"date": day(-1), "nickname": "乙", "item": "电扇", "amount": 9},
]


def make(contacts: list[dict[str, Any]] | None = None, lang: Lang = "zh") -> bytes:
    rows: Rows = {"trades": TRADES, "contacts": contacts} if contacts is not None else {}
    return template_workbook(Plan(BLUEPRINT, lang, AS_OF, CAPACITY, rows))


def read(data: bytes, **how: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def today(data: bytes, lang: Lang = "zh") -> Any:
    return read(data, data_only=True)[BLUEPRINT.sheet("today").labels[lang]]


def heading(sheet: Any, words: str) -> int:
    return next(int(one.row) for one in sheet["A"] if str(one.value).startswith(words))


def lines(sheet: Any, words: str, count: int) -> list[list[Any]]:
    """The filled lines of a list: columns A to G."""
    first = heading(sheet, words) + 3
    found = [[one.value for one in sheet[row][:7]] for row in range(first, first + count)]
    return [one for one in found if one[0]]


def test_what_is_due_stands_in_order_with_words_to_copy() -> None:
    sheet = today(make(WAITING))
    due = lines(sheet, "该联系的人", 10)
    assert [one[0] for one in due] == ["戊", "丁", "乙", "辛"], "wishes last, none lapsed"
    assert [one[4] for one in due] == ["⚠ 逾期 3 天", "今天", "还有 3 天", "还有 1 天"]
    assert [one[2] or "" for one in due] == ["有响声", "风扇", "补寄滤网", ""]
    assert due[0][6] == "到「沟通记录」第 6 行"
    assert due[1][5].startswith("丁您好,「风扇」的事我记着呢")
    assert due[2][5].startswith("乙您好,答应您的「补寄滤网」")
    assert "「上次说的那件」" in due[3][5]
    assert sheet[f"A{heading(sheet, '该联系的人') + 1}"].value.startswith("共 4 件")


ALL = blueprint("xianyu", ("cases",))
SHEETS: Rows = {
    "contacts": WAITING,
    "wishes": [
        {"date": day(-58), "nickname": "壬", "item": "小冰箱"},
        {"date": day(-61), "nickname": "癸", "item": "过了 60 天"},
        {"date": day(-9), "nickname": "子", "item": "收音机", "due": day(2)},
        {"date": day(-9), "nickname": "丑", "item": "风扇", "due": day(-1)},
        {"date": day(-9), "nickname": "未", "item": "找到了", "due": day(1), "status": "已完成"},
    ],
    "cases": [
        {"date": day(-9), "nickname": "寅", "content": "少了遥控器", "item": "空调", "due": day(1)},
        {"date": day(-9), "nickname": "卯", "content": "结过案", "closed_on": day(-1)},
        {"date": day(-9), "nickname": "辰", "content": "办完了", "status": "已完成"},
    ],
}
FIRST_DUE = ["戊", "丁", "寅", "乙", "辛", "壬", "子"]
"""By hand: 戊 3 days ago, 丁 today, 寅 tomorrow, 乙 in 3; then wishes: 辛 tomorrow, 壬 (day 60), 子 in 2."""


def picked(data: bytes, **cells: str) -> bytes:
    """The workbook with results picked on its first sheet, and with the rows of 沟通记录 turned over."""
    workbook = read(data)
    for place, value in cells.items():
        workbook["今天"][place] = value
    sheet = workbook["沟通记录"]
    rows = [[one.value for one in row] for row in sheet.iter_rows(min_row=2, max_row=9)]
    for line, values in enumerate(reversed(rows), 2):
        for col, value in enumerate(values, 1):
            sheet.cell(line, col).value = value
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def offered(data: bytes) -> list[list[str]]:
    """What the dropdowns of the lines offer."""
    sheet, rules = today(data), read(data)["今天"].data_validations.dataValidation
    first, formulas = heading(sheet, "该联系的人") + 3, {str(one.sqref): one.formula1 for one in rules}
    places = [formulas[f"H{first + at}"].replace("$", "") for at in range(16)]
    return [[one.value for one in sheet[place][0]] for place in places]


@pytest.mark.parametrize("computed_anew", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_every_sheet_with_dates_to_keep_is_listed_and_a_picked_result_stays_true(
    computed_anew: bool, tmp_path: Path
) -> None:
    data = template_workbook(Plan(ALL, "zh", AS_OF, CAPACITY, SHEETS))
    first = heading(today(data), "该联系的人") + 3
    assert [one[0] for one in lines(today(data), "该联系的人", 16)] == FIRST_DUE
    done, needless = zip(*offered(data), strict=True)
    noted = day(-9).isoformat()
    assert done[2] == f"已办 · 售后 {noted} 寅 少了遥控器"
    assert needless[3] == f"不用办了 · 沟通记录 {day(-5).isoformat()} 乙 补寄滤网"
    # 寅 is done; then, in the place that came next, 乙 is not needed; and 壬's wish is met
    cells = {f"H{first + 2}": done[2], f"H{first + 3}": needless[3], f"H{first + 5}": done[5]}
    file = tmp_path / "picked.xlsx"
    file.write_bytes(picked(data, **cells))
    if computed_anew:
        (tmp_path / "out").mkdir()
        (file,) = computed([file], tmp_path / "out")
        sheet = today(file.read_bytes())
        names = [sheet[f"A{first + at}"].value or "" for at in range(16)]
        assert names[:8] == ["戊", "丁", "", "", "辛", "", "子", ""], "others stay beside their results"
        assert sheet[f"A{first - 2}"].value.startswith("共 4 件")
    book = read_book(file.read_bytes(), file.name, as_of=to_day(AS_OF))
    analysis = analyse(book, Clock(to_day(AS_OF), to_day(AS_OF)))
    found = [one for one in analysis.findings if one.code == "result_picked"]
    # 乙's row, turned over, is the 8th of the contacts' now
    places = {f"{one.sheet}!{one.cell}" for one in found}
    assert places == {"售后!F2", "沟通记录!F8", "求购登记!H2"}
    assert {one.severity for one in found} == {"info"}
    assert not {one.customer for one in analysis.tasks} & {"寅", "乙"}


def test_a_result_for_nothing_there_changes_nothing() -> None:
    data = template_workbook(Plan(ALL, "zh", AS_OF, CAPACITY, SHEETS))
    first = heading(today(data), "该联系的人") + 3
    stale = picked(data, **{f"H{first}": "已办 · 沟通记录 2020-01-01 谁 什么", f"H{first + 1}": "随便写的"})
    book = read_book(stale, "t.xlsx", as_of=to_day(AS_OF))
    assert book.results == {f"H{first}": "已办 · 沟通记录 2020-01-01 谁 什么"}
    assert settle(book).tables == book.tables


def test_payments_waited_for_stand_newest_first() -> None:
    waiting = lines(today(make(WAITING)), "等付款", 3)
    assert [(one[0], one[1], one[2], one[4]) for one in waiting] == [
        ("没写名字", 7.5, "没名字", "等了 1 天"),
        ("甲", 20, "台灯", "等了 4 天"),
    ]
    assert waiting[0][5].startswith("您好,您拍的「没名字」")


def test_more_than_ten_are_counted() -> None:
    sheet = today(make([contact(f"客{at}", "承诺", -at, content="事") for at in range(12)]))
    assert [one[0] for one in lines(sheet, "该联系的人", 10)] == [f"客{at}" for at in range(11, 1, -1)]
    assert sheet[f"A{heading(sheet, '该联系的人') + 1}"].value.startswith("共 12 件,先办下面 10 件")


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_is_linked_and_the_example_stands_in_one_cell(lang: Lang) -> None:
    sheet = read(make(lang=lang))[BLUEPRINT.sheet("today").labels[lang]]
    targets = {
        one.hyperlink.location.rpartition("!")[0].strip("'")
        for row in sheet.iter_rows()
        for one in row
        if one.hyperlink
    }
    others = {one.key for one in BLUEPRINT.sheets} - {"today"}
    assert targets == {BLUEPRINT.sheet(key).labels[lang] for key in others}
    assert [one.value for one in sheet["B"] if str(one.value).count(" | ") >= 4] != []


def test_today_stands_in_one_cell_of_the_workbook() -> None:
    workbook = read(make(WAITING))
    found = [
        (sheet.title, one.coordinate)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for one in row
        if one.data_type == "f" and "TODAY()" in str(one.value)
    ]
    assert found == [("今天", "B5")]


def edited(edits: dict[str, dict[str, Any]], folder: Path) -> dict[str, Any]:
    """{name: the first sheet computed anew after cells were typed into}."""
    paths = []
    for key, cells in edits.items():
        workbook = read(make(WAITING))
        for place, value in cells.items():
            sheet, _, address = place.partition("!")
            workbook[sheet][address] = value
        paths.append(folder / f"{key}.xlsx")
        workbook.save(paths[-1])
    (folder / "out").mkdir()
    return {one.stem: today(one.read_bytes()) for one in computed(paths, folder / "out")}


def test_a_stale_date_and_rows_beyond_the_formulas_are_said(tmp_path: Path) -> None:
    beyond = {
        "今天!B4": day(-8),
        f"交易记录!A{CAPACITY.trades + 2}": day(0),
        f"沟通记录!A{CAPACITY.contacts + 9}": "随便",
    }
    stale = edited({"stale": beyond}, tmp_path)["stale"]
    assert stale["C4"].value.startswith("⚠ 分析日期停在 8 天前")
    assert stale["A6"].value.startswith("⚠ 有 2 行在公式够得到的范围之外:这些不进")


@pytest.mark.proof
def test_other_dates_and_more_customers_than_fit(tmp_path: Path) -> None:
    edits: dict[str, dict[str, Any]] = {
        "late": {"今天!B4": day(2)},
        "text": {"今天!B4": "昨天"} | {f"沟通记录!B{row}": f"新客{row}" for row in range(12, 40)},
        "next_week": {"今天!B5": day(7)},
    }
    done = edited(edits, tmp_path)
    assert done["late"]["C4"].value.startswith("⚠ 分析日期晚于今天")
    assert done["text"]["C4"].value.startswith("⚠ 左边要写一个日期")
    assert done["text"]["A6"].value.startswith("⚠ 有 16 位客户在公式够得到的范围之外")
    assert not done["late"]["A6"].value
    later = [one[0] for one in lines(done["next_week"], "该联系的人", 10)]
    assert later == ["戊", "丁", "乙", "甲"], "by next week 辛's wish has lapsed"


def test_the_analysis_date_is_found_by_the_reading() -> None:
    sheet = today(make())
    place = read(make()).defined_names["analysis_date"].value
    assert place == "'今天'!$B$4"
    assert (sheet["A4"].value, sheet["B4"].value.date()) == ("分析日期", AS_OF)


def test_messages_hold_no_forbidden_sign_and_every_gap() -> None:
    said = {key: texts for key, texts in catalog().items() if key.startswith("today.say.")}
    assert len(said) == 7
    for texts in said.values():
        assert all(re.findall(r"\{(\w+)\}", words) == ["what"] for words in texts.values())


def test_pieces() -> None:
    assert quoted('say "hi"') == '"say ""hi"""'
    assert spoken("today.overdue", "zh", days="(B1-A1)") == '"⚠ 逾期 "&(B1-A1)&" 天"'
    assert [as_text(one) for one in (3.0, 2.5, "x", 13800138000)] == ["3", "2.5", "x", "13800138000"]
