"""Accepted suggestions in their cells: what stands there afterwards, what was left and why, the totals."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from sheetkit.errors import NothingToFix
from sheetkit.intake import read_book
from sheetkit.intake.cells import column_of
from sheetkit.intake.source import open_source
from sheetkit.model.book import Total
from sheetkit.model.days import to_day
from sheetkit.opc import Surgery
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.convert import converted
from sheetkit.pipeline.fix import Fixed, fix_file
from sheetkit.pipeline.moved import moved
from sheetkit.pipeline.strip import strip_file
from sheetkit.writing.blank import bare_workbook
from tests.opc.books import by_openpyxl, parts
from tests.opc.referential import problems
from tests.pipeline.ticks import CHECKS, ticked

AS_OF = dt.date(2026, 6, 1)
SHEET, LOG = "订单", "修正记录"
YELLOW = "00FFFF00"
ROWS: list[list[object]] = [
    ["日期", "买家昵称", "商品", "金额", "状态", "成交时间"],
    [dt.date(2026, 5, 1), "小满", "茶", 120.5, "交易成功", dt.time(20, 30)],
    ["3月5日", "阿珍", "杯", 88, "交易成功", None],
    [dt.date(2026, 5, 2), "阿珍", "壶", "1.2万", "交易成功", "晚上8点"],
    [dt.date(2026, 5, 3), "大刘", "壶", "1O0", "交易成功", None],
    [dt.date(2026, 5, 4), "大刘", "壶", "99,00", "交易成攻", None],
    ["去年", "小满", "壶", 5, "交易成功", None],
    ["4月9日", "小满", "壶", 50, "交易成功", None],
    [dt.date(2026, 5, 6), "小满", "壶", "=10&\"元\"", "交易成功", None],
]


@cache
def shop() -> bytes:
    """A hand-made workbook: days shown as yyyy/m/d, a yellow cell, amounts with two decimals or as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row in ROWS:
        sheet.append(row)
    for at in range(2, len(ROWS) + 1):
        is_day = isinstance(sheet.cell(at, 1).value, dt.date)
        sheet.cell(at, 1).number_format = "yyyy/m/d" if is_day else "@"
        sheet.cell(at, 4).number_format = "0.00"
    sheet["A3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["D5"].number_format = "@"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@cache
def annotated() -> bytes:
    return analyze_file(shop(), "店.xlsx", as_of=AS_OF).workbook


MARKS: dict[str, str | tuple[str, str]] = {
    "订单!A3": "√",
    "订单!D4": "y",
    "订单!F4": "OK",
    "订单!D5": "1",
    "订单!D6": "是",
    "订单!E6": "采纳",
    "订单!A7": ("2025-11-11", "√"),
    "订单!A8": "x",
    "订单!D9": ("10", "√"),
}


@cache
def fixed() -> Fixed:
    return fix_file(ticked(annotated(), MARKS), "店-分析.xlsx")


def written(done: Fixed) -> bytes:
    assert done.outcome is not None
    return done.outcome.workbook


@pytest.mark.parametrize(
    ("cell", "value", "number_format"),
    [
        ("A3", dt.datetime(2026, 3, 5), "yyyy/m/d"),  # the last 5 March by then, shown as its neighbours
        ("D4", 12000, "0.00"),
        ("F4", dt.time(20, 0), "h:mm:ss"),
        ("D5", 100, "0.00"),  # was a cell for text
        ("D6", 99, "0.00"),
        ("E6", "交易成功", "General"),
        ("A7", dt.datetime(2025, 11, 11), "yyyy/m/d"),  # her own words for the suggestion
        ("A8", "4月9日", "@"),  # an x is neither yes nor no
        ("D9", '=10&"元"', "0.00"),
    ],
)
def test_what_stands_in_a_cell_afterwards(cell: str, value: object, number_format: str) -> None:
    found = by_openpyxl(written(fixed()))[SHEET][cell]
    assert (found.value, found.number_format) == (value, number_format)


def test_every_other_cell_stays_and_so_do_fills() -> None:
    mended = {one.cell for one in fixed().mended}
    assert mended == {"A3", "D4", "F4", "D5", "D6", "E6", "A7"}
    before, after = by_openpyxl(shop())[SHEET], by_openpyxl(written(fixed()))[SHEET]
    for row in before.iter_rows():
        for cell in row:
            if cell.coordinate not in mended:
                assert after[cell.coordinate].value == cell.value
    assert after["A3"].fill.fgColor.rgb == YELLOW
    assert problems(written(fixed())) == set()


def test_what_was_left_and_why() -> None:
    assert {(one.where, one.why) for one in fixed().left} == {("订单!A8", "mark"), ("订单!D9", "formula")}


def test_the_log_keeps_old_and_new_with_day_and_place() -> None:
    log = [[cell.value for cell in row] for row in by_openpyxl(written(fixed()))[LOG].iter_rows(min_row=5)]
    today = dt.date.today().isoformat()
    assert sorted(log) == [
        [today, "订单!A3", "3月5日", "2026-03-05"],
        [today, "订单!A7", "去年", "2025-11-11"],
        [today, "订单!D4", "1.2万", "12000"],
        [today, "订单!D5", "1O0", "100"],
        [today, "订单!D6", "99,00", "99"],
        [today, "订单!E6", "交易成攻", "交易成功"],
        [today, "订单!F4", "晚上8点", "20:00"],
    ]


def _trades(totals: list[Total]) -> tuple[int, int, int, int]:
    one = next(one for one in totals if one.table == "trades")
    assert one.rows_read == one.rows_used + one.rows_set_aside
    assert one.cents_read == one.cents_used + one.cents_set_aside
    return one.rows_read, one.rows_used, one.cents_used, one.unreadable


def test_the_totals_close_before_and_after() -> None:
    """By hand. Before: 120.50 and 12,000. Then also 88, 100, 99 and 5; 50 and the formula stay out."""
    assert _trades(fixed().before) == (8, 2, 1212050, 3)
    assert fixed().outcome is not None
    assert _trades(fixed().outcome.analysis.totals) == (8, 6, 1241250, 1)


def test_the_marks_that_were_followed_are_gone_and_the_others_stay() -> None:
    rows = by_openpyxl(written(fixed()))[CHECKS].iter_rows(min_row=10, values_only=True)
    marks = {row[1]: row[4] for row in rows}
    assert marks["订单!A8"] == "x"
    assert marks["订单!D9"] == "√"
    assert not marks.keys() & {"订单!A3", "订单!D4", "订单!A7"}


def test_a_year_mistyped_into_the_future_is_mended() -> None:
    """Typed as a true date: the check on the cell finds nothing, only the analysis sees that it is late."""
    book = openpyxl.load_workbook(io.BytesIO(shop()))
    book[SHEET]["A2"] = dt.date(2062, 5, 1)
    late = io.BytesIO()
    book.save(late)
    outcome = analyze_file(late.getvalue(), "店.xlsx", as_of=AS_OF)
    done = fix_file(ticked(outcome.workbook, {"订单!A2": "√"}), "店-分析.xlsx")
    assert [(one.old, one.new) for one in done.mended] == [("2062-05-01", "2026-05-01")]
    assert openpyxl.load_workbook(io.BytesIO(written(done)))[SHEET]["A2"].value == dt.datetime(2026, 5, 1)


def test_a_second_time_changes_nothing_and_a_further_one_grows_the_log() -> None:
    again = fix_file(written(fixed()), "店.xlsx")
    assert (again.mended, again.outcome) == ([], None)
    further = fix_file(ticked(written(fixed()), {"订单!A8": "√"}), "店.xlsx")
    book = by_openpyxl(written(further))
    assert book[SHEET]["A8"].value == dt.datetime(2026, 4, 9)
    assert len(list(book[LOG].iter_rows(min_row=5))) == 8


def test_a_cell_that_changed_since_the_analysis_is_not_touched() -> None:
    surgery = Surgery(ticked(annotated(), {"订单!D5": "√", "订单!D4": "√"}))
    surgery.put_values(SHEET, {(4, 3): 77.0})
    done = fix_file(surgery.to_bytes(), "店.xlsx")
    assert [(one.where, one.why) for one in done.left] == [("订单!D5", "changed")]
    assert by_openpyxl(written(done))[SHEET]["D5"].value == 77


@pytest.mark.parametrize(
    ("mark", "why"),
    [("√", "example"), (("前年", "√"), "unreadable"), (("2025-11-11 / 2025-12-11", "√"), "unreadable")],
)
def test_what_cannot_be_put(mark: str | tuple[str, str], why: str) -> None:
    done = fix_file(ticked(annotated(), {"订单!A7": mark}), "店.xlsx")
    assert [one.why for one in done.left] == [why]
    assert done.outcome is None


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    done = fix_file(ticked(annotated(), MARKS), "店.xlsx", dry_run=True)
    assert (done.mended, done.left, done.outcome) == (fixed().mended, fixed().left, None)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (shop, "fix.no_checks"),
        (annotated, "fix.nothing"),
    ],
)
def test_without_a_mark_there_is_nothing_to_fix(data: object, key: str) -> None:
    with pytest.raises(NothingToFix) as said:
        fix_file(data(), "店.xlsx")  # type: ignore[operator]
    assert said.value.key == key


