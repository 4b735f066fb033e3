"""The checker itself: sound workbooks pass, and each kind of fault is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sheetkit.opc import Surgery
from tests.opc.books import donor, edited, host, parts, patched
from tests.opc.referential import CHECKS, problems

CHAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
CHAIN_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sound() -> bytes:
    """A host with a calculation chain, and grafted sheets."""
    surgery = Surgery(host())
    surgery.graft(donor())
    book = surgery.to_bytes()
    chain = f'<calcChain xmlns="{MAIN}"><c r="C2" i="1"/></calcChain>'
    book = patched(book, {"xl/calcChain.xml": chain.encode()})
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{CHAIN_TYPE}"/></Types>'
    book = edited(book, "[Content_Types].xml", "</Types>", override)
    arrow = f'<Relationship Id="rIdC" Type="{CHAIN_RELATION}" Target="calcChain.xml"/></Relationships>'
    return edited(book, "xl/_rels/workbook.xml.rels", "</Relationships>", arrow)


SOUND = sound()
SHEET, WORKBOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
TABLE = "xl/tables/table2.xml"


def edit(part: str, pattern: str, replacement: str) -> Callable[[], bytes]:
    return lambda: edited(SOUND, part, pattern, replacement)


def types_last() -> bytes:
    names = list(parts(SOUND))
    return patched(SOUND, {}, order=[*names[1:], names[0]])


FAULTS: list[tuple[str, Callable[[], bytes]]] = [
    ("part_names", types_last),
    ("content_types", edit("[Content_Types].xml", 'PartName="/xl/styles.xml"', 'PartName="/xl/gone.xml"')),
    ("dangling_relationships", edit("xl/_rels/workbook.xml.rels", 'Target="theme/', 'Target="thema/')),
    ("single_parts", edit("xl/_rels/workbook.xml.rels", '/theme"', '/styles"')),
    ("relationship_ids", edit(SHEET, '<legacyDrawing r:id="rId1"', '<legacyDrawing r:id="rId77"')),
    ("orphan_parts", lambda: patched(SOUND, {"xl/lost.xml": b"<a/>"})),
    ("sheet_names", edit(WORKBOOK, 'name="说明"', 'name="交易记录"')),
    ("sheet_ids", edit(WORKBOOK, 'sheetId="5"', 'sheetId="1"')),
    ("sheet_parts", edit(WORKBOOK, 'r:id="rId2"', 'r:id="rId1"')),
    ("table_ids", edit(TABLE, ' id="2"', ' id="1"')),
    ("table_names", edit(TABLE, 'displayName="清单"', 'displayName="规则"')),
    ("table_against_names", edit(WORKBOOK, 'name="rate"', 'name="清单"')),
    ("table_headers", edit(TABLE, 'name="数"', 'name="数量"')),
    ("local_sheet_ids", edit(WORKBOOK, 'localSheetId="3"', 'localSheetId="9"')),
    ("defined_names", edit(WORKBOOK, 'name="rate"', 'name="SK_total"')),
    ("defined_names", edit(WORKBOOK, "说明!\\$A\\$2", "#REF!")),
    ("missing_sheets", edit(SHEET, "<f>B2\\*2</f>", "<f>无此表!B2*2</f>")),
    ("missing_sheets", edit("xl/charts/chart1.xml", "<c:f>'?数据'?!", "<c:f>旧名!")),
    ("local_names_point_home", edit(WORKBOOK, 'localSheetId="2"', 'localSheetId="0"')),
    ("cell_styles", edit(SHEET, ' s="1"', ' s="99"')),
    ("format_parts", edit(STYLES, 'fontId="1"', 'fontId="99"')),
    ("format_parts", edit(STYLES, '<numFmt numFmtId="164"', '<numFmt numFmtId="199"')),
    ("differential_formats", edit(SHEET, 'dxfId="0"', 'dxfId="99"')),
    ("differential_formats", edit(TABLE, 'dataDxfId="\\d+"', 'dataDxfId="99"')),
    ("shared_strings", edit(SHEET, 't="s"><v>0<', 't="s"><v>999<')),
    ("vml_blocks", edit("xl/drawings/vmlDrawing2.vml", 'data="2"', 'data="1"')),
    ("vml_blocks", edit("xl/drawings/vmlDrawing2.vml", "_x0000_s2049", "_x0000_s1025")),
    ("notes_and_drawings", edit("xl/worksheets/_rels/sheet1.xml.rels", "/vmlDrawing\"", '/other"')),
    ("calculation_chain", edit("xl/calcChain.xml", 'r="C2"', 'r="C3"')),
    ("calculation_chain", edit("xl/calcChain.xml", 'i="1"', 'i="77"')),
    ("row_order", edit(SHEET, '<row r="2"', '<row r="1"')),
    ("cell_order", edit(SHEET, '<c r="B2"', '<c r="A2"')),
    ("merges", edit(SHEET, "</mergeCells>", '<mergeCell ref="G1:H2"/></mergeCells>')),
    ("active_tab", edit(WORKBOOK, "<workbookView ", '<workbookView activeTab="5" ')),
    ("selected_tabs", edit("xl/worksheets/sheet3.xml", "<sheetView ", '<sheetView tabSelected="1" ')),
    ("formula_syntax", edit(SHEET, "<f>B2\\*2</f>", "<f>SUM(B2*2</f>")),
    ("formula_syntax", edit(SHEET, "<f>B2\\*2</f>", "<f>=B2*2</f>")),
    ("names_within", edit("xl/worksheets/sheet3.xml", "SUM\\(清单\\[", "SUM(旧单[")),
]  # fmt: skip


def all_hidden() -> bytes:
    text = parts(SOUND)[WORKBOOK].decode().replace(" sheetId=", ' state="hidden" sheetId=')
    return patched(SOUND, {WORKBOOK: text.encode()})


FAULTS.append(("visible_sheets", all_hidden))


def test_a_sound_workbook_has_no_problem() -> None:
    assert problems(SOUND) == set()


@pytest.mark.parametrize(
    ("code", "fault"), FAULTS, ids=[f"{at}-{code}" for at, (code, _) in enumerate(FAULTS)]
)
def test_a_seeded_fault_is_found(code: str, fault: Callable[[], bytes]) -> None:
    found = problems(fault())
    assert code in {problem.partition(":")[0] for problem in found}, found


def test_every_check_has_a_seeded_fault() -> None:
    assert {code for code, _ in FAULTS} == set(CHECKS)
