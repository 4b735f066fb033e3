"""What a seller does to an annotated workbook in her own program, and what the next run makes of it.

LibreOffice stands in for her: it renames, moves, sorts, filters, types, and in saving writes every part anew.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from sheetkit.intake import read_book
from sheetkit.opc import Surgery
from sheetkit.pipeline.outcome import Outcome
from sheetkit.writing.report import segments
from tests import tools
from tests.opc.books import by_openpyxl, parts, patched
from tests.opc.referential import Book, problems
from tests.pipeline.shop import (
    light_once,
    once,
    plan,
    plan_keys,
    run,
    sample,
    set_texts,
    told,
    type_into_plan,
    values_only,
)
from tests.seller import (
    at_work,
    copies,
    deletes_rows,
    filters,
    moves,
    notes,
    removes,
    renames,
    sorts,
    types,
)


@cache
def keys() -> list[str]:
    return list(plan(light_once().workbook))


def last_row() -> int:
    return 4 + len(plan_keys(light_once().workbook))


def names(data: bytes) -> list[str]:
    return [sheet.name for sheet in Book(data).sheets]


def values(data: bytes, sheet: str) -> list[list[object]]:
    return [list(row) for row in by_openpyxl(data)[sheet].iter_rows(values_only=True)]


def cells_of(data: bytes, sheet: str) -> set[str]:
    return {str(value) for row in values(data, sheet) for value in row if value is not None}


# She puts things in order, and writes where she is asked to


@pytest.fixture(scope="module")
def tidied(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Plan ticked, sorted, filtered, renamed; sheets moved between her own; rows deleted."""
    typed = type_into_plan(light_once().workbook, {keys()[3]: {"status": "已联系", "result": "说周末来取"}})
    return at_work(
        typed,
        tmp_path_factory.mktemp("tidied"),
        sorts("行动方案", f"A5:M{last_row()}", 2),
        filters("行动方案", f"A4:M{last_row()}", 9, "待办"),
        renames("行动方案", "本周待办"),
        moves("分析总览", 0),
        moves("本周待办", 3),
        sorts("客户分群", "A5:AZ90", 0),
        deletes_rows("客户分群", 7, 2),
        deletes_rows("数据检查", 1),
    )


@pytest.fixture(scope="module")
def next_run(tidied: bytes) -> Outcome:
    return run(tidied)


def test_a_tick_stays_with_its_task_however_she_orders_the_plan(tidied: bytes, next_run: Outcome) -> None:
    assert list(plan(tidied, "本周待办")) != keys(), "sorted"
    assert "行动方案" not in names(next_run.workbook)
    tasks = plan(next_run.workbook, "本周待办")
    assert list(tasks) == keys()
    assert (tasks[keys()[3]]["status"], tasks[keys()[3]]["result"]) == ("已联系", "说周末来取")
    assert {task["result"] for key, task in tasks.items() if key != keys()[3]} == {None}


def test_every_sheet_stays_in_the_place_she_gave_it(tidied: bytes, next_run: Outcome) -> None:
    assert names(tidied)[0] == "分析总览"
    assert names(tidied)[3] == "本周待办"
    assert names(next_run.workbook) == names(tidied)
    assert Book(next_run.workbook).sheets[-1].state == "hidden"


def test_what_she_only_moved_or_deleted_is_written_anew(next_run: Outcome) -> None:
    assert [one.code for one in next_run.analysis.findings if one.code.startswith("sheet_kept")] == []
    assert told(next_run.analysis) == told(light_once().analysis)
    for sheet in ("客户分群", "数据检查"):
        assert values(next_run.workbook, sheet)[3:] == values(light_once().workbook, sheet)[3:]
    overview = by_openpyxl(next_run.workbook)["分析总览"]
    assert overview["A3"].hyperlink.location == "'本周待办'!A1"


def test_her_own_parts_are_as_her_program_saved_them(tidied: bytes, next_run: Outcome) -> None:
    old, new = parts(tidied), parts(next_run.workbook)
    ours = {sheet.part for sheet in Book(tidied).sheets if sheet.name in Surgery(tidied).labels.values()}
    theirs = {name for name in old if name.startswith("xl/worksheets/sheet") and name not in ours}
    assert len(theirs) == 5
    marked = {name for name in theirs if b"sheetkit:" in old[name]}
    assert len(marked) == 1
    assert all(new[name] == old[name] for name in theirs - marked)
    assert problems(next_run.workbook) <= problems(tidied)


def test_a_run_after_that_changes_nothing(next_run: Outcome) -> None:
    again = run(next_run.workbook).workbook
    assert again == next_run.workbook


