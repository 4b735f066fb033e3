"""The first sheet, 今天: the analysis date, three steps, what is due with words to copy, payments that
are waited for.

``TODAY()`` stands in one cell of this sheet, which only this sheet reads: everything else goes by the
analysis date,
so that a keystroke does not recalculate the whole workbook.
"""

from __future__ import annotations

from sheetkit.model.fields import tables
from sheetkit.writing.live.due import DueList
from sheetkit.writing.live.entered import Cell, quoted
from sheetkit.writing.live.live import Live
from sheetkit.writing.look import AMBER_INK, FAINT
from sheetkit.writing.sheet import Area, Help, Sheet, cell, define_name

STALE_DAYS = 7
"""An analysis date older than this is said to be stale."""


def write_today(sheet: Sheet, live: Live) -> None:
    """Write the first sheet and define the name ``analysis_date``."""
    writer = _Today(sheet, live)
    row = writer.dates(writer.top())
    row = writer.examples(writer.steps(row + 1))
    row = writer.due(row + 1)
    writer.payments(row + 1)
    sheet.page(repeat_rows=0)
    sheet.raw.fit_to_pages(1, 1)
    sheet.protect(sorting=False)


class _Today(DueList):
    def top(self) -> int:
        blueprint, sheet = self.live.blueprint, self.sheet
        sheet.write(0, 0, self.name("today"), self.look("title"))
        sheet.row(0, 30)
        about = self.say("about", template=blueprint.labels[self.lang], version=blueprint.version)
        sheet.write(0, 1, about, self.look("hint", text_wrap=False))
        others = [one.key for one in blueprint.sheets if one.key != "today"]
        across = (len(others) + 1) // 2
        for at, key in enumerate(others):
            self._link(1 + at // across, at % across, key)
        return 3

    def _link(self, row: int, col: int, key: str) -> None:
        sheet_name = self.name(key).replace("'", "''")
        self.sheet.link(row, col, f"internal:'{sheet_name}'!A1", f"→ {self.name(key)}", self.look("link"))

    def dates(self, row: int) -> int:
        """The analysis date and what to say about it, today, the last trade, rows beyond the formulas."""
        sheet, as_of = self.sheet, self.live.as_of
        sheet.write(row, 0, self.say("analysis_date"), self.look("label", bold=True))
        sheet.write(row, 1, as_of, self.look("entry", "date", locked=False, align="center", bold=True))
        sheet.hint(Area(row, 1, row, 1), Help(self.say("analysis_date"), self.say("date_help")))
        define_name(sheet.book, "analysis_date", f"={sheet.at(row, 1)}")
        here, self.now = cell(row, 1, fixed=True), cell(row + 1, 1, fixed=True)
        stale = self.spoken("date_stale", days=f"({self.now}-INT({here}))")
        late, wrong, fine = (quoted(self.say(f"date_{one}")) for one in ("late", "wrong", "fine"))
        early = f"IF({self.now}-{here}>{STALE_DAYS},{stale},IF({here}-{self.now}>1,{late},{fine}))"
        self.put(row, 2, Cell(f"IF(ISNUMBER({here}),{early},{wrong})", self.say("date_fine")), indent=1)
        sheet.write(row + 1, 0, self.say("now"), self.look("label"))
        self.put(row + 1, 1, Cell("TODAY()", as_of), "computed", "date")
        self.put(row + 1, 2, self._last_trade(), indent=1)
        self.put(row + 2, 0, self._beyond(), font_color=AMBER_INK, bold=True)
        sheet.highlight(Area(row, 2, row, 2), f'=LEFT({cell(row, 2)},1)="⚠"', self.amber())
        return row + 3

    def _last_trade(self) -> Cell:
        none = self.say("last_none", sheet=self.name("trades"))
        last = f"MAX({self.live.column('trades', 'day')})"
        some = self.spoken("last_days", days=f"({self.now}-{last})")
        recent = f"IF({last}>={self.now},{quoted(self.say('last_today'))},{some})"
        now = max((int(one) for one in self.live.cached.column("trades", "day")), default=0)
        ago = self.live.as_of - now
        said = self.say("last_days", days=ago) if ago > 0 else self.say("last_today")
        return Cell(f"IF({last}=0,{quoted(none)},{recent})", said if now else none)

    def _beyond(self) -> Cell:
        """Rows and customers that the formulas do not reach; written rows all have room."""
        capacity = self.layout.capacity
        counts = []
        for table in self.live.blueprint.entry_tables:
            first = self.layout.entry_letters[table][tables()[table].needs[0]]
            below = f"${first}${capacity.rows(table) + 2}:${first}$1048576"
            counts.append(f"COUNTA({self.layout.sheet(table)}!{below})")
        running = self.layout.outside("stack", "running", self.layout.stack_rows)
        most = max((int(one) for one in self.live.cached.column("stack", "running")), default=0)
        rows, people = f"({'+'.join(counts)})", f"(MAX({running})-{capacity.customers})"
        lines = f'IF({rows}>0,{self.spoken("beyond", count=rows)},"")'
        customers = f'IF({people}>0,{self.spoken("beyond_customers", count=people)},"")'
        do, extra = self.say("beyond_do"), most - capacity.customers
        formula = f'{lines}&{customers}&IF(OR({rows}>0,{people}>0),{quoted(do)},"")'
        return Cell(formula, self.say("beyond_customers", count=extra) + do if extra > 0 else "")

    def steps(self, row: int) -> int:
        """The template's steps, each beside a link to the sheet it speaks of."""
        self.section(row, self.say("steps"))
        for at, step in enumerate(self.live.blueprint.steps, 1):
            said = step[self.lang]
            self.sheet.write(row + at, 1, said, self.look())
            spoken_of = (key for key in self.live.blueprint.entry_tables if self.name(key) in said)
            number = self.say("step", number=at)
            if (key := next(spoken_of, None)) is None:
                self.sheet.write(row + at, 0, number, self.look())
            else:
                target = self.name(key).replace("'", "''")
                self.sheet.link(row + at, 0, f"internal:'{target}'!A1", f"{number} →", self.look("link"))
        return row + 1 + len(self.live.blueprint.steps)

    def examples(self, row: int) -> int:
        """A line of each kind in one cell, so that no reader ever takes it for a table."""
        for at, table in enumerate(("trades", "contacts")):
            shown = [
                self.say("example", label=one.labels[self.lang], value=one.example[self.lang])
                for one in self.live.blueprint.sheet(table).columns
                if one.example[self.lang]
            ]
            faint = self.look("plain", font_color=FAINT)
            self.sheet.write(row + at, 0, self.say("such_as", sheet=self.name(table)), faint)
            self.sheet.write(row + at, 1, " | ".join(shown), faint)
        return row + 2
