"""Lines of the lists on 今天: who, where, and how they look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheetkit.writing.live.entered import Cell, Page, quoted
from sheetkit.writing.live.live import Live
from sheetkit.writing.look import COMPUTED, LINE, SMALL, Kind, Role
from sheetkit.writing.sheet import Area, Result, Sheet, cell, letter

_LINE_HEIGHT = 29.0
_WIDTHS = {"zh": (18, 12, 36, 12, 14, 62, 22, 30), "en": (20, 13, 38, 12, 14, 70, 20, 32)}
ROW_AT, DAY_AT, CODE_AT, WHAT_AT, HELLO_AT, KEY_AT, TABLE_AT = range(8, 15)
NAMED_AT, DONE_AT, VOID_AT, PICKED_AT = range(15, 19)
"""The hidden columns of a line: its row on the entry sheet, day, code, what it is about, the greeting; and of
what is owed its key, its table, the words that name it, two results to pick, and what a picked one names."""
RESULT_AT = 7


def link_to(name: str) -> str:
    """What stands before the row's number in a link to a sheet, as a formula."""
    return quoted("#'" + name.replace("'", "''") + "'!A")


class Lines(Page):
    """``now`` is the cell that holds today."""

    def __init__(self, sheet: Sheet, live: Live) -> None:
        super().__init__(sheet, live, "today", _WIDTHS[live.lang], PICKED_AT - ROW_AT + 1)
        self.now = ""
        self.holds: dict[tuple[int, int], Result] = {}

    def put(
        self, row: int, col: int, content: Cell, role: Role = "plain", kind: Kind = "text", **more: object
    ) -> None:
        """As every page does; and the value is kept for the cells that build on it."""
        super().put(row, col, content, role, kind, **more)
        self.holds[row, col] = content.value

    def who(self, row: int, typed: Cell, number: Cell) -> None:
        """The customer's name, in sight; and the greeting, hidden.

        ``typed``: the name as it stands in the row. ``number``: whose it is, 0 for nobody's; its value is ""
        where the line is empty.
        """
        line, most = cell(row, ROW_AT), self.layout.capacity.customers
        nameless, now = self.say("nameless"), number.value
        known = f"INDEX({self.live.column('people', 'name')},{number.formula})"
        formula = (
            f"IF({number.formula}=0,{quoted(nameless)},IF({number.formula}>{most},{typed.formula},{known}))"
        )
        name: Result = ""
        if isinstance(now, int):
            name = nameless if now == 0 else typed.value if now > most else self.live.person("name", now - 1)
        self.shown(row, 0, Cell(formula, name), bold=True)
        plain = self.say("hello_nameless")
        hello = f"IF({number.formula}=0,{quoted(plain)},{self.spoken('hello', name=cell(row, 0))})"
        said = "" if now == "" else self.say("hello", name=name) if now else plain
        self.put(row, HELLO_AT, Cell(f'IF({line}="","",{hello})', said))

    def where(self, row: int, sheet: Cell, target: str) -> None:
        """The link to the line's row.

        ``sheet``: the name of its sheet. ``target``: what stands before the row's number in a link to it.
        """
        line, at = cell(row, ROW_AT), self.holds[row, ROW_AT]
        shown = self.spoken("line", sheet=sheet.formula, line=line)
        said = "" if at == "" else self.say("line", sheet=sheet.value, line=at)
        self.shown(row, 6, Cell(f"HYPERLINK({target}&{line},{shown})", said), role="link")

    def shown(
        self, row: int, col: int, content: Cell, kind: Kind = "text", role: Role = "plain", **more: object
    ) -> None:
        """A cell in sight, blank where the line is empty."""
        formula = f'IF({cell(row, ROW_AT)}="","",{content.formula})'
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

    def striped(self, first: int, count: int) -> None:
        """Lines in use are tinted and ruled; an overdue one says so in amber beside its words."""
        last = first + count - 1
        for row in range(first, last + 1):
            self.sheet.row(row, _LINE_HEIGHT)
        overdue = f'=LEFT({cell(first, 4)},1)="⚠"'
        self.sheet.highlight(Area(first, 4, last, 4), overdue, self.amber())
        used = f'=${letter(ROW_AT)}{first + 1}<>""'
        ruled = self.look.rule(bg_color=COMPUTED, bottom=1, bottom_color=LINE)
        self.sheet.highlight(Area(first, 0, last, self.across - 1), used, ruled)

    def headings(self, row: int, keys: Sequence[str]) -> None:
        """The headings of a list."""
        for col, key in enumerate(keys):
            self.sheet.write(row, col, self.say(key), self.look("heading_computed"))

    def counted(self, key: str, count: str, now: int, gaps: Mapping[str, object]) -> Cell:
        """A sentence with a count: as formula, and as it reads now."""
        mark = "\x01"
        head, _, tail = self.say(key, count=mark, **gaps).partition(mark)
        pieces = [quoted(head)] if head else []
        return Cell("&".join([*pieces, count, quoted(tail)]), f"{head}{now}{tail}")
