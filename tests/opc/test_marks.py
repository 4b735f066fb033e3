"""Marks are put into a sheet's bytes at the schema's place and come out again without a trace."""

from __future__ import annotations

import re

import pytest

from sheetkit.errors import UsageError
from sheetkit.opc import Surgery
from sheetkit.opc.marks import cut_marks, insert_marks
from tests.opc.books import by_openpyxl, donor, edited, host, named, parts, patched
from tests.opc.referential import Book, problems

HOST = host()
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def bare(inside: str, prefix: str = "", head: str = "") -> bytes:
    declared = f'xmlns{":" + prefix[:-1] if prefix else ""}="{MAIN}"'
    return f'<?xml version="1.0"?>\n{head}<{prefix}worksheet {declared}>{inside}</{prefix}worksheet>'.encode()


def inserted(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """(what stood before the insertion, the insertion); fails where anything else differs."""
    start = next(
        (at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(before)
    )
    length = len(after) - len(before)
    while start >= 0 and not (before[:start] + after[start : start + length] + before[start:] == after
                              and after[start : start + 1] == b"<"
                              and b"conditionalFormatting " in after[start : start + 40]):  # fmt: skip
        start -= 1
    assert start >= 0, "more than an insertion"
    return before[:start], after[start : start + length]


PLACES = [
    ("plain", "<sheetData><row/></sheetData>", "<sheetData><row/></sheetData>"),
    ("empty", "<sheetData/>", "<sheetData/>"),
    ("before validations", "<sheetData/><mergeCells/><dataValidations/>", "<sheetData/><mergeCells/>"),
    ("after other rules",
     '<sheetData/><conditionalFormatting><cfRule priority="7"/></conditionalFormatting><hyperlinks/>',
     '<sheetData/><conditionalFormatting><cfRule priority="7"/></conditionalFormatting>'),
    ("after the phonetics", "<sheetData/><phoneticPr/><pageMargins/>", "<sheetData/><phoneticPr/>"),
    ("before an extension", "<sheetData/><extLst><ext><conditionalFormatting/></ext></extLst>",
     "<sheetData/>"),
    ("with a word in a comment", "<sheetData/><!-- <phoneticPr/> --><pageMargins/>", "<sheetData/>"),
    ("with a word in a cell",
     "<sheetData><c><f>&lt;/sheetData&gt;</f><is><t><![CDATA[</sheetData><y>]]></t></is></c></sheetData><drawing/>",
     "<sheetData><c><f>&lt;/sheetData&gt;</f><is><t><![CDATA[</sheetData><y>]]></t></is></c></sheetData>"),
    ("with an angle in an attribute", '<sheetPr a="/>"/><cols b=\'>\'/><sheetData/><a/>',
     '<sheetPr a="/>"/><cols b=\'>\'/><sheetData/>'),
    ("with an alternative", "<sheetData/><AlternateContent><legacyDrawing/></AlternateContent>",
     "<sheetData/>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "stays_before"), [place[1:] for place in PLACES], ids=[p[0] for p in PLACES]
)
def test_they_stand_where_the_schema_wants_them(inside: str, stays_before: str) -> None:
    before = bare(inside)
    after = insert_marks(before, ["A1"], "error", 3)
    head, new = inserted(before, after)
    assert head == bare("").replace(b"</worksheet>", b"") + stays_before.encode()
    assert new.startswith(b'<conditionalFormatting sqref="A1"><cfRule type="expression" dxfId="3"')
    assert cut_marks(after) == before


def test_they_take_the_sheets_prefix() -> None:
    before = bare("<x:sheetData><x:row/></x:sheetData><x:pageMargins/>", "x:")
    after = insert_marks(before, ["B2"], "info", 0)
    assert inserted(before, after)[1].startswith(b"<x:conditionalFormatting ")
    assert cut_marks(after) == before


def test_they_come_after_the_sellers_own_rules() -> None:
    rules = '<sheetData/><conditionalFormatting><cfRule priority="7"/></conditionalFormatting>'
    extension = '<extLst><x14:cfRule xmlns:x14="a" priority="12"/></extLst>'
    several = rules + '<conditionalFormatting><cfRule priority="2"/></conditionalFormatting>'
    assert b'priority="8"' in insert_marks(bare(several), ["A1"], "error", 0)
    assert b'priority="8"' in insert_marks(bare(rules), ["A1"], "error", 0)
    assert b'priority="13"' in insert_marks(bare(rules + extension), ["A1"], "error", 0)


@pytest.mark.parametrize(
    ("cells", "sqref"),
    [
        (["B3", "A1", "B2", "B1"], "A1 B1:B3"),
        (["A1", "A1"], "A1"),
        (["AA1", "Z1", "B10", "B9"], "B9:B10 Z1 AA1"),
        (["$C$5", "c6"], "C5:C6"),
        (["A1048576", "XFD1"], "A1048576 XFD1"),
    ],
)
def test_cells_are_gathered_into_ranges(cells: list[str], sqref: str) -> None:
    assert f'sqref="{sqref}"'.encode() in insert_marks(bare("<sheetData/>"), cells, "error", 0)


def test_thousands_of_scattered_cells_are_split_and_none_is_lost() -> None:
    cells = [f"C{row}" for row in range(1, 4001, 2)]
    after = insert_marks(bare("<sheetData/>"), cells, "error", 0)
    lists = re.findall(r'sqref="([^"]+)"', after.decode())
    assert [len(each.split()) for each in lists] == [500] * 4
    assert " ".join(lists).split() == cells
    priorities = re.findall(r'priority="(\d+)"', after.decode())
    assert priorities == ["1", "2", "3", "4"]
    assert cut_marks(after) == bare("<sheetData/>")


@pytest.mark.parametrize("cell", ["", "A", "1", "A0", "A1:B2", "ABCD1", "A1 B2", '"/>'])
def test_what_is_no_cell_is_an_error(cell: str) -> None:
    with pytest.raises(ValueError, match="is no cell"):
        insert_marks(bare("<sheetData/>"), [cell], "error", 0)


def test_a_part_in_utf16_is_spliced_too() -> None:
    text = parts(HOST)[SHEET].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        data = patched(HOST, {SHEET: mark + text.encode(encoding)})
        surgery = Surgery(data)
        surgery.mark("交易记录", ["A2"], "error")
        marked = surgery.to_bytes()
        assert problems(marked) == set()
        assert "sheetkit:error" in parts(marked)[SHEET][2:].decode(encoding)
        again = Surgery(marked)
        again.clear_marks()
        assert parts(again.to_bytes())[SHEET] == parts(data)[SHEET]


def test_the_sellers_rules_and_validations_stay_and_values_do_not_change() -> None:
    surgery = Surgery(HOST)
    surgery.mark("交易记录", ["B2", "B3"], "error")
    surgery.mark("交易记录", ["A5"], "warning")
    marked = surgery.to_bytes()
    old, new = by_openpyxl(HOST)["交易记录"], by_openpyxl(marked)["交易记录"]
    assert [[c.value for c in row] for row in new] == [[c.value for c in row] for row in old]
    ranges = [str(each.sqref) for each in new.conditional_formatting]
    assert ranges == ["B2:B9", "B2:B3", "A5"]
    fills = [
        rule.dxf.fill.bgColor.rgb
        for each in new.conditional_formatting
        for rule in each.rules
        if rule.dxf.fill
    ]
    assert fills == ["FFFFC7CE", "FFFFEB9C"]
    assert len(new.data_validations.dataValidation) == 1


def test_clearing_takes_only_marks() -> None:
    own = (
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="90" dxfId="0">'
        '<formula>LEN("sheetkit:mine")&gt;0</formula></cfRule></conditionalFormatting><dataVal'
    )
    data = edited(HOST, SHEET, "<dataVal", own)
    surgery = Surgery(data)
    surgery.mark("交易记录", ["A1"], "error")
    surgery.clear_marks()
    assert parts(surgery.to_bytes())[SHEET] == parts(data)[SHEET]


@pytest.mark.parametrize(
    "formula",
    ['LEN("sheetkit:error")&gt;0', "LEN(&quot;sheetkit:error&quot;)&gt;0", 'LEN( "sheetkit:info" ) &gt; 0',
     'len("sheetkit:warning")>0'],
)  # fmt: skip
def test_a_mark_is_known_in_other_programs_spelling(formula: str) -> None:
    rule = f'<cfRule type="expression" priority="2" dxfId="1"><formula>{formula}</formula></cfRule>'
    own = '<cfRule type="cellIs" priority="1"><formula>5</formula></cfRule>'
    alone = f'<sheetData/><conditionalFormatting sqref="A1">{rule}</conditionalFormatting>'
    together = f'<sheetData/><conditionalFormatting sqref="A1">{own}{rule}</conditionalFormatting>'
    assert cut_marks(bare(alone)) == bare("<sheetData/>")
    left = f'<sheetData/><conditionalFormatting sqref="A1">{own}</conditionalFormatting>'
    assert cut_marks(bare(together)) == bare(left)


def test_no_cells_no_change() -> None:
    surgery = Surgery(HOST)
    surgery.mark("交易记录", [], "error")
    assert parts(surgery.to_bytes()) == parts(HOST)


def test_marks_and_graft_in_any_order() -> None:
    results = []
    for marks_first in (True, False):
        surgery = Surgery(HOST)
        if marks_first:
            surgery.mark("交易记录", ["A1"], "error")
        surgery.graft(donor())
        if not marks_first:
            surgery.mark("交易记录", ["A1"], "error")
        surgery.mark("检查", ["A1"], "info")
        assert problems(surgery.to_bytes()) == set()
        surgery.clear_marks()
        results.append(
            {name: data for name, data in parts(surgery.to_bytes()).items() if "styles" not in name}
        )
    assert {name for name in results[0] if results[0][name] != results[1][name]} <= {
        sheet.part for sheet in Book(surgery.to_bytes()).sheets[2:]
    } | {"xl/tables/table2.xml"}


def test_what_cannot_be_marked() -> None:
    with pytest.raises(UsageError) as caught:
        Surgery(HOST).mark("没有", ["A1"], "error")
    assert caught.value.key == "opc.no_such_sheet"
    sheets = named("SheetJS__test_files/BlankSheetTypes.xlsm")
    chart = next(sheet.name for sheet in Book(sheets).sheets if sheet.root.tag.endswith("}chartsheet"))
    with pytest.raises(UsageError) as caught:
        Surgery(sheets).mark(chart, ["A1"], "error")
    assert caught.value.key == "opc.not_a_worksheet"
