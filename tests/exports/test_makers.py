"""The made files are what they say they are, as readers see them that are no part of sheetkit."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from tests.exports.makers import MAKERS, every_file
from tests.exports.put import Made, header, header_keys

EXPORTED = [one for one in every_file() if one.how == "as exported"]


def test_every_collected_header_row_has_a_maker() -> None:
    assert MAKERS.keys() <= set(header_keys())


def rows_of(one: Made) -> list[list[str]]:
    if one.data.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(one.data)).worksheets[0]
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = one.data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    mark = "\t" if text.count("\t") > text.count(",") and "\t," not in text else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


@pytest.mark.parametrize("one", EXPORTED, ids=str)
def test_the_header_row_stands_as_it_was_collected(one: Made) -> None:
    wanted = [name.strip() for name in header(one.key) if name.strip()]
    assert any([cell.strip() for cell in row if cell.strip()] == wanted for row in rows_of(one))


@pytest.mark.parametrize("one", EXPORTED, ids=str)
def test_every_order_stands_in_the_file_with_all_its_digits(one: Made) -> None:
    cells = {cell.strip("\t `'=\"") for row in rows_of(one) for cell in row}
    assert one.answer.orders.keys() <= cells
