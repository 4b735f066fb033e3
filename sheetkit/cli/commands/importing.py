"""``sheetkit import``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
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
from sheetkit.cli.speech import Voice, show_findings, show_json, tell, tell_passed_over
from sheetkit.errors import Permit, UsageError
from sheetkit.messages import Lang

if TYPE_CHECKING:
    from sheetkit.intake.exports import Export
    from sheetkit.opc.encryption import Unlocked
    from sheetkit.pipeline.importing import Imported

SHOWN_FINDINGS = 10


@command("import", help="cli.help.import")
@click.argument("exports", nargs=-1, required=True, type=FILE)
@option("--into", metavar="BOOK", type=FILE, help="cli.help.into")
@output_option
@option("--platform", metavar="KEY", default="", help="cli.help.platform")
@option("--template", metavar="TEMPLATE", default="", help="cli.help.import_template")
@option("--dry-run", is_flag=True, help="cli.help.dry_run")
@password_option
@permit_options
@lang_option
@json_option
@force_option
@click.pass_context
def import_(
    ctx: click.Context,
    exports: tuple[Path, ...],
    into: Path | None,
    output: Path | None,
    platform: str,
    template: str,
    dry_run: bool,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """Platform orders into a workbook."""
    voice: Voice = ctx.obj
    if into is None and output is None:
        raise UsageError("import.where")
    if into is not None and template:
        raise UsageError("import.template_into")
    passwords = Passwords(password_stdin)
    call = _Call(voice, passwords, platform, given(ctx), force=force, dry_run=dry_run, quiet=as_json)
    if into is not None:
        done, written = call.into(exports, into, output)
    else:
        done, written = call.new(exports, output or Path(), template)
    if as_json:
        from sheetkit.pipeline.imported import import_json

        show_json(import_json(done, written, voice.lang))
    elif written:
        click.echo(written)


@dataclass(frozen=True)
class _Call:
    """What one call asks for, whichever workbook it goes into. ``opened``: the exports in the clear."""

    voice: Voice
    passwords: Passwords
    platform: str
    permits: frozenset[Permit]
    force: bool
    dry_run: bool
    quiet: bool
    opened: list[Unlocked] = field(default_factory=list)

    def into(self, paths: tuple[Path, ...], book: Path, output: Path | None) -> tuple[Imported, str]:
        """Into a workbook that is there; answers what was done and the file written, "" for none."""
        from sheetkit.opc.encryption import unlocked
        from sheetkit.pipeline.files import is_open, read_bytes, refuse_output, write_keeping_old, write_new
        from sheetkit.pipeline.importing import import_file

        data = read_bytes(book)
        if output:
            refuse_output(output, book.suffix.lower(), source=book, force=self.force)
        if is_open(book):
            tell("cli.open_elsewhere", self.voice.lang, name=book.name)
        exports = self._exports(paths)
        self.voice.file = book.name
        opened = unlocked(data, self.passwords.of(book.name, self.voice))
        done = permitted(
            self.permits,
            book.name,
            self.voice,
            lambda permits: import_file(
                opened.data, book.name, exports, lang=self.voice.given, permits=permits
            ),
        )
        spoken = self.voice.follow(done.lang)
        self._tell(done, spoken)
        if self.dry_run:
            tell("import.dry", spoken)
            return done, ""
        if done.workbook is None:
            tell("import.same" if output else "import.nothing", spoken, name=book.name)
            if output:
                write_new(output, data, force=self.force)
            return done, str(output) if output else ""
        sealed = opened.sealed(done.workbook)
        if output:
            write_new(output, sealed, force=self.force)
        else:
            kept = write_keeping_old(book, sealed, done.lang)
            if kept:
                tell("cli.kept", spoken, path=kept)
        tell("import.done", spoken)
        return done, str(output or book)

    def new(self, paths: tuple[Path, ...], output: Path, template: str) -> tuple[Imported, str]:
        """Into a new workbook."""
        from sheetkit.opc.encryption import sealed_as
        from sheetkit.pipeline.files import refuse_output, write_new
        from sheetkit.pipeline.importing import start_book

        refuse_output(output, ".xlsx", force=self.force)
        exports = self._exports(paths)
        lang = self.voice.given or exports[0].lang
        done = start_book(exports, template, lang, date.today())
        spoken = self.voice.follow(lang)
        self._tell(done, spoken)
        if not done.reach:
            tell("import.not_live", spoken)
        if self.dry_run or done.workbook is None:
            tell("import.dry", spoken)
            return done, ""
        write_new(output, sealed_as(self.opened, done.workbook), force=self.force)
        tell("import.started", spoken)
        return done, str(output)

    def _exports(self, paths: tuple[Path, ...]) -> list[Export]:
        from sheetkit.pipeline.files import read_bytes

        found = []
        for path in paths:
            if path.is_dir():
                found += self._folder(path)
            else:
                found.append(self._export(path, read_bytes(path)))
        return found

    def _folder(self, folder: Path) -> list[Export]:
        """The exports in a folder; other files there are left alone."""
        from sheetkit.pipeline.exports import files_of
        from sheetkit.pipeline.files import read_bytes

        found = []
        tell_passed_over(folder, self.voice.lang)
        for path in files_of(folder):
            try:
                found.append(self._export(path, read_bytes(path)))
            except UsageError as problem:
                if problem.key != "import.unknown":
                    raise
                tell("platform.left_alone", self.voice.lang, name=path.name)
        if not found:
            raise UsageError("platform.folder_empty", path=str(folder))
        return found

    def _export(self, path: Path, data: bytes) -> Export:
        from sheetkit.opc.encryption import unlocked
        from sheetkit.opc.zipped import is_zip, taken_out
        from sheetkit.pipeline.importing import read_one

        self.voice.file = path.name
        name = path.name
        if is_zip(data):
            inside = taken_out(data, self.passwords.of(path.name, self.voice))
            name, data = inside.name, inside.data
        opened = unlocked(data, self.passwords.of(path.name, self.voice))
        self.opened.append(opened)
        export = read_one(opened.data, name, platform=self.platform, lang=self.voice.given)
        if not self.quiet:
            lang = self.voice.given or export.lang
            show_findings(export.findings, lang, most=SHOWN_FINDINGS, more="cli.more_in_json", err=True)
        return export

    def _tell(self, done: Imported, lang: Lang) -> None:
        from sheetkit.pipeline.imported import sentences

        for one in sentences(done) if not self.quiet else ():
            tell(one.key, lang, **one.params)
