"""What a template of one's own may not hold, whoever wrote it; and that a beginning of one can be used."""

from __future__ import annotations

import re
import time

import duckdb
import pytest
from click.testing import CliRunner

from sheetkit.cli import main
from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import Blueprint, blueprint, blueprint_names
from sheetkit.model.lines import line_of
from sheetkit.model.names import SQL_WORDS
from sheetkit.model.overlay import using
from sheetkit.model.own import own_from
from sheetkit.pipeline.starter import starter
from sheetkit.rules.own import hold
from sheetkit.rules.rulebook import rulebook
from tests.tools import ROOT

HEAD = 'key = "mine"\nbased_on = "xianyu"\n'
METRIC = '[metrics.mine_too]\nzh = "甲"\nen = "A"\nunit = "count"\ndef = "{}"\n'


def held(more: str) -> Blueprint:
    return hold(own_from(HEAD + more, "my.toml"))


def refused(more: str) -> TemplateError:
    """The answer to a template, which must not take long."""
    began = time.process_time()
    with pytest.raises(TemplateError) as caught:
        held(more)
    assert time.process_time() - began < 5
    return caught.value


def metric(definition: str) -> str:
    return METRIC.format(definition)


def doubled(times: int) -> str:
    """Facts each of which names the one before twice: written out, 2 to so many."""
    facts = ['made_0_up = "sale"']
    facts += [f'made_{at}_up = "made_{at - 1}_up or made_{at - 1}_up"' for at in range(1, times)]
    return "[facts.trades]\n" + "\n".join(facts)


HOSTILE: dict[str, str] = {
    "deep lists": f"zh = {'[' * 3000}{']' * 3000}",
    "deep tables": "\n".join(f"[about{'.a' * at}]" for at in range(1, 40)),
    "a long line": f'zh = "{"x" * 9000}"',
    "many entries": "[tables.customers.columns]\n" + "\n".join(f"n{at}_x = {{}}" for at in range(101)),
    "facts that double": doubled(40),
    "nulls that double": metric(f"{'coalesce(' * 20}last_day{', 1)' * 20}"),
    "days of days": metric(f"{'days_since(' * 25}last_day{')' * 25}"),
    "a deep rule": metric(f"{'(' * 230}1{')' * 230}"),
    "many nots": metric(f"{'not ' * 110}visits > 1"),
    "a great number": metric(f"visits + {'9' * 400}"),
    "an infinite number": metric("visits + 1e999"),
    "a null byte": metric("visits\\u0000"),
    "a call of Python": metric("__import__('os').system('true')"),
    "an attribute of Python": metric("visits.__class__"),
    "a quantile of the shop as a metric": metric("quantile(customers.visits, 50)"),
    "a count of customers as a metric": metric("count(customers)"),
    "a span that differs by customer": metric("count(trades, within=visits)"),
    "a quantile of single rows": metric("quantile(trades.amount, 50)").replace("metrics", "figures"),
    "a customer's number as a figure": metric("visits").replace("metrics", "figures"),
    "a customer's birthday as a figure": metric("customer.birthday").replace("metrics", "figures"),
    "a wide sentence": metric("visits") + 'say = { zh = "{value:>999999999}", en = "x" }',
    "a peeping sentence": metric("visits") + 'say = { zh = "{value.__class__}", en = "x" }',
    "SQL as a key": '[metrics."x FROM p; DROP TABLE people; --"]\nzh = "a"',
    "SQL as a class": '[[dimensions.activity.classes]]\nkey = "x\' OR 1=1 --"',
    "a formula as a colour": '[[dimensions.activity.classes]]\nkey = "warm"\nzh = "温"\nen = "Warm"\n'
    'rank = 2\ncolor = "=1+1"\nwhen = "visits > 1"',
    "a control character": 'zh = "\\u0001"',
    "no number": "[thresholds.loyal_visits]\nrange = [nan, 3]",
    "a day": "version = 1979-05-27",
    "a path in place of plays": 'plays = "../../secret"',
    "a sheet's name": 'zh = "x"\n[[sheets]]\nkey = "trades"\nzh = "a/b"\nen = "c"',
    "two sheets of a name": '[[sheets]]\nkey = "trades"\nzh = "基本信息"\nen = "Customers"',
    "a column twice": '[[sheets]]\nkey = "trades"\ncolumns = ["date", "date", "nickname", "amount"]',
    "a kind changed": '[tables.customers.columns.phone]\nkind = "money"',
    "a visit of one's own": '[facts.trades]\nmine_opens = "opens(sale, 3)"',
    "a limit named as a metric": '[thresholds.visits]\nzh = "a"\nen = "b"\nunit = "count"\nrange = [1, 2]\n'
    'preset = { all = 1 }\nhelp = { zh = "a", en = "b" }',
    "a column named as a limit": '[tables.customers.columns.loyal_visits]\nzh = "a"\nen = "b"\nkind = "text"',
    "too much room": '[tables.notes]\nzh = "记"\nen = "Notes"\nneeds = ["date"]\nroom = 1000000\n'
    '[tables.notes.columns.date]\nzh = "日期"\nen = "Date"\nkind = "date"',
    "a list without a choice": '[lists.empty_one]\nzh = "a"\nen = "b"',
}


