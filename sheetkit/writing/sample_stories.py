"""Reading ``sample_data/TEMPLATE.toml``, the raw material of a made-up shop, in one language.

A mistake in it is answered as one in ``templates/`` is: TemplateError, with file, key and what was meant.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from sheetkit.errors import UsageError
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.fields import fields, tables
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists
from sheetkit.model.source import Node, closest, read_path
from sheetkit.writing.sheet import Value

Span = tuple[float, float]

_KNOWN = {
    "people": {"role", "name", *fields("customers")},
    "strangers": {"nickname", "count", "note"},
    "extras": {"kind", "count", "price", "item"},
    "mishaps": {"who", "state", "fault", "count", "refund", "ago", "goods", "note"},
    "ratings": {"who", "rating", "count", "older_than"},
    "contacts": {"who", "type", "direction", "count", "ago", "after", "due", "status", "channel"}
    | {"wants", "budget", "says", "result"},
    "slips": {"column", "who", "dearest", "text"},
}
"""The keys each kind of story may have."""


@cache
def _labels(list_key: str, lang: Lang) -> dict[str, str]:
    """{folded label or synonym, any language: the label in ``lang``}."""
    return {
        fold(word): entry.labels[lang]
        for entry in lists()[list_key].entries
        for word in (*entry.labels.all(), *entry.synonyms)
    }


@dataclass(frozen=True)
class Story:
    """A table of the file, told in one language."""

    node: Node
    lang: Lang

    def words(self, key: str) -> str:
        """The text at ``key``; "" where there is none."""
        return self.node.labels(key, optional=True)[self.lang]

    def label(self, key: str, list_key: str) -> str:
        """The list's label for the word at ``key``; "" where there is none."""
        word = self.node.text(key, "")
        return self.label_of(key, word, list_key) if word else ""

    def label_of(self, key: str, word: str, list_key: str) -> str:
        """The list's label for ``word``, itself a label or synonym in any language."""
        known = _labels(list_key, self.lang)
        if fold(word) not in known:
            raise self.node.fail(key, "template.unknown_value", value=word, meant=closest(word, known))
        return known[fold(word)]

    def one_of(self, key: str, known: Iterable[str]) -> str:
        """The text at ``key``, which must be one of ``known``."""
        word = self.node.text(key)
        if word not in known:
            raise self.node.fail(key, "template.unknown_value", value=word, meant=closest(word, known))
        return word

    def span(self, key: str, default: object = ...) -> Span:
        """``[from, to]``."""
        values = self.node.get(key, list, default)
        numbers = [one for one in values if isinstance(one, int | float)]
        if len(values) != 2 or len(numbers) != 2 or numbers[0] > numbers[1]:
            raise self.node.fail(key, "template.type", value=values, expected="[from, to]")
        return values[0], values[1]

    def price(self) -> Span:
        """The span at ``price``, in this language's money."""
        return Story(self.node.child("price"), self.lang).span(self.lang)

    def pairs(self, key: str) -> list[str]:
        """The texts of an array of ``{ zh, en }``."""
        return [one.labels()[self.lang] for one in self.node.items(key)]

    def numbered(self, key: str, numbers: list[int]) -> str:
        """The text at ``key``, two digits each in place of {a}, {b}, {c}."""
        parts = {name: f"{number:02d}" for name, number in zip("abc", numbers, strict=False)}
        return self.fill(key, self.words(key), parts)

    def fill(self, key: str, words: str, parts: Mapping[str, object]) -> str:
        """``words``, which stand at ``key``, with ``{part}`` filled in."""
        try:
            return words.format_map(parts)
        except (KeyError, ValueError, IndexError) as problem:
            meant = ", ".join(f"{{{name}}}" for name in parts)
            raise self.node.fail(key, "template.unknown_value", value=words, meant=meant) from problem

    def cells(self, as_of: date) -> dict[str, Value]:
        """What this person's row on the customers sheet says, but for her name and telephone number."""
        known = fields("customers")
        return {key: self._cell(key, as_of) for key in self.node.data if key in known and key != "phone"}

    def _cell(self, key: str, as_of: date) -> Value:
        value = self.node.data[key]
        if key == "birthday":
            days, year = (int(one) for one in self.node.get(key, list))
            day = as_of + timedelta(days=days)
            return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
        if fields("customers")[key].kind == "date":
            return as_of - timedelta(days=self.node.whole(key))
        if isinstance(value, dict):
            return self.words(key)
        list_key = fields("customers")[key].list_key
        return self.label(key, list_key) if list_key else value

    def items(self, key: str) -> list[Story]:
        """The stories of an array of tables, each held to the keys its kind may have."""
        items = self.node.items(key)
        for item in items:
            for name in item.data:
                if name not in _KNOWN[key]:
                    raise item.fail(name, "template.unknown_key", meant=closest(name, _KNOWN[key]))
        return [Story(item, self.lang) for item in items]


