"""The sheet 客户档案: everything about one chosen customer, and a search among the names."""

from __future__ import annotations

from sheetkit.model.fields import Field, TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.rulebook import Dimension, MetricDef
from sheetkit.writing.live.column import DAY
from sheetkit.writing.live.entered import Cell, Page, as_text, quoted, typed_text
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.typed import cleaned, escaped
from sheetkit.writing.look import COMPUTED, LINE, SMALL, Kind, wrap_height
from sheetkit.writing.sheet import Area, Help, Result, Sheet, cell, define_name, letter

ROWS, HITS = 20, 10
"""Trades and contacts shown, and names found."""
_TWO_LINES = 29.0
_WIDTHS = {"zh": (14, 34, 16, 14, 14, 15, 36), "en": (22, 36, 20, 16, 15, 15, 40)}
_HIDDEN = len(_WIDTHS["zh"])
_TOP = 2
"""The row (from 0) of the cells to fill; from there on the hidden column holds what is known of her."""
_KNOWN = ("number", "home", "trades_from", "trades_to", "contacts_from", "contacts_to")
_SHOWN: dict[TableKey, tuple[str, ...]] = {
    "trades": ("date", "item", "amount", "state", "rating", "category", "note"),
    "contacts": ("date", "content", "type", "status", "due", "item", "result"),
}
"""The columns of the two lists from left to right; what a template does not have stays blank."""
_WIDE = 15
"""A field wider than this stands in the wide column on the right."""


def write_profile(sheet: Sheet, live: Live) -> None:
    """Write the profile; a filled workbook shows the customer with the highest revenue."""
    writer = _Profile(sheet, live)
    writer.top()
    writer.search()
    row = writer.numbers(_TOP + 1)
    row = writer.fields(row + 1)
    row = writer.rows("trades", row + 1)
    writer.rows("contacts", row + 1)
    sheet.page(repeat_rows=0)
    sheet.protect(sorting=False)


