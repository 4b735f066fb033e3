"""The computed cell of the trades sheet that answers at once who this is: 「老客·第3次·上次42天前」."""

from __future__ import annotations

from collections.abc import Iterator

from sheetkit.messages import text
from sheetkit.model.days import EARLIEST
from sheetkit.writing.entry import Answer
from sheetkit.writing.live.column import KEY
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.sentence import literal


def trade_answer(live: Live) -> Answer:
    """The formula for the sheet's row 2, stated once for all rows, and every row's value now."""
    values = _Values(live)
    return Answer(_formula(live), [values.at(index) for index in range(live.layout.capacity.trades)])


def answer_names(live: Live) -> Iterator[tuple[str, str]]:
    """(defined name, what it refers to): a shared formula may not name the helper sheet itself. ``key`` and
    ``place`` are whole columns; a trade's helper row is the one below its own."""
    layout = live.layout
    for key in ("key", "place"):
        letter = layout.letter("trades_in", key)
        yield f"calc_{key}", f"={layout.helper}!${letter}:${letter}"
    for key in ("day", "before", "nth"):
        yield f"calc_{key}", f"={live.column('trades', key)}"
    yield "calc_faults", f"={live.column('people', 'buyer_fault_365')}"


def _formula(live: Live) -> str:
    letters = live.layout.entry_letters["trades"]
    say = {key: literal(text(f"answer.{key}", live.lang)) for key in _SENTENCES}
    key, place = (f"INDEX(calc_{one},ROW()+{FIRST_ROW - 2})" for one in ("key", "place"))
    typed = {one: f"${letters[one]}2" for one in ("date", "nickname", "item", "amount") if one in letters}
    date, number = typed["date"], f"INT({key}/{KEY})"
    late = f"IF({date}>analysis_date+1,{say['late']},{say['date']})"
    early = f"IF({date}<{EARLIEST},{say['date']},{late})"
    good_date = f"AND({date}>={EARLIEST},INT({date})<=analysis_date+1)"
    wrong = f"IF(NOT(ISNUMBER({typed['amount']})),{say['amount']},{say['state']})"
    problem = f"IF(NOT(ISNUMBER({date})),{say['date']},IF({good_date},{wrong},{early}))"
    day, before, nth = (f"INDEX(calc_{one},{place})" for one in ("day", "before", "nth"))
    last = f'IF({before}>0,{say["last"]}&({day}-{before})&{say["ago"]},"")'
    again = f"{say['regular']}&{nth}&{say['time']}&{last}"
    fault = f"IF({number}>{live.layout.capacity.customers},0,N(INDEX(calc_faults,{number})))"
    warning = f'IF({fault}>1,{say["faults"]}&{fault}&{say["fault_times"]},"")'
    who = f"{warning}&IF({nth}<2,{say['first']},{again})"
    counted = f"IF({number}=0,{say['nameless']},{who})"
    blank = f'IF(IFERROR({"&".join(typed.values())}="",FALSE),"",{problem})'
    return f'=IF({key}="",{blank},{counted})'


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
