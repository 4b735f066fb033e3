"""What holds for every test."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import settings

# No deadline: the machine's mood is no finding. In CI the examples are the same each time, so that a
# change is judged by what it changed; at a desk they are new each time, so that they go on searching.
settings.register_profile("desk", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# A suite that was started in the background is deaf to Ctrl-C, and so would be every program that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems() -> None:
    """The garbage collector passes over the thousands of tests collected, a sixth of the time of a run."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Libraries in C count at the end what is left of theirs."""
    gc.unfreeze()
