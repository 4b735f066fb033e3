"""What the documents say is true: commands run and say what is shown, links and named files exist."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheetkit.errors import TemplateError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model import source
from sheetkit.model.fields import fields, tables
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.pipeline.outcome import SCHEMA
from sheetkit.rules.rulebook import Rulebook, rulebook
from tests.langs import ENGLISH_IN_PROOF

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
READMES: dict[Lang, Path] = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}
RULES: dict[Lang, Path] = {"en": ROOT / "docs/rules.md", "zh": ROOT / "docs/rules.zh.md"}
LOCALES: dict[Lang, str] = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
REPOSITORY_PATH = re.compile(
    r"(?:docs|sample_data|scripts|sheetkit|templates|tests|benchmarks)/[\w./-]*\w|Makefile|[A-Z]{4,}\.md"
)

over_languages = pytest.mark.parametrize("lang", LANGS)
over_docs = pytest.mark.parametrize("path", DOCS, ids=[path.relative_to(ROOT).as_posix() for path in DOCS])


def fences(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(what follows the three ticks, lines) of every fenced block."""
    for kind, body in re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text("utf-8"), re.S | re.M):
        yield kind, body.splitlines()


def commands(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(a command, the lines shown below it) of every fenced block, in order.

    A command begins with ``$ `` or is a bare ``sheetkit …``; a quotation mark left open goes on below.
    """
    for _, lines in fences(path):
        found: list[tuple[str, list[str]]] = []
        for line in lines:
            if found and found[-1][0].count('"') % 2:
                found[-1] = (f"{found[-1][0]}\n{line}", [])
            elif re.match(r"\$ |sheetkit\b", line):
                found.append((line.removeprefix("$ "), []))
            elif found and line.strip():
                found[-1][1].append(line)
        yield from found


def run(command: str, folder: Path, lang: Lang) -> subprocess.CompletedProcess[str]:
    """A command as typed in a shell, the environment's own ``sheetkit`` first, without a network."""
    settings = {"LANG": LOCALES[lang], "LC_ALL": "", "LC_MESSAGES": "", "NO_COLOR": "1"}
    settings |= {"PYTHONUTF8": "1", "PYTHONPATH": str(folder / "walls")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=os.environ | settings | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def missing_lines(shown: list[str], said: str) -> list[str]:
    """Which shown lines were not said, in that order; ``…`` stands for lines left out or a line's end."""
    missing, left = [], said.splitlines()
    for line in shown:
        if line.strip() == "…":
            continue
        wanted = line.rstrip().removesuffix("…")
        found = next((at for at, one in enumerate(left) if one.startswith(wanted)), None)
        if found is None:
            missing.append(line)
        else:
            left = left[found + 1 :]
    return missing


NO_NETWORK = """
import sys

def refuse(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        raise SystemExit(f"a command of the README opened a connection: {event} {args}")

sys.addaudithook(refuse)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder to play in, in which Python refuses connections."""
    (tmp_path / "walls").mkdir()
    (tmp_path / "walls" / "sitecustomize.py").write_text(NO_NETWORK, "utf-8")
    return tmp_path


def test_the_walls_hold(place: Path) -> None:
    call = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = run(f'python -c "{call}"', place, "en")
    assert "opened a connection" in done.stdout
    assert done.returncode != 0


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_readme_can_be_played_through(lang: Lang, place: Path) -> None:
    played = list(commands(READMES[lang]))
    assert {"new", "check", "analyze"} <= {command.split()[1] for command, _ in played}
    for command, shown in played:
        done = run(command, place, lang)
        assert done.returncode == 0, f"{command}: {done.stdout}"
        assert not missing_lines(shown, done.stdout), f"{command} said:\n{done.stdout}"


def test_both_readmes_show_the_same_commands() -> None:
    words = {lang: [one.split()[1] for one, _ in commands(path)] for lang, path in READMES.items()}
    assert words["en"] == words["zh"]


def test_a_line_that_is_not_said_is_found() -> None:
    assert missing_lines(["a", "…", "long …", "c"], "a\nx\nlong line\nd") == ["c"]
    assert missing_lines(["b", "a"], "a\nb") == ["a"]


@over_docs
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"", path.read_text("utf-8")):
        link = next(filter(None, target))
        if not re.match(r"https?:", link):
            place, _, heading = link.partition("#")
            file = path.parent / place if place else path
            assert file.exists(), f"{path.name} points at {link}"
            if heading:
                assert heading in headings(file), f"{path.name} points at {link}"


def headings(path: Path) -> set[str]:
    """The anchors a Markdown reader gives the headings."""
    found = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@over_docs
def test_named_files_exist(path: Path) -> None:
    for named in re.findall(r"`([^`\n]+)`", path.read_text("utf-8")):
        if REPOSITORY_PATH.fullmatch(named) and named != SCHEMA:
            assert (ROOT / named).exists(), f"{path.name} names {named}"


def test_every_document_has_its_twin() -> None:
    names = {path.name for path in DOCS}
    for name in names:
        if name.endswith(".zh.md"):
            assert name.replace(".zh.md", ".md") in names


@over_languages
def test_the_page_of_platforms_is_up_to_date(lang: Lang) -> None:
    script = runpy.run_path(str(ROOT / "scripts/write_platforms.py"))
    written = (ROOT / "docs" / script["FILES"][lang]).read_text("utf-8")
    assert script["page"](lang) == written, "run: python scripts/write_platforms.py"


@over_languages
def test_the_reference_is_up_to_date(lang: Lang) -> None:
    script = runpy.run_path(str(ROOT / "scripts/write_reference.py"))
    written = (ROOT / "docs" / script["FILES"][lang]).read_text("utf-8")
    assert script["reference"](lang) == written, "run: python scripts/write_reference.py"


# The rulebook's own page


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of ``templates/`` that is read instead of the real one."""
    folder = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", folder)
    monkeypatch.setattr(source, "templates_folder", lambda: folder)
    return folder


def read_rules() -> Rulebook:
    """The rulebook read anew."""
    return rulebook.__wrapped__()


def mistakes(lang: Lang) -> list[tuple[str, str, str]]:
    """(as it is, as mistyped, the answer) of the page's table."""
    found = re.findall(r"^\| `(.+)` → `(.+)` \| (.+) \|$", RULES[lang].read_text("utf-8"), re.M)
    return [(old, new, said) for old, new, said in found]


@pytest.mark.parametrize(
    ("lang", "old", "new", "said"), [(lang, *one) for lang in LANGS for one in mistakes(lang)]
)
def test_a_mistake_is_answered_as_the_page_says(
    lang: Lang, old: str, new: str, said: str, templates: Path
) -> None:
    (name,) = re.findall(r"rules/[\w/]+\.toml", said)
    file = templates / name
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), "utf-8")
    with pytest.raises(TemplateError) as caught:
        read_rules()
    assert text(caught.value.key, lang, **caught.value.params) == said


