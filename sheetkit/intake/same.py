"""What the seller answered on the sheet «same person» of an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sheetkit.intake.cells import Row, display, is_blank
from sheetkit.model.labels import Labels, fold
from sheetkit.model.sameness import ANSWER, NAME, OTHER, Tick


@dataclass(frozen=True)
class PairTable:
    """Where the pairs stand: the rows from ``first`` up to ``end`` and the columns, all from 0."""

    first: int
    end: int
    name: int
    other: int
    answer: int

    def is_hers(self, row: Row) -> bool:
        """Whether a row is a pair that she wrote herself: two names, an answer, and nothing else."""
        held = {at for at, cell in enumerate(row) if not is_blank(cell)}
        return held == {self.name, self.other, self.answer}


def pair_table(rows: Sequence[Row]) -> PairTable | None:
    """The first table that has these headings; it ends above the first row without two names."""
    for at, row in enumerate(rows):
        name, other, answer = (_find(row, one) for one in (NAME, OTHER, ANSWER))
        if name is None or other is None or answer is None:
            continue
        end = at + 1
        while end < len(rows) and _text(rows[end], name) and _text(rows[end], other):
            end += 1
        return PairTable(at + 1, end, name, other, answer)
    return None


def read_ticks(rows: Sequence[Row]) -> list[Tick]:
    """Every pair that has an answer, the first answer to a pair alone."""
    table = pair_table(rows)
    if table is None:
        return []
    found: dict[frozenset[str], Tick] = {}
    for tick in _ticks(rows, table):
        found.setdefault(frozenset((fold(tick.name), fold(tick.other))), tick)
    return list(found.values())


def _ticks(rows: Sequence[Row], table: PairTable) -> Iterator[Tick]:
    for row in rows[table.first : table.end]:
        typed = _text(row, table.answer)
        if typed:
            yield Tick(_text(row, table.name), _text(row, table.other), typed)


def _find(row: Row, labels: Labels) -> int | None:
    wanted = {fold(label) for label in labels.all()}
    return next((at for at, cell in enumerate(row) if isinstance(cell, str) and fold(cell) in wanted), None)


def _text(row: Row, at: int) -> str:
    return display(row[at]).strip() if at < len(row) else ""
