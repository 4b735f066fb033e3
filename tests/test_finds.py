"""What fuzzing found, each as the smallest file that shows it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sheetkit.errors import SheetkitError
from sheetkit.intake import read_book
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.upgrade import upgrade_file
from sheetkit.writing.live.layout import Capacity
from tests.opc.books import parts, patched

HEAD = "日期,昵称,成交价,颜色\n"


@pytest.mark.parametrize("figure", ["9" * 40, "1e999", "约" + "9" * 400, "-" + "1" * 30 + "x"])
def test_a_number_longer_than_any_amount_is_told(figure: str) -> None:
    book = read_book(f"{HEAD}2024-03-05,小李,{figure},红\n".encode(), "x.csv")
    assert [one.severity for one in book.findings] == ["error"]


@pytest.mark.parametrize("at", [1, pytest.param(3, marks=pytest.mark.proof)])
def test_a_text_longer_than_a_cell_becomes_a_workbook_all_the_same(at: int) -> None:
    cells = ["2024-03-05", "小李", "120", "红"]
    cells[at] = "x" * 70_000
    outcome = analyze_file(f"{HEAD}{','.join(cells)}\n".encode(), "x.csv", as_of=date(2024, 6, 30))
    book = read_book(outcome.workbook, "x.xlsx")
    assert book.tables["trades"].columns["amount"] == [12000]
    told = {one.code for one in outcome.analysis.findings}
    assert "text_cut" in told


def test_a_sheet_without_rows_is_no_reason_to_break_off() -> None:
    whole = new_workbook("xianyu", "zh", date(2024, 6, 30), capacity=Capacity(5, 5, 5))
    settings = re.findall('<sheet name="([^"]*)"', parts(whole)["xl/workbook.xml"].decode()).index("参数设置")
    broken = patched(whole, {f"xl/worksheets/sheet{settings + 1}.xml": b'<Types xmlns="x"/>'})
    with pytest.raises(SheetkitError) as caught:
        upgrade_file(broken, "x.xlsx")
    assert caught.value.exit_code == 3
