"""The lists of the sheet 今天: whom to write to, and payments waited for, each with words to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.writing.live.column import DAY, KEY
from sheetkit.writing.live.entered import Cell, Page, as_text, quoted, typed_text
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live
from sheetkit.writing.look import COMPUTED, LINE, SMALL, Kind, Role
from sheetkit.writing.sheet import Area, Result, Sheet, cell, letter

MOST_DUE, MOST_PAY, AHEAD = 10, 3, 3
"""Lines of what is due, of payments waited for, and how many days ahead a date is due."""
_LINE_HEIGHT = 29.0
_WIDTHS = {"zh": (18, 12, 36, 12, 14, 62, 22), "en": (20, 13, 38, 12, 14, 70, 20)}
_LINE, _DAY, _CODE, _WHAT, _HELLO = range(7, 12)
"""The hidden columns of a line: its row on the entry sheet, day, code, what it is about, and the greeting."""
_SUBJECT = {"zh": 24, "en": 48}


class DueLists(Page):
    """Writes the lists; ``now`` is the cell that holds today."""

    def __init__(self, sheet: Sheet, live: Live) -> None:
        super().__init__(sheet, live, "today", _WIDTHS[live.lang], _HELLO - _LINE + 1)
        self.now = ""
        self._now: dict[tuple[int, int], Result] = {}

    def put(
        self, row: int, col: int, content: Cell, role: Role = "plain", kind: Kind = "text", **more: object
    ) -> None:
        """As every page does; and the value is kept for the cells that build on it."""
        super().put(row, col, content, role, kind, **more)
        self._now[row, col] = content.value

    def due(self, row: int) -> int:
        """What is due, the longest waiting first; the answer is the row below."""
        self.section(row, self.say("due"))
        todo = self.live.column("contacts_in", "todo")
        limit = (self.live.as_of + AHEAD + 1) * DAY
        waiting = sorted(int(one) for one in self.live.cached.column("contacts_in", "todo") if one != "")
        waiting = [one for one in waiting if one < limit]
        self.put(
            row + 1, 0, self._due_count(f'COUNTIFS({todo},"<"&({self.now}+{AHEAD + 1})*{DAY})', len(waiting))
        )
        self._headings(row + 2, ("who", "kind", "what", "day", "when", "message", "where"))
        for at in range(MOST_DUE):
            place = row + 3 + at
            self._due_keys(place, f"SMALL({todo},{at + 1})", waiting[at] if at < len(waiting) else None)
            self._due_cells(place, waiting[at] if at < len(waiting) else None)
        self._striped(row + 3, MOST_DUE)
        return row + 3 + MOST_DUE

    def _due_count(self, count: str, now: int) -> Cell:
        status = fields("contacts")["status"].labels[self.lang]
        entries = lists()["case_status"].entries
        closed = next(one.labels[self.lang] for one in entries if one.meaning == "closed")
        gaps = {"sheet": self.name("contacts"), "status": status, "closed": closed}
        none = self.say("due_none", sheet=gaps["sheet"])
        some, many = (
            self._counted(f"due_{one}", count, now, {**gaps, "most": MOST_DUE}) for one in ("some", "many")
        )
        formula = f"IF({count}=0,{quoted(none)},IF({count}>{MOST_DUE},{many.formula},{some.formula}))"
        return Cell(formula, none if now == 0 else many.value if now > MOST_DUE else some.value)

    def _due_keys(self, row: int, key: str, now: int | None) -> None:
        """The hidden cells: row on the entry sheet, due day, kind, subject, greeting."""
        line, code = cell(row, _LINE), cell(row, _CODE)
        due = f"INT({key}/{DAY})<={self.now}+{AHEAD}"
        kind = int(self.live.cached.column("contacts_in", "type")[now % DAY - 2]) if now else ""
        self.put(
            row,
            _LINE,
            Cell(f'IFERROR(IF({due},MOD({key},{DAY}),""),"")', now % DAY if now else ""),
            kind="number",
        )
        self.put(
            row, _DAY, Cell(f'IF({line}="","",INT({key}/{DAY}))', now // DAY if now else ""), kind="number"
        )
        kinds = self.live.column("contacts_in", "type")
        self.put(row, _CODE, Cell(f'IF({line}="","",INDEX({kinds},{line}-1))', kind), kind="number")
        item, content = (typed_text(self.layout, "contacts", one, line) for one in ("item", "content"))
        promise = lists()["contact_type"].code("promise")
        first = f"IF({code}={promise},{content},{item})"
        second = f"IF({code}={promise},{item},{content})"
        nothing = quoted(self.say("something"))
        size = _SUBJECT[self.lang]
        subject = f'LEFT(IF({first}<>"",{first},IF({second}<>"",{second},{nothing})),{size})'
        texts = [
            as_text(self.entered.at("contacts", one, now % DAY)) if now else "" for one in ("item", "content")
        ]
        ordered = texts[::-1] if kind == promise else texts
        said = (ordered[0] or ordered[1] or self.say("something"))[:size] if now else ""
        self.put(row, _WHAT, Cell(f'IF({line}="","",{subject})', said))

    def _due_cells(self, row: int, now: int | None) -> None:
        line, day = cell(row, _LINE), cell(row, _DAY)
        number = f"INT(INDEX({self.live.column('contacts_in', 'key')},{line}-1)/{KEY})"
        at = now % DAY if now else 0
        who = int(self.live.cached.column("contacts_in", "key")[at - 2]) // KEY if now else 0
        self._who(row, "contacts", number, who, at)
        kind = typed_text(self.layout, "contacts", "type", line)
        self._shown(row, 1, Cell(kind, as_text(self.entered.at("contacts", "type", at)) if now else ""))
        item, content = (typed_text(self.layout, "contacts", one, line) for one in ("item", "content"))
        both = self.spoken("both", item=item, content=content)
        formula = f'IF({item}="",{content},IF({content}="",{item},{both}))'
        texts = [as_text(self.entered.at("contacts", one, at)) if now else "" for one in ("item", "content")]
        joined = self.say("both", item=texts[0], content=texts[1]) if all(texts) else "".join(texts)
        self._shown(row, 2, Cell(formula, joined))
        self._shown(row, 3, Cell(day, now // DAY if now else ""), "date")
        left = now // DAY - self.live.as_of if now else 0
        said = self.say("overdue", days=-left) if left < 0 else self.say("due_in", days=left)
        late = self.spoken("overdue", days=f"({self.now}-{day})")
        soon = self.spoken("due_in", days=f"({day}-{self.now})")
        today = self.say("due_today")
        when = f"IF({day}<{self.now},{late},IF({day}={self.now},{quoted(today)},{soon}))"
        self._shown(row, 4, Cell(when, (said if left else today) if now else ""))
        self._due_message(row, left, bool(now))
        self._where(row, "contacts", at)

    def _due_message(self, row: int, left: int, some: bool) -> None:
        day, code, what = (cell(row, col) for col in (_DAY, _CODE, _WHAT))
        kinds = lists()["contact_type"]

        def either(key: str) -> str:
            late, soon = (self.spoken(f"say.{key}{end}", what=what) for end in ("_late", ""))
            return f"IF({day}<{self.now},{late},{soon})"

        promise, wish = kinds.code("promise"), kinds.code("wish")
        said = f"IF({code}={promise},{either('promise')},IF({code}={wish},{either('wish')},{either('case')}))"
        value = ""
        if some:
            kind = {promise: "promise", wish: "wish"}.get(int(self._now[row, _CODE]), "case")
            end = "_late" if left < 0 else ""
            value = str(self._now[row, _HELLO]) + self.say(f"say.{kind}{end}", what=self._now[row, _WHAT])
        self._shown(row, 5, Cell(f"{cell(row, _HELLO)}&{said}", value))

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
        some = self._counted("pay_some", f"COUNTIFS({states},{code})", len(found), gaps)
        counted = f"IF(COUNTIFS({states},{code})=0,{quoted(none)},{some.formula})"
        self.put(row + 1, 0, Cell(counted, some.value if found else none))
        self._headings(row + 2, ("who", "pay_amount", "pay_item", "pay_day", "pay_wait", "message", "where"))
        for at in range(MOST_PAY):
            rank = f"SUMPRODUCT(LARGE(({states}={code})*({days}*{DAY}+ROW({days})-{FIRST_ROW - 1}),{at + 1}))"
            self._pay_line(row + 3 + at, rank, found[at] if at < len(found) else 0)
        self._striped(row + 3, MOST_PAY)

    def _pay_line(self, row: int, rank: str, now: int) -> None:
        line, day, code = (cell(row, col) for col in (_LINE, _DAY, _CODE))
        key = int(self.live.cached.column("trades", "key")[now % DAY - 1]) if now else 0
        at = key % DAY
        self.put(row, _CODE, Cell(rank, now), kind="number")
        own = f"INDEX({self.live.column('trades', 'key')},MOD({code},{DAY}))"
        self.put(row, _LINE, Cell(f'IF({code}=0,"",MOD({own},{DAY}))', at or ""), kind="number")
        self.put(
            row, _DAY, Cell(f'IF({code}=0,"",INT({code}/{DAY}))', now // DAY if now else ""), kind="number"
        )
        self._who(row, "trades", f"INT({own}/{KEY})", key // KEY, at)
        item = typed_text(self.layout, "trades", "item", line)
        said = as_text(self.entered.at("trades", "item", at)) if at else ""
        amount = self.entered.at("trades", "amount", at) if at else ""
        self._shown(row, 1, Cell(self.layout.typed("trades", "amount", line), amount), "money")
        self._shown(row, 2, Cell(item, said))
        self._shown(row, 3, Cell(day, now // DAY if now else ""), "date")
        waited = max(0, self.live.as_of - now // DAY)
        wait = self.spoken("pay_days", days=f"MAX(0,{self.now}-{day})")
        self._shown(row, 4, Cell(wait, self.say("pay_days", days=waited) if now else ""))
        subject = f'IF({cell(row, 2)}="",{quoted(self.say("something"))},{cell(row, 2)})'
        message = f"{cell(row, _HELLO)}&{self.spoken('say.pay', what=subject)}"
        value = (
            f"{self._now[row, _HELLO]}{self.say('say.pay', what=said or self.say('something'))}"
            if now
            else ""
        )
        self._shown(row, 5, Cell(message, value))
        self._where(row, "trades", at)

    def _who(self, row: int, table: TableKey, number: str, who: int, at: int) -> None:
        """The customer's name, in sight; and the greeting, hidden."""
        line, most = cell(row, _LINE), self.layout.capacity.customers
        typed = typed_text(self.layout, table, "nickname", line)
        nameless = self.say("nameless")
        known = f"INDEX({self.live.column('people', 'name')},{number})"
        formula = f"IF({number}=0,{quoted(nameless)},IF({number}>{most},{typed},{known}))"
        name = ""
        if at:
            raw = as_text(self.entered.at(table, "nickname", at))
            name = nameless if who == 0 else raw if who > most else str(self.live.person("name", who - 1))
        self._shown(row, 0, Cell(formula, name), bold=True)
        plain = self.say("hello_nameless")
        hello = f"IF({number}=0,{quoted(plain)},{self.spoken('hello', name=cell(row, 0))})"
        said = (self.say("hello", name=name) if who else plain) if at else ""
        self.put(row, _HELLO, Cell(f'IF({line}="","",{hello})', said))

    def _where(self, row: int, table: TableKey, at: int) -> None:
        line, name = cell(row, _LINE), self.name(table)
        target = "#'" + name.replace("'", "''") + "'!A"
        shown = self.spoken("line", sheet=quoted(name), line=line)
        formula = f"HYPERLINK({quoted(target)}&{line},{shown})"
        self._shown(row, 6, Cell(formula, self.say("line", sheet=name, line=at) if at else ""), role="link")

    def _shown(
        self, row: int, col: int, content: Cell, kind: Kind = "text", role: Role = "plain", **more: object
    ) -> None:
        formula = f'IF({cell(row, _LINE)}="","",{content.formula})'
        side = {"align": "left", "indent": 1} if kind == "text" else {}
        self.put(
            row,
            col,
            Cell(formula, content.value),
            role,
            kind,
            text_wrap=True,
            font_size=SMALL,
            **side,
            **more,
        )

    def _striped(self, first: int, count: int) -> None:
        """Lines in use are tinted and ruled; an overdue one says so in amber beside its words."""
        last = first + count - 1
        for row in range(first, last + 1):
            self.sheet.row(row, _LINE_HEIGHT)
        overdue = f'=LEFT({cell(first, 4)},1)="⚠"'
        self.sheet.highlight(Area(first, 4, last, 4), overdue, self.amber())
        used = f'=${letter(_LINE)}{first + 1}<>""'
        ruled = self.look.rule(bg_color=COMPUTED, bottom=1, bottom_color=LINE)
        self.sheet.highlight(Area(first, 0, last, self.across - 1), used, ruled)

    def _headings(self, row: int, keys: Sequence[str]) -> None:
        for col, key in enumerate(keys):
            self.sheet.write(row, col, self.say(key), self.look("heading_computed"))

    def _counted(self, key: str, count: str, now: int, gaps: Mapping[str, object]) -> Cell:
        """A sentence with a count: as formula, and as it reads now."""
        mark = "\x01"
        head, _, tail = self.say(key, count=mark, **gaps).partition(mark)
        pieces = [quoted(head)] if head else []
        return Cell("&".join([*pieces, count, quoted(tail)]), f"{head}{now}{tail}")
