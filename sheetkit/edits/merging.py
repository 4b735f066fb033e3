"""The rows of several copies put together: what is the same once, what is new behind, what differs listed.

The first copy is the base. Nothing is chosen in silence: where two copies differ, the base's value stays and
the difference is a Conflict. With the file that all copies came from, a value that only one of them changed
is no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sheetkit.edits.copies import Content, Line
from sheetkit.model.fields import TableKey, fields

Keys = tuple[tuple[str, ...], ...]
Rule = Callable[[Mapping[str, Content]], Hashable]

KEYS: dict[TableKey, Keys] = {
    "customers": (("customer_id",), ("nickname",)),
    "trades": (("order_id", "item"), ("order_id",), ("date", "nickname", "item")),
    "contacts": (("date", "nickname", "type", "content"),),
    "goods": (("goods_id",), ("serial",), ("item",)),
    "wishes": (("date", "nickname", "item"),),
    "cases": (("date", "nickname", "kind", "content"),),
    "surveys": (("date", "nickname", "about", "item"),),
    "campaigns": (("date", "item"),),
    "improvements": (("date", "content"),),
    "benefits": (("date", "nickname", "kind", "content"),),
    "browsing": (("date", "nickname", "page", "seconds"),),
}
"""By table, the columns by which two rows are one, the surest first. The first two have to be filled."""
_IDS = {"customers": "customer_id", "trades": "order_id", "goods": "goods_id"}
"""Rows with two different ones here are two rows, whatever else they have in common."""
_MOST_COMPARED = 2_500


@dataclass
class Merged:
    """A row of the result. ``origin``: the copy it came from, by its place; ``line``: as it stands there.

    ``cells``: as it stands in the result. ``seen``: {copy: its row}. ``was``: the row of the common ancestor.
    """

    origin: int
    line: Line
    cells: dict[str, Content] = field(default_factory=dict)
    seen: dict[int, Line] = field(default_factory=dict)
    was: Line | None = None


@dataclass(frozen=True)
class Conflict:
    """Copies that differ in one cell of a row: {copy: what it has}, None for a blank."""

    row: Merged
    column: str
    versions: Mapping[int, Content | None]


@dataclass(frozen=True)
class Taken:
    """A value taken into a row of the base from another copy: the base had none, or had not changed it."""

    row: Merged
    column: str
    content: Content | None
    copy: int


@dataclass
class Count:
    """What became of one copy's rows of a table: ``read`` is the sum of the others."""

    read: int = 0
    same: int = 0
    matched: int = 0
    added: int = 0
    left_out: int = 0


@dataclass
class TableMerge:
    """One table's rows put together. ``gone``: rows the base still has and a copy deleted, (row, copy)."""

    rows: list[Merged]
    counts: list[Count]
    conflicts: list[Conflict] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    gone: list[tuple[Merged, int]] = field(default_factory=list)

    @property
    def added(self) -> list[Merged]:
        """The rows that the base does not have."""
        return [row for row in self.rows if row.origin]


def merge_table(
    table: TableKey, copies: Sequence[Sequence[Line]], ancestor: Sequence[Line] | None = None
) -> TableMerge:
    """Put the rows of a table together, the base's first."""
    return _Merging(table, copies, ancestor).run()


