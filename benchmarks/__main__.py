"""``make bench``: measures, prints what it finds and writes it into docs/performance.md.

``--only PART`` (may be given several times) measures that part and writes nothing. ``--rounds N`` changes
how often each is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import analyzing, delimited, writing
from benchmarks.table import Tables
from benchmarks.timing import ROOT

DOC = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
FAST = 4
"""How many times as many rounds what takes a tenth of a second gets."""

Part = Callable[[Tables, Path, int], None]


def _sizes(tables: Tables, folder: Path, rounds: int) -> None:
    analyzing.beside_others(tables, folder, analyzing.MEDIUM, rounds)
    analyzing.beside_others(tables, folder, analyzing.SMALL, rounds)


PARTS: dict[str, Part] = {
    "analyze": _sizes,
    "million": lambda tables, folder, rounds: analyzing.growing(tables, folder, max(1, rounds - 1)),
    "carry": analyzing.carrying,
    "csv": delimited.reading,
    "new": writing.new,
    "start": lambda tables, _, rounds: writing.start(tables, FAST * rounds),
    "recalculate": lambda tables, folder, rounds: writing.recalculate(tables, folder, max(1, rounds - 1)),
}


def measure(parts: list[str], rounds: int) -> str:
    """The parts measured, as Markdown."""
    tables = Tables()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        analyzing.warm_up(folder)
        for part in parts:
            PARTS[part](tables, folder, rounds)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    about = f"Medians of {rounds} rounds ({machine}); memory: the largest of any run."
    return "\n".join([about, "", *tables.markdown()])


def write(found: str) -> None:
    """Put what was found between the two marks of docs/performance.md."""
    before, _, rest = DOC.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOC.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    found = measure(given.only or list(PARTS), given.rounds)
    if not given.only:
        write(found)


if __name__ == "__main__":
    main()