class _Profile(Page):
    def __init__(self, sheet: Sheet, live: Live) -> None:
        super().__init__(sheet, live, "profile", _WIDTHS[live.lang], 2)
        self.chosen = self._default()
        self.at = {key: cell(_TOP + at, _HIDDEN, fixed=True) for at, key in enumerate(_KNOWN)}

    def _default(self) -> int:
        """The customer with the highest revenue, counted from 1; 0 where there is none."""
        revenue = self.live.cached.column("people", "revenue")
        best = max((float(one) for one in revenue if one != ""), default=None)
        return 0 if best is None else revenue.index(best) + 1

    def person(self, key: str) -> Result:
        """A helper value of the customer who is shown."""
        return self.live.person(key, self.chosen - 1) if self.chosen else ""

    def of_person(self, key: str) -> str:
        return f"INDEX({self.live.column('people', key)},{self.at['number']})"

    # Choosing

    def top(self) -> None:
        sheet, live = self.sheet, self.live
        sheet.write(0, 0, live.blueprint.sheet("profile").labels[self.lang], self.look("title"))
        sheet.row(0, 30)
        sheet.write(1, 0, self.say("about"), self.look("hint", text_wrap=False))
        sheet.write(_TOP, 0, self.say("choose"), self.look("label", bold=True))
        name = str(self.person("name")) or None
        sheet.write(_TOP, 1, name, self.look("entry", "name", locked=False, bold=True))
        names = live.column("people", "name")
        count = f"MAX(1,SUMPRODUCT({live.column('people', 'present')}))"
        first = f"{names.rpartition(':')[0]}"
        define_name(sheet.book, "customer_names", f"={first}:INDEX({names},{count})")
        help = Help(self.say("choose"), self.say("choose_help"))
        sheet.choices(Area(_TOP, 1, _TOP, 1), "=customer_names", help)
        sheet.row(_TOP, 24)
        self._known()
        self.put(_TOP, 2, self._hint(), indent=1)
        sheet.highlight(Area(_TOP, 2, _TOP, 2), f'=ISNUMBER(FIND("⚠",{cell(_TOP, 2)}))', self.amber())

    def _known(self) -> None:
        """The hidden cells: her number, her row on the customers sheet, the spans of her rows."""
        typed, names = cell(_TOP, 1, fixed=True), self.live.column("people", "name")
        pattern = escaped(cleaned(typed))
        size = self.layout.stack_rows
        running, found, called = (
            self.layout.outside("stack", one, size) for one in ("running", "found", "called")
        )
        spelled = f"INDEX({running},INDEX({found},MATCH({pattern},{called},0)))"
        within = f'IFERROR(MATCH("*"&{pattern}&"*",{names},0),0)'
        most = self.layout.capacity.customers
        reached = f"IFERROR(IF({spelled}>{most},0,{spelled}),{within})"
        number = f'IFERROR(IF({cleaned(typed)}="",0,IFERROR(MATCH({pattern},{names},0),{reached})),0)'
        self.put(_TOP, _HIDDEN, Cell(number, self.chosen), kind="number")
        for at, key in enumerate(_KNOWN[1:], 1):
            formula = f"IF({self.at['number']}=0,0,{self.of_person(key)})"
            self.put(_TOP + at, _HIDDEN, Cell(formula, self.person(key) or 0), kind="number")

    def _hint(self) -> Cell:
        number, typed = self.at["number"], cell(_TOP, 1, fixed=True)
        blank, unknown = (quoted(self.say(f"hint_{one}")) for one in ("blank", "unknown"))
        shown = self.spoken("hint_shown", name=self.of_person("name"))
        value = self.say("hint_shown", name=self.person("name"))
        for key, words, list_key, meaning in (
            ("risk", "risky", "risk", "risky"),
            ("do_not_contact", "leave", "yes", "yes"),
        ):
            code, said = lists()[list_key].code(meaning), self.say(f"hint_{words}")
            shown += f'&IF({self.of_person(f"field_{key}")}={code},{quoted(said)},"")'
            value += said if self.person(f"field_{key}") == code else ""
        formula = f'IF({number}=0,IF(IFERROR({typed}="",FALSE),{blank},{unknown}),{shown})'
        return Cell(formula, value if self.chosen else self.say("hint_blank"))

    def search(self) -> None:
        """The cell to type part of a name in, and the first names that hold it."""
        sheet, col = self.sheet, _HIDDEN - 2
        sheet.write(_TOP, col, self.say("search"), self.look("label", bold=True))
        sheet.write(_TOP, col + 1, None, self.look("entry", "name", locked=False))
        help = Help(self.say("search"), self.say("search_help"))
        sheet.hint(Area(_TOP, col + 1, _TOP, col + 1), help)
        typed = cell(_TOP, col + 1, fixed=True)
        wanted = f'IFERROR({cleaned(typed)},"")'
        people = {key: self.live.column("people", key) for key in ("name", "number", "present")}
        holds = f"ISNUMBER(SEARCH({escaped(wanted)},{people['name']}))*{people['present']}"
        count = cell(_TOP, _HIDDEN + 1, fixed=True)
        self.put(_TOP, _HIDDEN + 1, Cell(f'IF({wanted}="",-1,SUMPRODUCT({holds}))', -1), kind="number")
        self.section(_TOP + 1, self.say("hits"), range(col, _HIDDEN))
        found = self.spoken("found", count=count)
        none = quoted(self.say("not_found"))
        said = f'IF({count}<0,"",IF({count}=0,{none},{found}))'
        self.put(_TOP + 1, col + 1, Cell(said, ""), "section")
        most = self.layout.capacity.customers + 1
        for at in range(HITS):
            row = _TOP + 2 + at
            rank = f"{most}-SUMPRODUCT(LARGE({holds}*({most}-{people['number']}),{at + 1}))"
            here = cell(row, _HIDDEN + 1)
            self.put(row, _HIDDEN + 1, Cell(f"IF({count}<{at + 1},0,{rank})", 0), kind="number")
            self.put(row, col, Cell(f'IF({here}=0,"",{at + 1})', ""), kind="number", align="right")
            self.put(row, col + 1, Cell(f'IF({here}=0,"",INDEX({people["name"]},{here}))', ""), indent=1)

    # What is known

    def numbers(self, row: int) -> int:
        """Her class in every dimension and the visible metrics, in two columns of pairs."""
        self.section(row, self.say("numbers"), range(4))
        rulebook = self.live.rulebook
        dimensions = [rulebook.dimensions[key] for key in self.live.blueprint.dimensions]
        metrics = [rulebook.metrics[key] for key in self.live.blueprint.shown]
        pairs: list[Dimension | MetricDef] = [*dimensions, *metrics]
        deep = max(HITS, (len(pairs) + 1) // 2)
        for at, one in enumerate(pairs):
            place, col = row + 1 + at % deep, 2 * (at // deep)
            self.sheet.write(place, col, one.labels[self.lang], self.look("label"))
            if isinstance(one, Dimension):
                self.put(place, col + 1, self._class(one), "computed", bold=True)
            else:
                self.put(place, col + 1, self._metric(one), "computed", one.unit, align="left", indent=1)
        return row + 1 + deep

    def _class(self, dimension: Dimension) -> Cell:
        mine, auto = self.of_person(dimension.key), self.of_person(f"auto_{dimension.key}")
        now, computed = str(self.person(dimension.key)), str(self.person(f"auto_{dimension.key}"))
        if not dimension.manual:
            return Cell(f'IF({self.at["number"]}=0,"",{mine})', now)
        both = self.spoken("overruled", label=mine, auto=auto)
        formula = f'IF({self.at["number"]}=0,"",IF({mine}={auto},{mine},{both}))'
        return Cell(formula, now if now == computed else self.say("overruled", label=now, auto=computed))

    def _metric(self, metric: MetricDef) -> Cell:
        value, now = self.of_person(metric.key), self.person(metric.key)
        money = metric.unit == "money"
        shown = f'IF({value}="","",{value}/100)' if money else value
        return Cell(
            f'IF({self.at["number"]}=0,"",{shown})', now / 100 if money and not isinstance(now, str) else now
        )

    def fields(self, row: int) -> int:
        """What the customers sheet says: short fields in two columns of pairs, long ones in the third."""
        self.section(row, self.say("fields"))
        columns = [one for one in self.live.blueprint.sheet("customers").columns if one.key != "nickname"]
        short = [one for one in columns if one.width <= _WIDE]
        half = (len(short) + 1) // 2
        long = [one for one in columns if one.width > _WIDE]
        groups = ((0, short[:half]), (2, short[half:]), (_HIDDEN - 2, long))
        for col, group in groups:
            for at, one in enumerate(group, 1):
                self.sheet.write(row + at, col, one.labels[self.lang], self.look("label", text_wrap=True))
                self._field(row + at, col + 1, one)
        deep = max(half, len(long))
        for at in range(deep):
            labels = [(col, group[at]) for col, group in groups if at < len(group)]
            heights = [wrap_height(one.labels[self.lang], _WIDTHS[self.lang][col] - 1) for col, one in labels]
            self.sheet.row(row + 1 + at, max(heights))
        return row + 1 + deep

    def _field(self, row: int, col: int, field: Field) -> None:
        home = self.at["home"]
        now = (
            self.entered.at("customers", field.key, int(self.person("home") or 0))
            if self.person("home")
            else ""
        )
        fetched, kind = self._fetched("customers", field, home, now)
        content = Cell(f'IF({home}=0,"",{fetched.formula})', fetched.value)
        self.put(row, col, content, "computed", kind, align="left", indent=1, text_wrap=True)

    # Her rows

    def rows(self, table: TableKey, row: int) -> int:
        """Her last trades or contacts, newest first: the end of her slice of the sorted rows."""
        self.section(row, self.say(table, count=ROWS))
        known = fields(table)
        for col, key in enumerate(_SHOWN[table]):
            label = known[key].labels[self.lang] if self.layout.has(table, key) else ""
            self.sheet.write(row + 1, col, label, self.look("heading_computed"))
        for at in range(ROWS):
            self._line(table, row + 2 + at, at)
            if table == "contacts":
                self.sheet.row(row + 2 + at, _TWO_LINES)
        first, last = row + 2, row + 1 + ROWS
        ruled = self.look.rule(bg_color=COMPUTED, bottom=1, bottom_color=LINE)
        used = f'=${letter(_HIDDEN)}{first + 1}<>""'
        self.sheet.highlight(Area(first, 0, last, _HIDDEN - 1), used, ruled)
        return row + 2 + ROWS

    def _line(self, table: TableKey, row: int, at: int) -> None:
        low, high = self.at[f"{table}_from"], self.at[f"{table}_to"]
        whole = self.layout.letter(table, "key")
        key = f"INDEX({self.layout.helper}!${whole}:${whole},{high}-{at})"
        formula = f'IF({high}-{at}<MAX({FIRST_ROW},{low}),"",MOD({key},{DAY}))'
        low_now, high_now = (int(self.person(f"{table}_{end}") or 0) for end in ("from", "to"))
        some = high_now - at >= max(FIRST_ROW, low_now)
        line = int(self.live.cached.column(table, "key")[high_now - at - FIRST_ROW]) % DAY if some else 0
        self.put(row, _HIDDEN, Cell(formula, line or ""), kind="number")
        here = cell(row, _HIDDEN)
        for col, name in enumerate(_SHOWN[table]):
            if not self.layout.has(table, name):
                continue
            field = fields(table)[name]
            now = self.entered.at(table, name, line) if line else ""
            content, kind = self._fetched(table, field, here, now)
            shown = Cell(f'IF({here}="","",{content.formula})', content.value)
            side: dict[str, object] = {"indent": 1} if kind == "text" else {}
            wrap = table == "contacts" and kind == "text"
            self.put(row, col, shown, "plain", kind, font_size=SMALL, text_wrap=wrap, **side)

    def _fetched(self, table: TableKey, field: Field, line: str, now: Result) -> tuple[Cell, Kind]:
        """A typed cell, and the kind it is shown as: dates and numbers as they are, all else as text."""
        if field.kind in ("date", "money", "number", "count"):
            typed = self.layout.typed(table, field.key, line)
            return Cell(f'IFERROR(IF({typed}="","",{typed}),"")', now), field.shown_as
        return Cell(typed_text(self.layout, table, field.key, line), as_text(now)), "text"
