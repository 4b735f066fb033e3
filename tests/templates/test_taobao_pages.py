"""流失预警, 投诉与售后 and 效果评估, over small shops counted by hand."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from sheetkit.analysis.compared import Figure, churn_rate, mean, repurchase, share, verdict
from sheetkit.analysis.page import Page, Section
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.writing.report.workbook import report_workbook
from sheetkit.writing.sample import sample
from sheetkit.writing.sheet import Value
from tests.templates.taobao import AS_OF, Rows, analysed, sold, table


def page(rows: Rows, key: str) -> Page:
    return next(one for one in analysed(rows).pages if one.key == key)


def section(found: Page, title: str) -> Section:
    return next(one for one in found.sections if one.title == text(title, "zh"))


def scores(*given: tuple[int, int, int]) -> list[dict[str, Value]]:
    """Answers: (how many, days ago, score)."""
    return [
        {"nickname": f"c{at}", "date": AS_OF - timedelta(ago), "score": score}
        for count, ago, score in given
        for at in range(count)
    ]


def test_a_mean_score_of_nine_answers_is_not_said() -> None:
    rows = {"surveys": scores((9, 10, 5), (5, 100, 3), (5, 110, 4), (1, 200, 5))}
    told = section(page(rows, "effect"), "effect.satisfaction")
    # 90 days: ten before (3 and 4), nine since; 180: one before; 365: none before, twenty since
    few = text("effect.few", "zh")
    assert [row[1:5] for row in told.rows] == [
        [3.5, 10, few, 9],
        [few, 1, pytest.approx((9 * 5 + 15 + 20) / 19), 19],
        [few, 0, pytest.approx((9 * 5 + 15 + 20 + 5) / 20), 20],
    ]
    assert {row[5] for row in told.rows} == {few}


def test_a_rise_is_one_only_beyond_chance() -> None:
    risen = {"surveys": scores((5, 10, 5), (5, 20, 4), (5, 100, 2), (5, 110, 1))}
    told = section(page(risen, "effect"), "effect.satisfaction")
    assert told.rows[0][1:] == [1.5, 10, 4.5, 10, text("effect.up", "zh")]
    assert "升了" in told.says
    alike = {"surveys": scores((5, 10, 5), (5, 20, 2), (5, 100, 5), (5, 110, 1))}
    told = section(page(alike, "effect"), "effect.satisfaction")
    assert told.rows[0][5] == text("effect.same", "zh")  # 3.5 against 3.0, each spread by 1.6 and more


def test_the_trend_is_drawn_from_quarters_with_ten_answers() -> None:
    # 2026-05-20: 10 days ago lies in the second quarter, 100 in the first, 200 in 2025-Q4
    trend = section(
        page({"surveys": scores((10, 10, 5), (10, 100, 3), (9, 200, 1))}, "effect"), "effect.quarters"
    )
    assert [list(row) for row in trend.rows] == [["2025-Q4", None, 9], ["2026-Q1", 3, 10], ["2026-Q2", 5, 10]]
    assert trend.chart is not None
    assert "3.0" in trend.chart.title
    few = section(page({"surveys": scores((10, 10, 5), (9, 100, 3))}, "effect"), "effect.quarters")
    assert few.chart is None


VISITS = {
    **{at: [1000, 1090] for at in range(6)},  # came again on the 90th day
    **{at: [1000, 1091] for at in range(6, 12)},  # a day too late
    **{at: [1000] for at in range(12, 20)},
    20: [900, 910],  # came first before the span
    21: [1001, 1002],  # after it
    22: [1000, 1001],  # bought before the book began
}


def test_repurchase_counts_those_who_had_the_time_to_come_back() -> None:
    assert repurchase(VISITS, {22}, 910, 1000, within=90, floor=20).value == 6 / 20
    assert repurchase(VISITS, {22}, 910, 1000, within=90, floor=21) == Figure(None, 20)


def test_churn_counts_regulars_of_a_year_before() -> None:
    end = 2000  # then = 1635, the year up to it begins after 1270
    visits = {
        1: [1300, 1635, 1700],  # stayed
        2: [1300, 1635],  # left
        3: [1300],  # once: never won
        4: [1000, 1270],  # gone before then already
        5: [1000, 1271],  # left
        6: [1300, 1636],  # one visit by then
        7: [1300, 1400, 2001],  # came again, but after the span
    }
    assert churn_rate(visits, end, floor=4).value == 3 / 4
    assert churn_rate(visits, end, floor=5).n == 4


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (share(10, 20, 20), share(11, 20, 20), "same"),
        (share(2, 40, 20), share(20, 40, 20), "up"),
        (share(20, 20, 20), share(19, 20, 20), "same"),
        (mean([5, 5, 4, 4], 4), mean([1, 2, 1, 2], 4), "down"),
        (share(1, 19, 20), share(19, 20, 20), "few"),
    ],
)
def test_verdicts(before: Figure, after: Figure, said: str) -> None:
    assert verdict(before, after) == said


CASES: Rows = {
    "trades": sold(a=[(10, 50)]),
    "cases": table(
        "cases",
        """nickname|date|kind|status|closed_on|due
           a|30|投诉|||5
           b|12|换货|待处理||-3
           a|60|投诉|已完成|59|
           a|60|投诉|已完成|58|
           b|60|换货|已完成|51|
           b|60|换货|已完成|50|
           b|60|换货|已完成|40|
           b|300|换货|已完成||
           b|300|换货|已完成|310|""",
    ),
}


def test_days_to_close_are_a_median_of_what_is_known() -> None:
    found = page(CASES, "complaints")
    speed = section(found, "complaints.speed")
    # days to close: 1 2 9 10 20; two closed cases have no possible day
    assert [list(row[3:]) for row in speed.rows] == [[9, 5]] * 3
    assert speed.says.startswith("已结 5 件,一半在 9 天内办完")
    assert "另有 2 件" in speed.says
    kinds = {row[0]: list(row[1:]) for row in section(found, "complaints.by.kind").rows}
    assert kinds == {
        "售后": [6, 1, text("complaints.few", "zh")],
        "投诉": [3, 1, text("complaints.few", "zh")],
    }


def test_open_cases_stand_longest_first() -> None:
    waiting = section(page(CASES, "complaints"), "complaints.open")
    assert [(row[0], row[2]) for row in waiting.rows] == [("a", 30), ("b", 12)]
    assert waiting.says == "2 件没办完,最久的已经 30 天;1 件过了答应的日子"


def test_a_warning_tells_her_own_numbers_and_the_measure_for_her_reason() -> None:
    rows: Rows = {
        "trades": sold(
            late=[(at, 50) for at in (63, 77, 91, 105)],
            left=[(400, 80), (500, 80)],
            sleeps=[(100, 90), (200, 90)],
            never=[(400, 50), (500, 50)],
            tried=[(400, 40), (500, 40)],
            silent=[(400, 30), (500, 30)],
            once=[(400, 999)],
            fine=[(5, 50), (40, 50)],
        ),
        "customers": table(
            "customers",
            """nickname|lost_reason|lost_known|winback_result|do_not_contact
               left|物流|问的||
               never|不需要了|||
               tried|价格||没回音|
               silent|价格|||是""",
        ),
    }
    found = page(rows, "churn")
    told = {row[0]: row for row in found.sections[0].rows}
    assert list(told) == ["late", "sleeps", "left", "never", "tried", "silent"]
    assert told["late"][5] == "平时约 14 天来一次,这次已经 63 天"
    assert told["sleeps"][5] == "已经 100 天没来(线是 90 天)"
    assert told["left"][5:7] == [
        "已经 400 天没来(线是 365 天);原因:物流(问的)",
        "换一家快递,发货前拍照给她看",
    ]
    assert told["never"][6] == text("churn.leave", "zh")
    assert told["tried"][6] == text("churn.had", "zh")
    assert told["silent"][6] == text("churn.silence", "zh")
    reasons = {row[0]: list(row[1:]) for row in found.sections[1].rows}
    assert reasons == {"价格": [2, 1, 0], "物流": [1, 0, 0], "不需要了": [1, 0, 0]}


@pytest.mark.parametrize("lang", LANGS)
def test_the_made_up_shop_has_all_its_sheets_in_its_language(lang: Lang) -> None:
    found = analysed(sample("taobao", lang, AS_OF).rows, lang)
    made = report_workbook(found, plan_typed={}, plan_history=[]).workbook
    book = openpyxl.load_workbook(io.BytesIO(made))
    names = [ADDED_SHEETS[key][lang] for key in ("churn", "complaints", "effect", "festivals")]
    assert [name for name in book.sheetnames if name in names] == names
    said = [str(cell.value) for name in names for row in book[name].iter_rows() for cell in row if cell.value]
    chinese = [one for one in said if any("\u4e00" <= ch <= "\u9fff" for ch in one)]
    assert (chinese == []) == (lang == "en")
    assert len(said) > 150
