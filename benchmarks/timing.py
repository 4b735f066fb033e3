"""Commands run one after the other, several rounds of all of them, each in a process of its own.

What is compared is measured in the same round, so that a busy machine is busy for all. Processor time and
peak memory of a process are what ``wait4`` says of it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Run:
    """One process: seconds on the clock, seconds of processor, peak memory in MB."""

    wall: float
    cpu: float
    memory_mb: float


@dataclass(frozen=True)
class Measured:
    """The runs of one command, a round each."""

    runs: Sequence[Run]

    @property
    def wall(self) -> float:
        return statistics.median(one.wall for one in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(one.cpu for one in self.runs)

    @property
    def memory_mb(self) -> float:
        return max(one.memory_mb for one in self.runs)

    def times(self, other: Measured) -> Times:
        """How many times the other it takes, the median of the rounds."""
        return Times(self._times(other, lambda one: one.cpu), self._times(other, lambda one: one.wall))

    def _times(self, other: Measured, of: Callable[[Run], float]) -> float:
        return statistics.median(
            of(mine) / of(theirs) for mine, theirs in zip(self.runs, other.runs, strict=True)
        )


@dataclass(frozen=True)
class Times:
    """A ratio by processor time, which a busy machine changes least, and by the clock."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{_digits(self.cpu)} × ({_digits(self.wall)} × by the clock)"


def _digits(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


def run(command: Command) -> Run:
    """The command to its end; raises RuntimeError with what it said where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}: {said}")
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Run(wall, used.ru_utime + used.ru_stime, peak)


def side_by_side(commands: Mapping[str, Command], rounds: int) -> dict[str, Measured]:
    """Every command ``rounds`` times, in turns."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: Measured(found) for name, found in runs.items()}
