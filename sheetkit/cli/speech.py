"""Which language to speak, and how findings and totals look in a terminal."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence

import click

from sheetkit.messages import Lang, text
from sheetkit.model.book import Total
from sheetkit.model.findings import Finding, Severity

_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "blue"}


def system_lang() -> Lang:
    """The locale's language: English where it says so, Chinese where it says Chinese or nothing."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    said = said or (locale.getlocale()[0] or "")
    plain = said.split(".")[0].casefold()
    if plain in ("", "c", "posix") or plain.startswith(("zh", "chinese")):
        return "zh"
    return "en"


def tell(key: str, lang: Lang, **params: object) -> None:
    """A message to standard error."""
    click.echo(text(key, lang, **params), err=True)


def show_findings(findings: Sequence[Finding], lang: Lang, most: int = 20) -> None:
    """The findings, the gravest first, a line each, to standard error."""
    order: list[Severity] = ["error", "warning", "info"]
    ranked = sorted(findings, key=lambda one: order.index(one.severity))
    for one in ranked[:most]:
        word = click.style(text(f"severity.{one.severity}", lang), fg=_COLOURS[one.severity])
        place = f" {one.where}" if one.where else ""
        click.echo(f"  {word}{place}  {one.sentence(lang)}", err=True, color=_colour())
    if len(ranked) > most:
        tell("cli.more_findings", lang, count=len(ranked) - most)


def show_totals(totals: Sequence[Total], lang: Lang) -> None:
    """Rows read, used and set aside, a line a table, to standard error."""
    for one in totals:
        if one.rows_read:
            tell(
                "cli.total",
                lang,
                table=text(f"table.{one.table}", lang),
                read=one.rows_read,
                used=one.rows_used,
                aside=one.rows_set_aside,
            )


def _colour() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None
