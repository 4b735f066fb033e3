"""``sheetkit demo``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from sheetkit.cli.options import FILE, command, lang_option
from sheetkit.cli.speech import Voice, tell


@command(help="cli.help.demo")
@click.argument("folder", default="sheetkit-demo", type=FILE)
@lang_option
@click.pass_obj
def demo(voice: Voice, folder: Path) -> None:
    """Blank → filled sample → annotated, in one go."""
    from sheetkit.pipeline.demo import run_demo

    for step, path in run_demo(folder, voice.lang, date.today()):
        tell(f"cli.demo.{step}", voice.lang, path=path)
    tell("cli.demo.next", voice.lang)
    click.echo(str(folder))
