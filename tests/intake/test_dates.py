"""What people type as a date, and what is read."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetkit.intake.cells import Cell
from sheetkit.intake.dates import DateBounds, read_date, typed_date
from sheetkit.intake.times import read_time
from sheetkit.model.days import to_date, to_day
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
    "'2024,3,5",
    "'2024 3 5",
    "2024.3.5.",
    "2024年3月5日晚",
    "2024年3月5日晚上8点",
    "'2024.03.05 14.02",
    "'2024-03-05上午",
    "'Tue Mar 05 2024 00:00:00 GMT+0800 (中国标准时间)",
    "'5-Mar-24",
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
    ("'3/5/24", "date_short_year", "2024-03-05 / 2024-05-03"),
    ("'12/11/13", "date_short_year", "2012-11-13 / 2013-11-12 / 2013-12-11"),
    ("'35/13/40", "date_short_year", "2024-06-30"),
    ("三月五日", "date_no_year", MARCH),
    ("3月5日 14:02", "date_no_year", MARCH),
    ("前天", "date_relative", "2024-06-30"),
    ("上周三", "date_relative", "2024-06-30"),
    ("2024-O3-05", "date_guess", MARCH),
    ("'240305", "date_guess", MARCH),
    ("二〇二四年三月五日", "date_guess", MARCH),
    ("'2024-03-05 - 2024-03-07", "date_guess", MARCH),
    ("'2024/03/05～2024/03/06", "date_guess", MARCH),
    ("'1709568000", "date_guess", MARCH),
    ("'1709568000000", "date_guess", MARCH),
    ("'2024-03-0514:02", "date_guess", MARCH),
    ("2024年3月", "date_unreadable", "2024-03-01"),
    ("'20240230", "date_unreadable", "2024-06-30"),
    ("昨天", "date_relative", "2024-06-30"),
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


COLUMNS: list[tuple[list[str], list[str | None], list[str]]] = [
    # as typed, as read, what is said
    (["'25/3/2024", "'3/4/2024"], ["2024-03-25", "2024-04-03"], ["date_repaired", "date_by_column"]),
    (["'3/25/2024", "'3/4/2024"], ["2024-03-25", "2024-03-04"], ["date_repaired", "date_by_column"]),
    (
        ["'25/3/2024", "'3/25/2024", "'3/4/2024"],
        ["2024-03-25", "2024-03-25", None],
        ["date_repaired", "date_repaired", "date_ambiguous"],
    ),
    (["'3/4/2024", "'5/6/2024"], [None, None], ["date_ambiguous", "date_ambiguous"]),
    (["'24-3-5"], [MARCH], ["date_by_column"]),
    (["'24.3.5", "'24年3月6日"], [MARCH, "2024-03-06"], ["date_by_column", "date_by_column"]),
    (["'10/11/12", "'25/12/12"], ["2012-11-10", "2012-12-25"], ["date_by_column"] * 2),
    (["'10/11/12", "'25/3/2024"], [None, "2024-03-25"], ["date_short_year", "date_repaired"]),
    (["'3/5/24", "'25/3/2024"], ["2024-05-03", "2024-03-25"], ["date_by_column", "date_repaired"]),
    (
        ["2024-03-04 16:00", "2024-03-05 16:00", "2024-03-06 16:00"],
        [MARCH, "2024-03-06", "2024-03-07"],
        ["date_day_before"] * 3,
    ),
    (
        ["'2024-03-04T16:00:00.000Z", "'2024-03-05T16:00:00.000Z", "'2024-03-06T16:00:00.000Z"],
        [MARCH, "2024-03-06", "2024-03-07"],
        ["date_day_before"] * 3,
    ),
    (["2024-03-04 23:59:17"] * 3, [MARCH] * 3, ["date_day_before"] * 3),
    (["45355.9999999"], [MARCH], ["date_day_before"]),
    (["2024-03-04 16:00", "2024-03-05 16:00", "2024-03-06 16:01"], ["2024-03-04", MARCH, "2024-03-06"], []),
    (["2024-03-04 16:00", "2024-03-05 16:00"], ["2024-03-04", MARCH], []),
]


@pytest.mark.parametrize(("typed", "expected", "told"), COLUMNS)
def test_what_one_date_does_not_say_its_column_decides(
    typed: list[str], expected: list[str | None], told: list[str]
) -> None:
    lines = "".join(f"| {one} | 小李 | 1 |\n" for one in typed)
    book = read(f"## 交易记录\n| 日期 | 昵称 | 成交价 |\n{lines}")
    days = book.tables["trades"].columns["date"]
    assert [one and to_date(one).isoformat() for one in days] == expected
    assert [one.code for one in book.findings] == told
    repaired = [one.suggestion for one in book.findings if one.severity == "warning"]
    assert repaired == [day for day in expected if day] or not told


SUGGESTED = [
    (["2022-03-01", "3月5日", "2022-03-09"], "2022-03-05"),
    (["2022-12-30", "1月2日"], "2023-01-02"),
    (["2023-01-02", "12月30日"], "2022-12-30"),
    (["3月5日", "2022-03-09"], "2022-03-05"),
    (["2022-03-01", "昨天"], "2022-03-01"),
    (["2024-06-29", "7月5日"], "2023-07-05"),
]


@pytest.mark.parametrize(("typed", "suggestion"), SUGGESTED)
def test_a_suggestion_is_near_the_dates_around(typed: list[str], suggestion: str) -> None:
    lines = "".join(f"| {one} | 小李 | 1 |\n" for one in typed)
    book = read(f"## 交易记录\n| 日期 | 昵称 | 成交价 |\n{lines}")
    assert [one.suggestion for one in book.findings] == [suggestion]


FORMS = [
    "{y}-{m:02}-{d:02}",
    "{y}/{m}/{d}",
    "{y}.{m}.{d}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    "{y}, {m}, {d}",
    "{d} {name} {y}",
    "{name} {d}, {y}",
    "{y}-{m:02}-{d:02}T10:20:30Z",
    "{y}年{m}月{d}号 下午2点",
    "`{y}-{m}-{d}",
]


@given(st.dates(date(2010, 1, 1), date(2035, 12, 31)), st.sampled_from(FORMS), st.booleans())
def test_every_form_of_a_date_is_the_same_day(when: date, form: str, wide: bool) -> None:
    typed = form.format(y=when.year, m=when.month, d=when.day, name=calendar.month_name[when.month])
    value, problem = read_date(typed.translate(WIDE) if wide else typed, BOUNDS)
    assert value == to_day(when)
    assert problem is not None
    assert problem.suggestion == when.isoformat()


WIDE = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")

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


@pytest.mark.parametrize("typed", ["20:30", "9:05", "20:30:59"])
def test_a_time_that_can_mean_nothing_else_is_not_remarked_on(typed: str) -> None:
    assert read_time(typed)[1] is None


@pytest.mark.parametrize("typed", ["晚上", "25:00", "20:75"])
def test_no_time(typed: str) -> None:
    value, problem = read_time(typed)
    assert value is None
    assert problem is not None
    assert problem.code == "time_unreadable"
