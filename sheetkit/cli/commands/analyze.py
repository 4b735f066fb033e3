"""``sheetkit analyze``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from sheetkit.cli.options import (
    FILE,
    as_of_option,
    command,
    force_option,
    json_option,
    lang_option,
    output_option,
    password_option,
    strict_option,
)
from sheetkit.cli.passwords import Passwords
from sheetkit.cli.permits import given, permit_options, permitted
from sheetkit.cli.shell import complain
from sheetkit.cli.speech import Voice, show_findings, show_json, show_totals, tell
from sheetkit.errors import Permit, SheetkitError, UsageError

SHOWN_FINDINGS = 20


@command(help="cli.help.analyze")
@click.argument("inputs", nargs=-1, required=True, type=FILE)
@output_option
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
    strict: bool,
    as_of: date | None,
    password_stdin: bool,
    as_json: bool,
    force: bool,
) -> None:
    """The same workbook, annotated."""
    if output and len(inputs) > 1:
        raise UsageError("cli.one_output")
    problems, code = 0, 0
    passwords = Passwords(password_stdin)
    for source in inputs:
        voice = Voice(ctx.obj.lang, ctx.obj.given, source.name)
        try:
            answer = _analyze_one(voice, source, output, as_of, as_json, force, passwords, given(ctx))
        except SheetkitError as problem:  # the other files are analysed all the same
            code = code or complain(problem, voice)
            continue
        problems += sum(one["severity"] != "info" for one in answer["findings"])
        if as_json:
            show_json(answer, one_line=len(inputs) > 1)
        else:
            click.echo(answer["output"])
    ctx.exit(code or (4 if strict and problems else 0))


def _analyze_one(
    voice: Voice,
    source: Path,
    output: Path | None,
    as_of: date | None,
    quiet: bool,
    force: bool,
    passwords: Passwords,
    permits: frozenset[Permit],
) -> dict[str, Any]:
    from sheetkit.model.overlay import using
    from sheetkit.opc.encryption import unlocked
    from sheetkit.pipeline.analyze import analyze_file
    from sheetkit.pipeline.files import (
        is_open,
        output_path,
        read_bytes,
        refuse_output,
        write_keeping_old,
        write_new,
    )
    from sheetkit.pipeline.outcome import analysis_json

    data = read_bytes(source)
    if output:
        refuse_output(output, output_path(source, voice.lang).suffix, source=source, force=force)
    if is_open(source):
        tell("cli.open_elsewhere", voice.lang, name=source.name)
    opened = unlocked(data, passwords.of(source.name, voice))
    outcome = permitted(
        permits,
        source.name,
        voice,
        lambda permits: analyze_file(
            opened.data,
            source.name,
            as_of=as_of,
            lang=voice.given,
            permits=permits,
            progress=lambda step: tell(f"cli.step.{step}", voice.lang, name=source.name),
        ),
    )
    analysis = outcome.analysis
    spoken = voice.follow(analysis.lang)
    target = output or output_path(source, analysis.lang)
    sealed = opened.sealed(outcome.workbook)
    kept = None
    if output:
        write_new(target, sealed, force=force)
    else:
        kept = write_keeping_old(target, sealed, analysis.lang)
    if not quiet:
        with using(analysis.own):
            show_totals(analysis.totals, analysis.blueprint, spoken, err=True)
        show_findings(analysis.findings, spoken, most=SHOWN_FINDINGS, err=True)
        if not outcome.grafted:
            tell("cli.converted", spoken, name=source.name)
    if kept:
        tell("cli.kept", spoken, path=kept)
    if not quiet:
        tell("cli.analyze.done", spoken, customers=analysis.customer_count, tasks=len(analysis.tasks))
    return analysis_json(analysis, str(target), spoken)
