"""The tables behind the charts of 看板, and the sentences over the charts: what a table shows now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sheetkit.messages import text
from sheetkit.model.days import to_date
from sheetkit.rules.rulebook import Dimension
from sheetkit.writing.live.board import Block, Board, Cells, month_text, number_of, part_of, within
from sheetkit.writing.live.sentence import (
    Said,
    choose,
    count,
    currency_sign,
    literal,
    money,
    sentence,
    share,
)
from sheetkit.writing.report.charts import CHI_SQUARE_6_5_PERCENT, MONTHS_SHOWN, WEEKDAY_LEAST_VISITS
from sheetkit.writing.sheet import letter

_SUM = "report.sales_money"
MONDAY = 2
"""The day number of a Monday (1900-01-01) modulo 7; Saturday is 0."""


class Tables(Board):
    """The charts' tables. Each is written by one method and titled by another, which also closes it."""

    month_axis = ""

    # Months

    def months(self) -> Block:
        """Sales and first visits of the last twelve months, the analysis date's month the last."""
        rows: list[Cells] = []
        first_line = self.row + 4
        for at in range(MONTHS_SHOWN):
            back = at + 1 - MONTHS_SHOWN
            start, stop = self._month_day(back), self._month_day(back + 1)
            here = f"${letter(self.col + 3)}{first_line + at}"
            span = f'">="&{here}', f'"<"&EDATE({here},1)'
            came = [("first_here", one) for one in span]
            # who bought before the ledger began is no newcomer in it
            regulars = self._count(*came, ("field_trades_before", '">0"'))
            arrived = self._people("first_here", "field_trades_before")
            newcomers = sum(first is not None and start <= first < stop and not had for first, had in arrived)
            sold = self._summed("net", partial(within, start, stop)) / 100
            money_formula = self._over("net", here, f"EDATE({here},1)")
            rows.append(
                [
                    (Said(f'TEXT({here},"yy-mm")', month_text(start)[2:]), "text"),
                    (Said(f"{money_formula}/100", sold), "money"),
                    (Said(f"{self._count(*came)}-{regulars}", newcomers), "count"),
                    (Said(self._month_formula(back), start), "date"),
                ]
            )
        keys = ("report.month", "report.sales_money", "report.new_customers", "dashboard.first_day")
        return self._block(self._headings(keys), rows, 2)

    def _headings(self, keys: Sequence[str]) -> list[str | Said]:
        """Headings; that of a sum says in what currency."""
        sums = sentence(_SUM, self.lang, sign=currency_sign())
        return [sums if key == _SUM else text(key, self.lang) for key in keys]

    def month_titles(self, block: Block) -> list[Said]:
        """What the charts of sales and of newcomers say; and, for both, what the month axis is called."""
        total, (month, best) = self._sum(block, 1), self._most(block, 1)
        part = Said(f"{best.formula}/{total.formula}", best.number / total.number if total.number else 0)
        parts = {"total": money(total), "best": money(best), "share": share(part), "month": month}
        sold = sentence("dashboard.chart_months", self.lang, **parts)
        titles = [self._title(self._empty(total, text("dashboard.months", self.lang), sold))]
        total, (month, best) = self._sum(block, 2), self._most(block, 2)
        months = Said(literal(str(MONTHS_SHOWN)), str(MONTHS_SHOWN))
        parts = {"months": months, "total": count(total), "month": month, "count": count(best)}
        came = sentence("report.chart_new", self.lang, **parts)
        titles.append(self._title(self._empty(total, text("dashboard.newcomers", self.lang), came)))
        self.month_axis = f"={self.sheet.at(block.last + 1, self.col)}"
        self._end(block)
        today = to_date(self.live.as_of)
        number = Said("analysis_date-DATE(YEAR(analysis_date),MONTH(analysis_date),1)+1", today.day)
        running = sentence("report.month_running", self.lang, day=number)
        goes_on = to_date(self.live.as_of + 1).month == today.month
        still = Said("MONTH(analysis_date+1)=MONTH(analysis_date)", goes_on)
        self._put(block.last + 1, 0, choose(still, running, sentence("report.month", self.lang)), "text")
        self.row += 1
        return titles

    # Classes

    def _class_rows(self, dimension: Dimension, ranked: bool) -> list[tuple[str, Said]]:
        """(label, how many) of the classes, as they are defined or the best first."""
        classes = sorted(dimension.classes, key=lambda one: -one.rank) if ranked else dimension.classes
        column = self.live.column("people", dimension.key)
        held = self.live.cached.column("people", dimension.key)
        labels = [one.labels[self.lang] for one in classes]
        return [
            (label, Said(f"COUNTIFS({column},${letter(self.col)}{line})", held.count(label)))
            for line, label in enumerate(labels, self.row + 3)
        ]

    def classes(self, key: str) -> Block:
        """How many customers each class of a dimension holds."""
        dimension = self.live.rulebook.dimensions[key]
        rows: list[Cells] = [
            [(Said(literal(label), label), "text"), (held, "count")]
            for label, held in self._class_rows(dimension, ranked=False)
        ]
        return self._block([dimension.labels[self.lang], text("report.customers", self.lang)], rows, 1)

    def class_title(self, key: str, block: Block) -> Said:
        """Which class is the largest."""
        total, (label, most) = self._sum(block, 1), self._most(block, 1)
        part = Said(f"{most.formula}/{total.formula}", most.number / total.number if total.number else 0)
        parts = {"total": count(total), "label": label, "count": count(most), "share": share(part)}
        said = sentence("report.chart_classes", self.lang, **parts)
        title = self._title(self._empty(total, self.live.rulebook.dimensions[key].labels[self.lang], said))
        self._end(block)
        return title

    def tiers(self, key: str) -> Block:
        """What share of customers and of revenue each class of a dimension has, the best class first."""
        live, dimension = self.live, self.live.rulebook.dimensions[key]
        column, revenue = (live.column("people", one) for one in (key, "revenue"))
        cached = live.cached
        held = list(zip(cached.column("people", key), cached.column("people", "revenue"), strict=True))
        everything = sum(number_of(cents) or 0 for _, cents in held) / 100
        found = self._class_rows(dimension, ranked=True)
        people = sum(one.number for _, one in found)
        top, end = self.row + 3, self.row + 2 + len(found)
        at = [letter(self.col + one) for one in range(5)]
        rows: list[Cells] = []
        for line, (label, many) in enumerate(found, top):
            money_now = sum(number_of(cents) or 0 for name, cents in held if name == label) / 100
            ends = (f"${one}${top}:${one}${end}" for one in (at[1], at[3]))
            sums = [f"SUMPRODUCT({one})" for one in ends]
            shares = [
                part_of(Said(f"{at[1]}{line}", many.number), Said(sums[0], people)),
                part_of(Said(f"{at[3]}{line}", money_now), Said(sums[1], everything)),
            ]
            spent = Said(f"SUMIFS({revenue},{column},${at[0]}{line})/100", money_now)
            rows.append(
                [
                    (Said(literal(label), label), "text"), (many, "count"), (shares[0], "percent"),
                    (spent, "money"), (shares[1], "percent"),
                ]
            )  # fmt: skip
        keys = ("report.customers", "report.share_people", "report.sales_money", "report.share_money")
        return self._block([dimension.labels[self.lang], *self._headings(keys)], rows, 1)

    def tier_title(self, key: str, block: Block) -> Said:
        """What the best class that holds anybody brings."""
        label, people, brought = (block.a1(at) for at in (0, 2, 4))
        total = self._sum(block, 3)
        lines = block.last - block.head
        place = f"({lines + 1}-SUMPRODUCT(MAX(({people}>0)*({block.last + 2}-ROW({people})))))"
        found = [at for at, one in enumerate(self._values(block, 2)) if one > 0]
        first = block.head + 1 + (found[0] if found else 0)
        parts = {
            "label": Said(f"INDEX({label},{place})", self.now[first, 0]),
            "people": share(Said(f"INDEX({people},{place})", self.now[first, 2])),
            "money": share(Said(f"INDEX({brought},{place})", self.now[first, 4])),
        }
        said = sentence("report.chart_tiers", self.lang, **parts)
        title = self._title(self._empty(total, self.live.rulebook.dimensions[key].labels[self.lang], said))
        self._end(block)
        return title

    # Weekdays

    def weekdays(self) -> Block:
        """Visits of Monday to Sunday: a day number modulo 7 is 2 on Mondays, 0 on Saturdays."""
        day, visit = (self.places.column("trades", key) for key in ("day", "visit"))
        rows: list[Cells] = []
        for at, name in enumerate(text("report.weekdays", self.lang).split()):
            code = (MONDAY + at) % 7
            here = f"${letter(self.col + 2)}{self.row + 3 + at}"
            seen = self._summed("visit", partial(_on_weekday, code))
            visits = Said(f"SUMPRODUCT((MOD({day},7)={here})*{visit})", seen)
            number = Said(str(code), code)
            rows.append([(Said(literal(name), name), "text"), (visits, "count"), (number, "count")])
        keys = ("report.weekday", "report.visits", "dashboard.day_code")
        return self._block([text(key, self.lang) for key in keys], rows, 1)

    def weekday_title(self, block: Block) -> Said:
        """Which day is best, where more than chance says so."""
        total, (label, most) = self._sum(block, 1), self._most(block, 1)
        mean = total.number / 7
        spread = sum((one - mean) ** 2 for one in self._values(block, 1)) / mean if mean else 0
        formula = f"SUMPRODUCT(({block.a1(1)}-{total.formula}/7)^2)/({total.formula}/7)"
        uneven = Said(f"{formula}>{CHI_SQUARE_6_5_PERCENT}", spread > CHI_SQUARE_6_5_PERCENT)
        part = Said(f"{most.formula}/{total.formula}", most.number / total.number if total.number else 0)
        best = sentence("report.chart_weekdays", self.lang, day=label, share=share(part))
        even = sentence("report.chart_weekdays_even", self.lang, count=count(total))
        least = Said(literal(str(WEEKDAY_LEAST_VISITS)), str(WEEKDAY_LEAST_VISITS))
        few = sentence("dashboard.chart_weekdays_few", self.lang, count=count(total), least=least)
        enough = Said(f"{total.formula}>={WEEKDAY_LEAST_VISITS}", total.number >= WEEKDAY_LEAST_VISITS)
        said = choose(enough, choose(uneven, best, even), few)
        title = self._title(self._empty(total, text("dashboard.weekdays", self.lang), said))
        self._end(block)
        return title


def _on_weekday(code: int, day: int) -> bool:
    return day % 7 == code
