"""How a run ends that cannot end well: killed, stopped, on a full disk, in a folder nobody may write to."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.tools import make_book

BOOK = make_book("## 交易记录\n| 日期 | 昵称 | 成交价 |\n| 2026-03-05 | 小李 | 120 |")
OLD = b"of yesterday" * 1000
SHEETKIT = Path(sys.executable).with_name("sheetkit")
ANALYZE = ("analyze", "店.xlsx", "--as-of", "2026-03-15")
CHINESE = os.environ | {"LC_ALL": "zh_CN.UTF-8"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("店.xlsx").write_bytes(BOOK)


def started(*words: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """The real program, in a process of its own."""
    return subprocess.Popen(
        [SHEETKIT, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=CHINESE,
        preexec_fn=before,
    )


def complaint(*words: str, code: int = 1, before: Callable[[], None] | None = None) -> str:
    """What it says last, having ended with this code and printed no result."""
    process = started(*words, before=before)
    out, said = process.communicate(timeout=120)
    assert (process.returncode, out) == (code, ""), said
    assert "Traceback" not in said
    return said.splitlines()[-1]


def files() -> dict[str, bytes]:
    found = (path for path in Path.cwd().rglob("*") if path.is_file())
    return {str(path.relative_to(Path.cwd())): path.read_bytes() for path in found}


@cache
def whole() -> bytes:
    """What a run writes that nobody disturbs: the same bytes each time."""
    folder = Path.cwd()
    Path("whole").mkdir()
    os.chdir("whole")
    Path("店.xlsx").write_bytes(BOOK)
    started(*ANALYZE).communicate(timeout=120)
    result = Path("店-分析.xlsx")
    data = result.read_bytes()
    result.unlink()
    Path("店.xlsx").unlink()
    os.chdir(folder)
    Path("whole").rmdir()
    return data


# Killed


def names() -> set[str]:
    """What stands in the folder and in the one of the old results."""
    return {path.name for folder in (Path(), Path("备份")) if folder.exists() for path in folder.iterdir()}


def killed(chance: random.Random) -> None:
    """Start a run and kill it: at any moment, or just when its file appears or the old one is being kept."""
    process = started(*ANALYZE)
    until = time.monotonic() + chance.uniform(0, 1.2)
    watching, before = chance.random() < 0.7, names()
    while time.monotonic() < until or watching:
        if process.poll() is not None:
            break
        if watching and names() - before:
            time.sleep(chance.choice([0, 0, 0.0003, 0.001, 0.003, 0.01]))
            break
        time.sleep(0.0002)
    process.kill()
    process.communicate()


def survives(kills: int, seed: int) -> Counter[str]:
    """Kill runs one after the other in one folder and look at it each time; what was seen there."""
    chance, new, seen = random.Random(seed), whole(), Counter[str]()
    for _ in range(kills):
        Path("店-分析.xlsx").write_bytes(OLD)
        killed(chance)
        found = files()
        assert found.pop("店.xlsx") == BOOK
        target = found.pop("店-分析.xlsx")
        assert target in (OLD, new)
        seen["new" if target == new else "old"] += 1
        half = [name for name in found if ".sheetkit-" in name]
        seen["left over"] += len(half) > 0
        kept = [data for name, data in found.items() if name not in half]
        assert set(kept) <= {OLD, new}
        assert target == OLD or OLD in kept
    started(*ANALYZE).communicate()
    assert not [name for name in files() if ".sheetkit-" in name]
    return seen


@pytest.mark.proof
def test_killed_at_any_moment_nothing_is_half() -> None:
    assert survives(8, seed=1)["old"] > 0


@pytest.mark.proof
def test_killed_three_hundred_times_nothing_is_half() -> None:
    seen = survives(300, seed=2)
    assert min(seen[what] for what in ("old", "new", "left over")) > 10, seen


# Stopped by Ctrl-C


def stopped(chance: random.Random) -> tuple[int, str]:
    process = started(*ANALYZE)
    assert process.stderr is not None
    process.stderr.readline()  # it has begun
    time.sleep(chance.uniform(0, 0.6))
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def stops_well(times: int, seed: int) -> Counter[int]:
    chance, new, codes = random.Random(seed), whole(), Counter[int]()
    for _ in range(times):
        Path("店-分析.xlsx").write_bytes(OLD)
        code, said = stopped(chance)
        codes[code] += 1
        assert code in (0, 130), said
        assert "Traceback" not in said
        assert ("已停下。您的文件没有动" in said) is (code == 130)
        found = files()
        assert found["店.xlsx"] == BOOK
        assert found["店-分析.xlsx"] in ((OLD, new) if code else (new,))
        assert not [name for name in found if ".sheetkit-" in name], "it clears up after itself"
    return codes


def test_ctrl_c_is_one_sentence_and_leaves_nothing_half() -> None:
    assert stops_well(6, seed=1)[130] > 0


@pytest.mark.proof
def test_ctrl_c_a_hundred_times() -> None:
    assert stops_well(100, seed=2)[130] > 30


# A disk or a folder that will not have it


def no_room() -> None:
    """No file of this process may grow past a few thousand bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))


