"""Grafted sheets say in the host what they said in the donor, whatever the host is like."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from lxml import etree

from sheetkit.errors import UnreadableError
from sheetkit.opc import Surgery, stylesheet
from sheetkit.opc.stylesheet import StyleSheet
from tests.opc.books import by_openpyxl, donor, edited, host, parts, patched
from tests.opc.referential import Book, problems

HOST = host()
WORKBOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
NEW = ("检查", "分 析", "数据")


def grafted(data: bytes, made: bytes | None = None, **options: object) -> bytes:
    surgery = Surgery(data)
    surgery.graft(donor() if made is None else made, **options)  # type: ignore[arg-type]
    return surgery.to_bytes()


def small(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, dict(options))
    fill(book)
    book.close()
    return target.getvalue()


def sheet(data: bytes, name: str):  # type: ignore[no-untyped-def]
    return next(each for each in Book(data).sheets if each.name == name)


def test_cells_come_over_with_value_and_format() -> None:
    before = by_openpyxl(donor())
    after = by_openpyxl(grafted(HOST))
    seen = 0
    for name in NEW:
        for row in before[name].iter_rows():
            for old in row:
                new = after[name][old.coordinate]
                # openpyxl reads _x005F_ as "_" in shared strings only
                assert str(new.value).replace("_x005F_", "_") == str(old.value)
                assert type(new.value) is type(old.value)
                if old.has_style:
                    seen += 1
                    assert look(new) == look(old)
    assert seen > 10


def look(cell):  # type: ignore[no-untyped-def]
    """What a person sees of a format. Black may be the theme's or plain."""
    colour = cell.font.color
    black = colour is None or (colour.type == "theme" and colour.theme == 1) or colour.value == "FF000000"
    return (
        cell.number_format, cell.font.name, cell.font.sz, cell.font.b, cell.font.u, black,
        cell.fill.fill_type, cell.fill.fgColor.rgb, cell.border.left.style,
        cell.alignment.horizontal, cell.protection.locked,
    )  # fmt: skip


def test_texts_are_inline_and_the_sellers_strings_stay() -> None:
    data = grafted(HOST)
    assert parts(data)["xl/sharedStrings.xml"] == parts(HOST)["xl/sharedStrings.xml"]
    kinds = {cell.get("t") for name in NEW for cell in sheet(data, name).cells.values()}
    assert "inlineStr" in kinds
    assert "s" not in kinds


def test_new_sheets_stand_at_the_end_hidden_where_asked_and_never_selected() -> None:
    surgery = Surgery(HOST)
    assert surgery.graft(donor(), hidden={"数据"}) == {name: name for name in NEW}
    assert surgery.sheet_names == ("交易记录", "说明", *NEW)
    book = Book(surgery.to_bytes())
    assert [each.state for each in book.sheets] == ["visible"] * 4 + ["hidden"]
    assert [each.id for each in book.sheets] == ["1", "2", "3", "4", "5"]
    selected = [view.get("tabSelected") for each in book.sheets[2:] for view in each.all("sheetView")]
    assert selected == [None] * 3
    assert Book(donor()).sheets[0].root.find(".//{*}sheetView").get("tabSelected") == "1"


def test_a_taken_name_gets_a_number_and_every_pointer_follows() -> None:
    once = grafted(HOST)
    surgery = Surgery(once)
    names = surgery.graft(donor())
    assert names == {"检查": "检查 (2)", "分 析": "分 析 (2)", "数据": "数据 (2)"}
    twice = surgery.to_bytes()
    assert problems(twice) == set()
    book = Book(twice)
    new = [each for each in book.sheets if each.name.endswith("(2)")]
    mentioned = "".join(etree.tostring(each.root, encoding="unicode") for each in new)
    mentioned += "".join(
        part.decode() for name, part in parts(twice).items() if re.search("chart[34].xml", name)
    )
    pointers = re.findall(r"'?(检查|分 析|数据)( \(2\))?'?!", mentioned)
    assert len(pointers) >= 15
    stale = [pointer for pointer in pointers if not pointer[1]]
    assert stale == [("分 析", "")]  # inside a text of a formula
    assert "SUM(清单_2[数])+SUM(sk_total_2)" in mentioned
    locals_ = {
        (name.get("name"), name.text) for name in book.defined_names if name.get("localSheetId") == "5"
    }
    assert ("_xlnm.Print_Titles", "'检查 (2)'!$1:$1") in locals_
    targets = [part.decode() for name, part in parts(twice).items() if name.endswith(".rels")]
    assert sum("#'检查 (2)'!A1" in target for target in targets) == 1


