"""``sheetkit strip``, and the flags and questions about signed and locked workbooks, as a person has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main, permits
from sheetkit.messages import LANGS
from sheetkit.opc.encryption import Unlocked, unlocked
from tests.opc.books import edited, parts, patched
from tests.tools import make_book

PLAIN = make_book(
    "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |\n| 3月5号 | 小王 | 10 |"
)
LOCK = '<workbookProtection lockStructure="1"/>'
LOCKED = edited(PLAIN, "xl/workbook.xml", "<workbookProtection */>", LOCK)
SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
SIGNED = edited(
    patched(PLAIN, {"_xmlsignatures/origin.sigs": b""}),
    "_rels/.rels",
    "</Relationships>",
    f'<Relationship Id="sig" Type="{SIGNATURE}" Target="_xmlsignatures/origin.sigs"/></Relationships>',
)
BOTH = patched(SIGNED, {"xl/workbook.xml": parts(LOCKED)["xl/workbook.xml"]})
ALLOWED = ("--allow-signed", "--allow-locked")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, on a machine that speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def call(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def annotated(data: bytes = PLAIN, name: str = "店.xlsx") -> str:
    """The name of the annotated workbook."""
    Path(name).write_bytes(data)
    result = call("analyze", name, "--as-of", "2026-03-15", *ALLOWED)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def listing() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


def test_the_workbook_stands_beside_the_annotated_one() -> None:
    book = annotated()
    before = Path(book).read_bytes()
    result = call("strip", book)
    assert (result.exit_code, result.stdout) == (0, "店-还原.xlsx\n")
    assert "分析总览、客户分群、行动方案、需求分析、数据检查" in result.stderr
    assert "逐字节" in result.stderr
    assert parts(Path("店-还原.xlsx").read_bytes()) == parts(PLAIN)
    assert Path(book).read_bytes() == before
    assert Path("店.xlsx").read_bytes() == PLAIN


def test_the_one_that_was_there_is_kept_and_the_input_never_replaced() -> None:
    book = annotated()
    assert call("strip", book).exit_code == 0
    assert call("strip", book).stdout == "店-还原.xlsx\n"
    assert (
        [name for name in listing() if name.startswith("备份/")]
        == [name for name in listing() if re.fullmatch(r"备份/店-还原-\d{8}\.xlsx", name)]
        != []
    )
    Path(book).rename("店-还原.xlsx")
    assert call("strip", "店-还原.xlsx").stdout == "店-还原-2.xlsx\n"


def test_a_named_output() -> None:
    book = annotated()
    assert call("strip", book, "-o", "out.xlsx").stdout == "out.xlsx\n"
    assert parts(Path("out.xlsx").read_bytes()) == parts(PLAIN)
    assert call("strip", book, "-o", "out.xlsx").exit_code == 2
    assert call("strip", book, "-o", "out.xlsx", "--force").exit_code == 0
    assert call("strip", book, "-o", book, "--force").exit_code == 2
    assert call("strip", book, "-o", "out.csv").exit_code == 2


def test_a_macro_workbook_stays_one() -> None:
    book = annotated(name="店.xlsm")
    assert call("strip", book).stdout == "店-还原.xlsm\n"


@pytest.mark.parametrize("lang", LANGS)
def test_what_cannot_be_stripped_is_said_in_one_sentence(lang: str) -> None:
    Path("店.xlsx").write_bytes(PLAIN)
    Path("店.csv").write_text("a,b\n1,2\n", "utf-8")
    for name, code in (("店.xlsx", 5), ("店.csv", 3), ("没有.xlsx", 2)):
        result = call("strip", name, "--lang", lang)
        assert (result.exit_code, result.stdout) == (code, "")
        (line,) = result.stderr.splitlines()
        assert bool(re.search("[\u4e00-\u9fff]", line.replace(name, ""))) == (lang == "zh")
    assert listing() == ["店.csv", "店.xlsx"]


def test_a_workbook_behind_a_password_comes_back_behind_it() -> None:
    word = "小店 2026"
    Path("店.xlsx").write_bytes(Unlocked(b"", word).sealed(PLAIN))
    assert call("analyze", "店.xlsx", "--password-stdin", typed=word).exit_code == 0
    assert call("strip", "店-分析.xlsx").exit_code == 3
    result = call("strip", "店-分析.xlsx", "--password-stdin", typed=word)
    assert (result.exit_code, result.stdout) == (0, "店-还原.xlsx\n"), result.output
    opened = unlocked(Path("店-还原.xlsx").read_bytes(), [word])
    assert opened.password == word
    assert parts(opened.data) == parts(PLAIN)


# Signed and locked


@pytest.mark.parametrize(("data", "flags"), [
    (SIGNED, ["--allow-signed"]),
    (LOCKED, ["--allow-locked"]),
    (BOTH, ["--allow-signed", "--allow-locked"]),
], ids=["signed", "locked", "both"])  # fmt: skip
@pytest.mark.parametrize("verb", ["analyze", "strip"])
def test_it_is_refused_with_the_flag_that_would_allow_it(verb: str, data: bytes, flags: list[str]) -> None:
    book = annotated(data)
    before = listing()
    for number, missing in enumerate(flags):
        result = call(verb, book, *flags[:number])
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.startswith(f"{book}: ")
        assert missing in result.stderr
        assert listing() == before
    result = call(verb, book, *flags)
    assert result.exit_code == 0, result.output
    if verb == "strip":
        assert parts(Path(result.stdout.strip()).read_bytes()) == parts(data), "the signature fits again"


@pytest.mark.parametrize("verb", ["analyze", "strip"])
def test_at_a_terminal_it_asks(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    book = annotated(BOTH)
    before = listing()
    monkeypatch.setattr(permits, "_somebody_is_there", lambda: True)
    for answers in ("", "n\n", "y\nn\n"):
        result = call(verb, book, typed=answers)
        assert result.exit_code == (3 if answers else 130), result.output
        assert listing() == before
    result = call(verb, book, typed="y\ny\n")
    assert result.exit_code == 0, result.output
    assert result.stderr.count("[y/N]") == 2
    assert result.stdout.count("\n") == 1, "questions are no results"
    assert call(verb, book, "--allow-signed", typed="y\n").stderr.count("[y/N]") == 1


def test_nobody_is_asked_away_from_a_terminal() -> None:
    Path("店.xlsx").write_bytes(LOCKED)
    result = call("analyze", "店.xlsx", typed="y\n")
    assert result.exit_code == 3
    assert "[y/N]" not in result.stderr
