"""Which rows of a workbook an order of an export stands in.

By its number; where there is none on one of the two sides, by day, buyer, item and amount, each row for one
order only. A number of which a spreadsheet has kept but fifteen digits counts as none,
but those have to agree; one that is left as 3.35E+18 counts as none.
"""

from __future__ import annotations

from collections import defaultdict

from sheetkit.edits.buyers import Directory
from sheetkit.edits.exported import Order
from sheetkit.edits.held import HeldTable
from sheetkit.intake.cells import is_masked
from sheetkit.intake.exports.texts import is_cut
from sheetkit.model.book import Book
from sheetkit.model.labels import fold

_TRUE_DIGITS = 15
Likeness = tuple[int, int, str, str]
"""Day, cents, buyer, item."""


class Finder:
    """The orders of a workbook, each found once."""

    def __init__(self, table: HeldTable, book: Book, directory: Directory) -> None:
        self._table, self._directory = table, directory
        self._by_id: dict[str, list[int]] = defaultdict(list)
        self._alike: dict[Likeness, list[int]] = defaultdict(list)
        self._has = {key for columns in table.columns.values() for key in columns}
        for at in range(len(table)):
            number = table.value(at, "order_id")
            if number and not is_cut(number):
                self._by_id[fold(number)].append(at)
            if not number or is_cut(number) or _is_rounded(number):
                alike = self._likeness({key: table.value(at, key) for key in _LIKE})
                if alike is not None:
                    self._alike[alike].append(at)

    def rows(self, order: Order) -> list[int]:
        """Its rows, from above; none where it is new."""
        number = str(order.values.get("order_id", ""))
        if number and fold(number) in self._by_id:
            return self._by_id[fold(number)]
        alike = self._likeness(order.values)
        rows = self._alike.get(alike, []) if alike else []
        for at in rows:
            held = self._table.value(at, "order_id")
            if not held or is_cut(held) or is_cut(number) or _as_far_as_kept(held, number):
                rows.remove(at)
                return [at]
        return []

    def _likeness(self, values: dict[str, object]) -> Likeness | None:
        day, cents = values.get("date"), values.get("amount")
        if not isinstance(day, int) or not isinstance(cents, int):
            return None
        item = fold(str(values.get("item") or "")) if "item" in self._has else ""
        return day, cents, self._buyer(values), item

    def _buyer(self, values: dict[str, object]) -> str:
        if not {"nickname", "customer_id"} & self._has:
            return ""
        person = self._directory.find({key: values.get(key) for key in ("nickname", "customer_id")})
        if person is not None:
            return fold(person.name)
        name = str(values.get("nickname") or values.get("customer_id") or "")
        return "" if is_masked(name) else fold(name)


_LIKE = ("date", "amount", "nickname", "customer_id", "item")


def _is_rounded(number: str) -> bool:
    """Whether digits may be lost: zeros at the end, or the nearest number that a computer can count with."""
    if not number.isdecimal() or len(number) <= _TRUE_DIGITS:
        return False
    return not number[_TRUE_DIGITS:].strip("0") or int(float(number)) == int(number)


def _as_far_as_kept(held: str, number: str) -> bool:
    if not number.isdecimal() or len(number) != len(held):
        return False
    kept = 10 ** (len(number) - _TRUE_DIGITS)
    return abs(int(held) - int(number)) <= int(kept)
