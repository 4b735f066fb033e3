"""Values put into a seller's sheet: read back by openpyxl and calamine, judged by the Open XML SDK."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from sheetkit.errors import UnreadableError, UsageError
from sheetkit.opc import Surgery
from sheetkit.opc.formula import lower
from tests.opc.books import by_openpyxl, edited, makers, ordinary, parts
from tests.opc.reading import Book, box
from tests.opc.referential import problems
from tests.opc.variants import VARIANTS, Variant
from tests.opc.variants.formats import FORMATS
from tests.opc.variants.programs import PROGRAMS
from tests.opc.variants.sheets import SHEETS
from tests.opc.variants.wording import WORDINGS
from tests.opc.whole import new_errors

SHEET = "订单"
PART = "xl/worksheets/sheet1.xml"
NASTY: Values = {
    (1, 0): "=HYPERLINK(\"http://x\")",
    (2, 0): "6222021234567890123",
    (3, 0): "<b>&amp; ]]>\n第二行 ",
    (5, 0): "007",
    (6, 0): "😀",
}


def shop(**options: object) -> bytes:
    """A table of orders with a computed column, dropdown, rule, filter; a text below its neighbour."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(SHEET)
    day, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00"})
    columns = [{"header": one} for one in ("日期", "昵称", "金额", "状态")]
    columns.append({"header": "两倍", "formula": "=orders[[#This Row],[金额]]*2"})
    sheet.add_table("A1:E4", {"name": "orders", "columns": columns})
    for row in range(1, 4):
        sheet.write_datetime(row, 0, dt.datetime(2024, 5, row), day)
        sheet.write_row(row, 1, [f"客{row}"])
        sheet.write_number(row, 2, row * 10.5, money)
        sheet.write_row(row, 3, ["完成"])
    sheet.data_validation("D2:D4", {"validate": "list", "source": ["完成", "退款"]})
    sheet.conditional_format("C2:C4", {"type": "cell", "criteria": ">", "value": 20, "format": money})
    sheet.conditional_format("A1:E1", {"type": "no_blanks", "format": money})
    sheet.write("H4", "旁边的话")
    book.add_worksheet("合计").write_formula("A1", "=SUM(orders[金额])", None, 63)
    book.close()
    return target.getvalue()


Values = Mapping[tuple[int, int], str | float | None]


def put(
    data: bytes, values: Values, sheet: str = SHEET, dates: Collection[tuple[int, int]] = ()
) -> bytes:
    surgery = Surgery(data, allow_signed=True, allow_locked=True)
    surgery.put_values(sheet, values, dates=dates)
    return surgery.to_bytes()


def read(data: bytes, sheet: str = SHEET) -> list[list[object]]:
    book = python_calamine.load_workbook(io.BytesIO(data))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


NEW_DAY = (dt.date(2024, 5, 9) - dt.date(1899, 12, 30)).days
NEW_ROW: Values = {(4, 0): NEW_DAY, (4, 1): "客4", (4, 2): 42.0}


def test_a_row_right_below_becomes_part_of_the_table() -> None:
    data = put(shop(), NEW_ROW)
    assert problems(data) == set()
    sheet = by_openpyxl(data)[SHEET]
    table = sheet.tables["orders"]
    assert (table.ref, table.autoFilter.ref) == ("A1:E5", "A1:E5")
    assert sheet["A5"].value == dt.datetime(2024, 5, 9)
    assert (sheet["B5"].value, sheet["C5"].value, sheet["C5"].number_format) == ("客4", 42, "0.00")
    assert sheet["E5"].value == sheet["E4"].value != None  # noqa: E711
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["D2:D5"]
    assert {str(one.sqref) for one in sheet.conditional_formatting} == {"C2:C5", "A1:E1"}
    assert sheet.dimensions == "A1:H5"


