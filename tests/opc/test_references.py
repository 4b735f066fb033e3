"""Who points at an added sheet, by whatever means; and what a sheet that is renamed takes along."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import pytest
import xlsxwriter

from sheetkit.opc import Surgery
from tests.opc.books import donor, edited, parts, patched
from tests.opc.referential import Book, problems

NEW = ("检查", "分 析", "数据")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CACHE, TABLE = "xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotTables/pivotTable1.xml"
Fill = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]


def hosting(fill: Fill) -> bytes:
    """A workbook of the seller's, its sheet 汇总 filled, with the donor's sheets grafted in."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.set_properties({"created": dt.datetime(2024, 1, 1)})
    sheet, other = book.add_worksheet("汇总"), book.add_worksheet("别的")
    other.write("A1", 1)
    fill(book, sheet)
    book.close()
    surgery = Surgery(target.getvalue())
    surgery.graft(donor())
    return surgery.to_bytes()


def arrow(kind: str, part: str) -> str:
    """A relationships part with one relationship."""
    base = "http://schemas.openxmlformats.org"
    type_ = f"{base}/officeDocument/2006/relationships/{kind}"
    found = f'<Relationship Id="rId1" Type="{type_}" Target="/{part}"/>'
    return f'<Relationships xmlns="{base}/package/2006/relationships">{found}</Relationships>'


