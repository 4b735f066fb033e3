"""Ctrl-C ends a call with one sentence, wherever it falls."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
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

    def leave(self, code: int) -> None:
        """End the process at once if it was stopped: a thread of ours may wait for a lock held just then."""
        if self._watching and self.pressed:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(AttributeError, OSError, ValueError):
                    stream.flush()
            os._exit(code)

    def _press(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        raise KeyboardInterrupt
