"""Reading one TOML file so that a mistake in it is answered with file, key and what was meant."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS
from sheetkit.model.labels import Labels
from sheetkit.model.overlay import Own, Placed, in_force, merged


def templates_folder() -> Traversable:
    """The folder of shipped TOML files."""
    return resources.files("sheetkit.templates")


def closest(word: str, known: Iterable[str]) -> str:
    """The known word nearest to ``word``, or all of them where none is near."""
    names = [str(name) for name in known]
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return near[0] if near else ", ".join(names[:12])


@dataclass(frozen=True)
class Node:
    """A table of a TOML file that knows where it stands: every reader names its keys through it.

    Raises TemplateError, naming file and key, for a missing key, a wrong type or an unknown key.
    """

    file: str
    path: str
    data: Mapping[str, Any]
    _used: set[str] = field(default_factory=set, compare=False)

    def fail(self, key: str, name: str, **params: object) -> TemplateError:
        """A TemplateError about ``key`` of this table."""
        return TemplateError(name, file=self.file, where=self.at(key), **params)

    def at(self, key: str) -> str:
        """The key with its path."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def get(self, key: str, kind: type[Any] | tuple[type[Any], ...], default: Any = ...) -> Any:
        """The value of ``key``, of type ``kind``."""
        self._used.add(key)
        if key not in self.data:
            if default is ...:
                raise self.fail(key, "template.missing")
            return default
        value = self.data[key]
        if not isinstance(value, kind) or (
            isinstance(value, bool) and kind is not bool and bool not in _kinds(kind)
        ):
            expected = "/".join(one.__name__ for one in _kinds(kind))
            shown = "{…}" if isinstance(value, dict) else value
            raise self.fail(key, "template.type", value=shown, expected=expected)
        return value

    def text(self, key: str, default: Any = ...) -> str:
        """A text."""
        return str(self.get(key, str, default))

    def texts(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """A list of texts."""
        values = self.get(key, list, default)
        for value in values:
            if not isinstance(value, str):
                raise self.fail(key, "template.type", value=value, expected="str")
        return tuple(values)

    def number(self, key: str, default: Any = ...) -> float:
        """A number."""
        return float(self.get(key, (int, float), default))

    def whole(self, key: str, default: Any = ...) -> int:
        """A whole number."""
        return int(self.get(key, int, default))

    def flag(self, key: str, default: bool = False) -> bool:
        """A truth."""
        return bool(self.get(key, bool, default))

    def child(self, key: str, optional: bool = False) -> Node:
        """A sub-table; an empty one where it is optional and missing."""
        return self._inner(self.at(key), self.get(key, dict, {} if optional else ...))

    def _inner(self, path: str, data: Mapping[str, Any]) -> Node:
        """A table within this one; one of the seller's own file among shipped ones knows its own place."""
        return Node(data.file, data.path, data) if isinstance(data, Placed) else Node(self.file, path, data)

    def children(self, key: str | None = None) -> list[tuple[str, Node]]:
        """Each sub-table of ``key`` (or of this table), by name, in the file's order."""
        owner = self if key is None else self.child(key, optional=True)
        return [(name, owner.child(name)) for name in owner.data]

    def items(self, key: str) -> list[Node]:
        """Each table of an array of tables."""
        rows = self.get(key, list, [])
        for row in rows:
            if not isinstance(row, dict):
                raise self.fail(key, "template.type", value=row, expected=f"[[{key}]]")
        return [self._inner(f"{self.at(key)}[{at}]", row) for at, row in enumerate(rows, 1)]

    def labels(self, key: str | None = None, optional: bool = False) -> Labels:
        """``zh`` and ``en`` of this table or of its sub-table ``key``."""
        owner = self if key is None else self.child(key, optional)
        if optional and not owner.data:
            return Labels("", "")
        return Labels(*(owner.text(lang) for lang in LANGS))

    def only(self, data: Mapping[str, Any]) -> Node:
        """This table with some of its keys."""
        return Node(self.file, self.path, data)

    def done(self) -> None:
        """Raises TemplateError for a key nobody asked for, with the one that was meant."""
        for key in self.data:
            if key not in self._used:
                raise self.fail(key, "template.unknown_key", meant=closest(key, sorted(self._used)))


def _kinds(kind: type[Any] | tuple[type[Any], ...]) -> tuple[type[Any], ...]:
    return kind if isinstance(kind, tuple) else (kind,)


def read(name: str) -> Node:
    """A shipped TOML file by its name below ``templates/``."""
    file = templates_folder()
    for part in name.split("/"):
        file = file / part
    return parse_toml(name, file.read_text("utf-8"))


def names_in(folder: str) -> tuple[str, ...]:
    """The shipped TOML files of a folder of ``templates/``, without their ending; ``common`` comes first."""
    entries = (templates_folder() / folder).iterdir()
    names = [one.name.removesuffix(".toml") for one in entries if one.name.endswith(".toml")]
    return tuple(sorted(names, key=lambda name: (name != "common", name)))


def read_folder(folder: str) -> list[Node]:
    """Every shipped TOML file of a folder: a subject may have a file of its own."""
    return [read(f"{folder}/{name}.toml") for name in names_in(folder)]


def entries_of(folder: str, section: str) -> dict[str, Node]:
    """The entries of every file of a folder, and those of that section of the template in force."""
    return with_own(gathered(read_folder(folder)), section)


def with_own(shipped: dict[str, Node], section: str) -> dict[str, Node]:
    """Shipped tables with what the template in force changes of them and adds to them."""
    own = in_force()
    if own is None or not own.section(section):
        return shipped
    found = dict(shipped)
    for name, child in own_node(own).children(section):
        base = shipped.get(name)
        data = child.data if base is None else merged(base.data, child.data, own.file, child.path)
        found[name] = Node(own.file, child.path, data)
    return found


def own_node(own: Own) -> Node:
    """The seller's own file as a table."""
    return Node(own.file, "", own.data)


def gathered(nodes: Iterable[Node], key: str | None = None) -> dict[str, Node]:
    """The sub-tables of ``key`` (or of the whole) of several files; a name stands in one file only."""
    found: dict[str, Node] = {}
    for node in nodes:
        for name, child in node.children(key):
            if name in found:
                raise child.fail("", "template.repeated", value=name)
            found[name] = child
    return found


def read_path(path: Path) -> Node:
    """A TOML file by its path; Notepad begins UTF-8 with a mark."""
    return parse_toml(path.name, path.read_text("utf-8-sig"))


def parse_toml(name: str, content: str) -> Node:
    """The table that a TOML text is; ``name`` is its file's, for messages."""
    try:
        return Node(name, "", tomllib.loads(content))
    except (ValueError, RecursionError) as problem:
        raise TemplateError("template.syntax", file=name, where="", problem=str(problem)) from problem
