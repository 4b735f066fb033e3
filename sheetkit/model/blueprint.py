"""A blueprint: which sheets a template's workbook has, with which columns, dimensions and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sheetkit.errors import UsageError
from sheetkit.messages import LANGS
from sheetkit.model.fields import CORE_TABLES, Field, TableKey, fields, tables
from sheetkit.model.labels import Labels, fold
from sheetkit.model.overlay import cached, in_force
from sheetkit.model.own import added_tables, blueprint_node, described_columns
from sheetkit.model.source import Node, closest, names_in, read

CHARTS: dict[str, tuple[str, ...]] = {"classes": ("bar", "pie"), "sales": ("column", "line")}
"""The charts of 看板 that a template may draw its own way, and the ways; the first is the usual one."""


@dataclass(frozen=True)
class SheetSpec:
    """One sheet. Entry sheets have ``columns``, the first ``front`` of them shown as the ones to fill.

    A column is called here as this template calls it, which need not be its name in ``templates/tables``.
    """

    key: str
    labels: Labels
    columns: tuple[Field, ...]
    front: int
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Blueprint:
    """A template as read from its TOML file.

    ``dimensions``: the ways of sorting customers, the one that names her class first. ``explained``: those
    beside the first for which the report says why. ``shown``: the metrics that 客户分类 shows. ``plays``: the
    file of ``templates/plays`` that says what to do for whom.
    ``charts``: (chart of 看板, how it is drawn) where not as in every template; see ``CHARTS``.
    ``festivals``: whether 看板 and a page of the analysis remind of festivals and birthdays.
    ``more``: the tables it was given beside those of its file.
    """

    key: str
    version: int
    labels: Labels
    about: Labels
    sheets: tuple[SheetSpec, ...]
    dimensions: tuple[str, ...]
    explained: tuple[str, ...]
    shown: tuple[str, ...]
    plays: str
    shop_kind: str
    steps: tuple[Labels, ...]
    charts: tuple[tuple[str, str], ...] = ()
    festivals: bool = False
    more: tuple[TableKey, ...] = ()

    def sheet(self, key: str) -> SheetSpec:
        """The sheet ``key``."""
        return next(one for one in self.sheets if one.key == key)

    def chart(self, key: str) -> str:
        """How a chart of 看板 is drawn."""
        return dict(self.charts).get(key, CHARTS[key][0])

    def has(self, key: str) -> bool:
        """Whether there is a sheet ``key``."""
        return any(one.key == key for one in self.sheets)

    def table_name(self, key: TableKey) -> Labels:
        """What the sheet of a table is called here; a table's own name where there is no such sheet."""
        return self.sheet(key).labels if self.has(key) else tables()[key].labels

    @property
    def entry_tables(self) -> tuple[TableKey, ...]:
        """The tables to fill, in the order of their sheets."""
        return tuple(one.key for one in self.sheets if one.columns)

    @property
    def people_tables(self) -> tuple[TableKey, ...]:
        """The tables whose rows belong to customers, in the order that numbers customers."""
        return tuple(key for key, one in tables().items() if one.people and self.has(key))

    def with_tables(self, keys: Iterable[TableKey]) -> Blueprint:
        """The same with further tables to fill, behind those it has."""
        more = [_entry_sheet(key) for key in keys if not self.has(key)]
        last = max(at for at, one in enumerate(self.sheets) if one.columns)
        sheets = (*self.sheets[: last + 1], *more, *self.sheets[last + 1 :])
        return replace(self, sheets=sheets, more=(*self.more, *(one.key for one in more)))

    def with_columns(self, key: TableKey, names: Iterable[str]) -> Blueprint:
        """The same with further columns at the end of a sheet to fill, its notes last."""
        sheet, known = self.sheet(key), fields(key)
        more = [known[name] for name in names if known[name] not in sheet.columns]
        columns = sorted((*sheet.columns, *more), key=lambda one: one.key == "note")
        wider = replace(sheet, columns=tuple(columns))
        return replace(self, sheets=tuple(wider if one is sheet else one for one in self.sheets))


def _entry_sheet(key: TableKey) -> SheetSpec:
    """The sheet of a table as its own file has it."""
    one = tables()[key]
    listed = [column for column in one.columns if not column.after]
    columns, front = _with_added(key, listed, min(one.front, len(listed)))
    return SheetSpec(key, one.labels, columns, front, one.synonyms)


def _with_added(table: TableKey, listed: Sequence[Field], front: int) -> tuple[tuple[Field, ...], int]:
    """The columns with those the template in force describes, each right of the one it names, else at the end
    before the notes; and how many stand in front, where one that follows a column in front stands too."""
    columns, first = list(listed), {one.key for one in listed[:front]}
    for key in described_columns(in_force(), table):
        one, here = fields(table)[key], [each.key for each in columns]
        if key not in here:
            last = here.index("note") if here[-1:] == ["note"] else len(here)
            columns.insert(here.index(one.after) + 1 if one.after in here else last, one)
            first |= {key} if one.after in first else set()
    return tuple(columns), next((at for at, one in enumerate(columns) if one.key not in first), len(columns))