def test_a_no_is_no() -> None:
    done = fix_file(ticked(annotated(), {"订单!A3": "×"}), "店.xlsx")
    assert (done.mended, done.left) == ([], [])


def test_marks_and_her_own_suggestions_survive_another_run_and_no_sheet_is_kept_for_them() -> None:
    book = by_openpyxl(ticked(annotated(), {"订单!A7": ("2025-11-11", "√"), "订单!A8": "×"}))
    resaved = io.BytesIO()
    book.save(resaved)
    again = analyze_file(resaved.getvalue(), "店.xlsx", as_of=AS_OF)
    after = by_openpyxl(again.workbook)
    rows = {row[1]: row for row in after[CHECKS].iter_rows(min_row=10, values_only=True)}
    assert rows["订单!A7"][3:5] == ("2025-11-11", "√")
    assert rows["订单!A8"][4] == "×"
    assert set(after.sheetnames) == set(by_openpyxl(annotated()).sheetnames)


def test_a_workbook_saved_by_another_program_is_fixed_the_same() -> None:
    book = by_openpyxl(ticked(annotated(), MARKS))
    resaved = io.BytesIO()
    book.save(resaved)
    done = fix_file(resaved.getvalue(), "店.xlsx")
    assert done.mended == fixed().mended
    assert len(list(by_openpyxl(written(done))[LOG].iter_rows(min_row=5))) == 7


