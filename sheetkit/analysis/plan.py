"""The action plan: the playbook's plays for these customers on this day, as few as a person can do.

Rows that ask for something (a promise, an open case, a wish) come first; a customer without one gets the
first play her class and numbers fit. What may not be said to her now is left out; the rest is sorted, cut to
a number one can read, and spread over days.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sheetkit.analysis.choosing import Chooser
from sheetkit.analysis.result import Reason, Task
from sheetkit.analysis.shop import ANSWERED, BOUGHT, CONTACTED, NOT_NEEDED, STATUS, Candidate, Shop
from sheetkit.analysis.wording import Writer
from sheetkit.messages import Lang
from sheetkit.model.book import Book, Column
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import fold
from sheetkit.rules.chosen import rules_for


@dataclass(frozen=True)
class Plan:
    """``tasks`` in order, and how many more there would have been."""

    tasks: list[Task]
    left_out: int


def tasks(
    customers: dict[str, Column],
    book: Book,
    customer_of: dict[TableKey, list[int]],
    as_of: int,
    thresholds: dict[str, float],
    reasons: Mapping[str, Sequence[Reason]],
    lang: Lang,
) -> list[Task]:
    """The tasks of a run, most urgent first, at most ``limits.tasks_a_run`` of the playbook.

    ``customers``: {metric, dimension or ``name``: one value a customer}; ``customer_of``: per table the
    customer number of each row, 0 for none; ``reasons``: {dimension: one a customer}, may be empty.
    """
    return make_plan(Shop(customers, book, customer_of, as_of, thresholds), reasons, lang).tasks


def make_plan(shop: Shop, reasons: Mapping[str, Sequence[Reason]], lang: Lang) -> Plan:
    """As ``tasks``, with the number left out."""
    book = rules_for(shop.book.blueprint).plays
    ticked, chooser = _ticked(shop), Chooser(shop, book)
    shop = replace(shop, customers=chooser.columns)
    chosen = [
        one
        for one in _keyed(shop, chooser.candidates())
        if one.key not in ticked or not _done(one, ticked[one.key])
    ]
    names = shop.customers["name"]
    chosen.sort(
        key=lambda one: (
            one.play.priority,
            -(shop.value("spend", one.number) or 0),
            one.due,
            fold(names[one.number - 1]),
            one.key,
        )
    )
    kept = chosen[: book.limits.tasks_a_run]
    writer = Writer(shop, reasons, lang, kept)
    days = _spread(kept, book.limits.sent_a_day)
    return Plan([writer.task(one, due) for one, due in zip(kept, days, strict=True)], len(chosen) - len(kept))


def _spread(kept: Sequence[Candidate], a_day: int) -> list[int]:
    """The day of each task: its own, or the next on which fewer than ``a_day`` are written by hand."""
    sent: Counter[int] = Counter()
    days = []
    for one in kept:
        day = one.due
        if one.play.channel.sent:
            while sent[day] >= a_day:
                day += 1
            sent[day] += 1
        days.append(day)
    return days


def _keyed(shop: Shop, candidates: list[Candidate]) -> Iterator[Candidate]:
    """Each with its key.

    Several of one customer, play and trigger are told apart by their order: by text, so that sorting the
    sheet changes nothing.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in sorted(candidates, key=lambda one: _text_of(shop, one)):
        base = (fold(shop.customers["name"][one.number - 1]), one.play.key, one.trigger)
        seen[base] += 1
        parts = [*base, str(seen[base])] if seen[base] > 1 else [*base]
        key = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=5).hexdigest()
        yield replace(one, key=key)


def _text_of(shop: Shop, one: Candidate) -> tuple[str, str, int]:
    if one.row is None:
        return "", "", one.number
    table = shop.book.tables[one.table]
    columns = (table.columns.get(key) for key in ("item", "content"))
    item, content = (fold(str(column[one.row] or "")) if column else "" for column in columns)
    return item, content, one.number


def _ticked(shop: Shop) -> dict[str, set[int]]:
    """{task key: the statuses the seller gave it}, in the plan and its log."""
    found: dict[str, set[int]] = defaultdict(set)
    lines = [*shop.book.plan.items(), *((line.get("key", ""), line) for line in shop.book.plan_history)]
    for key, line in lines:
        found[key].add(STATUS.get(fold(line.get("status", "")), 0))
    return found


def _done(one: Candidate, statuses: set[int]) -> bool:
    """Whether the seller ticked it off. What is owed for a row stays until the row itself is closed."""
    stays = one.play.purpose == "owed" and one.row is not None
    return NOT_NEEDED in statuses or (not stays and bool(statuses & {CONTACTED, ANSWERED, BOUGHT}))
