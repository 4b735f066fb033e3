"""The goods sheet as pieces: for sale, sold in how many days, with what profit; and who waits for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low

from sheetkit.analysis.page import Found
from sheetkit.messages import LANGS, text
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.rules.words import show

LEAST_SOLD = 5
"""A category's median of days to sell needs so many sold pieces."""
LONG_FACTOR = 2
"""A piece stands long from so many times its category's median."""
_HAN = re.compile("[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]{2,}")
_KEYS = (
    "item", "category", "condition", "list_price", "floor_price", "cost", "date", "listed_on", "sold_on",
    "sold_price", "asked",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """One row of goods; money in cents, days as day numbers, None where blank."""

    item: str
    category: str
    condition: str
    state: str
    asking: int | None
    floor: int | None
    cost: int | None
    since: int | None
    sold_on: int | None
    sold_price: int | None
    asked: str

    @property
    def here(self) -> bool:
        """Whether it can be sold to anybody."""
        return self.state == "listed"

    @property
    def days_to_sell(self) -> int | None:
        """From the day it was listed (or bought) to the day it was sold."""
        if self.state != "sold" or self.since is None or self.sold_on is None:
            return None
        return max(0, self.sold_on - self.since)

    @property
    def profit(self) -> int | None:
        """What it was sold for beyond its cost; None where one of them is not filled."""
        known = self.state == "sold" and self.cost is not None and self.sold_price is not None
        return self.sold_price - self.cost if known else None  # type: ignore[operator]  # both known


@dataclass(frozen=True)
class Match:
    """A piece for sale that somebody waits for, and why it may be hers."""

    customer: str
    wants: str
    piece: Piece
    budget: int | None
    reason: str


@dataclass(frozen=True)
class _Wish:
    customer: str
    item: str
    category: str
    condition: str
    budget: int | None


class Stock:
    """The pieces of a book, and the wishes that still hold."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @cached_property
    def pieces(self) -> list[Piece]:
        """Every row of goods in use."""
        table = self.found.book.tables["goods"]
        columns = {key: table.column(key) for key in _KEYS}
        states = {one.code: key for key, one in lists()["goods_state"].meanings.items()}
        codes = table.column("state", lists()["goods_state"].blank_code)
        result = []
        for at, used in enumerate(table.used):
            if not used:
                continue
            cells = {key: column[at] for key, column in columns.items()}
            words = {key: str(cells[key] or "") for key in ("item", "category", "condition", "asked")}
            sold = cells["sold_on"] is not None and codes[at] == lists()["goods_state"].blank_code
            result.append(
                Piece(
                    **words,
                    state="sold" if sold else states.get(codes[at], ""),
                    asking=cells["list_price"],
                    floor=cells["floor_price"],
                    cost=cells["cost"],
                    since=cells["listed_on"] or cells["date"],
                    sold_on=cells["sold_on"],
                    sold_price=cells["sold_price"],
                )
            )
        return result

    @cached_property
    def usual_days(self) -> dict[str, tuple[int, int | None]]:
        """{category: (pieces sold with both dates, the median of days to sell)}; "" is all of them."""
        sold: dict[str, list[int]] = {"": []}
        for one in self.pieces:
            if one.days_to_sell is not None:
                sold[""].append(one.days_to_sell)
                if one.category:
                    sold.setdefault(one.category, []).append(one.days_to_sell)
        return {
            key: (len(days), median_low(days) if len(days) >= LEAST_SOLD else None)
            for key, days in sold.items()
        }

    def usual(self, category: str) -> int | None:
        """The median a piece is held to: its category's, else that of all."""
        own = self.usual_days.get(category, (0, None))[1]
        return own if own is not None else self.usual_days[""][1]

    @cached_property
    def standing(self) -> list[tuple[Piece, int, int]]:
        """(piece, days, usual days) of what stands longer than twice as long as usual, the longest first."""
        found = []
        for one in self.pieces:
            usual = self.usual(one.category)
            if one.here and one.since is not None and usual is not None:
                days = self.found.as_of - one.since
                if days > LONG_FACTOR * max(usual, 1):
                    found.append((one, days, usual))
        return sorted(found, key=lambda one: -one[1])

    # Who waits

    @cached_property
    def matches(self) -> list[Match]:
        """Each wish with each piece that fits it, and who is noted beside a piece as having asked."""
        found = [
            Match(wish.customer, wish.item or wish.category, piece, wish.budget, reason)
            for wish in self._wishes()
            for piece in self.pieces
            if piece.here and (reason := self._reason(wish, piece))
        ]
        noted = text("stock.noted", self.found.lang)
        already = {(fold(one.customer), id(one.piece)) for one in found}
        for piece in self.pieces:
            for name in re.split("[、;；,，]", piece.asked) if piece.here else ():
                if name.strip() and (fold(name), id(piece)) not in already and self._may(name):
                    found.append(Match(name.strip(), "", piece, None, noted))
        return found

    def _may(self, name: str) -> bool:
        """Nothing is offered to somebody who wants no messages or with whom there is a problem."""
        number = self._numbers.get(fold(name))
        return number is None or number not in self._closed

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {fold(name): at for at, name in enumerate(self.found.customers["name"], 1)}

    @cached_property
    def _closed(self) -> set[int]:
        people, yes = self.found.customers, lists()["yes"].code("yes")
        classes = people[self.found.template.dimensions[0]]
        rows = zip(classes, people["do_not_contact"], strict=True)
        return {at for at, (key, silent) in enumerate(rows, 1) if key == "problem" or silent == yes}

    def _wishes(self) -> Iterator[_Wish]:
        for table in ("wishes", "contacts"):
            if self.found.template.has(table):
                yield from self._wishes_of(table)

    def _wishes_of(self, key: TableKey) -> Iterator[_Wish]:
        table, as_of = self.found.book.tables[key], self.found.as_of
        expiry = self.found.thresholds["wish_expiry"]
        names = ("type", "date", "due", "item", "category", "condition", "budget", "content")
        columns = {name: table.column(name) for name in names}
        still = lists()["case_status"].code("open")
        states, numbers = table.column("status", still), self.found.identity.number[key]
        wish = lists()["contact_type"].code("wish")
        for at, used in enumerate(table.used):
            cells = {name: column[at] for name, column in columns.items()}
            live = (cells["due"] >= as_of) if cells["due"] else as_of - (cells["date"] or 0) <= expiry
            is_wish = key == "wishes" or cells["type"] == wish
            if used and live and is_wish and states[at] == still and numbers[at]:
                if numbers[at] in self._closed:
                    continue
                yield _Wish(
                    customer=self.found.customers["name"][numbers[at] - 1],
                    item=str(cells["item"] or cells["content"] or ""),
                    category=str(cells["category"] or ""),
                    condition=str(cells["condition"] or ""),
                    budget=cells["budget"],
                )

    def _reason(self, wish: _Wish, piece: Piece) -> str:
        """Why a piece may be what she waits for; "" where it is not."""
        lang = self.found.lang
        if wish.category and piece.category and fold(wish.category) != fold(piece.category):
            return ""
        words = common_words(wish.item, piece.item)
        same = bool(wish.category) and fold(wish.category) == fold(piece.category)
        if not words and (wish.item or not same):
            return ""
        price = piece.floor if piece.floor is not None else piece.asking
        if wish.budget is not None and price is not None and wish.budget < price:
            return ""
        if not _good_enough(wish.condition, piece.condition):
            return ""
        parts = [text("stock.same_category", lang, category=piece.category)] if same else []
        parts += [text("stock.same_words", lang, words=words)] if words else []
        if wish.budget is not None and price is not None:
            key = "stock.within_floor" if piece.floor is not None else "stock.within_asking"
            parts.append(text(key, lang, budget=show(wish.budget, "money"), price=show(price, "money")))
        return text("stock.and", lang).join(parts)


def _good_enough(wanted: str, found: str) -> bool:
    """Whether a piece is in the condition she asks for; a word that is not on the list says nothing."""
    ladder = lists()["condition"].entries
    places = {fold(label): at for at, one in enumerate(ladder) for label in one.labels.all()}
    asked, given = places.get(fold(wanted)), places.get(fold(found))
    return asked is None or given is None or given <= asked


def common_words(first: str, second: str) -> str:
    """The longest stretch of Chinese characters (two at least) that both hold, or a word in Latin letters.

    >>> common_words("小冰箱,90 升以下", "海尔冰箱 8成新"), common_words("small fridge", "Fridge, used")
    ('冰箱', 'fridge')
    >>> common_words("8成新的书桌", "微波炉 8成新"), common_words("iPad 九代", "iPad九代")
    ('', 'ipad')
    """
    common = {lang: frozenset(text("stock.common", lang).split()) for lang in LANGS}
    left, right = (set[str](_LATIN.findall(fold(one))) - common["en"] for one in (first, second))
    shared = [one for one in left & right if not one.isdigit()]
    runs: list[str] = _HAN.findall(fold(first))
    parts = {run[a:b] for run in runs for a in range(len(run)) for b in range(a + 2, len(run) + 1)}
    known = [one for one in parts if one in fold(second) and not any(two in one for two in common["zh"])]
    return min(shared or known, key=lambda one: (-len(one), one), default="")
