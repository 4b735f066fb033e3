"""The sample shop, made once; and ways to change a workbook as a seller, or her program, would."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Callable
from functools import cache

import openpyxl
from lxml import etree

from sheetkit.analysis.result import Analysis
from sheetkit.messages import Lang
from sheetkit.model.report import ADDED_SHEETS, PLAN_COLUMNS
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.outcome import Outcome
from sheetkit.writing.live.layout import Capacity
from tests.opc.books import by_openpyxl, parts, patched
from tests.opc.referential import Book

AS_OF = dt.date(2026, 3, 15)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@cache
def sample(lang: Lang = "zh") -> bytes:
    """The filled sample, with room for few rows so that it is quick to read."""
    return new_workbook("xianyu", lang, AS_OF, capacity=Capacity(150, 400, 200), with_sample=True)


@cache
def light() -> bytes:
    """The sample's entry sheets alone, as somebody might have typed them: quick for a spreadsheet program."""
    return values_only(sample("zh"))


@cache
def light_once() -> Outcome:
    """The light one analysed."""
    return run(light())


@cache
def once(lang: Lang = "zh") -> Outcome:
    """The sample analysed."""
    return run(sample(lang))


def added(lang: Lang = "zh") -> list[str]:
    """The sheets that the sample's run adds, in order."""
    always = ("overview", "segments", "plan", "checks")
    keys = {*always, *(page.key for page in once(lang).analysis.pages)}
    return [labels[lang] for key, labels in ADDED_SHEETS.items() if key in keys]


def run(data: bytes, name: str = "店.xlsx") -> Outcome:
    return analyze_file(data, name, as_of=AS_OF)


def told(analysis: Analysis) -> dict[str, object]:
    """What an analysis says of the shop, whatever the sheets look like."""
    order = sorted(range(analysis.customer_count), key=lambda at: str(analysis.customers["name"][at]))
    keys = ("name", "customer_class", "value_tier", "activity", "revenue", "visits", "last_day")
    return {
        "customers": [[analysis.customers[key][at] for key in keys] for at in order],
        "kpis": analysis.kpis,
        "months": analysis.months,
        "totals": analysis.totals,
        "tasks": sorted((one.customer, one.action, one.due) for one in analysis.tasks),
    }


def values_only(data: bytes, change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    """The entry sheets' values in a workbook of openpyxl's, changed: no live or hidden sheet, no style."""
    new = openpyxl.Workbook()
    new.remove(new.active)
    for name, cells in entered(data).items():
        sheet = new.create_sheet(name)
        for place, value in cells.items():
            sheet[place] = value
    change(new)
    target = io.BytesIO()
    new.save(target)
    return target.getvalue()


@cache
def entered(data: bytes) -> dict[str, dict[str, object]]:
    """{entry sheet: {cell: what somebody may have typed}}."""
    book = by_openpyxl(data)
    return {
        name: {
            cell.coordinate: cell.value
            for row in book[name].iter_rows()
            for cell in row
            if cell.value not in (None, "这位客户") and not str(cell.value).startswith("=")
        }
        for name in ("交易记录", "基本信息", "沟通记录", "求购登记", "商品")
    }


def sheet_part(data: bytes, name: str) -> str:
    """The name of the part behind a sheet, as the container spells it."""
    part = next(one.part for one in Book(data).sheets if one.name == name)
    return next(one for one in parts(data) if one.lower() == part.lower())


def type_into_plan(data: bytes, typed: dict[str, dict[str, str]], sheet: str = "行动方案") -> bytes:
    """Texts typed into the plan, {task key: {column key: text}}, by editing the sheet's XML."""
    letters = {one.key: chr(ord("A") + at) for at, one in enumerate(PLAN_COLUMNS)}
    rows = {value: at for at, value in plan_keys(data, sheet).items()}
    cells = {f"{letters[name]}{rows[key]}": text for key, row in typed.items() for name, text in row.items()}
    return set_texts(data, sheet, cells)


def set_texts(data: bytes, sheet: str, texts: dict[str, str]) -> bytes:
    """The package with texts in some cells, {reference: text}, by editing the sheet's XML."""
    name = sheet_part(data, sheet)
    root = etree.fromstring(parts(data)[name])
    for reference, text in texts.items():
        cell = root.find(f".//{{{MAIN}}}c[@r='{reference}']")
        assert cell is not None, reference
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = text
    return patched(
        data, {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def plan_rows(data: bytes, sheet: str) -> dict[int, tuple[object, ...]]:
    """{row: values} of the plan's tasks as openpyxl reads them; of this sheet only, the others take long."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        rows = book[sheet].iter_rows(min_row=5, max_col=len(PLAN_COLUMNS), values_only=True)
        return {at: row for at, row in enumerate(rows, 5) if row[0]}


def plan_keys(data: bytes, sheet: str = "行动方案") -> dict[int, str]:
    """{row: task key} of the plan."""
    return {at: str(row[0]) for at, row in plan_rows(data, sheet).items()}


def plan(data: bytes, sheet: str = "行动方案") -> dict[str, dict[str, object]]:
    """{task key: {column key: value}} of the plan."""
    keys = [one.key for one in PLAN_COLUMNS]
    return {str(row[0]): dict(zip(keys, row, strict=True)) for row in plan_rows(data, sheet).values()}
