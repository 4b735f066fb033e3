"""Who is written to, about what, when, and who is left alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sheetkit.analysis.plan import Plan, Shop, make_plan, tasks
from sheetkit.analysis.result import Reason, Task
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.book import Book, Table
from sheetkit.model.days import to_date
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.playbook import playbook
from sheetkit.rules.rulebook import rulebook
from tests.analysis.drawing import day, drawn

TODAY = "2026-03-31"
PLAYS = playbook(blueprint("xianyu", ("cases",))).plays
ACTIONS = {play.action.zh: play.key for play in PLAYS if play.purpose != "none"}

CONTACTS = "name | date | type | direction | status | due | item | budget | content | result"
WISHES = "name | date | item | status | due | budget"
CASES = "name | date | kind | content | status | due | closed_on"
TRADES = "name | date | item | state | rating | category | amount"


def cell(table: TableKey, key: str, typed: str) -> Any:
    """A cell as intake reads it: a meaning's name stands for its code."""
    column = fields(table)[key]
    if column.coded:
        choice = lists()[column.list_key]
        return choice.code(typed) if typed else choice.blank_code
    if not typed:
        return None
    return {"date": day, "money": lambda one: int(one) * 100}.get(column.kind, str)(typed)


def filled(table: TableKey, head: str, rows: str) -> tuple[Table, list[str]]:
    lines = drawn("\n".join([head, *rows.strip().split("\n")]) if rows.strip() else head)
    keys = [key for key in drawn(head + "\n" + head)[0] if key != "name"]
    columns = {key: [cell(table, key, line[key]) for line in lines] for key in keys}
    size = len(lines)
    book = Table(columns, {}, [table] * size, list(range(2, size + 2)), [True] * size, [False] * size)
    return book, [line["name"] for line in lines]


