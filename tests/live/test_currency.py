"""The sign of sums on the live sheets: that of the workbook as it is made, and of what is chosen later."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.currencies import currencies
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from tests.live.books import AS_OF
from tests.tools import recalculate

SIGNS = [one.sign for one in currencies().values()]


@cache
def made(lang: Lang, currency: str) -> bytes:
    rows = {key: some[:40] for key, some in sample("ecommerce", lang, AS_OF).rows.items()}
    return template_workbook(
        Plan(blueprint("ecommerce"), lang, AS_OF, Capacity(60, 60, 45), rows, currency=currency)
    )


def said(book: Any, sheets: tuple[str, ...]) -> set[str]:
    """The signs in the texts of these sheets."""
    texts = (str(one.value) for name in sheets for row in book[name].iter_rows() for one in row)
    return {sign for text in texts for sign in "¥$€£" if sign in text}


@pytest.mark.parametrize(("lang", "currency", "sign"), [("zh", "", "¥"), ("en", "EUR", "€")])
def test_a_workbook_shows_sums_in_its_own_currency(lang: Lang, currency: str, sign: str) -> None:
    labels = {key: blueprint("ecommerce").sheet(key).labels[lang] for key in ("dashboard", "classes")}
    data = made(lang, currency)
    assert said(openpyxl.load_workbook(io.BytesIO(data), data_only=True), tuple(labels.values())) == {sign}
    board = openpyxl.load_workbook(io.BytesIO(data))[labels["dashboard"]]
    assert [board[place].number_format for place in ("I6", "K6")] == [f'"{sign}"#,##0'] * 2


def test_the_cards_have_a_rule_for_every_other_currency() -> None:
    """A number format cannot look at a cell; a rule can, and brings the format of what is chosen."""
    board = openpyxl.load_workbook(io.BytesIO(made("en", "EUR")))["Dashboard"]
    for place in ("I6", "K6"):
        rules = board.conditional_formatting[place]
        shown = {rule.formula[0]: rule.dxf.numFmt.formatCode for rule in rules}
        others = [sign for sign in SIGNS if sign != "€"]
        assert shown == {f'currency_sign="{sign}"': f'"{sign}"#,##0' for sign in others}


@pytest.mark.proof
def test_the_live_sheets_follow_what_is_chosen(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made("en", "")))
    book["Settings"]["D3"] = "£ GBP"
    path = tmp_path / "chosen.xlsx"
    book.save(path)
    (tmp_path / "out").mkdir()
    done = openpyxl.load_workbook(recalculate(path, tmp_path / "out"), data_only=True)
    assert said(done, ("Dashboard", "Classes", "Today")) == {"£"}
