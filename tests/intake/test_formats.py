"""One table in every kind of file: the content decides, never the name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sheetkit.errors import UnreadableError
from sheetkit.intake import read_book
from sheetkit.intake.delimited import decode, delimiter
from sheetkit.model.book import Book
from tests.intake.binary import xlsb
from tests.intake.tables import codes, read, rows
from tests.tools import _convert as convert
from tests.tools import make_book, shared

DRAWN = """
## 交易记录
| 日期       | 昵称     | 成交价 | 状态     | 订单号 |
| 2024-03-05 | 小李     | 120.5  | 交易成功 | 007    |
| 2024-03-06 | 张姐;老客 | -12    | 买家取消 | 8      |
"""
EXPECTED = [(45356, "小李", 12050, 1, "007"), (45357, "张姐;老客", -1200, 3, "8")]
LINES = [["日期", "昵称", "成交价", "状态", "订单号"], ["2024-03-05", "小李", "120.5", "交易成功", "007"]]
LINES += [["2024-03-06", "张姐;老客", "-12", "买家取消", "8"]]


def held(book: Book) -> list[tuple[object, ...]]:
    return rows(book, "trades", "date", "nickname", "amount", "state", "order_id")


def delimited(mark: str, end: str = "\r\n") -> str:
    return end.join(mark.join(f'"{cell}"' if mark in cell else cell for cell in line) for line in LINES) + end


@pytest.mark.parametrize("repair", [True, False])
def test_xlsx(repair: bool) -> None:
    assert held(read(DRAWN, repair=repair)) == EXPECTED


@pytest.mark.parametrize(("suffix", "filter_name"), [("xls", "xls:MS Excel 97"), ("ods", "ods:calc8")])
def test_what_other_programs_save(suffix: str, filter_name: str, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(make_book(DRAWN))
    (saved,) = convert([book], tmp_path / "out", suffix, filter_name)
    result = read_book(saved.read_bytes(), "表.dat")
    assert held(result) == EXPECTED
    assert result.places[0].letters["amount"] == "C"


def test_xlsb() -> None:
    cells: list[tuple[int, int, str | float]] = [(0, at, header) for at, header in enumerate(LINES[0])]
    cells += [(1, 0, 45356.0), (1, 1, "小李"), (1, 2, 120.5), (1, 3, "交易成功"), (1, 4, "007")]
    assert held(read_book(xlsb("交易记录", cells), "x.xlsb")) == EXPECTED[:1]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_files(mark: str, encoding: str) -> None:
    book = read_book(delimited(mark).encode(encoding), "交易记录.csv")
    assert held(book) == EXPECTED
    assert (codes(book), book.tables["trades"].row) == ([], [2, 3])


@pytest.mark.parametrize("name", ["x.xls", "x.xlsx", "x.txt", "x"])
def test_the_name_does_not_matter(name: str) -> None:
    assert held(read_book(delimited("\t").encode(), name)) == EXPECTED
    assert held(read_book(make_book(DRAWN), name)) == EXPECTED


def test_a_text_file_read_as_typed_is_what_a_spreadsheet_would_open() -> None:
    text = "日期,昵称,成交价\n2024-03-05,小李,120\n2024/3/6,小李,12.50\n2024.3.7,小李,5\n2024-03-08,小李,¥5\n"
    book = read_book(text.encode(), "x.csv", repair=False)
    assert book.tables["trades"].used == [True, True, False, False]


def test_a_line_that_names_the_delimiter_is_no_row() -> None:
    book = read_book(("sep=;\n" + delimited(";", "\n")).encode(), "x.csv")
    assert (held(book), book.tables["trades"].row) == (EXPECTED, [2, 3])


def test_lines_within_quotes_are_one_row() -> None:
    text = '日期,昵称,成交价,备注\n2024-03-05,小李,1,"一\n二"\n2024-03-06,小李,2,三\n'
    book = read_book(text.encode(), "x.csv")
    assert rows(book, "trades", "note") == [("一\n二",), ("三",)]
    assert book.tables["trades"].row == [2, 3]


def test_an_export_with_lines_before_and_marks_around_values() -> None:
    text = (
        "支付宝交易明细查询\n账号:[x]\n----\n"
        "交易号 ,付款时间 ,买家 ,商品名称 ,金额（元） ,\n"
        "2024001\t,2024-03-05 21:32:14 ,小李 ,冰箱 ,120.00 ,\n"
        "2024002\t,2024-03-06 08:00:00 ,小红 ,壶 ,35.50 ,\n"
        "共2笔记录,,,,,\n"
    )
    book = read_book(text.encode("gb18030"), "x.csv")
    assert rows(book, "trades", "order_id", "date", "nickname", "item", "amount") == [
        ("2024001", 45356, "小李", "冰箱", 12000),
        ("2024002", 45357, "小红", "壶", 3550),
    ]


def test_a_page_that_calls_itself_a_workbook() -> None:
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in LINES)
    page = f"<html><head><meta charset=utf-8></head><body><table border=1>{cells}</table></body></html>"
    assert held(read_book(page.encode(), "订单.xls")) == EXPECTED


@pytest.mark.parametrize(
    ("text", "mark"),
    [("a,b\n1,2", ","), ("a;b\n1,5;2", ";"), ("a\tb\n1,000\t2", "\t"), ("a", ","), ('"a;b",c\n"d;e",f', ",")],
)
def test_the_delimiter(text: str, mark: str) -> None:
    assert delimiter(text) == mark


def test_a_text_of_no_known_encoding_is_still_read() -> None:
    assert decode("café,12€".encode("cp1252")) == "café,12€"


def test_dates_of_a_workbook_that_counts_from_1904() -> None:
    workbook = load_workbook(io.BytesIO(make_book(DRAWN)))
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook["交易记录"]
    sheet["A3"].value, sheet["A3"].number_format = 45357 - 1462, "General"
    target = io.BytesIO()
    workbook.save(target)
    assert held(read_book(target.getvalue(), "x.xlsx")) == EXPECTED


@pytest.mark.parametrize("extent", ["A1:A1", "1:4", "A1:XFD1048576"])
def test_a_wrong_extent_does_not_matter(extent: str) -> None:
    said = f'<dimension ref="{extent}"'
    book = changed(make_book(DRAWN), "xl/worksheets/sheet1.xml", rb'<dimension ref="[^"]*"', said)
    assert held(read_book(book, "x.xlsx")) == EXPECTED


def test_formatted_empty_cells_far_away_do_not_matter() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    book = changed(make_book(DRAWN), "xl/worksheets/sheet1.xml", b"</sheetData>", far)
    assert held(read_book(book, "x.xlsx")) == EXPECTED


def changed(book: bytes, part: str, old: bytes, new: str) -> bytes:
    """The workbook with one part rewritten."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                content, count = re.subn(old, new.encode(), content)
                assert count == 1
            result.writestr(name, content)
    return target.getvalue()


def test_real_workbooks_never_fail_but_with_a_reason() -> None:
    files = [one for one in sorted((shared() / "corpus").rglob("*.xls*")) if one.stat().st_size < 2_000_000]
    assert len(files) > 150
    for file in files:
        try:
            book = read_book(file.read_bytes(), file.name)
        except UnreadableError:
            continue
        for finding in book.findings:
            assert finding.sentence("zh")
            assert finding.sentence("en")
        for total in book.totals:
            assert total.rows_read == total.rows_used + total.rows_set_aside


def test_invoices_of_a_real_shop() -> None:
    data = (shared() / "data" / "online_retail" / "online_retail_orders.csv").read_bytes()
    book = read_book(data, "online_retail_orders.csv")
    (total,) = [one for one in book.totals if one.table == "trades"]
    assert (total.rows_read, total.rows_used) == (25_900, 25_900)
    columns = book.tables["trades"].columns
    assert len({one for one in columns["customer_id"] if one}) == 4_372
    cancelled = [at for at, order in enumerate(columns["order_id"]) if order.startswith("C")]
    assert len(cancelled) == 3_836
    assert all(columns["amount"][at] < 0 for at in cancelled)