@pytest.mark.parametrize(
    ("name", "taken", "given"),
    [
        ("A", ["a"], "A (2)"),
        ("A", ["a", "A (2)"], "A (3)"),
        ("表" * 31, ["表" * 31], "表" * 27 + " (2)"),
        ("😀" * 15, ["😀" * 15], "😀" * 13 + " (2)"),
        ("A (2)", ["A (2)"], "A (3)"),
    ],
)
def test_numbered_names(name: str, taken: list[str], given: str) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for each in taken:
            book.add_worksheet(each)

    surgery = Surgery(small(fill))
    made = small(lambda book: book.add_worksheet(name))
    assert surgery.graft(made) == {name: given}


def test_a_table_gives_way_to_a_name_of_the_sellers() -> None:
    data = edited(HOST, WORKBOOK, 'name="rate"', 'name="清单"')
    result = grafted(data)
    assert problems(result) == set()
    assert [table.get("displayName") for _, table in Book(result).tables] == ["规则", "清单_2"]
    assert "SUM(清单_2[数])" in etree.tostring(sheet(result, "检查").root, encoding="unicode")


def test_formats_are_appended_once() -> None:
    first = Book(grafted(HOST)).styles
    second = Book(grafted(grafted(HOST))).styles
    assert etree.tostring(first) == etree.tostring(second)
    old = Book(HOST).styles
    for container in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        before, after = old.find("{*}" + container), first.find("{*}" + container)
        assert len(before) <= len(after)
        assert [etree.tostring(el) for el in before] == [etree.tostring(el) for el in after][: len(before)]
    assert len(first.find("{*}cellXfs")) > len(old.find("{*}cellXfs"))
    added = first.find("{*}fonts")[len(old.find("{*}fonts")) :]
    assert not [
        el for font in added for el in font.iter("{*}scheme", "{*}color") if el.get("theme") or not el.attrib
    ]


def test_a_number_format_is_found_by_its_code() -> None:
    taken = '<numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy-mm-dd"/><numFmt numFmtId="164" '
    data = edited(HOST, STYLES, "<fonts ", taken + 'formatCode="0.000"/></numFmts><fonts ')
    formats = {
        el.get("formatCode"): el.get("numFmtId") for el in Book(grafted(data)).styles.iter("{*}numFmt")
    }
    assert formats["yyyy-mm-dd"] == "170"
    assert formats["0.0%"] not in {"164", "170"}
    assert by_openpyxl(grafted(data))["检查"]["B2"].is_date


def test_too_many_formats_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stylesheet.MAX_CELL_FORMATS == 65_430  # a list so long takes seconds: `make proof` grafts into it
    monkeypatch.setattr(stylesheet, "MAX_CELL_FORMATS", 100)
    xf = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    full = f'<cellXfs count="100">{xf * 100}</cellXfs>'
    with pytest.raises(UnreadableError) as caught:
        grafted(edited(HOST, STYLES, "<cellXfs .*</cellXfs>", full))
    assert caught.value.key == "opc.too_many_styles"


def without_styles(data: bytes) -> bytes:
    data = edited(data, "xl/_rels/workbook.xml.rels", '<Relationship [^>]*/styles"[^>]*/>', "")
    data = edited(data, TYPES, '<Override PartName="/xl/styles.xml"[^>]*/>', "")
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        text = re.sub(r' s="\d+"| dxfId="\d+"', "", parts(data)[name].decode())
        data = patched(data, {name: text.encode()})
    return patched(data, {STYLES: None})


def without(data: bytes, kind: str, part: str) -> bytes:
    data = edited(data, "xl/_rels/workbook.xml.rels", f'<Relationship [^>]*/{kind}"[^>]*/>', "")
    return patched(edited(data, TYPES, f'<Override PartName="/{part}"[^>]*/>', ""), {part: None})


def prefixed(data: bytes) -> bytes:
    """Workbook, styles and a sheet as some programs write them: every element with a prefix."""
    changes: dict[str, bytes | None] = {}
    for part in (WORKBOOK, STYLES, "xl/worksheets/sheet1.xml"):
        text = re.sub(r"<(/?)(?!\?)(?=\w)", r"<\1x:", parts(data)[part].decode())
        changes[part] = text.replace(' xmlns="', ' xmlns:x="').encode()
    rels = re.sub(r"<(/?)(?=Rel)", r"<\1p:", parts(data)["xl/_rels/workbook.xml.rels"].decode())
    changes["xl/_rels/workbook.xml.rels"] = rels.replace(' xmlns="', ' xmlns:p="').encode()
    types = re.sub(r"<(/?)(?=[TDO]\w)", r"<\1t:", parts(data)[TYPES].decode())
    changes[TYPES] = types.replace(' xmlns="', ' xmlns:t="').encode()
    return patched(data, changes)


