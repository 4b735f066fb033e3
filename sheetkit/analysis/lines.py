"""Lines that may not suit the shop: a class nearly everybody is in, no regulars, unknown own classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheetkit.analysis.limits import Limits
from sheetkit.messages import Lang, text
from sheetkit.model.book import Book, Column, SheetPlace
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.rules.learnt import limits_of
from sheetkit.rules.rulebook import ClassDef, Dimension, Rulebook
from sheetkit.rules.tree import Metric, walk
from sheetkit.rules.words import show

LARGEST_CLASS_SHARE = 0.75
"""A class that holds more than this says little: the line may not suit the shop."""
ENOUGH_CUSTOMERS = 20
"""So many customers before the share of a class says anything."""
ENOUGH_BUYERS = 100
"""So many buyers without a single loyal one, and the line may be too high."""
LOYAL = "loyal"
LIMITS_NAMED = 4


@dataclass(frozen=True)
class Lines:
    """The limits of a shop as findings speak of them."""

    rules: Rulebook
    thresholds: Mapping[str, float]
    learnt: Limits
    lang: Lang

    def findings(self, dimension: Dimension, classes: Column, buyers: int) -> Iterator[Finding]:
        """What is to be said of one dimension's classes, one a customer."""
        for one in dimension.classes:
            count = classes.count(one.key)
            if len(classes) >= ENOUGH_CUSTOMERS and count > LARGEST_CLASS_SHARE * len(classes):
                params: dict[str, str | int | float] = {
                    "label": one.labels[self.lang],
                    "share": f"{count / len(classes):.0%}",
                    "settings": self.named(self._behind(dimension, one)),
                }
                yield Finding("class_too_large", "info", params=params)
        loyal = next((one for one in dimension.classes if one.key == LOYAL), None)
        if loyal is not None and buyers >= ENOUGH_BUYERS and LOYAL not in classes:
            settings = self.named(deciding(dimension, loyal))
            found: dict[str, str | int | float] = {
                "label": loyal.labels[self.lang],
                "count": buyers,
                "settings": settings,
            }
            yield Finding("nobody_loyal", "info", params=found)

    def _behind(self, dimension: Dimension, one: ClassDef) -> tuple[str, ...]:
        """The limits behind a class: those its metrics rest on, then those its condition names."""
        metrics = (part.key for part in walk(one.when) if isinstance(part, Metric)) if one.when else ()
        resting = (key for metric in metrics for key in limits_of(self.rules.metrics[metric].expr))
        return tuple(dict.fromkeys([*resting, *deciding(dimension, one)]))

    def named(self, keys: Sequence[str]) -> str:
        """The limits by name, each with the value in force and what the curve suggests; those first that it
        speaks of."""
        suggested = {one.key: one.suggestion for one in self.learnt.suggestions if one.suggestion is not None}
        ordered = sorted(
            (key for key in keys if key in self.rules.thresholds), key=lambda key: key not in suggested
        )
        separator = text("limits.and", self.lang)
        return separator.join(self._named(key, suggested.get(key)) for key in ordered[:LIMITS_NAMED])

    def _named(self, key: str, suggestion: int | None) -> str:
        limit = self.rules.thresholds[key]
        params = {"label": limit.labels[self.lang], "value": show(self.thresholds[key], limit.unit)}
        if suggestion is None or suggestion == self.thresholds[key]:
            return text("limits.named", self.lang, **params)
        return text("limits.named_learnt", self.lang, suggestion=suggestion, **params)


def deciding(dimension: Dimension, one: ClassDef) -> tuple[str, ...]:
    """The limits that decide who is in a class: those its condition names; of the last class, which has none,
    those of all the others."""
    if one.when is not None:
        return limits_of(one.when)
    conditions = (other.when for other in dimension.classes if other.when is not None)
    return tuple(dict.fromkeys(key for when in conditions for key in limits_of(when)))


def unknown_classes(book: Book, dimension: Dimension) -> Iterator[Finding]:
    """Own classes that are none of the dimension's: they were not used."""
    table = book.tables["customers"]
    known = {fold(label) for one in dimension.classes for label in one.labels.all()}
    suggestion = " / ".join(one.labels[book.lang] for one in dimension.classes)
    for at, typed in enumerate(table.column("manual_class")):
        if typed and table.used[at] and fold(typed) not in known:
            cell = _cell(book.places, table.sheet[at], table.row[at])
            yield Finding("manual_class_unknown", "warning", table.sheet[at], cell, typed, suggestion)


def _cell(places: Sequence[SheetPlace], sheet: str, row: int) -> str:
    letters = (one.letters.get("manual_class") for one in places if one.sheet == sheet)
    return next((f"{letter}{row}" for letter in letters if letter), "")
