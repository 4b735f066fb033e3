"""What leads nowhere in a seller's file leads nowhere after the graft either: nothing comes alive there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree

from sheetkit.errors import UnreadableError, UsageError
from sheetkit.opc import Surgery
from sheetkit.opc.names import unused_number
from tests.opc.books import by_openpyxl, edited, host, parts, patched
from tests.opc.reading import Book
from tests.opc.variants import VARIANTS
from tests.opc.whole import grafted

HOST = host()
SHEET, WORKBOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
RELS = "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def written(name: str) -> bytes:
    """The host in one of the variants."""
    (variant,) = (one for one in VARIANTS if one.name == name)
    made = variant.of(HOST)
    assert made is not None
    return made


def only(styles: str) -> bytes:
    return patched(HOST, {STYLES: f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode()})


def entries(data: bytes, container: str) -> list[bytes]:
    found = Book(data).styles.find("{*}" + container)
    return [etree.tostring(entry, method="c14n", with_tail=False) for entry in found]


@pytest.mark.parametrize("cells", ["99", "1"])
def test_a_cell_format_past_the_end_shows_as_the_first_does(cells: str) -> None:
    data = only("")
    text = parts(data)[SHEET].decode().replace(' s="1"', f' s="{cells}"')
    after = grafted(patched(data, {SHEET: text.encode()}))
    assert entries(after, "cellXfs")[int(cells)] == entries(after, "cellXfs")[0]
    cell = by_openpyxl(after)["交易记录"]["A1"]
    assert (cell.number_format, cell.font.b, cell.fill.fill_type) == ("General", False, None)
    assert by_openpyxl(after)["检查"]["B2"].is_date


def test_fonts_fills_and_borders_past_the_end_show_as_the_first_do() -> None:
    data = edited(HOST, STYLES, 'fontId="1" fillId="0" borderId="0"', 'fontId="3" fillId="4" borderId="2"')
    after = grafted(data)
    for container, index in (("fonts", 3), ("fills", 4), ("borders", 2)):
        assert len(entries(after, container)) > index + 1
        assert entries(after, container)[index] == entries(after, container)[0]
    assert not by_openpyxl(after)["交易记录"]["A1"].font.b


def test_a_rules_format_past_the_end_stays_empty() -> None:
    after = grafted(edited(HOST, STYLES, "<dxfs.*?</dxfs>", ""))
    assert len(entries(after, "dxfs")) > 1
    assert not list(etree.fromstring(entries(after, "dxfs")[0]))
    surgery = Surgery(edited(HOST, STYLES, "<dxfs.*?</dxfs>", ""))
    surgery.mark("交易记录", ["A1"], "error")
    assert not list(etree.fromstring(entries(surgery.to_bytes(), "dxfs")[0]))


def test_a_number_format_that_is_not_listed_is_not_ours() -> None:
    data = edited(HOST, STYLES, '<xf numFmtId="0" fontId="1"', '<xf numFmtId="164" fontId="1"')
    listed = {el.get("numFmtId") for el in Book(grafted(data)).styles.iter("{*}numFmt")}
    assert listed
    assert "164" not in listed


def test_a_number_format_in_an_alternative_is_taken() -> None:
    styles = Book(grafted(written("number formats in an alternative"))).styles
    ids = [el.get("numFmtId") for el in styles.iter("{*}numFmt")]
    assert ids.count("900") == 2
    assert min(int(id_) for id_ in ids) >= 900


def test_a_promised_sheet_stays_a_promise() -> None:
    made = written("a sheet that is promised only")
    promised = "xl/worksheets/sheet3.xml"
    assert promised in parts(made)[RELS].decode()
    assert promised not in parts(grafted(made))


def test_relationships_left_behind_find_no_sheet() -> None:
    made = written("relationships of a sheet that is gone")
    orphan = "xl/worksheets/_rels/sheet3.xml.rels"
    after = parts(grafted(made))
    assert after[orphan] == parts(made)[orphan]
    assert "xl/worksheets/sheet3.xml" not in after


def test_printed_titles_of_a_sheet_to_come_are_not_doubled() -> None:
    names = Book(grafted(written("printed titles of a sheet to come"))).defined_names
    titles = [name.text for name in names if name.get("name") == "_xlnm.Print_Titles"]
    assert titles == ["#REF!"]


@pytest.mark.parametrize(
    ("taken", "most", "number"),
    [([], 9, 1), ([3], 9, 4), ([9], 9, 1), ([1, 2, 9], 9, 3), (range(1, 10), 9, 10), ([0], 9, 1)],
)
def test_numbers(taken: list[int], most: int, number: int) -> None:
    assert unused_number(taken, most) == number


def test_sheet_ids_stay_within_what_excel_takes() -> None:
    ids = [int(sheet.id) for sheet in Book(grafted(written("the highest sheetId"))).sheets]
    assert len(set(ids)) == 5
    assert max(ids) == 65_534


def test_marks_find_room_among_the_highest_priorities() -> None:
    surgery = Surgery(written("priorities at their highest"))
    surgery.mark("交易记录", ["A1"], "error")
    found = [int(rule.get("priority")) for rule in Book(surgery.to_bytes()).sheets[0].all("cfRule")]
    assert sorted(found) == [1, 2**31 - 4, 2**31 - 3, 2**31 - 2, 2**31 - 1]


@pytest.mark.parametrize(
    ("name", "folder"),
    [("a Chinese folder", "%E8%A1%A8%20%E6%A0%BC"), ("another folder", "content/book")],
)
def test_new_parts_are_named_as_the_format_wants(name: str, folder: str) -> None:
    after = parts(grafted(written(name)))
    types = after["[Content_Types].xml"].decode()
    assert f'PartName="/{folder}/worksheets/sheet3.xml"' in types
    book = Book(grafted(written(name)))
    assert [sheet.name for sheet in book.sheets if sheet.root is not None][-3:] == ["检查", "分 析", "数据"]


def unreadable(data: bytes) -> str:
    surgery = Surgery(data)
    with pytest.raises(UnreadableError) as caught:
        surgery.mark("交易记录", ["A1"], "error")
    return caught.value.key


@pytest.mark.parametrize(
    "break_",
    [lambda sheet: sheet[: len(sheet) // 2], lambda _: b"", lambda _: b"\xff\xfea", lambda _: b"<a"],
)
def test_a_broken_sheet_is_not_marked_but_named(break_: Callable[[bytes], bytes]) -> None:
    assert unreadable(patched(HOST, {SHEET: break_(parts(HOST)[SHEET])})) == "opc.broken_part"


def test_a_sheet_without_cells_cannot_be_marked() -> None:
    for empty in (f'<worksheet xmlns="{MAIN}"/>', f'<worksheet xmlns="{MAIN}"><cols/></worksheet>'):
        surgery = Surgery(patched(HOST, {SHEET: empty.encode()}))
        with pytest.raises(UsageError) as caught:
            surgery.mark("交易记录", ["A1"], "error")
        assert caught.value.key == "opc.not_a_worksheet"
