"""Results picked on 今天: what they are called, and by which words they name a row."""

from __future__ import annotations

from sheetkit.model.fields import TableKey
from sheetkit.model.labels import Labels

OWED_TABLES: tuple[TableKey, ...] = ("contacts", "cases", "wishes")
"""The tables whose rows stand on 今天 while they are open."""
RESULT = Labels("结果", "Result")
"""The heading above the cells in which results are picked."""
RESULTS: tuple[Labels, ...] = (Labels("已办", "Done"), Labels("不用办了", "Not needed"))
BETWEEN = " · "
"""Stands between a result and the row it is about."""
NAME_LENGTH, WORDS_LENGTH = 30, 12
"""Characters of the customer's name, and of what the row is about."""
