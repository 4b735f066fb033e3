"""``make bench``: measures, prints the table and writes it into docs/performance.md.

``--large`` adds a million trades (many minutes, and gigabytes for the script).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from benchmarks.timing import ROOT, Measured, run, side_by_side

DOC = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PYTHON = sys.executable
SHEETKIT = (PYTHON, "-m", "sheetkit.cli.main")
RIVALS = (PYTHON, "-m", "benchmarks.rivals")
LARGE = 1_000_000
AS_OF = "2026-03-01"
"""The day after the last trade that ``benchmarks.books`` writes."""


def analyze(folder: Path, trades: int, rounds: int) -> Iterator[str]:
    """The whole command beside a bare read, and beside the obvious script, of the same file."""
    source = folder / f"{trades}.xlsx"
    run((PYTHON, "-m", "benchmarks.books", source, str(trades)))
    target = folder / "ours.xlsx"
    found = side_by_side(
        {
            "read": (*RIVALS, "read", source),
            "ours": (*SHEETKIT, "analyze", source, "-o", target, "--force", "--as-of", AS_OF),
            "script": (*RIVALS, "script", source, folder / "theirs.xlsx", AS_OF),
        },
        rounds,
    )
    size = f"{trades:,} trades, {trades // 8:,} customers"
    read, ours, script = found.values()
    yield _line(f"{size}: python-calamine reads every cell", read, "")
    yield _line(f"{size}: `sheetkit analyze`", ours, _times(ours, read))
    yield _line(f"{size}: pandas + openpyxl script", script, _times(script, read))


def new(folder: Path, rounds: int) -> Iterator[str]:
    """A blank workbook of the default capacity beside its cells alone; and the start of the program."""
    blank, bare = folder / "blank.xlsx", folder / "bare.xlsx"
    run((*SHEETKIT, "new", "-o", blank, "--force"))
    run((PYTHON, "-m", "benchmarks.template", "cells", blank, folder / "cells.pickle"))
    found = side_by_side(
        {
            "cells": (*RIVALS, "cells", folder / "cells.pickle", bare),
            "new": (*SHEETKIT, "new", "-o", blank, "--force"),
            "click": (PYTHON, "-c", "import click"),
            "help": (*SHEETKIT, "--help"),
        },
        rounds,
    )
    yield _line("xlsxwriter writes the same cells without a format", found["cells"], "")
    yield _line("`sheetkit new`", found["new"], _times(found["new"], found["cells"]))
    yield _line("`python -c 'import click'`", found["click"], "")
    yield _line("`sheetkit --help`", found["help"], _times(found["help"], found["click"]))


def recalculate(folder: Path, rounds: int) -> Iterator[str]:
    """LibreOffice opens, computes every formula anew and saves: the default workbook, full and blank."""
    full, blank = folder / "full.xlsx", folder / "blank.xlsx"
    run((PYTHON, "-m", "benchmarks.template", "full", full))
    command = "import sys, pathlib, tests.tools as t; t.recalculate(*map(pathlib.Path, sys.argv[1:]))"
    (folder / "out").mkdir()
    commands = {path.stem: (PYTHON, "-c", command, path, folder / "out") for path in (blank, full)}
    found = side_by_side(commands, max(1, rounds // 2))
    yield _line("LibreOffice recalculates the blank workbook", found["blank"], "", memory=False)
    label = "LibreOffice recalculates it full: 500 customers, 5,000 trades, 5,000 contacts"
    yield _line(label, found["full"], _times(found["full"], found["blank"]), memory=False)


def _times(one: Measured, other: Measured) -> str:
    """How many times as long: by processor time, which a busy machine changes least, and by the clock."""
    return f"{one.cpu / other.cpu:.1f} × ({one.wall / other.wall:.1f} × by the clock)"


def _line(what: str, one: Measured, ratio: str, *, memory: bool = True) -> str:
    peak = f"{one.memory_mb:,.0f} MB" if memory else ""
    return f"| {what} | {one.wall:.2f} s | {one.cpu:.2f} s | {peak} | {ratio} |"


def table(sizes: Sequence[int], rounds: int) -> str:
    """Everything measured, as Markdown."""
    head = ["| what | clock | processor | peak memory | ratio |", "|---|---|---|---|---|"]
    print(*head, sep="\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list(analyze(folder, 80, 1))  # modules compiled, programs in the file cache
        found = [analyze(folder, size, rounds if size < LARGE else 1) for size in sizes]
        lines = []
        for line in chain(*found, new(folder, rounds), recalculate(folder, rounds)):
            print(line, flush=True)
            lines.append(line)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    about = f"Medians of {rounds} rounds ({machine}); memory: the largest of any run."
    return "\n".join([about, "", *head, *lines])


def write(found: str) -> None:
    """Put the table between the two marks of docs/performance.md."""
    before, _, rest = DOC.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOC.write_text(f"{before}{BEGIN}\n\n{found}\n\n{END}{after}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--large", action="store_true", help="a million trades as well")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    write(table([10_000, 100_000, *([LARGE] if given.large else [])], given.rounds))


if __name__ == "__main__":
    main()
