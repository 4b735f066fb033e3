"""``sheetkit merge``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


@command(help="cli.help.merge")
@click.argument("books", type=FILE, nargs=-1)
@output_option
@option("--base", type=FILE, help="cli.help.merge_base")
@password_option
@permit_options
@lang_option
@json_option
@force_option
@click.pass_context
def merge(
    ctx: click.Context,
    books: tuple[Path, ...],
    output: Path | None,
    base: Path | None,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """Several people's copies of a workbook in one."""
    from sheetkit.errors import UsageError
    from sheetkit.opc.encryption import sealed_as, unlocked
    from sheetkit.pipeline.files import (
        is_open,
        merged_path,
        read_bytes,
        refuse_output,
        write_keeping_old,
        write_new,
    )
    from sheetkit.pipeline.merge import Named, merge_files
    from sheetkit.pipeline.merged import merge_json, sentences

    voice: Voice = ctx.obj
    if len(books) < 2:
        raise UsageError("merge.one_file")
    first = books[0]
    voice.file = first.name
    paths = [*books, *([base] if base else [])]
    read = [read_bytes(path) for path in paths]
    if output:
        for path in paths:
            refuse_output(output, merged_path(first, voice.lang).suffix, source=path, force=force)
    for path in paths:
        if is_open(path):
            tell("cli.open_elsewhere", voice.lang, name=path.name)
    passwords = Passwords(password_stdin)
    opened = []
    for path, data in zip(paths, read, strict=True):
        voice.file = path.name
        opened.append(unlocked(data, passwords.of(path.name, voice)))
    voice.file = first.name
    named = [Named(name, one.data) for name, one in zip(_names(paths), opened, strict=True)]
    ancestor = named.pop() if base else None
    done = permitted(
        given(ctx),
        first.name,
        voice,
        lambda permits: merge_files(named, base=ancestor, lang=voice.given, permits=permits),
    )
    spoken = voice.follow(done.lang)
    target = output or merged_path(first, done.lang)
    sealed = sealed_as(opened, done.workbook)
    if output:
        write_new(target, sealed, force=force)
    else:
        kept = write_keeping_old(target, sealed, done.lang)
        if kept:
            tell("cli.kept", spoken, path=kept)
    for one in sentences(done):
        tell(one.key, spoken, **one.params)
    if as_json:
        show_json(merge_json(done, str(target)))
    else:
        click.echo(str(target))


def _names(paths: Sequence[Path]) -> list[str]:
    """What each file is called: by its folder too where two have one name, and by a number if need be."""
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        names = [f"{path.absolute().parent.name}/{path.name}" for path in paths]
    return [
        name if name not in names[:at] else f"{name} ({names[:at].count(name) + 1})"
        for at, name in enumerate(names)
    ]
