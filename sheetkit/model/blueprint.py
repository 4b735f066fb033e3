"""A blueprint: which sheets a template's workbook has, with which columns, dimensions and defaults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sheetkit.errors import UsageError
from sheetkit.model.fields import Field, TableKey, fields
from sheetkit.model.labels import Labels
from sheetkit.model.source import Node, closest, read, read_path, templates_folder

BUILT_IN_SHEETS = ("today", "classes", "profile", "dashboard", "settings", "lists")
ENTRY_SHEETS: tuple[TableKey, ...] = ("trades", "customers", "contacts")


@dataclass(frozen=True)
class SheetSpec:
    """One sheet. Entry sheets have ``columns``, the first ``front`` of them shown as the ones to fill."""

    key: str
    labels: Labels
    columns: tuple[Field, ...]
    front: int
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Blueprint:
    """A template as read from its TOML file."""

    key: str
    version: int
    labels: Labels
    about: Labels
    sheets: tuple[SheetSpec, ...]
    dimensions: tuple[str, ...]
    shop_kind: str
    steps: tuple[Labels, ...]

    def sheet(self, key: str) -> SheetSpec:
        """The sheet ``key``."""
        return next(one for one in self.sheets if one.key == key)


def _read_sheet(node: Node) -> SheetSpec:
    key = node.text("key")
    if key not in (*ENTRY_SHEETS, *BUILT_IN_SHEETS):
        raise node.fail(
            "key", "template.unknown_value", value=key, meant=closest(key, (*ENTRY_SHEETS, *BUILT_IN_SHEETS))
        )
    columns: list[Field] = []
    if key in ENTRY_SHEETS:
        known = fields(key)
        for name in node.texts("columns"):
            if name not in known:
                raise node.fail("columns", "template.unknown_value", value=name, meant=closest(name, known))
            columns.append(known[name])
    front = node.whole("front", len(columns))
    result = SheetSpec(key, node.labels(), tuple(columns), front, node.texts("synonyms", []))
    node.done()
    return result


def _read_blueprint(node: Node) -> Blueprint:
    result = Blueprint(
        key=node.text("key"),
        version=node.whole("version"),
        labels=node.labels(),
        about=node.labels("about"),
        sheets=tuple(_read_sheet(item) for item in node.items("sheets")),
        dimensions=node.texts("dimensions"),
        shop_kind=node.text("shop_kind"),
        steps=tuple(item.labels() for item in node.items("steps")),
    )
    node.done()
    return result


def blueprint_names() -> tuple[str, ...]:
    """The keys of the shipped templates."""
    folder = templates_folder() / "blueprints"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


@cache
def blueprint(name: str) -> Blueprint:
    """The shipped template ``name``, or the one in the TOML file at path ``name``.

    Raises UsageError for a name that is neither, TemplateError for a mistake in the file.
    """
    if name in blueprint_names():
        return _read_blueprint(read(f"blueprints/{name}.toml"))
    if name.endswith(".toml"):
        return _read_blueprint(read_path(Path(name)))
    raise UsageError("usage.unknown_template", name=name, meant=closest(name, blueprint_names()))
