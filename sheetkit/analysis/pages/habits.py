"""购买与互动: whose visits grow rarer, what sells, who changed her taste, who is in touch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

from sheetkit.analysis.page import Found, Page, PageChart, PageColumn, Section, Value
from sheetkit.analysis.pages.touch import late_follow_ups, touch
from sheetkit.messages import text
from sheetkit.rules.words import show

LEAST_VISITS = 6
"""Fewer say nothing of a rhythm: the last three gaps are held against those before, three at most."""
SLOWER = 1.5
"""So many times as long as before, and she comes more rarely."""
PERIOD_DAYS, PERIODS = 90, 4
LEAST_LINES = 10
"""Goods sold in a period, below which its shares are left out."""
MOST_ROWS = 20


@dataclass(frozen=True)
class Visit:
    """One visit: its day, and the category that most of its goods have ("" where none is written)."""

    day: int
    category: str


@dataclass(frozen=True)
class Slower:
    """A customer whose gaps grew: their means in days, before and of late."""

    number: int
    visits: int
    before: float
    late: float


def habits(found: Found) -> Page | None:
    """The page of a template that sorts customers by frequency."""
    if "frequency" not in found.template.dimensions or not len(found.ledger):
        return None
    visits = visits_of_each(found)
    sections = (
        _slower(found, visits),
        _categories(found),
        _turned(found, visits),
        touch(found),
        late_follow_ups(found),
    )
    about = text("habits.about", found.lang)
    return Page("habits", about, tuple(one for one in sections if one is not None))


def visits_of_each(found: Found) -> dict[int, list[Visit]]:
    """{customer number: her visits by day}."""
    ledger, lines = found.ledger, defaultdict[int, list[tuple[int, int, str]]](list)
    columns = (ledger.customer, ledger.day, ledger.visit, ledger.category)
    for number, day, opens, category in compress(zip(*columns, strict=True), ledger.sale):
        if number:
            lines[number].append((day, -opens, category or ""))
    return {number: list(_visits(sorted(some))) for number, some in lines.items()}


def _visits(lines: Sequence[tuple[int, int, str]]) -> Iterator[Visit]:
    starts = [at for at, (_, opens, _) in enumerate(lines) if opens]
    for start, end in pairwise([*starts, len(lines)]):
        kinds = Counter(kind for _, _, kind in lines[start:end] if kind)
        yield Visit(lines[start][0], kinds.most_common(1)[0][0] if kinds else "")


def slower(visits: Mapping[int, Sequence[Visit]]) -> list[Slower]:
    """Whose last three gaps are longer than those before by ``SLOWER``, the most so first."""
    result = []
    for number, some in visits.items():
        gaps = [after.day - one.day for one, after in pairwise(some)]
        if len(some) < LEAST_VISITS:
            continue
        before, late = gaps[-6:-3], gaps[-3:]
        means = sum(before) / len(before), sum(late) / len(late)
        if means[1] >= SLOWER * means[0]:
            result.append(Slower(number, len(some), *means))
    return sorted(result, key=lambda one: (-one.late / one.before, one.number))


def turned(visits: Mapping[int, Sequence[Visit]]) -> dict[int, tuple[str, str]]:
    """{customer number: (what she bought, what she buys)}: the commonest of three visits and of the three
    since, where each holds at least twice and not once in the other three."""
    result = {}
    for number, some in visits.items():
        kinds = [one.category for one in some if one.category]
        if len(kinds) >= LEAST_VISITS:
            before, late = Counter(kinds[-6:-3]), Counter(kinds[-3:])
            (was, often), (now, since) = before.most_common(1)[0], late.most_common(1)[0]
            if min(often, since) >= 2 and not before[now] and not late[was]:
                result[number] = was, now
    return result


def _slower(found: Found, visits: Mapping[int, Sequence[Visit]]) -> Section:
    lang, people, all_slower = found.lang, found.customers, slower(visits)
    able = sum(len(some) >= LEAST_VISITS for some in visits.values())
    dimension = found.rules.book.dimensions["frequency"]
    classes = Counter(people["frequency"][one.number - 1] for one in all_slower)
    of_each = [f"{one.labels[lang]} {classes[one.key]}" for one in dimension.classes if classes[one.key]]
    labels = {one.key: one.labels[lang] for one in dimension.classes}
    rows: list[tuple[Value, ...]] = [
        (
            people["name"][at := one.number - 1],
            labels[people["frequency"][at]],
            one.visits,
            one.before,
            one.late,
            people["recency_days"][at],
            people["spend"][at],
        )
        for one in all_slower[:MOST_ROWS]
    ]
    key = "habits.slower_none" if not able else "habits.slower_nobody" if not rows else "habits.slower_says"
    says = text(
        key, lang, count=len(all_slower), able=able, least=LEAST_VISITS,
        classes=text("why.comma", lang).join(of_each),
    )  # fmt: skip
    heads = ("customer", "class", "visits", "gap_before", "gap_late", "recency", "spend")
    return _section(found, "slower", says, heads, rows)


def _turned(found: Found, visits: Mapping[int, Sequence[Visit]]) -> Section:
    people, found_turned = found.customers, turned(visits)
    value = {number: people["spend"][number - 1] or 0 for number in found_turned}
    order = sorted(found_turned, key=lambda number: (-value[number], number))
    rows = [
        (people["name"][number - 1], *found_turned[number], value[number]) for number in order[:MOST_ROWS]
    ]
    says = text("habits.turned_says" if rows else "habits.turned_none", found.lang, count=len(order))
    return _section(found, "turned", says, ("customer", "was", "now", "spend"), rows)


def _categories(found: Found) -> Section:
    """What share of the money each category brought, in periods of 90 days up to the analysis date."""
    lang, money, lines = found.lang, Counter[tuple[str, int]](), Counter[int]()
    ledger, blank = found.ledger, text("habits.no_category", found.lang)
    columns = zip(ledger.day, ledger.net, ledger.category, strict=True)
    for day, net, category in compress(columns, ledger.sale):
        period = (found.as_of - day) // PERIOD_DAYS
        if 0 <= period < PERIODS:
            money[category or blank, period] += net
            lines[period] += 1
    shown = [period for period in reversed(range(PERIODS)) if lines[period] >= LEAST_LINES]
    if not shown or shown[-1] != 0:
        few = text("habits.categories_few", lang, least=LEAST_LINES)
        return Section(text("habits.categories", lang), few)
    totals = {period: sum(net for (_, one), net in money.items() if one == period) for period in shown}
    names = sorted({name for name, _ in money}, key=lambda name: (-money[name, 0], name))
    rows: list[tuple[Value, ...]] = [
        (name, *(money[name, period] / totals[period] if totals[period] else None for period in shown))
        for name in names
    ]
    heads = [text("habits.category", lang), *(_period(found, period) for period in shown)]
    kinds = ("text", *(["percent"] * len(shown)))
    columns_ = tuple(PageColumn(head, kind) for head, kind in zip(heads, kinds, strict=True))  # type: ignore[arg-type]
    says = _risen(found, [row for row in rows if row[0] != blank] or rows)
    chart = PageChart("bar", says, 0, tuple(range(max(1, len(shown) - 1), len(shown) + 1)))
    return Section(text("habits.categories", lang), says, columns_, rows, chart)


def _period(found: Found, period: int) -> str:
    first, last = (period + 1) * PERIOD_DAYS, period * PERIOD_DAYS
    return text("habits.period" if period else "habits.period_now", found.lang, first=first, last=last)


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0.0


def _risen(found: Found, rows: Sequence[Sequence[Value]]) -> str:
    """Which category's share changed most against the period before."""
    if len(rows[0]) < 3:
        top = max(rows, key=lambda row: _number(row[-1]))
        now = show(_number(top[-1]), "percent")
        return text("habits.categories_top", found.lang, name=top[0], now=now)

    def moved(row: Sequence[Value]) -> float:
        return abs(_number(row[-1]) - _number(row[-2]))

    most = max(rows, key=moved)
    now, before = (show(_number(most[at]), "percent") for at in (-1, -2))
    return text("habits.categories_moved", found.lang, name=most[0], before=before, now=now)


def _section(
    found: Found, key: str, says: str, heads: Sequence[str], rows: Sequence[Sequence[Value]]
) -> Section:
    kinds = {"visits": "count", "gap_before": "days", "gap_late": "days", "recency": "days", "spend": "money"}
    columns = tuple(
        PageColumn(text(f"habits.{head}", found.lang), kinds.get(head, "text"))  # type: ignore[arg-type]
        for head in heads
    )
    return Section(text(f"habits.{key}", found.lang), says, columns if rows else (), rows)
