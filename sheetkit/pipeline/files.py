"""Files in, files out: what is read is never touched, what is written is whole or not there."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sheetkit.errors import SheetkitError, UnreadableError, UsageError
from sheetkit.messages import Lang
from sheetkit.pipeline.placing import place
from sheetkit.pipeline.troubles import told_reading, told_writing

SUFFIX: Mapping[Lang, str] = {"zh": "-分析", "en": "-analysis"}
STRIPPED_SUFFIX: Mapping[Lang, str] = {"zh": "-还原", "en": "-original"}
UPGRADED_SUFFIX: Mapping[Lang, str] = {"zh": "-新版", "en": "-upgraded"}
FIXED_SUFFIX: Mapping[Lang, str] = {"zh": "-修正", "en": "-fixed"}
MERGED_SUFFIX: Mapping[Lang, str] = {"zh": "-合并", "en": "-merged"}
BACKUP = {"zh": "备份", "en": "backup"}
KEPT_ENDINGS = (".xlsm", ".xltx", ".xltm")
"""Kinds of package that Excel opens under no other name."""
LARGEST_FILE = 1 << 30
"""No seller's file comes near it, and twice as much is needed in memory."""


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises UsageError where there is none, UnreadableError where it cannot be read."""
    with told_reading(path):
        if path.is_dir():
            raise UsageError("file.folder", path=str(path))
        if not path.exists():
            raise UsageError("file.missing", path=str(path))
        if not path.is_file():
            raise UsageError("file.no_file", path=str(path))
        if path.name.startswith("~$"):
            raise UnreadableError("file.lock", path=path.name)
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableError("file.too_large", path=path.name, most=LARGEST_FILE >> 20)
        return path.read_bytes()


def lock_file(path: Path) -> Path | None:
    """The file that Excel or LibreOffice keeps beside a workbook while it has it open."""
    beside = (path.with_name(name) for name in (f"~${path.name}", f".~lock.{path.name}#"))
    return next((one for one in beside if one.exists()), None)


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has the file open, as the lock file beside it tells."""
    with contextlib.suppress(OSError):
        return lock_file(path) is not None
    return False


def refuse_output(path: Path, ending: str, *, source: Path | None = None, force: bool = False) -> None:
    """Raises UsageError for a folder, a missing folder, another ending, the input itself, a file that
    exists."""
    with told_writing(path):
        if path.is_dir():
            raise UsageError("file.folder", path=str(path))
        if path.suffix.lower() != ending:
            raise UsageError("file.ending", path=str(path), ending=ending)
        if not path.parent.is_dir():
            raise UsageError("file.no_folder", path=str(path), folder=str(path.parent))
        if path.exists():
            if source and path.samefile(source):
                raise UsageError("file.is_input", path=str(path))
            if not force:
                raise UsageError("file.exists", path=str(path))


def output_path(
    source: Path, lang: Lang, suffixes: Mapping[Lang, str] = SUFFIX, *, kept: bool = True
) -> Path:
    """``NAME-分析.xlsx`` beside the input; the suffix is never doubled, and a macro workbook stays one where
    it is ``kept``."""
    stem = source.stem
    known = (SUFFIX, STRIPPED_SUFFIX, UPGRADED_SUFFIX, FIXED_SUFFIX, MERGED_SUFFIX)
    for suffix in (one for each in known for one in each.values()):
        stem = stem.removesuffix(suffix)
    extension = source.suffix.lower() if kept and source.suffix.lower() in KEPT_ENDINGS else ".xlsx"
    return source.with_name(f"{stem}{suffixes[lang]}{extension}")


def stripped_path(source: Path, lang: Lang) -> Path:
    """``NAME-还原.xlsx`` beside the input, numbered where that is the input itself."""
    return _other_path(source, lang, STRIPPED_SUFFIX)


def upgraded_path(source: Path, lang: Lang) -> Path:
    """``NAME-新版.xlsx`` beside the input, numbered where that is the input itself."""
    return _other_path(source, lang, UPGRADED_SUFFIX)


def fixed_path(source: Path, lang: Lang) -> Path:
    """``NAME-修正.xlsx`` beside the input, numbered where that is the input itself."""
    return _other_path(source, lang, FIXED_SUFFIX)


def merged_path(source: Path, lang: Lang) -> Path:
    """``NAME-合并.xlsx`` beside the first file, numbered where that is the file itself."""
    return _other_path(source, lang, MERGED_SUFFIX)


def _other_path(source: Path, lang: Lang, suffixes: Mapping[Lang, str]) -> Path:
    path = output_path(source, lang, suffixes)
    return path if path.name.casefold() != source.name.casefold() else source.with_stem(f"{source.stem}-2")


def write_new(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file the caller named. Raises UsageError where one is there already and ``force`` is not
    given, SheetkitError where it cannot be written."""
    with told_writing(path):
        if path.exists() and not force:
            raise UsageError("file.exists", path=str(path))
        _refuse_in_use(path)
        place(path, data)


def write_keeping_old(path: Path, data: bytes, lang: Lang) -> Path | None:
    """Write a file; one of that name goes to the backup folder beside it first. Returns where the old one
    went. Raises SheetkitError where it cannot be written."""
    with told_writing(path):
        _refuse_in_use(path)
        if not path.exists():
            place(path, data)
            return None
        before = path.stat()
        folder = path.with_name(BACKUP[lang])
        is_first = not folder.exists()
        kept = _free(folder / f"{path.stem}-{date.today():%Y%m%d}{path.suffix}")
    try:
        with told_writing(kept):
            _keep(path, kept)
        with told_writing(path):
            place(path, data)
    except BaseException:
        if _is_as(path, before):
            _forget(kept, with_folder=is_first)
        raise
    return kept


def _refuse_in_use(path: Path) -> None:
    """A folder is never replaced, nor a workbook that somebody has open and may be typing into."""
    if path.is_dir():
        raise UsageError("file.folder", path=str(path))
    lock = lock_file(path)
    if lock:
        raise SheetkitError("file.in_use", path=str(path), lock=lock.name)


def _keep(path: Path, kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    place(kept, path.read_bytes())
    with contextlib.suppress(OSError):
        shutil.copystat(path, kept)


def _is_as(path: Path, before: os.stat_result) -> bool:
    """Whether the old file is still in its place: only then may its copy go again."""
    with contextlib.suppress(OSError):
        now = path.stat()
        return (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    return False


def _forget(kept: Path, *, with_folder: bool) -> None:
    with contextlib.suppress(OSError):
        kept.unlink(missing_ok=True)
        if with_folder:
            kept.parent.rmdir()


def _free(path: Path) -> Path:
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return candidate
