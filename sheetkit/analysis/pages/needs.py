"""需求分析: what each customer likes, minds and may want; what the shop hears; the days they wait for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from sheetkit.analysis.complaints import dictionary
from sheetkit.analysis.page import Found, Page, PageChart, PageColumn, Section, Value
from sheetkit.analysis.pages.wishes import open_wishes
from sheetkit.analysis.pains import Pain, pains
from sheetkit.analysis.tastes import Taste, Tastes, tastes
from sheetkit.analysis.weekend import week
from sheetkit.messages import text
from sheetkit.model.days import to_date
from sheetkit.rules.words import show

MOST_ROWS = 500
MOST_KINDS = 3
MOST_WORDS = 6
FOND_SHARE, FOND_SALES = 0.5, 2
"""A kind of goods is what she likes from so large a share of so many sales."""
CANDIDATE_CUSTOMERS = 2
"""So many customers with the same complaint about the same goods are worth a line among the improvements."""


def needs_page(found: Found) -> Page | None:
    """None where nobody bought, said or wished anything."""
    read = pains(found)
    sections = [*_customers(found, read), *_tags(found, read), *_by_goods(found, read), *_week(found)]
    if not sections:
        return None
    about = text("needs.about", found.lang, day=to_date(found.as_of).isoformat())
    return Page("needs", about, tuple(sections))


def _columns(found: Found, key: str, kinds: str, widths: Sequence[float] = ()) -> tuple[PageColumn, ...]:
    """The columns of a table; ``kinds``: a letter each, t for text, c for a count, % for a share."""
    names = {"t": "text", "c": "count", "%": "percent"}
    headings = text(key, found.lang).split("|")
    wide = widths or [0] * len(headings)
    return tuple(
        PageColumn(header, names[kind], width)  # type: ignore[arg-type]  # kinds of columns
        for header, kind, width in zip(headings, kinds, wide, strict=True)
    )


# Each customer


def _customers(found: Found, read: Sequence[Pain]) -> Iterator[Section]:
    wishes = open_wishes(found)
    heard: dict[int, list[Pain]] = defaultdict(list)
    for pain in read:
        heard[pain.customer].append(pain)
    typed = {key: _typed(found, key) for key in ("preference", "pain_point")}
    spent = found.customers["revenue"]
    buyers = {who for who, visits in enumerate(found.customers["visits_here"], 1) if visits}
    people = {*buyers, *heard, *wishes, *typed["preference"], *typed["pain_point"]} - {0}
    if not people:
        return
    order = sorted(people, key=lambda who: (-(spent[who - 1] or 0), who))
    known = tastes(found, order[:MOST_ROWS])
    names, classes = found.customers["name"], _class_labels(found)
    rows: list[tuple[Value, ...]] = []
    for who in order[:MOST_ROWS]:
        one, hers = known.people[who], heard.get(who, [])
        liked = typed["preference"].get(who) or _fond_of(known, one)
        bought = _kinds(found, known, one), _band(one), _when(found, one)
        minded = typed["pain_point"].get(who) or _joined(found, [_tag(found, pain.tag) for pain in hers])
        words = _joined(found, [word for pain in hers for word in pain.words])
        wanted = _wanted(found, known, one, wishes.get(who, []))
        rows.append((names[who - 1], classes[who - 1], liked, *bought, minded, words, wanted))
    more = len(order) - len(rows)
    says = text("needs.customers_says", found.lang, count=len(rows))
    says += text("needs.customers_more", found.lang, count=more) if more else ""
    widths = (16, 12, 24, 26, 15, 14, 18, 24, 34)
    columns = _columns(found, "needs.customers_columns", "t" * 9, widths)
    yield Section(text("needs.customers_title", found.lang), says, columns, rows)


def _typed(found: Found, key: str) -> dict[int, str]:
    """{customer number: what the seller typed herself}."""
    values = found.book.tables["customers"].column(key)
    pairs = ((who, None if at is None else values[at]) for who, at in enumerate(found.identity.home, 1))
    return {who: str(value) for who, value in pairs if value}


def _class_labels(found: Found) -> list[str]:
    dimension = found.rules.book.dimensions[found.template.dimensions[0]]
    labels = {one.key: one.labels[found.lang] for one in dimension.classes}
    return [str(labels.get(key, key)) for key in found.customers[dimension.key]]


def _fond_of(known: Tastes, one: Taste) -> str:
    total = one.kinds.total()
    if total < FOND_SALES:
        return ""
    ranked = one.kinds.most_common()
    fond = (kind for kind, count in ranked if kind != known.everyones and count >= FOND_SHARE * total)
    return known.labels[found] if (found := next(fond, "")) else ""


def _kinds(found: Found, known: Tastes, one: Taste) -> str:
    """Her kinds of goods by their share: 家电 75%(3), 书 25%(1)."""
    total = one.kinds.total()
    ranked = sorted(one.kinds.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_KINDS]
    parts = (f"{known.labels[kind]} {count / total:.0%} ({count})" for kind, count in ranked)
    return text("limits.and", found.lang).join(parts)


def _band(one: Taste) -> str:
    band = one.price_band()
    if band is None:
        return ""
    low, high = (show(round(cents / 100) * 100, "money") for cents in band)
    return low if low == high else f"{low}–{high}"


def _when(found: Found, one: Taste) -> str:
    day, part = one.own_day(), one.own_part()
    said: list[str] = [] if day is None else [text("report.weekdays", found.lang).split()[day]]
    said += [] if part is None else [text("needs.parts", found.lang).split("|")[part]]
    return text("limits.and", found.lang).join(said)


def _tag(found: Found, key: str) -> str:
    return next(one.labels[found.lang] for one in dictionary().tags if one.key == key)


def _joined(found: Found, words: Sequence[str]) -> str:
    """Each once, the first few."""
    return text("limits.and", found.lang).join(list(dict.fromkeys(words))[:MOST_WORDS])


def _wanted(found: Found, known: Tastes, one: Taste, wishes: Sequence[str]) -> str:
    """Her own open wish first; then what others bought next."""
    said = [text("needs.wish", found.lang, what=what) for what in wishes[:2]]
    if one.next_kind:
        params = {"kind": known.labels[one.last_kind], "next": known.labels[one.next_kind]}
        said.append(text("needs.next", found.lang, count=one.support, **params))
    return text("limits.between_moves", found.lang).join(said)


# The shop


def _tags(found: Found, read: Sequence[Pain]) -> Iterator[Section]:
    """Complaints by what they are about."""
    if not read:
        return
    count = Counter(one.tag for one in read)
    rows = [
        (
            _tag(found, tag),
            times,
            len({one.customer for one in read if one.tag == tag}),
            _joined(found, [word for one in read if one.tag == tag for word in one.words]),
        )
        for tag, times in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    title = text("needs.tags_chart", found.lang, tag=rows[0][0], count=rows[0][1])
    chart = PageChart("bar", title, 0, (1,)) if len(rows) > 1 else None
    columns = _columns(found, "needs.tags_columns", "tcct")
    yield Section(
        text("needs.tags_title", found.lang), text("needs.tags_says", found.lang), columns, rows, chart
    )


def _by_goods(found: Found, read: Sequence[Pain]) -> Iterator[Section]:
    """Complaints by goods: what is worth mending."""
    about = [one for one in read if one.category]
    if not about:
        return
    groups: dict[tuple[str, str], list[Pain]] = defaultdict(list)
    for one in about:
        groups[one.category, one.tag].append(one)
    ranked = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = []
    for (category, tag), some in ranked[:MOST_ROWS]:
        people = len({one.customer for one in some})
        words = _joined(found, [word for one in some for word in one.words])
        advice = text("needs.candidate", found.lang) if people >= CANDIDATE_CUSTOMERS else ""
        rows.append((category, _tag(found, tag), len(some), people, words, advice))
    says = "needs.goods_says" if found.template.has("improvements") else "needs.goods_says_plain"
    columns = _columns(found, "needs.goods_columns", "ttcctt")
    yield Section(text("needs.goods_title", found.lang), text(says, found.lang), columns, rows)


def _week(found: Found) -> Iterator[Section]:
    """Weekdays and reduced prices, where either differs by more than chance."""
    seen = week(found)
    if not any(seen.known) or not (seen.uneven or seen.weekend_is_cheaper):
        return
    lang, days = found.lang, text("report.weekdays", found.lang).split()
    total = sum(seen.visits)
    rows = [
        (day, visits, visits / total, reduced if known else None, reduced / known if known else None)
        for day, visits, known, reduced in zip(days, seen.visits, seen.known, seen.reduced, strict=True)
    ]
    said = []
    if seen.uneven:
        best = max(range(7), key=lambda at: seen.visits[at])
        said.append(text("needs.week_uneven", lang, day=days[best], share=f"{seen.visits[best] / total:.0%}"))
    weekend, other = (f"{one:.0%}" for one in seen.at_weekend())
    key = "needs.week_cheaper" if seen.weekend_is_cheaper else "needs.week_no_link"
    said.append(text(key, lang, weekend=weekend, other=other))
    columns = _columns(found, "needs.week_columns", "tc%c%")
    chart = PageChart("column", said[0], 0, (1, 3))
    says = text("limits.between_moves", lang).join(said)
    yield Section(text("needs.week_title", lang), says, columns, rows, chart)
