"""自填列: what the seller's own columns say of her customers. Columns she added by hand in a spreadsheet
program, and those of a template of her own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sheetkit.analysis.page import Found, Kind, Page, PageChart, PageColumn, Section, Value
from sheetkit.messages import Lang, listed, text
from sheetkit.model.fields import Field, TableKey, fields, tables
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.own import described_columns
from sheetkit.rules.words import show

KEY = "own_columns"
LEAST_VALUES, MOST_VALUES = 2, 30
"""A column of fewer different values divides nobody; one of more holds names, numbers or remarks."""
SHOWN_VALUES, SHOWN_NAMES, SHOWN_COLUMNS = 10, 20, 12
_UNDER_NUMBERS = (PageColumn(""),) * 3
"""Left blank, so that the reason stands in the wide column of the names."""
ENOUGH_TO_COMPARE = 3
"""So many customers a value has before its average is spoken of."""


@dataclass(frozen=True)
class OwnColumn:
    """A column: its heading, and of each used row its text and the customer (0 for none).

    ``cents``, ``visits``: those of the row; of a customers row all of hers, on the first of her rows.
    """

    table: TableKey
    header: str
    values: Sequence[str]
    customer: Sequence[int]
    cents: Sequence[int]
    visits: Sequence[int]


@dataclass
class Group:
    """The rows of one value."""

    label: str
    rows: int = 0
    people: dict[int, None] = field(default_factory=dict)
    cents: int = 0
    visits: int = 0


def own_columns(found: Found) -> Page | None:
    """The page; None where there is no such column."""
    columns = [*_of_customers(found), *_of_trades(found)]
    shown: list[Section] = []
    left: list[tuple[OwnColumn, list[Group], str]] = []
    for one in columns:
        groups = grouped(one)
        reason = _why_not(groups, len(shown))
        if reason:
            left.append((one, groups, reason))
        else:
            shown.append(_section(one, groups, found))
    if not columns:
        return None
    about = text("own_columns.about", found.lang, shown=len(shown), all=len(columns))
    sections = (*shown, *([_left_out(left, found.lang)] if left else []))
    return Page(KEY, about, sections)


def _of_customers(found: Found) -> Iterator[OwnColumn]:
    table, numbers = found.book.tables["customers"], found.identity.number["customers"]
    used = [at for at, counts in enumerate(table.used) if counts and numbers[at]]
    who = [numbers[at] for at in used]
    first = {number: at for at, number in reversed(list(enumerate(who)))}
    revenue, visits = (
        [found.customers[key][number - 1] or 0 for number in who] for key in ("revenue", "visits")
    )
    once = [first[number] == at for at, number in enumerate(who)]
    cents = [value if counts else 0 for value, counts in zip(revenue, once, strict=True)]
    times = [value if counts else 0 for value, counts in zip(visits, once, strict=True)]
    for header, values in (*table.extras.items(), *_described(found)):
        yield OwnColumn("customers", header, [values[at] for at in used], who, cents, times)


def _of_trades(found: Found) -> Iterator[OwnColumn]:
    facts = found.measured.trades
    for header, values in found.book.tables["trades"].extras.items():
        typed = [values[line] for line in facts["line"]]
        yield OwnColumn("trades", header, typed, facts["customer"], facts["net"], facts["visit"])


def _described(found: Found) -> Iterator[tuple[str, list[str]]]:
    """The columns of words that the seller's own template has on the customers sheet."""
    table = found.book.tables["customers"]
    for key in described_columns(found.book.own, "customers"):
        column = fields("customers")[key]
        if column.kind in ("text", "list") and any(table.column(key)):
            words = _words(column, found.lang)
            yield column.labels[found.lang], [words.get(one, str(one or "")) for one in table.column(key)]


def _words(column: Field, lang: Lang) -> dict[object, str]:
    """{code: what it means} of a list with meanings."""
    if not column.coded:
        return {}
    meanings = lists()[column.list_key].meanings.values()
    return {0: "", **{one.code: one.labels[lang] for one in meanings}}


def grouped(column: OwnColumn) -> list[Group]:
    """The values by how many rows have them, the commonest first; spelling and case make no difference."""
    groups: dict[str, Group] = {}
    lines = zip(column.values, column.customer, column.cents, column.visits, strict=True)
    for value, number, cents, visits in lines:
        if not value.strip():
            continue
        group = groups.setdefault(fold(value), Group(value.strip()))
        group.rows += 1
        group.cents += cents
        group.visits += visits
        if number:
            group.people[number] = None
    return sorted(groups.values(), key=lambda one: (-len(one.people), -one.rows, one.label))


