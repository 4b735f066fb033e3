"""The made-up shop: the same from the same seed, in either language, with just the slips it should have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from sheetkit.errors import TemplateError, UsageError
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.fields import CORE_TABLES, TableKey, fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, read_path
from sheetkit.writing import sample_stories
from sheetkit.writing.sample import Row, Sample
from sheetkit.writing.sample import sample as told
from sheetkit.writing.sample_stories import Story

AS_OF = date(2026, 5, 20)
SEEDS = [20260101, 1, 2, 3, 4]
DAYS = [AS_OF, date(2024, 2, 29), date(2025, 12, 31)]

sample = cache(told)  # for the tests that only look

both = pytest.mark.parametrize("lang", LANGS)
every_seed = pytest.mark.parametrize("seed", SEEDS)


def labels(list_key: str, lang: Lang, meaning: str = "") -> set[str]:
    return {one.labels[lang] for one in lists()[list_key].entries if meaning in ("", one.meaning)}


def wrong_cells(shop: Sample, lang: Lang) -> list[tuple[TableKey, str, object]]:
    """Cells that are not what their column says: a date, a number, one of the list's labels."""
    wrong = []
    for table in CORE_TABLES:
        for row in shop.rows[table]:
            for key, value in row.items():
                kind, list_key = fields(table)[key].kind, fields(table)[key].list_key
                right = isinstance(value, str)
                if kind == "date":
                    right = type(value) is date
                elif kind in ("money", "count", "number"):
                    right = type(value) in (int, float)
                elif kind == "list" and key != "manual_class":
                    right = value in labels(list_key, lang)
                if not right or value == "":
                    wrong.append((table, key, value))
    return wrong


def normal_trades(shop: Sample) -> list[Row]:
    """The trades whose date and amount are what they should be."""
    return [row for row in shop.rows["trades"] if type(row["date"]) is date and type(row["amount"]) is int]


@dataclass
class Customer:
    days: list[date] = field(default_factory=list)
    top: int = 0
    bad_days: list[date] = field(default_factory=list)
    faults: int = 0
    refunds: int = 0
    open_cases: int = 0
    complaints: int = 0
    wish: bool = False
    asked: date = date.min
    risk: bool = False
    trade: bool = False
    before: int = 0

    def visits(self) -> list[date]:
        days = sorted(self.days)
        return [day for at, day in enumerate(days) if not at or (day - days[at - 1]).days >= 3]


def read_customers(shop: Sample, lang: Lang) -> dict[str, Customer]:
    """Who there is and what is known of them, by a second-hand shop's definitions."""
    names: dict[str, str] = {}
    for row in shop.rows["customers"]:
        for alias in re.split("[、;]", str(row.get("aliases", ""))):
            names[fold(alias)] = fold(str(row["nickname"]))
    people: dict[str, Customer] = defaultdict(Customer)

    def who(row: Row) -> Customer:
        name = fold(str(row["nickname"]))
        return people[names.get(name, name)]

    for row in normal_trades(shop):
        if "nickname" not in row or "***" in str(row["nickname"]):
            continue
        one, day, state = who(row), row["date"], row.get("state", "")
        assert isinstance(day, date)
        recent = (shop.as_of - day).days <= 365
        one.faults += recent and state in labels("trade_state", lang, "lapsed")
        one.refunds += recent and state in labels("trade_state", lang, "refunded")
        if row.get("rating") in labels("rating", lang, "bad") | labels("rating", lang, "neutral"):
            one.bad_days.append(day)
        if (not state or state in labels("trade_state", lang, "completed")) and "line_kind" not in row:
            one.days.append(day)
            one.top = max(one.top, int(str(row["amount"])))
    for row in shop.rows["contacts"]:
        one, kind, day = who(row), row["type"], row["date"]
        assert isinstance(day, date)
        still = row.get("status", "") not in labels("case_status", lang, "closed")
        case = kind in labels("contact_type", lang, "complaint") | labels("contact_type", lang, "after_sale")
        one.open_cases += still and case
        recent = (shop.as_of - day).days <= 365
        one.complaints += recent and kind in labels("contact_type", lang, "complaint")
        due = row.get("due", day + timedelta(days=60))
        assert isinstance(due, date)
        one.wish |= still and kind in labels("contact_type", lang, "wish") and due >= shop.as_of
        if kind in labels("contact_type", lang, "enquiry") | labels("contact_type", lang, "bid"):
            one.asked = max(one.asked, day)
    for row in shop.rows["customers"]:
        one = who(row)
        one.risk = "risk" in row
        one.trade = row.get("identity") in labels("identity", lang, "trade")
        one.before = int(str(row.get("trades_before", 0)))
    return people


