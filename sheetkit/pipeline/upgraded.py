"""What an upgrade did, in the workbook's own names: as sentences, and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sheetkit.edits.present import ANSWER
from sheetkit.messages import LANGS, Lang, listed, text
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import Labels
from sheetkit.model.lists import lists
from sheetkit.pipeline.outcome import SCHEMA
from sheetkit.pipeline.upgrade import Upgraded
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.lists_sheet import PLAN_STATUS_LIST, SHOP_KIND
from sheetkit.writing.settings import CURRENCY


class Sentence(NamedTuple):
    """A key of the catalogue and what fills it."""

    key: str
    params: Mapping[str, object]


def sentences(done: Upgraded) -> Iterator[Sentence]:
    """What came, what was replaced, and what to look at."""
    lang, names, added = done.lang, done.names, done.added
    if added.sheets:
        yield Sentence("upgrade.sheets", {"sheets": listed(names[key] for key in added.sheets)})
    for sheet, columns in _columns(done).items():
        yield Sentence("upgrade.columns", {"sheet": sheet, "columns": listed(columns)})
    about = {"sheet": names.get("lists", "")}
    if added.lists:
        yield Sentence("upgrade.lists", {**about, "lists": listed(_lists(added.lists, lang))})
    for key, choices in (added.choices or {}).items():
        params = {**about, "list": list_label(key, lang), "choices": listed(choices)}
        yield Sentence("upgrade.choices", params)
    if added.settings:
        settings = {"sheet": names["settings"], "settings": listed(_settings(done))}
        yield Sentence("upgrade.settings", settings)
    if done.renewed:
        yield Sentence("upgrade.renewed", {"sheets": listed(done.renewed)})
    if done.readers:
        yield Sentence("upgrade.readers", {"users": listed(done.readers)})
    if done.moved:
        yield Sentence("upgrade.moved", {**about, "lists": listed(_lists(done.moved, lang))})
    if added.full:
        yield Sentence("upgrade.full", {**about, "lists": listed(_lists(added.full, lang))})


def upgrade_json(done: Upgraded, output: str) -> dict[str, Any]:
    """What ``upgrade --json`` prints; ``output`` "" where nothing had to change."""
    lang, added = done.lang, done.added
    return {
        "schema": SCHEMA,
        "changed": done.workbook is not None,
        "from": dict(zip(("template", "version"), done.before, strict=True)),
        "to": dict(zip(("template", "version"), done.now, strict=True)),
        "sheets": [done.names[key] for key in added.sheets],
        "columns": _columns(done),
        "lists": _lists(added.lists, lang),
        "choices": {list_label(key, lang): list(one) for key, one in (added.choices or {}).items()},
        "settings": _settings(done),
        "renewed": list(done.renewed),
        "readers": list(done.readers),
        "left_alone": _lists([*done.moved, *added.full], lang),
        "output": output,
    }


def _columns(done: Upgraded) -> dict[str, list[str]]:
    return {
        done.names[table]: [_heading(table, key, done.lang) for key in keys]
        for table, keys in (done.added.columns or {}).items()
    }


def _heading(table: TableKey, key: str, lang: Lang) -> str:
    return text("column.answer", lang) if key == ANSWER else fields(table)[key].labels[lang]


def _lists(keys: Sequence[str], lang: Lang) -> list[str]:
    return [list_label(key, lang) for key in keys]


def list_label(key: str, lang: Lang) -> str:
    """What a list is called above its column."""
    if key == PLAN_STATUS_LIST:
        return text("workbook.lists.plan_status", lang)
    return lists()[key].labels[lang] if key in lists() else key


def _settings(done: Upgraded) -> list[str]:
    rules = rules_for(done.template).book
    currency = Labels(*(text("workbook.settings.currency", one) for one in LANGS))
    known = {SHOP_KIND: lists()[SHOP_KIND].labels, CURRENCY: currency}
    known |= {key: one.labels for kind in (rules.goals, rules.thresholds) for key, one in kind.items()}
    known |= {key: one.labels for key, one in rules.figures.items()}
    return [known[key][done.lang] for key in done.added.settings]
