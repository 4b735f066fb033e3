"""The made files are what they say they are, as readers see them that are no part of sheetkit."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest

from tests.exports import taobao
from tests.exports.makers import MAKERS, every_file
from tests.exports.put import Made, header, header_keys
from tests.exports.story import CHINESE, Item, Order, Status, answer, digits, story

EXPORTED = [one for one in every_file() if one.how == "as exported"]


def test_every_collected_header_row_has_a_maker() -> None:
    assert sorted(MAKERS) == sorted(header_keys())


def rows_of(one: Made) -> list[list[str]]:
    if one.data.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(one.data)).worksheets[0]
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = one.data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    mark = "\t" if text.count("\t") > text.count(",") and "\t," not in text else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))


@pytest.mark.parametrize("one", EXPORTED, ids=str)
def test_the_header_row_stands_as_it_was_collected(one: Made) -> None:
    wanted = [name.strip() for name in header(one.key) if name.strip()]
    assert any([cell.strip() for cell in row if cell.strip()] == wanted for row in rows_of(one))


@pytest.mark.parametrize("one", EXPORTED, ids=str)
def test_every_order_stands_in_the_file_with_all_its_digits(one: Made) -> None:
    cells = {cell.strip("\t `'=\"") for row in rows_of(one) for cell in row}
    assert one.answer.orders.keys() <= cells


@pytest.mark.parametrize("western", [False, True])
def test_a_story_holds_what_readers_stumble_over(western: bool) -> None:
    told = story("any", taobao.STATUSES, digits(19), western=western)
    assert any(len(order.items) == 2 for order in told)
    assert any(item.quantity > 1 for order in told for item in order.items)
    assert any(0 < order.refund < order.due for order in told)
    assert any(order.discount for order in told)
    assert {order.at.day > 12 for order in told} == {True, False}
    assert len({order.buyer for order in told}) < len(told)
    assert len({order.id for order in told}) == len(told)
    assert all(order.paid_at is None or order.paid_at.date() == order.at.date() for order in told)


def test_the_answer_is_the_sum_of_what_was_told() -> None:
    """Worked out by hand: 129.00 + 2 × 10.05, postage 6.00, of it 10.00 went back."""
    order = Order("1", datetime(2025, 8, 3, 9, 5), CHINESE[0], (Item("壶", 1, 12_900), Item("纸", 2, 1_005)),
                  Status("交易成功", "completed"), shipping=600, refund=1_000)
    unpaid = replace(order, id="2", status=Status("等待买家付款", "open", paid=False), refund=0)
    right = answer((order, unpaid), lines=2)
    assert right.cents("completed") == 15_510
    assert right.part_refunds == 1_000
    assert right.cents("open") == 0
    assert right.days == ("2025-08-03", "2025-08-03")
    assert right.buyers == {frozenset({"1", "2"})}
    assert right.orders["1"].minutes == (545, 547)
