"""Which platform a sheet comes from, and on which row its header stands: told by what only that one has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from sheetkit.errors import UnreadableError
from sheetkit.intake.cells import Row, is_blank
from sheetkit.intake.delimited import DELIMITERS, decode, parse_by
from sheetkit.intake.exports.texts import heading, plain
from sheetkit.intake.source import Grid, Source
from sheetkit.model.platforms import Platform, needs, platforms
from sheetkit.model.report import META_SHEET

HEADER_ROWS = 60
_HEAD_BYTES = 1 << 15
_LEAST_OWN = 2
"""So many known headers make a row the header of a map that was named."""


@dataclass(frozen=True)
class Found:
    """A sheet that is an export: ``row`` of its header from 0, ``headers`` {compared form: first column}."""

    platform: Platform
    grid: Grid
    row: int
    headers: dict[str, int]
    titles: list[str]


@dataclass(frozen=True)
class _Marks:
    signs: frozenset[str]
    never: frozenset[str]
    known: frozenset[str]


@cache
def _marks(platform: str) -> _Marks:
    return _marks_of(platforms()[platform])


def _marks_of(one: Platform) -> _Marks:
    return _Marks(*(frozenset(map(heading, names)) for names in (one.signs, one.never, one.headers())))


def is_ours(source: Source) -> bool:
    """Whether sheetkit wrote the workbook: then it is no export, whatever was pasted into it."""
    return bool(source.written or source.added) or META_SHEET in source.sheets


def recognise(source: Source) -> list[Found]:
    """The sheets of a file that are one export; none for a hand-made table and a workbook sheetkit wrote."""
    if is_ours(source):
        return []
    found: list[Found] = []
    for name in source.sheets:
        grid = source.grid(name)
        if not _has_rows(grid):
            continue
        best = _best(grid)
        if best is not None:
            found.append(best)
        elif _is_table(grid):
            return []  # a workbook of her own with more in it than an export
    return [one for one in found if one.platform is found[0].platform]


def by_any_delimiter(data: bytes, source: Source, find: Callable[[Source], list[Found]]) -> list[Found]:
    """What ``find`` finds in the file, a text cut by each delimiter in turn: lines above the header may hold
    more of another one than the table has of its own."""
    found = find(source)
    if found or source.text is None:
        return found
    text = decode(data)
    for mark in DELIMITERS:
        with suppress(UnreadableError):
            grid = replace(source.text, rows=parse_by(text, mark))
            found = find(Source(source.sheets, text=grid))
            if found:
                return found
    return []


def may_be_export(data: bytes) -> bool:
    """Whether the head of a text holds headers of any platform; anything but a text may be one.

    Spares a large table of her own from being read twice.
    """
    head = data[:_HEAD_BYTES]
    if b"\x00" in head[:64] or head[:2] in (b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff"):
        return True
    known = heading(decode(head[: head.rfind(b"\n")] if len(data) > len(head) else head))
    signs = ((one.least, _marks(key).signs) for key, one in platforms().items())
    return any(sum(sign in known for sign in some) >= least for least, some in signs)


def find_header(source: Source, platform: Platform) -> list[Found]:
    """The sheets that a map which was named fits: in each the row that holds most of its headers."""
    found = []
    marks = _marks_of(platform)
    for name in source.sheets:
        grid = source.grid(name)
        same = [len(marks.known & _headings(row)) for row in grid.rows[:HEADER_ROWS]]
        most = max(same, default=0)
        if most >= _LEAST_OWN:
            one = _found(platform, grid, same.index(most))
            found += [one] if _can_be_read(one) else []
    return found


def _best(grid: Grid) -> Found | None:
    ranked: list[tuple[int, int, int, str]] = []
    for at, row in enumerate(grid.rows[:HEADER_ROWS]):
        here = _headings(row)
        if len(here) < _LEAST_OWN:
            continue
        for key, one in platforms().items():
            marks = _marks(key)
            signs = len(marks.signs & here)
            if one.signs and signs >= one.least and not marks.never & here:
                ranked.append((signs, len(marks.known & here), -at, key))
    for _, _, at, key in sorted(ranked, reverse=True):
        found = _found(platforms()[key], grid, -at)
        if _can_be_read(found):
            return found
    return None


def _found(platform: Platform, grid: Grid, at: int) -> Found:
    titles = [plain(cell) for cell in grid.rows[at]]
    headers: dict[str, int] = {}
    for column, title in enumerate(titles):
        if title:
            headers.setdefault(heading(title), column)
    return Found(platform, grid, at, headers, titles)


def _can_be_read(found: Found) -> bool:
    """Whether any column is there without which the file would say nothing."""
    columns = found.platform.columns
    return any(
        heading(header) in found.headers
        for field in needs(found.platform.kind)
        for part in columns[field]
        for header in part.headers()
    )


def _headings(row: Row) -> set[str]:
    return {heading(plain(cell)) for cell in row if isinstance(cell, str) and not is_blank(cell)}


def _has_rows(grid: Grid) -> bool:
    return any(not is_blank(cell) for row in grid.rows for cell in row)


def _is_table(grid: Grid) -> bool:
    """Whether a sheet is more than a note: some rows of several cells."""
    return sum(_filled(row) > 1 for row in grid.rows[:HEADER_ROWS]) > 1


def _filled(row: Iterable[object]) -> int:
    return sum(not is_blank(cell) for cell in row)  # type: ignore[arg-type]  # cells of a grid


def columns_of(found: Found, names: Sequence[str]) -> list[int]:
    """The columns of these headers, those that are there."""
    return [found.headers[heading(name)] for name in names if heading(name) in found.headers]
