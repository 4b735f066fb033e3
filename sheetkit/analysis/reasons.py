"""Why each customer is in her class, and the nearest step up; the seller's own class wins and is said to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sheetkit.analysis.engine import Measured
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
    """The seller's own class where she typed one that exists."""
    keys = {fold(label): one.key for one in dimension.classes for label in (one.key, *one.labels.all())}
    table = book.tables["customers"]
    typed, given = table.column("manual_class"), table.column("manual_reason")
    own = ["" if at is None or not typed[at] else keys.get(fold(typed[at]), "") for at in home]
    why_typed = [
        "" if at is None or not mine else given[at] or "" for at, mine in zip(home, own, strict=True)
    ]
    effective = [mine or auto for mine, auto in zip(own, automatic, strict=True)]
    return Overrules(effective, automatic, [bool(mine) for mine in own], why_typed)


def reasons(
    measured: Measured,
    thresholds: dict[str, float],
    rulebook: Rulebook,
    dimension: Dimension,
    own: Overrules,
    lang: Lang,
) -> list[Reason]:
    """One reason a customer, in number order, in the dimension the seller may overrule."""
    columns = {key: measured.customers[key] for key in rulebook.metrics}
    teller = Teller(measured.figures, thresholds, lang)
    finder = StepFinder(dimension, measured.figures, thresholds)
    classes = {one.key: one for one in dimension.classes}
    found = []
    for values, key, auto, mine, said in zip(
        zip(*columns.values(), strict=True),
        own.effective,
        own.automatic,
        own.overruled,
        own.reasons,
        strict=True,
    ):
        metrics = dict(zip(columns, values, strict=True))
        sentence = teller.why(classes[auto], metrics)
        if mine:
            reason = said or text("why.no_reason", lang)
            label = classes[key].labels[lang]
            found.append(Reason(text("why.overruled", lang, label=label, reason=reason, auto=sentence), ""))
        else:
            found.append(Reason(sentence, finder.nearest(classes[auto], metrics, lang)))
    return found
