"""The live sheet 客户分类: a row a customer with her classes and figures, in the order one cell chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sheetkit.messages import text
from sheetkit.model.fields import TableKey
from sheetkit.rules import excel
from sheetkit.rules.evaluate import truth
from sheetkit.rules.rulebook import Dimension
from sheetkit.rules.tree import Choose, Expr
from sheetkit.rules.words import Person
from sheetkit.writing.live.cached import Value
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.sentence import Said, choose, count, literal, sentence, with_sign
from sheetkit.writing.live.shop import day_text, outside_line, rows_outside, sheet_name, shop_places
from sheetkit.writing.look import (
    AMBER,
    AMBER_INK,
    COMPUTED,
    COMPUTED_MARK,
    INK,
    LINE,
    ROW_HEIGHT,
    WHITE,
    Kind,
    fitting_width,
    wrap_height,
)
from sheetkit.writing.sheet import Area, Help, Sheet, cell, define_name, letter

TITLE, ABOUT, COUNT, RFM, OUTSIDE, HEADER = range(6)
TOP = HEADER + 1
NUMBER, NAME, ORDER_LABEL, ORDER, LINK = 0, 1, 2, 3, 5
LINES = ORDER_LABEL
"""Columns. ``NUMBER`` is hidden; its cells above the table hold what the lines count. The lines begin right
of the name, which is repeated on every paper."""
MODE, COUNTED, OUT = 0, 1, 2
"""Rows of the hidden cells: the order's number, the customers, and from ``OUT`` on the rows outside the
formulas."""
CLASS_TINT = 0.84
FILTER_BUTTON = 3
"""How wide a heading's filter button and mark are, in characters."""


def write_classes(sheet: Sheet, live: Live) -> None:
    """Writes the sheet and defines the name ``classes_order``: 1 as entered, 2 revenue, 3 latest, 4
    visits, 5 class."""
    writer = _Writer(sheet, live)
    writer.head()
    writer.order()
    writer.lines()
    writer.table()
    writer.marks()
    writer.page()


@dataclass(frozen=True)
class _Col:
    """A column of the table: the formula of a row (counted from 1), and the value for a customer (from 0)."""

    header: str
    kind: Kind
    width: float
    formula: Callable[[int], str]
    value: Callable[[int], Value]


