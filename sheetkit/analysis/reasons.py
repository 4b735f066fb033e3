"""Why each customer is in her class, and the nearest step up; the seller's own class wins and is said to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sheetkit.analysis.measured import Measured
from sheetkit.analysis.result import Reason
from sheetkit.messages import Lang, text
from sheetkit.model.book import Book
from sheetkit.model.labels import fold
from sheetkit.rules.rulebook import Dimension, Rulebook
from sheetkit.rules.words import StepFinder, Teller


@dataclass(frozen=True)
class Overrules:
    """Per customer: the class in force, the automatic one, whether they differ by the seller's word, and
    her reason."""

    effective: list[str]
    automatic: list[str]
    overruled: list[bool]
    reasons: list[str]


def overrule(book: Book, home: Sequence[int | None], automatic: list[str], dimension: Dimension) -> Overrules:
    """The seller's own class where she typed one that exists and the dimension leaves it to her."""
    labels = ((label, one.key) for one in dimension.classes for label in one.labels.all())
    keys = {fold(label): key for label, key in labels} if dimension.manual else {}
    table = book.tables["customers"]
    typed, given = table.column("manual_class"), table.column("manual_reason")
    own = ["" if at is None or not typed[at] else keys.get(fold(typed[at]), "") for at in home]
    why_typed = [
        "" if at is None or not mine else given[at] or "" for at, mine in zip(home, own, strict=True)
    ]
    effective = [mine or auto for mine, auto in zip(own, automatic, strict=True)]
    return Overrules(effective, automatic, [bool(mine) for mine in own], why_typed)


def by_rule(automatic: list[str]) -> Overrules:
    """The classes of a dimension that nobody overrules."""
    return Overrules(automatic, automatic, [False] * len(automatic), [""] * len(automatic))


def reasons(
    measured: Measured,
    thresholds: dict[str, float],
    rulebook: Rulebook,
    dimension: Dimension,
    own: Overrules,
    lang: Lang,
) -> list[Reason]:
    """One reason a customer, in number order."""
    teller = Teller(rulebook.metrics, measured.figures, thresholds, lang)
    finder = StepFinder(dimension, rulebook.metrics, measured.figures, thresholds)
    found: list[Reason] = [Reason("", "")] * len(own.automatic)
    needed = [key for key in rulebook.metrics if key in {*teller.needs(dimension), *finder.names}]
    for one in dimension.classes:
        places = [at for at, key in enumerate(own.automatic) if key == one.key]
        columns = {key: [measured.customers[key][at] for at in places] for key in needed}
        sentences = teller.why(one, columns, len(places))
        steps = finder.nearest(one, columns, len(places), lang)
        for at, sentence, step in zip(places, sentences, steps, strict=True):
            found[at] = Reason(sentence, step)
    labels = {one.key: one.labels[lang] for one in dimension.classes}
    for at, mine in enumerate(own.overruled):
        if mine:
            reason, label = own.reasons[at] or text("why.no_reason", lang), labels[own.effective[at]]
            said = text("why.overruled", lang, label=label, reason=reason, auto=found[at].why)
            found[at] = Reason(said, "")
    return found
