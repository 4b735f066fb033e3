"""The columns of a customer book, each defined once in ``templates/fields/TABLE.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from sheetkit.model.labels import Labels, fold
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, closest, read

Kind = Literal["name", "text", "id", "date", "time", "money", "number", "count", "percent", "list"]
TableKey = Literal["customers", "trades", "contacts"]
TABLES: tuple[TableKey, ...] = ("customers", "trades", "contacts")


@dataclass(frozen=True)
class Field:
    """One column: what it holds, how it is called in every language, and how wide it is shown.

    ``kind`` fixes the typed value of a Book column: name/text/id → str, date → day number, time →
    minutes since midnight, money → integer cents, number/percent → float, count → int, list → the code of
    the label's meaning,
    or the label itself (str) where the list has no meanings.
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
    )
    node.done()
    return result


@cache
def fields(table: TableKey) -> dict[str, Field]:
    """Every column a table may have, by key, in the file's order."""
    node = read(f"fields/{table}.toml")
    return {key: _read_field(table, key, child) for key, child in node.children()}
