"""门槛建议: each limit a shop can learn, what its repurchase curve says, and whom that would move."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sheetkit.analysis.limits import Suggestion
from sheetkit.analysis.lines import Lines
from sheetkit.analysis.page import Found, Link, Page, PageChart, PageColumn, Section, Value
from sheetkit.analysis.survival import Z_95
from sheetkit.messages import text
from sheetkit.model.days import to_date

MOST_MOVES = 4
STEPS = (1, 2, 5, 7, 10, 15, 30, 60, 90, 180, 365)
POINTS = 16


def limits_page(found: Found) -> Page | None:
    """None where there are too few gaps to learn from."""
    learnt = found.limits
    if not learnt.enough:
        return None
    about = text(
        "limits.about",
        found.lang,
        day=to_date(found.as_of).isoformat(),
        gaps=learnt.gaps.count,
        customers=learnt.gaps.returners,
        waiting=learnt.gaps.waiting.total(),
    )
    sections = [_suggestions(found), _curve(found), *_warnings(found)]
    return Page("limits", about, tuple(sections))


def _suggestions(found: Found) -> Section:
    lang, learnt = found.lang, found.limits
    headings = text("limits.columns", lang).split("|")
    kinds = ("text", "days", "days", "days", "count", "text", "text", "text")
    widths = (30, 11, 11, 11, 11, 40, 38, 38)
    columns = tuple(
        PageColumn(header, kind, width)  # type: ignore[arg-type]  # kinds of columns
        for header, kind, width in zip(headings, kinds, widths, strict=True)
    )
    rows = [tuple(_row(found, one)) for one in learnt.suggestions]
    changes = sum(1 for one in learnt.suggestions if one.suggestion not in (None, one.in_force))
    says = text("limits.says" if changes else "limits.says_none", lang, count=changes)
    return Section(text("limits.title", lang), says, columns, rows)


def _row(found: Found, one: Suggestion) -> Iterator[Value]:
    lang = found.lang
    yield found.rules.book.thresholds[one.key].labels[lang]
    yield one.in_force
    yield one.preset
    said = _said(found, one)
    if one.suggestion is None:
        yield from ("—", None, said, None, None)
    elif one.suggestion == one.in_force:
        yield from (one.suggestion, 0, said, None, text("limits.keep", lang))
    else:
        yield one.suggestion
        yield text("limits.uncounted", lang) if one.moves is None else one.moves.customers
        yield from (said, _moves(found, one), _where(found, one))


def _said(found: Found, one: Suggestion) -> str:
    """What the curve says for this limit, in words."""
    lang, drawn = found.lang, found.limits.curve
    times = text("limits.times", lang, times=f"{one.times:g}") if one.times != 1 else ""
    share = f"{one.share:.0%}"
    if one.learnt is not None:
        said = text("limits.reached", lang, share=share, days=f"{one.learnt / one.times:g}") + times
        return said if one.suggestion is not None else said + text("limits.too_short", lang)
    back = f"{drawn.back_by(drawn.longest):.0%}"
    said = text("limits.not_reached", lang, share=share, back=back, longest=drawn.longest)
    if one.of_returners is None:
        return said
    days = f"{one.of_returners / one.times:g}"
    return said + text("limits.of_returners", lang, share=share, days=days)


def _moves(found: Found, one: Suggestion) -> str:
    if one.moves is None:
        return ""
    lang, dimensions = found.lang, found.rules.book.dimensions
    parts = []
    for move in one.moves.moves[:MOST_MOVES]:
        dimension = dimensions[move.dimension]
        before, after = (dimension.cls(key).labels[lang] for key in (move.before, move.after))
        params = {"before": before, "after": after, "count": move.count}
        parts.append(text("limits.move", lang, dimension=dimension.labels[lang], **params))
    more = len(one.moves.moves) - MOST_MOVES
    if more > 0:
        parts.append(text("limits.more_moves", lang, count=more))
    return text("limits.between_moves", lang).join(parts)


def _where(found: Found, one: Suggestion) -> Value:
    """The cell to type the suggestion into."""
    place = found.book.setting_cells.get(one.key)
    if place is None:
        return text("limits.type_somewhere", found.lang, value=one.suggestion)
    sheet, cell = place
    row = re.sub(r"\D", "", cell)
    return Link(text("limits.type", found.lang, sheet=sheet, row=row, value=one.suggestion), sheet, cell)


def _curve(found: Found) -> Section:
    """How many are back after so many days, up to the day after which nobody came any more."""
    lang, drawn = found.lang, found.limits.curve
    end = drawn.days[-1]
    step = next((one for one in STEPS if one * (POINTS - 1) >= end), STEPS[-1])
    rows = []
    for day in range(0, end + step, step):
        at = sum(1 for one in drawn.days if one <= day)
        back, spread = drawn.back_by(day), Z_95 * drawn.errors[at - 1] if at else 0.0
        rows.append((day, back, max(back - spread, 0.0), min(back + spread, 1.0)))
    headings = text("limits.curve_columns", lang).split("|")
    columns = (PageColumn(headings[0], "count"), *(PageColumn(one, "percent") for one in headings[1:]))
    last = drawn.back_by(end)
    title = text("limits.curve", lang, share=f"{last:.0%}", days=end)
    chart = PageChart("line", title, 0, (1,))
    return Section(text("limits.curve_title", lang), text("limits.curve_says", lang), columns, rows, chart)


def _warnings(found: Found) -> Iterator[Section]:
    """The main classes that hold nearly everybody or, of the loyal, nobody."""
    dimension = found.rules.book.dimensions[found.template.dimensions[0]]
    lines = Lines(found.rules.book, found.thresholds, found.limits, found.lang)
    buyers = int(found.measured.figures["buyers"] or 0)
    rows = [
        (one.sentence(found.lang),)
        for one in lines.findings(dimension, found.customers[dimension.key], buyers)
    ]
    if rows:
        for at, (said,) in enumerate(rows):
            yield Section(text("limits.warning", found.lang) if at == 0 else "", said)
