"""私域客户管理: frequency, variety and refill days counted by hand, and every formula recalculated.

Kind of shop «food» unless said otherwise: high from six visits in 365 days, middle from three.
"""

from __future__ import annotations

import io
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pytest
from openpyxl import load_workbook

from sheetkit.analysis.analyse import Clock, analyse
from sheetkit.analysis.engine import measure
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.identity import identify, typed_fold
from sheetkit.analysis.lint import lint
from sheetkit.analysis.result import Analysis
from sheetkit.intake import read_book
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.book import Book
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.playbook import GAP
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.cached import Cached, Typed
from sheetkit.writing.live.helper import Helper
from sheetkit.writing.live.layout import FIRST_ROW, Capacity, Layout
from sheetkit.writing.sample import sample
from tests.langs import ENGLISH_IN_PROOF, is_proof, with_proof
from tests.live.books import Columns, helper_sheet, recalculated, type_into
from tests.rules.shops import TODAY, Row, contact, shop, table_of, trade

TEMPLATE = blueprint("private-domain")
RULES, PLAYS = rules_for(TEMPLATE).book, rules_for(TEMPLATE).plays
AS_OF = date(2026, 5, 20)
SMALL = Capacity(70, 440, 30)


def came(*days_ago: int) -> list[Row]:
    return [trade("she", ago) for ago in days_ago]


def bought(*kinds: str) -> list[Row]:
    """A trade every ten days, of these categories in turn; "" is a line without one."""
    return [trade("she", 10 * at, category=kind or None) for at, kind in enumerate(kinds, 1)]


def every(gap: int, count: int, last: int = 5) -> list[int]:
    return [last + gap * at for at in range(count)]


CLASSES: list[tuple[str, str, list[Row], dict[str, Any]]] = [
    # dimension and class, why, what she bought, kind of shop and own limits
    ("frequency no_trade", "asked and never bought", [], {}),
    ("frequency low", "two visits in ten days are two, and not 73 a year", came(1, 10), {}),
    ("frequency mid", "three visits", came(5, 60, 120), {}),
    ("frequency mid", "five visits", came(*every(30, 5)), {}),
    ("frequency high", "six visits, the first 365 days ago", came(5, 40, 80, 120, 160, 365), {}),
    ("frequency mid", "six visits, the first a day too long ago", came(5, 40, 80, 120, 160, 366), {}),
    ("frequency mid", "six lines on three days", came(5, 5, 60, 60, 120, 120), {}),
    ("frequency low", "five visits, all two years ago", came(*every(30, 5, last=600)), {}),
    ("frequency high", "second-hand: three in two years", came(5, 400, 730), {"kind": "second_hand"}),
    ("frequency mid", "art: two in two years", came(5, 730), {"kind": "art"}),
    ("frequency low", "art: one", came(5), {"kind": "art"}),
    ("frequency mid", "clothing: three of the four that high asks", came(5, 60, 120), {"kind": "clothing"}),
    ("frequency high", "the seller's own line", came(5, 60, 120), {"frequent_visits": 3}),
    ("variety watch", "one of one is no loyalty", bought("水果"), {}),
    ("variety watch", "two of two neither", bought("水果", "水果"), {}),
    ("variety single", "three of three", bought("水果", "水果", "水果"), {}),
    ("variety single", "seven of ten, to the digit", bought(*["水果"] * 7, "粮油", "粮油", "茶饮"), {}),
    ("variety many", "two of three", bought("水果", "水果", "粮油"), {}),
    ("variety many", "each once", bought("水果", "粮油", "茶饮"), {}),
    ("variety single", "three of ten without one", bought(*["水果"] * 7, "", "", ""), {}),
    ("variety watch", "two of six without one", bought("水果", "水果", "水果", "水果", "", ""), {}),
    ("variety watch", "nothing but blanks", bought("", "", "", ""), {}),
    ("variety many", "her own words for two kinds", bought("卤味", "卤味", "酱菜"), {}),
    ("variety single", "case aside", bought("Nuts", "NUTS", "nuts"), {}),
]


