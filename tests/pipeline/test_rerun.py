"""Analysing an analysed workbook: what the seller typed stays hers, what we added is there once."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from sheetkit.errors import NothingToAnalyse
from sheetkit.messages import LANGS, Lang
from sheetkit.model.report import RUN_SHEET
from sheetkit.opc import Surgery
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from tests import tools
from tests.langs import ENGLISH_IN_PROOF
from tests.opc.books import by_openpyxl, features, parts, sheet_names, small_corpus
from tests.opc.referential import Book, problems
from tests.opc.whole import changed_content, may_change
from tests.pipeline.shop import (
    AS_OF,
    added,
    once,
    plan,
    plan_keys,
    run,
    sample,
    set_texts,
    sheet_part,
    type_into_plan,
)

TYPED = {"status": "已联系", "owner": "阿梅", "done_on": "2026-03-14", "result": "说周末来取 <b>&"}
CARRIED = TYPED | {"done_on": dt.datetime(2026, 3, 14)}


def cell_marks(data: bytes) -> Counter[str]:
    """How many marks each sheet has."""
    found: Counter[str] = Counter()
    for sheet in Book(data).sheets:
        found[sheet.name] += sum("sheetkit:" in (rule.text or "") for rule in sheet.all("formula"))
    return +found


def typed_by(task: dict[str, object]) -> dict[str, object]:
    return {key: task[key] for key in TYPED}


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_same_input_date_and_version_give_the_same_bytes(lang: Lang) -> None:
    assert run(sample(lang)).workbook == once(lang).workbook


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_sheets_are_replaced_in_place(lang: Lang) -> None:
    first = once(lang).workbook
    again = run(first).workbook
    names = [sheet.name for sheet in Book(again).sheets]
    assert names == [sheet.name for sheet in Book(sample(lang)).sheets] + [*added(lang), RUN_SHEET]
    assert again == first, "to the byte"
    assert cell_marks(again) == cell_marks(first) == {Book(sample(lang)).sheets[1].name: 2}
    assert problems(again) == set()


def test_what_was_typed_into_the_plan_stays_with_its_task() -> None:
    first = once().workbook
    keys = list(plan(first))
    again = plan(run(type_into_plan(first, {keys[3]: TYPED, keys[0]: {"result": "下周"}})).workbook)
    assert typed_by(again[keys[3]]) == CARRIED
    assert again[keys[0]]["result"] == "下周"
    untouched = [task for key, task in again.items() if key not in (keys[0], keys[3])]
    assert {task["status"] for task in untouched} == {"待办"}
    assert {task["result"] for task in untouched} == {None}


def resaved(data: bytes, folder: Path) -> bytes:
    """The workbook after LibreOffice opened and saved it."""
    (folder / "out").mkdir()
    (folder / "店.xlsx").write_bytes(data)
    return tools.recalculate(folder / "店.xlsx", folder / "out").read_bytes()


def sorted_by_customer(data: bytes) -> bytes:
    """The plan's rows in another order, as a seller sorts them, all that stands in a row together."""
    book = by_openpyxl(data)
    sheet = book["行动方案"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    rows.sort(key=lambda row: str(row[2]), reverse=True)
    for at, row in enumerate(rows, 5):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.proof
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_typed_cells_survive_another_program_and_another_order(tmp_path: Path) -> None:
    """LibreOffice drops custom parts and writes everything anew; then the seller sorts."""
    keys = list(plan(once().workbook))
    theirs = resaved(type_into_plan(once().workbook, {keys[3]: TYPED}), tmp_path)
    assert list(plan(theirs)) == keys
    shuffled = sorted_by_customer(theirs)
    assert list(plan_keys(shuffled).values()) != keys
    for data in (theirs, shuffled):
        again = run(data).workbook
        assert typed_by(plan(again)[keys[3]]) == CARRIED
        assert [sheet.name for sheet in Book(again).sheets] == [sheet.name for sheet in Book(theirs).sheets]
        assert cell_marks(again) == cell_marks(once().workbook)


def test_a_task_ticked_off_moves_to_the_log() -> None:
    first = once().workbook
    key = next(key for key, task in plan(first).items() if "问清哪里不满意" in str(task["action"]))
    again = run(type_into_plan(first, {key: TYPED})).workbook
    assert key not in plan(again)
    assert typed_by(plan(again, "行动记录")[key]) == CARRIED


def test_a_task_that_is_gone_leaves_its_text_in_the_log() -> None:
    first = once().workbook
    key, task = next(iter(plan(first).items()))
    row = next(row for row, one in plan_keys(first).items() if one == key)
    typed = type_into_plan(first, {key: TYPED})
    other = set_texts(typed, "行动方案", {f"A{row}": "gone000000"})
    again = run(other).workbook
    assert typed_by(plan(again, "行动记录")["gone000000"]) == CARRIED
    assert plan(again, "行动记录")["gone000000"]["customer"] == task["customer"]
    assert typed_by(plan(again)[key]) == {"status": "待办", "owner": None, "done_on": None, "result": None}
    ticked = next(key for key, task in plan(again).items() if "问清哪里不满意" in str(task["action"]))
    log = plan(run(type_into_plan(again, {ticked: TYPED})).workbook, "行动记录")
    assert log.keys() == {"gone000000", ticked}, "what the log held before stays in it"
    assert log["gone000000"] == plan(again, "行动记录")["gone000000"]


def test_the_sellers_own_sheet_and_order_stay() -> None:
    surgery = Surgery(once().workbook)
    surgery.graft(tools.make_book("## 我的备忘\n| 周五进货 | 3 |"))
    before = surgery.to_bytes()
    again = run(before).workbook
    assert [sheet.name for sheet in Book(again).sheets] == [sheet.name for sheet in Book(before).sheets]
    name = sheet_part(before, "我的备忘")
    assert parts(again)[name] == parts(before)[name]
    assert by_openpyxl(again)["我的备忘"]["A1"].value == "周五进货"


def test_a_name_of_ours_that_the_seller_took_is_left_to_her() -> None:
    surgery = Surgery(sample())
    surgery.graft(tools.make_book("## 行动方案\n| 我自己的方案 | 3 |"))
    result = run(run(surgery.to_bytes()).workbook).workbook
    names = [sheet.name for sheet in Book(result).sheets]
    assert [name for name in names if name.startswith("行动方案")] == ["行动方案", "行动方案 (2)"]
    assert by_openpyxl(result)["行动方案"]["A1"].value == "我自己的方案"
    assert plan(result, "行动方案 (2)").keys() == plan(once().workbook).keys()


# What is not ours


def inserted_only(before: bytes, after: bytes) -> bool:
    """Whether taking one run of bytes out of ``after`` gives ``before``: that is all that a mark does."""
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    return len(after) > len(before) and after.endswith(before[same:])


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_sellers_parts_come_back_byte_for_byte(lang: Lang) -> None:
    before, after = sample(lang), once(lang).workbook
    touched = changed_content(before, after) - may_change(before)
    (marked,) = touched
    old, new = (
        {Book.key(name): content for name, content in parts(data).items()} for data in (before, after)
    )
    assert marked == next(sheet.part for sheet in Book(before).sheets if sheet.name in cell_marks(after))
    assert inserted_only(old[marked], new[marked])
    assert problems(after) == set()
    assert sheet_names(after) == [*sheet_names(before), *added(lang), RUN_SHEET]


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
def test_the_open_xml_sdk_finds_nothing_wrong(lang: Lang, tmp_path: Path) -> None:
    files = {
        "blank": new_workbook("xianyu", lang, AS_OF),
        "sample": sample(lang),
        "result": once(lang).workbook,
    }
    paths = [tmp_path / f"{name}.xlsx" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    assert tools.validate(paths) == {path: [] for path in paths}


WANTED = (
    "chart",
    "pivot",
    "vba",
    "comments",
    "table",
    "date1904",
    "cf",
    "dv",
    "media",
    "calcchain",
    "extlink",
)


def test_real_workbooks_come_back_whole_or_are_said_to_hold_nothing(tmp_path: Path) -> None:
    """Small ones of many kinds; a row of trades is put in each where a sheet of ours can be added to it."""
    chosen: list[Path] = []
    for feature in WANTED:
        having = sorted(
            (path for path in small_corpus() if feature in features()[path]), key=lambda p: p.stat().st_size
        )
        chosen.append(next(path for path in having if path not in chosen))
    trades = tools.make_book(
        "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |\n| 3月5号 | 小王 | 10 |"
    )
    outcomes = Counter[str]()
    for path in chosen:
        data = path.read_bytes()
        with contextlib.suppress(NothingToAnalyse):
            analyze_file(data, path.name, as_of=AS_OF)
            outcomes["analysed"] += 1
        surgery = Surgery(data, allow_signed=True, allow_locked=True)
        surgery.graft(trades)
        host = surgery.to_bytes()
        result = analyze_file(host, path.name, as_of=AS_OF).workbook
        touched = changed_content(host, result) - may_change(host)
        assert touched <= {sheet.part for sheet in Book(result).sheets if sheet.name in cell_marks(result)}, (
            path.name
        )
        assert problems(result) <= problems(host), path.name
        assert [sheet.name for sheet in Book(result).sheets][: len(Book(host).sheets)] == [
            sheet.name for sheet in Book(host).sheets
        ]
        outcomes["whole"] += 1
    assert outcomes["whole"] == len(WANTED)
    assert outcomes["analysed"] <= 3
