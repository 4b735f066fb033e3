"""商品与求购: what is for sale, who waits for it, what stands too long, and what sold in how many days."""

from __future__ import annotations

from collections import defaultdict

from sheetkit.analysis.page import Found, Kind, Page, PageColumn, Section
from sheetkit.analysis.stock import LEAST_SOLD, LONG_FACTOR, Piece, Stock
from sheetkit.messages import Lang, text
from sheetkit.rules.words import show

MOST = 200
"""Rows of a table at most."""


def stock_page(found: Found) -> Page | None:
    """The page of a workbook that has goods."""
    if not found.template.has("goods") or not any(found.book.tables["goods"].used):
        return None
    stock, lang = Stock(found), found.lang
    sections = (_here(stock, lang), _waiting(stock, lang), _standing(stock, lang), _sold(stock, lang))
    return Page("stock", text("stock.about", lang), sections)


def _columns(lang: Lang, **kinds: Kind) -> tuple[PageColumn, ...]:
    return tuple(PageColumn(text(f"stock.{key}", lang), kind) for key, kind in kinds.items())


def _here(stock: Stock, lang: Lang) -> Section:
    """What is for sale or held, by category."""
    groups: dict[str, list[Piece]] = defaultdict(list)
    for one in stock.pieces:
        if one.state in ("listed", "held"):
            groups[one.category or text("stock.no_category", lang)].append(one)
    rows = [
        (key, len(some), sum(one.asking or 0 for one in some), sum(one.cost or 0 for one in some) or None)
        for key, some in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    columns = _columns(lang, category="text", pieces="count", asking_sum="money", cost_sum="money")
    pieces = [one for some in groups.values() for one in some]
    asking = show(sum(one.asking or 0 for one in pieces), "money")
    says = text("stock.here_says", lang, count=len(pieces), asking=asking)
    return Section(text("stock.here", lang), says if pieces else text("stock.nothing", lang), columns, rows)


def _waiting(stock: Stock, lang: Lang) -> Section:
    matches = stock.matches
    rows = [
        (
            one.customer,
            one.wants,
            one.piece.item,
            one.piece.condition,
            one.piece.asking,
            one.piece.floor,
            one.budget,
            one.reason,
        )
        for one in matches[:MOST]
    ]
    key = "stock.waiting_says" if matches else "stock.waiting_none"
    says = text(key, lang, count=len(matches), people=len({one.customer for one in matches}))
    columns = _columns(
        lang,
        customer="text",
        wants="text",
        item="text",
        condition="text",
        asking="money",
        floor="money",
        budget="money",
        reason="text",
    )
    return Section(text("stock.waiting", lang), says, columns if rows else (), rows)


def _standing(stock: Stock, lang: Lang) -> Section:
    rows = [
        (one.item, one.category, one.asking, one.floor, days, usual, _advice(one, lang))
        for one, days, usual in stock.standing[:MOST]
    ]
    says = text("stock.standing_says", lang, count=len(stock.standing), factor=LONG_FACTOR)
    if stock.usual_days[""][1] is None:
        says = text("stock.too_few", lang, count=stock.usual_days[""][0], least=LEAST_SOLD)
    columns = _columns(
        lang,
        item="text",
        category="text",
        asking="money",
        floor="money",
        days_here="days",
        usual_days="days",
        advice="text",
    )
    return Section(text("stock.standing", lang), says, columns if rows else (), rows)


def _advice(one: Piece, lang: Lang) -> str:
    if one.asking is not None and one.floor is not None and one.asking > one.floor:
        room = show(one.asking - one.floor, "money")
        return text("stock.advice_room", lang, room=room)
    return text("stock.advice_photos", lang)


def _sold(stock: Stock, lang: Lang) -> Section:
    """Days to sell and profit by category; a median of too few says so."""
    groups: dict[str, list[Piece]] = defaultdict(list)
    for one in stock.pieces:
        if one.state == "sold":
            groups[one.category].append(one)
    few = text("stock.few", lang)
    rows = []
    for key, some in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0])):
        known = [one for one in some if one.profit is not None]
        profit, turnover = sum(one.profit or 0 for one in known), sum(one.sold_price or 0 for one in known)
        usual = stock.usual_days.get(key, (0, None))[1] if key else None
        below = sum(
            one.floor is not None and one.sold_price is not None and one.sold_price < one.floor
            for one in some
        )
        shown = (profit, profit / turnover if turnover else None) if known else (None, None)
        label = key or text("stock.no_category", lang)
        rows.append((label, len(some), few if usual is None else usual, len(known), *shown, below))
    count, usual = stock.usual_days[""]
    says = text("stock.sold_says", lang, count=count, days=usual if usual is not None else 0)
    if usual is None:
        says = text("stock.too_few", lang, count=count, least=LEAST_SOLD)
    columns = _columns(
        lang,
        category="text",
        sold="count",
        median_days="days",
        costed="count",
        profit="money",
        margin="percent",
        below_floor="count",
    )
    return Section(text("stock.sold_title", lang), says, columns if rows else (), rows)
