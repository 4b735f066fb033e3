"""资料补全: which basic data is missing or out of date, and the gaps worth closing first."""

from __future__ import annotations

from sheetkit.analysis.page import Found, Page, PageColumn, Section, Value
from sheetkit.messages import text
from sheetkit.model.fields import fields

NEEDED = ("phone", "wechat", "address", "birthday")
OLD_DAYS = 365
"""Details checked longer ago than this are out of date."""
MOST_GAPS = 10


def details(found: Found) -> Page | None:
    """The page of a template that asks when details were last checked."""
    asked = {one.key for one in found.template.sheet("customers").columns}
    buyers = [at for at, day in enumerate(found.customers["last_day"]) if day is not None]
    if "last_checked" not in asked or not buyers:
        return None
    held = _Held(found, [key for key in NEEDED if key in asked])
    sections = (_worth(found, held, buyers), _complete(found, held, buyers))
    return Page("details", text("details.about", found.lang, days=OLD_DAYS), sections)


class _Held:
    """What the customers sheet holds of each customer (counted from 0)."""

    def __init__(self, found: Found, needed: list[str]) -> None:
        self.found, self.needed = found, needed
        self.home, self.table = found.identity.home, found.book.tables["customers"]

    def value(self, key: str, at: int) -> Value:
        row = self.home[at]
        found: Value = None if row is None else self.table.column(key)[row]
        return found

    def missing(self, at: int) -> list[str]:
        """The needed columns that are blank."""
        return [key for key in self.needed if self.value(key, at) in (None, "")]

    def old(self, at: int) -> bool:
        """Whether the details were never checked, or too long ago."""
        day = self.value("last_checked", at)
        return not isinstance(day, int) or self.found.as_of - day > OLD_DAYS


def _worth(found: Found, held: _Held, buyers: list[int]) -> Section:
    """The ten customers who brought most among those with a gap."""
    lang, people = found.lang, found.customers
    dimension = found.rules.book.dimensions[found.template.dimensions[0]]
    labels = {one.key: one.labels[lang] for one in dimension.classes}
    gaps = [at for at in buyers if held.missing(at) or held.old(at)]
    gaps.sort(key=lambda at: (-(people["revenue"][at] or 0), at))
    rows: list[tuple[Value, ...]] = []
    for at in gaps[:MOST_GAPS]:
        named = [fields("customers")[key].labels[lang] for key in held.missing(at)]
        checked = held.value("last_checked", at)
        state = text("details.old" if held.old(at) else "details.fresh", lang)
        rows.append(
            (
                people["name"][at],
                labels[people[dimension.key][at]],
                people["revenue"][at],
                text("details.comma", lang).join(named),
                checked,
                text("details.never", lang) if checked is None else state,
            )
        )
    params = {"count": len(gaps), "buyers": len(buyers), "shown": len(rows)}
    says = text("details.worth_says" if rows else "details.worth_none", lang, **params)
    columns = (
        PageColumn(text("details.customer", lang)),
        PageColumn(text("details.class", lang)),
        PageColumn(text("details.revenue", lang), "money"),
        PageColumn(text("details.missing", lang)),
        PageColumn(fields("customers")["last_checked"].labels[lang], "date"),
        PageColumn(text("details.state", lang)),
    )
    return Section(text("details.worth", lang), says, columns if rows else (), rows)


def _complete(found: Found, held: _Held, buyers: list[int]) -> Section:
    """How complete each column is, the emptiest first."""
    lang, total = found.lang, len(buyers)
    filled = {key: sum(held.value(key, at) not in (None, "") for at in buyers) for key in held.needed}
    rows: list[tuple[Value, ...]] = [
        (fields("customers")[key].labels[lang], count, total - count, count / total)
        for key, count in sorted(filled.items(), key=lambda item: item[1])
    ]
    fresh = sum(not held.old(at) for at in buyers)
    rows.append((text("details.checked", lang, days=OLD_DAYS), fresh, total - fresh, fresh / total))
    columns = (
        PageColumn(text("details.field", lang)),
        PageColumn(text("details.filled", lang), "count"),
        PageColumn(text("details.blank", lang), "count"),
        PageColumn(text("details.share", lang), "percent"),
    )
    says = text("details.complete_says", lang, name=rows[0][0], blank=rows[0][2], buyers=total)
    return Section(text("details.complete", lang), says, columns, rows)
