"""活动效果: visits and sales a day inside each campaign against the days around it without one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from sheetkit.analysis.page import Found, Kind, Page, PageColumn, Section, Value
from sheetkit.messages import Lang, text

AROUND_DAYS = 28
"""So many days before a campaign and after it are the plain days it is held against: eight weeks."""
LEAST_VISITS = 30
"""Visits inside and around together, below which nothing is said."""
SURE = 1.96
"""Standard errors beyond which a difference is more than chance, at 5 %."""


_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("name", "text"),
    ("from", "date"),
    ("to", "date"),
    ("offer", "text"),
    ("cost", "money"),
    ("visits", "count"),
    ("visits_a_day", "number"),
    ("plain_a_day", "number"),
    ("sales_a_day", "money"),
    ("plain_sales_a_day", "money"),
    ("says", "text"),
)


@dataclass(frozen=True)
class Campaign:
    """One row of campaigns: first and last day, and what it cost (cents, None where blank)."""

    name: str
    offer: str
    first: int
    last: int
    cost: int | None


@dataclass(frozen=True)
class Effect:
    """Days, visits and cents inside a campaign, and on the plain days around it."""

    days: int
    visits: int
    cents: int
    plain_days: int
    plain_visits: int
    plain_cents: int

    @property
    def enough(self) -> bool:
        """Whether there is anything to tell."""
        return self.visits + self.plain_visits >= LEAST_VISITS and self.days > 0 and self.plain_days > 0

    @property
    def lift(self) -> float | None:
        """How many times more visits a day, less one; None where plain days have none."""
        if not self.plain_visits:
            return None
        return self.visits * self.plain_days / (self.plain_visits * self.days) - 1

    @property
    def sure(self) -> bool:
        """Whether the difference is more than chance: as many of all visits would fall inside by the days."""
        share, count = self.days / (self.days + self.plain_days), self.visits + self.plain_visits
        return abs(self.visits - count * share) > SURE * math.sqrt(count * share * (1 - share))


def campaigns_page(found: Found) -> Page | None:
    """The page of a workbook that has campaigns."""
    if not found.template.has("campaigns"):
        return None
    known = list(campaigns(found))
    if not known:
        return None
    lang = found.lang
    rows = [_row(one, effect(found, one, known), lang) for one in sorted(known, key=lambda one: -one.first)]
    columns = tuple(PageColumn(text(f"campaign.{key}", lang), kind) for key, kind in _COLUMNS)
    says = text("campaign.how", lang, days=AROUND_DAYS, least=LEAST_VISITS)
    section = Section(text("campaign.title", lang), says, columns, rows)
    return Page("campaign_effect", text("campaign.about", lang), (section,))


def campaigns(found: Found) -> Iterator[Campaign]:
    """Every campaign that has begun; one without a last day is one day long."""
    table, as_of = found.book.tables["campaigns"], found.as_of
    columns = (table.column(key) for key in ("item", "offer", "date", "until", "cost"))
    for used, name, offer, first, until, cost in zip(table.used, *columns, strict=True):
        if used and first is not None and first <= as_of:
            last = min(until if until is not None and until >= first else first, as_of)
            yield Campaign(str(name or ""), str(offer or ""), first, last, cost)


def effect(found: Found, one: Campaign, known: list[Campaign]) -> Effect:
    """What a campaign's days brought, and the plain days of the eight weeks around it: those on which no
    campaign ran, and which the shop's trades reach."""
    days, begun = found.ledger.days, min(found.ledger.day, default=found.as_of)
    around = (*range(one.first - AROUND_DAYS, one.first), *range(one.last + 1, one.last + 1 + AROUND_DAYS))
    plain = [
        day
        for day in around
        if begun <= day <= found.as_of and not any(other.first <= day <= other.last for other in known)
    ]
    inside = range(one.first, one.last + 1)
    return Effect(
        days=len(inside),
        visits=sum(days.visits[day] for day in inside),
        cents=sum(days.cents.get(day, 0) for day in inside),
        plain_days=len(plain),
        plain_visits=sum(days.visits[day] for day in plain),
        plain_cents=sum(days.cents.get(day, 0) for day in plain),
    )


def _row(one: Campaign, found: Effect, lang: Lang) -> tuple[Value, ...]:
    known = (one.name, one.first, one.last, one.offer, one.cost, found.visits)
    if not found.enough:
        count = found.visits + found.plain_visits
        nothing = text("campaign.too_few", lang, count=count, least=LEAST_VISITS)
        return (*known, None, None, None, None, nothing)
    rates = (found.visits / found.days, found.plain_visits / found.plain_days)
    money = (found.cents / found.days, found.plain_cents / found.plain_days)
    return (*known, *rates, *money, _says(found, lang))


def _says(found: Effect, lang: Lang) -> str:
    if found.lift is None or not found.sure:
        return text("campaign.even", lang)
    key = "campaign.more" if found.lift > 0 else "campaign.less"
    return text(key, lang, share=f"{abs(found.lift):.0%}")
