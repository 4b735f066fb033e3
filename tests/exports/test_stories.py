"""Every made file through the reader, held against what its story tells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sheetkit.intake.exports import Export, read_export
from sheetkit.model.days import to_date, to_day
from sheetkit.model.lists import lists
from tests.exports import alibaba, counters, markets, shopify, story, taobao, weixin, youzan
from tests.exports.makers import MAKERS, every_file
from tests.exports.put import Made
from tests.exports.story import CHINESE, WESTERN, Told

AS_OF = to_day(date(2026, 3, 1))
STATES = ("completed", "refunded", "void", "lapsed", "open")


_READ: dict[str, Export | None] = {}


def read(one: Made) -> Export:
    """The file as sheetkit reads it, once for all tests."""
    if str(one) not in _READ:
        _READ[str(one)] = read_export(one.data, one.name, as_of=AS_OF)
    export = _READ[str(one)]
    assert export is not None, "no platform recognised"
    return export


def rows_of(export: Export) -> dict[str, dict[str, Any]]:
    """{order id: {column: value}} of the orders that count."""
    trades = export.trades
    names = {lists()["trade_state"].code(state): state for state in STATES}
    found = {}
    for at in range(len(trades)):
        if trades.used[at]:
            row = {key: values[at] for key, values in trades.columns.items()}
            row["state"] = names[row.get("state") if row.get("state") is not None else 0]
            found[row.get("order_id") or f"row {at}"] = row
    return found


def seen(row: dict[str, Any], told: Told) -> Told:
    """The row in the form of what was told; what was not told is not compared."""
    day, minute, pieces = row.get("date"), row.get("time"), row.get("quantity")
    return Told(
        to_date(day).isoformat() if day is not None and told.day else told.day,
        told.minutes if minute in told.minutes else (minute,) if told.minutes else (),
        told.buyer,
        tuple((row.get("item") or "").split("、")) if told.items else (),
        int(pieces or 0) if told.pieces is not None else None,
        (row.get("amount") or 0) if told.cents is not None else None,
        row["state"],
        (row.get("refund_amount") or 0) if told.state == "completed" else told.refund,
    )


@pytest.mark.parametrize("one", every_file(), ids=str)
def test_the_export_tells_its_story(one: Made) -> None:
    export, right = read(one), one.answer
    rows = rows_of(export)
    assert rows.keys() == right.orders.keys()
    assert {number: seen(row, right.orders[number]) for number, row in rows.items()} == dict(right.orders)


@pytest.mark.parametrize("one", every_file(), ids=str)
def test_the_export_tells_buyers_apart(one: Made) -> None:
    export, right = read(one), one.answer
    groups: dict[str, set[str]] = {}
    for number, row in rows_of(export).items():
        if who := row.get("customer_id") or row.get("nickname"):
            groups.setdefault(str(who).casefold(), set()).add(number)
    assert frozenset(map(frozenset, groups.values())) == right.buyers
    assert len(export.customers) == (right.customers or 0)


@pytest.mark.parametrize("one", every_file(), ids=str)
def test_every_line_of_the_export_is_accounted_for(one: Made) -> None:
    export, right = read(one), one.answer
    assert len(export.totals) == 1
    total = export.totals[0]
    assert total.rows_read == total.rows_used + total.rows_set_aside
    assert total.cents_read == total.cents_used + total.cents_set_aside
    assert total.rows_set_aside - sum(right.aside.values()) == total.rows_read - right.lines


@pytest.mark.parametrize("one", every_file(), ids=str)
def test_a_sound_export_asks_for_nothing(one: Made) -> None:
    """No line below the table, above it or of another kind is taken for an order with a fault in it."""
    if "no amount" in one.answer.aside:
        return
    assert [finding.code for finding in read(one).findings if finding.severity == "error"] == []


WITH_PHONES = (
    taobao.ORDERS, alibaba.KEY, youzan.ORDERS, youzan.CUSTOMERS, weixin.WEIDIAN, shopify.PLUGIN,
    markets.UNSHIPPED,
    counters.PAYPAL,
)
WITH_MAIL = (shopify.PLUGIN, counters.PAYPAL, counters.STRIPE)


@pytest.mark.parametrize("one", [one for one in every_file() if one.key in WITH_PHONES], ids=str)
def test_every_buyer_has_her_phone(one: Made) -> None:
    phones = read(one).customers.column("phone")
    assert len(set(phones)) == len(phones) == one.answer.customers
    assert set(phones) <= {buyer.phone for buyer in (*CHINESE, *WESTERN)}


@pytest.mark.parametrize("one", [one for one in every_file() if one.key in WITH_MAIL], ids=str)
def test_every_buyer_has_her_mail(one: Made) -> None:
    mails = read(one).customers.column("email")
    assert len(set(mails)) == len(mails) == one.answer.customers
    assert set(mails) <= {buyer.email for buyer in WESTERN}


@pytest.mark.parametrize("one", every_file(), ids=str)
def test_what_a_platform_hides_is_nobodys_name_or_phone(one: Made) -> None:
    people = read(one).customers
    for key in ("nickname", "real_name", "phone", "email", "address"):
        shown = [text for text in people.column(key) if text]
        assert not [text for text in shown if any(sign in text for sign in ("*", "##", "$$"))]


@pytest.mark.proof
@pytest.mark.parametrize("salt", range(12))
def test_other_stories_are_told_as_well(salt: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "SALT", str(salt))
    monkeypatch.setattr("tests.exports.test_stories._READ", {})
    for make in MAKERS.values():
        for one in make():
            test_the_export_tells_its_story(one)
            test_the_export_tells_buyers_apart(one)
            test_every_line_of_the_export_is_accounted_for(one)