def default_xml_is_the_workbook(data: bytes) -> bytes:
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    data = edited(data, TYPES, 'Extension="xml" ContentType="[^"]*"', f'Extension="xml" ContentType="{main}"')
    return edited(data, TYPES, '<Override PartName="/xl/workbook.xml"[^>]*/>', "")


def rels_by_override(data: bytes) -> bytes:
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name in parts(data)
        if name.endswith(".rels")
    )
    data = edited(data, TYPES, '<Default Extension="rels"[^>]*/>', "")
    return edited(data, TYPES, "</Types>", overrides + "</Types>")


def absolute_targets(data: bytes) -> bytes:
    text = parts(data)["xl/_rels/workbook.xml.rels"].decode().replace('Target="', 'Target="/xl/')
    return patched(data, {"xl/_rels/workbook.xml.rels": text.encode()})


def other_case(data: bytes) -> bytes:
    content = parts(data)
    moved = {"xl/workbook.xml": None, "XL/Workbook.XML": content["xl/workbook.xml"]}
    return patched(data, {**moved, "xl/_rels/workbook.xml.rels": None,
                          "xl/_RELS/workbook.xml.rels": content["xl/_rels/workbook.xml.rels"]})  # fmt: skip


def dangling_ids(data: bytes) -> bytes:
    """The workbook mentions relationship ids that no relationship has: they must not come alive."""
    links = "".join(f'<externalReference r:id="rId{at}"/>' for at in range(6, 9))
    return edited(data, WORKBOOK, "</sheets>", f"</sheets><externalReferences>{links}</externalReferences>")


HOSTS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("prefixed", prefixed),
    ("no styles", without_styles),
    ("styles promised only", lambda data: patched(data, {STYLES: None})),
    ("no theme", lambda data: without(data, "theme", "xl/theme/theme1.xml")),
    ("only two fonts' worth of styles", lambda data: edited(data, STYLES, "<cellStyles.*</dxfs>", "<dxfs/>")),
    ("no fills", lambda data: edited(data, STYLES, "<fills.*</fills>", "")),
    ("default xml is the workbook", default_xml_is_the_workbook),
    ("rels by override", rels_by_override),
    ("absolute targets", absolute_targets),
    ("other case", other_case),
    ("dangling ids", dangling_ids),
    ("no sheet id", lambda data: edited(data, WORKBOOK, ' sheetId="2"', "")),
    ("huge sheet id", lambda data: edited(data, WORKBOOK, ' sheetId="2"', ' sheetId="5000"')),
    ("no defined names", lambda data: edited(data, WORKBOOK, "<definedNames>.*</definedNames>", "")),
    ("no type in the root", lambda data: patched(data, {"_rels/.rels": b'<Relationships xmlns="x"/>'})),
    ("a relationship to nowhere",
     lambda data: edited(data, "xl/_rels/workbook.xml.rels", "</Relat",
                         '<Relationship Id="rIdN" Type="a/b"/></Relat')),
]  # fmt: skip


@pytest.mark.parametrize("make", [case[1] for case in HOSTS], ids=[case[0] for case in HOSTS])
def test_any_host_takes_the_graft(make: Callable[[bytes], bytes]) -> None:
    before = make(HOST)
    surgery = Surgery(before)
    assert surgery.graft(donor()) == {name: name for name in NEW}
    surgery.mark("交易记录", ["B2"], "error")
    after = surgery.to_bytes()
    assert surgery.sheet_names == ("交易记录", "说明", *NEW)
    if b"<Relationship " not in parts(before)["_rels/.rels"]:
        return  # nothing below finds its workbook
    assert problems(after) <= problems(before)
    assert len(Book(after).sheets) == 5
    ids = [each.id for each in Book(after).sheets]
    assert len(set(ids)) == 5


def test_a_prefix_is_kept() -> None:
    result = parts(grafted(prefixed(HOST)))
    for part in (WORKBOOK, STYLES, TYPES, "xl/_rels/workbook.xml.rels"):
        root = etree.fromstring(result[part])
        assert {el.prefix for el in root.iter(etree.Element)} == {root.prefix}
        assert root.prefix


def test_every_new_part_has_an_override_even_among_defaults() -> None:
    result = Book(grafted(HOST))
    overrides = {
        Book.key(el.get("PartName")) for el in result.tree("[content_types].xml").iter("{*}Override")
    }
    new = {Book.key(name) for name in parts(grafted(HOST))} - {Book.key(name) for name in parts(HOST)}
    assert len(new) > 10
    assert {name for name in new if not name.endswith(".rels")} <= overrides


