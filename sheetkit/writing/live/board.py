"""The figures behind the cards of 看板, and how tables of formulas are written beside its charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sheetkit.analysis.trends import MATURE_DAYS, YEAR_DAYS
from sheetkit.messages import text
from sheetkit.model.days import month_index, to_date, to_day
from sheetkit.writing.live.cached import Value
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.sentence import Said, choose, literal, sentence
from sheetkit.writing.live.shop import shop_places
from sheetkit.writing.look import Kind, fitting_width
from sheetkit.writing.sheet import Area, Sheet, cell

FIGURES = (
    "customers", "buyers", "mature", "again", "rated", "praised",
    "year_money", "year_sales", "month_money", "month_sales", "before",
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A table of the figures: its heading's row, its data rows, its first column, and its headings; one that
    a formula says as its cell."""

    head: int
    last: int
    col: int
    units: Sequence[str]

    def column(self, at: int) -> Area:
        """The cells of a column, its heading left out."""
        return Area(self.head + 1, self.col + at, self.last, self.col + at)

    def a1(self, at: int) -> str:
        """The same for formulas of this sheet."""
        return self.column(at).absolute


Cells = Sequence[tuple[Said, Kind]]


class Board:
    """Writes the tables from ``row`` on at column ``col``, and remembers what their cells hold now."""

    def __init__(self, sheet: Sheet, live: Live, row: int, col: int) -> None:
        self.sheet, self.live, self.look, self.lang = sheet, live, live.look, live.lang
        self.row, self.col = row, col
        self.places = shop_places(live)
        self.trades = live.typed.measured.trades
        self.now: dict[tuple[int, int], Value] = {}
        sheet.write(0, col, text("dashboard.data", self.lang), self.look("title"))
        sheet.write(1, col, text("dashboard.data_about", self.lang), self.look("hint", text_wrap=False))
        labels = text("dashboard.figures", self.lang, days=MATURE_DAYS).split("|")
        sheet.column(col, fitting_width(labels, most=40))
        for at in range(1, 5):
            sheet.column(col + at, 17)

    # Cells

    def _put(self, row: int, at: int, said: Said, kind: Kind) -> None:
        more = {"num_format": "General"} if kind == "text" else {}
        fmt = self.look("computed", kind, **more)
        self.sheet.formula(row, self.col + at, f"={said.formula}", said.value, fmt)
        self.now[row, at] = said.value

    def _title(self, said: Said) -> Said:
        """A chart's title in a line of its own."""
        for at in range(5):
            self.sheet.write(self.row, self.col + at, None, self.look("section"))
        fmt = self.look("section", num_format="General")
        self.sheet.formula(self.row, self.col, f"={said.formula}", said.value, fmt)
        self.row += 1
        return Said(cell(self.row - 1, self.col, fixed=True), said.value)

    def _block(self, headings: Sequence[str | Said], rows: Sequence[Cells], titles: int) -> Block:
        """A table below room for ``titles`` lines."""
        head, units = self.row + titles, list[str]()
        for at, heading in enumerate(headings):
            fmt = self.look("heading", align="left" if at == 0 else "right")
            if isinstance(heading, Said):
                self.sheet.formula(head, self.col + at, f"={heading.formula}", heading.value, fmt)
                units.append(f"={self.sheet.at(head, self.col + at)}")
            else:
                self.sheet.write(head, self.col + at, heading, fmt)
                units.append(heading)
        for line, cells in enumerate(rows, head + 1):
            for at, (said, kind) in enumerate(cells):
                self._put(line, at, said, kind)
        return Block(head, head + len(rows), self.col, units)

    def _end(self, block: Block) -> None:
        self.row = block.last + 2

    def _values(self, block: Block, at: int) -> list[float]:
        found = (self.now[row, at] for row in range(block.head + 1, block.last + 1))
        return [one if isinstance(one, int | float) else 0.0 for one in found]

    def _sum(self, block: Block, at: int) -> Said:
        return Said(f"SUMPRODUCT({block.a1(at)})", sum(self._values(block, at)))

    def _most(self, block: Block, at: int) -> tuple[Said, Said]:
        """(label, value) of the largest."""
        values, column = self._values(block, at), block.a1(at)
        best = max(values)
        place = f"MATCH(MAX({column}),{column},0)"
        label = self.now[block.head + 1 + values.index(best), 0]
        return Said(f"INDEX({block.a1(0)},{place})", label), Said(f"MAX({column})", best)

    def _empty(self, total: Said, name: str, said: Said) -> Said:
        """A title, or the sentence that says what will stand here."""
        none = sentence("dashboard.empty", self.lang, name=Said(literal(name), name))
        return choose(Said(f"{total.formula}<=0", total.number <= 0), none, said)

    # What is counted

    def _count(self, *conditions: tuple[str, str]) -> str:
        parts = (f"{self.live.column('people', key)},{test}" for key, test in conditions)
        return f"COUNTIFS({','.join(parts)})"

    def _people(self, *keys: str) -> list[tuple[float | None, ...]]:
        columns = [self.live.cached.column("people", key) for key in keys]
        return [tuple(number_of(one) for one in line) for line in zip(*columns, strict=True)]

    def _over(self, fact: str, from_day: str = "", to: str = "") -> str:
        """A fact summed over the trades from a day on and before another (both formulas)."""
        day = self.places.column("trades", "day")
        bounds = f"({day}>={from_day})*({day}<{to})*" if from_day else ""
        return f"SUMPRODUCT({bounds}({self.places.column('trades', fact)}))"

    def _summed(self, fact: str, holds: Callable[[int], bool] = lambda day: True) -> float:
        pairs = zip(self.trades["day"], self.trades[fact], strict=True)
        return float(sum(value for day, value in pairs if value and holds(day)))

    def figures(self) -> dict[str, Said]:
        """The numbers on the cards, by key; each as the cell it stands in."""
        as_of, start = self.live.as_of, self._month_day(0)
        people = self._people("visits", "first_day")
        old_enough = as_of - MATURE_DAYS
        mature = [visits for visits, first in people if visits and first is not None and first <= old_enough]
        old = ("first_day", f'"<="&analysis_date-{MATURE_DAYS}')
        year = (f"analysis_date-{YEAR_DAYS - 1}", "analysis_date+1")
        month = (self._month_formula(-1), self._month_formula(0))
        held = sum(one != "" for one in self.live.cached.column("people", "order"))
        facts = {
            "customers": Said(f"COUNT({self.live.column('people', 'order')})", held),
            "buyers": Said(self._count(("visits", '">0"')), sum(1 for visits, _ in people if visits)),
            "mature": Said(self._count(("visits", '">0"'), old), len(mature)),
            "again": Said(self._count(("visits", '">=2"'), old), sum(visits >= 2 for visits in mature)),
            "rated": Said(self._over("rated"), self._summed("rated")),
            "praised": Said(self._over("praised"), self._summed("praised")),
        }
        for key, bounds, holds in (
            ("year", year, partial(within, as_of - YEAR_DAYS + 1, as_of + 1)),
            ("month", month, partial(within, self._month_day(-1), start)),
        ):
            cents, sales = (self._over(fact, *bounds) for fact in ("net", "sale"))
            facts[f"{key}_money"] = Said(f"{cents}/100", self._summed("net", holds) / 100)
            facts[f"{key}_sales"] = Said(sales, self._summed("sale", holds))
        day = self.places.column("trades", "day")
        earlier = sum(one < start for one in self.trades["day"])
        facts["before"] = Said(f'COUNTIFS({day},">0",{day},"<"&{month[1]})', earlier)
        labels = text("dashboard.figures", self.lang, days=MATURE_DAYS).split("|")
        kinds: list[Kind] = ["money" if key.endswith("_money") else "count" for key in FIGURES]
        rows: list[Cells] = [
            [(Said(literal(label), label), "text"), (facts[key], kind)]
            for label, key, kind in zip(labels, FIGURES, kinds, strict=True)
        ]
        block = self._block([text(f"dashboard.{key}", self.lang) for key in ("figure", "number")], rows, 0)
        self._end(block)
        places = {key: cell(row, self.col + 1, fixed=True) for row, key in enumerate(FIGURES, block.head + 1)}
        return {key: Said(places[key], facts[key].value) for key in FIGURES}

    # Months

    def _month_day(self, months: int) -> int:
        """The first day of the analysis date's month, so many months on."""
        at = month_index(self.live.as_of) + months
        return to_day(date(at // 12, at % 12 + 1, 1))

    def _month_formula(self, months: int) -> str:
        month = f"MONTH(analysis_date){months:+d}" if months else "MONTH(analysis_date)"
        return f"DATE(YEAR(analysis_date),{month},1)"

    def last_month(self) -> Said:
        """The last whole month in words."""
        return Said(f'TEXT({self._month_formula(-1)},"yyyy-mm")', month_text(self._month_day(-1)))


def number_of(value: Value) -> float | None:
    """A cell's number; None where it holds none."""
    return value if isinstance(value, int | float) else None


def month_text(day: int) -> str:
    """The month of a day number: ``2026-03``."""
    when = to_date(day)
    return f"{when.year}-{when.month:02d}"


def within(low: int, high: int, day: int) -> bool:
    """Whether a day lies from ``low`` on and before ``high``."""
    return low <= day < high


def part_of(part: Said, whole: Said) -> Said:
    """A share; 0 of nothing."""
    now = part.number / whole.number if whole.number > 0 else 0
    return Said(f"IF({whole.formula}<=0,0,{part.formula}/{whole.formula})", now)
