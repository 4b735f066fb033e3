"""The command group: what ``sheetkit`` answers to, in the order its help lists it."""

from __future__ import annotations

import sys

import click

from sheetkit import __version__
from sheetkit.cli.commands.analyze import analyze
from sheetkit.cli.commands.check import check
from sheetkit.cli.commands.demo import demo
from sheetkit.cli.commands.fix import fix
from sheetkit.cli.commands.importing import import_
from sheetkit.cli.commands.merge import merge
from sheetkit.cli.commands.new import new
from sheetkit.cli.commands.strip import strip
from sheetkit.cli.commands.templates import templates
from sheetkit.cli.commands.upgrade import upgrade
from sheetkit.cli.options import lang_option
from sheetkit.cli.shell import Commands, Option


@click.group(cls=Commands, help="cli.help.main", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, cls=Option, help="cli.help.version", message=f"sheetkit {__version__}")
@lang_option
def main() -> None:
    """The command line's root."""


for each in (templates, new, check, analyze, fix, import_, merge, upgrade, strip, demo):
    main.add_command(each)


if __name__ == "__main__":
    sys.exit(main())