@pytest.mark.parametrize("more", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_used_is_refused_at_once(more: str) -> None:
    assert str(refused(more).params["file"]).startswith("my.toml")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ab12", "template.cell_name"),
        ("r1c1", "template.cell_name"),
        ("xfd1048576", "template.cell_name"),
        ("select", "template.reserved_name"),
        ("lambda", "template.reserved_name"),
        ("trades_from", "template.reserved_name"),
        ("list_x", "template.reserved_name"),
        ("Upper", "template.bad_name"),
        ("名字", "template.bad_name"),
        ("a" * 41, "template.bad_name"),
    ],
)
def test_names_of_formulas_and_queries_are_refused(name: str, key: str) -> None:
    assert refused(metric("visits").replace("mine_too", f'"{name}"')).key == key


def test_the_words_of_the_query_engine_are_all_known() -> None:
    found = duckdb.sql("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'")
    assert {name for (name,) in found.fetchall()} <= SQL_WORDS


def test_a_class_goes_where_it_says_and_a_limit_changes_alone() -> None:
    more = (
        '[[dimensions.activity.classes]]\nkey = "warm"\nzh = "温"\nen = "Warm"\nrank = 2\ncolor = "#112233"\n'
        'when = "visits >= loyal_visits"\n[thresholds.loyal_visits]\npreset = { art = 2 }'
    )
    own = own_from(HEAD + more, "my.toml")
    plain = rulebook()
    with using(own):
        mine = rulebook()
    before, after = ([one.key for one in book.dimensions["activity"].classes] for book in (plain, mine))
    assert after == [*before[:-1], "warm", before[-1]], "before the last, which takes everyone"
    assert mine.thresholds["loyal_visits"].presets == {**plain.thresholds["loyal_visits"].presets, "art": 2}
    assert mine.thresholds["loyal_visits"].labels == plain.thresholds["loyal_visits"].labels


def test_a_whole_blueprint_of_ones_own_needs_no_base() -> None:
    shipped = (ROOT / "templates/blueprints/xianyu.toml").read_text("utf-8")
    mine = shipped.replace('key = "xianyu"', 'key = "copied"\nplays = "xianyu"', 1)
    found = hold(own_from(mine, "my.toml"))
    assert found.sheets == blueprint("xianyu").sheets
    assert found.dimensions == blueprint("xianyu").dimensions


@pytest.mark.parametrize("name", blueprint_names())
@pytest.mark.parametrize("lang", LANGS)
def test_the_beginning_of_a_template_can_be_used(name: str, lang: Lang) -> None:
    done = CliRunner().invoke(main, ["templates", "--start", name, "--lang", lang])
    assert (done.exit_code, done.stdout) == (0, starter(name, lang))
    assert hold(own_from(done.stdout, "my.toml")).sheets == blueprint(name).sheets
    everything = re.sub(r"^#(?! )", "", done.stdout, flags=re.M)
    found = hold(own_from(everything, "my.toml"))
    columns = [one.key for one in found.sheet("customers").columns]
    assert columns[columns.index("nickname") + 1] == "my_mark"


def test_a_line_is_found_in_the_right_entry() -> None:
    play = '[[plays]]\nkey = "a"\n[plays.drafts]\nzh = [\n  "x",\n]\n'
    said = play * 2
    assert line_of(said, "plays[2].drafts.zh") == 10
    assert line_of(said, "plays[1].drafts.zh") == 4
    assert line_of(said, "plays[2].priority") == 7
    assert line_of(said, "metrics") == 0
