"""Names that are the same but for how they are typed: width, traditional characters, notes and emoji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_BRACKETED = re.compile(r"[(\[{【〔「『<《]([^()\[\]{}【】〔〕「」『』<>《》]*)[)\]}】〕」』>》]")
_STATES = re.compile(
    "(?:老客户|新客户|回头客|老顾客|新顾客|熟客|老客|vip|svip|会员|微信|闲鱼|咸鱼|淘宝|已加)+[0-9]*"
)
"""What a seller writes behind a name about her standing, which is no part of it."""
_STATE_AT_END = re.compile(f"{_STATES.pattern}$")
_GENERIC = re.compile(
    "(?:匿名|微信|淘宝|天猫|闲鱼|咸鱼|抖音|快手|拼多多|小红书|京东|新|老)*"
    "(?:匿名|用户|买家|卖家|会员|顾客|客户|客人|网友|游客|散客|粉丝|亲|朋友|路人|未知|无名|无名氏|待补|不详)[a-z0-9]*"
    "|(?:guest|anonymous|customer|buyer|unknown|user|test|noname|wechatuser|ebayuser|member|null|none)[0-9]*"
)
_EMOJI = ("So", "Sk", "Sm")


@dataclass(frozen=True)
class Likeness:
    """``core``: what is left of a name without width, script, notes, signs and emoji; "" where the name
    tells nobody apart. ``note``: what stands in brackets or as emoji beside it."""

    core: str
    note: str

    @property
    def is_short(self) -> bool:
        """Whether so few characters that many people are called so."""
        return len(self.core) <= (4 if self.core.isascii() else 2)


def likenesses(names: Iterable[str]) -> dict[str, Likeness]:
    """{name: what it is like}."""
    typed = list(dict.fromkeys(names))
    return dict(zip(typed, map(_likeness, simplified(typed)), strict=True))


def simplified(texts: list[str]) -> list[str]:
    """Each text by NFKC, in simplified characters and lower case.

    What GB 2312 can hold is simplified already; the rest goes through OpenCC's table in one call.
    """
    plain = [unicodedata.normalize("NFKC", one).replace("\n", " ").casefold() for one in texts]
    other = [at for at, one in enumerate(plain) if not _is_simple(one)]
    if other:
        converted = _converter().convert("\n".join(plain[at] for at in other)).split("\n")
        for at, one in zip(other, converted, strict=True):
            plain[at] = one
    return plain


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # wanted by few books, and its table takes a moment to load

    return OpenCC("t2s")


def _is_simple(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _likeness(plain: str) -> Likeness:
    if plain.isalnum():
        return _by_core(plain, "")
    if "*" in plain:
        return Likeness("", "")
    notes = [kept for one in _BRACKETED.findall(plain) if (kept := _letters(_STATES.sub("", one)))]
    signs = {ch for ch in plain if unicodedata.category(ch) in _EMOJI}
    core = _letters(_BRACKETED.sub(" ", plain)) or _letters(plain)
    return _by_core(core, "".join([*notes, *sorted(signs)]))


def _by_core(core: str, note: str) -> Likeness:
    core = _without_state(core)
    tells = len(core) > 1 and not _GENERIC.fullmatch(core)
    return Likeness(core, note) if tells else Likeness("", "")


def _without_state(core: str) -> str:
    found = _STATE_AT_END.search(core)
    return core[: found.start()] if found and found.start() >= 2 else core


def _letters(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def one_less(core: str) -> set[str]:
    """The names that are this one with a character left out, where it is long enough to tell people apart.

    A digit is never left out: numbers at the end of a name are there to tell people apart.
    """
    if len(core) < (8 if core.isascii() else 5):
        return set()
    return {core[:at] + core[at + 1 :] for at, ch in enumerate(core) if not ch.isdecimal()}
