"""闲鱼客户分级管理: who is graded how, by the trade's worked examples and by hand, in all three readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from sheetkit.analysis.lint import lint
from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import rulebook
from sheetkit.rules.words import StepFinder, why
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.sample import sample
from tests.live.books import Case
from tests.live.test_recalculation import (
    Read,
    customer_differences,
    differences,
    figure_differences,
    read_all,
)
from tests.rules.shops import TODAY, Row, Shop, contact, shop, trade

TEMPLATE = blueprint("grading")
RULES = rules_for(TEMPLATE)
GRADE = RULES.book.dimensions["grade"]
AS_OF = date(2026, 5, 20)
EVERY_CLASS = {
    (key, one.key) for key in ("grading_class", "grade") for one in RULES.book.dimensions[key].classes
}

CROWD = [trade(f"crowd {at}", 300, 100) for at in range(40)]
TALK = [contact(f"crowd {at}", 30, "chat", direction="inbound") for at in range(20)]
"""Each of forty bought once for 100 yuan, so that is the median; half of them wrote, so contacts count."""


def bought(*days_ago: int, yuan: float) -> list[Row]:
    return [trade("she", ago, yuan) for ago in days_ago]


def talked(*days_ago: int, kind: str = "chat", **more: object) -> list[Row]:
    return [contact("she", ago, kind, direction="inbound", **more) for ago in days_ago]


def graded(
    trades: Sequence[Row], contacts: Sequence[Row] = (), talk: Sequence[Row] = TALK, **typed: object
) -> Shop:
    return shop([*CROWD, *trades], [*talk, *contacts], [{"nickname": "she", **typed}])


# The score, by domain.md §2.4: credit very good, every order kept

EXAMPLES = [
    # 4 visits, 60 days ago, 3 x the median, one contact: 16 + 18 + 20 + 6 + 12.75 + 10 = 82.75
    (bought(60, 100, 140, 180, yuan=75), talked(10), 83, "A"),
    # once, 20 days ago, 3 x the median, one contact: 20 + 4 + 20 + 6 + 12.75 + 10 = 72.75
    (bought(20, yuan=300), talked(10), 73, "B"),
    # once, 200 days ago, the median, no contact: 8 + 4 + 12.5 + 2 + 12.75 + 10 = 49.25
    (bought(200, yuan=100), [], 49, "C"),
    # once, 500 days ago, cheap, no contact: 3 + 4 + 3.75 + 2 + 12.75 + 10 = 35.5
    (bought(500, yuan=30), [], 36, "D"),
]


@pytest.mark.parametrize(("trades", "contacts", "score", "grade"), EXAMPLES, ids=[one[3] for one in EXAMPLES])
def test_the_worked_examples(trades: Sequence[Row], contacts: Sequence[Row], score: int, grade: str) -> None:
    told = graded(trades, contacts, credit="great")
    assert told.value("she", "grade_score") == score
    assert told.value("she", "grade") == grade
    for lang, said in (("zh", f"{grade}:评分 {score}"), ("en", f"{grade}: score {score}")):
        assert why(GRADE.cls(grade), told.person("she"), lang).startswith(said)  # type: ignore[arg-type]


def test_a_blank_part_gives_its_weight_to_the_others() -> None:
    """The first example without credit: 70 of 85 points is 82; without contacts either, 64 of 75 is 85."""
    trades = bought(60, 100, 140, 180, yuan=75)
    no_credit = graded(trades, talked(10))
    assert (no_credit.value("she", "grade_known"), no_credit.value("she", "grade_score")) == (85, 82)
    silent = graded(trades, talked(10), talk=[])
    assert silent.value("she", "grade_contact_points") is None, "one buyer of 41 has a contact"
    assert (silent.value("she", "grade_known"), silent.value("she", "grade_score")) == (75, 85)


def test_what_her_page_said_is_forgotten() -> None:
    trades = bought(60, yuan=100)
    for ago, points in ((180, 0), (181, None)):
        told = graded(trades, credit="poor", profile_seen=TODAY - ago)
        assert told.value("she", "grade_credit_points") == points
    assert graded(trades, credit="poor").value("she", "grade_credit_points") == 0, "no day beside it"


def test_log_ins_and_items_count_where_they_are_given_weight() -> None:
    typed = {"login_frequency": "monthly", "published": 12}
    told = shop(
        [*CROWD, *bought(20, yuan=100)], TALK, [{"nickname": "she", **typed}], grade_weight_activity=20
    )
    assert told.value("she", "grade_activity_points") == 70, "the better of 40 and 70"
    # 100, 20, 50, 20 and 100 points for weights of 20, 20, 25, 10 and 10, and 70 for 20: 67.5 and 14 of 105
    assert told.value("she", "grade_score") == round((20 + 4 + 12.5 + 2 + 10 + 14) / 105 * 100)


@pytest.mark.parametrize(
    ("trades", "contacts", "typed"),
    [
        ([], talked(2, kind="after_sale"), {}),
        ([], [], {"risk": "risky"}),
        ([trade("she", 20, 10, rating="bad")], [], {}),
        ([trade("she", ago, 10, state="lapsed") for ago in (30, 50)], [], {}),
    ],
)
def test_a_problem_or_a_risk_caps_at_c(
    trades: list[Row], contacts: list[Row], typed: dict[str, object]
) -> None:
    good = bought(10, 60, 100, 140, 180, yuan=200)
    assert graded(good, talked(3, 5, 7), credit="great").value("she", "grade") == "A"
    told = graded([*good, *trades], [*talked(3, 5, 7), *contacts], credit="great", **typed)
    assert told.value("she", "grade_score") >= 80
    assert told.value("she", "grade") == "C"
    said = why(GRADE.cls("C"), told.person("she"), "zh")
    assert said.startswith("C:问题没了结或标了风险,最高到 C,评分")


def test_too_little_known_is_c_for_now() -> None:
    """Someone who only asked: of her contacts and credit are known, 25 points of 100."""
    told = graded([], talked(3, kind="enquiry"), credit="great")
    assert told.value("she", "grade") == "unsure"
    assert why(GRADE.cls("unsure"), told.person("she"), "zh") == "暂 C:资料不足,已知的只占 25 分(<60)"
    assert why(GRADE.cls("unsure"), told.person("she"), "en") == (
        "C for now: too little known, only 25 points' worth (<60)"
    )


def test_keeping_her_word() -> None:
    """(kept + 2) of (placed + 2): two of five kept is 4/7. A refund that was my fault is no broken order."""
    lapsed = [trade("she", ago, 50, state="lapsed") for ago in (400, 420)]
    refunded = [trade("she", 430, 50, state="refunded", fault=fault) for fault in ("buyer", "mine")]
    told = graded([*bought(60, yuan=100), *lapsed, *refunded])
    assert told.value("she", "grade_placed") == 5
    assert told.value("she", "grade_keeping_points") == 57


# The class

CLASSES = [
    ("high_value", bought(100, 200, yuan=300), []),
    ("potential", bought(100, yuan=300), []),
    ("potential", bought(180, 250, yuan=70), []),
    ("ordinary", bought(181, 250, yuan=70), []),
    ("potential", bought(300, yuan=20), talked(50, kind="wish")),
    ("potential", [], talked(30, kind="enquiry")),
    ("ordinary", [], talked(31, kind="enquiry", status="closed")),
    ("ordinary", bought(20, yuan=100), []),
]


@pytest.mark.parametrize(("expected", "trades", "contacts"), CLASSES)
def test_class(expected: str, trades: list[Row], contacts: list[Row]) -> None:
    """The median is 100 yuan, so the line for high is 200 and that for mid 100."""
    assert graded(trades, contacts).value("she", "grading_class") == expected


# Steps through several metrics


def test_a_step_is_followed_through_the_score() -> None:
    told = graded(bought(200, yuan=100), credit="great")
    finder = StepFinder(GRADE, rulebook().metrics, told.measured.figures, told.thresholds)
    hers = {key: [value] for key, value in told.person("she").metrics.items()}
    assert finder.nearest(GRADE.cls("C"), hers, 1, "zh") == ["再成交 1 次即为「B」"]
    later = graded([*bought(200, yuan=100), trade("she", 0, 1)], credit="great")
    # 20 + 12 + 12.5 + 2 + 12.75 + 10
    assert (later.value("she", "grade_score"), later.value("she", "grade")) == (69, "B")


# The shop that is told as a sample, in every reading

SAMPLES = [
    Case(
        f"grading-{lang}",
        sample("grading", lang, AS_OF).rows,
        lang,
        Capacity(64, 112, 40),
        template="grading",
    )
    for lang in LANGS
]

CHANNELS = Case(
    "channels",
    {
        "customers": [
            {"nickname": "小夏", "aliases": "夏天;阿夏", "taobao_name": "Film, Summer", "wechat_name": "夏"},
            {"nickname": "老高", "xianyu_name": "高先生 、gordon", "wechat_name": "夏"},
            {"nickname": "蒙面", "taobao_name": "t***5"},
            {"nickname": "隔壁", "xianyu_name": "老高"},
        ],
        "trades": [
            {"date": date(2026, 5, day), "nickname": name, "item": "相机", "amount": 100}
            for day, name in enumerate(
                ("阿夏", "FILM, summer", "夏", "Gordon", "高先生", "老高", "t***5", "Film", "生人"), 1
            )
        ],
        "contacts": [{"date": date(2026, 5, 12), "nickname": "gordon", "type": "咨询"}],
    },
    "zh",
    Capacity(12, 20, 8),
    template="grading",
)


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    return read_all([*SAMPLES, CHANNELS], tmp_path_factory.mktemp("grading"))


@pytest.mark.parametrize("lang", LANGS)
def test_formulas_say_what_the_analysis_says(reads: dict[str, Read], lang: Lang) -> None:
    read = reads[f"grading-{lang}"]
    assert list(customer_differences(read)) == []
    assert list(figure_differences(read)) == []
    assert list(differences(read.written, read.computed)) == []
    assert len(read.computed["people", "grade_score"]) >= 60


@pytest.mark.parametrize("lang", LANGS)
def test_the_sample_reaches_every_class_and_grade(reads: dict[str, Read], lang: Lang) -> None:
    people = reads[f"grading-{lang}"].query.measured.customers
    reached = {(key, one) for key in ("grading_class", "grade") for one in people[key]}
    assert reached == EVERY_CLASS
    assert 50 <= sum(visits > 0 for visits in people["visits"]) <= 65


def test_names_on_any_channel_are_one_customer(reads: dict[str, Read]) -> None:
    """In capitals, with a comma inside, two in a cell; the first row that has a name gets it, a row of that
    very name before it; a masked name joins nobody."""
    read = reads["channels"]
    assert list(customer_differences(read)) == []
    assert list(differences(read.written, read.computed)) == []
    people = read.query.measured.customers
    visits = dict(zip(read.query.typed.identity.names, people["visits_here"], strict=True))
    assert visits == {"小夏": 1, "老高": 1, "蒙面": 0, "隔壁": 0, "Film": 1, "生人": 1}
    assert sum(count > 0 for count in people["revenue"]) == 4
    revenue = dict(zip(read.query.typed.identity.names, people["revenue"], strict=True))
    assert (revenue["小夏"], revenue["老高"]) == (30000, 30000)
    assert dict(zip(read.query.typed.identity.names, people["inbound_90"], strict=True))["老高"] == 1


# What is said


@pytest.mark.parametrize("lang", LANGS)
def test_every_draft_may_be_sent(lang: Lang) -> None:
    own = [
        one for one in RULES.plays.plays if one.key.startswith(("grad", "high", "potential_pick", "ordin"))
    ]
    drafts = {one.key: one.drafts[lang] for one in own if one.purpose != "none"}
    assert len(drafts) == 9
    tripped = [(key, draft, lint(draft, "xianyu", "second_hand")) for key in drafts for draft in drafts[key]]
    assert [one for one in tripped if one[2]] == []


def test_every_grade_has_its_own_service() -> None:
    served = {one for play in RULES.plays.plays for one in play.classes.get("grade", ())}
    assert served == {one.key for one in GRADE.classes}
