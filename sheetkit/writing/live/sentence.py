"""Sentences that a formula says: a text of the catalogue whose gaps are filled by cells, and what it says
now."""

from __future__ import annotations

import math
import string
from typing import NamedTuple

from sheetkit.messages import Lang, catalog
from sheetkit.model.currencies import now
from sheetkit.writing.live.cached import Value
from sheetkit.writing.settings import CURRENCY_SIGN

MAX_LITERAL = 255
"""Characters of a text inside a formula."""


class Said(NamedTuple):
    """A formula without its ``=``, and the value it has now."""

    formula: str
    value: Value

    @property
    def number(self) -> float:
        """The value now; 0 where there is none."""
        return self.value if isinstance(self.value, int | float) else 0.0


def literal(text: str) -> str:
    """A text as formulas write it."""
    if len(text) > MAX_LITERAL:
        raise ValueError(f"a text in a formula has {MAX_LITERAL} characters at most: {text[:40]!r}")
    return '"' + text.replace('"', '""') + '"'


def sentence(key: str, lang: Lang, **parts: Said) -> Said:
    """The sentence ``key`` of the catalogue, each gap a formula."""
    formulas, shown = [], ""
    for before, gap, _, _ in string.Formatter().parse(catalog()[key][lang]):
        if before:
            formulas.append(literal(before))
            shown += before
        if gap is not None:
            formulas.append(parts[gap].formula)
            shown += str(parts[gap].value)
    return Said("&".join(formulas), shown)


def choose(condition: Said, then: Said, otherwise: Said) -> Said:
    """``then`` where the condition holds."""
    return Said(
        f"IF({condition.formula},{then.formula},{otherwise.formula})",
        (then if condition.value else otherwise).value,
    )


def count(one: Said) -> Said:
    """A number in words: whole, its thousands apart."""
    return Said(f'TEXT({one.formula},"#,##0")', f"{_whole(one.number):,}")


def money(one: Said) -> Said:
    """An amount in whole units, with the sign of the currency that is set by now."""
    return with_sign(count(one))


def with_sign(shown: Said) -> Said:
    """The sign of the currency before what is shown."""
    sign = currency_sign()
    return Said(f"{sign.formula}&{shown.formula}", f"{sign.value}{shown.value}")


def currency_sign() -> Said:
    """The sign of the shop's currency, from the settings sheet."""
    return Said(CURRENCY_SIGN, now().sign)


def share(one: Said) -> Said:
    """A share as a percentage; what is there and rounds to nothing stays visible."""
    shown = "<1%" if 0 < one.number < 0.005 else f"{_whole(one.number * 100)}%"
    tiny = f"({one.formula}>0)*({one.formula}<0.005)"
    return Said(f'IF({tiny},"<1%",TEXT({one.formula},"0%"))', shown)


def _whole(value: float) -> int:
    """As a spreadsheet rounds: halves away from zero, on fifteen digits."""
    return int(math.copysign(math.floor(float(f"{abs(value):.15g}") + 0.5), value))
