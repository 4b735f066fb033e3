"""new: a template → a workbook to fill, blank or as a filled sample."""

from __future__ import annotations

from datetime import date

from sheetkit.errors import UsageError
from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.fields import TableKey
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample

MOST_LIVE = 10_000_000
"""Customers × transactions up to which live formulas are written."""


def new_workbook(
    template: str,
    lang: Lang,
    as_of: date,
    *,
    capacity: Capacity | None = None,
    with_sample: bool = False,
    more: tuple[TableKey, ...] = (),
) -> bytes:
    """The workbook of a template, with the tables ``more`` beside its own. Raises UsageError for an unknown
    template or a capacity formulas cannot bear."""
    room = capacity or Capacity()
    if min(room.customers, room.trades, room.contacts) < 1:
        raise UsageError("new.no_room")
    if room.customers * max(room.trades, room.contacts) > MOST_LIVE:
        raise UsageError("new.too_large", customers=room.customers, trades=room.trades, most=MOST_LIVE)
    chosen = blueprint(template, more)
    rows: Rows = sample(template, lang, as_of).rows if with_sample else {}
    return template_workbook(Plan(chosen, lang, as_of, room, rows))
