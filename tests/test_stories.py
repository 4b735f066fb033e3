"""The further made-up shops of the Xianyu template: each tells what it is there to tell."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from typing import Any

import openpyxl
import pytest

from sheetkit.errors import UsageError
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.days import to_day
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.pipeline.outcome import Outcome
from sheetkit.writing.sample_stories import story_names

AS_OF = date(2026, 3, 1)
STORIES = ("art", "clothing")
every_story = pytest.mark.parametrize("story", STORIES)
both = pytest.mark.parametrize("lang", LANGS)


@cache
def book(story: str, lang: Lang) -> bytes:
    return new_workbook("xianyu", lang, AS_OF, story=story)


@cache
def analysed(story: str, lang: Lang) -> Outcome:
    return analyze_file(book(story, lang), "shop.xlsx", as_of=AS_OF)


def chart_title(chart: Any) -> str:
    """What stands over a chart."""
    return "".join(run.t for part in chart.title.tx.rich.p for run in part.r or ())


def test_every_story_is_known() -> None:
    assert story_names("xianyu") == STORIES
    with pytest.raises(UsageError):
        new_workbook("xianyu", "zh", AS_OF, story="bakery")


@every_story
def test_a_shop_is_the_same_in_both_languages(story: str) -> None:
    zh, en = (analysed(story, lang).analysis for lang in LANGS)
    assert zh.shop_kind == en.shop_kind == story
    assert zh.customers["visits"] == en.customers["visits"]
    assert zh.customers["last_day"] == en.customers["last_day"]


@every_story
@both
def test_nothing_in_it_has_to_be_mended(story: str, lang: Lang) -> None:
    found = analysed(story, lang).analysis
    assert [one for one in found.findings if one.severity != "info"] == []
    assert [one.rows_set_aside for one in found.totals] == [0] * len(found.totals)


@both
def test_the_clothing_shop_sells_at_the_weekend(lang: Lang) -> None:
    """Counted in the sheet itself: Friday to Sunday bring most sales; and the chart says which day."""
    trades, overview = {"zh": ("交易记录", "分析总览"), "en": ("Trades", "Overview")}[lang]
    sheet = openpyxl.load_workbook(io.BytesIO(book("clothing", lang)))[trades]
    days = [row[0].date() for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True) if row[0]]
    late = sum(day.isoweekday() >= 5 for day in days)
    assert late > 0.6 * len(days) > 100
    made = analysed("clothing", lang)
    added = openpyxl.load_workbook(io.BytesIO(made.workbook))[overview]
    said = [chart_title(chart) for chart in added._charts]
    visits = [count for count, _ in made.analysis.weekdays]
    best = visits.index(max(visits))
    assert best >= 4
    name = text("report.weekdays", lang).split()[best]
    assert any(name in one and f"{max(visits) / sum(visits):.0%}" in one for one in said), said


@both
def test_the_studio_has_columns_of_its_own(lang: Lang) -> None:
    sheets = openpyxl.load_workbook(io.BytesIO(book("art", lang)))
    headings = [cell.value for cell in sheets[{"zh": "基本信息", "en": "Customers"}[lang]][1]]
    own = {"zh": ["艺术背景", "收藏喜好", "备注"], "en": ["Art background", "Collects", "Note"]}[lang]
    assert headings[-3:] == own
    assert {"zh": "商品", "en": "Goods"}[lang] in sheets.sheetnames
    found = analysed("art", lang).analysis
    assert found.more == ("goods", "wishes")
    assert max(found.customers["last_day"], key=lambda day: day or 0) <= to_day(AS_OF)
