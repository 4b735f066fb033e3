"""Text in both languages, and the one way a label is compared with another."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sheetkit.messages import LANGS, Lang

NAME_LENGTH = 120
"""Characters of a name that count: MATCH refuses patterns beyond 255, and escaping doubles a name."""
_SPACES = re.compile(r"\s+")
_FOLDED_BUT_CASE = re.compile(r"[!-~\u4e00-\u9fff]+(?: [!-~\u4e00-\u9fff]+)*")
"""Latin and Chinese characters with single spaces between, as nearly every name is: only case may differ."""


@dataclass(frozen=True)
class Labels:
    """One text in every language."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def all(self) -> tuple[str, ...]:
        """The text in each language."""
        return tuple(self[lang] for lang in LANGS)


def fold(text: str) -> str:
    """A text as identity sees it: NFKC, trimmed, inner white space folded, zero-width gone, case folded."""
    if _FOLDED_BUT_CASE.fullmatch(text):
        return text.casefold()
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(ch for ch in plain if unicodedata.category(ch) != "Cf")
    return _SPACES.sub(" ", plain).strip().casefold()
