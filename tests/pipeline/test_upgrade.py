"""A filled workbook of an earlier version takes on what the template has by now; what is hers stays."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from sheetkit.errors import NothingToUpgrade, UnreadableError, UsageError
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.model.lists import lists
from sheetkit.opc import Surgery
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.upgrade import Upgraded, upgrade_file
from sheetkit.pipeline.upgraded import sentences, upgrade_json
from tests import tools
from tests.langs import ENGLISH_IN_PROOF
from tests.opc.books import parts, patched
from tests.opc.referential import Book, problems
from tests.opc.variants import VARIANTS
from tests.opc.whole import changed_content
from tests.pipeline.old_books import LATER, MISSING, ROOM, lived_in, old_book, substituted, with_table
from tests.pipeline.shop import AS_OF, MAIN, run, sheet_part, told

COMPUTED = {"今天", "客户分类", "客户档案", "看板", "计算", "_sheetkit"}
VOLATILE = "今天"
"""The sheet that goes by the clock."""


def upgrade(data: bytes, **more: object) -> Upgraded:
    return upgrade_file(data, "店.xlsx", **more)  # type: ignore[arg-type]


def result(done: Upgraded) -> bytes:
    assert done.workbook is not None
    return done.workbook


@cache
def upgraded(lang: Lang) -> Upgraded:
    return upgrade(old_book(lang))


def values(data: bytes) -> dict[str, dict[str, object]]:
    """{sheet: {cell: value}} of what stands in the cells."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it does not keep
        book = load_workbook(io.BytesIO(data), data_only=True)
    return {
        sheet.title: {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
        for sheet in book.worksheets
    }


def altered(old: dict[str, object], new: dict[str, object]) -> dict[str, tuple[object, object]]:
    """The cells that do not hold what they held."""
    return {cell: (value, new.get(cell)) for cell, value in old.items() if not same(value, new.get(cell))}


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return other == pytest.approx(one, rel=1e-9, abs=1e-9)
    return one == other or {one, other} == {None, ""}


def tokens(part: bytes) -> list[bytes]:
    """The tags and texts of a part, without the counts and sizes that grow with it."""
    plain = re.sub(rb'\s(?:count|spans)="[^"]*"|<dimension [^>]*>', b"", part)
    return [one for one in re.split(rb"(<[^>]*>)", plain) if one]


def not_kept(before: bytes, after: bytes) -> Iterator[bytes]:
    """What of a part is not in the other one any more, in its order."""
    coming = iter(tokens(after))
    for one in tokens(before):
        if not any(one == other for other in coming):
            yield one
            return


# What comes


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_missing_columns_come_on_the_right(lang: Lang) -> None:
    done = upgraded(lang)
    assert done.added.columns == {table: keys_in_order(table) for table in MISSING}
    new = read_book(result(done), "店.xlsx")
    old = {one.table: one for one in read_book(old_book(lang), "店.xlsx").places}
    assert {one.table for one in new.places} == {*old, *LATER}
    for place in new.places:
        if place.table in LATER:
            continue
        assert old[place.table].letters.items() <= place.letters.items()
        assert set(MISSING[place.table]) <= place.letters.keys()
        last = max(map(column, old[place.table].letters.values()))
        assert all(column(place.letters[key]) > last for key in MISSING[place.table])


def keys_in_order(table: str) -> tuple[str, ...]:
    return tuple(one.key for one in blueprint("xianyu").sheet(table).columns if one.key in MISSING[table])


def column(letters: str) -> int:
    return sum((ord(one) - 64) * 26**at for at, one in enumerate(reversed(letters)))


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_a_new_column_has_heading_width_dropdown_and_help(lang: Lang) -> None:
    fresh = new_workbook("xianyu", lang, AS_OF, capacity=ROOM)
    shown = {name: looks(data, lang) for name, data in {"here": result(upgraded(lang)), "new": fresh}.items()}
    assert shown["here"] == shown["new"]
    assert sum(bool(one["offers"]) for one in shown["here"].values()) == 3
    assert sum(bool(one["help"]) for one in shown["here"].values()) >= 5


def looks(data: bytes, lang: Lang) -> dict[str, dict[str, object]]:
    """What a seller sees of the columns that the earlier version had not."""
    book, found = load_workbook(io.BytesIO(data)), {}
    for table, keys in MISSING.items():
        spec = blueprint("xianyu").sheet(table)
        sheet = book[spec.labels[lang]]
        headings = {cell.value: cell for cell in sheet[1]}
        for one in spec.columns:
            if one.key in keys:
                cell = headings[one.labels[lang]]
                below = f"{cell.column_letter}2"
                rules = [rule for rule in sheet.data_validations.dataValidation if below in rule.sqref]
                found[f"{table}.{one.key}"] = {
                    "heading": (cell.font.b, cell.fill.fgColor.rgb, cell.alignment.wrap_text),
                    "width": [
                        one.width
                        for one in sheet.column_dimensions.values()
                        if one.min <= cell.column <= one.max
                    ],
                    "offers": [rule.formula1 for rule in rules if rule.type == "list"],
                    "help": [(rule.promptTitle, rule.prompt) for rule in rules],
                    "marks": sum(
                        len(every.rules)
                        for every in sheet.conditional_formatting
                        if below in str(every.sqref)
                    )
                    > 1,
                }
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_what_every_sheet_to_fill_held_it_holds(lang: Lang) -> None:
    old, new = values(old_book(lang)), values(result(upgraded(lang)))
    names = blueprint("xianyu")
    for key in ("trades", "customers", "contacts", "lists"):
        assert altered(old[names.sheet(key).labels[lang]], new[names.sheet(key).labels[lang]]) == {}


def test_further_tables_are_grafted_and_the_analysis_reads_them() -> None:
    done = upgrade(old_book("zh"), more=["cases"])
    assert done.added.sheets == (*LATER, "cases")
    assert set(done.added.lists) >= {"condition", "goods_state", "case_kind"}
    book = read_book(result(done), "店.xlsx")
    sheets = ["交易记录", "基本信息", "沟通记录", "求购登记", "商品", "售后"]
    assert [one.sheet for one in book.places] == sheets
    assert book.more == ("cases",)
    assert customers(result(done)) == customers(old_book("zh"))
    assert upgrade(result(done)).workbook is None


def customers(data: bytes) -> object:
    return told(run(data).analysis)["customers"]


@pytest.mark.parametrize("lang", LANGS)
def test_an_up_to_date_book_is_left_alone(lang: Lang) -> None:
    for data in (result(upgraded(lang)), new_workbook("xianyu", lang, AS_OF, capacity=ROOM)):
        again = upgrade(data)
        assert again.workbook is None
        assert not again.added
        assert upgrade_json(again, "")["changed"] is False


def test_the_same_input_gives_the_same_bytes() -> None:
    assert result(upgrade(old_book("zh"))) == result(upgraded("zh"))


def test_choices_that_were_deleted_do_not_come_back() -> None:
    """The record says what was offered; what she took away stays away."""
    data = new_workbook("xianyu", "zh", AS_OF, capacity=ROOM)
    label = lists()["source"].entries[1].labels.zh
    place = next(cell for cell, value in values(data)["选项"].items() if value == label)
    data = substituted(data, "选项", rb'(<c r="%s"[^>]*?) t="s"><v>\d+</v></c>' % place.encode(), rb"\1/>")
    assert upgrade(data).workbook is None
    old = substituted(data, "_sheetkit", rb'(<c r="B2"[^>]*?) t="s"><v>\d+</v>', rb"\1><v>0</v>")
    done = upgrade(old)
    assert done.workbook is not None
    assert done.added.choices == {}
    assert place not in values(done.workbook)["选项"]


# A book that was lived in, saved by LibreOffice


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Upgraded, bytes]:
    """Hers, upgraded, and that computed anew by LibreOffice."""
    folder = tmp_path_factory.mktemp("lived")
    data = lived_in(folder)
    done = upgrade(data, more=["goods"])
    path = folder / "upgraded.xlsx"
    path.write_bytes(result(done))
    (folder / "computed").mkdir()
    return data, done, tools.computed([path], folder / "computed")[0].read_bytes()


