"""The helper sheet 计算 as a whole: which columns stand in which letters, and the shop's figures."""

from __future__ import annotations

from collections.abc import Iterator

from sheetkit.rules import excel
from sheetkit.rules.rulebook import Rulebook
from sheetkit.rules.tree import ModeShare, Quantile, walk
from sheetkit.writing.live import birthdays
from sheetkit.writing.live.column import HelperColumn
from sheetkit.writing.live.layout import Layout
from sheetkit.writing.live.owed import Owed
from sheetkit.writing.live.people import People
from sheetkit.writing.live.places import FilterKey, HelperPlaces, filter_key, filters_of
from sheetkit.writing.live.rows import VISITS, Rows, rows_typed
from sheetkit.writing.live.stack import Stack


class Helper:
    """Hands out the letters of a layout and builds the columns."""

    def __init__(self, layout: Layout, rulebook: Rulebook) -> None:
        self.layout = layout
        self.rulebook = rulebook
        self.filters = self._filters()
        self.places = HelperPlaces(layout, rulebook, self.filters)
        self._hand_out_letters()

    def _filters(self) -> dict[FilterKey, str]:
        found: dict[FilterKey, str] = {}
        rules = [one.expr for one in self.rulebook.figures.values()]
        rules += [one.expr for one in self.rulebook.metrics.values()]
        for expr in rules:
            for part in walk(expr):
                if isinstance(part, Quantile | ModeShare):
                    found.setdefault(filter_key(part), f"filter_{len(found)}")
        return found

    def _hand_out_letters(self) -> None:
        add, raw = self.layout.add, self.rulebook.raw

        def filtered(block: str) -> list[str]:
            return [key for key, _ in filters_of(self.filters, block)]

        add("stack", ("name", "id", "beside", "called", "found", "running"))
        add("home", ("aliases", "id", "joined"))
        for table, columns in raw.items():
            add(f"{table}_in", rows_typed(table))
            visits = VISITS if table == "trades" else ()
            add(table, ("key", *columns, *visits, *filtered(table)))
        add("owed", ("todo",))
        spans = [f"{table}_{end}" for table in raw for end in ("from", "to")]
        own = [f"field_{key}" for key in self.rulebook.customer_fields]
        classes = [f"auto_{key}" for key in self.rulebook.dimensions]
        add(
            "people",
            ("number", "place", "present", "name", "home", *own, *spans, *self.rulebook.metrics, *classes),
        )
        near = birthdays.COLUMNS if birthdays.reminds(self.layout) else ()
        add("people", (*self.rulebook.dimensions, "order", *near, *filtered("people")))
        add("figures", ("key", "value"))

    def columns(self) -> Iterator[HelperColumn]:
        """Every formula column."""
        stack = Stack(self.layout)
        rows = Rows(self.places, stack)
        yield from stack.columns()
        for table in self.rulebook.raw:
            yield from rows.columns(table)
        yield from Owed(self.layout).columns()
        yield from People(self.places).columns()

    def figures(self) -> Iterator[tuple[str, str]]:
        """(figure key, formula) in row order."""
        shop = HelperPlaces(self.layout, self.rulebook, self.filters, shop=True)
        for key, figure in self.rulebook.figures.items():
            yield key, excel.as_number(figure.expr, shop)
