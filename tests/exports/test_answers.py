"""Real anonymised files, read as they are; the answers were counted by hand in the files or stand in them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from sheetkit.intake.exports import Export, read_export
from sheetkit.model.days import month_index, to_date, to_day
from sheetkit.model.lists import lists
from tests.tools import shared

SAMPLES = "exports/samples"


def sample(name: str) -> Export:
    path = shared() / SAMPLES / name
    found = read_export(path.read_bytes(), path.name)
    assert found is not None, f"{name} is not recognised"
    return found


def orders(export: Export) -> list[dict[str, object]]:
    columns = export.trades.columns
    return [{key: values[at] for key, values in columns.items()} for at in range(len(export.trades))]


def test_shopify_nine_rows_are_eight_orders_of_four_customers() -> None:
    export = sample("shopify/tests_fixtures_shopify_orders.csv")
    (total,) = export.totals
    assert (total.rows_read, total.rows_used, len(export.trades), len(export.customers)) == (9, 9, 8, 4)
    assert export.currency == "USD"
    first = orders(export)[0]
    assert (first["order_id"], first["item"], first["amount"]) == ("#1001", "Blue Widget、Red Gadget", 10_000)


def test_shopify_the_guest_order_is_25_of_985() -> None:
    export = sample("shopify/tests_fixtures_shopify_orders.csv")
    net = {one["order_id"]: one["amount"] - (one["refund_amount"] or 0) for one in orders(export)}
    guests = [one["order_id"] for one in orders(export) if not one["nickname"]]
    assert sum(net.values()) == 98_500
    assert [(number, net[number]) for number in guests] == [("#1004", 2_500)]


def test_shopify_january_cohort() -> None:
    """Worked out by hand: revenue 150, 30, 0 and retention 1, .5, 0 of those who first bought in January."""
    spent: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in orders(sample("shopify/tests_fixtures_shopify_orders.csv")):
        if one["nickname"] and one["date"] <= to_day(date(2025, 4, 15)):
            spent[one["nickname"]][month_index(one["date"])] += one["amount"] - (one["refund_amount"] or 0)
    january = month_index(to_day(date(2025, 1, 1)))
    cohort = {name: months for name, months in spent.items() if min(months) == january}
    months = range(january, january + 3)
    assert [sum(one.get(at, 0) for one in cohort.values()) / 100 for at in months] == [150, 30, 0]
    assert [sum(at in one for one in cohort.values()) / len(cohort) for at in months] == [1, 0.5, 0]


def test_shopify_times_stay_as_the_shop_saw_them() -> None:
    """#1007 was placed at 12:00 -0400, which is another hour of UTC."""
    one = orders(sample("shopify/tests_fixtures_shopify_orders.csv"))[6]
    assert (to_date(one["date"]).isoformat(), one["time"]) == ("2025-04-02", 12 * 60)


def test_shopify_larger_sample() -> None:
    """249 lines with 127 different order numbers; 6 of them have no e-mail on their first line."""
    path = shared() / SAMPLES / "shopify/samples_shopify_orders_sample.csv"
    lines = path.read_text("utf-8").splitlines()[1:]
    numbers = dict.fromkeys(line.split(",")[0] for line in lines)
    export = sample("shopify/samples_shopify_orders_sample.csv")
    assert [one["order_id"] for one in orders(export)] == list(numbers)
    assert export.totals[0].rows_read == export.totals[0].rows_used == len(lines)


def test_alipay_only_income_is_a_sale() -> None:
    """Of its ten lines one says 收入: 222,228.50 on 2023-01-18 at 10:17."""
    export = sample("alipay/example-alipay-records.csv")
    (total,) = export.totals
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (10, 1, 9)
    (one,) = orders(export)
    assert (to_date(one["date"]).isoformat(), one["time"]) == ("2023-01-18", 617)
    assert one["amount"] == 22_222_850
    assert sum(finding.code == "export_aside" for finding in export.findings) == 9


@pytest.mark.parametrize("name", ["example-wechat-records.csv", "example-wechat-records.xlsx"])
def test_wechat_income_and_the_rest(name: str) -> None:
    """27 lines, of them 5 say 收入; one is a gift (微信红包). The workbook holds them on two sheets, and what
    stands twice counts once."""
    export = sample(f"wechatpay/{name}")
    (total,) = export.totals
    assert total.rows_read == (27 if name.endswith("csv") else 54)
    assert total.rows_used == len(export.trades) == 4
    assert sorted(one["amount"] for one in orders(export)) == [7, 7, 500, 2_300]
    ids = {one["order_id"] for one in orders(export)}
    assert "160572459521071810106004542906137497131422937" in ids  # 45 digits
    reasons = {"export_aside", "export_line_twice"}
    assert sum(one.code in reasons for one in export.findings) == total.rows_set_aside


def test_jd_bill_is_what_one_bought_oneself() -> None:
    export = sample("jd/example-jd-records.csv")
    (total,) = export.totals
    assert (total.rows_read, total.rows_used) == (26, 0)  # 共：26笔记录, says the file
    assert not len(export.trades)
    assert not len(export.customers)
    assert not export.platform.identity
    assert export.findings[0].code == "export_read"
    assert any(one.code == "export_own_purchases" for one in export.findings)


def test_every_sample_closes() -> None:
    for name in ("alipay/example-alipay-records.csv", "jd/example-jd-records.csv"):
        (total,) = sample(name).totals
        assert total.rows_read == total.rows_used + total.rows_set_aside
        assert total.cents_read == total.cents_used + total.cents_set_aside


def test_the_states_are_those_of_the_list() -> None:
    done = lists()["trade_state"].code("completed")
    assert {one["state"] for one in orders(sample("shopify/tests_fixtures_shopify_orders.csv"))} == {done}