class Drawn:
    """A shop drawn as tables. Metrics that are not drawn are 0, or null where they can be."""

    def __init__(self, customers: str, contacts: str = "", trades: str = "", today: str = TODAY) -> None:
        self.people = drawn(customers)
        self.today = today
        self.book = Book.empty("xianyu", "zh")
        self.book.shop_kind = "second_hand"
        names = [one["name"] for one in self.people]
        sheets: dict[TableKey, tuple[Table, list[str]]] = {
            "contacts": filled("contacts", CONTACTS, contacts),
            "trades": filled("trades", TRADES, trades),
            "customers": filled(
                "customers",
                "name | do_not_contact",
                "\n".join(f"{one['name']}|{one.get('do_not_contact', '')}" for one in self.people),
            ),
        }
        self.customer_of: dict[TableKey, list[int]] = {}
        self.names = names
        for key, sheet in sheets.items():
            self.put(key, *sheet)

    def put(self, key: TableKey, table: Table, named: list[str]) -> None:
        """A sheet and whose its rows are."""
        self.book.tables[key] = table
        self.customer_of[key] = [self.names.index(one) + 1 if one in self.names else 0 for one in named]

    def noted(self, key: TableKey, head: str, rows: str) -> Drawn:
        """The same with rows on a further sheet."""
        self.book.more = ("cases",)
        self.put(key, *filled(key, head, rows))
        return self

    def customers(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {
            "name": [one["name"] for one in self.people],
            "customer_class": [one["class"] for one in self.people],
            "value_tier": [one.get("tier", "low") for one in self.people],
        }
        for key in rulebook().metrics:
            nothing = None if key.endswith(("_day", "_days")) else 0
            columns[key] = [int(one[key]) if one.get(key) else nothing for one in self.people]
        for days, last in zip(columns["recency_days"], range(len(self.people)), strict=True):
            columns["last_day"][last] = None if days is None else day(self.today) - days
        return columns

    def plan(self, lang: Lang = "zh", reasons: dict[str, list[Reason]] | None = None) -> Plan:
        limits = rulebook().presets("second_hand")
        shop = Shop(self.customers(), self.book, self.customer_of, day(self.today), limits)
        return make_plan(shop, reasons or {}, lang)

    def tasks(self, lang: Lang = "zh") -> list[Task]:
        return self.plan(lang).tasks

    def plays(self) -> list[tuple[str, str]]:
        """(customer, play) in the plan's order."""
        return [(one.customer, ACTIONS[one.action]) for one in self.tasks()]


def one(key: str, contacts: str = "", trades: str = "", **metrics: object) -> list[str]:
    """The plays for a single customer of a class; ``小李`` stands for her in the rows."""
    table = f"name | class | {' | '.join(metrics)}\n小李 | {key} | {' | '.join(map(str, metrics.values()))}"
    if not metrics:
        table = f"name | class\n小李 | {key}"
    return [play for _, play in Drawn(table, contacts, trades).plays()]


# ------------------------------------------------------------------- rows that ask


@pytest.mark.parametrize(
    ("row", "play", "due"),
    [
        ("promise    |  | open   | 2026-03-20", "promise_late", TODAY),
        ("promise    |  | open   | 2026-03-31", "promise_due", TODAY),
        ("promise    |  | open   | 2026-04-07", "promise_due", "2026-04-07"),
        ("promise    |  | open   |           ", "promise_due", TODAY),
        ("promise    |  | open   | 2026-04-08", "", ""),
        ("promise    |  | closed | 2026-03-20", "", ""),
        ("complaint  |  | open   |           ", "after_sale_open", TODAY),
        ("after_sale |  | open   | 2026-04-03", "after_sale_open", "2026-04-03"),
        ("after_sale |  | closed |           ", "", ""),
        ("wish       |  | open   |           ", "wish_open", "2026-04-03"),
        ("wish       |  | open   | 2026-04-01", "wish_open", "2026-04-01"),
        ("wish       |  | open   | 2026-03-30", "", ""),
        ("wish       |  | closed |           ", "", ""),
        ("bid        |  | open   |           ", "bid_recent", TODAY),
        ("enquiry    |  | open   |           ", "enquiry_recent", TODAY),
        ("chat       |  | open   |           ", "", ""),
    ],
)
def test_a_row_that_asks_for_something(row: str, play: str, due: str) -> None:
    contacts = f"小李 | 2026-03-10 | {row} | 冰箱 | 300 | 想要一台 |"
    drawing = Drawn("name | class\n小李 | potential", contacts)
    assert [found for _, found in drawing.plays()] == ([play] if play else [])
    assert [to_date(task.due).isoformat() for task in drawing.tasks()] == ([due] if due else [])


@pytest.mark.parametrize(
    ("row", "play", "due"),
    [
        ("open   |            |           ", "after_sale_open", TODAY),
        ("open   | 2026-04-03 |           ", "after_sale_open", "2026-04-03"),
        ("open   | 2026-03-31 |           ", "after_sale_open", TODAY),
        ("open   | 2026-03-30 |           ", "case_late", TODAY),
        ("open   | 2026-03-20 | 2026-03-25", "", ""),
        ("closed | 2026-03-20 |           ", "", ""),
    ],
)
def test_a_case_on_its_own_sheet(row: str, play: str, due: str) -> None:
    rows = f"小李 | 2026-03-10 | | 有响声 | {row}"
    found = Drawn("name | class\n小李 | potential").noted("cases", CASES, rows).tasks()
    shown = [(ACTIONS[one.action], to_date(one.due).isoformat()) for one in found]
    assert shown == [(play, due)] * bool(play)
    assert all("有响声" in one.why for one in found)


@pytest.mark.parametrize(
    ("row", "due"),
    [
        ("open   |           ", "2026-04-03"),
        ("open   | 2026-04-01", "2026-04-01"),
        ("open   | 2026-03-30", ""),
        ("closed |           ", ""),
    ],
)
def test_a_wish_on_its_own_sheet(row: str, due: str) -> None:
    rows = f"小李 | 2026-03-10 | 冰箱 | {row} | 300"
    found = Drawn("name | class\n小李 | potential").noted("wishes", WISHES, rows).tasks()
    shown = [(ACTIONS[one.action], to_date(one.due).isoformat()) for one in found]
    assert shown == [("wish_open", due)] * bool(due)
    assert all("冰箱" in one.why and "300" in one.why for one in found)


@pytest.mark.parametrize(
    ("case", "plays"),
    [
        ("2026-02-10 | | 少件 | closed | | 2026-03-02", []),
        ("2026-02-10 | | 少件 | closed | | 2026-03-01", ["active_first_look"]),
        ("2026-03-02 | | 少件 | closed | |           ", []),
    ],
)
def test_nothing_is_offered_after_a_case_on_its_own_sheet(case: str, plays: list[str]) -> None:
    table = "name | class | visits | recency_days\n小李 | active | 2 | 60"
    drawing = Drawn(table).noted("cases", CASES, f"小李 | {case}")
    assert [play for _, play in drawing.plays()] == plays


def test_a_wish_noted_after_two_messages_is_an_answer() -> None:
    table = "name | class | visits | recency_days\n小李 | loyal | 4 | 90"
    silent = Drawn(table, written("2026-01-10", "2026-02-10"))
    assert silent.plays() == []
    wish = "小李 | 2026-02-11 | 冰箱 | closed | |"
    noted = Drawn(table, written("2026-01-10", "2026-02-10")).noted("wishes", WISHES, wish)
    assert noted.plays() == [("小李", "loyal_favour")]


def test_a_row_set_aside_or_without_a_customer_asks_for_nothing() -> None:
    rows = "小李 | 2026-03-10 | promise |||||||\n | 2026-03-10 | promise |||||||"
    drawing = Drawn("name | class\n小李 | new", rows)
    assert drawing.plays() == [("小李", "promise_due")]
    drawing.book.tables["contacts"].used[0] = False
    assert drawing.plays() == []


@pytest.mark.parametrize(
    ("ordered", "metrics", "plays"),
    [
        ("2026-03-30", {}, ["unpaid_open"]),
        ("2026-03-24", {}, ["unpaid_open"]),
        ("2026-03-23", {}, ["unpaid_stale"]),
        ("2026-03-30", {"buyer_fault_365": 2}, []),
        ("2026-03-30", {"risky": 1}, []),
    ],
)
def test_an_order_without_payment(ordered: str, metrics: dict[str, int], plays: list[str]) -> None:
    assert one("quiet", "", f"小李 | {ordered} | 冰箱 | open | | 家电 | 300", **metrics) == plays


def test_a_refused_bid_is_over_once_she_bought() -> None:
    bid = "小李 | 2026-03-10 | bid | inbound | open |  | 冰箱 | 300 | |"
    assert one("active", bid, recency_days=40, enquiry_days=21) == ["bid_recent"]
    assert one("active", bid, recency_days=5, enquiry_days=21) == ["active_first_look"]


def test_only_the_newest_bid_counts_and_nothing_is_offered_beside_what_is_owed() -> None:
    bids = "小李 | 2026-03-10 | bid |||| 冰箱 | 300 ||\n小李 | 2026-03-12 | bid |||| 电视 | 200 ||"
    drawing = Drawn("name | class\n小李 | potential", bids)
    assert [task.why for task in drawing.tasks()] == ["2026-03-12 对「电视」出过价 ¥200,之后没有成交"]
    owed = bids + "\n小李 | 2026-03-12 | promise |||||||\n小李 | 2026-03-13 | wish |||||||"
    assert one("potential", owed) == ["promise_due"]


def test_each_wish_is_a_task_and_no_other_offer_stands_beside_it() -> None:
    wishes = "小李 | 2026-03-10 | wish |||| 冰箱 |||\n小李 | 2026-03-12 | wish |||| 电视 |||"
    assert one("loyal", wishes, visits=4, recency_days=30) == ["wish_open", "wish_open"]
    bid = "\n小李 | 2026-03-12 | bid |||| 电视 | 200 ||"
    assert one("potential", wishes + bid) == ["wish_open", "wish_open"]


# ------------------------------------------------------------ by class and numbers


@pytest.mark.parametrize(
    ("key", "metrics", "plays"),
    [
        ("problem", {"bad_ratings_90": 1}, ["problem_owed"]),
        ("problem", {"bad_ratings_90": 1, "risky": 1, "seen_days": 20}, ["problem_guard"]),
        ("problem", {"buyer_fault_365": 2}, ["problem_guard"]),
        ("problem", {"risky": 1, "seen_days": 181}, []),
        ("problem", {"refunds_365": 2, "refund_share_365": 1}, ["problem_refunds"]),
        ("problem", {}, []),
        ("new", {"visits": 1, "recency_days": 21}, ["new_check"]),
        ("new", {"visits": 1, "recency_days": 22}, []),
        ("active", {"visits": 2, "recency_days": 40}, ["active_first_look"]),
        ("loyal", {"visits": 4, "recency_days": 40}, ["loyal_favour"]),
        ("potential", {"visits": 1, "recency_days": 200}, ["potential_match"]),
        ("potential", {"visits": 1, "recency_days": 366, "one_off": 1}, []),
        ("potential", {"visits": 0}, []),
        ("quiet", {"tier": "high", "visits": 2, "recency_days": 200}, ["quiet_high"]),
        ("quiet", {"tier": "high", "visits": 1, "recency_days": 400, "one_off": 1}, []),
        ("quiet", {"tier": "high", "visits": 1, "recency_days": 200}, []),
        ("quiet", {"tier": "low", "visits": 3, "recency_days": 200}, []),
        # trade buyers get lots, never the regulars' favours
        ("loyal", {"visits": 4, "recency_days": 40, "trade_buyer": 1}, ["trade_lot"]),
        ("loyal", {"visits": 4, "recency_days": 91, "trade_buyer": 1}, []),
        ("active", {"visits": 2, "recency_days": 40, "trade_buyer": 1}, ["trade_lot"]),
        ("quiet", {"tier": "high", "visits": 3, "recency_days": 200, "trade_buyer": 1}, []),
        ("something the seller typed", {"visits": 3}, []),
    ],
)
def test_the_first_play_that_fits(key: str, metrics: dict[str, object], plays: list[str]) -> None:
    assert one(key, **metrics) == plays


def test_a_new_customer_who_rated_is_not_asked() -> None:
    rated = "小李 | 2026-03-26 | 冰箱 | completed | good | 家电 | 300"
    assert one("new", "", rated, visits=1, recency_days=5) == []
    earlier = "小李 | 2026-02-26 | 冰箱 | completed | good | 家电 | 300"
    assert one("new", "", earlier, visits=2, recency_days=5) == ["new_check"]


def test_a_task_after_a_trade_is_due_a_week_after_it() -> None:
    drawing = Drawn("name | class | visits | recency_days\n小李 | new | 1 | 3\n小王 | new | 1 | 20")
    assert {task.customer: to_date(task.due).isoformat() for task in drawing.tasks()} == {
        "小李": "2026-04-04",
        "小王": TODAY,
    }


# -------------------------------------------------------- what may not be said now


CARE = "小李 | 2026-03-30 | care | outbound ||||||\n"


@pytest.mark.parametrize(
    ("contacts", "plays"),
    [
        # thirty days between two of the seller's own messages
        ("小李 | 2026-03-02 | care | outbound ||||||", []),
        ("小李 | 2026-03-02 | care |          ||||||", []),
        ("小李 | 2026-03-01 | care | outbound ||||||", ["active_first_look"]),
        ("小李 | 2026-03-30 | chat | inbound  ||||||", ["active_first_look"]),
        # a promise was made in her conversation: it is no contact of the seller's
        ("小李 | 2026-03-10 | promise |       | closed |||||", ["active_first_look"]),
        # what breaks the quiet
        (CARE + "小李 | 2026-03-29 | wish |||||||", ["wish_open"]),
        (CARE + "小李 | 2026-03-29 | promise |||||||", ["promise_due"]),
        (CARE + "小李 | 2026-03-29 | complaint |||||||", ["after_sale_open"]),
        # a bid does not
        (CARE + "小李 | 2026-03-29 | bid |||||||", []),
    ],
)
def test_the_quiet_period(contacts: str, plays: list[str]) -> None:
    assert one("active", contacts, visits=2, recency_days=85) == plays


def written(*dates: str, result: str = "") -> str:
    return "\n".join(f"小李 | {one} | care | outbound ||||||{result}" for one in dates)


ANSWER = "\n小李 | 2026-02-12 | chat | inbound ||||||"
WISH = "\n小李 | 2026-01-02 | wish |  | open | 2026-04-30 ||||"
PROMISE = "\n小李 | 2026-01-02 | promise |  | open | 2026-03-30 ||||"
COMPLAINT = "\n小李 | 2026-01-02 | complaint ||||||| "


@pytest.mark.parametrize(
    ("contacts", "plays"),
    [
        (written("2026-01-10", "2026-02-10"), []),
        (written("2025-11-30", "2025-12-31"), ["loyal_favour"]),
        (written("2025-12-01", "2026-01-01"), []),
        (written("2026-02-10"), ["loyal_favour"]),
        # twice on one day is one message; an answer between or noted beside it starts anew
        (written("2026-02-10", "2026-02-10"), ["loyal_favour"]),
        (written("2026-01-10", "2026-02-10") + ANSWER, ["loyal_favour"]),
        (written("2026-02-12", "2026-02-20") + ANSWER, ["loyal_favour"]),
        (written("2026-01-10", "2026-02-10", result="说考虑一下"), ["loyal_favour"]),
        (written("2026-01-10", "2026-02-10", result="一直没回"), []),
        # a wish cannot break the silence, a promise and an open case can
        (written("2026-01-10", "2026-02-10") + WISH, []),
        (written("2026-01-10", "2026-02-10") + PROMISE, ["promise_late"]),
        (written("2026-01-10", "2026-02-10") + COMPLAINT, ["after_sale_open"]),
        # four: never again, but for an open case
        (written("2025-01-10", "2025-02-10", "2025-03-10", "2025-04-10"), []),
        (written("2025-01-10", "2025-02-10", "2025-03-10"), ["loyal_favour"]),
        (written("2025-01-10", "2025-02-10", "2025-03-10", "2025-04-10") + PROMISE, []),
        (written("2025-01-10", "2025-02-10", "2025-03-10", "2025-04-10") + COMPLAINT, ["after_sale_open"]),
    ],
)
def test_who_does_not_answer_is_left_in_peace(contacts: str, plays: list[str]) -> None:
    # her last trade lies before every message: 500 days ago
    assert one("loyal", contacts, visits=4, recency_days=500) == plays


def test_a_purchase_is_an_answer() -> None:
    assert one("loyal", written("2026-01-10", "2026-02-10"), visits=4, recency_days=10) == ["loyal_favour"]


@pytest.mark.parametrize(
    ("rows", "plays"),
    [("", []), (WISH, []), (PROMISE, []), (COMPLAINT, ["after_sale_open"])],
)
def test_do_not_contact_leaves_nothing_but_an_open_case(rows: str, plays: list[str]) -> None:
    assert one("loyal", rows, do_not_contact="yes", visits=4, recency_days=10) == plays
    trades = "小李 | 2026-03-30 | 冰箱 | open | | | 300"
    assert one("loyal", "", trades, do_not_contact="yes", visits=4, recency_days=10) == []
    assert one("loyal", "", do_not_contact="no", visits=4, recency_days=10) == ["loyal_favour"]


@pytest.mark.parametrize(
    ("closed", "plays"),
    [("2026-03-02", []), ("2026-03-01", ["active_first_look"])],
)
def test_nothing_is_offered_for_thirty_days_after_a_case(closed: str, plays: list[str]) -> None:
    case = f"小李 | {closed} | after_sale | inbound | closed |||||"
    assert one("active", case, visits=2, recency_days=60) == plays


def test_a_problem_customer_is_not_offered_what_she_wished_for() -> None:
    assert one("problem", WISH, bad_ratings_90=1) == ["problem_owed"]
    assert one("problem", WISH, buyer_fault_365=2) == ["problem_guard"]


def test_a_marked_risk_is_answered_through_the_platform() -> None:
    assert one("problem", COMPLAINT, risky=1, seen_days=3) == ["after_sale_guarded", "problem_guard"]
    assert one("problem", written("2026-03-30"), risky=1, seen_days=3) == ["problem_guard"]


# --------------------------------------------------- keys, order, volume, messages


SHOP = """
    name | class  | visits | recency_days | spend
    小李 | loyal  | 4      | 40           | 90000
    小王 | active | 2      | 30           | 50000
    小张 | new    | 1      | 3            | 10000
    小赵 | active | 3      | 20           | 70000
"""
ROWS = """
    小王 | 2026-03-20 | promise | | | | 隔板 | | 补一个 |
    小王 | 2026-03-20 | promise | | | | 遥控器 | | 寄过去 |
"""


def keys(drawing: Drawn) -> dict[str, tuple[str, str]]:
    return {task.key: (task.customer, ACTIONS[task.action]) for task in drawing.tasks()}


def test_priority_comes_first_then_money() -> None:
    assert Drawn(SHOP, ROWS).plays() == [
        ("小王", "promise_due"),
        ("小王", "promise_due"),
        ("小李", "loyal_favour"),
        ("小赵", "active_first_look"),
        ("小张", "new_check"),
    ]


def test_a_task_keeps_its_key_from_run_to_run() -> None:
    first = keys(Drawn(SHOP, ROWS, today="2026-03-21"))
    assert len(first) == 5
    assert keys(Drawn(SHOP, ROWS, today="2026-03-21")) == first
    folded = Drawn(SHOP.replace("小李", " 小李\u200b"), ROWS, today="2026-03-21")
    assert set(keys(folded)) == set(first)


def test_sorting_the_sheet_changes_no_key() -> None:
    turned = "\n".join(reversed(ROWS.strip().split("\n")))
    first, second = ({one.key: one.why for one in Drawn(SHOP, rows).tasks()} for rows in (ROWS, turned))
    assert first == second


def test_a_month_later_rows_and_trades_keep_their_keys_and_the_rest_begins_anew() -> None:
    later = SHOP.replace("| 3   ", "| 14  ")  # the same trade, eleven days on
    first, second = keys(Drawn(SHOP, ROWS, today="2026-03-21")), keys(Drawn(later, ROWS, today="2026-04-01"))
    plays = {play for key, (_, play) in first.items() if key in second}
    assert plays == {"promise_due", "new_check"}
    anew = {play for key, (_, play) in second.items() if key not in first}
    assert anew == {"loyal_favour", "active_first_look"}


def many(count: int, key: str = "active") -> str:
    people = (f"客户{at:03} | {key} | 2 | 40 | {at}" for at in range(count))
    return "\n".join(["name | class | visits | recency_days | spend", *people])


def test_forty_tasks_a_run_the_dearest_first_and_fifteen_a_day() -> None:
    plan = Drawn(many(100)).plan()
    assert (len(plan.tasks), plan.left_out) == (40, 60)
    assert [task.customer for task in plan.tasks[:2]] == ["客户099", "客户098"]
    days = [to_date(task.due).isoformat() for task in plan.tasks]
    assert days == ["2026-04-07"] * 15 + ["2026-04-08"] * 15 + ["2026-04-09"] * 10


def test_what_is_only_answered_takes_no_place_in_the_day() -> None:
    rows = "\n".join(f"客户{at:03} | problem | 2 | 0" for at in range(20))
    plan = Drawn(f"name | class | buyer_fault_365 | spend\n{rows}").plan()
    assert {to_date(task.due).isoformat() for task in plan.tasks} == {"2026-04-30"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("key", "play"),
    [("active", "active_first_look"), ("loyal", "loyal_favour"), ("potential", "potential_match")],
)
def test_the_same_text_never_stands_twice_in_a_row(key: str, play: str, lang: Lang) -> None:
    messages = [task.message for task in Drawn(many(40, key)).tasks(lang)]
    drafts = next(one for one in PLAYS if one.key == play).drafts[lang]
    assert all(first != second for first, second in pairwise(messages))
    assert set(messages) == {draft for draft in drafts if "〔" not in draft}


@pytest.mark.parametrize("lang", LANGS)
def test_a_draft_is_filled_from_the_record(lang: Lang) -> None:
    rows = "\n".join(f"客户{at:03} | 2026-03-20 | wish |||| 冰箱{at} | 300 | 三门的 |" for at in range(6))
    for at, task in enumerate(sorted(Drawn(many(6), rows).tasks(lang), key=lambda one: one.customer)):
        assert f"冰箱{at}" in task.message
        assert "〔" not in task.message
        assert "三门的" in task.why
        assert "¥300" in task.why


def test_what_she_bought_fills_a_draft_for_herself() -> None:
    trades = """
        小李 | 2026-01-02 | 旧冰箱 | completed | | 家电 | 300
        小李 | 2026-02-02 | 空调   | completed | | 家电 | 300
        小李 | 2026-02-03 | 书架   | completed | | 家具 | 300
        小李 | 2026-03-03 | 沙发   | void      | | 家具 | 300
    """
    for shop in (many(1), many(1, "loyal"), many(1, "potential")):
        (task,) = Drawn(shop.replace("客户000", "小李"), "", trades).tasks()
        assert "家电" in task.message or "书架" in task.message
        assert "沙发" not in task.message
        assert "旧冰箱" not in task.message


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("冰箱 8成新", "冰箱"),
        ("冰箱（有划痕）", "冰箱"),
        ("冰箱，有划痕", "冰箱"),
        ("Roborock S5, some marks", "Roborock S5"),
        ("iPad 九代", "iPad 九代"),
    ],
)
def test_an_item_is_named_as_one_would_say_it(item: str, said: str) -> None:
    (task,) = Drawn("name | class\n小李 | potential", f"小李 | 2026-03-20 | bid |||| {item} | | |").tasks()
    drafts = next(play for play in PLAYS if play.key == "bid_recent").drafts["zh"]
    assert task.message in {draft.replace("〔item〕", said) for draft in drafts}


