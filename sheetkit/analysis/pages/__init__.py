"""The further sheets a run adds, each made by a function of its own: None where there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from sheetkit.analysis.page import Found, Page
from sheetkit.analysis.pages.campaigns import campaigns_page
from sheetkit.analysis.pages.stock import stock_page

PAGES: tuple[Callable[[Found], Page | None], ...] = (stock_page, campaigns_page)
"""In the order of ``ADDED_SHEETS``."""


def pages(found: Found) -> tuple[Page, ...]:
    """Every page that has something to say."""
    made = (make(found) for make in PAGES)
    return tuple(one for one in made if one is not None)
