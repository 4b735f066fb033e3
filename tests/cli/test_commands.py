"""Every command as a person calls it: results, messages, exit codes, and what is said when it goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from sheetkit import __version__
from sheetkit.cli import main
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint_names
from sheetkit.pipeline import analyze as pipeline_analyze
from tests.opc.books import corpus, named, patched
from tests.pipeline.shop import AS_OF, sample
from tests.tools import ROOT, make_book

CHINESE = re.compile("[\u4e00-\u9fff]")
SMALL = make_book(
    "## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |\n| 3月5号 | 小王 | 10 |\n"
    "## 沟通记录\n| 日期 | 昵称 | 类型 | 内容 |\n| 2026-03-04 | 小李 | 咨询 | 还在吗 |"
)
NO_PROBLEM = make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |")
FURTHER = ("benefits", "browsing", "campaigns", "cases", "goods", "improvements", "surveys", "wishes")
NO_DATA = make_book("## 备忘\n| 买菜 |")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in, on a machine that speaks English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("SHEETKIT_DEBUG", raising=False)


def call(*words: str, **env: str) -> Result:
    return CliRunner().invoke(main, list(words), env=env)


def files() -> dict[str, bytes]:
    """Every file below the folder."""
    return {
        str(path.relative_to(Path.cwd())): path.read_bytes()
        for path in Path.cwd().rglob("*")
        if path.is_file()
    }


def said(result: Result, code: int) -> str:
    """The message of a call that ended so, in one line and without a traceback; it wrote no result."""
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.endswith("…")]
    assert len(lines) == 1, result.stderr
    return lines[0]


# What comes out where


def test_analyze_prints_the_path_and_says_the_rest_elsewhere() -> None:
    Path("店.xlsx").write_bytes(SMALL)
    result = call("analyze", "店.xlsx", "--as-of", "2026-03-15")
    assert (result.exit_code, result.stdout) == (0, "店-分析.xlsx\n")
    assert "3月5号" in result.stderr
    assert Path("店-分析.xlsx").read_bytes()[:2] == b"PK"
    assert files()["店.xlsx"] == SMALL


def test_check_prints_the_findings_and_writes_nothing() -> None:
    Path("店.xlsx").write_bytes(SMALL)
    result = call("check", "店.xlsx", "--lang", "zh")
    assert result.exit_code == 0
    assert "交易记录!A3" in result.stdout
    assert "读到 2 行 = 采用 1 行 + 搁置 1 行" in result.stdout
    assert result.stderr == ""
    assert list(files()) == ["店.xlsx"]


def test_templates_and_version() -> None:
    keys = [line.split("\t")[0] for line in call("templates").stdout.splitlines()]
    assert keys == [*blueprint_names(), *(f"+{key}" for key in FURTHER)]
    assert call("--version").stdout == f"sheetkit {__version__}\n"


@pytest.mark.parametrize(
    ("words", "added"),
    [
        (("cases",), ["cases"]),
        (("售后，Campaigns、 benefits ",), ["benefits", "campaigns", "cases"]),
        (("surveys", "Surveys,goods,trades"), ["surveys"]),
    ],
)
def test_further_tables_are_written_and_known_again(words: tuple[str, ...], added: list[str]) -> None:
    asked = [part for word in words for part in ("--with", word)]
    room = ["--customers", "5", "--trades", "5", "--contacts", "5"]
    assert call("new", "xianyu", *asked, *room, "-o", "t.xlsx", "--lang", "zh").exit_code == 0
    book = read_book(Path("t.xlsx").read_bytes(), "t.xlsx")
    assert list(book.more) == added
    sheets = [one.labels["zh"] for one in book.blueprint.sheets]
    names = load_workbook("t.xlsx", read_only=True).sheetnames
    assert names[: len(sheets)] == sheets
    assert [one.table for one in book.places if one.table in added] == added


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("campains", "campaigns"), ("售后记", "cases"), ("Wishs", "wishes"), ("乱写", "tables to add: bene")],
)
def test_a_table_that_is_none_is_answered_with_what_was_meant(typed: str, meant: str) -> None:
    answer = said(call("new", "xianyu", "--with", typed, "--lang", "en"), 2)
    assert answer.startswith(f"there is no table '{typed}'")
    assert ("did you mean " + meant if meant in FURTHER else meant) in answer
    assert list(files()) == []


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
def test_demo_makes_three_files_and_keeps_those_of_before(lang: Lang) -> None:
    result = call("demo", "d", "--lang", lang)
    assert (result.exit_code, result.stdout) == (0, "d\n")
    first = files()
    assert [Path(name).name[0] for name in sorted(first)] == ["1", "2", "3"]
    assert call("demo", "d", "--lang", lang).exit_code == 0
    assert len(files()) == 6


def test_the_suffix_is_never_doubled_and_the_old_file_is_kept() -> None:
    Path("店.xlsx").write_bytes(NO_PROBLEM)
    assert call("analyze", "店.xlsx").exit_code == 0
    first = Path("店-分析.xlsx").read_bytes()
    assert call("analyze", "店-分析.xlsx").stdout == "店-分析.xlsx\n"
    (kept,) = Path("备份").iterdir()
    assert kept.read_bytes() == first
    assert len(files()) == 3


def test_several_inputs_one_bad() -> None:
    Path("a.xlsx").write_bytes(NO_PROBLEM)
    Path("b.xlsx").write_bytes(b"")
    Path("c.xlsx").write_bytes(SMALL)
    result = call("analyze", "a.xlsx", "b.xlsx", "c.xlsx", "--json")
    assert result.exit_code == 3
    assert [json.loads(line)["output"] for line in result.stdout.splitlines()] == [
        "a-分析.xlsx",
        "c-分析.xlsx",
    ]
    assert "b.xlsx: " in result.stderr


def test_a_colour_only_where_wanted() -> None:
    Path("店.xlsx").write_bytes(SMALL)
    coloured = CliRunner().invoke(main, ["check", "店.xlsx"], color=True)
    plain = CliRunner().invoke(main, ["check", "店.xlsx"], color=True, env={"NO_COLOR": "1"})
    assert "\x1b[" in coloured.stdout
    assert "\x1b[" not in plain.stdout


# JSON


def keys_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            if key == "segments":  # classes are data
                yield from inner
            else:
                yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


def test_every_key_printed_is_documented() -> None:
    Path("店.xlsx").write_bytes(sample())
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    for words in (["analyze", "店.xlsx", "--as-of", AS_OF.isoformat()], ["check", "店.xlsx"], ["templates"]):
        section = page[page.index(f"## `sheetkit {words[0]}") if words[0] == "templates" else 0 :]
        documented = set(re.findall(r"`(\w+)`", section))
        result = call(*words, "--json")
        assert result.exit_code == 0
        answer = json.loads(result.stdout)
        assert answer["schema"] == "sheetkit/1"
        assert len(set(keys_of(answer))) >= 5
        assert set(keys_of(answer)) - documented == set()


def test_the_figures_of_the_json() -> None:
    Path("店.xlsx").write_bytes(SMALL)
    answer = json.loads(call("analyze", "店.xlsx", "--json", "--as-of", "2026-03-15").stdout)
    assert (answer["customers"], answer["transactions"], answer["communications"]) == (2, 1, 1)
    assert answer["totals"]["trades"]["rows"] == {"read": 2, "used": 1, "set_aside": 1, "repaired": 0}
    assert answer["totals"]["trades"]["amounts"]["set_aside"] == 10.0
    assert answer["segments"]["customer_class"] == {"new": 1, "quiet": 1}
    (finding,) = (one for one in answer["findings"] if one["severity"] == "error")
    assert (finding["sheet"], finding["cell"], finding["value"]) == ("交易记录", "A3", "3月5号")


def test_json_on_a_console_without_chinese_is_still_json() -> None:
    Path("店.xlsx").write_bytes(SMALL)
    result = CliRunner(charset="ascii").invoke(main, ["check", "店.xlsx", "--json"])
    assert "交易记录" in {one["sheet"] for one in json.loads(result.stdout)["findings"]}


# Languages


@pytest.mark.parametrize(
    ("words", "locale", "chinese"),
    [
        (["--lang", "zh"], "en_US.UTF-8", True),
        (["--lang", "en"], "zh_CN.UTF-8", False),
        ([], "zh_CN.UTF-8", True),
        ([], "en_US.UTF-8", False),
        ([], "C", True),
    ],
)
def test_errors_and_help_are_in_the_language_asked_for(words: list[str], locale: str, chinese: bool) -> None:
    for call_words in (
        ["check", "nix.xlsx"],
        ["nix"],
        ["new", "xianyv"],
        ["new", "--trades", "x"],
        ["check"],
    ):
        error = said(call(*call_words[:1], *words, *call_words[1:], LC_ALL=locale), 2)
        assert bool(CHINESE.search(error)) is chinese, error
    assert bool(CHINESE.search(call("analyze", "--help", *words, LC_ALL=locale).stdout)) is chinese
    assert bool(CHINESE.search(call(*words, "--help", LC_ALL=locale).stdout)) is chinese


@pytest.mark.parametrize(("words", "chinese"), [([], True), (["--lang", "en"], False)])
def test_the_workbooks_language_comes_before_the_locales(words: list[str], chinese: bool) -> None:
    Path("店.xlsx").write_bytes(NO_PROBLEM)
    Path("空.xlsx").write_bytes(NO_DATA)
    last = call("analyze", "店.xlsx", *words).stderr.splitlines()[-1]
    assert bool(CHINESE.search(last)) is chinese
    sentence = said(call("analyze", "空.xlsx", *words), 5).removeprefix("空.xlsx: ")
    assert bool(CHINESE.search(sentence)) is chinese


# Wrong words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("anlyze x.xlsx", "did you mean analyze?"),
        ("frobnicate", "templates, new, check, analyze, fix, import, merge, upgrade, strip, demo"),
        ("check x.xlsx --sctrict", "did you mean --strict?"),
        ("new --lang fr", "zh, en"),
        ("new --lang", "--lang"),
        ("new --customers many", "--customers takes a whole number"),
        ("new --customers 0", "at least one row"),
        ("new --customers 100000 --trades 100000", "10000000"),
        ("new xianyv", "xianyu"),
        ("new a b", "words too many: b"),
        ("new --as-of 5.3.2026", "2026-03-05"),
        ("new -o x.csv", ".xlsx"),
        ("new -o .", "is a folder"),
        ("analyze", "INPUTS"),
        ("check", "FILE"),
        ("analyze a.xlsx b.xlsx -o c.xlsx", "one input only"),
        ("check nix.xlsx", "there is no file nix.xlsx"),
        ("check .", "is a folder"),
        ("demo setup.txt", "is a file, not a folder"),
    ],
)
def test_what_was_meant(words: str, meant: str) -> None:
    Path("setup.txt").write_text("x")
    before = files()
    assert meant in said(call(*words.split()), 2)
    assert files() == before


def test_no_words_at_all_show_the_help() -> None:
    result = call()
    assert result.exit_code == 2
    assert "analyze" in result.stderr


# Files that cannot be read


def zip_of_the_future() -> bytes:
    data = bytearray(SMALL)
    at = data.index(b"PK\x01\x02")
    data[at + 6] = 99
    return bytes(data)


UNREADABLE = {
    "empty": lambda: b"",
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(200),
    "prose": lambda: b"\x00\x01\x02 no table" * 20,
    "truncated": lambda: SMALL[: len(SMALL) // 2],
    "encrypted": lambda: named("tafia__calamine/tests/pass_protected.xlsx"),
    "strict": lambda: corpus("strict")[0].read_bytes(),
    "bomb": lambda: patched(SMALL, {"xl/bomb.xml": b" " * 100_000_000}),
    "of the future": zip_of_the_future,
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("command", ["check", "analyze"])
def test_what_cannot_be_read_is_said_in_a_sentence(kind: str, command: str) -> None:
    Path("book.xlsx").write_bytes(UNREADABLE[kind]())
    before = files()
    if (kind, command) == ("strict", "check"):  # readable: only adding to it is refused
        assert call(command, "book.xlsx").exit_code in (0, 5)
        return
    sentences = {said(call(command, "book.xlsx", "--lang", lang), 3) for lang in LANGS}
    assert len(sentences) == 2
    assert all(one.startswith("book.xlsx: ") and "→" in one for one in sentences), sentences
    assert files() == before


def test_a_lock_file_is_not_the_workbook() -> None:
    Path("~$店.xlsx").write_bytes(b"\x05Li" + bytes(160))
    assert "~$" in said(call("check", "~$店.xlsx"), 3)
    Path("店.xlsx").write_bytes(NO_PROBLEM)
    result = call("analyze", "店.xlsx")
    assert result.exit_code == 0
    assert "open in another program" in result.stderr


def test_nothing_to_analyse() -> None:
    Path("空.xlsx").write_bytes(NO_DATA)
    before = files()
    said(call("analyze", "空.xlsx"), 5)
    assert files() == before


def test_strict() -> None:
    Path("a.xlsx").write_bytes(SMALL)
    Path("b.xlsx").write_bytes(NO_PROBLEM)
    assert [call("check", name, "--strict").exit_code for name in ("a.xlsx", "b.xlsx")] == [4, 0]
    assert [call("analyze", name, "--strict").exit_code for name in ("a.xlsx", "b.xlsx")] == [4, 0]
    assert Path("a-分析.xlsx").exists(), "the result is written all the same"


# Files that cannot be written


def test_an_output_that_exists_is_replaced_only_with_force() -> None:
    Path("店.xlsx").write_bytes(NO_PROBLEM)
    Path("out.xlsx").write_bytes(b"mine")
    before = files()
    assert "--force" in said(call("analyze", "店.xlsx", "-o", "out.xlsx"), 2)
    assert "--force" in said(call("new", "-o", "out.xlsx"), 2)
    assert files() == before
    assert call("analyze", "店.xlsx", "-o", "out.xlsx", "--force").exit_code == 0
    assert Path("out.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("name", ["店.xlsx", "./店.xlsx", "link.xlsx", "hard.xlsx"])
def test_the_input_is_never_the_output(name: str) -> None:
    Path("店.xlsx").write_bytes(NO_PROBLEM)
    Path("link.xlsx").symlink_to("店.xlsx")
    Path("hard.xlsx").hardlink_to("店.xlsx")
    for force in ([], ["--force"]):
        assert "the input itself" in said(call("analyze", "店.xlsx", "-o", name, *force), 2)
    assert Path("店.xlsx").read_bytes() == NO_PROBLEM


def test_a_macro_workbook_keeps_its_ending() -> None:
    Path("店.xlsm").write_bytes(NO_PROBLEM)
    assert ".xlsm" in said(call("analyze", "店.xlsm", "-o", "out.xlsx"), 2)
    assert call("analyze", "店.xlsm").stdout == "店-分析.xlsm\n"


# Our own mistakes


@pytest.mark.parametrize(
    ("problem", "code"), [(KeyError("x"), 1), (RecursionError("deep"), 1), (MemoryError(), 3)]
)
@pytest.mark.parametrize("lang", LANGS)
def test_a_mistake_of_ours_is_owned_up_to(
    problem: Exception, code: int, lang: Lang, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **more: object) -> None:
        raise problem

    Path("店.xlsx").write_bytes(NO_PROBLEM)
    monkeypatch.setattr(pipeline_analyze, "read_book", fail)
    sentence = said(call("analyze", "店.xlsx", "--lang", lang), code)
    assert bool(CHINESE.search(sentence)) is (lang == "zh")
    if code == 1:
        assert type(problem).__name__ in sentence
        assert __version__ in sentence
        assert "SHEETKIT_DEBUG=1" in sentence
        assert "Traceback" in call("analyze", "店.xlsx", SHEETKIT_DEBUG="1").stderr
    assert list(files()) == ["店.xlsx"]
