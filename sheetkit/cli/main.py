"""The commands ``new templates check analyze demo``. Heavy rooms are imported by the command that needs
them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from sheetkit import __version__
from sheetkit.cli.speech import show_findings, show_totals, system_lang, tell
from sheetkit.errors import SheetkitError, UsageError
from sheetkit.messages import LANGS, Lang, text

Command = TypeVar("Command", bound=Callable[..., Any])
HERE = system_lang()


class Commands(click.Group):
    """The command group: our own errors become one sentence and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a person can mend is said in a sentence."""
        try:
            return super().invoke(ctx)
        except SheetkitError as problem:
            click.echo(text(problem.key, ctx.obj or HERE, **problem.params), err=True)
            ctx.exit(problem.exit_code)
        except MemoryError:
            click.echo(text("cli.memory", ctx.obj or HERE), err=True)
            ctx.exit(3)


def _lang_option(command: Command) -> Command:
    return click.option("--lang", type=click.Choice(LANGS), help=text("cli.help.lang", HERE))(command)


def _as_of_option(command: Command) -> Command:
    return click.option("--as-of", callback=_as_of, metavar="YYYY-MM-DD", help=text("cli.help.as_of", HERE))(
        command
    )


def _as_of(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(text("cli.bad_date", HERE, value=value)) from None


_json_option = click.option("--json", "as_json", is_flag=True, help=text("cli.help.json", HERE))
_force_option = click.option("--force", is_flag=True, help=text("cli.help.force", HERE))


@click.group(
    cls=Commands, help=text("cli.help.main", HERE), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, package_name="sheetkit", message="sheetkit %(version)s")
def main() -> None:
    """The command line's root."""


@main.command(help=text("cli.help.templates", HERE))
@_lang_option
@_json_option
@click.pass_context
def templates(ctx: click.Context, lang: Lang | None, as_json: bool) -> None:
    """What there is to choose from."""
    from sheetkit.model.blueprint import blueprint, blueprint_names

    spoken = ctx.obj = lang or HERE
    found = [blueprint(name) for name in blueprint_names()]
    if as_json:
        rows = [{"key": one.key, "name": one.labels[spoken], "about": one.about[spoken]} for one in found]
        click.echo(json.dumps({"schema": "sheetkit/1", "templates": rows}, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one.key}\t{one.labels[spoken]}\t{one.about[spoken]}")


@main.command(help=text("cli.help.new", HERE))
@click.argument("template", default="xianyu")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=text("cli.help.output", HERE)
)
@click.option("--sample", is_flag=True, help=text("cli.help.sample", HERE))
@click.option("--customers", type=int, default=500, show_default=True, help=text("cli.help.customers", HERE))
@click.option("--trades", type=int, default=5000, show_default=True, help=text("cli.help.trades", HERE))
@click.option("--contacts", type=int, default=5000, show_default=True, help=text("cli.help.contacts", HERE))
@_as_of_option
@_lang_option
@_force_option
@click.pass_context
def new(
    ctx: click.Context,
    template: str,
    output: Path | None,
    sample: bool,
    customers: int,
    trades: int,
    contacts: int,
    as_of: date | None,
    lang: Lang | None,
    force: bool,
) -> None:
    """A blank (or filled sample) workbook."""
    from sheetkit.model.blueprint import blueprint
    from sheetkit.pipeline.files import write_new
    from sheetkit.pipeline.new import new_workbook
    from sheetkit.writing.live.layout import Capacity

    spoken = ctx.obj = lang or HERE
    chosen = blueprint(template)
    target = output or Path(f"{chosen.labels[spoken]}.xlsx")
    if target.exists() and not force:
        raise UsageError("file.exists", path=str(target))
    room = Capacity(customers, trades, contacts)
    data = new_workbook(template, spoken, as_of or date.today(), capacity=room, with_sample=sample)
    write_new(target, data, force=force)
    tell("cli.new.done", spoken, path=target)
    click.echo(str(target))


