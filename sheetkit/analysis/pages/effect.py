"""效果评估: satisfaction, repurchase and churn, each span against the same span before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import compress

from sheetkit.analysis.compared import SPANS, Figure, Verdict, churn_rate, mean, repurchase, verdict
from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.page import Found, Kind, Page, PageChart, PageColumn, Section, Value
from sheetkit.analysis.trends import FLOOR_CUSTOMERS, MATURE_DAYS, YEAR_DAYS
from sheetkit.messages import text
from sheetkit.model.days import month_index, to_date
from sheetkit.model.fields import fields

FLOOR_ANSWERS = 10
"""Answers a mean score rests on, in each period."""
MATURE_ART_DAYS = 365
"""The time to come back where one buys pictures."""
QUARTERS_SHOWN = 8

Answers = list[tuple[int, int, str]]
"""(day, score from 1 to 5, what was asked about)."""


def effect(found: Found) -> Page | None:
    """The page, where the template has a survey and there is a trade or an answer to look at."""
    given = _answers(found)
    visits = visits_of(found.ledger)
    if not found.template.has("surveys") or not (given or visits):
        return None
    about = text("effect.about", found.lang, day=to_date(found.as_of).isoformat())
    sections = (_satisfaction(found, given), *_quarters(found, given), *_aspects(found, given))
    return Page("effect", about, (*sections, _repurchase(found), _churn(found)))


def visits_of(ledger: Ledger) -> dict[int, list[int]]:
    """{customer: the days of her visits}."""
    days: dict[int, list[int]] = defaultdict(list)
    for who, day in compress(zip(ledger.customer, ledger.day, strict=True), ledger.visit):
        if who:
            days[who].append(day)
    return {who: sorted(one) for who, one in days.items()}


def _answers(found: Found) -> Answers:
    table = found.book.tables["surveys"]
    columns = (table.column("date"), table.column("score"), table.column("about"))
    rows = compress(zip(*columns, strict=True), table.used)
    return [(day, score, about or "") for day, score, about in rows if day and score and 1 <= score <= 5]


def _satisfaction(found: Found, given: Answers) -> Section:
    def within(start: int, end: int) -> Figure:
        return mean([score for day, score, _ in given if start < day <= end], FLOOR_ANSWERS)

    return _against(found, "satisfaction", "number", within)


def _repurchase(found: Found) -> Section:
    visits, before = visits_of(found.ledger), found.ledger.before
    mature = MATURE_ART_DAYS if (found.book.shop_kind or found.template.shop_kind) == "art" else MATURE_DAYS

    def within(start: int, end: int) -> Figure:
        return repurchase(visits, before, start - mature, end - mature, mature, FLOOR_CUSTOMERS)

    return _against(found, "repurchase", "percent", within, days=mature)


def _churn(found: Found) -> Section:
    visits = visits_of(found.ledger)

    def within(_: int, end: int) -> Figure:
        return churn_rate(visits, end, FLOOR_CUSTOMERS)

    return _against(found, "churn", "percent", within, days=YEAR_DAYS)


def _against(
    found: Found, key: str, kind: Kind, within: Callable[[int, int], Figure], **params: object
) -> Section:
    """One figure over each span, the same span before beside it."""
    lang, now = found.lang, found.as_of
    rows: list[list[Value]] = []
    said: list[Verdict] = []
    for span in SPANS:
        before, after = within(now - 2 * span, now - span), within(now - span, now)
        said.append(verdict(before, after))
        rows.append(
            [
                text("effect.ago" if key == "churn" else "effect.span", lang, days=span),
                text("effect.few", lang) if before.value is None else before.value, before.n,
                text("effect.few", lang) if after.value is None else after.value, after.n,
                text(f"effect.{said[-1]}", lang),
            ]
        )  # fmt: skip
    known = [(verdict_, span) for verdict_, span in zip(said, SPANS, strict=True) if verdict_ != "few"]
    says = text(f"effect.{key}.says", lang, floor=_floor(key), **params)
    if known:
        verdict_, span = next((one for one in known if one[0] != "same"), known[-1])
        says += text("effect.result", lang, days=span, verdict=text(f"effect.{verdict_}", lang))
    columns = (
        PageColumn(text("effect.period", lang)),
        PageColumn(text("effect.before", lang), kind),
        PageColumn(text("effect.rests", lang), "count"),
        PageColumn(text("effect.after", lang), kind),
        PageColumn(text("effect.rests", lang), "count"),
        PageColumn(text("effect.change", lang)),
    )
    return Section(text(f"effect.{key}", lang), says, columns, rows)


def _floor(key: str) -> int:
    return FLOOR_ANSWERS if key == "satisfaction" else FLOOR_CUSTOMERS


def _quarters(found: Found, given: Answers) -> list[Section]:
    """The mean score of each quarter; the line is drawn where two of them rest on enough answers."""
    if not given:
        return []
    lang, scores = found.lang, defaultdict[int, list[int]](list)
    for day, score, _ in given:
        scores[month_index(day) // 3].append(score)
    last = month_index(found.as_of) // 3
    span = range(max(min(scores), last - QUARTERS_SHOWN + 1), last + 1)
    means = {at: mean(scores[at], FLOOR_ANSWERS) for at in span}
    rows: list[list[Value]] = [[f"{at // 4}-Q{at % 4 + 1}", means[at].value, means[at].n] for at in span]
    known = [one for one in means.values() if one.value is not None]
    columns = (
        PageColumn(text("effect.quarter", lang)),
        PageColumn(text("effect.mean", lang), "number"),
        PageColumn(text("effect.answers", lang), "count"),
    )
    says = text("effect.quarters_few", lang, floor=FLOOR_ANSWERS)
    if len(known) < 2:
        return [Section(text("effect.quarters", lang), says, columns, rows)]
    first, end = (f"{known[at].value:.1f}" for at in (0, -1))
    title = text("effect.quarters_says", lang, first=first, last=end, floor=FLOOR_ANSWERS)
    chart = PageChart("line", title, 0, (1,))
    return [Section(text("effect.quarters", lang), title, columns, rows, chart)]


def _aspects(found: Found, given: Answers) -> list[Section]:
    """What was asked about, the lowest mean of the last year first; only what enough answered."""
    recent = defaultdict[str, list[int]](list)
    for day, score, about in given:
        if about and day > found.as_of - YEAR_DAYS:
            recent[about].append(score)
    enough = {about: mean(scores, FLOOR_ANSWERS) for about, scores in recent.items()}
    ranked = sorted(
        (one.value, about, one.n) for about, one in enough.items() if one.value is not None
    )  # fmt: skip
    if not ranked:
        return []
    columns = (
        PageColumn(fields("surveys")["about"].labels[found.lang]),
        PageColumn(text("effect.mean", found.lang), "number"),
        PageColumn(text("effect.answers", found.lang), "count"),
    )
    rows: list[list[Value]] = [[about, value, n] for value, about, n in ranked]
    says = text("effect.aspects_says", found.lang, about=ranked[0][1], floor=FLOOR_ANSWERS)
    return [Section(text("effect.aspects", found.lang), says, columns, rows)]
