"""``sheetkit strip``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetkit.cli.options import FILE, command, force_option, lang_option, output_option, password_option
from sheetkit.cli.passwords import Passwords
from sheetkit.cli.permits import given, permit_options, permitted
from sheetkit.cli.speech import Voice, tell
from sheetkit.messages import Lang, listed, text

if TYPE_CHECKING:
    from sheetkit.pipeline.strip import Stripped


@command(help="cli.help.strip")
@click.argument("book", type=FILE)
@output_option
@password_option
@permit_options
@lang_option
@force_option
@click.pass_context
def strip(ctx: click.Context, book: Path, output: Path | None, password_stdin: bool, force: bool) -> None:
    """The seller's own workbook, without what was added."""
    from sheetkit.opc.encryption import unlocked
    from sheetkit.pipeline.files import (
        is_open,
        read_bytes,
        refuse_output,
        stripped_path,
        write_keeping_old,
        write_new,
    )
    from sheetkit.pipeline.strip import strip_file

    voice: Voice = ctx.obj
    voice.file = book.name
    data = read_bytes(book)
    if output:
        refuse_output(output, stripped_path(book, voice.lang).suffix, source=book, force=force)
    if is_open(book):
        tell("cli.open_elsewhere", voice.lang, name=book.name)
    opened = unlocked(data, Passwords(password_stdin).of(book.name, voice))
    stripped = permitted(
        given(ctx),
        book.name,
        voice,
        lambda permits: strip_file(opened.data, book.name, lang=voice.given, permits=permits),
    )
    spoken = voice.follow(stripped.lang)
    target = output or stripped_path(book, stripped.lang)
    kept = None
    if output:
        write_new(target, opened.sealed(stripped.workbook), force=force)
    else:
        kept = write_keeping_old(target, opened.sealed(stripped.workbook), stripped.lang)
    _tell(stripped, book.name, spoken)
    if kept:
        tell("cli.kept", spoken, path=kept)
    done = "cli.strip.done" if stripped.removed else "cli.strip.done_marks"
    tell(done, spoken, sheets=listed(stripped.removed))
    click.echo(str(target))


def _tell(stripped: Stripped, name: str, lang: Lang) -> None:
    tell("cli.strip.exact" if stripped.exact else "cli.strip.resaved", lang)
    if stripped.fixes:
        tell("cli.strip.fixes", lang, name=name, count=stripped.fixes)
    if stripped.typed:
        places = [
            text("cli.strip.rows" if rows else "cli.strip.drawn", lang, sheet=sheet, rows=rows)
            for sheet, rows in stripped.typed.items()
        ]
        tell("cli.strip.typed", lang, name=name, places=listed(places))
