"""What notes say went wrong, by the words of ``templates/needs.toml``: hints, with the words that were found.

A word counts unless a "not" stands close before it or its clause asks or supposes. Text is read a clause at
a time, so that neither reaches beyond a comma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sheetkit.model.labels import Labels, fold
from sheetkit.model.source import Node, read

_CLAUSE = re.compile(r"[,;.!?、。…\n]|但是?|不过|可是|\bbut\b|\bthough\b")
"""Where a clause ends; texts are folded, so that full-width marks are the plain ones."""
_WORDS_BETWEEN = 3
_SIGNS_BETWEEN = 4
_SIGNS_DENIED, _WORDS_DENIED = 3, 2
"""So many characters, or English words, may stand between a "not" and what it denies."""


@dataclass(frozen=True)
class Tag:
    """One kind of complaint and the patterns of its words."""

    key: str
    labels: Labels
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Dictionary:
    """Every tag, and what keeps a word from counting."""

    tags: tuple[Tag, ...]
    denied: re.Pattern[str]
    no_denial: re.Pattern[str]
    unsure: re.Pattern[str]

    def found(self, said: str) -> dict[str, tuple[str, ...]]:
        """{tag: the words of it that count}, in the order of the text; of words within others only the
        longest."""
        words: dict[str, list[str]] = {}
        for clause in _CLAUSE.split(fold(said)):
            if clause.strip() and not self.unsure.search(clause):
                hits = self._hits(clause)
                for span, tag in sorted(hits.items()):
                    if not any(span != one and one[0] <= span[0] and span[1] <= one[1] for one in hits):
                        words.setdefault(tag, []).append(clause[slice(*span)])
        return {key: tuple(dict.fromkeys(some)) for key, some in words.items()}

    def _hits(self, clause: str) -> dict[tuple[int, int], str]:
        """{start and end: tag} of every word in a clause that nothing denies."""
        return {
            one.span(): tag.key
            for tag in self.tags
            for pattern in tag.patterns
            for one in pattern.finditer(clause)
            if not self.denied.search(self.no_denial.sub("\x00", clause[: one.start()]))
        }


@cache
def dictionary() -> Dictionary:
    """The words of ``needs.toml``. Raises TemplateError for a mistake in the file."""
    node = read("needs.toml")
    guards = node.child("guards")
    nots, no_nots, unsure = (tuple(map(fold, guards.texts(key))) for key in ("not", "no_not", "unsure"))
    signs = "|".join(re.escape(one) for one in nots if not one.isascii())
    words = "|".join(re.escape(one) for one in nots if one.isascii())
    denied = rf"(?:{signs})[^\x00]{{0,{_SIGNS_DENIED}}}$|\b(?:{words})(?:\s+[\w']+){{0,{_WORDS_DENIED}}}\s+$"
    tags = tuple(_tag(key, child, signs, words) for key, child in node.children("tags"))
    for part in (node, guards):
        part.done()
    return Dictionary(tags, re.compile(denied), _any(no_nots), _any(unsure))


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, English ones as whole words."""
    whole = (rf"\b{re.escape(one)}\b" if one.isascii() else re.escape(one) for one in words)
    return re.compile("|".join(whole))


def _tag(key: str, node: Node, signs: str, words: str) -> Tag:
    found = Tag(key, node.labels(), tuple(_pattern(fold(one), signs, words) for one in node.texts("words")))
    node.done()
    return found


def _pattern(word: str, signs: str, words: str) -> re.Pattern[str]:
    """A word of the file as it is found in folded text."""
    if word.isascii():
        between = rf"\b(?:\s+(?!(?:{words})\b)[\w']+){{0,{_WORDS_BETWEEN}}}\s+"
        parts = between.join(re.escape(part.strip()) for part in word.split("~")).replace(r"\*", r"\w*")
        return re.compile(rf"\b{parts}\b")
    between = rf"(?:(?!{signs}).){{0,{_SIGNS_BETWEEN}}}"
    return re.compile(between.join(map(re.escape, word.split("~"))))
