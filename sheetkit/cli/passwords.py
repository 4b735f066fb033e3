"""Where the passwords of encrypted workbooks come from: a terminal, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from sheetkit.cli.speech import Voice
from sheetkit.messages import text

TRIES = 3


@dataclass
class Passwords:
    """The passwords of one call: what was typed for a file is tried on the next, before asking again.

    ``from_stdin``: the first line of standard input is the password.
    """

    from_stdin: bool
    _known: list[str] = field(default_factory=list, repr=False)

    def of(self, name: str, voice: Voice) -> Iterator[str]:
        """What to try on a file, asked for only when wanted; nothing where nobody can be asked."""
        yield from self._known
        if sys.stdin is None:
            return
        if sys.stdin.isatty():
            yield from self._typed(name, voice)
        elif self.from_stdin and not self._known:
            self._known.append(sys.stdin.readline().removeprefix("\ufeff").rstrip("\r\n"))
            yield from self._known

    def _typed(self, name: str, voice: Voice) -> Iterator[str]:
        key = "cli.password.ask"
        for left in range(TRIES, 0, -1):
            prompt = text(key, voice.lang, name=name, left=left)
            word = click.prompt(
                prompt, default="", hide_input=True, show_default=False, prompt_suffix=" ", err=True
            )
            if not word:
                return
            self._known.append(word)
            yield word
            self._known.pop()  # asked for another one, so it did not fit
            key = "cli.password.again"