def test_every_other_part_stays_and_every_other_byte_of_the_sheet() -> None:
    before, after = parts(shop()), parts(put(shop(), {(2, 1): "改名"}))
    assert [name for name in before if before[name] != after[name]] == [PART]
    old = re.search(rb'<c r="B3"[^>]*>.*?</c>', before[PART])
    new = re.search(rb'<c r="B3"[^>]*>.*?</c>', after[PART])
    assert old is not None
    assert new is not None
    assert after[PART].replace(new[0], old[0]) == before[PART]
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]


def test_text_stays_text_to_the_last_digit() -> None:
    data = put(shop(), {(row, 7): value for (row, _), value in NASTY.items()})
    sheet, rows = by_openpyxl(data)[SHEET], read(data)
    for (row, _), value in NASTY.items():
        cell = sheet.cell(row + 1, 8)
        assert cell.data_type == "s"
        assert cell.value == value
        assert rows[row][7] == value
    assert sheet["H8"].value is None


def test_what_xml_cannot_hold_and_what_looks_like_it_is_written_as_excel_does() -> None:
    """xlsxwriter, whose files Excel reads back: ``_x0041_`` as text is ``_x005F_x0041_``."""
    data = put(shop(), {(1, 7): "a\x07b\r\nc _x0041_"})
    assert "a_x0007_b&#13;\nc _x005F_x0041_" in parts(data)[PART].decode()


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        put(shop(), {(1, 7): "长" * 32_768})
    assert refused.value.key == "opc.text_too_long"


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-9, 123456789.12, -0.0, 12345678901234567890.0, 3])
def test_a_number_comes_back_equal(value: float) -> None:
    assert by_openpyxl(put(shop(), {(1, 7): value}))[SHEET]["H2"].value == value


def test_a_formula_is_never_overwritten_and_nothing_is_put_then() -> None:
    surgery = Surgery(shop())
    before = surgery.sheet_part_bytes(SHEET)
    with pytest.raises(UsageError) as refused:
        surgery.put_values(SHEET, {(1, 1): "x", (1, 4): 3.0})
    assert refused.value.key == "opc.formula_kept"
    assert refused.value.params == {"sheet": SHEET, "cell": "E2"}
    assert surgery.sheet_part_bytes(SHEET) == before


def test_none_empties_a_cell_and_keeps_its_format() -> None:
    sheet = by_openpyxl(put(shop(), {(1, 2): None, (20, 20): None}))[SHEET]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (None, "0.00")
    assert sheet.dimensions == "A1:H4"


def test_a_text_cell_that_becomes_a_day_is_shown_as_its_neighbours_are() -> None:
    typed = put(shop(), {(2, 0): "3月5日"}, dates=())
    data = put(typed, {(2, 0): NEW_DAY, (2, 3): NEW_DAY, (9, 9): NEW_DAY}, dates=[(2, 0), (2, 3), (9, 9)])
    sheet = by_openpyxl(data)[SHEET]
    assert (sheet["A3"].value, sheet["A3"].number_format) == (dt.datetime(2024, 5, 9), "yyyy-mm-dd")
    assert sheet["D3"].is_date
    assert sheet["J10"].is_date


@pytest.mark.parametrize("place", [(1_048_576, 0), (0, 16_384)])
def test_a_sheet_ends_where_excel_ends(place: tuple[int, int]) -> None:
    with pytest.raises(UsageError) as refused:
        put(shop(), {place: "x"})
    assert refused.value.key == "opc.sheet_full"


def test_a_number_in_a_cell_for_text_is_shown_as_its_neighbours_are() -> None:
    book = by_openpyxl(shop())
    book[SHEET]["C3"].number_format = "@"
    target = io.BytesIO()
    book.save(target)
    data = put(target.getvalue(), {(2, 2): 12000.0})
    cell = by_openpyxl(data)[SHEET]["C3"]
    assert (cell.value, cell.number_format) == (12000, "0.00")


