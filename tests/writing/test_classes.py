"""The sheets 客户分类 and 看板 against a real spreadsheet program; and the order of 客户分类.

What 看板 shows is held in ``test_dashboard``; its values are compared here, where the books are recalculated.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.classes import HEADER, LINES, NAME, NUMBER, ORDER, TITLE, TOP
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from tests.tools import computed

BLUEPRINT = blueprint("xianyu")
AS_OF = dt.date(2026, 11, 22)
ROOM = Capacity(customers=100, trades=230, contacts=80)
SMALL = Capacity(customers=6, trades=30, contacts=5)
LINE_ROWS = range(TITLE + 1, HEADER)


def trade(name: str, ago: int, amount: float, **more: Any) -> dict[str, Any]:
    return {"date": AS_OF - dt.timedelta(days=ago), "nickname": name, "amount": amount, **more}


# 甲 and 乙 tie in everything but the number; 丙 pays most, 丁 came last, 戊 comes most often and is overruled
SHOP: Rows = {
    "customers": [{"nickname": "戊", "manual_class": "问题客户", "manual_reason": '说好不要了,又来"砍价"'}],
    "trades": [
        trade("甲", 300, 50), trade("乙", 300, 50), trade("丙", 200, 999.5), trade("丙", 190, 100),
        trade("丁", 1, 10), *(trade("戊", 40 * at + 60, 20) for at in range(5)), trade("", 3, 77),
    ],
}  # fmt: skip
CROWD: Rows = {
    "trades": [trade(f"客{at}", at, 10 + at % 7, rating="好评" if at % 9 else None) for at in range(110)],
    "customers": [{"nickname": "=1+1"}, {"nickname": "007"}],
}
ORDERS = {1: "戊甲乙丙丁", 2: "丙戊甲乙丁", 3: "丁戊丙甲乙", 4: "戊丙甲乙丁"}


@cache
def book(name: str, lang: Lang = "zh") -> bytes:
    told = {"shop": SHOP, "crowd": CROWD, "over": CROWD, "blank": {}}
    rows = told[name] if name in told else sample(BLUEPRINT.key, lang, AS_OF).rows
    room = {"shop": SMALL, "crowd": Capacity(120, 120, 5), "over": Capacity(105, 120, 5)}
    capacity = room.get(name, ROOM)
    return template_workbook(Plan(BLUEPRINT, lang, AS_OF, capacity, rows))


def read(data: bytes | Path, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data) if isinstance(data, bytes) else data, **how)


@cache
def seen(which: str, lang: Lang = "zh") -> Any:
    """A book's cached values, to be looked at only."""
    return read(book(which, lang), data_only=True)


@cache
def written(which: str, lang: Lang = "zh") -> Any:
    """A book as it is written, to be looked at only."""
    return read(book(which, lang))


def name(key: str, lang: Lang = "zh") -> str:
    return BLUEPRINT.sheet(key).labels[lang]


def names(workbook: Any, lang: Lang = "zh") -> list[str]:
    found = workbook[name("classes", lang)].iter_rows(TOP + 1, None, NAME + 1, NAME + 1, values_only=True)
    return [one for (one,) in found if one]


def lines(workbook: Any, lang: Lang = "zh") -> list[str]:
    sheet = workbook[name("classes", lang)]
    return [sheet.cell(row + 1, LINES + 1).value or "" for row in LINE_ROWS]


def formulas(workbook: Any, sheet: str) -> Iterator[Any]:
    for row in workbook[sheet].iter_rows():
        yield from (one for one in row if isinstance(one.value, str) and one.data_type == "f")


def differences(book: Any, shown: Any, done: Any, sheet: str) -> list[str]:
    """Formulas of a book whose cached value (``shown``) is not what the spreadsheet program computed."""
    wrong, count = [], 0
    for one in formulas(book, sheet):
        before, after = (which[sheet][one.coordinate].value for which in (shown, done))
        count += 1
        if isinstance(before, int | float) and isinstance(after, int | float):
            same = abs(before - after) <= 1e-9 * max(1, abs(before))
        else:
            same = (before or "") == (after or "") and 0 not in (before, after)
        if not same:
            wrong.append(f"{one.coordinate}: {before!r}, computed {after!r}: {one.value[:120]}")
    assert count > 100
    return wrong


@pytest.mark.parametrize(
    "books",
    [
        [("shop", "zh")],
        pytest.param([*product(("sample", "blank"), LANGS)], marks=pytest.mark.proof),
    ],
    ids=["small", "samples"],
)
def test_what_we_cached_is_what_a_spreadsheet_computes(
    books: list[tuple[str, Lang]], tmp_path: Path
) -> None:
    paths = []
    for at, (one, lang) in enumerate(books):
        paths.append(tmp_path / f"{at}.xlsx")
        paths[-1].write_bytes(book(one, lang))
    (tmp_path / "out").mkdir()
    for (one, lang), path in zip(books, computed(paths, tmp_path / "out"), strict=True):
        ours = read(book(one, lang)), read(book(one, lang), data_only=True), read(path, data_only=True)
        for key in ("classes", "dashboard"):
            assert differences(*ours, name(key, lang)) == [], (one, lang, key)


@pytest.mark.proof
def test_a_crowd_and_those_who_stand_outside(tmp_path: Path) -> None:
    paths = [tmp_path / f"{one}.xlsx" for one in ("crowd", "over")]
    for path in paths:
        path.write_bytes(book(path.stem))
    (tmp_path / "out").mkdir()
    crowd, over = (read(path, data_only=True) for path in computed(paths, tmp_path / "out"))
    ours = read(book("crowd")), read(book("crowd"), data_only=True)
    for key in ("classes", "dashboard"):
        assert differences(*ours, crowd, name(key)) == [], key
    # the analysis counts also those who stand outside; what says so must be true
    assert lines(over)[3] == lines(read(book("over"), data_only=True))[3]


