"""The default capacity filled: what LibreOffice computes is what the workbook says already."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from sheetkit.model.fields import TableKey, fields
from sheetkit.writing.live.layout import Capacity
from tests.live.books import AS_OF, Case, Row
from tests.live.hostile import labels_of
from tests.live.test_recalculation import differences, read_all

ROOM = Capacity()
NAMES = [f"客{number:03d}" for number in range(ROOM.customers)]


def full() -> Case:
    """5,000 trades and contacts of 500 customers; few come often, half of them have no row of their own."""
    draw = Random(11)

    def typed(table: TableKey, *keys: str) -> Row:
        lists = {key: fields(table)[key].list_key for key in keys}
        row: Row = {key: draw.choice([*labels_of(name, "zh"), None]) for key, name in lists.items()}
        who, day = NAMES[int(len(NAMES) * draw.random() ** 2)], AS_OF - timedelta(draw.randrange(900))
        return {**row, "nickname": who, "date": day}

    trades, contacts = [], []
    for _ in range(ROOM.trades):
        amount = draw.randrange(-500, 20_000) / 4
        trades.append({**typed("trades", "state", "rating", "fault"), "amount": amount})
    for _ in range(ROOM.contacts):
        due = AS_OF + timedelta(draw.randrange(-60, 60))
        contacts.append({**typed("contacts", "type", "status", "direction"), "due": due})
    customers: list[Row] = [{"nickname": name} for name in NAMES[::2]]
    return Case("full", {"customers": customers, "trades": trades, "contacts": contacts}, capacity=ROOM)


@pytest.mark.proof
def test_every_value_at_the_default_capacity(tmp_path: Path) -> None:
    (read,) = read_all([full()], tmp_path).values()
    assert list(differences(read.written, read.computed)) == []
    written, computed = read.answers
    assert computed == written
    assert len(written) == ROOM.trades
