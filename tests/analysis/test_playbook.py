"""The playbook as shipped, what its reader refuses, and the words that must not be said."""

from __future__ import annotations

import re
import tomllib

import pytest

from sheetkit.analysis.lint import forbidden, lint
from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, catalog
from sheetkit.model.blueprint import blueprint
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, templates_folder
from sheetkit.rules import playbook as module
from sheetkit.rules.playbook import GAP, playbook
from sheetkit.rules.rulebook import rulebook

PLAYS = playbook(blueprint("xianyu", ("cases",))).plays
DRAFTS = [
    pytest.param(lang, draft, id=f"{play.key}-{lang}-{at}")
    for play in PLAYS
    for lang in LANGS
    for at, draft in enumerate(play.drafts[lang])
]
FILES = ("plays/common.toml", "plays/xianyu.toml")
CHINESE = re.compile("[\u3400-\u9fff]")


@pytest.mark.parametrize(("lang", "draft"), DRAFTS)
def test_a_draft_holds_no_forbidden_word(lang: str, draft: str) -> None:
    for kind in lists()["shop_kind"].meanings:
        assert lint(draft, playbook(blueprint("xianyu")).platform, kind) == []


@pytest.mark.parametrize(("lang", "draft"), DRAFTS)
def test_a_draft_is_in_its_language_and_fits_a_chat(lang: str, draft: str) -> None:
    assert bool(CHINESE.search(GAP.sub("", draft))) == (lang == "zh")
    assert lang == "en" or not re.search("[,?;:!]", draft)
    assert len(draft) <= (60 if lang == "zh" else 140)


def test_no_draft_stands_twice() -> None:
    drafts = [case.values[1] for case in DRAFTS]
    assert len(drafts) == len(set(drafts)) > 100


def test_every_class_has_a_play_and_problems_are_never_sold_to() -> None:
    classes = {one.key for one in rulebook().dimensions["customer_class"].classes}
    assert {key for play in PLAYS for key in play.classes.get("customer_class", ())} == classes
    selling = [play for play in PLAYS if play.purpose == "sell"]
    assert [one.key for one in selling if "problem" in one.classes.get("customer_class", ())] == []


def test_only_what_is_owed_reaches_over_silence() -> None:
    reaching = {play.key: play.reach for play in PLAYS if play.reach in ("silence", "all")}
    assert reaching == {
        "after_sale_open": "all",
        "after_sale_guarded": "all",
        "case_late": "all",
        "promise_late": "silence",
        "promise_due": "silence",
    }


MISTAKES = [
    ('when = "risky == 0"', 'when = "riskyy == 0"', "plays[1].when"),
    ('when = "risky == 0"', 'when = "risky"', "plays[1].when"),
    ('when = "risky == 0"', 'when = "spend >= high_line"', "plays[1].when"),
    ('when = "risky == 0"', 'when = "count(trades) > 1"', "plays[1].when"),
    ('each = "case_waiting"', 'each = "case_opened"', "plays[1].each"),
    ('rows = ["contacts", "wishes"]', 'rows = ["contacts", "wishs"]', "rows"),
    ("each = \"state == 'open' and today - day > 7\"", 'each = "visit"', "plays[7].each"),
    ('class = ["loyal"]', 'class = ["loyall"]', "class"),
    ('purpose = "guard"', 'purpose = "gard"', "purpose"),
    ('channel = "desk"', 'channel = "dsk"', "channel"),
    ('again = "quarter"', 'again = "weekly"', "again"),
    ("priority = 1", "priority = 0", "priority"),
    ('key = "promise_due"', 'key = "promise_late"', "key"),
    ("〔item〕这件事我来负责", "〔thing〕这件事我来负责", "drafts.zh"),
    ("{date} 的售后/投诉", "{datum} 的售后/投诉", "why"),
    ('"在的，付款后按顺序发，没付款的先不留。",', "", "drafts.zh"),
    ('platform = "xianyu"', 'plattform = "xianyu"', "platform"),
]


@pytest.mark.parametrize(("right", "wrong", "where"), MISTAKES)
def test_a_mistake_is_answered_with_its_place(
    right: str, wrong: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {name: (templates_folder() / name).read_text("utf-8") for name in FILES}
    spoiled = next(name for name, source in sources.items() if right in source)
    sources[spoiled] = sources[spoiled].replace(right, wrong, 1)
    monkeypatch.setattr(module, "read", lambda name: Node(name, "", tomllib.loads(sources[name])))
    playbook.cache_clear()
    try:
        with pytest.raises(TemplateError) as caught:
            playbook(blueprint("xianyu"))
    finally:
        playbook.cache_clear()
    assert caught.value.params["file"] == spoiled
    assert where in str(caught.value.params["where"])
    for lang in LANGS:
        assert catalog()[caught.value.key][lang].format_map(caught.value.params)


@pytest.mark.parametrize("rule", forbidden(), ids=[rule.key for rule in forbidden()])
def test_every_listed_word_trips_where_it_is_listed(rule: object) -> None:
    assert rule in forbidden()
    for where in rule.where:  # type: ignore[attr-defined]
        for word in rule.words:  # type: ignore[attr-defined]
            for said in (f"您好,{word}。", f"well, {word.upper()}!"):
                found = {(one.rule, one.word) for one in lint(said, where, where)}
                assert (rule.key, word) in found  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "channel", "kind", "words"),
    [
        ("加我微信", "xianyu", "", {"加我", "微信"}),
        ("加我微信", "wechat", "", set()),
        ("微 信聊", "taobao", "", {"微信"}),
        ("微.信聊", "taobao", "", {"微信"}),
        ("ＶＸ聊", "xianyu", "", {"VX"}),
        ("请再加一件,我发您", "xianyu", "", set()),
        ("全新未拆", "xianyu", "", {"全新"}),
        ("全新未拆", "taobao", "clothing", set()),
        ("全新未拆", "taobao", "second_hand", {"全新"}),
        ("这个能治失眠", "taobao", "food", {"能治"}),
        ("这个能治失眠", "taobao", "clothing", set()),
        ("On sale now", "sms", "", {"sale"}),
        ("A salesman came", "sms", "", set()),
        ("the Equator", "xianyu", "", set()),
        ("好评返现五元", "wechat", "", {"好评返现", "返现"}),
        ("", "xianyu", "", set()),
    ],
)
def test_lint(said: str, channel: str, kind: str, words: set[str]) -> None:
    assert {trip.word for trip in lint(said, channel, kind)} == words
