"""Which language to speak, and how findings and totals look in a terminal."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheetkit.messages import Lang, listed, text

if TYPE_CHECKING:  # help needs no book
    from sheetkit.model.blueprint import Blueprint
    from sheetkit.model.book import Total
    from sheetkit.model.findings import Finding, Severity

_NAMED = 8
_COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "blue"}


def system_lang() -> Lang:
    """The locale's language: English where it says so, Chinese where it says Chinese or nothing."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    said = said or (locale.getlocale()[0] or "")
    plain = said.split(".")[0].casefold()
    if plain in ("", "c", "posix") or plain.startswith(("zh", "chinese")):
        return "zh"
    return "en"


@dataclass
class Voice:
    """Which language the call is answered in: that of ``--lang`` (``given``), else the workbook's, else the
    locale's. ``file``: the one that is being read, to stand before a complaint about it.
    """

    lang: Lang
    given: Lang | None = None
    file: str = ""

    def follow(self, workbook: Lang) -> Lang:
        """The workbook's language from here on, unless the call asked for one."""
        if not self.given:
            self.lang = workbook
        return self.lang


def tell(key: str, lang: Lang, **params: object) -> None:
    """A message to standard error."""
    click.echo(text(key, lang, **params), err=True)


def tell_passed_over(folder: Path, lang: Lang) -> None:
    """What of a folder is not looked at."""
    from sheetkit.pipeline.exports import passed_over

    names = passed_over(folder)
    if names:
        shown = [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]
        tell("platform.passed_over", lang, path=str(folder), names=listed(shown))


def show_findings(
    findings: Sequence[Finding],
    lang: Lang,
    *,
    most: int | None = None,
    more: str = "cli.more_findings",
    err: bool,
) -> None:
    """The findings, the gravest first, a line each; ``more``: what says where the others are; ``err``: to
    standard error."""
    order: list[Severity] = ["error", "warning", "info"]
    ranked = sorted(findings, key=lambda one: order.index(one.severity))
    for one in ranked[:most]:
        word = click.style(text(f"severity.{one.severity}", lang), fg=_COLOURS[one.severity])
        place = f" {one.where}" if one.where else ""
        click.echo(f"  {word}{place}  {one.sentence(lang)}", err=err, color=_colour())
    if most is not None and len(ranked) > most:
        tell(more, lang, count=len(ranked) - most)


def show_totals(totals: Sequence[Total], template: Blueprint, lang: Lang, *, err: bool) -> None:
    """Rows read, used and set aside, a line a table; ``err``: to standard error."""
    from sheetkit.model.currencies import known_as

    for one in totals:
        if one.rows_read:
            table = template.table_name(one.table)[lang]
            counts = {"read": one.rows_read, "used": one.rows_used, "aside": one.rows_set_aside}
            click.echo(text("cli.total", lang, table=table, **counts), err=err)
        for apart in one.apart:
            amount = known_as(apart.currency).exact(apart.cents)
            said = {"count": apart.orders, "currency": apart.currency, "amount": amount}
            click.echo(text("cli.total_apart", lang, **said), err=err)


def show_json(answer: object, *, one_line: bool = False) -> None:
    """One JSON object to standard output, in letters that the terminal's encoding has."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    click.echo(json.dumps(answer, ensure_ascii=plain, indent=None if one_line else 2))


def _colour() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None
