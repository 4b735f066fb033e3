"""What an export's status words say of an order."""

from __future__ import annotations

from dataclasses import dataclass

from sheetkit.intake.exports.texts import says
from sheetkit.model.lists import lists
from sheetkit.model.platforms import Platform

UNKNOWN = -1
"""The code of a word that the map does not have."""


@dataclass(frozen=True)
class Outcome:
    """How an order ended: ``code`` of the list trade_state, what went back, and whether a part went back that
    the file does not put a figure on."""

    code: int
    refund: int | None = None
    unknown_part: bool = False


class States:
    """The status words of a map, each looked up once."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._known: dict[str, int] = {}
        choice = lists()["trade_state"]
        self.code = {key: choice.code(key) for key in choice.meanings}

    def of(self, word: str) -> int:
        """The code of a status word; a blank is a completed sale."""
        if not word:
            return self.code["completed"]
        if word not in self._known:
            self._known[word] = self._look_up(word)
        return self._known[word]

    def _look_up(self, word: str) -> int:
        states = self._platform.states
        if not states:
            return self.code["completed"]
        exact = (key for key, words in states.items() if says(word, [one for one in words if "*" not in one]))
        close = (key for key, words in states.items() if says(word, words))
        key = next(exact, None) or next(close, None)
        return self.code[key] if key else UNKNOWN

    def after_sale(self, word: str) -> str:
        """``refunded``, ``part`` or ``none`` for the word of an after-sale column."""
        known = self._platform.refund_states
        return next((key for key, words in known.items() if word and says(word, words)), "none")

    def outcome(self, code: int, after_sale: str, paid: int | None, back: int | None) -> Outcome:
        """The order's end from its status, its after-sale word, what was paid and what went back."""
        done, refunded = self.code["completed"], self.code["refunded"]
        whole = bool(back and paid and paid > 0 and back >= paid)
        whole = whole or (after_sale == "refunded" and not back)
        if code == refunded or (whole and code in (done, self.code["void"])):
            return Outcome(refunded)
        if code != done:
            return Outcome(code)
        return Outcome(code, back or None, unknown_part=after_sale == "part" and not back)
