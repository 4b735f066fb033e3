"""The profile: it shows what LibreOffice computes before any calculation, and any customer can be chosen."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.layout import Capacity
from tests.langs import ENGLISH_IN_PROOF
from tests.tools import computed

BLUEPRINT = blueprint("xianyu")
AS_OF = dt.date.today()
CAPACITY = Capacity(customers=30, trades=60, contacts=40)
LINE, COUNT = "H", "I"
FIRST_TRADE = 25


def ago(days: int) -> dt.date:
    return AS_OF - dt.timedelta(days=days)


def rows(lang: Lang) -> Rows:
    """Five customers: one with 24 trades, one whose name is a pattern, one without a trade …"""
    state, wish, own = {"zh": ("待付款", "求购", "忠诚客户"), "en": ("Awaiting payment", "Wish", "Loyal")}[
        lang
    ]
    many: list[dict[str, Any]] = [
        {"date": ago(100 - at), "nickname": "常客小安", "item": f"货{at}", "amount": 10 + at}
        for at in range(24)
    ]
    return {
        "trades": [
            *many,
            {
                "date": ago(3),
                "nickname": "小*李",
                "item": "=灯",
                "amount": 88.5,
                "state": state,
                "note": "约周末",
            },
            {"date": ago(40), "nickname": "小红梅李", "item": "  两个空格 ", "amount": 30},
            {"date": ago(2), "item": "没写名字", "amount": 5},
            {"date": ago(1), "nickname": "Ann~?", "item": 1234, "amount": 1},
        ],
        "customers": [
            {"nickname": "常客小安", "phone": "13800138000", "aliases": "小安、安安", "manual_class": own},
            {"nickname": "小*李", "do_not_contact": "是" if lang == "zh" else "Yes", "birthday": ago(9000)},
        ],
        "contacts": [
            {"date": ago(20), "nickname": "只问没买", "type": wish, "content": "找台灯", "due": ago(1)},
            {"date": ago(10), "nickname": "安安", "type": wish, "content": "第二条"},
        ],
    }


@cache
def book(lang: Lang, filled: bool = True) -> bytes:
    """A workbook, filled or blank."""
    return template_workbook(Plan(BLUEPRINT, lang, AS_OF, CAPACITY, rows(lang) if filled else {}))


def read(data: bytes, **how: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def name(key: str, lang: Lang = "zh") -> str:
    return BLUEPRINT.sheet(key).labels[lang]


def plain(value: Any) -> Any:
    """Blank and "" alike; a date as its day number, as the file states it."""
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)).days
    return "" if value is None else value


def differences(sheet_name: str, books: Sequence[openpyxl.Workbook]) -> list[tuple[str, Any, Any]]:
    """(cell, our value, LibreOffice's) of every formula of a sheet where they are not the same.

    ``books``: with its formulas, with our values, with LibreOffice's.
    """
    formulas, ours, theirs = (book[sheet_name] for book in books)
    wrong = []
    for row in formulas.iter_rows():
        for one in row:
            if one.data_type == "f":
                mine, found = (plain(sheet[one.coordinate].value) for sheet in (ours, theirs))
                if mine != found and not (
                    isinstance(mine, float | int)
                    and isinstance(found, float | int)
                    and abs(mine - found) < 1e-6
                ):
                    wrong.append((one.coordinate, mine, found))
    return wrong


def calculated(edits: Mapping[str, Mapping[str, Any]], folder: Path) -> dict[str, Any]:
    """{name: the profile after its cells were typed into}."""
    paths = []
    for key, cells in edits.items():
        workbook = read(book("zh"))
        for place, value in cells.items():
            workbook[name("profile")][place] = value
        paths.append(folder / f"{key}.xlsx")
        workbook.save(paths[-1])
    (folder / "out").mkdir()
    done = computed(paths, folder / "out")
    return {path.stem: openpyxl.load_workbook(path, data_only=True)[name("profile")] for path in done}


def shown_rows(sheet: Any, first: int, col: str) -> list[Any]:
    return [sheet[f"{col}{row}"].value for row in range(first, first + 20) if sheet[f"{LINE}{row}"].value]


def first_row(sheet: Any, key: str) -> int:
    """The first row of a list, below its section and headings."""
    words = {"trades": "最近 20 笔交易", "contacts": "最近 20 次沟通"}[key]
    return next(int(one.row) for one in sheet["A"] if str(one.value).startswith(words)) + 2


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_what_we_cached_is_what_a_spreadsheet_computes(lang: Lang, tmp_path: Path) -> None:
    paths = []
    for filled in (True, False):
        paths.append(tmp_path / f"book-{filled}.xlsx")
        paths[-1].write_bytes(book(lang, filled))
    (tmp_path / "out").mkdir()
    done = computed(paths, tmp_path / "out")
    for filled, path in zip((True, False), done, strict=True):
        data = book(lang, filled)
        books = read(data), read(data, data_only=True), openpyxl.load_workbook(path, data_only=True)
        for key in ("today", "profile"):
            assert differences(name(key, lang), books) == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_blank_workbook_shows_no_error_and_chooses_nobody(lang: Lang) -> None:
    workbook = read(book(lang, False), data_only=True)
    for key in ("today", "profile"):
        values = [one.value for row in workbook[name(key, lang)].iter_rows() for one in row]
        assert not [one for one in values if isinstance(one, str) and one.startswith("#")]
    assert workbook[name("profile", lang)]["B3"].value is None


def test_the_customer_with_the_highest_revenue_is_shown_first() -> None:
    sheet = read(book("zh"), data_only=True)[name("profile")]
    assert sheet["B3"].value == "常客小安"
    assert sheet["B5"].value.startswith("忠诚客户(您定的;自动算是「")
    trades, contacts = (first_row(sheet, key) for key in ("trades", "contacts"))
    assert shown_rows(sheet, trades, "B") == [f"货{at}" for at in range(23, 3, -1)]
    assert shown_rows(sheet, contacts, "B") == ["第二条"]  # written under her other name


CHOSEN = {
    "pattern": "小*李",
    "part": "红梅",
    "alias": "安安",
    "asked": "只问没买",
    "odd": "ann~?",
    "nobody": "没有这个人",
    "blank": None,
    "star": "*",
}


@pytest.mark.parametrize(
    "chosen", [("pattern", "asked"), pytest.param(tuple(CHOSEN), marks=pytest.mark.proof)]
)
def test_another_customer_is_chosen(chosen: tuple[str, ...], tmp_path: Path) -> None:
    sheets = calculated({key: {"B3": CHOSEN[key]} for key in chosen}, tmp_path)
    shown = {key: sheet["C3"].value for key, sheet in sheets.items()}
    said = {
        "pattern": "下面是:小*李 ⚠ 勿扰",
        "part": "下面是:小红梅李",
        "alias": "下面是:常客小安",
        "asked": "下面是:只问没买",
        "odd": "下面是:Ann~?",
        "nobody": "⚠ 没有这位客户:到右边搜名字的几个字",
        "blank": "← 先在左边选一位客户",
        "star": "下面是:小*李 ⚠ 勿扰",
    }
    assert shown == {key: said[key] for key in chosen}
    trades = {key: shown_rows(sheet, first_row(sheet, "trades"), "B") for key, sheet in sheets.items()}
    few = {
        "pattern": ["=灯"],
        "part": ["  两个空格 "],
        "asked": [],
        "odd": ["1234"],
        "nobody": [],
        "blank": [],
        "star": ["=灯"],
    }
    assert {key: found for key, found in trades.items() if len(found) < 20} == {
        key: few[key] for key in chosen if key in few
    }
    assert shown_rows(sheets["asked"], first_row(sheets["asked"], "contacts"), "B") == ["找台灯"]
    assert shown_rows(sheets["pattern"], first_row(sheets["pattern"], "trades"), "C") == [88.5]
    for key in {"nobody", "blank"} & sheets.keys():
        first = first_row(sheets[key], "trades")
        values = [one.value for row in sheets[key].iter_rows(min_row=first) for one in row[:7]]
        assert not [one for one in values if isinstance(one, int | float)]
    errors = [
        one.value
        for sheet in sheets.values()
        for row in sheet.iter_rows()
        for one in row
        if one.data_type == "e"
    ]
    assert errors == []


@pytest.mark.proof
def test_names_are_found_by_a_part(tmp_path: Path) -> None:
    edits = {
        "part": {"G3": "李"},
        "star": {"G3": "*"},
        "case": {"G3": " aNN "},
        "tilde": {"G3": "~?"},
        "none": {"G3": "王"},
        "spaces": {"G3": "   "},
    }
    sheets = calculated(edits, tmp_path)
    found = {key: [sheet[f"G{row}"].value or "" for row in range(5, 15)] for key, sheet in sheets.items()}
    hits = {key: [one for one in names if one] for key, names in found.items()}
    assert hits["part"] == ["小*李", "小红梅李"]
    assert (hits["star"], hits["case"], hits["tilde"]) == (["小*李"], ["Ann~?"], ["Ann~?"])
    assert (hits["none"], hits["spaces"]) == ([], [])
    assert [sheets[key]["G4"].value or "" for key in ("part", "none", "spaces")] == [
        "搜到 2 位",
        "没有这样的名字",
        "",
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_only_the_cells_to_fill_are_open(lang: Lang) -> None:
    workbook = read(book(lang))
    open_cells = {
        key: [
            one.coordinate
            for row in workbook[name(key, lang)].iter_rows()
            for one in row
            if not one.protection.locked
        ]
        for key in ("today", "profile")
    }
    assert open_cells["profile"] == ["B3", "G3"]
    names = ("analysis_date", "today_results")
    date, results = (workbook.defined_names[one].value.rpartition("!")[2].replace("$", "") for one in names)
    picked = [one.coordinate for row in workbook[name("today", lang)][results] for one in row]
    assert len(picked) == 16
    assert open_cells["today"] == [date, *picked]
    for key in ("today", "profile"):
        assert workbook[name(key, lang)].protection.sheet
        assert not workbook[name(key, lang)].merged_cells.ranges
