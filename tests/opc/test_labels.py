"""A label finds its sheet under any name; it is hidden, and there once."""

from __future__ import annotations

import pytest

from sheetkit.opc import Surgery
from tests.opc.books import donor, edited, host, parts
from tests.opc.referential import Book, problems

WORKBOOK = "xl/workbook.xml"


def labelled() -> bytes:
    surgery = Surgery(host())
    surgery.graft(donor())
    surgery.label("检查", "checks")
    surgery.label("分 析", "overview")
    return surgery.to_bytes()


def names(data: bytes) -> dict[str, tuple[str | None, str | None]]:
    """{label: (what it refers to, whether it is hidden)}."""
    found = (name for name in Book(data).defined_names if name.get("name", "").startswith("_sheetkit"))
    return {name.get("name", ""): (name.text, name.get("hidden")) for name in found}


def test_a_label_is_a_hidden_name_on_all_rows() -> None:
    assert names(labelled()) == {
        "_sheetkit_added_checks": ("检查!$1:$1048576", "1"),
        "_sheetkit_added_overview": ("'分 析'!$1:$1048576", "1"),
    }
    assert Surgery(labelled()).labels == {"checks": "检查", "overview": "分 析"}
    assert Surgery(host()).labels == {}
    assert problems(labelled()) == set()


def test_it_is_found_under_another_name() -> None:
    data = edited(labelled(), WORKBOOK, '<sheet name="检查"', '<sheet name="Tom\'s 表"')
    data = edited(data, WORKBOOK, ">检查!\\$1:\\$1048576", ">'Tom''s 表'!$1:$1048576")
    assert Surgery(data).labels == {"checks": "Tom's 表", "overview": "分 析"}


@pytest.mark.parametrize("says", ["#REF!$1:$9", "没有!$1:$9", "检查!$1:$2+说明!$1:$2", "[1]检查!$1:$2", ""])
def test_one_that_leads_nowhere_is_none(says: str) -> None:
    data = edited(labelled(), WORKBOOK, ">检查!\\$1:\\$1048576<", f">{says}<")
    assert Surgery(data).labels == {"overview": "分 析"}


def test_labelling_again_hides_it_again_and_moves_it() -> None:
    hidden = '_sheetkit_added_checks" hidden="1"'
    shown = edited(labelled(), WORKBOOK, hidden, hidden.replace("1", "false"))
    surgery = Surgery(shown)
    surgery.label("检查", "checks")
    surgery.label("数据", "overview")
    data = surgery.to_bytes()
    assert names(data) == {
        "_sheetkit_added_checks": ("检查!$1:$1048576", "1"),
        "_sheetkit_added_overview": ("数据!$1:$1048576", "1"),
    }
    again = Surgery(data)
    again.label("检查", "checks")
    again.label("数据", "overview")
    assert parts(again.to_bytes()) == parts(data)
