"""What an import did, in the workbook's own names: as sentences, and as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from sheetkit.edits.importing import End, Tally
from sheetkit.edits.settling import Kept
from sheetkit.messages import Lang, listed, text
from sheetkit.model.currencies import known_as
from sheetkit.model.days import to_date
from sheetkit.model.fields import fields
from sheetkit.pipeline.importing import Imported
from sheetkit.pipeline.outcome import SCHEMA, apart_json, finding_json

_EXAMPLES = 3
_ASIDE: tuple[End, ...] = ("twice", "same", "alone", "purchases", "unused", "removed")
_ROUND_UP = 1000


class Sentence(NamedTuple):
    """A key of the catalogue and what fills it."""

    key: str
    params: Mapping[str, object]


def sentences(done: Imported) -> Iterator[Sentence]:
    """What was read, what became of it, what stays and what to look at."""
    lang = done.lang
    for export in done.exports:
        cents = sum(one or 0 for one in export.trades.column("amount"))
        amount = f"{_money(cents)} {export.currency}".strip()
        about = {"name": export.name, "platform": export.platform.labels[lang], "amount": amount}
        yield Sentence("import.read", {**about, "orders": len(export.trades)})
        for total in export.totals:
            lines = {"read": total.rows_read, "used": total.rows_used, "aside": total.rows_set_aside}
            if total.table == "trades" and total.rows_read != len(export.trades):
                yield Sentence("import.lines", lines)
            for one in total.apart:
                sums = {"count": one.orders, "amount": known_as(one.currency).exact(one.cents)}
                codes = {"other": one.currency, "currency": done.currency, "most": export.currency}
                key = "import.other_currency" + "_mixed" * (one.currency == done.currency)
                yield Sentence(key, {**sums, **codes})
    yield from _orders(done.changes.orders)
    yield from _same(done)
    yield from _customers(done.changes.customers)
    yield from _stays(done, lang)
    yield from _warnings(done, lang)


def _orders(tally: Tally) -> Iterator[Sentence]:
    rows, cents = tally.total
    if not rows:
        return
    ends: tuple[End, ...] = ("new", "updated", "unchanged")
    counts = {one: tally.rows[one] for one in ends} | {"aside": sum(tally.rows[one] for one in _ASIDE)}
    sums = {one: tally.cents[one] for one in ends} | {"aside": sum(tally.cents[one] for one in _ASIDE)}
    yield Sentence("import.orders", {"total": rows, **counts})
    yield Sentence(
        "import.amounts", {"total": _money(cents), **{key: _money(one) for key, one in sums.items()}}
    )
    for one in _ASIDE:
        if tally.rows[one]:
            yield Sentence(
                f"import.aside.{one}", {"count": tally.rows[one], "amount": _money(tally.cents[one])}
            )


def _same(done: Imported) -> Iterator[Sentence]:
    """Payments that are orders, by the file of these."""
    for name, count in sorted(done.changes.same.items()):
        about = {"count": count, "name": name}
        yield Sentence("import.same_file" if name else "import.same_book", about)
    count, cents = done.changes.unsure
    if count:
        yield Sentence("import.maybe_same", {"count": count, "amount": _money(cents)})


def _customers(tally: Tally) -> Iterator[Sentence]:
    ends: tuple[End, ...] = ("new", "updated", "unchanged")
    if any(tally.rows[one] for one in ends):
        yield Sentence("import.customers", {one: tally.rows[one] for one in ends})
    said: dict[End, str] = {
        "name_only": "import.name_only",
        "removed": "import.customers_removed",
        "no_sheet": "import.no_customers",
    }
    for end, key in said.items():
        if tally.rows[end]:
            yield Sentence(key, {"count": tally.rows[end]})


def _stays(done: Imported, lang: Lang) -> Iterator[Sentence]:
    kept = [one for one in done.changes.kept if one.why != "older"]
    if kept:
        telling = sorted(kept, key=lambda one: one.key not in ("state", "refund_amount", "amount"))
        examples = [text("import.kept_one", lang, **_kept_words(one, lang)) for one in telling[:_EXAMPLES]]
        yield Sentence("import.kept", {"count": len(kept), "examples": listed(examples)})
    for table, lost in done.changes.homeless.items():
        sheet = done.sheets.get(table, "")
        names = [fields(table)[key].labels[lang] for key in lost]
        if names:
            yield Sentence("import.homeless", {"sheet": sheet, "columns": listed(names)})
        if "order_id" in lost:
            column = fields(table)["order_id"].labels[lang]
            yield Sentence("import.no_numbers", {"sheet": sheet, "column": column})


def _warnings(done: Imported, lang: Lang) -> Iterator[Sentence]:
    reach, beyond, alike = done.reach, done.changes.beyond, done.changes.alike
    if alike:
        pairs = [
            text("import.alike_one", lang, name=one, other=other)
            for one, other in islice(alike.items(), _EXAMPLES)
        ]
        yield Sentence("import.alike", {"count": len(alike), "examples": listed(pairs)})
    if done.total_row:
        yield Sentence("import.total_row", {"sheet": done.sheets["trades"], "row": done.total_row})
    if beyond["trades"]:
        room = reach["trades"]
        more = _round_up(room + beyond["trades"])
        about = {"count": beyond["trades"], "sheet": done.sheets["trades"], "last": room + 1, "more": more}
        yield Sentence("import.beyond", about)
    if "customers" in reach and done.changes.people > reach["customers"]:
        people = {"count": done.changes.people, "most": reach["customers"]}
        yield Sentence("import.people", {**people, "more": _round_up(done.changes.people)})


def _round_up(count: int) -> int:
    return -(-(count + 1) // _ROUND_UP) * _ROUND_UP


def import_json(done: Imported, output: str, lang: Lang) -> dict[str, Any]:
    """What ``import --json`` prints; ``output`` "" where no file was written. Money in whole units."""
    made = done.changes
    return {
        "schema": SCHEMA,
        "changed": done.workbook is not None,
        "currency": done.currency,
        "exports": [
            {
                "name": one.name,
                "platform": one.platform.key,
                "currency": one.currency,
                "orders": len(one.trades),
                "amount": sum(cents or 0 for cents in one.trades.column("amount")) / 100,
                "rows": {
                    total.table: {
                        "read": total.rows_read,
                        "used": total.rows_used,
                        "set_aside": total.rows_set_aside,
                    }
                    for total in one.totals
                },
                "other_currencies": {
                    code: part for total in one.totals for code, part in apart_json(total).items()
                },
                "findings": [finding_json(finding, lang) for finding in one.findings],
            }
            for one in done.exports
        ],
        "orders": _tally_json(made.orders, money=True),
        "customers": _tally_json(made.customers, money=False),
        "cells": len(made.puts),
        "kept": [{**_kept_words(one, lang), "column": one.key, "why": one.why} for one in made.kept],
        "no_column": {table: dict(lost) for table, lost in made.homeless.items() if lost},
        "same": [{"name": name, "count": count} for name, count in sorted(made.same.items())],
        "maybe_same": {"count": made.unsure[0], "amount": made.unsure[1] / 100},
        "beyond": dict(made.beyond),
        "people": made.people,
        "messages": [text(one.key, lang, **one.params) for one in sentences(done)],
        "output": output,
    }


def _tally_json(tally: Tally, *, money: bool) -> dict[str, Any]:
    rows = {str(end): count for end, count in tally.rows.items() if count}
    said: dict[str, Any] = {"rows": {"read": tally.total[0], **rows}}
    if money:
        sums = {str(end): cents / 100 for end, cents in tally.cents.items() if tally.rows[end]}
        said["amounts"] = {"read": tally.total[1] / 100, **sums}
    return said


def _kept_words(one: Kept, lang: Lang) -> dict[str, str]:
    return {"sheet": one.sheet, "cell": one.cell, "hers": one.hers, "theirs": _shown(one)}


def _shown(one: Kept) -> str:
    kind, value = fields(one.table)[one.key].kind, one.theirs
    if isinstance(value, str) or not isinstance(value, int | float):
        return str(value)
    if kind == "date":
        return to_date(int(value)).isoformat()
    if kind == "money":
        return _money(int(value))
    if kind == "time":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return f"{value:g}"


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
