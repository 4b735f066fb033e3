"""What several live sheets ask of the whole shop: columns, the analysis date, rows outside the formulas."""

from __future__ import annotations

from sheetkit.model.days import to_date
from sheetkit.model.fields import CORE_TABLES, TableKey
from sheetkit.rules import excel
from sheetkit.rules.tree import Source
from sheetkit.writing.live.layout import FIRST_ROW
from sheetkit.writing.live.live import Live
from sheetkit.writing.live.places import HelperPlaces
from sheetkit.writing.live.sentence import Said, choose, count, literal, sentence


class ShopPlaces(HelperPlaces):
    """The shop's rows and figures as formulas of other sheets name them."""

    def figure(self, key: str) -> str:
        """A figure's cell on the helper sheet."""
        return f"{self.layout.helper}!{super().figure(key)}"

    def column(self, table: Source, key: str) -> str:
        """All rows of a helper column of trades or contacts, or of a fact over them."""
        fact = self._fact(table, key)
        if fact is not None:
            return excel.over_rows(fact.expr, self)
        return self.layout.outside(table, key, self.layout.capacity.rows(table))


def shop_places(live: Live) -> ShopPlaces:
    """The addresses for formulas of the live sheets."""
    return ShopPlaces(live.layout, live.rulebook, live.helper.filters, shop=True)


def day_text(live: Live) -> Said:
    """The analysis date in words."""
    return Said('TEXT(analysis_date,"yyyy-mm-dd")', to_date(live.as_of).isoformat())


def sheet_name(live: Live, key: str) -> Said:
    """What a sheet is called, to stand in a sentence."""
    name = live.blueprint.sheet(key).labels[live.lang]
    return Said(literal(name), name)


def rows_outside(live: Live) -> dict[TableKey, Said]:
    """How many customers, and rows of trades and contacts, stand beyond the reach of the formulas."""
    layout = live.layout
    last = f"{layout.helper}!${layout.letter('stack', 'running')}${FIRST_ROW + layout.stack_rows - 1}"
    more = max(0, len(live.typed.identity) - layout.capacity.customers)
    result: dict[TableKey, Said] = {}
    for table in CORE_TABLES:
        key, counting = ("nickname", "COUNTA") if table == "customers" else ("date", "COUNT")
        column, most = layout.typed_column(table, key), layout.capacity.rows(table) + 1
        formula = f"{counting}({column})-{counting}(INDEX({column},1):INDEX({column},{most}))"
        rows = live.typed.book.tables[table]
        typed = zip(rows.row, rows.column(key), strict=True)
        beyond = sum(row > most and one is not None for row, one in typed)
        if table == "customers":
            formula, beyond = f"MAX(0,{last}-{layout.capacity.customers})+{formula}", more + beyond
        result[table] = Said(formula, beyond)
    return result


def outside_line(live: Live, parts: dict[TableKey, Said]) -> Said:
    """The sentence that says so; "" where all stand inside."""
    room = str(live.layout.capacity.customers)
    said = {key: count(one) for key, one in parts.items()}
    line = sentence("classes.outside", live.lang, room=Said(literal(room), room), **said)
    total = "+".join(one.formula for one in parts.values())
    none = Said(f"{total}=0", not any(one.value for one in parts.values()))
    return choose(none, Said('""', ""), line)
