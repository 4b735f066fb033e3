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

from sheetkit.messages import LANGS, Lang, catalog
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.entered import as_text, quoted, spoken
from sheetkit.writing.live.layout import Capacity
from tests.tools import recalculate_many

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
    assert [one[0] for one in due] == ["戊", "丙", "丁", "辛", "乙"]
    assert [one[4] for one in due] == ["⚠ 逾期 3 天", "⚠ 逾期 2 天", "今天", "还有 1 天", "还有 3 天"]
    assert [one[2] or "" for one in due] == ["有响声", "冰箱:要小的", "风扇", "", "补寄滤网"]
    assert due[0][6] == "到「沟通记录」第 6 行"
    assert due[1][5].startswith("丙您好,之前您想找的「冰箱」")
    assert due[4][5].startswith("乙您好,答应您的「补寄滤网」")
    assert "「上次说的那件」" in due[3][5]
    assert sheet[f"A{heading(sheet, '该联系的人') + 1}"].value.startswith("共 5 件")


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
    assert sheet[f"A{heading(sheet, '该联系的人') + 1}"].value.startswith("共 12 件,下面是最久的 10 件")


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


def test_a_stale_date_and_rows_beyond_the_formulas_are_said(tmp_path: Path) -> None:
    edits: dict[str, dict[str, Any]] = {
        "stale": {"今天!B4": day(-8)},
        "late": {"今天!B4": day(2)},
        "text": {"今天!B4": "昨天"},
        "beyond": {f"交易记录!A{CAPACITY.trades + 2}": day(0), f"沟通记录!A{CAPACITY.contacts + 9}": "随便"},
        "crowd": {f"沟通记录!B{row}": f"新客{row}" for row in range(12, 40)},
        "next_week": {"今天!B5": day(7)},
    }
    paths = []
    for key, cells in edits.items():
        workbook = read(make(WAITING))
        for place, value in cells.items():
            sheet, _, address = place.partition("!")
            workbook[sheet][address] = value
        paths.append(tmp_path / f"{key}.xlsx")
        workbook.save(paths[-1])
    (tmp_path / "out").mkdir()
    done = {one.stem: today(one.read_bytes()) for one in recalculate_many(paths, tmp_path / "out")}
    assert done["stale"]["C4"].value.startswith("⚠ 分析日期停在 8 天前")
    assert done["late"]["C4"].value.startswith("⚠ 分析日期晚于今天")
    assert done["text"]["C4"].value.startswith("⚠ 左边要写一个日期")
    assert done["beyond"]["A6"].value.startswith("⚠ 有 2 行在公式够得到的范围之外:这些不进")
    assert done["crowd"]["A6"].value.startswith("⚠ 有 16 位客户在公式够得到的范围之外")
    assert not done["stale"]["A6"].value
    assert [one[0] for one in lines(done["next_week"], "该联系的人", 10)] == [
        "戊",
        "丙",
        "丁",
        "辛",
        "乙",
        "甲",
    ]


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
