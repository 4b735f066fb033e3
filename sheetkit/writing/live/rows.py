"""The rows of every table that rules read: as typed, those that count sorted by customer; and the visits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sheetkit.model.fields import Kind as FieldKind
from sheetkit.model.fields import TableKey, fields, tables
from sheetkit.model.lists import lists
from sheetkit.model.owed import OWED_TABLES
from sheetkit.rules import excel
from sheetkit.rules.tree import Opens
from sheetkit.writing.live import typed
from sheetkit.writing.live.column import DAY, KEY, NOTHING, Formula, HelperColumn
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.owed import Owed
from sheetkit.writing.live.places import HelperPlaces, filters_of
from sheetkit.writing.live.stack import Stack

VISITS = ("qualifies", "before", "visit", "nth")
"""The columns by which a trade opens a visit."""
_LINE = f"ROW()-{FIRST_ROW - 2}"
"""The row of the entry sheet that a row of ``trades_in`` (``contacts_in`` …) reads."""


def _filled(cell: str, kind: FieldKind) -> str:
    """Whether a needed cell holds what its column is for."""
    if kind == "count":
        return f"IF(ISNUMBER({cell}),{cell}>=1,FALSE)"
    numbers = kind in ("money", "number", "percent", "date")
    return f"ISNUMBER({cell})" if numbers else f'IFERROR(LEN(TRIM({cell}&""))>0,FALSE)'


def rows_typed(table: TableKey) -> tuple[str, ...]:
    """The columns of the block of a table's rows in the seller's order: what decides whether they count,
    their key, and what is asked of them there."""
    deciding = tables()[table].deciding
    more = {"trades": ("place",), **dict.fromkeys(OWED_TABLES, ("status",))}.get(table, ())
    return (*([deciding] if deciding else []), "key", *more)


class Rows:
    """The blocks of trades, contacts and every other table that rules read: as typed, and sorted."""

    def __init__(self, places: HelperPlaces, stack: Stack) -> None:
        self.places, self.layout, self.rulebook = places, places.layout, places.rulebook
        self.stack = stack

    def columns(self, table: TableKey) -> Iterator[HelperColumn]:
        """The rows in the seller's order, then those that count in the customers' order."""
        count = self.layout.capacity.rows(table)
        formulas: dict[str, Formula] = {
            "key": partial(self._key, table), "place": self._place, "status": partial(self._status, table)
        }  # fmt: skip
        counted = f"COUNT({self.layout.column(f'{table}_in', 'key', count)})"
        for key in rows_typed(table):
            formula = formulas.get(key) or partial(self._deciding, table)
            above = counted if key == "key" else ""
            yield HelperColumn(f"{table}_in", key, FIRST_ROW, count, formula, above)
        yield from self._sorted(table, count)

    # As typed

    def _deciding(self, table: TableKey, row: int) -> str:
        """The code of the choice that decides whether the row counts; what a blank means where there is no
        such column."""
        key = tables()[table].deciding
        if self.layout.has(table, key):
            return typed.code(self.layout, table, key, _LINE)
        return str(lists()[fields(table)[key].list_key].blank_code)

    def _key(self, table: TableKey, row: int) -> str:
        """The key of a row that counts, "" for one that does not."""
        lay, about = self.layout, tables()[table]
        cell, customer, tests = lay.typed(table, "date", _LINE), "0", []
        if about.people:
            customer = self.stack.customer(table, row)
        for name in about.needs:
            if name == "nickname":
                tests.append(f"{lay.cell('stack', 'found', lay.stack_row(table) + row - FIRST_ROW)}>0")
            elif name != "date":
                tests.append(_filled(lay.typed(table, name, _LINE), fields(table)[name].kind))
        if about.deciding:
            blank = lists()[fields(table)[about.deciding].list_key].blank_code
            tests.append(f"{lay.cell(f'{table}_in', about.deciding, row)}{'>' if blank else '>='}0")
        counts = ",".join([f"ISNUMBER({cell})", *tests])
        value = f"{customer}*{KEY}+{typed.day(cell)}*{DAY}+{_LINE}"
        return f'IF(AND({counts}),IF({typed.day_counts(cell, "analysis_date")},{value},""),"")'

    def _place(self, row: int) -> str:
        """Where the row stands among the sorted ones; 0 where it does not count."""
        own = self.layout.cell("trades_in", "key", row)
        keys = self.layout.column("trades", "key", self.layout.capacity.trades)
        return f'IF({own}="",0,MATCH({own},{keys},1))'

    def _status(self, table: TableKey, row: int) -> str:
        """The code of the status in force; an open one where there is no such column."""
        if self.layout.has(table, "status"):
            return Owed(self.layout).status(table, row)
        return str(lists()[fields(table)["status"].list_key].blank_code)

    # Sorted

    def _sorted(self, table: TableKey, count: int) -> Iterator[HelperColumn]:
        yield HelperColumn(table, "key", FIRST_ROW, count, partial(self._sorted_key, table), "0")
        for name in self.rulebook.raw[table]:
            yield HelperColumn(table, name, FIRST_ROW, count, partial(self._raw, table, name), "0")
        if table == "trades":
            yield from self._visits(count)
        for name, measure in filters_of(self.places.filters, table):
            yield HelperColumn(table, name, FIRST_ROW, count, self.places.filter_formula(table, measure))

    def _sorted_key(self, table: TableKey, row: int) -> str:
        """The next key; how many there are is asked once, since SMALL beyond the last is slow to fail."""
        source = self.layout.column(f"{table}_in", "key", self.layout.capacity.rows(table))
        total = f"${self.layout.letter(f'{table}_in', 'key')}${FIRST_ROW - 1}"
        return f"IF(ROW()-{FIRST_ROW - 1}>{total},{NOTHING},SMALL({source},ROW()-{FIRST_ROW - 1}))"

    def _raw(self, table: TableKey, name: str, row: int) -> str:
        own = f"${self.layout.letter(table, 'key')}{row}"
        return f"IF({own}={NOTHING},0,{self._raw_value(table, name, own, f'MOD({own},{DAY})')})"

    def _raw_value(self, table: TableKey, name: str, own: str, line: str) -> str:
        lay = self.layout
        if name == "day":
            return f"MOD(INT({own}/{DAY}),{DAY})"
        if (f"{table}_in", name) in lay.letters:
            cells = lay.column(f"{table}_in", name, lay.capacity.rows(table))
            return f"MAX(0,INDEX({cells},{line}-1))"
        if not lay.has(table, name):
            return "0"
        cell, kind = lay.typed(table, name, line), fields(table)[name].kind
        if kind == "money":
            return f"IF(ISNUMBER({cell}),{typed.cents(cell)},0)"
        if kind == "date":
            return typed.any_day(cell, "0")
        if kind == "number":
            return f"IF(ISNUMBER({cell}),INT({cell}),0)"
        if kind == "count":
            return f"IF(ISNUMBER({cell}),IF({cell}>=1,INT({cell}),0),0)"
        if not fields(table)[name].coded:
            return typed.place(lay, table, name, line)
        return f"MAX(0,{typed.code(lay, table, name, line)})"

    # Visits

    def _visits(self, count: int) -> Iterator[HelperColumn]:
        """The gap rule: a qualifying trade opens a visit if the last qualifying one lies further back
        than the gap."""
        formulas: tuple[Formula, ...] = (self._qualifies, self._before, self._visit, self._nth)
        for name, formula in zip(VISITS, formulas, strict=True):
            yield HelperColumn("trades", name, FIRST_ROW, count, formula, "0")

    def _opens(self, row: int) -> tuple[str, str]:
        """(the qualifying condition, the gap)."""
        opens = next(one.expr for one in self.rulebook.facts["trades"] if isinstance(one.expr, Opens))
        return excel.opens_conditions(opens, self.places.at(row))

    def _cell(self, key: str, row: int) -> str:
        return self.layout.cell("trades", key, row)

    def _same_customer(self, row: int) -> str:
        return f"INT({self._cell('key', row)}/{KEY})=INT({self._cell('key', row - 1)}/{KEY})"

    def _qualifies(self, row: int) -> str:
        where, _ = self._opens(row)
        return f"IF(AND({self._cell('key', row)}>={KEY},{self._cell('day', row)}>0,{where}),1,0)"

    def _before(self, row: int) -> str:
        """The day of the customer's last qualifying trade before this one; 0 for none."""
        opened, day, earlier = (self._cell(key, row - 1) for key in ("qualifies", "day", "before"))
        return f"IF({self._same_customer(row)},IF({opened}=1,{day},{earlier}),0)"

    def _visit(self, row: int) -> str:
        _, gap = self._opens(row)
        opened, day, last = (self._cell(key, row) for key in ("qualifies", "day", "before"))
        return f"IF({opened}=0,0,IF({last}=0,1,IF({day}-{last}>{gap},1,0)))"

    def _nth(self, row: int) -> str:
        """The how manieth visit of the customer this is."""
        above = f"IF({self._same_customer(row)},{self._cell('nth', row - 1)},0)"
        return f"{above}+{self._cell('visit', row)}"
