"""Options that several commands take, each stated once."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from pathlib import Path

import click

from sheetkit.cli.shell import Command, Option
from sheetkit.errors import UsageError
from sheetkit.messages import LANGS

command = partial(click.command, cls=Command)
option = partial(click.option, cls=Option)


def _as_of(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError("cli.bad_date", value=value) from None


FILE = click.Path(path_type=Path, readable=False)
"""A path as typed; what is the matter with it is said where it is opened."""

lang_option = option("--lang", expose_value=False, type=click.Choice(LANGS), help="cli.help.lang")
as_of_option = option("--as-of", callback=_as_of, metavar="YYYY-MM-DD", help="cli.help.as_of")
json_option = option("--json", "as_json", is_flag=True, help="cli.help.json")
force_option = option("--force", is_flag=True, help="cli.help.force")
output_option = option("-o", "--output", type=FILE, help="cli.help.output")
password_option = option("--password-stdin", is_flag=True, help="cli.help.password_stdin")
strict_option = option("--strict", is_flag=True, help="cli.help.strict")
