"""Public data of real shops through the whole analysis, held against a plain pandas reading of the raw file.

Online Retail: 25,900 invoices of a wholesaler, a row each; 3,836 are cancellations (``C…``, below zero), and
3,710 are of guests without an id. CDNOW: every purchase of 2,357 customers from their first, in early 1997,
to mid-1998. A seller's dates begin in 2010 at the earliest, so CDNOW's stand 28 years later: the calendar is
the same to the weekday.

Nothing of sheetkit has a part in what is expected, but the days within which two trades are one visit.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sheetkit.analysis.result import Analysis, Kpi
from sheetkit.intake import read_book
from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.fields import TableKey
from sheetkit.model.report import ADDED_SHEETS, RUN_SHEET
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.outcome import Outcome
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.blank import Plan, bare_workbook
from sheetkit.writing.live.layout import Capacity
from tests.tools import shared

EPOCH = dt.datetime(1899, 12, 30)
CDNOW_YEARS_LATER = 28
RETAIL = "data/online_retail/online_retail_orders.csv"
Rows = list[dict[str, Any]]


@dataclass
class Raw:
    """A shop's trades as its own file has them. ``trades``: name (None for a guest), when, amount."""

    trades: pd.DataFrame
    as_of: dt.date
    shop_kind: str = "second_hand"

    def __post_init__(self) -> None:
        days = (self.trades["when"].dt.normalize() - EPOCH).dt.days
        cents = (self.trades["amount"] * 100).round().astype("int64")
        self.all = self.trades.assign(day=days, cents=cents, month=self.trades["when"].dt.to_period("M"))
        self.today = (dt.datetime.combine(self.as_of, dt.time()) - EPOCH).days

    @cached_property
    def sales(self) -> pd.DataFrame:
        """Sales with a name, each with whether it opens a visit: the last one was longer ago than the gap."""
        named = self.all[self.all["name"].notna() & (self.all["cents"] >= 0)]
        named = named.sort_values(["name", "day"], kind="stable")
        gap = rulebook().thresholds["visit_merge_days"].preset(self.shop_kind)
        since = named.groupby("name")["day"].diff()
        return named.assign(visit=since.isna() | (since > gap))

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row a customer, by name."""
        named = self.all[self.all["name"].notna()]
        found = named.groupby("name").agg(revenue=("cents", "sum"), rows=("cents", "size"))
        by_name = self.sales.groupby("name")
        found["visits"] = by_name["visit"].sum()
        found["first_day"], found["last_day"] = by_name["day"].min(), by_name["day"].max()
        found["top_ticket"] = by_name["cents"].max()
        found["visits"] = found["visits"].fillna(0)
        found["recency_days"] = self.today - found["last_day"]
        year = named[(named["cents"] < 0) & (named["day"] >= self.today - 365)]
        found["refunds_365"] = year.groupby("name").size().reindex(found.index).fillna(0)
        return found

    def kpis(self) -> dict[str, float]:
        """The figures of the overview that need no opinion."""
        people, year = self.people, self.all[self.all["day"] > self.today - 365]
        old = people[(people["visits"] > 0) & (self.today - people["first_day"] >= 90)]
        return {
            "customers": len(people),
            "buyers": (people["visits"] > 0).sum(),
            "visits": people["visits"].sum(),
            "revenue": self.all["cents"].sum(),
            "revenue_year": year["cents"].sum(),
            "average_visit": people["revenue"].sum() / people["visits"].sum(),
            "repeat_share": (old["visits"] >= 2).mean(),
            "refund_share": (year["cents"] < 0).sum() / (year["cents"] >= 0).sum(),
        }


def retail() -> Raw:
    frame = pd.read_csv(shared() / RETAIL, parse_dates=["InvoiceDate"])
    ids = frame["CustomerID"].map("{:.0f}".format, na_action="ignore")
    names = {"InvoiceDate": "when", "Amount": "amount", "InvoiceNo": "order"}
    trades = frame.assign(name=ids).rename(columns=names)[["name", "when", "amount", "order"]]
    return Raw(trades, dt.date(2011, 12, 10))


def cdnow() -> Raw:
    path = shared() / "data/cdnow/CDNOW_sample.txt"
    names = ["master", "name", "when", "quantity", "amount"]
    frame = pd.read_csv(path, sep=r"\s+", header=None, names=names, dtype={"name": str, "when": str})
    later = pd.DateOffset(years=CDNOW_YEARS_LATER)
    return Raw(frame.assign(when=pd.to_datetime(frame["when"]) + later), dt.date(2026, 7, 1))


def filled(lang: Lang, trades: Rows, customers: Rows) -> bytes:
    """The template filled in; the live formulas stay away, as they do for so many rows."""
    room = Capacity(len(customers), len(trades), 1)
    rows: dict[TableKey, Rows] = {"trades": trades, "customers": customers}
    return bare_workbook(Plan(blueprint("xianyu"), lang, dt.date(2026, 1, 1), room, rows))


@dataclass
class Case:
    """What the raw file says, and what the analysis made of it. ``customers`` by the raw file's names."""

    raw: Raw
    outcome: Outcome

    @property
    def analysis(self) -> Analysis:
        return self.outcome.analysis

    @cached_property
    def customers(self) -> pd.DataFrame:
        frame = pd.DataFrame(self.analysis.customers)
        return frame.set_index(frame["name"].str.removeprefix("买家").str.removesuffix(".0"))

    @cached_property
    def kpis(self) -> dict[str, Kpi]:
        return {one.key: one for one in self.analysis.kpis}


