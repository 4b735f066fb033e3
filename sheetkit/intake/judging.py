"""Which rows of a table count, and what is said about every other: nothing is dropped in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from sheetkit.intake.cells import display, is_blank, letters
from sheetkit.intake.columns import Reading
from sheetkit.intake.headers import header_text
from sheetkit.intake.problems import Problem
from sheetkit.intake.tables import Part
from sheetkit.model.book import Total
from sheetkit.model.fields import Field, TableKey, fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

_TOTAL = re.compile(
    r"(?:本[年月周日季]度?|\d{1,4}[年月]|全年|年度|月度|以上)?\s*(?:合计|总计|小计|共计|总额|汇总|总和|总数"
    r"|(?:sub|grand)?[\s-]?totals?|sum)\s*[::]?"
)
_SUM = re.compile(r"[计总和]|汇总|total|sum", re.IGNORECASE)
_NO_REPAIR = frozenset({"id_digits_lost", "masked_name", "name_blank"})
_SUMMED = frozenset({"masked_name"})


def judge(part: Part, how: Reading) -> None:
    """Sets ``part.used`` and adds the findings of every row, in the order of the rows."""
    part.used = [True] * len(part)
    special: dict[int, Finding] = {}
    for at, finding in _special_rows(part, how):
        special.setdefault(at, finding)
    for at, finding in special.items():
        part.used[at] = False
        part.findings.append(finding)
        if how.repair and "nickname" in part.cleaned:
            part.cleaned["nickname"].values[at] = None  # 合计 is nobody's name
    for key in part.layout.matches:
        _report_column(part, key, special)
    _report_missing(part, special)
    if part.table == "customers":
        part.findings += _duplicates(part)
    part.findings += _summaries(part)


def total(table: TableKey, parts: list[Part]) -> Total:
    """The control totals of one table."""
    rows = used = cents = cents_used = unreadable = repaired = cents_repaired = 0
    for part in parts:
        rows += len(part)
        used += sum(part.used)
        otherwise = [at for at, one in enumerate(repaired_rows(part)) if one and part.used[at]]
        repaired += len(otherwise)
        if table != "trades":
            continue
        amounts = part.values("amount")
        cents_repaired += sum(amounts[at] or 0 for at in otherwise)
        cents += sum(value for value in amounts if value is not None)
        cents_used += sum(
            value for value, ok in zip(amounts, part.used, strict=True) if ok and value is not None
        )
        unreadable += sum(problem.spoils for problem in part.problems("amount").values())
    aside = (rows - used, cents, cents_used, cents - cents_used)
    return Total(table, rows, used, *aside, unreadable, repaired, cents_repaired)


def repaired_rows(part: Part) -> list[bool]:
    """Per row, whether a cell was read otherwise than typed."""
    result = [False] * len(part)
    for cleaned in part.cleaned.values():
        for at, problem in cleaned.problems.items():
            if (
                problem.severity == "warning"
                and problem.code not in _NO_REPAIR
                and cleaned.values[at] is not None
            ):
                result[at] = True
    return result


def decides(column: Field, problem: Problem) -> bool:
    """Whether a row falls with this problem in this column."""
    if column.key == "nickname":
        return False  # a missing name is reported in its own words, by table
    about = tables()[column.table]
    if problem.code == "label_without_meaning" and not (column.coded and lists()[column.list_key].blank):
        return False  # it is some contact, and counts as one
    return column.required or column.key in about.needs or about.deciding == column.key


def _report_column(part: Part, key: str, special: dict[int, Finding]) -> None:
    column = fields(part.table)[key]
    for at, problem in part.problems(key).items():
        if at in special or problem.code in _SUMMED:
            continue
        severity = problem.severity
        if severity == "error":
            if decides(column, problem):
                part.used[at] = False
            else:
                severity = "warning"
        part.findings.append(
            Finding(
                problem.code,
                severity,
                part.sheet,
                part.cell(key, at),
                part.shown(key, at),
                problem.suggestion,
                {"field": part.layout.headers[part.layout.matches[key].column]},
            )
        )


def _report_missing(part: Part, special: dict[int, Finding]) -> None:
    """Rows without something they need, where no finding says so already."""
    for key in tables()[part.table].needs:
        code = _MISSING.get(key, "value_missing")
        problems, values = part.problems(key), part.values(key)
        if key not in part.layout.matches and key != "nickname":
            _column_missing(part, key, special)
            continue
        if None not in values:
            continue
        for at, value in enumerate(values):
            if value is not None or at in special:
                continue
            if key == "nickname" and part.values("customer_id")[at]:
                continue
            part.used[at] = False
            problem = problems.get(at)
            if problem is None or not problem.spoils or not decides(fields(part.table)[key], problem):
                place = part.sheet, part.cell(key, at), part.shown(key, at)
                part.findings.append(Finding(code, "error", *place, params=_field(part, key)))


def _column_missing(part: Part, key: str, special: dict[int, Finding]) -> None:
    """No row counts without a column that the table needs: said once, where the header should stand."""
    rows = [at for at in range(len(part)) if at not in special]
    for at in rows:
        part.used[at] = False
    labels = fields(part.table)[key].labels
    if rows:
        last = len(part.layout.headers)
        while last and not part.layout.headers[last - 1]:
            last -= 1
        place = f"{letters(last)}{part.layout.row + 1}"
        said: dict[str, str | int | float] = {"zh": labels.zh, "en": labels.en, "count": len(rows)}
        part.findings.append(Finding("column_missing", "error", part.sheet, place, params=said))


def _field(part: Part, key: str) -> dict[str, str | int | float]:
    match = part.layout.matches.get(key)
    return {} if match is None else {"field": part.layout.headers[match.column]}


_MISSING = {"date": "date_missing", "amount": "amount_missing", "nickname": "name_missing"}
"""What is said of a row without something it needs."""


def _special_rows(part: Part, how: Reading) -> Iterator[tuple[int, Finding]]:
    """Lines below the header that are no entries: totals, repeated headers, notes.

    As typed, every name on the customers sheet is a customer to the live formulas, whatever it says.
    """
    if part.table == "customers" and not how.repair:
        return
    for at in _repeated_headers(part):
        yield at, _about_row("header_repeated", "info", part, at)
    yield from _total_rows(part, how)
    if part.table == "customers":
        return
    dates, others = part.values("date"), [key for key in part.layout.matches if key != "date"]
    for at, problem in part.problems("date").items():
        if dates[at] is None and problem.spoils and all(_empty(part, key, at) for key in others):
            yield at, _about_row("note_row", "info", part, at)


def _empty(part: Part, key: str, at: int) -> bool:
    cell = part.raw[key][at]
    return is_blank(cell) or cell == 0


def _repeated_headers(part: Part) -> list[int]:
    """Rows that hold the headers once more."""
    found: set[int] = set()
    for key in ("nickname",) if part.table == "customers" else ("date", "nickname"):
        if key not in part.raw:
            continue
        names = _names(part, key)
        starts = {name[:1] for name in names}
        again = {
            cell
            for cell in set(part.raw[key])
            if type(cell) is str and cell.lstrip()[:1] in starts and header_text(cell) in names
        }
        if again:
            found |= {at for at, cell in enumerate(part.raw[key]) if type(cell) is str and cell in again}
    return sorted(at for at in found if _is_header_again(part, at))


def _names(part: Part, key: str) -> set[str]:
    """What stands in a field's header, in one row or two."""
    column, layout = part.layout.matches[key].column, part.layout
    return {line[column] for line in (layout.headers, layout.above) if column < len(line)} - {""}


