"""Writes docs/platforms.md and docs/platforms.zh.md from the maps in templates/platforms.

    python scripts/write_platforms.py

A test compares the two files with what this writes, so that they say what the program does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sheetkit.messages import Lang
from sheetkit.model.fields import fields
from sheetkit.model.lists import lists
from sheetkit.model.platforms import Condition, Platform, platforms

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILES: dict[Lang, str] = {"en": "platforms.md", "zh": "platforms.zh.md"}

PROSE = tomllib.loads(Path(__file__).with_name("platforms.toml").read_text("utf-8"))


def word(key: str, lang: Lang) -> str:
    """A word of this page."""
    return str(PROSE["words"][key][lang])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table and the blank line after it."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def field_name(key: str, lang: Lang) -> str:
    """A field as the workbook calls it."""
    for known in ("trades", "customers"):
        if key in fields(known):
            return fields(known)[key].labels[lang]
    return word(key, lang)


def buyer(one: Platform, lang: Lang) -> str:
    """Whether customers can be analysed."""
    if one.own_purchases:
        return word("own", lang)
    if one.masked:
        return word("masked", lang)
    return word("yes" if one.identity else "no", lang)


def listed(words: Iterable[str], lang: Lang) -> str:
    """Words side by side, as code."""
    return ("、" if lang == "zh" else ", ").join(f"`{one}`" for one in words)


def about(one: Condition, lang: Lang) -> str:
    """A condition in words."""
    columns = listed(one.columns, lang)
    if one.negative:
        return f"{columns} < 0"
    if one.filled or one.blank:
        return f"{columns} {'≠' if one.filled else '='} `\"\"`"
    return f"{columns} {'≠' if one.unless else '='} {listed(one.unless or one.words, lang)}"


def map_page(one: Platform, lang: Lang) -> Iterator[str]:
    """One map in tables."""
    yield f"### {one.labels[lang]} (`{one.key}`)"
    yield ""
    rows = [
        (field_name(key, lang), listed([" + ".join(name) for part in parts for name in part.names], lang))
        for key, parts in one.columns.items()
    ]
    yield from table([word("field", lang), word("headings", lang)], rows)
    meanings = lists()["trade_state"].meanings
    if one.states:
        states = [(meanings[key].labels[lang], listed(words, lang)) for key, words in one.states.items()]
        yield from table([word("state", lang), word("says", lang)], states)
    if one.number_after:
        yield f"- {word('after', lang)}: {listed(one.number_after, lang)}"
    for each in one.state_where:
        yield f"- {about(each.condition, lang)} → {meanings[each.state].labels[lang]}"
    for reason in one.aside:
        yield f"- {word('aside', lang)}: {about(reason, lang)} — {reason.about[lang]}"
    for back in one.refunds:
        yield f"- {word('refunds', lang)}: {about(back, lang)}"
    yield ""


def page(lang: Lang) -> str:
    """The whole page."""
    lines = [PROSE["head"][lang]["text"].strip(), "", f"## {word('known', lang)}", ""]
    rows = [
        (one.labels[lang], f"`{key}`", buyer(one, lang), one.where[lang]) for key, one in platforms().items()
    ]
    lines += table([word(key, lang) for key in ("file", "key", "buyer", "where")], rows)
    lines += [PROSE["twins"][lang]["text"].strip(), ""]
    lines += [PROSE["own"][lang]["text"].strip(), "", f"## {word('keys', lang)}", ""]
    states = listed(lists()["trade_state"].meanings, lang)
    said = [(one["key"], one[lang].replace("{states}", states)) for one in PROSE["keys"]]
    lines += table([word("key", lang), word("meaning", lang)], said)
    lines += [f"## {word('each', lang)}", ""]
    for one in platforms().values():
        lines += map_page(one, lang)
    text = "\n".join(lines).rstrip() + "\n"
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


if __name__ == "__main__":
    for one, name in FILES.items():
        (DOCS / name).write_text(page(one), "utf-8")
        print(DOCS / name)
