"""The list of 今天 of what is owed: at most ten open lines, words to copy, a cell for the result.

Lines stand at the first places whose result is blank. So none ever moves beside a result that was picked for
another, and a result stays where it was picked until the seller clears it.
"""

from __future__ import annotations

from typing import NamedTuple

from sheetkit.model.days import to_date
from sheetkit.model.fields import TableKey
from sheetkit.model.lists import lists
from sheetkit.model.owed import BETWEEN, NAME_LENGTH, RESULTS, WORDS_LENGTH
from sheetkit.writing.live import owed
from sheetkit.writing.live.column import DAY, KEY
from sheetkit.writing.live.entered import Cell, as_text, quoted, typed_text
from sheetkit.writing.live.lines import (
    CODE_AT,
    DAY_AT,
    DONE_AT,
    HELLO_AT,
    KEY_AT,
    NAMED_AT,
    PICKED_AT,
    RESULT_AT,
    ROW_AT,
    TABLE_AT,
    VOID_AT,
    WHAT_AT,
    link_to,
)
from sheetkit.writing.live.owed import GROUP, PLACE, WISH, owed_offset, owed_tables
from sheetkit.writing.live.payments import Payments
from sheetkit.writing.look import FAINT, SMALL
from sheetkit.writing.sheet import Area, Help, cell, define_name, letter

MOST_DUE, PLACES, AHEAD = 10, 16, 3
"""Open lines at most, places for lines and results, and how many days ahead a date is due."""
_SUBJECT = {"zh": 24, "en": 48}
_PROMISE, _WISH, _CASE = 1, 2, 3
_SAID = {_PROMISE: "promise", _WISH: "wish", _CASE: "case"}


class _Now(NamedTuple):
    """What a line shows when the workbook is written."""

    key: int
    table: TableKey
    line: int

    @property
    def day(self) -> int:
        return self.key % GROUP // PLACE


