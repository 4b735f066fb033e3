"""What a run added can be swapped by the next one and taken away again."""

from __future__ import annotations

import pytest
from lxml import etree

from sheetkit.errors import UsageError
from sheetkit.opc import Surgery
from tests.opc.books import donor, edited, host, parts, patched
from tests.opc.referential import Book, problems

HOST = host()
NEW = ("检查", "分 析", "数据")
WORKBOOK, TYPES, RELS = "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def grafted(data: bytes, replace: tuple[str, ...] = ()) -> bytes:
    surgery = Surgery(data)
    assert surgery.graft(donor(), replace=replace) == {name: name for name in NEW}
    return surgery.to_bytes()


ONCE = grafted(HOST)


def seller_adds(data: bytes) -> bytes:
    """Between two runs: a formula that points at a grafted sheet, and the sheets in another order."""
    return edited(data, "xl/worksheets/sheet1.xml", "<f>B2\\*2</f>", "<f>'检查'!A1+SUM(清单[数])</f>")


def seller_saves(data: bytes) -> bytes:
    """A program that lists every formula in a calculation chain, as Excel does."""
    cells = "".join(
        f'<c r="{reference}" i="{sheet.id}"/>'
        for sheet in Book(data).sheets
        for reference, cell in sheet.cells.items()
        if cell.find("{*}f") is not None
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    arrow = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
    data = patched(data, {"xl/calcChain.xml": f'<calcChain xmlns="{MAIN}">{cells}</calcChain>'.encode()})
    data = edited(data, TYPES, "</Ty", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Ty')
    return edited(
        data, RELS, "</Rel", f'<Relationship Id="rIdCC" Type="{arrow}" Target="calcChain.xml"/></Rel'
    )


def identities(data: bytes) -> list[tuple[str, str, str]]:
    return [(sheet.name, sheet.id, sheet.part) for sheet in Book(data).sheets]


def test_a_replaced_sheet_keeps_its_place_and_pointers() -> None:
    before = seller_saves(seller_adds(ONCE))
    assert problems(before) == set()
    after = grafted(before, replace=NEW)
    assert problems(after) == set()
    assert identities(after) == identities(before)
    assert set(parts(after)) == set(parts(before))
    assert parts(after)[RELS] == parts(before)[RELS]
    unchanged = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml")
    assert all(parts(after)[name] == parts(before)[name] for name in unchanged)


def test_the_chain_keeps_the_sellers_formulas_only() -> None:
    after = Book(grafted(seller_saves(ONCE), replace=NEW))
    chain = after.tree("xl/calcchain.xml")
    assert [(c.get("r"), c.get("i")) for c in chain] == [("C2", "1")]


def test_a_second_and_third_run_are_the_same() -> None:
    second = grafted(ONCE, replace=NEW)
    third = grafted(second, replace=NEW)
    assert third == grafted(third, replace=NEW)
    assert parts(third) == parts(second)
    assert set(parts(second)) == set(parts(ONCE))
    assert parts(second)["xl/styles.xml"] == parts(ONCE)["xl/styles.xml"]


def test_names_and_tables_are_not_doubled() -> None:
    before, after = Book(ONCE), Book(grafted(ONCE, replace=NEW))
    named = [
        sorted((n.get("name"), n.get("localSheetId"), n.text) for n in b.defined_names)
        for b in (before, after)
    ]
    assert named[0] == named[1]
    assert [table.get("displayName") for _, table in after.tables] == ["规则", "清单"]


def test_only_what_is_named_is_replaced() -> None:
    surgery = Surgery(ONCE)
    names = surgery.graft(donor(), replace={"数据", "不存在"})
    assert names == {"检查": "检查 (2)", "分 析": "分 析 (2)", "数据": "数据"}
    assert problems(surgery.to_bytes()) == set()


def test_a_replaced_sheet_moved_by_the_seller_stays_there() -> None:
    moved = edited(
        ONCE, WORKBOOK, '(<sheet name="交易记录"[^>]*/>)(.*)(<sheet name="数据"[^>]*/>)', r"\3\1\2"
    )
    moved = edited(moved, WORKBOOK, 'localSheetId="2"', 'localSheetId="3"')
    text = parts(moved)[WORKBOOK].decode().replace('localSheetId="2"', 'localSheetId="3"')
    moved = patched(moved, {WORKBOOK: text.encode()})
    after = grafted(moved, replace=NEW)
    assert [sheet.name for sheet in Book(after).sheets] == ["数据", "交易记录", "说明", "检查", "分 析"]
    assert problems(after) == set()


def test_a_name_the_seller_gave_a_replaced_sheet_stays() -> None:
    own = '<definedName name="mine" localSheetId="2">\'检查\'!$A$1</definedName></definedNames>'
    after = Book(grafted(edited(ONCE, WORKBOOK, "</definedNames>", own), replace=NEW))
    assert [(n.text, n.get("localSheetId")) for n in after.defined_names if n.get("name") == "mine"] == [
        ("'检查'!$A$1", "2")
    ]


def test_a_code_name_stays() -> None:
    with_code = edited(
        ONCE, "xl/worksheets/sheet3.xml", "<dimension", '<sheetPr codeName="Sheet9"/><dimension'
    )
    root = Book(grafted(with_code, replace=NEW)).sheets[2].root
    assert root[0].get("codeName") == "Sheet9"


def test_hidden_again_where_a_program_unhid_it() -> None:
    surgery = Surgery(ONCE)
    surgery.graft(donor(), replace=NEW, hidden={"数据"})
    assert [sheet.state for sheet in Book(surgery.to_bytes()).sheets] == ["visible"] * 4 + ["hidden"]


def test_removing_all_that_was_added_leaves_the_sellers_file() -> None:
    surgery = Surgery(ONCE)
    surgery.remove_sheets(NEW)
    after = surgery.to_bytes()
    old, new = parts(HOST), parts(after)
    assert set(new) == set(old)
    assert {name for name in old if old[name] != new[name]} <= {TYPES, WORKBOOK, RELS, "xl/styles.xml"}
    for part in (TYPES, WORKBOOK, RELS):
        assert etree.tostring(etree.fromstring(new[part]), method="c14n") == etree.tostring(
            etree.fromstring(old[part]), method="c14n"
        )


def test_removing_one_shifts_what_counted_sheets() -> None:
    data = edited(ONCE, WORKBOOK, "<workbookView ", '<workbookView activeTab="4" firstSheet="3" ')
    surgery = Surgery(seller_saves(data))
    surgery.remove_sheets(["说明"])
    after = surgery.to_bytes()
    assert problems(after) - problems(ONCE) == set()
    view = Book(after).workbook.find("{*}bookViews/{*}workbookView")
    assert (view.get("activeTab"), view.get("firstSheet")) == ("3", "2")
    assert [n.get("name") for n in Book(after).defined_names if n.get("name") == "rate"] == []
    assert "xl/tables/table1.xml" not in parts(after)


@pytest.mark.parametrize(("active", "removed", "left"), [("4", "数据", "3"), ("0", "交易记录", "0")])
def test_an_active_sheet_that_goes_hands_on_to_a_visible_one(active: str, removed: str, left: str) -> None:
    data = edited(ONCE, WORKBOOK, "<workbookView ", f'<workbookView activeTab="{active}" ')
    surgery = Surgery(data)
    surgery.remove_sheets([removed], even_if_referenced=True)
    view = Book(surgery.to_bytes()).workbook.find("{*}bookViews/{*}workbookView")
    assert view.get("activeTab") == left


def test_a_sheet_others_point_at_is_not_removed_unasked() -> None:
    surgery = Surgery(seller_adds(ONCE))
    assert surgery.referenced_by(NEW) == ("交易记录",)
    with pytest.raises(UsageError) as caught:
        surgery.remove_sheets(NEW)
    assert caught.value.key == "opc.sheet_in_use"
    assert caught.value.params["users"] == "交易记录"
    assert surgery.sheet_names == ("交易记录", "说明", *NEW)
    surgery.remove_sheets(NEW, even_if_referenced=True)
    assert surgery.sheet_names == ("交易记录", "说明")


@pytest.mark.parametrize(("names", "key"), [
    (["没有"], "opc.no_such_sheet"),
    (["交易记录", "说明", *NEW], "opc.no_visible_sheet"),
])  # fmt: skip
def test_what_cannot_be_removed(names: list[str], key: str) -> None:
    surgery = Surgery(ONCE)
    with pytest.raises(UsageError) as caught:
        surgery.remove_sheets(names)
    assert caught.value.key == key
    assert surgery.sheet_names == ("交易记录", "说明", *NEW)


def test_the_last_visible_sheet_stays() -> None:
    surgery = Surgery(HOST)
    surgery.graft(donor(), hidden=NEW)
    with pytest.raises(UsageError):
        surgery.remove_sheets(["交易记录", "说明"], even_if_referenced=True)


def test_a_chain_of_removed_formulas_only_goes_too() -> None:
    data = edited(ONCE, "xl/worksheets/sheet1.xml", "<f>B2\\*2</f>", "")
    surgery = Surgery(seller_saves(data))
    surgery.remove_sheets(NEW)
    after = surgery.to_bytes()
    assert "xl/calcChain.xml" not in parts(after)
    assert problems(after) == set()
