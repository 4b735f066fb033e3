"""Small clothes shops drawn as tables, analysed as a seller's own workbook would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.result import Analysis
from sheetkit.intake import read_book
from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey, fields
from sheetkit.writing.blank import Plan, bare_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sheet import Value
from tests.analysis.drawing import drawn

AS_OF = date(2026, 5, 20)
TODAY = to_day(AS_OF)
TEMPLATE = blueprint("taobao")
Rows = Mapping[TableKey, Sequence[Mapping[str, Value]]]


def table(key: TableKey, drawing: str) -> list[dict[str, Value]]:
    """Rows drawn with ``|``: dates as days ago (to come: negative), numbers as numbers, a blank as none."""
    known = fields(key)

    def typed(name: str, cell: str) -> Value:
        if known[name].kind == "date":
            return AS_OF - timedelta(int(cell))
        return float(cell) if known[name].kind in ("money", "count", "number") else cell

    return [{name: typed(name, cell) for name, cell in row.items() if cell} for row in drawn(drawing)]


def sold(**days: Sequence[tuple[int, float]]) -> list[dict[str, Value]]:
    """Trades: {customer: (days ago, yuan) of each}."""
    return [
        {"nickname": name, "date": AS_OF - timedelta(ago), "amount": yuan}
        for name, bought in days.items()
        for ago, yuan in bought
    ]


def analysed(rows: Rows, lang: Lang = "zh") -> Analysis:
    """The shop written as a workbook, read and analysed."""
    data = bare_workbook(Plan(TEMPLATE, lang, AS_OF, Capacity(80, 400, 100), rows))
    return analyse(read_book(data, "shop.xlsx", as_of=TODAY), Clock(TODAY, TODAY))


def of(analysis: Analysis, key: str) -> dict[str, object]:
    """{name: a metric or class}."""
    return dict(zip(analysis.customers["name"], analysis.customers[key], strict=True))
