"""One definition, three readings: what LibreOffice computes from formulas is what the query says, by cell."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sheetkit.messages import LANGS
from sheetkit.model.blueprint import blueprint
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.tree import Expr, Figure, Metric, walk
from sheetkit.writing.live.layout import FIRST_ROW, Capacity
from sheetkit.writing.sample import sample
from tests.langs import is_proof, with_proof
from tests.live.books import (
    AS_OF,
    Case,
    Columns,
    Query,
    answers,
    cached,
    helper_sheet,
    query,
    recalculated,
)
from tests.live.hostile import crowd, damaged, every_sheet, wild

SAMPLES = [
    Case(f"sample-{lang}", sample("xianyu", lang, AS_OF).rows, lang, Capacity(100, 200, 80)) for lang in LANGS
]
DAMAGED, PLACES = damaged(SAMPLES[0])
LIMITS = {
    "visit_merge_days": 0,
    "loyal_visits": 2,
    "new_window": 30.5,
    "active_visits": 1,
    "wish_expiry": "60",
}
CASES = [
    *SAMPLES,
    DAMAGED,
    crowd(),
    wild("second_hand", "zh", 1, LIMITS),
    wild("clothing", "en", 2, {"visit_merge_days": 30, "bad_share_max": 0, "high_percentile": 99}),
    wild("art", "zh", 3, {}),
    every_sheet("second_hand", "zh", 4),
    every_sheet("clothing", "en", 5),
]


@dataclass
class Read:
    """One workbook: as written (where nothing was typed later), as queried, as LibreOffice computes it."""

    case: Case
    written: Columns
    query: Query
    computed: Columns
    answers: tuple[list[tuple[int, object]], list[tuple[int, object]]]
    """Beside the trades, as written and as computed."""


def read_all(cases: list[Case], folder: Path) -> dict[str, Read]:
    books = {case.name: case.workbook() for case in cases}
    done = recalculated(books, folder)
    return {
        case.name: Read(
            case,
            {} if case.changed else helper_sheet(books[case.name], case.lang),
            query(case, books[case.name]),
            helper_sheet(done[case.name], case.lang),
            (answers(books[case.name], case.lang), answers(done[case.name], case.lang)),
        )
        for case in cases
    }


LATER = {SAMPLES[1].name, CASES[4].name, CASES[6].name, CASES[-1].name}


@pytest.fixture(scope="module")
def reads(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    cases = [case for case in CASES if case.name not in LATER or is_proof(request)]
    return read_all(cases, tmp_path_factory.mktemp("recalculated"))


each = pytest.mark.parametrize("name", with_proof([case.name for case in CASES], LATER))
untouched = pytest.mark.parametrize(
    "name", with_proof([case.name for case in CASES if not case.changed], LATER)
)


@each
def test_every_customer_metric_and_class(reads: dict[str, Read], name: str) -> None:
    assert list(customer_differences(reads[name])) == []


@each
def test_every_figure_of_the_shop(reads: dict[str, Read], name: str) -> None:
    assert list(figure_differences(reads[name])) == []


@each
def test_every_value_that_would_be_cached(reads: dict[str, Read], name: str) -> None:
    read = reads[name]
    assert list(differences(cached(read.case, read.query.typed), read.computed)) == []


@untouched
def test_every_value_that_is_cached(reads: dict[str, Read], name: str) -> None:
    read = reads[name]
    assert read.written.keys() == read.computed.keys()
    assert list(differences(read.written, read.computed)) == []


@untouched
def test_every_answer_beside_a_trade(reads: dict[str, Read], name: str) -> None:
    written, computed = reads[name].answers
    assert computed == written
    assert len({said for _, said in written}) > 3


def test_the_crowd_is_scored_by_its_own_quintiles(reads: dict[str, Read]) -> None:
    figures = reads["crowd"].query.measured.figures
    for score in "rfm":
        for at in range(1, 5):
            assert figures[f"{score}_cut_{at}"] == figures[f"{score}_quintile_{at}"] is not None
    scores = reads["crowd"].computed["people", "f_score"][:130]
    assert Counter(scores) == {1: 26, 2: 26, 3: 26, 4: 26, 5: 26}


def test_a_result_picked_on_the_first_sheet_closes_its_row(reads: dict[str, Read]) -> None:
    closed = lists()["case_status"].code("closed")
    for case, read in ((one.case, one) for one in reads.values() if one.case.picked):
        for table in ("contacts", "cases", "wishes"):
            last = len(case.rows[table]) - 1
            assert read.computed[f"{table}_in", "status"][last] == closed
            assert read.query.typed.book.tables[table].column("status")[-1] == closed
            assert "status" not in case.rows[table][last], "the seller had left it open"


def test_one_bad_cell_changes_no_other_customer(reads: dict[str, Read]) -> None:
    sound, bad = reads["sample-zh"], reads["damaged"]
    identity = sound.query.typed.identity
    lines = sound.query.typed.book.tables
    hit = set()
    for table, at in PLACES:
        number = identity.number[table][lines[table].row.index(at + 2)]
        hit |= {identity.names[number - 1]} if number else set()
    assert len(hit) > 18, "the damage must be spread over many customers"
    rules = rules_for(blueprint("xianyu")).book
    own = [key for key, one in rules.metrics.items() if not speaks_of_the_shop(one.expr)]
    assert len(own) > 30
    before, after = (of_each(read, own) for read in (sound, bad))
    others = set(before) - hit
    assert len(others) > 60
    assert {name: after.get(name) for name in others} == {name: before[name] for name in others}
    untouched = {name for name in hit if after.get(name) == before[name]}
    assert len(untouched) < len(hit) / 2, "most of the damage must be felt by the customer herself"
    query = {name: values for name, values in queried(bad, own).items() if name in others}
    assert query == {name: values for name, values in queried(sound, own).items() if name in others}


def speaks_of_the_shop(expr: Expr) -> bool:
    """Whether a metric depends on a figure of the whole shop, which every customer's cells may move."""
    metrics = rules_for(blueprint("xianyu")).book.metrics
    return any(
        isinstance(one, Figure) or (isinstance(one, Metric) and speaks_of_the_shop(metrics[one.key].expr))
        for one in walk(expr)
    )


