"""One row of an export against one row of the workbook: what is put, what stays and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sheetkit.edits.held import HeldTable, Place, reference
from sheetkit.edits.people import plain
from sheetkit.edits.remembered import Remembered, stamp
from sheetkit.edits.stages import Stage, follows, stage_of
from sheetkit.edits.wording import Wording
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

Why = Literal["hers", "typed", "computed", "older"]
"""Why a cell stays although the export says otherwise: she changed what an import had put there; it was there
before any import; a formula stands in it; it comes from an export that is no older than this one."""
PART_REFUND = "部分退款"
"""The shipped label of an order of which a part went back; it means a completed one."""
_ONLY_FILLED = ("date", "nickname", "customer_id", "order_id")
"""What a row is known by is filled where it is blank, never replaced."""


@dataclass(frozen=True)
class Put:
    """A value for a cell: text, label, or a value as a Book holds it."""

    table: TableKey
    sheet: str
    place: Place
    key: str
    value: Any

    @property
    def cell(self) -> str:
        """``B7``."""
        return reference(self.place)


@dataclass(frozen=True)
class Kept:
    """A cell that stays as it is, and what the export would have."""

    table: TableKey
    sheet: str
    cell: str
    key: str
    hers: str
    theirs: object
    why: Why


@dataclass
class Settled:
    """What comes of one row. ``stamps``: of what is put."""

    puts: list[Put] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    stamps: dict[str, str] = field(default_factory=dict)

    def put(self, table: HeldTable, sheet: str, place: Place, key: str, value: Any) -> None:
        """Put a value, and remember it."""
        self.puts.append(Put(table.table, sheet, place, key, value))
        self.stamps[key] = stamp(value)


class Settler:
    """Rows of one table settled against an export's."""

    def __init__(self, table: HeldTable, wording: Mapping[str, Wording]) -> None:
        self.table, self._wording = table, wording

    def worded(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as cells hold them: a choice by its label."""
        known = fields(self.table.table)
        said = {}
        for key, value in values.items():
            choice = known[key].list_key
            said[key] = self._wording[choice].label(value, like=_like(key, values)) if choice else value
        if "state" in said and stage_of_values(values) == "refunded":
            code = lists()["trade_state"].code("refunded")
            said["state"] = self._wording["trade_state"].label(code)
        return {key: value for key, value in said.items() if value not in (None, "")}

    def append(self, row: int, values: Mapping[str, Any]) -> Settled:
        """A row of its own on the sheet that new rows go to."""
        settled, sheet = Settled(), self.table.target
        for key, value in self.worded(values).items():
            column = self.table.target_columns.get(key)
            if column is not None and not self.table.computed(sheet, (row, column)):
                settled.put(self.table, sheet, (row, column), key, value)
        return settled

    def fill(self, at: int, values: Mapping[str, Any], before: Remembered | None) -> Settled:
        """What a row that is there already leaves open, and she did not empty."""
        settled, sheet = Settled(), self.table.rows.sheet[at]
        for key, value in self.worded(values).items():
            place = self.table.place(at, key)
            emptied = before is not None and key in before.stamps
            open_cell = self.table.is_blank(at, key) and not emptied
            if place and open_cell and not self.table.computed(sheet, place):
                settled.put(self.table, sheet, place, key, value)
        return settled

    def take_over(self, at: int, values: Mapping[str, Any], before: Remembered | None) -> Settled:
        """A row that a statement had made becomes the order's: what is as it was put, and what is open."""
        theirs = {
            key: value
            for key, value in values.items()
            if before and before.holds(key, self.table.content(at, key))
        }
        settled, sheet = self.fill(at, values, before), self.table.rows.sheet[at]
        for key, value in self.worded(theirs).items():
            place = self.table.place(at, key)
            if place and not self._same(at, key, value, values):
                settled.put(self.table, sheet, place, key, value)
        return settled

    def settle(self, at: int, values: Mapping[str, Any], before: Remembered | None, age: int) -> Settled:
        """A row that is there already. ``before``: what is remembered of it; ``age``: of this export."""
        settled = Settled()
        for key, value in self.worded(values).items():
            place = self.table.place(at, key)
            if place is None:
                continue
            step = self._step(at, key, value, values, before, age)
            sheet = self.table.rows.sheet[at]
            if step == "put":
                settled.put(self.table, sheet, place, key, value)
            elif step is not None:
                shown = self.table.shown(at, key)
                settled.kept.append(Kept(self.table.table, sheet, reference(place), key, shown, value, step))
        return settled

    def _step(
        self,
        at: int,
        key: str,
        value: Any,
        values: Mapping[str, Any],
        before: Remembered | None,
        age: int,
    ) -> Literal["put"] | Why | None:
        """What is to be done with a cell; None where it says the same already."""
        if self._same(at, key, value, values):
            return None
        if self.table.computed(self.table.rows.sheet[at], self.table.place(at, key) or (0, 0)):
            return "computed"
        known = before is not None and key in before.stamps
        if self.table.is_blank(at, key):
            return "hers" if known else "put"
        if known and before is not None and not before.holds(key, self.table.content(at, key)):
            return "hers"
        newer = known and before is not None and age > before.age
        if self._moves(at, key, values, newer=newer, known=known):
            return "put"
        return "older" if known else "typed"

    def _moves(self, at: int, key: str, values: Mapping[str, Any], *, newer: bool, known: bool) -> bool:
        if key in _ONLY_FILLED:
            return False
        if key == "state":
            held, now = self._held_stage(at), stage_of_values(values)
            return held is not None and now is not None and follows(held, now, newer=newer)
        if key == "refund_amount" and known:
            return newer or values[key] > (self.table.value(at, key) or 0)
        return newer

    def _same(self, at: int, key: str, value: Any, values: Mapping[str, Any]) -> bool:
        held = self.table.value(at, key)
        if key == "state" and not self.table.is_blank(at, key):
            if fold(self.table.shown(at, key)) == fold(value):
                return True
            before, now = self._held_stage(at), stage_of_values(values)
            return before is not None and (before == now or (before, now) == ("part", "completed"))
        column = fields(self.table.table)[key]
        if self.table.is_blank(at, key):
            return False
        if column.coded:
            return bool(held == values[key])
        if isinstance(value, str) or held is None:
            shown = held if isinstance(held, str) else self.table.shown(at, key)
            return plain(key, shown) == plain(key, str(value))
        return bool(held == value)

    def _held_stage(self, at: int) -> Stage | None:
        code, refund = self.table.value(at, "state"), self.table.value(at, "refund_amount")
        found = stage_of(code, refund, self.table.value(at, "amount"))
        if found == "completed" and self._says_part(self.table.shown(at, "state")):
            return "part"
        return found

    def _says_part(self, label: str) -> bool:
        entries = lists()["trade_state"].entries
        part = next(one for one in entries if one.labels.zh == PART_REFUND)
        return fold(label) in map(fold, (*part.labels.all(), *part.synonyms))


def stage_of_values(values: Mapping[str, Any]) -> Stage | None:
    """The stage of an order as an export has it."""
    return stage_of(values.get("state"), values.get("refund_amount"), values.get("amount"))


def _like(key: str, values: Mapping[str, Any]) -> str:
    return PART_REFUND if key == "state" and stage_of_values(values) == "part" else ""
