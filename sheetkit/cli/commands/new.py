"""``sheetkit new``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from sheetkit.cli.options import as_of_option, command, force_option, lang_option, option, output_option
from sheetkit.cli.speech import Voice, tell


@command(help="cli.help.new")
@click.argument("template", default="xianyu")
@output_option
@option("--sample", is_flag=True, help="cli.help.sample")
@option("--with", "with_tables", multiple=True, metavar="TABLE,TABLE", help="cli.help.with_tables")
@option("--story", default="", help="cli.help.story")
@option("--customers", type=int, default=500, show_default=True, help="cli.help.customers")
@option("--trades", type=int, default=5000, show_default=True, help="cli.help.trades")
@option("--contacts", type=int, default=5000, show_default=True, help="cli.help.contacts")
@as_of_option
@lang_option
@force_option
@click.pass_obj
def new(
    voice: Voice,
    template: str,
    output: Path | None,
    sample: bool,
    with_tables: tuple[str, ...],
    story: str,
    customers: int,
    trades: int,
    contacts: int,
    as_of: date | None,
    force: bool,
) -> None:
    """A blank (or filled sample) workbook."""
    from sheetkit.model.blueprint import further_tables
    from sheetkit.pipeline.files import refuse_output, write_new
    from sheetkit.pipeline.new import chosen_template, new_workbook
    from sheetkit.writing.live.layout import Capacity

    _, chosen = chosen_template(template)
    more = further_tables(word for words in with_tables for word in re.split("[,\uff0c\u3001]", words))
    target = output or Path(f"{chosen.labels[voice.lang]}.xlsx")
    refuse_output(target, ".xlsx", force=force)
    room = Capacity(customers, trades, contacts)
    day = as_of or date.today()
    data = new_workbook(template, voice.lang, day, capacity=room, with_sample=sample, story=story, more=more)
    write_new(target, data, force=force)
    tell("cli.new.done", voice.lang, path=target)
    click.echo(str(target))
