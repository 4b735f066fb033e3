"""What was measured, as two Markdown tables: each aim with what was found, and each command's figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.timing import Measured

AIMS = "| work | against | aim | found | |\n|---|---|---|---|---|"
FIGURES = "| what | processor | clock | peak memory |\n|---|---|---|---|"


@dataclass(frozen=True)
class Aim:
    """One comparison: the work, what it is held against, the aim and what was found, both in words."""

    work: str
    against: str
    aim: str
    found: str
    reached: bool

    def __str__(self) -> str:
        said = "reached" if self.reached else "**not reached**"
        return f"| {self.work} | {self.against} | {self.aim} | {self.found} | {said} |"


@dataclass
class Tables:
    """Lines are printed as they are found."""

    aims: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def aim(self, one: Aim) -> None:
        self._say(self.aims, str(one))

    def figure(self, what: str, one: Measured, *, memory: bool = True) -> None:
        peak = f"{one.memory_mb:,.0f} MB" if memory else ""
        self._say(self.figures, f"| {what} | {_seconds(one.cpu)} | {_seconds(one.wall)} | {peak} |")

    def markdown(self) -> Iterator[str]:
        yield from (AIMS, *self.aims, "", FIGURES, *self.figures)

    def _say(self, lines: list[str], line: str) -> None:
        print(line, flush=True)
        lines.append(line)


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
