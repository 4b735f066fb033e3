"""Work on a large file without Python's search for reference cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: each walks all the million cells alive, and finds nothing.

    At 100,000 trades the searches took a quarter of the time. What is not part of a cycle is freed as ever.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
