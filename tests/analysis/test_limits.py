"""What shops that can be counted by hand learn of their limits, and whom a suggestion would move."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from sheetkit.analysis.limits import Classing, Limits, Move, learn
from sheetkit.analysis.lines import Lines, deciding
from sheetkit.analysis.measured import Measured
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.findings import Finding
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.learnt import learning, measured_with
from tests.rules.shops import TODAY, Row, shop, trade

RULES = rules_for(blueprint("xianyu")).book
DIMENSIONS = blueprint("xianyu").dimensions
MAIN = RULES.dimensions["customer_class"]
PRESETS = RULES.presets("second_hand")


def came(*days: Sequence[int]) -> list[Row]:
    """A customer for each: how many days ago she came."""
    return [trade(f"c{at}", ago) for at, visits in enumerate(days) for ago in visits]


def classing(trades: Sequence[Row], own: Mapping[str, list[bool]] | None = None) -> Classing:
    made = shop(trades, rules=RULES)

    def anew(limits: Mapping[str, float]) -> Measured:
        return shop(trades, rules=RULES, **limits).measured

    return Classing(RULES, DIMENSIONS, made.measured, made.thresholds, own or {}, anew)


def learnt(trades: Sequence[Row], own: Mapping[str, list[bool]] | None = None) -> Limits:
    return learn(classing(trades, own), PRESETS, TODAY)


# Ten came 40 days apart twice (20 gaps of 10 customers), ten came once more (10 gaps).
TWENTY = [[80, 40, 0]] * 10 + [[80, 40]] * 10


@pytest.mark.parametrize(
    ("visits", "enough"),
    [
        (TWENTY, True),
        (TWENTY[:-1], False),  # 29 gaps of 19
        ([*TWENTY[:-1], [80]], False),  # 29 gaps
        ([*TWENTY[:-2], [80, 40, 0]], False),  # 30 gaps of 19 customers
    ],
)
def test_too_little_to_learn_from(visits: list[list[int]], enough: bool) -> None:
    found = learnt(came(*visits))
    assert found.enough is enough
    assert bool(found.suggestions) is enough


def test_suggestions_worked_by_hand() -> None:
    """Nobody ever took other than 40 days; domain.md: 0.5 to 2 times the preset, in whole days."""
    found = {one.key: one for one in learnt(came(*[[80, 40, 0]] * 20)).suggestions}
    assert {key: one.learnt for key, one in found.items()} == {
        "new_window": 40, "active_window": 40, "active_span": 80, "sleeping_window": 40,
        "loyal_window": 40, "potential_window": 40, "lost_window": 40,
    }  # fmt: skip
    assert {key: one.suggestion for key, one in found.items()} == {
        "new_window": 40,  # 60 is the default: 30 to 120
        "active_window": 45,  # half of 90
        "active_span": 90,  # half of 180
        "sleeping_window": 45,
        "loyal_window": 182,  # half of 365, rounded to even
        "potential_window": 182,
        "lost_window": 182,
    }


def test_a_history_too_short_for_what_it_says() -> None:
    short = learnt(came(*[[79, 40, 0]] * 20))  # gaps of 39 and 40 in 79 days, which is less than 2 x 40
    assert [one.suggestion for one in short.suggestions] == [None] * 7
    assert short.suggestions[0].learnt == 39


def test_what_the_curve_does_not_reach_is_not_suggested() -> None:
    """30 gaps, 30 who wait since then, 60 who never came back: a quarter of 120, so half is never reached."""
    found = learnt(came(*[[400, 360]] * 30, *[[400]] * 60))
    assert {one.learnt for one in found.suggestions} == {None}
    assert {one.suggestion for one in found.suggestions} == {None}
    # of the thirty who did, all took 40 days
    assert {one.of_returners for one in found.suggestions} == {40, 80}
    assert found.curve.back_by(400) == pytest.approx(1 / 4)


# 120 gaps of 100 days, 40 of 150, and 50 who wait: of 210 or so, 120 are back after 100 days, which is half
# and more; the default for new is 60.
SLOW = [[600, 500, 400, 300, 200]] * 30 + [[500, 350, 200]] * 20
LATE = [[70], [90], [110]]
"""Came once: she of 70 and she of 90 days ago would be new again, not she of 110."""


def test_who_would_move() -> None:
    found = learnt(came(*SLOW, *LATE))
    new = next(one for one in found.suggestions if one.key == "new_window")
    assert (new.learnt, new.suggestion) == (100, 100)
    assert new.moves is not None
    assert new.moves.customers == 2
    assert sum(one.count for one in new.moves.moves) == 2
    assert {one.after for one in new.moves.moves} == {"new"}


def test_who_was_put_into_a_class_by_hand_stays() -> None:
    trades = came(*SLOW, *LATE)
    by_hand = [False] * 53
    by_hand[50] = True
    found = learnt(trades, {"customer_class": by_hand})
    new = next(one for one in found.suggestions if one.key == "new_window")
    assert new.moves is not None
    assert new.moves.customers == 1


def test_counting_moves_is_measuring_anew() -> None:
    """Whichever way the moves are counted, they are those of the whole book measured under the new limit."""
    draw = random.Random(4)
    trades = came(*[[draw.randrange(700) for _ in range(draw.randrange(1, 6))] for _ in range(150)])
    limit = classing(trades)
    for key in (one.key for one in learning().lessons if one.key in RULES.thresholds):
        found = limit.moves(key, 100)
        assert found is not None
        then = shop(trades, rules=RULES, **{key: 100}).measured.customers
        pairs = [
            (name, one, two)
            for name in DIMENSIONS
            for one, two in zip(limit.measured.customers[name], then[name], strict=True)
            if one != two
        ]
        assert set(found.moves) == {Move(*pair, pairs.count(pair)) for pair in pairs}, key
        assert found.moves, key


def test_only_the_span_asks_for_measuring_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {
        key
        for key in (one.key for one in learning().lessons)
        if any(key in measured_with(RULES, name) for name in DIMENSIONS)
    } == {"active_span"}
    monkeypatch.setattr("sheetkit.analysis.limits.MANY_TRADES", 10)
    assert classing(came(*SLOW)).moves("active_span", 90) is None
    assert classing(came(*SLOW)).moves("active_window", 90) is not None


@pytest.mark.parametrize("lang", LANGS)
def test_a_class_nearly_everybody_is_in(lang: Lang) -> None:
    """Of 43, 42 bought once long ago: the lines that decide who is no longer quiet are named."""
    trades = came(*[[500]] * 42, [10])
    (said,) = lines(trades, lang)
    assert (said.code, said.params["share"]) == ("class_too_large", "98%")
    assert said.params["label"] == MAIN.cls("quiet").labels[lang]
    named = [RULES.thresholds[key].labels[lang] for key in deciding(MAIN, MAIN.cls("quiet"))]
    assert sum(one in str(said.params["settings"]) for one in named) == 4


def test_nobody_loyal_names_what_makes_one_loyal() -> None:
    """100 gaps of 100 days, 100 who wait for 500: half are back after 100 days, and 95 % never."""
    said = {one.code: one.sentence("zh") for one in lines(came(*[[600, 500]] * 100), "zh")}
    assert "「忠诚客户:至少成交几次」(现在 3)" in said["nobody_loyal"]
    assert "「忠诚客户:最近成交在几天内」(现在 365)" in said["nobody_loyal"]
    assert "「新客户:最近成交在几天内」(现在 60,从本店回购看是 100)" in said["class_too_large"]


def lines(trades: Sequence[Row], lang: Lang) -> list[Finding]:
    limit = classing(trades)
    own = learn(limit, PRESETS, TODAY)
    made = limit.measured
    classes, buyers = made.customers["customer_class"], made.figures["buyers"]
    return list(Lines(RULES, limit.thresholds, own, lang).findings(MAIN, classes, int(buyers or 0)))
