"""new: a template → a workbook to fill, blank or as a filled sample."""

from __future__ import annotations

from datetime import date

from sheetkit.errors import TemplateError, UsageError
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.fields import TableKey
from sheetkit.model.overlay import Own, in_force, using
from sheetkit.model.own import own_template
from sheetkit.rules.chosen import rules_for
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
    more: tuple[TableKey, ...] = (),
) -> bytes:
    """The workbook of a template, with the tables ``more`` beside its own; ``story``: filled with this one of
    its further made-up shops.

    Raises UsageError for an unknown template or story, or a capacity formulas cannot bear; TemplateError for
    a mistake in a template of one's own.
    """
    room = capacity or Capacity()
    if min(room.customers, room.trades, room.contacts) < 1:
        raise UsageError("new.no_room")
    if room.customers * max(room.trades, room.contacts) > MOST_LIVE:
        raise UsageError("new.too_large", customers=room.customers, trades=room.trades, most=MOST_LIVE)
    own, chosen = chosen_template(template)
    with using(own):
        chosen = chosen.with_tables(more)
        if not (with_sample or story):
            return _written(Plan(chosen, lang, as_of, room))
        told = (own.based_on or own.key) if own else template
        name = f"{told}-{story}" if story else told
        used, kind = shop_of(stories(name, lang), chosen)
        rows: Rows = sample(name, lang, as_of).rows
        return _written(Plan(used, lang, as_of, room, rows, shop_kind=kind))


def _written(plan: Plan) -> bytes:
    """The workbook; what cannot be written of a template of one's own is a mistake in it."""
    own = in_force()
    try:
        return template_workbook(plan)
    except ValueError as problem:
        if own is None:
            raise
        raise TemplateError("template.not_written", file=own.file, where="", problem=problem) from problem


def chosen_template(template: str) -> tuple[Own | None, Blueprint]:
    """A shipped template, or one's own where it holds together and says nothing forbidden."""
    own = own_template(template)
    if own is None:
        return None, blueprint(template)
    from sheetkit.analysis.lint import hold_words
    from sheetkit.rules.own import hold

    found = hold(own)
    with using(own):
        hold_words(own, rules_for(found).plays, found.shop_kind)
    return own, found
