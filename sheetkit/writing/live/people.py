"""One row a customer: what was typed about her, the span of her rows, every metric and every class."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sheetkit.model.days import EARLIEST
from sheetkit.model.fields import TableKey, fields
from sheetkit.rules import excel
from sheetkit.rules.rulebook import Dimension
from sheetkit.rules.tree import Expr
from sheetkit.writing.live import birthdays, typed
from sheetkit.writing.live.column import DAY, KEY, Formula, HelperColumn
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.places import HelperPlaces, filters_of

_ABOVE = FIRST_ROW - 1
"""The row of zeros, at which a customer without rows points."""


class People:
    """The block ``people``."""

    def __init__(self, places: HelperPlaces) -> None:
        self.places, self.layout, self.rulebook = places, places.layout, places.rulebook

    def columns(self) -> Iterator[HelperColumn]:
        """Every column, in the order of its letters."""
        for key, formula in self._formulas():
            yield HelperColumn("people", key, FIRST_ROW, self.layout.capacity.customers, formula)

    def _formulas(self) -> Iterator[tuple[str, Formula]]:
        yield "number", lambda row: f"ROW()-{_ABOVE}"
        yield "place", self._place
        yield "present", lambda row: f"IF({self._cell('place', row)}>0,1,0)"
        yield "name", self._name
        yield "home", self._home
        for key in self.rulebook.customer_fields:
            yield f"field_{key}", partial(self._field, key)
        for table in self.rulebook.raw:
            yield f"{table}_from", partial(self._from, table)
            yield f"{table}_to", partial(self._to, table)
        for key, metric in self.rulebook.metrics.items():
            yield key, partial(self._metric, metric.expr)
        for key, dimension in self.rulebook.dimensions.items():
            yield f"auto_{key}", partial(self._class, dimension)
        for key, dimension in self.rulebook.dimensions.items():
            yield key, partial(self._effective, dimension)
        yield "order", self._order
        if birthdays.reminds(self.layout):
            yield "birthday_in", lambda row: birthdays.days_until(self.layout, self._cell("home", row))
            yield "birthday_order", self._birthday
        for key, measure in filters_of(self.places.filters, "people"):
            yield key, self.places.filter_formula("people", measure)

    def _cell(self, key: str, row: int) -> str:
        return f"${self.layout.letter('people', key)}{row}"

    # Who she is

    def _place(self, row: int) -> str:
        """Where in the stack of names she is first named; 0 where there is no such customer."""
        running = self.layout.column("stack", "running", self.layout.stack_rows)
        return f"IFERROR(MATCH({self._cell('number', row)},{running},0),0)"

    def _name(self, row: int) -> str:
        place = self._cell("place", row)
        names = self.layout.column("stack", "called", self.layout.stack_rows)
        return f'IF({place}=0,"",INDEX({names},{place}))'

    def _home(self, row: int) -> str:
        """Her row on the customers sheet; 0 where she has none."""
        place = self._cell("place", row)
        return f"IF({place}<={self.layout.capacity.customers},{place}+({place}>0),0)"

    def _field(self, key: str, row: int) -> str:
        lay, home = self.layout, self._cell("home", row)
        if not lay.has("customers", key):
            return '""'
        cell, field = lay.typed("customers", key, home), fields("customers")[key]
        if field.coded:
            found = typed.code(lay, "customers", key, home)
            return f'IF({home}=0,"",IF({found}>0,{found},""))'
        if field.kind == "money":
            worth = typed.cents(cell)
            return f'IF({home}=0,"",IF(ISNUMBER({cell}),IF({worth}>0,{worth},""),""))'
        if field.kind in ("count", "date"):
            least = 1 if field.kind == "count" else EARLIEST
            return f'IF({home}=0,"",IF(ISNUMBER({cell}),IF({cell}>={least},INT({cell}),""),""))'
        return f'IF({home}=0,"",IFERROR(TRIM({cell}&""),""))'

    # Her rows: from the first to the last of the sorted ones

    def _ends(self, table: TableKey, row: int) -> tuple[str, str]:
        keys = self.layout.column(table, "key", self.layout.capacity.rows(table), first=_ABOVE)
        number = self._cell("number", row)
        return (
            f"MATCH({number}*{KEY},{keys},1)+{_ABOVE}",
            f"MATCH(({number}+1)*{KEY}-1,{keys},1)+{_ABOVE - 1}",
        )

    def _from(self, table: TableKey, row: int) -> str:
        first, last = self._ends(table, row)
        return f"IF({last}<{first},{_ABOVE},{first})"

    def _to(self, table: TableKey, row: int) -> str:
        first, last = self._ends(table, row)
        return f"IF({last}<{first},{_ABOVE},{last})"

    # What the rules say of her

    def _metric(self, expr: Expr, row: int) -> str:
        value = excel.as_number(expr, self.places.at(row))
        return f'IF({self._cell("present", row)}=0,"",{value})'

    def _class(self, dimension: Dimension, row: int) -> str:
        places, lang = self.places.at(row), self.layout.lang
        chosen = f'"{dimension.classes[-1].labels[lang]}"'
        for one in reversed(dimension.classes[:-1]):
            assert one.when is not None
            chosen = f'IF({excel.excel(one.when, places)},"{one.labels[lang]}",{chosen})'
        return f'IF({self._cell("present", row)}=0,"",{chosen})'

    def _effective(self, dimension: Dimension, row: int) -> str:
        """The class that was typed, else the automatic one."""
        auto = self._cell(f"auto_{dimension.key}", row)
        if not dimension.manual:
            return auto
        own, chosen = self._cell("field_manual_class", row), auto
        for one in reversed(dimension.classes):
            said = ",".join(f'{own}="{label}"' for label in one.labels.all())
            chosen = f'IF(OR({said}),"{one.labels[self.layout.lang]}",{chosen})'
        return chosen

    def _birthday(self, row: int) -> str:
        until, silent, number = (
            self._cell(key, row) for key in ("birthday_in", "field_do_not_contact", "number")
        )
        return birthdays.near(until, silent, number)

    def _order(self, row: int) -> str:
        """A number that sorts 客户分类 the way its order cell says, larger first, unique by the customer
        number.

        The array of labels stays: without one LibreOffice 7.4 computes this column in threads, and then
        counts the customers behind the shop's figures before all of them are computed.
        """
        main = self.rulebook.dimensions[self.layout.blueprint.dimensions[0]]
        labels = ",".join(f'"{one.labels[self.layout.lang]}"' for one in main.classes)
        by_class = f"{len(main.classes) + 1}-IFERROR(MATCH({self._cell(main.key, row)},{{{labels}}},0),0)"
        revenue, last, visits = (self._cell(key, row) for key in ("revenue", "last_day", "visits"))
        modes = ("0", f"INT({revenue}/100)", f"N({last})", visits, by_class)
        chosen = f"CHOOSE(classes_order,{','.join(modes)})*{DAY}-{self._cell('number', row)}"
        return f'IF({self._cell("present", row)}=0,"",{chosen})'
