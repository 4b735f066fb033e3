"""What commands have in common: help in the reader's language, errors as one sentence and an exit code.

A traceback is shown only where ``SHEETKIT_DEBUG`` is set. What only a mistake needs is imported where it is
spoken of, so that every call starts sooner.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

import click

from sheetkit import __version__
from sheetkit.cli.interrupt import Interrupt
from sheetkit.cli.speech import Voice, system_lang
from sheetkit.errors import (
    NothingToAnalyse,
    NothingToFix,
    NothingToStrip,
    SheetkitError,
    UnreadableError,
    UsageError,
)
from sheetkit.messages import LANGS, Lang, text

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the number of the signal."""


_ABOUT_CONTENT = (UnreadableError, NothingToAnalyse, NothingToFix, NothingToStrip)


def said_lang(words: Sequence[str]) -> Lang | None:
    """The language that ``--lang`` asks for, wherever it stands among the words of the call."""
    for word, after in pairwise([*words, ""]):
        said = after if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and said in LANGS:
            return next(lang for lang in LANGS if lang == said)
    return None


def said(key: str | None, ctx: click.Context) -> str:
    """A help text in the language of the call; what is no key of the catalogue stays as it is."""
    return text(key, ctx.obj.lang) if key and key.startswith("cli.") else key or ""


class Option(click.Option):
    """An option whose help is a key of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's line in the help."""
        key = self.help
        self.help = said(key, ctx)
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = key


class Spoken(click.Command):
    """A command or group whose help is a key of the catalogue."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's sentence."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(said(self.help, ctx))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, itself explained in the language of the call."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("cli.help.help", ctx.obj.lang)
        return option


class Command(Spoken):
    """A command that says which word is one too many."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words of the call, none left over."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest:
            raise UsageError("cli.extra_words", words=" ".join(rest), command=ctx.command_path)
        return rest


class Commands(Spoken, click.Group):
    """The command group: whatever goes wrong becomes one sentence and an exit code."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its sentence."""
        with formatter.section(text("cli.help.commands", ctx.obj.lang)):
            formatter.write_dl([(name, said(one.help, ctx)) for name, one in self.commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command meant by the first word."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise _unknown("cli.no_command", args[0], list(self.commands))
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> NoReturn:
        """Run a command and end with its exit code."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a console of another encoding gets a ? rather than nothing
                stream.reconfigure(errors="replace")
        interrupt = Interrupt()
        if args is None:  # a process of our own
            interrupt.watch()
        words = list(sys.argv[1:] if args is None else args)
        given = said_lang(words)
        voice = Voice(given or system_lang(), given)
        more |= {"standalone_mode": False, "obj": voice}
        try:
            code = super().main(words, *rest, **more)
            interrupt.over()
        # the last net: a seller is never shown a traceback
        except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001
            interrupt.over()
            code = _answered(problem, voice, stopped=interrupt.pressed)
            interrupt.leave(code)
        sys.exit(code if isinstance(code, int) else 0)


def complain(problem: Exception, voice: Voice) -> int:
    """One sentence to standard error, after the file it is about; returns the exit code."""
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        click.echo(problem.format_message(), err=True)
        return UsageError.exit_code
    known = problem if isinstance(problem, SheetkitError) else _usage(problem)
    workbook = next((lang for lang in LANGS if lang == known.params.get("workbook_lang")), voice.lang)
    sentence = text(known.key, voice.lang if voice.given else workbook, **known.params)
    about_content = isinstance(known, _ABOUT_CONTENT) and "path" not in known.params
    click.echo(f"{voice.file}: {sentence}" if about_content else sentence, err=True)
    return known.exit_code


def _answered(problem: BaseException, voice: Voice, *, stopped: bool) -> int:
    """The sentence for whatever ended the call; returns the exit code."""
    match problem:
        case _ if stopped or isinstance(problem, click.Abort | KeyboardInterrupt):
            return _end(voice, "cli.stopped", STOPPED)
        case SheetkitError() | click.exceptions.ClickException():
            return complain(problem, voice)
        case MemoryError():
            return _end(voice, "cli.memory", UnreadableError.exit_code)
        case OSError(filename=None, strerror=str(what)):  # a file of ours has a name, a terminal has none
            return _end(voice, "cli.output_lost", SheetkitError.exit_code, problem=what)
    return _confess(problem, voice)


def _end(voice: Voice, key: str, code: int, **params: object) -> int:
    click.echo(text(key, voice.lang, **params), err=True)
    return code


def _confess(problem: BaseException, voice: Voice) -> int:
    if os.environ.get("SHEETKIT_DEBUG"):
        import traceback

        traceback.print_exception(problem)
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
    where = f"sheetkit {__version__}, Python {platform.python_version()}"
    click.echo(text("cli.internal", voice.lang, what=what, where=where), err=True)
    return SheetkitError.exit_code


def _unknown(key: str, word: str, known: Sequence[str]) -> UsageError:
    import difflib

    meant = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if meant:
        return UsageError(f"{key}_meant", word=word, meant=meant[0])
    return UsageError(key, word=word, known=", ".join(known))


def _usage(problem: Exception) -> UsageError:
    """What the words of the call got wrong, as an error with a sentence of ours."""
    match problem:
        case click.NoSuchOption(option_name=name, ctx=ctx):
            options = [one for param in ctx.command.get_params(ctx) for one in param.opts] if ctx else []
            return _unknown("cli.no_option", name, [one for one in options if one.startswith("--")])
        case click.MissingParameter(param=click.Parameter() as param):
            return UsageError("cli.missing", name=_name(param), command=_command(problem))
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return UsageError("cli.bad_choice", name=_name(param), choices=", ".join(map(str, choices)))
        case click.BadParameter(param=click.Parameter(type=click.types.IntParamType()) as param):
            return UsageError("cli.bad_whole", name=_name(param))
        case click.BadOptionUsage(option_name=name):
            return UsageError("cli.bad_option", name=name, command=_command(problem))
        case click.ClickException():
            return UsageError("cli.bad_call", problem=problem.format_message(), command=_command(problem))
    raise problem


def _name(param: click.Parameter) -> str:
    return param.opts[-1] if param.param_type_name == "option" else (param.name or "").upper()


def _command(problem: Exception) -> str:
    ctx = getattr(problem, "ctx", None)
    return ctx.command_path if ctx else "sheetkit"
