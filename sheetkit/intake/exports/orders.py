"""Groups of lines → orders: what the lines of one order say together, and what sets an order aside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sheetkit.intake.exports.facts import Facts, Place
from sheetkit.intake.exports.gathering import Gatherer
from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.moments import Moment
from sheetkit.intake.exports.money import went_back
from sheetkit.intake.exports.remarks import Remarks
from sheetkit.intake.exports.states import UNKNOWN, States
from sheetkit.intake.exports.wording import items_of, pieces
from sheetkit.intake.special_rows import says_total
from sheetkit.model.book import Apart

_APART = "export_other_currency"


@dataclass
class Order:
    """One order: its lines, what they say together, and the lines that give money back of it."""

    lines: list[Place]
    moment: Moment | None
    amount: int | None
    state: int
    refund: int | None = None
    item: str | None = None
    quantity: float | None = None
    given_back: tuple[Place, ...] = ()
    cents: int = 0

    @property
    def counted(self) -> tuple[int, int]:
        """How many lines it is made of, those that give money back among them, and their cents."""
        return len(self.lines) + len(self.given_back), self.cents


@dataclass
class Sorted:
    """Orders, and the lines that are none. ``cents``: what is readable in a line's or group's amount."""

    orders: list[Order] = field(default_factory=list)
    aside: set[Place] = field(default_factory=set)
    cents_read: int = 0
    cents_used: int = 0
    unreadable: int = 0
    apart: list[Apart] = field(default_factory=list)


class Sorter:
    """Makes the orders of an export, line by line."""

    def __init__(self, lines: Lines, remarks: Remarks) -> None:
        self.lines, self.remarks, self.platform = lines, remarks, lines.platform
        self.facts = Facts(lines)
        self.states = States(self.platform)
        self.rules = [(rule, lines.fits(rule.condition)) for rule in self.platform.state_where]
        self.result = Sorted()
        if self.facts.day_month_guessed:
            remarks.about("date", 0, "export_day_month", "warning")

    def sort(self) -> Sorted:
        """Every line, used or set aside with a finding."""
        gathered = Gatherer(self.facts, self.remarks)
        for group in gathered.groups:
            self._take(group)
        self._by_number = {
            self.facts.ids[order.lines[0]][0]: at for at, order in enumerate(self.result.orders)
        }
        self._refunded = self.lines.texts("refund_of")
        for at in gathered.refunds:
            self._give_back(at, gathered)
        self.result.aside |= gathered.aside
        self.result.cents_read += gathered.cents_aside
        return self.result

    def _take(self, group: list[Place]) -> None:
        first = group[0]
        paid, unreadable = self.facts.total(self.facts.amounts, group)
        moment = next((self.facts.moments[at] for at in group if self.facts.moments[at]), None)
        state = self._state(group)
        if paid is None and not unreadable and self._came_to_nothing(state):
            paid = 0
        problem = self._problem(group, moment, paid, unreadable, state)
        if problem and problem[0] == _APART:
            self._put_apart(group, paid or 0)
            return
        self.result.cents_read += paid or 0
        if problem:
            code, about = problem
            self._lay_aside(group, code, about)
            return
        back, _ = self.facts.total(self.facts.refunds, group)
        told = max((amounts[at].back or 0 for _, amounts in self.facts.amounts for at in group), default=0)
        told = told or max(self._told_back(at, paid) for at in group)
        back = abs(back) if back else told or self._went_back(group, paid)
        after = self._after_sale(group)
        outcome = self.states.outcome(state, after, paid, back)
        if outcome.unknown_part:
            self.remarks.about("refund_state", first, "export_part_refund", "warning")
        self.result.cents_used += paid or 0
        item, quantity = self._goods(group)
        order = Order(group, moment, paid, outcome.code, outcome.refund, item, quantity, cents=paid or 0)
        self.result.orders.append(order)

    def _told_back(self, at: Place, paid: int | None) -> int:
        """What a status says went back."""
        word = self.facts.words[at]
        return (went_back(word, paid or 0) or 0) if "退" in word else 0

    def _came_to_nothing(self, state: int) -> bool:
        """Whether a blank amount is what nobody paid for an order that was not completed."""
        sold = state in (UNKNOWN, self.states.code["completed"])
        return not sold and bool(self.lines.places("amount"))

    def _went_back(self, group: list[Place], paid: int | None) -> int | None:
        """What went back where the file says what was left, or which lines of several were refunded."""
        gone = [at for at in group if self.states.after_sale(self.facts.after[at]) == "refunded"]
        if 0 < len(gone) < len(group) and all(part.per == "line" for part, _ in self.facts.amounts):
            return self.facts.total(self.facts.amounts, gone)[0]
        left, _ = self.facts.total(self.facts.left, group)
        return None if left is None or not paid or left >= paid else paid - left

    def _problem(
        self, group: list[Place], moment: Moment | None, paid: int | None, unreadable: bool, state: int
    ) -> tuple[str, str] | None:
        """The finding that sets an order aside, and the field it is about, "" for the whole line."""
        if self.platform.kind == "items":
            return None
        if moment is None:
            dated = any(self.lines.dated(at) for at in group)
            if not dated and any(says_total(cell) for at in group for cell in self.lines.line(at)):
                return "total_row", ""
            return ("export_date_unreadable" if dated else "date_missing"), "date"
        if unreadable:
            self.result.unreadable += 1
            return "amount_unreadable", "amount"
        if paid is None:
            return "amount_missing", "amount"
        if state == UNKNOWN:
            return "export_state_unknown", "state"
        if any(map(self.facts.is_apart, group)):
            return _APART, self._currency_column
        return None

    def _put_apart(self, group: list[Place], cents: int) -> None:
        """Set an order in another currency aside, its amount added to none of this one."""
        self.result.apart.append(Apart(self._apart_in(group), 1, cents))
        self._lay_aside(group, _APART, self._currency_column)

    @property
    def _currency_column(self) -> str:
        """The field that says what an amount is in."""
        return "currency" if self.lines.places("currency") else "amount"

    def _apart_in(self, group: list[Place]) -> str:
        return next(self.facts.currencies[at] for at in group if self.facts.is_apart(at))

    def _lay_aside(self, group: list[Place], code: str, about: str) -> None:
        self.result.aside.update(group)
        said = {"other": self._apart_in(group), "currency": self.facts.currency} if code == _APART else {}
        if about:
            self.remarks.about(about, group[0], code, "error", **said)
        else:
            self.remarks.line(group[0], code, "info")
        for at in group[1:]:
            self.remarks.about("order_id", at, "export_with_order", "info", row=self.lines.row[group[0]])

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
        codes = [self.states.of(self.facts.words[at]) for at in group if self.facts.words[at]]
        if not codes:
            return self.states.code["completed"]
        if UNKNOWN in codes:
            return UNKNOWN
        return self.states.code["completed"] if self.states.code["completed"] in codes else codes[0]

    def _after_sale(self, group: list[Place]) -> str:
        words = [self.states.after_sale(self.facts.after[at]) for at in group]
        if words and all(word == "refunded" for word in words):
            return "refunded"
        return "part" if any(word != "none" for word in words) else "none"

    def _goods(self, group: list[Place]) -> tuple[str | None, float | None]:
        """The items of an order in one text, and how many they are."""
        names, counts = [], []
        for at in group:
            some = pieces(self.facts.items[at], self.platform.split)
            found = [items_of(one) if self.platform.counted_items else (one, None) for one in some]
            names += [name for name, _ in found]
            typed = self.facts.quantities[at]
            counts += [typed] if typed is not None else [count for _, count in found if count]
        part = self.platform.columns.get("quantity", ())
        if part and part[0].per == "order":
            counts = counts[:1]
        return "、".join(dict.fromkeys(names)) or None, sum(counts) if counts else None

    def _give_back(self, at: Place, gathered: Gatherer) -> None:
        """Take what a line gives back off its order."""
        if self.facts.is_apart(at):
            self._lay_aside([at], _APART, self._currency_column)
            return
        target = self._by_number.get(self._refunded[at] or self.facts.ids[at][0])
        if target is None:
            gathered.set_aside(at, "export_refund_alone", "warning")
            return
        paid, _ = self.facts.total(self.facts.amounts, [at])
        back, _ = self.facts.total(self.facts.refunds, [at])
        self.result.cents_read += paid or 0
        self.result.cents_used += paid or 0
        order = self.result.orders[target]
        whole = (order.refund or 0) + abs(back if back else paid or 0)
        outcome = self.states.outcome(order.state, "none", order.amount, whole)
        self.result.orders[target] = replace(
            order,
            state=outcome.code,
            refund=outcome.refund,
            given_back=(*order.given_back, at),
            cents=order.cents + (paid or 0),
        )
