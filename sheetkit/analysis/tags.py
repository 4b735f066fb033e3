"""Tags beside the classes: what is typed about a customer and what her rows show; how far she has come; and
what she brought beyond its cost."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from statistics import median_low

from sheetkit.analysis.identity import Identity
from sheetkit.messages import Lang, text
from sheetkit.model.book import Book, Column
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

BARGAINED = 2
"""Trades below the asking price from which on a habit of haggling can be told."""
HAGGLER_OFF = 0.15
"""Half of a haggler's bargained trades go at this share below the asking price, or more."""
TAG_COLUMNS = ("tags", "progress", "profit", "margin")


@dataclass(frozen=True)
class People:
    """What tags are made from: a book, who is who in it, what was measured, the limits in force."""

    book: Book
    identity: Identity
    measured: Mapping[str, Column]
    thresholds: Mapping[str, float]

    @property
    def count(self) -> int:
        """Customers."""
        return len(self.identity)

    def value(self, key: str, at: int) -> float:
        """A metric of the customer at a place from 0; 0 where it is not measured."""
        column = self.measured.get(key)
        return 0 if column is None else column[at] or 0


def tag_columns(people: People) -> dict[str, Column]:
    """{``tags``: a text, ``progress``: bought, unpaid or asked, ``profit``: cents, ``margin``: a share}.

    One value a customer; profit and margin are None for one of whose trades none has a cost.
    """
    lang, profit = people.book.lang, _profit(people)
    stages = _stages(people)
    return {
        "tags": _tags(people, lang),
        "progress": [text(f"tag.stage.{key}", lang) for key in stages],
        "profit": [one[0] if one else None for one in profit],
        "margin": [one[0] / one[1] if one and one[1] > 0 else None for one in profit],
    }


def _tags(people: People, lang: Lang) -> Column:
    home, typed = people.identity.home, people.book.tables["customers"].column("tags")
    off = haggling(people)
    result: Column = []
    for at in range(people.count):
        row = home[at]
        own = "" if row is None else str(typed[row] or "")
        said = [one.strip() for one in re.split("[、;\uff1b]", own) if one.strip()]
        known = {fold(one) for one in said}
        computed = [text(f"tag.{key}", lang) for key in _computed(people, at, off.get(at + 1))]
        tags = [*said, *(one for one in computed if fold(one) not in known)]
        result.append(("、" if lang == "zh" else "; ").join(tags))
    return result


def _computed(people: People, at: int, off: float | None) -> list[str]:
    """The keys of the tags that a customer's rows show."""
    limits, visits = people.thresholds, people.value("visits", at)
    gone = people.value("recency_days", at) > limits.get("loyal_window", float("inf"))
    holds = {
        "no_show": people.value("buyer_fault_365", at) >= limits.get("buyer_fault_max", float("inf")),
        "haggler": off is not None and off >= HAGGLER_OFF,
        "trade": people.value("trade_buyer", at) > 0,
        "waiting": people.value("wishes_open", at) > 0,
        "one_off": people.value("one_off", at) > 0,
        "back": visits == 2,
        "was_loyal": visits >= limits.get("loyal_visits", float("inf")) and gone,
    }
    return [key for key, one in holds.items() if one]


def haggling(people: People) -> dict[int, float]:
    """{customer number: the median share off the asking price} of those with enough bargained trades."""
    table, numbers = people.book.tables["trades"], people.identity.number["trades"]
    done = lists()["trade_state"].code("completed")
    states = table.column("state", lists()["trade_state"].blank_code)
    rows = zip(numbers, states, table.column("list_price"), table.column("amount"), strict=True)
    off: dict[int, list[float]] = defaultdict(list)
    for who, state, asked, paid in compress(rows, table.used):
        if who and state == done and asked and paid is not None and 0 < paid < asked:
            off[who].append(1 - paid / asked)
    return {who: median_low(shares) for who, shares in off.items() if len(shares) >= BARGAINED}


def _stages(people: People) -> list[str]:
    table, numbers = people.book.tables["trades"], people.identity.number["trades"]
    choices = lists()["trade_state"]
    states = table.column("state", choices.blank_code)
    waiting = {choices.code("open"), choices.code("lapsed")}
    rows = compress(zip(numbers, states, strict=True), table.used)
    unpaid = {who for who, state in rows if state in waiting}
    return [
        "bought" if people.value("visits", at) else "unpaid" if at + 1 in unpaid else "asked"
        for at in range(people.count)
    ]


def _profit(people: People) -> list[tuple[int, int] | None]:
    """Per customer (profit, sales) of her completed trades with a cost, in cents; None without any."""
    table, numbers = people.book.tables["trades"], people.identity.number["trades"]
    done = lists()["trade_state"].code("completed")
    states = table.column("state", lists()["trade_state"].blank_code)
    columns = (table.column(key) for key in ("amount", "refund_amount", "cost"))
    found: dict[int, tuple[int, int]] = {}
    for who, state, amount, back, cost in compress(zip(numbers, states, *columns, strict=True), table.used):
        if who and state == done and amount is not None and cost:
            net, before = amount - (back or 0), found.get(who, (0, 0))
            found[who] = (before[0] + net - cost, before[1] + net)
    return [found.get(who) for who in range(1, people.count + 1)]