@pytest.mark.proof
def test_her_sheets_keep_names_places_and_cells(lived: tuple[bytes, Upgraded, bytes]) -> None:
    before, done, _ = lived
    old, new = ([one.name for one in Book(data).sheets] for data in (before, result(done)))
    assert new == [*old, "求购登记", "商品 (2)"]
    assert done.names["trades"] == "卖出"
    held, now = values(before), values(result(done))
    for name in set(old) - COMPUTED - {"参数设置"}:
        assert altered(held[name], now[name]) == {}, name
    assert now["基本信息"]["W40"] == "别忘了"
    assert [now["基本信息"][f"{one}1"] for one in ("V", "X", "Y")] == ["我的打分", "微信号", "生日"]
    assert now["选项"]["A20"] == "换货中"


@pytest.mark.proof
def test_her_own_values_and_ticks_stay(lived: tuple[bytes, Upgraded, bytes]) -> None:
    before, done, _ = lived
    old, new = (read_book(data, "店.xlsx") for data in (before, result(done)))
    assert new.goals == old.goals != {}
    assert new.settings == old.settings != {}
    assert new.plan == old.plan != {}
    assert new.as_of_cell == old.as_of_cell


@pytest.mark.proof
def test_nothing_of_hers_changes_but_by_insertion(lived: tuple[bytes, Upgraded, bytes]) -> None:
    before, done, _ = lived
    after = result(done)
    old, new = parts(before), parts(after)
    named = {one.name: sheet_part(before, one.name) for one in Book(before).sheets}
    for name in ("卖出", "基本信息", "沟通记录"):
        assert list(not_kept(old[named[name]], new[named[name]])) == [], name
    for name in ("商品", "分析总览", "客户分群", "行动方案", "数据检查", "_sheetkit_run"):
        assert old[named[name]] == new[named[name]], name
    changed = {part for part in changed_content(before, after) if part.startswith("xl/worksheets/sheet")}
    mine = {named[name] for name in (*COMPUTED, "卖出", "基本信息", "沟通记录", "参数设置", "选项")}
    assert changed <= mine


