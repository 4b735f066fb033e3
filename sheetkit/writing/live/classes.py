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
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.places import HelperPlaces
from sheetkit.writing.live.sentence import Said, choose, count, literal, sentence
from sheetkit.writing.look import AMBER, AMBER_INK, COMPUTED, COMPUTED_MARK, INK, LINE, Kind, fitting_width
from sheetkit.writing.sheet import Area, Help, Sheet, cell, define_name, letter

TITLE, ABOUT, COUNT, RFM, OUTSIDE, HEADER = range(6)
TOP = HEADER + 1
NUMBER, NAME, ORDER_LABEL, ORDER, LINK = 0, 1, 2, 3, 5
"""Columns. ``NUMBER`` is hidden; its cells above the table hold what the lines above count."""
MODE, COUNTED, OUT = 0, 1, 2
"""Rows of the hidden cells: the order's number, the customers, and from ``OUT`` on the rows outside the formulas."""
BY_CLASS_TINT = 0.84
_OUTSIDE_TABLES: tuple[TableKey, ...] = ("customers", "trades", "contacts")


class ShopPlaces(HelperPlaces):
    """The shop's rows and figures as formulas of other sheets name them."""

    def figure(self, key: str) -> str:
        """A figure's cell on the helper sheet."""
        return f"{self.layout.helper}!{super().figure(key)}"

    def column(self, table: str, key: str) -> str:
        """All rows of a helper column, or of a fact over them."""
        fact = self._fact(table, key)  # type: ignore[arg-type]  # a table of the rulebook
        if fact is not None:
            return excel.over_rows(fact.expr, self)
        return self.layout.outside(table, key, self.layout.capacity.rows(table))  # type: ignore[arg-type]


def shop_places(live: Live) -> ShopPlaces:
    """The addresses for formulas of the live sheets."""
    return ShopPlaces(live.layout, live.rulebook, live.helper.filters, shop=True)


def rows_outside(live: Live) -> dict[TableKey, Said]:
    """How many customers, and rows of trades and contacts, stand beyond the reach of the formulas."""
    layout = live.layout
    last = f"{layout.helper}!${layout.letter('stack', 'running')}${FIRST_ROW + layout.capacity.stack - 1}"
    more = max(0, len(live.typed.identity) - layout.capacity.customers)
    result: dict[TableKey, Said] = {}
    for table in _OUTSIDE_TABLES:
        key, counting = ("nickname", "COUNTA") if table == "customers" else ("date", "COUNT")
        column, most = layout.typed_column(table, key), layout.capacity.rows(table) + 1
        formula = f"{counting}({column})-{counting}(INDEX({column},1):INDEX({column},{most}))"
        rows = live.typed.book.tables[table]
        beyond = sum(row > most and one is not None for row, one in zip(rows.row, rows.column(key), strict=True))
        if table == "customers":
            formula, beyond = f"MAX(0,{last}-{layout.capacity.customers})+{formula}", more + beyond
        result[table] = Said(formula, beyond)
    return result


def outside_line(live: Live, parts: dict[TableKey, Said]) -> Said:
    """The sentence that says so; "" where all stand inside."""
    room = str(live.layout.capacity.customers)
    said = {key: count(one) for key, one in parts.items()}
    line = sentence("classes.outside", live.lang, room=Said(literal(room), room), **said)
    none = Said("+".join(one.formula for one in parts.values()) + "=0", not any(one.value for one in parts.values()))
    return choose(none, Said('""', ""), line)


def day_text(live: Live) -> Said:
    """The analysis date in words."""
    shown = to_date(live.as_of).isoformat()
    return Said('TEXT(analysis_date,"yyyy-mm-dd")', shown)


def write_classes(sheet: Sheet, live: Live) -> None:
    """Writes the sheet and defines the name ``classes_order``: 1 as entered, 2 revenue, 3 latest, 4 visits, 5 class."""
    writer = _Writer(sheet, live)
    writer.head()
    writer.order()
    writer.lines()
    writer.table()
    writer.marks()
    writer.page()
