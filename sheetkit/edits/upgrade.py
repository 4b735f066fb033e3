"""What a template has and a workbook has not: the difference of the two, as additions and their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sheetkit.edits.present import ANSWER, EntrySheet, Present
from sheetkit.edits.standing import HeldList, Standing
from sheetkit.intake.cells import letters
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, SheetSpec
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import Labels, fold

Choice = tuple[str, str]
"""A label and its meaning's label, "" where it has none."""


@dataclass(frozen=True)
class WantedList:
    """A list as the template has it; ``by_label``: its labels are its meanings, so none may be wanting."""

    key: str
    choices: tuple[Choice, ...]
    by_label: bool = False


@dataclass(frozen=True)
class Wanted:
    """What the template asks for: ``blueprint`` by its own names, its lists, the keys of its settings.

    ``renewed``: whether the workbook is of another version or template, so that plain choices may be new.
    """

    blueprint: Blueprint
    lang: Lang
    lists: tuple[WantedList, ...]
    settings: tuple[str, ...]
    renewed: bool


@dataclass(frozen=True)
class Additions:
    """What comes: keys of sheets, {table: column keys}, lists, {list: labels}, settings; and ``full``: lists
    that have no room for what would come."""

    sheets: tuple[str, ...] = ()
    columns: Mapping[TableKey, tuple[str, ...]] | None = None
    lists: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None
    settings: tuple[str, ...] = ()
    full: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.sheets, self.columns, self.lists, self.choices, self.settings))


def additions(wanted: Wanted, there: Present) -> Additions:
    """The difference."""
    blueprint = wanted.blueprint
    has_lists, has_settings = "lists" in there.sheets, "settings" in there.sheets
    sheets = tuple(one.key for one in blueprint.sheets if one.key not in there.sheets)
    columns = {
        one.key: more
        for one in blueprint.sheets
        if one.columns and one.key in there.entry
        for more in [_missing(one, there.entry[one.key])]
        if more
    }
    held = [one for one in wanted.lists if has_lists and one.key in there.lists]
    new = [one.key for one in wanted.lists if has_lists and one.key not in (*there.lists, *there.moved)]
    coming = {one.key: more for one in held for more in [_new_choices(one, there, wanted.renewed)] if more}
    full = tuple(key for key, more in coming.items() if len(more) > _room(there.lists[key]))
    choices = {key: tuple(label for label, _ in more) for key, more in coming.items() if key not in full}
    known = there.settings or {}
    settings = tuple(key for key in wanted.settings if has_settings and key not in known)
    return Additions(sheets, columns, tuple(new), choices, settings, full)


def _missing(spec: SheetSpec, there: EntrySheet) -> tuple[str, ...]:
    return tuple(key for key in _columns(spec) if key not in there.letters)


def _columns(spec: SheetSpec) -> list[str]:
    return [*(one.key for one in spec.columns), *([ANSWER] if spec.key == "trades" else [])]


def _new_choices(one: WantedList, there: Present, renewed: bool) -> list[Choice]:
    """What the list has not been offered yet: by the record, else as far as her own entries tell."""
    held = there.lists[one.key].entries
    labels, meanings = {fold(label) for label, _ in held}, {fold(said) for label, said in held if label}
    more = [each for each in one.choices if fold(each[0]) not in labels]
    offered = there.offered.get(one.key)
    if one.by_label:
        return more
    if offered is not None:
        before = set(map(fold, offered))
        return [each for each in more if fold(each[0]) not in before]
    if any(meaning for _, meaning in one.choices):
        return [each for each in more if fold(each[1]) not in meanings]
    return more if renewed else []


def _room(held: HeldList) -> int:
    return held.rows - _used(held)


def _used(held: HeldList) -> int:
    """How many rows are in use, gaps between them included."""
    return max((at for at, (label, _) in enumerate(held.entries, 1) if label), default=0)


# Where things stand when they have come


def standing(
    wanted: Wanted,
    there: Present,
    coming: Additions,
    helper: str,
    free_column: Callable[[str], int],
) -> Standing:
    """``free_column``: of a sheet, the first column from 0 right of all that is in use."""
    found = {}
    for table, one in there.entry.items():
        if wanted.blueprint.has(table):
            spec = wanted.blueprint.sheet(table)
            more, first = (coming.columns or {}).get(table, ()), free_column(one.name)
            ours = {key: one.letters[key] for key in _columns(spec) if key in one.letters}
            found[table] = ours | {key: letters(first + at) for at, key in enumerate(more)}
    held = dict(there.lists)
    for each in wanted.lists:
        labels = (coming.choices or {}).get(each.key, ())
        if labels:
            held[each.key] = _with_choices(held[each.key], [one for one in each.choices if one[0] in labels])
    lists_sheet = there.sheets.get("lists")
    return Standing(
        helper,
        found,
        held,
        free_column(lists_sheet) if lists_sheet else 0,
        there.settings or {},
        there.free_row,
    )


def _with_choices(held: HeldList, more: Sequence[Choice]) -> HeldList:
    used = _used(held)
    entries = [*held.entries[:used], *more]
    return replace(held, entries=tuple(entries + [("", "")] * (held.rows - len(entries))))


def as_she_calls(blueprint: Blueprint, lang: Lang, there: Present, taken: Mapping[str, str]) -> Blueprint:
    """The template with the workbook's own names of sheets, and its headings where they differ.

    ``taken``: {key: name} of sheets that come, under names that are free.
    """
    names = {**{one.key: one.labels[lang] for one in blueprint.sheets}, **there.sheets, **taken}
    steps = []
    for step in blueprint.steps:
        said = step[lang]
        for one in blueprint.sheets:
            said = said.replace(one.labels[lang], names[one.key])
        steps.append(Labels(said, said))
    sheets = tuple(_renamed(one, lang, names[one.key], there) for one in blueprint.sheets)
    return replace(blueprint, sheets=sheets, steps=tuple(steps))


def _renamed(spec: SheetSpec, lang: Lang, name: str, there: Present) -> SheetSpec:
    columns = spec.columns
    if spec.key in there.entry:
        headers = there.entry[spec.key].headers
        columns = tuple(
            replace(one, labels=Labels(said, said))
            if (said := headers.get(one.key, "")) and fold(said) != fold(one.labels[lang])
            else one
            for one in columns
        )
    return replace(spec, labels=Labels(name, name), columns=columns)