def retail_workbook() -> Case:
    """Half of the customers stand on their own sheet and are meant by their id, the others by a name."""
    raw = retail()
    known = set(sorted(raw.people.index)[::2])
    trades = [
        {
            "date": when.to_pydatetime(),
            "amount": amount,
            "order_id": order,
            "customer_id": name if name in known else None,
            "nickname": f"买家{name}" if isinstance(name, str) and name not in known else None,
        }
        for name, when, amount, order in raw.trades.itertuples(index=False)
    ]
    customers = [{"nickname": f"买家{name}", "customer_id": name} for name in sorted(known)]
    return Case(raw, analyze_file(filled("zh", trades, customers), "网店.xlsx", as_of=raw.as_of))


def retail_csv() -> Case:
    raw = retail()
    path = shared() / RETAIL
    return Case(raw, analyze_file(path.read_bytes(), path.name, as_of=raw.as_of))


def cdnow_workbook() -> Case:
    raw = cdnow()
    columns = raw.trades[["when", "name", "amount", "quantity"]].itertuples(index=False)
    trades = [
        {"date": when.date(), "nickname": name, "amount": amount, "quantity": quantity}
        for when, name, amount, quantity in columns
    ]
    return Case(raw, analyze_file(filled("en", trades, []), "cdnow.xlsx", as_of=raw.as_of))


MAKERS = {one.__name__: one for one in (retail_workbook, retail_csv, cdnow_workbook)}


@functools.cache
def made(name: str) -> Case:
    return MAKERS[name]()


@pytest.fixture(
    params=["retail_workbook", pytest.param("retail_csv", marks=pytest.mark.proof), "cdnow_workbook"]
)
def case(request: pytest.FixtureRequest) -> Case:
    return made(request.param)


def test_the_raw_files_are_those_that_are_known() -> None:
    """What is published about the two, so that the pandas reading here is no misreading."""
    shop = retail()
    assert len(shop.trades) == 25_900
    assert shop.trades["order"].str.startswith("C").sum() == 3_836
    assert shop.trades["name"].nunique() == 4_372
    assert shop.trades["name"].isna().sum() == 3_710
    music = cdnow()
    assert len(music.trades) == 6_919
    assert music.trades["name"].nunique() == 2_357


def test_every_customer(case: Case) -> None:
    expected, found = case.raw.people, case.customers
    assert sorted(found.index) == sorted(expected.index)
    found = found.loc[expected.index]
    for key in ("visits", "revenue", "first_day", "last_day", "recency_days", "top_ticket", "refunds_365"):
        pd.testing.assert_series_equal(
            found[key].astype("Float64"), expected[key].astype("Float64"), check_names=False, obj=key
        )


def test_the_figures_of_the_overview(case: Case) -> None:
    for key, expected in case.raw.kpis().items():
        assert case.kpis[key].value == pytest.approx(expected, abs=1e-9), key
    assert case.kpis["revenue"].n == (case.raw.all["cents"] >= 0).sum()
    assert case.kpis["visits"].n == case.raw.sales["visit"].sum()


def test_repeat_buyers_and_the_top_customer(case: Case) -> None:
    expected, found = case.raw.people, case.customers
    assert (found["visits"] >= 2).sum() == (expected["visits"] >= 2).sum()
    top = found["revenue"].astype("int64").idxmax()
    assert top == expected["revenue"].idxmax()
    assert found["revenue"].max() == expected["revenue"].max()


def test_what_guests_spent(case: Case) -> None:
    guests = case.raw.all.loc[case.raw.all["name"].isna(), "cents"].sum()
    assert case.kpis["revenue"].value == case.customers["revenue"].sum() + guests


