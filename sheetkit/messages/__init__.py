"""Every sentence a person reads, in Chinese and English.

The sentences live in ``catalog/*.toml``, one table a key with ``zh`` and ``en``; placeholders are
``{name}``. A key stands in one file only. The file named like a key's first word is looked in before all
others are read: a help text costs ``cli.toml`` alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_FOLDER = Path(__file__).parent / "catalog"


@cache
def _read(name: str) -> dict[str, dict[str, str]]:
    """The sentences of one file; none where there is no such file."""
    file = _FOLDER / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


@cache
def catalog() -> dict[str, dict[str, str]]:
    """All sentences: {key: {lang: text}}. Raises ValueError where two files define one key."""
    merged: dict[str, dict[str, str]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        for key, texts in _read(file.stem).items():
            if key in merged:
                raise ValueError(f"message {key!r} is defined twice; again in {file.name}")
            merged[key] = texts
    return merged


def listed(words: Iterable[str]) -> dict[str, str]:
    """Words one after the other, as a parameter of a sentence in either language.

    >>> listed(["甲", "乙"])
    {'zh': '甲、乙', 'en': '甲, 乙'}
    """
    known = list(words)
    return {"zh": "、".join(known), "en": ", ".join(known)}


def text(key: str, lang: Lang, **params: object) -> str:
    """The sentence ``key`` in ``lang``, its placeholders filled from ``params`` as by ``filled``.

    A parameter that is itself in both languages, ``{"zh": …, "en": …}``, is taken in ``lang``.
    """
    chosen = {name: value[lang] if isinstance(value, dict) else value for name, value in params.items()}
    said = _read(key.partition(".")[0]).get(key) or catalog()[key]
    return filled(said[lang], chosen)


def filled(sentence: str, params: Mapping[str, object]) -> str:
    """The sentence with its placeholders filled; ``{n:visit|visits}`` is the first word where n is 1.

    >>> filled("{n} {n:visit|visits}", {"n": 1}), filled("{n} {n:visit|visits}", {"n": "1,200"})
    ('1 visit', '1,200 visits')
    """
    return sentence.format_map({name: _Param(value) for name, value in params.items()})


class _Param:
    def __init__(self, value: object) -> None:
        self.value = value

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return repr(self.value)

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return format(self.value, spec)
        return one if str(self.value) == "1" else many
