"""Where everything of ours stands in a workbook that its owner has gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sheetkit.model.fields import TableKey


@dataclass(frozen=True)
class HeldList:
    """A list on the lists sheet: its column of labels, that of the meanings offered (both from 0), whether a
    column of codes stands beside it, how many rows it has room for, and what stands in them, (label, meaning)
    a row, blank rows included.
    """

    column: int
    offered: int | None
    coded: bool
    rows: int
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Standing:
    """For the writers: what has a place already, and where there is room for more. Rows and columns from 0.

    ``helper``: the helper sheet's name. ``letters``: {table: {column key: letter}}, ``answer`` among the
    trades'. ``lists``: those on the lists sheet, ``free_column`` the first behind them. ``settings``: {key:
    row}, ``free_row`` the first below them.
    """

    helper: str
    letters: Mapping[TableKey, Mapping[str, str]]
    lists: Mapping[str, HeldList] = field(default_factory=dict)
    free_column: int = 0
    settings: Mapping[str, int] = field(default_factory=dict)
    free_row: int = 1
