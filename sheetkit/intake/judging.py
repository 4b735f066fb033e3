"""Which rows of a table count, and what is said about every other: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from operator import itemgetter

from sheetkit.intake import coded
from sheetkit.intake.amounts import read_money
from sheetkit.intake.cells import display, letters, narrow
from sheetkit.intake.columns import Reading
from sheetkit.intake.dates import iso
from sheetkit.intake.effects import About, add_effects
from sheetkit.intake.problems import Problem
from sheetkit.intake.special_rows import special_rows
from sheetkit.intake.tables import Part
from sheetkit.model.book import Apart, Total, by_currency
from sheetkit.model.currencies import named_in
from sheetkit.model.fields import Field, TableKey, fields, tables
from sheetkit.model.findings import Finding, Severity
from sheetkit.model.labels import fold
from sheetkit.model.lists import lists

_NUMBERING = frozenset({fold("编号")})
"""Headings of ids that do not say whose they are."""
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
    if special and how.repair and "nickname" in part.cleaned:
        part.cleaned["nickname"].blank(list(special))  # 合计 is nobody's name
    if how.repair and part.table != "customers" and _numbers_rows(part):
        part.cleaned["customer_id"].blank(list(range(len(part))))
        header = part.layout.headers[part.layout.matches["customer_id"].column]
        place = part.sheet, part.cell("customer_id", 0), header
        part.findings.append(Finding("ids_number_rows", "info", *place))
    about: list[About] = []
    for key in part.layout.matches:
        about += _report_column(part, key, special, how)
    about += _report_missing(part, how, special)
    add_effects(part, how, about)
    if part.table == "customers":
        part.findings += _duplicates(part)
    part.findings += _summaries(part)


def _numbers_rows(part: Part) -> bool:
    """Whether a column 编号 numbers the rows: no two are alike, though a name comes again."""
    match = part.layout.matches.get("customer_id")
    if match is None or fold(part.layout.headers[match.column]) not in _NUMBERING:
        return False
    rows = zip(part.values("nickname"), part.values("customer_id"), strict=True)
    both = [(name, code) for name, code in rows if name and code]
    return len(set(map(itemgetter(0), both))) < len(set(map(itemgetter(1), both))) == len(both)


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
        read = coded.total(amounts)
        cents += read
        cents_used += read if all(part.used) else sum(filter(None, compress(amounts, part.used)))
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
    found: set[int] = set()
    for cleaned in part.cleaned.values():
        values = list(cleaned.values) if cleaned.problems else []
        found.update(
            at
            for at, problem in cleaned.problems.items()
            if problem.severity == "warning" and problem.code not in _NO_REPAIR and values[at] is not None
        )
    return found


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
    if not part.problems(key):
        return
    column, cells, place = fields(part.table)[key], list(part.raw[key]), part.layout.matches[key].column
    letter, said = letters(place), _field(part, key)
    falls: dict[str, bool] = {}  # by what is wrong, which alone decides it
    for at, problem in part.problems(key).items():
        if at in special or problem.code in _SUMMED:
            continue
        severity, fells = problem.severity, False
        if severity == "error":
            if problem.code not in falls:
                falls[problem.code] = decides(column, problem)
            if falls[problem.code]:
                fells, part.used[at] = True, False
            else:
                severity = "warning"
        if severity != "info":
            yield About(len(part.findings), key, at, fells)
        cell, shown, fix = f"{letter}{part.row[at]}", display(cells[at]), _fix(problem, column, how)
        part.findings.append(
            Finding(problem.code, severity, part.sheet, cell, shown, problem.suggestion, said, fix)
        )


def _report_missing(part: Part, how: Reading, special: dict[int, Finding]) -> Iterator[About]:
    """Rows without something they need, where no finding says so already."""
    for key in tables()[part.table].needs:
        code = _MISSING.get(key, "value_missing")
        problems, values = part.problems(key), part.values(key)
        if key not in part.layout.matches and key != "nickname":
            _column_missing(part, fields(part.table)[key].labels[how.lang], special)
            continue
        if coded.all_true(values) or None not in values:
            continue
        ids = part.values("customer_id")
        for at, value in enumerate(values):
            if value is not None or at in special or (key == "nickname" and ids[at]):
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
    """Names and ids that stand in a row above already: whether that is the same customer, the id decides."""
    seen: dict[tuple[str, str], int] = {}
    first_id: dict[str, str] = {}
    holder: dict[str, tuple[str, int]] = {}
    found: list[Finding] = []
    ids = part.values("customer_id") or [None] * len(part)
    for at, (name, typed) in enumerate(zip(part.values("nickname"), ids, strict=True)):
        if not name or not part.used[at]:
            continue
        key, code = fold(name), fold(typed or "")
        if code:
            known, row = holder.setdefault(code, (key, part.row[at]))
            if known != key:
                found.append(_about_customer("customer_id_twice", "warning", part, at, row))
        other = code if code != first_id.setdefault(key, code) and first_id[key] else ""
        first_id[key] = first_id[key] or code
        if (key, other) in seen:
            found.append(_about_customer("customer_duplicate", "info", part, at, seen[key, other]))
            continue
        if other:
            found.append(_about_customer("customer_namesake", "info", part, at, seen[key, ""]))
        seen[key, other] = part.row[at]
    return found


def _about_customer(code: str, severity: Severity, part: Part, at: int, row: int) -> Finding:
    """Something about a row of 基本信息 and one above it."""
    column = "customer_id" if code == "customer_id_twice" else "nickname"
    said: dict[str, str | int | float] = {"row": row}
    if code == "customer_namesake":
        said["id"] = part.values("customer_id")[at]
    return Finding(code, severity, part.sheet, part.cell(column, at), part.values(column)[at], params=said)


def _summaries(part: Part) -> list[Finding]:
    """What concerns many rows is said once: nameless trades, masked names."""
    found = []
    masked = [at for at, problem in part.problems("nickname").items() if problem.code == "masked_name"]
    if masked:
        found.append(_counted("masked_name", part, masked))
    if "nickname" in part.cleaned and part.table == "trades" and not coded.all_true(part.values("nickname")):
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
