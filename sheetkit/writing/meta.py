"""The hidden sheet ``_sheetkit``: what this workbook is recognised by after sheets are renamed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sheetkit import __version__
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.fields import TableKey
from sheetkit.model.overlay import in_force
from sheetkit.model.report import OFFERED_MARK, OWN_BASE, OWN_FILE, OWN_LINE
from sheetkit.writing.look import Look
from sheetkit.writing.sheet import Sheet


def meta_rows(
    blueprint: Blueprint,
    lang: Lang,
    written_on: dt.date,
    capacity: Mapping[TableKey, int],
    choices: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, str]:
    """{key: value} of the hidden sheet; the names and headers are those written in ``lang``.

    ``choices``: what each list offers, so that a later version can tell what is new from what was deleted.
    """
    rows = {
        "template": blueprint.key,
        "version": str(blueprint.version),
        "lang": lang,
        "written_on": written_on.isoformat(),
        "sheetkit": __version__,
        "with": ",".join(blueprint.more),
    }
    rows |= {f"capacity:{table}": str(number) for table, number in capacity.items()}
    rows |= {f"sheet:{one.key}": one.labels[lang] for one in blueprint.sheets}
    rows |= {
        f"column:{sheet.key}:{field.key}": field.labels[lang]
        for sheet in blueprint.sheets
        for field in sheet.columns
    }
    offered = {f"choices:{key}": OFFERED_MARK.join(labels) for key, labels in (choices or {}).items()}
    return rows | offered | own_rows()


def own_rows() -> dict[str, str]:
    """The template of one's own that is in force, a row a line: the workbook brings its rules along."""
    own = in_force()
    if own is None:
        return {}
    lines = enumerate(own.text.split("\n"), 1)
    carried = {f"{OWN_LINE}{number}": line for number, line in lines if line.strip()}
    return {OWN_FILE: own.file, OWN_BASE: own.based_on, **carried}


def write_meta(sheet: Sheet, look: Look, rows: Mapping[str, str]) -> None:
    """Write key and value a row, and hide the sheet. Everything is text."""
    for row, (key, value) in enumerate(rows.items()):
        sheet.write(row, 0, key, look())
        sheet.write(row, 1, value, look())
    sheet.column(0, 32, look())
    sheet.column(1, 32, look())
    sheet.raw.hide()
