"""Whether a signature may be voided or a locked structure passed: said by a flag, or asked at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from sheetkit.cli.options import option
from sheetkit.cli.speech import Voice
from sheetkit.errors import NotPermitted, Permit
from sheetkit.messages import text

Result = TypeVar("Result")
_PERMITS: tuple[Permit, ...] = ("locked", "signed")


def permit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The flags ``--allow-signed`` and ``--allow-locked``; `given` tells which were used."""
    for permit in _PERMITS:
        flag = option(
            f"--allow-{permit}",
            is_flag=True,
            expose_value=False,
            callback=_noted(permit),
            help=f"cli.help.allow.{permit}",
        )
        function = flag(function)
    return function


def _noted(permit: Permit) -> Callable[[click.Context, click.Parameter, bool], None]:
    def note(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta.setdefault(__name__, set()).add(permit)

    return note


def given(ctx: click.Context) -> frozenset[Permit]:
    """What the call allows."""
    return frozenset(ctx.meta.get(__name__, ()))


def permitted(
    permits: frozenset[Permit], name: str, voice: Voice, work: Callable[[frozenset[Permit]], Result]
) -> Result:
    """Do a piece of work with these permits; where another is wanting and somebody can be asked, ask."""
    try:
        return work(permits)
    except NotPermitted as problem:
        if not _somebody_is_there():
            raise
        question = text(f"cli.ask.{problem.permit}", voice.lang, name=name)
        if not click.confirm(question, default=False, err=True):
            raise
        return permitted(permits | {problem.permit}, name, voice, work)


def _somebody_is_there() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
