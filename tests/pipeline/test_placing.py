"""A file is written whole or not at all: killed at every step, by many at once, on a disk that fails."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sheetkit.errors import SheetkitError, UnreadableError
from sheetkit.messages import LANGS, text
from sheetkit.pipeline.files import read_bytes, write_keeping_old, write_new
from sheetkit.pipeline.placing import clear_leftovers, place
from tests.tools import ROOT

OLD, NEW = b"old" * 50_000, b"newer" * 70_000


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def files(folder: Path | None = None) -> dict[str, bytes]:
    top = folder or Path.cwd()
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def leftovers(folder: Path | None = None) -> list[str]:
    return [name for name in files(folder) if ".sheetkit-" in name]


# Killed at every step

AT_EVERY_STEP = """
import itertools, os, signal, sys
from pathlib import Path
from sheetkit.pipeline.files import write_keeping_old

OLD, NEW = b"old" * 50_000, b"newer" * 70_000

def killed_at(step):
    left = itertools.count(step, -1)
    sys.addaudithook(lambda event, given: next(left) or os.kill(os.getpid(), signal.SIGKILL))
    write_keeping_old(Path("out.xlsx"), NEW, "en")
    os._exit(0)

for step in itertools.count(1):
    folder = Path(sys.argv[1], str(step))
    folder.mkdir()
    os.chdir(folder)
    if sys.argv[2] == "again":
        Path("out.xlsx").write_bytes(OLD)
    child = os.fork()
    if not child:
        killed_at(step)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
"""


@pytest.mark.parametrize("before", ["first", "again"])
def test_killed_at_every_step_it_is_the_old_or_the_new(before: str, tmp_path: Path) -> None:
    """A step is whatever Python reports to an audit hook: each file opened, renamed, removed, listed."""
    command = [sys.executable, "-c", AT_EVERY_STEP, str(tmp_path), before]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    steps = sorted(tmp_path.iterdir(), key=lambda path: int(path.name))
    assert len(steps) > (15 if before == "again" else 5)
    seen, left = set(), 0
    for folder in steps:
        found = {name: data for name, data in files(folder).items() if ".sheetkit-" not in name}
        left += len(leftovers(folder))
        target = found.pop("out.xlsx", b"")
        seen.add(target)
        assert target in ({OLD, NEW} if before == "again" else {b"", NEW}), folder.name
        assert set(found.values()) <= {OLD}, folder.name
        if target == NEW and before == "again":
            assert OLD in found.values(), "the old one is in the backup folder before the new one stands"
        write_keeping_old(folder / "out.xlsx", NEW, "en")
        assert not leftovers(folder), "the next run clears up"
    assert len(seen) == 2
    assert left > (2 if before == "again" else 0), "some were killed while their file was there"


# Leftovers

HOLDING = """
import sys, time
from pathlib import Path
from sheetkit.pipeline import placing

path, file = placing._begun(Path.cwd())
print(path.name, flush=True)
time.sleep(600)
"""


def test_only_what_nobody_writes_any_more_is_cleared(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    held = process.stdout.readline().strip()
    write_new(Path("a.xlsx"), NEW)
    assert Path(held).exists(), "another run is writing it"
    process.kill()
    process.wait()
    process.stdout.close()
    assert Path(held).exists()
    write_new(Path("b.xlsx"), NEW)
    assert not Path(held).exists()


def test_what_is_not_ours_is_left_alone() -> None:
    ours, theirs = ".sheetkit-0123456789abcdef.tmp", ".sheetkit-notes-of-the-shop.tmp"
    Path(ours).write_bytes(b"half")
    Path(theirs).write_bytes(b"mine")
    Path(".sheetkit-fedcba9876543210.tmp").mkdir()
    Path(".sheetkit-aaaaaaaaaaaaaaaa.tmp").symlink_to(theirs)
    clear_leftovers(Path.cwd())
    assert {path.name for path in Path.cwd().iterdir()} == {
        theirs,
        ".sheetkit-fedcba9876543210.tmp",
        ".sheetkit-aaaaaaaaaaaaaaaa.tmp",
    }


MANY = """
import sys
from pathlib import Path
from sheetkit.pipeline.placing import place

for turn in range(60):
    place(Path("out.xlsx"), sys.argv[1].encode() * 100_000)
