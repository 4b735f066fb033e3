"""``sheetkit new`` beside the same cells written bare, the start of the program, and the live formulas."""

from __future__ import annotations

from pathlib import Path

from benchmarks.analyzing import RIVALS
from benchmarks.table import Aim, Tables
from benchmarks.timing import PYTHON, Command, run, side_by_side

SHEETKIT = Path(PYTHON).with_name("sheetkit")
"""The command as it is installed beside this Python."""


def new(tables: Tables, folder: Path, rounds: int) -> None:
    """A blank workbook of the default capacity beside its cells alone."""
    blank, bare = folder / "blank.xlsx", folder / "bare.xlsx"
    write: Command = (SHEETKIT, "new", "-o", blank, "--force")
    run(write)
    run((PYTHON, "-m", "benchmarks.template", "cells", blank, folder))
    commands = {
        "new": write,
        "once": (*RIVALS, "cells", folder / "once.pickle", bare),
        "each": (*RIVALS, "cells", folder / "each.pickle", bare),
    }
    found, once, each = side_by_side(commands, rounds).values()
    tables.figure("`sheetkit new`: blank, 500 customers, 5,000 trades, 5,000 contacts", found)
    tables.figure("xlsxwriter writes the same cells, a shared formula once, the cells below as values", once)
    tables.figure("xlsxwriter writes the same cells, every formula in full", each)
    for against, other in (("a shared formula once", once), ("every formula in full", each)):
        times = found.times(other)
        said = f"xlsxwriter writing the same cells bare, {against}"
        tables.aim(Aim("`sheetkit new`", said, "≤ 1.5 ×", f"{times}", times.cpu <= 1.5))


def start(tables: Tables, rounds: int) -> None:
    """The program's start beside the import that it cannot do without."""
    commands: dict[str, Command] = {
        "`python -c 'import click'`": (PYTHON, "-c", "import click"),
        "`sheetkit --help`": (SHEETKIT, "--help"),
        "`sheetkit --version`": (SHEETKIT, "--version"),
    }
    found = side_by_side(commands, rounds)
    for what, one in found.items():
        tables.figure(what, one)
    (click, floor), *asked = found.items()
    for what, one in asked:
        times = one.times(floor)
        tables.aim(Aim(what, click, "≤ 2 ×", f"{times}", times.cpu <= 2))


def recalculate(tables: Tables, folder: Path, rounds: int) -> None:
    """LibreOffice opens the default workbook, blank and full, and computes every formula anew: as long as a
    seller waits. What it writes is the first sheet as text."""
    profile, books = folder / "profile", {name: folder / f"{name}.xlsx" for name in ("blank", "full")}
    run((PYTHON, "-m", "benchmarks.template", "profile", profile))
    run((SHEETKIT, "new", "-o", books["blank"], "--force"))
    run((PYTHON, "-m", "benchmarks.template", "full", books["full"]))
    options = ("--headless", "--norestore", "--convert-to", "csv", "--outdir", folder)
    commands: dict[str, Command] = {
        name: ("soffice", f"-env:UserInstallation={profile.as_uri()}", *options, path)
        for name, path in books.items()
    }
    run(commands["blank"])  # the first use of a profile takes seconds
    found = side_by_side(commands, rounds)
    tables.figure("LibreOffice opens and computes the blank workbook", found["blank"], memory=False)
    tables.figure("LibreOffice opens and computes it with every row full", found["full"], memory=False)