class _Merging:
    def __init__(
        self, table: TableKey, copies: Sequence[Sequence[Line]], ancestor: Sequence[Line] | None
    ) -> None:
        self.keys, self.id = _keys(table), _IDS.get(table, "")
        self.copies, self.ancestor = copies, ancestor
        base = [Merged(0, line, dict(line.cells), {0: line}) for line in copies[0]]
        self.result = TableMerge(base, [Count(len(lines)) for lines in copies])
        self.result.counts[0].added = len(base)
        self.open: dict[tuple[int, str], dict[int, Content | None]] = {}
        self.filled: dict[tuple[int, str], Taken] = {}
        self.dropped: set[frozenset[tuple[str, Hashable]]] = set()

    def run(self) -> TableMerge:
        rows = self.result.rows
        if self.ancestor is not None:
            found = self.matches(self.ancestor)
            for at, row in found.items():
                rows[row].was = self.ancestor[at]
            self.dropped = {line.identity for at, line in enumerate(self.ancestor) if at not in found}
        for copy, lines in enumerate(self.copies[1:], 1):
            self.take(copy, lines)
        self.result.conflicts = [
            Conflict(rows[at], column, versions) for (at, column), versions in sorted(self.open.items())
        ]
        self.result.taken = [one for _, one in sorted(self.filled.items(), key=lambda item: item[0])]
        return self.result

    def take(self, copy: int, lines: Sequence[Line]) -> None:
        """One more copy's rows."""
        rows, count = self.result.rows, self.result.counts[copy]
        before, found = len(rows), self.matches(lines)
        for at, line in enumerate(lines):
            if at in found:
                row = rows[found[at]]
                count.same += line.identity == row.line.identity
                count.matched += line.identity != row.line.identity
                row.seen[copy] = line
                self.compare(found[at], copy, line)
            elif self.is_dropped(line):
                count.left_out += 1
            else:
                count.added += 1
                rows.append(Merged(copy, line, dict(line.cells), {copy: line}))
        seen = set(found.values())
        self.result.gone += [
            (row, copy)
            for at, row in enumerate(rows[:before] if lines else [])
            if at not in seen and row.was is not None and row.was.identity == row.line.identity
        ]

    def is_dropped(self, line: Line) -> bool:
        """Whether the base deleted this row and nobody changed it since."""
        return line.identity in self.dropped

    def compare(self, at: int, copy: int, line: Line) -> None:
        """Cell by cell: the same, taken over, or in conflict."""
        row = self.result.rows[at]
        for column in dict.fromkeys((*row.cells, *line.cells)):
            mine, theirs = row.cells.get(column), line.cells.get(column)
            if (at, column) in self.open:
                self.open[at, column][copy] = theirs
            elif _same(mine, theirs) or self.is_unchanged(row, column, theirs):
                continue
            elif (at, column) in self.filled or not self.may_take(row, column):
                self.conflict(at, column, copy, theirs)
            else:
                self.fill(at, column, copy, theirs)

    def is_unchanged(self, row: Merged, column: str, theirs: Content | None) -> bool:
        """Whether a copy says nothing new: a blank, or with an ancestor what that had."""
        if row.was is None:
            return theirs is None
        return _same(row.was.cells.get(column), theirs)

    def may_take(self, row: Merged, column: str) -> bool:
        """Whether the row has nothing of its own there."""
        mine = row.cells.get(column)
        return mine is None if row.was is None else _same(row.was.cells.get(column), mine)

    def fill(self, at: int, column: str, copy: int, content: Content | None) -> None:
        row = self.result.rows[at]
        if content is None:
            row.cells.pop(column, None)
        else:
            row.cells[column] = content
        if not row.origin:
            self.filled[at, column] = Taken(row, column, content, copy)

    def conflict(self, at: int, column: str, copy: int, theirs: Content | None) -> None:
        row = self.result.rows[at]
        before = self.filled.pop((at, column), None)
        if before is not None:  # two copies fill one blank differently: it stays as the base has it
            own = row.line.cells.get(column)
            row.cells.pop(column, None)
            row.cells |= {column: own} if own is not None else {}
        self.open[at, column] = {
            **{seen: line.cells.get(column) for seen, line in row.seen.items()},
            copy: theirs,
        }

    # Which row is which

    def matches(self, lines: Sequence[Line]) -> dict[int, int]:
        """{place of a line: place of the row it is}: identical ones first, then by each key in turn."""
        found: dict[int, int] = {}
        free = dict.fromkeys(range(len(self.result.rows)))
        waiting = dict.fromkeys(range(len(lines)))
        rules: list[Rule] = [_identity, *(partial(_by, key) for key in self.keys)]
        for rule in rules:
            by_key = _grouped((at, rule(self.result.rows[at].cells)) for at in free)
            for key, asking in _grouped((at, rule(lines[at].cells)) for at in waiting).items():
                for line, row in self.paired(lines, asking, by_key.get(key, []), rule is _identity):
                    found[line] = row
                    del free[row], waiting[line]
        return found

    def paired(
        self, lines: Sequence[Line], asking: list[int], rows: list[int], identical: bool
    ) -> Iterator[tuple[int, int]]:
        """Lines and rows of one key, two by two, those with the fewest differences first."""
        if identical or len(asking) * len(rows) > _MOST_COMPARED:
            for line, row in zip(asking, rows, strict=False):
                if identical or self.may_be_one(lines[line].cells, self.result.rows[row].cells):
                    yield line, row
            return
        pairs = [
            (_differences(lines[line].cells, self.result.rows[row].cells), line, row)
            for line in asking
            for row in rows
            if self.may_be_one(lines[line].cells, self.result.rows[row].cells)
        ]
        used: set[tuple[str, int]] = set()
        for _, line, row in sorted(pairs):
            if ("line", line) not in used and ("row", row) not in used:
                used |= {("line", line), ("row", row)}
                yield line, row

    def may_be_one(self, one: Mapping[str, Content], other: Mapping[str, Content]) -> bool:
        return not (self.id in one and self.id in other and not _same(one[self.id], other[self.id]))


def _keys(table: TableKey) -> Keys:
    """The keys of a table; of one of the seller's own, when, who and the first text."""
    if table in KEYS:
        return KEYS[table]
    texts = [key for key, one in fields(table).items() if one.kind in ("text", "id")]
    return (tuple(key for key in ("date", "nickname", *texts[:1]) if key in fields(table)),)


def _by(columns: tuple[str, ...], cells: Mapping[str, Content]) -> Hashable:
    """The values of some columns, where the first two are filled."""
    if any(column not in cells for column in columns[:2]):
        return None
    return tuple(cells[column].same if column in cells else None for column in columns)


def _identity(cells: Mapping[str, Content]) -> Hashable:
    return frozenset((key, one.same) for key, one in cells.items())


def _grouped(keyed: Iterable[tuple[int, Hashable]]) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for at, key in keyed:
        if key is not None:
            found[key].append(at)
    return found


def _same(one: Content | None, other: Content | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.same == other.same


def _differences(one: Mapping[str, Content], other: Mapping[str, Content]) -> int:
    return sum(not _same(one.get(key), other.get(key)) for key in {*one, *other})