def of_each(read: Read, keys: list[str]) -> dict[str, list[object]]:
    """{name: her metrics} as LibreOffice computes them."""
    columns = (read.computed["people", key] for key in ("name", *keys))
    return {str(name): values for name, *values in zip(*columns, strict=True) if name != ""}


def queried(read: Read, keys: list[str]) -> dict[str, list[object]]:
    """{name: her metrics} as the query says."""
    columns = (read.query.measured.customers[key] for key in keys)
    return dict(zip(read.query.typed.identity.names, map(list, zip(*columns, strict=True)), strict=True))


def customer_differences(read: Read) -> Iterator[str]:
    """Every customer, metric and class (automatic and in force) on which the two disagree."""
    rules, lang = read.case.rules, read.case.lang
    measured, names = read.query.measured.customers, read.query.typed.identity.names
    room = read.case.capacity.customers
    if len(names) > room:
        yield f"{len(names)} customers in a workbook for {room}"
        return
    expected: dict[str, list[object]] = {"name": list(names), **{key: measured[key] for key in rules.metrics}}
    for key, dimension in rules.dimensions.items():
        label = {one.key: one.labels[lang] for one in dimension.classes}
        expected[f"auto_{key}"] = [label[one] for one in measured[key]]
        expected[key] = [label[one] for one in (read.query.effective if dimension.manual else measured[key])]
    for key, values in expected.items():
        computed = read.computed["people", key][:room]
        shown = ["" if one is None else one for one in values] + [""] * (room - len(values))
        for at, (one, two) in enumerate(zip(shown, computed, strict=True)):
            if not same(one, two):
                name = names[at] if at < len(names) else None
                yield f"{key} of customer {at + 1} {name!r}: query {one!r}, formula {two!r}"


def figure_differences(read: Read) -> Iterator[str]:
    """Every figure of the shop on which the two disagree."""
    figures = read.query.measured.figures
    keys, values = (read.computed["figures", key][: len(figures)] for key in ("key", "value"))
    if set(keys) != set(figures):
        yield f"figures {keys}"
    for key, computed in zip(keys, values, strict=True):
        said = figures.get(str(key))
        if not same("" if said is None else said, computed):
            yield f"{key} : query {said!r}, formula {computed!r}"


def differences(cells: Columns, computed: Columns) -> Iterator[str]:
    """Every helper cell whose value is not the computed one."""
    for (block, key), values in cells.items():
        column = computed[block, key]
        shown = [*values, *[""] * (len(column) - len(values))]
        for at, (one, two) in enumerate(zip(shown, column, strict=True)):
            if not same(one, two):
                yield f"{block}.{key} in row {at + FIRST_ROW}: cached {one!r}, formula {two!r}"


def same(one: object, two: object) -> bool:
    """Whether two values of cells are one: numbers to the last digits that a file keeps, all else exactly."""
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, int | float) and isinstance(two, int | float):
        return math.isclose(one, two, rel_tol=1e-14, abs_tol=1e-14)
    return one == two
