"""``sheetkit analyze`` beside a bare read and a script, at growing sizes, and with more to carry along."""

from __future__ import annotations

from pathlib import Path

from benchmarks.table import Aim, Tables
from benchmarks.timing import PYTHON, Command, Measured, run, side_by_side

RIVALS = (PYTHON, "-m", "benchmarks.rivals")
AS_OF = "2026-03-01"
"""The day after the last trade that ``benchmarks.books`` writes."""
SMALL, MEDIUM, LARGE = 10_000, 100_000, 1_000_000
FEW, MANY = (6, 20), (60, 200)
"""Other sheets and pictures in the file."""


def book(folder: Path, trades: int) -> Path:
    """A workbook of so many trades, written once."""
    path = folder / f"{trades}.xlsx"
    if not path.exists():
        run((PYTHON, "-m", "benchmarks.books", path, str(trades)))
    return path


def ours(source: Path) -> Command:
    target = source.with_name(f"{source.stem}-ours.xlsx")
    return (PYTHON, "-m", "sheetkit.cli.main", "analyze", source, "-o", target, "--force", "--as-of", AS_OF)


def warm_up(folder: Path) -> None:
    """Modules are compiled, programs come into the file cache."""
    source = book(folder, 80)
    for command in (ours(source), (*RIVALS, "script", source, source.with_name("script.xlsx"), AS_OF)):
        run(command)


def beside_others(tables: Tables, folder: Path, trades: int, rounds: int) -> None:
    """The whole command beside a bare read, and beside the obvious script, of the same file."""
    source = book(folder, trades)
    commands = {
        "read": (*RIVALS, "read", source),
        "ours": ours(source),
        "script": (*RIVALS, "script", source, source.with_name("script.xlsx"), AS_OF),
    }
    read, whole, script = side_by_side(commands, rounds).values()
    size = f"{trades:,} trades"
    tables.figure(f"{size}, {trades // 8:,} customers: python-calamine reads every cell", read)
    tables.figure(f"{size}: `sheetkit analyze`", whole)
    tables.figure(f"{size}: pandas + openpyxl script", script)
    if trades != MEDIUM:
        return
    work, slower, faster = f"`sheetkit analyze`, {size}", whole.times(read), script.times(whole)
    share = whole.memory_mb / script.memory_mb
    tables.aim(Aim(work, "python-calamine's bare read", "≤ 2.5 ×", f"{slower}", slower.cpu <= 2.5))
    tables.aim(Aim("the same", "pandas + openpyxl script", "≥ 15 × faster", f"{faster}", faster.cpu >= 15))
    tables.aim(Aim("the same, memory", "the same script", "≤ 50 %", f"{share:.0%}", share <= 0.5))


def growing(tables: Tables, folder: Path, rounds: int) -> None:
    """A million trades beside a hundred thousand."""
    sources = {trades: book(folder, trades) for trades in (MEDIUM, LARGE)}
    commands: dict[str, Command] = {str(trades): ours(source) for trades, source in sources.items()}
    read: Command = (*RIVALS, "read", sources[LARGE])
    medium, large, bare = side_by_side({**commands, "read": read}, rounds).values()
    size = f"{LARGE:,} trades, {LARGE // 8:,} customers"
    tables.figure(f"{size}: python-calamine reads every cell", bare)
    tables.figure(f"{size}: `sheetkit analyze`", large)
    longer, memory = large.times(medium), large.memory_mb / medium.memory_mb
    work, against = f"{LARGE:,} trades", f"{MEDIUM:,}"
    tables.aim(Aim(f"{work}, time", against, "≤ 11 ×", f"{longer}", longer.cpu <= 11))
    tables.aim(Aim(f"{work}, memory", against, "≤ 12 ×", f"{memory:.1f} ×", memory <= 12))


def carrying(tables: Tables, folder: Path, rounds: int) -> None:
    """Ten times as many other sheets and pictures in the file, beside copies of the same files."""
    files = {}
    for sheets, pictures in (FEW, MANY):
        path = files[sheets, pictures] = folder / f"carried-{sheets}.xlsx"
        run((PYTHON, "-m", "benchmarks.carried", path, str(SMALL), str(sheets), str(pictures)))
    added_mb = (files[MANY].stat().st_size - files[FEW].stat().st_size) / 1e6
    commands: dict[str, Command] = {}
    for size, path in files.items():
        commands[f"ours {size}"] = ours(path)
        for way in ("copy", "repack", "read"):
            commands[f"{way} {size}"] = (*RIVALS, way, path, path.with_name("copy"))
    found = side_by_side(commands, rounds)
    said = {
        "ours": "`sheetkit analyze`",
        "copy": "the file copied",
        "repack": "its parts copied with `zipfile`",
        "read": "python-calamine reads every cell",
    }
    growth: dict[str, float] = {}
    for way, words in said.items():
        few, many = (found[f"{way} {size}"] for size in (FEW, MANY))
        growth[way] = _growth(few, many)
        for (sheets, pictures), one in ((FEW, few), (MANY, many)):
            tables.figure(f"{SMALL:,} trades, {sheets} other sheets, {pictures} pictures: {words}", one)
    each = {way: f"{max(0, round(1000 * seconds / added_mb))} ms" for way, seconds in growth.items()}
    tables.aim(
        Aim(
            f"{MANY[0]} other sheets and {MANY[1]} pictures, {added_mb:.0f} MB more",
            f"{FEW[0]} and {FEW[1]}",
            "only the copy grows",
            f"{each['ours']} more a MB; `zipfile` copies it in {each['repack']}, the disk in {each['copy']}",
            growth["ours"] <= growth["repack"],
        )
    )


def _growth(few: Measured, many: Measured) -> float:
    """Seconds of processor that the larger file takes longer, the median of the rounds."""
    longer = sorted(two.cpu - one.cpu for one, two in zip(few.runs, many.runs, strict=True))
    return longer[len(longer) // 2]
