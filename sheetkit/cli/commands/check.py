"""``sheetkit check``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sheetkit.cli.options import (
    FILE,
    as_of_option,
    command,
    json_option,
    lang_option,
    option,
    password_option,
    strict_option,
)
from sheetkit.cli.passwords import Passwords
from sheetkit.cli.speech import Voice, show_findings, show_json, show_totals
from sheetkit.messages import text


@command(help="cli.help.check")
@click.argument("file", type=FILE)
@option("--platform", default="", metavar="KEY|my.toml", help="cli.help.as_platform")
@strict_option
@as_of_option
@password_option
@lang_option
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    platform: str,
    strict: bool,
    as_of: date | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Only the findings."""
    from sheetkit.opc.encryption import unlocked
    from sheetkit.pipeline.check import check_file
    from sheetkit.pipeline.files import read_bytes
    from sheetkit.pipeline.outcome import check_json, problems_in

    voice: Voice = ctx.obj
    voice.file = file.name
    opened = unlocked(read_bytes(file), Passwords(password_stdin).of(file.name, voice))
    book = check_file(opened.data, file.name, as_of=as_of, lang=voice.given, platform=platform)
    spoken = voice.follow(book.lang)
    problems = problems_in(book.findings)
    if as_json:
        show_json(check_json(book, spoken))
    else:
        with book.at_hand():
            show_totals(book.totals, book.blueprint, spoken, err=False)
        show_findings(book.findings, spoken, err=False)
        click.echo(text("cli.check.done", spoken, count=problems))
    if strict and problems:
        ctx.exit(4)
