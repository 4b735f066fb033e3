"""What the analysis added is taken away again: to the byte, or cleanly where another program saved."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest

from sheetkit.errors import NothingToAnalyse, NothingToStrip, SheetkitError, UnreadableError
from sheetkit.messages import Lang
from sheetkit.opc import Surgery
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.strip import Stripped, strip_file
from tests import tools
from tests.langs import ENGLISH_IN_PROOF
from tests.opc.books import corpus, features, parts, small_corpus
from tests.opc.referential import Book, problems
from tests.pipeline.shop import AS_OF, added, light, light_once, once, plan, run, sample, type_into_plan
from tests.seller import at_work, notes, renames, types

KEYS = list(plan(light_once().workbook))


def strip(data: bytes) -> Stripped:
    return strip_file(data, "店.xlsx", permits=["signed", "locked"])


def names(data: bytes) -> list[str]:
    return [sheet.name for sheet in Book(data).sheets]


# To the byte


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_every_part_is_the_sellers_again(lang: Lang) -> None:
    stripped = strip(once(lang).workbook)
    assert parts(stripped.workbook) == parts(sample(lang))
    assert stripped.exact
    assert stripped.lang == lang
    assert stripped.removed == added(lang)
    assert stripped.typed == {}


def test_also_after_further_runs_on_other_days() -> None:
    data = light_once().workbook
    for day in (AS_OF, AS_OF + dt.timedelta(days=40), AS_OF + dt.timedelta(days=400)):
        data = analyze_file(data, "店.xlsx", as_of=day).workbook
    assert parts(strip(data).workbook) == parts(light())


@pytest.mark.proof
def test_ten_runs_weigh_what_two_do() -> None:
    data, sizes = light(), []
    for number in range(10):
        data = analyze_file(data, "店.xlsx", as_of=AS_OF + dt.timedelta(days=number % 2)).workbook
        sizes.append(len(data))
    assert sizes[0::2] == [sizes[0]] * 5
    assert sizes[1::2] == [sizes[1]] * 5


def test_what_she_typed_is_counted_and_stays_in_the_annotated_file() -> None:
    ticked = {KEYS[0]: {"status": "已联系"}, KEYS[1]: {"result": "下周"}, KEYS[2]: {"status": "待办"}}
    stripped = strip(type_into_plan(light_once().workbook, ticked))
    assert stripped.typed == {"行动方案": 2}
    assert parts(stripped.workbook) == parts(light())


WANTED = (
    "chart", "pivot", "vba", "comments", "table", "date1904", "cf", "dv", "media", "calcchain", "extlink",
)  # fmt: skip


def with_trades(path: Path) -> bytes:
    """A real workbook, or one with a sheet of trades more where it holds nothing to analyse."""
    data = path.read_bytes()
    trades = "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |\n| 3月5号 | 小王 | 10 |"
    surgery = Surgery(data, allow_signed=True, allow_locked=True)
    surgery.graft(tools.make_book(trades))
    return surgery.to_bytes()


# The reader of workbooks opens neither, so neither is analysed.
UNREADABLE = {"BlankSheetTypes.xlsm", "test-row-styles.xlsx"}


def comes_back(path: Path) -> None:
    for host in (path.read_bytes(), with_trades(path)):
        with contextlib.suppress(NothingToAnalyse):
            first = analyze_file(host, path.name, as_of=AS_OF, permits=["signed", "locked"])
            second = analyze_file(first.workbook, path.name, as_of=AS_OF, permits=["signed", "locked"])
            assert second.workbook == first.workbook
            assert parts(strip(second.workbook).workbook) == parts(host)


def smallest() -> list[Path]:
    """For each feature the smallest real workbook that has it."""
    by_size = sorted(small_corpus(), key=lambda path: path.stat().st_size)
    return sorted({next(path for path in by_size if kind in features()[path]) for kind in WANTED})


@pytest.mark.parametrize("path", smallest(), ids=lambda path: path.name)
def test_a_real_workbook_comes_back(path: Path) -> None:
    comes_back(path)


@pytest.mark.proof
@pytest.mark.parametrize("path", corpus(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_real_workbook_comes_back(path: Path) -> None:
    if path.name in UNREADABLE:
        with pytest.raises(UnreadableError):
            comes_back(path)
    else:
        comes_back(path)


# Saved by another program since


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Ticked, renamed, written in, with a note, and saved by LibreOffice."""
    typed = type_into_plan(light_once().workbook, {KEYS[0]: {"status": "已联系"}})
    return at_work(
        typed,
        tmp_path_factory.mktemp("theirs"),
        renames("行动方案", "本周待办"),
        types("分析总览", "L3", "毛利要自己算"),
        types("分析总览", "L4", "再看"),
        notes("数据检查", "B6", "问过了"),
    )


