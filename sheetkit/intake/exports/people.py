"""Who bought: one row a buyer, as far as an export says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sheetkit.intake.cells import Cell, tidy
from sheetkit.intake.columns import Reading, clean
from sheetkit.intake.exports.lines import Lines
from sheetkit.intake.exports.orders import Order
from sheetkit.intake.exports.remarks import Remarks
from sheetkit.intake.exports.texts import is_hidden, phone, plain
from sheetkit.intake.labels import label_readers
from sheetkit.model.book import Column, Table
from sheetkit.model.fields import fields
from sheetkit.model.labels import NAME_LENGTH, fold

_OF_TRADES = frozenset({"nickname", "customer_id", "note"})
_IDS = ("wangwang", "wechat")


@dataclass(frozen=True)
class Names:
    """Per line, the buyer's name and number; "" where there is none or the platform hides it (``hidden``)."""

    nickname: list[str]
    customer_id: list[str]
    hidden: frozenset[int]


def names_of(lines: Lines) -> Names:
    """Every line's buyer."""
    typed = [tidy(one)[:NAME_LENGTH] for one in lines.texts("nickname")]
    codes = [number for number, _ in lines.ids("customer_id")]
    hidden = frozenset(at for at, one in enumerate(typed) if one and is_hidden(one))
    return Names(
        ["" if at in hidden else one for at, one in enumerate(typed)],
        ["" if one and is_hidden(one) else one for one in codes],
        hidden,
    )


def say_hidden(names: Names, remarks: Remarks, places: Iterable[int]) -> None:
    """Hidden names of the lines that count are said once."""
    some = sorted(names.hidden.intersection(places))
    if some:
        remarks.about("nickname", some[0], "export_hidden_names", "info", count=len(some))


def buyers(lines: Lines, names: Names, orders: Sequence[Order], source: str, sheet: str) -> Table:
    """One row a buyer of these orders; what several orders say differently, the latest order says."""
    columns = {key: _texts(lines, key) for key in lines.platform.columns if _is_about_people(key)}
    people: dict[str, dict[str, str | int]] = {}
    for order in sorted(orders, key=_when):
        at = next((at for at in order.lines if names.nickname[at] or names.customer_id[at]), None)
        if at is None:
            continue
        nickname, code = names.nickname[at], names.customer_id[at]
        one = people.setdefault(fold(code or nickname), {"row": lines.row[at]})
        said = {key: texts[at] for key, texts in columns.items()}
        said |= {"nickname": nickname or code, "customer_id": code, "source": source}
        one |= {key: text for key, text in said.items() if text}
    return _table(list(people.values()), sheet)


def _when(order: Order) -> tuple[int, int]:
    day, minute = order.moment or (0, 0)
    return day, minute or 0


def customer_rows(lines: Lines, names: Names, kept: Sequence[int], source: str, sheet: str) -> Table:
    """The rows of a customer export, typed as the sheet of customers types them."""
    known = fields("customers")
    how = Reading(True, label_readers(None, "zh"), near=0, delimited=True)
    typed: dict[str, Column] = {}
    for key, parts in lines.platform.columns.items():
        if key in known and parts and lines.places(key):
            column: list[Cell] = [*map(plain, (lines.columns[lines.places(key)[0]]))]
            typed[key] = list(clean(column, known[key], how).values)
    typed["phone"] = [*_texts(lines, "phone")]
    typed["nickname"], typed["customer_id"] = list(names.nickname), list(names.customer_id)
    if source and not any(typed.get("source", ())):
        typed["source"] = [source] * len(lines)
    rows = []
    for at in kept:
        said = {key: values[at] for key, values in typed.items() if values[at] not in (None, "")}
        rows.append(said | {"row": lines.row[at]})
    return _table(rows, sheet)


def _is_about_people(key: str) -> bool:
    return key in fields("customers") and key not in _OF_TRADES and not fields("customers")[key].coded


def _texts(lines: Lines, key: str) -> list[str]:
    if key == "phone":
        return _first_phone(lines)
    if key in _IDS:
        return [number for number, _ in lines.ids(key)]
    return ["" if is_hidden(text) else tidy(text) for text in lines.texts(key)]


def _first_phone(lines: Lines) -> list[str]:
    columns = [lines.columns[column] for column in lines.places("phone")]
    return [next(filter(None, (phone(column[at]) for column in columns)), "") for at in range(len(lines))]


def _table(people: Sequence[dict[str, str | int]], sheet: str) -> Table:
    keys = dict.fromkeys(key for one in people for key in fields("customers") if key in one)
    count = len(people)
    return Table(
        {key: [one.get(key) for one in people] for key in keys},
        sheet=[sheet] * count,
        row=[int(one["row"]) for one in people],
        used=[True] * count,
        repaired=[False] * count,
    )