"""


def test_many_at_once_do_not_get_in_each_others_way() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", MANY, name], env=environment, stderr=subprocess.PIPE)
        for name in "abcd"
    ]
    said = [writer.communicate()[1] for writer in writers]
    assert said == [b""] * len(writers)
    (content,) = files().values()
    assert content in {letter.encode() * 100_000 for letter in "abcd"}


# What the new file is like


def test_a_new_file_is_as_open_as_the_person_wants(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        place(Path("private.xlsx"), NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("private.xlsx").stat().st_mode) == 0o600
    Path("shared.xlsx").write_bytes(OLD)
    Path("shared.xlsx").chmod(0o664)
    place(Path("shared.xlsx"), NEW)
    assert stat.S_IMODE(Path("shared.xlsx").stat().st_mode) == 0o664


def test_a_link_stays_a_link() -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/real.xlsx").write_bytes(OLD)
    Path("link.xlsx").symlink_to("elsewhere/real.xlsx")
    write_new(Path("link.xlsx"), NEW, force=True)
    assert Path("link.xlsx").is_symlink()
    assert Path("elsewhere/real.xlsx").read_bytes() == NEW
    assert not leftovers()


def test_the_kept_copy_has_the_old_ones_time() -> None:
    Path("out.xlsx").write_bytes(OLD)
    os.utime("out.xlsx", (10**9, 10**9))
    kept = write_keeping_old(Path("out.xlsx"), NEW, "en")
    assert kept is not None
    assert (kept.read_bytes(), kept.stat().st_mtime) == (OLD, 10**9)


# A disk that fails

ANSWERS = {
    errno.ENOSPC: "file.disk_full",
    errno.EDQUOT: "file.disk_full",
    errno.EIO: "file.lost_writing",
    errno.ESTALE: "file.lost_writing",
    errno.ETIMEDOUT: "file.lost_writing",
    errno.EROFS: "file.read_only",
    errno.EACCES: "file.not_writable",
    errno.EPERM: "file.not_writable",
    errno.ENOENT: "file.folder_gone",
    errno.EILSEQ: "file.bad_name",
    errno.ELOOP: "file.not_written",
}


UNTOUCHED = {"zh": "原文件没有动", "en": "The input is untouched"}


def fails_with(number: int) -> Callable[..., None]:
    def fail(*given: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", ANSWERS, ids=errno.errorcode.get)
@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_each_failure_is_told_and_changes_nothing(
    step: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out.xlsx").write_bytes(OLD)
    Path("backup").mkdir()
    Path("backup/out-20200101.xlsx").write_bytes(b"older")
    before = files()
    monkeypatch.setattr(step, fails_with(number))
    with pytest.raises(SheetkitError) as caught:
        write_keeping_old(Path("out.xlsx"), NEW, "en")
    assert (caught.value.key, caught.value.exit_code) == (ANSWERS[number], 1)
    for lang in LANGS:
        sentence = text(caught.value.key, lang, **caught.value.params)
        assert "out" in sentence
        assert UNTOUCHED[lang] in sentence
    assert files() == before


def test_a_disk_that_cannot_flush_is_written_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", fails_with(errno.EINVAL))
    write_new(Path("out.xlsx"), NEW)
    assert files() == {"out.xlsx": NEW}


def test_stopped_before_the_new_one_stands_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.xlsx").write_bytes(OLD)

    def stop(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_keeping_old(Path("out.xlsx"), NEW, "en")
    assert files() == {"out.xlsx": OLD}
    assert not Path("backup").exists()


def test_stopped_just_after_the_old_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.xlsx").write_bytes(OLD)
    really = os.replace

    def stop(source: Path, target: Path) -> None:
        really(source, target)
        if target.name == "out.xlsx":
            raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_keeping_old(Path("out.xlsx"), NEW, "en")
    assert sorted(files().values()) == sorted([OLD, NEW])


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_file_that_cannot_be_read_is_told(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("in.xlsx").write_bytes(OLD)
    monkeypatch.setattr(Path, "read_bytes", fails_with(number))
    with pytest.raises(UnreadableError) as caught:
        read_bytes(Path("in.xlsx"))
    assert caught.value.key == {errno.EIO: "file.lost_reading", errno.EACCES: "file.unreadable"}[number]
