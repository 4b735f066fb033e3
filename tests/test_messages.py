"""Every sentence exists in both languages with the same gaps, and the code asks for none that is missing."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sheetkit import errors
from sheetkit.messages import LANGS, catalog

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "sheetkit").rglob("*.py"))

ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.SheetkitError)
}
# What `Finding.sentence` fills in by itself.
FINDING_FILLS = {"sheet", "suggestion", "value"}
FILE_ENDINGS = {"csv", "html", "j2", "json", "sql", "toml", "xlsx", "xml"}


class Use(NamedTuple):
    """A sentence asked for: its key, the line, and the gaps the call fills (None: the text does not tell)."""

    key: str
    line: int
    fills: set[str] | None


def gaps(sentence: str) -> set[str]:
    """The names a sentence leaves open: ``{file}``, ``{value!r}`` and ``{share:.0%}`` alike."""
    return {
        name.split(".")[0].split("[")[0]
        for _, name, _, _ in string.Formatter().parse(sentence)
        if name is not None
    }


def uses(source: str, namespaces: set[str]) -> Iterator[Use]:
    """Every sentence the source asks for by a literal.

    In calls of an error class, ``text(…)`` and ``Finding(…)``; and besides, wherever a literal looks like a
    key, since keys travel through variables and helpers.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in ERRORS:
                prefix, fills = "", _keywords(node)
            case ast.Name(id="text") | ast.Attribute(value=ast.Name(id="messages"), attr="text"):
                prefix, fills = "", _keywords(node)
            case ast.Name(id="Finding") | ast.Attribute(attr="Finding"):
                prefix, fills = "finding.", _finding_params(node)
            case _:
                continue
        given = [*node.args[:1], *(word.value for word in node.keywords if word.arg in {"key", "code"})]
        for literal in _literals(given[0] if given else None):
            yield Use(prefix + literal.value, literal.lineno, fills)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_key(node.value, namespaces):
            yield Use(node.value, node.lineno, None)


def _literals(node: ast.expr | None) -> Iterator[ast.Constant]:
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.IfExp():
            yield from _literals(node.body)
            yield from _literals(node.orelse)


def _keywords(call: ast.Call) -> set[str] | None:
    names = [word.arg for word in call.keywords]
    return None if None in names else set(filter(None, names))


def _finding_params(call: ast.Call) -> set[str] | None:
    if any(word.arg is None for word in call.keywords) or len(call.args) > 6:
        return None
    for word in call.keywords:
        if word.arg == "params":
            keys = word.value.keys if isinstance(word.value, ast.Dict) else [None]
            if not all(isinstance(key, ast.Constant) for key in keys):
                return None
            return FINDING_FILLS | {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return FINDING_FILLS


def _is_key(value: str, namespaces: set[str]) -> bool:
    first, *rest = value.split(".")
    return (
        first in namespaces
        and bool(rest)
        and all(part.isidentifier() and part == part.lower() for part in rest)
        and rest[-1] not in FILE_ENDINGS
    )


def wrong_uses(source: str, sentences: dict[str, dict[str, str]]) -> list[str]:
    """What is wrong with the sentences the source asks for."""
    wrong = set()
    for use in uses(source, {key.split(".")[0] for key in sentences}):
        if use.key not in sentences:
            wrong.add(f"{use.line}: no sentence {use.key!r}")
        elif use.fills is not None and (open_gaps := gaps(sentences[use.key]["zh"]) - use.fills):
            wrong.add(f"{use.line}: {use.key!r} is asked for without {sorted(open_gaps)}")
    return sorted(wrong)


@pytest.mark.parametrize("key", sorted(catalog()))
def test_a_sentence_stands_in_both_languages(key: str) -> None:
    sentences = catalog()[key]
    assert set(sentences) == set(LANGS)
    assert all(sentence.strip() for sentence in sentences.values())
    assert gaps(sentences["zh"]) == gaps(sentences["en"])


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(ROOT).as_posix() for path in SOURCES])
def test_every_sentence_asked_for_exists(path: Path) -> None:
    wrong = wrong_uses(path.read_text("utf-8"), catalog())
    assert not wrong, "\n".join(wrong)


SENTENCES = {
    "opc.locked": {"zh": "{file} 打不开"},
    "opc.plain": {"zh": "打不开"},
    "finding.late": {"zh": "{value} 晚了 {days:.0f} 天"},
}
BAD = [
    "UsageError('opc.gone')",
    "raise errors.UnreadableError('opc.gone', file=name)",
    "raise UnreadableError('opc.locked')",
    "raise UnreadableError(key='opc.gone')",
    "raise UnreadableError('opc.plain' if x else 'opc.gone')",
    "text('gone', lang)",
    "messages.text('gone', lang)",
    "text('opc.locked', lang, name=1)",
    "Finding('gone', 'error')",
    "Finding(code='late', severity='error')",
    "Finding('late', 'error', params={'hours': 1})",
    "def kind():\n    return 'opc.gone'",
]
GOOD = [
    "raise UnreadableError('opc.locked', file=name)",
    "raise UnreadableError('opc.locked', **params)",
    "raise UnreadableError(kind(data))",
    "text('opc.plain', lang)",
    "node.text('gone')",
    "Finding('late', 'error', params={'days': 1})",
    "Finding('late', 'error', params=found)",
    "return 'opc.plain'",
    "open('opc.toml')",
    "'opc. A sentence.'",
]


@pytest.mark.parametrize("source", BAD)
def test_a_wrong_use_is_found(source: str) -> None:
    assert len(wrong_uses(source, SENTENCES)) == 1


@pytest.mark.parametrize("source", GOOD)
def test_a_right_use_passes(source: str) -> None:
    assert wrong_uses(source, SENTENCES) == []


def test_gaps_are_names_only() -> None:
    assert gaps("{a} {b!r} {c:.2f} {d.e} {f[0]} {{g}}") == set("abcdf")
