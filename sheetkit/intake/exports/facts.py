"""What every line of an export says, column by column, each cell read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.moments import Moment
from sheetkit.intake.exports.money import NOTHING, Amount
from sheetkit.intake.exports.wording import quantity_of
from sheetkit.model.currencies import named_in
from sheetkit.model.platforms import Part

_CODE_LENGTH = 3
Place = int
"""A line, from 0."""
Amounts = list[tuple[Part, list[Amount]]]
"""The parts that an amount is made of, each with what every line says."""


class Facts:
    """The columns of an export that decide on its orders, a value a line."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.platform = lines, lines.platform
        self.ids = lines.ids("order_id")
        self.moments: list[Moment | None] = [None] * len(lines)
        self.day_month_guessed = False
        if "date" in self.platform.columns:
            self.moments, self.day_month_guessed = lines.moments()
        columns = self.platform.columns
        self.amounts: Amounts = [(part, self._times(part)) for part in columns.get("amount", ())]
        self.refunds: Amounts = [(part, lines.money(part)) for part in columns.get("refund_amount", ())]
        self.left: Amounts = [(part, lines.money(part)) for part in columns.get("amount_left", ())]
        self.currencies = self._currencies()
        self.currency = self._usual_currency()
        self.words = lines.texts("state")
        self.after = lines.texts("refund_state")
        self.items = lines.texts("item")
        self.buyers = lines.texts("nickname")
        self.quantities = list(map(cache(quantity_of), lines.texts("quantity")))

    def total(self, parts: Amounts, places: Sequence[Place]) -> tuple[int | None, bool]:
        """The amount of some lines together, and whether a cell of it cannot be read."""
        total: int | None = None
        for part, amounts in parts:
            some = [amounts[at] for at in places if amounts[at] != NOTHING]
            if any(one.bad for one in some):
                return None, True
            if not some:
                continue
            counted = some if part.per == "line" else some[:1]
            value = sum(one.cents or 0 for one in counted)
            total = (total or 0) + (-abs(value) if part.less else value)
        return total, False

    def is_apart(self, at: Place) -> bool:
        """Whether a line is in another currency than most."""
        return self.currencies[at] not in ("", self.currency)

    def _currencies(self) -> list[str]:
        """Per line, the code of its currency: the column's word, else the sign at its amount."""
        said = list(map(cache(_code_of), self.lines.texts("currency")))
        if any(said) or self.platform.currency or "amount" not in self.platform.columns:
            return said
        signs = list(map(cache(named_in), self.lines.texts("amount")))
        usual = next(iter(Counter(codes[0] for codes in signs if codes).most_common(1)), ("", 0))[0]
        return [usual if usual in codes else codes[0] if codes else "" for codes in signs]

    def _usual_currency(self) -> str:
        """The currency of most lines, else the map's."""
        counts = Counter(filter(None, self.currencies))
        return counts.most_common(1)[0][0] if counts else self.platform.currency

    def _times(self, part: Part) -> list[Amount]:
        """A part's amounts, multiplied where the map says so."""
        amounts = self.lines.money(part)
        for name in part.times:
            counts = self.lines.column_texts(name)
            amounts = [_multiplied(one, by) for one, by in zip(amounts, counts, strict=True)]
        return amounts


def _code_of(word: str) -> str:
    """The code of a currency that a column names: USD, usd, 人民币."""
    named = () if len(word) == _CODE_LENGTH and word.isascii() else named_in(word)
    return named[0] if named else word.upper()


def _multiplied(one: Amount, by: str) -> Amount:
    count = quantity_of(by)
    return one if one.cents is None or count is None else one._replace(cents=round(one.cents * count))
