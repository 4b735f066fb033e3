"""Ctrl-C ends a call with one sentence, wherever it falls."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupt:
    """``pressed`` stays true, since a library in between may make another exception of it."""

    def __init__(self) -> None:
        self.pressed = False
        self._watching = False

    def watch(self) -> None:
        """Listen for the rest of the process, unless the caller had Ctrl-C ignored (``nohup``)."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._press)
            self._watching = True

    def over(self) -> None:
        """The outcome stands and the process is about to end: there is nothing left to stop."""
        if self._watching:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _press(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt
