"""``sheetkit analyze``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sheetkit.cli.options import (
    FILE,
    as_of_option,
    command,
    force_option,
    json_option,
    lang_option,
    option,
    output_option,
    password_option,
    strict_option,
)
from sheetkit.cli.passwords import Passwords
from sheetkit.cli.permits import given, permit_options, permitted
from sheetkit.cli.shell import complain
from sheetkit.cli.speech import Voice, show_findings, show_json, show_totals, tell, tell_passed_over
from sheetkit.errors import Permit, SheetkitError, UsageError
from sheetkit.messages import listed

if TYPE_CHECKING:  # help needs no book
    from sheetkit.intake.exports import Export
    from sheetkit.opc.encryption import Unlocked
    from sheetkit.pipeline.outcome import Outcome

SHOWN_FINDINGS = 20


@command(help="cli.help.analyze")
@click.argument("inputs", nargs=-1, required=True, type=FILE)
@output_option
@option("--platform", default="", metavar="KEY|my.toml", help="cli.help.as_platform")
@strict_option
@as_of_option
@password_option
@permit_options
@lang_option
@json_option
@force_option
@click.pass_context
def analyze(
    ctx: click.Context,
    inputs: tuple[Path, ...],
    output: Path | None,
    platform: str,
    strict: bool,
    as_of: date | None,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """The same workbook, annotated; exports of platforms become one new workbook."""
    from sheetkit.model.platforms import named_platform

    run = _Run(ctx.obj, output, platform, as_of, as_json, force, Passwords(password_stdin), given(ctx))
    if platform:
        named_platform(platform)  # a mistake in it is about no file
    run.several = len(inputs) > 1
    if output and run.several and not all(path.exists() for path in inputs):
        raise UsageError("cli.one_output")  # whether they are exports, which would be joined, nobody knows
    for path in inputs:
        run.take(path)
    run.finish()
    ctx.exit(run.code or (4 if strict and run.problems else 0))


@dataclass
class _File:
    """A file of the call in the clear; ``export``: what it holds where it comes from a platform."""

    path: Path
    opened: Unlocked
    export: Export | None = None


@dataclass
class _Job:
    """What becomes one workbook: a workbook, or all exports together. ``folder``: the one they stand in."""

    files: list[_File]
    folder: Path | None = None

    @property
    def source(self) -> Path:
        """What the result is named after."""
        return self.folder / f"{self.folder.name}.xlsx" if self.folder else self.files[0].path

    @property
    def exports(self) -> list[Export]:
        """What its files hold, where they are exports."""
        return [one.export for one in self.files if one.export]


@dataclass
class _Run:
    """One call: its options, and how it went so far."""

    voice: Voice
    output: Path | None
    platform: str
    as_of: date | None
    as_json: bool
    force: bool
    passwords: Passwords
    permits: frozenset[Permit]
    problems: int = 0
    code: int = 0
    several: bool = False
    together: _Job = field(default_factory=lambda: _Job([]))

    def voice_of(self, name: str) -> Voice:
        """A voice about one file."""
        return Voice(self.voice.lang, self.voice.given, name)

    def take(self, path: Path) -> None:
        """A workbook is analysed at once; exports wait for the others."""
        from sheetkit.pipeline.exports import files_of

        inside = path.is_dir()
        try:
            names = files_of(path) if inside else [path]
            if inside:
                tell_passed_over(path, self.voice.lang)
        except SheetkitError as problem:
            self._complain(problem, path.name)
            return
        before = len(self.together.files)
        for one in names:
            try:
                self._take_file(one, path.resolve() if inside else None)
            except UsageError as problem:
                if problem.key == "cli.one_output_of":
                    raise
                self._complain(problem, one.name)
            except SheetkitError as problem:  # the other files are analysed all the same
                self._complain(problem, one.name)
        if inside and len(self.together.files) == before:
            self._complain(UsageError("platform.folder_empty", path=str(path)), path.name)

    def _take_file(self, path: Path, folder: Path | None) -> None:
        from sheetkit.intake.exports import read_export

        voice = self.voice_of(path.name)
        opened = self._opened(path, voice)
        export = read_export(opened.data, path.name, lang=voice.given, platform=self.platform)
        file = _File(path, opened, export)
        if file.export is not None:
            if not self.together.files:
                self.together.folder = folder
            self.together.files.append(file)
        elif folder is not None:
            tell("platform.left_alone", voice.lang, name=path.name)
        elif self.output and self.several:
            raise UsageError("cli.one_output_of", name=path.name)
        else:
            self._do(_Job([file]))

    def finish(self) -> None:
        """The exports, all together."""
        if self.together.files:
            try:
                self._do(self.together)
            except SheetkitError as problem:
                self._complain(problem, self.together.source.name)

    def _opened(self, path: Path, voice: Voice) -> Unlocked:
        from sheetkit.opc.encryption import unlocked
        from sheetkit.pipeline.files import output_path, read_bytes, refuse_output

        data = read_bytes(path)
        if self.output:
            ending = output_path(path, voice.lang).suffix
            refuse_output(self.output, ending, source=path, force=self.force)
        return unlocked(data, self.passwords.of(path.name, voice))

    def _complain(self, problem: SheetkitError, name: str) -> None:
        self.code = self.code or complain(problem, self.voice_of(name))

    def _do(self, job: _Job) -> None:
        """One workbook made and placed."""
        answer = self._answer(job)
        self.problems += sum(one["severity"] != "info" for one in answer["findings"])
        if self.as_json:
            show_json(answer, one_line=self.several)
        else:
            click.echo(answer["output"])

    def _answer(self, job: _Job) -> dict[str, Any]:
        from sheetkit.opc.encryption import sealed_as
        from sheetkit.pipeline.files import is_open, output_path, write_keeping_old, write_new
        from sheetkit.pipeline.outcome import analysis_json

        voice = self.voice_of(job.source.name)
        if not job.exports and is_open(job.source):
            tell("cli.open_elsewhere", voice.lang, name=job.source.name)
        outcome = self._exports(job, voice) if job.exports else self._workbook(job.files[0], voice)
        analysis = outcome.analysis
        spoken = voice.follow(analysis.lang)
        target = self.output or output_path(job.source, analysis.lang, kept=not job.exports)
        sealed = sealed_as([one.opened for one in job.files], outcome.workbook)
        kept = None
        if self.output:
            write_new(target, sealed, force=self.force)
        else:
            kept = write_keeping_old(target, sealed, analysis.lang)
        if not self.as_json:
            with analysis.at_hand():
                show_totals(analysis.totals, analysis.blueprint, spoken, err=True)
            show_findings(analysis.findings, spoken, most=SHOWN_FINDINGS, err=True)
            if job.exports:
                tell("platform.converted", spoken, count=len(job.exports))
            elif not outcome.grafted:
                tell("cli.converted", spoken, name=job.source.name)
        if kept:
            tell("cli.kept", spoken, path=kept)
            if job.exports:
                tell("platform.started_anew", spoken, name=target.name)
        if not self.as_json:
            counts = {"customers": analysis.customer_count, "tasks": len(analysis.tasks)}
            tell("cli.analyze.done", spoken, **counts)
        return analysis_json(analysis, str(target), spoken)

    def _exports(self, job: _Job, voice: Voice) -> Outcome:
        from sheetkit.pipeline.exports import analyze_exports

        tell("cli.step.read", voice.lang, name=listed(one.path.name for one in job.files))
        return analyze_exports(
            job.exports,
            as_of=self.as_of,
            lang=voice.given,
            progress=lambda step: tell(f"cli.step.{step}", voice.lang, name=job.source.name),
        )

    def _workbook(self, file: _File, voice: Voice) -> Outcome:
        from sheetkit.pipeline.analyze import analyze_file

        name = file.path.name
        return permitted(
            self.permits,
            name,
            voice,
            lambda permits: analyze_file(
                file.opened.data,
                name,
                as_of=self.as_of,
                lang=voice.given,
                permits=permits,
                progress=lambda step: tell(f"cli.step.{step}", voice.lang, name=name),
            ),
        )
