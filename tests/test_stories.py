"""The further made-up shops of the Xianyu template: each tells what it is there to tell."""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date
from functools import cache

import pytest
from python_calamine import CalamineWorkbook

from sheetkit.errors import UsageError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.days import to_day
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.outcome import Outcome
from sheetkit.writing.sample_stories import story_names
from tests.langs import ENGLISH_IN_PROOF, with_proof

AS_OF = date(2026, 3, 1)
STORIES = ("art", "clothing")
every_story = pytest.mark.parametrize("story", STORIES)


@cache
def book(story: str, lang: Lang) -> bytes:
    return new_workbook("xianyu", lang, AS_OF, story=story)


@cache
def analysed(story: str, lang: Lang) -> Outcome:
    return analyze_file(book(story, lang), "shop.xlsx", as_of=AS_OF)


def chart_texts(workbook: bytes) -> list[str]:
    """The texts that stand in the charts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if "/charts/" in name]
    return [html.unescape(one) for chart in charts for one in re.findall(r"<a:t>(.*?)</a:t>", chart)]


def test_every_story_is_known() -> None:
    assert story_names("xianyu") == STORIES
    with pytest.raises(UsageError):
        new_workbook("xianyu", "zh", AS_OF, story="bakery")


@pytest.mark.proof
@every_story
def test_a_shop_is_the_same_in_both_languages(story: str) -> None:
    zh, en = (analysed(story, lang).analysis for lang in LANGS)
    assert zh.shop_kind == en.shop_kind == story
    assert zh.customers["visits"] == en.customers["visits"]
    assert zh.customers["last_day"] == en.customers["last_day"]


@pytest.mark.parametrize(
    ("story", "lang"),
    [
        ("clothing", "zh"),
        ("art", "en"),
        pytest.param("clothing", "en", marks=pytest.mark.proof),
        pytest.param("art", "zh", marks=pytest.mark.proof),
    ],
)
def test_nothing_in_it_has_to_be_mended(story: str, lang: Lang) -> None:
    found = analysed(story, lang).analysis
    assert [one for one in found.findings if one.severity != "info"] == []
    assert [one.rows_set_aside for one in found.totals] == [0] * len(found.totals)


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_clothing_shop_sells_at_the_weekend(lang: Lang) -> None:
    """Counted in the sheet itself: Friday to Sunday bring most sales; and the chart says which day."""
    trades = {"zh": "交易记录", "en": "Trades"}[lang]
    sheets = CalamineWorkbook.from_object(io.BytesIO(book("clothing", lang)))
    rows = sheets.get_sheet_by_name(trades).to_python()
    days = [row[0] for row in rows[1:] if isinstance(row[0], date)]
    late = sum(day.isoweekday() >= 5 for day in days)
    assert late > 0.6 * len(days) > 100
    made = analysed("clothing", lang)
    said = chart_texts(made.workbook)
    visits = [count for count, _ in made.analysis.weekdays]
    best = visits.index(max(visits))
    assert best >= 4
    name = text("report.weekdays", lang).split()[best]
    assert any(name in one and f"{max(visits) / sum(visits):.0%}" in one for one in said), said


@pytest.mark.parametrize("lang", with_proof(LANGS, {"zh"}))
def test_the_studio_has_columns_of_its_own(lang: Lang) -> None:
    sheets = CalamineWorkbook.from_object(io.BytesIO(book("art", lang)))
    headings = sheets.get_sheet_by_name({"zh": "基本信息", "en": "Customers"}[lang]).to_python()[0]
    own = {"zh": ["艺术背景", "收藏喜好", "备注"], "en": ["Art background", "Collects", "Note"]}[lang]
    assert headings[-3:] == own
    assert {"zh": "商品", "en": "Goods"}[lang] in sheets.sheet_names
    found = analysed("art", lang).analysis
    assert max(found.customers["last_day"], key=lambda day: day or 0) <= to_day(AS_OF)
