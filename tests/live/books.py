"""Workbooks with live formulas: written, damaged, recalculated by LibreOffice, and read by the query."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import python_calamine
from lxml import etree
from openpyxl import load_workbook

from sheetkit.analysis.engine import measure
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.analysis.measured import Measured
from sheetkit.analysis.reasons import overrule
from sheetkit.analysis.settled import settle
from sheetkit.intake import read_book
from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import Blueprint, blueprint
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import Rulebook
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.cached import Cached, Typed
from sheetkit.writing.live.helper import Helper
from sheetkit.writing.live.layout import FIRST_ROW, HELPER_NAME, Capacity, Layout
from tests.tools import computed

AS_OF = date(2026, 5, 20)
TODAY = to_day(AS_OF)
BLUEPRINT = blueprint("xianyu")
SMALL = Capacity(40, 200, 120)
Columns = dict[tuple[str, str], list[object]]
"""{(block, key): the values of a helper column from its first row on, "" where blank}."""
Row = Mapping[str, object]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Formula(NamedTuple):
    """A formula typed by the seller, and the error it shows."""

    text: str
    error: str


NA = Formula("NA()", "#N/A")


@dataclass(frozen=True)
class Case:
    """One workbook: what is typed into it, and what is typed over its settings.

    ``own``: {threshold key (or ``shop_kind``): own value}. A cell may hold a Formula. ``more``: tables beside
    the template's own. ``picked``: results picked on 今天.
    """

    name: str
    rows: Mapping[TableKey, Sequence[Row]]
    lang: Lang = "zh"
    capacity: Capacity = SMALL
    own: Mapping[str, object] = field(default_factory=dict)
    template: str = "xianyu"
    more: tuple[TableKey, ...] = ()
    picked: tuple[str, ...] = ()

    @property
    def blueprint(self) -> Blueprint:
        """The template it is written from."""
        return blueprint(self.template, self.more)

    @property
    def rules(self) -> Rulebook:
        return rules_for(self.blueprint).book

    def __str__(self) -> str:
        return self.name

    @property
    def changed(self) -> bool:
        """Whether something is typed that the writer did not know when it cached the values."""
        formulas = any(
            isinstance(one, Formula) for rows in self.rows.values() for row in rows for one in row.values()
        )
        return bool(self.own or self.picked) or formulas

    def layout(self) -> Layout:
        return Layout(self.blueprint, self.lang, self.capacity)

    def workbook(self) -> bytes:
        """The written workbook with the formulas and own values typed into it."""
        plain = {
            table: [{key: one for key, one in row.items() if not isinstance(one, Formula)} for row in rows]
            for table, rows in self.rows.items()
        }
        data = template_workbook(Plan(self.blueprint, self.lang, AS_OF, self.capacity, plain))  # type: ignore[arg-type]
        layout = self.layout()
        typed: dict[str, dict[str, object]] = {}
        for table, rows in self.rows.items():
            for line, row in enumerate(rows, 2):
                for key, value in row.items():
                    if isinstance(value, Formula):
                        cell = f"{layout.entry_letters[table][key]}{line}"
                        typed.setdefault(self.blueprint.sheet(table).labels[self.lang], {})[cell] = value
        if self.picked:
            book = load_workbook(io.BytesIO(data), read_only=True)
            sheet, place = book.defined_names["today_results"].value.replace("'", "").split("!")
            column, first = re.findall(r"[A-Z]+|\d+", place)[:2]
            typed[sheet] = {f"{column}{int(first) + at}": one for at, one in enumerate(self.picked)}
        if self.own:
            sheet = self.blueprint.sheet("settings").labels[self.lang]
            typed[sheet] = _own_cells(data, sheet, self.own)
        return type_into(data, typed) if typed else data


def type_into(data: bytes, typed: Mapping[str, Mapping[str, object]]) -> bytes:
    """The workbook with cells typed over, {sheet: {cell: value}}; everything else byte for byte."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = [
            one.get("name") for one in etree.fromstring(old.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
        ]
        parts = {f"xl/worksheets/sheet{names.index(sheet) + 1}.xml": cells for sheet, cells in typed.items()}
        for name in old.namelist():
            content = old.read(name)
            if name in parts:
                root = etree.fromstring(content)
                for place, value in parts[name].items():
                    _type(_cell(root, place), value)
                content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(name, content)
    return target.getvalue()


def _cell(root: etree._Element, place: str) -> etree._Element:
    letters, line = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]
    row = root.find(f".//{_MAIN}row[@r='{line}']")
    assert row is not None, f"{place} has no row to stand in"
    order = (len(letters), letters)
    for at, cell in enumerate(row):
        own = re.sub(r"\d", "", cell.get("r"))
        if own == letters:
            return cell
        if (len(own), own) > order:
            row.insert(at, etree.Element(f"{_MAIN}c", r=place))
            return row[at]
    return etree.SubElement(row, f"{_MAIN}c", r=place)


