"""Platform exports → orders and buyers: which platform, what its lines mean, what is set aside."""

from sheetkit.intake.exports.apart import in_one_currency, usual_currency
from sheetkit.intake.exports.export import Export
from sheetkit.intake.exports.joining import book_of
from sheetkit.intake.exports.reading import read_export

__all__ = ["Export", "book_of", "in_one_currency", "read_export", "usual_currency"]