def class_of(one: Customer, today: date, dear: int) -> str:
    """The six classes by their defaults for a second-hand shop."""
    days = one.visits()
    visits, last = len(days) + one.before, (today - max(days)).days if days else 99999
    bad = sum((today - day).days <= 90 for day in one.bad_days)
    if one.risk or one.open_cases or bad or one.complaints >= 2 or one.faults >= 2 or one.refunds >= 2:
        return "problem"
    if visits >= 3 and last <= 365 and not one.trade and len(one.bad_days) <= 0.2 * visits:
        return "loyal"
    if sum((today - day).days <= 180 for day in days) >= 2 and last <= 90:
        return "active"
    if 1 <= visits <= 2 and last <= 60:
        return "new"
    if (one.top >= dear and last <= 365) or one.wish or (not visits and (today - one.asked).days <= 30):
        return "potential"
    return "quiet"


def shares(shop: Sample, lang: Lang) -> dict[str, float]:
    people = read_customers(shop, lang)
    sold = [int(str(row["amount"])) for row in normal_trades(shop) if "line_kind" not in row]
    dear = sorted(sold)[int(len(sold) * 0.75)]
    count = Counter(class_of(one, shop.as_of, dear) for one in people.values())
    return {name: number / len(people) for name, number in count.items()}


@both
def test_the_same_seed_tells_the_same_story(lang: Lang) -> None:
    assert told("xianyu", lang, AS_OF) == told("xianyu", lang, AS_OF)
    assert told("xianyu", lang, AS_OF, 1) != told("xianyu", lang, AS_OF, 2)


@every_seed
def test_both_languages_tell_the_same_shop(seed: int) -> None:
    zh, en = (sample("xianyu", lang, AS_OF, seed) for lang in LANGS)
    for table in CORE_TABLES:
        assert len(zh.rows[table]) == len(en.rows[table])
    for table in ("customers", "contacts"):
        assert [set(row) for row in zh.rows[table]] == [set(row) for row in en.rows[table]]
    # the slip in the dearest amount may be in another row, and so may the next
    pairs = zip(zh.rows["trades"], en.rows["trades"], strict=True)
    same = sum(set(one) == set(other) and type(one["date"]) is type(other["date"]) for one, other in pairs)
    assert same >= len(zh.rows["trades"]) - 8
    assert not re.search("[\u4e00-\u9fff]", str(en.rows)), "Chinese in the English shop"


@both
@every_seed
def test_it_is_as_big_as_a_shop_of_eighteen_months(lang: Lang, seed: int) -> None:
    shop = sample("xianyu", lang, AS_OF, seed)
    assert 170 <= len(shop.rows["trades"]) <= 215
    assert 65 <= len(shop.rows["contacts"]) <= 75
    assert len(shop.rows["customers"]) == 35
    people = read_customers(shop, lang)
    assert 85 <= len(people) <= 98
    often = sum(len(one.visits()) >= 3 for one in people.values())
    assert 10 <= often <= 14
    once = sum(len(one.visits()) == 1 for one in people.values())
    assert once > len(people) / 2


