"""How a workbook words the choices of a list: by the seller's own labels, never by one she does not have if
another of hers comes near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheetkit.intake.labels import OwnLabel, OwnLists
from sheetkit.messages import Lang
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import ChoiceList, lists

if TYPE_CHECKING:
    from sheetkit.edits.held import HeldTable

_NEAR: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "trade_state": {"void": ("lapsed",), "lapsed": ("void",), "refunded": ("void",)}
}
"""Meanings that come to the same in the figures, {list: {meaning: the nearest ones}}."""


@dataclass(frozen=True)
class Wording:
    """A list's labels in this workbook, in order: (label, its code; None in a list without meanings).

    ``closed``: they are all there is to choose from; else they are what happens to stand in the column.
    """

    choices: ChoiceList
    labels: tuple[tuple[str, int | None], ...]
    lang: Lang
    closed: bool

    def label(self, value: object, *, like: str = "") -> str:
        """The label for a code, or for the text of a list without meanings.

        ``like``: a shipped label's meaning in words; among several labels of a code it is taken if she has
        it.
        """
        if not self.choices.meanings or isinstance(value, str):
            return self._plain(str(value))
        hers = [label for label, code in self.labels if code == value]
        chosen = next((one for one in hers if like and fold(one) in _alike(self.choices, like)), "")
        if chosen or (hers and (self.closed or not like)):
            return chosen or hers[0]
        if like and not self.closed:
            return self._shipped(value, like)
        return self._nearest(value) or self._shipped(value, like)

    def _plain(self, text: str) -> str:
        """The same choice as she calls it, else as it is called in her language, else as it is said."""
        alike = _alike(self.choices, text)
        hers = [label for label, _ in self.labels if fold(label) in alike]
        ours = (one.labels[self.lang] for one in self.choices.entries if fold(one.labels[self.lang]) in alike)
        return min(hers, key=lambda one: fold(one) != fold(text)) if hers else next(ours, text)

    def _nearest(self, value: object) -> str:
        key = next((one.key for one in self.choices.meanings.values() if one.code == value), "")
        for near in _NEAR.get(self.choices.key, {}).get(key, ()):
            code = self.choices.code(near)
            for label, other in self.labels:
                if other == code:
                    return label
        return ""

    def _shipped(self, value: object, like: str) -> str:
        ours = [one for one in self.choices.entries if self.choices.code(one.meaning) == value]
        ours.sort(key=lambda one: not (like and fold(like) in map(fold, one.labels.all())))
        return ours[0].labels[self.lang] if ours else ""


def _alike(choices: ChoiceList, like: str) -> set[str]:
    """A shipped label with everything that is said for it."""
    for one in choices.entries:
        said = {fold(label) for label in (*one.labels.all(), *one.synonyms)}
        if fold(like) in said:
            return said
    return {fold(like)}


def wordings(own: OwnLists | None, tables: Iterable[HeldTable], lang: Lang) -> dict[str, Wording]:
    """How every list of these tables is worded: by the list sheet, else by what stands in the columns."""
    found: dict[str, Wording] = {}
    for table in tables:
        for key, column in fields(table.table).items():
            if not column.list_key or column.list_key in found:
                continue
            choices = lists()[column.list_key]
            stated = (own or {}).get(column.list_key)
            if stated is None:
                labels = _in_use(table, key)
            else:
                labels = tuple((one.label, _code(choices, one)) for one in stated)
            found[column.list_key] = Wording(choices, labels, lang, stated is not None)
    return found


def _code(choices: ChoiceList, one: OwnLabel) -> int | None:
    meant = fold(one.meaning)
    for meaning in choices.meanings.values():
        if meant in map(fold, (meaning.key, *meaning.labels.all())):
            return meaning.code
    return None


def _in_use(table: HeldTable, key: str) -> tuple[tuple[str, int | None], ...]:
    """What stands in a column, the commonest first."""
    coded = fields(table.table)[key].coded
    said = Counter(
        (shown, table.value(at, key) if coded else None)
        for at in range(len(table))
        if (shown := table.shown(at, key))
    )
    return tuple(label for label, _ in said.most_common())
