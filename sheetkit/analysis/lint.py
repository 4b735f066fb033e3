"""Words no message may hold, per channel, from ``templates/forbidden.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sheetkit.errors import TemplateError
from sheetkit.model.labels import Labels, fold
from sheetkit.model.lines import line_of
from sheetkit.model.overlay import Own
from sheetkit.model.source import own_node, read
from sheetkit.rules.playbook import Playbook

_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])[\s.·・_*~|/\\-]+(?=[\u3400-\u9fff])")
"""What is put between two Chinese characters to hide a word."""


@dataclass(frozen=True)
class Rule:
    """One reason not to send a text. ``where``: "all", channels and kinds of shop."""

    key: str
    labels: Labels
    where: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Trip:
    """A word that trips: the rule's key, the word as listed, and why not (in both languages)."""

    rule: str
    word: str
    why: Labels


@cache
def forbidden() -> tuple[Rule, ...]:
    """Every rule. Raises TemplateError for a mistake in the file."""
    rules = []
    for key, node in read("forbidden.toml").children():
        rules.append(Rule(key, node.labels(), node.texts("where"), node.texts("words")))
        node.done()
    return tuple(rules)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """A word as it trips: Latin letters at its ends must not go on (no «sale» in «salesman»)."""
    plain = fold(word)
    start = r"(?<![a-z0-9])" if plain[0].isascii() else ""
    end = r"(?![a-z0-9])" if plain[-1].isascii() else ""
    return re.compile(start + re.escape(plain) + end)


def lint(text: str, channel: str, shop_kind: str = "") -> list[Trip]:
    """What in a text must not be said on a channel (xianyu, taobao, wechat, sms, phone) by a kind of shop.

    >>> [trip.word for trip in lint("加我微 信,更便宜", "xianyu")]
    ['微信', '加我', '更便宜']
    >>> lint("加我微信", "wechat")
    []
    """
    plain = fold(text)
    closed = _BETWEEN.sub("", plain)
    return [
        Trip(rule.key, word, rule.labels)
        for rule in forbidden()
        if {"all", channel, shop_kind} & {*rule.where}
        for word in rule.words
        if (pattern := _pattern(word)).search(plain) or pattern.search(closed)
    ]


def hold_words(own: Own, plays: Playbook, shop_kind: str) -> None:
    """Raises TemplateError for a draft of the seller's own template that holds such a word."""
    keys = [item.text("key") for item in own_node(own).items("plays")] if _has_plays(own) else []
    for play in (one for one in plays.plays if one.key in keys):
        for lang, texts in play.drafts.items():
            for trip in (trip for draft in texts for trip in lint(draft, plays.platform, shop_kind)):
                where = f"plays[{keys.index(play.key) + 1}].drafts.{lang}"
                raise TemplateError(
                    "template.forbidden_word",
                    file=f"{own.file}:{line_of(own.text, where)}",
                    where=where,
                    word=trip.word,
                    platform=plays.platform,
                    why={"zh": trip.why.zh, "en": trip.why.en},
                )


def _has_plays(own: Own) -> bool:
    return not isinstance(own.data.get("plays", ""), str)