@both
@every_seed
@pytest.mark.parametrize("as_of", DAYS)
def test_the_classes_have_the_shares_expected(lang: Lang, seed: int, as_of: date) -> None:
    share = shares(sample("xianyu", lang, as_of, seed), lang)
    expected = {"problem": 0.06, "loyal": 0.08, "active": 0.06, "new": 0.13, "potential": 0.16, "quiet": 0.50}
    for name, about in expected.items():
        assert share[name] == pytest.approx(about, abs=0.05), (name, share)


@both
@every_seed
@pytest.mark.parametrize("as_of", DAYS)
def test_nothing_happened_after_the_day_of_analysis(lang: Lang, seed: int, as_of: date) -> None:
    shop = sample("xianyu", lang, as_of, seed)
    first = as_of - timedelta(days=560)
    for table in ("trades", "contacts"):
        days = [row["date"] for row in shop.rows[table] if type(row["date"]) is date]
        assert all(first <= day <= as_of for day in days)  # type: ignore[operator]  # dates, one line above
    days = [row["date"] for row in normal_trades(shop)]
    assert days != sorted(days), "a few rows are written late"  # type: ignore[type-var]
    late = sum(one > other for one, other in pairwise(days))  # type: ignore[operator]
    assert late <= 6


@both
@every_seed
@pytest.mark.parametrize("as_of", DAYS)
def test_the_six_slips_are_there_and_no_other(lang: Lang, seed: int, as_of: date) -> None:
    shop = sample("xianyu", lang, as_of, seed)
    wrong: dict[str, list[str]] = {"date": [], "amount": [], "state": []}
    for table, key, value in wrong_cells(shop, lang):
        assert table == "trades"
        wrong[key].append(str(value))
    short, dotted = sorted(wrong["date"], key=lambda text: "." in text)
    assert re.fullmatch(r"\d{1,2}月\d{1,2}号" if lang == "zh" else r"\d{1,2}/\d{1,2}", short)
    assert re.fullmatch(r"20\d\d\.\d{1,2}\.\d{1,2}", dotted)
    assert date(*(int(part) for part in dotted.split("."))) <= as_of
    about, sign = sorted(wrong["amount"], key=lambda text: text[0] in "¥$")
    assert re.fullmatch(r"约\d+0" if lang == "zh" else r"about \d+0", about)
    assert re.fullmatch(r"¥\d,\d{3}" if lang == "zh" else r"\$\d+\.00", sign)
    assert wrong["state"] == ["交易ok" if lang == "zh" else "done ok"]
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for table in CORE_TABLES:
        for row in shop.rows[table]:
            if "nickname" in row:
                spellings[fold(str(row["nickname"]))][str(row["nickname"])] += 1
    odd = [counts for counts in spellings.values() if len(counts) > 1]
    assert len(odd) == 1
    assert sorted(odd[0].values())[0] == 1


@both
@every_seed
def test_prices_hang_together(lang: Lang, seed: int) -> None:
    trades = normal_trades(sample("xianyu", lang, AS_OF, seed))
    for row in trades:
        amount = int(str(row["amount"]))
        assert 0 < amount <= int(str(row.get("list_price", amount)))
        assert 0 < int(str(row.get("refund_amount", 1))) < amount
    assert 0.35 <= sum("cost" in row for row in trades) / len(trades) <= 0.6
    assert sum("rating" in row for row in trades) < len(trades) / 3
    assert sum("state" not in row for row in trades) > len(trades) / 2
    orders = [row["order_id"] for row in trades if "order_id" in row]
    assert len(orders) == len(set(orders)) > 15


