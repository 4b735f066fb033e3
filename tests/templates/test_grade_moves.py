"""级别变动: what a run notes, and what the next one says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import pytest

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.movement import Holder
from sheetkit.analysis.notes import NOTE, Noted, Notes, read_notes, written_notes
from sheetkit.analysis.result import Analysis
from sheetkit.intake import read_book
from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.model.days import to_day
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.outcome import Outcome
from sheetkit.pipeline.strip import strip_file
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.live.layout import Capacity
from tests.langs import ENGLISH_IN_PROOF
from tests.live.books import Case
from tests.opc.books import parts

FIRST = date(2026, 5, 20)
LATER = date(2026, 8, 5)


@cache
def blank(lang: Lang) -> bytes:
    return new_workbook("grading", lang, FIRST, capacity=Capacity(70, 120, 50), with_sample=True)


def run(data: bytes, on: date) -> Outcome:
    return analyze_file(data, "shop.xlsx", as_of=on)


@cache
def first(lang: Lang = "zh") -> Outcome:
    return run(blank(lang), FIRST)


@cache
def second(lang: Lang = "zh") -> Outcome:
    return run(first(lang).workbook, LATER)


def section(analysis: Analysis, key: str) -> Sequence[Sequence[object]]:
    """The rows of one part of the page."""
    (page,) = (one for one in analysis.pages if one.key == "grades")
    (found,) = (one for one in page.sections if one.title == text(f"grades.{key}", analysis.lang))
    return found.rows


def scores(outcome: Outcome) -> dict[str, tuple[str, float, str]]:
    """{name: the grade the score gives, the score, the grade that was noted}."""
    people, notes = outcome.analysis.customers, read_notes(outcome.analysis.notes)
    assert notes is not None
    rows = zip(people["name"], people["grade"], people["grade_score"], strict=True)
    return {name: (grade, score, notes.now[name.lower()].grade) for name, grade, score in rows}


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_a_first_run_only_notes(lang: Lang) -> None:
    (page,) = (one for one in first(lang).analysis.pages if one.key == "grades")
    titles = [text(f"grades.{key}", lang) for key in ("service", "moves")]
    assert [one.title for one in page.sections] == titles
    served = section(first(lang).analysis, "service")
    assert [row[0] for row in served] == ["A", "B", "C", {"zh": "暂 C", "en": "C for now"}[lang], "D"]
    assert sum(int(str(row[1])) for row in served) == first(lang).analysis.customer_count
    assert all(str(row[4]) for row in served), "every grade says how it is served"


def test_the_same_day_again_is_the_same_run() -> None:
    assert run(first().workbook, FIRST).workbook == first().workbook
    again = run(second().workbook, LATER)
    assert again.workbook == second().workbook
    assert section(again.analysis, "waiting") == section(second().analysis, "waiting")


def test_five_points_below_the_line_move_down_at_once_and_less_the_second_time() -> None:
    """77 quiet days: recency falls a step for many. A is 80, B 60 and C 40."""
    lines = {"A": 80, "B": 60, "C": 40}
    was, now = scores(first()), scores(second())
    lower = {name: was[name][2] for name in was if was[name][2] in lines and now[name][0] != was[name][2]}
    lower = {name: grade for name, grade in lower.items() if now[name][1] < lines[grade]}
    far = {name for name, grade in lower.items() if now[name][1] <= lines[grade] - 5}
    assert len(far) >= 3
    assert len(lower) - len(far) >= 5
    assert {row[0] for row in section(second().analysis, "down")} == far
    assert {row[0] for row in section(second().analysis, "waiting")} == lower.keys() - far
    for name, grade in lower.items():
        assert now[name][2] == (now[name][0] if name in far else grade)
    third = run(second().workbook, LATER + timedelta(days=1))
    assert {row[0] for row in section(third.analysis, "down")} == lower.keys() - far
    assert not {row[0] for row in section(third.analysis, "waiting")} & lower.keys()
    assert [row[0] for row in section(third.analysis, "over_time")] == [
        "2026-05-20", "2026-08-05", "2026-08-06"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "graded", "score", "capped", "held"),
    [
        (("A", "A"), "B", 76, 0, "A"),  # less than five points below 80, for the first time
        (("A", "A"), "B", 75, 0, "B"),  # five points below
        (("A", "B"), "B", 78, 0, "B"),  # the second run below the line
        (("A", "B"), "A", 81, 0, "A"),  # above it again
        (("A", "A"), "C", 90, 1, "C"),  # a problem is open
        (("B", "B"), "unsure", 77, 0, "unsure"),  # too little known of her
        (("unsure", "unsure"), "D", 38, 0, "D"),  # known now
        (("C", "C"), "A", 85, 0, "A"),
    ],
)
def test_how_a_grade_is_held(
    before: tuple[str, str], graded: str, score: float, capped: float, held: str
) -> None:
    rules = rules_for(blueprint("grading")).book
    holder = Holder(rules, rules.presets("second_hand"))
    assert holder.held(Noted(*before, "ordinary", score, ()), graded, score, capped) == held


def test_a_customer_of_another_name_by_now_is_known_by_the_old_one() -> None:
    rows = {
        "customers": [{"nickname": "新名", "aliases": "旧名"}],
        "trades": [{"date": FIRST, "nickname": "新名", "item": "相机", "amount": 100}],
        "contacts": [],
    }
    book = read_book(Case("renamed", rows, template="grading").workbook(), "shop.xlsx")
    was = Noted("D", "D", "ordinary", 20, (None,) * 7)
    book.run[NOTE] = written_notes(Notes(to_day(FIRST) - 9, {"旧名": was}, None, {}, []))
    told = analyse(book, Clock(to_day(FIRST), to_day(FIRST)))
    # 20 + 4 + 12.5 + 10 of the 75 points that are known
    assert [row[:4] for row in section(told, "up")] == [("新名", "D → B", 20, 62)]


def test_why_names_the_parts_that_changed() -> None:
    (row,) = (row for row in section(second().analysis, "down") if row[0] == "半山的风")
    assert row[1:4] == ("A → B", 85, 73)
    assert row[4] == "近度分 100 → 60,互动分 60 → 20"


def test_who_waits_is_served_as_before() -> None:
    """Graded D this time, she still gets what a C gets."""
    waiting = {str(row[0]) for row in section(second().analysis, "waiting") if row[1] == "C"}
    tasks = [one.action for one in second().analysis.tasks if one.customer in waiting]
    assert len(tasks) >= 2
    assert all(action.startswith("C 级") for action in tasks)


def test_the_notes_live_in_the_workbook_and_go_with_it() -> None:
    book = read_book(first().workbook, "shop.xlsx")
    assert read_notes(book.run[NOTE]) == read_notes(first().analysis.notes)
    assert book.run[NOTE].isascii()
    assert " " not in book.run[NOTE]
    assert parts(strip_file(second().workbook, "shop.xlsx").workbook) == parts(blank("zh"))


def test_notes_that_somebody_changed_are_no_notes() -> None:
    whole = first().analysis.notes
    for broken in ("", "{}", whole[:-5], whole.replace('"now":{', '"now":[{'), "[1]", '{"day":"x"}'):
        assert read_notes(broken) is None


def test_a_template_without_grades_has_no_such_page() -> None:
    rows = {"customers": [], "contacts": [], "trades": [{"date": FIRST, "nickname": "她", "amount": 100}]}
    book = read_book(Case("plain", rows).workbook(), "shop.xlsx")
    told = analyse(book, Clock(to_day(FIRST), to_day(FIRST)))
    assert [one.key for one in told.pages if one.key == "grades"] == []
    assert told.notes == ""