@pytest.mark.proof
def test_no_judge_finds_a_new_error(lived: tuple[bytes, Upgraded, bytes], tmp_path: Path) -> None:
    before, done, _ = lived
    assert problems(result(done)) <= problems(before)
    paths = [tmp_path / "before.xlsx", tmp_path / "after.xlsx"]
    for path, data in zip(paths, (before, result(done)), strict=True):
        path.write_bytes(data)
    said = tools.validate(paths)
    assert {one.split(" ", 1)[1] for one in said[paths[1]]} <= {
        one.split(" ", 1)[1] for one in said[paths[0]]
    }


@pytest.mark.proof
def test_a_spreadsheet_program_computes_what_the_analysis_says(lived: tuple[bytes, Upgraded, bytes]) -> None:
    """Every computed cell: written from the query over her data, computed anew from the formulas."""
    _, done, computed = lived
    written, seen = values(result(done)), values(computed)
    for name in (COMPUTED | {"参数设置", "商品"}) - {VOLATILE}:
        other = altered(written[name], seen[name])
        # how far a goal is, is only said when the workbook is computed
        assert all("目标" in str(one) for _, one in other.values()), (name, other)
        assert not other or name == "看板"
    assert len(written["计算"]) > 2000
    first = values(old_book("zh"))["交易记录"]  # the answers beside her trades, before the column was moved
    answers = {row: first.get(f"F{row}") for row in range(2, 46)}
    assert {row: seen["卖出"].get(f"G{row}") for row in answers} == answers


@pytest.mark.proof
def test_the_analysis_is_what_it_was(lived: tuple[bytes, Upgraded, bytes]) -> None:
    before, done, _ = lived
    assert customers(result(done)) == customers(before)


@pytest.mark.proof
def test_it_is_up_to_date_then_and_says_what_to_look_at(lived: tuple[bytes, Upgraded, bytes]) -> None:
    _, done, computed = lived
    assert done.readers == ("商品",)
    assert upgrade(result(done)).workbook is None
    assert upgrade(computed).workbook is None
    said = [text(one.key, "zh", **one.params) for one in sentences(done)]
    assert "「卖出」右边加了列:评价、款项类型、成本" in said
    assert "加了工作表:求购登记、商品 (2)" in said


# Nasty sheets


def test_her_column_where_ours_would_come_filter_panes_and_formats() -> None:
    data = old_book("zh")
    name = sheet_part(data, "交易记录")
    assert all(tag in parts(data)[name] for tag in (b"<autoFilter", b"<pane ", b"<conditionalFormatting"))
    (place,) = (one for one in read_book(data, "店.xlsx").places if one.table == "trades")
    last = max(map(column, place.letters.values()))
    letter = chr(64 + last + 1)
    own = f'<c r="{letter}1" t="inlineStr"><is><t>经手人</t></is></c></row><row r="2"'
    data = substituted(data, "交易记录", rb'</row><row r="2"', own.encode())
    after = result(upgrade(data))
    sheet, old = (load_workbook(io.BytesIO(one))["交易记录"] for one in (after, data))
    assert sheet[f"{letter}1"].value == "经手人"
    assert sheet.cell(1, last + 2).value == "评价"
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == (old.auto_filter.ref, old.freeze_panes)
    assert len(sheet.conditional_formatting) >= len(old.conditional_formatting)
    assert list(not_kept(parts(data)[name], parts(after)[name])) == []


