"""new: a template → a workbook to fill, blank or as a filled sample."""

from __future__ import annotations

from datetime import date

from sheetkit.errors import UsageError
from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, Rows, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from sheetkit.writing.sample_stories import shop_of, stories

MOST_LIVE = 10_000_000
"""Customers × transactions up to which live formulas are written."""


def new_workbook(
    template: str,
    lang: Lang,
    as_of: date,
    *,
    capacity: Capacity | None = None,
    with_sample: bool = False,
    story: str = "",
) -> bytes:
    """The workbook of a template; ``story``: filled with this one of its further made-up shops.

    Raises UsageError for an unknown template or story, or a capacity formulas cannot bear.
    """
    room = capacity or Capacity()
    if min(room.customers, room.trades, room.contacts) < 1:
        raise UsageError("new.no_room")
    if room.customers * max(room.trades, room.contacts) > MOST_LIVE:
        raise UsageError("new.too_large", customers=room.customers, trades=room.trades, most=MOST_LIVE)
    chosen = blueprint(template)
    if not (with_sample or story):
        return template_workbook(Plan(chosen, lang, as_of, room))
    name = f"{template}-{story}" if story else template
    used, kind = shop_of(stories(name, lang), chosen)
    rows: Rows = sample(name, lang, as_of).rows
    return template_workbook(Plan(used, lang, as_of, room, rows, shop_kind=kind))