def _read_sheet(node: Node) -> SheetSpec:
    key, computed = node.text("key"), _computed_sheets()
    known_sheets = (*tables(), *computed)
    if key not in known_sheets:
        raise node.fail("key", "template.unknown_value", value=key, meant=closest(key, known_sheets))
    plain = _entry_sheet(key) if key in tables() else SheetSpec(key, computed[key], (), 0, ())
    columns, front = plain.columns, node.whole("front", plain.front)
    if key in tables() and node.has("columns"):
        listed = _listed(node, key)
        columns, front = _with_added(key, listed, node.whole("front", min(tables()[key].front, len(listed))))
    columns = _renamed(node, columns)
    labels = node.labels() if node.has("zh") else plain.labels
    result = SheetSpec(key, labels, columns, front, (*plain.synonyms, *node.texts("synonyms", [])))
    node.done()
    return result


def _renamed(node: Node, columns: tuple[Field, ...]) -> tuple[Field, ...]:
    """The columns under the headings that the sheet gives some of them; a heading stands over one column."""
    own = dict(node.children("labels"))
    known = [one.key for one in columns]
    for key, child in own.items():
        if key not in known:
            raise child.fail("", "template.unknown_value", value=key, meant=closest(key, known))
    named = tuple(replace(one, labels=own[one.key].labels()) if one.key in own else one for one in columns)
    for lang in LANGS:
        headings = [fold(one.labels[lang]) for one in named]
        for at, heading in enumerate(headings):
            if heading in headings[:at]:
                label = named[at].labels[lang]
                raise node.fail(f"labels.{named[at].key}", "template.repeated", value=label)
    for child in own.values():
        child.done()
    return named


def _listed(node: Node, table: TableKey) -> list[Field]:
    """The columns that a template lists for a sheet."""
    known, names = fields(table), node.texts("columns")
    for name in names:
        if name not in known:
            raise node.fail("columns", "template.unknown_value", value=name, meant=closest(name, known))
        if names.count(name) > 1:
            raise node.fail("columns", "template.repeated", value=name)
    for name in tables()[table].needs:
        if name not in names:
            raise node.fail("columns", "template.needed_column", value=name)
    return [known[name] for name in names]


@cache
def _computed_sheets() -> dict[str, Labels]:
    """The names of the sheets that nobody fills row by row."""
    return {key: child.labels() for key, child in read("sheets.toml").children()}


def _charts(node: Node) -> tuple[tuple[str, str], ...]:
    chosen = tuple((key, node.text(key)) for key in CHARTS if node.has(key))
    node.done()
    for key, drawn in chosen:
        if drawn not in CHARTS[key]:
            raise node.fail(key, "template.unknown_value", value=drawn, meant=closest(drawn, CHARTS[key]))
    return chosen


def _read_blueprint(node: Node) -> Blueprint:
    key = node.text("key")
    sheets = tuple(_read_sheet(item) for item in node.items("sheets"))
    for needed in (*CORE_TABLES, *_computed_sheets()):
        if needed not in {one.key for one in sheets}:
            raise node.fail("sheets", "template.needed_sheet", value=needed)
    result = Blueprint(
        key=key,
        version=node.whole("version"),
        labels=node.labels(),
        about=node.labels("about"),
        sheets=sheets,
        dimensions=node.texts("dimensions"),
        explained=node.texts("explained", []),
        shown=node.texts("shown"),
        plays=node.text("plays", key),
        shop_kind=node.text("shop_kind"),
        steps=tuple(item.labels() for item in node.items("steps")),
        charts=_charts(node.child("charts", optional=True)),
        festivals=node.flag("festivals"),
    )
    node.done()
    return result


def blueprint_names() -> tuple[str, ...]:
    """The keys of the shipped templates, the default one first."""
    return tuple(sorted(names_in("blueprints"), key=lambda name: (name != DEFAULT_TEMPLATE, name)))


DEFAULT_TEMPLATE = "xianyu"
"""The template of a workbook that sheetkit did not write."""


def further_tables(words: Iterable[str]) -> tuple[TableKey, ...]:
    """The tables that ``words`` name, by key or by a name in either language, in the order of their files.

    Raises UsageError for a word that names none.
    """
    names = {fold(name): one.key for one in tables().values() for name in one.synonyms}
    names |= {fold(name): one.key for one in tables().values() for name in (one.key, *one.labels.all())}
    found = set()
    for word in filter(None, map(str.strip, words)):
        if fold(word) not in names:
            raise _unknown_table(word, names)
        found.add(names[fold(word)])
    return tuple(key for key in tables() if key in found)


def _unknown_table(word: str, names: Mapping[str, TableKey]) -> UsageError:
    meant = names.get(closest(fold(word), names), "")
    known = ", ".join(key for key in tables() if key not in CORE_TABLES)
    key = "usage.unknown_table_meant" if meant else "usage.unknown_table"
    return UsageError(key, name=word, meant=meant, known=known)


@cached
def blueprint(name: str, more: tuple[TableKey, ...] = ()) -> Blueprint:
    """The template of one's own that is in force where ``name`` is its key, else the shipped one; ``more``:
    further tables.

    Raises UsageError for a name that is neither, TemplateError for a mistake in the file.
    """
    return _blueprint(name).with_tables(more)


@cached
def _blueprint(name: str) -> Blueprint:
    own = in_force()
    if own is not None and name == own.key:
        return _read_blueprint(blueprint_node(own)).with_tables(added_tables(own))
    if name in blueprint_names():
        return _read_blueprint(read(f"blueprints/{name}.toml"))
    raise UsageError("usage.unknown_template", name=name, meant=closest(name, blueprint_names()))