def test_a_full_disk() -> None:
    Path("店-分析.xlsx").write_bytes(OLD[:4000])
    before = files()
    said = complaint(*ANALYZE, before=no_room)
    assert "没能写完 店-分析.xlsx:磁盘满了" in said
    assert "-o" in said
    assert files() == before
    assert not Path("备份").exists()


def plain_person() -> None:
    """Not even root writes where the mode forbids it, once the capabilities to do so are gone."""
    if sys.platform == "linux":
        drop, libc = 24, ctypes.CDLL(None)
        for capability in (1, 2, 3):  # to pass over modes, to read all the same, to change them
            libc.prctl(drop, capability, 0, 0, 0)


@contextlib.contextmanager
def closed(*folders: Path) -> Iterator[None]:
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_folder_nobody_may_write_to() -> None:
    before = files()
    with closed(Path.cwd()):
        said = complaint(*ANALYZE, before=plain_person)
        assert "写不了 店-分析.xlsx(Permission denied)" in said
        assert "-o" in said
        assert files() == before


def test_a_backup_folder_nobody_may_write_to() -> None:
    Path("店-分析.xlsx").write_bytes(OLD)
    Path("备份").mkdir()
    before = files()
    with closed(Path("备份")):
        assert "写不了 备份/店-分析-" in complaint(*ANALYZE, before=plain_person)
    assert files() == before


def test_a_file_nobody_may_read() -> None:
    Path("店.xlsx").chmod(0)
    assert "读不了 店.xlsx(Permission denied)" in complaint(*ANALYZE, code=3, before=plain_person)


def test_another_place_works_where_the_folder_is_closed(tmp_path: Path) -> None:
    Path("shop").mkdir()
    Path("店.xlsx").rename("shop/店.xlsx")
    with closed(Path("shop")):
        process = started("analyze", "shop/店.xlsx", "-o", "out.xlsx", before=plain_person)
        assert process.communicate(timeout=120)[0] == "out.xlsx\n"


def test_a_folder_in_the_place_of_the_result() -> None:
    Path("店-分析.xlsx").mkdir()
    assert "店-分析.xlsx 是文件夹" in complaint(*ANALYZE, code=2)
    assert files() == {"店.xlsx": BOOK}


def test_a_folder_that_is_not_there() -> None:
    said = complaint(*ANALYZE, "-o", "nowhere/out.xlsx", code=2)
    assert "没有文件夹 nowhere,写不了 nowhere/out.xlsx" in said
    assert complaint("new", "-o", "nowhere/out.xlsx", code=2) == said
    assert files() == {"店.xlsx": BOOK}


def test_a_name_too_long() -> None:
    before = files()
    assert "名字或路径太长" in complaint(*ANALYZE, "-o", f"{'x' * 300}.xlsx")
    assert "File name too long" in complaint("check", f"{'x' * 300}.xlsx", code=3)
    assert files() == before


def test_a_name_that_becomes_too_long_with_its_suffix() -> None:
    name = f"{'x' * 245}.xlsx"
    Path("店.xlsx").rename(name)
    said = complaint("analyze", name)
    assert "名字或路径太长" in said
    assert "-o" in said
    assert files() == {name: BOOK}


@pytest.mark.parametrize("lock", ["~$店-分析.xlsx", ".~lock.店-分析.xlsx#"])
@pytest.mark.parametrize(
    "words", [[], pytest.param(["-o", "店-分析.xlsx", "--force"], marks=pytest.mark.proof)]
)
def test_a_result_that_somebody_has_open(lock: str, words: list[str]) -> None:
    Path("店-分析.xlsx").write_bytes(OLD)
    Path(lock).write_bytes(b",somebody")
    before = files()
    said = complaint(*ANALYZE, *words)
    assert "店-分析.xlsx 正在别的程序里打开着" in said
    assert lock in said
    assert files() == before


def test_a_device_is_no_workbook() -> None:
    assert "不是普通文件" in complaint("check", "/dev/zero", code=2)


# Where the output goes


@pytest.mark.parametrize("words", [["check", "店.xlsx"], ["templates"], ["--help"], ["check", "nix"]])
def test_a_reader_that_stops_reading_is_no_mistake(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [SHEETKIT, *words], stdout=writer, stderr=subprocess.PIPE, text=True, env=CHINESE, check=False
    )
    os.close(writer)
    assert process.returncode == (2 if "nix" in words else 1)
    assert len(process.stderr.splitlines()) == (1 if "nix" in words else 0), process.stderr


def test_a_reader_that_stops_early_gets_the_result_all_the_same() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [SHEETKIT, *ANALYZE], stdout=writer, stderr=subprocess.PIPE, text=True, env=CHINESE, check=False
    )
    os.close(writer)
    assert "Traceback" not in process.stderr
    assert Path("店-分析.xlsx").read_bytes() == whole()


def test_an_output_that_cannot_be_written() -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [SHEETKIT, "templates"], stdout=full, stderr=subprocess.PIPE, text=True, env=CHINESE, check=False
        )
    assert process.returncode == 1
    assert "没能显示出来(No space left on device)" in process.stderr
