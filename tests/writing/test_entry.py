"""The sheets to fill and the lists behind their dropdowns, read by openpyxl and judged by LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit import __version__
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.entry import Answer, Filling, write_entry
from sheetkit.writing.lists_sheet import ROOM, ListPlaces, blocks, write_lists
from sheetkit.writing.look import NUMBER_FORMATS, Look, display_width
from sheetkit.writing.meta import meta_rows, write_meta
from sheetkit.writing.sheet import Sheet, new_book
from tests.tools import computed

CAPACITY = 40
BLUEPRINT = blueprint("xianyu")
TRADES: list[dict[str, Any]] = [
    {"date": dt.date(2026, 3, 5), "nickname": "爱喝茶的小李", "amount": 120, "order_id": "00123456789012345"},
    {"date": "3月5号", "nickname": "=不是公式", "item": "=1+1", "amount": "¥1,200", "time": dt.time(20, 30)},
    {"date": 46086, "nickname": "1234", "amount": -35.5, "quantity": 2},
]


ANSWER = Answer(
    '=IF(B2="","","第"&ROW()-1&"行")', [f"第{at + 1}行" if at < len(TRADES) else "" for at in range(CAPACITY)]
)


Rows = dict[TableKey, list[dict[str, Any]]]


def book(lang: Lang = "zh", rows: Rows | None = None) -> tuple[bytes, ListPlaces]:
    """The entry sheets of a template with their lists."""
    given = rows or {}
    target = io.BytesIO()
    made = new_book(target)
    look = Look(made)
    keys = (*BLUEPRINT.entry_tables, "lists")
    sheets = {key: Sheet(made, BLUEPRINT.sheet(key).labels[lang]) for key in keys}
    places = write_lists(sheets["lists"], look, BLUEPRINT, lang)
    for key in BLUEPRINT.entry_tables:
        given_answer = ANSWER if key == "trades" else None
        filling = Filling(CAPACITY, given.get(key, []), given_answer)
        write_entry(sheets[key], look, BLUEPRINT.sheet(key), lang, places, filling)
    about = meta_rows(BLUEPRINT, lang, dt.date(2026, 3, 5), {"trades": CAPACITY})
    write_meta(Sheet(made, "_sheetkit"), look, about)
    made.close()
    return target.getvalue(), places


def read(data: bytes, **how: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


BLANK = {lang: read(book(lang)[0]) for lang in LANGS}
FILLED = read(book("zh", {"trades": TRADES})[0])


def entry(lang: Lang, key: str) -> Any:
    return BLANK[lang][BLUEPRINT.sheet(key).labels[lang]]


def headers(sheet: Any) -> list[str]:
    return [one.value for one in sheet[1]]


def dimension(sheet: Any, col: int) -> Any:
    """Width and format of a column (from 1): the file states them once for columns alike."""
    return next(one for one in sheet.column_dimensions.values() if one.min <= col <= one.max)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", BLUEPRINT.entry_tables)
class TestEverySheetToFill:
    def test_one_header_row_from_a1(self, lang: Lang, key: str) -> None:
        spec = BLUEPRINT.sheet(key)
        expected = [field.labels[lang] for field in spec.columns]
        if key == "trades":
            expected.insert(spec.front, {"zh": "这位客户", "en": "This customer"}[lang])
        sheet = entry(lang, key)
        assert headers(sheet) == expected
        assert sheet.max_column == len(expected)
        assert not sheet.merged_cells.ranges

    def test_the_columns_that_matter_look_so(self, lang: Lang, key: str) -> None:
        fills = [one.fill.fgColor.rgb[-6:] for one in entry(lang, key)[1]]
        front = BLUEPRINT.sheet(key).front
        rest = fills[front + (key == "trades") :]
        assert (set(fills[:front]), set(rest)) == ({"12436D"}, {"E4E8ED"})

    def test_nothing_locks_and_the_heading_stays(self, lang: Lang, key: str) -> None:
        sheet = entry(lang, key)
        assert not sheet.protection.sheet
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{CAPACITY + 1}"
        assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")

    def test_a_column_is_formatted_for_what_it_holds(self, lang: Lang, key: str) -> None:
        sheet = entry(lang, key)
        places = {one.value: one.column for one in sheet[1]}
        for field in BLUEPRINT.sheet(key).columns:
            column = dimension(sheet, places[field.labels[lang]])
            assert column.number_format == NUMBER_FORMATS[field.kind], field.key

    def test_no_word_of_a_heading_is_cut(self, lang: Lang, key: str) -> None:
        sheet = entry(lang, key)
        for one in sheet[1]:
            words = one.value.split() if lang == "en" else [one.value[:2]]
            width = dimension(sheet, one.column).width
            assert width >= max(map(display_width, words)) + 3, one.value

    def test_help_stands_beside_the_cells_and_refuses_nothing(self, lang: Lang, key: str) -> None:
        sheet = entry(lang, key)
        found = sheet.data_validations.dataValidation
        rules = {str(one.sqref).split(":")[0].rstrip("2"): one for one in found}
        letters = {one.value: one.column_letter for one in sheet[1]}
        assert not any(one.showErrorMessage for one in rules.values())
        for field in BLUEPRINT.sheet(key).columns:
            rule = rules.get(letters[field.labels[lang]])
            if field.list_key:
                assert rule.type == "list"
                assert rule.formula1 == f"list_{field.list_key}"
            if field.help[lang]:
                assert field.help[lang] in rule.prompt
            if rule is not None:
                assert str(rule.sqref).endswith(str(CAPACITY + 1))
                assert (len(rule.promptTitle) <= 32, len(rule.prompt) <= 255) == (True, True)


def test_the_answer_stands_after_the_front_columns() -> None:
    sheet = entry("zh", "trades")
    at = BLUEPRINT.sheet("trades").front + 1
    head, first, last = (sheet.cell(row, at) for row in (1, 2, CAPACITY + 1))
    assert (head.value, head.number_format) == ("这位客户", '@" ƒ"')
    assert first.value == '=IF(B2="","","第"&ROW()-1&"行")'
    assert last.value.startswith(f"=IF(B{CAPACITY + 1}=")
    assert sheet.cell(CAPACITY + 2, at).value is None
    assert first.fill.fgColor.rgb[-6:] == "F2F4F7"
    assert first.border.left.style != sheet.cell(1, 1).border.left.style


def test_the_answer_is_cached_for_previews() -> None:
    sheet = read(book("zh", {"trades": TRADES})[0], data_only=True)["交易记录"]
    column = [sheet.cell(row, 6).value for row in range(2, 7)]
    assert column == ["第1行", "第2行", "第3行", None, None]


def test_rows_are_written_by_their_type() -> None:
    sheet = FILLED["交易记录"]
    at = {name: index for index, name in enumerate(headers(sheet))}

    def value(row: int, name: str) -> Any:
        one = sheet.cell(row, at[name] + 1)
        return one.data_type, one.value

    assert value(2, "日期") == ("d", dt.datetime(2026, 3, 5))
    assert value(4, "日期") == ("d", dt.datetime(2026, 3, 5))
    assert value(3, "日期") == ("s", "3月5号")
    assert value(2, "成交价") == ("n", 120)
    assert value(3, "成交价") == ("s", "¥1,200")
    assert value(3, "昵称") == ("s", "=不是公式")
    assert value(4, "昵称") == ("s", "1234")
    assert value(2, "订单号") == ("s", "00123456789012345")
    assert value(3, "成交时间") == ("d", dt.time(20, 30))


def test_rows_beyond_the_capacity_are_refused() -> None:
    with pytest.raises(ValueError, match="41 rows do not fit"):
        book("zh", {"customers": [{"nickname": "a"}] * (CAPACITY + 1)})


def conditions(sheet: Any) -> dict[str, tuple[str, str]]:
    """{first column: (type, formula)} of the conditional formats; the last named wins."""
    return {
        f"{area.sqref}": (rule.type, rule.formula[0] if rule.formula else "")
        for area in sheet.conditional_formatting
        for rule in area.rules
    }


def test_what_stands_out_carries_a_sign_beside_its_colour() -> None:
    for sheet in (entry("zh", key) for key in BLUEPRINT.entry_tables):
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                row_wide = rule.type == "expression" and rule.formula[0].startswith("LEFT(")
                signed = rule.dxf.numFmt is not None and "⚠" in rule.dxf.numFmt.formatCode
                bold = rule.dxf.font is not None and rule.dxf.font.b
                # the answer has its sign in the text, a negative amount its minus
                assert signed or row_wide or bold, (area.sqref, rule.formula)


def test_a_nickname_twice_is_marked_on_the_customers_only() -> None:
    assert conditions(entry("zh", "customers"))[f"A2:A{CAPACITY + 1}"] == ("duplicateValues", "")
    assert all(kind == "expression" for kind, _ in conditions(entry("zh", "trades")).values())


def judged(formulas: dict[str, tuple[str, str]], data: bytes, folder: Path) -> dict[str, list[Any]]:
    """What LibreOffice says of conditions in rows 2 to 6; ``formulas``: {name: (sheet, that of row 2)}."""
    workbook = read(data)
    for at, (sheet, formula) in enumerate(formulas.values(), 40):
        for row in range(2, 7):
            workbook[sheet].cell(row, at, "=" + formula.replace("2", str(row)))
    path = folder / "conditions.xlsx"
    workbook.save(path)
    (folder / "out").mkdir()
    result = openpyxl.load_workbook(*computed([path], folder / "out"), data_only=True)
    return {
        name: [result[sheet].cell(row, at).value for row in range(2, 7)]
        for at, (name, (sheet, _)) in enumerate(formulas.items(), 40)
    }


def test_conditions_are_true_where_they_should_be(tmp_path: Path) -> None:
    past, far = dt.date(2020, 1, 1), dt.date(2099, 1, 1)
    contacts = [
        {"due": past},
        {"due": past, "status": "待处理", "type": "求购"},
        {"due": past, "status": "已完成", "type": "蹲"},
        {"due": far, "status": "待处理"},
        {"due": "下周"},
    ]
    data, _ = book("zh", {"contacts": contacts})
    sheet = read(data)["沟通记录"]
    letters = {one.value: one.column_letter for one in sheet[1]}
    rules = conditions(sheet)
    places = [f"{letters[name]}2:{letters[name]}{CAPACITY + 1}" for name in ("到期日", "类型")]
    overdue, unknown = (rules[place][1] for place in places)
    said = judged({"overdue": ("沟通记录", overdue), "unknown": ("沟通记录", unknown)}, data, tmp_path)
    assert said["overdue"] == [True, True, False, False, False]
    assert said["unknown"] == [False, False, True, False, False]


# The lists


@pytest.mark.parametrize("lang", LANGS)
def test_every_list_a_column_needs_is_there(lang: Lang) -> None:
    keys = [one.key for one in blocks(BLUEPRINT, lang)]
    columns = [field for key in BLUEPRINT.entry_tables for field in BLUEPRINT.sheet(key).columns]
    assert len(keys) == len(set(keys))
    used = {one.list_key for one in columns if one.list_key}
    assert set(keys) == used | {"manual_class", "shop_kind", "plan_status"}
    labels = [one.label for one in blocks(BLUEPRINT, lang)]
    assert len(labels) == len(set(labels))


def column(workbook: openpyxl.Workbook, place: str) -> list[Any]:
    sheet, _, cells = place.rpartition("!")
    return [row[0].value for row in workbook[sheet.strip("'")][cells.replace("$", "")]]


@pytest.mark.parametrize("lang", LANGS)
def test_labels_stand_beside_their_codes(lang: Lang) -> None:
    data, places = book(lang)
    formulas, values = read(data), read(data, data_only=True)
    for key, place in places.items():
        assert formulas.defined_names[f"labels_{key}"].value == place.labels
        assert len(column(values, place.labels)) == ROOM
        if place.codes:
            assert formulas.defined_names[f"codes_{key}"].value == place.codes
    states = lists()["trade_state"]
    place = places["trade_state"]
    pairs = dict(zip(column(values, place.labels), column(values, place.codes), strict=True))
    assert pairs == {one.labels[lang]: states.code(one.meaning) for one in states.entries} | {None: None}
    classes = [one.labels[lang] for one in rulebook().dimensions["customer_class"].classes]
    assert column(values, places["manual_class"].labels)[: len(classes) + 1] == [*classes, None]
    assert column(values, places["manual_class"].codes)[: len(classes)] == list(range(1, len(classes) + 1))
    assert places["category"].codes == ""


@pytest.mark.parametrize("lang", LANGS)
def test_meanings_are_offered_and_codes_are_hidden(lang: Lang) -> None:
    sheet = entry(lang, "lists")
    offered = {one.formula1: one for one in sheet.data_validations.dataValidation if one.type == "list"}
    listed = {one.key for one in blocks(BLUEPRINT, lang)}
    for key, choices in lists().items():
        expected = key in listed and bool(choices.meanings)
        header = {"zh": f"{choices.labels.zh}·含义", "en": f"{choices.labels.en} · meaning"}[lang]
        assert (header in headers(sheet)) == expected
        assert (f"meanings_{key}" in offered) == expected
    hidden = {one.value for one in sheet[1] if dimension(sheet, one.column).hidden}
    assert all(name.startswith("#") for name in hidden)
    assert "#" in hidden


def test_an_own_label_is_offered_and_coded(tmp_path: Path) -> None:
    """A label further down, after a gap, is the last that the dropdown offers."""
    data, places = book("zh")
    workbook = read(data)
    sheet = workbook["选项"]
    sheet["A15"], sheet["B15"], sheet["A16"] = "老客自提", "算成交", "没写含义"
    probe = workbook.create_sheet("probe")
    for row, key in enumerate(places, 1):
        probe.cell(row, 1, f"=ROWS(list_{key})")
    probe["B1"] = "=INDEX(list_trade_state,ROWS(list_trade_state),1)"
    path = tmp_path / "own.xlsx"
    workbook.save(path)
    (tmp_path / "out").mkdir()
    result = openpyxl.load_workbook(*computed([path], tmp_path / "out"), data_only=True)
    sizes = [len(one.entries) for one in blocks(BLUEPRINT, "zh")]
    assert [row[0].value for row in result["probe"]["A1" : f"A{len(places)}"]] == [15, *sizes[1:]]
    assert result["probe"]["B1"].value == "没写含义"
    assert (result["选项"]["C15"].value, result["选项"]["C16"].value) == (1, 0)
    assert column(result, places["manual_class"].codes)[:6] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_says_what_it_is(lang: Lang) -> None:
    sheet = BLANK[lang]["_sheetkit"]
    assert sheet.sheet_state == "hidden"
    said = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert (said["template"], said["version"], said["lang"]) == ("xianyu", str(BLUEPRINT.version), lang)
    assert (said["written_on"], said["sheetkit"]) == ("2026-03-05", __version__)
    assert said["capacity:trades"] == str(CAPACITY)
    assert said["sheet:lists"] == BLUEPRINT.sheet("lists").labels[lang]
    assert said["column:trades:amount"] == fields("trades")["amount"].labels[lang]
