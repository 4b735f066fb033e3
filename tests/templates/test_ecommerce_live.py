"""电商客户管理分类表 recalculated: what LibreOffice computes is what the query says, by cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from openpyxl import load_workbook

from sheetkit.analysis.engine import measure
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.analysis.measured import Measured
from sheetkit.analysis.reasons import overrule
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.blueprint import blueprint
from sheetkit.model.days import to_day
from sheetkit.model.fields import TableKey
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from tests.langs import ENGLISH_IN_PROOF, is_proof, with_proof
from tests.live.books import Columns, helper_sheet, recalculated
from tests.live.test_recalculation import same

AS_OF = date(2026, 5, 20)
TODAY = to_day(AS_OF)
TEMPLATE = blueprint("ecommerce")
RULES = rules_for(TEMPLATE).book
ROOM = Capacity(56, 115, 12)
Rows = Mapping[TableKey, Sequence[Mapping[str, object]]]

ODD: Rows = {
    "customers": [
        {"nickname": "按月", "order_frequency": "每月", "last_purchase": date(2026, 3, 6)},
        {"nickname": "按周", "order_frequency": "每周", "last_purchase": date(2026, 5, 6)},
        {"nickname": "按月晚一天", "order_frequency": " 每月 ", "last_purchase": date(2026, 3, 5)},
        {"nickname": "认不出的频率", "order_frequency": "想起来才买", "last_purchase": date(2026, 4, 1)},
        {"nickname": "太早的日子", "last_purchase": date(1999, 1, 1), "average_order": -5},
        {"nickname": "明年的日子", "last_purchase": date(2027, 1, 1), "average_order": 0.004},
        {"nickname": "字写的日子", "last_purchase": "去年", "average_order": "约100"},
        {"nickname": "自己定", "manual_class": "忠诚客户", "manual_reason": "熟人", "sales_potential": "低"},
        {"nickname": "英文定", "manual_class": "Sleeping", "sales_potential": "高"},
        {"nickname": "乱定", "manual_class": "大客户", "sales_potential": "很高"},
        {"nickname": "出生年", "birth_year": 1990.7, "average_order": 45.5, "order_frequency": "仅一次"},
        {"nickname": "年龄", "birth_year": 34, "average_order": 900, "last_purchase": date(2026, 5, 20)},
        {"nickname": "年龄零", "birth_year": 0},
        {"nickname": "没买过", "met_on": date(2026, 2, 18)},
        {"nickname": "早没买", "met_on": date(2026, 2, 19), "trades_before": 3},
        {"nickname": "企业", "identity": "企业", "first_before": date(2020, 1, 1), "trades_before": 9},
        {"nickname": "今天生日", "birthday": date(1984, 5, 20), "customer_id": "K1"},
        {"nickname": "今天生日", "birthday": date(1979, 5, 24), "customer_id": "K2"},
        {"nickname": "两周后", "birthday": date(1991, 6, 3)},
        {"nickname": "十五天后", "birthday": date(2000, 6, 4)},
        {"nickname": "昨天过了", "birthday": date(1970, 5, 19)},
        {"nickname": "闰日", "birthday": date(1996, 2, 29)},
        {"nickname": "别打扰", "birthday": date(1990, 5, 25), "do_not_contact": "是"},
        {"nickname": "写成字", "birthday": "5月25日"},
        {"nickname": "还没出生", "birthday": date(2026, 5, 25)},
    ],
    "trades": [
        *({"nickname": "四单", "date": day, "amount": 50} for day in (date(2025, 1, 1), date(2025, 5, 1))),
        *({"nickname": "四单", "date": day, "amount": 70} for day in (date(2025, 8, 1), date(2025, 11, 1))),
        {"nickname": "按月", "date": date(2026, 5, 1), "amount": 500, "state": "全额退款"},
        {"nickname": "年龄", "date": date(2025, 12, 1), "amount": 300},
        {"nickname": "一天两单", "date": date(2026, 5, 1), "amount": 20},
        {"nickname": "一天两单", "date": date(2026, 5, 2), "amount": 30},
    ],
    "contacts": [
        {"nickname": "只问过", "date": date(2026, 2, 18), "type": "咨询"},
        {"nickname": "想要", "date": date(2026, 5, 18), "type": "求购"},
    ],
}  # fmt: skip
BORN = ("今天生日", "今天生日 #K2", "两周后", "十五天后", "昨天过了", "闰日", "别打扰")
SHOPS: dict[str, tuple[Lang, Rows]] = {
    **{f"sample-{lang}": (lang, sample("ecommerce", lang, AS_OF).rows) for lang in LANGS},
    "odd": ("zh", ODD),
}
LATER = {"sample-en"}
each = pytest.mark.parametrize("name", with_proof(SHOPS, LATER))


@dataclass
class Read:
    """A workbook as queried, as written, and as LibreOffice computes it."""

    names: list[str]
    measured: Measured
    effective: list[str]
    written: Columns
    computed: Columns
    board: tuple[list[list[object]], list[list[object]]]


@pytest.fixture(scope="module")
def reads(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    books = {
        name: template_workbook(Plan(TEMPLATE, lang, AS_OF, ROOM, rows))  # type: ignore[arg-type]
        for name, (lang, rows) in SHOPS.items()
        if name not in LATER or is_proof(request)
    }
    done = recalculated(books, tmp_path_factory.mktemp("ecommerce"))
    return {name: _read(data, done[name], SHOPS[name][0]) for name, data in books.items()}


def _read(data: bytes, done: bytes, lang: Lang) -> Read:
    book = set_aside_future(read_book(data, "book.xlsx", repair=False, as_of=TODAY), TODAY)
    identity = identify(book, typed_fold)
    thresholds = RULES.in_force(book.shop_kind or TEMPLATE.shop_kind, book.settings)
    measured = measure(book, identity, RULES, TEMPLATE.dimensions, thresholds, TODAY)
    own = overrule(book, identity.home, measured.customers["stage"], RULES.dimensions["stage"])
    written, computed = (helper_sheet(one, lang) for one in (data, done))
    board = _board(data, lang), _board(done, lang)
    return Read(identity.names, measured, own.effective, written, computed, board)


def _board(data: bytes, lang: Lang) -> list[list[object]]:
    name = TEMPLATE.sheet("dashboard").labels[lang]
    rows = load_workbook(io.BytesIO(data), data_only=True, read_only=True)[name].iter_rows(values_only=True)
    shown = ([_shown(one) for one in row] for row in rows)
    return [row for row in shown if any(one not in (None, "") for one in row)]


def _shown(value: object) -> object:
    """Numbers as near as a cell shows them; a blank text is nothing."""
    return round(float(value), 6) if isinstance(value, int | float) else value or None


@each
def test_every_metric_and_class(reads: dict[str, Read], name: str) -> None:
    read, lang = reads[name], SHOPS[name][0]
    expected: dict[str, list[object]] = {key: read.measured.customers[key] for key in RULES.metrics}
    for key, dimension in RULES.dimensions.items():
        label = {one.key: one.labels[lang] for one in dimension.classes}
        classes = read.effective if key == "stage" else read.measured.customers[key]
        expected[key] = [label[one] for one in classes]
    wrong = []
    for key, values in expected.items():
        computed = read.computed["people", key]
        for who, one, two in zip(read.names, values, computed, strict=False):
            if not same("" if one is None else one, two):
                wrong.append((key, who, one, two))
    assert wrong == []
    assert [one for one in read.computed["people", "name"] if one != ""] == read.names


@each
def test_every_figure_and_every_cached_value(reads: dict[str, Read], name: str) -> None:
    read = reads[name]
    figures = dict(zip(read.computed["figures", "key"], read.computed["figures", "value"], strict=True))
    for key, value in read.measured.figures.items():
        assert same("" if value is None else value, figures[key]), key
    assert read.written.keys() == read.computed.keys()
    for place, values in read.written.items():
        assert all(map(same, values, read.computed[place])), place


def test_the_odd_shop_by_hand(reads: dict[str, Read]) -> None:
    """76 days are a day more than 2.5 months; of what cannot be read nothing is known."""
    read = reads["odd"]
    stage = dict(zip(read.names, read.effective, strict=True))
    assert (stage["按月"], stage["按月晚一天"]) == ("growing", "sleeping")
    assert (stage["自己定"], stage["英文定"], stage["乱定"]) == ("loyal", "sleeping", "new")
    assert (stage["没买过"], stage["早没买"], stage["只问过"]) == ("lost", "growing", "lost")
    assert (stage["四单"], stage["年龄"], stage["企业"]) == ("loyal", "sleeping", "loyal")
    known = dict(zip(read.names, read.measured.customers["known_visits"], strict=True))
    assert (known["太早的日子"], known["字写的日子"], known["一天两单"], known["四单"]) == (0, 0, 1, 4)


def test_birthdays_by_hand(reads: dict[str, Read]) -> None:
    """As of 20 May 2026; 2027 has no 29 February."""
    columns = (reads["odd"].computed["people", key] for key in ("name", "birthday_in", "birthday_order"))
    known = {str(name): (until, order != "") for name, until, order in zip(*columns, strict=True) if name}
    days = {name: one for name, one in known.items() if isinstance(one[0], int) and name in BORN}
    assert days == {
        "今天生日": (0, True),
        "今天生日 #K2": (4, True),
        "两周后": (14, True),
        "十五天后": (15, False),
        "昨天过了": (364, False),
        "闰日": ((date(2027, 2, 28) - AS_OF).days, False),
        "别打扰": (5, False),
    }
    assert known["写成字"] == known["还没出生"] == ("", False)


@each
def test_what_stands_on_the_board_is_what_is_computed(reads: dict[str, Read], name: str) -> None:
    """Every cell of 看板: birthdays, charts' figures, cards."""
    read = reads[name]
    assert read.board[0] == read.board[1]
    lang = SHOPS[name][0]
    greeted = [(row, str(row[0]).partition(" #")[0]) for row in read.board[1]]
    shown = [row for row, name in greeted if text("festivals.greeting", lang, name=name) in row]
    expected = {"odd": ["今天生日", "今天生日 #K2", "两周后"], "sample-zh": ["南山茶友", "一碗早餐"]}
    assert [row[0] for row in shown] == expected.get(name, ["hillside_teas", "breakfast_bowl"])


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_sample_tells_of_every_stage_and_segment(reads: dict[str, Read], lang: Lang) -> None:
    read = reads[f"sample-{lang}"]
    assert 45 <= len(read.names) <= 55
    assert set(read.effective) == {one.key for one in RULES.dimensions["stage"].classes}
    for key in ("potential", "habit", "age_band"):
        assert set(read.measured.customers[key]) == {one.key for one in RULES.dimensions[key].classes}
