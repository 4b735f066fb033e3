"""Rewriting the names a formula mentions: sheets, tables, defined names.

Texts in double quotes, external books (``[1]Sheet!``) and column names in brackets stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_IDENT = r"[^\W\d][\w.\\?]*"
_TOKEN = re.compile(
    rf"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<quoted>'(?:[^']|'')*'!)
    | (?P<brackets>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
    | (?P<plain>(?<![\w.\\]){_IDENT}(?::{_IDENT})?!)
    | (?P<name>(?<![\w.\\]){_IDENT})
    """,
    re.X,
)
_BARE_SHEET = re.compile(r"[^\W\d]\w*\Z")
_CELL = re.compile(r"([A-Za-z]{1,3})(\d+)\Z")
_LIKE_CELL = re.compile(r"(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]?\d*|[Cc]\d*)\Z")


def quote_sheet(name: str) -> str:
    """A sheet name as it stands before ``!``, in quotes where a bare name would be misread."""
    if _BARE_SHEET.match(name) and not _LIKE_CELL.match(name):
        return name
    return "'" + name.replace("'", "''") + "'"


@dataclass(frozen=True)
class Renames:
    """Old name to new name, by casefolded old name."""

    sheets: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sheets or self.tables or self.names)

    def apply(self, formula: str) -> str:
        """The formula with every mention renamed."""
        if not self:
            return formula
        return _TOKEN.sub(self._replaced, formula)

    def _replaced(self, match: re.Match[str]) -> str:
        token, kind = match.group(), match.lastgroup
        if kind in ("quoted", "plain"):
            external = match.string[: match.start()].endswith("]") or "[" in token
            return token if external else self._sheets(token, quoted=kind == "quoted")
        if kind == "name":
            following = match.string[match.end() : match.end() + 1]
            if following == "[":
                return self.tables.get(token.casefold(), token)
            if following not in ("(", "!"):
                return self._bare_name(token)
        return token

    def _bare_name(self, token: str) -> str:
        key = token.casefold()
        return self.names.get(key) or self.tables.get(key) or token

    def _sheets(self, token: str, *, quoted: bool) -> str:
        text = token[1:-2].replace("''", "'") if quoted else token[:-1]
        parts = text.split(":")
        renamed = [self.sheets.get(part.casefold(), part) for part in parts]
        if renamed == parts:
            return token
        if len(renamed) == 1:
            return quote_sheet(renamed[0]) + "!"
        return "'" + ":".join(renamed).replace("'", "''") + "'!"


def mentioned_names(formula: str) -> set[str]:
    """The casefolded words of a formula that may be tables or defined names."""
    return {
        match.group().casefold()
        for match in _TOKEN.finditer(formula)
        if match.lastgroup == "name" and formula[match.end() : match.end() + 1] not in ("(", "!")
    }


def mentioned_sheets(formula: str) -> set[str]:
    """The casefolded names of this book's sheets that a formula points at."""
    found: set[str] = set()
    for match in _TOKEN.finditer(formula):
        token, kind = match.group(), match.lastgroup
        if kind not in ("quoted", "plain") or "[" in token or formula[: match.start()].endswith("]"):
            continue
        text = token[1:-2].replace("''", "'") if kind == "quoted" else token[:-1]
        found.update(part.casefold() for part in text.split(":"))
    return found


def lower(formula: str, rows: int) -> str:
    """The formula as it is filled down by so many rows: what has no ``$`` before its row moves along."""

    def moved(match: re.Match[str]) -> str:
        token = match.group()
        cell = _CELL.match(token) if match.lastgroup == "name" else None
        if cell is None or formula[match.end() : match.end() + 1] in ("(", "!", "["):
            return token
        return f"{cell[1]}{int(cell[2]) + rows}"

    return _TOKEN.sub(moved, formula)
