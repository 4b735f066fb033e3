"""What people type as a date, and what is read."""

from __future__ import annotations

import pytest

from sheetkit.intake.cells import Cell
from sheetkit.intake.dates import DateBounds, read_date, read_time, typed_date
from tests.intake.tables import TODAY, day, read, trade

BOUNDS = DateBounds(near=TODAY)
MARCH = "2024-03-05"

CLEAN: list[str] = ["2024-03-05", "2024-03-05 14:30", "45356", "45356.99"]
REPAIRED = [
    "2024.3.5",
    "2024.03.05",
    "'2024/3/5",
    "'2024-3-5",
    "'2024-03-05",
    "2024年3月5日",
    "2024年3月5号",
    "2024 年 3 月 5 日",
    "20240305",
    "'20240305",
    "'20240305140200",
    "'45356",
    "2024-3-5 14:02",
    "'2024/3/5 14:02:33",
    "'2024-03-05T14:02:33",
    "'2024-03-05T14:02:33.123Z",
    "'2024-03-05T23:30:00+08:00",
    "'2024-03-05 10:00:00 -0500",
    "２０２４．３．５",
    "'2024-03-05 星期二",
    "'2024年3月5日 下午2点30分",
    "5 Mar 2024",
    "March 5, 2024",
    "5-Mar-2024",
    "'3/25/2024",
    "'25/3/2024",
    "'4/4/2024",
    "`2024-03-05",
    '="2024-03-05"',
]
OTHER_DAY = {"'3/25/2024": "2024-03-25", "'25/3/2024": "2024-03-25", "'4/4/2024": "2024-04-04"}


@pytest.mark.parametrize("typed", CLEAN)
def test_a_real_date_is_read_in_silence(typed: str) -> None:
    assert trade("date", 日期=typed) == (day(MARCH), [], True)


@pytest.mark.parametrize("typed", [one for one in REPAIRED if not one.startswith("=")])
def test_a_date_written_otherwise_is_read_and_told(typed: str) -> None:
    meant = OTHER_DAY.get(typed, MARCH)
    assert trade("date", 日期=typed) == (day(meant), [("date_repaired", "warning", meant)], True)


def test_an_export_wraps_a_date_in_a_formula_of_text() -> None:
    assert read_date('="2024-03-05"', BOUNDS)[0] == day(MARCH)


@pytest.mark.parametrize("typed", [*REPAIRED, "3月5日", "昨天", "TRUE"])
def test_the_live_formulas_read_none_of_these(typed: str) -> None:
    value, _, used = trade("date", repair=False, 日期=typed)
    assert (value, used) == (None, False)


NOT_READ = [
    ("3月5日", "date_no_year", MARCH),
    ("'3-5", "date_no_year", MARCH),
    ("'12/28", "date_no_year", "2023-12-28"),
    ("3月5号", "date_no_year", MARCH),
    ("'3/4/2024", "date_ambiguous", "2024-03-04 / 2024-04-03"),
    ("'24-3-5", "date_short_year", MARCH),
    ("24.3.5", "date_short_year", MARCH),
    ("昨天", "date_unreadable", "2024-06-30"),
    ("2024年", "date_unreadable", "2024-06-30"),
    ("2024.13.5", "date_unreadable", "2024-06-30"),
    ("2024.2.30", "date_unreadable", "2024-06-30"),
    ("5 Foo 2024", "date_unreadable", "2024-06-30"),
    ("TRUE", "date_unreadable", "2024-06-30"),
    ("3.5", "date_too_early", MARCH),
    ("12.28", "date_too_early", "2023-12-28"),
    ("0", "date_too_early", "2024-06-30"),
    ("-3", "date_too_early", "2024-06-30"),
    ("1999-01-01", "date_too_early", "2024-06-30"),
    ("1999.1.1", "date_too_early", "2024-06-30"),
    ("99999999", "date_unreadable", "2024-06-30"),
]


@pytest.mark.parametrize(("typed", "code", "suggestion"), NOT_READ)
def test_a_date_that_would_be_a_guess_is_not_read(typed: str, code: str, suggestion: str) -> None:
    assert trade("date", 日期=typed) == (None, [(code, "error", suggestion)], False)


@pytest.mark.parametrize("as_of", [TODAY, None])
def test_no_day_is_too_late_to_be_read(as_of: int | None) -> None:
    """Which rows lie after the analysis date is decided in one place, and not here."""
    book = read("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2031-01-01 | 小李 | 1 |", as_of=as_of)
    assert book.tables["trades"].used == [True]
    assert book.tables["trades"].columns["date"] == [day("2031-01-01")]


@pytest.mark.parametrize("blank", ["", "-", "--", "——", "/", "无", "null", "N/A"])
def test_a_row_without_a_date_is_set_aside(blank: str) -> None:
    assert trade("date", 日期=f"'{blank}" if blank else "") == (None, [("date_missing", "error", "")], False)


TYPED: list[tuple[Cell, int | None]] = [
    (40179.0, 40179),
    (40178.99, None),
    (45356.999, 45356),
    (True, None),
    ("45356", None),
    ("", None),
]


@pytest.mark.parametrize(("cell", "expected"), TYPED)
def test_as_typed(cell: Cell, expected: int | None) -> None:
    assert typed_date(cell, BOUNDS)[0] == expected


def test_optional_dates_do_not_set_the_row_aside() -> None:
    book = read("## 基本信息\n| 昵称 | 生日 |\n| 小李 | 1988.3.5 |\n| 小红 | 3.5 |\n| 小张 | 明天 |")
    table = book.tables["customers"]
    assert table.columns["birthday"] == [day("1988-03-05"), None, None]
    assert table.used == [True, True, True]
    assert [one.severity for one in book.findings] == ["warning", "warning", "warning"]


TIMES = [
    ("20:30", 1230),
    ("下午8:30", 1230),
    ("8:30 PM", 1230),
    ("20点30分", 1230),
    ("2024-03-05 20:30", 1230),
    ("9点", 540),
]


@pytest.mark.parametrize(("typed", "minutes"), TIMES)
def test_a_time(typed: str, minutes: int) -> None:
    assert read_time(typed)[0] == minutes


@pytest.mark.parametrize("typed", ["晚上", "25:00", "20:75"])
def test_no_time(typed: str) -> None:
    value, problem = read_time(typed)
    assert value is None
    assert problem is not None
    assert problem.code == "time_unreadable"
