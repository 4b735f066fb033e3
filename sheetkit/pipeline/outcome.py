"""What a run gives back, and the same as one JSON object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sheetkit.analysis.result import Analysis
from sheetkit.messages import Lang
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.book import Book, Total
from sheetkit.model.days import to_date
from sheetkit.model.fields import TableDef
from sheetkit.model.findings import Finding

SCHEMA = "sheetkit/1"


@dataclass(frozen=True)
class Outcome:
    """An analysed workbook: its bytes, what was found, and whether it is the seller's own package or a
    new one."""

    workbook: bytes
    analysis: Analysis
    grafted: bool


def problems_in(findings: Sequence[Finding]) -> int:
    """How many findings ask for something to be mended; ``--strict`` counts these."""
    return sum(one.severity != "info" for one in findings)


def templates_json(found: Sequence[Blueprint], further: Sequence[TableDef], lang: Lang) -> dict[str, Any]:
    """What ``templates --json`` prints; ``further``: the tables that can be added to a template."""
    rows = [{"key": one.key, "name": one.labels[lang], "about": one.about[lang]} for one in found]
    more = [
        {"key": one.key, "name": one.labels[lang], "in": [it.key for it in found if it.has(one.key)]}
        for one in further
    ]
    return {"schema": SCHEMA, "templates": rows, "tables": more}


def finding_json(finding: Finding, lang: Lang) -> dict[str, Any]:
    """One finding, with its sentence."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "value": finding.value,
        "message": finding.sentence(lang),
        "suggestion": finding.suggestion,
    }


def totals_json(totals: Sequence[Total]) -> dict[str, Any]:
    """Control totals per table; amounts in whole units of the currency."""
    return {
        one.table: {
            "rows": {
                "read": one.rows_read,
                "used": one.rows_used,
                "set_aside": one.rows_set_aside,
                "repaired": one.rows_repaired,
            },
            "amounts": {
                "read": one.cents_read / 100,
                "used": one.cents_used / 100,
                "set_aside": one.cents_set_aside / 100,
                "repaired": one.cents_repaired / 100,
                "unreadable_cells": one.unreadable,
                "other_currencies": apart_json(one),
            },
        }
        for one in totals
    }


def apart_json(total: Total) -> dict[str, dict[str, float]]:
    """{code: orders in that currency, which are set aside, and their amount}."""
    return {one.currency: {"orders": one.orders, "amount": one.cents / 100} for one in total.apart}


def check_json(book: Book, lang: Lang) -> dict[str, Any]:
    """What ``check --json`` prints."""
    return {
        "schema": SCHEMA,
        "currency": book.currency,
        "currency_from": book.currency_from,
        "totals": totals_json(book.totals),
        "findings": [finding_json(one, lang) for one in book.findings],
    }


def analysis_json(analysis: Analysis, output: str, lang: Lang) -> dict[str, Any]:
    """What ``analyze --json`` prints; money in whole units of the currency, shares as 0–1."""
    totals = {one.table: one for one in analysis.totals}
    used = {table: one.rows_used - one.rows_joined for table, one in totals.items()}
    dimensions = analysis.blueprint.dimensions
    return {
        "schema": SCHEMA,
        "as_of": to_date(analysis.as_of).isoformat(),
        "template": analysis.template,
        "shop_kind": analysis.shop_kind,
        "currency": analysis.currency,
        "currency_from": analysis.currency_from,
        "customers": analysis.customer_count,
        "transactions": used.get("trades", 0),
        "communications": used.get("contacts", 0),
        "totals": totals_json(analysis.totals),
        "segments": {key: analysis.segment_counts(key) for key in dimensions},
        "overruled": sum(analysis.customers["overruled"]),
        "kpis": {
            one.key: {
                "value": one.value / 100 if one.unit == "money" and one.value is not None else one.value,
                "unit": one.unit,
                "n": one.n,
                "goal": one.goal / 100 if one.unit == "money" and one.goal is not None else one.goal,
            }
            for one in analysis.kpis
        },
        "tasks": len(analysis.tasks),
        "findings": [finding_json(one, lang) for one in analysis.findings],
        "output": output,
    }
