"""Rows put into our template are seen by its live formulas, as LibreOffice computes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl

from sheetkit.model.days import to_day
from sheetkit.opc import Surgery
from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.tools import computed

TRADES, CLASSES = "交易记录", "客户分类"
AS_OF = dt.date(2026, 6, 1)


def test_the_templates_formulas_see_rows_put_in(tmp_path: Path) -> None:
    """Two completed trades of one buyer, 120.50 + 79.50 = 200.00, in a workbook that was blank."""
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(new_workbook("xianyu", "zh", AS_OF, capacity=Capacity(20, 20, 20)))
    heads = [cell.value for cell in openpyxl.load_workbook(blank)[TRADES][1]]
    at = {name: heads.index(name) for name in ("日期", "昵称", "成交价", "状态")}
    surgery = Surgery(blank.read_bytes())
    days = [to_day(dt.date(2026, 5, day)) for day in (2, 9)]
    rows = [
        {at["日期"]: day, at["昵称"]: "小满", at["成交价"]: amount, at["状态"]: "交易成功"}
        for day, amount in zip(days, (120.5, 79.5), strict=True)
    ]
    assert surgery.append_rows(TRADES, rows, date_columns=[at["日期"]], header_row=0) == 1
    filled = tmp_path / "filled.xlsx"
    filled.write_bytes(surgery.to_bytes())
    done = openpyxl.load_workbook(*computed([filled], tmp_path / "out"), data_only=True)
    shown = {cell.value for row in done[CLASSES].iter_rows() for cell in row}
    assert "小满" in shown
    assert 200 in shown
    first = done[TRADES][2][at["日期"]]
    assert (first.value, first.is_date) == (dt.datetime(2026, 5, 2), True)
