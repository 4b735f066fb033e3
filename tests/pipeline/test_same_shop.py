"""The same shop in other clothes: columns moved and renamed, other formats, somebody else's workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from functools import cache
from random import Random

import openpyxl
import pytest

from sheetkit.analysis.analyse import Clock
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.result import Analysis
from sheetkit.intake import read_book
from sheetkit.model.days import to_day
from sheetkit.pipeline import convert
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.check import check_file
from tests import tools
from tests.langs import is_proof, with_proof
from tests.opc.books import by_openpyxl
from tests.pipeline.shop import AS_OF, once, run, sample, told, values_only
from tests.pipeline.test_rerun import cell_marks

RENAMED = {
    "日期": "成交日期",
    "昵称": "买家昵称",
    "成交价": "成交价(元)",
    "商品": "商品名称",
    "状态": "交易状态",
}
Change = Callable[[openpyxl.Workbook], None]


def shuffled(seed: int) -> Change:
    """Every sheet's columns in another order."""

    def change(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            columns = [[cell.value for cell in column] for column in sheet.columns]
            Random(seed).shuffle(columns)
            for at, column in enumerate(columns, 1):
                for row, value in enumerate(column, 1):
                    sheet.cell(row, at).value = value

    return change


def renamed(book: openpyxl.Workbook) -> None:
    for cell in book["交易记录"][1]:
        cell.value = RENAMED.get(cell.value, cell.value)


def more(book: openpyxl.Workbook) -> None:
    """Columns and sheets of the seller's own, and the order of sheets turned round."""
    for sheet in book.worksheets:
        sheet.insert_cols(1)
        sheet.cell(1, 1).value = "我的标记"
        for row in range(2, sheet.max_row + 1):
            if any(cell.value is not None for cell in sheet[row]):
                sheet.cell(row, 1).value = "✓"
    book.create_sheet("进货", 0).append(["周五", "进货", 3])
    book._sheets.reverse()


def lower(book: openpyxl.Workbook) -> None:
    """Two lines above the header."""
    for sheet in book.worksheets:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "小店 2025"


def sheets_renamed(book: openpyxl.Workbook) -> None:
    theirs = {"交易记录": "流水", "基本信息": "我的客户", "沟通记录": "聊天记录"}
    theirs |= {"求购登记": "蹲货", "商品": "库存"}
    for sheet in book.worksheets:
        sheet.title = theirs[sheet.title]


def changed(*changes: Change) -> Analysis:
    def change(book: openpyxl.Workbook) -> None:
        for one in changes:
            one(book)

    return run(values_only(sample(), change)).analysis


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((shuffled(1),), marks=pytest.mark.proof),
        pytest.param((shuffled(2), renamed), marks=pytest.mark.proof),
        pytest.param((more,), marks=pytest.mark.proof),
        pytest.param((lower,), marks=pytest.mark.proof),
        (renamed, shuffled(3), more, lower),
        pytest.param((sheets_renamed,), marks=pytest.mark.proof),
    ],
    ids=["shuffled", "renamed", "more", "lower", "all", "sheets"],
)
def test_order_names_and_additions_change_nothing(changes: tuple[Change, ...]) -> None:
    assert told(changed(*changes)) == told(once().analysis)


def test_what_is_told_would_show_a_change() -> None:
    def one_row_less(book: openpyxl.Workbook) -> None:
        book["交易记录"].delete_rows(2)

    for key, value in told(changed(one_row_less)).items():
        assert key in ("tasks",) or value != told(once().analysis)[key], key


# Other formats


@cache
def trades() -> tuple[tuple[object, ...], ...]:
    rows = by_openpyxl(values_only(sample()))["交易记录"].iter_rows(values_only=True)
    return tuple(row for row in rows if any(value is not None for value in row))


def trades_only(book: openpyxl.Workbook) -> None:
    for name in ("基本信息", "沟通记录", "求购登记", "商品"):
        del book[name]


def as_csv(encoding: str) -> bytes:
    target = io.StringIO()
    for row in trades():
        shown = (f"{value:%Y-%m-%d}" if isinstance(value, dt.datetime) else value for value in row)
        csv.writer(target).writerow("" if value is None else value for value in shown)
    # GBK has only the full-width sign, and Excel's own export writes that
    return target.getvalue().replace("¥", "￥" if encoding == "gbk" else "¥").encode(encoding)