def _is_header_again(part: Part, at: int) -> bool:
    same = 0
    for key in part.layout.matches:
        cell = part.raw[key][at]
        if not isinstance(cell, str) or not cell:
            continue
        if header_text(cell) not in _names(part, key):
            return False
        same += 1
    return same >= 2


def _total_rows(part: Part, how: Reading) -> Iterator[tuple[int, Finding]]:
    """Rows that say they are a total, or that hold the sum of what stands above and no date."""
    said = _said_totals(part)
    if part.table != "trades":
        for at in said if how.repair else ():
            yield at, _about_row("total_row", "info", part, at)
        return
    dates, amounts, names = part.values("date"), part.values("amount"), part.values("nickname")
    candidates = {at for at, day in enumerate(dates) if day is None and amounts[at]} | said
    if not candidates:
        return
    counted = [
        value if value is not None and day is not None and at not in said else 0
        for at, (value, day) in enumerate(zip(amounts, dates, strict=True))
    ]
    sums = list(accumulate(counted, initial=0))
    start = 0
    for at in sorted(candidates):
        above = sums[at] - sums[start]
        is_sum = bool(amounts[at]) and amounts[at] in (above, sums[at])
        if at not in said and not (is_sum and not names[at] and at - start > 1):
            continue
        if not how.repair and dates[at] is not None and amounts[at] is not None:
            continue  # the live formulas count such a row
        if is_sum or amounts[at] is None:
            yield at, _about_row("total_row", "info", part, at)
        else:
            shown = f"{(above or sums[at]) / 100:.2f}"
            yield at, _about_row("total_row_wrong", "warning", part, at, sum=shown)
        start = at + 1