@dataclass(frozen=True)
class Good:
    """A kind of goods: what it is called, what it costs, when it sells, what goes wrong with it."""

    key: str
    name: str
    category: str
    band: str
    big: bool
    weight: float
    peak: tuple[int, ...]
    price: Span
    models: tuple[str, ...]
    trouble: str


@dataclass(frozen=True)
class Role:
    """A kind of customer: how many there are, how often and when they buy, what, and how hard they haggle."""

    key: str
    count: int
    visits: Span
    last: Span
    gap: Span
    haggle: Span
    pieces: float
    band: str
    goods: tuple[str, ...]
    rating: str


def stories(template: str, lang: Lang) -> Story:
    """The file of ``template``. Raises UsageError where there is none."""
    folder = resources.files("sheetkit.sample_data")
    known = {file.name[:-5]: file for file in folder.iterdir() if file.name.endswith(".toml")}
    if template not in known:
        raise UsageError("usage.unknown_template", name=template, meant=closest(template, sorted(known)))
    with resources.as_file(known[template]) as path:
        return Story(read_path(path), lang)


def story_names(template: str) -> tuple[str, ...]:
    """The further made-up shops of a template: ``clothing`` for ``sample_data/xianyu-clothing.toml``."""
    folder = resources.files("sheetkit.sample_data")
    names = (file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    prefix = f"{template}-"
    return tuple(sorted(name[len(prefix) : -5] for name in names if name.startswith(prefix)))


def shop_of(story: Story, template: Blueprint) -> tuple[Blueprint, str]:
    """The template as this shop uses it, and the kind of shop typed on its settings sheet ("": none)."""
    node = story.node
    more = node.texts("with", [])
    for key in more:
        if key not in tables():
            raise node.fail("with", "template.unknown_value", value=key, meant=closest(key, tables()))
    used = template.with_tables(more)
    columns = node.child("columns", optional=True)
    for table in columns.data:
        names = columns.texts(table)
        for name in names:
            if name not in fields(table):
                meant = closest(name, fields(table))
                raise columns.fail(table, "template.unknown_value", value=name, meant=meant)
        used = used.with_columns(table, names)
    return used, node.text("shop_kind", "")


def goods(story: Story) -> dict[str, Good]:
    """Every kind of goods, by key."""
    return {key: _good(key, Story(node, story.lang)) for key, node in story.node.children("goods")}


def _good(key: str, story: Story) -> Good:
    node = story.node
    good = Good(
        key=key,
        name=node.labels()[story.lang],
        category=story.label("category", "category"),
        band=node.text("band"),
        big=node.flag("big"),
        weight=node.number("weight"),
        peak=tuple(node.get("peak", list, [])),
        price=story.price(),
        models=tuple(story.pairs("models")),
        trouble=node.labels("trouble")[story.lang],
    )
    node.done()
    return good


def roles(story: Story) -> dict[str, Role]:
    """Every kind of customer, by key."""
    return {key: _role(key, Story(node, story.lang)) for key, node in story.node.children("roles")}


def _role(key: str, story: Story) -> Role:
    node = story.node
    role = Role(
        key=key,
        count=node.whole("count"),
        visits=story.span("visits"),
        last=story.span("last", [0, 0]),
        gap=story.span("gap", [30, 90]),
        haggle=story.span("haggle", [0.0, 0.1]),
        pieces=node.number("pieces", 0),
        band=node.text("band", ""),
        goods=node.texts("goods", []),
        rating=story.label("rating", "rating"),
    )
    node.done()
    return role
