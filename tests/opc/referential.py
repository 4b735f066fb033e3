"""What a schema validator does not see: whether the parts of a workbook agree with each other.

``problems(data)`` returns sentences that begin with the name of the check; comparing the sets of two files
shows what an operation broke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.opc import checks_package, checks_sheet, checks_styles, checks_workbook
from tests.opc.reading import Book

__all__ = ["CHECKS", "Book", "problems"]

CHECKS: dict[str, Callable[[Book], Iterator[str]]] = {
    check.__name__: check
    for room in (checks_package, checks_workbook, checks_sheet, checks_styles)
    for check in room.CHECKS
}


def problems(data: bytes) -> set[str]:
    """Everything that does not agree, each with the name of its check in front."""
    book = Book(data)
    return {f"{name}: {found}" for name, check in CHECKS.items() for found in check(book)}