def test_every_month(case: Case) -> None:
    revenue = case.raw.all.groupby("month")["cents"].sum()
    visits = case.raw.sales[case.raw.sales["visit"]]
    counted = visits.groupby("month").size().reindex(revenue.index).fillna(0)
    newcomers = visits.groupby("name")["month"].min().value_counts().reindex(revenue.index).fillna(0)
    since_second = visits["day"].where(visits.groupby("name").cumcount() == 1).groupby(visits["name"]).min()
    back = case.raw.all["name"].map(since_second)
    returning = case.raw.all[case.raw.all["day"] >= back].groupby("month")["cents"].sum()
    returning = returning.reindex(revenue.index).fillna(0)
    expected = [
        (at.year * 12 + at.month - 1, counted[at], revenue[at], returning[at], newcomers[at])
        for at in revenue.index
    ]
    assert [
        (one.month, one.visits, one.revenue_cents, one.returning_cents, one.new_customers)
        for one in case.analysis.months
    ] == expected


def test_every_weekday(case: Case) -> None:
    days = case.raw.all["when"].dt.day_of_week
    revenue = case.raw.all["cents"].groupby(days).sum().reindex(range(7)).fillna(0)
    assert [cents for _, cents in case.analysis.weekdays] == list(revenue)


def test_first_and_last_day(case: Case) -> None:
    sales = case.raw.sales
    assert case.customers["first_day"].min() == sales["day"].min()
    assert case.customers["last_day"].max() == sales["day"].max()
    assert case.analysis.as_of == case.raw.today


def test_refunds_are_no_orders(case: Case) -> None:
    """A cancelled invoice takes money away and is no visit; one who only sent back has never bought."""
    never = case.raw.people.index[case.raw.people["visits"] == 0]
    found = case.customers.loc[never]
    assert (found["revenue"] < 0).all()
    assert (found["visits"] == 0).all()
    assert found["recency_days"].isna().all()


def test_control_totals_close(case: Case) -> None:
    (total,) = [one for one in case.analysis.totals if one.table == "trades"]
    assert total.rows_read == total.rows_used + total.rows_set_aside == len(case.raw.trades)
    assert total.cents_read == total.cents_used + total.cents_set_aside == case.raw.all["cents"].sum()
    assert (total.rows_set_aside, total.unreadable) == (0, 0)
    assert [one for one in case.analysis.findings if one.severity == "error"] == []


def test_the_workbook_opens_with_a_row_a_customer(case: Case) -> None:
    lang = case.analysis.lang
    book = openpyxl.load_workbook(io.BytesIO(case.outcome.workbook), read_only=True)
    added = [ADDED_SHEETS[key][lang] for key in ("overview", "segments", "plan", "checks")]
    assert set(added) <= set(book.sheetnames)
    assert book[RUN_SHEET].sheet_state == "hidden"
    label = rulebook().metrics["revenue"].labels[lang]
    lines = book[ADDED_SHEETS["segments"][lang]].iter_rows(values_only=True)
    header = next(line for line in lines if label in line)
    rows = [line for line in lines if line[0] is not None]
    revenue = [round(line[header.index(label)] * 100) for line in rows]
    assert sorted(str(line[0]) for line in rows) == sorted(case.analysis.customers["name"])
    assert sum(revenue) == case.raw.people["revenue"].sum()


@pytest.mark.proof
def test_the_raw_file_becomes_a_workbook_of_its_rows() -> None:
    case = made("retail_csv")
    assert not case.outcome.grafted
    again = read_book(case.outcome.workbook, "again.xlsx").tables["trades"]
    assert sum(again.columns["amount"]) == case.raw.all["cents"].sum()
    days = case.raw.all["day"]
    assert again.columns["date"] == list(days)


def test_cdnow_as_it_is_published_at_the_end_of_the_first_39_weeks() -> None:
    """The summary that comes with the data: weeks from the first purchase to the last and to the cut."""
    raw = cdnow()
    cut = dt.date(2025, 9, 30)
    rows = raw.trades.loc[raw.all["when"] < "2025-10-01", ["when", "name", "amount"]].itertuples(index=False)
    early = [{"date": when.date(), "nickname": name, "amount": amount} for when, name, amount in rows]
    found = pd.DataFrame(analyze_file(filled("en", early, []), "cdnow.xlsx", as_of=cut).analysis.customers)
    published = pd.read_csv(shared() / "data/cdnow/cdnow_customers_summary.csv")
    assert list(found["name"].astype(int)) == list(published["ID"])
    last, first = found["last_day"], found["first_day"]
    assert ((last - first) / 7).round(2).to_list() == pytest.approx(published["recency"], abs=0.0051)
    today = (dt.datetime.combine(cut, dt.time()) - EPOCH).days
    assert ((today - first) / 7).round(2).to_list() == pytest.approx(published["T"], abs=0.0051)
