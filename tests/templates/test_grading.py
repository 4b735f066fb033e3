"""闲鱼客户分级管理: who is graded how, by the trade's worked examples and by hand, in all three readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from tests.langs import ENGLISH_IN_PROOF, is_proof
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

CROWD = [trade(f"crowd {at}", 300, 100) for at in range(120)]
TALK = [contact(f"crowd {at}", 30, "chat", direction="inbound") for at in range(40)]
"""Each of the crowd bought once for 100 yuan, so that is the median; a third wrote, so contacts count."""

Told = tuple[list[Row], list[Row], Row]
"""What she bought, what was said, what is typed about her."""


def bought(*days_ago: int, yuan: float) -> list[Row]:
    return [trade("she", ago, yuan) for ago in days_ago]


def talked(*days_ago: int, kind: str = "chat", **more: object) -> list[Row]:
    return [contact("she", ago, kind, direction="inbound", **more) for ago in days_ago]


def shop_of(people: Mapping[str, Told], talk: Sequence[Row] = TALK, **own: float) -> Shop:
    """A shop of the crowd and these people, each under the name she has there."""
    trades, contacts, customers = list(CROWD), list(talk), list[Row]()
    for name, (sold, said, typed) in people.items():
        trades += [{**row, "nickname": name} for row in sold]
        contacts += [{**row, "nickname": name} for row in said]
        customers.append({"nickname": name, **typed})
    return shop(trades, contacts, customers, **own)


# The score, by domain.md §2.4: credit very good, every order kept

OFTEN = bought(60, 100, 140, 180, yuan=75)
EXAMPLES: dict[str, tuple[Told, int]] = {
    # 4 visits, 60 days ago, 3 x the median, one contact: 16 + 18 + 20 + 6 + 12.75 + 10 = 82.75
    "A": ((OFTEN, talked(10), {"credit": "great"}), 83),
    # once, 20 days ago, 3 x the median, one contact: 20 + 4 + 20 + 6 + 12.75 + 10 = 72.75
    "B": ((bought(20, yuan=300), talked(10), {"credit": "great"}), 73),
    # once, 200 days ago, the median, no contact: 8 + 4 + 12.5 + 2 + 12.75 + 10 = 49.25
    "C": ((bought(200, yuan=100), [], {"credit": "great"}), 49),
    # once, 500 days ago, cheap, no contact: 3 + 4 + 3.75 + 2 + 12.75 + 10 = 35.5
    "D": ((bought(500, yuan=30), [], {"credit": "great"}), 36),
}

BEST = bought(10, 60, 100, 140, 180, yuan=200)
THRICE = talked(3, 5, 7)
GREAT: Row = {"credit": "great"}
CAPPED: dict[str, Told] = {
    "an open case": (BEST, [*THRICE, *talked(2, kind="after_sale")], GREAT),
    "a risk mark": (BEST, THRICE, {**GREAT, "risk": "risky"}),
    "a bad rating": ([*BEST, trade("she", 20, 10, rating="bad")], THRICE, GREAT),
    "two let-downs": ([*BEST, *(trade("she", ago, 10, state="lapsed") for ago in (30, 50))], THRICE, GREAT),
}

LAPSED = [trade("she", ago, 50, state="lapsed") for ago in (400, 420)]
REFUNDED = [trade("she", 430, 50, state="refunded", fault=fault) for fault in ("buyer", "mine")]
ONCE = bought(60, yuan=100)
OTHERS: dict[str, Told] = {
    "best": (BEST, THRICE, GREAT),
    "no credit": (OFTEN, talked(10), {}),
    "asked": ([], talked(3, kind="enquiry"), GREAT),
    "page of 180 days": (ONCE, [], {"credit": "poor", "profile_seen": TODAY - 180}),
    "page of 181 days": (ONCE, [], {"credit": "poor", "profile_seen": TODAY - 181}),
    "page of no day": (ONCE, [], {"credit": "poor"}),
    "some kept": ([*ONCE, *LAPSED, *REFUNDED], [], {}),
}

CLASSES: dict[str, tuple[str, Told]] = {
    "two large": ("high_value", (bought(100, 200, yuan=300), [], {})),
    "one large": ("potential", (bought(100, yuan=300), [], {})),
    "two middling": ("potential", (bought(180, 250, yuan=70), [], {})),
    "two middling, a day late": ("ordinary", (bought(181, 250, yuan=70), [], {})),
    "a wish": ("potential", (bought(300, yuan=20), talked(50, kind="wish"), {})),
    "asked in time": ("potential", ([], talked(30, kind="enquiry"), {})),
    "asked a day earlier": ("ordinary", ([], talked(31, kind="enquiry", status="closed"), {})),
    "lately, once": ("ordinary", (bought(20, yuan=100), [], {})),
}


@pytest.fixture(scope="module")
def town() -> Shop:
    examples = {name: told for name, (told, _) in EXAMPLES.items()}
    classes = {name: told for name, (_, told) in CLASSES.items()}
    return shop_of({**examples, **CAPPED, **OTHERS, **classes})


@pytest.mark.parametrize("grade", EXAMPLES)
def test_the_worked_examples(town: Shop, grade: str) -> None:
    score = EXAMPLES[grade][1]
    assert town.value(grade, "grade_score") == score
    assert town.value(grade, "grade") == grade
    assert why(GRADE.cls(grade), town.person(grade), "zh").startswith(f"{grade}:评分 {score}")
    assert why(GRADE.cls(grade), town.person(grade), "en").startswith(f"{grade}: score {score}")


def test_a_blank_part_gives_its_weight_to_the_others(town: Shop) -> None:
    """The first example without credit: 70 of 85 points is 82; without contacts either, 64 of 75 is 85."""
    assert [town.value("no credit", key) for key in ("grade_known", "grade_score")] == [85, 82]
    silent = shop_of({"no credit": OTHERS["no credit"]}, talk=[])
    assert silent.value("no credit", "grade_contact_points") is None, "one buyer of 121 has a contact"
    assert [silent.value("no credit", key) for key in ("grade_known", "grade_score")] == [75, 85]


def test_what_her_page_said_is_forgotten(town: Shop) -> None:
    pages = ("page of 180 days", "page of 181 days", "page of no day")
    assert [town.value(name, "grade_credit_points") for name in pages] == [0, None, 0]


def test_log_ins_and_items_count_where_they_are_given_weight() -> None:
    typed: Row = {"login_frequency": "monthly", "published": 12}
    told = shop_of({"she": (bought(20, yuan=100), [], typed)}, grade_weight_activity=20)
    assert told.value("she", "grade_activity_points") == 70, "the better of 40 and 70"
    # 100, 20, 50, 20 and 100 points for weights of 20, 20, 25, 10 and 10, and 70 for 20, of 105
    assert told.value("she", "grade_score") == round((20 + 4 + 12.5 + 2 + 10 + 14) / 105 * 100)


@pytest.mark.parametrize("name", CAPPED)
def test_a_problem_or_a_risk_caps_at_c(town: Shop, name: str) -> None:
    assert town.value("best", "grade") == "A"
    assert town.value(name, "grade_score") >= 80
    assert town.value(name, "grade") == "C"
    said = why(GRADE.cls("C"), town.person(name), "zh")
    assert said.startswith("C:问题没了结或标了风险,最高到 C,评分")


def test_too_little_known_is_c_for_now(town: Shop) -> None:
    """Someone who only asked: of her contacts and credit are known, 25 points of 100."""
    assert town.value("asked", "grade") == "unsure"
    her, unsure = town.person("asked"), GRADE.cls("unsure")
    assert why(unsure, her, "zh") == "暂 C:资料不足,已知的只占 25 分(<60)"
    assert why(unsure, her, "en") == "C for now: too little known, only 25 points' worth (<60)"


def test_keeping_her_word(town: Shop) -> None:
    """(kept + 2) of (placed + 2): two of five kept is 4/7. A refund that was my fault is no broken order."""
    assert town.value("some kept", "grade_placed") == 5
    assert town.value("some kept", "grade_keeping_points") == 57


@pytest.mark.parametrize("name", CLASSES)
def test_class(town: Shop, name: str) -> None:
    """The median is 100 yuan, so the line for high is 200 and that for mid 100."""
    assert [town.measured.figures[key] for key in ("high_line", "mid_line")] == [20000, 10000]
    assert town.value(name, "grading_class") == CLASSES[name][0]


def test_a_step_is_followed_through_the_score(town: Shop) -> None:
    """One more visit, for one yuan: 20 + 12 + 12.5 + 2 + 12.75 + 10."""
    finder = StepFinder(GRADE, rulebook().metrics, town.measured.figures, town.thresholds)
    hers = {key: [value] for key, value in town.person("C").metrics.items()}
    assert finder.nearest(GRADE.cls("C"), hers, 1, "zh") == ["再成交 1 次即为「B」"]
    (trades, contacts, typed), _ = EXAMPLES["C"]
    later = shop_of({"C": ([*trades, trade("she", 0, 1)], contacts, typed)})
    assert (later.value("C", "grade_score"), later.value("C", "grade")) == (69, "B")


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
def reads(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    samples = SAMPLES if is_proof(request) else SAMPLES[:1]
    return read_all([*samples, CHANNELS], tmp_path_factory.mktemp("grading"))


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_formulas_say_what_the_analysis_says(reads: dict[str, Read], lang: Lang) -> None:
    read = reads[f"grading-{lang}"]
    assert list(customer_differences(read)) == []
    assert list(figure_differences(read)) == []
    assert list(differences(read.written, read.computed)) == []
    assert len(read.computed["people", "grade_score"]) >= 60


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
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
