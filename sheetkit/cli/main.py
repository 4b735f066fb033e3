"""The commands ``new templates check analyze demo``. Heavy rooms are imported by the command that needs
them."""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from sheetkit import __version__
from sheetkit.cli.shell import Commands, Option, complain
from sheetkit.cli.speech import Voice, show_findings, show_json, show_totals, tell
from sheetkit.errors import SheetkitError, UsageError
from sheetkit.messages import LANGS, text

SHOWN_FINDINGS = 20
option = partial(click.option, cls=Option)


def _as_of(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError("cli.bad_date", value=value) from None


_lang_option = option("--lang", expose_value=False, type=click.Choice(LANGS), help="cli.help.lang")
_as_of_option = option("--as-of", callback=_as_of, metavar="YYYY-MM-DD", help="cli.help.as_of")
_json_option = option("--json", "as_json", is_flag=True, help="cli.help.json")
_force_option = option("--force", is_flag=True, help="cli.help.force")
_output_option = option("-o", "--output", type=click.Path(path_type=Path), help="cli.help.output")
_strict_option = option("--strict", is_flag=True, help="cli.help.strict")


@click.group(cls=Commands, help="cli.help.main", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, cls=Option, help="cli.help.version", message=f"sheetkit {__version__}")
@_lang_option
def main() -> None:
    """The command line's root."""


@main.command(help="cli.help.templates")
@_lang_option
@_json_option
@click.pass_obj
def templates(voice: Voice, as_json: bool) -> None:
    """What there is to choose from."""
    from sheetkit.model.blueprint import blueprint, blueprint_names
    from sheetkit.pipeline.outcome import templates_json

    found = [blueprint(name) for name in blueprint_names()]
    if as_json:
        show_json(templates_json(found, voice.lang))
        return
    for one in found:
        click.echo(f"{one.key}\t{one.labels[voice.lang]}\t{one.about[voice.lang]}")


@main.command(help="cli.help.new")
@click.argument("template", default="xianyu")
@_output_option
@option("--sample", is_flag=True, help="cli.help.sample")
@option("--customers", type=int, default=500, show_default=True, help="cli.help.customers")
@option("--trades", type=int, default=5000, show_default=True, help="cli.help.trades")
@option("--contacts", type=int, default=5000, show_default=True, help="cli.help.contacts")
@_as_of_option
@_lang_option
@_force_option
@click.pass_obj
def new(
    voice: Voice,
    template: str,
    output: Path | None,
    sample: bool,
    customers: int,
    trades: int,
    contacts: int,
    as_of: date | None,
    force: bool,
) -> None:
    """A blank (or filled sample) workbook."""
    from sheetkit.model.blueprint import blueprint
    from sheetkit.pipeline.files import refuse_output, write_new
    from sheetkit.pipeline.new import new_workbook
    from sheetkit.writing.live.layout import Capacity

    chosen = blueprint(template)
    target = output or Path(f"{chosen.labels[voice.lang]}.xlsx")
    refuse_output(target, ".xlsx", force=force)
    room = Capacity(customers, trades, contacts)
    data = new_workbook(template, voice.lang, as_of or date.today(), capacity=room, with_sample=sample)
    write_new(target, data, force=force)
    tell("cli.new.done", voice.lang, path=target)
    click.echo(str(target))


@main.command(help="cli.help.check")
@click.argument("file", type=click.Path(path_type=Path))
@_strict_option
@_as_of_option
@_lang_option
@_json_option
@click.pass_context
def check(ctx: click.Context, file: Path, strict: bool, as_of: date | None, as_json: bool) -> None:
    """Only the findings."""
    from sheetkit.pipeline.check import check_file
    from sheetkit.pipeline.files import read_bytes
    from sheetkit.pipeline.outcome import check_json, problems_in

    voice: Voice = ctx.obj
    voice.file = file.name
    book = check_file(read_bytes(file), file.name, as_of=as_of, lang=voice.given)
    spoken = voice.follow(book.lang)
    problems = problems_in(book.findings)
    if as_json:
        show_json(check_json(book.totals, book.findings, spoken))
    else:
        show_totals(book.totals, spoken, err=False)
        show_findings(book.findings, spoken, err=False)
        click.echo(text("cli.check.done", spoken, count=problems))
    if strict and problems:
        ctx.exit(4)


@main.command(help="cli.help.analyze")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@_output_option
@_strict_option
@_as_of_option
@_lang_option
@_json_option
@_force_option
@click.pass_context
def analyze(
    ctx: click.Context,
    inputs: tuple[Path, ...],
    output: Path | None,
    strict: bool,
    as_of: date | None,
    as_json: bool,
    force: bool,
) -> None:
    """The same workbook, annotated."""
    if output and len(inputs) > 1:
        raise UsageError("cli.one_output")
    problems, code = 0, 0
    for source in inputs:
        voice = Voice(ctx.obj.lang, ctx.obj.given, source.name)
        try:
            answer = _analyze_one(voice, source, output, as_of, as_json, force)
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
) -> dict[str, Any]:
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
    outcome = analyze_file(
        data,
        source.name,
        as_of=as_of,
        lang=voice.given,
        progress=lambda step: tell(f"cli.step.{step}", voice.lang, name=source.name),
    )
    analysis = outcome.analysis
    spoken = voice.follow(analysis.lang)
    target = output or output_path(source, analysis.lang)
    kept = None
    if output:
        write_new(target, outcome.workbook, force=force)
    else:
        kept = write_keeping_old(target, outcome.workbook, analysis.lang)
    if not quiet:
        show_totals(analysis.totals, spoken, err=True)
        show_findings(analysis.findings, spoken, most=SHOWN_FINDINGS, err=True)
        if not outcome.grafted:
            tell("cli.converted", spoken, name=source.name)
    if kept:
        tell("cli.kept", spoken, path=kept)
    if not quiet:
        tell("cli.analyze.done", spoken, customers=analysis.customer_count, tasks=len(analysis.tasks))
    return analysis_json(analysis, str(target), spoken)


@main.command(help="cli.help.demo")
@click.argument("folder", default="sheetkit-demo", type=click.Path(path_type=Path))
@_lang_option
@click.pass_obj
def demo(voice: Voice, folder: Path) -> None:
    """Blank → filled sample → annotated, in one go."""
    from sheetkit.pipeline.demo import run_demo

    for step, path in run_demo(folder, voice.lang, date.today()):
        tell(f"cli.demo.{step}", voice.lang, path=path)
    tell("cli.demo.next", voice.lang)
    click.echo(str(folder))


if __name__ == "__main__":
    sys.exit(main())