def _why_not(groups: Sequence[Group], shown: int) -> str:
    if not groups:
        return "own_columns.blank"
    if len(groups) < LEAST_VALUES:
        return "own_columns.one_value"
    if len(groups) > MOST_VALUES:
        return "own_columns.many_values"
    if all(group.rows == 1 for group in groups):
        return "own_columns.all_once"
    return "own_columns.enough_columns" if shown >= SHOWN_COLUMNS else ""


def _section(column: OwnColumn, groups: Sequence[Group], found: Found) -> Section:
    lang, names = found.lang, found.identity.names
    kinds: dict[str, tuple[Kind, float]] = {
        "value": ("text", 20),
        "customers": ("count", 0),
        "share": ("percent", 0),
        "visits": ("count", 0),
        "revenue": ("money", 0),
        "average": ("money", 0),
        "who": ("text", 46),
    }
    columns = tuple(
        PageColumn(text(f"own_columns.head.{key}", lang), kind, width) for key, (kind, width) in kinds.items()
    )
    kept, rest = groups[:SHOWN_VALUES], groups[SHOWN_VALUES:]
    everyone = {number for group in groups for number in group.people}
    rows = [_row(group.label, [group], len(everyone), names, lang) for group in kept]
    if rest:
        label = text("own_columns.others", lang, count=len(rest))
        rows.append(_row(label, rest, len(everyone), names, lang))
    chart = PageChart("bar", text("own_columns.chart", lang, header=column.header), 0, (1,))
    return Section(_title(column, lang), _says(column, groups, len(everyone), found), columns, rows, chart)


def _row(
    label: str, groups: Sequence[Group], everyone: int, names: Sequence[str], lang: Lang
) -> tuple[Value, ...]:
    people = list(dict.fromkeys(number for group in groups for number in group.people))
    cents, visits = (sum(getattr(group, key) for group in groups) for key in ("cents", "visits"))
    called = listed(names[number - 1] for number in people[:SHOWN_NAMES])[lang]
    if len(people) > SHOWN_NAMES:
        called = text("own_columns.and_more", lang, names=called, count=len(people) - SHOWN_NAMES)
    share = len(people) / everyone if everyone else None
    average = round(cents / len(people)) if people else None
    return label, len(people), share, visits, cents, average, called


def _title(column: OwnColumn, lang: Lang) -> str:
    return text("own_columns.title", lang, header=column.header, sheet=tables()[column.table].labels[lang])


def _says(column: OwnColumn, groups: Sequence[Group], everyone: int, found: Found) -> str:
    """How much of the column is filled, and the value whose customers spend most on average."""
    lang, rows, filled = found.lang, len(column.values), sum(group.rows for group in groups)
    share = f"{filled / rows:.0%}" if rows else "—"
    said = text(
        "own_columns.filled", lang, filled=filled, rows=rows, share=share, values=len(groups), people=everyone
    )
    known = [group for group in groups if len(group.people) >= ENOUGH_TO_COMPARE and group.cents > 0]
    if len(known) < LEAST_VALUES:
        return said
    best = max(known, key=lambda group: group.cents / len(group.people))
    average = show(round(best.cents / len(best.people)), "money")
    return said + text("own_columns.best", lang, value=best.label, average=average, people=len(best.people))


def _left_out(left: Sequence[tuple[OwnColumn, Sequence[Group], str]], lang: Lang) -> Section:
    columns = (
        PageColumn(text("own_columns.head.column", lang)),
        PageColumn(text("own_columns.head.filled", lang), "count"),
        PageColumn(text("own_columns.head.values", lang), "count"),
        *_UNDER_NUMBERS,
        PageColumn(text("own_columns.head.why", lang)),
    )
    rows = [
        (
            _title(one, lang),
            sum(group.rows for group in groups),
            len(groups),
            *(None for _ in _UNDER_NUMBERS),
            text(reason, lang, least=LEAST_VALUES, most=MOST_VALUES),
        )
        for one, groups, reason in left
    ]
    return Section(text("own_columns.left_out", lang), "", columns, rows)