def _type(cell: etree._Element, value: object) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, Formula):
        cell.set("t", "e")
        etree.SubElement(cell, f"{_MAIN}f").text = value.text
        etree.SubElement(cell, f"{_MAIN}v").text = value.error
    elif isinstance(value, bool):
        cell.set("t", "b")
        etree.SubElement(cell, f"{_MAIN}v").text = str(int(value))
    elif isinstance(value, str):
        cell.set("t", "inlineStr")
        shown = etree.SubElement(etree.SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t")
        shown.text = value
        shown.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    elif value is not None:
        etree.SubElement(cell, f"{_MAIN}v").text = repr(value)


def _own_cells(data: bytes, sheet: str, own: Mapping[str, object]) -> dict[str, object]:
    """{cell: value} of the own values, found by the keys on the settings sheet."""
    cells = {}
    rows = list(load_workbook(io.BytesIO(data), read_only=True)[sheet].iter_rows())
    key_at, own_at = (
        next(at for at, cell in enumerate(rows[0]) if cell.value in labels)
        for labels in ({"键", "Key"}, {"我的设定", "Own value"})
    )
    for row in rows:
        if row[key_at].value in own:
            cells[row[own_at].coordinate] = own[row[key_at].value]
    assert len(cells) == len(own), "a key is not on the settings sheet"
    return cells


@dataclass(frozen=True)
class Query:
    """What the query says of the same workbook, as the live formulas read its cells."""

    typed: Typed
    effective: list[str]
    """The class in force, the seller's own where she typed one."""

    @property
    def measured(self) -> Measured:
        return self.typed.measured


def query(case: Case, data: bytes) -> Query:
    """The second reading."""
    rules = case.rules
    book = settle(set_aside_future(read_book(data, "book.xlsx", repair=False, as_of=TODAY), TODAY))
    identity = identify(book, typed_fold)
    thresholds = rules.in_force(book.shop_kind or case.blueprint.shop_kind, book.settings)
    measured = measure(book, identity, rules, tuple(rules.dimensions), thresholds, TODAY)
    (manual,) = (one for one in rules.dimensions.values() if one.manual)
    auto = measured.customers[manual.key]
    labels = {label.lower(): one.key for one in manual.classes for label in one.labels.all()}
    typed = [
        None if at is None else book.tables["customers"].column("manual_class")[at] for at in identity.home
    ]
    effective = [labels.get((own or "").lower(), one) for own, one in zip(typed, auto, strict=True)]
    mended = overrule(book, identity.home, auto, manual).effective
    for own, formula, analysis in zip(typed, effective, mended, strict=True):
        assert formula == analysis or (own or "").lower() not in labels, own
    return Query(Typed(book, identity, measured, thresholds, TODAY), effective)


def cached(case: Case, typed: Typed) -> Columns:
    """The values that would be cached for this reading."""
    layout = case.layout()
    helper = Helper(layout, case.rules)
    values = Cached(layout, case.rules, helper.filters, typed)
    return {place: list(column) for place, column in values.columns.items()}


def helper_sheet(data: bytes, lang: Lang) -> Columns:
    """The values of 计算 as a reader sees them."""
    sheet = load_workbook(io.BytesIO(data), data_only=True, read_only=True)[HELPER_NAME[lang]]
    rows = list(sheet.iter_rows(values_only=True))
    found: Columns = {}
    for heading, *values in zip_longest(*rows):
        if isinstance(heading, str):
            block, key = heading.split(".")
            found[block, key] = ["" if one is None else one for one in values[FIRST_ROW - 2 :]]
    return found


def answers(data: bytes, lang: Lang) -> list[tuple[int, object]]:
    """What stands beside the trades, by the row; blank cells left out."""
    book = python_calamine.load_workbook(io.BytesIO(data))  # openpyxl stumbles over days no calendar has
    head, *rows = book.get_sheet_by_name(BLUEPRINT.sheet("trades").labels[lang]).to_python()
    at = head.index(text("column.answer", lang))
    return [(line, row[at]) for line, row in enumerate(rows, 2) if row[at] != ""]


def recalculated(books: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Every workbook after LibreOffice computed every formula anew."""
    given, out = folder / "written", folder / "computed"
    given.mkdir()
    out.mkdir()
    paths = []
    for name, data in books.items():
        paths.append(given / f"{name}.xlsx")
        paths[-1].write_bytes(data)
    return {path.stem: path.read_bytes() for path in computed(paths, out)}