def test_the_page_shows_mistakes_of_many_kinds() -> None:
    assert len(mistakes("en")) == len(mistakes("zh")) >= 6


@over_languages
def test_the_worked_example_works(lang: Lang, templates: Path) -> None:
    limit, metric, new_class = ("\n".join(lines) for kind, lines in fences(RULES[lang]) if kind == "toml")
    rules = templates / "rules"
    with (rules / "thresholds/common.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{limit}\n")
    add_before(rules / "metrics/common.toml", "[metrics.r_score]", metric)
    add_before(rules / "dimensions/common.toml", '[[customer_class.classes]]\nkey = "loyal"', new_class)
    book = read_rules()
    assert book.metrics["praises_365"].say[lang]
    assert book.thresholds["advocate_praises"].preset("art") == 1
    assert [one.key for one in book.dimensions["customer_class"].classes][1] == "advocate"


def add_before(file: Path, place: str, added: str) -> None:
    """Put a block in front of a place of a file."""
    before = file.read_text("utf-8")
    assert place in before
    file.write_text(before.replace(place, f"{added}\n\n{place}", 1), "utf-8")


def test_every_limit_has_its_reason() -> None:
    said = (ROOT / "docs/domain-numbers.md").read_text("utf-8")
    rows = [line for line in said.splitlines() if line.startswith("| `")]
    explained = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert explained == set(rulebook().thresholds)


@pytest.mark.parametrize("name", ["docs/coverage.md", "docs/coverage.zh.md"])
def test_what_the_articles_ask_for_is_there(name: str) -> None:
    rows = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line.startswith("| ")]
    rows = [row for row in rows if "`" in row]
    assert len(rows) > 40
    columns = {pair for row in rows for pair in re.findall(r"`(\w+)\.(\w+)`", row)}
    assert {pair for pair in columns if pair[1] not in fields(pair[0])} == set()
    book = rulebook()
    known = {*book.metrics, *book.dimensions, *book.thresholds, *book.goals}
    keys = {key for row in rows for key in re.findall(r"`([a-z]+(?:_[a-z0-9]+)*)`", row)}
    assert keys - known - {*tables()} == set()
    sheets = {name for row in rows for name in re.findall(r"(?:added sheet|加的页) ([\u4e00-\u9fff]+)", row)}
    assert sheets <= {labels.zh for labels in ADDED_SHEETS.values()}
    assert all((ROOT / one).exists() for row in rows for one in re.findall(r"`(tests/[\w/]+\.py)`", row))