def test_ours_come_right_of_a_table_of_hers() -> None:
    surgery = Surgery(old_book("zh"))
    before = surgery.first_free_column("沟通记录")
    ref = f"A1:{get_column_letter(before + 3)}4"
    columns = "".join(f'<tableColumn id="{at}" name="c{at}"/>' for at in range(1, before + 4))
    table = f'<table xmlns="{MAIN}" id="9" name="T" displayName="T" ref="{ref}"><tableColumns>'
    data = with_table(old_book("zh"), "沟通记录", f"{table}{columns}</tableColumns></table>")
    assert Surgery(data).first_free_column("沟通记录") == before + 3


def test_a_column_range_over_everything_is_split() -> None:
    wide = b'<col min="20" max="16384" width="9.5"/></cols>'
    data = substituted(old_book("zh"), "沟通记录", rb"</cols>", wide)
    data = substituted(data, "沟通记录", rb'</row><row r="2"', b'<c r="S1"><v>1</v></c></row><row r="2"')
    after = result(upgrade(data))
    sheet = parts(after)[sheet_part(after, "沟通记录")].decode()
    ends = [(int(one), int(other)) for one, other in re.findall(r'<col min="(\d+)" max="(\d+)"', sheet)]
    assert ends == sorted(ends)
    assert [one for one in ends if one[0] >= 20] == [(20, 20), (21, 21), (22, 16384)]
    assert problems(after) <= problems(data)


OTHERS = ("prefix x", "texts in the cells", "absolute targets")


@pytest.mark.proof
def test_as_wps_saves_it() -> None:
    comes_through("as WPS saves")


@pytest.mark.proof
@pytest.mark.parametrize("name", OTHERS)
def test_however_it_was_written(name: str) -> None:
    comes_through(name)


def comes_through(name: str) -> None:
    variant = next(one for one in VARIANTS if one.name == name)
    data = variant.of(old_book("zh"))
    assert data is not None
    after = result(upgrade(data))
    assert problems(after) <= problems(data)
    assert customers(after) == customers(old_book("zh"))
    assert upgrade(after).workbook is None


# What cannot be


def test_what_sheetkit_did_not_write_has_no_template() -> None:
    with pytest.raises(NothingToUpgrade) as caught:
        upgrade(tools.make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 5 |"))
    assert (caught.value.key, caught.value.exit_code) == ("upgrade.not_ours", 5)


def test_days_counted_from_1904_are_refused() -> None:
    data = old_book("zh")
    book = parts(data)["xl/workbook.xml"].replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    assert b"date1904" in book
    with pytest.raises(UnreadableError) as caught:
        upgrade(patched(data, {"xl/workbook.xml": book}))
    assert caught.value.key == "upgrade.date1904"


def test_a_newer_workbook_an_unknown_table_and_an_unknown_template_are_refused() -> None:
    data = new_workbook("xianyu", "zh", AS_OF, capacity=ROOM)
    newer = substituted(data, "_sheetkit", rb'(<c r="B2"[^>]*?) t="s"><v>\d+</v>', rb"\1><v>99</v>")
    for key, book, more in (
        ("upgrade.newer", newer, {}),
        ("upgrade.unknown_table", data, {"more": ["good"]}),
        ("usage.unknown_template", data, {"to": "taobo"}),
    ):
        with pytest.raises(UsageError) as caught:
            upgrade(book, **more)
        assert caught.value.key == key


def test_moved_columns_of_the_settings_are_said() -> None:
    data = substituted(old_book("zh"), "参数设置", rb'(<c r="A1"[^>]*?) t="s"><v>\d+</v></c>', rb"\1/>")
    with pytest.raises(UnreadableError) as caught:
        upgrade(data)
    assert caught.value.key == "upgrade.settings_moved"


def test_a_deleted_computed_sheet_comes_back() -> None:
    surgery = Surgery(old_book("zh"))
    surgery.remove_sheets(["看板"], even_if_referenced=True)
    done = upgrade(surgery.to_bytes())
    assert done.added.sheets == (*LATER, "dashboard")
    assert "看板" in [one.name for one in Book(result(done)).sheets]
