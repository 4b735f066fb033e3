"""Reading a template of one's own, from its file or out of a workbook: nothing of it is believed unseen.

What a workbook carries may have been written by anybody. Keys become names of columns, of formulas and of
queries, so they are held to a narrow alphabet; texts, numbers and amounts are bounded.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from sheetkit.errors import TemplateError
from sheetkit.model.lines import pointing
from sheetkit.model.names import hold_name, hold_word
from sheetkit.model.overlay import Own, merged
from sheetkit.model.source import Node, closest, gathered, names_in, own_node, parse_toml, read, read_folder

LONGEST_TEXT = 200_000
"""Characters a template of one's own may have."""
LONGEST_LINE = 8_000
"""Characters of a line, which a cell of the workbook has to hold."""
MOST_ITEMS = 100
"""Entries of one section, one list, one table."""
_LONGEST_LABEL, _LONGEST_RULE, _LONGEST_WORDS = 60, 500, 600
_LARGEST_NUMBER = 1e12
_DEEPEST = 7

SECTIONS = (
    "tables", "lists", "thresholds", "metrics", "figures", "facts", "dimensions", "plays", "channels",
)  # fmt: skip
"""What it may hold beside the keys of a blueprint; each mirrors a folder of ``templates/``."""
_BLUEPRINT = (
    "key", "version", "zh", "en", "about", "sheets", "dimensions", "shown", "plays", "shop_kind", "steps",
    "explained", "charts", "festivals",
)  # fmt: skip
_AS_A_BLUEPRINT: dict[str, tuple[type, ...]] = {"plays": (str, list), "dimensions": (list,)}
"""Sections whose name a blueprint uses too: there for the name of a file, here for a list of names."""
_BESIDE = ("based_on", "platform", "sort_by")
_RULES = ("def", "when", "each")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_GAP = re.compile(r"\{(\w*)(:[^{}|]*\|[^{}|]*)?\}")
"""What a sentence may leave open: a name, or a word for one and a word for many."""


def own_template(name: str) -> Own | None:
    """The template in the TOML file at path ``name``; None where that is no such path.

    Raises TemplateError, naming file and key, for a mistake in the file.
    """
    if not name.endswith(".toml"):
        return None
    path = Path(name)
    try:
        if path.stat().st_size > 4 * LONGEST_TEXT:
            raise TemplateError("template.too_long", file=path.name, where="", most=LONGEST_TEXT)
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise TemplateError("template.not_utf8", file=path.name, where="") from problem
    except OSError as problem:
        raise TemplateError(
            "template.unreadable", file=str(path), where="", problem=problem.strerror
        ) from problem
    return own_from(text, path.name)


def own_from(text: str, file: str) -> Own:
    """A template of one's own from its text. Raises TemplateError."""
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    plain = "\n".join(lines)
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE or len(plain) > LONGEST_TEXT:
            where = {"zh": f"第 {number} 行", "en": f"line {number}"}
            raise TemplateError("template.too_long", file=file, where=where, most=LONGEST_LINE)
    node = parse_toml(file, plain)
    own = Own(file, plain, node.data)
    with pointing(file, plain):
        _hold(own, node)
    return own


def _hold(own: Own, node: Node) -> None:
    """Raises TemplateError for what no template may hold, whatever it means."""
    _hold_top(node)
    names = _Names(own)
    for key in SECTIONS:
        if key in node.data and not isinstance(node.data[key], _AS_A_BLUEPRINT.get(key, ())):
            _hold_names(key, node.child(key), names)
    _hold_values(node)


def _hold_top(node: Node) -> None:
    known = (*_BLUEPRINT, *_BESIDE, *SECTIONS)
    for key in node.data:
        if key not in known:
            raise node.fail(key, "template.unknown_key", meant=closest(key, known))
    hold_word(node, "key", node.text("key"))
    based_on = node.text("based_on", "")
    shipped = names_in("blueprints")
    if based_on and based_on not in shipped:
        raise node.fail(
            "based_on", "template.unknown_value", value=based_on, meant=closest(based_on, shipped)
        )
    if not isinstance(node.data.get("plays", ""), str):
        for item in node.items("plays"):
            hold_word(item, "key", item.text("key"))


