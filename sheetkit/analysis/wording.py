"""A chosen play in words: why, and the draft with what the record knows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, cast

from sheetkit.analysis.lint import lint
from sheetkit.analysis.result import Reason, Task
from sheetkit.analysis.shop import Candidate, Rows, Shop
from sheetkit.messages import Lang, text
from sheetkit.model.days import to_date
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.playbook import GAP, PLAN_METRICS
from sheetkit.rules.words import show

_LONGEST_GAP = 40
"""Half-width characters a filled-in name may have; nobody types a longer title in a chat."""


class Writer:
    """Candidates → tasks, in order: a text is never the one before."""

    def __init__(
        self, shop: Shop, reasons: Mapping[str, Sequence[Reason]], lang: Lang, kept: Sequence[Candidate]
    ) -> None:
        self.shop = shop
        template = shop.book.blueprint
        self.rules, self.main = rules_for(template), template.dimensions[0]
        self.reasons = reasons.get(self.main, ())
        self.lang = lang
        self.before = ""
        self.bought = self.last_bought({one.number for one in kept if one.row is None})
        classes = self.rules.book.dimensions[self.main].classes
        self.class_labels = {one.key: one.labels[lang] for one in classes}

    def last_bought(self, numbers: set[int]) -> dict[int, dict[str, str]]:
        """{customer: her latest item and commonest category} of goods she really bought."""
        rows = Rows(self.shop, "trades")
        completed, goods = lists()["trade_state"].code("completed"), lists()["line_kind"].code("goods")
        columns = (rows.number, rows.table.used, rows.raw("state"), rows.raw("line_kind"), rows.raw("day"))
        latest: dict[int, tuple[int, int]] = {}
        kinds: dict[int, Counter[str]] = defaultdict(Counter)
        items, categories = rows.table.column("item"), rows.table.column("category")
        for at in (at for at, number in enumerate(rows.number) if number in numbers):
            number, used, state, kind, day = (column[at] for column in columns)
            if used and state == completed and kind == goods:
                latest[number] = max(latest.get(number, (0, 0)), (day, at))
                if categories[at]:
                    kinds[number][str(categories[at])] += 1
        return {
            number: {
                "item": str(items[at] or ""),
                "category": max(kinds[number], key=lambda kind: (kinds[number][kind], kind), default=""),
            }
            for number, (_, at) in latest.items()
        }

    def task(self, one: Candidate, due: int) -> Task:
        """The line of the plan."""
        class_key = str(self.shop.value(self.main, one.number) or "")
        return Task(
            key=one.key,
            priority=one.play.priority,
            customer=str(self.shop.customers["name"][one.number - 1]),
            class_key=class_key,
            class_label=self.class_labels.get(class_key, class_key),
            action=one.play.action[self.lang],
            why=self.why(one),
            due=due,
            channel=one.play.channel.labels[self.lang],
            message=self.message(one),
        )

    def cell(self, one: Candidate, key: str) -> Any:
        """A cell of the row the task is about."""
        return self.shop.book.tables[one.table].column(key)[cast(int, one.row)]

    def message(self, one: Candidate) -> str:
        """A draft whose gaps are all known, not the one before; "" where nothing is written."""
        drafts = one.play.drafts[self.lang]
        if not drafts:
            return ""
        known = self.gaps(one)
        usable = [draft for draft in drafts if all(gap in known for gap in GAP.findall(draft))]
        filled = [draft for draft in usable if GAP.search(draft)]
        pool = filled if len(filled) > 1 else usable
        start = int(one.key, 16) % len(pool)
        self.before = next(draft for draft in pool[start:] + pool[:start] if draft != self.before)
        return GAP.sub(lambda found: known[found[1]], self.before)

    def gaps(self, one: Candidate) -> dict[str, str]:
        """What a draft's gaps can be filled with; what must not be said, or nobody would type, is unknown."""
        values = self.bought.get(one.number, {})
        if one.row is not None:
            budget = self.cell(one, "budget")
            values = {"item": self.cell(one, "item"), "category": self.cell(one, "category")}
            values["budget"] = show(budget, "money") if budget else ""
        plain = {key: _spoken(str(value or "")) for key, value in values.items()}
        platform, kind = self.rules.plays.platform, self.shop.book.shop_kind
        typed = {key: value for key, value in plain.items() if value and _width(value) <= _LONGEST_GAP}
        return {key: one for key, one in typed.items() if "〔" not in one and not lint(one, platform, kind)}

    def why(self, one: Candidate) -> str:
        """The play's reason with this customer's numbers."""
        template = one.play.why[self.lang]
        facts = self.row_facts(one) if one.row is not None else {}
        metrics = self.rules.book.metrics
        for _, name, _, _ in Formatter().parse(template):
            if name == "reason":
                facts[name] = self.reason(one.number)
            elif name and name in metrics and name not in facts:
                facts[name] = show(self.shop.value(name, one.number), metrics[name].unit)
            elif name and name in PLAN_METRICS:
                facts[name] = show(self.shop.value(name, one.number), "count")
        return template.format_map(facts)

    def reason(self, number: int) -> str:
        """Why she is in her class."""
        if number <= len(self.reasons) and self.reasons[number - 1].why:
            return self.reasons[number - 1].why
        visits, days = (self.shop.value(key, number) for key in ("visits", "recency_days"))
        return text("plan.numbers", self.lang, visits=show(visits, "count"), recency=show(days, "days"))

    def row_facts(self, one: Candidate) -> dict[str, str]:
        """What the reason of a play for rows may name."""
        unknown = text("plan.unknown", self.lang)
        day, item, due, content, kind, budget, amount = (
            self.cell(one, key) for key in ("date", "item", "due", "content", "category", "budget", "amount")
        )
        this, money = text("plan.this", self.lang), amount or budget
        return {
            "date": to_date(day).isoformat(),
            "due": to_date(due).isoformat() if due else unknown,
            "what": str(content or item or kind or this),
            "item": str(item or kind or content or this),
            "amount": show(money, "money") if money else unknown,
            "budget": show(money, "money") if money else unknown,
            "age": str(self.shop.as_of - day),
            "late": str(max(self.shop.as_of - due, 0)) if due else "0",
        }


def _spoken(title: str) -> str:
    """A title as one would say it: without what follows a comma, a bracket or (in Chinese) a space.

    >>> [_spoken(one) for one in ("微波炉 8成新", "iPad 九代", "Roborock S5, some marks", "¥1,050")]
    ['微波炉', 'iPad 九代', 'Roborock S5', '¥1,050']
    """
    words = re.split("[,;](?!\\d)|[\uff0c\uff1b\u3001(\uff08\u3010[]", title, maxsplit=1)[0].split()
    return words[0] if words and re.search("[\u3400-\u9fff]", words[0]) else " ".join(words)


def _width(value: str) -> int:
    return sum(1 if ch.isascii() else 2 for ch in value)
