"""What pages ask of the customers sheet, by customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sheetkit.analysis.page import Found
from sheetkit.model.book import Column


def typed(found: Found, key: str) -> Column:
    """What stands in a column of the customers sheet, one value a customer."""
    values = found.book.tables["customers"].column(key)
    return [None if home is None else values[home] for home in found.identity.home]


def asked(found: Found, key: str) -> bool:
    """Whether the template has the column on its customers sheet."""
    return any(one.key == key for one in found.template.sheet("customers").columns)


def grouped(values: Sequence[str]) -> Mapping[str, list[int]]:
    """{value: the customers (counted from 0) who have it}."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, value in enumerate(values):
        groups[value].append(at)
    return groups
