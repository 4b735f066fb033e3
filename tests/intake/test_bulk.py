"""A large text file is read by whole columns, to the same result as line by line."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheetkit.intake import columns, delimited, read_book
from sheetkit.intake.bulk import EDGE_LINES, Bulk
from sheetkit.intake.columns import Reading, clean
from sheetkit.intake.delimited import parse
from sheetkit.model.book import Book
from sheetkit.model.fields import fields
from tests.intake.tables import TODAY

HEAD = "日期,昵称,商品,成交价,状态,订单号,备注"
CLEAN = [
    "2024-03-05,小李,冰箱,120.50,交易成功,4000000000000000001,",
    "2024-3-6,张姐,壶,80.00,,4000000000000000002,好",
    "2024/3/7,Tom Li,桌 子,0.99,交易成功,4000000000000000003,",
]
ODD = [
    "2024.3.5,小李,冰箱,120,交易成功,1,",
    "昨天,小李,冰箱,约300,瞎,1E5,",
    "2024-03-05 14:02,小李 ,冰箱,007.50,成交,-,#N/A",
    "2024-03-05,小\u200b李,NaN,1.005,交易成功,x y,null",
    "合计,,,201.49,,,",
    "2024-03-05,,,-12.5,,8,",
    "日期,昵称,商品,成交价,状态,订单号,备注",
    ",,,,,,",
    " , ,,,,,",
    "1999-01-01,t***5,x,.5,买家取消,1.7743856575E10,",
    "2024-03-05,#REF!,x,5.,交易成功,+86 1,",
    "2024-03-05,小李,x,1-2,交易成功,a,",
    "2024-03-05,小计算,x,--1.00,交易成功,a,",
    "昵称,成交价,日期,商品,,,",
]


def text_of(lines: list[str], repeat: int = 20) -> str:
    """Clean lines, these among them, and clean lines again: more than are read one by one at the edges."""
    clean = CLEAN * repeat
    return "\n".join([HEAD, *clean, *lines, *clean]) + "\n"


@pytest.fixture(autouse=True)
def _every_text_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LARGE", 0)


def line_by_line(text: str, monkey: pytest.MonkeyPatch, **how: Any) -> Book:
    with monkey.context() as patch:
        patch.setattr(delimited, "LARGE", 1 << 40)
        return read_book(text.encode(), "x.csv", as_of=TODAY, **how)


def essence(book: Book) -> Any:
    told = [(one.code, one.where, one.value, one.suggestion, one.severity) for one in book.findings]
    return {key: vars(table) for key, table in book.tables.items()}, told, book.totals


@pytest.mark.parametrize("repair", [True, False])
@pytest.mark.parametrize("line", [None, *ODD])
def test_by_column_is_as_line_by_line(
    line: str | None, repair: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = text_of([line] if line else [])
    assert isinstance(parse(text), Bulk)
    by_column = read_book(text.encode(), "x.csv", as_of=TODAY, repair=repair)
    assert essence(by_column) == essence(line_by_line(text, monkeypatch, repair=repair))


SHAPES = {
    "a preamble and a footer": lambda text: "支付宝\n\n账号,x\n" + text + "合计,,,1\n共3笔\n",
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "tabs": lambda text: text.replace(",", "\t"),
    "semicolons": lambda text: text.replace(",", ";"),
    "no line end at the end": lambda text: text.rstrip("\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_whatever_the_shape_and_the_encoding(
    shape: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SHAPES[shape](text_of([]))
    assert isinstance(parse(text), Bulk)
    by_column = read_book(text.encode(encoding), "x.csv", as_of=TODAY)
    assert len(by_column.tables["trades"]) >= 120
    assert essence(by_column) == essence(line_by_line(text, monkeypatch))


@pytest.mark.parametrize(
    "line", ['2024-03-05,15",20",c,1,,,', "2024-03-05,a", "2024-03-05,a,b,c,d,e,f,g", "", "a\rb,,,,,,"]
)
def test_a_line_unlike_the_others_is_read_line_by_line(line: str) -> None:
    text = text_of([line])
    rows = parse(text)
    assert not isinstance(rows, Bulk)
    assert rows == list(csv.reader(io.StringIO(text, newline="")))


IN_QUOTES = [
    '2024-03-05,"a,b",c,1,,,',
    '"2024-03-05","小""李""","冰\n箱","1,200",,"4",""',
    '2024-03-05,"a" b,15"x20",1,,"""",',
    '"2024-03-05","a\r\nb","c\rd","1.00","","",""',
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("line", IN_QUOTES)
def test_cells_in_quotes_are_read_by_column_too(
    line: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = text_of(["#"]).replace("\n", end).replace("#", line)
    rows = parse(text)
    assert isinstance(rows, Bulk)
    assert [*rows] == list(csv.reader(io.StringIO(text, newline="")))
    by_column = read_book(text.encode("gb18030"), "x.csv", as_of=TODAY)
    assert essence(by_column) == essence(line_by_line(text, monkeypatch))


SNIPPETS = ["", "a", "小李", '"', '""', ",", ";", "\n", "\r\n", "\r", " ", "1.5", "é", "\ufeff"]
CELLS = st.lists(st.sampled_from(SNIPPETS), max_size=3).map("".join)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from([(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n")]),
)
def test_any_cells_that_a_program_writes(rows: list[tuple[str, ...]], form: tuple[Any, str]) -> None:
    quoting, end = form
    plain = [("1", "b", "c")] * (EDGE_LINES + 9)
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting, lineterminator=end).writerows([*plain, *rows, *plain])
    read = parse(file.getvalue())
    assert isinstance(read, Bulk)
    assert [*read] == [list(row) for row in [*plain, *rows, *plain]]


@settings(max_examples=100)
@given(st.lists(st.sampled_from([*SNIPPETS, ",", ",", "\n", '"']), max_size=25).map("".join))
def test_any_other_text_is_read_as_line_by_line(odd: str) -> None:
    plain = '1,b,"c"\n' * (EDGE_LINES + 9)
    text = f"{plain}{odd}\n{plain}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LARGE", 1 << 40)
        expected = parse(text)
    assert [*parse(text)] == expected


def test_rows_of_columns_are_the_rows() -> None:
    text = text_of([])
    rows, expected = parse(text), [line.split(",") for line in text.splitlines()]
    assert isinstance(rows, Bulk)
    assert len(rows) == len(expected)
    assert [*rows] == expected
    assert rows[EDGE_LINES : EDGE_LINES + 3] == expected[EDGE_LINES : EDGE_LINES + 3]
    assert (rows[-1], rows[-EDGE_LINES - 5]) == (expected[-1], expected[-EDGE_LINES - 5])


ODD_AMOUNTS = [
    "",
    "0",
    "-0.5",
    "00",
    "1.",
    ".5",
    "-.5",
    "1e3",
    "1_0",
    "٣",
    "0.00",
    "-",
    "1.005",
    "nan",
    "1-2.00",
]
ODD_DATES = ["", "2024-3-5", "2024-02-30", "1999-01-01", "2024-03-05 16:00", "2024-03-05 16:00:00", "昨天"]
ODD_NAMES = ["", "小李", " 小李", "小  李", "Null", "t***5", "a\nb", "小\u200b李", "x" * 130, "N/A"]
ODD_IDS = ["", "007", "1E5", "1.77E+10", "-", "A-1", "a b", "é", "9" * 200, "NaN"]
ODD_CELLS = {
    "amount": ODD_AMOUNTS,
    "date": ODD_DATES,
    "nickname": ODD_NAMES,
    "order_id": ODD_IDS,
    "note": ODD_NAMES,
}
PLAIN = {
    "amount": st.decimals(-10_000, 10_000, places=2).map(str),
    "date": st.dates(date(2011, 1, 1), date(2024, 6, 1)).map(str),
    "nickname": st.text("小李abc ", max_size=4),
    "order_id": st.integers(0, 10**20).map(str),
    "note": st.text("小李ab", max_size=4),
}


@settings(max_examples=150)
@given(st.data(), st.sampled_from(list(ODD_CELLS)), st.booleans())
def test_a_column_is_read_as_its_cells_are(data: st.DataObject, key: str, repair: bool) -> None:
    some = st.one_of(PLAIN[key], st.sampled_from(ODD_CELLS[key]))
    cells = data.draw(st.lists(data.draw(st.sampled_from([PLAIN[key], some])), min_size=1, max_size=8))
    how, column = Reading(repair, {}, TODAY, delimited=True), fields("trades")[key]
    together = clean(cells, column, how)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_quick_texts", lambda *_: None)
        slowly = clean(cells, column, how)
    assert together.values == slowly.values
    assert together.problems == slowly.problems
