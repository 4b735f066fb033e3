"""One exception tree for everything a person can cause and mend.

::

    SheetkitError            exit 1
    ├── UsageError           exit 2   the call's words are off
    │   └── TemplateError    exit 2   a TOML file in templates/ (or the seller's own) is off
    ├── UnreadableError      exit 3   unreadable, locked, encrypted, broken, an unsupported kind
    │   └── NotPermitted     exit 3   a change that the person has to allow first
    ├── StrictError          exit 4   problems were found and --strict was asked
    ├── NothingToAnalyse     exit 5   no customer and no trade in the input
    ├── NothingToStrip       exit 5   nothing of ours in the input
    ├── NothingToUpgrade     exit 5   not a workbook that sheetkit wrote
    └── NothingToFix         exit 5   no suggestion was accepted

An error is data: a message key and its parameters. The sentence is rendered by ``sheetkit.messages``
in the reader's language, so that no module below the command line decides on a language.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class SheetkitError(Exception):
    """Base of all sheetkit errors.

    ``key`` names the sentence in ``sheetkit/messages/catalog``; ``params`` fill its placeholders.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(key, params)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key}({details})"


class UsageError(SheetkitError):
    """The call's words are off."""

    exit_code = 2


class TemplateError(UsageError):
    """A TOML file says something that cannot be; ``params`` name ``file`` and ``where`` (the key)."""


class UnreadableError(SheetkitError):
    """The input cannot be read: locked, encrypted, broken, or of an unsupported kind."""

    exit_code = 3


Permit = Literal["signed", "locked"]
"""What a person may allow although it gives something up: to void a signature, to pass a lock."""


class NotPermitted(UnreadableError):
    """The input may only be changed where the person allows it: ``permit`` is what is wanting."""

    def __init__(self, key: str, permit: Permit) -> None:
        self.permit = permit
        super().__init__(key)


class StrictError(SheetkitError):
    """Problems were found in the input and ``--strict`` was asked."""

    exit_code = 4


class NothingToAnalyse(SheetkitError):
    """The input holds neither a customer nor a trade."""

    exit_code = 5


class NothingToStrip(SheetkitError):
    """The input holds nothing that sheetkit added."""

    exit_code = 5


class NothingToFix(SheetkitError):
    """No suggestion of the data check was accepted, or the input has no data check."""

    exit_code = 5


class NothingToUpgrade(SheetkitError):
    """The input was not written by sheetkit, so there is nothing to bring up to date."""

    exit_code = 5
