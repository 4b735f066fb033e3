"""The currency of a shop: which there are, which one is in force, and how sums are shown in it.

Sums are integer hundredths whatever the currency. ``counted_in(code)`` puts one in force for the code below
it (in this thread only), so that whatever shows a sum asks ``now()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from sheetkit.messages import Lang
from sheetkit.model.labels import Labels
from sheetkit.model.source import Node, read


@dataclass(frozen=True)
class Currency:
    """A currency by its code. ``sign`` stands before a sum; ``written`` is how people write it beside an
    amount; ``language``: the workbooks that count in it where nothing tells; ``locales``: the numbers by
    which a cell format names its country."""

    code: str
    sign: str
    labels: Labels
    decimals: int = 2
    written: tuple[str, ...] = ()
    language: str = ""
    locales: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its choice on the settings sheet: the sign, a space, the code."""
        return f"{self.sign} {self.code}"

    @property
    def whole_format(self) -> str:
        """The number format of a sum in whole units with its sign."""
        return f'"{self.sign}"#,##0'

    @property
    def plain_format(self) -> str:
        """The number format of an amount without a sign."""
        return f"#,##0.{'0' * self.decimals}".rstrip(".")

    def rounded(self, cents: float) -> str:
        """A sum in whole units, smaller ones with their hundredths.

        >>> known_as("USD").rounded(1234567), known_as("USD").rounded(-50), known_as("JPY").rounded(950)
        ('$12,346', '-$0.50', 'JP¥10')
        """
        sign, units = "-" if cents < 0 else "", abs(cents) / 100
        places = self.decimals if units < 100 and units % 1 else 0
        return f"{sign}{self.sign}{units:,.{places}f}"

    def exact(self, cents: float) -> str:
        """A sum to the hundredth.

        >>> known_as("EUR").exact(123450), known_as("EUR").exact(123400), known_as("JPY").exact(123400)
        ('€1,234.50', '€1,234', 'JP¥1,234')
        """
        sign, shown = "-" if cents < 0 else "", f"{abs(cents) / 100:,.{self.decimals}f}"
        return f"{sign}{self.sign}{shown.removesuffix('.00')}"


def _currency(code: str, node: Node) -> Currency:
    if not re.fullmatch("[A-Z]{3}", code):
        raise node.fail("", "template.unknown_value", value=code, meant="CNY, USD, EUR, …")
    decimals, language = node.whole("decimals", 2), node.text("language", "")
    words, locales = node.texts("written"), node.texts("locales", [])
    made = Currency(code, node.text("sign"), node.labels(), decimals, words, language, locales)
    node.done()
    return made


@cache
def currencies() -> dict[str, Currency]:
    """Every currency of ``templates/currencies.toml``, in its order."""
    return {code: _currency(code, node) for code, node in read("currencies.toml").children()}


def known_as(code: str) -> Currency:
    """The currency of a code; one that is not listed has its code for a sign."""
    found = currencies().get(code)
    return found or Currency(code, f"{code} ", Labels(code, code), written=(code,))


def usual(lang: Lang) -> str:
    """The code of the currency that workbooks of a language count in where nothing tells."""
    return next((one.code for one in currencies().values() if one.language == lang), "CNY")


def chosen(text: str) -> str:
    """The code that a choice of the settings sheet means, "" where it is none: the choice or the code alone.

    >>> chosen("€ EUR"), chosen("eur"), chosen("euros")
    ('EUR', 'EUR', '')
    """
    folded = text.strip().upper()
    return next((code for code, one in currencies().items() if folded in (code, one.label.upper())), "")


_NOW: ContextVar[str] = ContextVar("currency", default="CNY")


def now() -> Currency:
    """The currency in force."""
    return known_as(_NOW.get())


@contextmanager
def counted_in(code: str) -> Iterator[None]:
    """Within it, sums are shown in the currency of ``code``."""
    token = _NOW.set(code)
    try:
        yield
    finally:
        _NOW.reset(token)


# How people write it


@cache
def _words() -> re.Pattern[str]:
    words = {word for one in currencies().values() for word in one.written}
    parts = (_bounded(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    begins = re.escape("".join(sorted({word[0] for word in words})))
    return re.compile(f"(?=[{begins}])(?:{'|'.join(parts)})", re.IGNORECASE)  # most characters begin no word


def _bounded(word: str) -> str:
    """A word as part of a pattern; letters do not begin or end within a word."""
    before = r"(?<![A-Za-z])" if word[0].isascii() and word[0].isalpha() else ""
    after = r"(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return before + re.escape(word) + after


@cache
def _meaning() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, one in currencies().items():
        for word in one.written:
            found[word.upper()] = (*found.get(word.upper(), ()), code)
    return found


def without_words(text: str) -> str:
    """An amount's text without the signs and words of currencies."""
    return _words().sub("", text)


def named_in(text: str) -> tuple[str, ...]:
    """The currencies that the signs and words in an amount's text may mean, the likeliest first.

    >>> named_in("US$30"), named_in("€20"), named_in("$30")[:2], named_in("120")
    (('USD',), ('EUR',), ('USD', 'HKD'), ())
    """
    found = [_meaning()[word.upper()] for word in _words().findall(text)]
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def formatted_in(sign: str, locale: str) -> tuple[str, ...]:
    """The currencies that a cell format may mean, by its sign and the number of its country.

    >>> formatted_in("$", "C09"), formatted_in("¥", "804")[0], formatted_in("kg", "")
    (('AUD',), 'CNY', ())
    """
    named = named_in(sign)
    here = tuple(code for code in named if locale in currencies()[code].locales)
    return here or named
