"""``sheetkit fix``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetkit.cli.options import (
    FILE,
    command,
    force_option,
    json_option,
    lang_option,
    option,
    output_option,
    password_option,
)
from sheetkit.cli.passwords import Passwords
from sheetkit.cli.permits import given, permit_options, permitted
from sheetkit.cli.speech import Voice, show_json, show_totals, tell
from sheetkit.messages import Lang, text

if TYPE_CHECKING:
    from sheetkit.pipeline.fix import Fixed

_SHOWN = 20


@command(help="cli.help.fix")
@click.argument("book", type=FILE)
@output_option
@option("--dry-run", is_flag=True, help="cli.help.dry_run")
@password_option
@permit_options
@lang_option
@json_option
@force_option
@click.pass_context
def fix(
    ctx: click.Context,
    book: Path,
    output: Path | None,
    dry_run: bool,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """The annotated workbook with the accepted suggestions in its cells."""
    from sheetkit.opc.encryption import unlocked
    from sheetkit.pipeline.files import (
        fixed_path,
        is_open,
        read_bytes,
        refuse_output,
        write_keeping_old,
        write_new,
    )
    from sheetkit.pipeline.fix import fix_file
    from sheetkit.pipeline.fixed import fix_json

    voice: Voice = ctx.obj
    voice.file = book.name
    data = read_bytes(book)
    if output:
        refuse_output(output, fixed_path(book, voice.lang).suffix, source=book, force=force)
    if is_open(book):
        tell("cli.open_elsewhere", voice.lang, name=book.name)
    opened = unlocked(data, Passwords(password_stdin).of(book.name, voice))
    done = permitted(
        given(ctx),
        book.name,
        voice,
        lambda permits: fix_file(opened.data, book.name, lang=voice.given, permits=permits, dry_run=dry_run),
    )
    spoken = voice.follow(done.lang)
    target = output or fixed_path(book, done.lang)
    written = ""
    if done.outcome is not None:
        written, sealed = str(target), opened.sealed(done.outcome.workbook)
        kept = None
        if output:
            write_new(target, sealed, force=force)
        else:
            kept = write_keeping_old(target, sealed, done.lang)
        if kept:
            tell("cli.kept", spoken, path=kept)
    if as_json:
        show_json(fix_json(done, written, spoken))
        return
    _tell(done, spoken, dry_run=dry_run)
    if written:
        click.echo(written)


def _tell(done: Fixed, lang: Lang, *, dry_run: bool) -> None:
    from sheetkit.pipeline.fixed import left_words

    for one in done.mended[:_SHOWN]:
        click.echo(text("fix.one", lang, where=one.where, old=one.old, new=one.new), err=True)
    if len(done.mended) > _SHOWN:
        tell("fix.more", lang, count=len(done.mended) - _SHOWN)
    for left in done.left:
        click.echo(left_words(left, lang), err=True)
    if done.outcome is not None:
        analysis = done.outcome.analysis
        with analysis.at_hand():
            show_totals(analysis.totals, analysis.blueprint, lang, err=True)
        tell("cli.fix.done", lang, count=len(done.mended))
    elif dry_run:
        tell("cli.fix.dry_run", lang, count=len(done.mended))
    else:
        tell("cli.fix.nothing", lang)
