"""The further sheets a run adds, each made by a function of its own: None where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from sheetkit.analysis.page import Found, Page
from sheetkit.analysis.pages.campaigns import campaigns_page
from sheetkit.analysis.pages.churn import churn
from sheetkit.analysis.pages.complaints import complaints
from sheetkit.analysis.pages.details import details
from sheetkit.analysis.pages.effect import effect
from sheetkit.analysis.pages.festivals import festival_page
from sheetkit.analysis.pages.grades import grades
from sheetkit.analysis.pages.habits import habits
from sheetkit.analysis.pages.limits import limits_page
from sheetkit.analysis.pages.market import market_page
from sheetkit.analysis.pages.needs import needs_page
from sheetkit.analysis.pages.own_columns import own_columns
from sheetkit.analysis.pages.same_person import same_person
from sheetkit.analysis.pages.stock import stock_page
from sheetkit.analysis.pages.team import team_page

PAGES: tuple[Callable[[Found], Page | None], ...] = (
    needs_page,
    churn,
    complaints,
    effect,
    grades,
    stock_page,
    campaigns_page,
    habits,
    details,
    market_page,
    team_page,
    festival_page,
    limits_page,
    same_person,
    own_columns,
)
"""In the order of ``ADDED_SHEETS``."""


def pages(found: Found) -> tuple[Page, ...]:
    """Every page that has something to say."""
    made = (make(found) for make in PAGES)
    return tuple(one for one in made if one is not None)
