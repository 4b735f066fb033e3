"""A formula that cells share is one that Excel can share ([MS-XLSB] 2.5.98.98, SharedParsedFormula)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator

import pytest
from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity

_F = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


def shared(data: bytes) -> Iterator[etree._Element]:
    """Every formula element that is shared, master or not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/sheet"):
                formulas = etree.fromstring(package.read(name)).iter(_F)
                yield from (one for one in formulas if one.get("t") == "shared")


def forbidden(formula: str) -> list[str]:
    """What a shared formula may not hold: another sheet, a range or union of results, an array."""
    return [
        token.value
        for token in Tokenizer(f"={formula}").items
        if (token.type == Token.OPERAND and token.subtype == Token.RANGE and "!" in token.value)
        or (token.type == Token.FUNC and ":" in token.value)
        or (token.type == Token.OP_IN and token.value in ",:")
        or token.type in (Token.ARRAY, Token.WSPACE)
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_shared_formulas_are_what_excel_can_share(lang: Lang) -> None:
    data = template_workbook(Plan(blueprint("xianyu"), lang, dt.date(2026, 3, 1), Capacity(5, 8, 6)))
    stated = [one.text for one in shared(data) if one.text]
    assert len(stated) > 60
    assert {text: forbidden(text) for text in stated if forbidden(text)} == {}


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ('IF(计算!$J3="","",1)', ["计算!$J3"]),
        ("SUM(INDEX($M:$M,$AS3):INDEX($M:$M,$AT3))", [":INDEX("]),
        ("SUM(A1:INDEX(B:B,2))", ["A1:INDEX("]),
        ("SUM((A1:A2,B3))", [","]),
        ('MATCH($CJ3,{"a","b"},0)', ["{", "}"]),
        ('IF(A3="计算!","{}:",$B$3:$B$9)', []),
    ],
)
def test_what_excel_cannot_share_is_found(formula: str, found: list[str]) -> None:
    assert forbidden(formula) == found
