"""Several people's copies in one workbook: what comes, what is filled, what differs; nothing is lost."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from sheetkit.errors import UsageError
from sheetkit.messages import LANGS, text
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.merge import Merge, Named, merge_files
from sheetkit.pipeline.merged import merge_json, sentences
from tests import tools
from tests.opc.books import parts, patched
from tests.opc.referential import Book, problems
from tests.pipeline.shop import AS_OF, light, once, sample, values_only
from tests.tools import make_book

TRADES = "## 交易记录\n| 日期 | 昵称 | 商品 | 成交价 | 订单号 | 备注 |\n"
PEOPLE = "## 基本信息\n| 昵称 | 手机号 | 客户编号 | 备注 |\n"
TALKS = "## 沟通记录\n| 日期 | 昵称 | 类型 | 内容 | 结果 |\n"
NAMES = ("我.xlsx", "妻子.xlsx", "助手.xlsx")


def merged(*books: str | bytes, base: str | None = None) -> Merge:
    data = [make_book(one) if isinstance(one, str) else one for one in books]
    files = [Named(name, one) for name, one in zip(NAMES, data, strict=False)]
    found = merge_files(files, base=Named("老底.xlsx", make_book(base)) if base else None)
    closes(found)
    return found


def closes(found: Merge) -> None:
    """Rows of all copies = rows of the result + the same + put together + left out, for each copy too."""
    for table, one in merge_json(found, "")["totals"].items():
        assert one["read"] == one["rows"] + one["same"] + one["matched"] + one["left_out"], table
        for part in one["files"]:
            assert part["read"] == part["same"] + part["matched"] + part["added"] + part["left_out"], table


def rows(found: Merge | bytes, sheet: str = "交易记录") -> list[tuple[object, ...]]:
    """The rows below the headings, blank ends cut."""
    data = found if isinstance(found, bytes) else found.workbook
    lines = openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(min_row=2, values_only=True)
    plain = [[one.date() if isinstance(one, dt.datetime) else one for one in line] for line in lines]
    for line in plain:
        while line and line[-1] is None:
            line.pop()
    return [tuple(line) for line in plain if line]


def conflicts(found: Merge) -> list[tuple[str, str, list[str]]]:
    """(cell, column, what the copies have)."""
    return [
        (one["cell"], one["column"], [each["value"] for each in one["values"]])
        for one in merge_json(found, "")["conflicts"]
    ]


def taken(found: Merge) -> list[tuple[str, str]]:
    return [(one["cell"], one["values"][-1]["value"]) for one in merge_json(found, "")["taken"]]


DAY = dt.date(2026, 3, 5)
ONE = "| 2026-03-05 | 小李 | 茶 | 100 | | |\n"
THREE = "| 2026-03-06 | 小王 | 碗 | 70 | | |\n"
TWO = "| 2026-03-06 | 小王 | 壶 | 50 | | |\n"


@dataclass
class Case:
    """Copies of the trades, and by hand: the amounts of the result, its differences, the values taken."""

    copies: tuple[str, ...]
    amounts: list[int]
    conflicts: list[tuple[str, str, list[str]]] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    base: str | None = None


CASES = {
    "the same twice": Case((ONE + TWO, ONE + TWO), [100, 50]),
    "each has one more": Case((ONE, ONE + TWO, ONE + THREE), [100, 50, 70]),
    "a row twice in one copy stays twice": Case((ONE + ONE, ONE), [100, 100]),
    "a row twice in the other copy comes a second time": Case((ONE, ONE + ONE), [100, 100]),
    "twice in both is twice": Case((ONE + ONE, ONE + ONE), [100, 100]),
    "another order of rows": Case((ONE + TWO, TWO + ONE), [100, 50]),
    "another amount": Case((ONE, ONE.replace("100", "90")), [100], [("D2", "成交价", ["100", "90"])]),
    "three amounts": Case(
        (ONE, ONE.replace("100", "90"), ONE.replace("100", "80")),
        [100],
        [("D2", "成交价", ["100", "90", "80"])],
    ),
    "the third agrees with the first": Case(
        (ONE, ONE.replace("100", "90"), ONE), [100], [("D2", "成交价", ["100", "90", "100"])]
    ),
    "typed in another way": Case((ONE, "| '2026/3/5 | 小李 | 茶 | '¥100.00 | | |\n"), [100]),
    "a blank is filled": Case(
        (ONE, "| 2026-03-05 | 小李 | 茶 | 100 | | 送货上门 |\n"), [100], [], [("F2", "送货上门")]
    ),
    "a blank beside a value": Case(("| 2026-03-05 | 小李 | 茶 | 100 | | 送货上门 |\n", ONE), [100]),
    "two fill one blank differently": Case(
        (ONE, "| 2026-03-05 | 小李 | 茶 | 100 | | 甲 |\n", "| 2026-03-05 | 小李 | 茶 | 100 | | 乙 |\n"),
        [100],
        [("F2", "备注", ["", "甲", "乙"])],
    ),
    "one order id, another customer's name": Case(
        ("| 2026-03-05 | 小李 | 茶 | 100 | '1234567890123456789 | |\n",
         "| 2026-03-05 | 李姐 | 茶 | 100 | '1234567890123456789 | |\n"),
        [100],
        [("B2", "昵称", ["小李", "李姐"])],
    ),
    "two order ids are two orders": Case(
        ("| 2026-03-05 | 小李 | 茶 | 100 | '1234567890123456789 | |\n",
         "| 2026-03-05 | 小李 | 茶 | 100 | '1234567890123456780 | |\n"),
        [100, 100],
    ),
    "one order of two items": Case(
        ("| 2026-03-05 | 小李 | 茶 | 100 | 'A1 | |\n",
         "| 2026-03-05 | 小李 | 茶 | 100 | 'A1 | |\n| 2026-03-05 | 小李 | 壶 | 30 | 'A1 | |\n"),
        [100, 30],
    ),
    "an order id that one of them looked up": Case(
        (ONE, ONE.replace("| 100 | |", "| 100 | '99887766 |")), [100], [], [("E2", "99887766")]
    ),
    "with the old file: changed by one": Case((ONE, ONE.replace("100", "90")), [90], [], [("D2", "90")], ONE),
    "with the old file: changed by the base": Case((ONE.replace("100", "90"), ONE), [90], [], [], ONE),
    "with the old file: changed by both": Case(
        (ONE.replace("100", "90"), ONE.replace("100", "80")), [90], [("D2", "成交价", ["90", "80"])], [], ONE
    ),
    "with the old file: deleted in the base": Case((ONE, ONE + TWO), [100], [], [], ONE + TWO),
    "with the old file: deleted in the copy": Case((ONE + TWO, ONE), [100, 50], [], [], ONE + TWO),
    "with the old file: deleted here, changed there": Case(
        (ONE, ONE + TWO.replace("50", "55")), [100, 55], [], [], ONE + TWO
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_trades_are_put_together(case: str) -> None:
    about = CASES[case]
    found = merged(*(TRADES + one for one in about.copies), base=TRADES + about.base if about.base else None)
    assert [row[3] for row in rows(found)] == about.amounts
    assert conflicts(found) == about.conflicts
    assert taken(found) == about.taken
    for lang in LANGS:
        assert all(text(one.key, lang, **one.params) for one in sentences(found))


def test_customers_are_one_by_id_else_by_name_and_two_ids_are_two() -> None:
    mine = PEOPLE + "| 小李 | | 'K1 | |\n| 小王 | | | |\n| 小张 | | 'K3 | |"
    hers = PEOPLE + "| 李姐 | '13912345678 | 'K1 | |\n| 小王 | '13812345678 | | |\n| 小张 | | 'K4 | |"
    found = merged(mine, hers)
    assert conflicts(found) == [("A2", "昵称", ["小李", "李姐"])]
    assert taken(found) == [("B2", "13912345678"), ("B3", "13812345678")]
    assert rows(found, "基本信息") == [
        ("小李", "13912345678", "K1"),
        ("小王", "13812345678"),
        ("小张", None, "K3"),
        ("小张", None, "K4"),
    ]


def test_two_talks_of_one_day_are_two_and_a_result_is_filled() -> None:
    mine = TALKS + "| 2026-03-05 | 小李 | 咨询 | 还在吗 | |\n"
    hers = TALKS + "| 2026-03-05 | 小李 | 咨询 | 还在吗 | 要了 |\n| 2026-03-05 | 小李 | 咨询 | 能便宜吗 | |\n"
    found = merged(mine, hers)
    assert [row[3:] for row in rows(found, "沟通记录")] == [("还在吗", "要了"), ("能便宜吗",)]
    assert not conflicts(found)


def test_columns_and_sheets_of_her_own_survive() -> None:
    mine = TRADES + ONE + "## 账\n| 房租 | 3000 |\n## 备忘\n| 买菜 |\n"
    hers = (
        "## 交易记录\n| 昵称 | 心情 | 成交价 | 日期 | 商品 |\n| 小李 | 好 | 100 | 2026-03-05 | 茶 |\n"
        "| 小王 | 很好 | 50 | 2026-03-06 | 壶 |\n"
        "## 账\n| 房租 | 3500 |\n## 备忘\n| 买菜 |\n## 进货\n| 2026-03-01 | 茶叶 | 12.5 |\n"
    )
    found = merged(mine, hers)
    lines = list(openpyxl.load_workbook(io.BytesIO(found.workbook))["交易记录"].iter_rows(values_only=True))
    assert lines[0] == ("日期", "昵称", "商品", "成交价", "订单号", "备注", "心情")
    assert rows(found) == [
        (DAY, "小李", "茶", 100, None, None, "好"),
        (dt.date(2026, 3, 6), "小王", "壶", 50, None, None, "很好"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(found.workbook))
    assert book.sheetnames == ["交易记录", "账", "备忘", "账 (妻子)", "进货", "合并冲突"]
    assert (book["账"]["B1"].value, book["账 (妻子)"]["B1"].value) == (3000, 3500)
    assert (book["进货"]["A1"].value, book["进货"]["C1"].value) == (dt.datetime(2026, 3, 1), 12.5)
    said = [text(one.key, "zh", **one.params) for one in sentences(found)]
    assert any("「账」" in one and "「账 (妻子)」" in one for one in said)
    assert any("右边加了列:心情" in one for one in said)


def test_a_table_the_base_lacks_comes_whole_and_is_read() -> None:
    found = merged(TRADES + ONE, TRADES + ONE + PEOPLE + "| 小李 | '13912345678 | | |\n")
    assert rows(found, "基本信息") == [("小李", "13912345678")]
    assert found.rows["customers"] == 1
    assert analyze_file(found.workbook, "店.xlsx", as_of=AS_OF).analysis.customer_count == 1


def test_text_stays_text_and_a_formula_of_the_base_stays() -> None:
    mine = TRADES + "| 2026-03-05 | 小李 | 茶 | =B9 -> 100 | | |\n"
    hers = (
        TRADES
        + "| 2026-03-05 | 小李 | 茶 | 90 | | |\n| 2026-03-06 | '=cmd | '007 | 5 | '0012345678901234567 | |\n"
    )
    found = merged(mine, hers)
    book = openpyxl.load_workbook(io.BytesIO(found.workbook))["交易记录"]
    assert book["D2"].value == "=B9"
    assert (book["B3"].value, book["B3"].data_type, book["C3"].value) == ("=cmd", "s", "007")
    assert book["E3"].value == "0012345678901234567"
    assert [one[2] for one in conflicts(found)] == [["100", "90"]]


def test_a_text_file_of_an_assistant_joins() -> None:
    csv = "日期,昵称,商品,成交价\n2026-03-05,小李,茶,100.00\n2026/3/7,小赵,碗,¥1,2\n".encode("gb18030")
    csv = csv.replace("¥1,2".encode("gb18030"), b"12.5")
    files = [Named("我.xlsx", make_book(TRADES + ONE)), Named("助手.csv", csv)]
    found = merge_files(files)
    closes(found)
    assert rows(found) == [(DAY, "小李", "茶", 100), (dt.date(2026, 3, 7), "小赵", "碗", 12.5)]


def dated(data: bytes, day: str) -> bytes:
    core = parts(data)["docProps/core.xml"].decode()
    said = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{day}T08:30:00Z", core)
    return patched(data, {"docProps/core.xml": said.encode()})


def test_whose_file_was_saved_last_stands_beside_a_difference() -> None:
    mine, hers = (make_book(TRADES + one) for one in (ONE, ONE.replace("100", "90")))
    found = merged(dated(mine, "2026-03-09"), dated(hers, "2026-03-08"))
    (one,) = merge_json(found, "")["conflicts"]
    assert one["saved_last"] == "我.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(found.workbook))["合并冲突"]
    shown = [cell for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    assert "妻子.xlsx(存于 2026-03-08 08:30)" in shown


def notes(found: Merge) -> list[str]:
    return [str(one) for one in merge_json(found, "")["notes"]]


def test_rows_deleted_in_a_copy_are_named_and_a_copy_without_the_table_deletes_none() -> None:
    old = TRADES + ONE + TWO + PEOPLE + "| 小李 | | | |\n"
    found = merged(old, TRADES + ONE, base=old)
    assert notes(found) == ["「妻子.xlsx」里删掉了「交易记录」的第 3 行;这里还留着,要删请自己删"]


def test_a_blank_that_a_formula_computes_is_not_typed_over() -> None:
    mine = TRADES + '| 2026-03-05 | 小李 | 茶 | 100 | | =IF(D2>500,"大单","") -> 空 |\n'
    data = make_book(mine)
    part = next(name for name, one in parts(data).items() if b"IF(D2" in one)
    blank = parts(data)[part].replace("<v>空</v>".encode(), b"<v></v>")
    assert blank != parts(data)[part]
    found = merged(patched(data, {part: blank}), TRADES + "| 2026-03-05 | 小李 | 茶 | 100 | | 送礼 |\n")
    formula = openpyxl.load_workbook(io.BytesIO(found.workbook))["交易记录"]["F2"].value
    assert formula == '=IF(D2>500,"大单","")'
    assert notes(found) == ["「交易记录」这些行里有公式算的格子,没有填别的文件的值:第 2 行"]
    assert not taken(found)


def test_a_file_with_itself_is_itself() -> None:
    found = merged(TRADES + ONE + TWO, TRADES + ONE + TWO, TRADES + ONE + TWO)
    assert (len(rows(found)), conflicts(found), taken(found)) == (2, [], [])


def test_what_cannot_be_merged_is_said() -> None:
    book = Named("我.xlsx", make_book(TRADES + ONE))
    csv = Named("助手.csv", "日期,昵称,成交价\n2026-03-05,小李,100\n".encode())
    for files, key in (
        ([book], "merge.one_file"),
        ([csv, book], "merge.first_kind"),
        ([book, Named("备忘.xlsx", make_book("## 备忘\n| 买菜 |"))], "merge.no_table"),
    ):
        with pytest.raises(UsageError) as problem:
            merge_files(files)
        assert problem.value.key == key


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_settings_lists_and_ticks_are_held_against_each_other() -> None:
    book = openpyxl.load_workbook(io.BytesIO(once("zh").workbook))
    settings, plan = book["参数设置"], book["行动方案"]
    keys = {settings.cell(row, 1).value: row for row in range(2, settings.max_row + 1)}
    keys = {key: row for key, row in keys.items() if key not in ("shop_kind", "currency")}
    own = [row for key, row in keys.items() if key and settings.cell(row, 4).value is None][:2]
    head = next(row for row in range(1, 10) if plan.cell(row, 10).value == "状态")

    def copy(limit: int, more: int | None, tick: str, result: str) -> bytes:
        settings.cell(own[0], 4).value, settings.cell(own[1], 4).value = limit, more
        plan.cell(head + 1, 10).value, plan.cell(head + 1, 13).value = tick, result
        return saved(book)

    mine, lists = copy(5, None, "已联系", ""), book["选项"]
    free = next(row for row in range(2, 40) if lists.cell(row, 4).value is None)
    lists.cell(free, 4).value, lists.cell(free, 5).value = "五星", "好"
    files = [mine, copy(7, 3, "已成交", "要了两件")]
    found = merge_files([Named(name, data) for name, data in zip(NAMES, files, strict=False)])
    closes(found)
    told = merge_json(found, "")
    differ = {
        (one["sheet"], one["cell"]): [each["value"] for each in one["values"]] for one in told["conflicts"]
    }
    assert differ == {
        ("参数设置", f"D{own[0]}"): ["5", "7"],
        ("行动方案", f"J{head + 1}"): ["已联系", "已成交"],
    }
    filled = {one["sheet"] for one in told["taken"]}
    assert filled == {"参数设置", "行动方案", "选项"}
    result = openpyxl.load_workbook(io.BytesIO(found.workbook))
    assert (result["参数设置"].cell(own[0], 4).value, result["参数设置"].cell(own[1], 4).value) == (5, 3)
    assert result["行动方案"].cell(head + 1, 13).value == "要了两件"
    assert "五星" in [result["选项"].cell(row, 4).value for row in range(2, 40)]


@pytest.mark.parametrize("full", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_copies_saved_by_libreoffice_are_merged_whole(full: bool, tmp_path: Path) -> None:
    """Her copy typed on in another program, his untouched: every row of both, a valid file, one analysis."""

    def typed_on(book: openpyxl.Workbook) -> None:
        sheet = book["交易记录"]
        sheet.append([dt.datetime(2026, 3, 14), "新客小张", "茶壶", 88])
        sheet["D2"] = 999

    (tmp_path / "妻子.xlsx").write_bytes(values_only(sample("zh"), typed_on))
    mine = sample("zh") if full else light()
    (tmp_path / "助手.xlsx").write_bytes(mine)
    hers, untouched = tools.recalculate_many(
        [tmp_path / "妻子.xlsx", tmp_path / "助手.xlsx"], tmp_path / "out"
    )
    files = [("我.xlsx", mine), ("妻子.xlsx", hers.read_bytes()), ("助手.xlsx", untouched.read_bytes())]
    found = merge_files([Named(name, data) for name, data in files])
    closes(found)
    before = rows(mine)
    assert found.rows["trades"] == len([row for row in before if row[0]]) + 1
    assert [one[:2] for one in conflicts(found)] == [("D2", "成交价")]
    assert conflicts(found)[0][2][:2] == [str(before[0][3]), "999"]
    assert problems(found.workbook) <= problems(mine)
    names = [sheet.name for sheet in Book(found.workbook).sheets]
    assert names == [*(sheet.name for sheet in Book(mine).sheets), "合并冲突"]
    (tmp_path / "合.xlsx").write_bytes(found.workbook)
    old, new = tools.validate([tmp_path / "助手.xlsx", tmp_path / "合.xlsx"]).values()
    assert set(new) <= set(old)  # openpyxl writes a font that the judge minds
    again = analyze_file(found.workbook, "合.xlsx", as_of=AS_OF)
    assert "新客小张" in again.analysis.customers["name"]
    assert "合并冲突" in openpyxl.load_workbook(io.BytesIO(again.workbook)).sheetnames