def test_a_1904_workbook_gets_the_day_in_its_own_count() -> None:
    book = by_openpyxl(shop())
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    target = io.BytesIO()
    book.save(target)
    made = analyze_file(target.getvalue(), "店.xlsx", as_of=AS_OF).workbook
    after = written(fix_file(ticked(made, {"订单!A3": "√"}), "店.xlsx"))
    assert Surgery(after).date1904
    assert by_openpyxl(after)[SHEET]["A3"].value == dt.datetime(2026, 3, 5)


def test_strip_takes_the_report_away_and_leaves_what_was_mended() -> None:
    stripped = strip_file(written(fixed()), "店.xlsx")
    assert stripped.fixes == 7
    book = by_openpyxl(stripped.workbook)
    assert book.sheetnames == [SHEET]
    assert book[SHEET]["D4"].value == 12000
    names = {name for name, part in parts(shop()).items() if parts(stripped.workbook).get(name) != part}
    ours = {"xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"}
    assert names <= ours | {"xl/worksheets/sheet1.xml"}


NASTY = """二〇二六年的账,,,,

日期,昵称,商品,成交价,状态
2026-05-01,小满,茶,120.5,交易成功
3月5日,阿珍,杯,88,交易成功
2026-05-02,阿珍,壶,1.2万,交易成功
2026-05-03,大刘,壶,1O0,交易成功
2026-05-04,大刘,壶,"99,00",交易成攻
2026-13-40,小满,壶,5,交易成功
45356,小满,壶,9,交易成功
2026-05-09,小满,=1+1,约300,交易成功
"""