@pytest.mark.proof
def test_each_order_sorts_as_it_says(tmp_path: Path) -> None:
    texts = text("classes.orders", "zh").split("|")
    chosen = {**dict(enumerate(texts, 1)), 0: None, 9: "随便写的"}
    paths = []
    for mode, said in chosen.items():
        workbook = read(book("shop"))
        workbook[name("classes")].cell(TITLE + 1, ORDER + 1).value = said
        paths.append(tmp_path / f"{mode}.xlsx")
        workbook.save(paths[-1])
    (tmp_path / "out").mkdir()
    done = dict(zip(chosen, computed(paths, tmp_path / "out"), strict=True))
    shown = {mode: "".join(names(read(path, data_only=True))) for mode, path in done.items()}
    assert {mode: shown[mode] for mode in ORDERS} == ORDERS
    assert shown[0] == shown[9] == ORDERS[1]
    by_class = read(done[5], data_only=True)[name("classes")].iter_rows(TOP + 1, TOP + 5, NAME + 2, NAME + 2)
    classes = [one.labels["zh"] for one in rulebook().dimensions["customer_class"].classes]
    places = [classes.index(row[0].value) for row in by_class]
    assert places == sorted(places)
    assert places[0] == 0, "the customer overruled as a problem comes first"


@pytest.mark.parametrize("lang", LANGS)
def test_a_blank_workbook_shows_no_error_and_says_what_to_do(lang: Lang) -> None:
    workbook = seen("blank", lang)
    for key in ("classes", "dashboard"):
        values = [one.value for row in workbook[name(key, lang)].iter_rows() for one in row]
        assert not [one for one in values if isinstance(one, str) and one.startswith("#")]
    assert names(workbook, lang) == []
    assert lines(workbook, lang)[1] == text("classes.none", lang, trades=name("trades", lang))
    assert lines(workbook, lang)[2] == text("classes.rfm_none", lang)


def test_a_class_set_by_hand_stands_beside_the_automatic_one() -> None:
    sheet = seen("shop")[name("classes")]
    header, *rows = sheet.iter_rows(HEADER + 1, TOP + 5, NAME + 1, values_only=True)
    by_name = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_name["戊"]["客户分类"] == "问题客户"
    assert by_name["戊"]["自动分类"] not in ("", None, "问题客户")
    assert by_name["戊"]["人工分类的理由"] == '说好不要了,又来"砍价"'
    assert {by_name[one]["自动分类"] or "" for one in "甲乙丙丁"} == {""}
    assert by_name["丙"]["累计消费"] == 1099.5
    assert by_name["丁"]["最近成交"] == dt.datetime(2026, 11, 21)


def test_the_lines_above_say_what_is_in_force() -> None:
    about, counted, cuts, outside = lines(seen("shop"))
    assert "2026-11-22" in about
    assert "「参数设置」" in about
    assert counted == "5 位客户,其中 5 位有成交,1 位由您人工分类"
    assert cuts.startswith("RFM 分档线:R 用固定线 30/90/180/365 天 · F 用固定线")
    assert outside == ""


def test_enough_buyers_bring_their_own_fifths_and_those_outside_are_counted() -> None:
    _, counted, cuts, outside = lines(seen("crowd"))
    assert counted.startswith("112 位客户,其中 110 位有成交")
    assert "R 按本店五等分" in cuts
    assert "F 用固定线" in cuts
    assert outside == ""
    outside = lines(seen("over"))[3]
    assert outside.startswith("⚠ 公式只算前 105 位客户:还有 7 位客户、0 行交易、0 行沟通")


def test_only_the_order_can_be_typed_and_its_name_gives_the_mode() -> None:
    workbook = written("shop")
    sheet = workbook[name("classes")]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.autoFilter, "filters are allowed"
    unlocked = [one.coordinate for row in sheet.iter_rows() for one in row if not one.protection.locked]
    assert unlocked == [sheet.cell(TITLE + 1, ORDER + 1).coordinate]
    assert workbook.defined_names["classes_order"].value == f"'{name('classes')}'!$A$1"
    assert sheet.column_dimensions["A"].hidden
    assert seen("shop")[name("classes")].cell(1, NUMBER + 1).value == 1
    (offered,) = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert offered.formula1.strip('"').split(",") == text("classes.orders", "zh").split("|")


def test_every_class_has_its_colour_and_every_visible_metric_a_column() -> None:
    sheet = written("shop")[name("classes")]
    header = [one.value for one in sheet[HEADER + 1][NAME:]]
    shown = [rulebook().metrics[key] for key in BLUEPRINT.shown]
    dimensions = [rulebook().dimensions[key] for key in BLUEPRINT.dimensions]
    expected = ["客户", *(one.labels["zh"] for one in (*dimensions, *shown)), "自动分类", "人工分类的理由"]
    assert header == expected
    said = " ".join(
        formula for area in sheet.conditional_formatting for rule in area.rules for formula in rule.formula
    )
    for dimension in dimensions:
        for one in dimension.classes:
            assert f'="{one.labels["zh"]}"' in said
    assert sheet.freeze_panes == sheet.cell(TOP + 1, NAME + 2).coordinate
    assert sheet.auto_filter.ref
    assert sheet.print_title_rows == f"${HEADER + 1}:${HEADER + 1}"