def named(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    book.define_name("重点", "='分 析'!$A$1")
    sheet.write_formula("A1", "=重点*2", None, 0)


RULE = {"type": "formula", "criteria": "=检查!$A$1>0"}
CHOICE = {"validate": "list", "source": "=数据!$A$2:$A$4"}
POINTING: dict[str, Fill] = {
    "formula": lambda book, sheet: sheet.write_formula("A1", "=SUM('分 析'!A1,1)", None, 0),
    "rule": lambda book, sheet: sheet.conditional_format("A1", RULE),
    "validation": lambda book, sheet: sheet.data_validation("A1", CHOICE),
    "table": lambda book, sheet: sheet.write_formula("A1", "=SUM(清单[数])", None, 0),
    "name": named,
    "sparkline": lambda book, sheet: sheet.add_sparkline("A1", {"range": "数据!B2:B4"}),
}
NOT_POINTING: dict[str, Fill] = {
    "nothing": lambda book, sheet: None,
    "a text": lambda book, sheet: sheet.write_formula("A1", '="检查!A1"&"清单[数]"', None, ""),
    "another book": lambda book, sheet: sheet.write_formula("A1", "='[店.xlsx]检查'!A1", None, 0),
    "a longer name": lambda book, sheet: sheet.write_formula("A1", "=别的!A1+我的清单", None, 0),
    "a name nobody uses": lambda book, sheet: book.define_name("重点", "='分 析'!$A$1"),
    "a link": lambda book, sheet: sheet.write_url("A1", "internal:数据!A1", string="数据"),
}


@pytest.mark.parametrize("fill", POINTING.values(), ids=POINTING)
def test_who_points_at_a_sheet_is_named(fill: Fill) -> None:
    assert Surgery(hosting(fill)).referenced_by(NEW) == ("汇总",)


@pytest.mark.parametrize("fill", NOT_POINTING.values(), ids=NOT_POINTING)
def test_who_does_not_is_not(fill: Fill) -> None:
    assert Surgery(hosting(fill)).referenced_by(NEW) == ()


def test_a_chart_over_a_sheet_points_at_it() -> None:
    def charted(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=别的!$B$2:$B$4"})
        sheet.insert_chart("D2", chart)

    data = hosting(charted)
    assert Surgery(data).referenced_by(NEW) == ()
    data = edited(data, "xl/charts/chart1.xml", "'?别的'?!", "'数据'!")
    assert Surgery(data).referenced_by(NEW) == ("汇总",)


@pytest.mark.parametrize("source", ['sheet="数据" ref="A1:B4"', 'name="清单"', "ref='A1:B2' sheet='数据'"])
def test_a_pivot_table_over_a_sheet_points_at_it(source: str) -> None:
    cached = f'<cacheSource type="worksheet"><worksheetSource {source}/></cacheSource>'
    added = {
        CACHE: f'<pivotCacheDefinition xmlns="{MAIN}">{cached}</pivotCacheDefinition>',
        TABLE: f'<pivotTableDefinition xmlns="{MAIN}"/>',
        "xl/pivotTables/_rels/pivotTable1.xml.rels": arrow("pivotCacheDefinition", CACHE),
        "xl/worksheets/_rels/sheet1.xml.rels": arrow("pivotTable", TABLE),
    }
    kinds = ((CACHE, "pivotCacheDefinition"), (TABLE, "pivotTable"))
    types = "".join(f'<Override PartName="/{part}" ContentType="{KIND}.{kind}+xml"/>' for part, kind in kinds)
    data = patched(hosting(lambda book, sheet: None), {name: part.encode() for name, part in added.items()})
    assert Surgery(data).referenced_by(NEW) == (), "parts that nobody says the kind of are not read"
    data = edited(data, "[Content_Types].xml", "</Types>", types + "</Types>")
    assert Surgery(data).referenced_by(NEW) == ("汇总",)


# Renamed


def renamed() -> bytes:
    """The donor's sheets, grafted; 数据 and 分 析 renamed, and grafted again."""
    formula = "=SUM(清单[数])+数据!B2"
    surgery = Surgery(hosting(lambda book, sheet: sheet.write_formula("A1", formula, None, 0)))
    surgery.rename_sheet("数据", "数据 (旧)")
    surgery.rename_sheet("分 析", "旧 's")
    assert surgery.graft(donor(), replace={"检查"}) == {name: name for name in NEW}
    return surgery.to_bytes()


def formulas_of(data: bytes, name: str) -> set[str]:
    """The formulas on a sheet and in its charts."""
    book = Book(data)
    sheet = next(one for one in book.sheets if one.name == name)
    charts = [arrow.part for drawing in sheet.related("drawing") for arrow in book.arrows(drawing)]
    trees = [sheet.root, *(book.tree(part) for part in charts if part.endswith(".xml"))]
    return {found.text for tree in trees for found in tree.iter("{*}f") if found.text}


def test_what_stands_on_a_renamed_sheet_speaks_of_it() -> None:
    data = renamed()
    names = [sheet.name for sheet in Book(data).sheets]
    assert names == ["汇总", "别的", "检查", "旧 's", "数据 (旧)", "分 析", "数据"]
    assert {one for one in formulas_of(data, "数据 (旧)") if "$B$2" in one} == {"'数据 (旧)'!$B$2:$B$4"}
    assert {one for one in formulas_of(data, "数据") if "$B$2" in one} == {"'数据'!$B$2:$B$4"}
    tables = {table.get("displayName"): sheet for sheet, table in table_places(data)}
    assert tables == {"清单": "分 析", "清单_2": "旧 's"}


def table_places(data: bytes) -> list[tuple[str, object]]:
    book = Book(data)
    return [(sheet.name, book.tree(part)) for sheet in book.sheets for part in sheet.related("table")]


def test_what_stands_elsewhere_speaks_of_the_sheet_of_that_name() -> None:
    data = renamed()
    assert formulas_of(data, "汇总") == {"SUM(清单[数])+数据!B2"}
    assert problems(data) == set()


def test_a_table_that_went_along_is_the_same_but_for_its_name() -> None:
    data = renamed()
    (old,) = (part for part in parts(data).values() if b'displayName="\xe6\xb8\x85\xe5\x8d\x95_2"' in part)
    before = parts(hosting(lambda book, sheet: None))["xl/tables/table1.xml"]
    assert old.replace("清单_2".encode(), "清单".encode()) == before
