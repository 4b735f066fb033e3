"""市场细分: the customers by the seller's own groups, by region, age and habit: how many, worth what, who."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sheetkit.analysis.page import Found, Kind, Page, PageChart, PageColumn, Section, Value
from sheetkit.analysis.pages.people import asked, grouped, typed
from sheetkit.messages import text
from sheetkit.model.book import Column

NAMES_SHOWN = 5
_PROVINCE = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:特别行政区|自治区|省|市)")
_PARTS = re.compile(r"[\s,,、/·-]+")


def market_page(found: Found) -> Page | None:
    """The page of a template whose customers have a market segment."""
    if not asked(found, "market_segment") or not found.identity.names:
        return None
    lang = found.lang
    sections = [_section(found, "own", _words(found, typed(found, "market_segment")))]
    sections += [
        _section(found, key, _classes(found, key))
        for key in ("age_band", "habit")
        if key in found.template.dimensions
    ]
    sections.insert(1, _section(found, "region", _words(found, _regions(found))))
    day = text("market.about", lang, count=len(found.identity))
    return Page("market", day, tuple(sections))


def _regions(found: Found) -> Column:
    """What is typed as the region, else how the address begins."""
    pairs = zip(typed(found, "region"), typed(found, "address"), strict=True)
    return [region or (first_part(address) if address else None) for region, address in pairs]


def first_part(address: str) -> str:
    """The province or first word of an address.

    >>> first_part("广东省深圳市南山区"), first_part("上海 徐汇"), first_part("Austin, TX")
    ('广东省', '上海', 'Austin')
    """
    known, plain = _PROVINCE.match(address.strip()), address.strip()
    first = _PARTS.split(plain)[0]
    if known and len(known[0]) < len(first):
        return known[0]
    return re.split("[,/]", plain)[0].strip() if first.isascii() else first


def _words(found: Found, values: Column) -> list[str]:
    blank = text("market.blank", found.lang)
    return [str(one) if one else blank for one in values]


def _classes(found: Found, key: str) -> list[str]:
    labels = {one.key: one.labels[found.lang] for one in found.rules.book.dimensions[key].classes}
    return [labels[one] for one in found.customers[key]]


def _worth(found: Found) -> list[float]:
    """What each customer spent as far as it is known: typed values count where there are no orders."""
    key = "known_worth" if "known_worth" in found.customers else "revenue"
    return [one or 0 for one in found.customers[key]]


def _section(found: Found, key: str, values: Sequence[str]) -> Section:
    """The groups, those worth most first."""
    lang, worth = found.lang, _worth(found)
    total = sum(worth)
    groups = sorted(grouped(values).items(), key=lambda one: (-sum(worth[at] for at in one[1]), one[0]))
    rows = [_row(found, name, members, worth, total) for name, members in groups]
    title = text(f"market.{key}", lang)
    best = next((row for row in rows if row[0] not in _unknown(found)), None)
    says = text("market.none", lang)
    if best is not None and total:
        says = text("market.says", lang, label=best[0], people=f"{best[2]:.0%}", worth=f"{best[4]:.0%}")
    headings = [text(f"market.{one}", lang) for one in ("customers", "share", "worth", "worth_share", "each")]
    columns = [PageColumn(title), *map(PageColumn, headings, _KINDS)]
    columns.append(PageColumn(text("market.who", lang), width=46))
    chart = PageChart("bar", f"{title}: {text('market.worth_share', lang)}", 0, (4,)) if total else None
    return Section(title, says, tuple(columns), rows, chart)


_KINDS: tuple[Kind, ...] = ("count", "percent", "money", "percent", "money")


def _unknown(found: Found) -> tuple[str, ...]:
    """What groups are called of whose customers nothing is known."""
    bands = found.rules.book.dimensions.get("age_band")
    ages = (bands.cls("unknown").labels[found.lang],) if bands else ()
    return (text("market.blank", found.lang), *ages)


def _row(
    found: Found, name: str, members: Sequence[int], worth: Sequence[float], total: float
) -> tuple[Value, ...]:
    brought = sum(worth[at] for at in members)
    ranked = sorted(members, key=lambda at: (-worth[at], at))
    names = text("market.comma", found.lang).join(found.identity.names[at] for at in ranked[:NAMES_SHOWN])
    if len(ranked) > NAMES_SHOWN:
        names = text("market.more", found.lang, names=names, count=len(ranked) - NAMES_SHOWN)
    share = brought / total if total else None
    each = brought / len(members)
    return name, len(members), len(members) / len(found.identity), brought, share, each, names
