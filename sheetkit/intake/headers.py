"""Headers by meaning: which column of a sheet holds which field, and in which row the headers stand."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sheetkit.intake.cells import Cell, Row, display, tidy
from sheetkit.model.fields import CORE_TABLES, Field, TableKey, fields
from sheetkit.model.labels import fold

SEARCHED_ROWS = 40
"""The header stands in one of the first rows; platform exports put up to 30 lines in front."""

_BRACKETS = re.compile(r"[((【\[<《].*?[))】\]>》]")
_MARKS = re.compile(r"[\s*::/_\-.#*、,。!?]+")
_UNIT_TAIL = re.compile(r"(?:/元|单位元|rmb|cny)$")

Find = Callable[[str], tuple[str, int] | None]

# How sure a match is, best first; the first column of the best level wins a field.
WRITTEN, LABEL, SYNONYM, STRIPPED, NEAR = range(5)


@dataclass(frozen=True)
class Match:
    """One column taken for one field."""

    key: str
    column: int
    level: int

    @property
    def guessed(self) -> bool:
        """Whether the header was not one of those known for the field."""
        return self.level >= STRIPPED


@dataclass
class Layout:
    """Where a table's headers stand in a sheet (0-based row) and what they mean.

    ``rivals``: columns whose header claims a field that another column has: {column: field key}.
    """

    table: TableKey
    row: int
    matches: dict[str, Match]
    headers: list[str]
    rivals: dict[int, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    """The line above the names where the header takes two rows, else nothing."""

    @property
    def score(self) -> float:
        """How much speaks for this reading of the row."""
        return sum(0.5 if match.guessed else 1.0 for match in self.matches.values())

    def has(self, *keys: str) -> bool:
        """Whether all these fields have a column."""
        return all(key in self.matches for key in keys)

    def has_any(self, *keys: str) -> bool:
        """Whether one of these fields has a column."""
        return any(key in self.matches for key in keys)


def strip_header(header: str) -> str:
    """A header without brackets, units and marks, folded.

    >>> strip_header("昵称(必填)"), strip_header("买家 昵称*"), strip_header("Order_Date")
    ('昵称', '买家昵称', 'orderdate')
    """
    plain = _BRACKETS.sub("", fold("".join(ch for ch in header if ch.isascii() or not _is_picture(ch))))
    return _MARKS.sub("", _UNIT_TAIL.sub("", plain))


def _is_picture(ch: str) -> bool:
    """Emoji and what colours them."""
    return unicodedata.category(ch) in ("So", "Sk", "Mn")


class Vocabulary:
    """Every header known for one table: as this workbook wrote it, labels, synonyms, and both stripped."""

    def __init__(self, table: TableKey, written: Mapping[str, str]) -> None:
        self._exact: dict[str, tuple[str, int]] = {}
        self._stripped: dict[str, str] = {}
        for key, header in written.items():
            self._exact.setdefault(fold(header), (key, WRITTEN))
        for level, name in ((LABEL, _label_headers), (SYNONYM, _synonym_headers)):
            for one in fields(table).values():
                for header in name(one):
                    self._exact.setdefault(fold(header), (one.key, level))
                    self._stripped.setdefault(strip_header(header), one.key)
        self._near = [header for header in self._stripped if len(header) >= 3]

    def find(self, header: str) -> tuple[str, int] | None:
        """The field a header stands for, and how sure that is."""
        known = self._exact.get(fold(header))
        if known:
            return known
        bare = strip_header(header)
        return (self._stripped[bare], STRIPPED) if bare in self._stripped else None

    def find_near(self, header: str) -> tuple[str, int] | None:
        """As ``find``, or the field of a header that differs in a letter or two (slow)."""
        known = self.find(header)
        if known:
            return known
        bare = strip_header(header)
        cutoff = 0.9 if bare.isascii() else 0.85
        near = difflib.get_close_matches(bare, self._near, n=1, cutoff=cutoff) if 3 <= len(bare) <= 40 else []
        return (self._stripped[near[0]], NEAR) if near else None


def _label_headers(one: Field) -> tuple[str, ...]:
    return (*one.labels.all(), one.key)


def _synonym_headers(one: Field) -> tuple[str, ...]:
    return one.synonyms


class HeaderFinder:
    """Finds the header row of a sheet for each kind of table.

    ``written``: the headers as sheetkit wrote them, {(table, field): header}; those of fields that are not
    read (its own computed columns) are neither fields nor extras.
    """

    def __init__(self, written: Mapping[tuple[str, str], str]) -> None:
        self._written = written
        self._vocabularies: dict[TableKey, Vocabulary] = {}

    def own(self, table: TableKey) -> frozenset[str]:
        """The headers of the columns that sheetkit computes in a table's sheet, folded."""
        ours = {key: header for (owner, key), header in self._written.items() if owner == table}
        return frozenset(fold(header) for key, header in ours.items() if key not in fields(table))

    def _vocabulary(self, table: TableKey) -> Vocabulary:
        if table not in self._vocabularies:
            ours = {key: header for (owner, key), header in self._written.items() if owner == table}
            known = {key: header for key, header in ours.items() if key in fields(table)}
            self._vocabularies[table] = Vocabulary(table, known)
        return self._vocabularies[table]

    def best(self, rows: Sequence[Row], table: TableKey) -> Layout | None:
        """The row that reads best as this table's header; None where none does."""
        best: Layout | None = None
        vocabulary = self._vocabulary(table)
        start = next((at for at, row in enumerate(rows) if row), 0)
        searched = rows[start : start + SEARCHED_ROWS]
        for at, row in enumerate(searched, start):
            if sum(isinstance(cell, str) and cell != "" for cell in row) == 0:
                continue
            layout = self._read(row, at, table, vocabulary.find)
            if layout.matches and (best is None or layout.score > best.score):
                best = layout
        if best is None:
            return None
        for at in range(max(best.row - 1, start), min(best.row + 1, start + len(searched) - 1)):
            both = self._over(rows[at], rows[at + 1], at + 1, table, vocabulary.find)
            if both is not None and self._is_better(both, best, rows[at + 1], vocabulary.find):
                best = both
        if best.above:
            over, under = rows[best.row - 1], rows[best.row]
            return self._over(over, under, best.row, table, vocabulary.find_near) or best
        return self._read(rows[best.row], best.row, table, vocabulary.find_near)

    def _is_better(self, both: Layout, best: Layout, under: Row, find: Find) -> bool:
        """Two rows say more than one; or as much, where the lower one is all names that are known."""
        names = [name for name in map(header_text, under) if name]
        known = len(names) > 1 and all(name in self.words or find(name) for name in names)
        lower = known and best.row == both.row - 1
        return both.score > best.score or (lower and both.score == best.score)

    def exactly(self, row: Row, at: int, table: TableKey) -> Layout:
        """What a row says as this table's header, known words only."""
        return self._read(row, at, table, self._vocabulary(table).find)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every header of the core tables, as it is written."""
        return frozenset(
            header for table in CORE_TABLES for one in fields(table).values() for header in one.headers()
        )

    def _over(self, over: Row, under: Row, at: int, table: TableKey, find: Find) -> Layout | None:
        """A header of two rows: groups above, names below; a name that stands above alone goes for both."""
        if not all(isinstance(cell, str) for cell in under):
            return None
        width = max(len(over), len(under))
        above, names = ([*map(header_text, row), *[""] * (width - len(row))] for row in (over, under))
        said: Row = [name or group for name, group in zip(names, above, strict=True)]
        found = self._read(said, at, table, find)
        found.above = above
        return found

    def _read(self, row: Row, at: int, table: TableKey, find: Find) -> Layout:
        headers = [header_text(cell) for cell in row]
        claims: list[Match] = []
        own = self.own(table)
        for column, header in enumerate(headers):
            found = find(header) if header and fold(header) not in own else None
            if found:
                claims.append(Match(found[0], column, found[1]))
        matches: dict[str, Match] = {}
        rivals: dict[int, str] = {}
        for claim in sorted(claims, key=lambda one: (one.level, one.column)):
            if claim.key not in matches:
                matches[claim.key] = claim
            elif not claim.guessed:
                rivals[claim.column] = claim.key
        return Layout(
            table, at, dict(sorted(matches.items(), key=lambda item: item[1].column)), headers, rivals
        )


def header_text(cell: Cell) -> str:
    """A header as shown, without line breaks and surplus space."""
    return tidy(display(cell)) if isinstance(cell, str) else ""
