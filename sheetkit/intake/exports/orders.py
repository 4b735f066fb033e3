"""Lines → orders: which lines are orders at all, which belong together, and what is said about the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sheetkit.intake.exports.lines import Lines, is_footer, is_header_again
from sheetkit.intake.exports.moments import Moment
from sheetkit.intake.exports.money import NOTHING, Amount, went_back
from sheetkit.intake.exports.remarks import Remarks
from sheetkit.intake.exports.states import UNKNOWN, States
from sheetkit.intake.exports.texts import plain
from sheetkit.intake.exports.wording import items_of, pieces, quantity_of
from sheetkit.model.findings import Severity
from sheetkit.model.platforms import Part

Place = int
"""A line, from 0."""


@dataclass
class Order:
    """One order: its lines, and what they say together."""

    lines: list[Place]
    moment: Moment | None
    amount: int | None
    state: int
    refund: int | None = None
    item: str | None = None
    quantity: float | None = None


@dataclass
class Sorted:
    """Orders, and the lines that are none. ``cents``: what is readable in a line's or group's amount."""

    orders: list[Order] = field(default_factory=list)
    aside: set[Place] = field(default_factory=set)
    cents_read: int = 0
    cents_used: int = 0
    unreadable: int = 0


class Sorter:
    """Goes through the lines of an export once."""

    def __init__(self, lines: Lines, remarks: Remarks) -> None:
        self.lines, self.remarks = lines, remarks
        self.platform = lines.platform
        self.states = States(self.platform)
        self.ids = lines.ids("order_id")
        self.moments, guessed = lines.moments() if "date" in self.platform.columns else ([], False)
        if guessed:
            remarks.about("date", 0, "export_day_month", "warning")
        columns = self.platform.columns
        self.amounts = [(part, self._times(part)) for part in columns.get("amount", ())]
        self.refunds = [(part, lines.money(part)) for part in columns.get("refund_amount", ())]
        self.left = [(part, lines.money(part)) for part in columns.get("amount_left", ())]
        self.currencies = lines.texts("currency")
        self.currency = self._usual_currency()
        self.words = lines.texts("state")
        self.after = lines.texts("refund_state")
        self.items = lines.texts("item")
        self.buyers = lines.texts("nickname")
        self.quantities = lines.texts("quantity")
        self.rules = [(rule, lines.fits(rule.condition)) for rule in self.platform.state_where]
        self.result = Sorted()

    def _usual_currency(self) -> str:
        """The currency of most lines, else the map's."""
        counts = Counter(word.upper() for word in self.currencies if word)
        return counts.most_common(1)[0][0] if counts else self.platform.currency

    def _times(self, part: Part) -> list[Amount]:
        """A part's amounts, multiplied where the map says so."""
        amounts = self.lines.money(part)
        for name in part.times:
            counts = self.lines.column_texts(name)
            amounts = [_multiplied(one, by) for one, by in zip(amounts, counts, strict=True)]
        return amounts

    def sort(self) -> Sorted:
        """Every line, used or set aside with a finding."""
        refunds = self._refund_lines()
        kept = list(self._kept(refunds))
        groups = self._groups([at for at in kept if at not in refunds])
        for group in groups:
            self._take(self._once(group))
        self._give_back(self._each_once([at for at in kept if at in refunds]))
        return self.result

    # --- which lines are orders

    def _kept(self, refunds: set[Place]) -> Iterator[Place]:
        """The lines that are orders or give money back; the others are set aside."""
        conditions = [(one, self.lines.fits(one)) for one in self.platform.aside]
        footer = False
        for at in range(len(self.lines)):
            footer = footer or is_footer(self.lines, at)
            reason = next((one for one, fits in conditions if fits[at]), None)
            if footer or self._is_note(at):
                self._aside([at], "note_row", "info")
            elif is_header_again(self.lines, at):
                self._aside([at], "header_repeated", "info")
            elif reason is not None and at not in refunds:
                self._aside([at], "export_aside", "info", what=reason.about[self.remarks.lang])
            else:
                yield at

    def _is_note(self, at: Place) -> bool:
        """A line without number, readable date, amount or item is a sentence below the table."""
        has_date = bool(self.moments) and self.moments[at] is not None
        has_amount = any(amounts[at].cents is not None for _, amounts in self.amounts)
        if has_date or has_amount:
            return False
        texts = [plain(cell) for cell in self.lines.line(at)]
        return sum(map(bool, texts)) < 2 or not (self.ids[at][0] or self.items[at] or self.lines.dated(at))

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
            number, lost = self.ids[at]
            if alone or not number:
                if number and self._is_twice(self._told(at), at, seen):
                    continue
                groups[at, "line"] = [at]
                continue
            if lost and self.moments:  # orders of other moments may have had another number
                began[number] = self.moments[at] or began.get(number)
            groups.setdefault((number, began.get(number)), []).append(at)
        return list(groups.values())

    def _texts(self, at: Place) -> tuple[object, ...]:
        return tuple(map(plain, self.lines.line(at)))

    def _told(self, at: Place) -> tuple[object, ...]:
        """What makes a line the same deal as another: the whole of it where the number has lost digits."""
        number, lost = self.ids[at]
        if lost or not self.moments:
            return self._texts(at)
        amounts = tuple(amounts[at].cents for _, amounts in self.amounts)
        return number, self.moments[at], self.buyers[at], self.items[at], amounts

    def _is_twice(self, line: tuple[object, ...], at: Place, seen: dict[tuple[object, ...], Place]) -> bool:
        """Whether the same line was there before."""
        if line in seen:
            self._aside([at], "export_line_twice", "warning", row=self.lines.row[seen[line]])
            return True
        seen[line] = at
        return False

    def _each_once(self, lines: list[Place]) -> list[Place]:
        seen: dict[tuple[object, ...], Place] = {}
        return [at for at in lines if not self._is_twice(self._texts(at), at, seen)]

    def _once(self, group: list[Place]) -> list[Place]:
        """The lines of an order without those that say all of it again, as where a file was pasted twice."""
        if len(group) < 2:
            return group
        lines = [self._texts(at) for at in group]
        sizes = (size for size in range(1, len(group)) if len(group) % size == 0)
        size = next((one for one in sizes if lines == lines[:one] * (len(group) // one)), len(group))
        for at, again in enumerate(group[size:]):
            self._aside([again], "export_line_twice", "warning", row=self.lines.row[group[at % size]])
        return group[:size]

    # --- one order

    def _take(self, group: list[Place]) -> None:
        first = group[0]
        paid, unreadable = self._sum(self.amounts, group)
        moment = next((self.moments[at] for at in group if self.moments and self.moments[at]), None)
        state = self._state(group)
        if paid is None and not unreadable and self._came_to_nothing(state):
            paid = 0
        problem = self._problem(group, moment, paid, unreadable, state)
        self.result.cents_read += paid or 0
        if problem:
            code, about = problem
            self._lay_aside(group, code, about)
            return
        back, _ = self._sum(self.refunds, group)
        told = max((amounts[at].back or 0 for _, amounts in self.amounts for at in group), default=0)
        told = told or max(went_back(self.words[at], paid or 0) or 0 for at in group)
        back = abs(back) if back else told or self._went_back(group, paid)
        after = self._after_sale(group)
        outcome = self.states.outcome(state, after, paid, back)
        if outcome.unknown_part:
            self.remarks.about("refund_state", first, "export_part_refund", "warning")
        self.result.cents_used += paid or 0
        item, quantity = self._goods(group)
        self.result.orders.append(Order(group, moment, paid, outcome.code, outcome.refund, item, quantity))

    def _came_to_nothing(self, state: int) -> bool:
        """Whether a blank amount is what nobody paid for an order that was not completed."""
        sold = state in (UNKNOWN, self.states.code["completed"])
        return not sold and bool(self.lines.places("amount"))

    def _went_back(self, group: list[Place], paid: int | None) -> int | None:
        """What went back where the file says what was left, or which lines of several were refunded."""
        gone = [at for at in group if self.states.after_sale(self.after[at]) == "refunded"]
        if 0 < len(gone) < len(group) and all(part.per == "line" for part, _ in self.amounts):
            return self._sum(self.amounts, gone)[0]
        left, _ = self._sum(self.left, group)
        return None if left is None or not paid or left >= paid else paid - left

    def _problem(
        self, group: list[Place], moment: Moment | None, paid: int | None, unreadable: bool, state: int
    ) -> tuple[str, str] | None:
        """The finding that sets an order aside, and the field it is about."""
        if self.platform.kind == "items":
            return None
        if moment is None:
            dated = any(self.lines.dated(at) for at in group)
            return ("date_unreadable" if dated else "date_missing"), "date"
        if unreadable:
            self.result.unreadable += 1
            return "amount_unreadable", "amount"
        if paid is None:
            return "amount_missing", "amount"
        if state == UNKNOWN:
            return "export_state_unknown", "state"
        if any(self.currencies[at].upper() not in ("", self.currency) for at in group):
            return "export_other_currency", "currency"
        return None

    def _lay_aside(self, group: list[Place], code: str, about: str) -> None:
        self.result.aside.update(group)
        params = {"currency": self.currency} if code == "export_other_currency" else {}
        self.remarks.about(about, group[0], code, "error", **params)
        for at in group[1:]:
            self.remarks.about("order_id", at, "export_with_order", "info", row=self.lines.row[group[0]])

    def _sum(self, parts: list[tuple[Part, list[Amount]]], group: list[Place]) -> tuple[int | None, bool]:
        """The amount of an order, and whether a cell of it cannot be read."""
        total: int | None = None
        for part, amounts in parts:
            some = [amounts[at] for at in group if amounts[at] != NOTHING]
            if any(one.bad for one in some):
                return None, True
            if not some:
                continue
            counted = some if part.per == "line" else some[:1]
            value = sum(one.cents or 0 for one in counted)
            total = (total or 0) + (-abs(value) if part.less else value)
        return total, False

    def _state(self, group: list[Place]) -> int:
        """The code of the order's status: of its lines, the one that says most for a sale."""
        code = self._said_state(group)
        for rule, fits in self.rules:
            lines = [fits[at] for at in group]
            holds = all(lines) if rule.condition.blank else any(lines)
            if holds and code == self.states.code.get(rule.when, code):
                return self.states.code[rule.state]
        return code

    def _said_state(self, group: list[Place]) -> int:
        """The code of the status words."""
        codes = [self.states.of(self.words[at]) for at in group if self.words[at]]
        if not codes:
            return self.states.code["completed"]
        if UNKNOWN in codes:
            return UNKNOWN
        return self.states.code["completed"] if self.states.code["completed"] in codes else codes[0]

    def _after_sale(self, group: list[Place]) -> str:
        words = [self.states.after_sale(self.after[at]) for at in group]
        if words and all(word == "refunded" for word in words):
            return "refunded"
        return "part" if any(word != "none" for word in words) else "none"

    def _goods(self, group: list[Place]) -> tuple[str | None, float | None]:
        """The items of an order in one text, and how many they are."""
        names, counts = [], []
        for at in group:
            some = pieces(self.items[at], self.platform.split)
            found = [items_of(one) if self.platform.counted_items else (one, None) for one in some]
            names += [name for name, _ in found]
            typed = quantity_of(self.quantities[at])
            counts += [typed] if typed is not None else [count for _, count in found if count]
        part = self.platform.columns.get("quantity", ())
        if part and part[0].per == "order":
            counts = counts[:1]
        return "、".join(dict.fromkeys(names)) or None, sum(counts) if counts else None

    # --- lines that give money back

    def _give_back(self, refunds: Sequence[Place]) -> None:
        orders = {self.ids[order.lines[0]][0]: at for at, order in enumerate(self.result.orders)}
        of = self.lines.texts("refund_of")
        for at in refunds:
            paid, _ = self._sum(self.amounts, [at])
            back, _ = self._sum(self.refunds, [at])
            self.result.cents_read += paid or 0
            target = orders.get(of[at] or self.ids[at][0])
            if target is None:
                self._aside([at], "export_refund_alone", "warning", counted=True)
                continue
            order = self.result.orders[target]
            whole = (order.refund or 0) + abs(back if back else paid or 0)
            outcome = self.states.outcome(order.state, "none", order.amount, whole)
            self.result.orders[target] = replace(order, state=outcome.code, refund=outcome.refund)
            self.result.cents_used += paid or 0

    def _aside(self, group: list[Place], code: str, severity: Severity, **params: str | int) -> None:
        counted = params.pop("counted", False)
        for at in group:
            if not counted:
                self.result.cents_read += self._sum(self.amounts, [at])[0] or 0
            self.result.aside.add(at)
            self.remarks.line(at, code, severity, **params)


def _multiplied(one: Amount, by: str) -> Amount:
    count = quantity_of(by)
    return one if one.cents is None or count is None else one._replace(cents=round(one.cents * count))
