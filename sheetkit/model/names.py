"""What a key in a template of one's own may be: it becomes a name of formulas and of queries."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

from sheetkit.model.source import Node

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CELL = re.compile(r"[a-z]{1,3}[0-9]+|r[0-9]*c[0-9]*|[rc][0-9]*")
"""``ab12``, ``r1c1``: a spreadsheet reads these as cells."""
_OF_OURS = re.compile(r"(field|auto|agg|col|list|labels|codes|meanings|goal|filter|calc)_.*")
_OF_A_TABLE = re.compile(r"(.+)_(in|from|to|rows|facts|agg)")
"""What begins or ends like a name that sheetkit makes up itself."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SQL_WORDS = _words("""
    all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary
    bit boolean both by case cast char character check coalesce collate collation column columns
    concurrently constraint create cross dec decimal default deferrable desc describe distinct do else
    end except exists extract false fetch float for foreign freeze from full generated glob group
    grouping grouping_id having ilike in initially inner inout int integer intersect interval into is
    isnull join lambda lateral leading left like limit map match national natural nchar none not notnull
    null nullif numeric offset on only or order out outer overlaps overlay pivot pivot_longer
    pivot_wider placing position positional precision primary qualify real references returning right
    row select semi setof show similar smallint some struct substring summarize symmetric table
    tablesample then time timestamp to trailing treat trim true try_cast tuple union unique unpack
    unpivot using values varchar variadic verbose when where window with xmlattributes xmlconcat
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
""")
"""The words a query may not be given as names; a test holds them against the query engine's own list."""
_OUR_WORDS = _words("""
    analysis_date auto_class customer customer_names customer_number customers classes_order count day
    days_since day_number find_me given greatest has has_value home if_ key least left_out_why line log
    max min mode_share name nothing now number opens order overruled p people place present quantile
    quantile_top rank reason rows_left_out shop shop_kind_number stack sum today value who before
    qualifies nth found running called joined id todo figures calc meta run goal currency currency_sign
""")
"""Functions of the rule language, and columns and tables that are there already."""


def hold_word(node: Node, key: str, name: str) -> None:
    """Raises TemplateError, about ``key`` of a table, for a key that is not made of plain letters."""
    if not _NAME.fullmatch(name):
        raise node.fail(key, "template.bad_name", value=name)


def hold_name(node: Node, key: str, name: str, tables: Collection[str]) -> None:
    """The same for a key that becomes a name of formulas and queries, beside ``tables``."""
    hold_word(node, key, name)
    if _CELL.fullmatch(name):
        raise node.fail(key, "template.cell_name", value=name)
    ours = _OF_A_TABLE.fullmatch(name)
    taken = name in SQL_WORDS or name in _OUR_WORDS or keyword.iskeyword(name) or _OF_OURS.fullmatch(name)
    if taken or (ours and ours[1] in tables):
        raise node.fail(key, "template.reserved_name", value=name)