@pytest.fixture(scope="module")
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The whole shop's values as LibreOffice saves them."""
    folder = tmp_path_factory.mktemp("formats")
    source = folder / "shop.xlsx"
    source.write_bytes(values_only(sample()))
    kinds = {"ods": "calc8", "xls": "MS Excel 97"}
    if is_proof(request):
        kinds["xlsx"] = "Calc MS Excel 2007 XML"
    for kind, name in kinds.items():
        (folder / kind).mkdir()
        tools._convert([source], folder / kind, kind, f"{kind}:{name}")
    return {kind: (folder / kind / f"shop.{kind}").read_bytes() for kind in kinds}


@pytest.mark.parametrize("kind", with_proof(["ods", "xls", "xlsx"], {"xlsx"}))
def test_every_format_tells_the_same_shop(kind: str, converted: dict[str, bytes]) -> None:
    outcome = run(converted[kind], f"shop.{kind}")
    assert told(outcome.analysis) == told(once().analysis)
    assert outcome.grafted is (kind == "xlsx")


@pytest.mark.proof
@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
def test_a_text_file_tells_the_same_trades(encoding: str) -> None:
    expected = run(values_only(sample(), trades_only)).analysis
    assert told(run(as_csv(encoding), "流水.csv").analysis) == told(expected)


def typed_cells(data: bytes, header: str) -> list[object]:
    """A column of the new workbook's trades, as far as it is filled."""
    sheet = by_openpyxl(data)["交易记录"]
    at = [cell.value for cell in sheet[1]].index(header)
    column = [row[at] for row in sheet.iter_rows(min_row=2, max_row=len(trades()), values_only=True)]
    assert all(row[0] is None for row in sheet.iter_rows(min_row=len(trades()) + 1, values_only=True))
    return column


@pytest.fixture
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The new workbook without live formulas: openpyxl takes long over half a million cells."""
    monkeypatch.setattr(convert, "MOST_LIVE", 0)


@pytest.mark.usefixtures("_bare")
def test_a_new_workbook_holds_every_row_as_typed() -> None:
    """Also the rows set aside (约80, 3月8号, 交易ok), and a column of the seller's own."""
    head, *rows = as_csv("utf-8").decode().splitlines()
    lines = [f"{head},货架", *(f"{row},A{at}" for at, row in enumerate(rows))]
    outcome = run("\n".join(lines).encode(), "流水.csv")
    assert not outcome.grafted
    header = list(trades()[0])
    for name in ("日期", "成交价", "状态", "昵称"):
        at = header.index(name)
        before = [row[at] for row in trades()[1:]]
        after = typed_cells(outcome.workbook, name)
        differing = {(old, new) for old, new in zip(before, after, strict=True) if old != new}
        repaired = {"日期": {("2025.6.21", dt.datetime(2025, 6, 21))}, "成交价": {("¥1,470", 1470)}}
        assert differing == repaired.get(name, set()), name
    assert typed_cells(outcome.workbook, "货架") == [f"A{at}" for at in range(len(rows))]
    assert told(run(outcome.workbook).analysis)["customers"] == told(outcome.analysis)["customers"]


@pytest.mark.usefixtures("_bare")
def test_the_findings_of_a_converted_file_lead_to_their_text_in_the_new_workbook() -> None:
    """The analysis names the file's own cell; the data check that in which the text stands now."""
    outcome = run(as_csv("utf-8"), "交易记录.csv")
    (wrong,) = (one for one in outcome.analysis.findings if one.value == "约80")
    assert wrong.cell
    made = by_openpyxl(outcome.workbook)
    sheet = made["数据检查"]
    (place,) = (row[1] for row in sheet.iter_rows() if row[2].value == "约80")
    name, _, cell = str(place.value).partition("!")
    assert made[name][cell].value == "约80"
    assert place.hyperlink.location == f"'{name}'!{cell}"
    assert "交易记录.csv" in str(sheet["A2"].value)
    assert cell_marks(outcome.workbook) == {name: 1}
    linked = by_openpyxl(once().workbook)["数据检查"]
    (place,) = (row[1] for row in linked.iter_rows() if row[2].value == "约80")
    assert place.hyperlink.location == "'交易记录'!D62"
    assert "原文件" not in str(linked["A2"].value)


# Somebody else's workbook

FOREIGN = """
## Orders 2026
| Order date | Customer ID | Product | Total |
|---|---|---|---|
| 2026-01-05 | 17850 | lamp | 120 |
| 2026-02-05 | 17850 | vase | 30 |
| 2026-02-11 |  | vase | 30 |
| 2026-03-01 | 13047 | lamp | 100 |
| 2026-03-02 | 13047 | lamp | -100 |
"""


