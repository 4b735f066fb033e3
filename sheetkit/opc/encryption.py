"""Workbooks behind a password: opened in memory, and sealed again with the same one.

msoffcrypto does the work and is imported only where something is encrypted. Nothing decrypted is written to
a file, not even to a temporary one.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from types import SimpleNamespace
from typing import Any

from sheetkit.errors import UnreadableError
from sheetkit.opc.compound import is_encrypted

UNASKED = "VelvetSweatshop"
"""What workbooks are encrypted with only to be opened read-only; every program tries it unasked."""


@dataclass(frozen=True)
class Unlocked:
    """A workbook in the clear, and the password it came with; None where it came without."""

    data: bytes = field(repr=False)
    password: str | None = field(default=None, repr=False)

    def sealed(self, workbook: bytes) -> bytes:
        """An Open XML workbook encrypted with that password (Agile, AES-256), or as it is without one."""
        if self.password is None:
            return workbook
        from msoffcrypto.method.ecma376_agile import ECMA376Agile  # type: ignore[import-untyped]

        sealed: bytes = ECMA376Agile.encrypt(self.password, io.BytesIO(workbook))
        return sealed


def sealed_as(files: Sequence[Unlocked], workbook: bytes) -> bytes:
    """A workbook made of several files, behind the password of the first that has one of a person's choice:
    what was locked in any of them is not to lie open in the result."""
    chosen = (one for one in files if one.password not in (None, UNASKED))
    return next(chosen, files[0]).sealed(workbook)


def unlocked(data: bytes, passwords: Iterable[str] = ()) -> Unlocked:
    """The workbook in the clear. ``passwords`` is drawn from only while needed, so that it may ask a person.

    Raises UnreadableError: ``opc.encrypted`` where no password is given, ``opc.wrong_password`` where none
    fits, and with another reason where no password would help.
    """
    if not is_encrypted(data):
        return Unlocked(data)
    file = _opened(data)
    given = False
    for password in chain([UNASKED], filter(None, passwords)):
        if _fits(file, password):
            return Unlocked(_decrypted(file), password)
        given = given or password != UNASKED
    raise UnreadableError("opc.wrong_password" if given else "opc.encrypted")


def _opened(data: bytes) -> Any:
    import msoffcrypto  # type: ignore[import-untyped]
    from msoffcrypto.exceptions import DecryptionError, FileFormatError  # type: ignore[import-untyped]

    with _damage_told():
        try:
            return msoffcrypto.OfficeFile(io.BytesIO(data))
        except (DecryptionError, FileFormatError) as problem:
            raise UnreadableError("opc.encrypted_otherwise") from problem


def _fits(file: Any, password: str) -> bool:
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    with _damage_told():
        try:
            if file.format == "ooxml":
                file.load_key(password=password, verify_password=True)
            else:
                file.load_key(password=password)
        except (InvalidKeyError, UnicodeError):
            return False
        except DecryptionError as problem:
            raise UnreadableError("opc.encrypted_otherwise") from problem
    return True


def _decrypted(file: Any) -> bytes:
    from msoffcrypto.format import xls97  # type: ignore[import-untyped]

    xls97.tempfile = SimpleNamespace(TemporaryFile=io.BytesIO)  # the decrypted copy stays in memory
    content = io.BytesIO()
    with _damage_told():
        file.decrypt(content)
    return content.getvalue()


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except UnreadableError:
        raise
    except Exception as problem:  # the library throws whatever a damaged container makes it throw
        raise UnreadableError("opc.encrypted_damaged") from problem
