"""A file is put in its place whole or not at all, whatever happens in between.

The bytes go to a file of ours beside the target, reach the disk, and take the target's name in one step.
While that file is written its writer holds a lock on it. A run that was killed leaves it behind with nobody
holding the lock, and the next run into the folder takes it away.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

_LOCKS = sys.platform != "win32"
"""Where there are none, an open file can neither be renamed nor be deleted, which does as well."""
_OURS = re.compile(r"\.sheetkit-[0-9a-f]{16}\.tmp")
_NOTHING_TO_FLUSH = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}


def place(path: Path, data: bytes) -> None:
    """Give a file this content in one step. Raises OSError, and leaves what was there, where it cannot."""
    target = Path(os.path.realpath(path))  # a link goes on pointing where it did
    clear_leftovers(target.parent)
    beside, file = _begun(target.parent)
    try:
        with file:
            file.write(data)
            file.flush()
            _to_disk(file.fileno())
            _take_mode(beside, target)
            if _LOCKS:
                beside.replace(target)
        if not _LOCKS:
            beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    _folder_to_disk(target.parent)


def clear_leftovers(folder: Path) -> None:
    """Delete the files that killed runs left in a folder: named as ours are, and locked by nobody."""
    with contextlib.suppress(OSError):
        for path in folder.glob(".sheetkit-*.tmp"):
            if _OURS.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    _delete_unlocked(path)


def _delete_unlocked(path: Path) -> None:
    if not stat.S_ISREG(path.lstat().st_mode):
        return
    with path.open("rb+") as file:
        _lock(file.fileno())
        if _LOCKS:
            path.unlink()
    if not _LOCKS:
        path.unlink()


def _begun(folder: Path) -> tuple[Path, BinaryIO]:
    """A new file of ours, locked; another one where a run that clears up was quicker to lock it."""
    while True:
        path = folder / f".sheetkit-{secrets.token_hex(8)}.tmp"
        file = path.open("xb")
        try:
            _lock(file.fileno())
        except BlockingIOError:
            file.close()
            continue
        except OSError:  # a disk without locks: what is left there stays there
            return path, file
        if path.exists():
            return path, file
        file.close()


def _lock(handle: int) -> None:
    """Lock a file until it is closed; raises OSError where somebody else holds the lock."""
    if sys.platform != "win32":
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _take_mode(path: Path, target: Path) -> None:
    """Let the new file be readable to whom the old one was."""
    with contextlib.suppress(OSError):  # there is none, or the disk knows no modes
        path.chmod(stat.S_IMODE(target.stat().st_mode))


def _to_disk(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError as problem:
        if problem.errno not in _NOTHING_TO_FLUSH:
            raise


def _folder_to_disk(folder: Path) -> None:
    """Let the new name outlast a power cut, where the system can be asked for that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