class DueList(Payments):
    """Writes the list; ``now`` is the cell that holds today."""

    def due(self, row: int) -> int:
        """What is due, promises and cases before wishes, each by its day; the answer is the row below."""
        self.section(row, self.say("due"))
        self.tables = owed_tables(self.layout)
        first = row + 3
        results = Area(first, RESULT_AT, first + PLACES - 1, RESULT_AT)
        define_name(self.sheet.book, owed.RESULTS, f"={self.sheet.area(results)}", hidden=True)
        picked = Area(first, PICKED_AT, first + PLACES - 1, PICKED_AT)
        define_name(self.sheet.book, owed.PICKED, f"={self.sheet.area(picked)}", hidden=True)
        waiting = self._counts(row + 1)
        self.headings(row + 2, ("who", "kind", "what", "day", "when", "message", "where", "result"))
        for at in range(PLACES):
            self._place(first + at, first, waiting[at] if at < min(len(waiting), MOST_DUE) else None)
        self.striped(first, PLACES)
        done = f'=${letter(RESULT_AT)}{first + 1}<>""'
        self.sheet.highlight(
            Area(first, 0, first + PLACES - 1, self.across - 1), done, self.look.rule(font_color=FAINT)
        )
        return first + PLACES

    # How many

    def _counts(self, row: int) -> list[_Now]:
        """The hidden counts (duties due, what sorts before the first wish due, wishes due), the sentence."""
        todo, now = self.live.column("owed", "todo"), self.live.as_of
        duties = f'COUNTIFS({todo},"<"&{self._limit(1, AHEAD + 1)})'
        before = f'COUNTIFS({todo},"<"&{self._limit(WISH, 0)})'
        wishes = f'COUNTIFS({todo},"<"&{self._limit(WISH, AHEAD + 1)})-{cell(row, DAY_AT)}'
        keys = sorted(int(one) for one in self.live.cached.column("owed", "todo") if one != "")
        limit = (now + AHEAD + 1) * PLACE
        duty = [one for one in keys if one < GROUP + limit]
        wish = [one for one in keys if WISH * GROUP + now * PLACE <= one < WISH * GROUP + limit]
        skipped = sum(one < WISH * GROUP + now * PLACE for one in keys)
        for col, formula, value in (
            (ROW_AT, duties, len(duty)), (DAY_AT, before, skipped), (CODE_AT, wishes, len(wish))
        ):  # fmt: skip
            self.put(row, col, Cell(formula, value), kind="number")
        self.put(row, 0, self._sentence(row, len(duty) + len(wish)))
        return [self._found(key) for key in (*duty, *wish)]

    def _limit(self, group: int, days: int) -> str:
        return f"({group}*{GROUP}+({self.now}+{days})*{PLACE})"

    def _found(self, key: int) -> _Now:
        place = key % PLACE
        table = max(
            (one for one in self.tables if owed_offset(self.layout, one) < place),
            key=lambda one: owed_offset(self.layout, one),
        )
        return _Now(key, table, place - owed_offset(self.layout, table) + 1)

    def _sentence(self, row: int, now: int) -> Cell:
        count = f"({cell(row, ROW_AT)}+{cell(row, CODE_AT)})"
        noted = f"COUNTA({owed.RESULTS})"
        entries = lists()["case_status"].entries
        closed = next(one.labels[self.lang] for one in entries if one.meaning == "closed")
        none = self.say("due_none", sheets=self._sheets())
        some = self.counted("due_some", count, now, {"closed": closed})
        many = self.counted("due_many", count, now, {"closed": closed, "most": MOST_DUE})
        full = self.say("due_full", closed=closed)
        formula = (
            f"IF({noted}={PLACES},{quoted(full)},IF({count}=0,{quoted(none)},"
            f"IF({count}>{MOST_DUE},{many.formula},{some.formula})))"
        )
        return Cell(formula, none if now == 0 else many.value if now > MOST_DUE else some.value)

    def _sheets(self) -> str:
        names = [self.name(table) for table in self.tables]
        return "」「".join(names) if self.lang == "zh" else "', '".join(names)

    # A line

    def _place(self, row: int, first: int, now: _Now | None) -> None:
        self._keys(row, first, now)
        self._about(row, now)
        self._cells(row, now)
        self._result(row, now)

    def _keys(self, row: int, first: int, now: _Now | None) -> None:
        """The hidden key of the line, and from it its table, row and day."""
        todo, counts = self.live.column("owed", "todo"), first - 2
        duties, skipped, wishes = (cell(counts, col, fixed=True) for col in (ROW_AT, DAY_AT, CODE_AT))
        top = cell(first, RESULT_AT, fixed=True)
        nth = f"COUNTBLANK({top}:{cell(row, RESULT_AT)})"
        free = f'AND({cell(row, RESULT_AT)}="",{nth}<={MOST_DUE},{nth}<={duties}+{wishes})'
        chosen = f"SMALL({todo},IF({nth}<={duties},{nth},{nth}-{duties}+{skipped}))"
        key, table, place = cell(row, KEY_AT), cell(row, TABLE_AT), f"MOD({cell(row, KEY_AT)},{PLACE})"
        self.put(row, KEY_AT, Cell(f'IF({free},{chosen},"")', now.key if now else ""), kind="number")
        offsets = [owed_offset(self.layout, one) for one in self.tables]
        which = "+".join(["1", *(f"({place}>{one})" for one in offsets[1:])])
        at = self.tables.index(now.table) + 1 if now else ""
        self.put(row, TABLE_AT, Cell(f'IF({key}="","",{which})', at), kind="number")
        start = f"CHOOSE({table},{','.join(map(str, offsets))})" if len(offsets) > 1 else "0"
        line = f'IF({key}="","",{place}-{start}+1)'
        self.put(row, ROW_AT, Cell(line, now.line if now else ""), kind="number")
        day = f"INT(MOD({key},{GROUP})/{PLACE})"
        self.put(row, DAY_AT, Cell(f'IF({key}="","",{day})', now.day if now else ""), kind="number")

    def _of(self, row: int, formulas: list[str]) -> str:
        """What the line's own table says, of one formula a table."""
        return f"CHOOSE({cell(row, TABLE_AT)},{','.join(formulas)})" if len(formulas) > 1 else formulas[0]

    def _text(self, row: int, key: str, now: _Now | None) -> Cell:
        """A typed cell of the line's row as a text."""
        line = cell(row, ROW_AT)
        formulas = [typed_text(self.layout, table, key, line) for table in self.tables]
        return Cell(
            self._of(row, formulas), as_text(self.entered.at(now.table, key, now.line)) if now else ""
        )

    def _about(self, row: int, now: _Now | None) -> None:
        """The hidden kind, subject, and the words that name the row."""
        line, code = cell(row, ROW_AT), cell(row, CODE_AT)
        kinds, promise, wish = self.live.column("contacts_in", "type"), *self._codes()
        contact = f"INDEX({kinds},{line}-1)"
        contact = f"IF({contact}={promise},{_PROMISE},IF({contact}={wish},{_WISH},{_CASE}))"
        own = {"contacts": contact, "wishes": str(_WISH)}
        which = self._of(row, [own.get(table, str(_CASE)) for table in self.tables])
        self.put(row, CODE_AT, Cell(f'IF({line}="","",{which})', self._code(now)), kind="number")
        item, content = (self._text(row, key, now) for key in ("item", "content"))
        nothing, size = self.say("something"), _SUBJECT[self.lang]
        first = f"IF({code}={_PROMISE},{content.formula},{item.formula})"
        second = f"IF({code}={_PROMISE},{item.formula},{content.formula})"
        subject = f'LEFT(IF({first}<>"",{first},IF({second}<>"",{second},{quoted(nothing)})),{size})'
        ordered = (content.value, item.value) if self._code(now) == _PROMISE else (item.value, content.value)
        said = str(ordered[0] or ordered[1] or nothing)[:size] if now else ""
        self.put(row, WHAT_AT, Cell(f'IF({line}="","",{subject})', said))
        self.put(row, NAMED_AT, self._named(row, now))

    def _codes(self) -> tuple[int, int]:
        kinds = lists()["contact_type"]
        return kinds.code("promise"), kinds.code("wish")

    def _code(self, now: _Now | None) -> int | str:
        if now is None:
            return ""
        if now.table != "contacts":
            return _WISH if now.table == "wishes" else _CASE
        kind = self.live.cached.column("contacts_in", "type")[now.line - 2]
        promise, wish = self._codes()
        return _PROMISE if kind == promise else _WISH if kind == wish else _CASE

    def _keyed(self, row: int) -> str:
        """The key of the line's row in the helper's block of its table."""
        line = cell(row, ROW_AT)
        return self._of(
            row, [f"INDEX({self.live.column(f'{one}_in', 'key')},{line}-1)" for one in self.tables]
        )

    def _key_of(self, now: _Now) -> int:
        return int(self.live.cached.column(f"{now.table}_in", "key")[now.line - 2])

    def _named(self, row: int, now: _Now | None) -> Cell:
        """The words by which a result names this row, as ``owed.tag`` has them for every row."""
        line = cell(row, ROW_AT)
        noted = f"MOD(INT({self._keyed(row)}/{DAY}),{DAY})"
        formula = self._of(row, [owed.tag(self.layout, one, line, noted) for one in self.tables])
        said = ""
        if now:
            day = to_date(self._key_of(now) // DAY % DAY).isoformat()
            texts = [self._trimmed(now, key) for key in ("nickname", *owed.subject_keys(now.table))]
            about = next(filter(None, texts[1:]), "")
            said = f"{self.name(now.table)} {day} {texts[0][:NAME_LENGTH]} {about[:WORDS_LENGTH]}"
        return Cell(f'IF({line}="","",{formula})', said)

    def _trimmed(self, now: _Now, key: str) -> str:
        return " ".join(one for one in as_text(self.entered.at(now.table, key, now.line)).split(" ") if one)

    def _cells(self, row: int, now: _Now | None) -> None:
        day = cell(row, DAY_AT)
        number = Cell(f"INT({self._keyed(row)}/{KEY})", self._key_of(now) // KEY if now else "")
        self.who(row, self._text(row, "nickname", now), number)
        self.shown(row, 1, self._kind(row, now))
        item, content = (self._text(row, key, now) for key in ("item", "content"))
        both = self.spoken("both", item=item.formula, content=content.formula)
        what = f'IF({item.formula}="",{content.formula},IF({content.formula}="",{item.formula},{both}))'
        texts = [str(item.value), str(content.value)]
        joined = self.say("both", item=texts[0], content=texts[1]) if all(texts) else "".join(texts)
        self.shown(row, 2, Cell(what, joined))
        self.shown(row, 3, Cell(day, now.day if now else ""), "date")
        left = now.day - self.live.as_of if now else 0
        said = self.say("overdue", days=-left) if left < 0 else self.say("due_in", days=left)
        late = self.spoken("overdue", days=f"({self.now}-{day})")
        soon = self.spoken("due_in", days=f"({day}-{self.now})")
        today = self.say("due_today")
        when = f"IF({day}<{self.now},{late},IF({day}={self.now},{quoted(today)},{soon}))"
        self.shown(row, 4, Cell(when, (said if left else today) if now else ""))
        self._message(row, left, now)
        names = [self.name(table) for table in self.tables]
        shown = Cell(self._of(row, list(map(quoted, names))), self.name(now.table) if now else "")
        self.where(row, shown, self._of(row, list(map(link_to, names))))

    def _kind(self, row: int, now: _Now | None) -> Cell:
        """What is typed as kind, or the sheet's name where there is no such column or nothing in it."""
        line, formulas = cell(row, ROW_AT), []
        for table in self.tables:
            typed = typed_text(self.layout, table, "type" if table == "contacts" else "kind", line)
            sheet = quoted(self.name(table))
            formulas.append(sheet if typed == '""' else f'IF({typed}="",{sheet},{typed})')
        said = ""
        if now:
            key = "type" if now.table == "contacts" else "kind"
            said = as_text(self.entered.at(now.table, key, now.line)) or self.name(now.table)
        return Cell(self._of(row, formulas), said)

    def _message(self, row: int, left: int, now: _Now | None) -> None:
        day, code, what = (cell(row, col) for col in (DAY_AT, CODE_AT, WHAT_AT))

        def either(key: str) -> str:
            late, soon = (self.spoken(f"say.{key}{end}", what=what) for end in ("_late", ""))
            return f"IF({day}<{self.now},{late},{soon})"

        said = f"CHOOSE({code},{','.join(either(_SAID[one]) for one in (_PROMISE, _WISH, _CASE))})"
        value = ""
        if now:
            end = "_late" if left < 0 else ""
            words = f"say.{_SAID[int(self._code(now))]}{end}"
            value = str(self.holds[row, HELLO_AT]) + self.say(words, what=self.holds[row, WHAT_AT])
        self.shown(row, 5, Cell(f"{cell(row, HELLO_AT)}&{said}", value))

    # The result

    def _result(self, row: int, now: _Now | None) -> None:
        """The cell to pick a result in, the results it offers, and what a picked one names."""
        named, here = cell(row, NAMED_AT), cell(row, RESULT_AT)
        for col, labels in zip((DONE_AT, VOID_AT), RESULTS, strict=True):
            before = labels[self.lang] + BETWEEN
            said = f"{before}{self.holds[row, NAMED_AT]}" if now else ""
            self.put(row, col, Cell(f'IF({named}="","",{quoted(before)}&{named})', said))
        picked = f'IFERROR(TRIM(MID({here},FIND({quoted(BETWEEN)},{here})+{len(BETWEEN)},255)),"")'
        self.put(row, PICKED_AT, Cell(picked, ""))
        look = self.look("plain", "text", locked=False, text_wrap=True, font_size=SMALL)
        self.sheet.write(row, RESULT_AT, None, look)
        offered = f"={cell(row, DONE_AT, fixed=True)}:{cell(row, VOID_AT, fixed=True)}"
        advice = Help(self.say("result"), self.say("result_help"))
        self.sheet.choices(Area(row, RESULT_AT, row, RESULT_AT), offered, advice)
