"""What a disk may answer, as sentences: where, what is the matter, and what to do instead."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from sheetkit.errors import SheetkitError, UnreadableError

# By name, since no system has all of them.
_WRITING = {
    "EACCES": "file.not_writable",
    "EPERM": "file.not_writable",
    "EBUSY": "file.not_writable",
    "ETXTBSY": "file.not_writable",
    "EROFS": "file.read_only",
    "ENOSPC": "file.disk_full",
    "EDQUOT": "file.disk_full",
    "EFBIG": "file.disk_full",
    "ENAMETOOLONG": "file.name_too_long",
    "EILSEQ": "file.bad_name",
    "EINVAL": "file.bad_name",
    "ENOENT": "file.folder_gone",
    "ENOTDIR": "file.folder_gone",
}
_CONNECTION_LOST = {
    "EIO", "ENXIO", "ENODEV", "ESTALE", "EREMOTEIO", "ENETDOWN", "ENETUNREACH", "ETIMEDOUT", "EHOSTDOWN",
    "EHOSTUNREACH", "ENOTCONN", "ECONNRESET",
}  # fmt: skip


@contextlib.contextmanager
def told_writing(path: Path) -> Iterator[None]:
    """Raises SheetkitError with the sentence for whatever keeps a file from being written."""
    try:
        yield
    except OSError as problem:
        name = errno.errorcode.get(problem.errno or 0, "")
        key = "file.lost_writing" if name in _CONNECTION_LOST else _WRITING.get(name, "file.not_written")
        raise SheetkitError(key, path=str(path), problem=problem.strerror or str(problem)) from problem


@contextlib.contextmanager
def told_reading(path: Path) -> Iterator[None]:
    """Raises UnreadableError with the sentence for whatever keeps a file from being read."""
    try:
        yield
    except OSError as problem:
        name = errno.errorcode.get(problem.errno or 0, "")
        key = "file.lost_reading" if name in _CONNECTION_LOST else "file.unreadable"
        raise UnreadableError(key, path=str(path), problem=problem.strerror or str(problem)) from problem
