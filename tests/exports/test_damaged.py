"""Exports with bytes changed, lost, doubled and put in: read or refused, and it still adds up."""

from __future__ import annotations

import random

import pytest

from sheetkit.errors import SheetkitError
from sheetkit.intake.exports import book_of, read_export
from sheetkit.messages import LANGS
from tests.exports.makers import every_file

TEXTS = [one for one in every_file() if not one.data.startswith((b"PK", b"\xd0\xcf"))]
SET_ASIDE = {
    "export_aside", "note_row", "header_repeated", "export_line_twice", "export_with_order",
    "export_refund_alone", "date_missing", "export_date_unreadable", "amount_unreadable", "amount_missing",
    "export_state_unknown", "export_other_currency", "name_missing",
}  # fmt: skip
PUT_IN = [b",", b"\n", b'"', b"\t", b";", b"-", b"=", b"0" * 20, "退款".encode(), b"\xff\x00"]


def damaged(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        at, other = chance.randrange(len(raw)), chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randint(1, 40)]
            case 2:
                raw[at:at] = chance.choice(PUT_IN)
            case _:
                raw[at:at] = raw[other : other + chance.randint(1, 200)]
    return bytes(raw)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_export_is_read_or_refused_and_adds_up(seed: int) -> None:
    chance = random.Random(seed)
    one = chance.choice(TEXTS)
    try:
        export = read_export(damaged(one.data, chance), one.name)
    except SheetkitError:
        return  # refused with a sentence, as any file that is no table
    if export is None:
        return
    (total,) = export.totals
    assert total.rows_read == total.rows_used + total.rows_set_aside
    assert total.cents_read == total.cents_used + total.cents_set_aside
    assert sum(finding.code in SET_ASIDE for finding in export.findings) == total.rows_set_aside
    book = book_of([export], template="ecommerce", lang="zh")
    assert all(finding.sentence(lang) for finding in book.findings for lang in LANGS)


def test_an_order_without_a_clock_stands_beside_one_with_it() -> None:
    head = "订单编号,买家会员名,买家实际支付金额,订单状态,订单付款时间,宝贝标题,店铺Id"
    lines = [head, "1,小李,1,交易成功,2025-08-03,壶,0", "2,小李,2,交易成功,2025-08-03 09:00,杯,0"]
    export = read_export("\n".join(lines).encode(), "x.csv")
    assert export is not None
    assert export.trades.columns["time"] == [None, 540]
