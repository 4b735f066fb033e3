"""The columns of the helper sheet 计算, block by block, as formulas of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sheetkit.messages import Lang
from sheetkit.model.days import EARLIEST
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules import excel
from sheetkit.rules.rulebook import CUSTOMER_FIELDS, Dimension, Rulebook
from sheetkit.rules.tree import Expr, Metric, ModeShare, Opens, Quantile, walk
from sheetkit.writing.live import typed
from sheetkit.writing.live.layout import FIRST_ROW, STACKED, Layout
from sheetkit.writing.live.places import FilterKey, HelperPlaces, filter_key

KEY, DAY = 10**10, 10**5
"""A sorted block's key: customer · 10^10 + day · 10^5 + row of the entry sheet."""
NOTHING = 10**15
"""The key of an empty place of a sorted block: larger than any, so that the block stays sorted to its end."""

Formula = Callable[[int], str]
RowTable = Literal["trades", "contacts"]


@dataclass(frozen=True)
class HelperColumn:
    """One column (or a stretch of one): its block and key, its first row (counted from 1), how many rows,
    and the
    formula of a row without ``=``. The formula may differ from row to row only in the row numbers of its
    cells.
    ``count_row``: a formula for row 2, where that is not a row of zeros."""

    block: str
    key: str
    first: int
    count: int
    formula: Formula
    zero_row: bool = False
    count_row: str = ""


