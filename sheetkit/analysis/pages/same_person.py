"""同一个人吗: names that may be one customer, for the seller to say; and one name that may be two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sheetkit.analysis.joins import Verdict
from sheetkit.analysis.page import Found, Link, Page, PageColumn, Section, Value
from sheetkit.analysis.sameness import Double, Pair, Sameness, Sign, sameness
from sheetkit.messages import text
from sheetkit.model.fields import fields
from sheetkit.model.labels import fold
from sheetkit.model.sameness import ANSWER, NAME, NO, OTHER, YES

MOST_SHOWN = 200
"""Pairs without an answer on the page; the surest come first."""
_ANSWERED = ("conflict", "unclear", "joined", "one_already", "apart", "gone")


def same_person(found: Found) -> Page | None:
    """The page, where there is anything to ask or anything was answered."""
    known = sameness(found.joining.book, found.joining.apart)
    teller = _Teller(found)
    rows, more = teller.rows(known)
    sections = []
    if rows:
        says = [text("same.says", found.lang)]
        says += [text("same.more", found.lang, shown=MOST_SHOWN, more=more)] if more else []
        title = text("same.pairs", found.lang)
        sections.append(Section(title, " ".join(says), _columns(found), rows))
        sections.append(Section(text("same.live", found.lang), teller.how_live()))
    if known.doubles:
        sections.append(_doubles(found, known))
    return Page("same", text("same.about", found.lang), tuple(sections)) if sections else None


def _columns(found: Found) -> tuple[PageColumn, ...]:
    lang = found.lang
    choices = (YES[lang], NO[lang])
    alias = fields("customers")["aliases"].labels[lang]
    return (
        PageColumn(NAME[lang], width=20),
        PageColumn(OTHER[lang], width=20),
        PageColumn(ANSWER[lang], width=13, choices=choices, help=text("same.help", lang)),
        PageColumn(text("same.strength", lang), width=11),
        PageColumn(text("same.why", lang), width=38),
        PageColumn(text("same.why_not", lang), width=30),
        PageColumn(text("same.orders", lang), "count", 10),
        PageColumn(text("same.money", lang), "money", 12),
        PageColumn(text("same.other_orders", lang), "count", 10),
        PageColumn(text("same.other_money", lang), "money", 12),
        PageColumn(text("same.now", lang), width=24),
        PageColumn(text("same.to_copy", lang, column=alias), width=26),
    )


class _Teller:
    """The rows of the pairs, in words."""

    def __init__(self, found: Found) -> None:
        self.found, self.lang, self.joining = found, found.lang, found.joining
        self.names = self.joining.apart.names
        self.money: dict[int, int] = defaultdict(int)
        people, facts = self.joining.apart.number["trades"], found.measured.trades
        for line, net in zip(facts["line"], facts["net"], strict=True):
            self.money[people[line]] += net

    def rows(self, known: Sameness) -> tuple[list[tuple[Value, ...]], int]:
        """First the pairs that wait for an answer, then the answered ones; and how many more are waiting."""
        pairs = {(one.one, one.other): one for one in known.pairs}
        answered = {(min(one.people), max(one.people)) for one in self.joining.verdicts}
        into = self.joining.into
        waiting = [
            one
            for people, one in pairs.items()
            if people not in answered and (not into or into[one.one] != into[one.other])
        ]
        shown = [self.asked(one) for one in waiting[:MOST_SHOWN]]
        verdicts = sorted(self.joining.verdicts, key=lambda one: _ANSWERED.index(one.state))
        shown += [self.answered(one, pairs.get((min(one.people), max(one.people)))) for one in verdicts]
        return shown, max(len(waiting) - MOST_SHOWN, 0)

    def asked(self, pair: Pair) -> tuple[Value, ...]:
        """A pair without an answer, the one with more orders first."""
        one, other = self.ordered(pair.one, pair.other)
        names = (self.names[one - 1], self.names[other - 1])
        now = text("same.state.open", self.lang)
        return (
            *names,
            "",
            *self.judged(pair),
            *self.bought(one),
            *self.bought(other),
            now,
            self.alias(one, other),
        )

    def answered(self, verdict: Verdict, pair: Pair | None) -> tuple[Value, ...]:
        """A pair with an answer, as she has it."""
        one, other = verdict.people
        tick, may_copy = verdict.tick, verdict.state in ("joined", "unclear") and one and other
        copied = self.alias(*self.ordered(one, other)) if may_copy else ""
        now = text(f"same.state.{verdict.state}", self.lang)
        bought = (*self.bought(one), *self.bought(other))
        return (tick.name, tick.other, tick.typed, *self.judged(pair), *bought, now, copied)

    def judged(self, pair: Pair | None) -> tuple[Value, ...]:
        """Strength, reasons for, reasons against."""
        if pair is None:
            return "", text("same.no_reason", self.lang), ""
        strength = text(f"same.strength.{pair.strength}", self.lang)
        return strength, said(pair.reasons, self.found), said(pair.against, self.found)

    def bought(self, person: int) -> tuple[Value, ...]:
        """Her orders and money before joining."""
        return (self.joining.orders.get(person, 0), self.money.get(person, 0)) if person else (None, None)

    def ordered(self, one: int, other: int) -> tuple[int, int]:
        """Who would give the name comes first."""
        orders = self.joining.orders
        return (one, other) if orders.get(one, 0) >= orders.get(other, 0) else (other, one)

    def alias(self, one: int, other: int) -> str:
        """What would stand in 曾用名 of the first; of one name with two ids, what to do instead."""
        if fold(self.joining.apart.spoken(one)) == fold(self.joining.apart.spoken(other)):
            return text("same.one_id", self.lang)
        home = self.joining.apart.home[one - 1]
        table = self.joining.book.tables["customers"]
        held = None if home is None else table.column("aliases")[home]
        return "、".join(filter(None, [held, self.names[other - 1]]))

    def how_live(self) -> str:
        """How the sheets that compute themselves come to follow."""
        labels = fields("customers")
        sheet = self.found.template.sheet("customers").labels[self.lang]
        return text("same.live_says", self.lang, sheet=sheet, column=labels["aliases"].labels[self.lang])


def said(signs: tuple[Sign, ...], found: Found) -> str:
    """Reasons in words."""
    parts = (text(f"same.sign.{one.key}", found.lang, value=one.value) for one in signs)
    return text("same.between", found.lang).join(parts)


def _doubles(found: Found, known: Sameness) -> Section:
    lang = found.lang
    columns = (
        PageColumn(text("same.one_name", lang)),
        PageColumn(text("same.where", lang)),
        PageColumn(text("same.also_where", lang)),
        PageColumn(text("same.differs", lang), width=38),
    )
    rows = [(*_double(found, one), said(one.differs, found)) for one in known.doubles[:MOST_SHOWN]]
    return Section(text("same.doubles", lang), text("same.doubles_says", lang), columns, rows)


def _double(found: Found, double: Double) -> Iterator[Value]:
    table = found.book.tables["customers"]
    yield found.joining.apart.names[double.person - 1]
    for at in double.rows[:2]:
        sheet, row = table.sheet[at], table.row[at]
        yield Link(text("same.row", found.lang, sheet=sheet, row=row), sheet, f"A{row}")