@both
def test_what_a_shop_has_is_there(lang: Lang) -> None:
    shop = sample("xianyu", lang, AS_OF)
    trades, customers, contacts = (shop.rows[table] for table in ("trades", "customers", "contacts"))
    kinds = labels("line_kind", lang, "extra")
    assert {row["line_kind"] for row in trades if "line_kind" in row} == kinds
    assert {row["fault"] for row in trades if "fault" in row} == labels("fault", lang)
    assert sum("nickname" not in row for row in trades) == 5
    assert sum("***" in str(row.get("nickname")) for row in trades) == 3
    for meaning in ("refunded", "lapsed", "open", "void"):
        assert any(row.get("state") in labels("trade_state", lang, meaning) for row in trades)
    assert sum("refund_amount" in row for row in trades) == 3
    written = "、".join(str(row.get("aliases", "")) for row in customers)
    aliases = {name.strip() for name in re.split("[、;]", written)} - {""}
    assert aliases & {str(row.get("nickname")) for row in trades}
    seldom = {"first_before", "trades_before", "manual_class", "manual_reason", "do_not_contact", "birthday"}
    assert seldom <= {key for row in customers for key in row}
    assert {row["type"] for row in contacts} == labels("contact_type", lang)
    wishes = [row for row in contacts if row["type"] in labels("contact_type", lang, "wish")]
    assert all("budget" in row and "due" in row for row in wishes)
    bought = {row.get("nickname") for row in trades} | aliases
    asked = {row["nickname"] for row in contacts if row["type"] in labels("contact_type", lang, "enquiry")}
    assert asked - bought, "somebody asked and never bought"


@both
def test_promises_fall_due_around_the_day_of_analysis(lang: Lang) -> None:
    contacts = sample("xianyu", lang, AS_OF).rows["contacts"]
    open_promises = [
        row["due"]
        for row in contacts
        if row["type"] in labels("contact_type", lang, "promise") and "status" not in row
    ]
    near = [due for due in open_promises if isinstance(due, date) and abs((due - AS_OF).days) <= 7]
    assert len(near) == len(open_promises) >= 4
    assert min(near) < AS_OF < max(near)


def test_air_conditioners_sell_in_early_summer() -> None:
    months = Counter(
        row["date"].month  # type: ignore[attr-defined]  # normal_trades: a date
        for seed in range(20)
        for row in normal_trades(sample("xianyu", "zh", AS_OF, seed))
        if "空调" in str(row["item"]) or "挂机" in str(row["item"]) or "柜机" in str(row["item"])
    )
    summer = sum(months[month] for month in (5, 6, 7))
    assert summer / 3 > 2 * (sum(months.values()) - summer) / 9


@both
@pytest.mark.parametrize("table", CORE_TABLES)
def test_every_column_is_one_of_the_template(lang: Lang, table: TableKey) -> None:
    columns = {one.key for one in blueprint("xianyu").sheet(table).columns}
    assert {key for row in sample("xianyu", lang, AS_OF).rows[table] for key in row} <= columns


@both
def test_no_two_people_have_one_name(lang: Lang) -> None:
    story = sample_stories.stories("xianyu", lang)
    names = Story(story.node.child("others"), lang).pairs("names")
    for person in story.items("people"):
        names += [person.words("name"), *re.split("[、;]", person.words("aliases"))]
    names = [fold(name) for name in names if name]
    assert len(names) == len(set(names))


def test_an_unknown_shop_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(UsageError) as caught:
        sample("xianyv", "zh", AS_OF)
    assert caught.value.params["meant"] == "xianyu"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('state = "全额退款"', 'state = "全额退"', "trades.mishaps[9].state"),
        ('who = "asker"', 'who = "askr"', "who"),
        ("haggle = [0.0, 0.08]", "hagle = [0.0, 0.08]", "roles.spender.hagle"),
        ("last = [6, 150]", "last = [150, 6]", "roles.loyal.last"),
        ("budget = true", "buget = true", "contacts[1].buget"),
        ("{trouble}", "{problem}", "says"),
        ("count = 28", "count = 280", "others.names"),
    ],
)
def test_a_mistake_in_the_file_is_named(
    old: str, new: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[1] / "sample_data" / "xianyu.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "xianyu.toml"
    file.write_text(text.replace(old, new), "utf-8")
    node: Node = read_path(file)
    monkeypatch.setattr(sample_stories, "read_path", lambda _: node)
    with pytest.raises(TemplateError) as caught:
        told("xianyu", "zh", AS_OF)
    assert str(caught.value.params["where"]).endswith(where)
