"""Which lines of an export are orders at all, which belong together, and what is said about the others."""

from __future__ import annotations

from collections.abc import Iterator

from sheetkit.intake.exports.facts import Facts, Place
from sheetkit.intake.exports.lines import footers, repeated_headers
from sheetkit.intake.exports.moments import Moment
from sheetkit.intake.exports.remarks import Remarks
from sheetkit.intake.exports.texts import plain
from sheetkit.model.findings import Severity


class Gatherer:
    """Sorts the lines: ``groups`` are orders, ``refunds`` give money back, ``aside`` are neither.

    ``cents_aside``: what can be read in the amounts of the last.
    """

    def __init__(self, facts: Facts, remarks: Remarks) -> None:
        self.facts, self.lines, self.platform, self.remarks = facts, facts.lines, facts.platform, remarks
        self.aside: set[Place] = set()
        self.cents_aside = 0
        refunds = self._refund_lines()
        kept = list(self._kept(refunds))
        groups = self._groups([at for at in kept if at not in refunds])
        self.groups = [self._once(group) for group in groups]
        self.refunds = self._each_once([at for at in kept if at in refunds])

    def set_aside(self, at: Place, code: str, severity: Severity, **params: str | int) -> None:
        """A line that is neither, with the reason."""
        if not self.facts.is_apart(at):
            self.cents_aside += self.facts.total(self.facts.amounts, [at])[0] or 0
        self.aside.add(at)
        self.remarks.line(at, code, severity, **params)

    def _kept(self, refunds: set[Place]) -> Iterator[Place]:
        """The lines that are orders or give money back; the others are set aside."""
        conditions = [(one, self.lines.fits(one)) for one in self.platform.aside]
        headers = repeated_headers(self.lines)
        below = footers(self.lines, headers)
        for at in range(len(self.lines)):
            reason = next((one for one, fits in conditions if fits[at]), None)
            if at in headers:
                self.set_aside(at, "header_repeated", "info")
            elif at in below or self._is_note(at):
                self.set_aside(at, "note_row", "info")
            elif reason is not None and at not in refunds:
                self.set_aside(at, "export_aside", "info", what=reason.about[self.remarks.lang])
            else:
                yield at

    def _is_note(self, at: Place) -> bool:
        """A line without number, readable date, amount or item is a sentence below the table."""
        has_date = self.facts.moments[at] is not None
        has_amount = any(amounts[at].cents is not None for _, amounts in self.facts.amounts)
        if has_date or has_amount:
            return False
        texts = [plain(cell) for cell in self.lines.line(at)]
        says = self.facts.ids[at][0] or self.facts.items[at] or self.lines.dated(at)
        return sum(map(bool, texts)) < 2 or not says

    def _refund_lines(self) -> set[Place]:
        fits = [self.lines.fits(one) for one in self.platform.refunds]
        return {at for at in range(len(self.lines)) if any(one[at] for one in fits)}

    def _groups(self, kept: list[Place]) -> list[list[Place]]:
        """The lines of each order, in the order of its first line."""
        groups: dict[object, list[Place]] = {}
        seen: dict[tuple[object, ...], Place] = {}
        began: dict[str, Moment | None] = {}
        alone = self.platform.lines == "one"
        for at in kept:
            number, lost = self.facts.ids[at]
            if alone or not number:
                if number and self._is_twice(self._told(at), at, seen):
                    continue
                groups[at, "line"] = [at]
                continue
            if lost:  # orders of other moments may have had another number
                began[number] = self.facts.moments[at] or began.get(number)
            groups.setdefault((number, began.get(number)), []).append(at)
        return list(groups.values())

    def _cells(self, at: Place) -> tuple[object, ...]:
        return tuple(self.lines.line(at))

    def _told(self, at: Place) -> tuple[object, ...]:
        """What makes a line the same deal as another: the whole of it where the number has lost digits."""
        facts = self.facts
        number, lost = facts.ids[at]
        if lost or facts.moments[at] is None:
            return self._cells(at)
        amounts = tuple(amounts[at].cents for _, amounts in facts.amounts)
        return number, facts.moments[at], facts.buyers[at], facts.items[at], amounts

    def _is_twice(self, line: tuple[object, ...], at: Place, seen: dict[tuple[object, ...], Place]) -> bool:
        """Whether the same line was there before."""
        if line in seen:
            self.set_aside(at, "export_line_twice", "warning", place=self.remarks.seen_from(at, seen[line]))
            return True
        seen[line] = at
        return False

    def _each_once(self, places: list[Place]) -> list[Place]:
        seen: dict[tuple[object, ...], Place] = {}
        return [at for at in places if not self._is_twice(self._cells(at), at, seen)]

    def _once(self, group: list[Place]) -> list[Place]:
        """The lines of an order without those that say all of it again, as where a file was pasted twice."""
        if len(group) < 2:
            return group
        lines = [self._cells(at) for at in group]
        sizes = (size for size in range(1, len(group)) if len(group) % size == 0)
        size = next((one for one in sizes if lines == lines[:one] * (len(group) // one)), len(group))
        for at, again in enumerate(group[size:]):
            place = self.remarks.seen_from(again, group[at % size])
            self.set_aside(again, "export_line_twice", "warning", place=place)
        return group[:size]
