"""流失预警: who is leaving and why, in words, what to do for whom, and what win-back has brought."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sheetkit.analysis.page import Found, Page, PageChart, PageColumn, Section, Value
from sheetkit.messages import text
from sheetkit.model.days import to_date
from sheetkit.model.fields import fields
from sheetkit.model.lists import lists

DIMENSION = "churn_warning"
WARNED = ("unhappy", "late", "sleeping", "left")
"""The classes that are warnings, the most urgent first: what can still be saved."""
MOST_SHOWN = 200
_MEASURE_BY_CLASS = {
    "unhappy": "low_score", "late": "late_check", "sleeping": "sleeping_season", "left": "ask_why"
}  # fmt: skip
"""The play whose action is the measure where no reason is typed; with one it is ``win_back_REASON``."""


def churn(found: Found) -> Page | None:
    """The page, where the template warns and somebody is warned of."""
    if DIMENSION not in found.template.dimensions:
        return None
    warned = _ranked(found)
    if not warned:
        return None
    many = Counter(found.customers[DIMENSION][at] for at in warned)
    classes = found.rules.book.dimensions[DIMENSION]
    counted = "、" if found.lang == "zh" else ", "
    said = counted.join(
        text("churn.class_count", found.lang, label=classes.cls(key).labels[found.lang], count=many[key])
        for key in WARNED
        if many[key]
    )
    about = text("churn.about", found.lang, day=to_date(found.as_of).isoformat(), classes=said)
    return Page("churn", about, (_list(found, warned), *_reasons(found)))


def _ranked(found: Found) -> list[int]:
    """The places of the customers warned of: by warning, then by what they spent of late."""
    classes, spend = found.customers[DIMENSION], found.customers["revenue"]
    places = [at for at, key in enumerate(classes) if key in WARNED]
    return sorted(places, key=lambda at: (WARNED.index(classes[at]), -(spend[at] or 0), at))


def _list(found: Found, warned: list[int]) -> Section:
    lang, dimensions = found.lang, found.rules.book.dimensions
    main = found.template.dimensions[0]
    kept = dimensions[main].labels[lang], dimensions[DIMENSION].labels[lang]
    columns = (
        PageColumn(fields("customers")["nickname"].labels[lang]),
        PageColumn(kept[1]),
        PageColumn(kept[0]),
        PageColumn(text("churn.revenue", lang), "money"),
        PageColumn(text("churn.last", lang), "date"),
        PageColumn(text("churn.why", lang), width=46),
        PageColumn(text("churn.measure", lang), width=46),
        PageColumn(fields("customers")["winback_result"].labels[lang]),
    )
    rows: list[list[Value]] = []
    for at in warned[:MOST_SHOWN]:
        of = {key: column[at] for key, column in found.customers.items()}
        rows.append(
            [
                of["name"],
                dimensions[DIMENSION].cls(of[DIMENSION]).labels[lang],
                dimensions[main].cls(of[main]).labels[lang],
                of["revenue"],
                of["last_day"],
                _why(found, of, at),
                _measure(found, of, at),
                _typed(found, "winback_result", at),
            ]
        )
    more = len(warned) - len(rows)
    says = text("churn.list_says", lang) + (text("churn.more", lang, count=more) if more else "")
    return Section(text("churn.list", lang), says, columns, rows)


def _why(found: Found, of: dict[str, Any], at: int) -> str:
    """Every sign there is, with her numbers; what she said herself last."""
    lang, limits = found.lang, found.thresholds
    days, gap = of["recency_days"], of["own_gap"]
    parts = []
    if of["unhappy"]:
        parts.append(text("churn.score", lang, score=of["last_score"], days=of["survey_days"]))
    if of["open_cases"]:
        parts.append(text("churn.cases", lang, count=of["open_cases"], days=of.get("oldest_case_days") or 0))
    if of["late"]:
        parts.append(text("churn.rhythm", lang, gap=f"{gap:.0f}", days=days))
    elif of[DIMENSION] in ("sleeping", "left") and days is not None:
        line = limits["lost_window" if of[DIMENSION] == "left" else "sleeping_window"]
        parts.append(text("churn.silent", lang, days=days, limit=f"{line:g}"))
    if of.get("complaints_365"):
        parts.append(text("churn.complained", lang, count=of["complaints_365"]))
    reason = _typed(found, "lost_reason", at)
    if reason:
        known = _typed(found, "lost_known", at)
        parts.append(text("churn.said" if known else "churn.said_plain", lang, reason=reason, known=known))
    return text("churn.between", lang).join(parts)


def _measure(found: Found, of: dict[str, Any], at: int) -> str:
    """What the playbook does about her reason, else about her warning; nothing where she asked to be left
    alone or needs nothing, or where the seller has tried."""
    if of["do_not_contact"] == lists()["yes"].code("yes"):
        return text("churn.silence", found.lang)
    actions = {play.key: play.action[found.lang] for play in found.rules.plays.plays}
    reason, away = _reason(found, at), of[DIMENSION] in ("sleeping", "left")
    if away and reason == "no_need":
        return text("churn.leave", found.lang)
    if away and _typed(found, "winback_result", at):
        return text("churn.had", found.lang)
    if away and reason:
        return actions.get(f"win_back_{reason}", "")
    return actions.get(_MEASURE_BY_CLASS[of[DIMENSION]], "")


def _reason(found: Found, at: int) -> str:
    """The meaning of her reason for leaving, "" where none is typed."""
    home = found.identity.home[at]
    code = None if home is None else found.book.tables["customers"].column("lost_reason")[home]
    meanings = lists()["lost_reason"].meanings
    return next((key for key, one in meanings.items() if one.code == code), "")


def _typed(found: Found, key: str, at: int) -> str:
    """What stands in a list column of her row, in words."""
    home = found.identity.home[at]
    value = None if home is None else found.book.tables["customers"].column(key)[home]
    meanings = lists()[fields("customers")[key].list_key].meanings
    if not meanings:
        return str(value or "")
    return next((one.labels[found.lang] for one in meanings.values() if one.code == value), "")


def _reasons(found: Found) -> list[Section]:
    """How many left for what, how many were tried to be won back, and how many came."""
    lang, meanings = found.lang, lists()["lost_reason"].meanings
    table = found.book.tables["customers"]
    came = lists()["winback_result"].code("back")
    columns = [table.column(key) for key in ("lost_reason", "winback_measure", "winback_result")]
    told = [row for row in zip(*columns, strict=True) if row[0] in {one.code for one in meanings.values()}]
    if not told:
        return [Section(text("churn.reasons", lang), text("churn.reasons_none", lang))]
    counts = Counter(code for code, _, _ in told)
    tried = Counter(code for code, measure, result in told if measure or result)
    back = Counter(code for code, _, result in told if result == came)
    ranked = sorted(meanings.values(), key=lambda one: (-counts[one.code], one.code))
    rows: list[list[Value]] = [
        [one.labels[lang], counts[one.code], tried[one.code], back[one.code]]
        for one in ranked
        if counts[one.code]
    ]
    headers = ("people", "tried", "back")
    shown = [PageColumn(text(f"churn.{one}", lang), "count") for one in headers]
    label = fields("customers")["lost_reason"].labels[lang]
    says = text("churn.reasons_says", lang, count=len(told), reason=rows[0][0])
    chart = PageChart("bar", says, 0, (1,))
    return [Section(text("churn.reasons", lang), says, (PageColumn(label), *shown), rows, chart)]
