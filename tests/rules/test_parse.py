"""A rule's text becomes the tree that was meant, or a mistake that names what was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, catalog
from sheetkit.model import source as source_module
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, templates_folder
from sheetkit.rules import rulebook as module
from sheetkit.rules.parse import RuleError, Scope, parse
from sheetkit.rules.rulebook import rulebook
from sheetkit.rules.tree import (
    Aggregate,
    Arithmetic,
    Choose,
    Coalesce,
    Compare,
    CustomerField,
    DaysSince,
    Expr,
    Extreme,
    Figure,
    Has,
    Logic,
    Metric,
    ModeShare,
    Not,
    Number,
    Opens,
    Quantile,
    Round,
    RowColumn,
    Threshold,
    Today,
)

SCOPE = Scope(
    rows={
        "trades": {"day": False, "amount": False, "state": False, "sale": True},
        "contacts": {"day": False, "type": False},
        "customers": {},
    },
    coded={("trades", "state"): lists()["trade_state"], ("customer", "risk"): lists()["risk"]},
    customer_fields=frozenset({"risk", "trades_before"}),
    thresholds=frozenset({"loyal_visits", "visit_merge_days"}),
    metrics={"visits": False, "recency_days": True},
    figures={"median_deal": True},
)
TRADE = SCOPE.at_row("trades")
VISITS, RECENCY, LIMIT = Metric("visits", False), Metric("recency_days", True), Threshold("loyal_visits")
AMOUNT, SALE = RowColumn("trades", "amount", False), RowColumn("trades", "sale", True)

GOOD: list[tuple[str, Scope, Expr]] = [
    ("3", SCOPE, Number(3)),
    ("-2.5", SCOPE, Number(-2.5)),
    ("today", SCOPE, Today()),
    ("visits", SCOPE, VISITS),
    ("loyal_visits", SCOPE, LIMIT),
    ("median_deal", SCOPE, Figure("median_deal", True)),
    ("customer.trades_before", SCOPE, CustomerField("trades_before")),
    ("customer.risk == 'risky'", SCOPE, Compare("==", CustomerField("risk"), Number(1))),
    ("  visits >= loyal_visits ", SCOPE, Compare(">=", VISITS, LIMIT)),
    ("visits != 1", SCOPE, Compare("!=", VISITS, Number(1))),
    (
        "visits < 1 and not has(recency_days) or visits > 2",
        SCOPE,
        Logic(
            "or",
            (
                Logic("and", (Compare("<", VISITS, Number(1)), Not(Has(RECENCY)))),
                Compare(">", VISITS, Number(2)),
            ),
        ),
    ),
    ("1 + visits * 2", SCOPE, Arithmetic("+", Number(1), Arithmetic("*", VISITS, Number(2)))),
    ("1 + (visits > 2)", SCOPE, Arithmetic("+", Number(1), Compare(">", VISITS, Number(2)))),
    ("visits - 1 - 2", SCOPE, Arithmetic("-", Arithmetic("-", VISITS, Number(1)), Number(2))),
    ("visits / 2", SCOPE, Arithmetic("/", VISITS, Number(2))),
    ("if_(visits > 1, 2, visits)", SCOPE, Choose(Compare(">", VISITS, Number(1)), Number(2), VISITS)),
    ("greatest(visits, recency_days, 1)", SCOPE, Extreme("greatest", (VISITS, RECENCY, Number(1)))),
    ("round(recency_days / 7)", SCOPE, Round(Arithmetic("/", RECENCY, Number(7)))),
    ("least(visits, 1)", SCOPE, Extreme("least", (VISITS, Number(1)))),
    ("coalesce(recency_days, 0)", SCOPE, Coalesce(RECENCY, Number(0))),
    ("days_since(recency_days)", SCOPE, DaysSince(RECENCY)),
    ("count(trades)", SCOPE, Aggregate("count", "trades", None, None, None)),
    (
        "count(trades, sale, within=loyal_visits)",
        SCOPE,
        Aggregate("count", "trades", None, SALE, LIMIT),
    ),
    ("sum(trades.amount)", SCOPE, Aggregate("sum", "trades", AMOUNT, None, None)),
    ("sum(trades.sale)", SCOPE, Aggregate("sum", "trades", SALE, None, None)),
    (
        "max(trades.amount, sale and amount > 5)",
        SCOPE,
        Aggregate("max", "trades", AMOUNT, Logic("and", (SALE, Compare(">", AMOUNT, Number(5)))), None),
    ),
    (
        "count(customers, visits > 1)",
        SCOPE,
        Aggregate("count", "customers", None, Compare(">", VISITS, Number(1)), None),
    ),
    ("quantile(trades.amount, 50, sale)", SCOPE, Quantile("trades", AMOUNT, Number(50), SALE, False)),
    ("quantile_top(customers.visits, loyal_visits)", SCOPE, Quantile("customers", VISITS, LIMIT, None, True)),
    ("mode_share(trades.amount, sale)", SCOPE, ModeShare("trades", AMOUNT, SALE)),
    ("state == 'refunded'", TRADE, Compare("==", RowColumn("trades", "state", False), Number(2))),
    ("opens(sale, visit_merge_days)", TRADE, Opens(SALE, Threshold("visit_merge_days"))),
    ("if_(sale, amount - 1, 0)", TRADE, Choose(SALE, Arithmetic("-", AMOUNT, Number(1)), Number(0))),
]

WRONG: list[tuple[str, Scope, str, str]] = [
    ("visits >", SCOPE, "rule.syntax", ""),
    ("", SCOPE, "rule.syntax", ""),
    ("visits = 3", SCOPE, "rule.syntax", ""),
    ("visit >= 3", SCOPE, "rule.unknown_name", "visits"),
    ("loyal_visit", SCOPE, "rule.unknown_name", "loyal_visits"),
    ("amount", SCOPE, "rule.unknown_name", ""),  # a column of no row
    ("visits", TRADE, "rule.unknown_name", ""),  # a metric where a row is at hand
    ("count(trades, amount > median_deal)", SCOPE, "rule.unknown_name", ""),  # a figure stands for no row
    ("count(trades, amuont > 3)", SCOPE, "rule.unknown_name", "amount"),
    ("count(trade)", SCOPE, "rule.unknown_name", "trades, contacts, customers"),
    ("sum(trade.amount)", SCOPE, "rule.unknown_name", "trades, contacts, customers"),
    ("sum(contacts.amount)", SCOPE, "rule.unknown_name", ""),
    ("customer.risks == 'risky'", SCOPE, "rule.unknown_name", "risk"),
    ("customer.risk == 'risk'", SCOPE, "rule.unknown_name", "risky"),
    ("state == 'complete'", TRADE, "rule.unknown_name", "completed"),
    ("count(trades, sale, wihtin=3)", SCOPE, "rule.unknown_name", "within"),
    ("visits == 'many'", SCOPE, "rule.no_meanings", ""),
    ("amount == 'completed'", TRADE, "rule.no_meanings", ""),
    ("cuont(trades)", SCOPE, "rule.unknown_function", "count"),
    ("count()", SCOPE, "rule.unknown_function", "count"),
    ("coalesce(visits)", SCOPE, "rule.unknown_function", "coalesce"),
    ("greatest(visits)", SCOPE, "rule.unknown_function", "greatest"),
    ("quantile(trades.amount, 50, where=sale)", SCOPE, "rule.unknown_function", "quantile"),
    ("days_since(recency_days, within=3)", SCOPE, "rule.unknown_function", "days_since"),
    ("visits and visits > 1", SCOPE, "rule.not_a_condition", ""),
    ("not visits", SCOPE, "rule.not_a_condition", ""),
    ("if_(visits, 1, 0)", SCOPE, "rule.not_a_condition", ""),
    ("count(trades, amount)", SCOPE, "rule.not_a_condition", ""),
    ("has(visits > 1)", SCOPE, "rule.not_a_number", ""),
    ("(visits > 1) > 1", SCOPE, "rule.not_a_number", ""),
    ("True", SCOPE, "rule.unknown_form", ""),
    ("1e999", SCOPE, "rule.unknown_form", ""),
    ("'text'", SCOPE, "rule.unknown_form", ""),
    ("1 < visits < 3", SCOPE, "rule.unknown_form", ""),
    ("visits ** 2", SCOPE, "rule.unknown_form", ""),
    ("visits in (1, 2)", SCOPE, "rule.unknown_form", ""),
    ("visits.real", SCOPE, "rule.unknown_form", ""),
    ("__import__('os').system('true')", SCOPE, "rule.unknown_form", ""),
    ("[visits for visits in today]", SCOPE, "rule.unknown_form", ""),
    ("sum(amount)", SCOPE, "rule.unknown_form", ""),
    ("count(trades, count(trades) > 1)", SCOPE, "rule.unknown_form", ""),  # no formula over many rows
    ("count(trades, opens(sale, 3))", SCOPE, "rule.unknown_form", ""),
    ("count(trades, amount / 2 > 1)", SCOPE, "rule.unknown_form", ""),
    ("amount / 2", TRADE, "rule.unknown_form", ""),
    ("coalesce(amount, 0)", TRADE, "rule.unknown_form", ""),
]


@pytest.mark.parametrize(("source", "scope", "tree"), GOOD, ids=[one[0] for one in GOOD])
def test_a_good_text_is_its_tree(source: str, scope: Scope, tree: Expr) -> None:
    assert parse(source, scope) == tree


@pytest.mark.parametrize(("source", "scope", "problem", "meant"), WRONG, ids=[one[0] for one in WRONG])
def test_a_mistake_is_named(source: str, scope: Scope, problem: str, meant: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(source, scope)
    assert caught.value.problem == problem
    if meant:
        assert caught.value.params["meant"] == meant
    for lang in LANGS:
        assert "{" not in catalog()[problem][lang].format_map(caught.value.params)


@pytest.fixture
def _fresh() -> Iterator[None]:
    rulebook.cache_clear()
    yield
    rulebook.cache_clear()


SPOILED = [
    ("thresholds", 'unit = "days"', 'unit = "dais"', "new_window.unit", "template.unknown_value", "days"),
    ("thresholds", "range = [7, 180]", "range = [180, 7]", "new_window.range", "template.type", ""),
    (
        "thresholds",
        "second_hand = 60",
        "second_hand = 600",
        "new_window.preset.second_hand",
        "template.type",
        "",
    ),
    (
        "thresholds",
        "second_hand = 60",
        "second_hnad = 60",
        "new_window.preset.second_hnad",
        "template.unknown_key",
        "second_hand",
    ),
    ("thresholds", "second_hand = 60, ", "", "new_window.preset.second_hand", "template.missing", ""),
    (
        "metrics",
        "count(trades, visit)",
        "count(trades, vist)",
        "metrics.visits_here.def",
        "template.expression",
        "",
    ),
    (
        "metrics",
        "state == 'completed' and amount >= 0",
        "state == 'complete'",
        "tables.trades.facts.sale",
        "template.expression",
        "",
    ),
    ("metrics", 'def = "sum(trades.net)"', 'def = "average_visit * visits_here"', "", "template.cycle", ""),
    (
        "metrics",
        'def = "count(trades, visit)"',
        'define = "count(trades, visit)"',
        "metrics.visits_here.def",
        "template.missing",
        "",
    ),
    ("metrics", "say = { zh = ", "sya = { zh = ", "metrics.visits.sya", "template.unknown_key", "say"),
    ("dimensions", "risky >= 1", "risk >= 1", "customer_class.classes[1].when", "template.expression", ""),
    (
        "dimensions",
        '"top_ticket"',
        '"top_tickets"',
        "customer_class.classes[6].facts",
        "template.unknown_value",
        "top_ticket",
    ),
    ("dimensions", "rank = 0", "ranks = 0", "customer_class.classes[1].rank", "template.missing", ""),
    (
        "dimensions",
        'facts = ["visits", "recency_days", "top_ticket"]',
        'when = "visits > 1"',
        "customer_class.classes[6].when",
        "template.last_class",
        "",
    ),
    (
        "dimensions",
        'when = "spend >= high_line"',
        'when = "spend"',
        "value_tier.classes[2].when",
        "template.expression",
        "",
    ),
    ("goals", "range = ", "ranges = ", "", "template.missing", ""),
]


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(("name", "right", "wrong", "where", "key", "meant"), SPOILED)
def test_a_mistake_in_a_file_is_named_with_file_and_key(
    name: str, right: str, wrong: str, where: str, key: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled_file = f"rules/{name}.toml" if name == "goals" else f"rules/{name}/common.toml"

    def spoiled(file: str) -> Node:
        source = (templates_folder() / file).read_text("utf-8")
        if file == spoiled_file:
            assert right in source
            source = source.replace(right, wrong, 1)
        return Node(file, "", tomllib.loads(source))

    monkeypatch.setattr(module, "read", spoiled)
    monkeypatch.setattr(source_module, "read", spoiled)
    with pytest.raises(TemplateError) as caught:
        rulebook()
    assert caught.value.key == key
    assert caught.value.params["file"] == spoiled_file
    if where:
        assert caught.value.params["where"] == where
    if meant:
        assert caught.value.params["meant"] == meant
    if key == "template.cycle":
        assert {"revenue", "average_visit"} <= set(str(caught.value.params["where"]).split(" → "))
    if key == "template.expression":
        assert re.search("[\u4e00-\u9fff]", caught.value.params["problem"]["zh"])  # type: ignore[index]
