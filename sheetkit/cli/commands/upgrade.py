"""``sheetkit upgrade``."""

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
from sheetkit.cli.speech import Voice, show_json, tell
from sheetkit.messages import Lang

if TYPE_CHECKING:
    from sheetkit.pipeline.upgrade import Upgraded


@command(help="cli.help.upgrade")
@click.argument("book", type=FILE)
@output_option
@option("--to", metavar="TEMPLATE", help="cli.help.to")
@option("--with", "tables", default="", metavar="TABLES", help="cli.help.with")
@password_option
@permit_options
@lang_option
@json_option
@force_option
@click.pass_context
def upgrade(
    ctx: click.Context,
    book: Path,
    output: Path | None,
    to: str | None,
    tables: str,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """The same workbook with what a newer template has beside."""
    from sheetkit.opc.encryption import unlocked
    from sheetkit.pipeline.files import (
        is_open,
        read_bytes,
        refuse_output,
        upgraded_path,
        write_keeping_old,
        write_new,
    )
    from sheetkit.pipeline.upgrade import upgrade_file
    from sheetkit.pipeline.upgraded import upgrade_json

    voice: Voice = ctx.obj
    voice.file = book.name
    data = read_bytes(book)
    if output:
        refuse_output(output, upgraded_path(book, voice.lang).suffix, source=book, force=force)
    if is_open(book):
        tell("cli.open_elsewhere", voice.lang, name=book.name)
    opened = unlocked(data, Passwords(password_stdin).of(book.name, voice))
    more = [one.strip() for one in tables.replace("\uff0c", ",").split(",") if one.strip()]
    done = permitted(
        given(ctx),
        book.name,
        voice,
        lambda permits: upgrade_file(
            opened.data, book.name, to=to, more=more, lang=voice.given, permits=permits
        ),
    )
    spoken = voice.follow(done.lang)
    target = output or upgraded_path(book, done.lang)
    if done.workbook is None:
        label = done.template.labels[spoken]
        tell("cli.upgrade.nothing", spoken, name=book.name, template=label, version=done.now[1])
    elif output:
        write_new(target, opened.sealed(done.workbook), force=force)
    else:
        kept = write_keeping_old(target, opened.sealed(done.workbook), done.lang)
        if kept:
            tell("cli.kept", spoken, path=kept)
    written = "" if done.workbook is None else str(target)
    _tell(done, spoken)
    if as_json:
        show_json(upgrade_json(done, written))
    elif written:
        click.echo(written)


def _tell(done: Upgraded, lang: Lang) -> None:
    from sheetkit.pipeline.upgraded import sentences

    if done.workbook is not None and done.before != done.now:
        (before, old), (now, new) = done.before, done.now
        tell("cli.upgrade.versions", lang, before=before, old=old, now=now, new=new)
    if done.workbook is not None:
        for one in sentences(done):
            tell(one.key, lang, **one.params)
        tell("cli.upgrade.done", lang)