def test_dates_shift_where_the_host_counts_from_1904() -> None:
    data = host(date_1904=True)
    assert Surgery(data).date1904
    assert not Surgery(HOST).date1904
    result = grafted(data)
    book = by_openpyxl(result)
    assert book["检查"]["B2"].value == dt.datetime(2024, 3, 5)
    assert book["检查"]["B3"].value == dt.time(12, 0)  # a time of day is no date
    assert book["数据"]["B2"].value == 1
    bound = sheet(result, "检查").root.find(".//{*}dataValidation[@type='date']/{*}formula1").text
    assert int(bound) == 45292 - 1462


def test_a_date_may_be_a_formulas_value_and_a_1904_donor_is_not_shifted() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        day = book.add_format({"num_format": "yyyy年m月d日"})
        book.add_worksheet("日").write_formula("A1", "=DATE(2024,3,5)", day, 45356)

    shifted = sheet(grafted(host(date_1904=True), small(fill)), "日").cells["A1"].findtext("{*}v")
    assert int(shifted) == 45356 - 1462
    kept = (
        sheet(grafted(host(date_1904=True), small(fill, date_1904=True)), "日").cells["A1"].findtext("{*}v")
    )
    assert int(kept) == 45356


def test_notes_keep_to_their_own_blocks() -> None:
    blocks = []
    for name, data in parts(grafted(grafted(HOST))).items():
        if name.endswith(".vml"):
            (block,) = re.findall(rb'<o:idmap [^>]*data="(\d+)"', data)
            shapes = re.findall(rb"_x0000_s(\d+)", data)
            assert shapes
            assert {int(shape) // 1024 for shape in shapes} == {int(block)}
            blocks.append(int(block))
    assert sorted(blocks) == [1, 2, 3, 4, 5]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert grafted(HOST) == grafted(HOST)
    marked = []
    for _ in range(2):
        surgery = Surgery(HOST)
        surgery.mark("交易记录", {"A5", "B3", "A4"}, "info")
        surgery.graft(donor(), hidden=set(NEW))
        marked.append(surgery.to_bytes())
    assert marked[0] == marked[1]


def test_the_container_is_plain() -> None:
    with zipfile.ZipFile(io.BytesIO(grafted(HOST))) as container:
        infos = container.infolist()
    assert infos[0].filename == TYPES
    assert not any(info.flag_bits & 0x08 for info in infos)
    assert not any(info.extra for info in infos)
    assert not any(info.is_dir() for info in infos)


def test_calculation_is_not_forced_and_properties_stay() -> None:
    data = edited(HOST, WORKBOOK, "<calcPr[^>]*/>", '<calcPr calcId="191029"/>')
    result = grafted(data)
    assert b'<calcPr calcId="191029"/>' in parts(result)[WORKBOOK]
    assert parts(result)["docProps/app.xml"] == parts(HOST)["docProps/app.xml"]


def test_a_style_sheet_without_change_is_not_rewritten() -> None:
    plain = small(lambda book: book.add_worksheet("素").write(0, 0, 1))
    assert parts(grafted(HOST, plain))[STYLES] == parts(HOST)[STYLES]
    assert not StyleSheet(parts(HOST)[STYLES], STYLES).changed


def test_a_chart_sheet_can_be_grafted() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("数据").write_column("A1", [1, 2])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)

    result = grafted(grafted(HOST), small(fill))
    assert problems(result) == set()
    assert [each.name for each in Book(result).sheets][-2:] == ["数据 (2)", "图"]
    assert "'数据 (2)'!$A$1" in parts(result)["xl/charts/chart3.xml"].decode()


def test_formats_of_columns_and_rows_come_over() -> None:
    before, after = by_openpyxl(donor())["检查"], by_openpyxl(grafted(HOST))["检查"]
    old, new = before.column_dimensions["A"], after.column_dimensions["A"]
    assert new.number_format == old.number_format == "yyyy-mm-dd"
    assert new.width == old.width
    assert after.row_dimensions[9].number_format == before.row_dimensions[9].number_format == "0.0%"


def test_relationship_ids_that_dangle_stay_dangling() -> None:
    root = Book(grafted(dangling_ids(HOST))).workbook
    name = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    new = {el.get(name) for el in root.iterfind("{*}sheets/{*}sheet")}
    assert not new & {"rId6", "rId7", "rId8"}
    assert len(new) == 5


def test_sheet_ids_follow_the_highest() -> None:
    data = edited(HOST, WORKBOOK, ' sheetId="2"', ' sheetId="50"')
    assert [each.id for each in Book(grafted(data)).sheets] == ["1", "50", "51", "52", "53"]