HOWS = list({repr(how): how for *_, how in CLASSES}.values())


@pytest.mark.parametrize("how", HOWS, ids=repr)
def test_the_classes_of_a_shop(how: dict[str, Any]) -> None:
    """All examples of one kind of shop and limits at once: nobody's class here rests on anybody else."""
    cases = [one for one in CLASSES if one[3] == how]
    trades = [row | {"nickname": why} for _, why, rows, _ in cases for row in rows]  # type: ignore[operator]
    told = shop(trades, customers=[{"nickname": one[1]} for one in cases], **{"kind": "food"} | how)
    expected = {why: expected for expected, why, *_ in cases}
    assert {why: f"{one} {told.value(why, one)}" for why, (one, _) in split(expected).items()} == expected


def split(expected: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """{why: (dimension, class)}."""
    return {why: (said.split()[0], said.split()[1]) for why, said in expected.items()}


def test_the_table_reaches_every_class() -> None:
    reached = {tuple(one[0].split()) for one in CLASSES}
    own = [RULES.dimensions[key] for key in ("frequency", "variety")]
    assert reached == {(dimension.key, one.key) for dimension in own for one in dimension.classes}


RHYTHMS: list[tuple[tuple[int, ...], float | None, float | None]] = [
    # visits so many days ago; her usual gap; days from now until four fifths of it are over
    ((10, 40, 70), 30, 14),
    ((10, 30, 70), 30, 14),  # 20 and 40 days
    ((30, 60, 90), 30, -6),
    ((10,), None, None),
    ((10, 40), None, None),
    ((10, 40, 400), None, None),
]


def test_the_refill_day_is_at_four_fifths_of_her_own_gap() -> None:
    trades = [trade(str(days_ago), ago) for days_ago, *_ in RHYTHMS for ago in days_ago]
    told = shop(trades, kind="food")
    for days_ago, gap, left in RHYTHMS:
        day = None if left is None else TODAY + left
        found = tuple(told.value(str(days_ago), key) for key in ("gap_days", "refill_left", "refill_day"))
        assert found == (gap, left, day), days_ago
    later = shop(trades, kind="food", refill_share=1)
    assert later.value("(10, 40, 70)", "refill_left") == 20


# Plays


def test_every_class_is_written_to_or_left_alone_on_purpose() -> None:
    asked: dict[str, set[str]] = {}
    for play in PLAYS.plays:
        for dimension, classes in play.classes.items():
            asked.setdefault(dimension, set()).update(classes)
    assert asked["frequency"] == {"high", "mid", "low"}, "who never bought has the plays for enquiries"
    assert asked["variety"] == {"watch", "single", "many"}
    assert asked["value_tier"] == {"high", "mid"}, "low is asked by low frequency alone"
    assert PLAYS.plays[-1].purpose == "none"


DRAFTS = [
    pytest.param(lang, draft, id=f"{play.key}-{lang}-{at}")
    for play in PLAYS.plays
    if not play.each
    for lang in LANGS
    for at, draft in enumerate(play.drafts[lang])
]


@pytest.mark.parametrize(("lang", "draft"), DRAFTS)
def test_a_draft_may_be_sent(lang: Lang, draft: str) -> None:
    for kind in lists()["shop_kind"].meanings:
        assert lint(draft, PLAYS.platform, kind) == []
    assert any("\u3400" <= one <= "\u9fff" for one in GAP.sub("", draft)) == (lang == "zh")
    assert lang == "en" or not set(draft) & set(",?;:!")
    assert len(draft) <= (60 if lang == "zh" else 140)


def test_no_draft_stands_twice() -> None:
    drafts = [case.values[1] for case in DRAFTS]
    assert len(drafts) == len(set(drafts)) > 100


def planned(contacts: Sequence[Row]) -> dict[str, str]:
    """{customer: what to do} of a shop where both have been coming every ten days, and should again."""
    book = Book.empty("private-domain", "zh")
    trades = [trade(name, ago) for name in ("she", "other") for ago in every(10, 8, last=9)]
    for table, rows in (("trades", trades), ("contacts", contacts)):
        book.tables[table] = table_of(table, rows)
    return {task.customer: task.action for task in analyse(book, Clock(TODAY, TODAY)).tasks}


def action(key: str) -> str:
    return next(play.action["zh"] for play in PLAYS.plays if play.key == key)


def test_a_follow_up_is_a_task_until_it_is_done_and_then_gives_her_peace() -> None:
    asked = contact("she", 20, "enquiry", direction="inbound", due=TODAY + 3)
    refill = action("refill_often")
    assert planned([]) == {"she": refill, "other": refill}
    assert planned([asked]) == {"she": action("follow_up_due"), "other": refill}
    assert planned([{**asked, "due": TODAY + 8}])["she"] == refill, "not this week"
    assert planned([{**asked, "followed_on": TODAY - 6}]) == {"other": refill}, "written to within the week"
    assert planned([{**asked, "followed_on": TODAY - 7}])["she"] == refill


# The sample


@cache
def sample_book(lang: Lang) -> bytes:
    return template_workbook(Plan(TEMPLATE, lang, AS_OF, SMALL, sample("private-domain", lang, AS_OF).rows))


@cache
def analysed(lang: Lang) -> Analysis:
    return analyse(read_book(sample_book(lang), "book.xlsx", as_of=TODAY), Clock(TODAY, TODAY))


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_the_sample_shop_has_everyone(lang: Lang) -> None:
    found = analysed(lang)
    assert 55 <= len(found.customers["name"]) <= 70
    for key in TEMPLATE.dimensions[:3]:
        assert set(found.customers[key]) == {one.key for one in RULES.dimensions[key].classes}
    assert sum(found.customers["overruled"]) == 1
    plays = {task.action for task in found.tasks}
    for key in ("refill_often", "refill_regular", "slowing", "first_check", "follow_up_due"):
        assert next(play.action[lang] for play in PLAYS.plays if play.key == key) in plays


def test_a_refill_task_is_due_on_her_refill_day() -> None:
    found = analysed("zh")
    due = {task.customer: task.due for task in found.tasks if task.action == action("refill_often")}
    days = dict(zip(found.customers["name"], found.customers["refill_day"], strict=True))
    assert len(due) >= 8
    assert due == {name: max(math.floor(days[name]), TODAY) for name in due}
    assert len(set(due.values())) > 3


# Formulas

OWN_KINDS = ("卤味", "A*b", "123", "~")


def own_list() -> bytes:
    """A workbook whose seller added kinds of her own to the list, cleared one, and typed some that are not
    on it."""
    kinds: Mapping[str, Sequence[object]] = {
        "four of five": ("卤味", "卤味 ", "卤味", "水果", "卤味"),
        "not listed": ("自己写的", "自己写的", "自己写的"),
        "below the cleared one": ("茶饮", "茶饮", "其他"),
        "case and stars": ("a*B", "A*B", "axb", "*"),
        "numbers": (123, "123", 124),
        "tilde": ("~", "~~", "~"),
        "cleared": ("书籍", "书籍", "水果"),
        "a tie": ("水果", "粮油", "水果", "粮油"),
    }
    rows = [
        {"date": date(2026, 5, 1 + at), "nickname": name, "amount": 30, "category": kind}
        for name, some in kinds.items()
        for at, kind in enumerate(some)
    ]
    data = template_workbook(Plan(TEMPLATE, "zh", AS_OF, Capacity(20, 60, 20), {"trades": rows}))  # type: ignore[arg-type,dict-item]
    sheet = load_workbook(io.BytesIO(data))[TEMPLATE.sheet("lists").labels["zh"]]
    (column,) = (one[0].column_letter for one in sheet.iter_cols(max_row=1) if one[0].value == "品类")
    listed = [cell.value for cell in sheet[column]]
    places = range(listed.index(None) + 1, listed.index(None) + 1 + len(OWN_KINDS))
    cells: dict[str, object] = {f"{column}{at}": kind for at, kind in zip(places, OWN_KINDS, strict=True)}
    cells[f"{column}{listed.index('书籍') + 1}"] = None
    return type_into(data, {sheet.title: cells})


def as_queried(data: bytes, lang: Lang, capacity: Capacity) -> Columns:
    """Every helper cell as the query has it of the cells as typed."""
    book = set_aside_future(read_book(data, "book.xlsx", repair=False, as_of=TODAY), TODAY)
    identity = identify(book, typed_fold)
    thresholds = RULES.in_force(book.shop_kind, book.settings)
    measured = measure(book, identity, RULES, TEMPLATE.dimensions, thresholds, TODAY)
    typed = Typed(book, identity, measured, thresholds, TODAY)
    layout = Layout(TEMPLATE, lang, capacity)
    cached = Cached(layout, RULES, Helper(layout, RULES).filters, typed)
    return {place: list(column) for place, column in cached.columns.items()}


BOOKS: dict[str, tuple[Lang, Capacity]] = {
    "sample-zh": ("zh", SMALL), "sample-en": ("en", SMALL), "own-list": ("zh", Capacity(20, 60, 20)),
}  # fmt: skip


@pytest.fixture(scope="module")
def books(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[bytes, Columns]]:
    """Each workbook as written, and its helper sheet as LibreOffice computes it."""
    written = {"sample-zh": sample_book("zh"), "own-list": own_list()}
    written |= {"sample-en": sample_book("en")} if is_proof(request) else {}
    done = recalculated(written, tmp_path_factory.mktemp("private"))
    return {name: (data, helper_sheet(done[name], BOOKS[name][0])) for name, data in written.items()}


def differences(cells: Columns, computed: Columns) -> Iterator[str]:
    for (block, key), values in cells.items():
        column = computed[block, key]
        for at, (one, two) in enumerate(zip([*values, *[""] * len(column)], column, strict=False)):
            near = (
                isinstance(one, int | float)
                and isinstance(two, int | float)
                and math.isclose(one, two, rel_tol=1e-14, abs_tol=1e-14)
            )
            if not near and one != two:
                yield f"{block}.{key} in row {at + FIRST_ROW}: query {one!r}, formula {two!r}"


@pytest.mark.parametrize("name", with_proof(BOOKS, {"sample-en"}))
def test_every_formula_is_the_query(name: str, books: dict[str, tuple[bytes, Columns]]) -> None:
    lang, capacity = BOOKS[name]
    data, computed = books[name]
    expected = as_queried(data, lang, capacity)
    assert {("people", key) for key in (*RULES.metrics, *RULES.dimensions)} <= expected.keys()
    assert list(differences(expected, computed)) == []


def test_the_sellers_own_kinds_are_counted(books: dict[str, tuple[bytes, Columns]]) -> None:
    computed = books["own-list"][1]
    names, shares, blanks, variety = (
        computed["people", key][:8] for key in ("name", "commonest_share", "blank_share", "variety")
    )
    found = {
        name: (share if share == "" else round(float(str(share)), 3), round(float(str(blank)), 3), said)
        for name, share, blank, said in zip(names, shares, blanks, variety, strict=True)
    }
    assert found == {
        "four of five": (0.8, 0, "单品类忠实"),
        "not listed": ("", 1, "待观察"),
        "below the cleared one": (0.667, 0, "多品类"),
        "case and stars": (1, 0.5, "待观察"),
        "numbers": (1, 0.333, "待观察"),
        "tilde": (1, 0.333, "待观察"),
        "cleared": (1, 0.667, "待观察"),
        "a tie": (0.5, 0, "多品类"),
    }


@pytest.mark.proof
def test_both_languages_tell_one_shop(books: dict[str, tuple[bytes, Columns]]) -> None:
    zh, en = (books[f"sample-{lang}"][1] for lang in LANGS)
    for key in ("visits", "visits_year", "gap_days", "commonest_share", "contacts_90"):
        assert zh["people", key] == en["people", key]
    for key in ("frequency", "variety"):
        counts = [
            Counter(Counter(one for one in table["people", key] if one != "").values()) for table in (zh, en)
        ]
        assert counts[0] == counts[1]
