"""What the workbook says about itself: the hidden sheet sheetkit wrote, and that of an earlier run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sheetkit.intake.cells import Row, display, tidy
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import DEFAULT_TEMPLATE, blueprint, blueprint_names
from sheetkit.model.fields import TableKey, tables
from sheetkit.model.labels import Labels, fold
from sheetkit.model.overlay import Own
from sheetkit.model.report import ADDED_SHEETS, KEPT_LABEL, MERGE_SHEET, OWN_BASE

CALC = Labels("计算", "Calc")


@dataclass(frozen=True)
class Meta:
    """The rows of ``_sheetkit`` and ``_sheetkit_run``; ``ours`` says whether sheetkit wrote the workbook.

    ``added``, ``written``: the sheets an earlier run added, and those the workbook was made with, by their
    hidden labels, {label: name by now}. ``own``: the template of the seller's own that it carries.
    """

    ours: bool = False
    values: dict[str, str] = field(default_factory=dict)
    run: dict[str, str] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    own: Own | None = None

    @property
    def template(self) -> str:
        """The template it was written from; where that cannot be read, the shipped one it is based on."""
        if self.own is not None:
            return self.own.key
        said = (self.values.get(key, "") for key in ("template", OWN_BASE))
        return next((name for name in said if name in blueprint_names()), DEFAULT_TEMPLATE)

    @property
    def more(self) -> tuple[TableKey, ...]:
        """The tables it was given beside those of its template."""
        return tuple(key for key in self.values.get("with", "").split(",") if key in tables())

    @property
    def lang(self) -> Lang | None:
        """The workbook's language, where it says so."""
        said = self.values.get("lang", "")
        return next((lang for lang in LANGS if lang == said), None)

    def written_headers(self) -> dict[tuple[str, str], str]:
        """{(table, field): header as written}."""
        result = {}
        for key, header in self.values.items():
            kind, _, rest = key.partition(":")
            table, _, name = rest.partition(":")
            if kind == "column" and name:
                result[table, name] = header
        for lang in LANGS if self.ours else ():
            result.setdefault(("trades", f"answer_{lang}"), text("column.answer", lang))
        return result

    def added_sheets(self) -> dict[str, str]:
        """{key of an added sheet: its name} of the earlier run; by the record where labels were lost."""
        if not self.added:
            return _sheets(self.run)
        return {key: self.added[key] for key in ADDED_SHEETS if key in self.added}

    def kept_sheets(self) -> list[str]:
        """The sheets of earlier runs that were kept because the seller had written in them."""
        return [name for label, name in self.added.items() if label.startswith(KEPT_LABEL)]

    def written_sheets(self) -> dict[str, str]:
        """{key of a sheet the workbook was made with: its name}, where the workbook says so."""
        return _sheets(self.values) | self.written


def _sheets(pairs: dict[str, str]) -> dict[str, str]:
    return {key.removeprefix("sheet:"): name for key, name in pairs.items() if key.startswith("sheet:")}


def read_pairs(rows: Iterable[Row]) -> dict[str, str]:
    """Rows of key | value as texts; a long value stands in several cells."""
    result: dict[str, str] = {}
    for row in rows:
        key, *values = [tidy(display(cell)) for cell in row] or [""]
        if key:
            result.setdefault(key, "".join(values))
    return result


@dataclass(frozen=True)
class SheetNames:
    """Which sheet names mean what, folded: tables by label (sure) and synonym, and what is no data.

    ``titles``: what stands above the sheets that we compute, by which a copy of one is told.
    """

    labels: dict[str, TableKey]
    synonyms: dict[str, TableKey]
    built_in: dict[str, str]
    never: frozenset[str]
    titles: frozenset[str]


def sheet_names(meta: Meta) -> SheetNames:
    """The names of every shipped table and template in every language, and those this workbook tells of."""
    labels = {fold(label): one.key for one in tables().values() for label in one.labels.all()}
    synonyms = {fold(label): one.key for one in tables().values() for label in one.synonyms}
    built_in: dict[str, str] = {}
    for name in (*blueprint_names(), *([meta.own.key] if meta.own else [])):
        for sheet in blueprint(name).sheets:
            for label in sheet.labels.all():
                (labels if sheet.columns else built_in)[fold(label)] = sheet.key
            for label in sheet.synonyms:
                synonyms.setdefault(fold(label), sheet.key)
    for key, name in meta.written_sheets().items():
        (labels if key in tables() else built_in)[fold(name)] = key
    never = {fold(name) for name in (*meta.added_sheets().values(), *meta.kept_sheets())}
    computed = {fold(label) for labels_ in (*ADDED_SHEETS.values(), CALC) for label in labels_.all()}
    merging = set(map(fold, MERGE_SHEET.all()))
    never |= merging
    titles = never | computed if meta.run else merging
    if meta.ours:
        never |= computed | set(built_in)
        titles |= never
    return SheetNames(labels, synonyms, built_in if meta.ours else {}, frozenset(never), frozenset(titles))
