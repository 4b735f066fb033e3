"""The computed cell of the trades sheet that answers at once who this is: 「老客·第3次·上次42天前」."""

from __future__ import annotations

from collections.abc import Callable

from sheetkit.messages import text
from sheetkit.model.days import EARLIEST
from sheetkit.writing.entry import Answer
from sheetkit.writing.live.helper import KEY
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live


def trade_answer(live: Live) -> Answer:
    """(formula, value now) for a data row of the trades sheet, counted from 0."""
    values = _Values(live)
    render = _formula(live)

    def answer(index: int) -> tuple[str, str]:
        return render(index + 2), values.at(index)

    return answer


def _formula(live: Live) -> Callable[[int], str]:
    layout, lang, helper = live.layout, live.lang, live.layout.helper
    letters = layout.entry_letters["trades"]
    count = layout.capacity.trades
    say = {key: text(f"answer.{key}", lang) for key in _SENTENCES}
    columns = {key: layout.outside("trades", key, count) for key in ("day", "before", "nth")}
    faults = live.column("people", "buyer_fault_365")
    most = layout.capacity.customers

    def formula(row: int) -> str:
        at = row - 2 + FIRST_ROW
        key = f"{helper}!${layout.letter('trades_in', 'key')}{at}"
        place = f"{helper}!${layout.letter('trades_in', 'place')}{at}"
        date, amount, name = (f"${letters[one]}{row}" for one in ("date", "amount", "nickname"))
        front = (
            f"{date}&{name}&${letters['item']}{row}&{amount}"
            if "item" in letters
            else f"{date}&{name}&{amount}"
        )
        late = f'IF({date}>analysis_date+1,"{say["late"]}","{say["date"]}")'
        early = f'IF({date}<{EARLIEST},"{say["date"]}",{late})'
        good_date = f"AND({date}>={EARLIEST},INT({date})<=analysis_date+1)"
        wrong = f'IF(NOT(ISNUMBER({amount})),"{say["amount"]}","{say["state"]}")'
        problem = f'IF(NOT(ISNUMBER({date})),"{say["date"]}",IF({good_date},{wrong},{early}))'
        number = f"INT({key}/{KEY})"
        nth, before = (f"INDEX({columns[one]},{place})" for one in ("nth", "before"))
        gap = f"(INDEX({columns['day']},{place})-{before})"
        again = (
            f'"{say["regular"]}"&{nth}&"{say["time"]}"&IF({before}>0,"{say["last"]}"&{gap}&"{say["ago"]}","")'
        )
        fault = f"IF({number}>{most},0,N(INDEX({faults},{number})))"
        warning = f'IF({fault}>1,"{say["faults"]}"&{fault}&"{say["fault_times"]}","")'
        who = f'{warning}&IF({nth}<2,"{say["first"]}",{again})'
        counted = f'IF({number}=0,"{say["nameless"]}",{who})'
        blank = f'IF(IFERROR({front}="",FALSE),"",{problem})'
        return f'=IF({key}="",{blank},{counted})'

    return formula


_SENTENCES = (
    "late", "date", "amount", "state", "nameless", "first",
    "regular", "time", "last", "ago", "faults", "fault_times",
)  # fmt: skip


class _Values:
    """The answers as they are now, from the helper's cached values."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.keys = live.cached.column("trades_in", "key")
        self.places = live.cached.column("trades_in", "place")
        self.table = live.typed.book.tables["trades"]
        self.lines = {row: at for at, row in enumerate(self.table.row)}

    def at(self, index: int) -> str:
        key = self.keys[index] if index < len(self.keys) else ""
        at = self.lines.get(index + 2)
        if key == "":
            return "" if at is None else self._problem(at)
        number = int(key) // KEY
        if number == 0:
            return self._say("nameless")
        return self._faults(number) + self._visits(int(self.places[index]) - 1)

    def _say(self, key: str) -> str:
        return text(f"answer.{key}", self.live.lang)

    def _problem(self, at: int) -> str:
        day = self.table.column("date")[at]
        if day is None or day < EARLIEST:
            return self._say("date")
        if day > self.live.as_of + 1:
            return self._say("late")
        return self._say("amount" if self.table.column("amount")[at] is None else "state")

    def _faults(self, number: int) -> str:
        if number > self.live.layout.capacity.customers:
            return ""
        count = int(self.live.person("buyer_fault_365", number - 1))
        return f"{self._say('faults')}{count}{self._say('fault_times')}" if count > 1 else ""

    def _visits(self, place: int) -> str:
        column = {key: int(self.live.cached.column("trades", key)[place]) for key in ("nth", "before", "day")}
        if column["nth"] < 2:
            return self._say("first")
        said = f"{self._say('regular')}{column['nth']}{self._say('time')}"
        if column["before"] > 0:
            said += f"{self._say('last')}{column['day'] - column['before']}{self._say('ago')}"
        return said
