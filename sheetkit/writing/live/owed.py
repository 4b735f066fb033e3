"""What is owed, of all sheets that have a date to keep and a status: the block ``owed`` that 今天 lists, and
the words by which a result picked there names its row.

A row is named by its sheet, date, customer and first words, not by its number, so that sorting the sheet or
inserting a row changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.model.owed import NAME_LENGTH, OWED_TABLES, WORDS_LENGTH
from sheetkit.writing.live import typed
from sheetkit.writing.live.column import DAY, HelperColumn
from sheetkit.writing.live.layout import FIRST_ROW, Layout

GROUP, PLACE = 10**11, 10**6
"""A key of what is owed: group · 10^11 + day · 10^6 + place in the block."""
DUTY, WISH = 1, 2
"""The groups: what was promised or went wrong stands before what is wished for."""
LAST_DAY = 99_999
"""A day beyond this (the year 2173) counts as it."""
AFTER_DAYS = 2
"""A promise or case without a date is to be seen to so many days after it was noted."""
LINE = f"ROW()-{FIRST_ROW - 2}"
"""The row of the entry sheet that a row of ``contacts_in`` (``wishes_in`` …) reads."""
RESULTS, PICKED = "today_results", "today_picked"
"""Defined names on 今天: the cells in which results are picked, and what each of them names."""


def owed_tables(layout: Layout) -> tuple[TableKey, ...]:
    """The sheets of this workbook whose rows can be owed, in the order of the block."""
    return tuple(key for key in OWED_TABLES if layout.blueprint.has(key) and layout.has(key, "status"))


def owed_offset(layout: Layout, table: TableKey) -> int:
    """How many rows of the block stand before a table's."""
    known = owed_tables(layout)
    return sum(map(layout.capacity.rows, known[: known.index(table)]))


def owed_rows(layout: Layout) -> int:
    """Rows of the block."""
    return sum(map(layout.capacity.rows, owed_tables(layout)))


def subject_keys(table: TableKey) -> tuple[str, ...]:
    """The columns that say what a row is about, the one that says most first."""
    return tuple(key for key in ("content", "item") if key in fields(table))


def owed_key(group: int, day: int, place: int) -> int:
    """The key of a row in the block."""
    return group * GROUP + min(day, LAST_DAY) * PLACE + place


def tag(layout: Layout, table: TableKey, line: str, day: str) -> str:
    """The words that name a row, as a formula."""
    label = layout.blueprint.sheet(table).labels[layout.lang]
    name = typed.shown(layout, table, "nickname", line)
    said = '""'
    for key in reversed(subject_keys(table)):
        cell = typed.shown(layout, table, key, line)
        said = f'IF({cell}<>"",{cell},{said})' if said != '""' else cell
    return (
        f'"{label} "&TEXT({day},"yyyy-mm-dd")&" "&LEFT({name},{NAME_LENGTH})&" "&LEFT({said},{WORDS_LENGTH})'
    )


def kind_codes() -> tuple[int, ...]:
    """The kinds of contact by which something is owed, wishes apart."""
    kinds = lists()["contact_type"]
    return tuple(kinds.code(one) for one in ("complaint", "after_sale", "promise"))


class Owed:
    """The statuses in force, and the block ``owed``."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def columns(self) -> Iterator[HelperColumn]:
        """One stretch a table."""
        for table in owed_tables(self.layout):
            first = FIRST_ROW + owed_offset(self.layout, table)
            count = self.layout.capacity.rows(table)
            yield HelperColumn("owed", "todo", first, count, partial(self._todo, table))

    def status(self, table: TableKey, row: int) -> str:
        """The status that was typed; closed where a result was picked for the row on 今天; 0 for a row
        that does not count."""
        lay, states = self.layout, lists()["case_status"]
        own = lay.cell(f"{table}_in", "key", row)
        day = f"MOD(INT({own}/{DAY}),{DAY})"
        named = f"ISNUMBER(MATCH({typed.escaped(tag(lay, table, LINE, day))},{PICKED},0))"
        plain = typed.code(lay, table, "status", LINE)
        closed = states.code("closed")
        return f'IF({own}="",0,IF(COUNTA({RESULTS})=0,{plain},IF({named},{closed},{plain})))'

    def _todo(self, table: TableKey, row: int) -> str:
        """The key of a row that is owed, "" for one that is not. ``row`` is the block's; the table's own rows
        stand so many rows higher."""
        lay, back = self.layout, owed_offset(self.layout, table)
        own, status = (lay.cell(f"{table}_in", key, row - back) for key in ("key", "status"))
        line = f"ROW()-{FIRST_ROW - 2 + back}"
        noted = f"MOD(INT({own}/{DAY}),{DAY})"
        due = typed.any_day(lay.typed(table, "due", line), "0") if lay.has(table, "due") else "0"
        place = f"ROW()-{FIRST_ROW - 1}"
        duty = self._key(DUTY, f"IF({due}>0,{due},{noted}+{AFTER_DAYS})", place)
        until = f"IF({due}>0,{due},{noted}+INT(wish_expiry))"
        live = f"IF({due}>0,{due}>=analysis_date,analysis_date-{noted}<=wish_expiry)"
        wish = f'IF({live},{self._key(WISH, until, place)},"")'
        if table == "contacts":
            kind = lay.cell("contacts_in", "type", row)
            is_duty = f"OR({','.join(f'{kind}={code}' for code in kind_codes())})"
            is_wish = f"{kind}={lists()['contact_type'].code('wish')}"
            chosen = f'IF({is_duty},{duty},IF({is_wish},{wish},""))'
        elif table == "wishes":
            chosen = wish
        else:
            chosen = duty
            if lay.has(table, "closed_on"):
                chosen = f'IF({typed.any_day(lay.typed(table, "closed_on", line), "0")}>0,"",{duty})'
        still = lists()["case_status"].code("open")
        return f'IF({own}="","",IF({status}={still},{chosen},""))'

    def _key(self, group: int, day: str, place: str) -> str:
        return f"{group}*{GROUP}+MIN({day},{LAST_DAY})*{PLACE}+{place}"
