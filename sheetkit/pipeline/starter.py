"""The beginning of a template of one's own: a short TOML file, with what there is to change as remarks."""

from __future__ import annotations

from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.model.source import templates_folder

_EXAMPLE = """\
[tables.customers.columns.my_mark]
zh = "我的记号"
en = "My mark"
kind = "list"
list = "my_mark"
after = "nickname"

[lists.my_mark]
zh = "我的记号"
en = "My mark"
[[lists.my_mark.entries]]
zh = "常客"
en = "Regular"
[[lists.my_mark.entries]]
zh = "介绍人"
en = "Brings friends"
"""
_SAID = ("key", "version", "zh", "en", "shop_kind")
"""Keys of a blueprint that the file says itself."""


def starter(name: str, lang: Lang) -> str:
    """A template based on the shipped one ``name``, as text. Raises UsageError for an unknown name."""
    base = blueprint(name)
    head = "\n".join(
        [
            *_remarks(text("template.start.head", lang, name=name)),
            f'key = "my_{name.replace("-", "_")}"',
            f'based_on = "{name}"',
            f'zh = "{base.labels.zh}"',
            f'en = "{base.labels.en}"',
            f'shop_kind = "{base.shop_kind}"',
        ]
    )
    top, sheets = _shipped(name)
    parts = [head]
    if top:
        parts.append("\n".join([*_remarks(text("template.start.top", lang)), *_off(top)]))
    parts.append("\n".join([*_remarks(text("template.start.column", lang)), *_off(_EXAMPLE.splitlines())]))
    parts.append("\n".join([*_remarks(text("template.start.sheets", lang)), *_off(sheets)]))
    return "\n\n".join(parts) + "\n"


def _shipped(name: str) -> tuple[list[str], list[str]]:
    """What the shipped blueprint says before its first table, and its tables."""
    lines = (templates_folder() / "blueprints" / f"{name}.toml").read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("["))
    said = [line for line in lines[:first] if line and not line.startswith("#")]
    return [line for line in said if line.split("=")[0].strip() not in _SAID], lines[first:]


def _remarks(said: str) -> list[str]:
    return [f"# {line}" for line in said.split("\n")]


def _off(lines: list[str]) -> list[str]:
    """Lines switched off by one character, which is easily taken away."""
    return [f"#{line}" if line and not line.startswith("#") else line for line in lines]
