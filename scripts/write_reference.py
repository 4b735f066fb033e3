"""Writes docs/reference.md and docs/reference.zh.md from the rulebook itself.

    python scripts/write_reference.py

A test compares the two files with what this writes, so that they say what the program does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.fields import tables
from sheetkit.model.lists import lists
from sheetkit.model.source import gathered, read_folder
from sheetkit.rules.rulebook import Dimension, Unit, rulebook

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILES: dict[Lang, str] = {"en": "reference.md", "zh": "reference.zh.md"}
METRICS, DIMENSIONS = "rules/metrics", "rules/dimensions"

ABOUT: dict[str, dict[Lang, str]] = {
    "title": {
        "zh": """这一页由 `scripts/write_reference.py` 从 `templates/` 写出,不要手改;
怎么改规则,见 [rules.zh.md](rules.zh.md)。

金额在规则里以分为单位,占比是 0 到 1 的小数。""",
        "en": """Written by `scripts/write_reference.py` from `templates/`; do not edit it by hand.
How to change a rule: [rules.md](rules.md).

In rules money is in cents, and a share is a number from 0 to 1.""",
    },
    "thresholds": {
        "zh": """每个门槛是「参数设置」页上的一行。默认值跟着店铺类型走;

您在「我的设定」里写的值,在允许范围内就用您的。""",
        "en": """Each is a row of the settings sheet. The default follows the kind of shop; a value you
type as your own wins where it lies within the range.""",
    },
    "classes": {
        "zh": """从上往下,第一个符合的就是;最后一类收下其余的人,所以人人都有、且只有一类。""",
        "en": """Tried from top to bottom, the first that fits is the customer's; the last takes everyone
left, so that everyone has exactly one. Rank says how welcome a class is: the next step is one upward.""",
    },
    "facts": {
        "zh": "由一行里填的内容算出;真为 1,假为 0。",
        "en": "Computed from what one row holds; a truth counts 1 or 0.",
    },
    "meanings": {
        "zh": "下拉选项的文字随您改,含义是固定的:规则里写的是含义。",
        "en": "The labels of a dropdown may be changed; their meanings are fixed, and rules name meanings.",
    },
}

WORDS: dict[str, tuple[str, str]] = {
    "title": ("规则一览", "The rulebook in tables"),
    "thresholds": ("门槛", "Thresholds"),
    "classes": ("分类", "Classes"),
    "facts": ("每行记录的事实", "Facts of a row"),
    "metrics": ("指标(每位客户)", "Metrics of a customer"),
    "figures": ("全店的数", "Figures of the shop"),
    "goals": ("目标", "Goals"),
    "meanings": ("含义", "Meanings"),
    "key": ("键", "Key"),
    "label": ("名称", "Label"),
    "unit": ("单位", "Unit"),
    "range": ("范围", "Range"),
    "def": ("定义", "Definition"),
    "class": ("分类", "Class"),
    "when": ("条件", "Condition"),
    "rank": ("高低", "Rank"),
    "else": ("(其余的人)", "(everyone left)"),
    "table": ("表", "Sheet"),
    "list": ("列表", "List"),
    "meaning": ("含义", "Meaning"),
    "says": ("是什么意思", "What it says"),
    "help": ("说明", "What it does"),
}


def word(key: str, lang: Lang) -> str:
    """A word of this page."""
    return WORDS[key][LANGS.index(lang)]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table and the blank line after it."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def code(rule: str) -> str:
    """A rule as code."""
    return f"`{rule}`"


def shown(value: float, unit: Unit) -> str:
    """A limit as the settings sheet shows it."""
    return f"{value:.0%}" if unit == "percent" else f"{value:g}"


def unit(key: Unit, lang: Lang) -> str:
    """A unit in words."""
    return text(f"workbook.unit.{key}", lang)


def thresholds(lang: Lang) -> Iterator[str]:
    """Every limit with its default for each kind of shop."""
    kinds = lists()["shop_kind"].meanings
    heads = [word("key", lang), word("label", lang), word("unit", lang), word("range", lang)]
    yield from table(
        [*heads, *(one.labels[lang] for one in kinds.values())],
        (
            [
                code(key),
                one.labels[lang],
                unit(one.unit, lang),
                f"{shown(one.low, one.unit)}–{shown(one.high, one.unit)}",
                *(shown(one.preset(kind), one.unit) for kind in kinds),
            ]
            for key, one in rulebook().thresholds.items()
        ),
    )


def classes(key: str, dimension: Dimension, lang: Lang) -> Iterator[str]:
    """One dimension's classes with their conditions."""
    items = gathered(read_folder(DIMENSIONS))[key].items("classes")
    source = {node.text("key"): node.text("when", "") for node in items}
    yield f"### {dimension.labels[lang]} (`{key}`)"
    yield ""
    yield from table(
        [word("class", lang), word("key", lang), word("rank", lang), word("when", lang)],
        (
            [
                one.labels[lang],
                code(one.key),
                str(one.rank),
                code(source[one.key]) if source[one.key] else word("else", lang),
            ]
            for one in dimension.classes
        ),
    )


def facts(lang: Lang) -> Iterator[str]:
    """What is computed from one row of trades or contacts."""
    rows = [
        [tables()[name].labels[lang], code(key), code(value)]
        for node in read_folder(METRICS)
        for name, child in node.children("tables")
        for key, value in child.child("facts", optional=True).data.items()
    ]
    yield from table([word("table", lang), word("key", lang), word("def", lang)], rows)


def measures(section: str, lang: Lang) -> Iterator[str]:
    """Metrics or figures with their definitions."""
    nodes = gathered(read_folder(METRICS), section)
    book = rulebook()
    found = {**book.metrics, **book.figures}
    yield from table(
        [word("key", lang), word("label", lang), word("unit", lang), word("def", lang)],
        (
            [code(key), found[key].labels[lang], unit(found[key].unit, lang), code(node.text("def"))]
            for key, node in nodes.items()
        ),
    )


def meanings(lang: Lang) -> Iterator[str]:
    """The fixed meanings behind the dropdowns."""
    yield from table(
        [word("list", lang), word("meaning", lang), word("says", lang)],
        (
            [one.labels[lang], code(meaning.key), meaning.labels[lang]]
            for one in lists().values()
            for meaning in one.meanings.values()
        ),
    )


def goals(lang: Lang) -> Iterator[str]:
    """What the seller may aim at."""
    yield from table(
        [word("key", lang), word("label", lang), word("unit", lang), word("help", lang)],
        (
            [code(key), one.labels[lang], unit(one.unit, lang), one.help[lang]]
            for key, one in rulebook().goals.items()
        ),
    )


def reference(lang: Lang) -> str:
    """The whole page."""
    lines = [f"# {word('title', lang)}", "", ABOUT["title"][lang], ""]
    for section, body in (
        ("thresholds", thresholds(lang)),
        ("classes", (line for key, one in rulebook().dimensions.items() for line in classes(key, one, lang))),
        ("metrics", measures("metrics", lang)),
        ("figures", measures("figures", lang)),
        ("facts", facts(lang)),
        ("meanings", meanings(lang)),
        ("goals", goals(lang)),
    ):
        lines += [f"## {word(section, lang)}", ""]
        if section in ABOUT:
            lines += [ABOUT[section][lang], ""]
        lines += body
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    for one, name in FILES.items():
        (DOCS / name).write_text(reference(one), "utf-8")
        print(DOCS / name)