@pytest.mark.parametrize(
    "item", ["", "全新冰箱", "加我微信 冰箱", "美的三门风冷无霜变频一级能效家用双循环冰箱二百升", "〔item〕"]
)
def test_what_must_not_be_said_is_not_filled_in(item: str) -> None:
    (task,) = Drawn("name | class\n小李 | potential", f"小李 | 2026-03-20 | wish |||| {item} | | |").tasks()
    assert task.message in next(play for play in PLAYS if play.key == "wish_open").drafts["zh"]
    assert "〔" not in task.message


def test_the_reason_is_quoted_or_made_of_numbers() -> None:
    drawing = Drawn("name | class | visits | recency_days | spend\n小李 | loyal | 4 | 40 | 90050")
    (task,) = drawing.tasks("en")
    assert task.why == "4 visits, the last 40 days ago; recent spend ¥900.50"
    reasons = {"customer_class": [Reason("忠诚客户:成交 4 次(≥3)", "")]}
    (task,) = drawing.plan("zh", reasons).tasks
    assert task.why == "忠诚客户:成交 4 次(≥3);近期消费 ¥900.50"
    assert (task.class_key, task.class_label) == ("loyal", "忠诚客户")
    assert (task.channel, task.priority) == ("闲鱼聊天", 2)


# ------------------------------------------------------ what the seller ticked off


