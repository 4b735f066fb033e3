"""``sheetkit templates``."""

from __future__ import annotations

import click

from sheetkit.cli.options import command, json_option, lang_option, option
from sheetkit.cli.speech import Voice, show_json, tell
from sheetkit.messages import listed, text


@command(help="cli.help.templates")
@option("--start", metavar="NAME", default="", help="cli.help.start")
@lang_option
@json_option
@click.pass_obj
def templates(voice: Voice, start: str, as_json: bool) -> None:
    """What there is to choose from, or the beginning of a template of one's own."""
    if start:
        from sheetkit.pipeline.starter import starter

        click.echo(starter(start, voice.lang), nl=False)
        return
    from sheetkit.model.blueprint import blueprint, blueprint_names
    from sheetkit.model.fields import CORE_TABLES, tables
    from sheetkit.pipeline.outcome import templates_json

    found = [blueprint(name) for name in blueprint_names()]
    further = [one for key, one in tables().items() if key not in CORE_TABLES]
    if as_json:
        show_json(templates_json(found, further, voice.lang))
        return
    for one in found:
        click.echo(f"{one.key}\t{one.labels[voice.lang]}\t{one.about[voice.lang]}")
    for table in further:
        columns = listed(field.labels[voice.lang] for field in table.columns[: table.front])
        about = text("cli.templates.table", voice.lang, columns=columns[voice.lang])
        click.echo(f"+{table.key}\t{table.labels[voice.lang]}\t{about}")
    tell("cli.templates.own", voice.lang, name=found[0].key)
