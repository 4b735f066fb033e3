"""The lists behind dropdowns: editable labels, each with a fixed meaning that formulas and queries read."""

from __future__ import annotations

from dataclasses import dataclass

from sheetkit.model.labels import Labels, fold
from sheetkit.model.overlay import cached
from sheetkit.model.source import Node, entries_of


@dataclass(frozen=True)
class Meaning:
    """What a label stands for; ``code`` is its number in helper sheet and query (1, 2, …; 0 = blank)."""

    key: str
    code: int
    labels: Labels


@dataclass(frozen=True)
class Entry:
    """One choice of a list: its label, its meaning's key ("" where the list has no meanings)."""

    labels: Labels
    meaning: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class ChoiceList:
    """A dropdown's list. ``blank`` is the meaning of an empty cell ("" = none, code 0)."""

    key: str
    labels: Labels
    entries: tuple[Entry, ...]
    meanings: dict[str, Meaning]
    blank: str

    def code(self, meaning: str) -> int:
        """The number of a meaning's key; 0 for ""."""
        return self.meanings[meaning].code if meaning else 0

    @property
    def blank_code(self) -> int:
        """The code of an empty cell."""
        return self.code(self.blank)

    def label_codes(self) -> dict[str, int]:
        """{folded label or synonym, any language: code} of the shipped entries."""
        return {
            fold(label): self.code(entry.meaning)
            for entry in self.entries
            for label in (*entry.labels.all(), *entry.synonyms)
        }


def _read_list(key: str, node: Node) -> ChoiceList:
    meanings = {
        name: Meaning(name, at + 1, child.labels())
        for at, (name, child) in enumerate(node.children("meanings"))
    }
    entries = []
    for item in node.items("entries"):
        meaning = item.text("meaning", "")
        if meanings and meaning not in meanings:
            raise item.fail("meaning", "template.unknown_value", value=meaning, meant=", ".join(meanings))
        entries.append(Entry(item.labels(), meaning, item.texts("synonyms", [])))
        item.done()
    blank = node.text("blank", "")
    if blank and blank not in meanings:
        raise node.fail("blank", "template.unknown_value", value=blank, meant=", ".join(meanings))
    result = ChoiceList(key, node.labels(), tuple(entries), meanings, blank)
    node.done()
    return result


@cached
def lists() -> dict[str, ChoiceList]:
    """Every list of ``templates/lists``, and of the template in force."""
    return {key: _read_list(key, node) for key, node in entries_of("lists", "lists").items()}
