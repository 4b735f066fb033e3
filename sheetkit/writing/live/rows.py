"""The rows of trades and contacts: as typed, those that count sorted by customer, and which open a visit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sheetkit.model.fields import fields
from sheetkit.model.lists import lists
from sheetkit.rules import excel
from sheetkit.rules.tree import Opens
from sheetkit.writing.live import typed
from sheetkit.writing.live.column import DAY, KEY, NOTHING, Formula, HelperColumn, RowTable
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.places import HelperPlaces, filters_of
from sheetkit.writing.live.stack import Stack

VISITS = ("qualifies", "before", "visit", "nth")
"""The columns by which a trade opens a visit."""
_LINE = f"ROW()-{FIRST_ROW - 2}"
"""The row of the entry sheet that a row of ``trades_in`` or ``contacts_in`` reads."""


class Rows:
    """The blocks ``trades_in``, ``trades``, ``contacts_in`` and ``contacts``."""

    def __init__(self, places: HelperPlaces, stack: Stack) -> None:
        self.places, self.layout, self.rulebook = places, places.layout, places.rulebook
        self.stack = stack

    def columns(self, table: RowTable) -> Iterator[HelperColumn]:
        """The rows in the seller's order, then those that count in the customers' order."""
        count = self.layout.capacity.rows(table)
        typed_rows = {
            "trades": {"state": self._state, "key": self._trade_key, "place": self._place},
            "contacts": {"type": self._type, "key": self._contact_key, "todo": self._todo},
        }
        counted = f"COUNT({self.layout.column(f'{table}_in', 'key', count)})"
        for key, formula in typed_rows[table].items():
            above = counted if key == "key" else ""
            yield HelperColumn(f"{table}_in", key, FIRST_ROW, count, formula, above)
        yield from self._sorted(table, count)

    # As typed

    def _state(self, row: int) -> str:
        known = self.layout.has("trades", "state")
        return typed.code(self.layout, "trades", "state", _LINE) if known else "1"

    def _trade_key(self, row: int) -> str:
        amount = self.layout.typed("trades", "amount", _LINE)
        state = self.layout.cell("trades_in", "state", row)
        return self._key("trades", row, f",ISNUMBER({amount}),{state}>0")

    def _contact_key(self, row: int) -> str:
        found = self.layout.cell("stack", "found", self.layout.stack_row("contacts") + row - FIRST_ROW)
        kind = self.layout.cell("contacts_in", "type", row)
        return self._key("contacts", row, f",{found}>0,{kind}>=0")

    def _key(self, table: RowTable, row: int, more: str) -> str:
        """The key of a row that counts, "" for one that does not."""
        cell = self.layout.typed(table, "date", _LINE)
        value = f"{self.stack.customer(table, row)}*{KEY}+{typed.day(cell)}*{DAY}+{_LINE}"
        return f'IF(AND(ISNUMBER({cell}){more}),IF({typed.day_counts(cell, "analysis_date")},{value},""),"")'

    def _place(self, row: int) -> str:
        """Where the row stands among the sorted ones; 0 where it does not count."""
        own = self.layout.cell("trades_in", "key", row)
        keys = self.layout.column("trades", "key", self.layout.capacity.trades)
        return f'IF({own}="",0,MATCH({own},{keys},1))'

    def _type(self, row: int) -> str:
        return typed.code(self.layout, "contacts", "type", _LINE)

    def _todo(self, row: int) -> str:
        """The day by which something is owed, and the row; "" where nothing is."""
        lay, kinds = self.layout, lists()["contact_type"]
        waiting = [kinds.code(one) for one in ("wish", "complaint", "after_sale", "promise")]
        own, kind = (lay.cell("contacts_in", key, row) for key in ("key", "type"))
        is_waiting = f"OR({','.join(f'{kind}={code}' for code in waiting)})"
        status = typed.code(lay, "contacts", "status", _LINE)
        still = f"AND({is_waiting},{status}={lists()['case_status'].code('open')})"
        day = typed.any_day(lay.typed("contacts", "due", _LINE), f"(MOD(INT({own}/{DAY}),{DAY})+2)")
        return f'IF({own}="","",IF({still},{day}*{DAY}+{_LINE},""))'

    # Sorted

    def _sorted(self, table: RowTable, count: int) -> Iterator[HelperColumn]:
        yield HelperColumn(table, "key", FIRST_ROW, count, partial(self._sorted_key, table), "0")
        for name in self.rulebook.raw[table]:
            yield HelperColumn(table, name, FIRST_ROW, count, partial(self._raw, table, name), "0")
        if table == "trades":
            yield from self._visits(count)
        for name, measure in filters_of(self.places.filters, table):
            yield HelperColumn(table, name, FIRST_ROW, count, self.places.filter_formula(table, measure))

    def _sorted_key(self, table: RowTable, row: int) -> str:
        """The next key; how many there are is asked once, since SMALL beyond the last is slow to fail."""
        source = self.layout.column(f"{table}_in", "key", self.layout.capacity.rows(table))
        total = f"${self.layout.letter(f'{table}_in', 'key')}${FIRST_ROW - 1}"
        return f"IF(ROW()-{FIRST_ROW - 1}>{total},{NOTHING},SMALL({source},ROW()-{FIRST_ROW - 1}))"

    def _raw(self, table: RowTable, name: str, row: int) -> str:
        own = f"${self.layout.letter(table, 'key')}{row}"
        return f"IF({own}={NOTHING},0,{self._raw_value(table, name, own, f'MOD({own},{DAY})')})"

    def _raw_value(self, table: RowTable, name: str, own: str, line: str) -> str:
        lay = self.layout
        if name == "day":
            return f"MOD(INT({own}/{DAY}),{DAY})"
        if (f"{table}_in", name) in lay.letters:
            return f"INDEX({lay.column(f'{table}_in', name, lay.capacity.rows(table))},{line}-1)"
        if not lay.has(table, name):
            return "0"
        cell, kind = lay.typed(table, name, line), fields(table)[name].kind
        if kind == "money":
            return f"IF(ISNUMBER({cell}),{typed.cents(cell)},0)"
        if kind == "date":
            return typed.any_day(cell, "0")
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
