"""List labels → codes: the workbook's own list sheet first, then what sheetkit ships."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sheetkit.intake.cells import BLANK_WORDS, Bad, Cell, formula_text, is_blank, narrow, tidy, trim
from sheetkit.intake.problems import Problem, Read, failed, repaired
from sheetkit.messages import Lang
from sheetkit.model.labels import fold
from sheetkit.model.lists import ChoiceList, lists

MEANING_MARKS = ("·含义", " · meaning")
"""What follows a list's label in the header of its meanings on the list sheet, by language."""

_CLOSE = 0.7
"""Of four signs, one may be another."""
_NO = re.compile(r"[未没不非无否]|\bnot?\b|\bun")
_NO_MEANING = Problem("label_without_meaning", "error")


@dataclass(frozen=True)
class OwnLabel:
    """A label of the workbook's own list sheet, its meaning's label, and whether its cell holds text.

    ``place``: its row below the list's heading, from 1.
    """

    label: str
    meaning: str
    is_text: bool = True
    place: int = 0


OwnLists = dict[str, list[OwnLabel]]
"""{list key: labels in the order of the sheet}."""


@dataclass(frozen=True)
class LabelReader:
    """One list as this workbook writes it.

    ``typed``: {label without case: value} that the live formulas find; ``meant``: {folded label or synonym:
    (value, label)} that a person would recognise. Values are codes, or labels where there are no meanings.
    """

    choices: ChoiceList
    typed: dict[str, int | str]
    meant: dict[str, tuple[int | str, str]]

    def read_typed(self, cell: Cell) -> Read:
        """The value as the live formulas find it."""
        text = trim(formula_text(cell))
        if isinstance(cell, Bad):
            return failed("label_unknown", self._first())
        if not self.choices.meanings:
            return text or None, None
        if not text:
            return self.choices.blank_code, None
        found = self.typed.get(text.lower())
        if found is None:
            return failed("label_unknown", self._first())
        return found, None if found else _NO_MEANING

    def read(self, cell: Cell) -> Read:
        """The value a careful person would read."""
        value, problem = self.read_typed(cell)
        if problem is None or problem is _NO_MEANING or isinstance(cell, Bad):
            return value, problem
        shown = tidy(formula_text(cell))
        text = fold(narrow(shown))
        if text in BLANK_WORDS or not text:
            known_blank = self.choices.blank_code
            if not known_blank:
                return known_blank, None
            return known_blank, Problem("label_blank", "warning", self._blank_label())
        if text in self.meant:
            code, label = self.meant[text]
            return repaired(code, "label_synonym", label)
        near = self._near(text)
        return failed("label_unknown", near or self._first(), is_meant=bool(near))

    def read_open(self, cell: Cell) -> Read:
        """The label of a list without meanings: a known label in its own spelling, else the text as typed."""
        if isinstance(cell, Bad):
            return None, None
        shown = tidy(formula_text(cell))
        known = self.meant.get(fold(shown))
        if known:
            return known[1], None
        return (None if fold(shown) in BLANK_WORDS else shown or None), None

    def _near(self, text: str) -> str:
        """The label that was probably meant: one misspelt, or one with words around it; "" where none was.

        A label that says no where the text says yes, or the other way round, is never it.
        """
        says_no = bool(_NO.search(text))
        alike = [(label, one) for label, one in self.meant.items() if bool(_NO.search(label)) == says_no]
        inside = [label for label, _ in alike if len(label) > 1 and label in text]
        close = get_close_matches(text, [label for label, _ in alike], n=1, cutoff=_CLOSE)
        best = close[0] if close else max(inside, key=len, default="")
        codes = {self.meant[label][0] for label in inside}
        if not best or (not close and len(codes) > 1):
            return ""
        return self.meant[best][1]

    def _first(self) -> str:
        seen = dict.fromkeys(label for _, label in self.meant.values())
        return " / ".join(list(seen)[:6])

    def _blank_label(self) -> str:
        return next((label for code, label in self.meant.values() if code == self.choices.blank_code), "")


def label_readers(own: OwnLists | None, lang: Lang) -> dict[str, LabelReader]:
    """A reader for every list. ``own``: what the workbook's list sheet holds."""
    return {key: _reader(choices, (own or {}).get(key), lang) for key, choices in lists().items()}


def _reader(choices: ChoiceList, own: list[OwnLabel] | None, lang: Lang) -> LabelReader:
    meant: dict[str, tuple[int | str, str]] = {}
    typed: dict[str, int | str] = {}
    for one in own or []:
        exact = {known.labels[lang].lower(): known.code for known in choices.meanings.values()}
        if one.is_text:
            typed.setdefault(one.label.lower(), exact.get(one.meaning.lower(), 0) if exact else one.label)
        value = _code(choices, one.meaning) if choices.meanings else tidy(one.label)
        if value is not None:
            meant.setdefault(fold(one.label), (value, tidy(one.label)))
    for entry in choices.entries:
        shipped: int | str = choices.code(entry.meaning) if choices.meanings else entry.labels[lang]
        if own is None:
            typed.setdefault(entry.labels[lang].lower(), shipped)
        for label in (*entry.labels.all(), *entry.synonyms):
            meant.setdefault(fold(label), (shipped, entry.labels[lang]))
    return LabelReader(choices, typed, meant)


def _code(choices: ChoiceList, meaning: str) -> int | None:
    wanted = fold(meaning)
    for one in choices.meanings.values():
        if wanted in (fold(one.key), *map(fold, one.labels.all())):
            return one.code
    return None


def read_list_sheet(rows: Iterable[list[Cell]]) -> OwnLists:
    """What a workbook's list sheet holds.

    A list stands in a column headed by the list's label; its meanings, where it has any, in the column headed
    by that label and ``·含义``.
    """
    table = list(rows)
    if not table:
        return {}
    headers = [fold(formula_text(cell)) for cell in table[0]]
    result: OwnLists = {}
    for key, choices in lists().items():
        at = _position(headers, [fold(label) for label in choices.labels.all()])
        if at is None:
            continue
        marks = [fold(label + mark) for label in choices.labels.all() for mark in MEANING_MARKS]
        meaning_at = _position(headers, marks)
        result[key] = [
            OwnLabel(
                formula_text(row[at]),
                formula_text(row[meaning_at]) if meaning_at is not None else "",
                isinstance(row[at], str),
                place,
            )
            for place, row in enumerate(table[1:], 1)
            if not is_blank(row[at])
        ]
    return result


def listed(own: OwnLists) -> dict[str, dict[str, int]]:
    """{list key: {label in lower case: the first place where the live formulas find it}}."""
    found: dict[str, dict[str, int]] = {}
    for key, labels in own.items():
        found[key] = {}
        for one in labels:
            if one.is_text:
                found[key].setdefault(one.label.lower(), one.place)
    return found


def _position(headers: list[str], wanted: list[str]) -> int | None:
    return next((at for at, header in enumerate(headers) if header in wanted), None)
