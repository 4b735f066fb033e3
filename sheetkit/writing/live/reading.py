"""Filled rows read back from a workbook written bare, so that cached values are true."""

from __future__ import annotations

from sheetkit.analysis.engine import measure
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.intake import read_book
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.live.cached import Typed


def read_as_typed(workbook: bytes, blueprint: Blueprint, lang: Lang, as_of: int) -> Typed:
    """What the live formulas see in the entry sheets: nothing repaired, names compared without case."""
    return measured_as_typed(
        read_book(workbook, "book.xlsx", repair=False, lang=lang, as_of=as_of), blueprint, as_of
    )


def measured_as_typed(book: Book, blueprint: Blueprint, as_of: int) -> Typed:
    """The same of a book that was read without repair."""
    book = set_aside_future(book, as_of)
    identity = identify(book, typed_fold)
    rules = rules_for(blueprint).book
    thresholds = rules.in_force(book.shop_kind or blueprint.shop_kind, book.settings)
    measured = measure(book, identity, rules, blueprint.dimensions, thresholds, as_of)
    return Typed(book, identity, measured, thresholds, as_of)
