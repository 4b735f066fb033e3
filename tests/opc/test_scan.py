"""Errors and formulas without a result are found in a sheet's bytes, however they are written."""

from __future__ import annotations

import pytest
from lxml import etree

from sheetkit.opc import Surgery, scan
from tests.opc.books import host, patched, small_corpus
from tests.opc.referential import Book
from tests.tools import make_book

SHEETS = [
    ("an error", '<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>', {"B2": "#N/A"}, []),
    ("style first", '<row r="1"><c s="4" t="e" r="AB1"><v>#REF!</v></c></row>', {"AB1": "#REF!"}, []),
    ("single quotes", "<row r='1'><c r='A1' t='e'><v>#DIV/0!</v></c></row>", {"A1": "#DIV/0!"}, []),
    ("a prefix", '<x:row r="1"><x:c r="A1" t="e"><x:v>#N/A</x:v></x:c></x:row>', {"A1": "#N/A"}, []),
    ("of a formula", '<row r="1"><c r="A1" t="e"><f>NA()</f><v>#N/A</v></c></row>', {"A1": "#N/A"}, []),
    ("without references",
     '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c t="e"><v>#NUM!</v></c></row>',
     {"B1": "#N/A", "A2": "#NUM!"}, []),
    ("after a gap", '<row r="5"><c r="C5"><v>1</v></c><c t="e"><v>#N/A</v></c></row>', {"D5": "#N/A"}, []),
    ("in a text only", '<row r="1"><c r="A1" t="inlineStr"><is><t>t="e"</t></is></c></row>', {}, []),
    ("in another attribute", '<row r="1" x="t" t="e"><c r="A1"><v>1</v></c></row>', {}, []),
    ("in another attribute of a cell", '<row r="1"><c r="A1" xt="e"><v>1</v></c></row>', {}, []),
    ("empty error", '<row r="1"><c r="A1" t="e"/><c r="B1"><v>7</v></c></row>', {"A1": ""}, []),
    ("escaped", '<row r="1"><c r="A1" t="e"><v>#A&amp;B</v></c></row>', {"A1": "#A&B"}, []),
    ("no value", '<row r="1"><c r="A1"><f>B1*2</f></c><c r="B1"><v>2</v></c></row>', {}, ["A1"]),
    ("empty value", '<row r="1"><c r="A1"><f>B1</f><v></v></c><c r="C1"><f>B1</f><v/></c></row>',
     {}, ["A1", "C1"]),
    ("a value", '<row r="1"><c r="A1"><f>B1</f><v>0</v></c></row>', {}, []),
    ("an empty text", '<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>', {}, []),
    ("shared",
     '<row r="1"><c r="A1"><f t="shared" si="0"/></c><c r="B1"><f t="shared" si="0"/><v>1</v></c></row>',
     {}, ["A1"]),
    ("formula without reference", "<row><c><v>1</v></c><c><f>A1</f></c></row>", {}, ["B1"]),
    ("prefixed formula", '<x:row r="1"><x:c r="A1"><x:f>B1</x:f></x:c></x:row>', {}, ["A1"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "errors", "without"), [case[1:] for case in SHEETS], ids=[c[0] for c in SHEETS]
)
def test_single_sheets(rows: str, errors: dict[str, str], without: list[str]) -> None:
    behind = '<extLst><ext><x14:f>A1</x14:f><x14:c t="e" r="Z9"/></ext></extLst>'
    data = f"<worksheet><sheetData>{rows}</sheetData>{behind}</worksheet>".encode()
    assert scan.error_cells(data) == errors
    assert scan.formula_cells_without_value(data) == without


BOOK = """
    ## 表
    | 名   | 值             |
    | a    | #N/A           |
    | b    | =1/0 -> #DIV/0! |
    | c    | =A1            |
    | d    | =A1 -> 名      |
"""


def test_through_the_workbook() -> None:
    surgery = Surgery(make_book(BOOK))
    assert surgery.error_cells("表") == {"B2": "#N/A", "B3": "#DIV/0!"}
    assert surgery.formula_cells_without_value("表") == ["B4"]
    assert surgery.sheet_part_bytes("表").count(b"<worksheet") == 1


def test_a_part_in_utf16_is_read() -> None:
    sheet = "xl/worksheets/sheet1.xml"
    text = (
        '<worksheet xmlns="x"><sheetData><row><c r="A1" t="e"><v>#N/A</v></c></row></sheetData></worksheet>'
    )
    data = patched(host(), {sheet: b"\xff\xfe" + text.encode("utf-16-le")})
    assert Surgery(data).error_cells("交易记录") == {"A1": "#N/A"}


def test_real_workbooks_agree_with_a_parser() -> None:
    errors = without = 0
    for path in small_corpus():
        surgery = Surgery(path.read_bytes(), allow_locked=True, allow_signed=True)
        for sheet in Book(path.read_bytes()).sheets:
            if not sheet.part or "" in sheet.cells:
                continue
            other = {
                ref: cell.findtext("{*}v") or "" for ref, cell in sheet.cells.items() if cell.get("t") == "e"
            }
            assert surgery.error_cells(sheet.name) == other, path
            bare = [ref for ref, cell in sheet.cells.items() if is_bare(cell)]
            assert surgery.formula_cells_without_value(sheet.name) == bare, path
            errors, without = errors + len(other), without + len(bare)
    assert errors > 10
    assert without > 10


def is_bare(cell: etree._Element) -> bool:
    """A formula without a stored result."""
    formula, value = cell.find("{*}f"), cell.find("{*}v")
    return formula is not None and (value is None or (not value.text and cell.get("t") != "str"))
