"""Typing a suggestion into the settings moves, in LibreOffice, as many customers as the page said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sheetkit.analysis.page import Link
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.live.layout import Capacity
from tests.live.books import AS_OF, BLUEPRINT, Case, Row, helper_sheet, recalculated, type_into

# Thirty regulars come every 30 days, so that the curve says 30 for everything; with the clamp at half the
# default: 30, 45, 90 and 45 days.
REGULARS = {f"常客{at:02}": [at, at + 30, at + 60, at + 90] for at in range(30)}
OTHERS = {"五十天前": [50], "老街坊": [55], "六十天前": [60, 70], "隔了很久": [20, 150]}
BY_HAND = {"nickname": "老街坊", "manual_class": "忠诚客户", "manual_reason": "十年的老街坊"}
MOVED = {
    "new_window": (30, 1),  # 五十天前 is new no more; 老街坊 stays where she was put
    "active_window": (45, 3),  # 六十天前 was active; for RFM all three of 50 to 60 days ago were recent
    "active_span": (90, 1),  # the two visits of 隔了很久 are 130 days apart
    "sleeping_window": (45, 3),  # those three sleep
}
RECALCULATED = ("new_window", "active_span")
"""A limit of a condition, and one that metrics rest on."""


def trades() -> Iterator[Row]:
    for name, visits in (REGULARS | OTHERS).items():
        for ago in visits:
            yield {"date": AS_OF - timedelta(ago), "nickname": name, "item": "书", "amount": 30}


@pytest.mark.proof
def test_a_suggestion_moves_as_many_as_it_said(tmp_path: Path) -> None:
    rows = {"trades": list(trades()), "customers": [BY_HAND]}
    plain = Case("regulars", rows, capacity=Capacity(36, 130, 8)).workbook()
    pages = analyze_file(plain, "店.xlsx", as_of=AS_OF).analysis.pages
    said = {row[0]: row for page in pages if page.key == "limits" for row in page.sections[0].rows}
    books = {}
    for key, (suggestion, count) in MOVED.items():
        row = said[rules_for(BLUEPRINT).book.thresholds[key].labels.zh]
        assert (row[3], row[4]) == (suggestion, count), key
        assert isinstance(row[7], Link)
        if key in RECALCULATED:
            books[key] = type_into(plain, {row[7].sheet: {row[7].cell: suggestion}})
    now = classes(plain)
    assert now[0][0] == "忠诚客户"
    for name, data in recalculated(books, tmp_path).items():
        then = classes(data)
        assert sum(one != two for one, two in zip(now, then, strict=True)) == MOVED[name][1], name


def classes(data: bytes) -> list[tuple[object, ...]]:
    """Every customer's class in every dimension, as the live sheets have it."""
    columns = helper_sheet(data, "zh")
    return list(zip(*(columns["people", key] for key in BLUEPRINT.dimensions), strict=True))
