"""What a template of one's own measures: its metrics, figures and facts as a file of ``rules/metrics``."""

from __future__ import annotations

from typing import Any

from sheetkit.model.fields import CORE_TABLES, tables
from sheetkit.model.overlay import Placed, in_force
from sheetkit.model.source import Node, own_node

_ROW_KINDS = ("date", "money", "count", "number")
"""Kinds of columns that a rule may read of a row, beside lists with meanings."""


def own_measures() -> list[Node]:
    """The file of the template in force, if one is. Every column of its tables may be asked.

    Rules read rows by customer and day: a table without either has none to ask.
    """
    own = in_force()
    if own is None:
        return []
    node = own_node(own)
    metrics = {
        key: {name: value for name, value in child.data.items() if name != "shown"}
        for key, child in node.children("metrics")
    }
    facts = node.child("facts", optional=True)
    asked: dict[str, Any] = {}
    for table, one in tables().items():
        dated = one.people and table != "customers" and any(column.key == "date" for column in one.columns)
        if dated and (table in (*CORE_TABLES, *facts.data, *own.section("tables"))):
            said = facts.child(table, optional=True)
            columns = [each.key for each in one.columns if each.coded or each.kind in _ROW_KINDS]
            given = {"columns": ["day", *(key for key in columns if key != "date")]}
            asked[table] = Placed(
                {**given, "facts": Placed(said.data, own.file, said.path)}, own.file, said.path
            )
    for table, said in facts.children():
        if table in tables() and table not in asked:
            raise said.fail("", "template.no_rows", value=table)
        asked.setdefault(table, Placed({"facts": said.data}, own.file, said.path))
    figures = node.child("figures", optional=True).data
    return [Node(own.file, "", {"tables": asked, "metrics": metrics, "figures": figures})]


def own_figures() -> list[str]:
    """The figures of the template in force that the settings sheet is to show."""
    own = in_force()
    if own is None:
        return []
    return [key for key, one in own_node(own).children("figures") if one.flag("shown")]