def without_marks(data: bytes) -> dict[str, bytes]:
    """The parts of the sheets, marks taken out."""
    surgery = Surgery(data)
    surgery.clear_marks()
    return {name: part for name, part in parts(surgery.to_bytes()).items() if "/worksheets/" in name}


def test_sheets_marks_and_record_go_from_a_file_saved_by_another_program(theirs: bytes) -> None:
    stripped = strip(theirs)
    assert not stripped.exact
    added = ["分析总览", "客户分群", "本周待办", "需求分析", "商品与求购", "门槛建议", "数据检查"]
    assert stripped.removed == added
    assert stripped.typed == {"分析总览": 2, "数据检查": 0, "本周待办": 1}
    assert names(stripped.workbook) == names(light())
    book = Book(stripped.workbook)
    assert [name.get("name") for name in book.defined_names if "sheetkit_added" in name.get("name", "")] == []
    assert not any(b"sheetkit:" in part for part in parts(stripped.workbook).values())
    old, new = without_marks(theirs), parts(stripped.workbook)
    assert {name for name in new if "/worksheets/" in name} < set(old)
    assert all(new[name] == old[name] for name in new if "/worksheets/" in name)
    assert problems(stripped.workbook) <= problems(theirs)


def test_a_run_on_it_leaves_nothing_more_behind(theirs: bytes) -> None:
    after = strip(run(theirs).workbook)
    assert not after.exact
    added = ["分析总览", "客户分群", "本周待办", "需求分析", "商品与求购", "门槛建议", "数据检查"]
    assert after.removed == [*added, "分析总览 (旧)", "数据检查 (旧)"]
    assert after.typed == {"本周待办": 1, "分析总览 (旧)": 0, "数据检查 (旧)": 0}
    before = parts(strip(theirs).workbook)
    styles = "xl/styles.xml"
    assert parts(after.workbook).keys() == before.keys()
    assert [name for name, part in parts(after.workbook).items() if part != before[name]] in ([], [styles])


def test_marks_alone_are_taken_away() -> None:
    surgery = Surgery(light())
    surgery.mark("交易记录", ["A2", "B3"], "error")
    stripped = strip(surgery.to_bytes())
    assert (stripped.removed, stripped.exact) == ([], False)
    old, new = parts(light()), parts(stripped.workbook)
    assert {name for name in old if old[name] != new[name]} == {"xl/styles.xml"}


# What cannot be


def test_a_sheet_her_own_formula_reads_is_not_taken_away(tmp_path: Path) -> None:
    data = at_work(
        light_once().workbook,
        tmp_path,
        types("沟通记录", "Z1", "='客户分群'.A5"),
        types("基本信息", "Z1", "=SUM('客户分群'.J5:J9)+'分析总览'.A1"),
    )
    with pytest.raises(SheetkitError) as caught:
        strip(data)
    assert (caught.value.key, caught.value.exit_code) == ("strip.in_use", 1)
    assert caught.value.params["sheets"] == {"zh": "分析总览、客户分群", "en": "分析总览, 客户分群"}
    assert caught.value.params["users"] == {"zh": "基本信息、沟通记录", "en": "基本信息, 沟通记录"}


def test_nothing_of_ours() -> None:
    for data in (light(), tools.make_book("## 交易记录\n| 日期 | 昵称 |\n| 2026-03-05 | 小李 |")):
        with pytest.raises(NothingToStrip) as caught:
            strip(data)
        assert caught.value.exit_code == 5


def test_what_is_no_workbook_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableError) as caught:
        strip(b"a,b\n1,2\n")
    assert caught.value.key == "opc.not_a_workbook"