def test_rows_go_below_the_last_one_of_their_columns() -> None:
    surgery = Surgery(shop())
    first = surgery.append_rows(SHEET, [{0: NEW_DAY, 1: "甲"}, {0: NEW_DAY, 1: "乙"}], date_columns=[0])
    data = surgery.to_bytes()
    assert first == 4
    assert by_openpyxl(data)[SHEET].tables["orders"].ref == "A1:E6"
    assert [row[1] for row in read(data)] == ["昵称", "客1", "客2", "客3", "甲", "乙"]
    assert problems(data) == set()


def test_a_table_does_not_grow_over_another_nor_past_its_totals() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A1:B3", {"name": "one"})
    sheet.add_table("A4:B6", {"name": "two", "total_row": True})
    book.close()
    surgery = Surgery(target.getvalue())
    surgery.put_values(SHEET, {(6, 0): "下面", (6, 1): 1.0})
    found = by_openpyxl(surgery.to_bytes())[SHEET].tables
    assert dict(found.items()) == {"one": "A1:B3", "two": "A4:B6"}


def test_a_plain_range_takes_its_filter_and_its_repeated_formula_along() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row in [["昵称", "数量", "单价", "金额"], ["甲", 1, 2.5, "=B2*C$2"], ["乙", 2, 2.5, "=B3*C$2"]]:
        sheet.append(row)
    sheet.auto_filter.ref = "A1:D3"
    sheet.row_dimensions[3].height = 30
    target = io.BytesIO()
    book.save(target)
    data = put(target.getvalue(), {(3, 0): "丙", (3, 1): 3.0, (4, 0): "丁", (4, 1): 4.0})
    sheet = by_openpyxl(data)[SHEET]
    assert sheet.auto_filter.ref == "A1:D5"
    assert (sheet["D4"].value, sheet["D5"].value) == ("=B4*C$2", "=B5*C$2")
    assert sheet.row_dimensions[5].height == 30
    names = [name.text for name in Surgery(data)._workbook.defined_names()]
    assert names == ["'订单'!$A$1:$D$5"]


@pytest.mark.parametrize(
    ("formula", "rows", "lowered"),
    [
        ("A1+$A1+A$1+$A$1", 2, "A3+$A3+A$1+$A$1"),
        ("SUM(B2:C2)*LOG10(D2)", 1, "SUM(B3:C3)*LOG10(D3)"),
        ("'表 A1'!B2&\"A1\"", 3, "'表 A1'!B5&\"A1\""),
        ("orders[[#This Row],[A1]]*2", 1, "orders[[#This Row],[A1]]*2"),
    ],
)
def test_a_formula_filled_down(formula: str, rows: int, lowered: str) -> None:
    """As Excel fills them down: relative rows move, others stay."""
    assert lower(formula, rows) == lowered


def test_a_1904_workbook_shows_the_day_in_its_own_count() -> None:
    data = shop(date_1904=True)
    surgery = Surgery(data)
    assert surgery.date1904
    surgery.put_values(SHEET, {(4, 0): NEW_DAY - 1462})
    assert by_openpyxl(surgery.to_bytes())[SHEET]["A5"].value == dt.datetime(2024, 5, 9)


def test_a_sheet_without_any_row_takes_values() -> None:
    book = openpyxl.Workbook()
    target = io.BytesIO()
    book.save(target)
    data = put(target.getvalue(), {(0, 0): "昵称", (0, 2): 1.5}, sheet="Sheet")
    assert read(data, "Sheet") == [["昵称", "", 1.5]]


def test_a_protected_sheet_is_written_all_the_same() -> None:
    book = by_openpyxl(shop())
    book[SHEET].protection.sheet = True
    target = io.BytesIO()
    book.save(target)
    sheet = by_openpyxl(put(target.getvalue(), NEW_ROW))[SHEET]
    assert sheet["B5"].value == "客4"
    assert sheet.protection.sheet


def test_spans_that_a_new_cell_leaves_grow_to_both_sides() -> None:
    data = edited(shop(), PART, r'<row r="3" spans="1:8"', '<row r="3" spans="2:5"')
    after = parts(put(data, {(2, 7): "x", (2, 0): None}))[PART]
    assert b'<row r="3" spans="1:8"' in after


