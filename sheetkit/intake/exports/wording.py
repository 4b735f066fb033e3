"""Items and quantities as exports write them: several in one cell, counts in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sheetkit.intake.amounts import read_number
from sheetkit.model.labels import fold

_COUNT = re.compile(r"\s*[(（\[【]\s*(?:[x×*]|数量\s*[:：]?)?\s*(\d{1,5})\s*[件个]?\s*[)）\]】]\s*$", re.I)
_COUNT_BEFORE = re.compile(r"(\d{1,5})\s*×\s*(?=\S)")


def pieces(text: str, marks: Sequence[str]) -> list[str]:
    """The items named in one cell.

    Where counts stand before the items, a mark without one behind it belongs to an item's name.

    >>> pieces("红茶，绿茶", ["，"]), pieces("", ["，"]), pieces("2× Tea, green, 1× Cup", [", "])
    (['红茶', '绿茶'], [], ['2× Tea, green', '1× Cup'])
    """
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    parts = text.split(marks[0]) if marks else [text]
    if _COUNT_BEFORE.match(parts[0]):
        parts = _with_counts(parts, marks[0] if marks else "")
    return [part.strip() for part in parts if part.strip()]


def _with_counts(parts: Sequence[str], mark: str) -> list[str]:
    result: list[str] = []
    for part in parts:
        if result and not _COUNT_BEFORE.match(part):
            result[-1] += mark + part
        else:
            result.append(part)
    return result


def items_of(text: str) -> tuple[str, float | None]:
    """An item and how many of it, where a number stands in brackets behind it or with a × before it.

    >>> items_of("红茶(2)"), items_of("红茶（x3件）"), items_of("红茶(礼盒)"), items_of("2× Tea")
    (('红茶', 2.0), ('红茶', 3.0), ('红茶(礼盒)', None), ('Tea', 2.0))
    """
    if before := _COUNT_BEFORE.match(text):
        return text[before.end() :], float(before[1])
    found = _COUNT.search(text)
    if not found:
        return text, None
    return text[: found.start()].strip(), float(found[1])


def quantity_of(text: str) -> float | None:
    """A quantity as a number; several joined by ``;`` are added up."""
    if not text:
        return None
    values = [read_number(part)[0] for part in re.split("[;；]", fold(text)) if part.strip()]
    return None if None in values or not values else float(sum(values))
