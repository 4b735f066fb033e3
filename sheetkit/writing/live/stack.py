"""Who is who: every typed name in one stack, each pointing at where its customer was first named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sheetkit.analysis.identity import CHANNEL_NAMES
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import NAME_LENGTH
from sheetkit.writing.live import typed
from sheetkit.writing.live.column import Formula, HelperColumn
from sheetkit.writing.live.layout import FIRST_ROW, Layout


class Stack:
    """The blocks ``stack`` and ``home``."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def columns(self) -> Iterator[HelperColumn]:
        """The stack of names, then the aliases and ids of the customers sheet."""
        lay = self.layout
        for table in lay.stacked:
            first, rows = lay.stack_row(table), lay.capacity.rows(table)
            line = f"ROW()-{first - 2}"
            formulas: dict[str, Formula] = {
                "name": partial(self._typed, typed.typed_name, table, line),
                "id": partial(self._typed, typed.typed_id, table, line),
                "beside": partial(self._beside, table),
                "called": partial(self._called, table),
                "found": partial(self._found, table),
            }
            for key, formula in formulas.items():
                yield HelperColumn("stack", key, first, rows, formula)
        yield HelperColumn("stack", "running", FIRST_ROW, lay.stack_rows, self._running, above="0")
        for key, formula in {"aliases": self._aliases, "joined": self._joined, "id": self._id}.items():
            yield HelperColumn("home", key, FIRST_ROW, lay.capacity.customers, formula)

    def customer(self, table: TableKey, row: int) -> str:
        """The customer number of an entry row whose helper row is ``row``; 0 for none."""
        lay = self.layout
        found = lay.cell("stack", "found", lay.stack_row(table) + row - FIRST_ROW)
        return f"IF({found}=0,0,INDEX({self._whole('running')},{found}))"

    def _typed(self, read: Callable[[Layout, TableKey, str], str], table: TableKey, line: str, _: int) -> str:
        return read(self.layout, table, line)

    def _id_hit(self, row: int) -> str:
        """The place of a row's id among those of the customers sheet."""
        ids = self.layout.column("home", "id", self.layout.capacity.customers)
        return f'MATCH("#"&{typed.escaped(self._stacked("id", row))},{ids},0)'

    def _stacked(self, key: str, row: int) -> str:
        return f"${self.layout.letter('stack', key)}{row}"

    def _beside(self, table: TableKey, row: int) -> str:
        """What an id stands beside: the name, else the id itself; "" where the id alone says who she is."""
        name, code = self._stacked("name", row), self._stacked("id", row)
        own = f'IF({name}="",{code},{name})'
        known = "FALSE" if table == "customers" else f"ISNUMBER({self._id_hit(row)})"
        return f'IF({code}="","",IF({known},"",{own}))'

    def _called(self, table: TableKey, row: int) -> str:
        """What a row calls its customer: the name, else the id; both where the name has another id."""
        lay = self.layout
        name, code, own = (self._stacked(key, row) for key in ("name", "id", "beside"))
        beside = lay.stack_part("beside", table) if table == "customers" else self._whole("beside")
        first = f"INDEX({self._whole('id')},MATCH({typed.escaped(own)},{beside},0))"
        both = f'LEFT({own}&" #"&{code},{NAME_LENGTH})'
        return f'IF({code}="",{name},IF({own}="","",IF({first}={code},{own},{both})))'

    def _whole(self, key: str) -> str:
        return self.layout.column("stack", key, self.layout.stack_rows)

    def _found(self, table: TableKey, row: int) -> str:
        """The place in the stack where the row's customer was first named; 0 for none."""
        lay, name, code = self.layout, self._stacked("called", row), self._stacked("id", row)
        pattern = typed.escaped(name)
        everywhere = f"MATCH({pattern},{self._whole('called')},0)"
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
        """How many customers were named up to here."""
        lay = self.layout
        found = lay.cell("stack", "found", row)
        return f"{lay.cell('stack', 'running', row - 1)}+({found}=ROW()-{FIRST_ROW - 1})"

    def _aliases(self, row: int) -> str:
        cell = self.layout.typed("customers", "aliases", f"ROW()-{FIRST_ROW - 2}")
        name = self.layout.cell("stack", "called", row)
        aliases = f'IFERROR(IF(OR({name}="",{cell}=""),"",{typed.separated(cell)}),"")'
        line = f"ROW()-{FIRST_ROW - 2}"
        known = [key for key in CHANNEL_NAMES if self.layout.has("customers", key)]
        if not known:
            return aliases
        cells = [self.layout.typed("customers", key, line) for key in known]
        every = "&".join(map(typed.channel_name, cells))
        nothing = "、" * len(known)
        rest = f'IF(OR({name}="",{every}="{nothing}"),"",{every})'
        own = f'IFERROR(IF({cell}="","、",{typed.separated(cell)}),"、")'
        return f'IF({rest}="",{aliases},{own}&{rest})'

    def _joined(self, row: int) -> str:
        """All aliases up to here as one text: most names occur nowhere in it."""
        lay = self.layout
        return f"{lay.cell('home', 'joined', row - 1)}&LOWER({lay.cell('home', 'aliases', row)})"

    def _id(self, row: int) -> str:
        return f'IF({self._stacked("id", row)}="","","#"&{self._stacked("id", row)})'