def test_a_ticked_task_is_gone_and_one_to_do_stays() -> None:
    drawing = Drawn(SHOP, ROWS)
    before = {play: key for key, (_, play) in keys(drawing).items()}
    statuses = {"待办": True, "": True, "Contacted": False, "已成交": False, "不需要": False}
    for status, stays in statuses.items():
        drawing.book.plan = {before["loyal_favour"]: {"customer": "小李", "status": status, "owner": "我"}}
        assert (("小李", "loyal_favour") in drawing.plays()) == stays
    drawing.book.plan = {}
    drawing.book.plan_history = [{"key": before["loyal_favour"], "status": "已联系"}]
    assert ("小李", "loyal_favour") not in drawing.plays()


def test_what_is_owed_stays_until_its_row_is_closed() -> None:
    drawing = Drawn("name | class\n小李 | new", COMPLAINT)
    (key,) = keys(drawing)
    drawing.book.plan = {key: {"customer": "小李", "status": "已联系"}}
    assert drawing.plays() == [("小李", "after_sale_open")]
    drawing.book.plan = {key: {"customer": "小李", "status": "不需要"}}
    assert drawing.plays() == []


@pytest.mark.parametrize(
    ("status", "done_on", "plays"),
    [
        ("已联系", "2026-03-20", []),
        ("有回复", "2026/3/20", []),
        ("已联系", "2026-02-20", ["active_first_look"]),
        ("待办", "2026-03-20", ["active_first_look"]),
        ("已联系", "上周", ["active_first_look"]),
        ("已联系", "2026-13-40", ["active_first_look"]),
    ],
)
def test_a_dated_tick_is_a_contact(status: str, done_on: str, plays: list[str]) -> None:
    drawing = Drawn("name | class | visits | recency_days\n小李 | active | 2 | 60")
    drawing.book.plan_history = [{"key": "gone", "customer": "小李", "status": status, "done_on": done_on}]
    assert [play for _, play in drawing.plays()] == plays


@pytest.mark.parametrize("lang", LANGS)
def test_tasks_of_an_empty_book(lang: Lang) -> None:
    empty = Book.empty("xianyu", lang)
    limits = rulebook().presets("second_hand")
    assert tasks({"name": [], "spend": []}, empty, {}, day(TODAY), limits, {}, lang) == []
