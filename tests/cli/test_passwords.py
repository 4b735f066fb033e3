"""The password of a workbook: asked for on a terminal, read from standard input, nowhere else."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sheetkit.cli import main
from sheetkit.errors import UnreadableError
from sheetkit.opc.encryption import UNASKED, Unlocked, unlocked
from tests.langs import ENGLISH_IN_PROOF
from tests.opc.books import parts, sheet_names
from tests.tools import make_book

WORD = "小店 2026 ✓"
BOOK = make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |")
SHEETKIT = Path(sys.executable).with_name("sheetkit")


@cache
def locked(word: str = WORD) -> bytes:
    return Unlocked(b"", word).sealed(BOOK)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def call(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


# From standard input


@pytest.mark.parametrize("line", [f"{WORD}\n", f"{WORD}\r\nmore\n", WORD, f"\ufeff{WORD}\n"])
def test_the_first_line_of_standard_input_opens_it(line: str) -> None:
    Path("店.xlsx").write_bytes(locked())
    result = call("check", "店.xlsx", "--password-stdin", stdin=line)
    assert (result.exit_code, list(Path.cwd().iterdir())) == (0, [Path.cwd() / "店.xlsx"]), result.output


def test_the_result_is_behind_the_same_password() -> None:
    Path("店.xlsx").write_bytes(locked())
    result = call("analyze", "店.xlsx", "--password-stdin", stdin=WORD)
    assert (result.exit_code, result.stdout) == (0, "店-分析.xlsx\n"), result.output
    written = Path("店-分析.xlsx").read_bytes()
    with pytest.raises(UnreadableError):
        unlocked(written, ["another"])
    opened = unlocked(written, [WORD]).data
    assert "分析总览" in sheet_names(opened)
    sheet = "xl/worksheets/sheet1.xml"
    assert parts(opened)[sheet] == parts(BOOK)[sheet]
    assert Path("店.xlsx").read_bytes() == locked()


def test_an_old_result_is_kept_as_it_was_encrypted() -> None:
    Path("店.xlsx").write_bytes(locked())
    Path("店-分析.xlsx").write_bytes(locked())
    assert call("analyze", "店.xlsx", "--password-stdin", stdin=WORD).exit_code == 0
    (kept,) = Path("备份").iterdir()
    assert kept.read_bytes() == locked()
    assert all(path.read_bytes()[:4] == locked()[:4] for path in Path.cwd().rglob("*.xlsx"))


@pytest.mark.proof
def test_strip_opens_and_seals_too() -> None:
    Path("店.xlsx").write_bytes(locked())
    assert call("analyze", "店.xlsx", "--password-stdin", stdin=WORD).exit_code == 0
    result = call("strip", "店-分析.xlsx", "--password-stdin", "-o", "own.xlsx", stdin=WORD)
    assert result.exit_code == 0, result.output
    opened = unlocked(Path("own.xlsx").read_bytes(), [WORD])
    assert opened.password == WORD
    assert sheet_names(opened.data) == sheet_names(BOOK)


def test_one_line_serves_several_files() -> None:
    Path("a.xlsx").write_bytes(locked())
    Path("b.xlsx").write_bytes(BOOK)
    Path("c.xlsx").write_bytes(locked())
    result = call("analyze", "a.xlsx", "b.xlsx", "c.xlsx", "--password-stdin", stdin=WORD)
    assert result.exit_code == 0, result.output
    assert [Path(f"{name}-分析.xlsx").read_bytes()[:2] == b"PK" for name in "abc"] == [False, True, False]


def test_standard_input_is_left_alone_where_nothing_is_locked() -> None:
    Path("店.xlsx").write_bytes(BOOK)
    reader, writer = os.pipe()
    os.write(writer, b"left\n")
    command = [SHEETKIT, "check", "店.xlsx", "--password-stdin"]
    done = subprocess.run(command, stdin=reader, capture_output=True, check=True)
    assert done.returncode == 0
    assert os.read(reader, 5) == b"left\n"


@pytest.mark.parametrize("command", ["check", "analyze"])
@pytest.mark.parametrize(
    ("words", "stdin", "meant"),
    [
        ([], "", "--password-stdin"),
        ([], WORD, "--password-stdin"),
        (["--password-stdin"], "", "--password-stdin"),
        (["--password-stdin"], "\n", "--password-stdin"),
        (["--password-stdin"], f"{WORD}.\n", "not right"),
    ],
)
def test_without_the_right_one_nothing_happens(
    command: str, words: list[str], stdin: str, meant: str
) -> None:
    Path("店.xlsx").write_bytes(locked())
    result = call(command, "店.xlsx", *words, stdin=stdin)
    assert (result.exit_code, result.stdout) == (3, ""), result.output
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("店.xlsx: ")
    assert meant in sentence
    assert {path.name: path.read_bytes() for path in Path.cwd().iterdir()} == {"店.xlsx": locked()}


def test_a_password_is_no_word_of_the_call() -> None:
    """Other people on the machine see the words of a running program."""
    for words in (["--password", WORD], [f"--password={WORD}"], ["--password-stdin=x"]):
        result = call("check", "店.xlsx", *words)
        assert result.exit_code == 2
        assert WORD not in result.stderr


def test_read_only_recommended_asks_nothing() -> None:
    Path("店.xlsx").write_bytes(locked(UNASKED))
    assert call("analyze", "店.xlsx").exit_code == 0
    assert unlocked(Path("店-分析.xlsx").read_bytes()).password == UNASKED


# On a terminal


class Terminal:
    """A real terminal with ``sheetkit`` running in it."""

    def __init__(self, *words: str) -> None:
        self.said, self._heard = "", 0
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [SHEETKIT, *words],
            stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)

    def wait_for(self, words: str) -> None:
        """Wait until the words stand at the end of what was said since the last keys."""
        until = time.monotonic() + 60
        while not self.said[self._heard :].rstrip().endswith(words):
            assert time.monotonic() < until, self.said
            assert self._read(), self.said
        self._heard = len(self.said)

    def type(self, keys: str) -> None:
        """Press keys once nothing is echoed any more."""
        while termios.tcgetattr(self._ours)[3] & termios.ECHO:
            time.sleep(0.01)
        os.write(self._ours, keys.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.killpg(self._process.pid, signal.SIGINT)

    def end(self) -> int:
        """Wait for the end; its exit code."""
        while self._read():
            pass
        os.close(self._ours)
        return self._process.wait(60)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 1)[0]:
            return True
        try:
            got = os.read(self._ours, 10_000)
        except OSError:  # the other end is closed
            return False
        self.said += got.decode().replace("\r\n", "\n")
        return bool(got)


ASK, AGAIN = "Password to open 店.xlsx (it is not shown):", "more to try. Password to open 店.xlsx:"


def test_it_is_asked_for_and_never_shown() -> None:
    Path("店.xlsx").write_bytes(locked())
    terminal = Terminal("analyze", "店.xlsx")
    terminal.wait_for(ASK)
    terminal.type("wrong one\n")
    terminal.wait_for(AGAIN)
    assert "2 more" in terminal.said
    terminal.type(f"{WORD}\n")
    assert terminal.end() == 0, terminal.said
    assert "店-分析.xlsx" in terminal.said
    assert "wrong one" not in terminal.said
    assert WORD not in terminal.said
    assert unlocked(Path("店-分析.xlsx").read_bytes(), [WORD]).password == WORD


def test_after_three_wrong_ones_it_ends() -> None:
    Path("店.xlsx").write_bytes(locked())
    terminal = Terminal("check", "店.xlsx")
    terminal.wait_for(ASK)
    for _ in range(2):
        terminal.type("x\n")
        terminal.wait_for(AGAIN)
    terminal.type("x\n")
    assert terminal.end() == 3
    assert "is not right" in terminal.said
    assert "Traceback" not in terminal.said


@pytest.mark.proof
def test_it_is_asked_for_once_where_it_opens_several() -> None:
    Path("店.xlsx").write_bytes(locked())
    Path("b.xlsx").write_bytes(locked())
    terminal = Terminal("analyze", "店.xlsx", "b.xlsx")
    terminal.wait_for(ASK)
    terminal.type(f"{WORD}\n")
    assert terminal.end() == 0, terminal.said
    assert terminal.said.count("Password to open") == 1


def test_just_enter_gives_up() -> None:
    Path("店.xlsx").write_bytes(locked())
    terminal = Terminal("check", "店.xlsx")
    terminal.wait_for(ASK)
    terminal.type("\n")
    assert terminal.end() == 3


def test_ctrl_c_at_the_question_ends_it() -> None:
    Path("店.xlsx").write_bytes(locked())
    terminal = Terminal("analyze", "店.xlsx")
    terminal.wait_for(ASK)
    terminal.type("hal")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "stopped. Your file is untouched" in terminal.said
    assert "Traceback" not in terminal.said


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_question_is_in_the_language_asked_for(lang: str) -> None:
    Path("店.xlsx").write_bytes(locked())
    terminal = Terminal("check", "店.xlsx", "--lang", lang)
    terminal.wait_for({"zh": "店.xlsx 的打开密码(输入时不显示):", "en": ASK}[lang])
    terminal.type(f"{WORD}\n")
    assert terminal.end() == 0
