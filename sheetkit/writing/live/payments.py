"""The list of 今天 of payments waited for, each with words to copy."""

from __future__ import annotations

from sheetkit.model.fields import fields
from sheetkit.model.lists import lists
from sheetkit.writing.live.column import DAY, KEY
from sheetkit.writing.live.entered import Cell, as_text, quoted, typed_text
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.lines import CODE_AT, DAY_AT, HELLO_AT, ROW_AT, Lines, link_to
from sheetkit.writing.sheet import cell

MOST_PAY = 3
"""Lines of payments waited for."""


class Payments(Lines):
    """Writes the list."""

    def payments(self, row: int) -> None:
        """Trades whose payment is waited for, the latest first."""
        self.section(row, self.say("pay"))
        code = lists()["trade_state"].code("open")
        states, days = (self.live.column("trades", one) for one in ("state", "day"))
        found = [
            int(day) * DAY + at + 1
            for at, (state, day) in enumerate(
                zip(*(self.live.cached.column("trades", one) for one in ("state", "day")), strict=True)
            )
            if state == code
        ]
        found.sort(reverse=True)
        label = next(one.labels[self.lang] for one in lists()["trade_state"].entries if one.meaning == "open")
        none = self.say("pay_none", state=label)
        gaps = {"sheet": self.name("trades"), "state": fields("trades")["state"].labels[self.lang]}
        some = self.counted("pay_some", f"COUNTIFS({states},{code})", len(found), gaps)
        counted = f"IF(COUNTIFS({states},{code})=0,{quoted(none)},{some.formula})"
        self.put(row + 1, 0, Cell(counted, some.value if found else none))
        self.headings(row + 2, ("who", "pay_amount", "pay_item", "pay_day", "pay_wait", "message", "where"))
        for at in range(MOST_PAY):
            rank = f"SUMPRODUCT(LARGE(({states}={code})*({days}*{DAY}+ROW({days})-{FIRST_ROW - 1}),{at + 1}))"
            self._pay_line(row + 3 + at, rank, found[at] if at < len(found) else 0)
        self.striped(row + 3, MOST_PAY)

    def _pay_line(self, row: int, rank: str, now: int) -> None:
        line, day, code = (cell(row, col) for col in (ROW_AT, DAY_AT, CODE_AT))
        key = int(self.live.cached.column("trades", "key")[now % DAY - 1]) if now else 0
        at = key % DAY
        self.put(row, CODE_AT, Cell(rank, now), kind="number")
        own = f"INDEX({self.live.column('trades', 'key')},MOD({code},{DAY}))"
        self.put(row, ROW_AT, Cell(f'IF({code}=0,"",MOD({own},{DAY}))', at or ""), kind="number")
        self.put(
            row, DAY_AT, Cell(f'IF({code}=0,"",INT({code}/{DAY}))', now // DAY if now else ""), kind="number"
        )
        raw = as_text(self.entered.at("trades", "nickname", at)) if at else ""
        name = Cell(typed_text(self.layout, "trades", "nickname", line), raw)
        self.who(row, name, Cell(f"INT({own}/{KEY})", key // KEY if at else ""))
        item = typed_text(self.layout, "trades", "item", line)
        said = as_text(self.entered.at("trades", "item", at)) if at else ""
        amount = self.entered.at("trades", "amount", at) if at else ""
        self.shown(row, 1, Cell(self.layout.typed("trades", "amount", line), amount), "money")
        self.shown(row, 2, Cell(item, said))
        self.shown(row, 3, Cell(day, now // DAY if now else ""), "date")
        waited = max(0, self.live.as_of - now // DAY)
        wait = self.spoken("pay_days", days=f"MAX(0,{self.now}-{day})")
        self.shown(row, 4, Cell(wait, self.say("pay_days", days=waited) if now else ""))
        subject = f'IF({cell(row, 2)}="",{quoted(self.say("something"))},{cell(row, 2)})'
        message = f"{cell(row, HELLO_AT)}&{self.spoken('say.pay', what=subject)}"
        value = (
            f"{self.holds[row, HELLO_AT]}{self.say('say.pay', what=said or self.say('something'))}"
            if now
            else ""
        )
        self.shown(row, 5, Cell(message, value))
        sheet = self.name("trades")
        self.where(row, Cell(quoted(sheet), sheet), link_to(sheet))