def _hold_names(section: str, node: Node, names: _Names) -> None:
    """The keys of a section, and of what its entries hold."""
    for key, child in node.children():
        if section in ("lists", "channels"):
            hold_word(node, key, key)
        elif section != "facts":
            names.hold(node, key)
        match section:
            case "tables":
                columns = child.child("columns", optional=True)
                for name in columns.data:
                    names.hold(columns, name)
            case "facts":
                for name in child.data:
                    names.hold(child, name)
            case "lists":
                meanings = child.child("meanings", optional=True)
                for name in meanings.data:
                    hold_word(meanings, name, name)
            case "dimensions":
                for item in child.items("classes"):
                    hold_word(item, "key", item.text("key"))


class _Names:
    """What keys may be: those that are shipped, and what makes a good name."""

    def __init__(self, own: Own) -> None:
        shipped = names_in("tables")
        columns = (read(f"tables/{table}.toml").child("columns").data for table in shipped)
        folders = ("rules/thresholds", "rules/dimensions")
        self.tables = {*shipped, *own.section("tables")}
        self.shipped = {*shipped, *(key for some in columns for key in some)}
        self.shipped |= {key for folder in folders for key in gathered(read_folder(folder))}

    def hold(self, node: Node, key: str) -> None:
        if key not in self.shipped:
            hold_name(node, key, key, self.tables)


def _hold_values(node: Node, depth: int = 0) -> None:
    """Texts that can be written and shown, numbers that can be reckoned with, and not too many of either."""
    if len(node.data) > MOST_ITEMS or depth > _DEEPEST:
        raise node.fail("", "template.too_many", most=MOST_ITEMS)
    for key, value in node.data.items():
        if isinstance(value, dict):
            _hold_values(node.child(key), depth + 1)
        elif isinstance(value, list):
            if len(value) > MOST_ITEMS:
                raise node.fail(key, "template.too_many", most=MOST_ITEMS)
            for one in value:
                if not isinstance(one, dict):
                    _hold_value(node, key, one)
            if value and all(isinstance(one, dict) for one in value):
                for item in node.items(key):
                    _hold_values(item, depth + 1)
        else:
            _hold_value(node, key, value)


def _hold_value(node: Node, key: str, value: object) -> None:
    if isinstance(value, str):
        _hold_text(node, key, value)
    elif isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > _LARGEST_NUMBER:
            raise node.fail(key, "template.type", value=value, expected=f"≤ {_LARGEST_NUMBER:g}")
    else:
        raise node.fail(key, "template.type", value=str(value), expected="str/int/float/bool/list")


def _hold_text(node: Node, key: str, value: str) -> None:
    path = node.at(key)
    spoken = path.startswith(("plays", "steps", "about")) or ".help" in path
    rule = key in _RULES or path.startswith("facts.")
    most = _LONGEST_RULE if rule else _LONGEST_WORDS if spoken else _LONGEST_LABEL
    if len(value) > most:
        raise node.fail(key, "template.long_text", count=len(value), most=most)
    if _UNWRITABLE.search(value) or ("\n" in value and not rule and not spoken):
        raise node.fail(key, "template.unwritable")
    if not rule and ("{" in value or "}" in value) and re.search("[{}]", _GAP.sub("", value)):
        raise node.fail(key, "template.bad_gap", value=value)


def blueprint_node(own: Own) -> Node:
    """The blueprint that a template of one's own is: a shipped one with what hers changes, or all her own."""
    said = {key: value for key, value in own.data.items() if key in _BLUEPRINT}
    base = dict(read(f"blueprints/{own.based_on}.toml").data) if own.based_on else {}
    base.setdefault("plays", own.based_on)
    shipped, node = gathered(read_folder("rules/dimensions")), own_node(own)
    new = [key for key in own.section("dimensions") if key not in shipped]
    ways = [*base.get("dimensions", ()), *new]
    if node.has("sort_by") or not own.section("dimensions"):
        ways = list(node.texts("sort_by" if node.has("sort_by") else "dimensions", ways))
    wanted = [key for key, one in node.children("metrics") if one.flag("shown")]
    base |= {"dimensions": ways, "shown": [*base.get("shown", ()), *wanted]}
    for section, kind in (("plays", str), ("dimensions", list)):
        if section in said and not isinstance(said[section], kind):
            del said[section]
    return Node(own.file, "", merged(base, said, own.file, ""))


def added_tables(own: Own | None) -> tuple[str, ...]:
    """The tables that it has beside the shipped ones."""
    return () if own is None else tuple(key for key in own.section("tables") if key not in names_in("tables"))


def described_columns(own: Own | None, table: str) -> tuple[str, ...]:
    """The columns of a table that it says something of; a sheet that lists its columns gets those too."""
    if own is None or table not in own.section("tables"):
        return ()
    return tuple(own_node(own).child("tables").child(table).child("columns", optional=True).data)