# She writes where nobody asked her to


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Remarks beside figures, a task of her own, a note on a cell; formulas on our sheets, copies of some."""
    typed = type_into_plan(light_once().workbook, {keys()[3]: {"status": "已联系"}})
    return at_work(
        typed,
        tmp_path_factory.mktemp("written"),
        types("分析总览", "L3", "毛利要自己算"),
        types("行动方案", f"J{last_row() + 1}", "给表姐留一台"),
        notes("数据检查", "B6", "已经问过小王"),
        copies("客户分群", "分群备份", 2),
        types("沟通记录", "Z1", "='客户分群'.A5"),
        types("沟通记录", "Z2", "='分析总览'.L3"),
    )


@pytest.fixture(scope="module")
def after_writing(written: bytes) -> Outcome:
    return run(written)


@pytest.mark.proof
def test_a_sheet_she_wrote_in_is_kept_beside_the_new_one(written: bytes, after_writing: Outcome) -> None:
    data = after_writing.workbook
    kept = ["分析总览 (旧)", "行动方案 (旧)", "数据检查 (旧)"]
    renamed = {name.removesuffix(" (旧)"): name for name in kept}
    assert names(data) == [*(renamed.get(name, name) for name in names(written)), *renamed]
    for old, new in renamed.items():
        assert values(data, new) == values(written, old), old
    assert "毛利要自己算" in cells_of(data, "分析总览 (旧)")
    assert "毛利要自己算" not in cells_of(data, "分析总览")
    assert by_openpyxl(data)["行动方案 (旧)"][f"J{last_row() + 1}"].value == "给表姐留一台"
    assert by_openpyxl(data)["数据检查 (旧)"]["B6"].comment.text.strip() == "已经问过小王"
    assert plan(data)[keys()[3]]["status"] == "已联系"
    assert problems(data) <= problems(written)


def test_the_kept_sheets_are_named_with_the_row_she_wrote_in(after_writing: Outcome) -> None:
    said = {one.sheet: one for one in after_writing.analysis.findings if one.code.startswith("sheet_kept")}
    assert {sheet: (one.code, one.cell, one.severity) for sheet, one in said.items()} == {
        "分析总览 (旧)": ("sheet_kept", "A3", "info"),
        "行动方案 (旧)": ("sheet_kept", f"A{last_row() + 1}", "info"),
        "数据检查 (旧)": ("sheet_kept_drawn", "", "info"),
    }
    assert "第 3 行" in said["分析总览 (旧)"].sentence("zh")


def test_a_kept_sheet_shows_its_own_charts_and_the_new_one_shows_its_own(after_writing: Outcome) -> None:
    book = Book(after_writing.workbook)
    for name in ("分析总览 (旧)", "分析总览"):
        sheet = next(one for one in book.sheets if one.name == name)
        pointed = {
            formula.text.rpartition("!")[0].strip("'")
            for drawing in sheet.related("drawing")
            for arrow in book.arrows(drawing)
            for formula in book.tree(arrow.part).iter("{*}f")
        }
        assert pointed == {name}


def test_her_formulas_look_at_the_sheet_of_that_name(after_writing: Outcome) -> None:
    contacts = next(one for one in Book(after_writing.workbook).sheets if one.name == "沟通记录")
    formulas = [contacts.cells[reference].findtext("{*}f") for reference in ("Z1", "Z2")]
    assert formulas == ["客户分群!A5", "分析总览!L3"]


def test_her_copy_and_the_kept_sheets_are_no_customers(after_writing: Outcome) -> None:
    assert told(after_writing.analysis) == told(light_once().analysis)
    ignored = [one.sheet for one in after_writing.analysis.findings if one.code == "sheet_ignored"]
    assert ignored == ["分群备份"]
    again = run(after_writing.workbook)
    assert again.workbook != after_writing.workbook, "what was kept is said once"
    assert told(again.analysis) == told(light_once().analysis)
    assert [one.sheet for one in again.analysis.findings if one.code == "sheet_ignored"] == ignored
    assert names(again.workbook) == names(after_writing.workbook)
    assert [one for one in again.analysis.findings if one.code.startswith("sheet_kept")] == []
    assert run(again.workbook).workbook == again.workbook


@pytest.mark.proof
def test_what_she_writes_the_next_time_is_kept_under_a_number(after_writing: Outcome, tmp_path: Path) -> None:
    theirs = at_work(
        after_writing.workbook,
        tmp_path,
        renames("分析总览 (旧)", "去年的"),
        types("分析总览", "L3", "再写一次"),
        types("行动方案", "C5", "换个名字"),
        removes("数据检查"),
    )
    data = run(theirs).workbook
    assert {"去年的", "分析总览 (旧)", "分析总览"} < set(names(data))
    assert {"行动方案 (旧)", "行动方案 (旧) (2)", "行动方案"} < set(names(data))
    assert "毛利要自己算" in cells_of(data, "去年的")
    assert "再写一次" in cells_of(data, "分析总览 (旧)")
    assert "换个名字" in cells_of(data, "行动方案 (旧) (2)")
    assert names(data)[-1] == "数据检查", "a sheet she deleted comes again"
    assert told(run(data).analysis) == told(light_once().analysis)


def test_what_a_tool_wrote_in_place_is_kept_though_nothing_else_changed() -> None:
    typed = set_texts(light_once().workbook, "分析总览", {"A2": "毛利要自己算"})
    typed = type_into_plan(typed, {keys()[3]: {"status": "已联系"}})
    data = run(typed).workbook
    assert "毛利要自己算" in cells_of(data, "分析总览 (旧)")
    assert plan(data)[keys()[3]]["status"] == "已联系"


@pytest.mark.proof
def test_a_log_that_she_emptied_goes_unless_she_reads_it(tmp_path: Path) -> None:
    tasks = plan(light_once().workbook)
    asked = next(key for key, task in tasks.items() if "哪里不满意" in str(task["action"]))
    logged = run(type_into_plan(light_once().workbook, {asked: {"status": "已联系"}})).workbook
    assert plan(logged, "行动记录")[asked]["status"] == "已联系"
    emptied = deletes_rows("行动记录", 5)
    (reading := tmp_path / "reading").mkdir()
    assert "行动记录" not in names(run(at_work(logged, tmp_path, emptied)).workbook)
    read = at_work(logged, reading, emptied, types("沟通记录", "Z1", "='行动记录'.A1"))
    assert "行动记录" in names(run(read).workbook)


# The sheets of the template


@pytest.mark.parametrize("really", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_renamed_they_stay_what_they_are(really: bool, tmp_path: Path) -> None:
    """Read as data, 客户分类 was 93 customers more; unread, the settings were lost."""
    sheets = names(sample("zh"))
    called = {sheet: f"改名{at}" for at, sheet in enumerate(sheets)}
    if really:
        copied = [copies(sheet, f"{sheet} (2)", 2) for sheet in ("客户分类", "客户档案", "看板")]
        theirs = at_work(sample("zh"), tmp_path, *copied, *(renames(*pair) for pair in called.items()))
    else:
        theirs = sample("zh")
        text = parts(theirs)["xl/workbook.xml"].decode()
        for sheet, name in called.items():
            text = text.replace(f'"{sheet}"', f'"{name}"').replace(f">'{sheet}'!", f">'{name}'!")
        theirs = patched(theirs, {"xl/workbook.xml": text.encode()})
    assert not set(names(theirs)) & set(sheets)
    book, before = (read_book(data, "店.xlsx") for data in (theirs, sample("zh")))
    assert before.as_of_cell
    assert before.shop_kind
    assert (book.as_of_cell, book.shop_kind) == (before.as_of_cell, before.shop_kind)
    outcome = run(theirs)
    assert told(outcome.analysis) == told(once("zh").analysis)
    assert run(outcome.workbook).workbook == outcome.workbook


# What counts as written


ODD = (
    " 空 格 ", "a\tb", "线\n行", "_x0041_", "=1+1", "007", "1e5", '<&">', "e\u0301", "𠮷", "'引", "#N/A",
    "TRUE", "2024-03-05",
)  # fmt: skip


def odd(epoch: dt.datetime) -> bytes:
    """A shop whose customers have names that programs write down differently; days count from ``epoch``."""

    def change(book: openpyxl.Workbook) -> None:
        book.epoch = epoch
        for at, name in enumerate(ODD):
            cell = book["交易记录"].cell(10 + at, 2)
            cell.value, cell.data_type = name, "s"

    return values_only(sample("zh"), change)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_a_save_by_another_program_is_no_writing(whole: bool, tmp_path: Path) -> None:
    made = {"1904": odd(MAC_EPOCH)}
    if whole:
        made = {"1900": odd(WINDOWS_EPOCH), "zh": sample("zh"), "en": sample("en")}
    (tmp_path / "out").mkdir()
    paths = [tmp_path / f"{name}.xlsx" for name in made]
    for path, data in zip(paths, made.values(), strict=True):
        path.write_bytes(run(data).workbook)
    for path in tools.recalculate_many(paths, tmp_path / "out"):
        book = read_book(path.read_bytes(), path.name)
        assert list(book.added) == ["overview", "segments", "plan", "needs", "stock", "limits", "checks"]
        assert book.written_in == {}, path


@pytest.mark.proof
@pytest.mark.parametrize("rows", [segments.BULK_ROWS, 10])
def test_what_a_run_wrote_is_no_writing(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "BULK_ROWS", rows)
    for epoch in (WINDOWS_EPOCH, MAC_EPOCH):
        book = read_book(run(odd(epoch)).workbook, "店.xlsx")
        assert list(book.added) == ["overview", "segments", "plan", "needs", "stock", "limits", "checks"]
        assert book.written_in == {}
