"""级别变动: how many are in each grade and how they are served, who moved and why, and the runs over time."""

from __future__ import annotations

from collections.abc import Iterator

from sheetkit.analysis.movement import GRADE, Movement, movement
from sheetkit.analysis.notes import NOTED, Noted
from sheetkit.analysis.page import Found, Page, PageChart, PageColumn, Section, Value
from sheetkit.messages import text
from sheetkit.model.days import to_date
from sheetkit.rules.words import show

KEY = "grades"
SHOWN_ROWS = 200
"""More moves than this are not listed."""


def grades(found: Found) -> Page | None:
    """The page; None where the template has no grades."""
    if GRADE not in found.template.dimensions:
        return None
    moved = movement(
        found.book, found.identity, found.customers, found.rules.book, found.thresholds, found.as_of
    )
    return None if moved is None else _Writer(found, moved).page()


class _Writer:
    def __init__(self, found: Found, moved: Movement) -> None:
        self.found, self.moved, self.lang = found, moved, found.lang
        rules = found.rules.book
        self.main = rules.dimensions[found.template.dimensions[0]]
        self.grades = sorted(rules.dimensions[GRADE].classes, key=lambda one: -one.rank)
        self.rank = {one.key: one.rank for one in self.grades}
        self.labels = {one.key: one.labels[self.lang] for one in (*self.grades, *self.main.classes)}
        self.parts = [rules.metrics[key].labels[self.lang] for key in NOTED]

    def say(self, key: str, **more: object) -> str:
        return text(f"grades.{key}", self.lang, **more)

    def page(self) -> Page:
        moved, day = self.moved, to_date(self.found.as_of).isoformat()
        if moved.since is None:
            return Page(KEY, self.say("about_first", day=day), (self.service(), self.first()))
        about = self.say("about", day=day, since=to_date(moved.since).isoformat())
        up, down = self.ways(1), self.ways(-1)
        sections = (
            self.service(),
            self.moves("up", up),
            self.moves("down", down),
            self.waiting(),
            self.kinds(),
            self.over_time(),
        )
        return Page(KEY, about, sections)

    def service(self) -> Section:
        """The grades: how many, what they spend, how they are served."""
        people, held = self.found.customers, self.moved.held
        served = {
            key: play.action[self.lang]
            for play in reversed(self.found.rules.plays.plays)
            for key in play.classes.get(GRADE, ())
        }
        rows: list[tuple[Value, ...]] = []
        for one in self.grades:
            places = [at for at, key in enumerate(held) if key == one.key]
            spend = sum(people["spend"][at] or 0 for at in places)
            share = len(places) / len(held) if held else None
            rows.append((self.labels[one.key], len(places), share, spend, served.get(one.key, "")))
        best = sum(key == self.grades[0].key for key in held)
        says = self.say("service_says", best=best, count=len(held), grade=self.labels[self.grades[0].key])
        columns = (
            PageColumn(self.say("grade")),
            PageColumn(self.say("people"), "count"),
            PageColumn(self.say("share"), "percent"),
            PageColumn(self.say("spend"), "money"),
            PageColumn(self.say("served"), width=46),
        )
        chart = PageChart("column", says, 0, (1,))
        return Section(self.say("service"), says, columns, rows, chart)

    def first(self) -> Section:
        return Section(self.say("moves"), self.say("first_says"))

    def ways(self, sign: int) -> list[int]:
        """Who moved up (1) or down (-1): the places, the longest way first."""
        ways = {
            at: self.rank[now.grade] - self.rank.get(before.grade, 0) for at, (before, now) in self.pairs()
        }
        return sorted((at for at in ways if ways[at] * sign > 0), key=lambda at: (-abs(ways[at]), at))

    def pairs(self) -> Iterator[tuple[int, tuple[Noted, Noted]]]:
        for at, (before, now) in enumerate(zip(self.moved.before, self.moved.now, strict=True)):
            if before is not None:
                yield at, (before, now)

    def moves(self, way: str, places: list[int]) -> Section:
        """Those who moved one way."""
        pairs, names = dict(self.pairs()), self.found.customers["name"]
        rows: list[tuple[Value, ...]] = []
        for at in places[:SHOWN_ROWS]:
            before, now = pairs[at]
            way_gone = f"{self.labels.get(before.grade, before.grade)} → {self.labels[now.grade]}"
            rows.append((names[at], way_gone, before.score, now.score, self.why(at, before, now)))
        says = self.say(f"{way}_says", count=len(places)) if places else self.say(f"{way}_none")
        columns = (
            PageColumn(self.say("name")),
            PageColumn(self.say("way")),
            PageColumn(self.say("before"), "count"),
            PageColumn(self.say("now"), "count"),
            PageColumn(self.say("why"), width=46),
        )
        return Section(self.say(way), says, columns if rows else (), rows)

    def why(self, at: int, before: Noted, now: Noted) -> str:
        """The parts of the score that changed, the largest change first; or what caps her."""
        people, said = self.found.customers, []
        if people["grade_capped"][at]:
            said.append(self.say("capped"))
        if now.graded == "unsure":
            said.append(self.say("unsure", known=show(people["grade_known"][at], "points")))
        changes = [
            (abs((new or 0) - (old or 0)), at, label, old, new)
            for at, (label, old, new) in enumerate(zip(self.parts, before.parts, now.parts, strict=False))
            if old != new
        ]
        for _, _, label, old, new in sorted(changes, key=lambda one: (-one[0], one[1]))[:3]:
            said.append(f"{label} {show(old, 'points')} → {show(new, 'points')}")
        return text("why.comma", self.lang).join(said) or self.say("lines_moved")

    def waiting(self) -> Section:
        """Those graded lower for the first time, near the line."""
        names = self.found.customers["name"]
        rows: list[tuple[Value, ...]] = [
            (names[at], self.labels[now.grade], now.score, self.labels[now.graded])
            for at, now in enumerate(self.moved.now)
            if now.grade != now.graded
        ]
        says = self.say("waiting_says", count=len(rows)) if rows else self.say("waiting_none")
        columns = (
            PageColumn(self.say("name")),
            PageColumn(self.say("grade")),
            PageColumn(self.say("now"), "count"),
            PageColumn(self.say("next")),
        )
        return Section(self.say("waiting"), says, columns if rows else (), rows[:SHOWN_ROWS])

    def kinds(self) -> Section:
        """Those whose class changed."""
        names, metrics = self.found.customers["name"], self.found.customers
        rows: list[tuple[Value, ...]] = []
        for at, (before, now) in self.pairs():
            if before.kind != now.kind:
                way = f"{self.labels.get(before.kind, before.kind)} → {self.labels[now.kind]}"
                figures = (metrics[key][at] for key in ("visits", "recency_days", "spend"))
                rows.append((names[at], way, *figures))
        says = self.say("kinds_says", count=len(rows)) if rows else self.say("kinds_none")
        rules = self.found.rules.book.metrics
        columns = (
            PageColumn(self.say("name")),
            PageColumn(self.say("way")),
            PageColumn(rules["visits"].labels[self.lang], "count"),
            PageColumn(rules["recency_days"].labels[self.lang], "count"),
            PageColumn(rules["spend"].labels[self.lang], "money"),
        )
        return Section(self.say("kinds"), says, columns if rows else (), rows[:SHOWN_ROWS])

    def over_time(self) -> Section:
        """How many were in each grade at every run."""
        counts = self.moved.counts
        rows: list[tuple[Value, ...]] = [
            (to_date(day).isoformat(), *(many.get(one.key, 0) for one in self.grades)) for day, many in counts
        ]
        columns = (
            PageColumn(self.say("run")),
            *(PageColumn(self.labels[one.key], "count") for one in self.grades),
        )
        says = self.say("over_time_says", count=len(rows))
        chart = PageChart("line", self.say("over_time"), 0, tuple(range(1, len(self.grades) + 1)))
        return Section(self.say("over_time"), says, columns, rows, chart if len(rows) > 1 else None)