class _Writer:
    def __init__(self, sheet: Sheet, live: Live) -> None:
        self.sheet, self.live, self.look, self.lang = sheet, live, live.look, live.lang
        sheet.raw.set_default_row(ROW_HEIGHT)
        self.room = live.layout.capacity.customers
        self.dimensions = [live.rulebook.dimensions[key] for key in live.blueprint.dimensions]
        self.manual = next((one for one in self.dimensions if one.manual), None)
        self.metrics = [live.rulebook.metrics[key] for key in live.blueprint.shown]
        self.overruled_at = NAME + 1 + len(self.dimensions) + len(self.metrics)
        self.columns = list(self._columns())
        self.last = NAME + len(self.columns) - 1

    def say(self, key: str, **parts: object) -> str:
        return text(key, self.lang, **parts)

    def name_of(self, key: str) -> str:
        return self.live.blueprint.sheet(key).labels[self.lang]

    # Above the table

    def head(self) -> None:
        """What the sheet is, as of when, and the ways on."""
        sheet, look = self.sheet, self.look
        sheet.write(TITLE, NAME, self.name_of("classes"), look("title"))
        sheet.row(TITLE, 30)
        names = {key: sheet_name(self.live, key) for key in ("settings", "customers")}
        about = sentence("classes.about", self.lang, day=day_text(self.live), **names)
        self._line(ABOUT, about)
        for at, key in enumerate(("settings", "customers", "dashboard")):
            target = f"internal:{self.live.layout.sheet(key)}!A1"
            sheet.link(TITLE, LINK + 2 * at, target, f"→ {self.name_of(key)}", look("link", valign="vcenter"))

    def order(self) -> None:
        """The cell that chooses the order, and its number behind it."""
        sheet, look = self.sheet, self.look
        orders = self.say("classes.orders").split("|")
        label = look("plain", "text", align="right", num_format="General")
        sheet.write(TITLE, ORDER_LABEL, self.say("classes.order"), label)
        sheet.write(TITLE, ORDER, orders[0], look("entry", locked=False, bold=True, shrink=True))
        advice = Help(self.say("classes.order_title"), self.say("classes.order_help"))
        sheet.choices(Area(TITLE, ORDER, TITLE, ORDER), orders, advice)
        names = ",".join(map(literal, orders))
        chosen = f"=IFERROR(MATCH({cell(TITLE, ORDER, fixed=True)},{{{names}}},0),1)"
        sheet.formula(MODE, NUMBER, chosen, 1, look("computed", "count"))
        define_name(sheet.book, "classes_order", f"={sheet.at(MODE, NUMBER)}")

    def lines(self) -> None:
        """How many customers there are, the RFM cut points in force, and the rows outside the formulas."""
        live = self.live
        order, hidden = live.column("people", "order"), self.look("computed", "count")
        total = sum(one != "" for one in live.cached.column("people", "order"))
        self.sheet.formula(COUNTED, NUMBER, f"=COUNT({order})", total, hidden)
        counted = Said(cell(COUNTED, NUMBER, fixed=True), total)
        visits = live.cached.column("people", "visits")
        bought = sum(isinstance(one, int | float) and one > 0 for one in visits)
        buyers = Said(f'COUNTIFS({live.column("people", "visits")},">0")', bought)
        parts = {"count": count(counted), "buyers": count(buyers), "overruled": count(self._overruled())}
        none = sentence("classes.none", self.lang, trades=sheet_name(live, "trades"))
        empty = Said(f"{counted.formula}=0", total == 0)
        self._line(COUNT, choose(empty, none, sentence("classes.count", self.lang, **parts)))
        if "r_cut_1" in live.rulebook.figures:
            self._line(RFM, self._rfm())
        outside: dict[TableKey, Said] = {}
        for row, (key, said) in enumerate(rows_outside(live).items(), OUT):
            self.sheet.formula(row, NUMBER, f"={said.formula}", said.value, hidden)
            outside[key] = Said(cell(row, NUMBER, fixed=True), said.value)
        self._line(OUTSIDE, outside_line(live, outside))

    def _line(self, row: int, said: Said) -> None:
        self.sheet.formula(row, LINES, f"={said.formula}", said.value, self.look("hint", text_wrap=False))

    def _overruled(self) -> Said:
        if self.manual is None:
            return Said("0", 0)
        keys = f"auto_{self.manual.key}", self.manual.key
        auto, own = (self.live.column("people", key) for key in keys)
        now = zip(*(self.live.cached.column("people", key) for key in keys), strict=True)
        return Said(f"SUMPRODUCT(({auto}<>{own})*1)", sum(one != other for one, other in now))

    def _rfm(self) -> Said:
        live = self.live
        parts: dict[str, Said] = {}
        for score in "rfm":
            cuts = [Said(*live.figure(f"{score}_cut_{at}")) for at in range(1, 5)]
            money = live.rulebook.figures[f"{score}_cut_1"].unit == "money"
            shown = [count(Said(f"{one.formula}/100", one.number / 100) if money else one) for one in cuts]
            joined = Said(
                '&"/"&'.join(one.formula for one in shown), "/".join(str(one.value) for one in shown)
            )
            parts[score] = with_sign(joined) if money else joined
            parts[f"{score}_kind"] = self._kind(live.rulebook.figures[f"{score}_cut_1"].expr)
        buyers = Said(*live.figure("buyers"))
        none = Said(f"{buyers.formula}=0", buyers.number == 0)
        said = sentence("classes.rfm", self.lang, **parts)
        return choose(none, sentence("classes.rfm_none", self.lang), said)

    def _kind(self, cut: Expr) -> Said:
        """Whether a score's cut points are the shop's own fifths or the fixed ones."""
        assert isinstance(cut, Choose)
        live = self.live
        person = Person({}, live.typed.measured.figures, live.typed.thresholds)
        own = Said(excel.excel(cut.condition, shop_places(live)), truth(cut.condition, person))
        return choose(own, sentence("classes.rfm_own", self.lang), sentence("classes.rfm_fixed", self.lang))

    # The table

    def _columns(self) -> Iterator[_Col]:
        yield _Col(self.say("classes.name"), "text", 20, self._read("name"), self._now("name"))
        for one in self.dimensions:
            labels = [each.labels[self.lang] for each in one.classes]
            hand = f" · {self.say('classes.by_hand')}" if one.manual else ""
            widest = [f"{one.labels[self.lang]}    ", *(label + hand for label in labels)]
            width = fitting_width(widest, least=12, most=24)
            yield _Col(one.labels[self.lang], "text", width, self._read(one.key), self._now(one.key))
        for metric in self.metrics:
            header, money = metric.labels[self.lang], metric.unit == "money"
            width = 13 if metric.unit in ("date", "money") else fitting_width([header], least=11, most=15)
            formula, value = self._read(metric.key, money), self._now(metric.key, money)
            yield _Col(header, metric.unit, width, formula, value)
        if self.manual is not None:
            yield from self._by_hand(self.manual)

    def _read(self, key: str, money: bool = False) -> Callable[[int], str]:
        column = self.live.column("people", key)

        def formula(row: int) -> str:
            found = f"INDEX({column},$A{row})"
            return f'IF($A{row}="","",{f"""IF({found}="","",{found}/100)""" if money else found})'

        return formula

    def _now(self, key: str, money: bool = False) -> Callable[[int], Value]:
        def value(at: int) -> Value:
            one = self.live.person(key, at)
            return one / 100 if money and isinstance(one, int | float) else one

        return value

    def _by_hand(self, dimension: Dimension) -> Iterator[_Col]:
        """Where the seller overruled a class: the one the rules give, and her reason."""
        live, layout = self.live, self.live.layout
        auto, own = (live.column("people", key) for key in (f"auto_{dimension.key}", dimension.key))
        here = f"${letter(self.overruled_at)}"

        def value(at: int) -> Value:
            by_rule = live.person(f"auto_{dimension.key}", at)
            return "" if by_rule == live.person(dimension.key, at) else by_rule

        def formula(row: int) -> str:
            by_rule = f"INDEX({auto},$A{row})"
            return f'IF($A{row}="","",IF({by_rule}=INDEX({own},$A{row}),"",{by_rule}))'

        yield _Col(self.say("classes.auto"), "text", 16, formula, value)
        if not layout.has("customers", "manual_reason"):
            return
        home = live.column("people", "home")
        reasons = live.typed.book.tables["customers"].column("manual_reason")

        def why(row: int) -> str:
            typed = layout.typed("customers", "manual_reason", f"INDEX({home},$A{row})")
            return f'IF({here}{row}="","",IFERROR({typed}&"",""))'

        def why_now(at: int) -> Value:
            place = live.typed.identity.home[at] if value(at) else None
            return "" if place is None else reasons[place] or ""

        yield _Col(self.say("classes.reason"), "text", 30, why, why_now)

    def table(self) -> None:
        """The headings and a row for every customer there is room for."""
        sheet, look = self.sheet, self.look
        sheet.column(NUMBER, 8, hidden=True)
        for col, one in enumerate(self.columns, NAME):
            sheet.column(col, one.width)
            sheet.write(HEADER, col, one.header, look("heading", num_format=f'@" {COMPUTED_MARK}"'))
        sheet.row(HEADER, max(wrap_height(one.header, one.width - FILTER_BUTTON) for one in self.columns))
        order, values = self.live.column("people", "order"), self.live.cached.column("people", "order")
        ranked = [at for _, at in sorted((-float(one), at) for at, one in enumerate(values) if one != "")]
        counted = cell(COUNTED, NUMBER, fixed=True)
        formats = [look("plain", one.kind, **_more(one.kind)) for one in self.columns]
        for at in range(self.room):
            line = TOP + at + 1
            place = f"ROW()-{TOP}"
            number = f'=IF({place}>{counted},"",MATCH(LARGE({order},{place}),{order},0))'
            who = ranked[at] if at < len(ranked) else None
            sheet.formula(TOP + at, NUMBER, number, "" if who is None else who + 1, look("computed", "count"))
            for col, (one, fmt) in enumerate(zip(self.columns, formats, strict=True), NAME):
                value = "" if who is None else one.value(who)
                sheet.formula(TOP + at, col, f"={one.formula(line)}", value, fmt)

    # What stands out: the word says it, the colour only helps

    def marks(self) -> None:
        """Classes in their colours, a class set by hand, and lines under the rows that hold somebody."""
        sheet, look, last = self.sheet, self.look, TOP + self.room - 1
        overruled = f'${letter(self.overruled_at)}{TOP + 1}<>""'
        by_hand = {"num_format": f'@" · {self.say("classes.by_hand")}"'}
        for col, dimension in enumerate(self.dimensions, NAME + 1):
            area = Area(TOP, col, last, col)
            for one in dimension.classes:
                here = f"{cell(TOP, col)}={literal(one.labels[self.lang])}"
                shade = _shade(one.color, col == NAME + 1)
                # a program may stop at the first rule that holds, so that each says everything
                if dimension is self.manual:
                    sheet.highlight(area, f"=AND({here},{overruled})", look.rule(**shade, **by_hand))
                sheet.highlight(area, f"={here}", look.rule(**shade))
        held = look.rule(bg_color=COMPUTED, bottom=1, bottom_color=LINE)
        sheet.highlight(Area(TOP, NAME, last, self.last), f'=$A{TOP + 1}<>""', held)
        warning = look.rule(bg_color=AMBER, font_color=AMBER_INK, bold=True)
        line = Area(OUTSIDE, LINES, OUTSIDE, self.last)
        sheet.highlight(line, f'={cell(OUTSIDE, LINES, fixed=True)}<>""', warning)

    def page(self) -> None:
        """Names and headings in view and on every page; filters work, typing does not."""
        sheet, last = self.sheet, TOP + self.room - 1
        sheet.filter(Area(HEADER, NAME, last, self.last))
        sheet.freeze(TOP, NAME + 1)
        sheet.page(repeat_rows=0, across=2)
        sheet.raw.repeat_rows(HEADER)
        sheet.raw.repeat_columns(NUMBER, NAME)
        sheet.numbers_as_text(Area(TOP, NAME, last, NAME))
        sheet.protect()


def _more(kind: Kind) -> dict[str, object]:
    """Texts come from formulas, so that "@" must not stand in their cells."""
    return {"font_color": INK, **({"num_format": "General", "indent": 1} if kind == "text" else {})}


def _shade(color: str, first: bool) -> dict[str, object]:
    """How a class looks: ink and a bar in its colour, in the first dimension a tint as well."""
    return {
        "font_color": _mixed(color, "#000000", 0.25),
        "bg_color": _mixed(color, WHITE, CLASS_TINT) if first else COMPUTED,
        "bold": first,
        "left": 1,
        "left_color": color,
        "bottom": 1,
        "bottom_color": LINE,
    }


def _mixed(color: str, other: str, part: float) -> str:
    """``color`` with ``part`` of ``other`` in it."""
    pairs = zip(bytes.fromhex(color[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(one * (1 - part) + two * part):02X}" for one, two in pairs)
