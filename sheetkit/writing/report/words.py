"""How the report writes a figure in a sentence, and the number format that shows it so in a cell."""

from __future__ import annotations

from sheetkit.messages import Lang, catalog, text
from sheetkit.model.currencies import now
from sheetkit.model.days import to_date


def count(value: float) -> str:
    """A whole number with its thousands apart.

    >>> count(12345.0)
    '12,345'
    """
    return f"{value:,.0f}"


def money(cents: float) -> str:
    """Cents as whole units, with the cents only where they matter.

    >>> money(1234567), money(999), money(-50)
    ('¥12,346', '¥9.99', '-¥0.50')
    """
    return now().rounded(cents)


def share(value: float) -> str:
    """A share as a percentage; what is there and rounds to nothing stays visible.

    >>> share(0.625), share(0.001), share(0)
    ('62%', '<1%', '0%')
    """
    return "<1%" if 0 < value < 0.005 else f"{value:.0%}"


def day(number: int) -> str:
    """``2026-03-15``."""
    return to_date(number).isoformat()


def quantity(value: float, unit: str, lang: Lang) -> str:
    """A figure with its unit, as ``Kpi.unit`` names it."""
    if unit == "money":
        return money(value)
    if unit == "percent":
        return share(value)
    if unit == "days":
        return text("report.days", lang, count=count(value))
    return count(value)


def cell_format(unit: str, lang: Lang) -> str:
    """The number format that shows a value of ``unit`` in a cell as ``quantity`` writes it."""
    days = f'#,##0 "{text("report.days", lang, count="").strip()}"'
    return {"money": now().whole_format, "percent": "0%", "days": days}.get(unit, "#,##0")


def in_cell(value: float, unit: str) -> float:
    """A figure as a cell holds it: money in units."""
    return value / 100 if unit == "money" else value


def kpi_label(key: str, lang: Lang) -> str:
    """What a figure of the overview is called; its key where the catalogue does not know it."""
    labels = catalog().get(f"kpi.{key}")
    return labels[lang] if labels else key.replace("_", " ")
