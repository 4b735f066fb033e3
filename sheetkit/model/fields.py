"""The tables of a customer book and their columns, each defined once in ``templates/tables/TABLE.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sheetkit.model.labels import Labels, fold
from sheetkit.model.lists import lists
from sheetkit.model.overlay import cached
from sheetkit.model.source import Node, closest, names_in, read, with_own

Kind = Literal["name", "text", "id", "date", "time", "money", "number", "count", "percent", "list"]
TableKey = str
"""The name of a file in ``templates/tables``."""
CORE_TABLES: tuple[TableKey, ...] = ("customers", "trades", "contacts")
"""The tables of every template; a sheet of unknown name is told to be one of them by its headers."""


@dataclass(frozen=True)
class Field:
    """One column: what it holds, how it is called in every language, and how wide it is shown.

    ``kind`` fixes the typed value of a Book column: name/text/id → str, date → day number, time →
    minutes since midnight, money → integer cents, number/percent → float, count → int, list → the code of
    the label's meaning,
    or the label itself (str) where the list has no meanings.
    ``ungrouped``: a number without thousands separators, such as a year.
    ``after``: the column it stands right of where a template does not list it, "" for the end.
    """

    table: TableKey
    key: str
    kind: Kind
    labels: Labels
    list_key: str
    required: bool
    width: float
    help: Labels
    example: Labels
    synonyms: tuple[str, ...]
    ungrouped: bool
    after: str

    @property
    def shown_as(self) -> Kind:
        """The kind whose number format its cells have."""
        return "number" if self.ungrouped else self.kind

    @property
    def coded(self) -> bool:
        """Whether the column holds meanings (codes) rather than the text itself."""
        return self.kind == "list" and bool(lists()[self.list_key].meanings)

    def headers(self) -> tuple[str, ...]:
        """Every header this column is recognised by, folded."""
        return tuple(fold(name) for name in (self.key, *self.labels.all(), *self.synonyms))


def _read_field(table: TableKey, key: str, node: Node) -> Field:
    kind = node.text("kind")
    if kind not in get_args(Kind):
        raise node.fail("kind", "template.unknown_value", value=kind, meant=closest(kind, get_args(Kind)))
    list_key = node.text("list", "")
    if (kind == "list") != bool(list_key) or (list_key and list_key not in lists()):
        raise node.fail("list", "template.unknown_value", value=list_key, meant=closest(list_key, lists()))
    result = Field(
        table=table,
        key=key,
        kind=kind,  # type: ignore[arg-type]  # held to Kind two lines above
        labels=node.labels(),
        list_key=list_key,
        required=node.flag("required"),
        width=node.number("width", 12),
        help=node.labels("help", optional=True),
        example=node.labels("example", optional=True),
        synonyms=node.texts("synonyms", []),
        ungrouped=node.flag("ungrouped"),
        after=node.text("after", ""),
    )
    node.done()
    return result


@dataclass(frozen=True)
class TableDef:
    """One kind of sheet to fill: how it is called, and what a row needs to count.

    ``columns``: in the order in which a template shows them unless it says otherwise; the first ``front`` are
    the ones to fill. ``room``: how many rows the live formulas reach. ``needs``: columns without which a row
    does not count. ``deciding``: the list column whose unknown choice sets a row aside, "" for none.
    """

    key: TableKey
    labels: Labels
    synonyms: tuple[str, ...]
    front: int
    room: int
    needs: tuple[str, ...]
    deciding: str
    columns: tuple[Field, ...]

    @property
    def people(self) -> bool:
        """Whether a row belongs to a customer."""
        return any(one.key == "nickname" for one in self.columns)

    @property
    def money(self) -> str:
        """The column whose sum is controlled, "" for none."""
        return "amount" if any(one.key == "amount" for one in self.columns) else ""


def _read_table(key: TableKey, node: Node) -> TableDef:
    columns = tuple(_read_field(key, name, child) for name, child in node.children("columns"))
    known = {one.key for one in columns}
    result = TableDef(
        key=key,
        labels=node.labels(),
        synonyms=node.texts("synonyms", []),
        front=node.whole("front", len(columns)),
        room=node.whole("room", 1000),
        needs=node.texts("needs", []),
        deciding=node.text("deciding", ""),
        columns=columns,
    )
    for one in columns:
        if one.after and one.after not in known:
            place = node.child("columns").child(one.key)
            raise place.fail(
                "after", "template.unknown_value", value=one.after, meant=closest(one.after, known)
            )
    for name in (*result.needs, *filter(None, [result.deciding])):
        if name not in known:
            raise node.fail("needs", "template.unknown_value", value=name, meant=closest(name, known))
    node.done()
    return result


@cached
def tables() -> dict[TableKey, TableDef]:
    """Every kind of sheet to fill: those of every template first, in the order that numbers customers; those
    of the template in force last."""
    others = [name for name in names_in("tables") if name not in CORE_TABLES]
    shipped = {key: read(f"tables/{key}.toml") for key in (*CORE_TABLES, *others)}
    return {key: _read_table(key, node) for key, node in with_own(shipped, "tables").items()}


@cached
def fields(table: TableKey) -> dict[str, Field]:
    """Every column a table may have, by key, in the file's order."""
    return {one.key: one for one in tables()[table].columns}