class Helper:
    """Builds the columns; ``label_ranges`` gives a list's (labels, codes) ranges on the lists sheet."""

    def __init__(self, layout: Layout, rulebook: Rulebook, label_ranges: dict[str, tuple[str, str]]) -> None:
        self.layout = layout
        self.rulebook = rulebook
        self.label_ranges = label_ranges
        self.filters = self._filters()
        self.places = HelperPlaces(layout, rulebook, self.filters)
        visits = ("qualifies", "before", "visit", "nth")
        self.extras: dict[RowTable, tuple[str, ...]] = {"trades": visits, "contacts": ()}
        self._hand_out_letters()

    def _filters(self) -> dict[FilterKey, str]:
        found: dict[FilterKey, str] = {}
        for figure in self.rulebook.figures.values():
            for part in walk(figure.expr):
                if isinstance(part, Quantile | ModeShare):
                    found.setdefault(filter_key(part), f"filter_{len(found)}")
        return found

    def _filters_of(self, block: str) -> list[tuple[str, Quantile]]:
        table = "customers" if block == "people" else block
        zero = Metric("", False)
        return [
            (key, Quantile(table, value, zero, where, False))  # type: ignore[arg-type]  # table came from a Quantile
            for (owner, value, where), key in self.filters.items()
            if owner == table
        ]

    def _hand_out_letters(self) -> None:
        add, raw = self.layout.add, self.rulebook.raw
        add("stack", ("name", "id", "called", "found", "running"))
        add("home", ("aliases", "id", "joined"))
        add("trades_in", ("state", "key", "place"))
        add(
            "trades",
            ("key", *raw["trades"], *self.extras["trades"], *(key for key, _ in self._filters_of("trades"))),
        )
        add("contacts_in", ("type", "key", "todo"))
        add("contacts", ("key", *raw["contacts"], *(key for key, _ in self._filters_of("contacts"))))
        spans = [f"{table}_{end}" for table in ("trades", "contacts") for end in ("from", "to")]
        own = [f"field_{key}" for key in CUSTOMER_FIELDS]
        classes = [f"auto_{key}" for key in self.rulebook.dimensions]
        add(
            "people",
            ("number", "place", "present", "name", "home", *own, *spans, *self.rulebook.metrics, *classes),
        )
        add("people", (*self.rulebook.dimensions, "order", *(key for key, _ in self._filters_of("people"))))
        add("figures", ("key", "value"))

    def columns(self) -> Iterator[HelperColumn]:
        """Every formula column, in the order of its letters."""
        yield from self._stack()
        yield from self._home()
        yield from self._trades_in()
        yield from self._sorted("trades")
        yield from self._contacts_in()
        yield from self._sorted("contacts")
        yield from self._people()

    # Names

    def _stack(self) -> Iterator[HelperColumn]:
        lay = self.layout
        count = lay.capacity.stack
        for table in STACKED:
            first, rows = lay.stack_row(table), lay.capacity.rows(table)
            line = f"ROW()-{first - 2}"
            yield HelperColumn("stack", "name", first, rows, partial(self._typed_name, table, line))
            yield HelperColumn("stack", "id", first, rows, partial(self._typed_id, table, line))
            yield HelperColumn("stack", "called", first, rows, partial(self._called, table))
            yield HelperColumn("stack", "found", first, rows, partial(self._found, table))
        yield HelperColumn("stack", "running", FIRST_ROW, count, self._running, zero_row=True)

    def _typed_name(self, table: TableKey, line: str, row: int) -> str:
        return typed.typed_name(self.layout, table, line)

    def _typed_id(self, table: TableKey, line: str, row: int) -> str:
        return typed.typed_id(self.layout, table, line)

    def _id_hit(self, row: int) -> str:
        """The place of a row's id among those of the customers sheet."""
        ids = self.layout.column("home", "id", self.layout.capacity.customers)
        return f'MATCH("#"&{typed.escaped(self._stacked("id", row))},{ids},0)'

    def _stacked(self, key: str, row: int) -> str:
        return f"${self.layout.letter('stack', key)}{row}"

    def _called(self, table: TableKey, row: int) -> str:
        """What a row calls its customer: the name, else the id; "" where the id alone says who she is."""
        name, code = self._stacked("name", row), self._stacked("id", row)
        own = f'IF({name}="",{code},{name})'
        if table == "customers":
            return own
        return f'IF({code}="",{name},IF(ISNUMBER({self._id_hit(row)}),"",{own}))'

    def _found(self, table: TableKey, row: int) -> str:
        lay, name, code = self.layout, self._stacked("called", row), self._stacked("id", row)
        pattern = typed.escaped(name)
        everywhere = f"MATCH({pattern},{lay.column('stack', 'called', lay.capacity.stack)},0)"
        if table == "customers":
            return f'IF({name}="",0,{everywhere})'
        own = lay.stack_part("found", "customers")
        aliases = lay.column("home", "aliases", lay.capacity.customers)
        alias = f'INDEX({own},MATCH("*、"&{pattern}&"、*",{aliases},0))'
        home = f"MATCH({pattern},{lay.stack_part('called', 'customers')},0)"  # her own row wins over an alias
        joined = f"${lay.letter('home', 'joined')}${FIRST_ROW + lay.capacity.customers - 1}"
        maybe = f'IFERROR(FIND("、"&LOWER({name})&"、",{joined})>0,ISERROR(LEN({joined})))'
        maybe = f'IF(ISNUMBER(FIND("、",{name})),FALSE,{maybe})'  # no alias holds what separates aliases
        by_name = f"IF({maybe},IFERROR({home},IFERROR({alias},{everywhere})),{everywhere})"
        by_id = f'IF({code}="",0,IFERROR(INDEX({own},{self._id_hit(row)}),0))'
        return f'IF({name}="",{by_id},{by_name})'

    def _running(self, row: int) -> str:
        lay = self.layout
        found = lay.cell("stack", "found", row)
        return f"{lay.cell('stack', 'running', row - 1)}+({found}=ROW()-{FIRST_ROW - 1})"

    def _customer(self, table: TableKey, row: int) -> str:
        """The customer number of an entry row whose helper row is ``row``; 0 for none."""
        lay = self.layout
        found = lay.cell("stack", "found", lay.stack_row(table) + row - FIRST_ROW)
        return f"IF({found}=0,0,INDEX({lay.column('stack', 'running', lay.capacity.stack)},{found}))"

    def _home(self) -> Iterator[HelperColumn]:
        lay, count = self.layout, self.layout.capacity.customers

        def aliases(row: int) -> str:
            cell = lay.typed("customers", "aliases", f"ROW()-{FIRST_ROW - 2}")
            name = lay.cell("stack", "called", row)
            return f'IFERROR(IF(OR({name}="",{cell}=""),"",{typed.separated(cell)}),"")'

        def code(row: int) -> str:
            return f'IF({self._stacked("id", row)}="","","#"&{self._stacked("id", row)})'

        def joined(row: int) -> str:
            return f"{lay.cell('home', 'joined', row - 1)}&LOWER({lay.cell('home', 'aliases', row)})"

        yield HelperColumn("home", "aliases", FIRST_ROW, count, aliases)
        yield HelperColumn("home", "joined", FIRST_ROW, count, joined)
        yield HelperColumn("home", "id", FIRST_ROW, count, code)

    # Rows

    def _code(self, table: TableKey, key: str, line: str) -> str:
        field = fields(table)[key]
        labels, codes = self.label_ranges[field.list_key]
        return typed.code(
            self.layout.typed(table, key, line), labels, codes, lists()[field.list_key].blank_code
        )

    def _sort_key(self, table: RowTable, row: int, line: str, more: str) -> str:
        """The key of a row that counts, "" for one that does not."""
        cell = self.layout.typed(table, "date", line)
        value = f"{self._customer(table, row)}*{KEY}+{typed.day(cell)}*{DAY}+{line}"
        return f'IF(AND(ISNUMBER({cell}){more}),IF({typed.day_counts(cell, "analysis_date")},{value},""),"")'

    def _trades_in(self) -> Iterator[HelperColumn]:
        lay, count = self.layout, self.layout.capacity.trades
        line = f"ROW()-{FIRST_ROW - 2}"

        def state(row: int) -> str:
            return self._code("trades", "state", line) if lay.has("trades", "state") else "1"

        def key(row: int) -> str:
            amount = lay.typed("trades", "amount", line)
            more = f",ISNUMBER({amount}),{lay.cell('trades_in', 'state', row)}>0"
            return self._sort_key("trades", row, line, more)

        def place(row: int) -> str:
            own = lay.cell("trades_in", "key", row)
            return f'IF({own}="",0,MATCH({own},{lay.column("trades", "key", count)},1))'

        yield HelperColumn("trades_in", "state", FIRST_ROW, count, state)
        yield HelperColumn("trades_in", "key", FIRST_ROW, count, key, count_row=self._counted("trades"))
        yield HelperColumn("trades_in", "place", FIRST_ROW, count, place)

    def _counted(self, table: RowTable) -> str:
        """How many rows count: asked once, since SMALL beyond the last is slow to fail."""
        return f"COUNT({self.layout.column(f'{table}_in', 'key', self.layout.capacity.rows(table))})"

    def _contacts_in(self) -> Iterator[HelperColumn]:
        lay, count = self.layout, self.layout.capacity.contacts
        line = f"ROW()-{FIRST_ROW - 2}"
        kinds = lists()["contact_type"]
        waiting = [kinds.code(one) for one in ("wish", "complaint", "after_sale", "promise")]

        def key(row: int) -> str:
            who = f",{lay.cell('stack', 'found', lay.stack_row('contacts') + row - FIRST_ROW)}>0"
            return self._sort_key("contacts", row, line, f"{who},{lay.cell('contacts_in', 'type', row)}>=0")

        def todo(row: int) -> str:
            own, due = lay.cell("contacts_in", "key", row), lay.typed("contacts", "due", line)
            kind = lay.cell("contacts_in", "type", row)
            status = self._code("contacts", "status", line)
            is_waiting = f"OR({','.join(f'{kind}={code}' for code in waiting)})"
            still = f"AND({is_waiting},{status}={lists()['case_status'].code('open')})"
            day = typed.any_day(due, f"(MOD(INT({own}/{DAY}),{DAY})+2)")
            return f'IF({own}="","",IF({still},{day}*{DAY}+{line},""))'

        yield HelperColumn(
            "contacts_in", "type", FIRST_ROW, count, lambda row: self._code("contacts", "type", line)
        )
        yield HelperColumn("contacts_in", "key", FIRST_ROW, count, key, count_row=self._counted("contacts"))
        yield HelperColumn("contacts_in", "todo", FIRST_ROW, count, todo)

    def _sorted(self, table: RowTable) -> Iterator[HelperColumn]:
        lay, count = self.layout, self.layout.capacity.rows(table)
        source = lay.column(f"{table}_in", "key", count)
        total = f"${lay.letter(f'{table}_in', 'key')}${FIRST_ROW - 1}"

        def key(row: int) -> str:
            return f"IF(ROW()-{FIRST_ROW - 1}>{total},10^15,SMALL({source},ROW()-{FIRST_ROW - 1}))"

        yield HelperColumn(table, "key", FIRST_ROW, count, key, zero_row=True)
        for name in self.rulebook.raw[table]:
            yield HelperColumn(table, name, FIRST_ROW, count, self._raw(table, name), zero_row=True)
        if table == "trades":
            yield from self._visits(count)
        for name, measure in self._filters_of(table):
            yield HelperColumn(table, name, FIRST_ROW, count, self._filter(table, measure))

    def _raw(self, table: RowTable, name: str) -> Formula:
        lay = self.layout

        def formula(row: int) -> str:
            own = f"${lay.letter(table, 'key')}{row}"
            line = f"MOD({own},{DAY})"
            return f"IF({own}=10^15,0,{self._raw_value(table, name, own, line)})"

        return formula

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
        return f"MAX(0,{self._code(table, name, line)})"

    def _visits(self, count: int) -> Iterator[HelperColumn]:
        """The gap rule: a qualifying trade opens a visit if the last qualifying one lies further back
        than the gap."""
        lay = self.layout
        fact = next(one for one in self.rulebook.facts["trades"] if isinstance(one.expr, Opens))
        assert isinstance(fact.expr, Opens)
        opens = fact.expr

        def same_customer(row: int) -> str:
            own, above = lay.cell("trades", "key", row), lay.cell("trades", "key", row - 1)
            return f"INT({own}/{KEY})=INT({above}/{KEY})"

        def qualifies(row: int) -> str:
            where, _ = excel.opens_conditions(opens, self.places.at(row))
            exists = f"{lay.cell('trades', 'key', row)}>={KEY},{lay.cell('trades', 'day', row)}>0"
            return f"IF(AND({exists},{where}),1,0)"

        def before(row: int) -> str:
            above = ("qualifies", "day", "before")
            opened, day, earlier = (lay.cell("trades", key, row - 1) for key in above)
            return f"IF({same_customer(row)},IF({opened}=1,{day},{earlier}),0)"

        def visit(row: int) -> str:
            _, gap = excel.opens_conditions(opens, self.places.at(row))
            opened, day, last = (lay.cell("trades", key, row) for key in ("qualifies", "day", "before"))
            return f"IF({opened}=0,0,IF({last}=0,1,IF({day}-{last}>{gap},1,0)))"

        def nth(row: int) -> str:
            above = f"IF({same_customer(row)},{lay.cell('trades', 'nth', row - 1)},0)"
            return f"{above}+{lay.cell('trades', 'visit', row)}"

        formulas = {"qualifies": qualifies, "before": before, "visit": visit, "nth": nth}
        for name, formula in formulas.items():
            yield HelperColumn("trades", name, FIRST_ROW, count, formula, zero_row=True)

    def _filter(self, block: str, measure: Quantile) -> Formula:
        def formula(row: int) -> str:
            places = self.places.at(row)
            exists = f"${self.layout.letter(block, 'present' if block == 'people' else 'day')}{row}>0"
            return f'IF({exists},{excel.filter_value(measure, places)},"")'

        return formula

    # Customers

    def _people(self) -> Iterator[HelperColumn]:
        count = self.layout.capacity.customers
        for key, formula in self._person_columns():
            yield HelperColumn("people", key, FIRST_ROW, count, formula)

    def _person_columns(self) -> Iterator[tuple[str, Formula]]:
        lay = self.layout
        stack = lay.capacity.stack

        def cell(key: str, row: int) -> str:
            return f"${lay.letter('people', key)}{row}"

        yield "number", lambda row: f"ROW()-{FIRST_ROW - 1}"
        running = lay.column("stack", "running", stack)
        yield "place", lambda row: f"IFERROR(MATCH({cell('number', row)},{running},0),0)"
        yield "present", lambda row: f"IF({cell('place', row)}>0,1,0)"
        names = lay.column("stack", "called", stack)
        yield "name", lambda row: f'IF({cell("place", row)}=0,"",INDEX({names},{cell("place", row)}))'
        homes = lay.capacity.customers
        yield (
            "home",
            lambda row: f"IF({cell('place', row)}<={homes},{cell('place', row)}+({cell('place', row)}>0),0)",
        )
        for key in CUSTOMER_FIELDS:
            yield f"field_{key}", self._customer_field(key)
        for table in ("trades", "contacts"):
            yield from self._span(table, cell)
        for key, metric in self.rulebook.metrics.items():
            yield key, self._for_person(metric.expr)
        for key, dimension in self.rulebook.dimensions.items():
            yield f"auto_{key}", self._class(dimension)
        for key, dimension in self.rulebook.dimensions.items():
            yield key, self._effective(dimension)
        yield "order", self._order
        for key, measure in self._filters_of("people"):
            yield key, self._filter("people", measure)

    def _customer_field(self, key: str) -> Formula:
        lay = self.layout

        def formula(row: int) -> str:
            home = f"${lay.letter('people', 'home')}{row}"
            if not lay.has("customers", key):
                return '""'
            cell, kind = lay.typed("customers", key, home), fields("customers")[key].kind
            if fields("customers")[key].coded:
                found = self._code("customers", key, home)
                return f'IF({home}=0,"",IF({found}>0,{found},""))'
            if kind in ("count", "date"):
                least = "1" if kind == "count" else str(EARLIEST)
                return f'IF({home}=0,"",IF(ISNUMBER({cell}),IF({cell}>={least},INT({cell}),""),""))'
            return f'IF({home}=0,"",IFERROR(TRIM({cell}&""),""))'

        return formula

    def _span(self, table: RowTable, cell: Callable[[str, int], str]) -> Iterator[tuple[str, Formula]]:
        """The first and last helper row of a customer's sorted rows; the row of zeros where she has none."""
        lay = self.layout
        keys = lay.column(table, "key", lay.capacity.rows(table), first=FIRST_ROW - 1)

        def first(row: int) -> str:
            return f"MATCH({cell('number', row)}*{KEY},{keys},1)+{FIRST_ROW - 1}"

        def last(row: int) -> str:
            return f"MATCH(({cell('number', row)}+1)*{KEY}-1,{keys},1)+{FIRST_ROW - 2}"

        empty = FIRST_ROW - 1
        yield f"{table}_from", lambda row: f"IF({last(row)}<{first(row)},{empty},{first(row)})"
        yield f"{table}_to", lambda row: f"IF({last(row)}<{first(row)},{empty},{last(row)})"

    def _for_person(self, expr: Expr) -> Formula:
        def formula(row: int) -> str:
            present = f"${self.layout.letter('people', 'present')}{row}"
            return f'IF({present}=0,"",{excel.as_number(expr, self.places.at(row))})'

        return formula

    def _class(self, dimension: Dimension) -> Formula:
        lang: Lang = self.layout.lang

        def formula(row: int) -> str:
            places = self.places.at(row)
            text = f'"{dimension.classes[-1].labels[lang]}"'
            for one in reversed(dimension.classes[:-1]):
                assert one.when is not None
                text = f'IF({excel.excel(one.when, places)},"{one.labels[lang]}",{text})'
            return f'IF(${self.layout.letter("people", "present")}{row}=0,"",{text})'

        return formula

    def _effective(self, dimension: Dimension) -> Formula:
        lay = self.layout

        def formula(row: int) -> str:
            auto = f"${lay.letter('people', f'auto_{dimension.key}')}{row}"
            if not dimension.manual:
                return auto
            own = f"${lay.letter('people', 'field_manual_class')}{row}"
            chosen = auto
            for one in reversed(dimension.classes):
                said = ",".join(f'{own}="{label}"' for label in one.labels.all())
                chosen = f'IF(OR({said}),"{one.labels[lay.lang]}",{chosen})'
            return chosen

        return formula

    def _order(self, row: int) -> str:
        """A number that sorts 客户分类 the way its order cell says, larger first, unique by the customer
        number."""
        lay = self.layout

        def cell(key: str) -> str:
            return f"${lay.letter('people', key)}{row}"

        classes = self.rulebook.dimensions[lay.blueprint.dimensions[0]]
        names = ",".join(f'"{one.labels[lay.lang]}"' for one in classes.classes)
        by_class = f"{len(classes.classes) + 1}-IFERROR(MATCH({cell(classes.key)},{{{names}}},0),0)"
        modes = ["0", f"INT({cell('revenue')}/100)", f"N({cell('last_day')})", cell("visits"), by_class]
        return f'IF({cell("present")}=0,"",CHOOSE(classes_order,{",".join(modes)})*{DAY}-{cell("number")})'

    def figures(self) -> Iterator[tuple[str, str]]:
        """(figure key, formula) in row order."""
        shop = HelperPlaces(self.layout, self.rulebook, self.filters, shop=True)
        for key, figure in self.rulebook.figures.items():
            yield key, excel.as_number(figure.expr, shop)
