"""Our own annotated workbook, written anew by another program or another hand, is analysed again as ours."""

from __future__ import annotations

import pytest

from tests.opc.referential import Book, problems
from tests.opc.variants import VARIANTS, Variant
from tests.opc.whole import broken_by_graft, grafted
from tests.pipeline.shop import once, plan_keys, run, told, type_into_plan

NAMES = (
    "as WPS saves", "prefix x", "single quotes and spaces", "texts in the cells", "zip64", "absolute targets",
    "names in capitals", "folder entries", "odd relationship ids",
)  # fmt: skip
CHOSEN = [variant for variant in VARIANTS if variant.name in NAMES]


def resaved(variant: Variant) -> bytes:
    """The annotated sample with a word typed into its plan, written so."""
    key = next(iter(plan_keys(once().workbook).values()))
    made = variant.of(type_into_plan(once().workbook, {key: {"result": "她要下周"}}))
    assert made is not None
    return made


@pytest.mark.proof
@pytest.mark.parametrize("variant", CHOSEN, ids=[variant.name for variant in CHOSEN])
def test_a_further_run_finds_its_own(variant: Variant) -> None:
    check(variant)


@pytest.mark.proof
def test_a_further_run_finds_its_own_after_wps() -> None:
    check(next(variant for variant in CHOSEN if variant.name == "as WPS saves"))


def check(variant: Variant) -> None:
    before = resaved(variant)
    outcome = run(before)
    after = outcome.workbook
    assert outcome.grafted
    assert told(outcome.analysis) == told(once().analysis)
    assert [sheet.name for sheet in Book(after).sheets] == [sheet.name for sheet in Book(before).sheets]
    assert marks(after) == marks(once().workbook) > 0
    assert "她要下周" in "".join(sheet.text(cell) for sheet in Book(after).sheets for cell in sheet.cells)
    assert problems(after) <= problems(before)


def marks(data: bytes) -> int:
    return sum(
        "sheetkit:" in (rule.text or "") for sheet in Book(data).sheets for rule in sheet.all("formula")
    )


@pytest.mark.proof
@pytest.mark.parametrize("variant", CHOSEN, ids=[variant.name for variant in CHOSEN])
def test_other_sheets_may_be_grafted_into_it(variant: Variant) -> None:
    before = resaved(variant)
    assert broken_by_graft(before, grafted(before)) == []
