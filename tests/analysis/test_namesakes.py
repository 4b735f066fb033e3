"""Two people of one name, told apart by their ids: who each row is about, worked out by hand."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.analysis.namesakes import namesake_findings
from sheetkit.analysis.sameness import sameness
from sheetkit.intake import read_book
from sheetkit.intake.exports import book_of, read_export
from sheetkit.model.book import Book
from sheetkit.pipeline.analyze import analyze_file
from tests.edits.told import export, imported, order
from tests.live.books import query
from tests.live.hostile import every_sheet
from tests.tools import make_book

AS_OF = dt.date(2026, 3, 15)
SHOP = """
## 基本信息
| 昵称 | 客户编号 | 手机号 |
| 小李 | C012 | '13912345678 |
| 小李 | C057 | '13800001111 |
| 阿花 | | |
## 交易记录
| 日期 | 昵称 | 商品 | 成交价 | 客户编号 |
| 2026-01-05 | 小李 | 茶 | 100 | C012 |
| 2026-02-05 | 小李 | 茶 | 50 | C057 |
| 2026-02-17 | 小李 | 壶 | 60 | |
| 2026-02-18 | 小李 | 壶 | 7 | C099 |
| 2026-02-19 | | 壶 | 9 | c057 |
| 2026-02-20 | 小李 #C057 | 壶 | 11 | |
| 2026-02-21 | 阿花 | 壶 | 13 | A1 |
| 2026-02-22 | 阿花 | 壶 | 17 | |
"""

WHO: dict[str, tuple[str, list[str | None]]] = {
    # (customers: name, id), (trades: name, id) -> who each row of both is, None for nobody
    "one name, two ids": (
        "小李,A 小李,B ; 小李,A 小李,B 小李,",
        ["小李", "小李 #B", "小李", "小李 #B", "小李"],
    ),
    "the id may come later": ("小李, 小李,A 小李,B ;", ["小李", "小李", "小李 #B"]),
    "one id in two rows is one": ("小李,A 小李,B 小李,b ;", ["小李", "小李 #B", "小李 #B"]),
    "only in the trades": ("; 小李,A 小李,B 小李, 小李,a", ["小李", "小李 #B", "小李", "小李"]),
    "an id nobody has, a name without one": ("小李, ; 小李,A 小李,", ["小李", "小李", "小李"]),
    "an id nobody has, a name with another": ("小李,A ; 小李,B 小李,B", ["小李", "小李 #B", "小李 #B"]),
    "an id wins over another's name": ("小李,A 小王,B ; 小李,B", ["小李", "小王", "小王"]),
    "an id of another name is no namesake's": (
        "小李,A 小王,A ; 小王,A 小王,",
        ["小李", "小王", "小李", "小王"],
    ),
    "called as she is shown": ("小李,A 小李,B ; 小李#B, 小李_#b,", ["小李", "小李 #B", "小李#B", "小李 #B"]),
    "without its last digits": (
        "小李,2.1E+18 小李,2.1E+18 ; 小李,2.2E+18 ,2.1E+18",
        ["小李", "小李", "小李", None],
    ),
    "no name, only ids": (",A ,B ; ,A ,C", ["A", "B", "A", "C"]),
}


def drawn(people: str) -> bytes:
    """A workbook of ``name,id`` in customers ; trades (``_`` is a space)."""
    homes, trades = (part.split() for part in people.split(";"))
    cells = [
        [f"'{cell.replace('_', ' ')}" if cell else "" for cell in one.split(",")] for one in homes + trades
    ]
    first = "".join(f"| {name} | {code} | 杭州 |\n" for name, code in cells[: len(homes)])
    rest = "".join(f"| 2026-01-05 | {name} | 茶 | 5 | {code} |\n" for name, code in cells[len(homes) :])
    head = "| 昵称 | 客户编号 | 地址 |", "| 日期 | 昵称 | 商品 | 成交价 | 客户编号 |"
    return make_book(f"## 基本信息\n{head[0]}\n{first}## 交易记录\n{head[1]}\n{rest}")


def read(data: bytes, **how: bool) -> Book:
    return read_book(data, "店.xlsx", as_of=46_096, **how)


def who_is_who(book: Book, live: bool) -> list[str | None]:
    identity = identify(book, typed_fold) if live else identify(book)
    numbers = identity.number["customers"] + identity.number["trades"]
    return [identity.names[one - 1] if one else None for one in numbers]


@pytest.mark.parametrize("case", WHO)
@pytest.mark.parametrize("live", [False, True])
def test_who_is_who(case: str, live: bool) -> None:
    people, expected = WHO[case]
    assert who_is_who(read(drawn(people), repair=not live), live) == expected


def test_she_is_addressed_by_her_name_alone() -> None:
    identity = identify(read(drawn("小李,A 小李,B ;")))
    assert [identity.spoken(number) for number in (1, 2)] == ["小李", "小李"]


def test_each_has_her_own_money_and_row() -> None:
    done = analyze_file(make_book(SHOP), "店.xlsx", as_of=AS_OF)
    columns = done.analysis.customers
    spent = dict(zip(columns["name"], columns["revenue"], strict=True))
    # 100 + 60; 50 + 9 + 11; 7; 13 + 17
    assert spent == {"小李": 16_000, "小李 #C057": 7_000, "小李 #C099": 700, "阿花": 3_000}
    assert dict(zip(columns["name"], columns["customer_id"], strict=True))["小李 #C057"] == "C057"
    segments = openpyxl.load_workbook(io.BytesIO(done.workbook))["客户分群"]
    shown = {cell.value for row in segments.iter_rows() for cell in row}
    assert {"小李", "小李 #C057", "小李 #C099"} <= shown


def test_what_the_seller_is_told() -> None:
    book = read(make_book(SHOP))
    about = {one.code: (one.cell, one.params) for one in book.findings}
    assert about["customer_namesake"] == ("A3", {"row": 2, "id": "C057"})
    found = {
        one.code: (one.value, one.params["count"], one.params["row"])
        for one in namesake_findings(book, identify(book))
    }
    assert found == {"namesake_by_name": ("小李", 1, 4), "namesake_unlisted": ("小李", 1, 5)}


def test_a_row_that_contradicts_itself_is_told() -> None:
    book = read(drawn("小李,A 小王,B 小王,A ; 小李,B 小花,B 小李,A"))
    assert {(one.code, one.cell) for one in book.findings} == {
        ("customer_id_twice", "B4"),
        ("customer_namesake", "A4"),
    }
    (found,) = namesake_findings(book, identify(book))
    assert (found.code, found.params) == ("id_and_name_differ", {"count": 1, "row": 2, "id": "B"})


def test_a_book_without_namesakes_is_told_nothing() -> None:
    book = read(drawn("小李,A 小王, ; 小李,A 小王,B 小赵,C 小李,"))
    assert not book.findings
    assert not namesake_findings(book, identify(book))


@pytest.mark.parametrize(
    ("rows", "strength", "reasons", "against"),
    [
        # name, id, phone, source
        (["王小花花,A,,", "王小花花,B,,"], "possible", ["same_name"], ["other_id"]),
        (["王小花花,A,,闲鱼", "王小花花,B,,淘宝"], "likely", ["same_name"], []),
        (["小李,A,,", "小李,B,,"], "", [], []),
        (["小李,A,13912345678,", "小李,B,13912345678,"], "likely", ["phone", "same_name"], ["other_id"]),
    ],
)
def test_namesakes_come_up_where_something_says_they_are_one(
    rows: list[str], strength: str, reasons: list[str], against: list[str]
) -> None:
    cells = "\n".join(
        f"| {' | '.join(chr(39) + cell if cell else '' for cell in one.split(','))} |" for one in rows
    )
    book = read(make_book(f"## 基本信息\n| 昵称 | 客户编号 | 手机号 | 来源 |\n{cells}\n"))
    found = sameness(book, identify(book)).pairs
    said = [
        (one.strength, [sign.key for sign in one.reasons], [sign.key for sign in one.against])
        for one in found
    ]
    assert said == ([(strength, reasons, against)] if strength else [])


@pytest.mark.parametrize(
    ("heading", "ids", "people", "told"),
    [
        ("编号", "123", 1, ["ids_number_rows"]),
        ("客户编号", "123", 3, []),  # she says whose they are
        ("编号", "787", 2, []),  # the same again
    ],
)
def test_a_column_that_numbers_the_rows_tells_nobody_apart(
    heading: str, ids: str, people: int, told: list[str]
) -> None:
    rows = "".join(f"| 2026-01-0{at} | 小李 | 茶 | 5 | {one} |\n" for at, one in enumerate(ids, 1))
    book = read(make_book(f"## 交易记录\n| 日期 | 昵称 | 商品 | 成交价 | {heading} |\n{rows}"))
    assert len(identify(book)) == people
    assert [one.code for one in book.findings] == told


def test_namesakes_said_to_be_one_become_so_and_the_live_sheets_by_one_id() -> None:
    """Her answer joins them in the analysis; 曾用名 cannot, as the name is the same."""
    shop = SHOP.replace("13800001111", "13912345678")
    done = analyze_file(make_book(shop), "店.xlsx", as_of=AS_OF)
    book = openpyxl.load_workbook(io.BytesIO(done.workbook))
    names = {"小李", "小李 #C057"}
    (pair,) = (row for row in book["同一个人吗"].iter_rows() if {row[0].value, row[1].value} == names)
    assert pair[-1].value == "把两位的客户编号改成一样"
    pair[2].value = "是"
    ticked = io.BytesIO()
    book.save(ticked)
    columns = analyze_file(ticked.getvalue(), "店.xlsx", as_of=AS_OF).analysis.customers
    spent = dict(zip(columns["name"], columns["revenue"], strict=True))
    assert sorted(spent.values()) == [700, 3_000, 23_000]  # C099; 阿花; 160 + 70


CUSTOMERS = "## 基本信息\n| 昵称 | 手机号 | 客户编号 | 地址 |\n| 小李 | 13800000001 | C7 | |\n"
TRADES = "## 交易记录\n| 日期 | 昵称 | 商品 | 成交价 | 订单号 |{} \n"


@pytest.mark.parametrize(("ids", "name"), [(" 客户编号 |", "小李"), ("", "小李 #C8")])
def test_an_imported_namesake_gets_a_row_of_her_own(ids: str, name: str) -> None:
    said = {"nickname": "小李", "customer_id": "C8", "phone": "13800000001", "address": "乙路"}
    bought = order(nickname="小李", customer_id="C8")
    done = imported(CUSTOMERS + TRADES.format(ids), export(bought, customers=[said]))
    assert done.customers == {"new": 1}
    assert (done.puts["基本信息!A3"], done.puts["基本信息!C3"], done.puts["交易记录!B2"]) == (
        name,
        "C8",
        name,
    )
    assert not [cell for cell in done.puts if cell.startswith("基本信息!") and not cell.endswith("3")]
    assert done.changes.people == 2


def test_buyers_of_one_name_in_exports_are_two() -> None:
    """WooCommerce's plugin knows a buyer by her e-mail; the second file is of the same shop."""
    billing = "First Name (Billing),Last Name (Billing),Email (Billing)"
    head = f"Order Number,Order Status,Order Date,{billing},Order Total Amount,Item Name"
    rows = (
        "1,Completed,2026-01-05 10:00,Anna,Smith,anna@example.org,10.00,Lamp",
        "2,Completed,2026-01-06 10:00,Anna,Smith,smith@example.net,20.00,Lamp",
        "3,Completed,2026-01-07 10:00,anna,smith,ANNA@example.org,40.00,Lamp",
    )
    files = ["\n".join((head, *some)) for some in (rows[:2], rows[2:])]
    exports = [read_export(data.encode(), f"{at}.csv", as_of=46_096) for at, data in enumerate(files)]
    book = book_of([one for one in exports if one is not None], template="ecommerce", lang="en")
    identity = identify(book)
    spent = dict.fromkeys(identity.names, 0)
    for who, cents in zip(identity.number["trades"], book.tables["trades"].column("amount"), strict=True):
        spent[identity.names[who - 1]] += cents
    assert spent == {"Anna Smith": 5_000, "Anna Smith #smith@example.net": 2_000}


def test_the_drawn_workbook_has_namesakes_in_it() -> None:
    """So that formulas and query are compared on some: at home, in trades, in further tables."""
    case = every_sheet("second_hand", "zh", 4)
    identity = query(case, case.workbook()).typed.identity
    tables = {table for table, rows in identity.number.items() if identity.namesakes.keys() & set(rows)}
    assert {"customers", "trades", "contacts", "benefits", "browsing"} <= tables
