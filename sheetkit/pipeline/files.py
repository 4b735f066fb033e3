"""Files in, files out: what is read is never touched, what is written is whole or not there."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sheetkit.errors import SheetkitError, UnreadableError, UsageError
from sheetkit.messages import Lang

SUFFIX = {"zh": "-分析", "en": "-analysis"}
BACKUP = {"zh": "备份", "en": "backup"}
KEPT_ENDINGS = (".xlsm", ".xltx", ".xltm")
"""Kinds of package that Excel opens under no other name."""


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises UsageError where there is none, UnreadableError where it cannot be read."""
    if not path.exists():
        raise UsageError("file.missing", path=str(path))
    if path.is_dir():
        raise UsageError("file.folder", path=str(path))
    if path.name.startswith("~$"):
        raise UnreadableError("file.lock", path=path.name)
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UnreadableError("file.unreadable", path=str(path), problem=problem.strerror) from problem


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has the file open, as the lock file beside it tells."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def refuse_output(path: Path, ending: str, *, source: Path | None = None, force: bool = False) -> None:
    """Raises UsageError for a folder, another ending, the input itself, a file that exists."""
    if path.is_dir():
        raise UsageError("file.folder", path=str(path))
    if path.suffix.lower() != ending:
        raise UsageError("file.ending", path=str(path), ending=ending)
    if path.exists():
        if source and path.samefile(source):
            raise UsageError("file.is_input", path=str(path))
        if not force:
            raise UsageError("file.exists", path=str(path))


def output_path(source: Path, lang: Lang) -> Path:
    """``NAME-分析.xlsx`` beside the input; the suffix is never doubled, and a macro workbook stays one."""
    stem = source.stem
    for suffix in SUFFIX.values():
        stem = stem.removesuffix(suffix)
    extension = source.suffix.lower() if source.suffix.lower() in KEPT_ENDINGS else ".xlsx"
    return source.with_name(f"{stem}{SUFFIX[lang]}{extension}")


def write_new(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file the caller named. Raises UsageError where one is there already and ``force`` is not
    given."""
    if path.exists() and not force:
        raise UsageError("file.exists", path=str(path))
    _write(path, data)


def write_keeping_old(path: Path, data: bytes, lang: Lang) -> Path | None:
    """Write a file; one of that name goes to the backup folder beside it first. Returns where the old one
    went."""
    kept = None
    if path.exists():
        folder = path.with_name(BACKUP[lang])
        kept = _free(folder / f"{path.stem}-{date.today():%Y%m%d}{path.suffix}")
    try:
        if kept:
            with _said(kept):
                kept.parent.mkdir(exist_ok=True)
                shutil.copy2(path, kept)
        _write(path, data)
    except BaseException:
        if kept:
            kept.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # the folder holds older ones, or was never made
                kept.parent.rmdir()
        raise
    return kept


def _free(path: Path) -> Path:
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return candidate


def _write(path: Path, data: bytes) -> None:
    """Beside the target first, flushed, then in its place in one step."""
    with _said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".sheetkit-", suffix=path.suffix, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(path.stat().st_mode if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as problem:
        raise SheetkitError("file.not_writable", path=str(path), problem=problem.strerror) from problem
    except OSError as problem:
        raise SheetkitError("file.not_written", path=str(path), problem=problem.strerror) from problem
