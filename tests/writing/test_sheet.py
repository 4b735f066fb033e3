"""The strict worksheet and the one look: what is written comes back by its type, and misuse never passes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any, get_args

import openpyxl
import pytest

from sheetkit.model.fields import Kind as FieldKind
from sheetkit.rules.rulebook import Unit
from sheetkit.writing.look import (
    _ROLES,
    CHART_COLORS,
    NUMBER_FORMATS,
    ROW_HEIGHT,
    Kind,
    Look,
    Role,
    display_width,
    fitting_width,
    wrap_height,
    wrapped_lines,
)
from sheetkit.writing.sheet import Area, Help, Sheet, cell, define_name, letter, new_book, row_and_col


def written(fill: Callable[[Sheet, Look], object]) -> Any:
    """The sheet ``fill`` wrote, as openpyxl reads it."""
    target = io.BytesIO()
    book = new_book(target)
    fill(Sheet(book, "表 1"), Look(book))
    book.close()
    return openpyxl.load_workbook(target)["表 1"]


VALUES = [
    ("=1+1", "s", "=1+1"),
    ("007", "s", "007"),
    ("https://example.org", "s", "https://example.org"),
    ("{=A1}", "s", "{=A1}"),
    (12, "n", 12),
    (-2.5, "n", -2.5),
    (True, "b", True),
    (None, "n", None),
    ("", "n", None),
    (dt.date(2026, 3, 5), "d", dt.datetime(2026, 3, 5)),
    (dt.datetime(2026, 3, 5, 14, 30), "d", dt.datetime(2026, 3, 5, 14, 30)),
]


@pytest.mark.parametrize(("value", "kind", "read"), VALUES)
def test_a_value_keeps_its_type(value: Any, kind: str, read: Any) -> None:
    shown: Kind = "date" if isinstance(value, dt.date) else "number"
    sheet = written(lambda sheet, look: sheet.write(2, 1, value, look("entry", shown)))
    assert (sheet["B3"].data_type, sheet["B3"].value) == (kind, read)
    assert sheet["B3"].hyperlink is None


def test_a_formula_carries_its_value() -> None:
    target = io.BytesIO()
    book = new_book(target)
    sheet = Sheet(book, "a")
    for row, value in enumerate([2, "文字", True, ""]):
        sheet.formula(row, 0, "=1+1", value)
    book.close()
    assert [one.value for one in openpyxl.load_workbook(target)["a"]["A"]] == ["=1+1"] * 4
    values = openpyxl.load_workbook(target, data_only=True)["a"]["A"]
    assert [one.value for one in values] == [2, "文字", True, None]


def test_a_shared_formula_is_each_cell_s_own() -> None:
    target = io.BytesIO()
    book = new_book(target)
    Sheet(book, "a").shared(Area(1, 2, 3, 2), '=IF(B2="","还在!",B$1+1)', ["还在!", 3, True])
    book.close()
    column = openpyxl.load_workbook(target)["a"]["C"][1:]
    assert [one.value for one in column] == [f'=IF(B{row}="","还在!",B$1+1)' for row in (2, 3, 4)]
    values = openpyxl.load_workbook(target, data_only=True)["a"]["C"][1:]
    assert [one.value for one in values] == ["还在!", 3, True]


MISUSE: dict[str, Callable[[Sheet], object]] = {
    "outside the sheet": lambda sheet: sheet.write(1_048_576, 0, 1),
    "nothing outside the sheet": lambda sheet: sheet.write(0, 16_384, None),
    "too long a text": lambda sheet: sheet.write(0, 0, "x" * 32_768),
    "no number": lambda sheet: sheet.write(0, 0, float("nan")),
    "no value at all": lambda sheet: sheet.write(0, 0, object()),  # type: ignore[arg-type]
    "a date without a format": lambda sheet: sheet.write(0, 0, dt.date(2026, 1, 1)),
    "a formula without =": lambda sheet: sheet.formula(0, 0, "1+1", 2),
    "a formula without value": lambda sheet: sheet.formula(0, 0, "=1", None),  # type: ignore[arg-type]
    "too long a formula": lambda sheet: sheet.formula(0, 0, "=" + "1+" * 5000 + "1", 2),
    "a formula outside": lambda sheet: sheet.formula(-1, 0, "=1", 1),
    "a shared formula of another sheet": lambda sheet: sheet.shared(Area(0, 0, 1, 0), "=b!A1", [1, 2]),
    "a shared range of functions": lambda sheet: sheet.shared(
        Area(0, 0, 1, 0), "=SUM(INDEX(B:B,1):INDEX(B:B,2))", [1, 2]
    ),
    "a shared array": lambda sheet: sheet.shared(Area(0, 0, 1, 0), "=MATCH(B1,{1,2},0)", [1, 2]),
    "a shared formula over two columns": lambda sheet: sheet.shared(Area(0, 0, 0, 1), "=C1", [1]),
    "a shared formula short of values": lambda sheet: sheet.shared(Area(0, 0, 2, 0), "=C1", [1, 2]),
    "a shared formula outside": lambda sheet: sheet.shared(Area(1_048_575, 0, 1_048_576, 0), "=C1", [1, 2]),
    "a link outside": lambda sheet: sheet.link(0, 20_000, "internal:'a'!A1", "a"),
    "too long an inline list": lambda sheet: sheet.choices(Area(0, 0, 1, 0), ["长" * 128, "长" * 128]),
    "an inline list with a comma": lambda sheet: sheet.choices(Area(0, 0, 1, 0), ["a, b"]),
    "a source that is no formula": lambda sheet: sheet.choices(Area(0, 0, 1, 0), "A1:A3"),
    "too long a title": lambda sheet: sheet.hint(Area(0, 0, 1, 0), Help("x" * 33, "y")),
    "too long a message": lambda sheet: sheet.hint(Area(0, 0, 1, 0), Help("x", "y" * 256)),
    "an empty message": lambda sheet: sheet.hint(Area(0, 0, 1, 0), Help("x", "")),
    "too long a warning": lambda sheet: sheet.limits(Area(0, 0, 1, 0), 1, 2, Help("x", "y" * 256)),
    "help outside": lambda sheet: sheet.hint(Area(0, 0, 1_048_576, 0), Help("x", "y")),
    "a condition that is no formula": lambda sheet: sheet.highlight(Area(0, 0, 1, 0), "A1>1", None),
    "a mark outside": lambda sheet: sheet.highlight_duplicates(Area(0, 0, 1_048_576, 0), None),
    "a column of no width": lambda sheet: sheet.column(0, 0),
    "a column outside": lambda sheet: sheet.column(16_384, 10),
    "a row too high": lambda sheet: sheet.row(0, 410),
    "a filter outside": lambda sheet: sheet.filter(Area(0, 0, 1_048_576, 0)),
    "a name like a cell": lambda sheet: define_name(sheet.book, "r1", "=A1"),
    "a name with a space": lambda sheet: define_name(sheet.book, "a b", "=A1"),
    "a name for no formula": lambda sheet: define_name(sheet.book, "ab", "A1"),
    "a sheet's name twice": lambda sheet: Sheet(sheet.book, "表 1"),
    "a sheet's name too long": lambda sheet: Sheet(sheet.book, "表" * 32),
    "a sheet's name with a slash": lambda sheet: Sheet(sheet.book, "a/b"),
}


@pytest.mark.parametrize("misuse", MISUSE.values(), ids=MISUSE)
def test_misuse_never_passes(misuse: Callable[[Sheet], object]) -> None:
    sheet = Sheet(new_book(io.BytesIO()), "表 1")
    with pytest.raises(ValueError, match=r".+"):
        misuse(sheet)


def test_the_longest_that_is_allowed_passes() -> None:
    def fill(sheet: Sheet, look: Look) -> None:
        sheet.hint(Area(0, 0, 1, 0), Help("题" * 32, "文" * 255))
        sheet.choices(Area(0, 1, 1, 1), ["a" * 127, "b" * 127])
        sheet.write(0, 0, "x" * 32_767)

    sheet = written(fill)
    assert [one.showErrorMessage for one in sheet.data_validations.dataValidation] == [False, False]


def test_addresses() -> None:
    sheet = Sheet(new_book(io.BytesIO()), "小李's")
    assert sheet.at(2, 3) == "'小李''s'!$D$3"
    assert sheet.area(Area(1, 0, 30, 0)) == "'小李''s'!$A$2:$A$31"
    assert (Area(0, 0, 3, 1).a1, letter(26)) == ("A1:B4", "AA")
    assert (cell(2, 27), cell(2, 27, fixed=True)) == ("AB3", "$AB$3")
    assert row_and_col("AB3") == (2, 27)


def test_the_page_is_a4_and_repeats_its_heading() -> None:
    def fill(sheet: Sheet, look: Look) -> None:
        sheet.write(0, 0, "a")
        sheet.freeze(1, 2)
        sheet.page(across=2)

    sheet = written(fill)
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$1", "C2")


# The look


def test_every_role_and_kind_has_a_format_in_one_font() -> None:
    def fill(sheet: Sheet, look: Look) -> None:
        for row, role in enumerate(get_args(Role)):
            for col, kind in enumerate(NUMBER_FORMATS):
                sheet.write(row, col, "x", look(role, kind))  # type: ignore[arg-type]  # kinds by name

    sheet = written(fill)
    fonts = {(one.font.name, one.font.size) for row in sheet.iter_rows() for one in row}
    assert {name for name, _ in fonts} == {"微软雅黑"}
    assert len({size for _, size in fonts}) == 3


def test_every_kind_and_unit_has_a_number_format() -> None:
    assert set(NUMBER_FORMATS) == {*get_args(FieldKind), *get_args(Unit)}
    assert set(_ROLES) == set(get_args(Role))


def test_a_format_is_made_once() -> None:
    look = Look(new_book(io.BytesIO()))
    assert look("entry", "money") is look("entry", "money")
    assert look("entry", "money") is not look("entry", "money", bold=True)
    assert look.rule(bold=True) is look.rule(bold=True)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("role", get_args(Role))
def test_text_stands_out_from_its_ground(role: Role) -> None:
    properties = {"font_color": "#1F2933", "bg_color": "#FFFFFF"} | _ROLES[role]
    assert contrast(properties["font_color"], properties["bg_color"]) >= 4.5


@pytest.mark.parametrize("color", CHART_COLORS)
def test_a_chart_colour_stands_out_from_white(color: str) -> None:
    assert contrast(color, "#FFFFFF") >= 3


def test_cells_to_fill_to_compute_and_reported_differ_by_more_than_fill() -> None:
    def lines(role: Role) -> tuple[object, ...]:
        return tuple(_ROLES[role].get(side) for side in ("border", "top", "bottom", "left"))

    assert len({lines("entry"), lines("computed"), lines("reported")}) == 3


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("昵称", 4), ("昵称ID", 6), ("￥", 2), ("e\u0301", 1), ("⚠", 2), ("a\u200bb", 2)],
)
def test_chinese_counts_double(text: str, width: float) -> None:
    assert display_width(text) == width


def test_a_column_fits_its_longest_line_within_bounds() -> None:
    assert fitting_width(["a", "昵称昵称\nb"], least=4) == pytest.approx(8 * 1.05 + 2)
    assert fitting_width([], least=4) == 4
    assert fitting_width(["长" * 100], most=42) == 42


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("昵称", 10, 1),
        ("一二三四五六七八九十", 11.5, 2),
        ("one two three", 9.5, 2),
        ("a\nb\n", 10, 3),
        ("x" * 40, 11.5, 4),
    ],
)
def test_lines_of_a_wrapped_text(text: str, width: float, lines: int) -> None:
    assert wrapped_lines(text, width) == lines


def test_a_row_is_as_high_as_its_text() -> None:
    assert wrap_height("昵称", 20) == ROW_HEIGHT
    assert wrap_height("一二三四五六七八九十" * 3, 20) >= 4 * 10 * 1.3
