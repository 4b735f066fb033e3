"""A page of the analysis becomes a sheet: every value in its cell and format, its chart over its own rows."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from sheetkit.analysis.page import Link, Page, PageChart, PageColumn, Section
from sheetkit.messages import LANGS, Lang
from sheetkit.model.labels import Labels
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.writing.report.workbook import report_workbook
from tests.tools import validate
from tests.writing.test_report import AS_OF, analysis

COLUMNS = (
    PageColumn("品类"),
    PageColumn("销售额", "money"),
    PageColumn("占比", "percent"),
    PageColumn("最近", "date"),
    PageColumn("间隔", "days"),
)
ROWS = (("=家电", 1234500, 0.625, AS_OF, 30), ("数码", 740700, 0.375, None, "看不出"))
PAGE = Page(
    "overview2",
    "截至 2026-03-15",
    (
        Section("卖什么", "家电占六成", COLUMNS, ROWS, PageChart("bar", "家电占六成", 0, (1,))),
        Section("没有表的一节", "还看不出来"),
        Section("空表", "", COLUMNS[:2]),
        Section("链接", "", COLUMNS[:1], [(Link("到第 6 行填", "参数设置", "D6"),)]),
    ),
)


@pytest.fixture(params=LANGS)
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bytes:
    lang: Lang = request.param
    sheets = {**ADDED_SHEETS, "overview2": Labels("看看品类", "Categories")}
    monkeypatch.setattr("sheetkit.writing.report.workbook.ADDED_SHEETS", sheets)
    found = replace(analysis(lang), pages=(PAGE,), findings=[])
    return report_workbook(found, plan_typed={}, plan_history=[]).workbook


def test_a_page_stands_in_its_cells(made: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.worksheets[3]
    assert sheet.title in ("看看品类", "Categories")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert ["卖什么", None, None, None, None] in rows
    head = rows.index([one.header for one in COLUMNS])
    assert rows[head - 1][0] == "家电占六成"
    first, second = rows[head + 1 : head + 3]
    assert first[:3] == ["=家电", 12345, 0.625]
    assert second == ["数码", 7407, 0.375, None, "看不出"]
    place = head + 6
    assert sheet.cell(place, 1).data_type == "s", "a text that begins with = is no formula"
    assert [sheet.cell(place, at).number_format for at in (2, 3)] == ['"¥"#,##0', "0%"]
    assert sheet.cell(place, 4).is_date
    (chart,) = sheet._charts
    assert chart.ser[0].val.numRef.f.endswith(f"$B${place}:$B${place + 1}")


def test_a_link_leads_to_its_cell(made: bytes) -> None:
    (cell,) = (
        one
        for row in openpyxl.load_workbook(io.BytesIO(made)).worksheets[3].iter_rows()
        for one in row
        if one.value == "到第 6 行填"
    )
    assert cell.hyperlink.location == "'参数设置'!D6"


def test_a_page_is_a_sound_sheet(made: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.xlsx"
    file.write_bytes(made)
    assert validate([file]) == {file: []}
