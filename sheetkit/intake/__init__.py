"""File → Book: workbooks, delimited files and what people typed into them, with a finding for every doubt."""

from sheetkit.intake.book import read_added, read_book, read_self

__all__ = ["read_added", "read_book", "read_self"]