@main.command(help=text("cli.help.check", HERE))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help=text("cli.help.strict", HERE))
@_as_of_option
@_lang_option
@_json_option
@click.pass_context
def check(
    ctx: click.Context, file: Path, strict: bool, as_of: date | None, lang: Lang | None, as_json: bool
) -> None:
    """Only the findings."""
    from sheetkit.pipeline.check import check_file
    from sheetkit.pipeline.files import read_bytes
    from sheetkit.pipeline.outcome import check_json

    ctx.obj = lang or HERE
    book = check_file(read_bytes(file), file.name, as_of=as_of, lang=lang)
    spoken = ctx.obj = lang or book.lang
    if as_json:
        click.echo(json.dumps(check_json(book.totals, book.findings, spoken), ensure_ascii=False, indent=2))
    else:
        show_totals(book.totals, spoken)
        show_findings(book.findings, spoken, most=1000)
        problems = sum(one.severity != "info" for one in book.findings)
        click.echo(text("cli.check.done", spoken, count=problems))
    if strict and any(one.severity != "info" for one in book.findings):
        ctx.exit(4)


@main.command(help=text("cli.help.analyze", HERE))
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=text("cli.help.output", HERE)
)
@click.option("--strict", is_flag=True, help=text("cli.help.strict", HERE))
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
    lang: Lang | None,
    as_json: bool,
    force: bool,
) -> None:
    """The same workbook, annotated."""
    ctx.obj = lang or HERE
    if output and len(inputs) > 1:
        raise UsageError("cli.one_output")
    for source in inputs:
        problems = _analyze_one(ctx, source, output, as_of, lang, as_json, force)
        if strict and problems:
            ctx.exit(4)


def _analyze_one(
    ctx: click.Context,
    source: Path,
    output: Path | None,
    as_of: date | None,
    lang: Lang | None,
    as_json: bool,
    force: bool,
) -> int:
    from sheetkit.pipeline.analyze import analyze_file
    from sheetkit.pipeline.files import output_path, read_bytes, write_keeping_old, write_new
    from sheetkit.pipeline.outcome import analysis_json

    data = read_bytes(source)
    if output and output.exists() and (not force or output.resolve() == source.resolve()):
        key = "file.is_input" if output.resolve() == source.resolve() else "file.exists"
        raise UsageError(key, path=str(output))
    outcome = analyze_file(
        data,
        source.name,
        as_of=as_of,
        lang=lang,
        progress=lambda step: tell(f"cli.step.{step}", ctx.obj, name=source.name),
    )
    analysis = outcome.analysis
    spoken = ctx.obj = lang or analysis.lang
    target = output or output_path(source, analysis.lang)
    kept = None
    if output:
        write_new(target, outcome.workbook, force=force)
    else:
        kept = write_keeping_old(target, outcome.workbook, analysis.lang)
    if as_json:
        click.echo(json.dumps(analysis_json(analysis, str(target), spoken), ensure_ascii=False, indent=2))
    else:
        show_totals(analysis.totals, spoken)
        show_findings(analysis.findings, spoken)
        if kept:
            tell("cli.kept", spoken, path=kept)
        if not outcome.grafted:
            tell("cli.converted", spoken, name=source.name)
        tell("cli.analyze.done", spoken, customers=analysis.customer_count, tasks=len(analysis.tasks))
        click.echo(str(target))
    return sum(one.severity != "info" for one in analysis.findings)


@main.command(help=text("cli.help.demo", HERE))
@click.argument("folder", default="sheetkit-demo", type=click.Path(path_type=Path, file_okay=False))
@_lang_option
@click.pass_context
def demo(ctx: click.Context, folder: Path, lang: Lang | None) -> None:
    """Blank → filled sample → annotated, in one go."""
    from sheetkit.pipeline.demo import run_demo

    spoken = ctx.obj = lang or HERE
    for step, path in run_demo(folder, spoken, date.today()):
        tell(f"cli.demo.{step}", spoken, path=path)
    tell("cli.demo.next", spoken)
    click.echo(str(folder))


if __name__ == "__main__":
    sys.exit(main())
