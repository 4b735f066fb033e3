"""The settings sheet: its numbers are the rulebook's, in the file and in a spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit.intake.labels import label_readers
from sheetkit.intake.settings import read_settings
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.book import Book
from sheetkit.model.currencies import known_as
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.lists_sheet import write_lists
from sheetkit.writing.look import NUMBER_FORMATS, Look
from sheetkit.writing.settings import Own, SettingsPlaces, write_settings
from sheetkit.writing.sheet import Sheet, new_book
from tests.langs import ENGLISH_IN_PROOF
from tests.tools import computed

BLUEPRINT = blueprint("xianyu")
RULES = rules_for(BLUEPRINT).book
KIND = BLUEPRINT.shop_kind
KINDS = list(lists()["shop_kind"].meanings)
FIGURES = [("ticket_line", "=12345", 12345), ("high_line", '=""', ""), ("r_cut_1", "=30", 30)]
HEADERS = {
    "zh": ["键", "参数", "默认值", "我的设定", "生效值", "单位", "允许范围", "说明", "检查"],
    "en": ["Key", "Setting", "Default", "Own value", "In force", "Unit", "Range", "What it does", "Check"],
}


def book(lang: Lang = "zh", own: Mapping[str, float] | None = None) -> tuple[bytes, SettingsPlaces]:
    """The settings and the lists they choose from."""
    target = io.BytesIO()
    made = new_book(target)
    look = Look(made)
    settings, choices = (Sheet(made, BLUEPRINT.sheet(key).labels[lang]) for key in ("settings", "lists"))
    lists_at = write_lists(choices, look, BLUEPRINT, lang)
    places = write_settings(settings, look, BLUEPRINT, lang, lists_at, FIGURES, Own(own or {}))
    made.close()
    return target.getvalue(), places


def read(data: bytes, **how: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def rows(sheet: Any) -> dict[str, dict[str, Any]]:
    """{key: {header: value}}."""
    table = sheet.iter_rows(values_only=True)
    headers = next(table)
    return {row[0]: dict(zip(headers, row, strict=True)) for row in table if row[0]}


def calculated(edits: Mapping[str, Mapping[str, Any]], folder: Path) -> dict[str, Any]:
    """{name: the workbook as LibreOffice sees it after cells of the settings sheet were typed into}."""
    data, _ = book()
    paths = []
    for name, cells in edits.items():
        workbook = read(data)
        for place, value in cells.items():
            sheet, _, address = place.rpartition("!")
            workbook[sheet or "参数设置"][address] = value
        paths.append(folder / f"{name}.xlsx")
        workbook.save(paths[-1])
    (folder / "out").mkdir()
    done = computed(paths, folder / "out")
    return {path.stem: openpyxl.load_workbook(path, data_only=True) for path in done}


@pytest.mark.parametrize("lang", LANGS)
def test_every_goal_and_limit_has_a_row(lang: Lang) -> None:
    sheet = read(book(lang)[0])[BLUEPRINT.sheet("settings").labels[lang]]
    assert [one.value for one in sheet[1]][:9] == HEADERS[lang]
    keys = [one.value for one in sheet["A"][1:] if one.value]
    figures = [key for key, _, _ in FIGURES]
    assert keys == ["shop_kind", "currency", *RULES.goals, *RULES.thresholds, *figures]
    assert all(sheet.cell(row, 2).value for row in range(2, sheet.max_row + 1))
    assert not sheet.merged_cells.ranges


@pytest.mark.parametrize("lang", LANGS)
def test_keys_and_presets_are_hidden_and_nothing_else(lang: Lang) -> None:
    sheet = read(book(lang)[0])[BLUEPRINT.sheet("settings").labels[lang]]
    hidden = set()
    for one in sheet.column_dimensions.values():
        if one.hidden:
            hidden |= set(range(one.min, one.max + 1))
    assert hidden == {1, *range(10, 11 + len(KINDS))}
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.protection.sheet) == ("C2", "$1:$1", False)


def test_places_and_names_point_at_the_value_in_force() -> None:
    data, places = book()
    workbook = read(data)
    sheet = workbook["参数设置"]
    for key in (*RULES.goals, *RULES.thresholds):
        row = places.rows[key] + 1
        assert sheet.cell(row, 1).value == key
        assert places.in_force[key] == workbook.defined_names[key].value == f"'参数设置'!$E${row}"
    assert workbook.defined_names["shop_kind_number"].value == "'参数设置'!$J$2"


def test_a_blank_workbook_shows_the_defaults_before_any_calculation() -> None:
    said = rows(read(book()[0], data_only=True)["参数设置"])
    assert (said["shop_kind"]["默认值"], said["shop_kind"]["生效值"]) == ("二手闲置", "二手闲置")
    for key, preset in RULES.presets(KIND).items():
        row = said[key]
        assert (row["默认值"], row["我的设定"], row["生效值"]) == (preset, None, preset), key
        assert {kind: said[key][kind] for kind in KINDS} == RULES.thresholds[key].presets
    for key in RULES.goals:
        assert said[key]["生效值"] is None


def test_figures_are_shown_in_whole_units() -> None:
    sheet = read(book()[0])["参数设置"]
    said = rows(sheet)
    assert said["ticket_line"]["默认值"] == '=IF(ISNUMBER(12345),(12345)/100,"")'
    assert said["r_cut_1"]["默认值"] == "=30"
    now = rows(read(book()[0], data_only=True)["参数设置"])
    assert [now[key]["生效值"] for key, _, _ in FIGURES] == [123.45, None, 30]


def test_own_values_written_count_as_typed() -> None:
    own = {"new_window": 90, "loyal_visits": 99, "goal_good_share": 0.95, "goal_month_sales": -1}
    said = rows(read(book("zh", own)[0], data_only=True)["参数设置"])
    assert {key: said[key]["我的设定"] for key in own} == own
    force = [said[key]["生效值"] for key in own]
    assert force == [90, RULES.thresholds["loyal_visits"].presets[KIND], 0.95, None]
    checks = [said[key]["检查"] for key in own]
    assert checks == ["✓ 用您的", "⚠ 超出范围,用默认值", "✓ 用您的", "⚠ 超出范围,没采用"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_cell_to_fill_says_its_range_and_only_warns(lang: Lang) -> None:
    data, places = book(lang)
    sheet = read(data)[BLUEPRINT.sheet("settings").labels[lang]]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert rules["D2"].formula1 == "list_shop_kind"
    assert not rules["D2"].showErrorMessage
    for key, one in {**RULES.goals, **RULES.thresholds}.items():
        rule = rules[f"D{places.rows[key] + 1}"]
        assert (float(rule.formula1), float(rule.formula2)) == (one.low, one.high)
        assert (rule.type, rule.errorStyle) == ("decimal", "warning")
        assert sheet.cell(places.rows[key] + 1, 7).value in rule.prompt
        assert sheet.cell(places.rows[key] + 1, 4).number_format == NUMBER_FORMATS[one.unit]


def test_every_kind_of_shop_brings_its_defaults(tmp_path: Path) -> None:
    labels = {key: one.labels.zh for key, one in lists()["shop_kind"].meanings.items()}
    books = calculated({key: {"D2": label} for key, label in labels.items()}, tmp_path)
    for at, kind in enumerate(KINDS, 1):
        said = rows(books[kind]["参数设置"])
        assert said["shop_kind"]["#"] == at
        assert {key: said[key]["生效值"] for key in RULES.thresholds} == RULES.presets(kind)
        assert said["shop_kind"]["检查"] == "✓ 用您的"


def test_what_is_typed_is_decided_as_the_rulebook_decides(tmp_path: Path) -> None:
    _, places = book()
    at = {key: f"D{row + 1}" for key, row in places.rows.items()}
    limits = RULES.thresholds
    edits = {
        "low": {at[key]: one.low for key, one in limits.items()},
        "high": {at[key]: one.high for key, one in limits.items()},
        "below": {at[key]: one.low - 0.001 for key, one in limits.items()},
        "above": {at[key]: one.high + 0.001 for key, one in limits.items()},
        "text": {at[key]: "90天" for key in limits},
    }
    for name, workbook in calculated(edits, tmp_path).items():
        said = rows(workbook["参数设置"])
        own = {key: said[key]["我的设定"] for key in limits if name != "text"}
        expected = RULES.in_force(KIND, own)
        assert {key: said[key]["生效值"] for key in limits} == pytest.approx(expected), name
        checks = {said[key]["检查"] for key in limits}
        right = {"below": "⚠ 超出范围,用默认值", "above": "⚠ 超出范围,用默认值", "text": "⚠ 要写数字"}
        assert checks == {right.get(name, "✓ 用您的")}, name


def test_a_renamed_or_unknown_kind_of_shop(tmp_path: Path) -> None:
    data = read(book()[0])["选项"]
    column = next(one.column_letter for one in data[1] if one.value == "店铺类型")
    edits = {
        "renamed": {f"选项!{column}2": "二手小铺"},
        "unknown": {"D2": "卖什么都行"},
        "both": {f"选项!{column}2": "二手小铺", "D2": "二手小铺"},
    }
    said = {name: rows(one["参数设置"])["shop_kind"] for name, one in calculated(edits, tmp_path).items()}
    assert [said[name]["生效值"] for name in edits] == ["二手小铺", "二手闲置", "二手小铺"]
    assert [said[name]["#"] for name in edits] == [1, 1, 1]
    assert said["unknown"]["检查"] == "⚠ 请从下拉里选"


def test_the_currency_in_force_is_the_one_that_is_read(tmp_path: Path) -> None:
    """A choice or its code; of anything else, the default stays. Formula and query agree."""
    typed: list[Any] = ["", "€ EUR", "gbp", " JPY ", "比特币", "*", 5]
    own = {f"typed{at}": one for at, one in enumerate(typed)}
    books = calculated({name: {"D3": value} for name, value in own.items()}, tmp_path)
    said = {name: rows(one["参数设置"])["currency"] for name, one in books.items()}
    in_force = [said[name]["生效值"] for name in own]
    assert in_force == ["¥ CNY", "€ EUR", "£ GBP", "JP¥ JPY", "¥ CNY", "¥ CNY", "¥ CNY"]
    assert [said[name]["单位"] for name in own] == ["¥", "€", "£", "JP¥", "¥", "¥", "¥"]
    assert [said[name]["检查"] or "" for name in own][1:] == ["✓ 用您的"] * 3 + ["⚠ 请从下拉里选"] * 3
    for name, value in own.items():
        held = Book.empty("xianyu", "zh")
        cells = [list(HEADERS["zh"]), ["currency", "货币", "¥ CNY", value]]
        read_settings(held, "参数设置", cells, label_readers(None, "zh")["shop_kind"])
        assert known_as(held.currency).label == said[name]["生效值"], name
        assert rows(books[name]["参数设置"])["goal_month_sales"]["单位"] == known_as(held.currency).sign


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_what_we_cached_is_what_a_spreadsheet_computes(lang: Lang, tmp_path: Path) -> None:
    own = {"new_window": 90.0, "loyal_visits": 99.0, "goal_good_share": 0.95}
    data, _ = book(lang, own)
    path = tmp_path / "settings.xlsx"
    path.write_bytes(data)
    (tmp_path / "out").mkdir()
    done = openpyxl.load_workbook(*computed([path], tmp_path / "out"), data_only=True)
    cached = read(data, data_only=True)
    for sheet in cached.worksheets:
        ours = [list(row) for row in sheet.iter_rows(values_only=True)]
        theirs = [list(row) for row in done[sheet.title].iter_rows(values_only=True, max_row=len(ours))]
        width = len(ours[0])
        assert [[value or None for value in row[:width]] for row in theirs] == [
            [value or None for value in row] for row in ours
        ]