EVERY = [one for one in VARIANTS if not one.refused and not one.heavy]
WITHOUT_ROWS = ("empty sheets", "no sheetData")
WRITTEN = [one for one in (*WORDINGS, *SHEETS, *FORMATS, *PROGRAMS) if one in EVERY]


def _takes(variant: Variant) -> None:
    made = variant.of(shop())
    if made is None or variant.name in WITHOUT_ROWS:
        with pytest.raises(UnreadableError):
            Surgery(edited(shop(), PART, "<sheetData.*</sheetData>", "")).put_values(SHEET, {(0, 0): "x"})
        return
    sheet = next(one.name for one in Book(made).sheets if one.is_worksheet)
    after = put(made, {**NEW_ROW, (2, 1): "改名"}, sheet)
    assert problems(after) <= problems(made)
    old, new = (next(one for one in Book(data).sheets if one.name == sheet) for data in (made, after))
    texts = {place: old.text(place) for place in old.cells}
    texts |= {"B3": "改名", "B5": "客4", "C5": "42", "A5": str(NEW_DAY)}
    assert {place: new.text(place) for place in texts} == texts


@pytest.mark.parametrize("variant", WRITTEN, ids=lambda one: one.name)
def test_the_same_workbook_written_by_others(variant: Variant) -> None:
    """Prefixes, rows and cells without places, UTF-16, other programs' habits."""
    _takes(variant)


@pytest.mark.proof
@pytest.mark.parametrize("variant", [one for one in EVERY if one not in WRITTEN], ids=lambda one: one.name)
def test_the_same_workbook_packed_by_others(variant: Variant) -> None:
    _takes(variant)


def _puttable(data: bytes) -> tuple[str, int] | None:
    """The first sheet that calamine reads, and the first row, from 0, below all its cells."""
    sheet = next((one for one in Book(data).sheets if one.is_worksheet), None)
    try:
        read(data, sheet.name if sheet else "")
    except python_calamine.CalamineError:
        return None
    if sheet is None:
        return None
    return sheet.name, max((box(at).bottom for at, cell in sheet.cells.items() if len(cell)), default=0)


def _judged(files: Sequence[Path], folder: Path) -> None:
    pairs = []
    for number, path in enumerate(files):
        data = path.read_bytes()
        found = _puttable(data)
        if found is None:
            continue
        sheet, free = found
        new_rows = {(free + at, col): one for at in range(2) for col, one in enumerate(["=1+1", 2.5])}
        after = put(data, new_rows, sheet)
        assert problems(after) <= problems(data), path
        old, new = read(data, sheet), read(after, sheet)
        assert [row[0] for row in new[free : free + 2]] == ["=1+1"] * 2, path
        written = next(one for one in Book(after).sheets if one.name == sheet)
        assert [written.text(f"B{free + at}") for at in (1, 2)] == ["2.5"] * 2, path
        assert [row[: len(before)] for row, before in zip(new, old, strict=False)] == old, path
        pair = folder / f"{number}a{path.suffix}", folder / f"{number}b{path.suffix}"
        for target, content in zip(pair, (data, after), strict=True):
            target.write_bytes(content)
        pairs.append(pair)
    assert len(pairs) > 0.9 * len(files)
    assert new_errors(pairs) == {}


MAKERS = ("LibreOffice", "WPS", "Microsoft Excel Online")


def test_real_workbooks_of_many_makers_take_rows(tmp_path: Path) -> None:
    """One small file of each program."""
    smallest = [
        min((path for path in ordinary() if maker in makers()[path]), key=lambda one: one.stat().st_size)
        for maker in MAKERS
    ]
    _judged(smallest, tmp_path)


@pytest.mark.proof
def test_every_real_workbook_takes_rows(tmp_path: Path) -> None:
    _judged(ordinary(), tmp_path)
