"""Every book that a test of reading reads has control totals that close."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from sheetkit import intake
from sheetkit.model.book import Book
from tests.intake.tables import assert_closes


@pytest.fixture(autouse=True, scope="session")
def _control_totals_close() -> Iterator[None]:
    plain = intake.read_book

    def read_and_close(*given: Any, **how: Any) -> Book:
        book = plain(*given, **how)
        assert_closes(book)
        return book

    users = [one for name, one in sys.modules.items() if name.startswith("tests.intake.")]
    with pytest.MonkeyPatch.context() as patch:
        for module in users:
            if getattr(module, "read_book", None) is plain:
                patch.setattr(module, "read_book", read_and_close)
        yield
