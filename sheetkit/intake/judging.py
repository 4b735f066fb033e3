"""Which rows of a table count, and what is said about every other: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

from sheetkit.intake.amounts import read_money
from sheetkit.intake.cells import letters, narrow
from sheetkit.intake.columns import Cleaned, Reading
from sheetkit.intake.dates import iso
from sheetkit.intake.effects import About, add_effects
from sheetkit.intake.problems import Problem
from sheetkit.intake.special_rows import special_rows
from sheetkit.intake.tables import Part
from sheetkit.model.book import Apart, Total, by_currency
from sheetkit.model.currencies import named_in
from sheetkit.model.fields import Field, TableKey, fields, tables
from sheetkit.model.findings import Finding
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

_NO_REPAIR = frozenset({"id_digits_lost", "masked_name", "name_blank"})
_SUMMED = frozenset({"masked_name"})


def judge(part: Part, how: Reading) -> None:
    """Sets ``part.used`` and adds the findings of every row, in the order of the rows."""
    part.used = [True] * len(part)
    special: dict[int, Finding] = {}
    for at, finding in special_rows(part, how):
        special.setdefault(at, finding)
    for at, finding in special.items():
        part.used[at] = False
        part.findings.append(finding)
        if how.repair and "nickname" in part.cleaned:
            part.cleaned["nickname"].values[at] = None  # 合计 is nobody's name
    about: list[About] = []
    for key in part.layout.matches:
        about += _report_column(part, key, special, how)
    about += _report_missing(part, how, special)
    add_effects(part, how, about)
    if part.table == "customers":
        part.findings += _duplicates(part)
    part.findings += _summaries(part)


def total(table: TableKey, parts: list[Part]) -> Total:
    """The control totals of one table."""
    rows = used = cents = cents_used = unreadable = repaired = cents_repaired = 0
    apart: list[Apart] = []
    for part in parts:
        rows += len(part)
        used += sum(part.used)
        otherwise = sorted(at for at in _repaired(part) if part.used[at])
        repaired += len(otherwise)
        if table != "trades":
            continue
        amounts = part.values("amount")
        cents_repaired += sum(amounts[at] or 0 for at in otherwise)
        cents += sum(filter(None, amounts))
        cents_used += sum(filter(None, compress(amounts, part.used)))
        found = list(_apart(part))
        apart += found
        unreadable += sum(problem.spoils for problem in part.problems("amount").values()) - len(found)
    aside = (rows - used, cents, cents_used, cents - cents_used)
    return Total(table, rows, used, *aside, unreadable, repaired, cents_repaired, apart=by_currency(apart))


def _apart(part: Part) -> Iterator[Apart]:
    """The amounts in other currencies that can be read for themselves."""
    for at, problem in part.problems("amount").items():
        text = part.shown("amount", at)
        value, _ = read_money(text) if problem.code == "amount_other_currency" else (None, None)
        if value is not None:
            yield Apart(named_in(narrow(text))[0], 1, value)


def repaired_rows(part: Part) -> list[bool]:
    """Per row, whether a cell was read otherwise than typed."""
    result = [False] * len(part)
    for at in _repaired(part):
        result[at] = True
    return result


def _repaired(part: Part) -> set[int]:
    return {
        at
        for cleaned in part.cleaned.values()
        for at, problem in cleaned.problems.items()
        if problem.severity == "warning" and problem.code not in _NO_REPAIR and cleaned.values[at] is not None
    }


def decides(column: Field, problem: Problem) -> bool:
    """Whether a row falls with this problem in this column."""
    if column.key == "nickname":
        return False  # a missing name is reported in its own words, by table
    about = tables()[column.table]
    if problem.code == "label_without_meaning" and not (column.coded and lists()[column.list_key].blank):
        return False  # it is some contact, and counts as one
    return column.required or column.key in about.needs or about.deciding == column.key


def _fix(problem: Problem, column: Field, how: Reading) -> str:
    """What to put where she agrees; the analysis date stands for a date that could not be guessed."""
    is_example = problem.spoils and column.kind == "date" and problem.fix == iso(how.near)
    return "" if is_example else problem.fix


def _report_column(part: Part, key: str, special: dict[int, Finding], how: Reading) -> Iterator[About]:
    column = fields(part.table)[key]
    for at, problem in part.problems(key).items():
        if at in special or problem.code in _SUMMED:
            continue
        severity, fells = problem.severity, False
        if severity == "error":
            if decides(column, problem):
                fells, part.used[at] = True, False
            else:
                severity = "warning"
        if severity != "info":
            yield About(len(part.findings), key, at, fells)
        part.findings.append(
            Finding(
                problem.code,
                severity,
                part.sheet,
                part.cell(key, at),
                part.shown(key, at),
                problem.suggestion,
                {"field": part.layout.headers[part.layout.matches[key].column]},
                _fix(problem, column, how),
            )
        )


def _report_missing(part: Part, how: Reading, special: dict[int, Finding]) -> Iterator[About]:
    """Rows without something they need, where no finding says so already."""
    for key in tables()[part.table].needs:
        code = _MISSING.get(key, "value_missing")
        problems, values = part.problems(key), part.values(key)
        if key not in part.layout.matches and key != "nickname":
            _column_missing(part, fields(part.table)[key].labels[how.lang], special)
            continue
        if all(values) or None not in values:
            continue
        for at, value in enumerate(values):
            if value is not None or at in special:
                continue
            if key == "nickname" and part.values("customer_id")[at]:
                continue
            part.used[at] = False
            problem = problems.get(at)
            if problem is None or not problem.spoils or not decides(fields(part.table)[key], problem):
                yield About(len(part.findings), key, at, fells=True)
                place = part.sheet, part.cell(key, at), part.shown(key, at)
                part.findings.append(Finding(code, "error", *place, params=_field(part, key)))


def _column_missing(part: Part, header: str, special: dict[int, Finding]) -> None:
    """No row counts without a column that the table needs: said once, where the header should stand."""
    rows = [at for at in range(len(part)) if at not in special]
    for at in rows:
        part.used[at] = False
    if rows:
        last = len(part.layout.headers)
        while last and not part.layout.headers[last - 1]:
            last -= 1
        place = f"{letters(last)}{part.layout.row + 1}"
        said: dict[str, str | int | float] = {"field": header, "count": len(rows)}
        part.findings.append(Finding("column_missing", "error", part.sheet, place, params=said))


def _field(part: Part, key: str) -> dict[str, str | int | float]:
    match = part.layout.matches.get(key)
    return {} if match is None else {"field": part.layout.headers[match.column]}


_MISSING = {"date": "date_missing", "amount": "amount_missing", "nickname": "name_missing"}
"""What is said of a row without something it needs."""


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
    if part.table == "trades" and not all(part.cleaned.get("nickname", Cleaned([])).values):
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
