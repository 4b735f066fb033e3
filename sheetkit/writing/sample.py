"""A believable made-up shop, told from a seed: what its seller would have typed into the entry sheets.

The raw material (names, goods, prices, sentences, slips) stands in ``sample_data/TEMPLATE.toml``. One seed
tells one story in every language: draws never depend on the language, only words and prices do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from sheetkit.messages import Lang
from sheetkit.model.fields import TableKey
from sheetkit.model.lists import lists
from sheetkit.writing.sample_rows import told_rows
from sheetkit.writing.sample_stories import Good, Role, Span, Story, goods, roles, stories
from sheetkit.writing.sheet import Value

Row = dict[str, Value]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Sample:
    """The rows of a filled workbook: {table: [{field key: value as typed}]}; a blank cell is absent.

    A value is a ``date``, a number (money in currency units), or text (a list's label included).
    """

    as_of: date
    rows: dict[TableKey, list[Row]]


def sample(template: str, lang: Lang, as_of: date, seed: int = 20260101) -> Sample:
    """The shop ``seed`` of ``template`` in ``lang``, with no trade after ``as_of``.

    Raises UsageError where there is no such shop, TemplateError for a mistake in its file.
    """
    return _Teller(stories(template, lang), as_of, Random(seed)).tell()


@dataclass(eq=False)
class _Person:
    role: Role
    name: str
    story: Story | None = None
    aliases: tuple[str, ...] = ()
    deals: list[_Deal] = field(default_factory=list)

    def called(self, turn: int, turns: int) -> str:
        """Her name at one of her visits: in the earlier half still an old one, where she has one."""
        return self.aliases[turn % len(self.aliases)] if self.aliases and turn < turns // 2 else self.name


@dataclass(eq=False)
class _Deal:
    """A row of the trades sheet; ``plain`` while nothing special was told about it."""

    person: _Person | None
    good: Good
    day: date
    amount: int
    row: Row
    plain: bool = True


def _nice(value: float) -> int:
    """A price as people ask it."""
    step = 10 if value >= 200 else 5 if value >= 50 else 1
    return max(1, round(value / step) * step)


def _nth(items: Sequence[_T], at: int) -> _T:
    return items[at % len(items)]


def _filled(row: Row) -> Row:
    return {key: value for key, value in row.items() if value not in ("", None)}


class _Teller:
    def __init__(self, story: Story, as_of: date, rng: Random) -> None:
        self.story, self.as_of, self.rng = story, as_of, rng
        self.trades = Story(story.node.child("trades"), story.lang)
        self.goods, self.roles = goods(story), roles(story)
        self.months = [float(one) for one in story.node.get("months", list)]
        self.weekdays = [float(one) for one in story.node.get("weekdays", list, [1] * 7)]
        self.turn: Counter[str] = Counter()
        self.numbers = rng.sample(range(100), 100)
        self.people = self.cast()

    def tell(self) -> Sample:
        deals = [deal for person in self.people for deal in self.purchases(person)]
        deals += self.strangers() + self.mishaps()
        self.rate(deals)
        deals = self.written(deals + self.extras(deals))
        self.slip(deals)
        trades = [_filled(deal.row) for deal in deals]
        rows = {"trades": trades, "customers": self.customers(), "contacts": self.contacts()}
        told = told_rows(self.story, self.as_of, self.rng, self.named, lambda one: self.ago(one.span("ago")))
        for table, more in told.items():
            rows[table] = [*rows.get(table, []), *more]
        return Sample(self.as_of, rows)

    def named(self, story: Story) -> tuple[str, date | None]:
        """The next of the people a story is about: her name, and the day of her latest purchase."""
        person = self.next_of(story)
        return person.name, person.deals[-1].day if person.deals else None

    # Who there is

    def cast(self) -> list[_Person]:
        people = []
        for story in self.story.items("people"):
            role = self.roles[story.one_of("role", self.roles)]
            aliases = tuple(name.strip() for name in re.split("[、;]", story.words("aliases")) if name)
            people.append(_Person(role, story.words("name"), story, aliases))
        others = Story(self.story.node.child("others"), self.story.lang)
        names = others.pairs("names")
        self.rng.shuffle(names)
        for role in self.roles.values():
            missing = role.count - sum(person.role is role for person in people)
            if missing > len(names):
                raise others.node.fail("names", "template.missing")
            people += [_Person(role, names.pop()) for _ in range(missing)]
        return people

    def group(self, story: Story) -> list[_Person]:
        """The people a story is about: all of a role, the one of that name, or everyone."""
        who = story.node.text("who", "")
        told = [person for person in self.people if person.story]
        named = [one for one in told if one.story and who in one.story.node.labels("name").all()]
        if who and not named:
            story.one_of("who", {person.role.key for person in self.people})
        return named or [person for person in self.people if who in ("", person.role.key)]

    def next_of(self, story: Story) -> _Person:
        """The next in turn of the people a story is about, so that stories spread over a role."""
        who = story.node.text("who")
        self.turn[who] += 1
        return _nth(self.group(story), self.turn[who] - 1)

    # Chances

    def between(self, span: Span) -> int:
        return self.rng.randint(int(span[0]), int(span[1]))

    def ago(self, span: Span) -> date:
        """A day so long before the analysis, busy months likelier."""
        days = [self.as_of - timedelta(days=n) for n in range(int(span[0]), int(span[1]) + 1)]
        return self.rng.choices(days, [self.busy(day) for day in days])[0]

    def busy(self, day: date) -> float:
        """How likely a day is, by its month and weekday."""
        return self.months[day.month - 1] * self.weekdays[day.weekday()]

    def moved(self, day: date) -> date:
        """A day near by, busy weekdays likelier; the day itself where all are alike."""
        if len(set(self.weekdays)) == 1:
            return day
        near = [day + timedelta(days=by) for by in range(-3, 4)]
        near = [one for one in near if one <= self.as_of]
        return self.rng.choices(near, [self.weekdays[one.weekday()] for one in near])[0]

    def good(self, day: date, band: str = "", but: str = "") -> Good:
        kinds = [good for good in self.goods.values() if band in ("", good.band) and good.key != but]
        weights = [good.weight * (5 if day.month in good.peak else 1) for good in kinds]
        return self.rng.choices(kinds, weights)[0]

    def price(self, span: Span) -> int:
        return _nice(span[0] + self.rng.random() * (span[1] - span[0]))

    # Trades

    def purchases(self, person: _Person) -> list[_Deal]:
        role = person.role
        days = [self.ago(role.last)] if role.visits[1] else []
        for _ in range(self.between(role.visits) - 1):
            days.append(self.moved(days[-1] - timedelta(days=self.between(role.gap))))
        for turn, day in enumerate(reversed(days)):
            name = person.called(turn, len(days))
            good = self.goods[_nth(role.goods, turn)] if role.goods else self.good(day, role.band)
            person.deals.append(self.line(person, good, day, name))
            if self.rng.random() < role.pieces:
                later = min(day + timedelta(days=self.rng.randint(0, 2)), self.as_of)
                person.deals.append(self.line(person, self.good(day, role.band, good.key), later, name))
        if role.rating:
            person.deals[-1].row["rating"] = role.rating
        return person.deals

    def line(self, person: _Person | None, good: Good, day: date, name: str) -> _Deal:
        """One sale, as far as she bothers to fill it in."""
        trade_in = person is not None and person.role.haggle[1] > 0.3
        low, high = self.off(day) or (person.role.haggle if person else (0.0, 0.1))
        asked = self.price(good.price)
        amount = min(asked, _nice(asked * (1 - low - self.rng.random() * (high - low))))
        luck = self.rng.random()
        cost = _nice(amount * (1.05 if luck < 0.05 else 0.4 + 0.4 * luck))
        state = "state_fresh" if (self.as_of - day).days <= 5 else "state_late"
        model = self.rng.choice(good.models)
        item = self.trades.words("item").format(model=model, condition=self.pick("conditions"))
        order = self.story.numbered("order_id", self.rng.sample(range(10, 100), 3))
        row: Row = {
            "date": day,
            "nickname": name,
            "item": self.maybe(0.4, item) or model,
            "amount": amount,
            "state": self.maybe(0.28, self.trades.label(state, "trade_state")),
            "category": self.maybe(0.85, good.category),
            "cost": self.maybe(0.5, cost),
            "list_price": self.maybe(0.75, asked) or (asked if self.off(day) else ""),
            "method": self.maybe(0.5, self.method(good)),
            "order_id": self.maybe(0.16, order),
            "note": self.maybe(0.16, self.pick("notes")),
        }
        if self.rng.random() < 0.4 and good.band == "dear" and not trade_in:
            row |= {"warranty_until": day + timedelta(days=90), "note": self.story.words("warranty")}
        return _Deal(person, good, day, amount, row)

    def off(self, day: date) -> Span | None:
        """What is taken off on this weekday, if anything (``trades.discount``; weekday 1 is Monday)."""
        story = Story(self.trades.node.child("discount", optional=True), self.story.lang)
        days = story.node.get("weekdays", list, [])
        return story.span("off") if day.isoweekday() in days else None

    def maybe(self, share: float, value: _T) -> _T | str:
        return value if self.rng.random() < share else ""

    def pick(self, key: str) -> str:
        return self.rng.choice(self.trades.pairs(key))

    def method(self, good: Good) -> str:
        key = "methods_big" if good.big else "methods_small"
        return self.trades.label_of(key, self.rng.choice(self.trades.node.texts(key)), "method")

    def strangers(self) -> list[_Deal]:
        deals = []
        for story in self.trades.items("strangers"):
            for _ in range(story.node.whole("count")):
                day = self.ago((20, self.story.node.whole("history_days")))
                deal = self.line(None, self.good(day, "cheap"), day, story.words("nickname"))
                deal.row["note"] = story.words("note") or deal.row["note"]
                deal.plain = False
                deals.append(deal)
        return deals

    def mishaps(self) -> list[_Deal]:
        """Marks a sale that stands all the same; returns those that are lines of their own."""
        added = []
        for story in self.trades.items("mishaps"):
            for _ in range(story.node.whole("count", 1)):
                person = self.next_of(story)
                stands = story.node.has("refund") and bool(person.deals)
                deal = person.deals[0] if stands else self.failed(person, story)
                deal.row["state"] = story.label("state", "trade_state")
                deal.row |= {"fault": story.label("fault", "fault"), "note": story.words("note")}
                deal.plain = False
                if stands:
                    deal.row["refund_amount"] = _nice(deal.amount * story.node.number("refund"))
                else:
                    added.append(deal)
        return added

    def failed(self, person: _Person, story: Story) -> _Deal:
        day = self.ago(story.span("ago"))
        own = story.node.has("goods") and self.goods[story.one_of("goods", self.goods)]
        deal = self.line(person, own or self.good(day, person.role.band), day, person.name)
        deal.row |= {"cost": "", "warranty_until": ""}
        return deal

    def rate(self, deals: list[_Deal]) -> None:
        for story in self.trades.items("ratings"):
            newest = self.as_of - timedelta(days=story.node.whole("older_than", 3))
            group = self.group(story)
            free = [one for one in deals if one.plain and one.day < newest and one.person in group]
            free = [one for one in free if "rating" not in one.row]
            for deal in self.rng.sample(free, min(story.node.whole("count"), len(free))):
                deal.row["rating"] = story.label("rating", "rating")

    def extras(self, deals: list[_Deal]) -> list[_Deal]:
        """Postage, deposits, differences: money beside a sale."""
        added = []
        for story in self.trades.items("extras"):
            sold = [one for one in deals if one.plain]
            for deal in self.rng.sample(sold, story.node.whole("count")):
                row = {key: deal.row[key] for key in ("date", "nickname")}
                amount = self.price(story.price())
                row |= {"item": story.words("item"), "amount": amount}
                row["line_kind"] = story.label("kind", "line_kind")
                added.append(_Deal(deal.person, deal.good, deal.day, amount, row, plain=False))
        return added

    def written(self, deals: list[_Deal]) -> list[_Deal]:
        """In the order of the sheet: by day, but for a few rows remembered late."""
        rows = sorted(deals, key=lambda deal: deal.day)
        late = self.rng.sample(range(len(rows) - 20), self.trades.node.whole("out_of_order"))
        for at in sorted(late, reverse=True):
            rows.insert(at + self.rng.randint(4, 9), rows.pop(at))
        return rows

    def slip(self, deals: list[_Deal]) -> None:
        for story in self.story.items("slips"):
            group = [person for person in self.group(story) if len(person.deals) >= 4]
            free = [one for one in deals if one.plain and one.person in group and not one.row["state"]]
            deal = self.rng.choice(free)
            if story.node.flag("dearest"):
                deal = max(free, key=lambda one: one.amount)
            day, amount = deal.day, deal.amount
            about = amount - amount % (100 if amount >= 150 else 10)
            parts = {"y": day.year, "m": day.month, "d": day.day, "amount": amount, "about": about}
            deal.row[story.node.text("column")] = story.fill("text", story.words("text"), parts)
            deal.plain = False

    # Customers

    def customers(self) -> list[Row]:
        others = Story(self.story.node.child("others"), self.story.lang)
        rest = [person for person in self.people if not person.story and person.deals]
        listed = self.rng.sample(rest, others.node.whole("listed"))
        rows = [person for person in self.people if person.story or person in listed]
        rows.sort(key=lambda person: person.deals[0].day if person.deals else self.as_of)
        return [self.known(one, one.story) if one.story else self.noted(one, others) for one in rows]

    def noted(self, person: _Person, others: Story) -> Row:
        source = self.rng.choice(lists()["source"].entries).labels[self.story.lang]
        town = self.rng.choice(others.pairs("towns"))
        return {"nickname": person.name, "phone": self.phone(), "source": source, "address": town}

    def phone(self) -> str:
        return self.story.numbered("phone", [self.numbers.pop(), self.rng.randint(0, 99)])

    def known(self, person: _Person, story: Story) -> Row:
        row: Row = {"nickname": person.name, **story.cells(self.as_of)}
        return row | ({"phone": self.phone()} if story.node.flag("phone") else {})

    # Contacts

    def contacts(self) -> list[Row]:
        rows = [
            self.contact(story, self.next_of(story), at)
            for story in self.story.items("contacts")
            for at in range(story.node.whole("count", 1))
        ]
        return sorted(rows, key=lambda row: str(row["date"]))

    def contact_day(self, story: Story, person: _Person) -> date:
        if not story.node.has("after") or not person.deals:
            return self.ago(story.span("ago"))
        later = timedelta(days=self.between(story.span("after")))
        return min(person.deals[-1].day + later, self.as_of)

    def contact(self, story: Story, person: _Person, at: int) -> Row:
        node = story.node
        wants = self.goods[_nth(node.texts("wants"), at)] if node.has("wants") else None
        good = wants or (person.deals[-1].good if node.has("after") and person.deals else None)
        parts = {"item": good.name, "trouble": good.trouble} if good else {}
        row: Row = {
            "date": self.contact_day(story, person),
            "nickname": person.name,
            "type": story.label("type", "contact_type"),
            "content": story.fill("says", _nth(story.pairs("says"), at), parts),
            "due": self.as_of + timedelta(days=self.between(story.span("due"))) if node.has("due") else "",
            "status": story.label("status", "case_status"),
            "direction": story.label("direction", "direction"),
            "budget": _nice(self.price(good.price) * 0.85) if good and node.flag("budget") else "",
            "channel": story.label("channel", "channel"),
            "result": story.words("result"),
        }
        return _filled(row | ({"item": good.name, "category": good.category} if good else {}))