def test_what_could_not_be_read_in_a_csv_stands_as_typed_in_the_new_workbook() -> None:
    """Read again, the new workbook has the same problems where the report says they are now."""
    book = read_book(NASTY.encode(), "交易记录.csv", as_of=to_day(AS_OF))
    plan = converted(book, open_source(NASTY.encode(), "交易记录.csv"), AS_OF, 3)
    found = moved(book, plan, book.findings, "交易记录.csv")
    again = read_book(bare_workbook(plan), "new.xlsx", as_of=to_day(AS_OF))
    standing = {(one.where, one.value): one.fix for one in again.findings}
    here = {(one.where, one.value): one.fix for one in found if one.sheet == "交易记录"}
    assert {where for where, _ in here} == {
        "交易记录!A3", "交易记录!D5", "交易记录!D6", "交易记录!E6", "交易记录!A7", "交易记录!D9"}
    assert here.items() <= standing.items()
    assert [one.where for one in found if one.sheet != "交易记录"] == ["交易记录.csv!D6"]


@pytest.mark.proof
def test_a_report_on_a_csv_offers_its_suggestions_at_once() -> None:
    """The cells that could not be read stand in the new workbook as typed: no second analysis is needed."""
    made = analyze_file(NASTY.encode(), "交易记录.csv", as_of=AS_OF)
    assert not made.grafted
    told = {one.where: one.value for one in made.analysis.findings}
    assert told["交易记录!A5"] == "3月5日"  # what is said of the file names the file's own cells
    marks = {"交易记录!A3": "√", "交易记录!D5": "√", "交易记录!D6": ("88", "√"), "交易记录!E6": "y",
             "交易记录!A7": ("2026-05-08", "√"), "交易记录!D9": "√"}  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(made.workbook), read_only=True)
    typed = {str(row[1]): row[2] for row in book[CHECKS].iter_rows(values_only=True) if row[1]}
    assert typed["交易记录.csv!D6"] == "1.2万"  # read by inference: 12000 stands there by now
    rows = list(book["交易记录"].iter_rows(values_only=True, max_row=9))
    for one in marks:
        row, column = column_of(one.split("!")[1])
        assert rows[row][column] == typed[one]
    done = fix_file(ticked(made.workbook, marks), "交易记录.xlsx", dry_run=True)
    assert {one.where for one in done.mended} == set(marks)
    assert done.left == []


@pytest.mark.proof
def test_what_was_accepted_of_a_csv_counts() -> None:
    made = analyze_file(NASTY.encode(), "交易记录.csv", as_of=AS_OF)
    marks = {"交易记录!A3": "√", "交易记录!D5": "√", "交易记录!D6": ("88", "√"), "交易记录!E6": "y",
             "交易记录!A7": ("2026-05-08", "√"), "交易记录!D9": "√"}  # fmt: skip
    done = fix_file(ticked(made.workbook, marks), "交易记录.xlsx")
    assert done.outcome
    (total,) = [one for one in done.outcome.analysis.totals if one.table == "trades"]
    # 120.5 + 88 + 12000 + 100 + 88 + 5 + 9 + 300, by hand
    assert (total.rows_read, total.rows_used, total.cents_used) == (8, 8, 1_271_050)
