"""淘宝客户管理方案 recalculated by LibreOffice: the formulas say what the analysis says, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest

from sheetkit.analysis.result import Analysis
from sheetkit.messages import LANGS, Lang
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from sheetkit.writing.sheet import Value
from tests.langs import is_proof, with_proof
from tests.live.books import Columns, helper_sheet, recalculated
from tests.live.test_recalculation import differences, same
from tests.templates.taobao import AS_OF, TEMPLATE, Rows, analysed

RULES = rules_for(TEMPLATE).book


@dataclass(frozen=True)
class Room(Capacity):
    """As much room as a made-up shop needs, so that a recalculation stays short."""

    customers: int = 70
    trades: int = 345
    contacts: int = 45

    def rows(self, table: TableKey) -> int:
        return {"customers": self.customers, "trades": self.trades}.get(table, 80)


def slips(seed: int) -> Rows:
    """What a person should not have typed, in every sheet: cells drawn from what may and may not stand."""
    draw = Random(seed)
    names: list[Value] = [*(f"客{at}" for at in range(12)), "Ann", "ann ", "t***5", "", None]
    odd: list[Value] = [None, "", "五分", "1", 0, -3, 2.5, 3, 5, 40, 1e9]

    def cell(table: TableKey, key: str) -> Value:
        field = fields(table)[key]
        if field.kind == "date":
            edges = (-1, 0, 1, 9) if key == "closed_on" else (-40, -1, 0, 1, 30, 90, 91, 180, 365, 366, 9000)
            near = AS_OF - timedelta(draw.choice(edges))
            return draw.choice((near, near, near, near, "昨天", 3.5, None))
        if field.list_key:
            entries = [one.labels[draw.choice(LANGS)] for one in lists()[field.list_key].entries]
            return draw.choice((*entries, *entries, None, "不知道"))
        return draw.choice(names) if field.kind == "name" else draw.choice(odd)

    sizes = {"customers": 16, "trades": 80, "contacts": 40, "browsing": 40, "surveys": 50, "cases": 78}
    return {
        table: [{one.key: cell(table, one.key) for one in TEMPLATE.sheet(table).columns} for _ in range(size)]
        for table, size in (sizes | {"benefits": 60}).items()
    }


@dataclass(frozen=True)
class Read:
    """A workbook's helper sheet as written and as LibreOffice computes it."""

    written: Columns
    computed: Columns


LANG_OF: dict[str, Lang] = {"zh": "zh", "en": "en", "slips": "zh"}
LATER = {"zh", "en"}


@pytest.fixture(scope="module")
def told() -> dict[str, Rows]:
    return {"slips": slips(3), **{lang: sample("taobao", lang, AS_OF).rows for lang in LANGS}}


@pytest.fixture(scope="module")
def reads(
    request: pytest.FixtureRequest, told: dict[str, Rows], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Read]:
    asked = {name: lang for name, lang in LANG_OF.items() if name not in LATER or is_proof(request)}
    books = {
        name: template_workbook(Plan(TEMPLATE, lang, AS_OF, Room(), told[name]))
        for name, lang in asked.items()
    }
    done = recalculated(books, tmp_path_factory.mktemp("taobao"))
    return {
        name: Read(helper_sheet(books[name], lang), helper_sheet(done[name], lang))
        for name, lang in asked.items()
    }


@pytest.fixture(scope="module")
def analyses(told: dict[str, Rows]) -> dict[str, Analysis]:
    return {lang: analysed(told[lang], lang) for lang in LANGS}


@pytest.mark.parametrize("name", with_proof(LANG_OF, LATER))
def test_every_value_written_is_the_one_computed(reads: dict[str, Read], name: str) -> None:
    read = reads[name]
    assert read.written.keys() == read.computed.keys()
    assert list(differences(read.written, read.computed)) == []


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
def test_what_is_computed_is_what_the_analysis_says(
    reads: dict[str, Read], analyses: dict[str, Analysis], lang: Lang
) -> None:
    found, computed = analyses[lang].customers, reads[lang].computed
    count = len(found["name"])
    assert count == 64
    expected = {key: ["" if one is None else one for one in found[key]] for key in ("name", *RULES.metrics)}
    for key, dimension in RULES.dimensions.items():
        label = {one.key: one.labels[lang] for one in dimension.classes}
        expected[key] = [label[one] for one in found[key]]
    wrong = [
        f"{key} of {name}: {one!r}, formula {two!r}"
        for key, values in expected.items()
        for name, one, two in zip(found["name"], values, computed["people", key], strict=False)
        if not same(one, two)
    ]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_made_up_shop_reaches_every_class(analyses: dict[str, Analysis], lang: Lang) -> None:
    found = analyses[lang].customers
    for key, dimension in RULES.dimensions.items():
        assert set(found[key]) == {one.key for one in dimension.classes}, key


def test_the_slips_are_felt_and_something_is_left_to_measure(reads: dict[str, Read]) -> None:
    people = reads["slips"].computed
    for key in ("points_balance", "last_score", "close_days_mean", "pages_90", "level_confirmed"):
        values = {one for one in people["people", key] if one not in ("", 0)}
        assert values, key