def _said_totals(part: Part) -> set[int]:
    """Rows whose first cell, date or name reads 合计, 小计, total …"""
    found: set[int] = set()
    for cells in (part.first, part.raw.get("date", ()), part.raw.get("nickname", ())):
        texts = {cell for cell in set(cells) if isinstance(cell, str) and len(cell) <= 24}
        if not _SUM.search("\n".join(texts)):
            continue
        totals = {cell for cell in texts if _SUM.search(cell) and _TOTAL.fullmatch(fold(cell))}
        if totals:
            found |= {at for at, cell in enumerate(cells) if isinstance(cell, str) and cell in totals}
    return found


def _about_row(code: str, severity: str, part: Part, at: int, **params: str | int) -> Finding:
    shown = [display(part.first[at]), *(part.shown(key, at) for key in part.layout.matches)]
    value = next((text for text in shown if text.strip()), "")
    first = next(iter(part.layout.matches))
    return Finding(code, severity, part.sheet, part.cell(first, at), value, params=dict(params))  # type: ignore[arg-type]  # one of the three


def _duplicates(part: Part) -> list[Finding]:
    seen: dict[str, int] = {}
    found = []
    for at, name in enumerate(part.values("nickname")):
        if not name or not part.used[at]:
            continue
        key = fold(name)
        if key in seen:
            found.append(
                Finding(
                    "customer_duplicate",
                    "info",
                    part.sheet,
                    part.cell("nickname", at),
                    name,
                    params={"row": seen[key]},
                )
            )
        else:
            seen[key] = part.row[at]
    return found


def _summaries(part: Part) -> list[Finding]:
    """What concerns many rows is said once: nameless trades, masked names."""
    found = []
    masked = [at for at, problem in part.problems("nickname").items() if problem.code == "masked_name"]
    if masked:
        found.append(_counted("masked_name", part, masked))
    if part.table == "trades" and "nickname" in part.layout.matches:
        ids = part.values("customer_id")
        hidden = set(masked)
        nameless = [
            at
            for at, name in enumerate(part.values("nickname"))
            if name is None and part.used[at] and not ids[at] and at not in hidden
        ]
        if nameless:
            found.append(_counted("nameless_rows", part, nameless))
    return found


def _counted(code: str, part: Part, positions: list[int]) -> Finding:
    at = positions[0]
    return Finding(
        code,
        "info",
        part.sheet,
        part.cell("nickname", at),
        part.shown("nickname", at),
        params={"count": len(positions)},
    )
