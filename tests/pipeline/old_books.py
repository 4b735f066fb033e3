"""Workbooks as an earlier version wrote them, and what sellers make of them before they upgrade."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from lxml import etree

from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.lists import lists
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from tests.opc.books import parts, patched
from tests.pipeline.shop import AS_OF, MAIN, plan_keys, run, sheet_part, type_into_plan
from tests.seller import at_work, inserts_column, moves, renames, types

ROOM = Capacity(45, 50, 30)
_ROWS = {"customers": 20, "trades": 45, "contacts": 25}
MISSING = {
    "trades": ("rating", "line_kind", "cost"),
    "customers": ("wechat", "birthday"),
    "contacts": ("budget", "direction"),
}
"""The columns that the earlier version had not yet."""
LATER = ("wishes", "goods")
"""The sheets that it had not yet."""


def earlier(template: str = "xianyu") -> Blueprint:
    """The template with fewer sheets and columns, under an older number."""
    now = blueprint(template)
    sheets = (
        replace(one, columns=tuple(each for each in one.columns if each.key not in MISSING.get(one.key, ())))
        for one in now.sheets
        if one.key not in LATER
    )
    return replace(now, version=now.version - 1, sheets=tuple(sheets))


@cache
def old_book(lang: Lang) -> bytes:
    """A part of the sample as that version wrote it, before it recorded what its lists offer."""
    rows = {
        table: [
            {key: one for key, one in row.items() if key not in MISSING.get(table, ())}
            for row in some[: _ROWS[table]]
        ]
        for table, some in sample("xianyu", lang, AS_OF).rows.items()
        if table not in LATER
    }
    return without_record_of_choices(template_workbook(Plan(earlier(), lang, AS_OF, ROOM, rows)))


def without_record_of_choices(data: bytes) -> bytes:
    name = sheet_part(data, "_sheetkit")
    strings = etree.fromstring(parts(data)["xl/sharedStrings.xml"])
    texts = ["".join(one.itertext()) for one in strings]
    root = etree.fromstring(parts(data)[name])
    rows = root.find(f"{{{MAIN}}}sheetData")
    assert rows is not None
    for row in list(rows):
        if texts[int(row[0].findtext(f"{{{MAIN}}}v") or 0)].startswith("choices:"):
            rows.remove(row)
    return patched(
        data, {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)}
    )


def number(sheet: str, cell: str, value: float) -> str:
    """She types a number."""
    return f'Sheet("{sheet}").getCellRangeByName("{cell}").setValue({value})'


def lived_in(folder: Path) -> bytes:
    """Analysed and ticked, then at work in LibreOffice: sheets renamed and moved, a column of her own between
    ours and one where ours would come, a sheet under a name that ours would take, a choice and a value of her
    own, formulas that read a computed sheet."""
    first = run(old_book("zh")).workbook
    key = next(iter(plan_keys(first).values()))
    ticked = type_into_plan(first, {key: {"status": "已联系", "result": "她要下周"}})
    add = 'Book.Sheets.insertNewByName("商品", 3)'
    return at_work(
        ticked,
        folder,
        "Book.enableAutomaticCalculation(False)",
        renames("交易记录", "卖出"),
        moves("看板", 2),
        inserts_column("卖出", 2),
        types("卖出", "C1", "经手人"),
        types("卖出", "C2", "小周"),
        types("基本信息", "V1", "我的打分"),
        types("基本信息", "V2", "好"),
        types("基本信息", "W40", "别忘了"),
        add,
        types("商品", "A1", "货架"),
        types("商品", "A2", "='客户分类'.A6"),
        types("商品", "A3", "=SUM(2;3)"),
        number("参数设置", "D4", 0.6),
        number("参数设置", "D7", 2),
        types("选项", "A20", "换货中"),
        types("选项", "B20", lists()["trade_state"].meanings["open"].labels.zh),
        "Book.enableAutomaticCalculation(True)",
        "Book.calculateAll()",
    )


def zipped(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The package with some parts' content changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return target.getvalue()


def substituted(data: bytes, sheet: str, pattern: bytes, new: bytes) -> bytes:
    """The workbook with bytes of a sheet's part exchanged."""
    name = sheet_part(data, sheet)
    before = parts(data)[name]
    after, count = re.subn(pattern, new, before, count=1, flags=re.S)
    assert count == 1, pattern
    return zipped(data, {name: after})


def with_table(data: bytes, sheet: str, table: str) -> bytes:
    """The workbook with a table on a sheet that has no other part beside it."""
    part = sheet_part(data, sheet)
    folder, _, name = part.rpartition("/")
    target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{target}" Target="/xl/tables/table9.xml"/></Relationships>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    override = f'<Override PartName="/xl/tables/table9.xml" ContentType="{kind}"/></Types>'
    types = parts(data)["[Content_Types].xml"].replace(b"</Types>", override.encode())
    return patched(
        data,
        {
            f"{folder}/_rels/{name}.rels": rels.encode(),
            "xl/tables/table9.xml": table.encode(),
            "[Content_Types].xml": types,
        },
    )
