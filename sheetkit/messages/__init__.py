"""Every sentence a person reads, in Chinese and English.

The sentences live in ``catalog/*.toml``, one table a key with ``zh`` and ``en``; placeholders are
``{name}``. A key stands in one file only.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@cache
def catalog() -> dict[str, dict[str, str]]:
    """All sentences: {key: {lang: text}}. Raises ValueError where two files define one key."""
    merged: dict[str, dict[str, str]] = {}
    folder = resources.files(__package__) / "catalog"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for key, texts in tomllib.loads(file.read_text("utf-8")).items():
            if key in merged:
                raise ValueError(f"message {key!r} is defined twice; again in {file.name}")
            merged[key] = texts
    return merged


def text(key: str, lang: Lang, **params: object) -> str:
    """The sentence ``key`` in ``lang``, its placeholders filled from ``params``.

    A parameter that is itself in both languages, ``{"zh": …, "en": …}``, is taken in ``lang``.
    """
    chosen = {name: value[lang] if isinstance(value, dict) else value for name, value in params.items()}
    return catalog()[key][lang].format_map(chosen)
