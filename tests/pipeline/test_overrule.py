"""The seller's own class wins wherever a class is shown or counted, is shown as hers, and stays."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
import python_calamine

from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint, blueprint_names
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.outcome import Outcome, analysis_json
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import Dimension, rulebook
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import FIRST_ROW, HELPER_NAME, Capacity

AS_OF = date(2026, 3, 15)
WHY = "老街坊,信得过"
CASES = [(template, LANGS[at % 2]) for at, template in enumerate(blueprint_names())]


def main(template: str) -> Dimension:
    """The dimension that a template leaves to the seller."""
    return rules_for(blueprint(template)).book.dimensions[blueprint(template).dimensions[0]]


def written(template: str, lang: Lang, own: str) -> bytes:
    """A book of two who bought yesterday, the first put into a class by hand."""
    day = AS_OF - timedelta(1)
    rows: Mapping[str, list[dict[str, object]]] = {
        "trades": [{"date": day, "nickname": name, "item": "灯", "amount": 50} for name in ("甲", "乙")],
        "customers": [{"nickname": "甲", "manual_class": own, "manual_reason": WHY}],
    }
    plan = Plan(blueprint(template), lang, AS_OF, Capacity(8, 10, 8), rows)  # type: ignore[arg-type]
    return template_workbook(plan)


def analysed(data: bytes) -> Outcome:
    return analyze_file(data, "店.xlsx", as_of=AS_OF)


@cache
def once(template: str, lang: Lang) -> Outcome:
    """The run over a book whose first customer was put into the first class, which the rules give to
    nobody who bought one lamp yesterday."""
    return analysed(written(template, lang, main(template).classes[0].labels[lang]))


def people(data: bytes, lang: Lang, key: str) -> list[object]:
    """A column of the two customers in the helper sheet."""
    head, *rows = (
        python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_name(HELPER_NAME[lang]).to_python()
    )
    at = head.index(f"people.{key}")
    return [row[at] for row in rows[FIRST_ROW - 2 :][:2]]


@pytest.mark.parametrize("template", blueprint_names())
def test_a_template_that_asks_for_an_own_class_heeds_it(template: str) -> None:
    """Its first dimension is the one that may be overruled, and no other is."""
    dimensions = rules_for(blueprint(template)).book.dimensions
    asks = any(one.key == "manual_class" for one in blueprint(template).sheet("customers").columns)
    assert [one.manual for one in dimensions.values()] == [asks] + [False] * (len(dimensions) - 1)


def test_only_the_first_dimension_is_overruled(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {key: replace(one, manual=True) for key, one in rulebook().dimensions.items()}
    open_to_all = replace(rulebook(), dimensions=every)
    monkeypatch.setattr("sheetkit.rules.chosen.rulebook", lambda: open_to_all)
    two = replace(blueprint("xianyu"), dimensions=("customer_class", "activity"))
    assert [one.manual for one in rules_for(two).book.dimensions.values()] == [True, False]


@pytest.mark.parametrize(("template", "lang"), CASES)
def test_it_wins_everywhere(template: str, lang: Lang) -> None:
    outcome, dimension = once(template, lang), main(template)
    found, own = outcome.analysis, dimension.classes[0]
    rules = str(found.customers["auto_class"][0])
    assert rules != own.key
    assert found.customers[dimension.key] == [own.key, rules]
    assert found.customers["overruled"] == [True, False]
    label, by_rule = own.labels[lang], dimension.cls(rules).labels[lang]
    why = found.reasons[dimension.key][0].why
    assert (label in why, WHY in why) == (True, True)
    assert analysis_json(found, "", lang)["segments"][dimension.key] == {own.key: 1, rules: 1}
    assert all(one.class_key == (own.key if one.customer == "甲" else rules) for one in found.tasks)
    assert people(outcome.workbook, lang, dimension.key) == [label, by_rule]
    assert people(outcome.workbook, lang, f"auto_{dimension.key}") == [by_rule, by_rule]
    book = python_calamine.load_workbook(io.BytesIO(outcome.workbook))
    for name in (blueprint(template).sheet("classes").labels[lang], ADDED_SHEETS["segments"][lang]):
        rows = [list(map(str, row)) for row in book.get_sheet_by_name(name).to_python()]
        (line,) = [row for row in rows if "甲" in row]
        assert label in line, name
        assert any(by_rule in one for one in line), "what the rules would say stands beside it"
        assert any(WHY in one for one in line), name


def test_a_class_there_is_not_is_said() -> None:
    found = analysed(written("xianyu", "en", "大客户")).analysis
    (said,) = [one for one in found.findings if one.code == "manual_class_unknown"]
    sheet = blueprint("xianyu").sheet("customers").labels.en
    at = next(
        at
        for at, one in enumerate(blueprint("xianyu").sheet("customers").columns)
        if one.key == "manual_class"
    )
    assert (said.sheet, said.cell, said.value) == (sheet, f"{chr(ord('A') + at)}2", "大客户")
    assert main("xianyu").cls("loyal").labels.en in said.suggestion
    assert found.customers["overruled"] == [False, False]


@pytest.mark.parametrize(("template", "lang"), CASES[:2])
def test_it_stays_after_another_run(template: str, lang: Lang) -> None:
    """That it also survives a save by LibreOffice is seen in test_saved_by_libreoffice."""
    before, again = once(template, lang).analysis, analysed(once(template, lang).workbook).analysis
    key = main(template).key
    assert again.customers[key] == before.customers[key]
    assert again.customers["overruled"] == [True, False]
    assert again.reasons[key] == before.reasons[key]
