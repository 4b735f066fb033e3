"""Which play for whom, and what may be said to her now."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from typing import Any

from sheetkit.analysis.shop import ANSWERED, BOUGHT, CONTACTED, STATUS, Candidate, Rows, Shop
from sheetkit.model.book import Column
from sheetkit.model.days import days_to_next, month_index, month_label, to_date, to_day
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.rules.evaluate import function
from sheetkit.rules.playbook import Play, Playbook
from sheetkit.rules.tree import Expr

_REACH = {"": 0, "quiet": 1, "silence": 2, "all": 3}


@dataclass
class _Past:
    """What went to and fro with one customer: day numbers."""

    approaches: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)
    case_day: int | None = None


class Chooser:
    """Chooses among the plays of a playbook for every customer of a shop."""

    def __init__(self, shop: Shop, book: Playbook) -> None:
        self.shop = shop
        self.book = book
        self.rows = {key: Rows(shop, key) for key in shop.book.tables}
        self.main = shop.book.blueprint.dimensions[0]
        self.past: dict[int, _Past] = defaultdict(_Past)
        self.read_contacts()
        self.read_sheets()
        self.read_follow_ups()
        self.read_earlier_plan()
        self.silent = self.do_not_contact()
        self.columns = {**shop.customers, **self.own_measures()}
        self.fits = {play.key: self.fitting(play) for play in book.plays}

    # what is known of a customer beside the rulebook's metrics

    def read_contacts(self) -> None:
        """Who wrote when, and about what went wrong."""
        rows, truths = self.rows["contacts"], self.book.row_truths
        days, dues, results = rows.raw("day"), rows.raw("due"), rows.table.column("result")
        for at in rows.fitting(truths["approach"]):
            past = self.past[rows.number[at]]
            past.approaches.add(days[at])
            said = fold(results[at] or "")
            if said and not any(fold(word) in said for word in self.book.no_answer):
                past.answers.add(days[at])
        for at in rows.fitting(truths["inbound"]):
            self.past[rows.number[at]].answers.add(days[at])
        for at in rows.fitting(truths["case"]):
            past = self.past[rows.number[at]]
            due = dues[at] if dues[at] <= self.shop.as_of else 0
            past.case_day = max(past.case_day or 0, days[at], due)

    def read_sheets(self) -> None:
        """A wish or a case noted on its own sheet: she wrote that day, and about what went wrong."""
        for table in ("wishes", "cases"):
            rows = self.rows[table]
            days, as_of = rows.raw("day"), self.shop.as_of
            ends = [rows.raw(key) for key in ("due", "closed_on")] if table == "cases" else []
            for at in compress(range(len(rows.table)), rows.table.used):
                past = self.past[rows.number[at]]
                past.answers.add(days[at])
                if table == "cases":
                    known = [one[at] for one in ends if one[at] <= as_of]
                    past.case_day = max(past.case_day or 0, days[at], *known)

    def read_follow_ups(self) -> None:
        """A contact that was followed up: the seller wrote on that day too."""
        rows = self.rows["contacts"]
        days, results = rows.raw("followed_on"), rows.table.column("result")
        for number, used, day, result in zip(rows.number, rows.table.used, days, results, strict=True):
            if used and number and 0 < day <= self.shop.as_of:
                self.past[number].approaches.add(day)
                said = fold(result or "")
                if said and not any(fold(word) in said for word in self.book.no_answer):
                    self.past[number].answers.add(day)

    def read_earlier_plan(self) -> None:
        """Tasks of an earlier plan that were ticked and dated are contacts too."""
        numbers = {fold(name): at + 1 for at, name in enumerate(self.shop.customers["name"])}
        for line in [*self.shop.book.plan.values(), *self.shop.book.plan_history]:
            number = numbers.get(fold(line.get("customer", "")))
            status = STATUS.get(fold(line.get("status", "")), 0)
            day = _day(line.get("done_on", ""))
            ticked = status in (CONTACTED, ANSWERED, BOUGHT)
            if ticked and number and day is not None and day <= self.shop.as_of:
                self.past[number].approaches.add(day)
                if status != CONTACTED:
                    self.past[number].answers.add(day)

    def do_not_contact(self) -> set[int]:
        """The customers who are not to be written to."""
        rows = self.rows["customers"]
        yes = lists()["yes"].code("yes")
        flags = zip(rows.raw("do_not_contact"), rows.number, strict=True)
        return {number for code, number in flags if code == yes and number}

    def rated_last(self) -> set[int]:
        """The customers whose latest trade has a rating."""
        rows = self.rows["trades"]
        last = self.shop.customers.get("last_day", [])
        if "rating" not in rows.table.columns or not last:
            return set()
        cells = zip(rows.raw("rating"), rows.raw("day"), rows.number, rows.table.used, strict=True)
        return {
            number
            for rating, day, number, used in cells
            if rating and used and number and day == last[number - 1]
        }

    def own_measures(self) -> dict[str, Column]:
        """What the plan itself knows of every customer, beside the rulebook's metrics."""
        count, as_of, rated = len(self.shop.customers["name"]), self.shop.as_of, self.rated_last()
        since: Column = [None] * count
        unanswered, case_days = [0] * count, list(since)
        last_day = self.shop.customers.get("last_day") or since
        for number, past in self.past.items():
            if number:
                at = number - 1
                since[at] = as_of - max(past.approaches) if past.approaches else None
                heard = max(max(past.answers, default=0), last_day[at] or 0)
                unanswered[at] = sum(day > heard for day in past.approaches)
                case_days[at] = None if past.case_day is None else as_of - past.case_day
        return {
            "outbound_days": since,
            "unanswered": unanswered,
            "case_days": case_days,
            "last_rated": [int(number in rated) for number in range(1, count + 1)],
            "birthday_days": self.birthdays(),
        }

    def birthdays(self) -> Column:
        """Days to each customer's next birthday; None where it is not known."""
        rows = self.rows["customers"]
        born = {number: day for number, day in zip(rows.number, rows.raw("birthday"), strict=True) if day}
        people = range(1, len(self.shop.customers["name"]) + 1)
        return [days_to_next(born[one], self.shop.as_of) if one in born else None for one in people]

    def value(self, key: str, number: int) -> Any:
        """What column ``key`` holds for a customer; None where there is no such column."""
        column = self.columns.get(key)
        return None if column is None else column[number - 1]

    # which plays

    def candidates(self) -> list[Candidate]:
        """Everything there is to do, in customer order."""
        asked: dict[int, list[Candidate]] = defaultdict(list)
        for play in self.book.plays:
            for table, each in play.each.items():
                for one in self.row_tasks(play, table, each):
                    asked[one.number].append(one)
        result = []
        for number, own in enumerate(self.own_plays(), 1):
            mine = self.one_purpose(asked[number]) if number in asked else []
            result += mine
            if own is not None and not any(one.play.channel.sent for one in mine):
                result += self.own_task(own, number)
        return result

    def one_purpose(self, mine: list[Candidate]) -> list[Candidate]:
        """Nothing is offered beside what is owed or served, and of offers only the first play's."""
        serving = any(one.play.purpose in ("owed", "care") and one.play.channel.sent for one in mine)
        offer = next((one.play.key for one in mine if one.play.purpose == "sell"), "")
        return [one for one in mine if one.play.purpose != "sell" or (not serving and one.play.key == offer)]

    def row_tasks(self, play: Play, table: TableKey, each: Expr) -> Iterator[Candidate]:
        """One for each row a play fits, or for a customer's newest; not later than the date beside it."""
        rows = self.rows[table]
        days = rows.raw("day")
        found = list(rows.fitting(each))
        if play.latest:
            newest: dict[int, int] = {}
            for at in found:
                if rows.number[at] not in newest or days[at] >= days[newest[rows.number[at]]]:
                    newest[rows.number[at]] = at
            found = sorted(newest.values())
        dues = rows.raw("due") if "due" in fields(table) else [0] * len(days)
        for at in found:
            number = rows.number[at]
            if self.fits[play.key][number - 1] and self.may(play, number):
                base = {"row": days[at], "due": dues[at] or self.shop.as_of}.get(play.base, self.shop.as_of)
                due = base + play.days
                if play.base != "due" and dues[at] >= self.shop.as_of:
                    due = min(due, dues[at])
                trigger = to_date(days[at]).isoformat()
                yield Candidate(play, number, at, trigger, max(due, self.shop.as_of), table)

    def own_plays(self) -> list[Play | None]:
        """Per customer, the first play without rows that fits."""
        first: list[Play | None] = [None] * len(self.shop.customers["name"])
        for play in reversed([play for play in self.book.plays if not play.each]):
            for at in compress(range(len(first)), self.fits[play.key]):
                first[at] = play
        return first

    def own_task(self, play: Play, number: int) -> Iterator[Candidate]:
        """A play without rows for a customer, if it may be done now."""
        if play.purpose != "none" and self.may(play, number):
            last = self.shop.value("last_day", number) or self.shop.as_of
            bases = {"today": self.shop.as_of, "last_trade": last}
            base = bases.get(play.base) or self.shop.value(play.base, number) or self.shop.as_of
            due = math.floor(base) + play.days
            yield Candidate(play, number, None, self.period(play, last), max(due, self.shop.as_of))

    def period(self, play: Play, last: int) -> str:
        """What the play's key is good for: the trade, month, quarter or half-year."""
        month = month_index(self.shop.as_of)
        match play.again:
            case "trade":
                return to_date(last).isoformat()
            case "quarter":
                return f"{month // 12}-Q{month % 12 // 3 + 1}"
            case "half_year":
                return f"{month // 12}-H{month % 12 // 6 + 1}"
        return month_label(month)

    def fitting(self, play: Play) -> list[bool]:
        """Per customer, whether class, tier and numbers are those the play is for."""
        count = len(self.shop.customers["name"])
        nothing: Column = [None] * count
        places: Sequence[int] = range(count)
        for key, wanted in play.classes.items():
            column = self.columns.get(key, nothing)
            places = [at for at in places if column[at] in wanted]
        if play.when is not None:
            when = function(play.when, {}, self.shop.thresholds)
            known = {name: self.columns.get(name, nothing) for name in when.names}
            known = {name: [column[at] for at in places] for name, column in known.items()}
            places = list(compress(places, when.over(known, len(places))))
        fits = [False] * count
        for at in places:
            fits[at] = True
        return fits

    def may(self, play: Play, number: int) -> bool:
        """Whether a play reaches over what stands against it; nothing is sold to someone with a problem."""
        if _REACH[play.reach] < self.wall(number, play.channel.sent):
            return False
        if play.purpose != "sell":
            return True
        case_days = self.value("case_days", number)
        resting = case_days is not None and case_days < self.book.limits.case_rest_days
        problem = self.value(self.main, number) == "problem"
        return not (resting or problem or self.shop.value("open_cases", number))

    def wall(self, number: int, sent: bool) -> int:
        """The reach it takes: "all" for do-not-contact, and for a message silence or the quiet period."""
        limits = self.book.limits
        unanswered = self.value("unanswered", number) or 0
        if number in self.silent or unanswered >= limits.never_after:
            return _REACH["all"]
        since = self.value("outbound_days", number)
        if not sent or since is None:
            return 0
        if unanswered >= limits.silence_after and since < limits.silence_days:
            return _REACH["silence"]
        return _REACH["quiet"] if since < self.shop.thresholds["contact_quiet_days"] else 0


def _day(typed: str) -> int | None:
    """The day number of a date such as ``2026-03-05`` or ``2026/3/5``; None for anything else."""
    found = re.match(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", typed)
    try:
        return to_day(date(*(int(part) for part in found.groups()))) if found else None
    except ValueError:
        return None