def test_a_foreign_workbook_with_ids_and_guests() -> None:
    host = tools.make_book(FOREIGN)
    outcome = analyze_file(host, "orders.xlsx", as_of=AS_OF)
    found = outcome.analysis
    assert outcome.grafted
    assert found.lang == "en"
    assert sorted(found.customers["name"]) == ["13047", "17850"]
    spent = dict(zip(found.customers["name"], found.customers["revenue"], strict=True))
    assert spent == {"17850": 15000, "13047": 0}
    (total,) = (one for one in found.totals if one.table == "trades")
    assert (total.rows_read, total.rows_used, total.cents_used) == (5, 5, 18000)
    names = by_openpyxl(outcome.workbook).sheetnames
    assert names[:3] == ["Orders 2026", "Overview", "Segments"]


def test_what_was_read_as_meant_is_told_beside_the_figures() -> None:
    """The workbook's own formulas count what is typed right only: the difference has a sentence."""
    meant = tools.make_book(
        "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-01 | 小李 | 120 |\n| 2026.3.2 | 小李 | 50 |\n"
        "| 2026-03-03 | 小王 | '¥7.5 |\n| 2027.1.1 | 小王 | 9 |"
    )
    outcome = analyze_file(meant, "店.xlsx", as_of=AS_OF)
    (total,) = (one for one in outcome.analysis.totals if one.table == "trades")
    (typed,) = (one for one in read_book(meant, "店.xlsx", repair=False).totals if one.table == "trades")
    assert (total.rows_used, typed.rows_used) == (3, 1)
    assert total.rows_repaired == total.rows_used - typed.rows_used == 2
    assert total.cents_repaired == total.cents_used - typed.cents_used == 5750
    rows = by_openpyxl(outcome.workbook)["分析总览"].iter_rows(max_row=8, values_only=True)
    assert [row for row in rows if "2 行按意思读懂的成交(¥57.50)" in str(row[0])]
    plain = analyze_file(LATE, "店.xlsx", as_of=AS_OF)
    rows = by_openpyxl(plain.workbook)["分析总览"].iter_rows(max_row=8, values_only=True)
    assert not [row for row in rows if "按意思" in str(row[0])]


# Rows after the analysis date: decided in one place

LATE = tools.make_book(
    "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-16 | 小李 | 120 |\n| 2026-03-17 | 小李 | 50 |\n"
    "| 2028-02-29 | 小王 | 7 |\n## 沟通记录\n| 日期 | 昵称 | 内容 |\n| 2026-12-01 | 小李 | 还在吗 |"
)


def test_rows_after_the_next_day_are_set_aside_and_said() -> None:
    book = read_book(LATE, "x.xlsx")
    assert book.tables["trades"].used == [True, True, True]
    after = set_aside_future(book, to_day(AS_OF))
    assert after.tables["trades"].used == [True, False, False]
    assert after.tables["contacts"].used == [False]
    assert book.tables["trades"].used == [True, True, True], "the given book is left alone"
    said = [
        (one.code, one.sheet, one.cell, one.value, one.suggestion)
        for one in after.findings
        if one.severity == "error"
    ]
    assert said == [
        ("date_after_today", "交易记录", "A3", "2026-03-17", "2025-03-17"),
        ("date_after_today", "交易记录", "A4", "2028-02-29", "2024-02-29"),
        ("date_after_today", "沟通记录", "A2", "2026-12-01", "2025-12-01"),
    ]
    total = next(one for one in after.totals if one.table == "trades")
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (3, 1, 2)
    assert (total.cents_read, total.cents_used, total.cents_set_aside) == (17700, 12000, 5700)


def test_check_and_analyze_say_the_same_of_late_rows() -> None:
    checked = check_file(LATE, "x.xlsx", as_of=AS_OF)
    analysed = analyze_file(LATE, "x.xlsx", as_of=AS_OF).analysis
    assert checked.totals == analysed.totals
    late = [one for one in analysed.findings if one.code == "date_after_today"]
    assert late == [one for one in checked.findings if one.code == "date_after_today"]
    assert len(late) == 3
    assert Clock(None, to_day(AS_OF)).as_of(checked)[0] == to_day(AS_OF)


def test_a_suggestion_stays_close_to_the_date_given() -> None:
    data = tools.make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 3月8号 | 小李 | 120 |")
    for year in (2021, 2024):
        (found,) = check_file(data, "x.xlsx", as_of=dt.date(year, 6, 1)).findings
        assert found.suggestion == f"{year}-03-08"
