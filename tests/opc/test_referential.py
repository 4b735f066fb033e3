"""The checker itself: sound workbooks pass, and each kind of fault is found by the check it belongs to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from sheetkit.opc import Surgery
from tests.opc.books import donor, edited, host, parts, patched
from tests.opc.referential import CHECKS, problems

CHAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
THREAD_ARROW = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"


def sound() -> bytes:
    """A host with a calculation chain, and grafted sheets."""
    surgery = Surgery(host())
    surgery.graft(donor())
    book = surgery.to_bytes()
    chain = f'<calcChain xmlns="{MAIN}"><c r="C2" i="1"/></calcChain>'
    book = patched(book, {"xl/calcChain.xml": chain.encode()})
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{CHAIN_TYPE}"/></Types>'
    book = edited(book, TYPES, "</Types>", override)
    return edited(book, RELS, "</Relationships>", arrow("rIdC", f"{OFFICE}/calcChain", "calcChain.xml"))


def arrow(id_: str, type_: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{type_}" Target="{target}"/></Relationships>'


TYPES, RELS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
WORKBOOK, STYLES, CHAIN = "xl/workbook.xml", "xl/styles.xml", "xl/calcChain.xml"
SHEET, NEW = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"
LISTED = "xl/worksheets/sheet4.xml"
SHEET_RELS, NEW_RELS = "xl/worksheets/_rels/sheet1.xml.rels", "xl/worksheets/_rels/sheet3.xml.rels"
TABLE, CHART, VML = "xl/tables/table2.xml", "xl/charts/chart1.xml", "xl/drawings/vmlDrawing2.vml"
NOTES = "xl/comments2.xml"
SOUND = sound()

Fault = Callable[[], bytes]


def edit(part: str, pattern: str, replacement: str) -> Fault:
    return lambda: edited(SOUND, part, pattern, replacement)


def everywhere(part: str, old: str, new: str) -> Fault:
    def make() -> bytes:
        text = parts(SOUND)[part].decode()
        assert old in text
        return patched(SOUND, {part: text.replace(old, new).encode()})

    return make


def both(first: Fault, *then: tuple[str, str, str]) -> Fault:
    def make() -> bytes:
        data = first()
        for part, pattern, replacement in then:
            data = edited(data, part, pattern, replacement)
        return data

    return make


class Stream(io.BytesIO):
    """A target that cannot be rewound gets its sizes behind the data."""

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    tell = seek


def zipped(*, twice: bool = False, folder: bool = False, streamed: bool = False) -> Fault:
    def make() -> bytes:
        target = Stream() if streamed else io.BytesIO()
        with zipfile.ZipFile(target, "w") as container:
            for name, content in parts(SOUND).items():
                container.writestr(name, content)
            if folder:
                container.writestr("xl/", b"")
            if twice:
                with pytest.warns(UserWarning, match="Duplicate name"):
                    container.writestr(STYLES, parts(SOUND)[STYLES])
        return target.getvalue()

    return make


def types_last() -> bytes:
    names = list(parts(SOUND))
    return patched(SOUND, {}, order=[*names[1:], names[0]])


def threaded() -> bytes:
    """A threaded comment on the cell that already has an ordinary note."""
    thread = f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="A2" id="{{1}}"/></ThreadedComments>'
    data = patched(SOUND, {"xl/threadedComments/threadedComment1.xml": thread.encode()})
    target = "../threadedComments/threadedComment1.xml"
    return edited(data, SHEET_RELS, "</Relationships>", arrow("rIdT", THREAD_ARROW, target))


def too_many_formats() -> bytes:
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    return edited(SOUND, STYLES, "<cellXfs .*</cellXfs>", f"<cellXfs>{xf * 65_491}</cellXfs>")


RULE = '<cfRule type="expression" priority="{}"><formula>1</formula></cfRule>'

FAULTS: list[tuple[str, str, Fault]] = [
    # the container and its list
    ("content types not first", "part_names", types_last),
    ("one entry twice", "part_names", zipped(twice=True)),
    ("two entries but for case", "part_names", lambda: patched(SOUND, {"XL/Styles.xml": b"<a/>"})),
    ("a folder entry", "container", zipped(folder=True)),
    ("a data descriptor", "container", zipped(streamed=True)),
    ("content type for a missing part", "content_types",
     edit(TYPES, "</Types>", '<Override PartName="/xl/gone.xml" ContentType="a/b"/></Types>')),
    ("a part without content type", "content_types", lambda: patched(SOUND, {"xl/note.txt": b"a"})),
    ("two content types for a part", "content_types",
     edit(TYPES, "</Types>", '<Override PartName="/xl/Styles.xml" ContentType="a/b"/></Types>')),
    ("two defaults for an ending", "content_types",
     edit(TYPES, "<Override", '<Default Extension="XML" ContentType="a/b"/><Override')),
    ("the list lists itself", "content_types",
     edit(TYPES, "</Types>", '<Override PartName="/[Content_Types].xml" ContentType="a/b"/></Types>')),
    ("a sheet with the type of plain XML", "fitting_types",
     edit(TYPES, '<Override PartName="/xl/worksheets/sheet3.xml"[^>]*/>', "")),
    ("relationships with the type of plain XML", "fitting_types",
     edit(TYPES, '"rels" ContentType="[^"]*"', '"rels" ContentType="application/xml"')),
    # relationships
    ("a dangling relationship", "relationships", edit(RELS, 'Target="theme/', 'Target="thema/')),
    ("two relationships of one id", "relationships", edit(RELS, 'Id="rId5"', 'Id="rId4"')),
    ("a relationship without a target", "relationships", edit(RELS, ' Target="calcChain.xml"', "")),
    ("relationships of a missing part", "relationships",
     lambda: patched(SOUND, {"xl/worksheets/_rels/sheet9.xml.rels": parts(SOUND)[SHEET_RELS]})),
    ("two style parts", "single_parts", edit(RELS, '/theme"', '/styles"')),
    ("two sets of notes on a sheet", "single_parts",
     edit(SHEET_RELS, "</Relationships>", arrow("rIdN", f"{OFFICE}/comments", "../comments3.xml"))),
    ("an orphan part", "orphan_parts", lambda: patched(SOUND, {"xl/lost.xml": b"<a/>"})),
    ("a drawing id without relationship", "relationship_ids",
     edit(SHEET, '<legacyDrawing r:id="rId1"', '<legacyDrawing r:id="rId77"')),
    ("a hyperlink id without relationship", "relationship_ids",
     edit(NEW, '(<hyperlink [^>]*r:id=)"rId1"', r'\1"rId9"')),
    ("a hyperlink id of a drawing", "relationship_ids",
     edit(NEW, '(<hyperlink [^>]*r:id=)"rId1"', r'\1"rId2"')),
    ("a chart id without relationship", "relationship_ids",
     edit("xl/drawings/drawing2.xml", '<c:chart ([^>]*)r:id="rId1"', r'<c:chart \1r:id="rId8"')),
    ("a link to a missing sheet", "links", edit(NEW, "location=\"'数据'!A1\"", "location=\"'旧表'!A1\"")),
    ("a picture's link to a missing sheet", "links",
     edit("xl/drawings/_rels/drawing1.xml.rels", "#'检查'", "#'旧表'")),
    # sheets and names
    ("two sheets of one name", "sheet_names", edit(WORKBOOK, 'name="说明"', 'name="交易记录"')),
    ("two sheet names but for case", "sheet_names",
     both(edit(WORKBOOK, 'name="说明"', 'name="Ab"'), (WORKBOOK, 'name="分 析"', 'name="aB"'))),
    ("a sheet name of 32 units", "sheet_names", edit(WORKBOOK, 'name="说明"', f'name="{"😀" * 16}"')),
    ("a sheet name with a colon", "sheet_names", edit(WORKBOOK, 'name="说明"', 'name="a:b"')),
    ("two sheets of one sheetId", "sheet_ids", edit(WORKBOOK, 'sheetId="5"', 'sheetId="1"')),
    ("a sheetId beyond the limit", "sheet_ids", edit(WORKBOOK, 'sheetId="5"', 'sheetId="65535"')),
    ("two sheets with one part", "sheet_parts", edit(WORKBOOK, 'r:id="rId2"', 'r:id="rId1"')),
    ("a sheet without a part", "sheet_parts", edit(WORKBOOK, 'r:id="rId2"', 'r:id="rId99"')),
    ("two sheets of one code name", "code_names",
     both(edit(SHEET, "<dimension", '<sheetPr codeName="Sheet1"/><dimension'),
          ("xl/worksheets/sheet2.xml", "<dimension", '<sheetPr codeName="SHEET1"/><dimension'))),
    ("localSheetId out of range", "local_sheet_ids", edit(WORKBOOK, 'localSheetId="3"', 'localSheetId="9"')),
    ("two names of one scope", "defined_names", edit(WORKBOOK, 'name="rate"', 'name="SK_total"')),
    ("a name that leads nowhere", "defined_names", edit(WORKBOOK, "说明!\\$A\\$2", "#REF!")),
    ("a name with a blank", "defined_names", edit(WORKBOOK, 'name="rate"', 'name="the rate"')),
    ("a name that is a cell", "defined_names", edit(WORKBOOK, 'name="rate"', 'name="AB12"')),
    ("a formula with an unknown sheet", "missing_sheets",
     edit(SHEET, "<f>B2\\*2</f>", "<f>无此表!B2*2</f>")),
    ("a chart with an unknown sheet", "missing_sheets", edit(CHART, "<c:f>'?数据'?!", "<c:f>旧名!")),
    ("a validation with an unknown sheet", "missing_sheets",
     edit(NEW, "<formula1>'?数据'?!", "<formula1>旧名!")),
    ("a rule with an unknown sheet", "missing_sheets", edit(NEW, "<formula>'?数据'?!", "<formula>旧名!")),
    ("a sparkline with an unknown sheet", "missing_sheets", edit(NEW, "<xm:f>'?数据'?!", "<xm:f>旧名!")),
    ("a name with an unknown sheet", "missing_sheets", edit(WORKBOOK, ">说明!", ">旧名!")),
    ("another book that is not listed", "other_books", edit(SHEET, "<f>B2\\*2</f>", "<f>[1]甲!A1</f>")),
    ("printed titles of another sheet", "local_names_point_home",
     edit(WORKBOOK, 'localSheetId="2"', 'localSheetId="0"')),
    ("activeTab out of range", "active_tab",
     edit(WORKBOOK, "<workbookView ", '<workbookView activeTab="5" ')),
    ("firstSheet out of range", "active_tab",
     edit(WORKBOOK, "<workbookView ", '<workbookView firstSheet="5" ')),
    ("two selected tabs", "selected_tabs", edit(NEW, "<sheetView ", '<sheetView tabSelected="1" ')),
    ("all sheets hidden", "visible_sheets", everywhere(WORKBOOK, " sheetId=", ' state="hidden" sheetId=')),
    # formulas
    ("an unbalanced formula", "formula_syntax", edit(SHEET, "<f>B2\\*2</f>", "<f>SUM(B2*2</f>")),
    ("a formula with its equals sign", "formula_syntax", edit(SHEET, "<f>B2\\*2</f>", "<f>=B2*2</f>")),
    ("an open text in a formula", "formula_syntax", edit(SHEET, "<f>B2\\*2</f>", '<f>B2&amp;"a</f>')),
    ("a formula of 8,193 signs", "formula_syntax",
     edit(SHEET, "<f>B2\\*2</f>", f"<f>{'1+' * 4_096}1</f>")),
    ("a formula beyond the last row", "formula_cells", edit(SHEET, "<f>B2\\*2</f>", "<f>B1048577*2</f>")),
    ("a formula beyond the last column", "formula_cells", edit(SHEET, "<f>B2\\*2</f>", "<f>XFE2*2</f>")),
    ("a formula with an unknown table", "table_mentions", edit(NEW, "SUM\\(清单\\[", "SUM(旧单[")),
    ("a formula with an unknown column", "table_mentions", edit(NEW, "清单\\[数", "清单[量")),
    ("a shared formula nobody states", "shared_formulas",
     edit(SHEET, "<f>B2\\*2</f>", '<f t="shared" si="4"/>')),
    # cells
    ("shared-string index out of range", "shared_strings", edit(SHEET, 't="s"><v>0<', 't="s"><v>999<')),
    ("a text of 32,768 signs", "texts", edit(NEW, "<is><t>", "<is><t>" + "a" * 32_768)),
    ("rows out of order", "row_order", edit(SHEET, '<row r="3"', '<row r="1"')),
    ("cells out of order", "cell_order", edit(SHEET, '<c r="B2"', '<c r="A2"')),
    ("a cell in another row", "cell_order", edit(SHEET, '<c r="B3"', '<c r="B4"')),
    ("a cell beyond the last column", "within_limits", edit(SHEET, '<c r="B10"', '<c r="XFE10"')),
    ("a row beyond the last row", "within_limits",
     edit(SHEET, '<row r="10"(.*?)"A10"(.*?)"B10"', r'<row r="1048577"\1"A1048577"\2"B1048577"')),
    ("a rule beyond the last row", "within_limits", edit(NEW, 'sqref="B2:B9"', 'sqref="B2:B1048577"')),
    ("a column beyond the last", "within_limits", edit(NEW, 'max="2"', 'max="16385"')),
    ("columns that overlap", "column_order",
     edit(NEW, "</cols>", '<col min="2" max="3" width="9"/></cols>')),
    ("overlapping merges", "merges", edit(SHEET, "</mergeCells>", '<mergeCell ref="G1:H2"/></mergeCells>')),
    ("stale calcChain cell", "calculation_chain", edit(CHAIN, 'r="C2"', 'r="C3"')),
    ("stale calcChain sheet", "calculation_chain", edit(CHAIN, 'i="1"', 'i="77"')),
    ("calcChain cell twice", "calculation_chain", edit(CHAIN, "</calc", '<c r="C2" i="1"/></calc')),
    ("two rules of one priority", "priorities",
     edit(SHEET, "</conditionalFormatting>", RULE.format(1) + "</conditionalFormatting>")),
    ("a priority beyond the limit", "priorities",
     edit(SHEET, "</conditionalFormatting>", RULE.format(2**31) + "</conditionalFormatting>")),
    # tables
    ("two tables of one id", "table_ids", edit(TABLE, ' id="2"', ' id="1"')),
    ("two tables of one displayName", "table_names", edit(TABLE, 'displayName="清单"', 'displayName="规则"')),
    ("two tables of one name", "table_names", edit(TABLE, ' name="清单"', ' name="规则"')),
    ("a table named as a name", "table_against_names", edit(WORKBOOK, 'name="rate"', 'name="清单"')),
    ("header text not the column name", "table_headers", edit(TABLE, 'name="数"', 'name="数量"')),
    ("two columns of one name", "table_headers", edit(TABLE, 'name="数"', 'name="名"')),
    ("two columns of one id", "table_headers", edit(TABLE, 'tableColumn id="2"', 'tableColumn id="1"')),
    ("a column too many", "table_headers",
     edit(TABLE, "</tableColumns>", '<tableColumn id="4" name="丁"/></tableColumns>')),
    ("a table over another", "table_places",
     both(edit(LISTED, "</tableParts>", '<tablePart r:id="rIdT"/></tableParts>'),
          ("xl/worksheets/_rels/sheet4.xml.rels", "</Relationships>",
           arrow("rIdT", f"{OFFICE}/table", "../tables/table1.xml")))),
    ("a table over a merged range", "table_places", edit(LISTED, 'ref="E6:F7"', 'ref="B2:C3"')),
    ("a table over a filter", "table_places", edit(LISTED, 'r ref="E1:F4"', 'r ref="C1:F4"')),
    ("a table filter of another size", "table_filters", edit(TABLE, 'ref="A1:C4"', 'ref="A1:C5"')),
    # formats
    ("cell format index out of range", "cell_styles", edit(SHEET, ' s="1"', ' s="99"')),
    ("row format index out of range", "cell_styles", edit(NEW, '(<row [^>]*) s="\\d+"', r'\1 s="99"')),
    ("column format index out of range", "cell_styles", edit(NEW, ' style="\\d+"', ' style="99"')),
    ("font index out of range", "format_parts", edit(STYLES, 'fontId="1"', 'fontId="99"')),
    ("fill index out of range", "format_parts", edit(STYLES, 'fillId="2"', 'fillId="99"')),
    ("border index out of range", "format_parts", edit(STYLES, 'borderId="1"', 'borderId="99"')),
    ("named style index out of range", "format_parts", edit(STYLES, 'xfId="0"', 'xfId="9"')),
    ("more cell formats than fit", "format_parts", too_many_formats),
    ("number format index unknown", "number_formats",
     edit(STYLES, '<numFmt numFmtId="164"', '<numFmt numFmtId="199"')),
    ("two number formats of one index", "number_formats",
     edit(STYLES, '<numFmt numFmtId="165"', '<numFmt numFmtId="164"')),
    ("a wrong count of formats", "counts", edit(STYLES, '<cellXfs count="\\d+"', '<cellXfs count="99"')),
    ("dxfId of a rule out of range", "differential_formats", edit(SHEET, 'dxfId="0"', 'dxfId="99"')),
    ("dxfId of a table out of range", "differential_formats",
     edit(TABLE, 'dataDxfId="\\d+"', 'dataDxfId="99"')),
    # notes
    ("clashing VML blocks", "vml_blocks", edit(VML, 'data="2"', 'data="1"')),
    ("clashing shape ids", "vml_blocks", edit(VML, "_x0000_s2049", "_x0000_s1025")),
    ("notes without VML", "notes_and_drawings", edit(SHEET_RELS, '/vmlDrawing"', '/other"')),
    ("notes the sheet does not name", "notes_and_drawings", edit(SHEET, '<legacyDrawing r:id="rId1"/>', "")),
    ("a note without its box", "notes_and_drawings", edit(VML, "<x:Row>0</x:Row>", "<x:Row>7</x:Row>")),
    ("a box without its note", "notes_and_drawings", edit(NOTES, '<comment ref="C3".*?</comment>', "")),
    ("two notes on a cell", "notes_and_drawings", edit(NOTES, 'ref="C3"', 'ref="A1"')),
    ("a note on a cell with a threaded comment", "threads", threaded),
    ("a note of an unknown author", "note_authors", edit(NOTES, 'authorId="0"', 'authorId="7"')),
]  # fmt: skip


def test_a_sound_workbook_has_no_problem() -> None:
    assert problems(SOUND) == set()


@pytest.mark.parametrize(("check", "fault"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_it_finds(check: str, fault: Fault) -> None:
    found = problems(fault())
    assert check in {problem.partition(":")[0] for problem in found}, found


def test_every_check_has_a_seeded_fault() -> None:
    assert {check for _, check, _ in FAULTS} == set(CHECKS)


def test_no_fault_is_seeded_twice() -> None:
    assert len({name for name, _, _ in FAULTS}) == len(FAULTS)


def test_a_thread_with_its_stand_in_is_sound() -> None:
    data = edited(threaded(), "xl/comments1.xml", "<author></author>", "<author>tc={1}</author>")
    assert not [found for found in problems(data) if re.match("threads|notes", found)]
