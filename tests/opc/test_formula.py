"""Renaming what a formula mentions touches names only, never texts, columns or other books."""

from __future__ import annotations

import pytest

from sheetkit.opc.colours import theme_palette, tinted
from sheetkit.opc.formula import Renames, mentioned_sheets, quote_sheet
from sheetkit.opc.stylemap import is_date_code

RENAMES = Renames({"a": "A (2)", "数据": "新数据", "it's": "its"}, {"t": "T_2"}, {"total": "total_2"})

RENAMED = [
    ("A!B1", "'A (2)'!B1"),
    ("a!B1+SUM(A!C:C)", "'A (2)'!B1+SUM('A (2)'!C:C)"),
    ("'A'!$B$1", "'A (2)'!$B$1"),
    ("数据!A1", "新数据!A1"),
    ("'It''s'!A1", "its!A1"),
    ("SUM(A:数据!B1)", "SUM('A (2):新数据'!B1)"),
    ("'A:B'!C1", "'A (2):B'!C1"),
    ("SUM(T[x])+total", "SUM(T_2[x])+total_2"),
    ("t[[#This Row],[A!]]", "T_2[[#This Row],[A!]]"),
    ("ROWS(T)", "ROWS(T_2)"),
    ("$A$1:A!$B$2", "$A$1:'A (2)'!$B$2"),
]
KEPT = [
    '"A!B1 total T[x]"&C1',
    '"say ""A!B1"""',
    "B!A1",
    "AA!B1",
    "xA!B1",
    "[1]A!B1",
    "'[Book.xlsx]A'!B1",
    "T2[total]",
    "T3[A!B1]",
    "total(1)",
    "subtotal+total.x+_total",
    "A1+T1",
    "1E5",
    "A:A",
    "'A''s'!B1",
]


@pytest.mark.parametrize(("before", "after"), RENAMED)
def test_renamed(before: str, after: str) -> None:
    assert RENAMES.apply(before) == after


@pytest.mark.parametrize("formula", KEPT)
def test_kept(formula: str) -> None:
    assert RENAMES.apply(formula) == formula


@pytest.mark.parametrize(
    ("formula", "sheets"),
    [
        ("A!B1+'c d'!E1", {"a", "c d"}),
        ('"A!B1"', set()),
        ("[1]A!B1", set()),
        ("'[x]A'!B1", set()),
        ("A:B!C1", {"a", "b"}),
        ("T[A!]", set()),
    ],
)
def test_mentioned(formula: str, sheets: set[str]) -> None:
    assert mentioned_sheets(formula) == sheets


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("数据", "数据"),
        ("a b", "'a b'"),
        ("A1", "'A1'"),
        ("R1C1", "'R1C1'"),
        ("2024", "'2024'"),
        ("a'b", "'a''b'"),
    ],
)
def test_quoted(name: str, quoted: str) -> None:
    assert quote_sheet(name) == quoted


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True), ('yyyy"年"m"月"d"日"', True), ("[$-804]mmm", True), ("m/d h:mm", True),
        ("dddd", True),
        ("h:mm:ss", False), ("[h]:mm", False), ("mm:ss.0", False), ("0.00", False), ("General", False),
        ('0"day"', False), ("0.00E+00", False), ("#,##0;[Red]-#,##0", False), ("\\d0", False), ("@", False),
    ],
)  # fmt: skip
def test_what_shows_a_day(code: str, is_date: bool) -> None:
    assert is_date_code(code) is is_date


def test_theme_colours() -> None:
    assert theme_palette(None)[:2] == ("FFFFFF", "000000")
    # as Excel shows "Blue, Accent 1, Lighter 80 %" and "White, Darker 15 %"
    assert tinted("4F81BD", 0.8) in {"DCE6F1", "DCE6F2"}
    assert tinted("FFFFFF", -0.15) == "D9D9D9"
