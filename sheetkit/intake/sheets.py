"""Which sheet is which table: by its name where that is known, else by what its headers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sheetkit.intake.cells import Row, is_blank, letters
from sheetkit.intake.headers import LABEL, STRIPPED, HeaderFinder, Layout, Match
from sheetkit.intake.headers import strip_header as strip_name
from sheetkit.intake.meta import SheetNames
from sheetkit.intake.source import Grid
from sheetkit.messages import Lang
from sheetkit.model.book import SheetPlace
from sheetkit.model.fields import CORE_TABLES, TableKey, fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold

_MANY = 3
_ANY_NAME = frozenset({"name", "名字", "姓名", "email"})


def choose(grid: Grid, names: SheetNames, finder: HeaderFinder) -> Layout | None:
    """The table a sheet holds and where its headers are; None for a sheet that is no table of ours."""
    name = fold(grid.name)
    sure = names.labels.get(name)
    bare = strip_name(name)
    likely = names.synonyms.get(name) or names.labels.get(bare) or names.synonyms.get(bare)
    if grid.hidden and not sure:
        return None
    asked = dict.fromkeys([*CORE_TABLES, *filter(None, [sure, likely])])
    layouts = {table: _named(finder.best(grid.rows, table)) for table in asked}
    for table in _candidates(layouts, sure, likely):
        layout = layouts[table]
        return None if layout and _is_titled(grid.rows[: layout.row], names.titles) else layout
    return None


def _is_titled(above: Sequence[Row], titles: frozenset[str]) -> bool:
    """Whether the first row above the headers that holds anything has one of these titles in it."""
    first = next((row for row in above if not all(map(is_blank, row))), [])
    return any(isinstance(cell, str) and fold(cell) in titles for cell in first)


def _candidates(
    layouts: dict[TableKey, Layout | None], sure: TableKey | None, likely: TableKey | None
) -> list[TableKey]:
    """The tables this sheet can be, the best first."""
    found: list[TableKey] = []
    if sure and _is(layouts[sure], sure):
        found.append(sure)
    if likely == "contacts" and _is(layouts["contacts"], "contacts"):
        found.append("contacts")
    if likely and likely not in CORE_TABLES and _is(layouts[likely], likely):
        found.append(likely)
    order: tuple[TableKey, ...] = ("trades", *([likely] if likely else []), "contacts")
    found += [table for table in order if _is(layouts[table], table)]
    if _is_short_of_a_column(layouts, sure or likely):
        found.append("trades")
    if _is_plainly_customers(layouts["customers"]):
        found.append("customers")
    return found


def _is(layout: Layout | None, table: TableKey) -> bool:
    """Whether the headers hold what makes a sheet this table."""
    if layout is None:
        return False
    if table == "trades":
        return layout.has("date", "amount")
    if table == "customers":
        return layout.has("nickname")
    about = tables()[table]
    if about.people and not layout.has_any("nickname", "customer_id"):
        return False
    if table == "contacts":
        return layout.has_any("type", "content", "due") and layout.has_any("date", "due")
    return layout.has(*(one for one in about.needs if one != "nickname"))


def _is_short_of_a_column(layouts: dict[TableKey, Layout | None], named: TableKey | None) -> bool:
    """Whether the sheet is one of trades whose dates or amounts have no header."""
    trades, customers = layouts["trades"], layouts["customers"]
    if trades is None or not trades.has_any("nickname", "customer_id"):
        return False
    if not trades.has_any("date", "amount"):
        return False
    return named == "trades" or (trades.score >= _MANY and (not customers or trades.score > customers.score))


def holds(layout: Layout) -> bool:
    """Whether the headers alone, whatever the sheet is called, are those of their table."""
    if layout.table == "customers":
        return _is_plainly_customers(layout)
    return _is(layout, layout.table)


def _is_plainly_customers(layout: Layout | None) -> bool:
    """Whether a sheet of unknown name is about customers: one column headed «name» may list anything."""
    if layout is None or not _is(layout, "customers"):
        return False
    name = layout.matches["nickname"]
    said = fold(layout.headers[name.column])
    return len(layout.matches) > 1 or name.level <= LABEL or said not in _ANY_NAME


def _named(layout: Layout | None) -> Layout | None:
    """A customers sheet with 姓名 and no 昵称 is named by 姓名."""
    if layout is None or layout.table != "customers" or "nickname" in layout.matches:
        return layout
    real = layout.matches.get("real_name")
    if real is None:
        return layout
    matches = {key: match for key, match in layout.matches.items() if key != "real_name"}
    return replace(layout, matches={"nickname": Match("nickname", real.column, STRIPPED), **matches})


def place(grid: Grid, layout: Layout) -> SheetPlace:
    """Where the table stands, for whoever writes to it."""
    columns = {key: letters(match.column) for key, match in layout.matches.items()}
    return SheetPlace(layout.table, grid.name, layout.row + 1, columns)


def header_findings(grid: Grid, layout: Layout, lang: Lang) -> list[Finding]:
    """What was assumed about the headers."""
    known = fields(layout.table)
    found = [
        _about_header("header_guessed", grid, layout, match.column, known[match.key].labels[lang])
        for match in layout.matches.values()
        if match.guessed
    ]
    found += [
        _about_header("header_duplicate", grid, layout, column, layout.headers[layout.matches[key].column])
        for column, key in layout.rivals.items()
    ]
    if layout.table == "trades" and not layout.has_any("nickname", "customer_id"):
        found.append(Finding("no_customer_column", "warning", grid.name))
    return found


def further_table(grid: Grid, layout: Layout, lang: Lang) -> Finding:
    """Says that a sheet's second table was read as one of its own."""
    first = min(match.column for match in layout.matches.values())
    label = tables()[layout.table].labels[lang]
    return _about_header("table_in_sheet", grid, layout, first, label)


def _about_header(code: str, grid: Grid, layout: Layout, column: int, taken: str) -> Finding:
    return Finding(
        code,
        "info",
        grid.name,
        f"{letters(column)}{layout.row + 1}",
        layout.headers[column],
        params={"field": taken},
    )


def ignored_finding(grid: Grid) -> Finding | None:
    """Says that a sheet with something in it was left alone."""
    rows = sum(any(not is_blank(cell) for cell in row) for row in grid.rows)
    if not rows:
        return None
    return Finding("sheet_ignored", "info", grid.name, params={"rows": rows})
